"""What decisions about disclosures need to know: a fund's flows by day, and by period once they were disclosed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.disclosures import facts
from ledger.disclosures.due import emergency_began
from ledger.errors import NotFound
from ledger.funds import facts as fund
from ledger.funds.commands import MANAGEMENT_FEE

Flow = tuple[int, int, int, int, int, int, int, int]
"""Received, refunded, moved here, spent, returned, fees in it (fen); how many donations and payments."""
NO_FLOW: Flow = (0, 0, 0, 0, 0, 0, 0, 0)
Flows = Mapping[str, Flow]
"""By service item."""


def plus(flows: Flows, item: str, by: Flow) -> dict[str, Flow]:
    """The flows with one more on an item."""
    a, b = flows.get(item, NO_FLOW), by
    added = (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5], a[6] + b[6], a[7] + b[7])
    return {**flows, item: added}


def total(many: Iterable[Flows]) -> dict[str, Flow]:
    """All flows together."""
    found: dict[str, Flow] = {}
    for flows in many:
        for item, flow in flows.items():
            found = plus(found, item, flow)
    return found


def left(flow: Flow) -> int:
    """What a flow leaves on its item, in fen."""
    return flow[0] - flow[1] + flow[2] - flow[3] + flow[4]


def flows_of(happened: Fact) -> tuple[tuple[str, Flow], ...]:
    """What a fact lets flow on which items; nothing for facts that leave the money where it is."""
    match happened:
        case fund.DonationReceived():
            return ((happened.item, (happened.amount_fen, 0, 0, 0, 0, 0, 1, 0)),)
        case fund.DonationRefunded():
            return ((happened.item, (0, happened.amount_fen, 0, 0, 0, 0, 0, 0)),)
        case fund.GrantPaid():
            fee = happened.amount_fen if happened.category == MANAGEMENT_FEE else 0
            return ((happened.item, (0, 0, 0, happened.amount_fen, 0, fee, 0, 1)),)
        case fund.PaymentReturned():
            fee = -happened.amount_fen if happened.category == MANAGEMENT_FEE else 0
            return ((happened.item, (0, 0, 0, 0, happened.amount_fen, fee, 0, 0)),)
        case fund.RestrictionChanged():
            moved = happened.amount_fen
        case fund.HelpCaseClosed():
            moved = happened.remainder_fen
        case _:
            return ()
    return ((happened.item, (0, 0, -moved, 0, 0, 0, 0, 0)), (happened.to_item, (0, 0, moved, 0, 0, 0, 0, 0)))


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a period as disclosures tell them; see `FiguresFact`."""

    opening_fen: int
    received_fen: int
    refunded_fen: int
    spent_fen: int
    returned_fen: int
    fee_fen: int
    closing_fen: int
    donations: int
    payments: int
    items: tuple[tuple[str, int, int, int, int, int, int, int], ...]


def figures(before: Flows, during: Flows) -> Figures:
    """Out of all flows before a period, and those of its days."""
    items = []
    for item in sorted(before.keys() | during.keys()):
        opening, flow = left(before.get(item, NO_FLOW)), during.get(item, NO_FLOW)
        items.append((item, opening, *flow[:5], opening + left(flow)))
    received, refunded, _moved, spent, returned, fees, donations, payments = (
        sum(flow[at] for flow in during.values()) for at in range(8)
    )
    opening_fen = sum(left(flow) for flow in before.values())
    return Figures(
        opening_fen=opening_fen,
        received_fen=received,
        refunded_fen=refunded,
        spent_fen=spent,
        returned_fen=returned,
        fee_fen=fees,
        closing_fen=opening_fen + received - refunded - spent + returned,
        donations=donations,
        payments=payments,
        items=tuple(items),
    )


def said_by(told: facts.FiguresFact) -> Figures:
    """The figures of a disclosure."""
    return Figures(**{name: getattr(told, name) for name in Figures.__struct_fields__})


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A disclosed period: what was said of it last, and what its days hold by now."""

    disclosure_id: str
    from_day: date
    until_day: date
    kind: str
    said: Figures
    flows: Flows


class Disclosing(State, frozen=True, kw_only=True):
    """A fund and what it told (tag: the fund's id)."""

    LONG: ClassVar[bool] = True
    opened_on: date | None = None
    closed_on: date | None = None
    emergency: facts.EmergencyDeclared | None = None
    """The last one declared, with the day since when it runs."""
    periods: tuple[Period, ...] = ()
    days: Mapping[str, Flows] = msgspec.field(default_factory=dict)
    """Flows of the days behind the last period, by ISO day."""

    def evolve(self, happened: Fact) -> Self:
        """Follows the fund's money by the day on which it moved, and what was told of it."""
        match happened:
            case fund.FundOpened():
                return replace(self, opened_on=happened.opened_on)
            case fund.FundClosed():
                return replace(self, closed_on=happened.day)
            case facts.EmergencyDeclared():
                return replace(self, emergency=self._since(happened))
            case facts.DisclosurePublished():
                return self._published(happened)
            case facts.DisclosureCorrected():
                told = happened.disclosure_id
                periods = (
                    replace(one, said=said_by(happened)) if one.disclosure_id == told else one for one in self.periods
                )
                return replace(self, periods=tuple(periods))
            case (
                fund.DonationReceived()
                | fund.DonationRefunded()
                | fund.GrantPaid()
                | fund.PaymentReturned()
                | fund.RestrictionChanged()
                | fund.HelpCaseClosed()
            ):
                return self._flowed(happened.day, flows_of(happened))
        return self

    def _since(self, declared: facts.EmergencyDeclared) -> facts.EmergencyDeclared:
        held, told_until = self.emergency, None if self.last is None else self.last.until_day
        if held is None:
            return declared
        return replace(declared, day=emergency_began(declared.day, held.day, held.until_day, told_until))

    def _flowed(self, day: date, flows: tuple[tuple[str, Flow], ...]) -> Self:
        """On an open day, or late in a period that was told already."""
        for at, period in enumerate(self.periods):
            if day <= period.until_day:
                now = period.flows
                for item, flow in flows:
                    now = plus(now, item, flow)
                periods = (*self.periods[:at], replace(period, flows=now), *self.periods[at + 1 :])
                return replace(self, periods=periods)
        today = self.days.get(day.isoformat(), {})
        for item, flow in flows:
            today = plus(today, item, flow)
        return replace(self, days={**self.days, day.isoformat(): today})

    def _published(self, told: facts.DisclosurePublished) -> Self:
        end = told.until_day.isoformat()
        flows = total(flows for day, flows in sorted(self.days.items()) if day <= end)
        period = Period(
            disclosure_id=told.disclosure_id, from_day=told.from_day, until_day=told.until_day, kind=told.kind,
            said=said_by(told),
            flows=flows,
        )  # fmt: skip
        days = {day: flows for day, flows in self.days.items() if day > end}
        return replace(self, periods=(*self.periods, period), days=days)

    @property
    def last(self) -> Period | None:
        """The latest period that was told."""
        return self.periods[-1] if self.periods else None

    def begins(self) -> date:
        """The first day that was not told yet."""
        if self.last is not None:
            return self.last.until_day + timedelta(days=1)
        opened_on = self.opened_on or date.min
        # A book of the past has money from before the fund was opened here.
        return min(opened_on, date.fromisoformat(min(self.days, default=opened_on.isoformat())))

    def untold(self, day: date) -> bool:
        """Whether money moved since the last disclosure, on that day or before."""
        return min(self.days, default=date.max.isoformat()) <= day.isoformat()

    def in_emergency(self, day: date) -> bool:
        """Whether the fund works in an emergency on that day."""
        held = self.emergency
        return held is not None and held.day <= day <= held.until_day


class Disclosed(State, frozen=True, kw_only=True):
    """Which fund a disclosure is of (tag: the disclosure's id)."""

    fund: str = ""

    def evolve(self, happened: Fact) -> Self:
        """Known from its publication on."""
        return replace(self, fund=happened.fund) if isinstance(happened, facts.DisclosurePublished) else self


def need_disclosure(view: View, disclosure_id: str) -> tuple[Disclosing, int]:
    """What its fund told, and which of the periods this disclosure is; raises NotFound `no_such_disclosure`."""
    known = view.state(Disclosed, disclosure_id)
    if not known.fund:
        raise NotFound("no_such_disclosure", disclosure=disclosure_id)
    state = view.state(Disclosing, known.fund)
    return state, next(at for at, period in enumerate(state.periods) if period.disclosure_id == disclosure_id)

"""Reads of agreements, offers, call-outs and plaques."""

from __future__ import annotations

import msgspec

from api.paging import Paged, closed
from api.routes.asked import Asked
from api.routes.names import DayText, Who, whos
from api.routes.reads import Read, pick
from api.wire import Instant, Text
from ledger.errors import NotFound
from ledger.partners.commands import Level, Tier
from projections.books import queries


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's agreement. `status`: signed or ended; whether it has run out is a question of `until_day`."""

    agreement_id: str
    unit: Who | None
    tier: str
    place: str | None
    level: str
    from_day: DayText
    until_day: DayText
    status: str
    reason: str | None
    ended_day: DayText | None


class Agreements(msgspec.Struct, frozen=True, kw_only=True):
    """A page of agreements in the order of signing."""

    agreements: list[Agreement]
    next: str | None


class AgreementsQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which agreements."""

    unit: Text | None = None
    tier: Tier | None = None
    level: Level | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """Goods on offer: `free` pieces can still be matched."""

    offer_id: str
    unit: Who | None
    item: str
    quantity: int
    free: int
    promised: int
    delivered: int
    withdrawn: bool
    day: DayText
    place: str | None


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """A page of offers, oldest first."""

    offers: list[Offer]
    next: str | None


class OffersQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which offers."""

    item: Text | None = None
    unit: Text | None = None


class CallOut(msgspec.Struct, frozen=True, kw_only=True):
    """A call-out of partner units, with how many answered and how many people they sent."""

    callout_id: str
    level: str
    place: str | None
    called_at: Instant
    ended_by: str | None
    answers: int
    people: int


class CallOuts(msgspec.Struct, frozen=True, kw_only=True):
    """A page of call-outs, newest first."""

    call_outs: list[CallOut]
    next: str | None


class Plaque(msgspec.Struct, frozen=True, kw_only=True):
    """A plaque; one that was revoked stays listed, with the reason."""

    plaque_id: str
    unit: Who | None
    tier: str
    request_id: str
    day: DayText
    until_day: DayText
    revoked_day: DayText | None
    reason: str | None


class Plaques(msgspec.Struct, frozen=True, kw_only=True):
    """A page of plaques, newest first."""

    plaques: list[Plaque]
    next: str | None


class PlaquesQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which plaques: `current=true` those that hang, `current=false` those revoked."""

    unit: Text | None = None
    current: bool | None = None


def agreements(asked: Asked, query: AgreementsQuery) -> Agreements:
    """Agreements with partner units."""
    page = queries.agreements(
        asked.store.database, asked.ledger, unit=query.unit, tier=query.tier, level=query.level, after=query.after,
        limit=query.limit,
    )  # fmt: skip
    known = whos(asked, [row["unit"] for row in page.rows])
    rows = [pick(Agreement, row, unit=known[row["unit"]]) for row in page.rows]
    return Agreements(agreements=rows, next=closed(page.next))


def agreement(asked: Asked, _query: msgspec.Struct) -> Agreement:
    """One agreement."""
    row = queries.agreement(asked.store.database, asked.ledger, asked.path["agreement_id"])
    if row is None:
        raise NotFound("no_such_agreement", agreement=asked.path["agreement_id"])
    return pick(Agreement, row, unit=whos(asked, [row["unit"]])[row["unit"]])


def offers(asked: Asked, query: OffersQuery) -> Offers:
    """Goods on offer."""
    page = queries.list_offers(
        asked.store.database, asked.ledger, item=query.item, unit=query.unit, after=query.after, limit=query.limit
    )
    known = whos(asked, [row["unit"] for row in page.rows])
    return Offers(offers=[pick(Offer, row, unit=known[row["unit"]]) for row in page.rows], next=closed(page.next))


def call_outs(asked: Asked, query: Paged) -> CallOuts:
    """Call-outs with their answers."""
    page = queries.callouts(asked.store.database, asked.ledger, after=query.after, limit=query.limit)
    return CallOuts(call_outs=[pick(CallOut, row) for row in page.rows], next=closed(page.next))


def plaques(asked: Asked, query: PlaquesQuery) -> Plaques:
    """Plaques, those revoked among them."""
    page = queries.plaques(
        asked.store.database, asked.ledger, unit=query.unit, current=query.current, after=query.after,
        limit=query.limit,
    )  # fmt: skip
    known = whos(asked, [row["unit"] for row in page.rows])
    return Plaques(plaques=[pick(Plaque, row, unit=known[row["unit"]]) for row in page.rows], next=closed(page.next))


READS = (
    Read("/agreements", agreements, "partners", AgreementsQuery),
    Read("/agreements/{agreement_id}", agreement, "partners", watched="agreement_id"),
    Read("/offers", offers, "partners", OffersQuery),
    Read("/call-outs", call_outs, "partners", Paged),
    Read("/plaques", plaques, "honours", PlaquesQuery),
)

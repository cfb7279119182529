"""The lines of a statement in words: the day, what happened, with whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from api.cli.frame import Frame
from api.cli.who import shown_names
from api.texts import known, text
from ledger.base import Fact
from ledger.clock import day_of
from ledger.funds import facts as funds
from ledger.funds.commands import ANONYMOUS
from ledger.hours import facts as hours
from ledger.partners import facts as partners

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.store import Store
    from projections.books.queries import StatementLine

_OTHERS: dict[type[Fact], tuple[str, ...]] = {
    hours.HoursGiven: ("giver", "receiver"),
    hours.HoursDonated: ("giver",),
    hours.PoolGranted: ("receiver",),
    hours.HoursReserved: ("member", "provider"),
    hours.HoursReleased: ("member",),
    hours.HoursRedeemed: ("member", "provider"),
    funds.DonationPledged: ("donor",),
    funds.PledgeWithdrawn: ("donor",),
    funds.DonationReceived: ("donor",),
    funds.DonationRefunded: ("donor",),
    partners.PartnerContributed: ("unit",),
    partners.GoodsOffered: ("unit",),
    partners.OfferMatched: ("unit",),
    partners.MatchCancelled: ("unit",),
    partners.MatchDelivered: ("unit",),
    partners.OfferWithdrawn: ("unit",),
}
"""Which fields of a fact name the two sides of what was booked; the side whose account it is, is not shown."""


class Entry(NamedTuple):
    """`day` is that of the service or gift, else of the record; `other` the other side's name, "" without one."""

    day: date
    what: str
    other: str


def what_of(frame: Frame, type_name: str) -> str:
    """What a type of fact is called by people: `hours.given@1` is a gift of hours."""
    key = "fact." + type_name.partition("@")[0].replace(".", "_")
    if known(frame.lang, f"cli.{key}"):
        return frame.say(key)
    from api.sampling.telling import type_in_words

    return type_in_words(frame.lang, type_name)


def entries_of(frame: Frame, store: Store, owner: str, lines: Sequence[StatementLine], zone: str) -> list[Entry]:
    """The lines of one page in their order; `owner` is the id of the party whose account it is, or ""."""
    facts = [store.codec.fact(line.type, line.data) for line in lines]
    others = [_other(fact, owner) for fact in facts]
    names = shown_names(store, frame.ledger, {one for one in others if one}, lang=frame.lang)
    names[ANONYMOUS] = text(frame.lang, "pages.fund.anonymous")
    return [
        Entry(
            getattr(fact, "day", None) or day_of(line.recorded_at, zone),
            what_of(frame, line.type),
            names.get(other, other),
        )
        for line, fact, other in zip(lines, facts, others, strict=True)
    ]


def _other(fact: Fact, owner: str) -> str:
    sides = [getattr(fact, field) for field in _OTHERS.get(type(fact), ())]
    other = next((str(one) for one in sides if one and one != owner), "")
    return ANONYMOUS if other and getattr(fact, "anonymous", False) else other

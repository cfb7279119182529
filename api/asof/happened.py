"""One event opened: what happened, when, by which role, which figures it moved; as much of it as somebody may see."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from api.asof.looking import Looker, may_open, sees_points_of
from api.reading import JOURNAL, MONEY, PUBLIC_ACCOUNTS, READ_ALL
from api.shelves import on_a_public_shelf
from ledger.accounts import HONOUR, ISSUED, POOL, postings
from ledger.base import NAME_OF, Fact
from ledger.clock import day_of
from ledger.errors import NotFound
from ledger.funds.facts import GrantProposed
from ledger.ids import PERSON, SERVICE, TEAM, UNIT, prefix_of
from ledger.journal.recorded import Recorded
from ledger.proposals.facts import ProposalScored
from ledger.units import MINUTES
from projections.asof.past import Past, event_at, events_of, stem
from projections.books import queries

Sight = Literal["whole", "own", "outline"]
"""`whole`: auditors and administrators. `own`: whom it concerns, and who reads such things by office; other people's ids are
left out. `outline`: position, day, type and public amounts, of what moves a public figure."""

COUNTED = frozenset(
    {
        "party.member_registered", "party.member_left", "party.team_formed", "party.unit_registered",
        "party.team_joined", "party.team_left", "place.ledger_opened", "place.added", "place.intake_point_opened",
        "place.intake_point_closed", "policy.set", "hours.reserved", "hours.released", "hours.redeemed", "fund.opened",
        "fund.pledged", "fund.pledge_withdrawn", "partner.agreement_signed", "partner.agreement_ended",
        "partner.contributed", "partner.goods_offered", "partner.offer_matched", "partner.match_delivered",
        "partner.match_cancelled", "partner.offer_withdrawn", "partner.call_answered", "honour.plaque_awarded",
        "honour.plaque_revoked", "request.posted", "request.published", "request.declined", "request.claimed",
        "request.claim_released", "request.release_explained", "request.claim_lapsed", "request.fulfilled",
        "request.closed", "request.reopened", "request.unmet", "request.withdrawn",
    }
)  # fmt: skip
"""Types of events, without their version, that move a public count and no public account."""

_PARTIES = frozenset({PERSON, TEAM, UNIT, SERVICE})
_WIDE = frozenset({*_PARTIES, "day", "num", "key", "role", "policy", "ledger", "pool", "fund", "place", "pt"})
"""Tags that are no story: whoever or whatever carries them has many."""
_RELATED = 50


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What an event added to a figure (its name for `why`), in the figure's unit."""

    figure: str
    unit: str
    amount: int


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """Another event of the same story."""

    position: int
    type: str


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One event as far as somebody may see it. `at` (microseconds UTC), `by`, `role`, `fact` are None in an outline, `tags`
    empty except for who sees it whole; `related` are the other events of the same request, grant, session …"""

    position: int
    day: date
    type: str
    sight: Sight
    at: int | None
    by: str | None
    role: str | None
    behalf: str | None
    fact: dict[str, Any] | None
    tags: list[str]
    related: list[Related]
    moved: list[Moved]


def open_event(looker: Looker, position: int, zone: str) -> Happened:
    """The event at a position, as far as the looker may see it; days are those of the zone.

    Raises NotFound `no_such_event`, whether there is none or it is not theirs to see.
    """
    past = looker.past()
    event = event_at(past, position)
    sight = None if event is None else sight_of(looker, event)
    if event is None or sight is None:
        raise NotFound("no_such_event", position=position)
    fact, envelope = event.fact, event.envelope
    outline = sight == "outline"
    return Happened(
        position=position,
        day=_day(event, zone),
        type=NAME_OF[type(fact)],
        sight=sight,
        at=None if outline else event.recorded_at,
        by=None if outline or not _known(looker, envelope.by, sight) else envelope.by,
        role=None if outline else envelope.role,
        behalf=None if outline or not _known(looker, envelope.behalf, sight) else envelope.behalf,
        fact=None if outline else _fact(looker, fact, sight),
        tags=[tag for tag in event.tags if not tag.startswith("key_")] if sight == "whole" else [],
        related=[] if outline else _related(past, event),
        moved=_moved(looker, fact),
    )


def sight_of(looker: Looker, event: Recorded) -> Sight | None:
    """How much of an event somebody may see; None for nothing at all."""
    name = stem(NAME_OF[type(event.fact)])
    if isinstance(event.fact, ProposalScored) and not sees_points_of(looker, event.fact.proposal_id):
        return "own" if looker.is_own(event.fact.judge) else "outline"
    if looker.holds(JOURNAL):
        return "whole"
    office = READ_ALL | MONEY if name.startswith("fund.") else READ_ALL
    if looker.holds(office, *event.tags) or any(looker.is_own(party) for party in _concerned(looker, event)):
        return "own"
    public = name in COUNTED or any(account.startswith(PUBLIC_ACCOUNTS) for account, _, _ in postings(event.fact))
    public = public or on_a_public_shelf(event.fact.__struct_fields__)
    return "outline" if public or _paid(looker, event.fact) else None


def _paid(looker: Looker, fact: Fact) -> bool:
    """Whether this proposed a grant that was paid since: then the fund's public account names it."""
    return isinstance(fact, GrantProposed) and may_open(looker, f"grant:{fact.grant_id}:amount_fen")


def sights(looker: Looker, past: Past, positions: set[int]) -> set[int]:
    """Those of some positions that somebody may open at all. One look-up each."""
    found = set()
    for position in positions:
        event = event_at(past, position)
        if event is not None and sight_of(looker, event) is not None:
            found.add(position)
    return found


def parties_of(event: Recorded) -> set[str]:
    """The members, teams, units and services that an event names, and who acted, and for whom."""
    values = [event.envelope.by, event.envelope.behalf]
    for field in event.fact.__struct_fields__:
        value = getattr(event.fact, field)
        values += value if isinstance(value, tuple) else [value]
    return {one for one in values if isinstance(one, str) and prefix_of(one) in _PARTIES and "_" in one}


def _concerned(looker: Looker, event: Recorded) -> set[str | None]:
    """Whom an event concerns: who is named in it, and whose request or session it goes on with."""
    found: set[str | None] = {*parties_of(event)}
    database, ledger = looker.store.database, looker.ledger
    request_id, session_id = (getattr(event.fact, name, None) for name in ("request_id", "session_id"))
    if request_id is not None and (asked := queries.request(database, ledger, request_id)) is not None:
        found |= {asked["requester"], asked["claimant"]}
    if session_id is not None and (session := queries.session(database, ledger, session_id)) is not None:
        found.add(session["volunteer"])
    return found


def _day(event: Recorded, zone: str) -> date:
    told = getattr(event.fact, "day", None)
    return told if isinstance(told, date) else day_of(event.recorded_at, zone)


def _known(looker: Looker, party: str | None, sight: Sight) -> bool:
    """Whether somebody may know this id: organisations' are public, people's are their own."""
    if party is None or sight == "whole" or prefix_of(party) != PERSON:
        return True
    return looker.holds(READ_ALL, party) or looker.is_own(party)


def _fact(looker: Looker, fact: Fact, sight: Sight) -> dict[str, Any]:
    """The fact's fields as JSON has them; other people's ids and commitments are null unless it is seen whole."""
    plain: dict[str, Any] = msgspec.to_builtins(fact)
    if sight == "whole":
        return plain
    shown: dict[str, Any] = {}
    for name, value in plain.items():
        if name == "words" or (isinstance(value, str) and not _known(looker, value, sight)):
            shown[name] = None
        elif isinstance(value, list):
            shown[name] = [one for one in value if not isinstance(one, str) or _known(looker, one, sight)]
        else:
            shown[name] = value
    return shown


def _related(past: Past, event: Recorded) -> list[Related]:
    tags = [tag for tag in event.tags if prefix_of(tag) not in _WIDE]
    if not tags:
        return []
    others = [one for one in events_of(past, tags) if one.position != event.position]
    return [Related(position=one.position, type=NAME_OF[type(one.fact)]) for one in others[:_RELATED]]


def _moved(looker: Looker, fact: Fact) -> list[Moved]:
    """The accounts it posted to, as far as they may be opened; an account twice in one fact is one figure."""
    sums: dict[tuple[str, str], int] = {}
    for account, unit, amount in postings(fact):
        sums[account, unit] = sums.get((account, unit), 0) + amount
    found = [_figure(account, unit, amount) for (account, unit), amount in sums.items()]
    return [one for one in found if may_open(looker, one.figure)]


def _figure(account: str, unit: str, amount: int) -> Moved:
    """An account under the name by which people know its figure, else as a balance."""
    known = {ISSUED: ("earned", -1), POOL: ("pool", 1), HONOUR: ("honour", 1)}
    if account in known and unit == MINUTES:
        name, sign = known[account]
        return Moved(figure=f"stats.minutes.{name}", unit=unit, amount=sign * amount)
    kind, _, rest = account.partition(":")
    slug, _, more = rest.removeprefix("fund_").partition(":")
    if kind == "spent":
        return Moved(figure=f"spending:{slug}:{more}", unit=unit, amount=amount)
    if kind in ("fund", "pledge"):
        item = more.removesuffix(":committed")
        name = "pledged" if kind == "pledge" else "available" if item == more else "committed"
        return Moved(figure=f"fund:{slug}:{item}:{name}", unit=unit, amount=amount)
    return Moved(figure=f"balance:{account}:{unit}", unit=unit, amount=amount)

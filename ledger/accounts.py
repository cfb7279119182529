"""The chart of accounts, and the postings of every fact: per fact and unit they sum to zero (design §1.3).

| account | unit | holds |
|---|---|---|
| `hours:<member>` | minutes | what the member may use |
| `hours:<member>:held` | minutes | reserved for a service |
| `hours:issued` | minutes | minus all minutes that verified service brought into being |
| `hours:pool` / `hours:honour` | minutes | the common pool / overflow that counts for honour only |
| `hours:redeemed` / `hours:lapsed` | minutes | spent on a service nobody banks / expired |
| `hours:source:<source>` / `hours:endowed` | minutes | for opening grants / minus what was put into such sources |
| `crossing:<peer>` | minutes | sent to another ledger less what came from it: with its own account, what is on its way |
| `fund:<fund>:<item>` | fen | may be granted, per service item or help case |
| `fund:<fund>:<item>:committed` | fen | approved, not yet paid |
| `spent:<fund>:<item>:<category>` | fen | paid |
| `donor:<donor>` | fen | minus what this donor gave |
| `pledge:<fund>:<item>` / `pledged:<donor>` | fen | promised, not received: never part of a fund |
| `offer:<offer>` / `promised:<request>` / `received:<request>` | pcs.<item> | goods on their way |
| `resource:<resource>` | <measure>.<item> | listed and not promised yet |
| `deal:<deal>` | <measure>.<item> | promised by both sides of a deal, not arrived yet |
| `received:<party>` | <measure>.<item> | what arrived by deals |
| `giver:<unit>` | any | minus what a partner unit gave or offered |
| `households:<kind>` / `census` | households | counted in all places of a tier / minus the same |
| `community:goods` / `community:venue` / `community:hours` / `community:projects` | own unit each | direct contributions |

Hours, goods and money meet in no sum: each has a unit of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.base import NAME_OF, Fact
from ledger.conduct import facts as conduct
from ledger.crossings import facts as crossing
from ledger.errors import UnknownFact
from ledger.funds import facts as fund
from ledger.hours import facts as hours
from ledger.partners import facts as partner
from ledger.places import facts as place
from ledger.resources import facts as resource
from ledger.services import facts as service
from ledger.units import FEN, MINUTES, VENUE_MINUTES, pieces_of

Posting = tuple[str, str, int]
"""(account, unit, amount)"""

ISSUED, POOL, HONOUR, REDEEMED, LAPSED = "hours:issued", "hours:pool", "hours:honour", "hours:redeemed", "hours:lapsed"
ENDOWED = "hours:endowed"
PROJECTS = "projects"
CENSUS, HOUSEHOLDS = "census", "households"
_OVERFLOW = {"pool": POOL, "honour": HONOUR}
_CONTRIBUTION = {
    "venue": ("community:venue", VENUE_MINUTES),
    "hours": ("community:hours", MINUTES),
    "project": ("community:projects", PROJECTS),
}


def usable(member: str) -> str:
    """The account of a member's usable minutes."""
    return "hours:" + member


def held(member: str) -> str:
    """The account of a member's reserved minutes."""
    return f"hours:{member}:held"


def crossing_to(peer: str) -> str:
    """The account of what went to another ledger, less what came from it."""
    return "crossing:" + peer


def source_of(source_id: str) -> str:
    """The account of a source of opening grants."""
    return "hours:source:" + source_id


def fund_item(fund_slug: str, item: str) -> str:
    """The account of one service item of a fund."""
    return f"fund:{fund_slug}:{item}"


def committed(fund_slug: str, item: str) -> str:
    """The account of what is approved and not yet paid."""
    return f"fund:{fund_slug}:{item}:committed"


def spent(fund_slug: str, item: str, category: str) -> str:
    """The account of what was paid out of an item for a category."""
    return f"spent:{fund_slug}:{item}:{category}"


def _move(source: str, target: str, unit: str, amount: int) -> list[Posting]:
    return [(source, unit, -amount), (target, unit, amount)]


def _bank(source: str, target: str, minutes: int, overflow: int, overflow_to: str) -> list[Posting]:
    """Minutes into a member's account, with what its storage cap cannot hold."""
    if not overflow:
        return [(source, MINUTES, -minutes), (target, MINUTES, minutes)]
    rows = [(source, MINUTES, -minutes), (_OVERFLOW[overflow_to], MINUTES, overflow)]
    if minutes > overflow:
        rows.insert(1, (target, MINUTES, minutes - overflow))
    return rows


def _verified(f: hours.SessionVerified) -> list[Posting]:
    return _bank(ISSUED, usable(f.volunteer), f.minutes, f.overflow, f.overflow_to)


def _corrected(f: hours.SessionCorrected) -> list[Posting]:
    return _move(ISSUED, usable(f.volunteer), MINUTES, f.difference) if f.difference else []


def _given(f: hours.HoursGiven) -> list[Posting]:
    return _bank("hours:" + f.giver, "hours:" + f.receiver, f.minutes, f.overflow, f.overflow_to)


def _redeemed(f: hours.HoursRedeemed) -> list[Posting]:
    if f.provider is None:
        return _move(held(f.member), REDEEMED, MINUTES, f.minutes)
    return _bank(held(f.member), usable(f.provider), f.minutes, f.overflow, f.overflow_to)


def _performed(f: service.ServiceSettled) -> list[Posting]:
    """What was reserved for a service: the performer's share, and what nobody banks."""
    if f.performer is None or not f.banked_minutes:
        return _move(held(f.member), REDEEMED, MINUTES, f.minutes) if f.minutes else []
    rows = _bank(held(f.member), usable(f.performer), f.banked_minutes, f.overflow, f.overflow_to)
    left = f.minutes - f.banked_minutes
    return [*rows, *_move(held(f.member), REDEEMED, MINUTES, left)] if left else rows


def _voided(f: conduct.SessionVoided | conduct.SessionRestored, sign: int) -> list[Posting]:
    """The session's minutes out of the member's account, and out of where its overflow had gone; or back again."""
    own = f.minutes - f.overflow
    rows: list[Posting] = [(usable(f.volunteer), MINUTES, -sign * own)] if own else []
    if f.overflow:
        rows.append((_OVERFLOW[f.overflow_to], MINUTES, -sign * f.overflow))
    return [*rows, (ISSUED, MINUTES, sign * f.minutes)] if f.minutes else []


def _received(f: fund.DonationReceived) -> list[Posting]:
    rows = _move(f"donor:{f.donor}", fund_item(f.fund, f.item), FEN, f.amount_fen)
    if f.pledge_met_fen:
        rows += _move(f"pledge:{f.fund}:{f.item}", f"pledged:{f.donor}", FEN, f.pledge_met_fen)
    return rows


def _moved_between_items(f: fund.RestrictionChanged) -> list[Posting]:
    return _move(fund_item(f.fund, f.item), fund_item(f.fund, f.to_item), FEN, f.amount_fen)


def _remainder(f: fund.HelpCaseClosed) -> list[Posting]:
    return (
        _move(fund_item(f.fund, f.item), fund_item(f.fund, f.to_item), FEN, f.remainder_fen) if f.remainder_fen else []
    )


def _contributed(f: partner.PartnerContributed) -> list[Posting]:
    account, unit = _CONTRIBUTION.get(f.kind, ("community:goods", pieces_of(f.item)))
    return _move(f"giver:{f.unit}", account, unit, f.quantity)


def _delivered(f: partner.MatchDelivered) -> list[Posting]:
    return _move(f"promised:{f.request_id}", f"received:{f.request_id}", pieces_of(f.item), f.quantity)


def _back(f: resource.DealAgreed | resource.DealFailed) -> str:
    """The unit of what a barter brings in return."""
    return f"{f.back_measure}.{f.back_item}"


def _agreed(f: resource.DealAgreed) -> list[Posting]:
    deal = f"deal:{f.deal_id}"
    rows = _move(f"resource:{f.resource_id}", deal, f"{f.measure}.{f.item}", f.quantity)
    return rows + _move(f"giver:{f.partner}", deal, _back(f), f.back_quantity) if f.back_quantity else rows


def _failed(f: resource.DealFailed) -> list[Posting]:
    deal = f"deal:{f.deal_id}"
    rows = _move(deal, f"resource:{f.resource_id}", f"{f.measure}.{f.item}", f.short) if f.short else []
    return rows + _move(deal, f"giver:{f.partner}", _back(f), f.back_short) if f.back_short else rows


_POSTINGS: dict[type[Fact], Callable[[Any], list[Posting]]] = {
    hours.SessionVerified: _verified,
    hours.SessionCorrected: _corrected,
    hours.HoursGiven: _given,
    hours.HoursDonated: lambda f: _move(usable(f.giver), POOL, MINUTES, f.minutes),
    hours.PoolGranted: lambda f: _move(POOL, usable(f.receiver), MINUTES, f.minutes),
    hours.HoursReserved: lambda f: _move(usable(f.member), held(f.member), MINUTES, f.minutes),
    hours.HoursReleased: lambda f: _move(held(f.member), usable(f.member), MINUTES, f.minutes),
    hours.HoursRedeemed: _redeemed,
    hours.HoursLapsed: lambda f: _move(usable(f.member), LAPSED, MINUTES, f.minutes),
    crossing.HoursSent: lambda f: _move(usable(f.giver), crossing_to(f.peer), MINUTES, f.minutes),
    crossing.HoursReturned: lambda f: _move(crossing_to(f.peer), usable(f.giver), MINUTES, f.minutes),
    crossing.HoursArrived: lambda f: _bank(
        crossing_to(f.peer), usable(f.receiver), f.minutes, f.overflow, f.overflow_to
    ),
    service.ServiceReserved: lambda f: _move(usable(f.member), held(f.member), MINUTES, f.minutes) if f.minutes else [],
    service.ServiceCancelled: lambda f: (
        _move(held(f.member), usable(f.member), MINUTES, f.minutes) if f.minutes else []
    ),
    service.ServiceSettled: _performed,
    service.SourceOpened: lambda f: _move(ENDOWED, source_of(f.source_id), MINUTES, f.minutes),
    service.OpeningGranted: lambda f: _move(source_of(f.source_id), usable(f.receiver), MINUTES, f.minutes),
    conduct.SessionVoided: lambda f: _voided(f, 1),
    conduct.SessionRestored: lambda f: _voided(f, -1),
    fund.DonationPledged: lambda f: _move(f"pledged:{f.donor}", f"pledge:{f.fund}:{f.item}", FEN, f.amount_fen),
    fund.PledgeWithdrawn: lambda f: _move(f"pledge:{f.fund}:{f.item}", f"pledged:{f.donor}", FEN, f.amount_fen),
    fund.DonationReceived: _received,
    fund.DonationRefunded: lambda f: _move(fund_item(f.fund, f.item), f"donor:{f.donor}", FEN, f.amount_fen),
    fund.GrantApproved: lambda f: _move(fund_item(f.fund, f.item), committed(f.fund, f.item), FEN, f.amount_fen),
    fund.GrantCancelled: lambda f: _move(committed(f.fund, f.item), fund_item(f.fund, f.item), FEN, f.amount_fen),
    fund.GrantPaid: lambda f: _move(committed(f.fund, f.item), spent(f.fund, f.item, f.category), FEN, f.amount_fen),
    fund.PaymentReturned: lambda f: _move(
        spent(f.fund, f.item, f.category), fund_item(f.fund, f.item), FEN, f.amount_fen
    ),
    fund.RestrictionChanged: _moved_between_items,
    fund.HelpCaseClosed: _remainder,
    partner.PartnerContributed: _contributed,
    partner.GoodsOffered: lambda f: _move(f"giver:{f.unit}", f"offer:{f.offer_id}", pieces_of(f.item), f.quantity),
    partner.OfferMatched: lambda f: _move(
        f"offer:{f.offer_id}", f"promised:{f.request_id}", pieces_of(f.item), f.quantity
    ),
    partner.MatchCancelled: lambda f: _move(
        f"promised:{f.request_id}", f"offer:{f.offer_id}", pieces_of(f.item), f.quantity
    ),
    partner.MatchDelivered: _delivered,
    partner.OfferWithdrawn: lambda f: _move(f"offer:{f.offer_id}", f"giver:{f.unit}", pieces_of(f.item), f.quantity),
    resource.ResourceListed: lambda f: _move(
        f"giver:{f.owner}", f"resource:{f.resource_id}", f"{f.measure}.{f.item}", f.quantity
    ),
    resource.ResourceWithdrawn: lambda f: _move(
        f"resource:{f.resource_id}", f"giver:{f.owner}", f"{f.measure}.{f.item}", f.quantity
    ),
    resource.DealAgreed: _agreed,
    resource.DealDelivered: lambda f: _move(
        f"deal:{f.deal_id}", f"received:{f.receiver}", f"{f.measure}.{f.item}", f.quantity
    ),
    resource.DealFailed: _failed,
    place.HouseholdsCounted: lambda f: _move(CENSUS, f"households:{f.kind}", HOUSEHOLDS, f.change) if f.change else [],
}

_NOTHING: list[Posting] = []


def postings(happened: Fact) -> list[Posting]:
    """What a fact posts: (account, unit, amount) rows that sum to zero per unit; none for facts that move nothing.

    Raises UnknownFact for a type that is not registered.
    """
    kind = type(happened)
    rule = _POSTINGS.get(kind)
    if rule is not None:
        return rule(happened)
    if kind not in NAME_OF:
        raise UnknownFact("unknown_fact", type=kind.__name__)
    return _NOTHING

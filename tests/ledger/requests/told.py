"""Facts of requests as the stories tell them: 王阿姨 asks, 李师傅 does it."""

from __future__ import annotations

from datetime import date

from ledger.clock import MICROS_PER_DAY
from ledger.partners.facts import AgreementSigned, MatchCancelled, MatchDelivered, OfferMatched
from ledger.requests import facts
from tests.ledger.cast import CHEN, HE, LI, LVYUN, WANG
from tests.ledger.given import NOW

REQUEST, OTHER_REQUEST, CLAIM = "req_1", "req_2", "claim_1"
YESTERDAY = date(2026, 5, 19)
WEEK = 7 * MICROS_PER_DAY
LATER = NOW + MICROS_PER_DAY


def posted(
    request_id: str = REQUEST,
    *,
    kind: str = "wish",
    requester: str | None = WANG,
    item: str | None = None,
    quantity: int | None = None,
    place: str | None = None,
) -> facts.RequestPosted:
    """A request that waits for review."""
    return facts.RequestPosted(
        request_id=request_id,
        kind=kind,
        requester=requester,
        item=item,
        quantity=quantity,
        place=place,
        channel="online",
        day=YESTERDAY,
    )


def published(request_id: str = REQUEST) -> facts.RequestPublished:
    """Reviewed and on the board."""
    return facts.RequestPublished(request_id=request_id, reviewer=CHEN, day=YESTERDAY)


DECLINED = facts.RequestDeclined(request_id=REQUEST, reviewer=CHEN, reason="not_ours")


def claimed(
    claimant: str = LI,
    *,
    request_id: str = REQUEST,
    by: str = "",
    unit: str | None = None,
    until_at: int = LATER,
) -> facts.RequestClaimed:
    """Taken from the board until tomorrow at this time."""
    return facts.RequestClaimed(
        request_id=request_id,
        claim_id=CLAIM,
        claimant=claimant,
        unit=unit,
        claimed_by=by or claimant,
        until_at=until_at,
        day=YESTERDAY,
    )


def released(claimant: str = LI, request_id: str = REQUEST) -> facts.ClaimReleased:
    """Handed back."""
    return facts.ClaimReleased(request_id=request_id, claim_id=CLAIM, claimant=claimant, day=YESTERDAY)


def lapsed(claimant: str = LI, request_id: str = REQUEST) -> facts.ClaimLapsed:
    """Back on the board since the lease ran out."""
    return facts.ClaimLapsed(request_id=request_id, claim_id=CLAIM, claimant=claimant, until_at=LATER)


def fulfilled(claimant: str = LI, request_id: str = REQUEST) -> facts.RequestFulfilled:
    """Done, says the claimant."""
    return facts.RequestFulfilled(request_id=request_id, claim_id=CLAIM, claimant=claimant, day=YESTERDAY)


def closed(
    claimant: str | None = LI,
    *,
    kind: str = "wish",
    requester: str = WANG,
    unit: str | None = None,
    score: int | None = 5,
    day: date = YESTERDAY,
) -> facts.RequestClosed:
    """Done, says who asked."""
    return facts.RequestClosed(
        request_id=REQUEST,
        kind=kind,
        claim_id=CLAIM if claimant else None,
        claimant=claimant,
        unit=unit,
        requester=requester,
        score=score,
        closed_by=requester,
        day=day,
    )


def reopened(claimant: str | None = LI, *, until_at: int = LATER) -> facts.RequestReopened:
    """Not satisfied."""
    return facts.RequestReopened(
        request_id=REQUEST,
        kind="wish",
        claim_id=CLAIM if claimant else None,
        claimant=claimant,
        requester=WANG,
        score=2,
        was_closed=False,
        until_at=until_at,
    )


def unmet(claimant: str | None = LI) -> facts.RequestUnmet:
    """It could not be done."""
    return facts.RequestUnmet(
        request_id=REQUEST,
        claim_id=CLAIM if claimant else None,
        claimant=claimant,
        requester=WANG,
        barrier="no_parts",
        day=YESTERDAY,
    )


def withdrawn(claimant: str | None = None) -> facts.RequestWithdrawn:
    """Taken back."""
    return facts.RequestWithdrawn(request_id=REQUEST, claimant=claimant, requester=WANG)


def signed(unit: str = LVYUN, *, from_day: date = YESTERDAY, until_day: date = date(2027, 5, 18)) -> AgreementSigned:
    """An agreement for a year."""
    return AgreementSigned(
        agreement_id="agr_1", unit=unit, tier="street", level="routine", from_day=from_day, until_day=until_day
    )


NEED = (posted(kind="need", item="masks", quantity=100), published())
LISTING = (posted(kind="listing", requester=HE), published())


def matched(quantity: int) -> OfferMatched:
    """绿云物业 promises pieces to the need."""
    return OfferMatched(
        match_id="match_1", offer_id="offer_1", request_id=REQUEST, unit=LVYUN, item="masks", quantity=quantity
    )


def delivered(quantity: int) -> MatchDelivered:
    """What was promised arrived."""
    return MatchDelivered(
        match_id="match_1",
        offer_id="offer_1",
        request_id=REQUEST,
        unit=LVYUN,
        item="masks",
        quantity=quantity,
        day=YESTERDAY,
    )


def cancelled(quantity: int) -> MatchCancelled:
    """The promise is off."""
    return MatchCancelled(
        match_id="match_1", offer_id="offer_1", request_id=REQUEST, unit=LVYUN, item="masks", quantity=quantity
    )

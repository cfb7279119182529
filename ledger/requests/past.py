"""Entering requests of the past with their outcome (补录): the whole story at once, each fact under its own day."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact, Scene, View
from ledger.checks import check_code, check_id, check_name
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.ids import SERVICE, prefix_of
from ledger.parties.state import need_party, works_for
from ledger.places.state import need_place
from ledger.policy.state import SINCE_EVER
from ledger.requests import commands as do
from ledger.requests import facts
from ledger.requests.claims import unit_of
from ledger.requests.closing import check_score
from ledger.requests.kinds import kind_of
from ledger.requests.stages import lease_until
from ledger.requests.state import Request
from ledger.requests.wanted import check_wanted

NO_BARRIER = "unknown"
"""What stands for a barrier that the old book does not name."""
_NEVER_CLAIMED = ("posted", "open")
_HANDED_BACK = ("released", "fulfilled", "unmet")
_BY_A_CLAIMANT = ("claimed", "released", "fulfilled")


def _check_outcome(c: do.RecordPastRequest, scene: Scene) -> None:
    """The row is of one piece: its dates are possible, and nothing is stated that its outcome cannot have.

    What contradicts itself is refused rather than guessed at, so that somebody looks at the old book again.
    """
    for day in (c.day, c.closed_on or c.day):
        if not SINCE_EVER <= c.day <= day <= scene.today:
            raise Refused("implausible_date", day=day.isoformat())
    if c.closed_on is not None and c.outcome not in _HANDED_BACK:
        raise Refused("outcome_disagrees", outcome=c.outcome, field="closed_on")
    if c.score is not None:
        check_score(c.score)
        if c.outcome != "fulfilled":
            raise Refused("outcome_disagrees", outcome=c.outcome, field="score")
    if c.claimant is not None and c.outcome in _NEVER_CLAIMED:
        raise Refused("outcome_disagrees", outcome=c.outcome, field="claimant")


def _requester_place(view: View, c: do.RecordPastRequest) -> str | None:
    """Where the one who asked lives; a service that posted a listing, and who is not known, live nowhere."""
    if c.requester is None:
        return None
    if kind_of(c.kind).from_workers and prefix_of(c.requester) == SERVICE:
        check_id(c.requester, SERVICE)
        return None
    return need_party(view, c.requester).place


def _check_claimant(view: View, c: do.RecordPastRequest, scene: Scene) -> str | None:
    """The claimant is registered and did not ask for it; gives the unit for which the work counts.

    What nobody took may be unmet without a claimant.
    """
    kind = kind_of(c.kind)
    if c.claimant is None:
        if c.outcome in _BY_A_CLAIMANT:
            raise Refused(kind.not_claimed or "claimant_missing", outcome=c.outcome)
        return None
    if not kind.claimants:
        raise Refused(kind.not_claimed)
    standing = need_party(view, c.claimant)
    if c.claimant == c.requester:
        raise NotYours("own_request", request=c.request_id)
    if c.outcome == "claimed":
        check_may_act(view, c.claimant, scene.today)
    if c.outcome == "fulfilled" and works_for(view, scene.actor, c.claimant):
        raise NotYours("self_verification")
    return unit_of(c.claimant, standing)


def record_past_request(view: View, c: do.RecordPastRequest, scene: Scene) -> list[Fact]:
    """See `RecordPastRequest`.

    The limit of open claims does not apply: it keeps people from taking more than they can do, and what is entered
    here was taken long ago. A claim that is still open gets a lease from now, since the old book knew none.
    """
    request_id, claim_id = check_id(c.request_id, "req"), check_id(c.claim_id, "claim")
    if view.state(Request, request_id).status:
        raise Conflict("request_exists", request=request_id)
    _check_outcome(c, scene)
    place = _requester_place(view, c)
    unit = _check_claimant(view, c, scene)
    if c.place is not None:
        need_place(view, c.place)
    posted = facts.RequestPosted(
        request_id=request_id,
        kind=c.kind,
        requester=c.requester,
        place=c.place or place,
        category=check_name(c.category, field="category") if c.category else "",
        value_fen=c.value_fen,
        item=check_wanted(view, c, scene.today),
        quantity=c.quantity,
        channel="import",
        day=c.day,
        record=True,
        words=scene.sealed,
    )
    story: list[Fact] = [posted]
    if c.outcome != "posted":
        story.append(facts.RequestPublished(request_id=request_id, reviewer=scene.actor, day=c.day))
    if c.claimant is not None:
        story.append(
            facts.RequestClaimed(
                request_id=request_id,
                claim_id=claim_id,
                claimant=c.claimant,
                unit=unit,
                claimed_by=scene.actor,
                until_at=lease_until(view, c.kind, scene),
                day=c.day,
            )
        )
    return [*story, *_ending(c, posted, unit, c.closed_on or c.day, scene)]


def _ending(
    c: do.RecordPastRequest, posted: facts.RequestPosted, unit: str | None, day: date, scene: Scene
) -> list[Fact]:
    """How the story ended, on that day; nothing for a request that is still on the board or claimed."""
    request_id, claim_id = posted.request_id, c.claim_id if c.claimant is not None else None
    if c.outcome == "unmet":
        barrier = check_code(c.barrier, field="barrier") if c.barrier else NO_BARRIER
        return [
            facts.RequestUnmet(
                request_id=request_id,
                claim_id=claim_id,
                claimant=c.claimant,
                requester=c.requester,
                barrier=barrier,
                day=day,
            )
        ]
    if c.claimant is None or claim_id is None:
        return []
    if c.outcome == "released":
        return [facts.ClaimReleased(request_id=request_id, claim_id=claim_id, claimant=c.claimant, day=day)]
    if c.outcome == "fulfilled":
        return [
            facts.RequestFulfilled(request_id=request_id, claim_id=claim_id, claimant=c.claimant, day=day),
            facts.RequestClosed(
                request_id=request_id,
                kind=c.kind,
                claim_id=claim_id,
                claimant=c.claimant,
                unit=unit,
                requester=c.requester,
                place=posted.place,
                score=c.score,
                closed_by=scene.actor,
                day=day,
            ),
        ]
    return []

"""Decisions about who holds a request: claims as leases, their release and lapse, and the work handed in."""

from __future__ import annotations

from ledger.base import Fact, Scene, View
from ledger.checks import check_code, check_id
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.ids import UNIT, prefix_of
from ledger.integrity.state import check_keeps_word
from ledger.parties.state import Standing, need_party, works_for
from ledger.partners.agreements import need_agreement
from ledger.policy.state import policy_of
from ledger.requests import commands as do
from ledger.requests import facts
from ledger.requests.kinds import kind_of
from ledger.requests.stages import WORKER, contact_due, due, lease_until, went_up
from ledger.requests.state import ClaimsHeld, Request, need_request


def unit_of(claimant: str, standing: Standing) -> str | None:
    """The unit for which a claimant's work counts: itself, or the one of the team or member."""
    return claimant if prefix_of(claimant) == UNIT else standing.unit


def _lapsed(held: facts.RequestClaimed, until_at: int) -> facts.ClaimLapsed:
    return facts.ClaimLapsed(
        request_id=held.request_id, claim_id=held.claim_id, claimant=held.claimant, until_at=until_at
    )


def freed(request: Request, scene: Scene) -> list[Fact]:
    """What has to be said before the request can be claimed: nothing, or that the last lease ran out.

    A lease ends by its deadline and not by the follower that enters it, so a follower that stands still blocks nobody.
    """
    if request.status == "published":
        return []
    if request.status in ("claimed", "fulfilled"):
        if request.status == "claimed" and request.claim is not None and scene.now_at >= request.until_at:
            return [_lapsed(request.claim, request.until_at)]
        raise Conflict("already_claimed", request=request.tag)
    raise Conflict("not_on_the_board", request=request.tag, status=request.status)


def check_takeable(view: View, posted: facts.RequestPosted, taker: str, scene: Scene) -> Standing:
    """Who may take a request of this kind at all, by claim or by assignment; raises NotFound, NotYours, Refused."""
    kind = kind_of(posted.kind)
    if not kind.claimants:
        raise Refused(kind.not_claimed, request=posted.request_id)
    standing = need_party(view, taker)
    check_may_act(view, taker, scene.today)
    if posted.requester == taker:
        raise NotYours("own_request", request=posted.request_id)
    if prefix_of(taker) not in kind.claimants:
        raise Refused("listings_are_for_units", request=posted.request_id)
    if kind.agreement:
        need_agreement(view, taker, scene.today)
    return standing


def _check_limit(view: View, claimant: str, scene: Scene) -> None:
    """A claimant holds no more requests at once than policy allows; units have a limit of their own."""
    rule = "requests.open_claims_of_units" if prefix_of(claimant) == UNIT else "requests.open_claims"
    limit = policy_of(view).number(rule, scene.today)
    running = view.state(ClaimsHeld, claimant).running_at(scene.now_at)
    if running >= limit:
        raise Refused("too_many_claims", held=running, limit=limit)


def claim_request(view: View, c: do.ClaimRequest, scene: Scene) -> list[Fact]:
    """See `ClaimRequest`; the one who asked claims neither for themselves nor in another's name."""
    claim_id = check_id(c.claim_id, "claim")
    request, posted = need_request(view, c.request_id)
    standing = check_takeable(view, posted, c.claimant, scene)
    if not works_for(view, scene.actor, c.claimant):
        raise NotYours("cannot_act_for", party=c.claimant)
    if posted.requester == scene.actor:
        raise NotYours("own_request", request=c.request_id)
    check_may_act(view, scene.actor, scene.today)
    check_keeps_word(view, c.claimant, scene.today, scene.zone)
    before = freed(request, scene)
    _check_limit(view, c.claimant, scene)
    claimed = facts.RequestClaimed(
        request_id=c.request_id,
        claim_id=claim_id,
        claimant=c.claimant,
        unit=unit_of(c.claimant, standing),
        claimed_by=scene.actor,
        until_at=lease_until(view, posted.kind, scene),
        day=scene.today,
    )
    return [*before, claimed, *contact_due(view, c.request_id, scene)]


def held_claim(view: View, request_id: str) -> tuple[Request, facts.RequestClaimed]:
    """A request that is claimed now, with its claim; raises NotFound `no_such_request`, Conflict `not_claimed`."""
    request, _ = need_request(view, request_id)
    if request.status != "claimed" or request.claim is None:
        raise Conflict("not_claimed", request=request_id, status=request.status)
    return request, request.claim


def check_holder(
    view: View, claim: facts.RequestClaimed, claimant: str, scene: Scene, *, worker_may: bool = False
) -> None:
    """Refuse who does not act for the party that holds the claim; where `worker_may`, a community worker may too."""
    if claim.claimant != claimant:
        raise NotYours("not_the_claimant", party=claimant)
    if worker_may and scene.role == WORKER:
        return
    if not works_for(view, scene.actor, claimant):
        raise NotYours("cannot_act_for", party=claimant)


def release_claim(view: View, c: do.ReleaseClaim, scene: Scene) -> list[Fact]:
    """See `ReleaseClaim`; a community worker may take it back too."""
    request, claim = held_claim(view, c.request_id)
    check_holder(view, claim, c.claimant, scene, worker_may=True)
    known = {"request_id": c.request_id, "claim_id": claim.claim_id, "claimant": claim.claimant}
    return [
        facts.ClaimReleased(**known, day=scene.today),
        *([facts.ReleaseExplained(**known, reason=c.reason, day=scene.today)] if c.reason is not None else []),
        *due(view, request.kind, "published", c.request_id, scene),
    ]


def lapse_claim(view: View, c: do.LapseClaim, scene: Scene) -> list[Fact]:
    """See `LapseClaim`; where the kind escalates, what was not done in time also goes a tier up."""
    request, claim = held_claim(view, c.request_id)
    if scene.now_at < request.until_at:
        raise Refused("not_yet_due", until_at=request.until_at)
    stage = kind_of(request.kind).stage("claimed")
    higher = went_up(view, request, "published", scene) if stage is not None and stage.late == "escalate" else []
    back = higher or due(view, request.kind, "published", c.request_id, scene)
    return [_lapsed(claim, request.until_at), *back]


def _check_evidence(view: View, request: Request, scene: Scene) -> None:
    """As many files as policy wants show the work (M11); raises Refused `evidence_missing`."""
    stage = kind_of(request.kind).stage("claimed")
    if stage is None or not stage.evidence_rule:
        return
    wanted = policy_of(view).number(stage.evidence_rule, scene.today)
    if request.evidence < wanted:
        raise Refused("evidence_missing", shown=request.evidence, wanted=wanted)


def fulfil_request(view: View, c: do.FulfilRequest, scene: Scene) -> list[Fact]:
    """See `FulfilRequest`; a lease that ran out has first to be claimed again."""
    request, claim = held_claim(view, c.request_id)
    check_holder(view, claim, c.claimant, scene)
    if scene.now_at >= request.until_at:
        raise Refused("claim_expired", until_at=request.until_at)
    _check_evidence(view, request, scene)
    return [
        facts.RequestFulfilled(
            request_id=c.request_id,
            claim_id=claim.claim_id,
            claimant=claim.claimant,
            day=scene.today,
            words=scene.sealed,
        ),
        *due(view, request.kind, "fulfilled", c.request_id, scene),
    ]


def declare_unmet(view: View, c: do.DeclareUnmet, scene: Scene) -> list[Fact]:
    """See `DeclareUnmet`: said by who holds it, or by a community worker also of what nobody took."""
    request, posted = need_request(view, c.request_id)
    if request.status not in ("published", "claimed"):
        raise Conflict("not_on_the_board", request=c.request_id, status=request.status)
    claim = request.claim
    if claim is not None:
        check_holder(view, claim, claim.claimant, scene, worker_may=True)
    elif scene.role != WORKER:
        raise NotYours("not_the_claimant", party=scene.actor)
    return [
        facts.RequestUnmet(
            request_id=c.request_id,
            claim_id=None if claim is None else claim.claim_id,
            claimant=None if claim is None else claim.claimant,
            requester=posted.requester,
            barrier=check_code(c.barrier, field="barrier"),
            day=scene.today,
        )
    ]

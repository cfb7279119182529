"""Decisions about the end of a request: closed by the one who asked, reopened, or withdrawn."""

from __future__ import annotations

from ledger.base import Fact, Scene, View
from ledger.conduct.state import may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.honours.decisions import plaque_undone
from ledger.parties.state import Standing, represents, roles_of, works_for
from ledger.policy.state import policy_of
from ledger.requests import commands as do
from ledger.requests import facts
from ledger.requests.kinds import kind_of
from ledger.requests.stages import WORKER, due, lease_until
from ledger.requests.state import Request, need_request
from ledger.rights import serves

BEST_SCORE = 5
_NOT_DONE = frozenset({"posted", "noticed", "published", "claimed", "deliberated"})


def check_score(score: int) -> int:
    """Satisfaction from 1 to 5; raises Refused `bad_score`."""
    if isinstance(score, bool) or not 1 <= score <= BEST_SCORE:
        raise Refused("bad_score", score=score)
    return score


def _check_requester(view: View, posted: facts.RequestPosted, requester: str, scene: Scene) -> None:
    """Only who asked judges the work, or their registered proxy (domain.md §2).

    A listing was posted for the street or community, so that any of its workers may accept the work; so may a worker
    where the one who asked has left, for nobody else could.
    """
    if posted.requester != requester:
        raise NotYours("not_the_requester", request=posted.request_id)
    roles = roles_of(view, scene.actor)
    if scene.actor == requester or requester in roles.principals:
        return
    ours = kind_of(posted.kind).from_workers or view.state(Standing, requester).left
    if ours and serves(view, scene.actor, WORKER, posted.request_id):
        return
    raise NotYours("not_the_requester", request=posted.request_id)


def _check_not_performer(view: View, request: Request, scene: Scene) -> None:
    """Nobody confirms their own work, nor, for somebody else, that of a team they are in."""
    claim = request.claim
    if claim is None:
        return
    actor, own = scene.actor, scene.actor == request.requester
    if actor in (claim.claimant, claim.claimed_by) or represents(view, actor, claim.claimant):
        raise NotYours("self_verification")
    if not own and works_for(view, actor, claim.claimant):
        raise NotYours("self_verification")


def _is_done(request: Request) -> bool:
    """Whether there is something to confirm: a claimant's work, or all pieces of a need."""
    if kind_of(request.kind).pieces:
        return request.status in ("published", "fulfilled") and request.delivered >= request.quantity
    return request.status == "fulfilled"


def _reopened(view: View, request: Request, posted: facts.RequestPosted, score: int | None, scene: Scene) -> list[Fact]:
    """The performer has it again under a fresh lease; where it had been closed, with the score that falls away.

    A performer who left the community meanwhile, or may take on nothing new, cannot do it again: it goes back on the
    board.
    """
    claim = request.claim
    reopened = facts.RequestReopened(
        request_id=posted.request_id,
        kind=posted.kind,
        claim_id=None if claim is None else claim.claim_id,
        claimant=None if claim is None else claim.claimant,
        unit=None if claim is None else claim.unit,
        requester=posted.requester,
        place=posted.place,
        score=score,
        was_closed=request.status == "closed",
        closed_on=request.closed_on,
        until_at=lease_until(view, posted.kind, scene),
        words=scene.sealed,
    )
    on_board = due(view, posted.kind, "published", posted.request_id, scene)
    if claim is None:
        return [reopened, *on_board]
    if not view.state(Standing, claim.claimant).left and may_act(view, claim.claimant, scene.today):
        return [reopened]
    handed_back = facts.ClaimReleased(
        request_id=posted.request_id, claim_id=claim.claim_id, claimant=claim.claimant, day=scene.today
    )
    return [reopened, handed_back, *on_board]


def close_request(view: View, c: do.CloseRequest, scene: Scene) -> list[Fact]:
    """See `CloseRequest`."""
    request, posted = need_request(view, c.request_id)
    _check_requester(view, posted, c.requester, scene)
    if not _is_done(request):
        raise Conflict("not_fulfilled", request=c.request_id, status=request.status)
    _check_not_performer(view, request, scene)
    score = check_score(c.score)
    low = score < policy_of(view).number("requests.reopen_below", scene.today)
    if low and not c.explained:
        return _reopened(view, request, posted, score, scene)
    if low and not scene.sealed:
        raise Refused("explanation_missing", score=score)
    claim = request.claim
    return [
        facts.RequestClosed(
            request_id=c.request_id,
            kind=posted.kind,
            claim_id=None if claim is None else claim.claim_id,
            claimant=None if claim is None else claim.claimant,
            unit=None if claim is None else claim.unit,
            requester=posted.requester,
            place=posted.place,
            score=score,
            explained=low,
            closed_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def reopen_request(view: View, c: do.ReopenRequest, scene: Scene) -> list[Fact]:
    """See `ReopenRequest`; the day of closing and policy `requests.reopen_days` days after it. A plaque for it comes down."""
    request, posted = need_request(view, c.request_id)
    _check_requester(view, posted, c.requester, scene)
    if request.status != "closed" or request.closing is None:
        raise Conflict("not_closed", request=c.request_id, status=request.status)
    days = policy_of(view).number("requests.reopen_days", scene.today)
    if (scene.today - request.closing.day).days > days:
        raise Refused("too_late_to_reopen", days=days, closed_on=request.closing.day.isoformat())
    reopened = _reopened(view, request, posted, request.closing.score, scene)
    return [*reopened, *plaque_undone(view, c.request_id, scene)]


def withdraw_request(view: View, c: do.WithdrawRequest, _scene: Scene) -> list[Fact]:
    """See `WithdrawRequest`; what is done cannot be taken back."""
    request, posted = need_request(view, c.request_id)
    if posted.requester != c.requester:
        raise NotYours("not_the_requester", request=c.request_id)
    if request.status not in _NOT_DONE:
        raise Conflict("request_settled", request=c.request_id, status=request.status)
    claim = request.claim
    return [
        facts.RequestWithdrawn(
            request_id=c.request_id,
            claimant=None if claim is None else claim.claimant,
            requester=posted.requester,
        )
    ]

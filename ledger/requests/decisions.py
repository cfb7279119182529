"""Decisions about requests (domain.md §2): posting and review here, claims, closing and past records beside."""

from __future__ import annotations

from ledger.base import Command, Fact, Right, Rule, Scene, View
from ledger.checks import check_id, check_name
from ledger.errors import Conflict, NotYours, Refused
from ledger.parties.state import need_member, roles_of
from ledger.places.state import need_place, need_point
from ledger.requests import commands as do
from ledger.requests import facts
from ledger.requests.claims import WORKER, claim_request, declare_unmet, fulfil_request, lapse_claim, release_claim
from ledger.requests.closing import close_request, reopen_request, withdraw_request
from ledger.requests.past import record_past_request
from ledger.requests.state import Request, need_request
from ledger.requests.wanted import check_wanted


def _requester_place(view: View, c: do.PostRequest, scene: Scene) -> str | None:
    """Where the one who asks lives; a listing comes from the street or community and not from a member."""
    if c.kind != "listing":
        return need_member(view, c.requester).place
    if scene.actor != c.requester or not roles_of(view, c.requester).has(WORKER):
        raise NotYours("listings_come_from_workers", requester=c.requester)
    return None


def _check_point(view: View, point_id: str, channel: str) -> None:
    """The intake point is open and of the channel that is stated (M6: a request keeps its origin)."""
    point = need_point(view, point_id)
    if point.closed:
        raise Refused("point_closed", point=point_id)
    if point.channel != channel:
        raise Refused("channel_disagrees", point=point.channel, stated=channel)


def post_request(view: View, c: do.PostRequest, scene: Scene) -> list[Fact]:
    """See `PostRequest`; who posts for another is shown as the proxy."""
    request_id = check_id(c.request_id, "req")
    if view.state(Request, request_id).status:
        raise Conflict("request_exists", request=request_id)
    at_home = _requester_place(view, c, scene)
    if c.place is not None:
        need_place(view, c.place)
    if c.point is not None:
        _check_point(view, c.point, c.channel)
    item = check_wanted(view, c, scene.today)
    return [
        facts.RequestPosted(
            request_id=request_id,
            kind=c.kind,
            requester=c.requester,
            proxy=scene.actor if scene.actor != c.requester else None,
            place=c.place or at_home,
            category=check_name(c.category, field="category") if c.category else "",
            value_fen=c.value_fen,
            item=item,
            quantity=c.quantity,
            channel=c.channel,
            point=c.point,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _to_review(view: View, request_id: str, scene: Scene) -> None:
    """A request that waits for review, by somebody who did not ask for it."""
    request, posted = need_request(view, request_id)
    if request.status != "posted":
        raise Conflict("request_reviewed", request=request_id, status=request.status)
    if scene.actor == posted.requester:
        raise NotYours("own_request", request=request_id)


def publish_request(view: View, c: do.PublishRequest, scene: Scene) -> list[Fact]:
    """See `PublishRequest`."""
    _to_review(view, c.request_id, scene)
    return [facts.RequestPublished(request_id=c.request_id, reviewer=scene.actor, day=scene.today)]


def decline_request(view: View, c: do.DeclineRequest, scene: Scene) -> list[Fact]:
    """See `DeclineRequest`."""
    _to_review(view, c.request_id, scene)
    return [facts.RequestDeclined(request_id=c.request_id, reviewer=scene.actor, reason=c.reason)]


_WORKER = frozenset({WORKER})
_SYSTEM = frozenset({"community_worker", "administrator"})

# `anybody` is for members of a team and for workers who accept a listing: whom the decisions themselves let through.
RULES: dict[type[Command], Rule] = {
    do.PostRequest: Rule(decide=post_request, right=Right(roles=_WORKER, own=("requester",))),
    do.PublishRequest: Rule(decide=publish_request, right=Right(roles=_WORKER)),
    do.DeclineRequest: Rule(decide=decline_request, right=Right(roles=_WORKER)),
    do.ClaimRequest: Rule(decide=claim_request, right=Right(own=("claimant",), anybody=True)),
    do.ReleaseClaim: Rule(decide=release_claim, right=Right(roles=_WORKER, own=("claimant",), anybody=True)),
    do.LapseClaim: Rule(decide=lapse_claim, right=Right(roles=_SYSTEM)),
    do.FulfilRequest: Rule(decide=fulfil_request, right=Right(own=("claimant",), anybody=True)),
    do.CloseRequest: Rule(decide=close_request, right=Right(own=("requester",), anybody=True)),
    do.ReopenRequest: Rule(decide=reopen_request, right=Right(own=("requester",), anybody=True)),
    do.DeclareUnmet: Rule(decide=declare_unmet, right=Right(roles=_WORKER, anybody=True)),
    do.WithdrawRequest: Rule(decide=withdraw_request, right=Right(own=("requester",))),
    do.RecordPastRequest: Rule(decide=record_past_request, right=Right(roles=_WORKER)),
}

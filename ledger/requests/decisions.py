"""Decisions about requests (domain.md §2): posting and review here, claims, closing and past records beside."""

from __future__ import annotations

from datetime import timedelta

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.errors import Conflict, NotYours, Refused
from ledger.parties.state import need_member
from ledger.places.state import need_place, need_point
from ledger.policy.state import policy_of
from ledger.requests import commands as do
from ledger.requests import facts
from ledger.requests.assigning import add_evidence, assign_request, contact_requester
from ledger.requests.claims import claim_request, declare_unmet, fulfil_request, lapse_claim, release_claim
from ledger.requests.closing import close_request, reopen_request, withdraw_request
from ledger.requests.kinds import kind_of
from ledger.requests.past import record_past_request
from ledger.requests.stages import (
    WORKER,
    due,
    escalate_request,
    is_in_charge,
    is_worker,
    mark_overdue,
    warn_request,
)
from ledger.requests.state import Request, need_request
from ledger.requests.wanted import check_wanted
from ledger.rights import serves


def _requester_place(view: View, c: do.PostRequest, scene: Scene) -> str | None:
    """Where the one who asks lives; a listing comes from the street or community and not from a member."""
    if not kind_of(c.kind).from_workers:
        return need_member(view, c.requester).place
    if scene.actor != c.requester or not serves(view, c.requester, WORKER, c.place):
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
    deadline = due(view, c.kind, "posted", request_id, scene)
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
        ),
        *deadline,
    ]


def _to_review(view: View, c: do.PublishRequest | do.DeclineRequest, scene: Scene) -> Request:
    """A request that waits for review or stands in public notice, by somebody who did not ask for it.

    Workers review; what goes up the tree of places is also taken on by who answers for the place where it stands.
    """
    request_id = c.request_id
    request, posted = need_request(view, request_id)
    in_charge = kind_of(posted.kind).escalates and is_in_charge(view, request, scene)
    if not in_charge and not is_worker(view, scene, request_id):
        raise NotYours("not_allowed", command=c.NAME)
    if request.status not in ("posted", "noticed"):
        raise Conflict("request_reviewed", request=request_id, status=request.status)
    if scene.actor == posted.requester:
        raise NotYours("own_request", request=request_id)
    return request


def publish_request(view: View, c: do.PublishRequest, scene: Scene) -> list[Fact]:
    """See `PublishRequest`; who reviewed it stays its reviewer when the public notice is over."""
    request = _to_review(view, c, scene)
    kind, reviewer = kind_of(request.kind), scene.actor
    if kind.by_meetings:
        raise Refused("projects_are_voted_on", request=c.request_id)
    if request.status == "noticed" and request.notice is not None:
        if scene.today <= request.notice.until_day:
            raise Refused("in_public_notice", until_day=request.notice.until_day.isoformat())
        reviewer = request.notice.reviewer
    elif kind.noticed and (days := policy_of(view).number("requests.notice_days", scene.today)):
        until = scene.today + timedelta(days=days)
        return [facts.RequestNoticed(request_id=c.request_id, reviewer=reviewer, day=scene.today, until_day=until)]
    return [
        facts.RequestPublished(request_id=c.request_id, reviewer=reviewer, day=scene.today),
        *due(view, kind.name, "published", c.request_id, scene),
    ]


def decline_request(view: View, c: do.DeclineRequest, scene: Scene) -> list[Fact]:
    """See `DeclineRequest`."""
    _to_review(view, c, scene)
    return [facts.RequestDeclined(request_id=c.request_id, reviewer=scene.actor, reason=c.reason)]


# `anybody` is for members of a team, workers who accept a listing, and who answers for a place: whom the decisions
# themselves let through.
RULES: dict[type[Command], Decide] = {
    do.PostRequest: post_request,
    do.PublishRequest: publish_request,
    do.DeclineRequest: decline_request,
    do.ClaimRequest: claim_request,
    do.ReleaseClaim: release_claim,
    do.LapseClaim: lapse_claim,
    do.FulfilRequest: fulfil_request,
    do.CloseRequest: close_request,
    do.ReopenRequest: reopen_request,
    do.DeclareUnmet: declare_unmet,
    do.WithdrawRequest: withdraw_request,
    do.RecordPastRequest: record_past_request,
    do.AssignRequest: assign_request,
    do.ContactRequester: contact_requester,
    do.AddEvidence: add_evidence,
    do.EscalateRequest: escalate_request,
    do.WarnRequest: warn_request,
    do.MarkOverdue: mark_overdue,
}

"""The decision to forget somebody: what they still hold is settled by facts, then the words about them are destroyed.

What blocks it is only what somebody else would lose by it and they themselves can put right in a minute: a ward without
a guardian, a neighbour's work that nobody else may confirm, money on its way to them. Claims are handed back, requests
withdrawn, reservations released; roles and proxies end. Nothing of it asks for a word (PIPL §47: deletion is a right).
"""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds.commands import ANONYMOUS
from ledger.funds.state import Grant, GrantsFor, need_grant_known, need_receipt
from ledger.hours import facts as hours
from ledger.hours.state import ReservationsHeld
from ledger.ids import PERSON, SERVICE, TEAM, UNIT, prefix_of
from ledger.parties import commands as do
from ledger.parties import facts
from ledger.parties.state import Erasure, Standing, roles_of
from ledger.partners.reporting import report_of_who_left
from ledger.partners.state import CallState
from ledger.policy.state import policy_of
from ledger.requests import facts as requests
from ledger.requests.handing_back import hand_back
from ledger.requests.kinds import kind_of
from ledger.requests.state import Request, RequestsAsked, need_request

KEEPERS = frozenset({"administrator", "community_worker"})
OWN_CAUSES = frozenset({"own_wish", "consent_withdrawn"})
"""What people can say for themselves; the other causes are for those who keep the register."""


def erase_personal_data(view: View, c: do.ErasePersonalData, scene: Scene) -> list[Fact]:
    """See `ErasePersonalData`; where policy asks for two keepers, the first of them only asks."""
    _need_subject(view, c.subject, scene)
    erasure = view.state(Erasure, c.subject)
    if erasure.erased:
        raise Conflict("already_erased", subject=c.subject)
    if scene.role not in KEEPERS and c.cause not in OWN_CAUSES:
        raise NotYours("reason_not_yours_to_state", reason=c.cause)
    settled = _settled(view, c, scene) if prefix_of(c.subject) == PERSON else []
    if scene.role in KEEPERS and policy_of(view).number("privacy.erasers", scene.today) > 1:
        if erasure.asked is None:
            return [facts.ErasureAsked(subject=c.subject, cause=c.cause, asked_by=scene.actor)]
        if erasure.asked.asked_by == scene.actor:
            raise NotYours("second_keeper_needed", subject=c.subject)
    asked_by = scene.actor if erasure.asked is None else erasure.asked.asked_by
    return [*settled, facts.PersonalDataErased(subject=c.subject, cause=c.cause, asked_by=asked_by)]


def _need_subject(view: View, subject: str, scene: Scene) -> None:
    """A subject whose words are its own: raises NotFound, Refused `words_of_a_person`, NotYours `not_allowed`.

    The words of receipts and grants are vouchers that the law wants kept for a time: only who appoints, and spends
    nothing, lets them go.
    """
    kind, person = prefix_of(subject), None
    if kind in (PERSON, TEAM, UNIT):
        if view.state(Standing, subject).kind != kind:
            raise NotFound("no_such_subject", subject=subject)
    elif kind == "req":
        _, posted = need_request(view, subject)
        known = not kind_of(posted.kind).from_workers and posted.requester and prefix_of(posted.requester) != SERVICE
        person = posted.requester if known else None
    elif kind == "rcpt":
        donor = need_receipt(view, subject)[1].donor
        person = None if donor == ANONYMOUS else donor
    elif kind == "grant":
        need_grant_known(view, subject)
    elif kind != "call" or view.state(CallState, subject).begun is None:
        raise NotFound("no_such_subject", subject=subject)
    if person is not None:
        raise Refused("words_of_a_person", subject=subject, party=person)
    if kind in ("rcpt", "grant") and scene.role != "administrator":
        raise NotYours("not_allowed", command=do.ErasePersonalData.NAME)


def _settled(view: View, c: do.ErasePersonalData, scene: Scene) -> list[Fact]:
    """Everything that ends with a member's being here; raises Refused for what they have to put right first."""
    member = c.subject
    standing = view.state(Standing, member)
    if not standing.left and c.cause in OWN_CAUSES:
        _check_duties(view, member)
    ended: list[Fact] = [*hand_back(view, member, scene), *_requests(view, member), *_reservations(view, member)]
    ended += [facts.PublicationWithdrawn(member_id=member, where=where) for where in sorted(standing.agreed)]
    ended += [facts.ProxyEnded(principal=member, proxy=proxy) for proxy in sorted(standing.proxies)]
    roles = roles_of(view, member)
    ended += [facts.ProxyEnded(principal=principal, proxy=member) for principal in sorted(roles.principals)]
    ended += [
        facts.RoleRevoked(holder=member, role=role, scope=scope, revoked_by=scene.actor)
        for role, scope in sorted(roles.held)
    ]
    if not standing.left:
        ended.append(facts.MemberLeft(member_id=member))
    ended += report_of_who_left(view, member, scene)
    return ended


def _check_duties(view: View, member: str) -> None:
    """Raises Refused (`still_a_guardian`, `work_to_confirm`, `grant_on_its_way`)."""
    for principal in sorted(roles_of(view, member).principals):
        ward = view.state(Standing, principal)
        if ward.guardian == member and not ward.left:
            raise Refused("still_a_guardian", ward=principal)
    for request_id in sorted(view.state(RequestsAsked, member).open):
        if view.state(Request, request_id).status == "fulfilled":
            raise Refused("work_to_confirm", request=request_id)
    for grant_id in sorted(view.state(GrantsFor, member).proposed):
        if view.state(Grant, grant_id).status in ("proposed", "approved"):
            raise Refused("grant_on_its_way", grant=grant_id)


def _requests(view: View, member: str) -> list[Fact]:
    """What they asked for and nobody has done is taken back; work that waits for a word of theirs stays as it is."""
    ended: list[Fact] = []
    for request_id in sorted(view.state(RequestsAsked, member).open):
        request = view.state(Request, request_id)
        if request.status in ("posted", "published", "claimed"):
            claimant = None if request.claim is None else request.claim.claimant
            ended.append(requests.RequestWithdrawn(request_id=request_id, claimant=claimant, requester=member))
    return ended


def _reservations(view: View, member: str) -> list[Fact]:
    held = view.state(ReservationsHeld, member).open
    return [
        hours.HoursReleased(reservation_id=one, member=member, minutes=minutes, cause="cancelled")
        for one, minutes in sorted(held.items())
    ]


ERASURE_RULES: dict[type[Command], Decide] = {
    do.ErasePersonalData: erase_personal_data,
}

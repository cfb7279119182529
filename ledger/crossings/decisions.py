"""Decisions about hours between two ledgers: each transfer is sent once, answered once, and settled once.

Nothing here knows the other database. The courier may die anywhere and begin again: what it repeats is refused as
`transfer_settled` or answered as before, and what it had not yet carried is still on its way.
"""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.crossings import commands as do
from ledger.crossings import facts
from ledger.crossings.proofs import check_proof, check_vkey
from ledger.crossings.state import Peer, Transfer, need_peer
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.records import banked
from ledger.hours.spending import check_taking
from ledger.ids import PERSON, SERVICE, looks_like_id
from ledger.parties.state import Standing, need_member
from ledger.units import MAX_MINUTES, check_minutes

PEER = "peer"
REASONS = ("no_such_member", "member_left", "crossing_ended", "limit_reached")
"""Why minutes are turned away."""


def agree_crossing(view: View, c: do.AgreeCrossing, scene: Scene) -> list[Fact]:
    """See `AgreeCrossing`."""
    check_id(c.peer, PEER)
    check_id(c.here, PEER)
    if c.courier.startswith(f"{SERVICE}_"):
        if not looks_like_id(c.courier):
            raise Refused("bad_id", expected=SERVICE)
    else:
        need_member(view, c.courier)
    if c.limit_minutes is not None and not 0 <= c.limit_minutes <= MAX_MINUTES:
        raise Refused("absurd_amount", field="limit_minutes", value=c.limit_minutes, most=MAX_MINUTES)
    return [
        facts.CrossingAgreed(
            peer=c.peer,
            here=c.here,
            vkey=check_vkey(c.vkey),
            courier=c.courier,
            limit_minutes=c.limit_minutes,
            agreed_by=scene.actor,
        )
    ]


def end_crossing(view: View, c: do.EndCrossing, scene: Scene) -> list[Fact]:
    """See `EndCrossing`."""
    peer, _ = need_peer(view, c.peer)
    if peer.ended:
        raise Conflict("crossing_ended", peer=c.peer)
    return [facts.CrossingEnded(peer=c.peer, ended_by=scene.actor)]


def send_hours(view: View, c: do.SendHours, scene: Scene) -> list[Fact]:
    """See `SendHours`; the agreement with the other ledger is the permission, also where gifts are for kin alone."""
    check_id(c.transfer_id, "cross")
    check_id(c.receiver, PERSON)
    if view.state(Transfer, c.transfer_id) != Transfer(tag=c.transfer_id):
        raise Conflict("transfer_exists", transfer=c.transfer_id)
    peer, agreed = need_peer(view, c.peer)
    if peer.ended:
        raise Refused("crossing_ended", peer=c.peer)
    check_taking(view, c.giver, c.minutes, scene)
    return [
        facts.HoursSent(
            transfer_id=c.transfer_id,
            peer=c.peer,
            giver=c.giver,
            receiver=c.receiver,
            minutes=c.minutes,
            courier=agreed.courier,
            words=scene.sealed,
        )
    ]


def _carrying(view: View, peer_id: str, scene: Scene) -> tuple[Peer, facts.CrossingAgreed]:
    """The other ledger, where the actor is the courier that was agreed; raises NotYours `not_the_courier`."""
    peer, agreed = need_peer(view, peer_id)
    if scene.actor != agreed.courier:
        raise NotYours("not_the_courier", peer=peer_id)
    return peer, agreed


def _why_not(view: View, peer: Peer, agreed: facts.CrossingAgreed, receiver: str, minutes: int) -> str:
    """Why these minutes are turned away, "" where they are welcome."""
    if peer.ended:
        return "crossing_ended"
    standing = view.state(Standing, receiver)
    if standing.kind != PERSON:
        return "no_such_member"
    if standing.left:
        return "member_left"
    if agreed.limit_minutes is not None and peer.come + minutes > agreed.limit_minutes:
        return "limit_reached"
    return ""


def receive_hours(view: View, c: do.ReceiveHours, scene: Scene) -> list[Fact]:
    """See `ReceiveHours`; the one answer to a transfer, which nothing changes afterwards."""
    check_id(c.transfer_id, "cross")
    check_id(c.receiver, PERSON)
    check_minutes(c.minutes)
    peer, agreed = _carrying(view, c.peer, scene)
    answered = view.state(Transfer, c.transfer_id).answered
    if answered:
        raise Conflict("transfer_settled", transfer=c.transfer_id, status=answered)
    said = {"transfer_id": c.transfer_id, "peer": agreed.here, "receiver": c.receiver, "minutes": c.minutes}
    check_proof(agreed, c.proof, c.record, facts.HoursSent, said)
    reason = _why_not(view, peer, agreed, c.receiver, c.minutes)
    if reason:
        return [
            facts.HoursTurnedAway(
                transfer_id=c.transfer_id,
                peer=c.peer,
                receiver=c.receiver,
                minutes=c.minutes,
                reason=reason,
                carried_by=scene.actor,
                proof=c.proof,
                record=c.record,
            )
        ]
    overflow, overflow_to = banked(view, c.receiver, c.minutes, scene)
    return [
        facts.HoursArrived(
            transfer_id=c.transfer_id,
            peer=c.peer,
            receiver=c.receiver,
            minutes=c.minutes,
            overflow=overflow,
            overflow_to=overflow_to,
            carried_by=scene.actor,
            proof=c.proof,
            record=c.record,
        )
    ]


def _on_its_way(
    view: View, c: do.ConfirmArrival | do.ReturnHours, scene: Scene
) -> tuple[facts.CrossingAgreed, facts.HoursSent]:
    """What was sent to that ledger and has not been settled."""
    _, agreed = _carrying(view, c.peer, scene)
    transfer = view.state(Transfer, c.transfer_id)
    if transfer.sent is None or transfer.sent.peer != c.peer:
        raise NotFound("no_such_transfer", transfer=c.transfer_id)
    if transfer.settled:
        raise Conflict("transfer_settled", transfer=c.transfer_id, status=transfer.settled)
    return agreed, transfer.sent


def confirm_arrival(view: View, c: do.ConfirmArrival, scene: Scene) -> list[Fact]:
    """See `ConfirmArrival`."""
    agreed, sent = _on_its_way(view, c, scene)
    said = {"transfer_id": c.transfer_id, "peer": agreed.here, "receiver": sent.receiver, "minutes": sent.minutes}
    check_proof(agreed, c.proof, c.record, facts.HoursArrived, said)
    return [
        facts.ArrivalConfirmed(
            transfer_id=c.transfer_id,
            peer=c.peer,
            giver=sent.giver,
            carried_by=scene.actor,
            proof=c.proof,
            record=c.record,
        )
    ]


def return_hours(view: View, c: do.ReturnHours, scene: Scene) -> list[Fact]:
    """See `ReturnHours`; also to who left meanwhile, and past the storage cap: the minutes were theirs."""
    agreed, sent = _on_its_way(view, c, scene)
    if c.reason not in REASONS:
        raise Refused("bad_name", field="reason", most=40)
    said = {"transfer_id": c.transfer_id, "peer": agreed.here, "minutes": sent.minutes, "reason": c.reason}
    check_proof(agreed, c.proof, c.record, facts.HoursTurnedAway, said)
    return [
        facts.HoursReturned(
            transfer_id=c.transfer_id,
            peer=c.peer,
            giver=sent.giver,
            minutes=sent.minutes,
            reason=c.reason,
            carried_by=scene.actor,
            proof=c.proof,
            record=c.record,
        )
    ]


# Couriers are named in the agreement: the role or membership only lets them ask.
RULES: dict[type[Command], Decide] = {
    do.AgreeCrossing: agree_crossing,
    do.EndCrossing: end_crossing,
    do.SendHours: send_hours,
    do.ReceiveHours: receive_hours,
    do.ConfirmArrival: confirm_arrival,
    do.ReturnHours: return_hours,
}

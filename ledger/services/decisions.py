"""Decisions about services: declared, reserved, performed, settled (M12). A paid one never earns volunteer hours.

A free one costs the member its minutes, and its performer banks them; of a low-cost one it is policy's share of them, for
the rest is paid; of a paid one nothing is set aside and nothing is banked. Money is between the two, outside of here.
"""

from __future__ import annotations

from datetime import date

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE, day_of
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.facts import day_tag
from ledger.hours.records import banked
from ledger.hours.spending import check_taking
from ledger.hours.state import DayLog
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import Standing, acts_for, need_member, need_party, works_for
from ledger.places.state import need_place
from ledger.policy.state import policy_of
from ledger.services import commands as do
from ledger.services import facts
from ledger.services.openings import OPENING_RULES
from ledger.services.state import Service, ServiceReservation, need_service
from ledger.units import DAY_MINUTES, check_fen, check_minutes

WORKER = "community_worker"


def declare_service(view: View, c: do.DeclareService, scene: Scene) -> list[Fact]:
    """See `DeclareService`; a free one has no price, the others have one."""
    check_id(c.service_id, "srv")
    if view.state(Service, c.service_id).declared is not None:
        raise Conflict("service_exists", service=c.service_id)
    need_party(view, c.provider)
    check_may_act(view, c.provider, scene.today)
    if c.place is not None:
        need_place(view, c.place)
    check_minutes(c.minutes, DAY_MINUTES)
    if c.charge == "free" and c.price_fen:
        raise Refused("free_has_no_price", price_fen=c.price_fen)
    if c.charge != "free":
        check_fen(c.price_fen)
    return [
        facts.ServiceDeclared(
            service_id=c.service_id,
            provider=c.provider,
            name=check_name(c.name),
            charge=c.charge,
            minutes=c.minutes,
            price_fen=c.price_fen,
            place=c.place,
            declared_by=scene.actor,
            day=scene.today,
        )
    ]


def withdraw_service(view: View, c: do.WithdrawService, scene: Scene) -> list[Fact]:
    """See `WithdrawService`."""
    service, declared = need_service(view, c.service_id)
    if declared.provider != c.provider:
        raise NotFound("no_such_service", service=c.service_id)
    if service.withdrawn:
        raise Conflict("service_withdrawn", service=c.service_id)
    return [facts.ServiceWithdrawn(service_id=c.service_id, provider=c.provider, withdrawn_by=scene.actor)]


def cost_minutes(view: View, charge: str, minutes: int, today: date) -> int:
    """What a service costs in hours: rounded to the nearest minute and never to nothing, which only a paid one costs."""
    if charge == "paid":
        return 0
    if charge == "free":
        return minutes
    percent = policy_of(view).number("services.low_cost_percent", today)
    return max(1, (minutes * percent + 50) // 100)


def reserve_service(view: View, c: do.ReserveService, scene: Scene) -> list[Fact]:
    """See `ReserveService`; nobody reserves what they offer themselves."""
    check_id(c.reservation_id, "rsv")
    if view.state(ServiceReservation, c.reservation_id).made is not None:
        raise Conflict("reservation_exists", reservation=c.reservation_id)
    service, declared = need_service(view, c.service_id)
    if service.withdrawn:
        raise Conflict("service_withdrawn", service=c.service_id)
    need_member(view, c.member)
    check_may_act(view, c.member, scene.today)
    check_may_act(view, declared.provider, scene.today)
    if acts_for(view, c.member, declared.provider) or scene.actor == declared.provider:
        raise NotYours("own_service", service=c.service_id)
    minutes = cost_minutes(view, declared.charge, declared.minutes, scene.today)
    if minutes:
        check_taking(view, c.member, minutes, scene)
    days = policy_of(view).number("services.reservation_days", scene.today)
    return [
        facts.ServiceReserved(
            reservation_id=c.reservation_id,
            service_id=c.service_id,
            member=c.member,
            provider=declared.provider,
            charge=declared.charge,
            minutes=minutes,
            price_fen=declared.price_fen,
            until_at=scene.now_at + days * MICROS_PER_DAY,
            words=scene.sealed,
        )
    ]


def _reservation(view: View, reservation_id: str, status: str) -> tuple[ServiceReservation, facts.ServiceReserved]:
    """A reservation in that state; raises NotFound `no_such_reservation`, Conflict `reservation_settled`."""
    reservation = view.state(ServiceReservation, reservation_id)
    if reservation.made is None:
        raise NotFound("no_such_reservation", reservation=reservation_id)
    if reservation.status != status:
        raise Conflict("reservation_settled", reservation=reservation_id, status=reservation.status)
    return reservation, reservation.made


def perform_service(view: View, c: do.PerformService, scene: Scene) -> list[Fact]:
    """See `PerformService`; the performer's time is taken: it is in no session of service, before or after."""
    _, made = _reservation(view, c.reservation_id, "reserved")
    if not works_for(view, scene.actor, made.provider):
        raise NotYours("cannot_act_for", party=made.provider)
    if scene.now_at >= made.until_at:
        raise Refused("reservation_expired", reservation=c.reservation_id)
    day = _check_time(c, scene)
    performer = made.provider if prefix_of(made.provider) == PERSON else c.performer
    if performer is not None:
        _check_performer(view, made, performer)
        check_may_act(view, performer, scene.today)
        for session_id, (start_at, end_at, _) in view.state(DayLog, day_tag(performer, day)).sessions.items():
            if start_at is not None and end_at is not None and start_at < c.end_at and c.start_at < end_at:
                raise Refused("sessions_overlap", session=session_id)
    return [
        facts.ServicePerformed(
            reservation_id=c.reservation_id,
            service_id=made.service_id,
            member=made.member,
            performer=performer,
            start_at=c.start_at,
            end_at=c.end_at,
            day=day,
            performed_by=scene.actor,
        )
    ]


def _check_time(c: do.PerformService, scene: Scene) -> date:
    """The day of the work, which begins and ends on it and is over; raises Refused as sessions do."""
    if c.end_at <= c.start_at:
        raise Refused("end_before_start")
    if c.end_at > scene.now_at:
        raise Refused("session_in_future")
    if c.start_at < 0 or (c.end_at - c.start_at) % MICROS_PER_MINUTE:
        raise Refused("not_whole_minutes")
    day = day_of(c.start_at, scene.zone)
    if day_of(c.end_at - 1, scene.zone) != day:
        raise Refused("start_on_another_day", day=day.isoformat())
    return day


def _check_performer(view: View, made: facts.ServiceReserved, performer: str) -> None:
    """Another member than the one served, who works for the provider; raises NotYours `own_service`, `cannot_act_for`."""
    standing = need_member(view, performer)
    if performer == made.member:
        raise NotYours("own_service", service=made.service_id)
    mine = performer == made.provider or made.provider in (standing.team, standing.unit)
    if not mine and not acts_for(view, performer, made.provider):
        raise NotYours("cannot_act_for", party=made.provider)


def _settled(view: View, reservation: ServiceReservation, scene: Scene, *, silent: bool) -> facts.ServiceSettled:
    """Who performed it banks what was set aside; a unit that names nobody, or who left meanwhile, banks nothing."""
    made, performed = reservation.made, reservation.performed
    assert made is not None, "what was performed was reserved"
    assert performed is not None, "what is settled was performed"
    performer = performed.performer
    if performer is not None and view.state(Standing, performer).left:
        performer = None
    minutes = made.minutes if performer is not None else 0
    overflow, overflow_to = banked(view, performer, minutes, scene) if performer and minutes else (0, "")
    return facts.ServiceSettled(
        reservation_id=made.reservation_id,
        service_id=made.service_id,
        member=made.member,
        performer=performer,
        charge=made.charge,
        minutes=made.minutes,
        banked_minutes=minutes,
        overflow=overflow,
        overflow_to=overflow_to,
        silent=silent,
        settled_by=scene.actor,
    )


def _speaks_for_member(view: View, member: str, scene: Scene) -> None:
    if scene.role != WORKER and not acts_for(view, scene.actor, member):
        raise NotYours("not_your_reservation")


def confirm_service(view: View, c: do.ConfirmService, scene: Scene) -> list[Fact]:
    """See `ConfirmService`."""
    reservation, made = _reservation(view, c.reservation_id, "performed")
    _speaks_for_member(view, made.member, scene)
    performed = reservation.performed
    if performed is not None and scene.actor in (performed.performer, performed.performed_by):
        raise NotYours("self_verification")
    return [_settled(view, reservation, scene, silent=False)]


def contest_service(view: View, c: do.ContestService, scene: Scene) -> list[Fact]:
    """See `ContestService`."""
    reservation, made = _reservation(view, c.reservation_id, "performed")
    performed = reservation.performed
    if made.member != c.member or performed is None:
        raise NotFound("no_such_reservation", reservation=c.reservation_id)
    return [
        facts.PerformanceContested(
            reservation_id=c.reservation_id,
            member=made.member,
            performer=performed.performer,
            day=performed.day,
            contested_by=scene.actor,
            words=scene.sealed,
        )
    ]


def _cancelled(made: facts.ServiceReserved, cause: str, scene: Scene) -> facts.ServiceCancelled:
    return facts.ServiceCancelled(
        reservation_id=made.reservation_id,
        service_id=made.service_id,
        member=made.member,
        minutes=made.minutes,
        cause=cause,
        cancelled_by=scene.actor,
    )


def cancel_service(view: View, c: do.CancelService, scene: Scene) -> list[Fact]:
    """See `CancelService`."""
    _, made = _reservation(view, c.reservation_id, "reserved")
    if not works_for(view, scene.actor, made.provider):
        _speaks_for_member(view, made.member, scene)
    return [_cancelled(made, "cancelled", scene)]


def expire_service(view: View, c: do.ExpireService, scene: Scene) -> list[Fact]:
    """See `ExpireService`; also of who left: nothing waits for them."""
    reservation = view.state(ServiceReservation, c.reservation_id)
    made = reservation.made
    if made is None:
        raise NotFound("no_such_reservation", reservation=c.reservation_id)
    if reservation.status not in ("reserved", "performed"):
        raise Conflict("reservation_settled", reservation=c.reservation_id, status=reservation.status)
    if scene.now_at < made.until_at:
        raise Refused("not_yet_due", until_at=made.until_at)
    if reservation.status == "performed":
        return [_settled(view, reservation, scene, silent=True)]
    return [_cancelled(made, "expired", scene)]


# `anybody` is for members who work for the provider: whom the decisions themselves let through.
RULES: dict[type[Command], Decide] = {
    do.DeclareService: declare_service,
    do.WithdrawService: withdraw_service,
    do.ReserveService: reserve_service,
    do.PerformService: perform_service,
    do.ConfirmService: confirm_service,
    do.ContestService: contest_service,
    do.CancelService: cancel_service,
    do.ExpireService: expire_service,
    **OPENING_RULES,
}

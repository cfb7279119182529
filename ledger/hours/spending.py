"""Using banked minutes: gifts, the pool, reservations for a service."""

from __future__ import annotations

from ledger.base import Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import MICROS_PER_DAY
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours import commands as do
from ledger.hours import facts
from ledger.hours.circles import check_gift_to, check_guarded
from ledger.hours.records import banked
from ledger.hours.state import Account, Pool, Reservation, Terms
from ledger.parties.state import acts_for, need_member
from ledger.policy.state import policy_of
from ledger.requests.state import need_request
from ledger.services.state import Needs
from ledger.units import check_minutes


def check_taking(view: View, member_id: str, minutes: int, scene: Scene, *, donating: bool = False) -> None:
    """Refuse to take more than the member may use (no overdraft by default; policy may allow one).

    Raises NotFound `no_such_member`, Refused (`member_left`, `insufficient_hours`, `donation_only`), NotYours
    `minor_needs_guardian`.
    """
    need_member(view, member_id)
    check_guarded(view, member_id, scene)
    check_minutes(minutes)
    if not donating and view.state(Terms, member_id).donation_only:
        raise Refused("donation_only", member=member_id)
    account = view.state(Account, member_id)
    overdraft = policy_of(view).number("hours.overdraft_minutes", scene.today)
    if account.usable + overdraft < minutes:
        raise Refused("insufficient_hours", usable=account.usable, asked=minutes)


def give_hours(view: View, c: do.GiveHours, scene: Scene) -> list[Fact]:
    """See `GiveHours`; whoever gives in another's name does not receive (民法典 §168: no agent deals with themselves)."""
    need_member(view, c.receiver)
    if c.giver == c.receiver:
        raise Refused("gift_to_oneself")
    if scene.actor == c.receiver:
        raise NotYours("grant_to_oneself")
    check_taking(view, c.giver, c.minutes, scene)
    check_gift_to(view, c.giver, c.receiver, scene)
    overflow, overflow_to = banked(view, c.receiver, c.minutes, scene)
    return [
        facts.HoursGiven(
            giver=c.giver,
            receiver=c.receiver,
            minutes=c.minutes,
            overflow=overflow,
            overflow_to=overflow_to,
            words=scene.sealed,
        )
    ]


def donate_hours(view: View, c: do.DonateHours, scene: Scene) -> list[Fact]:
    """See `DonateHours`."""
    check_taking(view, c.giver, c.minutes, scene, donating=True)
    return [facts.HoursDonated(giver=c.giver, minutes=c.minutes, words=scene.sealed)]


def grant_from_pool(view: View, c: do.GrantFromPool, scene: Scene) -> list[Fact]:
    """See `GrantFromPool`; nobody grants to themselves, and the pool never goes below zero.

    What policy keeps for them (`hours.pool_reserve_minutes`) goes to members of need groups alone.
    """
    need_member(view, c.receiver)
    check_minutes(c.minutes)
    if scene.actor == c.receiver:
        raise NotYours("grant_to_oneself")
    pool = view.state(Pool, "pool").minutes
    if pool < c.minutes:
        raise Refused("insufficient_pool", pool=pool, asked=c.minutes)
    kept = policy_of(view).number("hours.pool_reserve_minutes", scene.today)
    if pool - c.minutes < kept and not view.state(Needs, c.receiver).admitted:
        raise Refused("pool_kept_for_need_groups", pool=pool, kept=kept, asked=c.minutes)
    over, _ = banked(view, c.receiver, c.minutes, scene)
    if over:
        raise Refused("storage_cap_reached", over=over)
    return [facts.PoolGranted(receiver=c.receiver, minutes=c.minutes, granted_by=scene.actor, words=scene.sealed)]


def reserve_hours(view: View, c: do.ReserveHours, scene: Scene) -> list[Fact]:
    """See `ReserveHours`."""
    check_id(c.reservation_id, "rsv")
    if c.request_id is not None:
        need_request(view, c.request_id)
    if c.provider is not None:
        need_member(view, c.provider)
        if c.provider == c.member:
            raise Refused("gift_to_oneself")
    check_taking(view, c.member, c.minutes, scene)
    days = policy_of(view).number("hours.reservation_days", scene.today)
    return [
        facts.HoursReserved(
            reservation_id=c.reservation_id,
            member=c.member,
            minutes=c.minutes,
            provider=c.provider,
            request_id=c.request_id,
            until_at=scene.now_at + days * MICROS_PER_DAY,
            words=scene.sealed,
        )
    ]


def _open_reservation(view: View, reservation_id: str) -> facts.HoursReserved:
    reservation = view.state(Reservation, reservation_id)
    if reservation.made is None:
        raise NotFound("no_such_reservation", reservation=reservation_id)
    if reservation.status != "open":
        raise Conflict("reservation_settled", reservation=reservation_id, status=reservation.status)
    return reservation.made


def _of_member_or_worker(view: View, scene: Scene, made: facts.HoursReserved) -> None:
    if scene.role == "" and not acts_for(view, scene.actor, made.member):
        raise NotYours("not_your_reservation")


def settle_reservation(view: View, c: do.SettleReservation, scene: Scene) -> list[Fact]:
    """See `SettleReservation`; confirmed by the member who reserved, a proxy, or a worker who is not the provider."""
    made = _open_reservation(view, c.reservation_id)
    _of_member_or_worker(view, scene, made)
    if scene.actor == made.provider:
        raise NotYours("self_verification")
    if scene.now_at >= made.until_at:
        raise Refused("reservation_expired", reservation=c.reservation_id)
    overflow, overflow_to = (0, "") if made.provider is None else banked(view, made.provider, made.minutes, scene)
    return [
        facts.HoursRedeemed(
            reservation_id=c.reservation_id,
            member=made.member,
            provider=made.provider,
            minutes=made.minutes,
            overflow=overflow,
            overflow_to=overflow_to,
        )
    ]


def release_reservation(view: View, c: do.ReleaseReservation, scene: Scene) -> list[Fact]:
    """See `ReleaseReservation`."""
    made = _open_reservation(view, c.reservation_id)
    _of_member_or_worker(view, scene, made)
    return [
        facts.HoursReleased(
            reservation_id=c.reservation_id, member=made.member, minutes=made.minutes, cause="cancelled"
        )
    ]


def expire_reservation(view: View, c: do.ExpireReservation, scene: Scene) -> list[Fact]:
    """See `ExpireReservation`."""
    made = _open_reservation(view, c.reservation_id)
    if scene.now_at < made.until_at:
        raise Refused("not_yet_due", until_at=made.until_at)
    return [
        facts.HoursReleased(reservation_id=c.reservation_id, member=made.member, minutes=made.minutes, cause="expired")
    ]

"""Stories of the engine `shifts`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ledger.clock import MICROS_PER_MINUTE, at_time
from ledger.hours.facts import SessionRecorded
from ledger.shifts import facts
from tests.projections.cast import MEMBERS, PLACES, TEAMS, UNITS, WORKER

if TYPE_CHECKING:
    from tests.projections.teller import Teller

ROTAS, OPEN, OVER = "shifts.rotas", "shifts.open", "shifts.over"
"""Plans; then shifts as [the fact, {sign-up: [member, how far]}], those to come and those that are closed."""


def plan(teller: Teller, a: int, b: int, n: int) -> None:
    """A rota; one in three has ended."""
    rota = facts.RotaPlanned(
        rota_id=teller.fresh("rota"), name="值守", place=PLACES[b % 3], team=TEAMS[a % 2] if n % 2 else None,
        organiser=UNITS[a % 3] if b % 2 else None, in_charge=MEMBERS[a % 6], weekdays=(a % 7,) if a % 7 > 3 else (0, 4),
        start_minute=n % 1_440, minutes=n % 300 + 1, capacity=b % 5 + 1, from_day=teller.day(n),
        until_day=teller.day(n + 90) if a % 2 else None, on_holidays=a % 3 == 0, pooled=b % 3 == 0, planned_by=WORKER,
    )  # fmt: skip
    teller.tell(rota)
    if n % 3 == 0:
        ended = facts.RotaEnded(rota_id=rota.rota_id, reason="done", ended_by=WORKER, day=teller.day(n))
        teller.tell(ended)
    else:
        teller.kept[ROTAS].append(rota)


def schedule(teller: Teller, a: int, b: int, n: int) -> None:
    """A shift of a rota, or one by itself; one in six is cancelled at once."""
    rotas, day = teller.kept[ROTAS], teller.day(n)
    start_at = at_time(day, 8 + a % 8, 0)
    shift = facts.ShiftScheduled(
        shift_id=teller.fresh("shift"), rota_id=rotas[a % len(rotas)].rota_id if rotas and b % 2 else None, name="值守",
        place=PLACES[b % 3], in_charge=MEMBERS[a % 6], day=day, start_at=start_at,
        end_at=start_at + 120 * MICROS_PER_MINUTE, capacity=2, pooled=n % 5 == 0,
    )  # fmt: skip
    teller.tell(shift)
    if n % 6 == 0:
        teller.tell(facts.ShiftCancelled(shift_id=shift.shift_id, reason="weather", cancelled_by=WORKER))
    else:
        teller.kept[OPEN].append([shift, {}])


def sign_up(teller: Teller, a: int, b: int, n: int) -> None:
    """Somebody who has no sign-up yet, or several at once; the third waits."""
    if not teller.kept[OPEN]:
        return
    shift, seats = teller.kept[OPEN][b % len(teller.kept[OPEN])]
    for member in MEMBERS[a % 6 : a % 6 + n % 4 + 1]:
        if any(seat[0] == member for seat in seats.values()):
            continue
        waiting = sum(seat[1] != "waiting" for seat in seats.values()) >= shift.capacity
        signup_id = teller.fresh("sgn")
        seats[signup_id] = [member, "waiting" if waiting else "booked"]
        teller.tell(
            facts.SignedUp(
                signup_id=signup_id, shift_id=shift.shift_id, member=member, waiting=waiting, start_at=shift.start_at,
                end_at=shift.end_at,
            )
        )  # fmt: skip


def _one(teller: Teller, where: str, a: int, *stages: str) -> tuple[Any, dict[str, Any], str] | None:
    """A shift, its seats and a sign-up that came so far."""
    found = [(*one, key) for one in teller.kept[where] for key, seat in one[1].items() if seat[1] in stages]
    return found[a % len(found)] if found else None


def withdraw(teller: Teller, a: int, b: int, n: int) -> None:
    """Somebody will not come; whoever waited longest moves up."""
    found = _one(teller, OPEN, a, "booked", "waiting")
    if found is None:
        return
    shift, seats, signup_id = found
    member, stage = seats.pop(signup_id)
    cause = ("in_time", "short_notice", "left")[n % 3] if stage == "booked" else "in_time"
    teller.tell(facts.SignupEnded(signup_id=signup_id, shift_id=shift.shift_id, member=member, cause=cause))
    waiting = next((key for key, seat in seats.items() if seat[1] == "waiting"), None)
    if stage == "booked" and waiting is not None:
        seats[waiting][1] = "booked"
        teller.tell(facts.MovedUp(signup_id=waiting, shift_id=shift.shift_id, member=seats[waiting][0]))


def come(teller: Teller, a: int, b: int, n: int) -> None:
    """Somebody checks in."""
    found = _one(teller, OPEN, a, "booked")
    if found is not None:
        shift, seats, signup_id = found
        seats[signup_id][1] = "in"
        when = shift.start_at + n % 30
        teller.tell(_checked(facts.CheckedIn, shift, signup_id, seats[signup_id][0], when))


def _checked(kind: Any, shift: Any, signup_id: str, member: str, when: int, **more: Any) -> Any:
    step = when // MICROS_PER_MINUTE
    return kind(signup_id=signup_id, shift_id=shift.shift_id, member=member, step=step, checked_at=when, **more)


def _session(teller: Teller, shift: Any, member: str, origin: str) -> SessionRecorded:
    return SessionRecorded(
        session_id=teller.fresh("ses"), volunteer=member, activity_id=shift.shift_id, day=shift.day, last_day=shift.day,
        start_at=shift.start_at, end_at=shift.end_at, minutes=120, origin=origin, place=shift.place,
        in_charge=shift.in_charge, recorder=member, guarantor=None if origin == "scanned" else WORKER,
    )  # fmt: skip


def _serve(teller: Teller, session: SessionRecorded) -> None:
    """The session follows, and others may go on with it."""
    teller.recorded.append(session)
    teller.tell(session)


def go(teller: Teller, a: int, b: int, n: int) -> None:
    """Somebody checks out; now and then no session can follow."""
    found = _one(teller, OPEN, a, "in")
    if found is None:
        return
    shift, seats, signup_id = found
    member = seats[signup_id][0]
    seats[signup_id][1] = "out"
    if n % 4 == 0:
        gone = _checked(facts.CheckedOut, shift, signup_id, member, shift.end_at, barrier="daily_cap_exceeded")
        teller.tell(gone)
        return
    session = _session(teller, shift, member, "scanned")
    teller.tell(_checked(facts.CheckedOut, shift, signup_id, member, shift.end_at, session_id=session.session_id))
    _serve(teller, session)


def close(teller: Teller, a: int, b: int, n: int) -> None:
    """A shift is over; somebody signs for it, now and then."""
    if not teller.kept[OPEN]:
        return
    shift, seats = teller.kept[OPEN].pop(a % len(teller.kept[OPEN]))
    teller.kept[OVER].append([shift, seats])
    teller.tell(facts.ShiftClosed(shift_id=shift.shift_id))
    for signup_id, seat in seats.items():
        member, stage = seat
        named = {"signup_id": signup_id, "shift_id": shift.shift_id, "member": member}
        if stage == "in":
            seat[1] = "no_check_out"
            teller.tell(facts.CheckOutMissed(**named))
        elif stage == "booked":
            seat[1] = "absent"
            teller.tell(facts.ShiftNotAttended(**named, day=shift.day))
        elif stage == "waiting":
            seat[1] = "ended"
            teller.tell(facts.SignupEnded(**named, cause="full"))
    if n % 2:
        teller.tell(facts.ShiftConfirmed(shift_id=shift.shift_id, confirmed_by=WORKER))


def attest(teller: Teller, a: int, b: int, n: int) -> None:
    """Another says when somebody went."""
    found = _one(teller, OVER, a, "no_check_out")
    if found is None:
        return
    shift, seats, signup_id = found
    seats[signup_id][1] = "out"
    session = _session(teller, shift, seats[signup_id][0], "attested")
    teller.tell(
        facts.CheckOutAttested(
            signup_id=signup_id, shift_id=shift.shift_id, member=session.volunteer, session_id=session.session_id,
            out_at=shift.end_at, attested_by=WORKER,
        )
    )  # fmt: skip
    _serve(teller, session)


def paper(teller: Teller, a: int, b: int, n: int) -> None:
    """A paper list: who was taken for absent, a stranger, and a row that cannot be."""
    if not teller.kept[OVER]:
        return
    shift, seats = teller.kept[OVER][a % len(teller.kept[OVER])]
    absent = [(key, seat) for key, seat in seats.items() if seat[1] == "absent"][: n % 3]
    guests: list[tuple[str | None, Any]] = [(None, [MEMBERS[b % 6], ""])] if n % 2 else []
    rows = [*absent, *guests]
    list_id = teller.fresh("list")
    teller.tell(
        facts.PaperListEntered(
            list_id=list_id, shift_id=shift.shift_id, guarantor=WORKER, whole=n % 5 == 0, rows=len(rows) + 1,
            entered_by=WORKER,
        )
    )  # fmt: skip
    for number, (signup_id, seat) in enumerate([*rows, (next(iter(seats), None), [MEMBERS[a % 6], ""])], 1):
        good = number <= len(rows)
        session = _session(teller, shift, seat[0], "attested")
        if good:
            seat[1] = "out"
        teller.tell(
            facts.PaperRowEntered(
                row_id=teller.fresh("row"), list_id=list_id, shift_id=shift.shift_id, row=number, member=seat[0],
                from_minute=840, to_minute=960, signup_id=signup_id, session_id=session.session_id if good else None,
                barrier="" if good else "outside_the_shift",
            )
        )  # fmt: skip
        if good:
            _serve(teller, session)


STEPS: tuple[Callable[[Teller, int, int, int], None], ...] = (
    plan, schedule, sign_up, withdraw, come, go, close, attest, paper,
)  # fmt: skip

"""Shifts: two that were held, with codes that people scanned, and those of today and the coming days to sign up for."""

from __future__ import annotations

from api.demo.data import ShiftEntry, life
from api.demo.people import People, Staff
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.clock import MICROS_PER_MINUTE
from ledger.shifts.commands import (
    AttestCheckOut,
    CheckIn,
    CheckOut,
    ConfirmShift,
    PlanRota,
    ScheduleShift,
    SignUp,
)
from ledger.shifts.facts import ShiftScheduled

_FORGOTTEN = 1
"""Of who forgot to check out, one still waits for somebody to say when they went."""
_EARLY_MINUTES, _SHEET_MINUTES = 5, 10
_WEEKEND, _ROTA_MINUTE, _ROTA_MINUTES, _ROTA_PLACES = (5, 6), 8 * 60 + 30, 120, 3


def scanned(run: Run) -> int:
    """How many verified sessions came of the shifts that were held; none where no day has been lived yet."""
    held = [entry.signed_up - 1 for entry in life().shifts if entry.day < 0]
    return sum(held) - _FORGOTTEN if run.lived else 0


def _helpers(people: People, entry: ShiftEntry) -> list[str]:
    """王阿姨 is among them nearly everywhere, and 刘经理 helped where it is over."""
    crowd = people.volunteers[90 + 3 * abs(entry.day) :][: entry.signed_up]
    named = [people.neighbours[key] for key in (("wang", "liu") if entry.day < 0 else ("wang",))]
    return [*named, *crowd[len(named) :]] if entry.day <= 1 else crowd


def _schedule(run: Run, staff: Staff, people: People, places: Places, number: int) -> str:
    entry = life().shifts[number]
    start_at = run.at(run.ago(-entry.day), *entry.begins)
    yards = places.courtyards
    held = ScheduleShift(
        name=entry.name, place=yards[0 if entry.day <= 1 else number % len(yards)].id,
        in_charge=people.neighbours["master" if number % 2 == 0 else "han"], start_at=start_at,
        end_at=start_at + entry.minutes * MICROS_PER_MINUTE, capacity=entry.capacity,
    )  # fmt: skip
    return made(run.one(staff["sun"], f"shift:{number}", held), ShiftScheduled).shift_id


def _sign_up(run: Run, people: People, number: int, shift_id: str) -> list[str]:
    helpers = _helpers(people, life().shifts[number])
    for i, member in enumerate(helpers):
        run.one(member, f"shift:{number}:signup:{i}", SignUp(shift_id=shift_id, member=member))
    return helpers


def hold(run: Run, staff: Staff, people: People, places: Places, number: int) -> None:
    """One shift from the first sign-up to the sheet: one stays away, one forgets to check out, and a worker signs."""
    entry = life().shifts[number]
    days_ago, (hour, minute) = -entry.day, entry.begins
    run.be(days_ago + 1, 10)
    shift_id = _schedule(run, staff, people, places, number)
    came = _sign_up(run, people, number, shift_id)[:-1]
    run.be(days_ago, *divmod(hour * 60 + minute - _EARLY_MINUTES, 60))
    code = run.code(shift_id)
    for i, member in enumerate(came):
        run.one(member, f"shift:{number}:in:{i}", CheckIn(shift_id=shift_id, member=member, code=code))
    over = hour * 60 + minute + entry.minutes
    run.be(days_ago, *divmod(over, 60))
    code = run.code(shift_id)
    for i, member in enumerate(came[:-1]):
        run.one(member, f"shift:{number}:out:{i}", CheckOut(shift_id=shift_id, member=member, code=code))
    run.be(days_ago, *divmod(over + _SHEET_MINUTES, 60))
    if number >= _FORGOTTEN:
        gone_at = run.at(run.ago(days_ago), *divmod(over, 60))
        forgot = AttestCheckOut(shift_id=shift_id, member=came[-1], out_at=gone_at)
        run.one(staff["zhao"], f"shift:{number}:attest", forgot)
    run.one(staff["sun"], f"shift:{number}:sign", ConfirmShift(shift_id=shift_id))


def fill(run: Run, staff: Staff, places: Places, people: People) -> None:
    """What stands in the calendar from today on, and a rota that goes on by itself."""
    for number, entry in enumerate(life().shifts):
        if entry.day >= 0:
            shift_id = _schedule(run, staff, people, places, number)
            _sign_up(run, people, number, shift_id)
    rota = PlanRota(
        name=life().call["rota"], place=places.courtyards[0].id, in_charge=people.neighbours["wang"],
        weekdays=_WEEKEND, start_minute=_ROTA_MINUTE, minutes=_ROTA_MINUTES, capacity=_ROTA_PLACES,
        from_day=run.ago(-7),
    )  # fmt: skip
    planned: list[Keyed] = [("rota", rota)]
    run.many(staff["sun"], planned)

"""Evening watches: planned once, filled from a waiting list, checked in and out by a changing code, and signed for."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from api.simulation.street import Street
from ledger.clock import MICROS_PER_MINUTE, at_time
from ledger.ids import new_id
from ledger.shifts.codes import code_of, step_of
from ledger.shifts.commands import (
    AttestCheckOut,
    CheckIn,
    CheckOut,
    ConfirmShift,
    PaperRow,
    PlanRota,
    RecordPaperList,
    ScheduleShift,
    SignUp,
    WithdrawSignup,
)
from projections.books.engines.shifts_tables import shifts, signups
from projections.reading import Cells, listed

_HOUR, _MINUTES, _PLACES = 17, 50, 4
_AHEAD_DAYS = 2
_PER_PEOPLE = 2_000
"""One rota for so many people."""
_BY_CHANCE = (
    "member_left", "not_a_member", "suspended", "blacklisted", "already_signed_up", "signed_up_elsewhere",
    "no_such_signup", "signup_settled", "guardian_consent_missing",
)  # fmt: skip
"""What may have become of a neighbour since yesterday."""


class Shifts:
    """Rotas of courtyards, with those who come, who forget, who stay away and who cheat."""

    def begin(self, street: Street) -> None:
        """Every rota has two days a week; one in three gives its hours to the pool."""
        for number in range(max(1, street.size // _PER_PEOPLE)):
            rota = PlanRota(
                rota_id=new_id("rota"), name=street.naming.name("rota", number, f"Watch {number}"),
                place=street.one_of(street.courtyards),
                in_charge=street.one_of(street.people), weekdays=(number % 4, number % 4 + 3), start_minute=_HOUR * 60,
                minutes=_MINUTES, capacity=_PLACES, from_day=street.today, pooled=number % 3 == 2,
            )  # fmt: skip
            street.do(rota, by=street.workers[1])

    def day(self, street: Street, today: date) -> None:
        """Signing up for the day after tomorrow; then this evening's."""
        for row in _open(street, today + timedelta(days=_AHEAD_DAYS)):
            self._sign_up(street, str(row["shift_id"]))
        due = _open(street, today)
        begins = at_time(today, _HOUR, 0)
        if due and street.clock.at < begins:
            street.pass_minutes((begins - street.clock.at) // MICROS_PER_MINUTE)
            came = [(row, member) for row in due for member in self._come(street, row)]
            street.pass_minutes(_MINUTES - 5)
            for row, member in came:
                self._go(street, row, member)
            for row in due:
                self._sign(street, row)
        if street.every(10):
            self._on_paper(street, today)

    def _sign_up(self, street: Street, shift_id: str) -> None:
        asked = [street.one_of(street.people) for _ in range(_PLACES + 2)]
        for member in asked:
            street.attempt(SignUp(shift_id=shift_id, member=member), by=member, unless=_BY_CHANCE)
        if street.chance(0.4):
            street.attempt(WithdrawSignup(shift_id=shift_id, member=asked[0]), by=asked[0], unless=_BY_CHANCE)

    def _come(self, street: Street, row: Cells) -> list[str]:
        """Nine of ten check in; nobody with a code that is made up or of another shift."""
        shift_id, found = str(row["shift_id"]), list[str]()
        for seat in _seats(street, shift_id, "booked"):
            member = str(seat["member"])
            if not street.chance(0.9):
                continue
            code = _code(street, shift_id)
            if street.attempt(CheckIn(shift_id=shift_id, member=member, code=code), by=member, unless=_BY_CHANCE):
                found.append(member)
                again = CheckOut(shift_id=shift_id, member=member, code=code)
                if street.chance(0.1):
                    street.refused(again, "code_used", by=member)
        if found and street.chance(0.2):
            wrong = CheckOut(shift_id=shift_id, member=found[0], code=_code(street, "shift_of_another_day"))
            street.refused(wrong, "wrong_code", by=found[0])
            street.refused(ConfirmShift(shift_id=shift_id), "shift_not_yours", by=found[0])
        return found

    def _go(self, street: Street, row: Cells, member: str) -> None:
        """One of ten forgets to check out; another says later when they went."""
        shift_id = str(row["shift_id"])
        if street.chance(0.9):
            code = _code(street, shift_id)
            street.attempt(CheckOut(shift_id=shift_id, member=member, code=code), by=member, unless=_BY_CHANCE)
        elif street.chance(0.5):
            gone = AttestCheckOut(shift_id=shift_id, member=member, out_at=street.clock.at)
            unless = ("daily_cap_exceeded", "sessions_overlap", "member_left")
            street.attempt(gone, by=street.workers[2], unless=unless)

    def _sign(self, street: Street, row: Cells) -> None:
        """Whoever is in charge signs, and a worker for what is left."""
        unless = ("nothing_to_confirm", "verifier_took_part", "not_a_member", "entered_by_yourself")
        confirm = ConfirmShift(shift_id=str(row["shift_id"]))
        street.attempt(confirm, by=str(row["in_charge"]), unless=unless)
        street.attempt(confirm, by=street.workers[1], unless=unless)

    def _on_paper(self, street: Street, today: date) -> None:
        """A watch of this morning where no code could be shown: good rows are taken, the impossible one is not."""
        worker, other = street.workers[1], street.workers[2]
        shift_id = new_id("shift")
        held = ScheduleShift(
            shift_id=shift_id, name=street.naming.said("paper_shift", "Watch without a screen"),
            place=street.one_of(street.courtyards), in_charge=worker,
            start_at=at_time(today, 5, 0), end_at=at_time(today, 6, 0), capacity=_PLACES,
        )  # fmt: skip
        street.do(held, by=worker)
        first, second = street.two_of(street.people)
        rows = tuple(PaperRow(member=who, from_minute=300, to_minute=end) for who, end in ((first, 360), (second, 300)))
        whole = RecordPaperList(shift_id=shift_id, guarantor=worker, rows=rows, whole=True)
        street.refused(whole, "paper_row_refused", by=worker)
        street.do(RecordPaperList(shift_id=shift_id, guarantor=worker, rows=rows), by=worker)
        street.attempt(ConfirmShift(shift_id=shift_id), by=other, unless=("nothing_to_confirm",))


def _code(street: Street, shift_id: str) -> str:
    """What the screen of a shift shows now."""
    return code_of(partial(street.store.vault.blind, street.ledger), shift_id, step_of(street.clock.at))


def _open(street: Street, day: date) -> list[Cells]:
    """Shifts of a day that stand in the calendar, in the order in which they came there."""
    where = {"status": "open", "day": day.isoformat()}
    order = (("number", False),)
    return listed(street.store.database, shifts, street.ledger, where=where, order=order, after=None, limit=200).rows


def _seats(street: Street, shift_id: str, status: str) -> list[Cells]:
    where = {"shift_id": shift_id, "status": status}
    order = (("number", False),)
    return listed(street.store.database, signups, street.ledger, where=where, order=order, after=None, limit=200).rows

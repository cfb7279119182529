"""Books of the engine `shifts`."""

from __future__ import annotations

from ledger.journal.recorded import Recorded
from ledger.shifts import facts
from projections.books.desk import Desk, on
from projections.books.engines.shifts_tables import paper_lists, paper_rows, rotas, shifts, signups
from projections.rows import Cells

_COUNTED = {"booked": "booked", "waiting": "queued"}
"""Where a shift counts its sign-ups by how they stand."""


def _clock(minute: int) -> str:
    """A minute of the day as a clock shows it; what lies before that day's midnight or after the next shows as such."""
    hour, rest = divmod(minute, 60)
    return f"{hour:02}:{rest:02}"


def _shift(desk: Desk, shift_id: str, e: Recorded, **moved: int) -> None:
    """Move a shift's figures."""
    row = desk.sheet(shifts).edit(shift_id)
    for name, by in moved.items():
        row[name] += by
    row["version"] = e.position


def _signup(desk: Desk, signup_id: str, e: Recorded, **cells: object) -> Cells:
    """Change a sign-up; gives the row."""
    row = desk.sheet(signups).edit(signup_id)
    row.update(cells, version=e.position)
    return row


@on(facts.RotaPlanned, begins="rota_id")
def _planned(desk: Desk, e: Recorded, f: facts.RotaPlanned) -> None:
    desk.sheet(rotas).add(
        rota_id=f.rota_id, number=e.position, name=f.name, place=f.place, team=f.team, organiser=f.organiser,
        in_charge=f.in_charge, weekdays="\n".join(map(str, f.weekdays)), start_time=_clock(f.start_minute),
        minutes=f.minutes, capacity=f.capacity, from_day=f.from_day.isoformat(),
        until_day=None if f.until_day is None else f.until_day.isoformat(), on_holidays=int(f.on_holidays),
        pooled=int(f.pooled), status="running", version=e.position,
    )  # fmt: skip


@on(facts.RotaEnded, rotas="rota_id")
def _rota_ended(desk: Desk, e: Recorded, f: facts.RotaEnded) -> None:
    desk.sheet(rotas).edit(f.rota_id).update(status="ended", reason=f.reason, version=e.position)


@on(facts.ShiftScheduled, begins="shift_id", rotas="rota_id")
def _scheduled(desk: Desk, e: Recorded, f: facts.ShiftScheduled) -> None:
    desk.sheet(shifts).add(
        shift_id=f.shift_id, number=e.position, rota_id=f.rota_id, name=f.name, place=f.place, team=f.team,
        organiser=f.organiser, in_charge=f.in_charge, day=f.day.isoformat(), start_at=f.start_at, end_at=f.end_at,
        capacity=f.capacity, pooled=int(f.pooled), status="open", version=e.position,
    )  # fmt: skip
    if f.rota_id is not None:
        rota = desk.sheet(rotas).edit(f.rota_id)
        rota.update(shifts=rota["shifts"] + 1, last_day=f.day.isoformat(), version=e.position)


@on(facts.ShiftCancelled, shifts="shift_id")
def _cancelled(desk: Desk, e: Recorded, f: facts.ShiftCancelled) -> None:
    desk.sheet(shifts).edit(f.shift_id).update(status="cancelled", reason=f.reason, version=e.position)


@on(facts.SignedUp, begins="signup_id", shifts="shift_id")
def _signed_up(desk: Desk, e: Recorded, f: facts.SignedUp) -> None:
    status, in_charge = "waiting" if f.waiting else "booked", desk.sheet(shifts).edit(f.shift_id)["in_charge"]
    desk.sheet(signups).add(
        signup_id=f.signup_id, number=e.position, shift_id=f.shift_id, member=f.member, in_charge=in_charge,
        status=status, start_at=f.start_at, end_at=f.end_at, version=e.position,
    )  # fmt: skip
    _shift(desk, f.shift_id, e, **{_COUNTED[status]: 1})


@on(facts.MovedUp, signups="signup_id", shifts="shift_id")
def _moved_up(desk: Desk, e: Recorded, f: facts.MovedUp) -> None:
    _signup(desk, f.signup_id, e, status="booked")
    _shift(desk, f.shift_id, e, queued=-1, booked=1)


@on(facts.SignupEnded, signups="signup_id", shifts="shift_id")
def _signup_ended(desk: Desk, e: Recorded, f: facts.SignupEnded) -> None:
    held = desk.sheet(signups).edit(f.signup_id)["status"]
    _signup(desk, f.signup_id, e, status="ended", cause=f.cause)
    _shift(desk, f.shift_id, e, **{_COUNTED[held]: -1})


@on(facts.CheckedIn, signups="signup_id", shifts="shift_id")
def _checked_in(desk: Desk, e: Recorded, f: facts.CheckedIn) -> None:
    _signup(desk, f.signup_id, e, status="in", in_at=f.checked_at)
    _shift(desk, f.shift_id, e, came=1)


@on(facts.CheckedOut, signups="signup_id", shifts="shift_id")
def _checked_out(desk: Desk, e: Recorded, f: facts.CheckedOut) -> None:
    barrier = f.barrier or None
    _signup(desk, f.signup_id, e, status="out", out_at=f.checked_at, session_id=f.session_id, barrier=barrier)
    _shift(desk, f.shift_id, e, recorded=int(f.session_id is not None))


@on(facts.ShiftClosed, shifts="shift_id")
def _closed(desk: Desk, e: Recorded, f: facts.ShiftClosed) -> None:
    desk.sheet(shifts).edit(f.shift_id).update(status="closed", version=e.position)


@on(facts.ShiftNotAttended, signups="signup_id", shifts="shift_id")
def _not_attended(desk: Desk, e: Recorded, f: facts.ShiftNotAttended) -> None:
    _signup(desk, f.signup_id, e, status="absent")
    _shift(desk, f.shift_id, e, absent=1)


@on(facts.CheckOutMissed, signups="signup_id", shifts="shift_id")
def _check_out_missed(desk: Desk, e: Recorded, f: facts.CheckOutMissed) -> None:
    _signup(desk, f.signup_id, e, status="no_check_out")
    _shift(desk, f.shift_id, e)


@on(facts.CheckOutAttested, signups="signup_id", shifts="shift_id")
def _check_out_attested(desk: Desk, e: Recorded, f: facts.CheckOutAttested) -> None:
    _signup(desk, f.signup_id, e, status="out", out_at=f.out_at, session_id=f.session_id)
    _shift(desk, f.shift_id, e, recorded=1)


@on(facts.ShiftConfirmed, shifts="shift_id")
def _confirmed(desk: Desk, e: Recorded, f: facts.ShiftConfirmed) -> None:
    _shift(desk, f.shift_id, e, confirmations=1)


@on(facts.PaperListEntered, begins="list_id", shifts="shift_id")
def _list_entered(desk: Desk, e: Recorded, f: facts.PaperListEntered) -> None:
    desk.sheet(paper_lists).add(
        list_id=f.list_id, number=e.position, shift_id=f.shift_id, guarantor=f.guarantor, whole=int(f.whole),
        rows=f.rows, entered_by=f.entered_by, version=e.position,
    )  # fmt: skip
    _shift(desk, f.shift_id, e)


@on(facts.PaperRowEntered, begins="row_id", paper_lists="list_id", signups="signup_id", shifts="shift_id")
def _row_entered(desk: Desk, e: Recorded, f: facts.PaperRowEntered) -> None:
    listed = desk.sheet(paper_lists).edit(f.list_id)
    desk.sheet(paper_rows).add(
        row_id=f.row_id, number=e.position, list_id=f.list_id, shift_id=f.shift_id, line=f.row, member=f.member,
        from_time=_clock(f.from_minute), to_time=_clock(f.to_minute), signup_id=f.signup_id, session_id=f.session_id,
        barrier=f.barrier, entered_by=listed["entered_by"], version=e.position,
    )  # fmt: skip
    listed["taken" if f.session_id is not None else "refused"] += 1
    listed["version"] = e.position
    if f.session_id is None:
        # Nothing came of the row, but it names the sign-up and the shift all the same.
        _shift(desk, f.shift_id, e)
        if f.signup_id is not None:
            _signup(desk, f.signup_id, e)
        return
    before = ""
    if f.signup_id is not None:
        before = desk.sheet(signups).edit(f.signup_id)["status"]
        _signup(desk, f.signup_id, e, status="out", session_id=f.session_id)
    _shift(
        desk, f.shift_id, e, recorded=1, came=int(before not in ("in", "out", "no_check_out")),
        absent=-int(before == "absent"), queued=-int(before == "waiting"), booked=int(before == "waiting"),
    )  # fmt: skip

"""What waits about hours: records to verify, corrections to judge, people who forgot to check out, services to confirm."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, literal_column, select

from api.pages.common import Visit
from api.pages.worker.desk import Action, Answers, Ask, Said, Source, Told, give, pairs
from api.pages.worker.waiting import waiting_row, waiting_rows
from ledger.base import Command
from ledger.clock import MICROS_PER_SECOND, moment
from ledger.errors import Refused
from ledger.hours.commands import ApproveCorrection, RefuseCorrection, RejectSession, VerifySession
from ledger.ids import prefix_of
from ledger.services.commands import ConfirmService
from ledger.shifts.commands import AttestCheckOut, ConfirmShift
from projections.books import queries as books
from projections.books.engines.services_tables import service_reservations, services
from projections.books.engines.shifts_tables import shifts, signups
from projections.books.tables import corrections, sessions
from projections.reading import Cells, cells, fetch, one

_WAITING = ("recorded", "endorsed")


def _times(visit: Visit, start_at: int | None, end_at: int | None) -> str:
    if not start_at or not end_at:
        return ""
    return visit.span(start_at, end_at)


# ---- records -------------------------------------------------------------------------------------------------------


def _to_verify(visit: Visit, most: int) -> list[Cells]:
    def build() -> Select[Any]:
        # Written out and not bound: only then is it the condition of the index `sessions_waiting`.
        waiting = sessions.c.status.in_([literal_column(f"'{one}'") for one in _WAITING])
        there = select(sessions).where(sessions.c.ledger == bindparam("l"), waiting)
        return there.order_by(sessions.c.number).limit(bindparam("n"))

    database = visit.store.database
    with database.reading() as cursor:
        rows = fetch(database, cursor, "desk.verify", build, l=visit.ledger, n=most)
    return [cells(sessions, row) for row in rows]


def _session(visit: Visit, key: str) -> Cells | None:
    row = one(visit.store.database, sessions, visit.ledger, session_id=key)
    return row if row is not None and row["status"] in _WAITING else None


def _of_a_shift(_visit: Visit, row: Cells) -> bool:
    return prefix_of(row["activity_id"] or "") == "shift"


def _tell_session(visit: Visit, row: Cells, told: Told) -> Said:
    words = told.words.get(row["words"], {})
    what = str(words.get("activity", "")) or visit.t("line.session")
    who = told.names.get(row["volunteer"], "")
    late = visit.t("line.late_by", who=told.names.get(row["guarantor"] or "", "")) if row["late"] else ""
    return Said(
        visit.t("worker.title.verify", who=who, what=what, hours=visit.hours(row["minutes"])),
        pairs(
            visit,
            ("when", f"{visit.day(row['day'])} {_times(visit, row['start_at'], row['end_at'])}".strip()),
            ("place", told.names.get(row["place"] or "")),
            ("content", words.get("content")),
            ("origin", visit.t(f"origin.{row['origin']}")),
            ("recorder", told.names.get(row["recorder"])),
            ("in_charge", told.names.get(row["in_charge"] or "") or words.get("in_charge")),
            ("endorser", told.names.get(row["endorser"] or "")),
            ("late", late),
        ),
    )


def _own_session(visit: Visit, row: Cells, _beside: Cells | None) -> str:
    if row["volunteer"] == visit.caller.actor:
        return "hindered.own"
    return "hindered.endorsed" if row["endorser"] == visit.caller.actor else ""


VERIFY = Source(
    name="verify",
    icon="clock",
    table=sessions,
    key="session_id",
    rows=_to_verify,
    row=_session,
    tell=_tell_session,
    story=("session_id",),
    hindered=_own_session,
    leads=lambda visit, row: visit.url(f"members/{row['volunteer']}"),
    actions=(
        Action(
            name="verify", letter="a", main=True,
            command=lambda _visit, row, _said: VerifySession(session_id=row["session_id"]),
        ),
        Action(
            name="reject", letter="r",
            asks=(
                Ask(
                    name="reason", kind="choice",
                    values=("not_held", "not_present", "wrong_person", "wrong_time", "duplicate", "not_voluntary"),
                ),
            ),
            command=lambda _visit, row, said: give(RejectSession, session_id=row["session_id"], reason=said["reason"]),
        ),
        Action(
            name="whole_shift", letter="s", when=_of_a_shift,
            command=lambda _visit, row, _said: ConfirmShift(shift_id=row["activity_id"]),
        ),
    ),
)  # fmt: skip


# ---- corrections ---------------------------------------------------------------------------------------------------


def _tell_correction(visit: Visit, row: Cells, told: Told) -> Said:
    session = told.beside.get(row["session_id"], {})
    words = told.words.get(str(session.get("words", "")), {})
    now = session.get("corrected_minutes")
    first = session.get("minutes", 0) if now is None else now
    return Said(
        visit.t(
            "worker.title.correct",
            who=told.names.get(row["volunteer"], ""), before=visit.hours(first), after=visit.hours(row["minutes"]),
        ),
        pairs(
            visit,
            ("activity", words.get("activity")),
            ("when", visit.day(session["day"]) if session else ""),
            ("place", told.names.get(session.get("place") or "")),
            ("verifier", told.names.get(session.get("verifier") or "")),
            ("remark", told.words.get(row["words"], {}).get("remark")),
            ("asked_by", told.names.get(row["requested_by"])),
        ),
    )  # fmt: skip


def _own_correction(visit: Visit, row: Cells, _beside: Cells | None) -> str:
    return "hindered.own" if visit.caller.actor in (row["volunteer"], row["requested_by"]) else ""


CORRECT = Source(
    name="correct",
    icon="pen",
    table=corrections,
    key="correction_id",
    at="session_id",
    rows=lambda visit, most: books.corrections_waiting(visit.store.database, visit.ledger, limit=most).rows,
    row=lambda visit, key: waiting_row(visit, corrections, "asked", correction_id=key),
    beside=(sessions, "session_id"),
    tell=_tell_correction,
    story=("session_id",),
    hindered=_own_correction,
    leads=lambda visit, row: visit.url(f"members/{row['volunteer']}"),
    actions=(
        Action(
            name="approve", letter="a", main=True,
            command=lambda _visit, row, _said: ApproveCorrection(
                session_id=row["session_id"], correction_id=row["correction_id"]
            ),
        ),
        Action(
            name="refuse", letter="r",
            asks=(Ask(name="reason", kind="choice", values=("record_is_right", "no_evidence", "too_late")),),
            command=lambda _visit, row, said: give(
                RefuseCorrection,
                session_id=row["session_id"], correction_id=row["correction_id"], reason=said["reason"],
            ),
        ),
    ),
)  # fmt: skip


# ---- forgotten check-outs ------------------------------------------------------------------------------------------


def _tell_signup(visit: Visit, row: Cells, told: Told) -> Said:
    shift = told.beside.get(row["shift_id"], {})
    return Said(
        visit.t("worker.title.attest", who=told.names.get(row["member"], ""), what=shift.get("name", "")),
        pairs(
            visit,
            ("shift", f"{visit.day(shift['day'])} {_times(visit, row['start_at'], row['end_at'])}" if shift else ""),
            ("place", told.names.get(shift.get("place") or "")),
            ("came", visit.instant(row["in_at"]) if row["in_at"] else ""),
            ("in_charge", told.names.get(row["in_charge"])),
        ),
    )


def _attest(visit: Visit, row: Cells, said: Answers) -> Command:
    """When they went, on the day they came; a time before the coming is one after midnight."""
    zone = ZoneInfo(visit.zone)
    came = moment(row["in_at"] or row["start_at"], visit.zone)
    try:
        clock = time.fromisoformat(said["out_time"])
    except ValueError:
        raise Refused("desk_bad_time", field="out_time") from None
    went = datetime.combine(came.date(), clock, tzinfo=zone)
    if went < came:
        went += timedelta(days=1)
    out_at = int(went.timestamp()) * MICROS_PER_SECOND
    return AttestCheckOut(shift_id=row["shift_id"], member=row["member"], out_at=out_at)


ATTEST = Source(
    name="attest",
    icon="in",
    table=signups,
    key="signup_id",
    at="shift_id",
    rows=lambda visit, most: waiting_rows(visit, signups, "end_at", most, status="no_check_out"),
    row=lambda visit, key: waiting_row(visit, signups, "no_check_out", signup_id=key),
    beside=(shifts, "shift_id"),
    tell=_tell_signup,
    story=("signup_id",),
    hindered=lambda visit, row, _beside: "hindered.own" if row["member"] == visit.caller.actor else "",
    leads=lambda visit, row: visit.url(f"records/shifts/{row['shift_id']}"),
    actions=(Action(name="attest", letter="a", main=True, asks=(Ask(name="out_time", kind="time"),), command=_attest),),
)


# ---- services ------------------------------------------------------------------------------------------------------


def _tell_service(visit: Visit, row: Cells, told: Told) -> Said:
    service = told.beside.get(row["service_id"], {})
    return Said(
        visit.t("worker.title.service", who=told.names.get(row["member"], ""), what=service.get("name", "")),
        pairs(
            visit,
            ("provider", told.names.get(row["provider"])),
            ("performer", told.names.get(row["performer"] or "")),
            ("hours", visit.hours(row["minutes"])),
            ("when", visit.day(row["day"]) if row["day"] else ""),
            ("remark", told.words.get(row["words"], {}).get("remark")),
        ),
    )


SERVICE = Source(
    name="service",
    icon="gift",
    table=service_reservations,
    key="reservation_id",
    rows=lambda visit, most: waiting_rows(visit, service_reservations, "until_at", most, status="performed"),
    row=lambda visit, key: waiting_row(visit, service_reservations, "performed", reservation_id=key),
    beside=(services, "service_id"),
    tell=_tell_service,
    story=("reservation_id",),
    due_column="until_at",
    hindered=lambda visit, row, _beside: (
        "hindered.part" if visit.caller.actor in (row["performer"], row["provider"]) else ""
    ),
    leads=lambda visit, row: visit.url(f"members/{row['member']}"),
    actions=(
        Action(
            name="confirm", letter="a", main=True,
            command=lambda _visit, row, _said: ConfirmService(reservation_id=row["reservation_id"]),
        ),
    ),
)  # fmt: skip

SOURCES = (VERIFY, CORRECT, ATTEST, SERVICE)

"""Rows of the time bank: sessions, corrections, reservations, certificates, and members' lifetime record."""

from __future__ import annotations

from datetime import date

from ledger.hours import facts as hours
from ledger.journal.recorded import Recorded
from projections.books.desk import POSTING_ONLY, Desk, on

POSTING_ONLY |= {hours.HoursGiven, hours.HoursDonated, hours.PoolGranted, hours.HoursLapsed}


@on(hours.SessionRecorded, begins="session_id")
def _session_recorded(desk: Desk, e: Recorded, f: hours.SessionRecorded) -> None:
    day = f.day.isoformat()
    desk.sessions.add(
        session_id=f.session_id, number=e.position, volunteer=f.volunteer, activity_id=f.activity_id, day=day,
        last_day=day if f.last_day == f.day else f.last_day.isoformat(), start_at=f.start_at, end_at=f.end_at,
        minutes=f.minutes, status="recorded", origin=f.origin, place=f.place, team=f.team, unit=f.unit,
        organiser=f.organiser, in_charge=f.in_charge, late=int(f.late), guarantor=f.guarantor, recorder=f.recorder,
        words=f.words, version=e.position,
    )  # fmt: skip


@on(hours.SessionEndorsed, sessions="session_id")
def _session_endorsed(desk: Desk, e: Recorded, f: hours.SessionEndorsed) -> None:
    desk.sessions.edit(f.session_id).update(status="endorsed", endorser=f.verifier, version=e.position)


@on(hours.SessionVerified, sessions="session_id", members="volunteer")
def _session_verified(desk: Desk, e: Recorded, f: hours.SessionVerified) -> None:
    row = desk.sessions.edit(f.session_id)
    row["status"] = "verified"
    row["verifier"] = f.verifier
    row["overflow"] = f.overflow
    row["verified"] = row["version"] = e.position
    earned(desk, f.volunteer, f.day, f.minutes, 1, e.position)


def earned(desk: Desk, volunteer: str, day: date, minutes: int, sessions: int, position: int) -> None:
    """Follow the lifetime record. A journal may hold service of people it never registered: they have no row."""
    member = desk.members.find(volunteer)
    if member is None:
        return
    member["earned_minutes"] += minutes
    member["sessions"] += sessions
    member["version"] = position
    text = day.isoformat()
    if member["first_day"] is None or text < member["first_day"]:
        member["first_day"] = text
    if member["last_day"] is None or text > member["last_day"]:
        member["last_day"] = text


@on(hours.SessionRejected, sessions="session_id")
def _session_rejected(desk: Desk, e: Recorded, f: hours.SessionRejected) -> None:
    desk.sessions.edit(f.session_id).update(status="rejected", verifier=f.verifier, reason=f.reason, version=e.position)


@on(hours.CorrectionRequested, begins="correction_id")
def _correction_requested(desk: Desk, e: Recorded, f: hours.CorrectionRequested) -> None:
    desk.corrections.add(
        correction_id=f.correction_id, number=e.position, session_id=f.session_id, volunteer=f.volunteer,
        status="asked", minutes=f.minutes, requested_by=f.requested_by, words=f.words, version=e.position,
    )  # fmt: skip


@on(hours.CorrectionRefused, corrections="correction_id")
def _correction_refused(desk: Desk, e: Recorded, f: hours.CorrectionRefused) -> None:
    desk.corrections.edit(f.correction_id).update(
        status="refused", checker=f.checker, reason=f.reason, version=e.position
    )


@on(hours.SessionCorrected, corrections="correction_id", sessions="session_id", members="volunteer")
def _session_corrected(desk: Desk, e: Recorded, f: hours.SessionCorrected) -> None:
    desk.corrections.edit(f.correction_id).update(
        status="approved", checker=f.checker, minutes=f.corrected_minutes, original_minutes=f.original_minutes,
        difference=f.difference, version=e.position,
    )  # fmt: skip
    desk.sessions.edit(f.session_id).update(corrected_minutes=f.corrected_minutes, version=e.position)
    earned(desk, f.volunteer, f.day, f.difference, 0, e.position)


@on(hours.HoursReserved, begins="reservation_id")
def _hours_reserved(desk: Desk, e: Recorded, f: hours.HoursReserved) -> None:
    desk.reservations.add(
        reservation_id=f.reservation_id, number=e.position, member=f.member, provider=f.provider,
        request_id=f.request_id, minutes=f.minutes, status="open", until_at=f.until_at, words=f.words,
        version=e.position,
    )  # fmt: skip


@on(hours.HoursRedeemed, reservations="reservation_id")
def _hours_redeemed(desk: Desk, e: Recorded, f: hours.HoursRedeemed) -> None:
    desk.reservations.edit(f.reservation_id).update(status="redeemed", version=e.position)


@on(hours.HoursReleased, reservations="reservation_id")
def _hours_released(desk: Desk, e: Recorded, f: hours.HoursReleased) -> None:
    desk.reservations.edit(f.reservation_id).update(status="released", cause=f.cause, version=e.position)


@on(hours.CertificateIssued)
def _certificate_issued(desk: Desk, e: Recorded, f: hours.CertificateIssued) -> None:
    desk.certificates.add(
        certificate_id=f.certificate_id, number=e.position, member=f.member, minutes=f.minutes, sessions=f.sessions,
        first_day=f.first_day.isoformat(), last_day=f.last_day.isoformat(), issued_by=f.issued_by,
        issued_at=e.recorded_at,
    )  # fmt: skip

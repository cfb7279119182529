"""Books of the engine `services`: sanctions against fraud, appeals, and what is published of them."""

from __future__ import annotations

from typing import Any

from ledger.conduct import facts as conduct
from ledger.journal.recorded import Recorded
from projections.books.apply_hours import earned
from projections.books.desk import Desk, on
from projections.books.engines.services_tables import appeals, published_sanctions, sanctions


def _touch(desk: Desk, sanction_id: str, position: int, **known: Any) -> None:
    """Follow a sanction, also where it is published."""
    desk.sheet(sanctions).edit(sanction_id).update(known, version=position)
    shown = desk.sheet(published_sanctions).find(sanction_id)
    if shown is not None:
        shown.update({name: value for name, value in known.items() if name == "status"}, version=position)


@on(conduct.SessionVoided, begins="sanction_id", sessions="session_id", members="volunteer")
def _voided(desk: Desk, e: Recorded, f: conduct.SessionVoided) -> None:
    desk.sheet(sanctions).add(
        sanction_id=f.sanction_id, number=e.position, kind="voided", member=f.volunteer, session_id=f.session_id,
        minutes=f.minutes, reason=f.reason, judge=f.voided_by, day=f.voided_on.isoformat(), status="standing",
        words=f.words, version=e.position,
    )  # fmt: skip
    desk.sessions.edit(f.session_id).update(status="voided", version=e.position)
    earned(desk, f.volunteer, f.day, -f.minutes, -1, e.position)


@on(
    conduct.SessionRestored,
    sanctions="sanction_id",
    published_sanctions="sanction_id",
    sessions="session_id",
    members="volunteer",
)
def _restored(desk: Desk, e: Recorded, f: conduct.SessionRestored) -> None:
    _touch(desk, f.sanction_id, e.position, status="undone")
    desk.sessions.edit(f.session_id).update(status="verified", version=e.position)
    earned(desk, f.volunteer, f.day, f.minutes, 1, e.position)


@on(conduct.MemberSuspended, begins="sanction_id")
def _suspended(desk: Desk, e: Recorded, f: conduct.MemberSuspended) -> None:
    desk.sheet(sanctions).add(
        sanction_id=f.sanction_id, number=e.position, kind="suspended", member=f.member, reason=f.reason,
        until_day=f.until_day.isoformat(), judge=f.suspended_by, day=f.day.isoformat(), status="standing",
        words=f.words, version=e.position,
    )  # fmt: skip


@on(conduct.SuspensionLifted, sanctions="sanction_id", published_sanctions="sanction_id")
def _lifted(desk: Desk, e: Recorded, f: conduct.SuspensionLifted) -> None:
    _touch(desk, f.sanction_id, e.position, status="undone")


@on(conduct.AppealLodged, begins="appeal_id", sanctions="sanction_id", published_sanctions="sanction_id")
def _lodged(desk: Desk, e: Recorded, f: conduct.AppealLodged) -> None:
    desk.sheet(appeals).add(
        appeal_id=f.appeal_id, number=e.position, sanction_id=f.sanction_id, member=f.member, lodged_by=f.lodged_by,
        status="lodged", day=f.day.isoformat(), words=f.words, version=e.position,
    )  # fmt: skip
    _touch(desk, f.sanction_id, e.position, appeal="lodged")


@on(conduct.AppealDecided, appeals="appeal_id", sanctions="sanction_id", published_sanctions="sanction_id")
def _decided(desk: Desk, e: Recorded, f: conduct.AppealDecided) -> None:
    outcome = "granted" if f.granted else "dismissed"
    desk.sheet(appeals).edit(f.appeal_id).update(status=outcome, decided_by=f.decided_by, version=e.position)
    _touch(desk, f.sanction_id, e.position, appeal=outcome)


@on(conduct.SanctionPublished, sanctions="sanction_id")
def _published(desk: Desk, e: Recorded, f: conduct.SanctionPublished) -> None:
    row = desk.sheet(sanctions).edit(f.sanction_id)
    row.update(published=1, version=e.position)
    shown = desk.sheet(published_sanctions)
    # Replayed as of a moment, facts before this one have left a stand-in under the sanction's id.
    there = shown.find(f.sanction_id) or shown.add(published_id=f.sanction_id)
    there.update(
        number=e.position, kind=row["kind"], member=row["member"], minutes=row["minutes"], reason=row["reason"],
        until_day=row["until_day"], day=row["day"], status=row["status"], version=e.position,
    )  # fmt: skip

"""Books of the engine `appraisals`: panels, appraisals and their sheets, rectification, trials, approvals."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.appraisals import facts as appraisal
from ledger.journal.recorded import Recorded
from ledger.trials import facts as trial
from projections.books.desk import Desk, on
from projections.books.engines.appraisals_tables import (
    appraisal_sheets,
    appraisals,
    approvals,
    panels,
    rectifications,
    standards,
    trials,
)

__all__ = ["appraisal_sheets", "appraisals", "approvals", "panels", "rectifications", "standards", "trials"]


def _lines(rows: Iterable[tuple[object, ...]]) -> str:
    """One row a line, its parts with blanks between them; only the last part may hold blanks itself."""
    return "\n".join(" ".join(map(str, row)) for row in rows)


def _criteria(criteria: tuple[tuple[str, str, int], ...]) -> str:
    return _lines((code, most, name) for code, name, most in criteria)


@on(appraisal.PanelAppointed, begins="panel_id")
def _appointed(desk: Desk, e: Recorded, f: appraisal.PanelAppointed) -> None:
    desk.sheet(panels).add(
        panel_id=f.panel_id, number=e.position, name=f.name, rhythm=f.rhythm, seats=_lines(f.seats),
        criteria=_criteria(f.criteria), seat_count=len(f.seats), status="appointed", appointed_by=f.appointed_by,
        version=e.position,
    )  # fmt: skip


@on(appraisal.PanelDissolved, panels="panel_id")
def _dissolved(desk: Desk, e: Recorded, f: appraisal.PanelDissolved) -> None:
    desk.sheet(panels).edit(f.panel_id).update(status="dissolved", dissolved_day=f.day.isoformat(), version=e.position)


@on(appraisal.AppraisalOpened, begins="appraisal_id")
def _opened(desk: Desk, e: Recorded, f: appraisal.AppraisalOpened) -> None:
    desk.sheet(appraisals).add(
        appraisal_id=f.appraisal_id, number=e.position, panel_id=f.panel_id, subject=f.subject, rhythm=f.rhythm,
        period=f.period, seats=_lines(f.seats), criteria=_criteria(f.criteria), seat_count=len(f.seats),
        weight_all=sum(weight for _, weight in f.seats), status="open", until_day=f.until_day.isoformat(),
        opened_by=f.opened_by, day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


@on(appraisal.AppraisalScored, begins="sheet_id", appraisals="appraisal_id")
def _scored(desk: Desk, e: Recorded, f: appraisal.AppraisalScored) -> None:
    desk.sheet(appraisal_sheets).add(
        sheet_id=f.sheet_id, number=e.position, appraisal_id=f.appraisal_id, panelist=f.panelist, weight=f.weight,
        marks=_lines(f.marks), total=f.points, most=f.most, scored_by=f.scored_by, day=f.day.isoformat(),
        words=f.words, version=e.position,
    )  # fmt: skip
    row = desk.sheet(appraisals).edit(f.appraisal_id)
    row["sheets"] += 1
    row["weight_heard"] += f.weight
    row["version"] = e.position


@on(appraisal.AppraisalClosed, appraisals="appraisal_id")
def _closed(desk: Desk, e: Recorded, f: appraisal.AppraisalClosed) -> None:
    desk.sheet(appraisals).edit(f.appraisal_id).update(
        status="closed", result_hundredths=f.result_hundredths, grade=f.grade, closed_day=f.day.isoformat(),
        version=e.position,
    )  # fmt: skip


@on(appraisal.AppraisalCancelled, appraisals="appraisal_id")
def _cancelled(desk: Desk, e: Recorded, f: appraisal.AppraisalCancelled) -> None:
    desk.sheet(appraisals).edit(f.appraisal_id).update(
        status="cancelled", reason=f.reason, closed_day=f.day.isoformat(), version=e.position
    )


@on(appraisal.RectificationOrdered, begins="rectification_id", appraisals="appraisal_id")
def _ordered(desk: Desk, e: Recorded, f: appraisal.RectificationOrdered) -> None:
    desk.sheet(rectifications).add(
        rectification_id=f.rectification_id, number=e.position, party=f.party, matter=f.matter,
        appraisal_id=f.appraisal_id, due_day=f.due_day.isoformat(), status="ordered", ordered_by=f.ordered_by,
        day=f.day.isoformat(), words=f.words, version=e.position,
    )  # fmt: skip
    if f.appraisal_id is not None:
        row = desk.sheet(appraisals).edit(f.appraisal_id)
        row["rectifications"] += 1
        row["version"] = e.position


@on(appraisal.RectificationReported, rectifications="rectification_id")
def _reported(desk: Desk, e: Recorded, f: appraisal.RectificationReported) -> None:
    desk.sheet(rectifications).edit(f.rectification_id).update(
        status="reported", evidence=f.evidence, reported_by=f.reported_by, reported_day=f.day.isoformat(),
        report_words=f.words, version=e.position,
    )  # fmt: skip


@on(appraisal.RectificationAccepted, rectifications="rectification_id")
def _accepted(desk: Desk, e: Recorded, f: appraisal.RectificationAccepted) -> None:
    desk.sheet(rectifications).edit(f.rectification_id).update(
        status="accepted", judged_by=f.accepted_by, judged_day=f.day.isoformat(), version=e.position
    )


@on(appraisal.RectificationFailed, rectifications="rectification_id")
def _failed(desk: Desk, e: Recorded, f: appraisal.RectificationFailed) -> None:
    desk.sheet(rectifications).edit(f.rectification_id).update(
        status="failed", cause=f.cause, failures=f.failures, judged_by=f.failed_by, judged_day=f.day.isoformat(),
        version=e.position,
    )  # fmt: skip


@on(trial.StandardAdopted, begins="standard_id")
def _adopted(desk: Desk, e: Recorded, f: trial.StandardAdopted) -> None:
    desk.sheet(standards).add(
        standard_id=f.standard_id, number=e.position, kind=f.kind, name=f.name, months=f.months, items=len(f.items),
        checklist=_lines(f.items), adopted_by=f.adopted_by, day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


@on(trial.TrialOpened, begins="trial_id")
def _begun(desk: Desk, e: Recorded, f: trial.TrialOpened) -> None:
    desk.sheet(trials).add(
        trial_id=f.trial_id, number=e.position, standard_id=f.standard_id, kind=f.kind, place=f.place, unit=f.unit,
        begins_on=f.begins_on.isoformat(), ends_on=f.ends_on.isoformat(), items=f.items, status="running",
        opened_by=f.opened_by, day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


@on(trial.TrialItemTicked, trials="trial_id")
def _ticked(desk: Desk, e: Recorded, f: trial.TrialItemTicked) -> None:
    row = desk.sheet(trials).edit(f.trial_id)
    met = set(row["ticked"].split())
    met = met | {f.item} if f.met else met - {f.item}
    row.update(ticked="\n".join(sorted(met)), met=len(met), version=e.position)


@on(trial.TrialExtended, trials="trial_id")
def _extended(desk: Desk, e: Recorded, f: trial.TrialExtended) -> None:
    row = desk.sheet(trials).edit(f.trial_id)
    row.update(ends_on=f.ends_on.isoformat(), extensions=row["extensions"] + 1, version=e.position)


@on(trial.TrialEnded, trials="trial_id")
def _ended(desk: Desk, e: Recorded, f: trial.TrialEnded) -> None:
    desk.sheet(trials).edit(f.trial_id).update(
        status=f.outcome, ended_by=f.ended_by, ended_day=f.day.isoformat(), version=e.position
    )


@on(trial.ApprovalApplied, begins="approval_id")
def _applied(desk: Desk, e: Recorded, f: trial.ApprovalApplied) -> None:
    desk.sheet(approvals).add(
        approval_id=f.approval_id, number=e.position, subject=f.subject, applicant=f.applicant, matter=f.matter,
        levels=_lines((approver, name) for name, approver in f.levels), level_count=len(f.levels),
        waiting_for=f.levels[0][1], status="waiting", applied_by=f.applied_by, day=f.day.isoformat(), words=f.words,
        version=e.position,
    )  # fmt: skip


@on(trial.LevelApproved, approvals="approval_id")
def _approved(desk: Desk, e: Recorded, f: trial.LevelApproved) -> None:
    row = desk.sheet(approvals).edit(f.approval_id)
    said = [one for one in row["decided"].split("\n") if one]
    row.update(approved=f.level, decided="\n".join([*said, f"{f.day.isoformat()} {f.approved_by}"]), version=e.position)
    if f.last:
        row.update(status="approved", waiting_for=None, settled_day=f.day.isoformat())
    else:
        row["waiting_for"] = row["levels"].split("\n")[f.level].partition(" ")[0]


@on(trial.LevelRejected, approvals="approval_id")
def _rejected(desk: Desk, e: Recorded, f: trial.LevelRejected) -> None:
    row = desk.sheet(approvals).edit(f.approval_id)
    said = [one for one in row["decided"].split("\n") if one]
    row.update(
        status="rejected", reason=f.reason, waiting_for=None, settled_day=f.day.isoformat(),
        decided="\n".join([*said, f"{f.day.isoformat()} {f.rejected_by}"]), version=e.position,
    )  # fmt: skip


@on(trial.ApproverReplaced, approvals="approval_id")
def _replaced(desk: Desk, e: Recorded, f: trial.ApproverReplaced) -> None:
    row = desk.sheet(approvals).edit(f.approval_id)
    levels = row["levels"].split("\n")
    levels[f.level - 1] = f"{f.approver} {levels[f.level - 1].partition(' ')[2]}"
    row.update(levels="\n".join(levels), version=e.position)
    if f.level == row["approved"] + 1:
        row["waiting_for"] = f.approver


@on(trial.ApprovalWithdrawn, approvals="approval_id")
def _withdrawn(desk: Desk, e: Recorded, f: trial.ApprovalWithdrawn) -> None:
    desk.sheet(approvals).edit(f.approval_id).update(
        status="withdrawn", waiting_for=None, settled_day=f.day.isoformat(), version=e.position
    )

"""Stories of the engine `appraisals`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.appraisals import facts as appraisal
from ledger.trials import facts as trial
from tests.projections.cast import MEMBERS, PLACES, TEAMS, UNITS, WORKER

if TYPE_CHECKING:
    from tests.projections.teller import Teller

PANELS, APPRAISALS, ORDERS, REPORTED = (
    "appraisals.panels",
    "appraisals.appraisals",
    "appraisals.orders",
    "appraisals.reported",
)
STANDARDS, TRIALS, APPROVALS = "appraisals.standards", "appraisals.trials", "appraisals.approvals"
CRITERIA = (("hygiene", "Hygiene", 60), ("order", "Public order", 40))
ITEMS = (("drains", "Drains"), ("lighting", "Lights"), ("rubbish_daily", "Rubbish every day"))


def appoint(teller: Teller, a: int, b: int, n: int) -> None:
    """A panel of two to four."""
    seats = ((UNITS[a % 3], 3), (TEAMS[b % 2], 2), (MEMBERS[n % 6], 1), (WORKER, 1))
    f = appraisal.PanelAppointed(
        panel_id=teller.fresh("panel"), name="Panel", rhythm=("monthly", "quarterly", "once")[b % 3],
        seats=seats[: 2 + n % 3], criteria=CRITERIA, appointed_by=WORKER,
    )  # fmt: skip
    teller.kept[PANELS].append(f)
    teller.tell(f)


def dissolve(teller: Teller, a: int, b: int, n: int) -> None:
    """A panel ends."""
    if panels := teller.kept[PANELS]:
        f = panels.pop(a % len(panels))
        teller.tell(appraisal.PanelDissolved(panel_id=f.panel_id, dissolved_by=WORKER, day=teller.day(n)))


def open_appraisal(teller: Teller, a: int, b: int, n: int) -> None:
    """A unit, team or place is appraised."""
    if panels := teller.kept[PANELS]:
        panel = panels[a % len(panels)]
        f = appraisal.AppraisalOpened(
            appraisal_id=teller.fresh("apr"), panel_id=panel.panel_id, subject=(*UNITS, *TEAMS, *PLACES)[b % 8],
            rhythm=panel.rhythm, period="2026-01", seats=panel.seats, criteria=panel.criteria,
            until_day=teller.day(n) + timedelta(days=9), opened_by=WORKER, day=teller.day(n),
        )  # fmt: skip
        teller.kept[APPRAISALS].append((f, []))
        teller.tell(f)


def score(teller: Teller, a: int, b: int, n: int) -> None:
    """The next seat hands its sheet in."""
    waiting = [(f, sheets) for f, sheets in teller.kept[APPRAISALS] if len(sheets) < len(f.seats)]
    if waiting:
        opened, sheets = waiting[a % len(waiting)]
        party, weight = opened.seats[len(sheets)]
        marks = (("hygiene", n % 61), ("order", b))
        f = appraisal.AppraisalScored(
            sheet_id=teller.fresh("sheet"), appraisal_id=opened.appraisal_id, panelist=party, weight=weight,
            marks=marks, points=n % 61 + b, most=100, scored_by=MEMBERS[b % 6], day=teller.day(n),
            words="commitment" if b == 1 else "",
        )  # fmt: skip
        sheets.append(f)
        teller.tell(f)


def close(teller: Teller, a: int, b: int, n: int) -> None:
    """The result is published, or the appraisal called off."""
    if not teller.kept[APPRAISALS]:
        return
    opened, sheets = teller.kept[APPRAISALS].pop(a % len(teller.kept[APPRAISALS]))
    if not sheets:
        teller.tell(
            appraisal.AppraisalCancelled(
                appraisal_id=opened.appraisal_id, subject=opened.subject, reason="quorum_missed", cancelled_by=WORKER,
                day=teller.day(n),
            )
        )  # fmt: skip
        return
    teller.tell(
        appraisal.AppraisalClosed(
            appraisal_id=opened.appraisal_id, subject=opened.subject, result_hundredths=n * 20, grade="passed",
            sheets=len(sheets), weight_heard=sum(one.weight for one in sheets),
            weight_all=sum(weight for _, weight in opened.seats), closed_by=WORKER, day=teller.day(n),
        )
    )  # fmt: skip
    order_on(teller, opened.appraisal_id, b, n)


def order_on(teller: Teller, appraisal_id: str | None, b: int, n: int) -> None:
    """Something is to be put right, on a result or without one."""
    f = appraisal.RectificationOrdered(
        rectification_id=teller.fresh("rec"), party=(*UNITS, *TEAMS)[b % 5], matter="Drains",
        appraisal_id=appraisal_id, due_day=teller.day(n) + timedelta(days=n % 30), ordered_by=WORKER,
        day=teller.day(n), words="commitment" if b == 2 else "",
    )  # fmt: skip
    teller.kept[ORDERS].append(f)
    teller.tell(f)


def order(teller: Teller, a: int, b: int, n: int) -> None:
    """An order without an appraisal."""
    order_on(teller, None, b, n)


def report(teller: Teller, a: int, b: int, n: int) -> None:
    """It is said to be done."""
    if orders := teller.kept[ORDERS]:
        f = orders.pop(a % len(orders))
        teller.kept[REPORTED].append(f)
        teller.tell(
            appraisal.RectificationReported(
                rectification_id=f.rectification_id, party=f.party, evidence="ab" * 32 if b % 2 else "",
                reported_by=MEMBERS[b % 6], day=teller.day(n), words="commitment" if b == 3 else "",
            )
        )  # fmt: skip


def judge(teller: Teller, a: int, b: int, n: int) -> None:
    """What was reported is accepted, or is not enough; what was not is overdue."""
    kind = REPORTED if teller.kept[REPORTED] and b % 4 else ORDERS
    if not teller.kept[kind]:
        return
    f = teller.kept[kind].pop(a % len(teller.kept[kind]))
    known = {"rectification_id": f.rectification_id, "party": f.party, "day": teller.day(n)}
    if kind == REPORTED and b % 2:
        teller.tell(appraisal.RectificationAccepted(**known, accepted_by=WORKER))
        return
    cause = "insufficient" if kind == REPORTED else "overdue"
    teller.tell(appraisal.RectificationFailed(**known, cause=cause, failures=b + 1, failed_by=WORKER))


def adopt(teller: Teller, a: int, b: int, n: int) -> None:
    """A checklist."""
    f = trial.StandardAdopted(
        standard_id=teller.fresh("std"), kind=("professional", "self_governed", "safety_net")[a % 3], name="Standard",
        months=3, items=ITEMS[: 1 + b % 3], adopted_by=WORKER, day=teller.day(n),
    )  # fmt: skip
    teller.kept[STANDARDS].append(f)
    teller.tell(f)


def begin(teller: Teller, a: int, b: int, n: int) -> None:
    """A pilot."""
    if standards := teller.kept[STANDARDS]:
        standard = standards[a % len(standards)]
        f = trial.TrialOpened(
            trial_id=teller.fresh("trial"), standard_id=standard.standard_id, kind=standard.kind, place=PLACES[b % 3],
            unit=UNITS[b % 3] if n % 2 else None, begins_on=teller.day(n), ends_on=teller.day(n) + timedelta(days=90),
            items=len(standard.items), opened_by=WORKER, day=teller.day(n),
        )  # fmt: skip
        teller.kept[TRIALS].append((f, [code for code, _ in standard.items], set()))
        teller.tell(f)


def tick(teller: Teller, a: int, b: int, n: int) -> None:
    """An item is met, or no longer met."""
    if trials := teller.kept[TRIALS]:
        f, codes, met = trials[a % len(trials)]
        code = codes[b % len(codes)]
        met ^= {code}
        teller.tell(
            trial.TrialItemTicked(
                trial_id=f.trial_id, item=code, met=code in met, evidence="cd" * 32 if b == 1 else "",
                ticked_by=WORKER, day=teller.day(n),
            )
        )  # fmt: skip


def extend(teller: Teller, a: int, b: int, n: int) -> None:
    """A pilot goes on."""
    if trials := teller.kept[TRIALS]:
        f = trials[a % len(trials)][0]
        teller.tell(
            trial.TrialExtended(
                trial_id=f.trial_id, place=f.place, unit=f.unit, ends_on=teller.day(n) + timedelta(days=200 + b),
                reason="items_open", extended_by=WORKER, day=teller.day(n),
            )
        )  # fmt: skip


def end(teller: Teller, a: int, b: int, n: int) -> None:
    """A pilot is over."""
    if trials := teller.kept[TRIALS]:
        f, _, met = trials.pop(a % len(trials))
        teller.tell(
            trial.TrialEnded(
                trial_id=f.trial_id, place=f.place, unit=f.unit, outcome="passed" if b % 2 else "given_up",
                met=len(met), items=f.items, ended_by=WORKER, day=teller.day(n),
            )
        )  # fmt: skip


def apply(teller: Teller, a: int, b: int, n: int) -> None:
    """Two or three levels are asked."""
    levels = (("Own", UNITS[a % 3]), ("Community", TEAMS[b % 2]), ("Street", MEMBERS[n % 6]))
    f = trial.ApprovalApplied(
        approval_id=teller.fresh("apv"), subject=PLACES[b % 3], applicant=UNITS[a % 3], matter="Acceptance",
        levels=levels[: 2 + n % 2], applied_by=WORKER, day=teller.day(n), words="commitment" if b == 4 else "",
    )  # fmt: skip
    teller.kept[APPROVALS].append([f, 0, [approver for _, approver in f.levels]])
    teller.tell(f)


def decide(teller: Teller, a: int, b: int, n: int) -> None:
    """The level whose turn it is says yes or no."""
    if not teller.kept[APPROVALS]:
        return
    at = a % len(teller.kept[APPROVALS])
    f, passed, approvers = teller.kept[APPROVALS][at]
    level = passed + 1
    known = {
        "approval_id": f.approval_id, "subject": f.subject, "applicant": f.applicant, "level": level,
        "name": f.levels[passed][0], "approver": approvers[passed], "day": teller.day(n),
    }  # fmt: skip
    if b % 5 == 4:
        teller.kept[APPROVALS].pop(at)
        teller.tell(trial.LevelRejected(**known, reason="papers_missing", rejected_by=MEMBERS[b % 6]))
        return
    last = level == len(f.levels)
    teller.tell(trial.LevelApproved(**known, last=last, approved_by=MEMBERS[b % 6]))
    teller.kept[APPROVALS][at][1] = level
    if last:
        teller.kept[APPROVALS].pop(at)


def replace_or_withdraw(teller: Teller, a: int, b: int, n: int) -> None:
    """Another is to decide, or nobody any more."""
    if not teller.kept[APPROVALS]:
        return
    at = a % len(teller.kept[APPROVALS])
    f, passed, approvers = teller.kept[APPROVALS][at]
    if b % 3:
        level = passed + 1 + n % (len(approvers) - passed)
        f_replaced = trial.ApproverReplaced(
            approval_id=f.approval_id, level=level, before=approvers[level - 1], approver=WORKER, replaced_by=WORKER,
            day=teller.day(n),
        )  # fmt: skip
        approvers[level - 1] = WORKER
        teller.tell(f_replaced)
        return
    teller.kept[APPROVALS].pop(at)
    teller.tell(
        trial.ApprovalWithdrawn(
            approval_id=f.approval_id, subject=f.subject, applicant=f.applicant, withdrawn_by=WORKER, day=teller.day(n)
        )
    )


STEPS: tuple[Callable[[Teller, int, int, int], None], ...] = (
    appoint, dissolve, open_appraisal, score, score, close, order, report, judge, adopt, begin, tick, extend, end,
    apply, decide, replace_or_withdraw,
)  # fmt: skip

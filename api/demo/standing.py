"""How units and courtyards stand: appraised by a panel, told to put things right, on trial, approved in levels."""

from __future__ import annotations

from datetime import timedelta

from api.demo.data import life
from api.demo.organisations import Organisations
from api.demo.people import People, Staff
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.appraisals.commands import (
    AppointPanel,
    AppraisalNote,
    CloseAppraisal,
    Criterion,
    Mark,
    OpenAppraisal,
    OrderRectification,
    ReportRectified,
    ScoreAppraisal,
    Seat,
)
from ledger.appraisals.facts import AppraisalOpened, PanelAppointed, RectificationOrdered
from ledger.conduct.commands import ConductNote, LodgeAppeal, SuspendMember
from ledger.conduct.facts import MemberSuspended
from ledger.trials.commands import AdoptStandard, ApplyForApproval, Level, OpenTrial, TickItem
from ledger.trials.facts import StandardAdopted, TrialOpened
from ledger.trials.templates import ready_made

_PANEL = (36, 37, 38, 39)
"""Of the units that somebody speaks for: those of residents, and a party committee."""
_MET_OF_TRIAL = 20
_TRIAL_BEGAN, _SUSPENDED_DAYS = 90, 20


def fill(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """One appraisal that is over and one of 绿云物业 that runs; then what waits for a worker to look at."""
    _appraise(run, staff, groups, people)
    _put_right(run, staff, groups, people)
    _try_out(run, staff, places, groups, people)
    _suspend(run, staff, people)


def _appraise(run: Run, staff: Staff, groups: Organisations, people: People) -> None:
    texts, worker = life(), staff["qian"]
    named = AppointPanel(
        name=texts.call["panel"], rhythm="monthly",
        seats=tuple(Seat(party=groups.spoken_for[number].id, weight=1) for number in _PANEL),
        criteria=tuple(
            Criterion(code=f"c{i}", name=one.name, most=one.points) for i, one in enumerate(texts.appraised)
        ),
    )  # fmt: skip
    panel = made(run.one(worker, "panel", named), PanelAppointed).panel_id
    for subject, sheets in ((1, len(_PANEL)), (0, 1)):
        opening = OpenAppraisal(
            panel_id=panel, subject=groups.spoken_for[subject].id, period=f"{run.today:%Y-%m}",
            until_day=run.today + timedelta(days=5),
        )  # fmt: skip
        appraisal = made(run.one(worker, f"appraisal:{subject}", opening), AppraisalOpened).appraisal_id
        for i, number in enumerate(_PANEL[:sheets]):
            marks = tuple(Mark(code=f"c{j}", points=one.points - 4 - i) for j, one in enumerate(texts.appraised))
            sheet = ScoreAppraisal(
                appraisal_id=appraisal, panelist=groups.spoken_for[number].id, marks=marks,
                words=AppraisalNote(remark=texts.say["appraisal"]),
            )  # fmt: skip
            run.one(people.representatives[number], f"appraisal:{subject}:sheet:{i}", sheet)
        if sheets == len(_PANEL):
            run.one(worker, f"appraisal:{subject}:close", CloseAppraisal(appraisal_id=appraisal))


def _put_right(run: Run, staff: Staff, groups: Organisations, people: People) -> None:
    """绿云物业 has something to put right; another unit says that it has, and a worker looks at it today."""
    for subject, matter, days in ((0, "matter", 4), (1, "matter_done", 0)):
        unit = groups.spoken_for[subject].id
        order = OrderRectification(party=unit, matter=life().call[matter], due_day=run.today + timedelta(days=days))
        ordered = made(run.one(staff["qian"], f"rectify:{subject}", order), RectificationOrdered)
        if not days:
            told = ReportRectified(
                rectification_id=ordered.rectification_id, party=unit, evidence=f"{11:064x}",
                words=AppraisalNote(remark=life().say["rectify_done"]),
            )  # fmt: skip
            run.one(people.representatives[subject], f"rectify:{subject}:report", told)


def _try_out(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """A courtyard whose trial of three months ends now, and an application that waits for the community's yes."""
    texts, worker = life().call, staff["qian"]
    adopted = run.one(worker, "standard", AdoptStandard(kind="professional", name=texts["standard"]))
    opening = OpenTrial(
        standard_id=made(adopted, StandardAdopted).standard_id, place=places.courtyards[4].id,
        unit=groups.spoken_for[2].id, begins_on=run.ago(_TRIAL_BEGAN),
    )  # fmt: skip
    trial = made(run.one(worker, "trial", opening), TrialOpened).trial_id
    codes = [code for code, _ in ready_made()["professional"]][:_MET_OF_TRIAL]
    ticks: list[Keyed] = [(f"trial:{code}", TickItem(trial_id=trial, item=code)) for code in codes]
    run.many(worker, ticks)
    applicant = 20
    levels = (
        Level(name=texts["level_worker"], approver=staff["zhao"]),
        Level(name=texts["level_council"], approver=groups.spoken_for[_PANEL[0]].id),
    )
    asked = ApplyForApproval(
        subject=places.courtyards[6].id, applicant=groups.spoken_for[applicant].id, matter=texts["approval"],
        levels=levels,
    )  # fmt: skip
    run.one(people.representatives[applicant], "approval", asked)


def _suspend(run: Run, staff: Staff, people: People) -> None:
    """Somebody signed up thrice and never came; they ask that somebody else look at it again."""
    member = people.volunteers[75]
    until_day = run.today + timedelta(days=_SUSPENDED_DAYS)
    suspend = SuspendMember(
        member=member, reason="no_shows", until_day=until_day, words=ConductNote(remark=life().say["sanction"])
    )
    sanction = made(run.one(staff["sun"], "sanction", suspend), MemberSuspended).sanction_id
    appeal = LodgeAppeal(sanction_id=sanction, member=member, words=ConductNote(remark=life().say["appeal"]))
    run.one(member, "appeal", appeal)

"""Facts of appraisals as the stories tell them: four parties appraise 绿云物业 by two criteria in May 2026."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.appraisals import facts
from ledger.appraisals.commands import Mark
from ledger.base import Fact
from ledger.parties.facts import UnitRegistered
from tests.ledger.cast import BAKERY, CHEN, HE, LI, LVYUN, PEOPLE, SUN, WANG, granted
from tests.ledger.given import TODAY

PANEL, APPRAISAL, RECTIFICATION = "panel_may", "apr_may", "rec_drains"
COMMITTEE = "unit_party"
UNTIL = TODAY + timedelta(days=10)
SEATS = ((COMMITTEE, 4), (BAKERY, 3), (WANG, 2), (LI, 1))
CRITERIA = (("hygiene", "环境卫生", 60), ("order", "公共秩序", 40))
STAGE: tuple[Fact, ...] = (
    *PEOPLE,
    UnitRegistered(unit_id=COMMITTEE, kind="party_organisation", name="社区党委"),
    granted(SUN, "representative", COMMITTEE),
    granted(HE, "representative", BAKERY),
    granted("mem_zhao", "representative", LVYUN),
)
"""孙 speaks for the party committee, 何 for the bakery, 赵 for 绿云物业."""

APPOINTED = facts.PanelAppointed(
    panel_id=PANEL, name="月度测评组", rhythm="monthly", seats=SEATS, criteria=CRITERIA, appointed_by=CHEN
)
DISSOLVED = facts.PanelDissolved(panel_id=PANEL, dissolved_by=CHEN, day=TODAY)


def opened(
    subject: str = LVYUN,
    *,
    appraisal_id: str = APPRAISAL,
    seats: tuple[tuple[str, int], ...] = SEATS,
    until_day: date = UNTIL,
) -> facts.AppraisalOpened:
    """The appraisal for May."""
    return facts.AppraisalOpened(
        appraisal_id=appraisal_id,
        panel_id=PANEL,
        subject=subject,
        rhythm="monthly",
        period="2026-05",
        seats=seats,
        criteria=CRITERIA,
        until_day=until_day,
        opened_by=CHEN,
        day=TODAY,
    )


def scored(panelist: str, by: str, hygiene: int, order: int) -> facts.AppraisalScored:
    """A sheet."""
    return facts.AppraisalScored(
        sheet_id="sheet_" + panelist.partition("_")[2],
        appraisal_id=APPRAISAL,
        panelist=panelist,
        weight=dict(SEATS)[panelist],
        marks=(("hygiene", hygiene), ("order", order)),
        points=hygiene + order,
        most=100,
        scored_by=by,
        day=TODAY,
    )


def marks(hygiene: int, order: int) -> tuple[Mark, ...]:
    """What a panelist writes down."""
    return Mark(code="hygiene", points=hygiene), Mark(code="order", points=order)


SHEETS = (
    scored(COMMITTEE, SUN, 50, 35),
    scored(BAKERY, HE, 60, 40),
    scored(WANG, WANG, 30, 21),
    scored(LI, LI, 20, 10),
)
"""4 · 85 + 3 · 100 + 2 · 51 + 1 · 30 of 1,000: 77.2 points."""
CLOSED = facts.AppraisalClosed(
    appraisal_id=APPRAISAL,
    subject=LVYUN,
    result_hundredths=7_720,
    grade="good",
    sheets=4,
    weight_heard=10,
    weight_all=10,
    closed_by=CHEN,
    day=TODAY,
)


def ordered(*, party: str = LVYUN, due_day: date = UNTIL, rectification_id: str = RECTIFICATION) -> Fact:
    """疏通下水管道, to be done in ten days."""
    return facts.RectificationOrdered(
        rectification_id=rectification_id,
        party=party,
        matter="疏通下水管道",
        due_day=due_day,
        ordered_by=CHEN,
        day=TODAY,
    )


def reported(by: str = "mem_zhao") -> Fact:
    """绿云物业 says it is done."""
    return facts.RectificationReported(rectification_id=RECTIFICATION, party=LVYUN, reported_by=by, day=TODAY)


ACCEPTED = facts.RectificationAccepted(rectification_id=RECTIFICATION, party=LVYUN, accepted_by=CHEN, day=TODAY)


def failed(failures: int = 1, cause: str = "overdue", *, by: str = CHEN, day: date = TODAY) -> Fact:
    """It was not."""
    return facts.RectificationFailed(
        rectification_id=RECTIFICATION, party=LVYUN, cause=cause, failures=failures, failed_by=by, day=day
    )

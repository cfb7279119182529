"""Decisions about panels and appraisals (M20: monthly by four, quarterly by five); rectification is in `rectifying`."""

from __future__ import annotations

from datetime import timedelta

from ledger.appraisals import commands as do
from ledger.appraisals import facts
from ledger.appraisals.interests import is_own, owners_of, speaks_as
from ledger.appraisals.rectifying import RECTIFYING_RULES
from ledger.appraisals.scoring import begins_on, grade_of, weighted
from ledger.appraisals.state import Appraisal, Appraised, Panel, Sheet, need_open_appraisal, need_panel
from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_code, check_id, check_name
from ledger.conduct.state import check_may_act, may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import Standing, need_party
from ledger.policy.state import policy_of

MOST_SEATS, MOST_CRITERIA, MOST_WEIGHT, MOST_POINTS = 50, 60, 100, 1_000
"""Beyond these a panel is a slip of the pen (choice)."""
_SEATS_RULES = {"monthly": "appraisals.monthly_seats", "quarterly": "appraisals.quarterly_seats"}


def _check_seats(view: View, c: do.AppointPanel, scene: Scene) -> tuple[tuple[str, int], ...]:
    """As many different parties as policy says for the rhythm, at least two, each with a weight of its own."""
    parties = [seat.party for seat in c.seats]
    if not 2 <= len(set(parties)) == len(parties) <= MOST_SEATS:
        raise Refused("bad_seats", most=MOST_SEATS)
    rule = _SEATS_RULES.get(c.rhythm)
    wanted = None if rule is None else policy_of(view).number_or_none(rule, scene.today)
    if wanted is not None and len(parties) != wanted:
        raise Refused("wrong_number_of_seats", rhythm=c.rhythm, wanted=wanted, got=len(parties))
    for seat in c.seats:
        need_party(view, seat.party)
        check_may_act(view, seat.party, scene.today)
        if not 1 <= seat.weight <= MOST_WEIGHT:
            raise Refused("bad_weight", most=MOST_WEIGHT)
    return tuple((seat.party, seat.weight) for seat in c.seats)


def _check_criteria(c: do.AppointPanel) -> tuple[tuple[str, str, int], ...]:
    codes = {check_code(one.code, field="code") for one in c.criteria}
    if not 1 <= len(codes) == len(c.criteria) <= MOST_CRITERIA:
        raise Refused("bad_criteria", most=MOST_CRITERIA)
    if any(not 1 <= one.most <= MOST_POINTS for one in c.criteria):
        raise Refused("bad_points", most=MOST_POINTS)
    return tuple((one.code, check_name(one.name), one.most) for one in c.criteria)


def appoint_panel(view: View, c: do.AppointPanel, scene: Scene) -> list[Fact]:
    """See `AppointPanel`; nobody appoints a panel on which they sit or speak for a seat."""
    if view.state(Panel, check_id(c.panel_id, "panel")).appointed is not None:
        raise Conflict("panel_exists", panel=c.panel_id)
    seats = _check_seats(view, c, scene)
    if any(speaks_as(view, scene.actor, party) for party, _ in seats):
        raise NotYours("appoints_oneself")
    return [
        facts.PanelAppointed(
            panel_id=c.panel_id,
            name=check_name(c.name),
            rhythm=c.rhythm,
            seats=seats,
            criteria=_check_criteria(c),
            appointed_by=scene.actor,
        )
    ]


def dissolve_panel(view: View, c: do.DissolvePanel, scene: Scene) -> list[Fact]:
    """See `DissolvePanel`."""
    need_panel(view, c.panel_id)
    return [facts.PanelDissolved(panel_id=c.panel_id, dissolved_by=scene.actor, day=scene.today)]


def open_appraisal(view: View, c: do.OpenAppraisal, scene: Scene) -> list[Fact]:
    """See `OpenAppraisal`; two seats at least are left without those who would judge their own or may take on nothing."""
    if view.state(Appraisal, check_id(c.appraisal_id, "apr")).opened is not None:
        raise Conflict("appraisal_exists", appraisal=c.appraisal_id)
    panel = need_panel(view, c.panel_id)
    owners = owners_of(view, c.subject)
    begins = begins_on(panel.rhythm, c.period)
    if begins is None or begins > scene.today:
        raise Refused("bad_appraisal_period", period=c.period, rhythm=panel.rhythm)
    if f"{c.panel_id} {c.period}" in view.state(Appraised, c.subject).periods:
        raise Conflict("already_appraised", subject=c.subject, period=c.period)
    days = policy_of(view).number("appraisals.days", scene.today)
    if not scene.today <= c.until_day <= scene.today + timedelta(days=days):
        raise Refused("appraisal_day_out_of_range", until_day=c.until_day.isoformat(), days=days)
    seats = tuple(
        (party, weight)
        for party, weight in panel.seats
        if may_act(view, party, scene.today) and not is_own(view, party, owners)
    )
    if len(seats) < 2:
        raise Refused("too_few_panelists", seats=len(seats))
    return [
        facts.AppraisalOpened(
            appraisal_id=c.appraisal_id,
            panel_id=c.panel_id,
            subject=c.subject,
            rhythm=panel.rhythm,
            period=c.period,
            seats=seats,
            criteria=panel.criteria,
            until_day=c.until_day,
            opened_by=scene.actor,
            day=scene.today,
        )
    ]


def _check_marks(c: do.ScoreAppraisal, opened: facts.AppraisalOpened) -> None:
    """Points for every criterion, once each, none below 0 or above its most."""
    given = {mark.code: mark.points for mark in c.marks}
    wanted = {code: most for code, _name, most in opened.criteria}
    if len(given) != len(c.marks) or given.keys() != wanted.keys():
        raise Refused("sheet_incomplete", criteria=", ".join(wanted))
    for code, points in given.items():
        if not 0 <= points <= wanted[code]:
            raise Refused("points_out_of_range", criterion=code, most=wanted[code])


def score_appraisal(view: View, c: do.ScoreAppraisal, scene: Scene) -> list[Fact]:
    """See `ScoreAppraisal`; once for each seat, by whoever sits on it, by nobody twice, and never on one's own."""
    appraisal, opened = need_open_appraisal(view, c.appraisal_id)
    weight = dict(opened.seats).get(c.panelist)
    if weight is None or not speaks_as(view, scene.actor, c.panelist):
        raise NotYours("not_on_the_panel", panelist=c.panelist)
    check_may_act(view, c.panelist, scene.today)
    if scene.today > opened.until_day:
        raise Refused("appraisal_day_passed", until_day=opened.until_day.isoformat())
    if c.panelist in appraisal.sheets:
        raise Conflict("already_scored", panelist=c.panelist)
    if any(sheet.scored_by == scene.actor for sheet in appraisal.sheets.values()):
        raise NotYours("two_seats_one_person")
    if is_own(view, scene.actor, owners_of(view, opened.subject)):
        raise NotYours("judges_own", subject=opened.subject)
    if view.state(Sheet, check_id(c.sheet_id, "sheet")).used:
        raise Conflict("sheet_exists", sheet=c.sheet_id)
    _check_marks(c, opened)
    return [
        facts.AppraisalScored(
            sheet_id=c.sheet_id,
            appraisal_id=c.appraisal_id,
            panelist=c.panelist,
            weight=weight,
            marks=tuple((mark.code, mark.points) for mark in c.marks),
            points=sum(mark.points for mark in c.marks),
            most=sum(most for _code, _name, most in opened.criteria),
            scored_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _gone(view: View, party: str, scene: Scene) -> bool:
    """Whether no sheet is waited for: the person left, or the party may take on nothing new."""
    left = prefix_of(party) == PERSON and view.state(Standing, party).left
    return left or not may_act(view, party, scene.today)


def close_appraisal(view: View, c: do.CloseAppraisal, scene: Scene) -> list[Fact]:
    """See `CloseAppraisal`; before its day only when everybody who is still here has scored.

    Where less than policy's share of the weight was heard when the day has passed, there is no result.
    """
    appraisal, opened = need_open_appraisal(view, c.appraisal_id)
    waiting = [party for party, _ in opened.seats if party not in appraisal.sheets and not _gone(view, party, scene)]
    if waiting and scene.today <= opened.until_day:
        raise Refused("panelists_missing", missing=len(waiting), until_day=opened.until_day.isoformat())
    policy = policy_of(view)
    heard = sum(sheet.weight for sheet in appraisal.sheets.values())
    whole = sum(weight for _, weight in opened.seats)
    if not heard or heard * 100 < whole * policy.number("appraisals.quorum_percent", scene.today):
        return [_cancelled(opened, "quorum_missed", scene)]
    result = weighted(appraisal.sheets.values())
    thresholds = policy.value("appraisals.grades", scene.today)
    assert isinstance(thresholds, tuple)
    return [
        facts.AppraisalClosed(
            appraisal_id=c.appraisal_id,
            subject=opened.subject,
            result_hundredths=result,
            grade=grade_of(result, tuple(map(int, thresholds))),
            sheets=len(appraisal.sheets),
            weight_heard=heard,
            weight_all=whole,
            closed_by=scene.actor,
            day=scene.today,
        )
    ]


def _cancelled(opened: facts.AppraisalOpened, reason: str, scene: Scene) -> Fact:
    return facts.AppraisalCancelled(
        appraisal_id=opened.appraisal_id,
        subject=opened.subject,
        reason=reason,
        cancelled_by=scene.actor,
        day=scene.today,
    )


def cancel_appraisal(view: View, c: do.CancelAppraisal, scene: Scene) -> list[Fact]:
    """See `CancelAppraisal`; not by those whose own affair it is."""
    _, opened = need_open_appraisal(view, c.appraisal_id)
    if is_own(view, scene.actor, owners_of(view, opened.subject)):
        raise NotYours("judges_own", subject=opened.subject)
    return [_cancelled(opened, c.reason, scene)]


RULES: dict[type[Command], Decide] = {
    do.AppointPanel: appoint_panel,
    do.DissolvePanel: dissolve_panel,
    do.OpenAppraisal: open_appraisal,
    do.ScoreAppraisal: score_appraisal,
    do.CloseAppraisal: close_appraisal,
    do.CancelAppraisal: cancel_appraisal,
    **RECTIFYING_RULES,
}

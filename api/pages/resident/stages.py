"""Where a request stands among the stages of its kind: what is done, what is now and until when, what comes after."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.registers.lateness import lateness
from api.pages.stories import asked_by, stage_name
from ledger.clock import day_of
from ledger.parties.state import works_for
from ledger.policy.state import Policy, policy_of
from ledger.requests.kinds import Kind, Stage, kind_of
from projections.books.engines.requests_tables import progress
from projections.reading import Cells, one

When = Literal["done", "now", "next"]


class Step(msgspec.Struct, frozen=True):
    """One stage: its name, when, and in words until when or within how many days; `tone` and `late` where it is now."""

    name: str
    when: When
    until: str
    late: str
    tone: str


class Stages(msgspec.Struct, frozen=True):
    """All stages in order, and what else is to be known of the present one."""

    steps: list[Step]
    notes: list[tuple[str, str]]
    """Tone and sentence: until when somebody calls, who answers for it now."""


def stages_of(visit: Visit, row: Cells, watched: Cells | None = None) -> Stages:
    """The stages of a request that is under way or came to a good end; none of one that ended otherwise.

    `watched` is its row of deadlines where that is at hand already.
    """
    kind, rules = kind_of(row["kind"]), policy_of(visit.view)
    if row["record"] or row["status"] in ("declined", "unmet", "withdrawn"):
        return Stages([], [])
    if watched is None:
        watched = one(visit.store.database, progress, visit.ledger, request_id=row["request_id"])
    names = [stage.name for stage in _shown(visit, kind, rules, row)]
    at = len(names) if row["status"] == "closed" else names.index(row["status"]) if row["status"] in names else 0
    steps = [
        _step(visit, stage, "done" if n < at else "now" if n == at else "next", (row, watched), rules)
        for n, stage in enumerate(_shown(visit, kind, rules, row))
    ]
    return Stages(steps, _notes(visit, row, watched))


def deadline_of(visit: Visit, row: Cells, watched: Cells | None) -> date | None:
    """The last day of the stage at which a request stands; None where it has none."""
    if row["status"] == "claimed":
        return None if row["until_at"] is None else day_of(row["until_at"] - 1, visit.zone)
    if watched is None:
        return None
    if row["status"] == "noticed":
        return _day(watched["notice_until_day"])
    return _day(watched["until_day"]) if watched["stage"] == row["status"] else None


def until_of(visit: Visit, row: Cells, watched: Cells | None) -> tuple[str, str, str]:
    """Until when the stage goes, how far off that is, and the tone; a claim's lease reads as everywhere: to the minute."""
    day = deadline_of(visit, row, watched)
    if day is None:
        return "", "", ""
    late, tone = lateness(visit, day)
    if row["status"] != "claimed":
        return visit.t("resident.until", day=visit.day(day)), late, tone
    over = "stop" if row["until_at"] <= visit.now_at else tone
    return visit.t("resident.until", day=visit.deadline(row["until_at"])), visit.left(row["until_at"]), over


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _shown(visit: Visit, kind: Kind, rules: Policy, row: Cells) -> list[Stage]:
    """The kind's stages; public notice only where there is one."""
    notice = row["status"] == "noticed" or rules.number("requests.notice_days", visit.today) > 0
    return [stage for stage in kind.stages if notice or stage.name != "noticed"]


def _step(visit: Visit, stage: Stage, when: When, known: tuple[Cells, Cells | None], rules: Policy) -> Step:
    name = stage_name(visit, known[0], stage.name)
    if when == "now":
        return Step(name, when, *until_of(visit, *known))
    days = rules.number_or_none(stage.days_rule, visit.today) if stage.days_rule and when == "next" else None
    return Step(name, when, "" if days is None else visit.t("resident.within", days=days), "", "")


def _notes(visit: Visit, row: Cells, watched: Cells | None) -> list[tuple[str, str]]:
    if watched is None:
        return []
    found: list[tuple[str, str]] = []
    contact = _day(watched["contact_until_day"])
    if row["status"] == "claimed" and contact is not None:
        asked, told = asked_by(visit, row), watched["contacted_day"]
        if told:
            key = "resident.contacted" if asked else "resident.contacted_them"
            found.append(("in", visit.t(key, day=visit.day(told))))
        else:
            late, tone = lateness(visit, contact)
            holds = bool(row["claimant"]) and visit.caller.signed_in
            mine = holds and works_for(visit.view, visit.caller.actor, row["claimant"])
            who = "until" if asked else "you" if mine else "them"
            found.append((tone, visit.t(f"resident.contact_{who}", day=visit.day(contact), late=late)))
    if watched["escalations"] and watched["at_place"] and row["status"] != "closed":
        names = labels(visit, [watched["at_place"], watched["responsible"]])
        who = names.get(watched["responsible"] or "", "")
        found.append(("calm", visit.t("resident.stands_at", place=names[watched["at_place"]], who=who)))
    if watched["rounds"] and row["status"] == "published":
        found.append(("wait", visit.t("resident.rounds", rounds=watched["rounds"])))
    return found

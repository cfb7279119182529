"""What waits about units and people: rectifications to look at, appeals, approvals in levels, need groups."""

from __future__ import annotations

from datetime import timedelta

from api.pages.common import Visit
from api.pages.worker.desk import OFFICE, WORKER, Action, Ask, Said, Source, Told, give, pairs
from api.pages.worker.waiting import waiting_row, waiting_rows
from api.texts import text
from ledger.appraisals.commands import AcceptRectification, FailRectification
from ledger.conduct.commands import DecideAppeal
from ledger.services.commands import AdmitNeed, EndNeed
from ledger.trials.commands import ApproveLevel, EndTrial, RejectLevel
from projections.books.engines.appraisals_tables import approvals, rectifications, trials
from projections.books.engines.services_tables import appeals, need_entries, need_groups, sanctions
from projections.reading import Cells

_AHEAD_DAYS = 2
"""So many days before it ends a pilot stands in the queue."""


# ---- rectification -------------------------------------------------------------------------------------------------


def _tell_rectification(visit: Visit, row: Cells, told: Told) -> Said:
    return Said(
        visit.t("worker.title.rectify", who=told.names.get(row["party"], ""), what=row["matter"]),
        pairs(
            visit,
            ("until", visit.day(row["due_day"])),
            ("reported", visit.day(row["reported_day"]) if row["reported_day"] else ""),
            ("reported_by", told.names.get(row["reported_by"] or "")),
            ("said", told.words.get(row["report_words"], {}).get("remark")),
            ("ordered_by", told.names.get(row["ordered_by"])),
            ("evidence", visit.t("worker.yes") if row["evidence"] else visit.t("worker.no")),
        ),
    )


RECTIFY = Source(
    name="rectify",
    icon="undo",
    table=rectifications,
    key="rectification_id",
    rows=lambda visit, most: waiting_rows(visit, rectifications, "due_day", most, status="reported"),
    row=lambda visit, key: waiting_row(visit, rectifications, "reported", rectification_id=key),
    tell=_tell_rectification,
    story=("rectification_id",),
    due_column="due_day",
    hindered=lambda visit, row, _beside: (
        "hindered.part" if visit.caller.actor in (row["party"], row["reported_by"]) else ""
    ),
    leads=lambda visit, row: visit.url(f"records/rectifications/{row['rectification_id']}"),
    actions=(
        Action(
            name="accept", letter="a", main=True,
            command=lambda _visit, row, _said: AcceptRectification(rectification_id=row["rectification_id"]),
        ),
        Action(
            name="fail", letter="r",
            command=lambda _visit, row, _said: FailRectification(
                rectification_id=row["rectification_id"], cause="insufficient"
            ),
        ),
    ),
)  # fmt: skip


# ---- appeals -------------------------------------------------------------------------------------------------------


def _tell_appeal(visit: Visit, row: Cells, told: Told) -> Said:
    sanction = told.beside.get(row["sanction_id"], {})
    kind = visit.t(f"worker.sanction.{sanction['kind']}") if sanction else ""
    return Said(
        visit.t("worker.title.appeal", who=told.names.get(row["member"], ""), what=kind),
        pairs(
            visit,
            ("reason", text(visit.lang, f"sampling.value.reason_{sanction['reason']}") if sanction else ""),
            ("said", told.words.get(row["words"], {}).get("remark")),
            ("judge", told.names.get(sanction.get("judge", ""))),
            ("judged", visit.day(sanction["day"]) if sanction else ""),
            ("barred_until", visit.day(sanction["until_day"]) if sanction.get("until_day") else ""),
            ("minutes", visit.hours(sanction["minutes"]) if sanction.get("minutes") else ""),
        ),
    )


def _own_appeal(visit: Visit, row: Cells, beside: Cells | None) -> str:
    if visit.caller.actor == row["member"]:
        return "hindered.own"
    return "hindered.judge" if beside is not None and beside["judge"] == visit.caller.actor else ""


APPEAL = Source(
    name="appeal",
    icon="alert",
    table=appeals,
    key="appeal_id",
    rows=lambda visit, most: waiting_rows(visit, appeals, "number", most, status="lodged"),
    row=lambda visit, key: waiting_row(visit, appeals, "lodged", appeal_id=key),
    beside=(sanctions, "sanction_id"),
    tell=_tell_appeal,
    story=("appeal_id", "sanction_id"),
    roles=OFFICE,
    patience_days=7,
    hindered=_own_appeal,
    leads=lambda visit, row: visit.url(f"members/{row['member']}"),
    actions=(
        Action(
            name="grant", letter="a", main=True,
            command=lambda _visit, row, _said: DecideAppeal(appeal_id=row["appeal_id"], granted=True),
        ),
        Action(
            name="dismiss", letter="r",
            command=lambda _visit, row, _said: DecideAppeal(appeal_id=row["appeal_id"], granted=False),
        ),
    ),
)  # fmt: skip


# ---- approval in levels --------------------------------------------------------------------------------------------


def _speaks_as(visit: Visit) -> list[str]:
    """The parties in whose name who looks decides: themselves, and units and teams they speak for."""
    scoped = (scope for role, scope in visit.caller.roles.held if role in ("representative", "team_leader"))
    return [visit.caller.actor, *sorted(scoped)]


def _to_approve(visit: Visit, most: int) -> list[Cells]:
    found = [
        row
        for party in _speaks_as(visit)
        for row in waiting_rows(visit, approvals, "number", most, status="waiting", waiting_for=party)
    ]
    return sorted(found, key=lambda row: int(row["number"]))[:most]


def _approval(visit: Visit, key: str) -> Cells | None:
    row = waiting_row(visit, approvals, "waiting", approval_id=key)
    return row if row is not None and row["waiting_for"] in _speaks_as(visit) else None


def _tell_approval(visit: Visit, row: Cells, told: Told) -> Said:
    level = row["levels"].split("\n")[row["approved"]].partition(" ")[2]
    return Said(
        visit.t("worker.title.approve", who=told.names.get(row["applicant"], ""), what=row["matter"]),
        pairs(
            visit,
            ("subject", told.names.get(row["subject"])),
            ("level", visit.t("worker.level", name=level, number=row["approved"] + 1, most=row["level_count"])),
            ("said", told.words.get(row["words"], {}).get("remark")),
            ("asked_on", visit.day(row["day"])),
        ),
    )


APPROVE = Source(
    name="approve",
    icon="check",
    table=approvals,
    key="approval_id",
    rows=_to_approve,
    row=_approval,
    tell=_tell_approval,
    story=("approval_id",),
    roles=WORKER,
    own=lambda visit: len(_speaks_as(visit)) > 1,
    patience_days=7,
    hindered=lambda visit, row, _beside: "hindered.asked" if row["applied_by"] == visit.caller.actor else "",
    leads=lambda visit, row: visit.url(f"records/approvals/{row['approval_id']}"),
    actions=(
        Action(
            name="approve", letter="a", main=True,
            command=lambda _visit, row, _said: ApproveLevel(approval_id=row["approval_id"], level=row["approved"] + 1),
        ),
        Action(
            name="reject", letter="r",
            asks=(
                Ask(
                    name="reason", kind="choice",
                    values=("standard_not_met", "papers_missing", "residents_object", "against_rules"),
                ),
            ),
            command=lambda _visit, row, said: give(
                RejectLevel, approval_id=row["approval_id"], level=row["approved"] + 1, reason=said["reason"]
            ),
        ),
    ),
)  # fmt: skip


# ---- need groups ---------------------------------------------------------------------------------------------------


def _tell_need(visit: Visit, row: Cells, told: Told) -> Said:
    group = told.beside.get(row["group_id"], {})
    return Said(
        visit.t("worker.title.need", who=told.names.get(row["member"], ""), what=group.get("name", "")),
        pairs(
            visit,
            ("asked_by", told.names.get(row["asked_by"])),
            ("said", told.words.get(row["words"], {}).get("remark")),
            ("people", visit.t("worker.people", count=group["people"]) if group else ""),
        ),
    )


NEED = Source(
    name="need",
    icon="heart",
    table=need_entries,
    key="need_id",
    rows=lambda visit, most: waiting_rows(visit, need_entries, "number", most, status="asked"),
    row=lambda visit, key: waiting_row(visit, need_entries, "asked", need_id=key),
    beside=(need_groups, "group_id"),
    tell=_tell_need,
    story=("need_id",),
    roles=WORKER | {"committee_member"},
    patience_days=7,
    hindered=lambda visit, row, _beside: (
        "hindered.asked" if visit.caller.actor in (row["member"], row["asked_by"]) else ""
    ),
    leads=lambda visit, row: visit.url(f"members/{row['member']}"),
    actions=(
        Action(
            name="admit", letter="a", main=True,
            command=lambda _visit, row, _said: AdmitNeed(need_id=row["need_id"]),
        ),
        Action(
            name="end", letter="r",
            asks=(Ask(name="reason", kind="choice", values=("not_in_need", "no_longer_in_need", "left")),),
            command=lambda _visit, row, said: give(EndNeed, need_id=row["need_id"], reason=said["reason"]),
        ),
    ),
)  # fmt: skip

# ---- pilots that end ---------------------------------------------------------------------------------------------------


def _to_end(visit: Visit, most: int) -> list[Cells]:
    soon = (visit.today + timedelta(days=_AHEAD_DAYS)).isoformat()
    return [row for row in waiting_rows(visit, trials, "ends_on", most, status="running") if row["ends_on"] <= soon]


def _tell_trial(visit: Visit, row: Cells, told: Told) -> Said:
    return Said(
        visit.t("worker.title.trial", who=told.names.get(row["place"], "")),
        pairs(
            visit,
            ("served_by", told.names.get(row["unit"] or "")),
            ("since", visit.day(row["begins_on"])),
            ("until", visit.day(row["ends_on"])),
            ("met", visit.t("worker.met", met=row["met"], items=row["items"])),
        ),
    )


TRIAL = Source(
    name="trial",
    icon="place",
    table=trials,
    key="trial_id",
    rows=_to_end,
    row=lambda visit, key: waiting_row(visit, trials, "running", trial_id=key),
    tell=_tell_trial,
    story=("trial_id",),
    due_column="ends_on",
    leads=lambda visit, row: visit.url(f"records/trials/{row['trial_id']}"),
    actions=(
        Action(
            name="end", letter="a", main=True,
            asks=(
                Ask(
                    name="outcome", kind="choice", words="sampling.value.outcome_",
                    values=("passed", "failed", "given_up"),
                ),
            ),
            command=lambda _visit, row, said: give(EndTrial, trial_id=row["trial_id"], outcome=said["outcome"]),
        ),
    ),
)  # fmt: skip

SOURCES = (RECTIFY, APPEAL, APPROVE, NEED, TRIAL)

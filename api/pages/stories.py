"""A request's life as a story, told from its facts, and what happens next."""

from __future__ import annotations

from typing import Any

import msgspec
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from api.pages.common import Visit
from api.pages.naming import labels
from ledger.base import Fact
from ledger.honours.facts import PlaqueAwarded, PlaqueRevoked
from ledger.journal.queries import read_rows
from ledger.meetings import facts as meeting
from ledger.partners import facts as partner
from ledger.projects import facts as project
from ledger.requests import facts
from ledger.requests.kinds import kind_of
from projections.reading import Cells


class Step(msgspec.Struct, frozen=True):
    """One step: icon, tone, sentence, a second line ("" for none), position and moment."""

    icon: str
    tone: str
    words: str
    more: str
    position: int
    at: int


_STEPS: dict[type[Fact], tuple[str, str, str]] = {
    facts.RequestPosted: ("pen", "calm", "posted"),
    facts.RequestPublished: ("wish", "calm", "published"),
    facts.RequestDeclined: ("alert", "stop", "declined"),
    facts.RequestClaimed: ("heart", "", "claimed"),
    facts.ClaimReleased: ("undo", "wait", "released"),
    facts.ReleaseExplained: ("pen", "calm", "release_explained"),
    facts.ClaimLapsed: ("wait", "wait", "lapsed"),
    facts.RequestFulfilled: ("check", "in", "fulfilled"),
    facts.RequestClosed: ("check", "in", "closed"),
    facts.RequestReopened: ("undo", "wait", "reopened"),
    facts.RequestUnmet: ("alert", "stop", "unmet"),
    facts.RequestWithdrawn: ("undo", "stop", "withdrawn"),
    facts.RequestNoticed: ("wish", "wait", "noticed"),
    facts.RequestOverdue: ("wait", "stop", "overdue"),
    facts.RequestRolledOver: ("undo", "wait", "rolled_over"),
    facts.RequestEscalated: ("unit", "calm", "escalated"),
    facts.RequestAssigned: ("heart", "calm", "assigned"),
    facts.RequesterContacted: ("check", "calm", "contacted"),
    facts.EvidenceAdded: ("check", "calm", "evidence"),
    facts.RequestWarned: ("wait", "wait", "warned"),
    meeting.RequestRaised: ("people", "calm", "raised"),
    meeting.VoteOpened: ("pen", "calm", "vote_opened"),
    meeting.VoteClosed: ("check", "calm", "vote_closed"),
    project.ProjectPlanned: ("book", "in", "planned"),
    project.ProjectCompleted: ("check", "in", "completed"),
    project.ProjectConcluded: ("heart", "in", "concluded"),
    project.ProjectAbandoned: ("alert", "stop", "abandoned"),
    partner.OfferMatched: ("unit", "calm", "matched"),
    partner.MatchDelivered: ("check", "in", "delivered"),
    partner.MatchCancelled: ("undo", "wait", "match_cancelled"),
    PlaqueAwarded: ("plaque", "in", "plaque"),
    PlaqueRevoked: ("plaque", "stop", "plaque_revoked"),
}


_NAMED = ("claimant", "unit", "owner", "sponsor", "to_place")
"""Fields of facts with ids that the sentences name."""


def asked_by(visit: Visit, row: Cells) -> bool:
    """Whether who looks asked for it, or acts for who did."""
    caller = visit.caller
    asker = row["requester"]
    return bool(asker) and caller.signed_in and (asker == caller.actor or asker in caller.roles.principals)


def stage_name(visit: Visit, row: Cells, stage: str) -> str:
    """What a stage of a request is called; only who asked is told that they confirm."""
    if stage == "fulfilled" and not asked_by(visit, row):
        return visit.t("resident.stage.fulfilled_by_asker")
    kind = row["kind"]
    return visit.known(f"resident.stage.{kind}_{stage}", visit.t(f"resident.stage.{stage}"))


def story_of(visit: Visit, row: Cells) -> list[Step]:
    """Every step of a request in order. Who did it is named where it is an organisation, else masked."""
    database = visit.store.database
    query = DCBQuery(items=[DCBQueryItem(tags=[row["request_id"]])])
    with database.reading() as cursor:
        rows = read_rows(database, cursor, visit.ledger, query, 0, None)
    told = [(int(p), *visit.store.codec.decode(kind, bytes(data))) for p, kind, _tags, data in rows]
    ids = [getattr(fact, name, None) for _, _, fact in told for name in _NAMED]
    names = labels(visit, ids, clear=[visit.caller.actor or None])
    steps: list[Step] = []
    for position, envelope, fact in told:
        if type(fact) in _STEPS:
            icon, tone, key = _STEPS[type(fact)]
            figures = _figures(fact, names)
            more = _more(visit, fact, row, names)
            steps.append(Step(icon, tone, visit.t(f"story.{key}", **figures), more, position, envelope.at))
    return steps


def _figures(fact: Fact, names: dict[str, str]) -> dict[str, Any]:
    who = getattr(fact, "claimant", None) or getattr(fact, "unit", None) or getattr(fact, "owner", None)
    who = who or getattr(fact, "sponsor", None)
    return {"who": names.get(who or "", ""), "quantity": getattr(fact, "quantity", "")}


def _more(visit: Visit, fact: Fact, row: Cells, names: dict[str, str]) -> str:
    match fact:
        case facts.RequestOverdue() | facts.RequestWarned():
            day = visit.day(fact.until_day)
            if kind_of(row["kind"]).stage(fact.stage) is None:
                return visit.t("story.due_on", day=day)
            return visit.t("story.late_of", stage=stage_name(visit, row, fact.stage), day=day)
        case facts.RequestEscalated():
            return visit.t("story.to_place", place=names.get(fact.to_place, ""))
        case facts.RequestNoticed():
            return visit.t("story.due_on", day=visit.day(fact.until_day))
        case facts.RequestAssigned():
            return visit.t("story.due_on", day=visit.day(fact.due_day))
        case facts.RequestPosted():
            channel = visit.t(f"channel.{fact.channel}")
            return visit.t("story.posted_past", day=visit.day(fact.day)) if fact.record else channel
        case facts.RequestClaimed() | facts.RequestReopened():
            return "" if row["record"] else visit.t("story.until", at=visit.deadline(fact.until_at))
        case facts.RequestClosed() if fact.score is not None:
            return visit.t("story.score", score=fact.score)
        case facts.RequestDeclined():
            return visit.t(f"declined.{fact.reason}")
        case facts.ReleaseExplained():
            return visit.t(f"partner.reason.{fact.reason}")
        case facts.RequestUnmet():
            return visit.known(f"barrier.{fact.barrier}", visit.t("barrier.stated"))
    return ""

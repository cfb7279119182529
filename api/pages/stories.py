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
from ledger.partners import facts as partner
from ledger.requests import facts
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
    partner.OfferMatched: ("unit", "calm", "matched"),
    partner.MatchDelivered: ("check", "in", "delivered"),
    partner.MatchCancelled: ("undo", "wait", "match_cancelled"),
    PlaqueAwarded: ("plaque", "in", "plaque"),
    PlaqueRevoked: ("plaque", "stop", "plaque_revoked"),
}


def story_of(visit: Visit, row: Cells) -> list[Step]:
    """Every step of a request in order. Who did it is named where it is an organisation, else masked."""
    database = visit.store.database
    query = DCBQuery(items=[DCBQueryItem(tags=[row["request_id"]])])
    with database.reading() as cursor:
        rows = read_rows(database, cursor, visit.ledger, query, 0, None)
    told = [(int(p), *visit.store.codec.decode(kind, bytes(data))) for p, kind, _tags, data in rows]
    ids = [getattr(fact, name, None) for _, _, fact in told for name in ("claimant", "unit", "owner")]
    names = labels(visit, ids, clear=[visit.caller.actor or None])
    steps: list[Step] = []
    for position, envelope, fact in told:
        if type(fact) in _STEPS:
            icon, tone, key = _STEPS[type(fact)]
            figures = _figures(fact, names)
            more = _more(visit, fact, row)
            steps.append(Step(icon, tone, visit.t(f"story.{key}", **figures), more, position, envelope.at))
    return steps


def _figures(fact: Fact, names: dict[str, str]) -> dict[str, Any]:
    who = getattr(fact, "claimant", None) or getattr(fact, "unit", None) or getattr(fact, "owner", None)
    return {"who": names.get(who or "", ""), "quantity": getattr(fact, "quantity", "")}


def _more(visit: Visit, fact: Fact, row: Cells) -> str:
    match fact:
        case facts.RequestPosted():
            channel = visit.t(f"channel.{fact.channel}")
            return visit.t("story.posted_past", day=visit.day(fact.day)) if fact.record else channel
        case facts.RequestClaimed() | facts.RequestReopened():
            return "" if row["record"] else visit.t("story.until", at=visit.instant(fact.until_at))
        case facts.RequestClosed() if fact.score is not None:
            return visit.t("story.score", score=fact.score)
        case facts.RequestDeclined():
            return visit.t(f"declined.{fact.reason}")
        case facts.RequestUnmet():
            return visit.known(f"barrier.{fact.barrier}", visit.t("barrier.stated"))
    return ""

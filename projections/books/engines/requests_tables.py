"""Tables of deadlines, assignments and evidence of requests, and of who answers for places. See `projections.columns`."""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import flag, key, maybe, number, table, text

progress = table(
    "request_progress",
    key("request_id"),
    number("number"),
    text("stage"),
    maybe("until_day"),
    flag("overdue"),
    maybe("contact_until_day"),
    maybe("contacted_day"),
    flag("contact_overdue"),
    text("warned_stage"),
    maybe("warned_until_day"),
    maybe("notice_until_day"),
    maybe("at_place"),
    maybe("responsible"),
    number("warnings", unit="times"),
    number("late", unit="times"),
    number("escalations", unit="times"),
    number("rounds", unit="times"),
    number("evidence", unit="files"),
    number("version"),
    Index("request_progress_by_responsible", "ledger", "responsible", "number"),
)
"""What is watched of a request, from the first time there was anything to watch.

`until_day` is the last day of `stage`; it holds while the request stands there. `overdue`: that has been marked.
Looked up along the requests under way, so that no index by day is needed. `at_place` and `responsible`: where it went
up to, and who answers there.
"""

assignments = table(
    "assignments",
    key("claim_id"),
    number("number"),
    text("request_id"),
    text("owner"),
    text("due_day"),
    maybe("meeting_id"),
    text("assigned_by"),
    text("day"),
    number("version"),
    Index("assignments_by_owner", "ledger", "owner", "number"),
    Index("assignments_by_meeting", "ledger", "meeting_id", "number"),
    Index("assignments_by_request", "ledger", "request_id", "number"),
)
"""Claims that somebody else gave (交办); how each ended is said by the claim of the same id."""

evidence = table(
    "evidence",
    key("evidence_id"),
    number("number"),
    text("request_id"),
    maybe("claim_id"),
    text("party"),
    text("stage"),
    text("sha256"),
    text("added_by"),
    text("day"),
    text("words"),
    number("version"),
    Index("evidence_by_request", "ledger", "request_id", "number"),
    Index("evidence_by_party", "ledger", "party", "number"),
)
"""Files by their SHA-256; with `claim_id`: what the party that held the request showed of its work."""

duties = table(
    "duties",
    key("duty_id"),
    number("number"),
    text("place_id"),
    text("member_id"),
    text("office"),
    text("appointed_by"),
    text("day"),
    flag("active"),
    maybe("ended_day"),
    maybe("reason"),
    number("version"),
    Index("duties_by_place", "ledger", "place_id", "number"),
    Index("duties_by_member", "ledger", "member_id", "number"),
)
"""Who answers for which place, in which office (院长, 楼长, 楼栋长 …)."""

profiles = table(
    "place_profiles",
    key("place_id"),
    number("number"),
    text("kind"),
    text("label"),
    number("households", unit="households"),
    maybe("counted_day"),
    number("version"),
    Index("place_profiles_by_kind", "ledger", "kind", "number"),
    Index("place_profiles_by_label", "ledger", "label", "number"),
)
"""How many households live at a place, and what kind of courtyard it is; from the first time either was stated."""

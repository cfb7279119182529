"""Tables of households, meetings, votes and projects; columns: see `projections.columns`."""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import flag, key, maybe, number, table, text

households = table(
    "households",
    key("household_id"),
    number("number"),
    text("place"),
    text("residents"),
    number("known", unit="people"),
    number("registered_at"),
    text("status"),
    maybe("reason"),
    text("words"),
    number("version"),
    Index("households_by_place", "ledger", "place", "number"),
)
"""`status`: there · ended. `residents` are those who are registered, one a line, `known` how many."""

meetings = table(
    "meetings",
    key("meeting_id"),
    number("number"),
    text("kind"),
    text("place"),
    text("day"),
    number("occasions", unit="occasions"),
    number("attended", unit="people"),
    number("opinions", unit="opinions"),
    text("chair"),
    text("agenda"),
    number("raised", unit="requests"),
    number("assigned", unit="requests"),
    number("votes", unit="votes"),
    text("recorded_by"),
    maybe("corrected_by"),
    text("words"),
    number("version"),
    Index("meetings_by_kind", "ledger", "kind", "number"),
    Index("meetings_by_place", "ledger", "place", "number"),
)
"""`agenda`: requests, one a line. `raised` came of it, `assigned` were given to an owner at it."""

meeting_totals = table(
    "meeting_totals",
    key("meeting_total_id"),
    number("number"),
    text("kind"),
    number("meetings", unit="meetings"),
    number("occasions", unit="occasions"),
    number("attended", unit="people"),
    number("opinions", unit="opinions"),
    number("raised", unit="requests"),
    number("version"),
)
"""All meetings of a kind together: `meetings` are records, `occasions` how often people came together."""

raised_requests = table(
    "raised_requests",
    key("request_id"),
    number("number"),
    text("meeting_id"),
    text("raised_by"),
    number("version"),
    Index("raised_requests_by_meeting", "ledger", "meeting_id", "number"),
)
"""Which request came of which meeting or gathering."""

votes = table(
    "votes",
    key("vote_id"),
    number("number"),
    text("request_id"),
    maybe("meeting_id"),
    text("place"),
    text("rule"),
    number("electorate", unit="households"),
    number("quorum", unit="households"),
    text("majority"),
    flag("over"),
    number("turnout", unit="households"),
    number("votes_for", unit="households"),
    number("votes_against", unit="households"),
    number("abstained", unit="households"),
    text("status"),
    number("until_at"),
    text("opened_by"),
    maybe("closed_by"),
    maybe("closed_day"),
    number("version"),
    Index("votes_by_request", "ledger", "request_id", "number"),
    Index("votes_by_status", "ledger", "status", "until_at"),
)
"""`turnout` households have voted; how they did is counted when it is closed. `status`: open · passed · rejected ·
no_quorum. `majority`: `1/2`, to be exceeded (`over`) or reached."""

projects = table(
    "projects",
    key("project_id"),
    number("number"),
    maybe("request_id"),
    text("name"),
    text("place"),
    maybe("community"),
    text("aspect"),
    maybe("sponsor"),
    number("budget_fen", unit="fen"),
    text("year"),
    maybe("fund"),
    text("status"),
    number("round", unit="times"),
    number("measures", unit="measures"),
    number("accepted", unit="measures"),
    number("overdue", unit="times"),
    number("occasions", unit="occasions"),
    number("person_visits", unit="person_visits"),
    number("households", unit="households"),
    number("points", unit="points"),
    maybe("reason"),
    text("planned_by"),
    text("day"),
    maybe("completed_day"),
    maybe("ended_day"),
    number("version"),
    Index("projects_by_year", "ledger", "year", "number"),
    Index("projects_by_community", "ledger", "community", "number"),
    Index("projects_by_sponsor", "ledger", "sponsor", "number"),
)
"""`status`: planned · completed · concluded · abandoned.

`households` appraised it this `round`, with `points` together; `overdue` counts how often a measure became late.
"""

project_quotas = table(
    "project_quotas",
    key("quota_id"),
    number("number"),
    text("year"),
    maybe("community"),
    number("projects", unit="projects"),
    number("budget_fen", unit="fen"),
    number("version"),
    Index("project_quotas_by_year", "ledger", "year", "number"),
)
"""Projects that leaders sponsor, by year and community; without a community: all of that year."""

project_measures = table(
    "project_measures",
    key("project_measure_id"),
    number("number"),
    text("project_id"),
    text("name"),
    text("owner"),
    text("due_day"),
    text("status"),
    number("overdue", unit="times"),
    number("returned", unit="times"),
    maybe("reason"),
    maybe("reported_by"),
    maybe("reported_day"),
    maybe("accepted_by"),
    maybe("accepted_day"),
    flag("in_time"),
    text("planned_by"),
    text("words"),
    number("version"),
    Index("project_measures_by_project", "ledger", "project_id", "number"),
    Index("project_measures_by_owner", "ledger", "owner", "number"),
    Index("project_measures_by_due_day", "ledger", "status", "due_day"),
)
"""`status`: open · overdue · reported · accepted. `in_time` is told of accepted ones."""

project_sessions = table(
    "project_sessions",
    key("project_session_id"),
    number("number"),
    text("project_id"),
    number("occasions", unit="occasions"),
    number("person_visits", unit="person_visits"),
    maybe("organiser"),
    text("recorded_by"),
    text("day"),
    text("status"),
    maybe("reason"),
    maybe("voided_by"),
    number("version"),
    Index("project_sessions_by_project", "ledger", "project_id", "number"),
)
"""`status`: counted · voided; a voided count is in no total of its project."""

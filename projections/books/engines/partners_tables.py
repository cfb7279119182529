"""Tables of pairing, dual report, menu, drills, feedback, renewals, blacklist and exit; columns: see `projections.columns`."""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import key, maybe, number, number_key, table, text

pairings = table(
    "pairings",
    key("pairing_id"),
    number("number"),
    text("unit"),
    text("place"),
    text("paired_by"),
    text("day"),
    text("status"),
    maybe("reason"),
    maybe("ended_day"),
    number("version"),
    Index("pairings_by_unit", "ledger", "unit", "number"),
    Index("pairings_by_place", "ledger", "place", "number"),
)
"""`status`: open · ended."""

dual_reports = table(
    "dual_reports",
    key("report_id"),
    number("number"),
    text("member"),
    text("unit"),
    maybe("branch"),
    text("place"),
    text("taken_by"),
    text("day"),
    text("status"),
    maybe("reason"),
    maybe("ended_day"),
    number("version"),
    Index("dual_reports_by_member", "ledger", "member", "number"),
    Index("dual_reports_by_unit", "ledger", "unit", "number"),
    Index("dual_reports_by_place", "ledger", "place", "number"),
)
"""`status`: open · ended."""

unit_ties = table(
    "unit_ties",
    key("unit"),
    number("number"),
    number("paired", unit="places"),
    number("reported", unit="members"),
    number("version"),
)
"""How many places a unit is paired with now, and how many of its party members report at a community."""

place_ties = table(
    "place_ties",
    key("tied_place"),
    number("number"),
    number("paired", unit="units"),
    number("reported", unit="members"),
    number("version"),
)
"""How many units a place (`tied_place`) is paired with now, and how many party members report there."""

menu = table(
    "menu",
    key("menu_id"),
    number("number"),
    text("unit"),
    text("name"),
    text("category"),
    maybe("place"),
    number("at_once"),
    number("orders", unit="requests"),
    text("offered_by"),
    maybe("admitted_by"),
    text("day"),
    text("status"),
    maybe("reason"),
    number("version"),
    Index("menu_by_unit", "ledger", "unit", "number"),
    Index("menu_by_status", "ledger", "status", "number"),
)
"""`status`: offered · admitted · withdrawn. How an order goes on is in its request."""

menu_orders = table(
    "menu_orders",
    key("request_id"),
    number("number"),
    text("menu_id"),
    text("unit"),
    text("requester"),
    maybe("place"),
    text("day"),
    number("version"),
    Index("menu_orders_by_menu", "ledger", "menu_id", "number"),
    Index("menu_orders_by_requester", "ledger", "requester", "number"),
    Index("menu_orders_by_unit", "ledger", "unit", "number"),
)
"""Which request came of which service."""

drills = table(
    "drills",
    key("callout_id"),
    number("number"),
    text("level"),
    maybe("place"),
    number("called_at"),
    text("called_by"),
    maybe("ended_by"),
    number("answers", unit="answers"),
    number("people", unit="people"),
    text("words"),
    number("version"),
)

drill_answers = table(
    "drill_answers",
    key("callout_id"),
    number_key("number"),
    text("unit"),
    text("level"),
    number("people"),
    number("response_minutes"),
    text("answered_by"),
    text("day"),
)
"""Like `call_answers`, and never together with them: a drill is practice."""

feedback_sheets = table(
    "feedback_sheets",
    key("feedback_id"),
    number("number"),
    text("unit"),
    number("year"),
    number("quarter"),
    number("revision"),
    number("members", unit="members"),
    number("active_members", unit="members"),
    number("minutes", unit="minutes"),
    number("member_requests", unit="requests"),
    number("branch_requests", unit="requests"),
    number("unit_requests", unit="requests"),
    number("contributions", unit="times"),
    number("calls_answered", unit="times"),
    number("people_sent", unit="people"),
    text("sent_by"),
    text("day"),
    number("version"),
    Index("feedback_sheets_by_unit", "ledger", "unit", "number"),
)
"""One row per revision; the highest of a unit and quarter counts."""

plaque_renewals = table(
    "plaque_renewals",
    key("request_id"),
    number("number"),
    text("plaque_id"),
    text("unit"),
    text("tier"),
    text("renewed_by"),
    text("day"),
    text("until_day"),
    number("version"),
    Index("plaque_renewals_by_plaque", "ledger", "plaque_id", "number"),
)
"""By the listing whose work renewed the plaque; how it hangs now is in `plaques`."""

blacklistings = table(
    "blacklistings",
    key("blacklisting_id"),
    number("number"),
    text("party"),
    text("kind"),
    text("reason"),
    maybe("ground"),
    maybe("until_day"),
    text("listed_by"),
    text("day"),
    text("status"),
    maybe("lifted_by"),
    maybe("lifted_day"),
    maybe("lift_reason"),
    text("words"),
    number("version"),
    Index("blacklistings_by_party", "ledger", "party", "number"),
    Index("blacklistings_by_status", "ledger", "status", "number"),
)
"""`kind`: mem · team · unit; only organisations are published. `status`: listed · lifted. Whether a listed one has run out
is a question of the day on which one asks."""

exits = table(
    "exits",
    key("exit_id"),
    number("number"),
    text("unit"),
    text("reason"),
    text("exited_by"),
    text("day"),
    number("version"),
    Index("exits_by_unit", "ledger", "unit", "number"),
)
"""A unit that signed again since is a partner again: see its agreements."""

"""Tables of resources, deals and contested entries of integrity. How columns are written: see `projections.columns`."""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import key, maybe, number, table, text

MEASURED, MEASURED_BACK = "pcs", "back"
"""Units of figures whose row says in what they are counted: `measure` and `item`, and the same of what comes in return."""

resources = table(
    "resources",
    key("resource_id"),
    number("number"),
    text("owner"),
    text("kind"),
    text("item"),
    text("measure"),
    number("quantity", unit=MEASURED),
    number("free", unit=MEASURED),
    number("promised", unit=MEASURED),
    number("delivered", unit=MEASURED),
    text("category"),
    maybe("place"),
    text("from_day"),
    maybe("until_day"),
    text("status"),
    text("day"),
    number("version"),
    Index("resources_by_owner", "ledger", "owner", "number"),
    Index("resources_by_item", "ledger", "status", "item", "number"),
)
"""`status`: listed · withdrawn. quantity = free + promised + delivered + what was taken back."""

deals = table(
    "deals",
    key("deal_id"),
    number("number"),
    text("resource_id"),
    maybe("request_id"),
    text("owner"),
    text("partner"),
    text("item"),
    text("measure"),
    number("quantity", unit=MEASURED),
    number("delivered", unit=MEASURED),
    maybe("back_item"),
    maybe("back_measure"),
    number("back_quantity", unit=MEASURED_BACK),
    number("back_delivered", unit=MEASURED_BACK),
    text("accepted"),
    text("status"),
    maybe("reason"),
    text("broken_by"),
    maybe("project"),
    text("proposed_by"),
    text("day"),
    text("due_day"),
    maybe("ended_day"),
    number("version"),
    Index("deals_by_status", "ledger", "status", "due_day", "number"),
    Index("deals_by_resource", "ledger", "resource_id", "number"),
    Index("deals_by_request", "ledger", "request_id", "number"),
    Index("deals_by_owner", "ledger", "owner", "number"),
    Index("deals_by_partner", "ledger", "partner", "number"),
    Index("deals_by_project", "ledger", "project", "number"),
)
"""`status`: proposed · agreed · declined · settled · failed. `accepted` is one side a line, `broken_by` one party."""

contests = table(
    "contests",
    key("contest_id"),
    number("number"),
    text("party"),
    text("promise"),
    text("about"),
    text("reason"),
    text("status"),
    text("contested_by"),
    maybe("judged_by"),
    text("day"),
    maybe("judged_day"),
    text("words"),
    text("judged_words"),
    number("version"),
    Index("contests_by_party", "ledger", "party", "number"),
    Index("contests_by_status", "ledger", "status", "number"),
)
"""`status`: open · upheld · struck."""

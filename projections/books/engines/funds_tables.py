"""Tables of help cases, changed restrictions, calls for proposals and disclosures. Where money went: `books.tracing`."""

from __future__ import annotations

from sqlalchemy import Index

from projections.books.tracing import allocations, lot_counts, lot_queues, lots
from projections.columns import flag, key, maybe, number, table, text

__all__ = [
    "allocations", "calls_for_proposals", "disclosure_duties", "disclosure_items", "disclosures",
    "fund_item_changes", "help_cases", "lot_counts", "lot_queues", "lots", "milestones", "proposals", "refunds",
    "restriction_changes",
]  # fmt: skip

FEN = "fen"

help_cases = table(
    "help_cases",
    key("case_id"),
    number("number"),
    text("fund"),
    text("item"),
    text("title"),
    text("beneficiary"),
    number("need_fen", unit=FEN),
    text("status"),
    text("opened_by"),
    text("day"),
    maybe("outcome"),
    maybe("to_item"),
    number("remainder_fen", unit=FEN),
    maybe("closed_by"),
    maybe("closed_on"),
    text("words"),
    number("version"),
    Index("help_cases_by_fund", "ledger", "fund", "number"),
    Index("help_cases_by_beneficiary", "ledger", "beneficiary", "number"),
    Index("help_cases_by_status", "ledger", "status", "number"),
)
"""`status`: open · closed. Money for a case is kept under its `item`; `remainder_fen` went on to `to_item`."""

restriction_changes = table(
    "restriction_changes",
    key("change_id"),
    number("number"),
    text("receipt_id"),
    text("fund"),
    text("donor"),
    text("item"),
    text("to_item"),
    number("amount_fen", unit=FEN),
    text("reason"),
    text("status"),
    text("asked_by"),
    text("day"),
    maybe("agreed_by"),
    maybe("agreed_on"),
    number("version"),
    Index("restriction_changes_by_fund", "ledger", "fund", "status", "number"),
    Index("restriction_changes_by_donor", "ledger", "donor", "number"),
)
"""`status`: asked · agreed."""

refunds = table(
    "refunds",
    key("receipt_id"),
    number("number"),
    text("fund"),
    text("donor"),
    text("item"),
    number("amount_fen", unit=FEN),
    text("reason"),
    text("status"),
    text("asked_by"),
    number("asked_at"),
    maybe("decided_by"),
    maybe("decided_on"),
    maybe("why_not"),
    number("version"),
    Index("refunds_by_status", "ledger", "status", "number"),
    Index("refunds_by_donor", "ledger", "donor", "number"),
)
"""The refund of each receipt that was asked for last. `status`: asked · made · declined (`why_not` says why)."""

fund_item_changes = table(
    "fund_item_changes",
    key("change_id"),
    number("number"),
    text("fund"),
    text("item"),
    text("name"),
    text("status"),
    text("changed_by"),
    text("day"),
    number("version"),
    Index("fund_item_changes_by_fund", "ledger", "fund", "number"),
)
"""What became of a fund's service items since its opening. `change_id` is `<fund>.<item>.<position>`; `status`: named ·
ended, where `name` is the one it had."""
fund_item_changes.info["under"] = "fund"

calls_for_proposals = table(
    "calls_for_proposals",
    key("call_id"),
    number("number"),
    text("fund"),
    text("item"),
    text("category"),
    text("title"),
    number("budget_fen", unit=FEN),
    number("most_fen", unit=FEN),
    number("awarded_fen", unit=FEN),
    number("proposals", unit="times"),
    text("judges"),
    text("criteria"),
    number("least_scores", unit="times"),
    number("pass_percent", unit="jury_percent"),
    text("opened_by"),
    text("day"),
    text("until_day"),
    number("version"),
    Index("calls_for_proposals_by_fund", "ledger", "fund", "number"),
)
"""`judges` is one member a line, `criteria` one name with its most points a line."""

proposals = table(
    "proposals",
    key("proposal_id"),
    number("number"),
    text("call_id"),
    text("applicant"),
    text("title"),
    number("asked_fen", unit=FEN),
    number("scores", unit="times"),
    number("points", unit="jury_points"),
    text("status"),
    text("submitted_by"),
    maybe("approver"),
    text("day"),
    maybe("awarded_on"),
    text("words"),
    number("version"),
    Index("proposals_by_call", "ledger", "call_id", "points", "number"),
    Index("proposals_by_applicant", "ledger", "applicant", "number"),
)
"""`status`: submitted · awarded. `points` is the sum over all judges; each judge's are in the events behind it."""

milestones = table(
    "milestones",
    key("grant_id"),
    number("number"),
    text("proposal_id"),
    text("applicant"),
    text("name"),
    number("amount_fen", unit=FEN),
    text("status"),
    text("due_day"),
    maybe("evidence"),
    maybe("reported_by"),
    maybe("reported_on"),
    maybe("accepted_by"),
    maybe("accepted_on"),
    text("words"),
    number("version"),
    Index("milestones_by_proposal", "ledger", "proposal_id", "number"),
    Index("milestones_by_status", "ledger", "status", "due_day", "number"),
    Index("milestones_by_applicant", "ledger", "applicant", "number"),
)
"""`status`: agreed · reported · accepted; whether it is paid says the grant. `evidence` is one SHA-256 a line."""

disclosures = table(
    "disclosures",
    key("disclosure_id"),
    number("number"),
    text("fund"),
    text("kind"),
    text("from_day"),
    text("until_day"),
    *(
        number(f"{name}_fen", unit=FEN)
        for name in ("opening", "received", "refunded", "spent", "returned", "fee", "closing")
    ),
    number("donations", unit="times"),
    number("payments", unit="times"),
    text("published_by"),
    text("day"),
    number("corrections", unit="times"),
    maybe("reason"),
    maybe("corrected_by"),
    maybe("corrected_on"),
    number("version"),
    Index("disclosures_by_fund", "ledger", "fund", "number"),
)
"""The figures told last; `reason` is that of the last correction."""

disclosure_items = table(
    "disclosure_items",
    key("disclosed_id"),
    number("number"),
    text("disclosure_id"),
    text("item"),
    *(
        number(f"{name}_fen", unit=FEN)
        for name in ("opening", "received", "refunded", "moved", "spent", "returned", "closing")
    ),
    number("version"),
    Index("disclosure_items_by_disclosure", "ledger", "disclosure_id", "number"),
)
"""`disclosed_id` is `<disclosure>.<item>`."""
disclosure_items.info["under"] = "disclosure_id"

disclosure_duties = table(
    "disclosure_duties",
    key("fund"),
    maybe("told_until"),
    flag("final"),
    maybe("closed_on"),
    maybe("emergency_from"),
    maybe("emergency_until"),
    number("version"),
)
"""What says when a fund has to tell more, beside its opening; the day is policy, see `ledger.disclosures.due`. A fund
that has told nothing yet has no row."""

"""Tables of panels, appraisals, rectification, trials and approvals; columns: see `projections.columns`."""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import key, maybe, maybe_number, number, table, text

panels = table(
    "panels",
    key("panel_id"),
    number("number"),
    text("name"),
    text("rhythm"),
    text("seats"),
    text("criteria"),
    number("seat_count", unit="seats"),
    text("status"),
    text("appointed_by"),
    maybe("dissolved_day"),
    number("version"),
)
"""`status`: appointed · dissolved. `seats` is "party weight", `criteria` is "code most name", one a line."""

appraisals = table(
    "appraisals",
    key("appraisal_id"),
    number("number"),
    text("panel_id"),
    text("subject"),
    text("rhythm"),
    text("period"),
    text("seats"),
    text("criteria"),
    number("seat_count", unit="seats"),
    number("sheets", unit="sheets"),
    number("weight_heard", unit="weight"),
    number("weight_all", unit="weight"),
    maybe_number("result_hundredths", unit="hundredths"),
    maybe("grade"),
    number("rectifications", unit="rectifications"),
    text("status"),
    maybe("reason"),
    text("until_day"),
    text("opened_by"),
    text("day"),
    maybe("closed_day"),
    number("version"),
    Index("appraisals_by_subject", "ledger", "subject", "number"),
    Index("appraisals_by_status", "ledger", "status", "until_day"),
)
"""`status`: open · closed · cancelled. The result is hundredths of a point of 100."""

appraisal_sheets = table(
    "appraisal_sheets",
    key("sheet_id"),
    number("number"),
    text("appraisal_id"),
    text("panelist"),
    number("weight", unit="weight"),
    text("marks"),
    number("total", unit="marks"),
    number("most", unit="marks"),
    text("scored_by"),
    text("day"),
    text("words"),
    number("version"),
    Index("appraisal_sheets_by_appraisal", "ledger", "appraisal_id", "number"),
    Index("appraisal_sheets_by_panelist", "ledger", "panelist", "number"),
)
"""`marks` is "criterion points", one a line."""

rectifications = table(
    "rectifications",
    key("rectification_id"),
    number("number"),
    text("party"),
    text("matter"),
    maybe("appraisal_id"),
    text("due_day"),
    text("status"),
    text("ordered_by"),
    text("day"),
    text("evidence"),
    maybe("reported_by"),
    maybe("reported_day"),
    maybe("judged_by"),
    maybe("judged_day"),
    maybe("cause"),
    maybe_number("failures", unit="failures"),
    text("words"),
    text("report_words"),
    number("version"),
    Index("rectifications_by_party", "ledger", "party", "number"),
    Index("rectifications_by_status", "ledger", "status", "due_day"),
)
"""`status`: ordered · reported · accepted · failed. `failures`: the party's up to this one, where it failed."""

standards = table(
    "standards",
    key("standard_id"),
    number("number"),
    text("kind"),
    text("name"),
    number("months", unit="months"),
    number("items", unit="items"),
    text("checklist"),
    text("adopted_by"),
    text("day"),
    number("version"),
)
"""`checklist` is "code name", one a line."""

trials = table(
    "trials",
    key("trial_id"),
    number("number"),
    text("standard_id"),
    text("kind"),
    text("place"),
    maybe("unit"),
    text("begins_on"),
    text("ends_on"),
    number("items", unit="items"),
    number("met", unit="items"),
    text("ticked"),
    number("extensions", unit="times"),
    text("status"),
    text("opened_by"),
    text("day"),
    maybe("ended_by"),
    maybe("ended_day"),
    number("version"),
    Index("trials_by_place", "ledger", "place", "number"),
    Index("trials_by_status", "ledger", "status", "ends_on"),
)
"""`status`: running · passed · failed · given_up. `ticked`: the codes of the items that are met, one a line."""

approvals = table(
    "approvals",
    key("approval_id"),
    number("number"),
    text("subject"),
    text("applicant"),
    text("matter"),
    text("levels"),
    number("level_count", unit="levels"),
    number("approved", unit="levels"),
    maybe("waiting_for"),
    text("decided"),
    text("status"),
    maybe("reason"),
    text("applied_by"),
    text("day"),
    maybe("settled_day"),
    text("words"),
    number("version"),
    Index("approvals_by_subject", "ledger", "subject", "number"),
    Index("approvals_by_waiting", "ledger", "status", "waiting_for", "number"),
    Index("approvals_by_applicant", "ledger", "applicant", "number"),
    Index("approvals_by_waiting_for", "ledger", "waiting_for", "number"),
)
"""`status`: waiting · approved · rejected · withdrawn. `levels` is "approver name", `decided` "day person" by level, one
a line."""

"""Tables of the boards: scores by measure, subject and period, and the entries that explain them."""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import key, number, number_key, table, text

scores = table(
    "scores",
    key("measure"),
    key("subject"),
    key("period"),
    number("series"),
    number("value"),
    number("reached_position"),
    number("reached_at"),
    number("entries"),
)
"""One value per measure, subject and period (`2026-03`, `2026-Q1`, `2026`, `all`).

`reached_position` and `reached_at` are those of the last entry that moved the value: among equals, who got there first
stands first. `series` counts the pairs of measure and subject in the order of their first entry; entries carry it.
"""

Index(
    "scores_by_rank",
    scores.c.ledger,
    scores.c.measure,
    scores.c.period,
    scores.c.value.desc(),
    scores.c.reached_position,
    scores.c.subject,
)

score_entries = table("score_entries", number_key("series"), number_key("position"), number("amount"), text("day"))
"""What made a score: the amount an event added for one measure and subject, on the day of the deed."""

board_marks = table("board_marks", key("subject"), text("mark"))
"""What later facts need of earlier ones: a unit's or team's kind of party, a receipt's day, the ledger's zone."""

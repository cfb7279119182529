"""The report of refused rows: a CSV with the sheet's own columns, made to be mended and imported again.

The added columns are known by their headings and left out on the way back in; a row keeps its reference, or its number
in the sheet it came from, and with it its identity.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from api.imports.folding import Cell, as_text
from api.imports.guarding import inert
from api.imports.plan import Plan
from api.imports.reading import Reading, Refusal
from api.imports.sheet import Row
from api.imports.words import under


def write_report(
    path: Path,
    reading: Reading | Plan,
    explain: Callable[[str], str],
    refusals: Iterable[Refusal] | None = None,
    *,
    language: str = "zh",
) -> int:
    """Write the refused rows and say how many they are; UTF-8 with a mark, so that a spreadsheet opens it right.

    `refusals` are those of the reading unless others are given, such as the ledger's own beside them; `explain` turns a
    code into a sentence. Rows come in the order of the sheet, one line each, with all their reasons.
    """
    told = reading.plan if isinstance(reading, Reading) else reading
    if refusals is None:
        refusals = reading.refused if isinstance(reading, Reading) else ()
    by_row: dict[int, list[Refusal]] = {}
    for refusal in refusals:
        by_row.setdefault(refusal.row, []).append(refusal)
    width = told.sheet.width
    kept = [index for index in range(width) if index not in told.report_columns]
    added = under("report", language)
    heading = told.sheet.rows[told.position]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [inert(_shown(heading, index, told)) for index in kept]
            + [added[role] for role in ("row", "column", "reason")]
        )
        for row in told.sheet.rows:
            if why := by_row.get(row.number):
                cells = [inert(_shown(row, index, told)) for index in kept]
                columns = "; ".join(dict.fromkeys(refusal.column for refusal in why))
                reasons = "; ".join(dict.fromkeys(explain(refusal.code) for refusal in why))
                writer.writerow([*cells, told.original_number(row), inert(columns), inert(reasons)])
    return len(by_row)


def _shown(row: Row, index: int, told: Plan) -> str:
    """The cell as text that reads back as the same; an amount merged over several rows stays in its first one."""
    cell: Cell = row.cells[index] if index < len(row.cells) else None
    if (row.number, index) in told.sheet.filled and index in told.amount_columns:
        return ""
    return as_text(cell)

"""A disclosure as a workbook and as a paper."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from api.exports.csv_text import inert
from api.pages.common import Visit
from api.pages.fund.report_shape import ITEM_COLUMNS, SUMS, Report
from api.pages.papers.sending import order_of
from api.papers.disclosure import disclosure

_SHAPES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "text": {"quote_prefix": True},
    "yuan": {"num_format": "#,##0.00"},
    "total": {"num_format": "#,##0.00", "bold": True, "top": 1},
    "whole": {"num_format": "#,##0"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
}


class _Sheet:
    """A sheet that is written line by line."""

    def __init__(self, book: Any, shapes: dict[str, Any], name: str, widths: tuple[int, ...]) -> None:
        self._sheet, self._shapes, self._row = book.add_worksheet(name), shapes, 0
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def line(self, *cells: str | Decimal | int | date | None, shape: str = "") -> None:
        """One line; amounts are numbers, days are dates, and a text is never a formula."""
        for column, value in enumerate(cells):
            if isinstance(value, Decimal):
                self._sheet.write_number(self._row, column, value, self._shapes[shape or "yuan"])
            elif isinstance(value, int):
                self._sheet.write_number(self._row, column, value, self._shapes["whole"])
            elif isinstance(value, date):
                self._sheet.write_datetime(self._row, column, value, self._shapes["day"])
            elif value:
                usual = self._shapes["text"] if inert(value) != value else None
                self._sheet.write_string(self._row, column, value, self._shapes.get(shape, usual))
        self._row += 1


def _yuan(amount_fen: int) -> Decimal:
    return Decimal(amount_fen).scaleb(-2)


def as_workbook(visit: Visit, report: Report) -> bytes:
    """The disclosure as XLSX: its figures, its items, and its corrections. The same disclosure gives the same bytes."""
    held, t, row = io.BytesIO(), visit.t, report.row
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, options)
    book.set_properties({"created": date.fromisoformat(row["day"]), "title": report.fund["name"]})
    shapes = {name: book.add_format(shape) for name, shape in _SHAPES.items()}
    whole = _Sheet(book, shapes, t("fund.sheet_whole"), (34, 22))
    whole.line(report.fund["name"], shape="title")
    whole.line(t("fund.kind"), report.kind)
    for name in ("from_day", "until_day", "day"):
        whole.line(t(f"fund.sheet_{name}"), date.fromisoformat(row[name]))
    whole.line(t("fund.sheet_number"), row["number"])
    whole.line(t("fund.sheet_unit"))
    whole.line()
    whole.line(t("fund.figure"), t("fund.amount"), shape="heading")
    for name in SUMS:
        whole.line(t(f"fund.sum.{name}"), _yuan(row[f"{name}_fen"]))
    whole.line(t("fund.sum.donations"), row["donations"])
    whole.line(t("fund.sum.payments"), row["payments"])
    items = _Sheet(book, shapes, t("fund.sheet_items"), (24, *(14,) * len(ITEM_COLUMNS)))
    items.line(t("fund.item"), *(t(f"fund.sum.{name}") for name in ITEM_COLUMNS), shape="heading")
    for item in report.items:
        items.line(item.name, *map(_yuan, item.figures))
    columns = zip(*(item.figures for item in report.items), strict=True) if report.items else ()
    items.line(t("fund.total"), *(_yuan(sum(column)) for column in columns), shape="total")
    if report.corrections:
        _corrections(_Sheet(book, shapes, t("fund.sheet_corrections"), (14, 16, 40, 16, 16)), visit, report)
    book.close()
    return held.getvalue()


def _corrections(sheet: _Sheet, visit: Visit, report: Report) -> None:
    t = visit.t
    heads = ("fund.sheet_day", "fund.reason", "fund.figure", "fund.before", "fund.after")
    sheet.line(*(t(head) for head in heads), shape="heading")
    for one in report.corrections:
        for change in one.changes:
            sheet.line(
                date.fromisoformat(one.day), one.reason, change.label, _yuan(change.before_fen), _yuan(change.after_fen)
            )


def as_paper(visit: Visit, report: Report) -> bytes:
    """The disclosure as PDF/A, with a number that anybody can check. Raises Refused `glyphs_missing`."""
    return disclosure(order_of(visit), report.row["disclosure_id"]).pdf()

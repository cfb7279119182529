"""Cells that begin like formulas are inert, whoever wrote them and wherever they come from."""

from __future__ import annotations

import io
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.exports.about import About
from api.exports.csv_text import csv_pieces, inert
from api.exports.tables import Column, Row, Wanted
from api.exports.xlsx import write_xlsx
from ledger.journal.recorded import Envelope
from tests.exports import sheets
from tests.exports.books import FORMULAS, NAMES, awkward, fresh_ledger, written
from tests.projections.shelf import Shelf

TEXTS = (Column("text", "text", 10),)


def begins_a_formula(text: str) -> bool:
    """Whether the first thing one sees of a text is a sign by which spreadsheets know formulas, in any width."""
    seen = [letter for letter in text if letter.isprintable() and not letter.isspace()]
    return bool(seen) and unicodedata.normalize("NFKC", seen[0])[0] in "=+-@−"


def is_inert(cell: str) -> bool:
    """Whether a cell of a CSV is no formula."""
    return cell.startswith("'") or not (begins_a_formula(cell) or cell[:1] in ("\t", "\r", "\n"))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert inert(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "大米", "N95口罩.2", "hours:mem_x", "{}", "(1)", "1+1", "a=b", " a", "*", "#", "/", "😀", "“=1”"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@given(NAMES)
def test_no_text_becomes_a_formula_and_every_one_can_be_had_back(text: str) -> None:
    assert is_inert(inert(text))
    assert inert(text).removeprefix("'") == text


@given(st.lists(st.tuples(NAMES, st.integers(-(10**18), 10**18)), max_size=5))
def test_numbers_are_never_touched_and_texts_come_back(found: list[tuple[str, int]]) -> None:
    columns = (*TEXTS, Column("number", "whole", 10))
    data = "".join(csv_pieces(columns, [found])).encode()
    assert sheets.read_csv(data)[1:] == [[inert(text), str(number)] for text, number in found]
    assert data.endswith(b"\r\n")


@settings(max_examples=30)
@given(names=st.lists(NAMES, min_size=1, max_size=6, unique=True), actor=NAMES)
def test_no_name_of_goods_units_places_or_spendings_is_a_formula_in_any_export(
    wide_shelf: Shelf, names: list[str], actor: str
) -> None:
    ledger = fresh_ledger()
    envelope = Envelope(at=0, by=actor, role=actor, behalf=actor, key=actor, body="", salt=bytes(16))
    written(wide_shelf, awkward(names), ledger=ledger, envelope=envelope)
    for wanted in (Wanted(), Wanted("balances"), Wanted("events")):
        data = sheets.csv_of(wide_shelf, wanted, ledger=ledger)
        heading, *found = sheets.read_csv(data)
        texts = [number for number, column in enumerate(wanted.columns) if column.kind in ("text", "word")]
        assert found
        assert [row[number] for row in found for number in texts if not is_inert(row[number])] == []
        assert sheets.csv_rows(data, wanted) == sheets.parquet_rows(
            sheets.parquet_of(wide_shelf, wanted, ledger=ledger)
        )
        assert len(heading) == len(wanted.columns)


def workbook_of(texts: list[str]) -> bytes:
    """A workbook with these texts below each other in its second column."""
    out = io.BytesIO()
    wanted = Wanted("balances")
    batch: list[Row] = [(text, "minutes", 1, Decimal(1), text) for text in texts]
    write_xlsx(out, About("fangxing", 1, 0, "Asia/Shanghai", wanted), [batch], "en")
    return out.getvalue()


@settings(max_examples=40)
@given(st.lists(NAMES, min_size=1, max_size=8))
def test_a_workbook_holds_texts_and_no_formulas_or_links(texts: list[str]) -> None:
    data = workbook_of(texts)
    for part in sheets.parts_of(data).values():
        kinds = {element.tag.rpartition("}")[2] for element in part.iter()}
        assert kinds.isdisjoint({"f", "hyperlinks", "hyperlink"})
    cells = [
        element for element in sheets.parts_of(data)["xl/worksheets/sheet2.xml"].iter() if element.tag.endswith("}c")
    ]
    assert {cell.get("t") for cell in cells if (cell.get("r") or "")[0] in "ABE"} <= {"inlineStr"}


@pytest.mark.parametrize("text", [one for one in FORMULAS if one.isprintable()])
def test_a_workbook_shows_a_formula_as_the_text_it_is(text: str) -> None:
    data = workbook_of([text, "大米"])
    assert [row[0] for row in sheets.sheet(data, 1)[1:]] == [text, "大米"]
    # Excel keeps a quoted cell a text when somebody edits it.
    styles = [
        cell.get("s")
        for cell in sheets.parts_of(data)["xl/worksheets/sheet2.xml"].iter()
        if cell.tag.endswith("}c") and cell.get("r") in ("A2", "A3")
    ]
    assert styles[0] is not None
    assert styles[1] is None

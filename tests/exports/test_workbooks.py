"""Workbooks: what the first sheet says, what a sheet cannot hold, and that the same rows are the same bytes."""

from __future__ import annotations

import errno
import gc
import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.exports.about import About
from api.exports.tables import Row, Wanted
from api.exports.xlsx import LETTERS_OF_A_CELL, write_xlsx
from ledger.clock import micros, moment
from tests.exports import sheets
from tests.exports.books import written
from tests.projections.shelf import LEDGER, Shelf
from tests.projections.teller import long_story

BALANCES = Wanted("balances")


def workbook_of(batch: list[Row], *, lang: str = "en") -> bytes:
    """A workbook of balances with these rows."""
    out = io.BytesIO()
    write_xlsx(out, About("fangxing", 1, 0, "Asia/Shanghai", BALANCES), [batch], lang)
    return out.getvalue()


def test_the_first_sheet_says_what_the_workbook_is_in_both_languages(shelf: Shelf) -> None:
    told = written(shelf, long_story(300), ledger=LEDGER)
    book = sheets.xlsx_of(shelf, Wanted(account="hours"), lang="zh", root="cm9vdA==")
    cells = sheets.sheet(book.data, 0)
    said = {str(row[0]): row[1] for row in cells}
    assert said["账本 · Ledger"] == LEDGER
    assert said["截至序号 · Up to position"] == str(told[-1].position)
    assert said["检查点根 · Checkpoint root"] == "cm9vdA=="
    assert said["列的版本 · Columns and their version"] == "postings/1"
    assert said["只含此账户及其下级 · Only this account and those below it"] == "hours"
    assert said["行数 · Rows"] == str(book.filled.rows)
    (explained,) = [row for row in cells if row[0] == "balance_shown"]
    assert explained[1:4] == [
        "显示余额",
        "便于阅读的余额：分换算为元，两位小数。",
        "The balance as people read it: fen as yuan with two decimals.",
    ]
    assert sheets.sheet(book.data, 1)[0][0] == "序号\nposition"


def test_a_workbook_without_a_checkpoint_says_so(shelf: Shelf) -> None:
    written(shelf, long_story(50), ledger=LEDGER)
    cells = sheets.sheet(sheets.xlsx_of(shelf).data, 0)
    assert "none was sealed at exactly this position" in [row[1] for row in cells]


def test_what_a_sheet_cannot_hold_goes_on_in_the_next(shelf: Shelf) -> None:
    written(shelf, long_story(300), ledger=LEDGER)
    whole = sheets.rows_of(shelf)
    book = sheets.xlsx_of(shelf, most=41)
    assert len(whole) > 100
    assert book.filled == (len(whole), -(-len(whole) // 40))
    parts = [sheets.xlsx_rows(book.data, number=number + 1) for number in range(book.filled.sheets)]
    assert [len(part) for part in parts[:-1]] == [40] * (len(parts) - 1)
    assert [row[0:2] for part in parts for row in part] == [row[0:2] for row in whole]


def test_a_sheet_that_is_exactly_full_is_not_followed_by_an_empty_one(shelf: Shelf) -> None:
    written(shelf, long_story(100), ledger=LEDGER)
    count = len(sheets.rows_of(shelf))
    assert sheets.xlsx_of(shelf, most=count + 1).filled == (count, 1)
    assert sheets.xlsx_of(shelf, most=count).filled == (count, 2)


def test_the_same_rows_are_the_same_bytes(shelf: Shelf) -> None:
    told = written(shelf, long_story(100), ledger=LEDGER)
    data = sheets.xlsx_of(shelf).data
    assert data == sheets.xlsx_of(shelf).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        said = archive.read("docProps/core.xml").decode()
    assert moment(told[-1].recorded_at).strftime("%Y-%m-%dT%H:%M:%SZ") in said


def test_headings_stay_when_one_scrolls_and_can_be_filtered(shelf: Shelf) -> None:
    written(shelf, long_story(100), ledger=LEDGER)
    part = sheets.parts_of(sheets.xlsx_of(shelf).data)["xl/worksheets/sheet2.xml"]
    found = {element.tag.rpartition("}")[2]: element for element in part.iter()}
    assert found["pane"].get("state") == "frozen"
    assert found["pane"].get("ySplit") == "1"
    assert (found["autoFilter"].get("ref") or "").startswith("A1:Q")


def test_a_number_that_excel_would_round_is_a_text_with_all_its_digits() -> None:
    most, more = 999_999_999_999_999, 1_234_567_890_123_456_789
    data = workbook_of([("a", "fen", one, Decimal(one).scaleb(-2), "yuan") for one in (most, more, -more)])
    assert [row[2:4] for row in sheets.sheet(data, 1)[1:]] == [
        [most, 9_999_999_999_999.99],
        [str(more), "12345678901234567.89"],
        [str(-more), "-12345678901234567.89"],
    ]


def test_a_text_longer_than_a_cell_says_that_it_was_cut() -> None:
    fits, long = "x" * LETTERS_OF_A_CELL, "y" * 50_000
    data = workbook_of([(one, "minutes", 1, Decimal(1), "minutes") for one in (fits, long)])
    found = [str(row[0]) for row in sheets.sheet(data, 1)[1:]]
    assert found[0] == fits
    assert len(found[1]) == LETTERS_OF_A_CELL
    assert found[1].endswith("y… [cut: 50000 characters; the event itself has them all]")


def test_days_and_moments_are_real_dates(shelf: Shelf) -> None:
    told = written(shelf, long_story(300), ledger=LEDGER)
    names = [column.name for column in Wanted().columns]
    row = sheets.xlsx_rows(sheets.xlsx_of(shelf).data)[-1]
    exact = sheets.rows_of(shelf)[-1]
    assert row[names.index("day")] == exact[names.index("day")]
    assert row[names.index("recorded_at")] == exact[names.index("recorded_at")]
    assert micros(moment(told[-1].recorded_at)) == told[-1].recorded_at


def test_rows_wait_below_the_folder_that_is_named_and_leave_nothing_there(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def batches() -> list[list[Row]]:
        seen.append([path.name for path in tmp_path.iterdir()])
        return [[("a", "minutes", 1, Decimal(1), "minutes")]]

    def late() -> object:
        yield from batches()

    about = About("fangxing", 1, 0, "Asia/Shanghai", BALANCES)
    write_xlsx(io.BytesIO(), about, late(), "en", scratch=tmp_path)  # type: ignore[arg-type]  # an iterable of batches
    assert [len(names) for names in seen] == [1]
    assert list(tmp_path.iterdir()) == []


class Full(io.BytesIO):
    """A disk that has room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: Any, /) -> int:
        """Write, while there is room."""
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


@pytest.mark.parametrize("room", [0, 2_000, 40_000])
def test_a_full_disk_is_an_error_of_the_system_and_nothing_else_is_heard_of_it(tmp_path: Path, room: int) -> None:
    batch: list[Row] = [("a", "minutes", 1, Decimal(1), os.urandom(500).hex()) for _ in range(200)]
    file = Full(room)
    with pytest.raises(OSError, match="No space left"):
        write_xlsx(file, About("fangxing", 1, 0, "Asia/Shanghai", BALANCES), [batch], "en", scratch=tmp_path)
    file.close()
    # What the libraries drop must not complain later: a warning would fail this test.
    gc.collect()
    assert list(tmp_path.iterdir()) == []

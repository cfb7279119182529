"""Refused rows go into a report that a person mends in a spreadsheet and imports again."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.guarding import inert, plain
from api.imports.mapping import Mapping, read_map
from api.imports.reading import Reading, Refusal, understand
from api.imports.reasons import explain
from api.imports.report import write_report
from tests.imports.made import TODAY, csv_file, read, reasons, xlsx_file

HOURS = ["编号", "姓名", "活动", "日期", "时长", "心情"]
GIFTS = ["票据号", "捐赠人", "金额", "日期"]
BAD = ["2", "李师傅", "修灯", "3/8", "半天", "好"]
SHEET = [["登记表"], HOURS, ["1", "王阿姨", "扫雪", "2024-03-08", "1h", ""], BAD, ["合计"]]


def written(folder: Path, reading: Reading, language: str = "zh", name: str = "report.csv") -> list[list[str]]:
    """The cells of the report."""
    path = folder / name
    write_report(path, reading, lambda code: explain(code, language), language=language)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def again(folder: Path, cells: list[list[str]], kind: str, mapping: Mapping | None = None) -> Reading:
    """What is understood of a report that was mended."""
    return understand(csv_file(folder, cells, name="mended.csv", encoding="utf-8-sig"), kind, mapping, today=TODAY)


def test_the_report_holds_the_refused_rows_with_row_column_and_reason(tmp_path: Path) -> None:
    heading, *rows = written(tmp_path, read(tmp_path, "hours", SHEET))
    assert heading == [*HOURS, "暖邻:行号", "暖邻:列", "暖邻:未导入的原因"]
    assert rows == [[*BAD, "4", "日期; 时长", f"{explain('ambiguous_date')}; {explain('vague_duration')}"]]


def test_the_report_opens_in_a_spreadsheet_with_its_letters_right(tmp_path: Path) -> None:
    written(tmp_path, read(tmp_path, "hours", SHEET))
    assert (tmp_path / "report.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_report_says_how_many_rows_it_holds(tmp_path: Path) -> None:
    reading = read(tmp_path, "hours", SHEET)
    assert write_report(tmp_path / "report.csv", reading, explain) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mended_report_is_imported_and_its_own_columns_are_left_out(tmp_path: Path, language: str) -> None:
    cells = written(tmp_path, read(tmp_path, "hours", SHEET), language)
    cells[1][3:5] = ["2024-03-08", "2小时"]
    reading = again(tmp_path, cells, "hours")
    assert [row.values["minutes"] for row in reading.rows] == [120]
    assert [column.how for column in reading.columns][-3:] == ["report"] * 3


def test_a_report_that_is_not_mended_is_refused_for_the_same_reasons(tmp_path: Path) -> None:
    reading = read(tmp_path, "hours", SHEET)
    once = again(tmp_path, written(tmp_path, reading), "hours")
    assert [(column, code) for _, column, code in reasons(once)] == [
        (column, code) for _, column, code in reasons(reading)
    ]
    assert written(tmp_path, once, name="second.csv") == written(tmp_path, reading)


def test_a_mended_row_keeps_the_identity_of_its_reference(tmp_path: Path) -> None:
    cells = written(tmp_path, read(tmp_path, "donations", [GIFTS, ["007", "绿云物业", "五百", "2024-03-08"]]))
    cells[1][2] = "500"
    assert again(tmp_path, cells, "donations").rows[0].identity == "ref:007"


def test_a_mended_row_keeps_the_identity_of_its_place(tmp_path: Path) -> None:
    mapping = read_map({"identity": {"columns": "row"}, "sheet": {"heading_row": 2, "name": "三月"}})
    rows = [["登记表"], GIFTS, ["007", "绿云物业", "5", "2024-03-08"], ["008", "李师傅", "五百", "2024-03-08"]]
    reading = understand(csv_file(tmp_path, rows), "donations", mapping, today=TODAY)
    cells = written(tmp_path, reading)
    cells[1][2] = "500"
    assert again(tmp_path, cells, "donations", mapping).rows[0].identity == "row:4"


def test_a_mended_row_without_a_reference_is_the_row_that_was_right_from_the_start(tmp_path: Path) -> None:
    rows = [GIFTS[1:], ["绿云物业", "五百", "2024-03-08"]]
    cells = written(tmp_path, read(tmp_path, "donations", rows))
    cells[1][1] = "500"
    right = read(tmp_path, "donations", [GIFTS[1:], ["绿云物业", "500", "2024-03-08"]])
    assert again(tmp_path, cells, "donations").rows[0].identity == right.rows[0].identity


def test_refusals_of_the_ledger_may_be_reported_in_their_place(tmp_path: Path) -> None:
    reading = read(tmp_path, "hours", SHEET)
    theirs = [Refusal(3, "日期", "sessions_overlap"), *reading.refused]
    path = tmp_path / "report.csv"
    assert write_report(path, reading.plan, explain, theirs) == 2
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[-3:] for row in rows[1:2]] == [["3", "日期", "sessions_overlap"]]


def test_merged_names_are_written_out_and_merged_amounts_are_left_to_be_filled_in(tmp_path: Path) -> None:
    rows: list[list[Any]] = [GIFTS, [None, None, None, "2024-03-08"], [None, None, None, "2024-03-08"]]
    path = xlsx_file(tmp_path, rows, merged={"A2:A3": "007", "B2:B3": "绿云物业", "C2:C3": 1000})
    cells = written(tmp_path, understand(path, "donations", today=TODAY))
    assert cells[1][:4] == ["007", "绿云物业", "", "2024-03-08"]


def test_cells_that_a_spreadsheet_would_run_are_made_inert_and_read_back_as_they_were(tmp_path: Path) -> None:
    row = ["+8613800001234", "=1+1", "@王", "3/8", "-cmd|x", "-500"]
    reading = read(tmp_path, "hours", [HOURS, row])
    cells = written(tmp_path, reading)
    assert cells[1][:6] == ["'+8613800001234", "'=1+1", "'@王", "3/8", "'-cmd|x", "-500"]
    cells[1][3:5] = ["2024-03-08", "1h"]
    mended = again(tmp_path, cells, "hours").rows[0].values
    assert (mended["number"], mended["name"], mended["activity"]) == ("+8613800001234", "=1+1", "@王")


@given(text=st.text(alphabet="'=+-@\t\r\n＝＋－＠a1.", max_size=6))
def test_what_is_made_inert_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    shown = inert(text)
    assert plain(shown) == text
    assert not shown or shown[0] not in "=+@\t\r\n＝＋－＠"
    assert not shown.startswith("-") or float(shown) <= 0

"""Files become rows of raw cells, numbered as the sheet numbers them; what is no sheet, or too much, is refused."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from api import formats
from api.imports import sheet as sheets
from api.imports.problems import SheetError
from api.imports.reasons import explain
from api.imports.sheet import Row, read_sheet
from api.imports.workbook import ERROR
from tests.imports.made import MARCH_8, csv_file, typed, xlsx_file

HEADING = ["姓名", "活动"]
WANG = ["王阿姨", "扫雪"]


def refusal(path: Path, sheet: str | None = None) -> SheetError:
    """The error with which a file is refused."""
    with pytest.raises(SheetError) as caught:
        read_sheet(path, sheet)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_each_encoding_that_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    found = read_sheet(csv_file(tmp_path, [HEADING, WANG], encoding=encoding))
    assert [row.cells for row in found.rows] == [tuple(HEADING), tuple(WANG)]
    assert (found.format, found.encoding) == ("csv", encoding)


def test_short_gbk_text_is_not_taken_for_another_language(tmp_path: Path) -> None:
    found = read_sheet(csv_file(tmp_path, [["姓名"], ["李师傅"]], encoding="gbk"))
    assert found.rows[1].cells == ("李师傅",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_below_a_title_that_holds_none_or_another(tmp_path: Path, delimiter: str) -> None:
    path = csv_file(tmp_path, [["登记表，2024"], HEADING, WANG, WANG], delimiter=delimiter)
    found = read_sheet(path)
    assert found.delimiter == delimiter
    assert found.rows[1].cells == tuple(HEADING)


def test_commas_within_quotes_do_not_outvote_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('姓名;活动\n王阿姨;"a,b,c"\n李师傅;"d,e,f"\n', encoding="utf-8")
    assert read_sheet(path).rows[1].cells == ("王阿姨", "a,b,c")


def test_a_record_is_numbered_by_the_line_it_starts_on(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('姓名,内容\r\n王阿姨,"一\r\n二\r\n三"\r\n\r\n李师傅,四\r\n'.encode())
    assert [(row.number, len(row.cells)) for row in read_sheet(path).rows] == [(1, 2), (2, 2), (5, 0), (6, 2)]


def test_line_breaks_of_old_machines_end_a_line_and_strange_ones_do_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,内容\r王阿姨,一\u2028二\x0c三\r李师傅,四".encode())
    assert [row.cells for row in read_sheet(path).rows] == [
        ("姓名", "内容"),
        ("王阿姨", "一\u2028二\x0c三"),
        ("李师傅", "四"),
    ]


def test_an_unclosed_quote_is_told_with_the_row_it_began_in(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('姓名,内容\n王阿姨,好\n李师傅,"没有\n完\n', encoding="utf-8")
    error = refusal(path)
    assert (error.code, error.details) == ("csv_unreadable", {"file": "a.csv", "row": 3})


def test_one_control_character_does_not_make_a_text_unreadable(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [HEADING, ["王\x00阿姨", "扫雪" * 40]])
    assert read_sheet(path).rows[1].cells[0] == "王\x00阿姨"


def test_cells_of_a_workbook_keep_their_types(tmp_path: Path) -> None:
    moments = [MARCH_8, typed(time(14, 30)), time(14, 30), timedelta(hours=26)]
    path = xlsx_file(
        tmp_path,
        [["王阿姨", 5, 5.5, True, *moments]],
        formats={"F1": "yyyy/m/d h:mm", "G1": "h:mm", "H1": "[h]:mm"},
    )
    assert read_sheet(path).rows[0].cells == ("王阿姨", 5, 5.5, True, *moments)
    assert isinstance(read_sheet(path).rows[0].cells[1], int)


def test_every_minute_of_a_day_typed_as_a_time_is_that_minute(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, clock = book.add_worksheet(), book.add_format({"num_format": "h:mm"})
        for minute in range(24 * 60):
            sheet.write_number(minute, 0, minute / 1440, clock)
    found = [row.cells[0] for row in read_sheet(path).rows]
    assert found == [time(minute // 60, minute % 60) for minute in range(24 * 60)]


def test_rows_above_and_columns_left_of_the_table_still_count(tmp_path: Path) -> None:
    found = read_sheet(xlsx_file(tmp_path, [[], [], [None, *HEADING], [], [None, *WANG]]))
    assert found.rows == [
        Row(1, ()), Row(2, ()), Row(3, (None, *HEADING)), Row(4, ()), Row(5, (None, *WANG)),
    ]  # fmt: skip


def test_merged_cells_are_filled_downwards_and_not_to_the_side(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [
        ["公益登记表", None, None],
        ["姓名", "活动", "日期"],
        [None, "扫雪", "1"],
        [None, "理发", "2"],
        ["李师傅", "修灯", "3"],
    ]
    found = read_sheet(xlsx_file(tmp_path, rows, merged={"A1:C1": "公益登记表", "A3:A4": "王阿姨"}))
    assert [row.cells[0] for row in found.rows] == ["公益登记表", "姓名", "王阿姨", "王阿姨", "李师傅"]
    assert found.rows[0].cells == ("公益登记表",)
    assert found.filled == {(4, 0)}


def test_merged_cells_that_hold_nothing_or_lie_beyond_the_table_fill_nothing(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [[*HEADING], [None, "扫雪"], [None, "理发"]]
    found = read_sheet(xlsx_file(tmp_path, rows, merged={"A2:A3": "", "C1:C40": "", "A20:B30": ""}))
    assert [row.cells for row in found.rows] == [tuple(HEADING), (None, "扫雪"), (None, "理发")]
    assert found.filled == frozenset()


def test_the_first_visible_sheet_that_holds_anything_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("封面").activate()
        book.add_worksheet("旧").write(0, 0, "旧")
        book.get_worksheet_by_name("旧").hide()
        book.add_worksheet("三月").write(0, 0, "三月")
        book.add_worksheet("四月").write(0, 0, "四月")
    found = read_sheet(path)
    assert (found.name, found.others, found.rows[0].cells) == ("三月", ("四月",), ("三月",))
    assert read_sheet(path, "旧").rows[0].cells == ("旧",)
    error = refusal(path, "五月")
    assert error.code == "sheet_missing"
    assert "三月" in str(error)


def test_a_failed_formula_is_no_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_formula(1, 0, "=1/0", value="#DIV/0!")
        sheet.write_formula(1, 1, "=1+1", value=2)
    assert read_sheet(path).rows[1].cells == (ERROR, 2)


def test_cells_that_only_have_a_colour_are_not_used(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, red = book.add_worksheet(), book.add_format({"bg_color": "red"})
        sheet.write_row(0, 0, HEADING)
        sheet.write_blank(0, 300, None, red)
        sheet.write_blank(5000, 0, None, red)
    assert [row.cells for row in read_sheet(path).rows] == [tuple(HEADING)]


def test_another_writer_s_workbook_reads_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows: list[list[object]] = [[None], [*HEADING], [*WANG, MARCH_8]]
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A3:A4")
    book.active["B4"] = "理发"
    book.save(tmp_path / "a.xlsx")
    found = read_sheet(tmp_path / "a.xlsx").rows
    assert found[2].cells[:2] == tuple(WANG)
    assert found[2].cells[2] in (MARCH_8, typed(time()))
    assert found[3].cells == ("王阿姨", "理发")


def test_a_workbook_that_leaves_the_places_of_its_cells_unsaid_is_measured_all_the_same(tmp_path: Path) -> None:
    path = remade(xlsx_file(tmp_path, [["x"] * 101]), "xl/worksheets/sheet1.xml", _without_places)
    assert refusal(path).code == "too_many_columns"


def _without_places(raw: bytes) -> bytes:
    return re.sub(rb' r="[A-Z]+\d+"', b"", raw)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.xlsx").code == "file_missing"
    assert refusal(tmp_path).code == "file_missing"


@pytest.mark.parametrize("content", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert refusal(tmp_path / "a.csv").code == "empty_file"


def test_an_empty_workbook_is_told(tmp_path: Path) -> None:
    assert refusal(xlsx_file(tmp_path, [])).code == "empty_file"
    assert refusal(xlsx_file(tmp_path, [], others={"二": []}), "二").code == "empty_file"


@pytest.mark.parametrize(
    ("content", "looks_like"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
        (b"\n<html><table><tr><td>1</td></tr></table>", "html"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "xls"),
        (bytes(range(256)) * 8, "binary"),
    ],
)
def test_what_is_no_sheet_is_told_with_what_it_looks_like(tmp_path: Path, content: bytes, looks_like: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    error = refusal(tmp_path / "a.xlsx")
    assert (error.code, error.details["format"]) == ("unknown_format", looks_like)


def test_an_archive_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refusal(tmp_path / "a.xlsx").details["format"] == "zip"


def test_a_workbook_cut_short_is_told(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, [HEADING, WANG])
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path).code == "workbook_unreadable"


def test_a_workbook_with_a_damaged_part_is_told(tmp_path: Path) -> None:
    path = remade(xlsx_file(tmp_path, [HEADING, WANG]), "xl/workbook.xml", lambda raw: raw[:-20])
    assert refusal(path).code == "workbook_unreadable"


def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path) -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = remade(
        xlsx_file(tmp_path, [HEADING]),
        "xl/workbook.xml",
        lambda raw: raw.replace(b"<workbook", declared + b"<workbook", 1),
    )
    assert refusal(path).code == "workbook_unreadable"


def test_two_hundred_columns_are_refused(tmp_path: Path) -> None:
    wide = [[f"列{number}" for number in range(200)]] * 2
    for path in (csv_file(tmp_path, wide), xlsx_file(tmp_path, wide)):
        error = refusal(path)
        assert (error.code, error.details["columns"]) == ("too_many_columns", 200)


def test_a_hundred_columns_are_read(tmp_path: Path) -> None:
    wide = [["x"] * 100]
    assert read_sheet(csv_file(tmp_path, wide)).width == 100
    assert read_sheet(xlsx_file(tmp_path, wide)).width == 100


def test_empty_columns_at_the_end_of_a_csv_do_not_count(tmp_path: Path) -> None:
    assert read_sheet(csv_file(tmp_path, [["a", "b", *[""] * 300]])).rows[0].cells[:2] == ("a", "b")


def test_a_cell_at_the_far_corner_is_refused_before_the_sheet_is_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 90, "x")
    assert refusal(path).code == "too_large"


@pytest.mark.parametrize("place", ["A99999999", "AAAA1", "1A", "C2099999999"])
def test_a_cell_at_no_possible_place_is_refused(tmp_path: Path, place: str) -> None:
    path = changed_sheet(tmp_path, rb'r="A2"', f'r="{place}"'.encode())
    assert refusal(path).code == "workbook_unreadable"


@pytest.mark.parametrize(
    "tag", [b"<c r='XFD1048576'>", b'<c x=">" r = "XFD1048576">', b'<x:c\nr="xfd1048576" >', b'<c r="XFD001048576">']
)
def test_a_far_cell_cannot_hide_behind_the_way_it_is_written(tmp_path: Path, tag: bytes) -> None:
    path = changed_sheet(tmp_path, b"</sheetData>", b"<row>" + tag + b"<v>1</v></c></row></sheetData>")
    assert refusal(path).code == "too_many_columns"


def test_a_sheet_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, [HEADING, WANG])
    part = "xl/worksheets/sheet1.xml"
    remade(path, part, lambda raw: raw.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16"))
    assert refusal(path).code == "workbook_unreadable"


def test_a_part_that_claims_to_hold_more_than_it_could_is_refused(tmp_path: Path) -> None:
    path = remade(
        xlsx_file(tmp_path, [HEADING, WANG]),
        "xl/sharedStrings.xml",
        lambda raw: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4294967296"', raw),
    )
    assert refusal(path).code == "too_large"


def changed_sheet(folder: Path, before: bytes, after: bytes) -> Path:
    """A workbook of a heading and a row, with one thing changed in its sheet."""
    path = xlsx_file(folder, [HEADING, WANG])
    return remade(path, "xl/worksheets/sheet1.xml", lambda raw: raw.replace(before, after, 1))


def test_an_archive_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.imports.workbook.MOST_BYTES", 1_000_000)
    path = remade(xlsx_file(tmp_path, [HEADING]), "xl/styles.xml", lambda raw: raw + b" " * 2_000_000)
    assert path.stat().st_size < 100_000
    assert refusal(path).code == "too_large"


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.imports.workbook.MOST_BYTES", 1_000_000)
    path = remade(xlsx_file(tmp_path, [HEADING]), "xl/styles.xml", lambda raw: raw + b" " * 2_000_000)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/styles.xml").file_size
    raw = path.read_bytes()
    assert struct.pack("<I", size) in raw
    path.write_bytes(raw.replace(struct.pack("<I", size), struct.pack("<I", 1000)))
    assert refusal(path).code in ("too_large", "workbook_unreadable")


def test_a_file_or_a_table_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path, [HEADING, WANG, WANG])
    size = path.stat().st_size
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    monkeypatch.setattr(sheets, "MOST_BYTES", size)
    assert len(read_sheet(path).rows) == 3
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert refusal(path).details["limit"] == "2 rows"
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    monkeypatch.setattr(sheets, "MOST_BYTES", size - 1)
    assert refusal(path).details["limit"] == "0 MB"


def remade(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The archive with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, change(raw) if name == part else raw)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_with_a_file_is_said_in_our_words(tmp_path: Path, lang: str) -> None:
    damaged = remade(
        xlsx_file(tmp_path, [HEADING]), "xl/workbook.xml", lambda raw: raw.replace(b"<sheets>", b"&j;<sheets>")
    )
    quoted = tmp_path / "a.csv"
    quoted.write_text('姓名,内容\n王阿姨,"好\n', encoding="utf-8")

    for path in (damaged, quoted):
        error = refusal(path)
        said = (explain(error.code, lang, **error.details), formats.error(error, lang))
        for sentence in said:
            assert "?" not in sentence
            assert not re.search(r"entity|at \d|unexpected|expected|Error", sentence)
            assert lang == "en" or not re.search(r"[a-z]{4,}", sentence.replace(path.name, ""))

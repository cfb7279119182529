"""Sheets as communities keep them become typed rows; one bad row is refused with its reason and stops no good one."""

from __future__ import annotations

import time as clock
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.imports.headings import heading_of, letter_of
from api.imports.plan import plan
from api.imports.problems import MapError, SheetError
from api.imports.reading import ReadRow, RefusedRow, SkippedRow, understand, walk
from tests.imports.made import MARCH_8, TODAY, csv_file, read, reasons, values, xlsx_file

HOURS = ["姓名", "活动", "日期", "时长"]
GIFTS = ["捐赠人", "金额", "日期"]


def test_a_real_sheet_of_hours_is_read_as_it_is(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["祥和社区志愿服务登记表", None, None, None, None, None],
        ["2024年3月", None, None, None, None, None],
        ["序号", "志愿者\n姓名*", "服务日期", "起止时间", "服务时长（小时）", "活动名称"],
        [1, "王阿姨", date(2024, 3, 8), "14:00-16:00", 2, "理发"],
        [2, None, "2024.3.10", "９：00—11：30", 2.5, "扫雪"],
        [None, None, None, None, None, None],
        [3, "李师傅", "2024年3月11日", "下午2点-4点", "2小时", "修灯"],
        [4, "张师傅", "2024-03-12", None, "半天", "修灯"],
        [5, None, None, None, None, None],
        ["合计", None, None, None, "=SUM(E4:E8)", None],
        ["制表人：陈老师", None, None, "审核：", None, None],
    ]
    path = xlsx_file(tmp_path, rows, merged={"A1:F1": rows[0][0], "B4:B5": "王阿姨"})
    reading = understand(path, "hours", today=TODAY)
    assert reading.plan.heading_row == 3
    assert [(row.number, row.values["name"], row.values["minutes"]) for row in reading.rows] == [
        (4, "王阿姨", 120), (5, "王阿姨", 150), (7, "李师傅", 120),
    ]  # fmt: skip
    assert reading.rows[1].values["start"] == time(9)
    assert reasons(reading) == [(8, "服务时长（小时）", "vague_duration")]
    assert [(row.number, row.why) for row in reading.skipped] == [
        (6, "blank"),
        (9, "blank"),
        (10, "total"),
        (11, "note"),
    ]
    assert reading.read == 4


def test_the_preview_says_how_each_column_was_understood(tmp_path: Path) -> None:
    rows = [
        ["序号", "姓名", "日期", "时长(小时)", "活动", "心情", "", "联系电话（微信同号）"],
        ["1", "王阿姨", "2024.3.8", "2", "扫雪", "好", "", "13800001234"],
        ["2", "李师傅", "2024年3月9日", "2", "扫雪", "好", "x", ""],
    ]
    columns = read(tmp_path, "hours", rows, {"ignore": ["心情"]}).columns
    assert [(column.letter, column.heading, column.field, column.how) for column in columns] == [
        ("A", "序号", None, "running_number"),
        ("B", "姓名", "name", "known"),
        ("C", "日期", "date", "known"),
        ("D", "时长(小时)", "minutes", "known"),
        ("E", "活动", "activity", "known"),
        ("F", "心情", None, "ignored"),
        ("G", "", None, "unnamed"),
        ("H", "联系电话（微信同号）", "phone", "known_without_remark"),
    ]
    assert columns[3].unit == "hour"
    assert columns[2].forms == ("YYYY.MM.DD", "YYYY年MM月DD日")
    assert columns[1].sample == "王阿姨"


def test_the_preview_says_which_unit_money_is_taken_in(tmp_path: Path) -> None:
    for heading, unit, fen in [
        ("金额", "yuan", 500),
        ("金额（万元）", "wan", 5_000_000),
        ("捐款金额(元)", "yuan", 500),
        ("金额/万元", "wan", 5_000_000),
    ]:
        reading = read(tmp_path, "donations", [["捐赠人", heading, "日期"], ["绿云物业", "5", "2024-03-08"]])
        assert reading.columns[1].unit == unit
        assert reading.rows[0].values["amount_fen"] == fen


@pytest.mark.parametrize(
    ("heading", "cell", "minutes"),
    [
        ("小时数", "1.5", 90),
        ("时长（分钟）", "90", 90),
        ("服务时长/小时", "1.5", 90),
        ("时长【单位：小时】", "1.5", 90),
        ("时长", "1.5小时", 90),
    ],
)
def test_the_heading_may_state_the_unit_of_a_length(tmp_path: Path, heading: str, cell: str, minutes: int) -> None:
    rows = [["姓名", "活动", "日期", heading], ["王阿姨", "扫雪", "2024-03-08", cell]]
    assert values(tmp_path, "hours", rows)[0]["minutes"] == minutes


def test_a_bare_figure_below_a_heading_without_a_unit_is_refused(tmp_path: Path) -> None:
    assert reasons(read(tmp_path, "hours", [HOURS, ["王阿姨", "扫雪", "2024-03-08", "2"]])) == [
        (2, "时长", "ambiguous_unit")
    ]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    rows = [["时长", "日期", "活动", "姓名"], ["2小时", "2024-03-08", "扫雪", "王阿姨"]]
    assert values(tmp_path, "hours", rows) == [{"name": "王阿姨", "activity": "扫雪", "date": MARCH_8, "minutes": 120}]


def test_bad_rows_are_refused_each_with_all_its_reasons_and_good_ones_are_read(tmp_path: Path) -> None:
    rows = [
        HOURS,
        ["王阿姨", "扫雪", "2024-03-08", "1h"],
        ["", "扫雪", "1970-01-01", "25小时"],
        ["李\u202e师傅", "扫雪", "2100-01-01", "半天"],
        ["张师傅", "修灯", "2024-03-08", "1h"],
    ]
    reading = read(tmp_path, "hours", rows)
    assert [row.number for row in reading.rows] == [2, 5]
    assert sorted(reasons(reading)) == [
        (3, "姓名", "missing"), (3, "日期", "implausible_date"), (3, "时长", "too_long"),
        (4, "姓名", "control_characters"), (4, "日期", "implausible_date"), (4, "时长", "vague_duration"),
    ]  # fmt: skip
    assert next(refusal.value for refusal in reading.refused if refusal.code == "vague_duration") == "半天"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "not_positive"), ("-5", "not_positive"), ("1000000000000000000", "absurd_amount"), ("1.005", "fraction_of_fen"),
        ("NaN", "not_a_number"), ("约500", "vague_amount"),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_is_refused(tmp_path: Path, amount: str, code: str) -> None:
    assert reasons(read(tmp_path, "donations", [GIFTS, ["绿云物业", amount, "2024-03-08"]])) == [(2, "金额", code)]


def test_an_amount_merged_over_several_rows_is_nobody_s_and_a_length_is_each_one_s(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [*GIFTS],
        ["绿云物业", None, "2024-03-08"],
        ["暖阳理发店", None, "2024-03-08"],
        ["李师傅", 5, "2024-03-08"],
    ]
    reading = understand(xlsx_file(tmp_path, rows, merged={"B2:B3": 1000}), "donations", today=TODAY)
    assert [column.filled for column in reading.columns] == [False, True, False]
    assert [row.number for row in reading.rows] == [2, 4]
    assert reasons(reading) == [(3, "金额", "merged_amount")]
    hours: list[list[Any]] = [[*HOURS], ["王阿姨", None, None, None], ["李师傅", None, None, None]]
    merged = {"B2:B3": "扫雪", "C2:C3": "2024-03-08", "D2:D3": "2小时"}
    assert [
        row.values["minutes"]
        for row in understand(xlsx_file(tmp_path, hours, merged=merged), "hours", today=TODAY).rows
    ] == [120, 120]


def test_a_failed_formula_is_refused_and_not_taken_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*GIFTS, "备注"])
        sheet.write_row(1, 0, ["绿云物业", 5, "2024-03-08"])
        sheet.write_formula(1, 3, "=NA()", value="#N/A")
    assert reasons(understand(path, "donations", today=TODAY)) == [(2, "备注", "formula_error")]


def test_two_headings_of_a_heading_in_two_rows_are_understood(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["姓名", "活动", "日期", "时间", None],
        [None, None, None, "开始", "结束"],
        ["王阿姨", "扫雪", "2024-03-08", "14:00", "16:00"],
    ]
    merged = {"A1:A2": "姓名", "B1:B2": "活动", "C1:C2": "日期", "D1:E1": "时间"}
    reading = understand(xlsx_file(tmp_path, rows, merged=merged), "hours", today=TODAY)
    assert reading.rows[0].values["minutes"] == 120


def test_the_heading_printed_again_on_the_next_page_is_no_record(tmp_path: Path) -> None:
    rows = [
        HOURS,
        ["王阿姨", "扫雪", "2024-03-08", "1h"],
        ["姓名 ", "活动", "日期", "时长"],
        ["李师傅", "扫雪", "2024-03-08", "1h"],
    ]
    reading = read(tmp_path, "hours", rows)
    assert [(row.number, row.why) for row in reading.skipped] == [(3, "repeated_heading")]
    assert len(reading.rows) == 2


@pytest.mark.parametrize("heading", [["姓名"], ["姓名", "编号"]])
def test_a_narrow_heading_printed_again_is_no_record_either(tmp_path: Path, heading: list[str]) -> None:
    reading = read(tmp_path, "members", [heading, ["王阿姨", "7"][: len(heading)], heading])
    assert [(row.number, row.why) for row in reading.skipped] == [(3, "repeated_heading")]


def test_a_name_that_is_also_a_heading_is_a_name(tmp_path: Path) -> None:
    reading = read(tmp_path, "members", [["姓名", "编号"], ["姓名", "7"], ["志愿者", "编号"]])
    assert [row.values["name"] for row in reading.rows] == ["姓名", "志愿者"]


def test_a_row_that_begins_with_many_figures_is_judged_at_once(tmp_path: Path) -> None:
    reading = read(tmp_path, "members", [["姓名"], ["9" * 58 + "年"]])
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    "word", ["合计", "合 计", "总计：", "本页小计", "共计（元）", "3月合计", "Total", "合计金额", "共计12人"]
)
def test_a_total_is_no_record(tmp_path: Path, word: str) -> None:
    for row in ([word, "500", ""], ["", word, "500"], ["7", word, "500"]):
        reading = read(tmp_path, "donations", [GIFTS, ["绿云物业", "500", "2024-03-08"], row])
        assert [skipped.why for skipped in reading.skipped] == ["total"]


@pytest.mark.parametrize(
    "name", ["合计划社区", "总计划办公室", "共计划", "小计量仪表厂", "注册志愿者协会", "说明书印刷厂"]
)
def test_a_giver_whose_name_begins_like_a_total_or_a_note_is_a_giver(tmp_path: Path, name: str) -> None:
    assert values(tmp_path, "donations", [GIFTS, [name, "500", "2024-03-08"]])[0]["donor"] == name


def test_a_list_of_one_column_needs_no_second_heading(tmp_path: Path) -> None:
    assert values(tmp_path, "members", [["姓名"], ["王阿姨"], ["李师傅"]]) == [{"name": "王阿姨"}, {"name": "李师傅"}]


def test_two_columns_that_could_be_the_same_field_are_not_guessed_between(tmp_path: Path) -> None:
    rows = [["姓名", "手机", "联系电话"], ["王阿姨", "13800001234", "13900001234"]]
    with pytest.raises(MapError) as caught:
        read(tmp_path, "members", rows)
    assert caught.value.code == "ambiguous_heading"
    assert "B 手机, C 联系电话" in str(caught.value)
    assert read(tmp_path, "members", rows, {"ignore": ["联系电话"]}).rows[0].values["phone"] == "13800001234"
    mapped = read(tmp_path, "members", rows, {"columns": {"联系电话": "phone"}})
    assert (mapped.rows[0].values["phone"], mapped.columns[1].how) == ("13900001234", "overruled")


def test_a_heading_that_is_exact_goes_before_one_with_a_remark(tmp_path: Path) -> None:
    rows = [["姓名（监护人）", "姓名", "编号"], ["李师傅", "小王", "7"]]
    reading = read(tmp_path, "members", rows)
    assert reading.rows[0].values == {"name": "小王", "number": "7"}
    assert reading.columns[0].how == "unknown"


def test_a_sheet_without_a_heading_is_told_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as caught:
        read(tmp_path, "hours", [["王阿姨", "2024-03-08"], ["李师傅", "2024-03-08"]])
    assert caught.value.code == "no_heading"
    assert caught.value.details["expected"] == "志愿者编号, 活动, 时长, 日期"
    with pytest.raises(SheetError, match="姓名"):
        read(tmp_path, "members", [["a", "b"], ["c", "d"]])


def test_a_missing_column_is_told_with_the_headings_it_may_have(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as caught:
        read(tmp_path, "hours", [["姓名", "活动", "日期", "开始时间"], ["王阿姨", "扫雪", "2024-03-08", "9:00"]])
    assert caught.value.code == "missing_column"
    assert "时长 / 开始时间 + 结束时间 / 起止时间" in str(caught.value)


def test_the_map_may_state_the_row_of_the_heading(tmp_path: Path) -> None:
    rows = [["姓名", "活动", "日期", "时长"], [], HOURS, ["王阿姨", "扫雪", "2024-03-08", "1h"]]
    assert read(tmp_path, "hours", rows, {"sheet": {"heading_row": 3}}).plan.heading_row == 3
    assert read(tmp_path, "hours", rows[2:], {"sheet": {"heading_row": 1}}).plan.heading_row == 1
    for row in (2, 99):
        with pytest.raises(SheetError) as caught:
            read(tmp_path, "hours", rows, {"sheet": {"heading_row": row}})
        assert caught.value.code == "no_heading_there"


def test_rows_of_a_csv_are_numbered_by_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        '姓名,活动,日期,时长\n王阿姨,"扫\n雪",2024-03-08,1h\n李师傅,修灯,2024-03-08,半天\n', encoding="gb18030"
    )
    reading = understand(path, "hours", today=TODAY)
    assert [row.number for row in reading.rows] == [2]
    assert reasons(reading) == [(4, "时长", "vague_duration")]


def test_walking_gives_every_row_in_order_and_as_often_as_asked(tmp_path: Path) -> None:
    rows = [["登记表"], HOURS, ["王阿姨", "扫雪", "2024-03-08", "1h"], [], ["李师傅", "扫雪", "3/8", "1h"]]
    told = plan(csv_file(tmp_path, rows), "hours", today=TODAY)
    assert told.total == 3
    for _ in range(2):
        assert [type(outcome) for outcome in walk(told)] == [ReadRow, SkippedRow, RefusedRow]


def test_thirty_thousand_rows_take_seconds(tmp_path: Path) -> None:
    rows = [["编号", *HOURS]] + [
        [str(number), f"志愿者{number}", "扫雪", "2024.3.8", "2小时30分"] for number in range(30_000)
    ]
    path = csv_file(tmp_path, rows)
    start = clock.process_time()
    assert len(understand(path, "hours", today=TODAY).rows) == 30_000
    # Some two seconds on two slow cores; the bound only catches work that grows with the square of the rows.
    assert clock.process_time() - start < 15


def test_a_stroke_parts_a_unit_from_its_heading_and_nothing_else() -> None:
    told = [heading_of(text) for text in ("金额/万元", "时长/小时", "捐赠人/单位", "/小时")]
    assert [(heading.bare, heading.remarks) for heading in told] == [
        ("金额", ("万元",)), ("时长", ("小时",)), ("捐赠人/单位", ()), ("/小时", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_the_letters_of_the_spreadsheet(index: int, letters: str) -> None:
    assert letter_of(index) == letters

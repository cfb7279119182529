"""Sheets as communities keep them become typed rows; one bad row is refused with its reason and stops no good one."""

from __future__ import annotations

import time as clock
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from api.imports.problems import MapError, SheetError
from api.imports.reading import ReadRow, RefusedRow, SkippedRow, plan, understand, walk
from tests.imports.made import MARCH_8, TODAY, Table, csv_file, read, reasons, xlsx_file

HOURS = ["姓名", "活动", "日期", "时长"]
GIFTS = ["捐赠人", "金额", "日期"]


def values(folder: Path, kind: str, rows: Table) -> list[dict[str, Any]]:
    """The values of all rows, none of which may be refused."""
    reading = read(folder, kind, rows)
    assert reading.refused == []
    return [row.values for row in reading.rows]


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


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        ("members", "姓名 联系电话 身份证号 志愿者编号 小区 住址 服务队 工作单位 政治面貌 注册日期"),
        (
            "hours",
            "志愿者姓名 编号 服务项目 服务日期 开始时间 结束时间 服务时长 活动地点 主办单位 负责人 服务内容 审核人 备注",
        ),
        (
            "requests",
            "心愿编号 微心愿 具体内容 申请人 联系方式 地址 所属社区 类别 登记日期 状态 认领人 认领单位 满意度 完成日期",
        ),
        ("donations", "票据号 捐赠单位 捐款金额(元) 定向 捐赠日期 经手人 是否匿名 捐赠方式 备注"),
        ("spendings", "凭证号 支出金额 服务项目 支出类别 收款人 支出日期 申请人 审批人 付款人 事由"),
        ("contributions", "共建单位 资源类型 物品名称 数量 日期 地点 价值 备注"),
        ("donations", "receipt donor amount date fund method note"),
    ],
)
def test_usual_headings_need_no_map(tmp_path: Path, kind: str, headings: str) -> None:
    row = [{"捐赠单位": "绿云物业", "donor": "绿云物业"}.get(heading, "") for heading in headings.split()]
    columns = plan(csv_file(tmp_path, [headings.split(), row]), kind, today=TODAY).columns
    assert [column.heading for column in columns if column.field is None] == []


def test_start_and_end_make_the_length_and_must_agree_with_it(tmp_path: Path) -> None:
    heading = ["姓名", "活动", "日期", "开始时间", "结束时间", "时长(小时)"]
    rows = [
        heading,
        ["王阿姨", "扫雪", "2024-03-08", "14:00", "16:00", ""],
        ["王阿姨", "扫雪", "2024-03-09", "14:00", "16:00", "2"],
        ["王阿姨", "扫雪", "2024-03-10", "14:00", "16:00", "3"],
        ["王阿姨", "扫雪", "2024-03-11", "16:00", "14:00", ""],
        ["王阿姨", "扫雪", "2024-03-12", "14:00", "14:00", ""],
        ["王阿姨", "扫雪", "2024-03-13", "14:00", "", ""],
        ["王阿姨", "扫雪", "2024-03-14", "14:00", "25:00", "1"],
        ["王阿姨", "扫雪", "2024-03-15", "14:00", "", "1.5"],
    ]
    reading = read(tmp_path, "hours", rows)
    assert [(row.number, row.values["minutes"], row.values.get("end")) for row in reading.rows] == [
        (2, 120, time(16)), (3, 120, time(16)), (9, 90, None),
    ]  # fmt: skip
    assert reasons(reading) == [
        (4, "时长(小时)", "minutes_disagree"),
        (5, "结束时间", "end_before_start"),
        (6, "结束时间", "not_positive"),
        (7, "时长(小时)", "missing"),
        (8, "结束时间", "bad_time"),
    ]


def test_the_day_may_stand_in_the_column_of_time(tmp_path: Path) -> None:
    rows = [
        ["姓名", "活动", "服务时间"],
        ["王阿姨", "扫雪", "2024年3月8日 14:00-16:00"],
        ["李师傅", "修灯", "14:00-16:00"],
    ]
    reading = read(tmp_path, "hours", rows)
    assert reading.rows[0].values == {
        "name": "王阿姨", "activity": "扫雪", "date": MARCH_8, "start": time(14), "end": time(16), "minutes": 120,
    }  # fmt: skip
    assert reasons(reading) == [(3, "日期", "missing")]


def test_the_day_may_stand_with_start_and_end(tmp_path: Path) -> None:
    heading = ["姓名", "活动", "开始时间", "结束时间"]
    rows = [
        heading,
        ["王阿姨", "扫雪", "2024-03-08 14:00", "2024-03-08 16:00"],
        ["王阿姨", "守夜", "2024-03-08 22:00", "2024-03-09 01:00"],
        ["王阿姨", "守夜", "2024-03-08 22:00", "2024-03-10 01:00"],
    ]
    reading = read(tmp_path, "hours", rows)
    assert [row.values["minutes"] for row in reading.rows] == [120, 180]
    assert reading.rows[1].values["end_date"] == date(2024, 3, 9)
    assert reasons(reading) == [(4, "结束时间", "too_long")]


def test_days_and_times_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    rows = [
        ["姓名", "活动", "日期", "开始时间", "起止时间"],
        ["王阿姨", "扫雪", "2024-03-09", "2024-03-08 14:00", "14:00-16:00"],
        ["王阿姨", "扫雪", "2024-03-08", "15:00", "14:00-16:00"],
    ]
    assert reasons(read(tmp_path, "hours", rows)) == [(2, "日期", "dates_disagree"), (3, "开始时间", "times_disagree")]


def test_either_a_number_or_a_name_says_who_it_was(tmp_path: Path) -> None:
    rows = [["编号", *HOURS]] + [
        [number, name, "扫雪", "2024-03-08", "1h"] for number, name in [("7", ""), ("", "王阿姨"), ("", "")]
    ]
    reading = read(tmp_path, "hours", rows)
    assert len(reading.rows) == 2
    assert reasons(reading) == [(4, "编号", "missing")]


def test_the_content_stands_for_an_activity_that_is_not_named(tmp_path: Path) -> None:
    rows = [["姓名", "服务内容", "日期", "时长"], ["王阿姨", "给老人\n理发", "2024-03-08", "1h"]]
    assert values(tmp_path, "hours", rows)[0]["activity"] == "给老人 理发"


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
    rows = [[*GIFTS], ["绿云物业", None, "2024-03-08"], ["暖阳理发店", None, "2024-03-08"], ["李师傅", 5, "2024-03-08"]]
    reading = understand(xlsx_file(tmp_path, rows, merged={"B2:B3": 1000}), "donations", today=TODAY)
    assert [row.number for row in reading.rows] == [2, 4]
    assert reasons(reading) == [(3, "金额", "merged_amount")]
    hours = [HOURS, ["王阿姨", None, None, None], ["李师傅", None, None, None]]
    merged = {"B2:B3": "扫雪", "C2:C3": "2024-03-08", "D2:D3": "2小时"}
    assert [
        row.values["minutes"]
        for row in understand(xlsx_file(tmp_path, hours, merged=merged), "hours", today=TODAY).rows
    ] == [120, 120]


def test_a_failed_formula_is_refused_and_not_taken_for_nothing(tmp_path: Path) -> None:
    import xlsxwriter

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


def test_a_member_is_read_with_everything_personal(tmp_path: Path) -> None:
    rows = [
        "姓名 手机 身份证号 社区 小区 政治面貌 加入日期".split(),
        ["王阿姨", 13800001234, "11010519491231002x", "祥和社区", "三号院", "中共党员", date(2019, 5, 1)],
        ["李师傅", "138****1234", "110105194912310021", "祥和社区", "", "群众", ""],
    ]
    reading = understand(xlsx_file(tmp_path, rows), "members", today=TODAY)
    assert reading.rows[0].values == {
        "name": "王阿姨", "phone": "13800001234", "id_number": "11010519491231002X", "community": "祥和社区",
        "place": "三号院", "party_member": True, "joined_on": date(2019, 5, 1),
    }  # fmt: skip
    assert reasons(reading) == [(3, "手机", "masked"), (3, "身份证号", "bad_id_number")]


def test_a_sheet_that_knows_communities_alone_means_them_by_its_places(tmp_path: Path) -> None:
    assert values(tmp_path, "members", [["姓名", "社区"], ["王阿姨", "祥和社区"]]) == [
        {"name": "王阿姨", "place": "祥和社区"}
    ]


def test_a_wish_is_open_unless_it_says_more(tmp_path: Path) -> None:
    rows = [
        ["微心愿", "登记日期", "办理状态", "认领单位", "满意度", "完成日期", "价值（元）"],
        ["一盏台灯", "2024-03-08", "", "", "", "", "120"],
        ["一副眼镜", "2024-03-08", "已圆梦", "绿云物业", "非常满意", "2024-03-20", ""],
        ["一本书", "2024-03-08", "已圆梦", "", "", "2024-03-01", ""],
        ["一把伞", "2024-03-08", "不清楚", "", "6", "", ""],
    ]
    reading = read(tmp_path, "requests", rows)
    assert reading.rows[0].values == {
        "kind": "wish", "outcome": "open", "title": "一盏台灯", "date": MARCH_8, "value_fen": 12_000,
    }  # fmt: skip
    told = reading.rows[1].values
    assert (told["outcome"], told["claimant"], told["claimant_kind"], told["score"]) == (
        "fulfilled",
        "绿云物业",
        "unit",
        5,
    )
    assert "unit" not in told
    assert reasons(reading) == [
        (4, "完成日期", "closed_before_opened"), (5, "办理状态", "unknown_value"), (5, "满意度", "bad_score"),
    ]  # fmt: skip


def test_a_gift_has_a_giver_or_is_anonymous(tmp_path: Path) -> None:
    rows = [
        [*GIFTS, "是否匿名"],
        ["绿云物业", "500", "2024-03-08", "否"],
        ["匿名", "500", "2024-03-08", ""],
        ["", "500", "2024-03-08", "是"],
        ["王阿姨", "500", "2024-03-08", "是"],
        ["", "500", "2024-03-08", ""],
        ["爱心人士", "500", "2024-03-08", "否"],
    ]
    reading = read(tmp_path, "donations", rows)
    told = [(row.values.get("donor"), row.values["anonymous"], row.values.get("donor_kind")) for row in reading.rows]
    assert told == [
        ("绿云物业", False, None),
        (None, True, "anonymous"),
        (None, True, "anonymous"),
        ("王阿姨", True, None),
    ]
    assert reasons(reading) == [(6, "捐赠人", "missing"), (7, "是否匿名", "donor_not_named")]


def test_money_that_came_back_is_negative_and_marked(tmp_path: Path) -> None:
    heading = ["金额", "日期", "申请人", "审批人", "付款人", "退回"]
    rows = [heading] + [
        [amount, "2024-03-08", "1", "2", "3", mark]
        for amount, mark in [("5", ""), ("-5", "是"), ("5", "退回"), ("-5", "")]
    ]
    reading = read(tmp_path, "spendings", rows)
    assert [(row.values["amount_fen"], row.values.get("returned")) for row in reading.rows] == [
        (500, None),
        (-500, True),
        (-500, True),
    ]
    assert reasons(reading) == [(5, "金额", "not_positive")]


def test_what_a_unit_gives_is_goods_or_hours_by_what_it_counts(tmp_path: Path) -> None:
    rows = [
        ["共建单位", "日期", "物品", "数量", "小时数", "类型"],
        ["绿云物业", "2024-03-08", "口罩", "200", "", ""],
        ["绿云物业", "2024-03-08", "", "", "40", ""],
        ["绿云物业", "2024-03-08", "会议室", "", "", "场地"],
        ["绿云物业", "2024-03-08", "", "5", "", ""],
        ["绿云物业", "2024-03-08", "", "", "", ""],
    ]
    reading = read(tmp_path, "contributions", rows)
    assert [row.values["kind"] for row in reading.rows] == ["goods", "hours", "venue"]
    assert reading.rows[1].values["minutes"] == 2400
    assert reasons(reading) == [(5, "物品", "missing"), (6, "类型", "missing")]


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
    rows = [["姓名（监护人）", "姓名"], ["李师傅", "小王"]]
    reading = read(tmp_path, "members", rows)
    assert reading.rows[0].values == {"name": "小王"}
    assert reading.columns[0].how == "unknown"


def test_a_sheet_without_a_heading_is_told_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as caught:
        read(tmp_path, "hours", [["王阿姨", "2024-03-08"], ["李师傅", "2024-03-08"]])
    assert caught.value.code == "no_heading"
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
    rows = [HOURS, ["王阿姨", "扫雪", "2024-03-08", "1h"], [], ["李师傅", "扫雪", "3/8", "1h"]]
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

"""What the fields of one record owe each other, kind by kind: members, hours, requests, gifts, spendings, contributions."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from api.imports.plan import plan
from api.imports.reading import understand
from tests.imports.made import MARCH_8, TODAY, csv_file, read, reasons, values, xlsx_file

HOURS = ["姓名", "活动", "日期", "时长"]
GIFTS = ["捐赠人", "金额", "日期"]


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


def test_a_column_of_time_that_says_the_day_alone_leaves_the_length_open(tmp_path: Path) -> None:
    rows = [["姓名", "活动", "服务时间"], ["王阿姨", "扫雪", "2024-03-08"], ["王阿姨", "扫雪", "2024-03-08 14:00"]]
    assert reasons(read(tmp_path, "hours", rows)) == [(2, "时长", "missing"), (3, "时长", "missing")]


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


def test_a_member_is_read_with_everything_personal(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["姓名", "手机", "身份证号", "社区", "小区", "政治面貌", "加入日期"],
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
        ["一袋米", "2024-03-08", "已完成", "", "", "2024-03-08", ""],
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

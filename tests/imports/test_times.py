"""Days, times of day, spans and lengths of time as people write them; what is unclear about them is refused."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.cells import (
    Moment,
    When,
    date_form,
    parse_date,
    parse_minutes,
    parse_moment,
    parse_time,
    parse_time_range,
)
from tests.imports.made import MARCH_8, TODAY, day, refused, typed, when


@pytest.mark.parametrize(
    "cell",
    [
        "2024.3.8", "2024/3/8", "2024-03-08", "2024年3月8日", "2024年03月08号", "20240308", 20240308,
        " 2024 年 3 月 8 日 ", "２０２４．３．８", "２０２４年３月８日", "2024-03-08（周五）", "2024年3月8日 星期五",
        "2024-03-08 11:47:00+00:00", "2024-03-08 23:30:00.123456+00:00", "2024-03-08T23:30Z", "2024/3/8 9:05",
        date(2024, 3, 8), typed(time(23, 59)),
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_unambiguous_form_and_no_zone_moves_it(cell: Any) -> None:
    assert day(cell) == MARCH_8


@pytest.mark.parametrize(
    "cell",
    [
        "3/8",
        "3月8日",
        "24.3.8",
        "24-03-08",
        "3/8/2024",
        "13/12/2023",
        "2024.3",
        "2024年3月",
        "2024",
        2024.3,
        45359,
        45359.5,
        "45359",
    ],
)
def test_a_day_without_its_year_in_unclear_order_or_as_a_bare_serial_number_is_ambiguous(cell: Any) -> None:
    assert refused(day, cell) == "ambiguous_date"


@pytest.mark.parametrize(
    "cell", ["2024-02-30", "2023-02-29", "2024/13/1", "昨天", "2024-03-08 下午", "x" * 99, time(9), timedelta(1), True]
)
def test_a_day_that_never_was_is_bad(cell: Any) -> None:
    assert refused(day, cell) == "bad_date"


@pytest.mark.parametrize("cell", ["1970-01-01", "1989-12-31", "2100-01-01", "2024-06-03", date(1970, 1, 1)])
def test_a_day_long_past_or_to_come_is_implausible(cell: Any) -> None:
    assert refused(day, cell) == "implausible_date"


@pytest.mark.parametrize("cell", ["1990-01-01", "2024-06-01", "2024-06-02"])
def test_days_from_1990_until_tomorrow_are_plausible(cell: str) -> None:
    assert day(cell).isoformat() == cell


def test_other_forms_of_days_are_read_where_they_are_stated() -> None:
    assert parse_date("8/3/2024", ["%d/%m/%Y"], today=TODAY) == MARCH_8
    assert parse_date("3/8/2024", ["%m/%d/%Y"], today=TODAY) == MARCH_8
    assert parse_date("8-Mar-24", ["%d-%b-%y"], today=TODAY) == MARCH_8
    assert parse_date("2024-03-08", ["%d/%m/%Y"], today=TODAY) == MARCH_8


def test_two_stated_forms_that_differ_about_a_day_leave_it_ambiguous() -> None:
    forms = ["%d/%m/%Y", "%m/%d/%Y"]
    assert refused(lambda cell: parse_date(cell, forms, today=TODAY), "3/8/2023") == "ambiguous_date"
    assert parse_date("31/12/2023", forms, today=TODAY) == date(2023, 12, 31)


def test_the_form_of_a_day_is_told_for_the_preview() -> None:
    written: list[Any] = ["2024.3.8", "2024年3月8日", "20240308", MARCH_8, "2024-03-08 09:00", "3/8", "\x00", None]
    forms = ["YYYY.MM.DD", "YYYY年MM月DD日", "YYYYMMDD", "date cell", "YYYY-MM-DD …", None, None, None]
    assert [date_form(cell) for cell in written] == forms


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("14:30", time(14, 30)), ("14：30", time(14, 30)), ("１４：３０", time(14, 30)), ("9:05", time(9, 5)),
        ("14:30:00", time(14, 30)), ("下午2点半", time(14, 30)), ("下午 2 点 30 分", time(14, 30)),
        ("2点30分", time(2, 30)), ("两点一刻", time(2, 15)), ("9点", time(9)), ("十四时三十分", time(14, 30)),
        ("十点零五分", time(10, 5)), ("上午9点整", time(9)), ("中午12点", time(12)), ("中午1点", time(13)),
        ("晚上7点半", time(19, 30)), ("凌晨0:30", time(0, 30)), ("下午14:30", time(14, 30)),
        ("2:30 PM", time(14, 30)), ("12:10am", time(0, 10)), (time(14, 30), time(14, 30)),
        (typed(time(14, 30)), time(14, 30)),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read(cell: Any, expected: time) -> None:
    assert parse_time(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "25:00",
        "24:00",
        "9:60",
        "12点60分",
        "上午14:00",
        "上午12点",
        "晚上12点",
        "晚上1点",
        "9",
        "14.30",
        "",
        "中午",
        "九点零十分",
        0.6,
        9,
        MARCH_8,
        "x" * 99,
    ],
)
def test_what_is_no_time_or_leaves_open_which_half_of_the_day_is_refused(cell: Any) -> None:
    assert refused(parse_time, cell) == "bad_time"


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("14:00-16:00", time(14), time(16)), ("14:00—16:00", time(14), time(16)),
        ("14：00～16：00", time(14), time(16)), ("9:00至11:30", time(9), time(11, 30)),
        ("上午9点到下午2点", time(9), time(14)), ("下午2点-4点", time(14), time(16)),
        ("上午9:00-12:00", time(9), time(12)), ("14:00 - 16:00", time(14), time(16)),
        ("16:00-14:00", time(16), time(14)),
    ],
)  # fmt: skip
def test_a_span_of_a_day_is_read_as_written(cell: str, start: time, end: time) -> None:
    assert parse_time_range(cell) == (start, end)


@pytest.mark.parametrize(
    "cell", ["14:00", "14:00-", "-14:00", "9:00-11:00-12:00", "9:00-11:00,14:00-16:00", "2024-03-08", "", 9, None]
)
def test_what_is_no_one_span_is_refused(cell: Any) -> None:
    assert refused(parse_time_range, cell) == "bad_time_range"


def test_a_span_with_an_impossible_time_says_so() -> None:
    assert refused(parse_time_range, "14:00-25:00") == "bad_time"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-03-08", When(MARCH_8)),
        ("2024-03-08 00:00:00", When(MARCH_8)),
        (MARCH_8, When(MARCH_8)),
        ("14:00-16:00", When(None, time(14), time(16))),
        ("2024-03-08 14:00-16:00", When(MARCH_8, time(14), time(16))),
        ("2024.3.8 下午2点-4点", When(MARCH_8, time(14), time(16))),
        ("2024年3月8日14:00至16:00", When(MARCH_8, time(14), time(16))),
        ("2024-03-08 14:00 至 2024-03-08 16:00", When(MARCH_8, time(14), time(16))),
        ("2024-03-08 22:00 - 2024-03-09 01:00", When(MARCH_8, time(22), time(1), date(2024, 3, 9))),
        ("2024/3/8 14:00", When(MARCH_8, time(14))),
        (typed(time(14)), When(MARCH_8, time(14))),
        ("14:00", When(None, time(14))),
    ],
)
def test_one_column_may_say_a_day_a_span_or_both(cell: Any, expected: When) -> None:
    assert when(cell) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3月8日 14:00-16:00", "ambiguous_date"),
        ("2024-03-08至2024-03-10", "several_days"),
        ("2024-03-08 25:00", "bad_time"),
        ("2024-03-08 25:00-26:00", "bad_time"),
        ("1970-01-01 14:00-16:00", "implausible_date"),
        ("2024-05-31 22:00 - 2024-06-30 01:00", "implausible_date"),
        ("2", "bad_time_range"),
        (2, "bad_time_range"),
    ],
)
def test_a_column_of_time_refuses_what_it_cannot_be_sure_of(cell: Any, code: str) -> None:
    assert refused(when, cell) == code


def test_a_start_may_carry_its_day() -> None:
    assert parse_moment("2024-03-08 14:30", today=TODAY) == Moment(MARCH_8, time(14, 30))
    assert parse_moment("8/3/2024 14:30", ["%d/%m/%Y"], today=TODAY) == Moment(MARCH_8, time(14, 30))
    assert parse_moment("8/3/2024 14:30", ["%d/%m/%Y %H:%M"], today=TODAY) == Moment(MARCH_8, time(14, 30))
    assert parse_moment(typed(time(14, 30)), today=TODAY) == Moment(MARCH_8, time(14, 30))
    assert parse_moment("下午2点", today=TODAY) == Moment(None, time(14))
    assert refused(lambda cell: parse_moment(cell, today=TODAY), "2024-03-08") == "bad_time"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2小时30分", 150), ("2小时30分钟", 150), ("2小时30", 150), ("2小时", 120), ("1.5h", 90), ("1.5小时", 90),
        ("１．５小时", 90), ("90分钟", 90), ("90min", 90), ("1:30", 90), ("1：30", 90), ("0:45:00", 45),
        ("2h30m", 150), ("2 h 30 min", 150), ("半小时", 30), ("半个小时", 30), ("一个半小时", 90), ("2个半小时", 150),
        ("2小时半", 150), ("两小时", 120), ("三个小时", 180), ("十个小时", 600), ("十二小时", 720),
        ("二十五分钟", 25), ("三刻钟", 45), ("1小时一刻钟", 75), ("1小时零5分", 65), ("2.5个小时", 150),
        ("24小时", 1440), ("2時30分", 150), (time(1, 30), 90), (timedelta(hours=1, minutes=30), 90),
    ],
)  # fmt: skip
def test_a_length_with_its_unit_is_read(cell: Any, expected: int) -> None:
    assert parse_minutes(cell) == expected


@pytest.mark.parametrize(
    ("cell", "unit", "expected"), [(2, "hour", 120), ("1.5", "hour", 90), (0.1 + 0.2, "hour", 18), (90, "minute", 90)]
)
def test_a_bare_figure_is_read_by_the_unit_of_its_column(cell: Any, unit: str, expected: int) -> None:
    assert parse_minutes(cell, unit) == expected


def test_a_unit_in_the_cell_goes_before_that_of_the_column() -> None:
    assert parse_minutes("2小时", "minute") == 120


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (2, "ambiguous_unit"), ("2", "ambiguous_unit"), (1.5, "ambiguous_unit"), ("半天", "vague_duration"),
        ("一上午", "vague_duration"), ("全天", "vague_duration"), ("1天", "vague_duration"),
        ("约2小时", "vague_duration"), ("2小时左右", "vague_duration"), ("2-3小时", "vague_duration"),
        ("若干小时", "vague_duration"), ("0.333h", "not_whole_minutes"), ("1:30:30", "not_whole_minutes"),
        (time(1, 30, 30), "not_whole_minutes"), ("0小时", "not_positive"), ("-2小时", "not_positive"),
        (timedelta(0), "not_positive"), (timedelta(hours=-1), "not_positive"), ("25小时", "too_long"),
        ("1441分钟", "too_long"), (timedelta(hours=25), "too_long"), ("很久", "bad_duration"),
        ("1:75", "bad_duration"), ("一一小时", "bad_duration"), ("1.5小时30分", "bad_duration"),
        (MARCH_8, "bad_duration"), (True, "bad_duration"), (None, "bad_duration"),
    ],
)  # fmt: skip
def test_a_length_that_is_vague_or_none_is_refused(cell: Any, code: str) -> None:
    assert refused(parse_minutes, cell) == code


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), 1e300, -1e300, "999999999", 1 / 3])
def test_a_bare_figure_that_is_absurd_is_refused_whatever_its_unit(cell: Any) -> None:
    codes = {refused(partial(parse_minutes, unit=unit), cell) for unit in ("hour", "minute")}
    assert codes <= {"too_long", "not_a_number", "not_positive", "not_whole_minutes"}


@given(
    stated=st.dates(date(1990, 1, 1), TODAY),
    form=st.sampled_from(
        ["{0.year}.{0.month}.{0.day}", "{0:%Y-%m-%d}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}"]
    ),
)
def test_a_written_day_reads_as_itself(stated: date, form: str) -> None:
    assert day(form.format(stated)) == stated


@given(minutes=st.integers(1, 1440))
def test_a_written_length_reads_as_itself(minutes: int) -> None:
    hours, rest = divmod(minutes, 60)
    forms = [f"{minutes}分钟", f"{hours}:{rest:02d}", f"{hours}小时{rest}分", f"{hours}h{rest}m"]
    assert {parse_minutes(form) for form in forms} == {minutes}
    assert parse_minutes(timedelta(minutes=minutes)) == minutes
    assert parse_minutes(minutes, "minute") == minutes


@given(hundredths=st.integers(1, 2400).filter(lambda number: number % 5 == 0))
def test_hours_in_decimals_are_whole_minutes_where_they_can_be(hundredths: int) -> None:
    hours = Decimal(hundredths) / 100
    assert parse_minutes(f"{hours}小时") == parse_minutes(float(hours), "hour") == hundredths * 60 // 100


@given(clock=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_written_time_reads_as_itself(clock: time) -> None:
    forms = [
        f"{clock:%H:%M}",
        f"{clock.hour}：{clock.minute:02d}",
        f"{clock.hour}点{clock.minute}分",
        clock.isoformat(),
    ]
    assert {parse_time(form) for form in forms} == {clock}

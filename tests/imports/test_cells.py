"""Texts, numbers that name something, choices, yes and no; and that no cell at all makes a parser fall over."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports import cells
from api.imports.cells import (
    CellError,
    date_form,
    parse_bool,
    parse_choice,
    parse_count,
    parse_date,
    parse_fen,
    parse_id_number,
    parse_minutes,
    parse_moment,
    parse_phone,
    parse_ref,
    parse_score,
    parse_text,
    parse_time,
    parse_time_range,
    parse_unit_code,
)
from api.imports.folding import as_text, is_blank
from tests.imports.made import LIKELY, TODAY, day, refused, typed, when


def test_text_is_stripped_and_its_white_space_is_one_space() -> None:
    assert parse_text("  王　阿姨\n(三号楼)\t") == "王 阿姨 (三号楼)"
    assert parse_text("一\r\n二\n\n三 ", lines=True) == "一\n二\n\n三"
    assert parse_text("Cafe\u0301") == "Café"
    assert parse_text("绿云物业（一期）") == "绿云物业（一期）"
    assert parse_text(3.0) == "3"


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\u200b",
        "\u200d",
        "\u200f",
        "\u202a",
        "\u202e",
        "\u2066",
        "\u2069",
        "\ufeff",
        "\U000e0041",
    ],
)
def test_control_characters_and_marks_that_hide_or_turn_text_are_refused_everywhere(character: str) -> None:
    text = f"王{character}阿姨"
    assert refused(parse_text, text) == "control_characters"
    assert refused(parse_ref, text) == "control_characters"
    assert refused(parse_fen, f"5{character}0") == "control_characters"
    assert refused(day, f"2024-03{character}-08") == "control_characters"
    assert refused(parse_minutes, f"2{character}小时") == "control_characters"
    assert refused(parse_phone, f"138{character}00001234") == "control_characters"


def test_text_beyond_its_limit_is_refused() -> None:
    assert len(parse_text("好" * 2000)) == 2000
    assert refused(parse_text, "好" * 2001) == "too_long_text"
    assert refused(parse_ref, "9" * 101) == "too_long_text"


@pytest.mark.parametrize("cell", ["同上", "〃", " 同 上 ", '"'])
def test_a_ditto_mark_is_no_name(cell: str) -> None:
    assert refused(parse_text, cell) == "ditto_mark"


@pytest.mark.parametrize(
    ("cell", "expected"), [(1001, "1001"), (1001.0, "1001"), ("００７", "007"), (" A-1 ", "A-1"), (1.5, "1.5")]
)
def test_a_reference_is_text_whatever_the_sheet_took_it_for(cell: Any, expected: str) -> None:
    assert parse_ref(cell) == expected


@pytest.mark.parametrize("cell", [1.10105194912310e17, "1.10105E+17", 123456789012345678])
def test_a_long_number_that_went_through_a_spreadsheet_has_lost_its_digits(cell: Any) -> None:
    assert refused(parse_ref, cell) == "damaged_number"
    assert refused(parse_id_number, cell) == "damaged_number"
    assert refused(parse_phone, cell) == "damaged_number"
    assert refused(parse_unit_code, cell) == "damaged_number"


def test_a_choice_is_found_by_its_words() -> None:
    choices = {"待认领": "open", "已完成": "fulfilled"}
    assert parse_choice(" 待 认领", choices) == "open"
    assert refused(lambda cell: parse_choice(cell, choices), "不知道") == "unknown_value"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("是", True),
        ("√", True),
        ("✔️", True),
        ("YES", True),
        (1, True),
        (True, True),
        ("否", False),
        ("×", False),
        (0, False),
    ],
)
def test_yes_and_no_are_read(cell: Any, expected: bool) -> None:
    assert parse_bool(cell) is expected


def test_maybe_is_neither_yes_nor_no() -> None:
    assert refused(parse_bool, "也许") == "unknown_value"
    assert parse_bool("群众", {"群众": False}) is False


@pytest.mark.parametrize(("cell", "expected"), [(5, 5), ("4分", 4), ("5.0", 5), ("非常满意", 5), ("3星", 3)])
def test_satisfaction_goes_from_one_to_five(cell: Any, expected: int) -> None:
    assert parse_score(cell, {"非常满意": 5}) == expected


@pytest.mark.parametrize("cell", [0, 6, 98, "-1", "4.5", "好", "９９９９９９９９９９９"])
def test_satisfaction_beyond_one_to_five_is_refused(cell: Any) -> None:
    assert refused(lambda value: parse_score(value, {}), cell) == "bad_score"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("13800001234", "13800001234"), (13800001234, "13800001234"), (13800001234.0, "13800001234"),
        ("138-0000-1234", "13800001234"), ("+86 138 0000 1234", "13800001234"), ("0086 13800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"), ("0371-67891234", "037167891234"),
        ("(0371)6789 1234", "037167891234"), ("67891234转12", "67891234#12"), ("400-123-4567", "4001234567"),
    ],
)  # fmt: skip
def test_a_telephone_number_is_read(cell: Any, expected: str) -> None:
    assert parse_phone(cell) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("138****1234", "masked"),
        ("1380000123", "bad_phone"),
        ("13800001234/13900001234", "bad_phone"),
        ("12800001234", "bad_phone"),
        ("没有电话", "bad_phone"),
    ],
)
def test_half_a_telephone_number_is_refused(cell: str, code: str) -> None:
    assert refused(parse_phone, cell) == code


def test_a_citizen_s_number_is_checked_by_its_sum_and_its_birth_date() -> None:
    assert parse_id_number("11010519491231002X") == "11010519491231002X"
    assert parse_id_number(" 11010519491231002x") == "11010519491231002X"
    assert refused(parse_id_number, "110105194912310020") == "bad_id_number"
    assert refused(parse_id_number, "110105194902310028") == "bad_id_number"
    assert refused(parse_id_number, "110105491231002") == "bad_id_number"
    assert refused(parse_id_number, "110105********002X") == "masked"


def test_a_citizen_s_number_with_a_right_sum_and_a_day_that_never_was_is_refused() -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    digits = "11010519490231002"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]
    assert refused(parse_id_number, digits + check) == "bad_id_number"


def test_a_unit_code_may_have_letters_in_its_region() -> None:
    assert parse_unit_code("91350100M000100Y43") == "91350100M000100Y43"
    assert parse_unit_code("91350100-m000100y43") == "91350100M000100Y43"
    assert refused(parse_unit_code, "91350100M000100Y44") == "bad_unit_code"
    assert refused(parse_unit_code, "91350100I000100Y43") == "bad_unit_code"
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "N2A5010AM000100Y4"
    total = sum(alphabet.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    assert parse_unit_code(body + alphabet[(31 - total % 31) % 31]).startswith(body)


@pytest.mark.parametrize("cell", [None, "", "  ", "　", "/", "／", "-", "——", "无", "暂无", "N/A", "ｎ/ａ"])
def test_words_that_stand_for_nothing_are_blank(cell: Any) -> None:
    assert is_blank(cell)


@pytest.mark.parametrize("cell", ["0", 0, False, "无锡", "无障碍设施", "x", "--x"])
def test_what_says_something_is_not_blank(cell: Any) -> None:
    assert not is_blank(cell)


ANY_PARSER: list[Callable[[Any], object]] = [
    parse_text, parse_ref, parse_time, parse_time_range, parse_minutes, parse_fen, parse_count, parse_bool,
    parse_phone, parse_id_number, parse_unit_code, day, when, lambda cell: parse_text(cell, lines=True),
    lambda cell: parse_date(cell, ["%d/%m/%Y", "%m/%d/%Y"], today=TODAY),
    lambda cell: parse_moment(cell, ["%d/%m/%Y %H:%M"], today=TODAY), lambda cell: parse_minutes(cell, "hour"),
    lambda cell: parse_fen(cell, "wan", negative=True), lambda cell: parse_choice(cell, {"是": 1}),
    lambda cell: parse_score(cell, {"满意": 4}), date_form,
]  # fmt: skip

ANY_CELL = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | LIKELY
    | st.dates() | st.datetimes() | st.times() | st.timedeltas()
)  # fmt: skip


@given(cell=ANY_CELL)
def test_no_cell_makes_a_parser_raise_anything_but_its_refusal(cell: Any) -> None:
    for parse in ANY_PARSER:
        with suppress(CellError):
            parse(cell)


@given(
    stated=st.dates(date(1990, 1, 1), TODAY),
    clock=st.times(),
    minutes=st.integers(1, 1440),
    number=st.floats(-1e9, 1e9),
)
def test_a_typed_cell_shown_as_text_reads_as_the_same(stated: date, clock: time, minutes: int, number: float) -> None:
    assert day(as_text(stated)) == stated
    assert day(as_text(typed(clock, stated))) == stated
    assert parse_time(as_text(clock.replace(microsecond=0))) == clock.replace(microsecond=0)
    assert parse_minutes(as_text(timedelta(minutes=minutes))) == minutes
    assert float(as_text(number)) == float(f"{number:.15g}")
    assert parse_bool(as_text(minutes % 2 == 0)) is (minutes % 2 == 0)


def test_every_parser_is_reached_through_one_door() -> None:
    assert all(callable(getattr(cells, name)) for name in cells.__all__ if name.startswith("parse_"))

"""Money to the fen and things by number; what is none of either, or absurd, is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.cells import (
    parse_count,
    parse_fen,
)
from tests.imports.made import MARCH_8, refused


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("500", 50_000), (500, 50_000), (1200.5, 120_050), ("1,200.50", 120_050), ("１，２００．５０", 120_050),
        ("￥500", 50_000), ("¥ 1，000", 100_000), ("500元", 50_000), ("人民币500元整", 50_000), ("RMB 500", 50_000),
        ("1.2万", 1_200_000), ("1.2万元", 1_200_000), ("5千元", 500_000), ("12元5角", 1_250), ("12元5角3分", 1_253),
        (0.1 + 0.2, 30), ("0.01", 1), ("9999999999999.99", 999_999_999_999_999), ("1E3", 100_000),
    ],
)  # fmt: skip
def test_money_is_read_to_the_fen(cell: Any, expected: int) -> None:
    assert parse_fen(cell) == expected


def test_the_unit_of_the_column_serves_bare_figures_alone() -> None:
    assert parse_fen("1.2", "wan") == 1_200_000
    assert parse_fen(47, "wan") == 47_000_000
    assert parse_fen("5000元", "wan") == 500_000
    assert parse_fen("1253", "fen") == 1_253


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0", "not_positive"), (0, "not_positive"), ("-5", "not_positive"), ("(500)", "not_positive"),
        ("￥-5", "not_positive"), ("1.005", "fraction_of_fen"), (1.005, "fraction_of_fen"),
        ("0.001", "fraction_of_fen"), ("1.0000000000000000000000000000000001", "fraction_of_fen"),
        ("1e-9999", "fraction_of_fen"), ("1000000000000000000", "absurd_amount"), (10**18, "absurd_amount"),
        (1e18, "absurd_amount"), ("10000000000000", "absurd_amount"), ("1e9999", "absurd_amount"),
        ("9" * 59, "absurd_amount"), ("NaN", "not_a_number"), (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"), ("abc", "not_a_number"), ("1,2", "not_a_number"),
        ("1.200,50", "not_a_number"), ("五百", "not_a_number"), (True, "not_a_number"), (MARCH_8, "not_a_number"),
        ("9" * 61, "not_a_number"), ("--5", "not_a_number"), ("-￥-5", "not_a_number"), ("$5", "other_currency"),
        ("5美元", "other_currency"), ("€5", "other_currency"), ("约500", "vague_amount"), ("500左右", "vague_amount"),
        ("500余元", "vague_amount"),
    ],
)  # fmt: skip
def test_money_that_is_none_or_absurd_is_refused(cell: Any, code: str) -> None:
    assert refused(parse_fen, cell) == code


@pytest.mark.parametrize(("cell", "expected"), [("-5", -500), ("(5)", -500), (-5.5, -550), ("￥-1,000", -100_000)])
def test_money_that_came_back_is_negative_where_that_is_allowed(cell: Any, expected: int) -> None:
    assert parse_fen(cell, negative=True) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(20, 20), ("20.0", 20), (20.0, 20), ("1,500", 1500), ("20个", 20), ("２０", 20), (1_000_000, 1_000_000)],
)
def test_things_are_counted(cell: Any, expected: int) -> None:
    assert parse_count(cell) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (0, "not_positive"), (-1, "not_positive"), (1.5, "not_whole"), ("0.5", "not_whole"), ("1e-9999", "not_whole"),
        ("1e14", "absurd_quantity"), ("10000000000", "absurd_quantity"), (1_000_001, "absurd_quantity"),
        ("1e9999", "absurd_quantity"), ("5箱", "counted_in_packs"), ("许多", "not_a_number"),
        (float("nan"), "not_a_number"), (True, "not_a_number"), (MARCH_8, "not_a_number"),
    ],
)  # fmt: skip
def test_a_number_of_things_that_is_none_or_absurd_is_refused(cell: Any, code: str) -> None:
    assert refused(parse_count, cell) == code


def test_the_most_of_a_thing_is_a_parameter() -> None:
    assert parse_count(2_000_000, 5_000_000) == 2_000_000
    assert refused(lambda cell: parse_count(cell, 100), 101) == "absurd_quantity"


@given(fen=st.integers(1, 10**15 - 1))
def test_written_money_reads_as_itself(fen: int) -> None:
    yuan = Decimal(fen) / 100
    assert {parse_fen(form) for form in [f"{yuan:.2f}", f"￥{yuan:,.2f}", f"{yuan:f}元", f"人民币{yuan:f}元整"]} == {
        fen
    }
    assert parse_fen(f"{Decimal(fen) / 1_000_000:f}", "wan") == fen
    assert parse_fen(f"-{yuan:f}", negative=True) == -fen


@given(fen=st.integers(1, 10**12))
def test_money_typed_as_a_number_reads_as_what_the_spreadsheet_shows(fen: int) -> None:
    assert parse_fen(fen / 100) == fen

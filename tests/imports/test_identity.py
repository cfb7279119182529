"""A row is itself again in the next file: the same file twice adds nothing, a file with ten more rows adds ten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.reading import Reading, understand
from tests.imports.made import MARCH_8, TODAY, Table, csv_file, read, reasons, xlsx_file

GIFTS = ["捐赠人", "金额", "日期"]
WITH_REF = ["票据号", *GIFTS]


def identities(reading: Reading) -> list[str]:
    """The identity of every good row."""
    return [row.identity for row in reading.rows]


def gifts(*numbers: int) -> Table:
    """Gifts of so many yuan each, without a reference."""
    return [GIFTS, *([f"单位{number % 3}", str(number), "2024-03-08"] for number in numbers)]


def test_the_same_file_twice_has_the_same_identities(tmp_path: Path) -> None:
    rows = gifts(5, 5, 6, 7)
    assert identities(read(tmp_path, "donations", rows)) == identities(read(tmp_path, "donations", rows))
    assert len(set(identities(read(tmp_path, "donations", rows)))) == 4


def test_ten_more_rows_anywhere_add_ten(tmp_path: Path) -> None:
    before = set(identities(read(tmp_path, "donations", gifts(*range(1, 31)))))
    after = set(identities(read(tmp_path, "donations", gifts(*range(101, 106), *range(1, 31), *range(106, 111)))))
    assert before < after
    assert len(after - before) == 10


def test_rows_with_the_same_content_are_counted(tmp_path: Path) -> None:
    before = set(identities(read(tmp_path, "donations", gifts(5, 6))))
    after = set(identities(read(tmp_path, "donations", gifts(5, 5, 6))))
    assert len(after - before) == 1


@given(
    first=st.lists(st.integers(1, 5), max_size=12),
    more=st.lists(st.integers(1, 5), max_size=6),
    seed=st.randoms(use_true_random=False),
)
def test_however_rows_are_mixed_and_added_only_the_added_ones_are_new(
    tmp_path_factory: pytest.TempPathFactory, first: list[int], more: list[int], seed: Any
) -> None:
    folder = tmp_path_factory.mktemp("mixed")
    mixed = [*first, *more]
    seed.shuffle(mixed)
    before = set(identities(read(folder, "donations", gifts(9, *first))))
    after = set(identities(read(folder, "donations", gifts(9, *mixed))))
    assert before <= after
    assert len(after - before) == len(more)


def test_content_is_what_is_meant_and_not_how_it_is_written(tmp_path: Path) -> None:
    plain = read(tmp_path, "donations", [GIFTS, ["绿云物业", "12000", "2024-03-08"]])
    other: list[list[Any]] = [["捐赠日期", "备注", "捐款金额（万元）", "捐赠单位"], [MARCH_8, None, 1.2, " 绿云物业"]]
    assert identities(understand(xlsx_file(tmp_path, other), "donations", today=TODAY)) == identities(plain)


def test_a_reference_is_the_identity_whatever_else_changes(tmp_path: Path) -> None:
    one = read(tmp_path, "donations", [WITH_REF, ["007", "绿云物业", "5", "2024-03-08"]]).rows[0]
    other = read(tmp_path, "donations", [WITH_REF, ["００７", "绿云物业", "6", "2024-03-08"]]).rows[0]
    assert one.identity == other.identity == "ref:007"
    assert one.content != other.content


def test_a_member_s_number_is_the_identity(tmp_path: Path) -> None:
    assert identities(read(tmp_path, "members", [["编号", "姓名"], ["7", "王阿姨"]])) == ["number:7"]


def test_a_row_without_a_reference_is_known_by_its_content(tmp_path: Path) -> None:
    rows = [WITH_REF, ["007", "绿云物业", "5", "2024-03-08"], ["", "李师傅", "5", "2024-03-08"]]
    found = identities(read(tmp_path, "donations", rows))
    assert found[0] == "ref:007"
    assert found[1].startswith("content:")


def test_a_repeated_row_is_one_and_a_different_one_with_its_reference_is_refused(tmp_path: Path) -> None:
    row = ["007", "绿云物业", "5", "2024-03-08"]
    reading = read(tmp_path, "donations", [WITH_REF, row, row, ["007", "李师傅", "5", "2024-03-08"]])
    assert identities(reading) == ["ref:007"]
    assert [(skipped.number, skipped.why) for skipped in reading.skipped] == [(3, "duplicate")]
    assert reasons(reading) == [(4, "票据号", "duplicate_reference")]
    assert (reading.read, reading.duplicates) == (3, 1)


def test_rows_with_one_reference_are_all_kept_where_the_map_says_it_is_no_identity(tmp_path: Path) -> None:
    row = ["007", "绿云物业", "5", "2024-03-08"]
    told = {"identity": {"unique": False}}
    reading = read(tmp_path, "donations", [WITH_REF, row, row, ["007", "李师傅", "5", "2024-03-08"]], told)
    assert reasons(reading) == []
    assert len(set(identities(reading))) == 3
    assert identities(read(tmp_path, "donations", [WITH_REF, row], told)) == identities(reading)[:1]


def test_stated_columns_are_the_identity(tmp_path: Path) -> None:
    told = {"identity": {"columns": ["日期", "捐赠人"]}}
    rows = [GIFTS, ["绿云物业", "5", "2024-03-08"], ["绿云物业", "6", "2024-03-08"], ["绿云物业", "6", "2024-03-09"]]
    reading = read(tmp_path, "donations", rows, told)
    assert len(identities(reading)) == 2
    assert reasons(reading) == [(3, "日期", "duplicate_reference")]
    changed = read(tmp_path, "donations", [GIFTS, ["绿云物业", "99", "2024-03-08"]], told)
    assert identities(changed) == identities(reading)[:1]


def test_stated_columns_that_are_all_empty_identify_nothing(tmp_path: Path) -> None:
    rows = [[*GIFTS, "流水"], ["绿云物业", "5", "2024-03-08", "1"], ["绿云物业", "6", "2024-03-08", ""]]
    reading = read(tmp_path, "donations", rows, {"identity": {"columns": ["流水"]}})
    assert reasons(reading) == [(3, "流水", "missing")]


def test_the_row_s_place_or_its_content_may_be_the_identity(tmp_path: Path) -> None:
    rows = [WITH_REF, ["007", "绿云物业", "5", "2024-03-08"]]
    assert identities(read(tmp_path, "donations", rows, {"identity": {"columns": "row"}})) == ["row:2"]
    by_content = identities(read(tmp_path, "donations", rows, {"identity": {"columns": "content"}}))
    assert by_content[0].startswith("content:")


def test_identities_are_secret_under_a_key(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [["姓名", "手机"], ["王阿姨", "13800001234"]])
    keys = [b"", b"a secret", b"another"]
    rows = [understand(path, "members", today=TODAY, key=key).rows[0] for key in keys]
    assert len({row.identity for row in rows}) == 3
    assert len({row.content for row in rows}) == 3


def test_kinds_and_constants_are_part_of_the_content(tmp_path: Path) -> None:
    plain = identities(read(tmp_path, "donations", gifts(5)))
    other = identities(read(tmp_path, "donations", gifts(5), {"constants": {"fund": "暖兴"}}))
    assert plain != other

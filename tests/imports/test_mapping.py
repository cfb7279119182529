"""A mapping file says how one community's sheet is to be understood; what it gets wrong is told in plain words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.imports.kinds import kind_named, kind_names, running_number_headings
from api.imports.mapping import check_map, load_map, read_map
from api.imports.problems import MapError
from api.imports.reasons import explain, sentences
from tests.imports.made import TODAY, read, reasons

MAPS = sorted((Path(__file__).resolve().parents[2] / "examples" / "maps").glob("*.toml"))
SOURCES = sorted((Path(__file__).resolve().parents[2] / "api" / "imports").glob("*.py"))
HOURS = [["Who", "What", "Day", "Length"], ["王阿姨", "扫雪", "8/3/2024", "2"]]
COLUMNS = {"Who": "name", "What": "activity", "Day": "date", "Length": "minutes"}


def wrong(told: dict[str, Any]) -> MapError:
    """The error with which a mapping is refused."""
    with pytest.raises(MapError) as caught:
        read_map(told)
    return caught.value


def test_any_heading_may_be_given_a_field_with_its_unit_and_form_of_days(tmp_path: Path) -> None:
    told = {"columns": COLUMNS, "formats": {"date": ["%d/%m/%Y"]}, "units": {"minutes": "hour"}}
    [row] = read(tmp_path, "hours", HOURS, told).rows
    assert row.values == {"name": "王阿姨", "activity": "扫雪", "date": date(2024, 3, 8), "minutes": 120}


def test_a_heading_in_the_map_is_found_whatever_its_spaces_case_and_brackets(tmp_path: Path) -> None:
    rows = [[" WHO ", "What（选填）", "Day*", "Length:"], HOURS[1]]
    told = {"columns": COLUMNS, "formats": {"date": ["%d/%m/%Y"]}, "units": {"minutes": "hour"}}
    assert len(read(tmp_path, "hours", rows, told).rows) == 1


def test_one_column_may_feed_two_fields(tmp_path: Path) -> None:
    rows = [["ppe", "date"], ["口罩", "2024-03-08"]]
    [row] = read(tmp_path, "requests", rows, {"columns": {"ppe": ["title", "item"]}}).rows
    assert (row.values["title"], row.values["item"]) == ("口罩", "口罩")


def test_the_column_without_a_heading_may_be_named(tmp_path: Path) -> None:
    rows = [["", "心愿", "日期"], ["7", "一盏灯", "2024-03-08"]]
    [row] = read(tmp_path, "requests", rows, {"columns": {"": "ref"}}).rows
    assert row.identity == "ref:7"


def test_of_two_columns_without_a_heading_neither_is_guessed(tmp_path: Path) -> None:
    rows = [["", "心愿", "日期", ""], ["7", "一盏灯", "2024-03-08", "8"]]
    with pytest.raises(MapError) as caught:
        read(tmp_path, "requests", rows, {"columns": {"": "ref"}})
    assert caught.value.code == "ambiguous_heading"


def test_values_are_replaced_before_they_are_read_also_empty_ones_and_by_nothing(tmp_path: Path) -> None:
    rows = [["心愿", "日期", "状态", "来源"]] + [["灯", "2024-03-08", state, "x"] for state in ("Done ", "", "unsure")]
    told = {"values": {"outcome": {"done": "fulfilled", "": "unmet", "unsure": ""}, "origin": {"x": ""}}}
    found = read(tmp_path, "requests", rows, told)
    assert [row.values["outcome"] for row in found.rows] == ["fulfilled", "unmet", "open"]
    assert all("origin" not in row.values for row in found.rows)


def test_a_constant_stands_in_every_row_and_before_a_usual_heading(tmp_path: Path) -> None:
    rows = [["捐赠人", "金额", "日期", "基金"], ["绿云物业", "500", "2024-03-08", "别的"]]
    found = read(tmp_path, "donations", rows, {"constants": {"fund": "暖兴"}})
    assert found.rows[0].values["fund"] == "暖兴"
    assert found.columns[3].how == "constant"


def test_a_constant_is_read_like_a_cell(tmp_path: Path) -> None:
    rows = [["捐赠人", "金额"], ["绿云物业", "500"]]
    [row] = read(tmp_path, "donations", rows, {"constants": {"date": date(2024, 3, 8), "anonymous": False}}).rows
    assert (row.values["date"], row.values["anonymous"]) == (date(2024, 3, 8), False)
    with pytest.raises(MapError) as caught:
        read(tmp_path, "donations", rows, {"constants": {"date": "3/8"}})
    assert caught.value.code == "bad_constant"


def test_a_blank_below_a_name_means_that_name_only_where_the_map_says_so(tmp_path: Path) -> None:
    rows = [
        ["姓名", "活动", "日期", "时长"],
        ["王阿姨", "扫雪", "2024-03-08", "1小时"],
        ["", "理发", "2024-03-09", "1小时"],
        ["合计", "", "", "2小时"],
        ["", "读书", "2024-03-10", "1小时"],
    ]
    assert reasons(read(tmp_path, "hours", rows)) == [(3, "姓名", "missing"), (5, "姓名", "missing")]
    found = read(tmp_path, "hours", rows, {"sheet": {"fill_down": ["姓名"]}})
    assert [row.values["name"] for row in found.rows] == ["王阿姨"] * 3


def test_a_row_that_ends_before_the_column_is_filled_down_too(tmp_path: Path) -> None:
    rows = [
        ["活动", "日期", "时长", "组织单位", "姓名"],
        ["扫雪", "2024-03-08", "1h", "", "王阿姨"],
        ["理发", "2024-03-09", "1h"],
    ]
    found = read(tmp_path, "hours", rows, {"sheet": {"fill_down": ["姓名"]}})
    assert [row.values["name"] for row in found.rows] == ["王阿姨"] * 2


def test_the_most_of_a_thing_may_be_stated(tmp_path: Path) -> None:
    rows = [["心愿", "日期", "数量"], ["口罩", "2024-03-08", "5001"]]
    assert reasons(read(tmp_path, "requests", rows, {"limits": {"quantity": 5000}})) == [(2, "数量", "absurd_quantity")]
    assert len(read(tmp_path, "requests", rows, {"limits": {"quantity": 5001}}).rows) == 1


def test_scanned_times_lose_their_seconds_only_where_the_map_says_so(tmp_path: Path) -> None:
    rows = [["姓名", "活动", "日期", "签到", "签退"], ["王阿姨", "扫雪", "2024-03-08", "08:31:12", "10:02:47"]]
    assert reasons(read(tmp_path, "hours", rows)) == [(2, "签退", "not_whole_minutes")]
    assert read(tmp_path, "hours", rows, {"formats": {"drop_seconds": True}}).rows[0].values["minutes"] == 91


def test_what_the_importer_may_create_is_handed_through() -> None:
    assert read_map({"create": ["team", "unit"]}).create == ("team", "unit")


def test_a_column_of_the_map_that_the_sheet_lacks_is_told(tmp_path: Path) -> None:
    rows = [["捐赠人", "金额", "日期"], ["绿云物业", "500", "2024-03-08"]]
    assert read(tmp_path, "donations", rows, {"columns": {"Purpose": "purpose"}}).plan.absent == ("Purpose",)


@pytest.mark.parametrize(
    ("told", "code", "named"),
    [
        ({"colums": {}}, "unknown_key", "colums"),
        ({"sheet": {"row": 3}}, "unknown_key", "sheet.row"),
        ({"formats": {"dates": []}}, "unknown_key", "formats.dates"),
        ({"columns": []}, "wrong_type", "columns"),
        ({"columns": {"A": 3}}, "wrong_type", "columns.A"),
        ({"columns": {"A": ["title", 3]}}, "wrong_type", "columns.A"),
        ({"values": {"outcome": "x"}}, "wrong_type", "values.outcome"),
        ({"values": {"outcome": {"x": 1.5}}}, "wrong_type", "values.outcome.x"),
        ({"constants": {"amount_fen": 1.5}}, "wrong_type", "constants.amount_fen"),
        ({"sheet": {"heading_row": 0}}, "wrong_type", "sheet.heading_row"),
        ({"sheet": {"heading_row": True}}, "wrong_type", "sheet.heading_row"),
        ({"limits": {"quantity": "many"}}, "wrong_type", "limits.quantity"),
        ({"units": {"minutes": "day"}}, "unknown_choice", "hour, minute"),
        ({"units": {"money": "dollar"}}, "unknown_choice", "yuan, wan, fen"),
        ({"identity": {"columns": "colour"}}, "unknown_choice", "row, content"),
        ({"identity": {"columns": 3}}, "wrong_type", "identity.columns"),
        ({"create": ["world"]}, "unknown_choice", "world"),
        ({"formats": {"date": ["%d/%m"]}}, "bad_date_format", "%d/%m"),
        ({"formats": {"date": ["whatever"]}}, "bad_date_format", "whatever"),
        ({"columns": {"Day": "date", "day ": "date"}}, "heading_twice", "day"),
    ],
)
def test_a_slip_in_the_map_is_told_with_its_place(told: dict[str, Any], code: str, named: str) -> None:
    error = wrong(told)
    assert error.code == code
    assert named in str(error)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"columns": {"A": "colour"}}, "unknown_field"),
        ({"values": {"colour": {}}}, "unknown_field"),
        ({"constants": {"colour": "red"}}, "unknown_field"),
        ({"constants": {"date": "2024-03-08"}, "columns": {"A": "date"}}, "constant_and_column"),
        ({"kind": "donations"}, "map_for_other_kind"),
    ],
)
def test_a_map_that_does_not_fit_the_kind_is_told(told: dict[str, Any], code: str) -> None:
    with pytest.raises(MapError) as caught:
        check_map(read_map(told), kind_named("hours"))
    assert caught.value.code == code


def test_a_heading_and_a_map_that_differ_about_the_unit_are_told(tmp_path: Path) -> None:
    rows = [["姓名", "活动", "日期", "时长(分钟)"], ["王阿姨", "扫雪", "2024-03-08", "2"]]
    with pytest.raises(MapError) as caught:
        read(tmp_path, "hours", rows, {"units": {"minutes": "hour"}})
    assert caught.value.code == "unit_disagrees"


def test_an_identity_by_a_column_the_sheet_lacks_is_told(tmp_path: Path) -> None:
    rows = [["捐赠人", "金额", "日期"], ["绿云物业", "500", "2024-03-08"]]
    with pytest.raises(MapError) as caught:
        read(tmp_path, "donations", rows, {"identity": {"columns": ["票据号"]}})
    assert caught.value.code == "column_not_found"


def test_a_map_that_is_missing_or_no_toml_is_told(tmp_path: Path) -> None:
    for path, code in [(tmp_path / "no.toml", "map_missing"), (tmp_path / "bad.toml", "map_unreadable")]:
        (tmp_path / "bad.toml").write_text("columns = ", encoding="utf-8")
        with pytest.raises(MapError) as caught:
            load_map(path)
        assert caught.value.code == code


def test_an_unknown_kind_is_told_with_those_there_are() -> None:
    with pytest.raises(MapError, match="members, hours, requests, donations, spendings, contributions"):
        kind_named("miracles")


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_every_map_among_the_examples_fits_its_kind(path: Path) -> None:
    mapping = load_map(path)
    assert mapping.kind is not None
    check_map(mapping, kind_named(mapping.kind))


@pytest.mark.parametrize("name", kind_names())
def test_no_usual_heading_names_two_fields_of_a_kind(name: str) -> None:
    kind = kind_named(name)
    told = [heading for field in kind.fields.values() for heading in field.known_by]
    assert len(told) == len(set(told))
    assert not running_number_headings() & set(told)


@pytest.mark.parametrize("name", kind_names())
def test_no_word_of_a_choice_means_two_values_and_every_default_is_one(name: str) -> None:
    for field in kind_named(name).fields.values():
        if field.type == "choice":
            assert field.default is None or field.default in field.choices.values()
        assert field.type in {
            "ref", "text", "lines", "date", "moment", "when", "minutes", "fen", "count", "score", "bool", "choice",
            "phone", "id_number",
        }  # fmt: skip


def test_every_reason_the_code_gives_has_its_sentence_in_both_languages() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    codes = set(re.findall(r'(?:CellError|SheetError|MapError)\(\s*"([a-z_]+)"', source))
    codes |= set(re.findall(r'RowError\("[a-z_]+", "([a-z_]+)"', source))
    codes |= set(re.findall(r'Refusal\((?:[^"()]|\([^()]*\)|\([^()]*\([^()]*\)[^()]*\))*"([a-z_]+)"', source))
    codes |= set(re.findall(r'_agreed\("[a-z]+", "([a-z_]+)"', source))
    assert len(codes) > 50
    assert set(sentences("zh")) == set(sentences("en"))
    assert codes <= set(sentences("en"))


def test_a_sentence_is_filled_with_its_details_and_survives_their_absence() -> None:
    assert "a.csv" in explain("empty_file", "en", file="a.csv")
    assert explain("empty_file", "en") == "The file ? is empty."
    assert explain("fund_closed", "zh", fund="暖兴") == "fund_closed (fund=暖兴)"


def test_days_of_the_map_are_bounded_by_the_day_of_reading(tmp_path: Path) -> None:
    rows = [["捐赠人", "金额"], ["绿云物业", "500"]]
    with pytest.raises(MapError, match="implausible_date"):
        read(tmp_path, "donations", rows, {"constants": {"date": TODAY.replace(year=2025)}})

"""Sheets into the ledger: what a community worker relies on when the books of last year come in."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.imports.runner import ImportResult, run_import
from api.store import Store
from ledger.application import Order
from ledger.hours.state import Account
from ledger.parties.commands import PersonWords, RegisterMember
from ledger.rehearsal import Rehearsal
from ledger.requests.commands import PostRequest, RequestWords
from projections.boards.queries import rankings
from projections.books import queries_people
from projections.books.queries import stats
from tests.house.means import ROOT
from tests.house.stores import AT_THE_DESK, LEDGER, add_members, open_ledger, store_at

MAPS = ROOT / "examples" / "maps"


@pytest.fixture
def store(sqlite_path: Path, tmp_path: Path) -> Iterator[Store]:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as opened:
        open_ledger(opened)
        yield opened


def bring(store: Store, kind: str, path: Path, mapping: Path | None = None, **more: Any) -> ImportResult:
    return run_import(store, LEDGER, kind, path, mapping, actor=AT_THE_DESK, dry_run=more.pop("dry_run", False), **more)


def sheet(path: Path, rows: list[list[Any]]) -> Path:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def minutes_of(store: Store, member: str) -> int:
    return store.application.view(LEDGER).state(Account, member).usable


def events(store: Store) -> int:
    return int(stats(store.database, LEDGER).events)


PEOPLE = [
    ["方兴社区志愿者花名册", "", "", ""],
    ["编号", "姓名", "手机号", "小区"],
    ["V01", "王阿姨", "19900000001", "荣昌花园"],
    ["V02", "李师傅", "19900000002", "荣昌花园"],
    ["V03", "王阿姨", "19900000003", "绿云小区"],
]


def hours_rows(day: date) -> list[list[str]]:
    written = f"{day.year}.{day.month}.{day.day}"
    chinese = f"{day.year}年{day.month}月{day.day}日"
    return [
        ["志愿服务时长登记表", "", "", "", ""],
        ["姓名", "电话", "活动日期", "服务项目", "服务时长"],
        ["王阿姨", "19900000001", written, "敬老理发", "2小时30分"],
        ["李师傅", "", chinese, "家电维修", "1.5h"],
        ["李师傅", "", chinese, "家电维修", "半天"],
        ["王阿姨", "", chinese, "读报", "90分钟"],
        ["赵无名", "", chinese, "读报", "90分钟"],
        ["", "", "", "", ""],
        ["合计", "", "", "", "4小时"],
    ]


def test_members_and_then_their_hours_come_in_from_the_sheets_a_community_keeps(store: Store, tmp_path: Path) -> None:
    assert bring(store, "members", sheet(tmp_path / "people.csv", PEOPLE)).imported == 3
    day = date.today() - timedelta(days=3)

    result = bring(store, "hours", sheet(tmp_path / "hours.csv", hours_rows(day)))

    assert (result.read, result.imported, result.unchanged) == (5, 2, 0)
    assert result.refused == [
        (5, "服务时长", "vague_duration"),
        (6, "姓名", "ambiguous_name"),
        (7, "姓名", "no_such_member"),
    ]
    (wang,) = set(store.vault.find(LEDGER, "name", "王阿姨")) & set(store.vault.find(LEDGER, "phone", "19900000001"))
    (li,) = store.vault.find(LEDGER, "name", "李师傅")
    assert (minutes_of(store, wang), minutes_of(store, li)) == (150, 90)


def test_the_report_of_refused_rows_can_be_mended_and_imported(store: Store, tmp_path: Path) -> None:
    bring(store, "members", sheet(tmp_path / "people.csv", PEOPLE))
    result = bring(store, "hours", sheet(tmp_path / "hours.csv", hours_rows(date.today() - timedelta(days=3))))
    assert result.report is not None
    report = Path(result.report)
    text = report.read_text("utf-8-sig")
    assert "半天" in text

    report.write_text(text.replace("半天", "3小时"), "utf-8-sig")
    again = bring(store, "hours", report)

    assert again.imported == 1
    assert [code for _, _, code in again.refused] == ["ambiguous_name", "no_such_member"]


def test_the_same_file_twice_adds_nothing_and_ten_more_rows_add_ten(store: Store, tmp_path: Path) -> None:
    heading = ["编号", "姓名"]
    people = [[f"N{i}", f"李师傅{i}"] for i in range(900)]
    assert bring(store, "members", sheet(tmp_path / "a.csv", [heading, *people])).imported == 900
    before = events(store)

    again = bring(store, "members", sheet(tmp_path / "a.csv", [heading, *people]))
    assert (again.imported, again.unchanged, events(store)) == (0, 900, before)

    ten = [[f"M{i}", f"王阿姨{i}"] for i in range(10)]
    more = bring(store, "members", sheet(tmp_path / "b.csv", [heading, *ten, *people]))
    assert (more.imported, more.unchanged) == (10, 900)


def test_two_rows_with_one_reference_are_both_kept_when_the_map_says_it_is_no_identity(
    store: Store, tmp_path: Path
) -> None:
    rows = [
        ["票据号", "捐赠单位", "金额", "日期"],
        ["007", "绿云物业", "100元", "2026.3.8"],
        ["007", "安和药店", "0.5万", "2026.3.8"],
    ]
    file = sheet(tmp_path / "d.csv", rows)
    strict = bring(store, "donations", file)
    assert (strict.imported, [code for _, _, code in strict.refused]) == (1, ["duplicate_reference"])

    loose = tmp_path / "loose.toml"
    loose.write_text('kind = "donations"\n[identity]\nunique = false\n', "utf-8")
    with store_at(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other") as other:
        open_ledger(other)
        both = bring(other, "donations", file, loose)
        assert (both.imported, both.refused) == (2, [])
        assert bring(other, "donations", file, loose).unchanged == 2
        (fund,) = stats(other.database, LEDGER).funds.values()
        assert fund.received_fen == 510_000


def test_a_row_that_came_in_before_brings_nobody_along_when_it_has_changed(store: Store, tmp_path: Path) -> None:
    heading = ["票据号", "基金", "捐赠人", "金额", "日期"]
    first = sheet(tmp_path / "d.csv", [heading, ["007", "邻里基金", "绿云物业", "100元", "2026.3.8"]])
    assert bring(store, "donations", first).imported == 1
    before = events(store)
    changed = sheet(tmp_path / "e.csv", [heading, ["007", "新的基金", "安和药店", "100元", "2026.3.8"]])

    for dry_run in (True, False):
        result = bring(store, "donations", changed, dry_run=dry_run)
        assert (result.imported, result.refused, result.brings) == (0, [(2, "票据号", "changed_since_import")], {})
    assert bring(store, "donations", first).unchanged == 1
    assert events(store) == before
    bring(store, "members", sheet(tmp_path / "m.csv", [["编号", "姓名"], ["V01", "王阿姨"]]))
    renamed = bring(store, "members", sheet(tmp_path / "n.csv", [["编号", "姓名"], ["V01", "王师傅"]]))
    assert renamed.refused == [(2, "编号", "changed_since_import")]


def test_keys_are_recalled_as_new_the_same_or_changed_in_a_rehearsal_too(store: Store) -> None:
    def order(key: str, body: bytes) -> Order:
        return Order(RegisterMember(words=PersonWords(name="王阿姨")), key, body=body)

    app = store.application
    app.execute_many(LEDGER, [order("a", b"1")], actor=AT_THE_DESK)
    rehearsal = Rehearsal(app, LEDGER, AT_THE_DESK)
    rehearsal.execute_many([order("b", b"1")])

    asked = [("a", b"1"), ("a", b"2"), ("b", b"1"), ("b", b"2"), ("c", b"1")]

    assert app.recall(LEDGER, asked) == ["same", "changed", "new", "new", "new"]
    assert rehearsal.recall(asked) == ["same", "changed", "same", "changed", "new"]


def test_somebody_of_the_same_name_and_phone_is_not_registered_twice(store: Store, tmp_path: Path) -> None:
    heading = ["姓名", "手机号", "小区"]
    wang = ["王阿姨", "19900000001", "荣昌花园"]
    first = sheet(tmp_path / "a.csv", [heading, wang, ["李师傅", "", "荣昌花园"]])
    assert bring(store, "members", first).imported == 2
    more = [["王阿姨", "19900000001", "绿云小区"], ["王阿姨", "19900000003", "绿云小区"], ["李师傅", "", "绿云小区"]]
    again = [["赵老师", "19900000004", "绿云小区"], ["赵老师", "19900000004", "荣昌花园"]]
    second = sheet(tmp_path / "b.csv", [heading, wang, *more, *again])

    rehearsed = bring(store, "members", second, dry_run=True)
    result = bring(store, "members", second)

    assert (result.imported, result.unchanged) == (rehearsed.imported, rehearsed.unchanged) == (2, 1)
    assert result.refused == rehearsed.refused == [(row, "姓名", "already_registered") for row in (3, 5, 7)]
    assert bring(store, "members", first).unchanged == 2
    numbered = sheet(tmp_path / "c.csv", [["编号", *heading], ["V9", *wang]])
    assert bring(store, "members", numbered).imported == 1


def test_a_phone_number_tells_namesakes_apart_whoever_else_once_gave_it(store: Store, tmp_path: Path) -> None:
    bring(store, "members", sheet(tmp_path / "people.csv", PEOPLE))
    first, third = (queries_people.find_member(store.database, LEDGER, number) for number in ("V01", "V03"))
    assert first is not None
    assert third is not None
    # Given that one of them has once asked for help with the other's number,
    words = RequestWords(title="修灯", name="王阿姨", phone="19900000003")
    asked = PostRequest(kind="wish", requester=str(first["member_id"]), words=words)
    store.application.execute(LEDGER, asked, actor=AT_THE_DESK)
    day = (date.today() - timedelta(days=3)).isoformat()
    row = ["王阿姨", "19900000003", day, "读报", "90分钟"]

    result = bring(store, "hours", sheet(tmp_path / "h.csv", [["姓名", "电话", "日期", "活动", "服务时长"], row]))

    assert (result.imported, result.refused) == (1, [])
    assert (minutes_of(store, str(first["member_id"])), minutes_of(store, str(third["member_id"]))) == (0, 90)


def test_the_preview_says_what_is_taken_for_granted_and_who_would_come_along(store: Store, tmp_path: Path) -> None:
    bring(store, "members", sheet(tmp_path / "people.csv", PEOPLE))
    rows = [["捐赠人", "金额", "日期"], ["绿云物业", "100元", "2026.3.8"], ["安和药店", "5元", "2026.3.8"]]
    file = sheet(tmp_path / "d.csv", rows)
    taken = [("fund", "general"), ("item", "general"), ("method", "transfer")]

    rehearsed = bring(store, "donations", file, dry_run=True)
    real = bring(store, "donations", file)

    assert rehearsed.assumed == real.assumed == taken
    assert rehearsed.brings == real.brings == {"member": 7, "unit": 2, "fund": 1}
    assert bring(store, "donations", file).brings == {}
    wishes = sheet(tmp_path / "w.csv", [["心愿", "日期", "状态"], ["修灯", "2026.3.8", "待认领"]])
    assert bring(store, "requests", wishes, dry_run=True).assumed == [("kind", "wish")]


def test_a_refused_claimant_or_donor_is_looked_for_in_its_own_column(store: Store, tmp_path: Path) -> None:
    bring(store, "members", sheet(tmp_path / "people.csv", PEOPLE))
    wishes = [
        ["心愿", "心愿人", "日期", "状态", "认领人"],
        ["修灯", "", "2026.3.8", "已认领", "王阿姨"],
        ["修灯", "", "2026.3.8", "已认领", "赵无名"],
        ["修灯", "王阿姨", "2026.3.8", "待认领", ""],
    ]
    gifts = [["捐款人", "金额", "日期"], ["王阿姨", "5元", "2026.3.8"]]

    wished = bring(store, "requests", sheet(tmp_path / "w.csv", wishes))
    given = bring(store, "donations", sheet(tmp_path / "d.csv", gifts))

    assert wished.refused == [
        (2, "认领人", "ambiguous_name"),
        (3, "认领人", "no_such_member"),
        (4, "心愿人", "ambiguous_name"),
    ]
    assert given.refused == [(2, "捐款人", "ambiguous_name")]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    file = sheet(tmp_path / "people.csv", PEOPLE)
    before = events(store)

    rehearsed = bring(store, "members", file, dry_run=True)

    assert (rehearsed.imported, events(store)) == (3, before)
    real = bring(store, "members", file)
    assert (real.imported, real.refused) == (rehearsed.imported, rehearsed.refused)


def test_an_import_that_was_killed_goes_on_where_it_was(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [["编号", "姓名"], *[[f"N{i}", f"李师傅{i}"] for i in range(1_000)]]
    file = sheet(tmp_path / "people.csv", people)
    real, calls = store.application.execute_many, []

    def die_in_the_second(*args: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(store.application, "execute_many", die_in_the_second)
        with pytest.raises(KeyboardInterrupt):
            bring(store, "members", file)

    rest = bring(store, "members", file)

    assert rest.imported + rest.unchanged == 1_000
    assert rest.unchanged == 400
    assert stats(store.database, LEDGER).members == 1_000


def test_sessions_that_overlap_or_break_the_cap_are_refused_row_by_row(store: Store, tmp_path: Path) -> None:
    add_members(store, 1, minutes=0)
    day = (date.today() - timedelta(days=2)).isoformat()
    rows = [
        ["志愿者编号", "日期", "开始时间", "结束时间", "活动"],
        ["A0", day, "9：00", "11:00", "巡逻"],
        ["A0", day, "10:30", "12:00", "巡逻"],
        ["A0", day, "25:00", "23:00", "巡逻"],
        ["A0", day, "14:00", "13:00", "巡逻"],
        ["A0", day, "12:00", "19:00", "巡逻"],
        ["A0", "1970-01-01", "9:00", "10:00", "巡逻"],
        ["A0", "2100-01-01", "9:00", "10:00", "巡逻"],
    ]

    result = bring(store, "hours", sheet(tmp_path / "h.csv", rows))

    assert result.imported == 1
    assert [(row, code) for row, _, code in result.refused] == [
        (3, "sessions_overlap"), (4, "bad_time"), (5, "end_before_start"), (6, "daily_cap_exceeded"),
        (7, "implausible_date"), (8, "implausible_date"),
    ]  # fmt: skip


def test_a_workbook_with_real_dates_and_times_reads_like_a_csv(store: Store, tmp_path: Path) -> None:
    add_members(store, 1, minutes=0)
    path = tmp_path / "h.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        page.write_row(2, 0, ["志愿者编号", "服务日期", "活动名称", "小时数"])
        page.write_row(3, 0, ["A0"])
        page.write_datetime(3, 1, date.today() - timedelta(days=1))
        page.write_row(3, 2, ["理发", 2.5])

    result = bring(store, "hours", path)

    assert (result.imported, result.refused) == (1, [])
    assert stats(store.database, LEDGER).minutes.earned == 150


def test_openrepair_toronto_gives_each_row_its_outcome_and_the_rankings_follow(store: Store, shared_data: Path) -> None:
    path = shared_data / "openrepair" / "OpenRepairData_v0.3_RepairCafeToronto_202507.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        expected = Counter(row["repair_status"] for row in csv.DictReader(file))

    result = bring(store, "requests", path, MAPS / "openrepair.toml")

    assert (result.imported, result.refused) == (sum(expected.values()), [])
    states = stats(store.database, LEDGER).requests
    assert states["closed"] == expected["Fixed"]
    assert states["published"] == expected["Repairable"]
    assert states["unmet"] == expected["End of life"]
    assert states["claimed"] == expected["Unknown"]
    store.catch_up(LEDGER)
    for measure in ("team_requests", "unit_requests"):
        (only,) = rankings(store.database, LEDGER, measure, "all").rows
        assert (only.rank, only.value, only.positions) == (1, expected["Fixed"], expected["Fixed"])


def test_ppe_refuses_absurd_quantities_and_keeps_the_rest(store: Store, shared_data: Path) -> None:
    path = shared_data / "ppe_match" / "anon_donors.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sane = sum(float(row["qty"]) <= 1_000_000 for row in rows)

    result = bring(store, "contributions", path, MAPS / "ppe_donors.toml")

    assert result.imported == sane
    assert {code for _, _, code in result.refused} == {"absurd_quantity"}
    assert len(result.refused) == len(rows) - sane

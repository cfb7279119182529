"""Sheets that mean harm, or are merely unlucky."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.imports.runner import ImportResult, run_import
from api.store import Store
from projections.books.queries import stats
from tests.house.stores import AT_THE_DESK, LEDGER, open_ledger, store_at

PAST = (date.today() - timedelta(days=3)).isoformat()


@pytest.fixture
def store(sqlite_path: Path, tmp_path: Path) -> Iterator[Store]:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as opened:
        open_ledger(opened)
        yield opened


def sheet(path: Path, rows: list[list[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def bring(store: Store, kind: str, path: Path, mapping: Path | None = None) -> ImportResult:
    return run_import(store, LEDGER, kind, path, mapping, actor=AT_THE_DESK, dry_run=False)


def test_a_refused_row_takes_no_newcomer_away_from_the_good_rows_after_it(store: Store, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('create = ["unit"]\n', "utf-8")
    file = sheet(
        tmp_path / "members.csv",
        [
            ["编号", "姓名", "单位", "队伍"],
            ["V1", "王阿姨", "绿云物业", "没有这支队"],
            ["V2", "李师傅", "绿云物业", ""],
        ],
    )

    result = bring(store, "members", file, mapping)

    assert (result.imported, [row for row, _, _ in result.refused]) == (1, [2]), result.refused


def test_two_imports_at_once_that_bring_the_same_newcomers_refuse_no_good_row(store: Store, tmp_path: Path) -> None:
    files = [
        sheet(
            tmp_path / f"m{part}.csv",
            [["编号", "姓名", "单位"], *([f"V{part}-{n}", f"王阿姨{part}{n}", f"单位{n % 5}"] for n in range(40))],
        )
        for part in range(2)
    ]
    mapping = tmp_path / "map.toml"
    mapping.write_text('create = ["unit", "member"]\n', "utf-8")
    gate, came = threading.Barrier(2), []

    def run(file: Path) -> None:
        gate.wait()
        came.append(bring(store, "members", file, mapping))

    threads = [threading.Thread(target=run, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [one.refused for one in came] == [[], []]
    assert stats(store.database, LEDGER).members == 80
    with store.database.reading() as cursor:
        cursor.execute("SELECT COUNT(*) FROM events WHERE type = 'party.unit_registered@1'")
        assert cursor.fetchone() == (5,)


def test_a_report_mended_by_hand_is_not_written_over(store: Store, tmp_path: Path) -> None:
    rows = [["编号", "姓名", "加入日期"], ["V1", "王阿姨", "没有日期"], ["V2", "李师傅", "2024-03-08"]]
    file = sheet(tmp_path / "members.csv", rows)
    first = bring(store, "members", file)
    assert first.report is not None
    mended = Path(first.report).read_text("utf-8-sig").replace("没有日期", "2024-03-09")
    Path(first.report).write_text(mended, "utf-8-sig")

    bring(store, "members", file)

    assert Path(first.report).read_text("utf-8-sig") == mended


def test_personal_words_of_every_sheet_stay_out_of_the_main_database(store: Store, tmp_path: Path) -> None:
    phone, card = "13812345678", "11010519491231002X"
    sheets = {
        "members": [["编号", "姓名", "手机号", "身份证号", "住址"], ["V1", "王阿姨", phone, card, "荣昌花园7号楼302"],
                    [f"V2-{phone}", "李师傅", "", "", ""], [f"号{card}", "李师傅", "", "", ""]],
        "requests": [
            ["编号", "心愿", "申请人", "类别", "物品", "数量", "日期", "状态", "未实现原因"],
            ["R1", "修灯", "独居老人王桂芳", f"找王阿姨{phone}", "", "", PAST, "未实现", f"请打 {phone}"],
            ["R2", "修灯", "独居老人王桂芳", "家电", f"灯{phone}", "1", PAST, "未实现", f"身份证{card}"],
            ["R3", "修灯", "独居老人王桂芳", "家电", "灯", "1", PAST, "未实现", "王桂芳老人住院，电话138-1234-5678"],
        ],
        "contributions": [["单位", "类别", "物品", "数量", "日期"], [f"绿云物业 联系人 {phone}", "物资", "米", "3", PAST],
                          ["绿云物业", "物资", f"米{phone}", "3", PAST]],
    }  # fmt: skip
    for kind, rows in sheets.items():
        bring(store, kind, sheet(tmp_path / f"{kind}.csv", rows))
    store.catch_up(LEDGER)

    kept = dump(store)

    for secret in (phone, "138-1234-5678", card, card[:-1], "王阿姨", "王桂芳", "荣昌花园7号楼302"):
        assert secret not in kept, kept[max(0, kept.index(secret) - 300) : kept.index(secret) + 100]


def dump(store: Store) -> str:
    """Every cell of every table of the main database as text."""
    found: list[str] = []
    with store.database.reading() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in row]
    return "\n".join(found)

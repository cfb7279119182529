"""`nuanlin import` from the shell: its JSON, its report, what a second run does, what a person is asked first."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.story import LEDGER, Shell
from tests.house.means import ROOT

SHEET = """志愿者登记表,,
编号,姓名,手机
A001,王阿姨,13800001111
A002,李师傅,13900002222
A003,,1380000
"""
REFUSED = [{"row": 5, "column": "手机", "reason": "bad_phone"}, {"row": 5, "column": "姓名", "reason": "missing"}]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A list of members with a title above and a bad row at its end."""
    file = tmp_path / "members.csv"
    file.write_text(SHEET, encoding="gb18030")
    return file


def test_good_rows_are_imported_and_bad_ones_reported(fresh: Shell, sheet: Path) -> None:
    # Given a store that does not exist yet, when a sheet is imported,
    answer = fresh("import", "members", str(sheet), "--json")
    # then the ledger begins, the good rows are in, and the bad one is told by row, column and reason; that is no failure.
    assert answer.code == 0
    assert answer.document == {"read": 3, "imported": 2, "unchanged": 0, "refused": REFUSED}
    assert fresh("stats", "--json").document["members"] == 2
    assert fresh("statement", "A002", "--json").document["member"]["name"] == "李*"


def test_the_same_file_again_adds_nothing_and_a_mended_report_adds_the_rest(
    fresh: Shell, sheet: Path, tmp_path: Path
) -> None:
    report = tmp_path / "to-mend.csv"
    fresh("import", "members", str(sheet), "--report", str(report))
    before = fresh("stats", "--json").document["position"]
    again = fresh("import", "members", str(sheet), "--json", "--report", str(report)).document
    assert (again["imported"], again["unchanged"]) == (0, 2)
    assert fresh("stats", "--json").document["position"] == before
    report.write_text(report.read_text("utf-8-sig").replace("A003,,1380000", "A003,赵阿姨,13800003333"), "utf-8")
    mended = fresh("import", "members", str(report), "--json").document
    assert (mended["read"], mended["imported"], mended["refused"]) == (1, 1, [])


def test_a_dry_run_says_the_same_and_writes_nothing(fresh: Shell, sheet: Path) -> None:
    answer = fresh("import", "members", str(sheet), "--dry-run", "--json").document
    assert answer == {"read": 3, "imported": 2, "unchanged": 0, "refused": REFUSED}
    assert fresh("stats", "--json").document["position"] == 0
    assert list(sheet.parent.glob("*refused*")) == []


def test_people_read_how_each_column_was_understood(fresh: Shell, sheet: Path) -> None:
    shown = fresh("import", "members", str(sheet), "--dry-run").out
    assert [word for word in ("编号", "number", "手机", "phone", "by its usual heading") if word not in shown] == []
    assert "2 would be imported" in shown
    assert "Needed, but empty." in shown


def test_people_read_what_is_taken_for_granted_and_who_comes_along(fresh: Shell, sheet: Path, tmp_path: Path) -> None:
    fresh("import", "members", str(sheet))
    gifts = tmp_path / "gifts.csv"
    gifts.write_text("捐赠单位,金额,日期\n绿云物业,100元,2026-03-08\n", encoding="utf-8")
    shown = fresh("import", "donations", str(gifts), "--dry-run").out
    assert "Not in the sheet, so taken as: fund = general, item = general, method = transfer." in shown
    assert "Would be registered along with the rows: members: 7, units: 1, funds: 1." in shown
    entered = fresh("import", "donations", str(gifts), "--yes").out
    assert "Registered along with the rows: members: 7, units: 1, funds: 1." in entered


def test_a_mapping_file_names_the_columns(fresh: Shell, tmp_path: Path) -> None:
    sheet, mapping = tmp_path / "people.csv", tmp_path / "people.toml"
    sheet.write_text("who,no\n王阿姨,7\n", encoding="utf-8")
    mapping.write_text('[columns]\n"who" = "name"\n"no" = "number"\n', encoding="utf-8")
    answer = fresh("import", "members", str(sheet), "--map", str(mapping), "--json")
    assert answer.document == {"read": 1, "imported": 1, "unchanged": 0, "refused": []}
    assert fresh("statement", "7").code == 0


@pytest.mark.parametrize("content", ["", "just words\n", "a,b,c\n1,2,3\n"])
def test_a_file_that_is_no_sheet_of_the_kind_begins_no_ledger(fresh: Shell, tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.csv"
    file.write_text(content, encoding="utf-8")
    answer = fresh("import", "members", str(file), "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert fresh("stats", "--json").document["position"] == 0


def test_a_file_or_map_that_is_not_there_is_named(fresh: Shell, sheet: Path) -> None:
    for given in (("nowhere.csv",), (str(sheet), "--map", "nowhere.toml")):
        answer = fresh("import", "members", *given)
        assert answer.code == 1
        assert "nowhere" in answer.err


def test_a_kind_that_does_not_exist_is_wrong_use(fresh: Shell, sheet: Path) -> None:
    answer = fresh("import", "ghosts", str(sheet))
    assert answer.code == 2
    assert "members" in answer.err


@pytest.mark.parametrize(("reply", "members", "code"), [("n", 0, 0), ("y", 2, 0)])
def test_somebody_at_a_terminal_is_asked_first(fresh: Shell, sheet: Path, reply: str, members: int, code: int) -> None:
    # Given a person at a terminal, when they import without --yes, then they read the preview and decide.
    terminal, behind = pty.openpty()
    run = "import sys; from api.cli import main; sys.exit(main())"
    given = ["--db", str(fresh.path), "--ledger", LEDGER, "import", "members", str(sheet)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUANLIN_LANG": "en"}
    os.write(terminal, f"{reply}\n".encode())
    done = subprocess.run(
        [sys.executable, "-c", run, *given], env=environment, stdin=behind, capture_output=True, text=True, timeout=60
    )
    os.close(behind)
    os.close(terminal)
    assert done.returncode == code, done.stderr
    assert "2 would be imported" in done.stdout
    assert "Import now?" in done.stderr
    assert fresh("stats", "--json").document["members"] == members

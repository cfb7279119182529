"""`nuanlin export …` as people and scripts meet it: what the other programs say, files whole or not there, exit codes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from api.exports.hledger import account_name, commodity, quantity
from api.store import Store
from ledger.application import OPERATOR
from ledger.clock import MICROS_PER_DAY
from ledger.partners.commands import RecordContribution
from ledger.units import FEN
from tests.cli import story
from tests.cli.story import CATEGORY, ITEM, WANG, Clock, Shell
from tests.exports.oracles import balances_by_beancount, balances_by_hledger, checked_by_hledger, loaded, run
from tests.exports.sheets import read_csv

PARTS = st.text(st.characters(codec="utf-8", exclude_characters=":"), max_size=8)
FORMATS = ("hledger", "beancount", "csv", "xlsx", "parquet")
TABLES = ("csv", "xlsx", "parquet")


def balances_of(nuanlin: Shell, *arguments: str) -> dict[tuple[str, str], int]:
    """What `nuanlin balances` says, without accounts at zero."""
    rows = nuanlin("balances", *arguments, "--json").document["balances"]
    return {(row["account"], row["unit"]): row["balance"] for row in rows if row["balance"]}


@pytest.mark.parametrize("at", [(), ("--at", "2025-05-20"), ("--at", "50")])
def test_hledger_and_beancount_accept_their_journals_and_come_to_our_balances(
    nuanlin: Shell, hledger_path: Path, tmp_path: Path, at: tuple[str, ...]
) -> None:
    # Given the journals of the story,
    journal, beans = tmp_path / "community.journal", tmp_path / "community.beancount"
    answer = nuanlin("export", "hledger", "--out", str(journal), "--json", *at).document
    other = nuanlin("export", "beancount", "--out", str(beans), "--json", *at).document
    # then neither program finds anything to complain of, not even in the assertions at the end,
    done = checked_by_hledger(hledger_path, journal)
    assert (done.returncode, done.stderr) == (0, "")
    # and both have the balances that we have.
    ours = balances_of(nuanlin, *at)
    known = [(row["account"], row["unit"]) for row in nuanlin("balances", "--json").document["balances"]]
    assert ours
    assert balances_by_hledger(hledger_path, journal, known) == ours
    assert balances_by_beancount(beans.read_text(encoding="utf-8")) == ours
    assert answer["transactions"] == journal.read_text(encoding="utf-8").count("@1\n")
    assert {**answer, "file": ""} == {**other, "file": ""}


def test_bean_check_itself_is_content(nuanlin: Shell, tmp_path: Path) -> None:
    beans = tmp_path / "community.beancount"
    nuanlin("export", "beancount", "--out", str(beans))
    done = run(sys.executable, "-m", "beancount.scripts.check", "--no-cache", beans)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_fact_stands_under_the_day_of_the_deed_and_with_its_position(nuanlin: Shell) -> None:
    # The session of the 19th was entered on the 20th; the payment has the day on which it was recorded.
    journal = nuanlin("export", "hledger").out
    position = nuanlin("statement", "A001", "--json").document["lines"][1]["position"]
    assert f"2025-05-19 ({position}) hours.session_verified@1\n" in journal
    assert "2025-05-21 (" in journal
    beans = nuanlin("export", "beancount").out
    assert f'2025-05-19 * "hours.session_verified@1" ^p{position} ^ses_' in beans


def test_a_balance_that_is_not_ours_is_noticed_by_hledger(nuanlin: Shell, hledger_path: Path, tmp_path: Path) -> None:
    # Given a journal in which one posting pair was changed, when hledger checks it, then an assertion fails.
    journal = tmp_path / "forged.journal"
    text = nuanlin("export", "hledger").out
    assert text.count("-120 min") == 1
    journal.write_text(text.replace("120 min\n", "130 min\n"), encoding="utf-8")
    assert checked_by_hledger(hledger_path, journal).returncode != 0


def test_an_empty_ledger_is_an_empty_export(fresh: Shell, hledger_path: Path, tmp_path: Path) -> None:
    journal = tmp_path / "empty.journal"
    assert fresh("export", "hledger", "--out", str(journal)).code == 0
    assert checked_by_hledger(hledger_path, journal).returncode == 0
    assert loaded(fresh("export", "beancount").out) == ([], [])
    for format_ in TABLES:
        answer = fresh("export", format_, "--out", str(tmp_path / format_), "--json").document
        assert (answer["position"], answer["rows"], answer["columns"]) == (0, 0, "postings/1")


@pytest.mark.parametrize("what", ["postings", "balances", "events"])
def test_tables_hold_as_many_rows_as_the_answer_says(nuanlin: Shell, tmp_path: Path, what: str) -> None:
    files = {name: tmp_path / f"x.{name}" for name in TABLES}
    given = {
        name: nuanlin("export", name, "--what", what, "--out", str(file), "--json").document
        for name, file in files.items()
    }
    assert {(one["rows"], one["position"], one["columns"]) for one in given.values()} == {
        (given["csv"]["rows"], nuanlin("stats", "--json").document["position"], f"{what}/1")
    }
    rows = read_csv(files["csv"].read_bytes())[1:]
    assert len(rows) == given["csv"]["rows"] > 0
    assert pyarrow.parquet.read_table(files["parquet"]).num_rows == len(rows)
    book = load_workbook(str(files["xlsx"]))
    assert len(book.get_sheet_by_index(1).to_python()) == len(rows) + 1
    assert given["xlsx"]["sheets"] == 1


def test_a_csv_goes_to_standard_output_byte_for_byte(community: Path, tmp_path: Path) -> None:
    given = ("--db", str(community), "--ledger", story.LEDGER, "export", "csv")
    file = tmp_path / "x.csv"
    assert story.process(*given, "--out", str(file), folder=tmp_path).returncode == 0
    for dash in ((), ("--out", "-")):
        done = story.process(*given, *dash, folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.encode().replace(b"\n", b"\r\n") == file.read_bytes()
    assert not (tmp_path / "-").exists()


def test_goods_whose_name_begins_like_a_formula_are_inert(nuanlin: Shell, community: Path) -> None:
    # Given goods whose name the rules allow and a spreadsheet would add up,
    with story.opened(community, Clock(story.NOON + 2 * MICROS_PER_DAY)) as store:
        gift = RecordContribution(unit=story.LVYUN, kind="goods", item="-1-1", quantity=3, day=story.DAY)
        story.act(store, OPERATOR, gift)
    # then the cell that would show them is a text, while the amounts are numbers.
    heading, *rows = read_csv(nuanlin("export", "csv").out.encode())
    cells = {row[heading.index("shown_in")] for row in rows}
    assert "'-1-1" in cells
    assert "-1-1" not in cells
    assert ITEM in cells
    assert {row[heading.index("amount")] for row in rows} >= {"-120", "120"}
    assert any(CATEGORY in row[heading.index("account")] for row in rows)


def test_a_table_keeps_an_account_and_days(nuanlin: Shell) -> None:
    def accounts(*arguments: str) -> list[tuple[str, str]]:
        heading, *rows = read_csv(nuanlin("export", "csv", *arguments).out.encode())
        return [(row[heading.index("account")], row[heading.index("day")]) for row in rows]

    own = accounts("--account", f"hours:{WANG}")
    assert {name for name, _ in own} == {f"hours:{WANG}"}
    assert accounts("--account", f"hours:{WANG}:") == own
    one_day = accounts("--from", "2025-05-19", "--to", "2025-05-19")
    assert {day for _, day in one_day} == {"2025-05-19"}
    assert len(one_day) == 2
    assert accounts("--to", "2025-05-18") == []


def test_a_workbook_speaks_the_language_and_names_the_checkpoint_of_its_position(
    nuanlin: Shell, community: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUANLIN_LANG", "zh")
    file = tmp_path / "x.xlsx"
    with story.opened(community, Clock(story.NOON + 2 * MICROS_PER_DAY)) as store:
        root = sealed(store)
    answer = nuanlin("export", "xlsx", "--out", str(file))
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"{file}：截至序号 ")
    book = load_workbook(str(file))
    assert book.sheet_names == ["说明", "分录"]
    assert root in [row[1] for row in book.get_sheet_by_index(0).to_python()]
    nuanlin("export", "xlsx", "--out", str(file), "--at", "5")
    assert root not in [row[1] for row in load_workbook(str(file)).get_sheet_by_index(0).to_python()]


def sealed(store: Store) -> str:
    """Seal the whole ledger; the root of the checkpoint as it stands in the note."""
    store.sealer.catch_up(story.LEDGER, force_checkpoint=True)
    latest = store.seals.latest(story.LEDGER)
    assert latest is not None
    return latest.note.splitlines()[2]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_file_that_cannot_be_written_is_one_sentence_and_leaves_nothing(
    nuanlin: Shell, tmp_path: Path, format_: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for out in (tmp_path / "nowhere" / "x", folder):
        answer = nuanlin("export", format_, "--out", str(out))
        assert (answer.code, answer.out) == (1, "")
        assert str(out) in answer.err
        assert answer.err.count("\n") == 1
    assert not (tmp_path / "nowhere").exists()
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "folder.part").exists()


@pytest.mark.parametrize("format_", FORMATS)
def test_an_export_that_fails_in_the_middle_leaves_the_file_of_before(
    nuanlin: Shell, community: Path, tmp_path: Path, format_: str
) -> None:
    # Given a file of last week, and a journal that lost its last event,
    folder = tmp_path / "exports"
    folder.mkdir()
    out = folder / "x"
    out.write_text("last week", encoding="utf-8")
    with story.opened(community, Clock(story.NOON)) as store, store.database.writing() as cursor:
        cursor.execute("DELETE FROM events WHERE position = (SELECT max(position) FROM events)")
    # when it is exported, then the gap is told and the file is as it was.
    answer = nuanlin("export", format_, "--out", str(out))
    assert (answer.code, answer.out) == (1, "")
    assert "lacks the event at position" in answer.err
    assert [path.name for path in folder.iterdir()] == ["x"]
    assert out.read_text(encoding="utf-8") == "last week"


@pytest.mark.parametrize("format_", FORMATS)
def test_an_export_replaces_what_a_link_leads_to(nuanlin: Shell, tmp_path: Path, format_: str) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("last week", encoding="utf-8")
    link.symlink_to(real)
    assert nuanlin("export", format_, "--out", str(link)).code == 0
    assert link.is_symlink()
    assert real.read_bytes() != b"last week"


def test_what_is_no_file_is_written_to_and_not_replaced(nuanlin: Shell, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        answer = nuanlin("export", "csv", "--what", "balances", "--out", str(pipe))
        assert answer.code == 0
        assert os.read(reader, 60_000).startswith(b"\xef\xbb\xbfaccount,unit,balance")
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("hledger", "--json"), "--out"),
        (("csv", "--json", "--out", "-"), "--out"),
        (("xlsx",), "--out"),
        (("parquet", "--out", "-"), "--out"),
        (("csv", "--what", "gossip"), "postings, balances, events"),
        (("csv", "--from", "yesterday"), "yesterday"),
        (("csv", "--to", "2025-02-30"), "2025-02-30"),
        (("csv", "--from", "2025-05-20", "--to", "2025-05-19"), "2025-05-20"),
        (("csv", "--what", "events", "--account", "hours"), "--account"),
        (("csv", "--what", "balances", "--to", "2025-05-19"), "--at"),
        (("beancount", "--at", "noon"), "noon"),
    ],
)
def test_wrong_use_says_what_to_mend(nuanlin: Shell, arguments: tuple[str, ...], hint: str) -> None:
    answer = nuanlin("export", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert hint in answer.err
    assert answer.err.count("\n") == 1


def test_a_position_that_was_never_reached_is_refused(nuanlin: Shell, tmp_path: Path) -> None:
    for format_ in FORMATS:
        answer = nuanlin("export", format_, "--at", "99999", "--out", str(tmp_path / "x"))
        assert (answer.code, answer.out) == (1, "")
        assert "99999" in answer.err
    assert not (tmp_path / "x").exists()


def test_without_pyarrow_the_command_says_what_to_install(
    nuanlin: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = nuanlin("export", "parquet", "--out", str(tmp_path / "x.parquet"))
    assert (answer.code, answer.out) == (1, "")
    assert 'pip install "nuanlin[parquet]"' in answer.err
    assert not list(tmp_path.glob("x.parquet*"))


@given(st.lists(st.lists(PARTS, min_size=1, max_size=3).map(":".join), min_size=2, max_size=2, unique=True))
def test_two_accounts_never_become_one(accounts: list[str]) -> None:
    names = [account_name(account) for account in accounts]
    assert names[0] != names[1]
    for account, name in zip(accounts, names, strict=True):
        assert name.count(":") == account.count(":")
        assert "  " not in name
        assert name.isprintable()


@given(st.lists(PARTS.filter(bool), min_size=2, max_size=2, unique=True))
def test_two_units_never_become_one(items: list[str]) -> None:
    symbols = [commodity(f"pcs.{item}") for item in items]
    assert symbols[0] != symbols[1]
    assert all(symbol.count('"') == 2 and ";" not in symbol for symbol in symbols)


@pytest.mark.parametrize(
    ("amount_fen", "written"), [(0, "CNY 0.00"), (5, "CNY 0.05"), (-5, "CNY -0.05"), (-123_456, "CNY -1234.56")]
)
def test_fen_are_written_as_yuan_to_the_last_one(amount_fen: int, written: str) -> None:
    assert quantity(amount_fen, FEN) == written

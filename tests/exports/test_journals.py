"""Journals for hledger and beancount: both accept them, and come to our balances and to each other's."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from beancount.core import data
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.exports.beancount import OPENED, account_name, our_account, root_of, write_beancount
from api.exports.hledger import write_journal
from api.exports.journal_lines import Written
from ledger import accounts as chart
from ledger.errors import NotFound, Unusable
from ledger.hours.facts import HoursGiven
from ledger.journal.tables import events
from ledger.partners.facts import PartnerContributed
from ledger.policy.state import SINCE_EVER
from projections.books import queries
from projections.books.books import REBUILDING
from tests.exports.books import NAMES, awkward, fresh_ledger, ours, spoil, written
from tests.exports.oracles import balances_by_beancount, balances_by_hledger, checked_by_hledger, loaded
from tests.house.means import ROOT, SHIPPED, python_files
from tests.house.test_rooms import imports_of, parsed
from tests.projections.shelf import CODEC, LEDGER, Shelf
from tests.projections.teller import long_story

Write = Callable[..., Written]
BOTH = pytest.mark.parametrize("write", [write_journal, write_beancount])


def text_of(write: Write, shelf: Shelf, ledger: str = LEDGER, position: int | None = None) -> str:
    """A journal as text."""
    out = io.StringIO()
    write(shelf.database, CODEC, ledger, out, position=position)
    return out.getvalue()


def test_hledger_beancount_and_we_agree_now_and_as_of_any_position(
    shelf: Shelf, hledger_path: Path, tmp_path: Path
) -> None:
    head = written(shelf, long_story(900), ledger=LEDGER)[-1].position
    assert head > 500
    for position in (None, 0, 1, 150, head // 2, head - 1, head):
        # Given a story with facts of every type, when it is written as of a position,
        known = [(row.account, row.unit) for row in queries.balances(shelf.database, LEDGER, position=position)]
        journal = tmp_path / "told.journal"
        journal.write_text(text_of(write_journal, shelf, position=position), encoding="utf-8")
        # then both programs accept it, and have the balances that we had then.
        done = checked_by_hledger(hledger_path, journal)
        assert (done.returncode, done.stderr) == (0, "")
        wanted = ours(shelf, LEDGER, position)
        assert balances_by_hledger(hledger_path, journal, known) == wanted
        assert balances_by_beancount(text_of(write_beancount, shelf, position=position)) == wanted
    assert len(ours(shelf, LEDGER)) > 30


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=1, max_size=8, unique=True))
def test_no_name_leads_either_program_astray(
    wide_shelf: Shelf, hledger_path: Path, tmp_path: Path, names: list[str]
) -> None:
    ledger = fresh_ledger()
    written(wide_shelf, awkward(names), ledger=ledger)
    known = [(row.account, row.unit) for row in queries.balances(wide_shelf.database, ledger)]
    journal = tmp_path / "awkward.journal"
    journal.write_text(text_of(write_journal, wide_shelf, ledger), encoding="utf-8", newline="")

    done = checked_by_hledger(hledger_path, journal)

    assert (done.returncode, done.stderr) == (0, "")
    wanted = ours(wide_shelf, ledger)
    assert balances_by_hledger(hledger_path, journal, known) == wanted
    assert balances_by_beancount(text_of(write_beancount, wide_shelf, ledger)) == wanted


@BOTH
def test_a_balance_that_is_off_by_one_fen_is_noticed(
    shelf: Shelf, hledger_path: Path, tmp_path: Path, write: Write
) -> None:
    # Given books in which one fund has a fen too much, when the other program checks the journal, then it says so.
    written(shelf, long_story(600), ledger=LEDGER)
    spoil(shelf, "UPDATE accounts SET balance = balance + 1 WHERE account = 'fund:fund_nuanxing:general'")
    text = text_of(write, shelf)
    if write is write_beancount:
        _, errors = loaded(text)
        assert [error for error in errors if "Fund-nuanxing:General" in error]
        return
    journal = tmp_path / "forged.journal"
    journal.write_text(text, encoding="utf-8")
    assert "fund:fund_nuanxing:general" in checked_by_hledger(hledger_path, journal).stderr


def test_a_posting_that_was_changed_in_the_file_is_noticed_by_beancount(shelf: Shelf) -> None:
    given = HoursGiven(giver="mem_wang", receiver="mem_li", minutes=123)
    written(shelf, [*long_story(0), given], ledger=LEDGER)
    text = text_of(write_beancount, shelf)
    assert loaded(text)[1] == []
    assert text.count("-123 MIN\n") == 1

    _, errors = loaded(text.replace("123 MIN\n", "124 MIN\n"))

    assert len([error for error in errors if "Balance failed" in error]) == 2


def test_an_account_above_others_is_asserted_with_them(shelf: Shelf) -> None:
    # Given a member with usable and reserved minutes: beancount counts the one account as above the other.
    story = [*long_story(0), HoursGiven(giver="mem_wang", receiver="mem_li", minutes=50)]
    story += [HoursGiven(giver="mem_li", receiver="mem_li:held", minutes=20)]
    written(shelf, story, ledger=LEDGER)

    text = text_of(write_beancount, shelf)

    assert "balance Assets:Hours:Mem-li  50 ~ 0 MIN\n" in text
    assert "balance Assets:Hours:Mem-li:Held  20 ~ 0 MIN\n" in text
    assert balances_by_beancount(text)["hours:mem_li", "minutes"] == 30


def test_deeds_that_were_entered_late_find_their_accounts_open(shelf: Shelf) -> None:
    # Given a deed of the first day there can be, entered after one of today,
    late = [
        PartnerContributed(
            contribution_id=f"con_{day}", unit="unit_a", kind="venue", quantity=9, day=day, accepted_by="mem_x"
        )
        for day in (date(2025, 12, 1), SINCE_EVER)
    ]
    written(shelf, [*long_story(0), *late], ledger=LEDGER)

    entries, errors = loaded(text_of(write_beancount, shelf))

    assert errors == []
    days = [entry.date for entry in entries if isinstance(entry, data.Transaction)]
    assert days == [SINCE_EVER, date(2025, 12, 1)]
    assert {entry.date for entry in entries if isinstance(entry, data.Balance)} == {date(2025, 12, 2)}
    assert date.fromisoformat(OPENED) < SINCE_EVER


def test_a_transaction_says_its_position_its_type_and_what_it_is_about(shelf: Shelf) -> None:
    facts = awkward(["大米"])
    told = written(shelf, facts, ledger=LEDGER)
    paid = next(one.position for one in told if type(one.fact).__name__ == "GrantPaid")

    entries, _ = loaded(text_of(write_beancount, shelf))

    found = next(one for one in entries if isinstance(one, data.Transaction) and one.meta["position"] == paid)
    assert (found.narration, set(found.links)) == ("fund.grant_paid@1", {f"p{paid}", "grant_0"})
    grants = [one.narration for one in entries if isinstance(one, data.Transaction) and "grant_0" in one.links]
    assert grants == ["fund.grant_approved@1", "fund.grant_paid@1"]
    names = {one.account: one.meta["name"] for one in entries if isinstance(one, data.Open)}
    assert names["Expenses:Spent:Fund-nuanxing:General:XE5XA4XA7XE7XB1XB3"] == "spent:fund_nuanxing:general:大米"
    assert {one.currency: one.meta["name"] for one in entries if isinstance(one, data.Commodity)} == {
        "PCS-1": "pcs.大米", "CNY": "fen", "MIN": "minutes"
    }  # fmt: skip


def test_goods_keep_their_commodity_when_the_journal_grows(shelf: Shelf) -> None:
    told = written(shelf, awkward(["大米", "油", "面"]), ledger=LEDGER)

    def symbols(position: int) -> dict[str, str]:
        entries, _ = loaded(text_of(write_beancount, shelf, position=position))
        return {one.meta["name"]: one.currency for one in entries if isinstance(one, data.Commodity)}

    whole = symbols(told[-1].position)
    assert {"pcs.大米": "PCS-1", "pcs.油": "PCS-2", "pcs.面": "PCS-3"}.items() <= whole.items()
    for one in told[::4]:
        assert symbols(one.position).items() <= whole.items()


@given(st.lists(st.lists(NAMES, min_size=1, max_size=3).map(":".join), min_size=2, max_size=2, unique=True))
def test_beancount_tells_any_two_accounts_apart_and_the_way_back_is_known(accounts: list[str]) -> None:
    names = [account_name(account) for account in accounts]
    assert names[0] != names[1]
    assert [our_account(name) for name in names] == accounts


def test_every_account_of_the_chart_has_its_root() -> None:
    # The chart's own table names every account there is.
    rows = [line for line in str(chart.__doc__).splitlines() if line.startswith("| `")]
    accounts = [part.strip("` ") for row in rows for part in row.split("|")[1].split(" / ")]
    assert len(accounts) > 15
    roots = {account: root_of(account) for account in accounts}
    assert [account for account, root in roots.items() if root == "Equity"] == [
        "pledge:<fund>:<item>",
        "pledged:<donor>",
    ]
    assert roots["hours:issued"] == roots["donor:<donor>"] == "Income"
    assert roots["hours:lapsed"] == "Expenses"
    assert root_of("unheard:of") == "Equity"


@BOTH
def test_an_open_transaction_is_exported_as_it_sees_the_journal(shelf: Shelf, write: Write) -> None:
    # Given somebody who reads, when others write meanwhile,
    told = written(shelf, awkward(["油"]), ledger=LEDGER)
    with shelf.database.reading() as cursor:
        cursor.execute("SELECT 1 FROM ledgers")
        cursor.fetchall()
        shelf.tell([HoursGiven(giver="mem_a", receiver="mem_b", minutes=7)], after=told[-1].position)
        out = io.StringIO()
        done = write(shelf.database, CODEC, LEDGER, out, cursor=cursor)
    # then the export is of what was there before.
    assert done.position == told[-1].position
    assert out.getvalue() == text_of(write, shelf, position=told[-1].position)
    assert "mem_a" not in out.getvalue().lower().replace("-", "_")


@BOTH
@pytest.mark.parametrize("position", [-1, 1_000])
def test_there_is_no_journal_of_a_position_outside(shelf: Shelf, write: Write, position: int) -> None:
    written(shelf, awkward([]), ledger=LEDGER)
    with pytest.raises(NotFound, match="no_such_position"):
        text_of(write, shelf, position=position)


@BOTH
def test_a_journal_with_a_gap_is_not_exported_as_if_it_were_whole(shelf: Shelf, write: Write) -> None:
    head = written(shelf, awkward(["油"]), ledger=LEDGER)[-1].position
    for gone in (head, head - 3):
        spoil(shelf, f"DELETE FROM {events.name} WHERE position = {gone}")
        with pytest.raises(Unusable, match=f"event_missing.*position={gone}"):
            text_of(write, shelf)


@BOTH
def test_books_that_are_being_rebuilt_are_not_asserted(shelf: Shelf, write: Write) -> None:
    written(shelf, awkward(["油"]), ledger=LEDGER)
    spoil(shelf, f"INSERT INTO followers (ledger, name, position) VALUES ('{LEDGER}', '{REBUILDING}', 3)")
    with pytest.raises(Unusable, match="books_being_rebuilt"):
        text_of(write, shelf)


def test_nothing_that_is_shipped_imports_the_oracle() -> None:
    files = python_files(*SHIPPED)
    names = {(path.relative_to(ROOT), name) for path in files for _, name in imports_of(parsed(path))}
    assert [path for path, name in names if name.partition(".")[0] == "beancount"] == []

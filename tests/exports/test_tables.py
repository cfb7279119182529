"""Rows of postings, balances and events: the same in CSV, Parquet and a workbook, and the same as our books."""

from __future__ import annotations

import io
import sys
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import msgspec
import pyarrow as pa
import pyarrow.parquet
import pytest

from api.exports.journal_lines import CHUNK, Extract, extracted
from api.exports.tables import COLUMNS, WHATS, Kind, Row, Wanted, rows
from api.texts import LANGUAGES, known
from ledger.errors import Unusable
from ledger.hours.facts import HoursGiven
from ledger.journal.recorded import Recorded
from projections.books import queries
from projections.books.books import REBUILDING
from tests.exports import sheets
from tests.exports.books import Balances, awkward, ours, spoil, written
from tests.house.means import ROOT
from tests.projections.shelf import CODEC, LEDGER, Shelf
from tests.projections.teller import long_story

AT = [column.name for column in COLUMNS["postings"]].index


@pytest.fixture
def told(shelf: Shelf) -> list[Recorded]:
    """A story with facts of every type, written."""
    return written(shelf, long_story(900), ledger=LEDGER)


def postings_of_the_books(shelf: Shelf) -> list[tuple[Any, ...]]:
    """(position, line, account, unit, amount, balance) as the books have them, in the order of the journal."""
    with shelf.database.reading() as cursor:
        cursor.execute(
            "SELECT p.position, p.line, a.account, a.unit, p.amount, p.balance FROM postings p "
            "JOIN accounts a ON a.ledger = p.ledger AND a.number = p.number ORDER BY p.position, p.line"
        )
        return [tuple(row) for row in cursor.fetchall()]


def of_books(found: list[Row]) -> list[tuple[Any, ...]]:
    """The columns of exported postings that the books have too."""
    names = ("position", "line", "account", "unit", "amount", "balance")
    return [tuple(row[AT(name)] for name in names) for row in found]


def test_csv_parquet_workbook_and_books_hold_the_same_postings(shelf: Shelf, told: list[Recorded]) -> None:
    from_csv, from_parquet = sheets.csv_rows(sheets.csv_of(shelf)), sheets.parquet_rows(sheets.parquet_of(shelf))
    from_xlsx = sheets.xlsx_rows(sheets.xlsx_of(shelf).data)

    assert len(from_csv) > 300
    assert of_books(from_csv) == postings_of_the_books(shelf)
    assert from_csv == from_parquet == sheets.plain(sheets.rows_of(shelf))
    assert of_books(from_xlsx) == of_books(from_csv)
    for name in ("recorded_at", "day", "amount_shown", "balance_shown", "shown_in", "subject", "by", "role", "key"):
        assert [row[AT(name)] for row in from_xlsx] == [row[AT(name)] for row in from_csv], name


def test_postings_of_an_event_sum_to_zero_in_each_unit(shelf: Shelf, told: list[Recorded]) -> None:
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for row in sheets.csv_rows(sheets.csv_of(shelf)):
        sums[row[AT("position")], row[AT("unit")]] += row[AT("amount")]  # type: ignore[index,operator,assignment]  # the columns' own types
    assert len(sums) > 100
    assert set(sums.values()) == {0}


def test_the_last_balance_of_each_account_is_that_of_the_books_at_any_position(
    shelf: Shelf, told: list[Recorded]
) -> None:
    for position in (0, 1, 120, len(told) // 2, len(told)):
        last: Balances = {}
        for row in sheets.csv_rows(sheets.csv_of(shelf, position=position)):
            last[row[AT("account")], row[AT("unit")]] = row[AT("balance")]  # type: ignore[index,assignment]  # as above
        assert {key: balance for key, balance in last.items() if balance} == ours(shelf, LEDGER, position)
        exported = sheets.csv_rows(sheets.csv_of(shelf, Wanted("balances"), position=position), Wanted("balances"))
        assert {(row[0], row[1]): row[2] for row in exported if row[2]} == ours(shelf, LEDGER, position)
        assert [row[:2] for row in exported] == sorted(last)


def test_an_export_of_the_past_is_the_beginning_of_that_of_today(shelf: Shelf, told: list[Recorded]) -> None:
    for what in ("postings", "events"):
        wanted = Wanted(what)
        whole = sheets.rows_of(shelf, wanted)
        for position in range(0, len(told) + 1, 61):
            then = sheets.rows_of(shelf, wanted, position=position)
            assert then == whole[: len(then)]
            assert all(int(str(row[0])) > position for row in whole[len(then) :])


def test_events_are_all_there_with_fact_and_tags(shelf: Shelf, told: list[Recorded]) -> None:
    wanted = Wanted("events")
    found = sheets.csv_rows(sheets.csv_of(shelf, wanted), wanted)

    assert [row[0] for row in found] == [one.position for one in told]
    assert [msgspec.json.decode(str(row[-1]), type=type(one.fact)) for row, one in zip(found, told, strict=True)] == [
        one.fact for one in told
    ]
    assert all("key_" not in str(row[-2]) for row in found)
    assert [row[-2] for row in found] == [" ".join(one.tags[:-1]) for one in told]
    assert found == sheets.parquet_rows(sheets.parquet_of(shelf, wanted))
    assert [row[-1] for row in sheets.xlsx_rows(sheets.xlsx_of(shelf, wanted).data, wanted)] == [
        row[-1] for row in found
    ]


def test_money_is_shown_in_yuan_and_nothing_else_is_divided(shelf: Shelf) -> None:
    written(shelf, awkward(["大米"]), ledger=LEDGER)
    shown = {
        (row[AT("unit")], row[AT("amount")]): (str(row[AT("amount_shown")]), row[AT("shown_in")])
        for row in sheets.csv_rows(sheets.csv_of(shelf))
    }
    assert shown["fen", 100_001] == ("1000.01", "yuan")
    assert shown["fen", -7] == ("-0.07", "yuan")
    assert shown["minutes", 5] == ("5", "minutes")
    assert shown["pcs.大米", -2] == ("-2", "大米")


def test_only_the_account_that_was_asked_for_and_those_below_it(shelf: Shelf, told: list[Recorded]) -> None:
    accounts = {row.account for row in queries.balances(shelf.database, LEDGER)}
    for wanted in ("hours", "hours:mem_wang", "fund:fund_nuanxing", "hour", "nothing"):
        found = sheets.rows_of(shelf, Wanted(account=wanted))
        inside = {one for one in accounts if one == wanted or one.startswith(wanted + ":")}
        assert {row[AT("account")] for row in found} == inside
        whole = [row for row in sheets.rows_of(shelf) if row[AT("account")] in inside]
        assert found == whole
    assert sheets.rows_of(shelf, Wanted(account="hour")) == []
    assert len(sheets.rows_of(shelf, Wanted("balances", account="hours:mem_wang"))) in (1, 2)


def test_days_are_cut_on_both_sides_and_balances_go_on_from_before(shelf: Shelf, told: list[Recorded]) -> None:
    whole = sheets.rows_of(shelf)
    days = sorted(row[AT("day")] for row in whole)  # type: ignore[type-var]  # days are days
    first, last = days[len(days) // 3], days[len(days) // 2]
    assert isinstance(first, date)
    assert isinstance(last, date)
    inside = [row for row in whole if first <= row[AT("day")] <= last]  # type: ignore[operator]  # as above
    assert 0 < len(inside) < len(whole)
    assert sheets.rows_of(shelf, Wanted(first_day=first, last_day=last)) == inside
    assert sheets.rows_of(shelf, Wanted(first_day=date(2100, 1, 1))) == []
    assert sheets.rows_of(shelf, Wanted(last_day=date(1989, 1, 1))) == []
    assert sheets.rows_of(shelf, Wanted("events", first_day=first, last_day=first - timedelta(days=1))) == []


def test_an_empty_ledger_is_a_table_with_its_columns(shelf: Shelf) -> None:
    for what in WHATS:
        wanted = Wanted(what)
        assert sheets.csv_rows(sheets.csv_of(shelf, wanted), wanted) == []
        found = pyarrow.parquet.read_table(io.BytesIO(sheets.parquet_of(shelf, wanted)))
        assert (found.num_rows, found.column_names) == (0, [column.name for column in wanted.columns])
        book = sheets.xlsx_of(shelf, wanted)
        assert book.filled == (0, 1)
        assert sheets.xlsx_rows(book.data, wanted) == []


def test_parquet_says_what_it_is_and_has_types_to_count_with(shelf: Shelf, told: list[Recorded]) -> None:
    found = pyarrow.parquet.read_table(io.BytesIO(sheets.parquet_of(shelf, position=300)))
    types = {field.name: field.type for field in found.schema}
    assert types["amount"] == types["balance"] == types["position"] == pa.int64()
    assert types["recorded_at"] == pa.timestamp("us", tz="UTC")
    assert types["day"] == pa.date32()
    assert types["amount_shown"] == pa.decimal128(21, 2)
    assert types["account"] == pa.dictionary(pa.int32(), pa.string())
    metadata = {name.decode(): value.decode() for name, value in found.schema.metadata.items()}
    assert {name: metadata[f"nuanlin.{name}"] for name in ("ledger", "position", "columns", "root", "zone")} == {
        "ledger": LEDGER, "position": "300", "columns": "postings/1", "root": "cm9vdA==", "zone": "Asia/Shanghai"
    }  # fmt: skip


def test_many_rows_come_in_groups_and_none_is_lost(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given more rows than are held at once, in several reads of the journal,
    monkeypatch.setattr("api.exports.parquet._GROUP", 3_000)
    gifts = [HoursGiven(giver="mem_wang", receiver="mem_li", minutes=n % 400 + 1) for n in range(2 * CHUNK + 11)]
    written(shelf, [*long_story(0), *gifts], ledger=LEDGER)
    data = sheets.parquet_of(shelf)
    with extracted(shelf.database, CODEC, LEDGER) as extract:
        batches = [len(batch) for batch in rows(extract, Wanted())]
    # then they come in bounded pieces and are the same everywhere.
    assert max(batches) <= CHUNK
    assert sum(batches) == 2 * len(gifts)
    assert pyarrow.parquet.ParquetFile(io.BytesIO(data)).num_row_groups == 3
    assert sheets.parquet_rows(data) == sheets.csv_rows(sheets.csv_of(shelf))
    assert of_books(sheets.parquet_rows(data)) == postings_of_the_books(shelf)


def test_without_pyarrow_one_is_told_what_to_install(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Unusable, match=r"extra_missing.*nuanlin\[parquet\]"):
        sheets.parquet_of(shelf)


def test_postings_do_not_depend_on_the_books_and_balances_do(shelf: Shelf, told: list[Recorded]) -> None:
    # Given books that are half rebuilt, when postings are exported, then they are whole; balances are refused.
    before = sheets.csv_of(shelf)
    spoil(shelf, f"INSERT INTO followers (ledger, name, position) VALUES ('{LEDGER}', '{REBUILDING}', 3)")
    spoil(shelf, "DELETE FROM postings WHERE position > 100")
    assert sheets.csv_of(shelf) == before
    with pytest.raises(Unusable, match="books_being_rebuilt"):
        sheets.csv_of(shelf, Wanted("balances"))


def test_without_a_transaction_the_rows_are_those_of_the_position_while_others_write(
    shelf: Shelf, told: list[Recorded]
) -> None:
    # Given a slow reader in the middle of an export, when somebody writes, then the reader sees nothing of it.
    before = {what: sheets.rows_of(shelf, Wanted(what)) for what in WHATS}
    extracts = {what: Extract(shelf.database, CODEC, LEDGER) for what in WHATS}
    begun = {what: rows(extract, Wanted(what)) for what, extract in extracts.items()}
    first = next(begun["postings"])
    shelf.tell([HoursGiven(giver="mem_wang", receiver="mem_li", minutes=11)], after=len(told))
    found = {what: [row for batch in batches for row in batch] for what, batches in begun.items()}
    assert {**found, "postings": first + found["postings"]} == before


def test_every_column_is_explained_in_both_languages_and_on_the_page() -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    columns = {column for table in COLUMNS.values() for column in table}
    assert {column.kind for column in columns} == set(get_args(Kind))
    for name in {column.name for column in columns}:
        assert f"| `{name}` |" in page
        for lang in LANGUAGES:
            assert known(lang, f"exports.column.{name}")
            assert known(lang, f"exports.heading.{name}")


def test_a_shown_amount_is_exact_whatever_its_size(shelf: Shelf) -> None:
    written(shelf, [*long_story(0), HoursGiven(giver="mem_wang", receiver="mem_li", minutes=10**17 + 1)], ledger=LEDGER)
    for found in (sheets.csv_rows(sheets.csv_of(shelf)), sheets.parquet_rows(sheets.parquet_of(shelf))):
        assert [row[AT("amount_shown")] for row in found] == [Decimal(-(10**17) - 1), Decimal(10**17 + 1)]


def test_balances_stand_in_the_same_order_whatever_the_database(shelf: Shelf) -> None:
    # Databases sort 大 and a, - and :, A and b as their language has it; files are compared byte by byte.
    written(shelf, awkward(["大米", "b", "B", "a-b", "a", "_", "é"]), ledger=LEDGER)
    found = [row[:2] for row in sheets.rows_of(shelf, Wanted("balances"))]
    assert found == sorted(found)

"""Files that nobody on this project made are read whole, and what is read adds up to independent counts of them."""

from __future__ import annotations

import csv
import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from api.imports.mapping import load_map
from api.imports.reading import Reading, understand
from examples.hackclub_to_csv import JournalError, convert, read_journal
from tests.imports.made import TODAY, reasons

MAPS = Path(__file__).resolve().parents[2] / "examples" / "maps"
LATER = TODAY.replace(year=2026)
OUTCOMES = {"Fixed": "fulfilled", "Repairable": "released", "End of life": "unmet", "Unknown": "claimed"}


def mapped(path: Path, name: str) -> Reading:
    """A file read with one of the maps among the examples."""
    mapping = load_map(MAPS / f"{name}.toml")
    assert mapping.kind is not None
    return understand(path, mapping.kind, mapping, today=LATER)


def plainly(path: Path) -> list[dict[str, str]]:
    """The same file, read by nothing of ours."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("place", ["Toronto", "Wales"])
def test_every_repair_is_a_request_with_its_outcome(shared_data: Path, place: str) -> None:
    [path] = (shared_data / "openrepair").glob(f"*{place}*.csv")
    reading, rows = mapped(path, "openrepair"), plainly(path)
    assert reasons(reading) == []
    assert reading.skipped == []
    assert Counter(row.values["outcome"] for row in reading.rows) == Counter(
        OUTCOMES[row["repair_status"]] for row in rows
    )
    assert Counter(row.values["claimant"] for row in reading.rows) == Counter(row["group_identifier"] for row in rows)
    assert [row.identity for row in reading.rows] == [f"ref:{row['id']}" for row in rows]
    assert [str(row.values["date"]) for row in reading.rows] == [row["event_date"] for row in rows]


@pytest.mark.parametrize(("name", "kind"), [("recipients", "rec_id"), ("donors", "don_id")])
def test_absurd_quantities_are_refused_with_their_row_and_the_rest_is_kept(
    shared_data: Path, name: str, kind: str
) -> None:
    path = shared_data / "ppe_match" / f"anon_{name}.csv"
    reading, rows = mapped(path, f"ppe_{name}"), plainly(path)
    absurd = [line for line, row in enumerate(rows, 2) if Decimal(row["qty"]) > 1_000_000]
    assert reasons(reading) == [(line, "qty", "absurd_quantity") for line in absurd]
    kept = [row for row in rows if Decimal(row["qty"]) <= 1_000_000]
    assert [row.values["quantity"] for row in reading.rows] == [int(Decimal(row["qty"])) for row in kept]
    who = {"rec_id": "requester_number", "don_id": "unit"}[kind]
    assert [row.values[who] for row in reading.rows] == [row[kind] for row in kept]
    assert [str(row.values["date"]) for row in reading.rows] == [row["date"][:10] for row in kept]


@pytest.fixture
def sheets(shared_data: Path, tmp_path: Path) -> tuple[Reading, Reading]:
    """Receipts and spendings of the charity's journal, by way of the script and the maps."""
    convert(shared_data / "hackclub" / "main.ledger", tmp_path)
    receipts, spendings = (mapped(tmp_path / f"{kind}.csv", f"hackclub_{kind}") for kind in ("donations", "spendings"))
    assert reasons(receipts) == reasons(spendings) == []
    return receipts, spendings


def cents(reading: Reading, field: str) -> Counter[str]:
    """Hundredths by the value of a field."""
    sums: Counter[str] = Counter()
    for row in reading.rows:
        amount = row.values["amount_fen"]
        assert isinstance(amount, int)
        sums[str(row.values[field])] += amount
    return sums


def test_a_charity_s_receipts_and_spendings_equal_what_hledger_says(
    sheets: tuple[Reading, Reading], shared_data: Path, hledger_path: Path
) -> None:
    for root, sign, found in [
        ("Income", -1, cents(sheets[0], "purpose")),
        ("Expenses", 1, cents(sheets[1], "category")),
    ]:
        journal = str(shared_data / "hackclub" / "main.ledger")
        told = subprocess.run(
            [str(hledger_path), "-f", journal, "balance", root, "--flat", "--empty", "-N", "-O", "csv"],
            check=True,
            capture_output=True,
            text=True,
        )
        said = {
            row["account"].partition(":")[2]: sign
            * int(Decimal(row["balance"].replace("$", "").replace(",", "")) * 100)
            for row in csv.DictReader(told.stdout.splitlines())
        }
        assert dict(found) == said


def test_a_charity_s_totals_are_those_of_its_books(sheets: tuple[Reading, Reading]) -> None:
    receipts, spendings = (cents(reading, "fund").total() for reading in sheets)
    assert (receipts, spendings) == (28_893_696, 28_316_457)


def test_money_paid_back_is_negative_and_marked(sheets: tuple[Reading, Reading]) -> None:
    for reading in sheets:
        back = [row for row in reading.rows if row.values["returned"]]
        assert len(back) == 11
        assert {row.identity for row in back} == {
            row.identity for row in reading.rows if str(row.values["amount_fen"])[0] == "-"
        }


JOURNAL = """\
; a comment
2015/02/06 * (12) Holy Grill
    Expenses:Food        $1,002.07
    Expenses:Bank        $25.00 ; Payee: Chase
    Liabilities:Zach
    ; Receipt: a.png

2015/02/06 Somebody
    Assets:Bank          $-5
    Income:Gifts
"""


def test_a_journal_s_missing_amounts_are_worked_out() -> None:
    first, second = read_journal(JOURNAL.splitlines())
    assert [(entry.payee, entry.amount) for entry in first.postings] == [
        ("Holy Grill", Decimal("1002.07")), ("Chase", Decimal("25.00")), ("Holy Grill", Decimal("-1027.07")),
    ]  # fmt: skip
    assert (first.payee, first.comments) == ("Holy Grill", ["Receipt: a.png"])
    assert second.postings[1].amount == 5


def test_a_journal_becomes_two_sheets(tmp_path: Path) -> None:
    (tmp_path / "a.ledger").write_text(JOURNAL, encoding="utf-8")
    assert convert(tmp_path / "a.ledger", tmp_path) == (1, 2)
    assert plainly(tmp_path / "spendings.csv") == [
        {"ref": "2015-02-06/1.1", "date": "2015-02-06", "payee": "Holy Grill", "amount": "1002.07", "returned": "no",
         "category": "Food", "note": "Receipt: a.png"},
        {"ref": "2015-02-06/1.2", "date": "2015-02-06", "payee": "Chase", "amount": "25.00", "returned": "no",
         "category": "Bank", "note": "Receipt: a.png"},
    ]  # fmt: skip
    [gift] = plainly(tmp_path / "donations.csv")
    assert (gift["ref"], gift["amount"], gift["returned"]) == ("2015-02-06/2.2", "-5.00", "yes")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("include other.ledger\n", "line 1"),
        ("2015/02/06 A\n  B  5 EUR\n  C\n", "line 2"),
        ("2015/02/06 A\n  B  $5\n  C  $-4\n", "balance"),
        ("2015/02/06 A\n  B\n  C\n", "balance"),
        ("2015/02/06 A\n  (B)  $5\n", "virtual"),
        ("  B  $5\n", "outside"),
        ("2015/02/06 A\n  B  --$5\n  C\n", "line 2"),
    ],
)
def test_what_the_script_does_not_read_is_an_error_with_its_line(text: str, said: str) -> None:
    with pytest.raises(JournalError, match=said):
        list(read_journal(text.splitlines()))

"""Make two sheets for `nuanlin import` out of a plain-text ledger journal: donations.csv and spendings.csv.

    python examples/hackclub_to_csv.py main.ledger FOLDER
    nuanlin import donations FOLDER/donations.csv --map examples/maps/hackclub_donations.toml
    nuanlin import spendings FOLDER/spendings.csv --map examples/maps/hackclub_spendings.toml

Written for the public books of Hack Club (github.com/hackclub/ledger, ODC-BY), and good for any journal that keeps to
the same plain part of the format: transactions with a date and a payee, postings in dollars, of which one may leave its
amount out, and comments. Whatever goes beyond that is an error with its line, never skipped.

- Every posting to an account below `Income` is a receipt: what the journal credits (-5.00) came in (5.00). One with the
  other sign is money paid back, and goes out negative with `returned` set.
- Every posting to an account below `Expenses` is a spending, its category the rest of the account's name. A negative
  one is a payment that came back, and goes out negative with `returned` set.
- The reference is the day, the number of the transaction within the day, and the number of the posting within the
  transaction: 2015-02-06/2.3. It stays the same as the journal grows at its end.

Nothing but the standard library is needed.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

HEADING = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})\s+(?:[*!]\s+)?(?:\([^)]*\)\s*)?(.*\S)")
AMOUNT = re.compile(r"(-)?\$(-)?([\d,]*(?:\.\d{1,2})?)")
PAYEE = re.compile(r"Payee:\s*(.*\S)", re.IGNORECASE)


class JournalError(Exception):
    """The journal says something that this script does not understand; the line is told."""


@dataclass
class Posting:
    """One posting. The amount is None where the journal leaves it out, until `balanced` fills it in."""

    account: str
    amount: Decimal | None
    payee: str


@dataclass
class Transaction:
    """One transaction, with the line it starts on and its comments."""

    line: int
    day: date
    payee: str
    postings: list[Posting] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def read_journal(lines: Iterable[str]) -> Iterator[Transaction]:
    """The transactions of a journal, in its order, each with all its amounts. Raises `JournalError`."""
    current: Transaction | None = None
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip()
        if not line.strip() or line.startswith((";", "#", "*")):
            continue
        if not line[0].isspace():
            if current:
                yield balanced(current)
            current = opened(line, number)
        elif current is None:
            raise JournalError(f"line {number}: a posting outside of any transaction")
        elif line.lstrip().startswith(";"):
            current.comments.append(line.lstrip("; \t"))
        else:
            current.postings.append(posting(line, number, current.payee))
    if current:
        yield balanced(current)


def opened(line: str, number: int) -> Transaction:
    """A new transaction out of its first line."""
    found = HEADING.fullmatch(line)
    if not found:
        raise JournalError(f"line {number}: neither a transaction nor a comment: {line}")
    payee, _, comment = found[4].partition("  ;")
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return Transaction(number, day, payee.strip(), comments=[comment.strip()] if comment else [])


def posting(line: str, number: int, payee: str) -> Posting:
    """One posting out of its line; a comment behind it may name another payee."""
    body, _, comment = line.strip().partition(";")
    account, _, written = body.strip().partition("  ")
    if account.startswith(("(", "[")):
        raise JournalError(f"line {number}: virtual postings are beyond this script: {account.strip()}")
    named = PAYEE.search(comment)
    return Posting(account.strip(), amount_of(written.strip(), number), named[1] if named else payee)


def amount_of(written: str, number: int) -> Decimal | None:
    """Dollars and cents, exactly; None for an amount that is left out."""
    if not written:
        return None
    found = AMOUNT.fullmatch(written)
    if not found or not found[3].strip(",.") or (found[1] and found[2]):
        raise JournalError(f"line {number}: an amount this script does not read: {written}")
    amount = Decimal(found[3].replace(",", ""))
    return -amount if found[1] or found[2] else amount


def balanced(transaction: Transaction) -> Transaction:
    """The transaction with the one amount that was left out; the amounts of a transaction add up to nothing."""
    open_ones = [entry for entry in transaction.postings if entry.amount is None]
    rest = sum((entry.amount for entry in transaction.postings if entry.amount is not None), Decimal(0))
    if len(open_ones) > 1 or (not open_ones and rest):
        raise JournalError(f"line {transaction.line}: the transaction does not balance")
    for entry in open_ones:
        entry.amount = -rest
    return transaction


def rows_below(root: str, sign: int, transactions: Iterable[Transaction]) -> Iterator[list[str]]:
    """The rows of a sheet: ref, date, name, amount, returned, the account below the root, note."""
    in_day: Counter[date] = Counter()
    for transaction in transactions:
        in_day[transaction.day] += 1
        for position, entry in enumerate(transaction.postings, 1):
            top, _, account = entry.account.partition(":")
            if top != root or not entry.amount:
                continue
            amount = sign * entry.amount
            yield [
                f"{transaction.day}/{in_day[transaction.day]}.{position}",
                transaction.day.isoformat(),
                entry.payee,
                f"{amount:.2f}",
                "yes" if amount < 0 else "no",
                account or root,
                " / ".join(transaction.comments),
            ]


def write_sheet(path: Path, heading: list[str], rows: Iterable[list[str]]) -> int:
    """Write a CSV and say how many rows it holds."""
    told = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *told])
    return len(told)


def convert(journal: Path, folder: Path) -> tuple[int, int]:
    """Write both sheets into the folder; the numbers of receipts and of spendings. Raises `JournalError`."""
    transactions = list(read_journal(journal.read_text(encoding="utf-8").splitlines()))
    folder.mkdir(parents=True, exist_ok=True)
    receipts = write_sheet(
        folder / "donations.csv",
        ["ref", "date", "donor", "amount", "returned", "account", "note"],
        rows_below("Income", -1, transactions),
    )
    spendings = write_sheet(
        folder / "spendings.csv",
        ["ref", "date", "payee", "amount", "returned", "category", "note"],
        rows_below("Expenses", 1, transactions),
    )
    return receipts, spendings


def main() -> int:
    """The command line: JOURNAL FOLDER."""
    parser = argparse.ArgumentParser(
        description="Make donations.csv and spendings.csv out of a plain-text ledger journal."
    )
    parser.add_argument("journal", type=Path)
    parser.add_argument("folder", type=Path)
    told = parser.parse_args()
    try:
        receipts, spendings = convert(told.journal, told.folder)
    except (JournalError, OSError, UnicodeDecodeError) as error:
        print(f"{told.journal.name}: {error}", file=sys.stderr)
        return 1
    print(f"{receipts} receipts, {spendings} spendings")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

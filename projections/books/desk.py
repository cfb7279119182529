"""The desk at which the books of one ledger are written, and the register of who writes what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Table

from ledger.accounts import Posting, postings
from ledger.base import Fact
from ledger.errors import UnknownFact
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import metadata
from projections.books import more_tables as more
from projections.books import tables
from projections.books.accounts import Accounts
from projections.rows import Sheet, Source

_F = TypeVar("_F", bound=Fact)


class Desk:
    """The rows of one ledger's books that are in use, a sheet per table."""

    def __init__(self, database: Database, ledger: str, cursor: Cursor) -> None:
        self.source = source = Source(database, ledger, cursor)
        self.accounts = Accounts(source)
        self.tallies = Sheet(tables.tallies, source)
        self.ledger_info = Sheet(tables.ledger_info, source)
        self.members = Sheet(tables.members, source, keep=50_000)
        self.teams = Sheet(tables.teams, source)
        self.units = Sheet(tables.units, source)
        self.roles = Sheet(tables.roles, source)
        self.proxies = Sheet(tables.proxies, source)
        self.erasures = Sheet(tables.erasures, source, keep=1_000)
        self.places = Sheet(tables.places, source)
        self.intake_points = Sheet(tables.intake_points, source)
        self.policies = Sheet(tables.policies, source)
        self.sessions = Sheet(tables.sessions, source, keep=5_000)
        self.corrections = Sheet(tables.corrections, source, keep=2_000)
        self.reservations = Sheet(tables.reservations, source, keep=5_000)
        self.certificates = Sheet(tables.certificates, source, keep=100)
        self.requests = Sheet(more.requests, source, keep=5_000)
        self.claims = Sheet(more.claims, source, keep=5_000)
        self.funds = Sheet(more.funds, source)
        self.fund_items = Sheet(more.fund_items, source)
        self.pledges = Sheet(more.pledges, source, keep=2_000)
        self.receipts = Sheet(more.receipts, source, keep=2_000)
        self.grants = Sheet(more.grants, source, keep=2_000)
        self.agreements = Sheet(more.agreements, source, keep=2_000)
        self.contributions = Sheet(more.contributions, source, keep=100)
        self.offers = Sheet(more.offers, source, keep=2_000)
        self.matches = Sheet(more.matches, source, keep=2_000)
        self.callouts = Sheet(more.callouts, source)
        self.call_answers = Sheet(more.call_answers, source, keep=1_000)
        self.plaques = Sheet(more.plaques, source)
        self._named = {name: sheet for name, sheet in vars(self).items() if isinstance(sheet, Sheet)}
        self._sheets = [sheet for name, sheet in self._named.items() if name != "tallies"]
        self._totals: dict[str, int] = {}

    def sheet(self, table: Table) -> Sheet:
        """The sheet of a table of one of the engines; it has the table's name."""
        found = self._named.get(table.name)
        if found is None:
            found = self._named[table.name] = Sheet(table, self.source, keep=5_000)
            self._sheets.append(found)
        return found

    def sheet_named(self, name: str) -> Sheet:
        """A sheet by its name, as `on` and the figures of things name it."""
        return self._named[name] if name in self._named else self.sheet(metadata.tables[name])

    def tally(self, name: str, by: int) -> None:
        """Move a total; it exists from the first time on, even if that moved it by 0."""
        self._totals[name] = self._totals.get(name, 0) + by

    def apply(self, events: Sequence[Recorded], *, settle: bool = True) -> None:
        """Book the events, in order. Raises UnknownFact for a type that no book knows.

        Unless `settle`, balances and members may wait in memory: neighbouring batches touch them again and again.
        """
        self._read_ahead(events)
        moved: list[tuple[int, list[Posting]]] = []
        for event in events:
            fact = event.fact
            write = HANDLERS.get(type(fact))
            if write is not None:
                write(self, event, fact)
            elif type(fact) not in POSTING_ONLY:
                raise UnknownFact("unknown_fact", type=type(fact).__name__)
            rows = postings(fact)
            if rows:
                moved.append((event.position, rows))
        for name, by in self.accounts.post(moved, settle=settle).items():
            self.tally(name, by)
        for sheet in self._sheets:
            if settle or sheet is not self.members:
                sheet.write()
        self._write_totals()

    def _write_totals(self) -> None:
        for name, by in self._totals.items():
            row = self.tallies.get(name)
            if row is None:
                self.tallies.add(name=name, value=by)
            elif by:
                row = self.tallies.edit(name)
                row["value"] += by
        self._totals.clear()
        self.tallies.write()

    def _read_ahead(self, events: Sequence[Recorded]) -> None:
        """Read the rows that the batch goes on with, one query per table and block instead of one per row."""
        wanted: dict[str, set[str]] = {}
        begun: set[str] = set()
        for event in events:
            fact = event.fact
            field = BEGINS.get(type(fact))
            if field is not None:
                begun.add(getattr(fact, field))
            for name, field in NEEDS.get(type(fact), ()):
                value = getattr(fact, field)
                if value is not None:
                    wanted.setdefault(name, set()).add(value)
        for name, values in wanted.items():
            self.sheet_named(name).want(values - begun)


Handler = Callable[[Desk, Recorded, Any], None]

HANDLERS: dict[type[Fact], Handler] = {}
"""Who writes the rows of a fact."""
NEEDS: dict[type[Fact], tuple[tuple[str, str], ...]] = {}
"""Which rows a fact goes on with: (sheet, field of the fact)."""
BEGINS: dict[type[Fact], str] = {}
"""The field with the id of what a fact begins: nothing has to be read for what begins in the same batch."""
POSTING_ONLY: set[type[Fact]] = set()
"""Facts that are told by their postings alone."""


def on(
    kind: type[_F], begins: str = "", **needs: str
) -> Callable[[Callable[[Desk, Recorded, _F], None]], Callable[[Desk, Recorded, _F], None]]:
    """Register what writes the rows of a fact.

    `needs` names sheets and the fields whose rows are read ahead; `begins` the field with a fresh id that later facts
    of the same batch may go on with.
    """

    def register(handler: Callable[[Desk, Recorded, _F], None]) -> Callable[[Desk, Recorded, _F], None]:
        HANDLERS[kind] = handler
        NEEDS[kind] = tuple(needs.items())
        if begins:
            BEGINS[kind] = begins
        return handler

    return register

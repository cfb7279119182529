"""A store with books and boards, driven by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ledger.base import Fact
from ledger.journal.codec import Codec
from ledger.journal.recorded import Recorded
from ledger.journal.rows import insert_rows, replace_rows
from ledger.journal.sql import Database
from ledger.journal.tables import events, followers, ledgers, metadata
from projections.boards import Boards
from projections.books import Books
from projections.rebuild import digests
from tests.projections.teller import recorded

LEDGER = "fangxing"
CODEC = Codec()


class Shelf:
    """Books and boards over one database; `write` does what the journal does in one transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.books, self.boards = Books(database), Boards(database)

    def write(self, batch: Sequence[Recorded], *, continuous: bool = True, boards: bool = True) -> None:
        """Append events with their books, and let the boards follow at once."""
        if not batch:
            return
        ledger, head = batch[0].ledger, batch[-1]
        rows = []
        for one in batch:
            name, data = CODEC.encode(one.envelope, one.fact)
            rows.append((ledger, one.position, one.recorded_at, name, "\n".join(one.tags), data))
        with self.database.writing() as cursor:
            insert_rows(self.database, cursor, events, rows)
            replace_rows(self.database, cursor, ledgers, [(ledger, head.position, head.recorded_at)])
            self.books.apply(cursor, ledger, batch, continuous=continuous)
        if boards:
            self.follow(batch, continuous=continuous)

    def follow(self, batch: Sequence[Recorded], *, continuous: bool = True) -> None:
        """Let the boards follow."""
        ledger = batch[0].ledger
        with self.database.writing() as cursor:
            self.boards.apply(cursor, ledger, batch, continuous=continuous)
            replace_rows(self.database, cursor, followers, [(ledger, Boards.name, batch[-1].position)])

    def tell(self, facts: Sequence[Fact], *, ledger: str = LEDGER, after: int = 0) -> list[Recorded]:
        """Write facts in one batch; gives their events."""
        told = recorded(list(facts), ledger, after=after)
        self.write(told)
        return told

    def digests(self, ledger: str = LEDGER) -> dict[str, tuple[int, str]]:
        """Number and digest of the rows of every table of books and boards."""
        with self.database.reading() as cursor:
            return digests(self.database, cursor, ledger)


@contextmanager
def shelf_at(url: str) -> Iterator[Shelf]:
    """A new store with all tables."""
    database = Database(url)
    metadata.create_all(database.engine)
    yield Shelf(database)
    database.close()

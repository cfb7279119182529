"""Books and boards written anew from the journal, and compared with the live ones.

A rebuild runs in bounded transactions, each under the ledger's append lock, and may be interrupted at any moment:
`followers` says in the same transaction how far it is, and `resume=True` goes on from there. Writers need not stop.
Between two of its transactions they append facts as ever; seeing that a rebuild is under way they leave the books
alone (`Books.apply`), and the rebuild comes to those facts itself. Decisions are not touched, for they read the journal.
Readers see books that are still growing: `queries.rebuilding` tells. A live follower of the boards and the rebuild take
turns at the row `boards`; whoever comes first does the same work.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.engine import URL

from ledger.base import Fact
from ledger.cycles import no_search_for_cycles
from ledger.errors import NotFound
from ledger.journal.recorded import Envelope, Recorded
from ledger.journal.rows import replace_rows
from ledger.journal.sql import Cursor, Database, Row, page_memory
from ledger.journal.tables import events, followers, ledgers, metadata
from projections.boards import TABLES as BOARD_TABLES
from projections.boards import Boards
from projections.books import TABLES as BOOK_TABLES
from projections.books import Books
from projections.books.books import REBUILDING, REBUILT
from projections.reading import fetch

Decode = Callable[[str, bytes], tuple[Envelope, Fact]]
"""Turns a stored type name and the stored bytes into envelope and fact; raises UnknownFact."""
Progress = Callable[[int, int], None]
"""Told after every step: the position reached, and the position of the journal's head."""

CHUNK, CHUNKS = 50_000, 4
"""Events decoded at once, and chunks in one transaction: some 250 MiB of memory, some 5 s under the ledger's lock."""
PAGE_MEMORY_KIB = 512 * 1024
"""SQLite: memory for pages during a rebuild, so that none is written twice; what it needs of it grows with the ledger."""
_TURN_SECONDS = 0.11
"""SQLite: whoever waits for the lock looks again every 0.1 s, and gets its turn only if nobody takes it before."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose live rows are not those that the journal gives."""

    table: str
    live_rows: int
    rebuilt_rows: int


def rebuild(
    database: Database,
    decode: Decode,
    ledger: str,
    *,
    progress: Progress = lambda _done, _of: None,
    resume: bool = False,
    chunk: int = CHUNK,
    chunks: int = CHUNKS,
) -> int:
    """Write a ledger's books and boards anew; gives the position they then stand at.

    `resume` goes on with a rebuild that was interrupted, and starts over where there is none. Raises NotFound
    `no_such_ledger`, and what `decode` and the books raise, after which the rebuild counts as interrupted.
    """
    run = _Run(database, decode, ledger, progress)
    with database.writing() as cursor:
        run.begin(cursor, resume=resume)
    with no_search_for_cycles():
        while True:
            with database.writing() as cursor, page_memory(database, cursor, PAGE_MEMORY_KIB):
                if run.step(cursor, chunk, chunks):
                    return run.done
            if database.is_sqlite:
                time.sleep(_TURN_SECONDS)


class _Run:
    """A rebuild under way."""

    def __init__(self, database: Database, decode: Decode, ledger: str, progress: Progress) -> None:
        self._db, self._decode, self._ledger, self._progress = database, decode, ledger, progress
        self._books, self._boards = Books(database), Boards(database)
        self.done = self._scored = 0

    def begin(self, cursor: Cursor, *, resume: bool) -> None:
        """Clear the books and boards, unless an interrupted rebuild is to be resumed."""
        _lock(self._db, cursor, self._ledger)
        if resume and REBUILDING in _marks(self._db, cursor, self._ledger, lock=True):
            return
        self._books.clear(cursor, self._ledger)
        self._boards.clear(cursor, self._ledger)
        self._remember(cursor)

    def step(self, cursor: Cursor, chunk: int, chunks: int) -> bool:
        """One transaction; tells whether the rebuild is at its end."""
        head = _lock(self._db, cursor, self._ledger)
        marks = _marks(self._db, cursor, self._ledger, lock=True)
        if REBUILDING not in marks:
            # Another rebuild of this ledger was faster.
            self.done = marks.get(REBUILT, head)
            return True
        self._follow(marks[REBUILDING], marks.get(Boards.name, 0))
        for left in range(chunks - 1, -1, -1):
            batch = _read(self._db, cursor, self._decode, self._ledger, self.done, chunk)
            if batch:
                self._write(cursor, batch, last=not left or batch[-1].position >= head)
                self._progress(self.done, head)
            if self.done >= head:
                break
        if self.done < head:
            self._remember(cursor)
            return False
        _end(self._db, cursor, self._ledger, self.done)
        _put_mark(self._db, cursor, self._ledger, Boards.name, self._scored)
        return True

    def _follow(self, booked: int, scored: int) -> None:
        """Take over from where books and boards stand; what somebody else moved on is not in memory."""
        if booked != self.done:
            self._books.forget(self._ledger)
        if scored != self._scored:
            self._boards.forget(self._ledger)
        self.done, self._scored = booked, scored

    def _write(self, cursor: Cursor, batch: list[Recorded], *, last: bool) -> None:
        self._books.write(cursor, self._ledger, batch, settle=last)
        to_score = [event for event in batch if event.position > self._scored]
        self._boards.write(cursor, self._ledger, to_score, settle=last)
        self.done = batch[-1].position
        self._scored = max(self._scored, self.done)

    def _remember(self, cursor: Cursor) -> None:
        _put_mark(self._db, cursor, self._ledger, REBUILDING, self.done)
        _put_mark(self._db, cursor, self._ledger, Boards.name, self._scored)


def compare(database: Database, decode: Decode, ledger: str) -> list[Difference]:
    """The tables whose live rows differ from those that the journal gives; an empty list where all is well.

    Rows are compared by digest: whether, not where (`projections.differences` tells where).
    """
    with beside_rebuilt(database, decode, ledger) as (cursor, copy, copied):
        live, rebuilt = digests(database, cursor, ledger), digests(copy, copied, ledger)
    return [
        Difference(table=name, live_rows=live[name][0], rebuilt_rows=rebuilt[name][0])
        for name in live
        if live[name] != rebuilt[name]
    ]


@contextmanager
def beside_rebuilt(database: Database, decode: Decode, ledger: str) -> Iterator[tuple[Cursor, Database, Cursor]]:
    """A cursor on the live store, and one on a temporary file into which its journal was replayed (with that database).

    The live store is only read, in one consistent state. Boards are replayed to the position that the live ones have
    followed to.
    """
    with database.reading() as cursor, tempfile.TemporaryDirectory() as folder:
        head = _head(database, cursor, ledger)
        scored = _marks(database, cursor, ledger, lock=False).get(Boards.name, 0)
        url = URL.create("sqlite", database=str(Path(folder) / "rebuilt.db")).render_as_string()
        copy = Database(url)
        try:
            metadata.create_all(copy.engine)
            _replay(database, cursor, decode, ledger, copy, head, scored)
            with copy.reading() as copied:
                yield cursor, copy, copied
        finally:
            copy.close()


def digests(database: Database, cursor: Cursor, ledger: str) -> dict[str, tuple[int, str]]:
    """Per table of books and boards: how many rows a ledger has, and a digest of what they say, in whatever order."""
    return {table.name: _digest(database, cursor, table, ledger) for table in (*BOOK_TABLES, *BOARD_TABLES)}


def digested(database: Database, cursor: Cursor, table: Table, ledger: str) -> Iterator[tuple[bytes, Row]]:
    """Every row of a ledger in a table, behind a digest of 128 bits of what it says."""
    build = select(table).where(table.c.ledger == bindparam("l"))
    cursor.execute(database.prepare(("digest", table.name), build).text, (ledger,))
    while part := cursor.fetchmany(5_000):
        for row in part:
            plain = tuple(row)
            yield hashlib.blake2b(repr(plain[1:]).encode(), digest_size=16).digest(), plain


def _digest(database: Database, cursor: Cursor, table: Table, ledger: str) -> tuple[int, str]:
    rows, total = 0, 0
    for one, _ in digested(database, cursor, table, ledger):
        rows += 1
        total += int.from_bytes(one)
    return rows, f"{total % (1 << 128):032x}"


def _replay(
    source: Database, cursor: Cursor, decode: Decode, ledger: str, target: Database, head: int, scored: int
) -> None:
    books, boards = Books(target), Boards(target)
    done = 0
    while done < head:
        batch = [e for e in _read(source, cursor, decode, ledger, done, CHUNK) if e.position <= head]
        with target.writing() as writer:
            books.write(writer, ledger, batch)
            boards.write(writer, ledger, [e for e in batch if e.position <= scored])
        done = batch[-1].position


def _read(database: Database, cursor: Cursor, decode: Decode, ledger: str, after: int, limit: int) -> list[Recorded]:
    """The next events. Tags are left out: no projection asks for them."""
    c = events.c
    build = (
        select(c.position, c.recorded_at, c.type, c.data)
        .where(c.ledger == bindparam("l"), c.position > bindparam("a"))
        .order_by(c.position)
        .limit(bindparam("n"))
    )
    rows = fetch(database, cursor, "rebuild.read", lambda: build, l=ledger, a=after, n=limit)
    return [Recorded(ledger, at, recorded, *decode(name, bytes(data)), ()) for at, recorded, name, data in rows]


def _head(database: Database, cursor: Cursor, ledger: str) -> int:
    build = select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l"))
    rows = fetch(database, cursor, "rebuild.head", lambda: build, l=ledger)
    if not rows:
        raise NotFound("no_such_ledger", ledger=ledger)
    return int(rows[0][0])


def _lock(database: Database, cursor: Cursor, ledger: str) -> int:
    """Take the ledger's append lock and the boards' row; gives the head of the journal."""
    build = select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l")).with_for_update()
    rows = fetch(database, cursor, "rebuild.lock", lambda: build, l=ledger)
    if not rows:
        raise NotFound("no_such_ledger", ledger=ledger)
    return int(rows[0][0])


def _marks(database: Database, cursor: Cursor, ledger: str, *, lock: bool) -> dict[str, int]:
    """How far books and boards of a ledger are, if asked for locked until the transaction ends."""
    here = (followers.c.ledger == bindparam("l")) & followers.c.name.in_([bindparam(n) for n in "abc"])
    build = select(followers.c.name, followers.c.position).where(here)
    key = ("rebuild.marks", lock)
    names = {"a": REBUILT, "b": REBUILDING, "c": Boards.name}
    rows = fetch(database, cursor, key, lambda: build.with_for_update() if lock else build, l=ledger, **names)
    return {name: int(position) for name, position in rows}


def _put_mark(database: Database, cursor: Cursor, ledger: str, name: str, position: int) -> None:
    replace_rows(database, cursor, followers, [(ledger, name, position)])


def _end(database: Database, cursor: Cursor, ledger: str, position: int) -> None:
    here = (followers.c.ledger == bindparam("l")) & (followers.c.name == bindparam("n"))
    cursor.execute(database.prepare("rebuild.end", delete(followers).where(here)).text, (ledger, REBUILDING))
    _put_mark(database, cursor, ledger, REBUILT, position)

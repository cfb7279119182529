"""The whole audit of one stored ledger: its events, the rules they were decided by, its seals and its index of tags."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import bindparam, func, select

from ledger.audit.indexed import check_tag_index
from ledger.audit.judging import ABSURD
from ledger.audit.misfits import find_misfits
from ledger.audit.past import Past, earlier_in
from ledger.audit.replay import ORDER, Replay, raw_rows
from ledger.audit.report import Report
from ledger.audit.sealed import (
    Trust,
    check_kept,
    check_older,
    check_sealed,
    check_tiles,
    check_witnesses,
    kept_checkpoints,
    sealed_leaves,
    sizes_of,
)
from ledger.audit.second import check_second_roots
from ledger.audit.tree import Tree, nothing_sealed
from ledger.cycles import no_search_for_cycles
from ledger.errors import NotFound
from ledger.journal.codec import Codec
from ledger.journal.sql import Cursor, Database, driver_errors, page_memory
from ledger.journal.tables import events, ledgers
from ledger.seal.reading import FOLLOWER, Journal

_PAGE_MEMORY_KIB = 8 * 1024
"""SQLite: rows are read once and in order; remembering their pages would only cost memory."""

Progress = Callable[[int, int], None]
"""Told how many events are done, of how many."""


def audit(
    database: Database,
    codec: Codec,
    ledger: str,
    trust: Trust,
    *,
    rules: bool = True,
    index: bool = True,
    progress: Progress = lambda _done, _of: None,
) -> tuple[Report, Replay]:
    """Check a ledger against itself and against what the auditor brought along; gives what was found, and the replay.

    Reads one consistent state of the database and writes nothing. Projections are not looked at. Where rows hold values of
    a kind that nobody ever wrote, these are named and the replay is empty. Raises NotFound `no_such_ledger`.
    """
    report = Report()
    failing: tuple[type[Exception], ...] = (*ABSURD, *driver_errors())
    with database.reading() as cursor, page_memory(database, cursor, _PAGE_MEMORY_KIB), no_search_for_cycles():
        try:
            return report, _walk(database, cursor, codec, ledger, trust, report, progress, rules=rules, index=index)
        except failing:
            if not find_misfits(database, cursor, ledger, report):
                raise
    return report, Replay(codec, Past(lambda _tag, _position: ()), Tree(report, nothing_sealed, ()), report)


def _walk(
    database: Database,
    cursor: Cursor,
    codec: Codec,
    ledger: str,
    trust: Trust,
    report: Report,
    progress: Progress,
    *,
    rules: bool,
    index: bool,
) -> Replay:
    head = _head(database, cursor, ledger)
    kept, size = kept_checkpoints(database, cursor, ledger), Journal(database, cursor, ledger).sealed_to(FOLLOWER)
    sizes = sizes_of(kept, trust.older) | {size}
    tree = Tree(report, sealed_leaves(database, cursor, ledger, size), sizes)
    replay = Replay(codec, Past(earlier_in(database, cursor, codec, ledger)), tree, report, rules=rules)
    for rows in raw_rows(database, cursor, ledger):
        replay.feed(rows)
        progress(min(tree.size, head), head)
    replay.end(head)
    _find_strays(database, cursor, ledger, report)
    check_kept(kept, tree, trust, report)
    check_sealed(kept, size, tree, trust, report)
    check_second_roots(database, cursor, ledger, kept, report)
    check_older(tree, trust, report)
    check_witnesses(kept, trust, report)
    check_tiles(database, cursor, ledger, size, tree, report)
    if index:
        check_tag_index(database, cursor, ledger, replay.last, report)
    return replay


def _find_strays(database: Database, cursor: Cursor, ledger: str, report: Report) -> None:
    """Rows before the first position: nobody reads them, and nothing seals them."""
    c = events.c
    read = select(func.count()).select_from(events).where(c.ledger == bindparam("l"), c.position < bindparam("p"))
    cursor.execute(database.prepare("audit.strays", read).text, (ledger, 1))
    row = cursor.fetchone()
    if row is not None and row[0]:
        report.find(0, ORDER, "before_first", count=row[0])


def _head(database: Database, cursor: Cursor, ledger: str) -> int:
    read = select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l"))
    cursor.execute(database.prepare("audit.head", read).text, (ledger,))
    row = cursor.fetchone()
    if row is None:
        raise NotFound("no_such_ledger", ledger=ledger)
    return int(row[0])

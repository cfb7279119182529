"""Whether the index of tags says what the events say: decisions find their facts by it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import bindparam, select, tuple_

from ledger.audit.replay import raw_rows
from ledger.audit.report import Report
from ledger.journal.codec import split_tags
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import event_tags

TAG_INDEX = "tag_index"
_MASK = (1 << 64) - 1
_PAGE = 5_000
_MOST = 2**63 - 1


def check_tag_index(database: Database, cursor: Cursor, ledger: str, head: int, report: Report) -> None:
    """Every (tag, position) of the events is in the index, and nothing else is.

    Both are summed up in whatever order; only where the sums differ are they put side by side, in ranges of positions.
    """
    expected = rows = 0
    for chunk in raw_rows(database, cursor, ledger, head):
        for position, _, _, tags, _ in chunk:
            for tag in split_tags(tags):
                expected += hash((tag, position))
                rows += 1
    report.count(TAG_INDEX, rows)
    found = count = 0
    after: Sequence[Any] = ("", -(2**63))
    text = _page_text(database)
    while True:
        tag, position = after
        cursor.execute(text, (ledger, tag, position, _PAGE))
        page = cursor.fetchall()
        if not page:
            break
        found += sum(map(hash, page))
        count += len(page)
        after = page[-1]
    # A tag as bytes has the same hash; it stands behind all texts.
    if (expected & _MASK, rows) != (found & _MASK, count) or type(after[0]) is not str:
        before = len(report.findings)
        _name_differences(database, cursor, ledger, head, report)
        if len(report.findings) == before:
            # Rows that stand at no position at all.
            report.find(0, TAG_INDEX, "index_differs", found=count, expected=rows)


def _name_differences(database: Database, cursor: Cursor, ledger: str, head: int, report: Report) -> None:
    c = event_tags.c
    read = select(c.tag, c.position).where(
        c.ledger == bindparam("l"), c.position >= bindparam("a"), c.position < bindparam("z")
    )
    text = database.prepare("audit.tags_between", read).text
    low = 0
    for chunk in chain(raw_rows(database, cursor, ledger, head), [()]):
        high = min(chunk[-1][0] + 1, _MOST) if chunk else _MOST
        cursor.execute(text, (ledger, low, high))
        indexed = set(map(tuple, cursor.fetchall()))
        told = {(tag, position) for position, _, _, tags, _ in chunk for tag in split_tags(tags)}
        low = high
        for tag, position in sorted(told - indexed, key=lambda one: one[1]):
            report.find(position, TAG_INDEX, "tag_missing", tag=tag)
        for tag, position in sorted(indexed - told, key=lambda one: one[1]):
            report.find(position, TAG_INDEX, "tag_extra", tag=tag)


def _page_text(database: Database) -> str:
    c = event_tags.c
    behind = tuple_(c.tag, c.position) > tuple_(bindparam("t"), bindparam("p"))
    read = (
        select(c.tag, c.position)
        .where(c.ledger == bindparam("l"), behind)
        .order_by(c.tag, c.position)
        .limit(bindparam("n"))
    )
    return database.prepare("audit.tags", read).text

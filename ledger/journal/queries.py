"""The library's general queries (types and tags, any of several items) as SQL and as a predicate."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from eventsourcing.dcb.api import DCBQuery
from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select, true, union

from ledger.journal.sql import Cursor, Database, Row, blocks
from ledger.journal.tables import event_tags, events

Match = Callable[[str, tuple[str, ...]], bool]


def matcher(query: DCBQuery) -> Match:
    """Whether an event of a type with tags matches: any item whose types hold it and whose tags it all has."""
    items = [(frozenset(item.types), frozenset(item.tags)) for item in query.items]

    def match(type_name: str, tags: tuple[str, ...]) -> bool:
        return not items or any((not types or type_name in types) and wanted.issubset(tags) for types, wanted in items)

    return match


def read_rows(
    database: Database, cursor: Cursor, ledger: str, query: DCBQuery | None, after: int, limit: int | None
) -> list[Row]:
    """(position, type, tags, data) of matching events after a position, in order."""
    shape = tuple((len(item.types), len(item.tags)) for item in query.items) if query else ()
    key = ("read", shape, limit is None)
    statement = database.prepared(key) or database.prepare(key, _statement(shape, limit is not None))
    values: dict[str, object] = {"l": ledger, "a": after, "n": limit}
    for i, item in enumerate(query.items if query else ()):
        values.update({f"y{i}_{j}": name for j, name in enumerate(item.types)})
        values.update({f"t{i}_{j}": tag for j, tag in enumerate(item.tags)})
    cursor.execute(statement.text, tuple(values[name] for name in statement.names))
    return cursor.fetchall()


def position_of_match(database: Database, cursor: Cursor, ledger: str, query: DCBQuery, after: int) -> int | None:
    """The first matching position after `after`, if any."""
    rows = read_rows(database, cursor, ledger, query, after, 1)
    return int(rows[0][0]) if rows else None


def rows_with_tags(database: Database, cursor: Cursor, ledger: str, tags: Iterable[str]) -> list[Row]:
    """(position, type, tags, data) of the events that carry one of these tags, each tag's in order.

    By the index of tags alone: the general query above reads all events after a position and looks at each, which is
    right for followers and wrong for a few keys in a long journal.
    """
    rows: list[Row] = []
    for part in blocks(sorted(set(tags))):
        key = ("tagged", len(part))
        statement = database.prepared(key) or database.prepare(key, _tagged(len(part)))
        cursor.execute(statement.text, (ledger, *part))
        rows.extend(cursor.fetchall())
    return rows


def _tagged(size: int):  # type: ignore[no-untyped-def]  # as below
    same = (events.c.ledger == event_tags.c.ledger) & (events.c.position == event_tags.c.position)
    wanted = event_tags.c.tag.in_([bindparam(f"t{i}") for i in range(size)])
    return (
        select(events.c.position, events.c.type, events.c.tags, events.c.data)
        .select_from(event_tags.join(events, same))
        .where(event_tags.c.ledger == bindparam("l"), wanted)
        .order_by(event_tags.c.tag, event_tags.c.position)
    )


def last_position(database: Database, ledger: str, tag: str) -> int:
    """The position of the last event that carries a tag, 0 where none does: the version of what the tag names."""
    statement = database.prepared("tag.version") or database.prepare(
        "tag.version",
        select(func.max(event_tags.c.position)).where(
            event_tags.c.ledger == bindparam("l"), event_tags.c.tag == bindparam("t")
        ),
    )
    with database.reading() as cursor:
        cursor.execute(statement.text, (ledger, tag))
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def _statement(shape: tuple[tuple[int, int], ...], limited: bool):  # type: ignore[no-untyped-def]  # Select's columns say more than we need
    statement = (
        select(events.c.position, events.c.type, events.c.tags, events.c.data)
        .where(events.c.ledger == bindparam("l"), _where_to_look(shape), _any_item(shape))
        .order_by(events.c.position)
    )
    return statement.limit(bindparam("n")) if limited else statement


def _where_to_look(shape: tuple[tuple[int, int], ...]) -> ColumnElement[bool]:
    """All events after the position; or, where every item has a tag, only those that the index of tags names: nothing
    else can match, and a database that is also told the range reads all of it and looks at each."""
    if not shape or not all(tags for _, tags in shape):
        return events.c.position > bindparam("a")
    return events.c.position.in_(union(*(_tagged_with(f"t{i}_0") for i in range(len(shape)))))


def _tagged_with(name: str) -> Select[int]:
    return select(event_tags.c.position).where(
        event_tags.c.ledger == bindparam("l"),
        event_tags.c.tag == bindparam(name),
        event_tags.c.position > bindparam("a"),
    )


def _any_item(shape: tuple[tuple[int, int], ...]) -> ColumnElement[bool]:
    if not shape:
        return true()
    return or_(false(), *(_item(i, types, tags) for i, (types, tags) in enumerate(shape)))


def _item(i: int, types: int, tags: int) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [true()]
    if types:
        parts.append(events.c.type.in_([bindparam(f"y{i}_{j}") for j in range(types)]))
    parts.extend(events.c.position.in_(_tagged_with(f"t{i}_{j}")) for j in range(tags))
    return and_(*parts)

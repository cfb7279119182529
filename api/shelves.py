"""Shelves: a list and a single record of a table, made into reads of the API from one declaration.

Most of what an engine keeps is asked for in the same few ways: a page of rows by a few filters, one row by its id, people
masked, figures that open. A `Shelf` says which table, who may read, and which columns are parties; from it come the two
reads with their types (`reads_of`), the names of its figures (`figures_of`), and by them the command line and the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Column, Integer, Table

from api.paging import Paged, closed
from api.reading import READ_ALL, Reads
from api.routes.asked import Asked
from api.routes.names import DayText, Who, whos, words_of
from api.routes.reads import Read
from api.wire import Instant, Text, instant
from ledger.errors import NotFound, NotYours
from ledger.ids import PERSON, prefix_of
from projections.asof.of_things import THINGS, thing_of
from projections.reading import Cells, Filter, Page, listed, one

Order = tuple[tuple[str, bool], ...]


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """One table as callers see it.

    `name` and `one` name the two reads (`meetings`, `meeting`); `reads` says who may read all rows. Where it is not
    public, a row may also be read by whoever speaks for a party in one of the columns `own`; a list for them is asked with
    that column as a filter. `parties` are columns with ids of members, teams or units; `words` columns with commitments,
    shown as documents to who may read names and to the row's own; `lists` texts that hold one value a line. Columns of
    `filters` may be asked for by value; those of `hidden` are not shown.
    """

    name: str
    one: str
    table: Table
    tag: str
    reads: Reads
    about: str
    """What the list gives, in one sentence for the API's document."""
    path: str = ""
    own: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    order: Order = (("number", False),)
    veil: tuple[tuple[str, ...], Callable[[Asked, Cells], bool]] | None = None
    """Columns that are null while the row is closed to who asks, and whether it is."""
    missing: str = ""
    """The code of what does not exist; `no_such_<one>` unless said otherwise."""

    @property
    def key(self) -> str:
        """The column with the row's id."""
        return str([column.name for column in self.table.primary_key.columns][1])

    @property
    def route(self) -> str:
        """The path of the list; the id comes behind it."""
        return self.path or "/" + self.name.replace("_", "-")

    def absent(self, key: str) -> NotFound:
        """That there is no such row, in the same words for who may not know of it."""
        return NotFound(self.missing or f"no_such_{self.one}", **{self.key: key})


def columns_of(shelf: Shelf) -> list[Column[Any]]:
    """The columns that are shown."""
    kept = ("ledger", "version", *shelf.hidden)
    return [column for column in shelf.table.columns if column.name not in kept]


def _hint(shelf: Shelf, column: Column[Any]) -> Any:
    name = column.name
    hint: Any = Text
    if name in shelf.parties:
        return Who | None
    if name in shelf.words:
        return dict[str, Any] | None
    if name in shelf.lists:
        return list[str]
    if column.type.python_type is int:
        hint = bool if type(column.type) is Integer else Instant if name.endswith("_at") else int
    elif name == "day" or name.endswith(("_day", "_on")):
        hint = DayText
    else:
        hint = str
    veiled = shelf.veil is not None and name in shelf.veil[0]
    return hint | None if column.nullable or veiled else hint


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def record_type(shelf: Shelf) -> type[msgspec.Struct]:
    """The type of one row in answers."""
    fields = [(str(column.name), _hint(shelf, column)) for column in columns_of(shelf)]
    doc = {"__doc__": f"One of `{shelf.name}`."}
    return msgspec.defstruct(_camel(shelf.one), fields, frozen=True, kw_only=True, namespace=doc, module=__name__)


def _types(shelf: Shelf) -> tuple[type[msgspec.Struct], type[msgspec.Struct], type[msgspec.Struct]]:
    """The types of one row, of a page of them, and of what may be asked."""
    row = record_type(shelf)
    page = msgspec.defstruct(
        _camel(shelf.name) + "Page",
        [(shelf.name, list[row]), ("next", str | None)],  # type: ignore[valid-type]  # made at run time from the table
        frozen=True,
        kw_only=True,
        namespace={"__doc__": f"A page of `{shelf.name}`."},
        module=__name__,
    )
    query = msgspec.defstruct(
        _camel(shelf.name) + "Query",
        [(name, Text | None, None) for name in shelf.filters],
        bases=(Paged,),
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": f"Which of `{shelf.name}`."},
        module=__name__,
    )
    return row, page, query


def _cell(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if type(column.type) is Integer:
        return bool(value)
    return instant(value) if column.name.endswith("_at") else value


def _rows(shelf: Shelf, kind: type[msgspec.Struct], asked: Asked, rows: list[Cells]) -> list[msgspec.Struct]:
    """Rows as callers see them: parties by name, documents where the caller may read them.

    On a shelf for everybody whoever is not named in full has neither id nor number, nor in a list: else public lists could
    be joined, and one that masks be read beside one that names.
    """
    lines = {line for row in rows for name in shelf.lists for line in (row[name] or "").split("\n")}
    members = {who for line in lines if prefix_of(who := line.partition(" ")[0]) == PERSON}
    parties = [row[name] for row in rows for name in shelf.parties]
    known = whos(asked, [*parties, *members], hide=shelf.reads.public)
    open_rows = [row for row in rows if shelf.words and _is_open(shelf, asked, row)]
    documents = words_of(asked, [row[name] for row in open_rows for name in shelf.words])
    seen = {id(row) for row in open_rows}
    found = []
    for row in rows:
        cells: dict[str, Any] = {}
        for column in columns_of(shelf):
            name, value = column.name, row[column.name]
            if name in shelf.parties:
                cells[name] = known.get(value)
            elif name in shelf.words:
                cells[name] = documents.get(value) if id(row) in seen else None
            elif name in shelf.lists:
                cells[name] = [_line(line, known) for line in value.split("\n")] if value else []
            else:
                cells[name] = _cell(column, value)
        found.append(kind(**cells))
    return found


def _line(line: str, known: Mapping[str | None, Who | None]) -> str:
    """A line of a list, with the masked name of a person who is not to be known by their id."""
    first, gap, more = line.partition(" ")
    who = known.get(first)
    return line if who is None or who.id is not None else f"{who.name}{gap}{more}"


def _is_open(shelf: Shelf, asked: Asked, row: Cells) -> bool:
    """Whether the caller sees a row's documents."""
    own = any(row[name] and asked.is_own(row[name]) for name in shelf.own)
    return own or asked.caller.sees_name_of(*where_is(shelf, row))


def _is_known(asked: Asked, member: str) -> bool:
    return asked.is_own(member) or asked.caller.sees_name_of(member)


def where_is(shelf: Shelf, row: Cells) -> tuple[str | None, ...]:
    """What may say where a row is, for roles held for one place: its place, what it is about, whose it is."""
    return row.get("place"), row[shelf.key], *(row[name] for name in (*shelf.own, *shelf.parties))


def may_read(shelf: Shelf, row: Cells, holds: Callable[..., bool], is_own: Callable[[str | None], bool]) -> bool:
    """Whether somebody who holds such roles (there), and whose own such parties are, may read a row."""
    own = shelf.reads.public or any(row[name] and is_own(row[name]) for name in shelf.own)
    return own or holds(shelf.reads.roles, *where_is(shelf, row))


def may_list(shelf: Shelf, asked: Asked, where: Mapping[str, Filter]) -> None:
    """Who may not read all rows asks for their own, or for those of a place or party where their role counts, by a filter;
    and nobody asks a shelf for everybody for the rows of a person who is masked there.

    Raises NotYours `not_for_your_roles`.
    """
    asked_for = [one for name in ("place", *shelf.own) if isinstance(one := where.get(name), str)]
    if shelf.reads.public:
        for name in shelf.parties:
            party = where.get(name)
            # Asking for one person's rows would tell whose they are.
            if isinstance(party, str) and prefix_of(party) == PERSON and not _is_known(asked, party):
                raise NotYours("not_for_your_roles", roles=", ".join(sorted(READ_ALL)))
        return
    if asked.caller.holds(shelf.reads.roles, *asked_for):
        return
    for name in shelf.own:
        owner = where.get(name)
        if isinstance(owner, str) and asked.is_own(owner):
            return
    raise NotYours("not_for_your_roles", roles=", ".join(sorted(shelf.reads.roles)))


def page_of(shelf: Shelf, asked: Asked, where: Mapping[str, Filter], *, after: str | None, limit: int) -> Page:
    """A page of the shelf's rows as the books hold them. Raises NotYours, Refused `bad_cursor`."""
    may_list(shelf, asked, where)
    database, ledger = asked.store.database, asked.ledger
    page = listed(database, shelf.table, ledger, where=where, order=shelf.order, after=after, limit=limit)
    return Page([_veiled(shelf, asked, row) for row in page.rows], page.next) if shelf.veil else page


def _veiled(shelf: Shelf, asked: Asked, row: Cells) -> Cells:
    """The row without what is closed to who asks."""
    if shelf.veil is None or not shelf.veil[1](asked, row):
        return row
    return {**row, **dict.fromkeys(shelf.veil[0])}


def row_of(shelf: Shelf, asked: Asked, key: str) -> Cells:
    """One row; raises NotFound where there is none or the caller may not know of it."""
    row = one(asked.store.database, shelf.table, asked.ledger, **{shelf.key: key})
    if row is None or not may_read(shelf, row, asked.caller.holds, asked.is_own):
        raise shelf.absent(key)
    return _veiled(shelf, asked, row)


def reads_of(shelf: Shelf) -> tuple[Read, ...]:
    """The two reads of a shelf."""
    kind, page_kind, query_kind = _types(shelf)

    def many(asked: Asked, query: Any) -> msgspec.Struct:
        where = {name: getattr(query, name) for name in shelf.filters}
        page = page_of(shelf, asked, where, after=query.after, limit=query.limit)
        return page_kind(**{shelf.name: _rows(shelf, kind, asked, page.rows), "next": closed(page.next)})

    def single(asked: Asked, _query: msgspec.Struct) -> msgspec.Struct:
        return _rows(shelf, kind, asked, [row_of(shelf, asked, asked.path[shelf.key])])[0]

    many.__name__, many.__doc__ = shelf.name, shelf.about
    many.__annotations__ = {"asked": Asked, "query": query_kind, "return": page_kind}
    single.__name__, single.__doc__ = shelf.one, f"One of these: {shelf.about[0].lower()}{shelf.about[1:]}"
    single.__annotations__ = {"asked": Asked, "_query": msgspec.Struct, "return": kind}
    return (
        Read(shelf.route, many, shelf.tag, query_kind, reads=shelf.reads),
        Read(f"{shelf.route}/{{{shelf.key}}}", single, shelf.tag, watched=shelf.key, reads=shelf.reads),
    )


def figures_of(shelf: Shelf) -> dict[str, dict[str, str]]:
    """The names of a shelf's figures by the type of its answer, as `api.asof.tables` lists them for the others."""
    thing = thing_of(shelf.table)
    known = THINGS.get(thing)
    shown = {column.name for column in columns_of(shelf)}
    names = [] if known is None else [name for name in known.figures if name in shown]
    return {_camel(shelf.one): {name: f"{thing}:{{{shelf.key}}}:{name}" for name in names}} if names else {}


def shelf_of(thing: str) -> Shelf | None:
    """The shelf whose records' figures begin with this name; None for things of the ground floor."""
    from api.engines import SHELVES

    return next((shelf for shelf in SHELVES if thing_of(shelf.table) == thing), None)


@lru_cache(maxsize=1)
def _public_ids() -> frozenset[str]:
    """The ids of records that everybody may read."""
    from api.engines import SHELVES

    own = (shelf for shelf in SHELVES if thing_of(shelf.table) == shelf.key.removesuffix("_id"))
    return frozenset(shelf.key for shelf in own if shelf.reads.public)


def on_a_public_shelf(fields: tuple[str, ...]) -> bool:
    """Whether a fact with these fields belongs to a record that everybody may read."""
    return not _public_ids().isdisjoint(fields)

"""What the ids in some rows stand for: people and organisations by name, other records by their title or number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from markupsafe import Markup
from sqlalchemy import Table

from api.engines import SHELVES
from api.pages.board import may_see
from api.pages.common import Visit
from api.pages.happenings import titles_of
from api.pages.naming import labels
from api.routes.asked import Asked
from api.shelves import Shelf, columns_of, may_read
from api.texts import text
from ledger.funds.commands import GENERAL
from ledger.ids import PERSON, SERVICE, TEAM, UNIT, prefix_of
from ledger.rules import COMMANDS
from projections.books import more_tables, tables
from projections.books import queries as books
from projections.reading import Cells, many

_ID = re.compile(r"[a-z]{2,6}_[0-9a-z][0-9a-z.-]{9,70}")
_WITH_NAMES = frozenset({PERSON, TEAM, UNIT, SERVICE, "place"})
_REQUEST = "req"
_GROUND: dict[str, tuple[Table, str, str]] = {
    "ses": (tables.sessions, "session_id", "session"),
    "rcpt": (more_tables.receipts, "receipt_id", "receipt"),
    "grant": (more_tables.grants, "grant_id", "grant"),
    "plq": (more_tables.plaques, "plaque_id", "plaque"),
    "call": (more_tables.callouts, "callout_id", "callout"),
    "claim": (more_tables.claims, "claim_id", "claim"),
}
"""Records that stand on no shelf, by the prefix of their ids: where they are kept, and what one is called."""
TITLES = ("name", "title")
_NAMED_BY = ("shift_id", "service_id", "menu_id", "group_id")
"""Columns with a record that has a name of its own, which says more than whose a sign-up or a reservation is."""
OF_WHOM = ("unit", "member", "member_id", "owner", "provider", "subject", "terms_of", "tied_place", "place_id", "peer")
"""Columns that say whom or what a record is about, where it has no name and nobody owns it. Who opened or wrote it is not
what it is about."""


class Known(msgspec.Struct, frozen=True):
    """One record as others name it: its title, and its page ("" where it has none or may not be opened)."""

    title: str
    href: str


def asked(visit: Visit) -> Asked:
    """Who looks, as the reads of the API know them."""
    return Asked(visit.store, visit.ledger, visit.caller, {}, visit.lang)


@cache
def by_key() -> dict[str, Shelf]:
    """The shelf whose records have ids of this name."""
    return {shelf.key: shelf for shelf in SHELVES if shelf.key.endswith("_id")}


@cache
def by_prefix() -> dict[str, Shelf]:
    """The shelf whose records have ids with this prefix, as the commands make them."""
    found: dict[str, Shelf] = {}
    for kind in COMMANDS.values():
        for field in msgspec.structs.fields(kind):
            shelf = by_key().get(field.name)
            if shelf is not None and field.default_factory is not msgspec.NODEFAULT:
                found.setdefault(prefix_of(field.default_factory()), shelf)
    return {prefix: shelf for prefix, shelf in found.items() if prefix not in (_REQUEST, *_GROUND)}


def ids_in(shelf: Shelf, rows: Iterable[Cells]) -> set[str]:
    """Everything in the texts of some rows that has the shape of an id."""
    texts = [column.name for column in columns_of(shelf) if column.type.python_type is str]
    return {one for row in rows for name in texts if row[name] for one in _ID.findall(row[name])}


class References:
    """The names of all ids in some rows, looked up together."""

    def __init__(self, visit: Visit, shelf: Shelf, rows: list[Cells]) -> None:
        self.visit = visit
        wanted = ids_in(shelf, rows)
        clear: bool | list[str | None] = True if visit.caller.sees_names else [visit.caller.actor or None]
        named = (one for one in wanted if prefix_of(one) in _WITH_NAMES)
        self.names: dict[str, str] = labels(visit, named, clear=clear)
        self.records: dict[str, Known] = {}
        self.rows: dict[str, Cells] = {}
        self._requests([one for one in wanted if prefix_of(one) == _REQUEST])
        self._shelved(shelf, rows, wanted)
        self._ground(wanted)
        self._funds: dict[str, str] | None = None
        self._items: dict[tuple[str, str], str] = {}

    def _requests(self, ids: list[str]) -> None:
        visit = self.visit
        found = books.requests_by_id(visit.store.database, visit.ledger, ids)
        seen = [row for row in found.values() if may_see(visit, row)]
        titles = titles_of(visit, seen)
        for row in found.values():
            title = titles.get(row["request_id"]) or numbered(visit, visit.t("records.one_request"), row["number"])
            href = visit.url(f"requests/{row['request_id']}") if row["request_id"] in titles else ""
            self.records[row["request_id"]] = Known(title, href)

    def _shelved(self, shelf: Shelf, rows: list[Cells], wanted: set[str]) -> None:
        """Records of other shelves: by the name of the column, else by the prefix of the id."""
        kept: dict[str, set[str]] = {}
        for column in columns_of(shelf):
            other = by_key().get(column.name)
            if other is not None and other is not shelf and other.key not in ("request_id", "claim_id", "place_id"):
                kept.setdefault(other.name, set()).update(row[column.name] for row in rows if row[column.name])
        placed = {one for ids in kept.values() for one in ids}
        for one in wanted - placed:
            other = by_prefix().get(prefix_of(one))
            if other is not None and (other is not shelf or one not in {row[shelf.key] for row in rows}):
                kept.setdefault(other.name, set()).add(one)
        shelves = {one.name: one for one in SHELVES}
        for name, ids in kept.items():
            self._on(shelves[name], ids)

    def _on(self, shelf: Shelf, ids: set[str]) -> None:
        visit = self.visit
        one = text(visit.lang, f"api.reads.{shelf.one}")
        who = asked(visit)
        for row in many(visit.store.database, shelf.table, visit.ledger, shelf.key, ids):
            key = row[shelf.key]
            self.rows[key] = row
            opens = may_read(shelf, row, visit.caller.holds, who.is_own)
            title = next((str(row[name]) for name in TITLES if opens and row.get(name)), "")
            shown = title or numbered(visit, one, row["number"])
            self.records[key] = Known(shown, visit.url(f"records/{shelf.name}/{key}") if opens else "")

    def _ground(self, wanted: set[str]) -> None:
        visit = self.visit
        for prefix, (table, key, one) in _GROUND.items():
            ids = [found for found in wanted if prefix_of(found) == prefix and found not in self.records]
            for row in many(visit.store.database, table, visit.ledger, key, ids) if ids else ():
                told = numbered(visit, visit.t(f"records.one_{one}"), row["number"])
                self.records[row[key]] = Known(told, "")

    # ---- one by one ----------------------------------------------------------------------------------------------------

    def known(self, identifier: str) -> str | Markup | None:
        """An id in words, as a link where it leads on; None for what is no id that anybody can name."""
        if identifier in self.names:
            return self.names[identifier]
        record = self.records.get(identifier)
        if record is None:
            return None
        return Markup('<a href="{}">{}</a>').format(record.href, record.title) if record.href else record.title

    def fund(self, identifier: str) -> str:
        """The name of a fund."""
        self._look_up_funds()
        return (self._funds or {}).get(identifier, "")

    def item(self, fund: str, code: str) -> str:
        """The name of a fund's item; where it has none (any more), that it is one."""
        if code == GENERAL:
            return self.visit.t("fund.general")
        self._look_up_funds()
        return self._items.get((fund, code)) or self.visit.t("records.one_item")

    def _look_up_funds(self) -> None:
        if self._funds is not None:
            return
        self._funds = {}
        for account in books.funds(self.visit.store.database, self.visit.ledger):
            fund = account.fund["fund"]
            self._funds[fund] = account.fund["name"]
            self._items |= {(fund, row["item"]): str(row["name"]) for row in account.items if row["name"]}


def numbered(visit: Visit, what: str, number: int) -> str:
    """A record that has no name of its own: what it is and its number."""
    told = text(visit.lang, "sampling.line_of.name", number=f"{number:,}")
    return text(visit.lang, "sampling.line_of.titled", what=what, title=told)


def title_of(visit: Visit, shelf: Shelf, row: Cells, refs: References) -> str:
    """What a record is called: by its name, by what it is about, else by its number."""
    for name in TITLES:
        if row.get(name):
            return str(row[name])
    request = row.get("request_id")
    if request and shelf.key != "deal_id" and request in refs.records:
        return refs.records[request].title
    for name in _NAMED_BY:
        if name != shelf.key and row.get(name) in refs.records:
            return refs.records[row[name]].title
    for name in (*shelf.own, *OF_WHOM):
        value: Any = row.get(name)
        if value and (value in refs.names or value in refs.records):
            return refs.names.get(value) or refs.records[value].title
    one = text(visit.lang, f"api.reads.{shelf.one}")
    if row.get("day") and "kind" in row:
        kind = f"sampling.value.kind_{row['kind']}"
        told = text(visit.lang, kind)
        return text(
            visit.lang, "sampling.line_of.titled", what=one if told == kind else told, title=visit.day(row["day"])
        )
    return numbered(visit, one, row["number"])

"""Everything about one member, out of journal, books and vault, as one document.

Its words come with their openings: whoever holds a document and its opening can show what a sealed event commits to,
today and in ten years, without this program (`check`). Other people's ids are replaced by their short numbers; words that
others wrote are theirs and not in it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import structlog
from sqlalchemy import Table, bindparam, select

from api.own_data.shapes import Account, Event, Movement, OwnData, PhotoKept, SignIns, Words
from api.signin import happenings
from api.store import Store
from api.wire import instant
from ledger.accounts import held, usable
from ledger.errors import NotFound
from ledger.ids import PERSON, prefix_of
from ledger.journal.queries import rows_with_tags
from ledger.journal.recorded import Recorded
from ledger.journal.sign_in_tables import sign_in_cards
from ledger.journal.tables import events, tokens, web_sessions
from projections.books import more_tables, queries, tables
from projections.reading import Cells, Page, listed, many

FORMAT = "nuanlin/own-data/1"
_log = structlog.get_logger("nuanlin.own_data")
_PAGE = 500
_KEPT_TO_OURSELVES = frozenset({"words", "done_words", "closing_words", "version"})
"""Columns that say nothing to a person: commitments stand in `words` and `events`, versions are ours."""


def own_data(store: Store, ledger: str, member_id: str, *, by: str, role: str = "") -> OwnData:
    """What the ledger holds about a member; `by` and `role` say who looks, for the log, which names nobody.

    Raises NotFound `no_such_member`.
    """
    row = queries.member(store.database, ledger, member_id)
    if row is None:
        raise NotFound("no_such_member", member=member_id)
    made = _Collector(store, ledger, row).collect()
    _log.info("own_data_given", ledger=ledger, member=member_id, by=by, role=role, position=made.position)
    return made


class _Collector:
    """One person's data as of one moment, and the short numbers of those who appear in it."""

    def __init__(self, store: Store, ledger: str, row: Cells) -> None:
        self._store, self._db, self._ledger, self._row = store, store.database, ledger, row
        self._id = str(row["member_id"])
        self._numbers: dict[str, str] = {}

    def collect(self) -> OwnData:
        """See `own_data`."""
        store, ledger, one = self._store, self._ledger, self._id
        info = queries.ledger_info(self._db, ledger) or {"name": ledger}
        point = queries.as_of(self._db, ledger)
        receipts = self._all(lambda after: queries.receipts(self._db, ledger, donor=one, after=after, limit=_PAGE))
        pledges = self._all(lambda after: queries.pledges(self._db, ledger, donor=one, after=after, limit=_PAGE))
        tags = [one, f"role_{one}", *(row["receipt_id"] for row in receipts), *(row["pledge_id"] for row in pledges)]
        recorded = self._events(tags)
        self._learn(recorded, [*receipts, *pledges])
        sessions = self._all(lambda after: queries.sessions_of(self._db, ledger, one, after=after, limit=_PAGE))
        return OwnData(
            format=FORMAT,
            ledger=ledger,
            community=str(info["name"]),
            position=point.position,
            at=instant(store.clock()),
            member=self._profile(),
            proxies=[self._who(proxy) for proxy in queries.proxies_of(self._db, ledger, one)],
            acts_for=self._principals(),
            roles=self._shown(self._rows(tables.roles, "holder")),
            accounts=[made for name in self._accounts() for made in self._account(*name)],
            sessions=self._shown(sessions),
            corrections=self._shown(self._rows(tables.corrections, "volunteer", number="number")),
            reservations=self._shown(
                self._all(lambda after: queries.reservations_of(self._db, ledger, one, after=after, limit=_PAGE))
            ),
            certificates=self._shown(queries.certificates_of(self._db, ledger, one)),
            requests=self._shown(self._rows(more_tables.requests, "requester", number="number")),
            claims=self._shown(
                self._all(lambda after: queries.claims_of(self._db, ledger, one, after=after, limit=_PAGE))
            ),
            pledges=self._shown(pledges),
            donations=self._shown(receipts),
            grants=self._shown(self._rows(more_tables.grants, "payee", number="number")),
            sign_ins=self._sign_ins(),
            words=self._words(recorded),
            photos=self._photos(),
            events=[self._event(event) for event in recorded],
        )

    # ---- rows ------------------------------------------------------------------------------------------------------

    def _profile(self) -> dict[str, Any]:
        shown = {"short_number": queries.short_number(self._row), **_plain(self._row)}
        for name in ("departed", "erased", "party_member", "wall_named", "wall_hidden", "donor_named", "donor_hidden"):
            shown[name] = bool(shown[name])
        shown["guardian"] = self._who(shown["guardian"]) if shown["guardian"] else None
        return shown

    def _principals(self) -> list[str]:
        rows = [row for row in self._rows(tables.proxies, "proxy") if row["active"]]
        return [self._who(row["principal"]) for row in rows]

    def _all(self, page_of: Callable[[str | None], Page]) -> list[Cells]:
        """Every row of a paged query, oldest first."""
        found: list[Cells] = []
        after: str | None = None
        while True:
            page = page_of(after)
            found += page.rows
            if page.next is None:
                return sorted(found, key=lambda row: int(row["number"]))
            after = page.next

    def _rows(self, table: Table, column: str, *, number: str = "") -> list[Cells]:
        """The rows of a table that name this member in a column, in the order in which they began."""
        if number:
            where = {column: self._id}
            return self._all(
                lambda after: listed(
                    self._db, table, self._ledger, where=where, order=((number, False),), after=after, limit=_PAGE
                )
            )
        return many(self._db, table, self._ledger, column, [self._id])

    def _shown(self, rows: Iterable[Cells]) -> list[dict[str, Any]]:
        return [{name: self._masked(value) for name, value in _plain(row).items()} for row in rows]

    def _sign_ins(self) -> SignIns:
        def read(table: Table, *names: str) -> list[dict[str, Any]]:
            columns = [table.c[name] for name in names]
            mine = (table.c.ledger == bindparam("l")) & (table.c.actor == bindparam("a"))
            ready = self._db.prepare(
                ("own_data", table.name), select(*columns).where(mine).order_by(table.c.created_at, table.c.digest)
            )
            with self._db.reading() as cursor:
                cursor.execute(ready.text, (self._ledger, self._id))
                rows = cursor.fetchall()
            return [
                {name: _when(value) if name.endswith("_at") else value for name, value in zip(names, row, strict=True)}
                for row in rows
            ]

        return SignIns(
            tokens=self._tokens(read(tokens, "label", "digest", "created_at", "expires_at", "revoked_at")),
            browsers=read(web_sessions, "via", "created_at", "expires_at", "revoked_at"),
            cards=read(sign_in_cards, "created_at", "expires_at", "used_at", "revoked_at"),
            happened=[
                {"at": _when(one.at), "what": one.what, "agent": one.agent}
                for one in happenings.latest(self._store, self._ledger, self._id, happenings.KEPT)
            ],
        )

    def _tokens(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        veil = self._store.vault.veil
        shown: list[dict[str, Any]] = []
        for row in rows:
            digest = row.pop("digest")
            shown.append({**row, "label": veil.show(row["label"], digest)})
        return shown

    # ---- accounts --------------------------------------------------------------------------------------------------

    def _accounts(self) -> list[tuple[str, str]]:
        names = [usable(self._id), held(self._id), f"donor:{self._id}", f"pledged:{self._id}"]
        rows = many(self._db, tables.accounts, self._ledger, "account", names)
        return sorted(((row["account"], row["unit"]) for row in rows), key=lambda one: (names.index(one[0]), one[1]))

    def _account(self, account: str, unit: str) -> list[Account]:
        lines: list[queries.StatementLine] = []
        after: str | None = None
        while True:
            page = queries.statement(self._db, self._ledger, account, unit, after=after, limit=_PAGE)
            lines += page.lines
            after = page.next
            if after is None:
                break
        movements = [
            Movement(
                position=one.position,
                at=instant(one.recorded_at),
                type=one.type,
                amount=one.amount,
                balance=one.balance,
            )
            for one in reversed(lines)
        ]
        return [Account(account=account, unit=unit, balance=page.balance, movements=movements)]

    # ---- the journal and the vault ---------------------------------------------------------------------------------

    def _events(self, tags: list[str]) -> list[Recorded]:
        with self._db.reading() as cursor:
            positions = sorted({int(row[0]) for row in rows_with_tags(self._db, cursor, self._ledger, tags)})
        c = events.c
        ready = self._db.prepare(
            "own_data.event",
            select(c.position, c.recorded_at, c.type, c.tags, c.data).where(
                c.ledger == bindparam("l"), c.position == bindparam("p")
            ),
        )
        found: list[Recorded] = []
        with self._db.reading() as cursor:
            for position in positions:
                cursor.execute(ready.text, (self._ledger, position))
                found += [self._store.codec.recorded(self._ledger, *row) for row in cursor.fetchall()]
        return found

    def _event(self, event: Recorded) -> Event:
        envelope = event.envelope
        return Event(
            position=event.position,
            recorded_at=instant(event.recorded_at),
            decided_at=instant(envelope.at),
            type=self._store.codec.name_of(event.fact),
            by=self._who(envelope.by),
            role=envelope.role,
            behalf=self._who(envelope.behalf) if envelope.behalf else None,
            fact={name: self._masked(value) for name, value in msgspec.to_builtins(event.fact).items()},
        )

    def _words(self, recorded: list[Recorded]) -> list[Words]:
        """What the vault keeps about this person, and what of it was destroyed."""
        at = {words: event.position for event in recorded if (words := getattr(event.fact, "words", ""))}
        own = self._store.vault.all_of(self._ledger, self._id)
        found = [
            Words(
                commitment=one.commitment,
                state="kept",
                position=at.get(one.commitment),
                kept_at=instant(one.kept_at),
                document=msgspec.json.decode(one.document),
                exact=base64.b64encode(one.document).decode(),
                opening=base64.b64encode(one.opening).decode(),
            )
            for one in own
        ]
        states = self._store.vault.state_of(self._ledger, at)
        ended = {before for event in recorded if (before := getattr(event.fact, "before", ""))}
        gone = [
            Words(
                commitment=one,
                state="corrected" if one in ended else "erased",
                position=at[one],
                kept_at=None,
                document=None,
                exact="",
                opening="",
            )
            for one, state in states.items()
            if state == "erased"
        ]
        return sorted([*found, *gone], key=lambda one: (one.position or 0, one.commitment))

    def _photos(self) -> list[PhotoKept]:
        """The photos that go with this person, oldest first."""
        return [
            PhotoKept(
                about=one.about, sha256=one.sha256, kept_at=instant(one.kept_at), jpeg=base64.b64encode(one.body).decode()
            )
            for one in self._store.photos.of(self._ledger, self._id)
        ]  # fmt: skip

    # ---- other people ----------------------------------------------------------------------------------------------

    def _learn(self, recorded: Iterable[Recorded], rows: Iterable[Cells]) -> None:
        """The short numbers of everybody whose id may appear."""
        ids: set[str] = set()
        for event in recorded:
            _collect_people(msgspec.to_builtins(event.fact), ids)
            ids.update(one for one in (event.envelope.by, event.envelope.behalf) if one)
        for row in rows:
            _collect_people(row, ids)
        self._look_up(ids)

    def _look_up(self, ids: Iterable[str]) -> None:
        people = [one for one in ids if prefix_of(one) == PERSON and one not in self._numbers]
        found = queries.members_by_id(self._db, self._ledger, people)
        for one in people:
            self._numbers[one] = queries.short_number(found[one]) if one in found else "V?"

    def _who(self, identifier: str) -> str:
        """This person's own id and those of organisations as they are; of anybody else only the short number."""
        if prefix_of(identifier) != PERSON or identifier == self._id:
            return identifier
        if identifier not in self._numbers:
            self._look_up([identifier])
        return self._numbers[identifier]

    def _masked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._who(value)
        if isinstance(value, list | tuple):
            return [self._masked(one) for one in value]
        return value


def _collect_people(value: Any, into: set[str]) -> None:
    if isinstance(value, str):
        if prefix_of(value) == PERSON:
            into.add(value)
    elif isinstance(value, dict):
        for one in value.values():
            _collect_people(one, into)
    elif isinstance(value, list | tuple):
        for one in value:
            _collect_people(one, into)


def _plain(row: Cells) -> dict[str, Any]:
    """A row without what says nothing to a person; moments as RFC 3339."""
    return {
        name: _when(value) if name.endswith("_at") else value
        for name, value in row.items()
        if name not in _KEPT_TO_OURSELVES
    }


def _when(at_micros: int | None) -> str | None:
    return None if at_micros is None else instant(at_micros).isoformat().replace("+00:00", "Z")

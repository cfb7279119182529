"""The bundle: a whole ledger with its seals and our claims about it in one zip file, to be checked without us (docs/bundle.md).

It is written from one consistent state of the database and as it is read: a million events need no more memory than a
thousand. What is damaged goes in as it is, since damage is what an auditor looks for; only what the format cannot hold
is refused. No name and no text of a person can be in it: nothing is read but journal, seals and projections.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Select, bindparam, select

from api.audit.archive import Archive
from api.audit.claims import Claims
from api.exports.beancount import write_beancount
from api.exports.files import whole_file
from api.exports.hledger import write_journal
from api.store import Store
from ledger.errors import NotFound, NuanlinError, Refused, Unusable
from ledger.journal.sql import Cursor, Row
from ledger.journal.tables import events, followers, ledgers
from ledger.seal.tables import seal_checkpoints, seal_cosignatures
from ledger.seal.tiles import WIDTH, Tiles
from projections.boards import Boards
from projections.books.books import REBUILDING
from projections.reading import fetch

FORMAT = "nuanlin/bundle/1"
LONGEST_EVENT = 1 << 20
"""Bytes of the longest line of events.jsonl, as verify.py has it."""

Progress = Callable[[int, int | None], None]

_CHUNK = 2_000
_POLICY = "policy.set@1"
_LEAVES_AT_ONCE = 64 * WIDTH
_PROOFS_AT_ONCE = 256
_UNREADABLE = (NuanlinError, msgspec.MsgspecError, ValueError, LookupError)
"""What a damaged journal makes those raise who read its facts."""


class Bundled(NamedTuple):
    """What a bundle holds. `warnings`: codes of what could not be done while it was made: reasons to look closer."""

    ledger: str
    position: int
    root: str
    vkey: str
    warnings: tuple[str, ...]


class _Checkpoint(NamedTuple):
    size: int
    root: bytes
    note: str


def write_bundle(
    store: Store, ledger: str, path: Path, *, at: int | None = None, progress: Progress = lambda _done, _total: None
) -> Bundled:
    """Write the bundle of a ledger as of its head, or as of the first checkpoint that covers position `at`.

    Everything is sealed first, and the boards caught up; where that fails the bundle ends at the last checkpoint there is.
    The file appears whole or not at all. Raises NotFound `no_such_ledger` and `no_such_position`, Unusable
    `books_being_rebuilt` or whatever keeps a ledger without any checkpoint from being sealed, Refused `event_not_one_line`
    and `event_too_long` with the position, OSError.
    """
    warnings: list[str] = []
    failure = _prepare(store, ledger, warnings)
    with store.database.reading() as cursor:
        source = _Source(store, ledger, cursor)
        source.choose(at, failure)
        with whole_file(path) as file, Archive(file) as archive:
            return _Writer(source, warnings, progress).write(archive)


def _prepare(store: Store, ledger: str, warnings: list[str]) -> NuanlinError | None:
    """Seal and count what is still to be sealed and counted; gives what kept the sealer from it."""
    failure = None
    try:
        store.sealer.catch_up(ledger, force_checkpoint=True)
    except NuanlinError as error:
        failure = error
        warnings.append(error.code)
    try:
        store.catch_up(ledger)
    except _UNREADABLE as error:
        warnings.append(getattr(error, "code", "journal_unreadable"))
    return failure


class _Source:
    """One state of the database, up to one checkpoint: `size` events with this root."""

    def __init__(self, store: Store, ledger: str, cursor: Cursor) -> None:
        self.store, self.ledger, self.cursor = store, ledger, cursor
        self.head = self._number(_head) or 0
        self.size, self.root = 0, b""

    def choose(self, at: int | None, failure: NuanlinError | None) -> None:
        """The last checkpoint that journal and boards have come to, or the first that covers `at`.

        Where sealing failed it is the last one that was ever signed, whatever became of the events it covers.
        """
        if not self.head and failure is None:
            raise NotFound("no_such_ledger", ledger=self.ledger)
        if self._number(_follower, n=REBUILDING) is not None:
            raise Unusable("books_being_rebuilt", ledger=self.ledger)
        sizes = [int(size) for (size,) in self.rows("bundle.sizes", _sizes)]
        if not sizes:
            raise failure or NotFound("not_sealed_yet", position=self.head)
        most = min(self.head, self._number(_follower, n=Boards.name) or 0) if failure is None else sizes[-1]
        if at is not None and not 1 <= at <= max(most, self.head):
            raise NotFound("no_such_position", position=at, head=self.head)
        fitting = [size for size in sizes if size <= most and (at is None or size >= at)]
        if not fitting:
            raise failure or NotFound("not_sealed_yet", position=at or self.head)
        self.size = fitting[-1] if at is None else fitting[0]
        self.root = bytes(self.rows("bundle.root", _root, s=self.size)[0][0])

    def events(self) -> Iterator[list[Row]]:
        """The rows that are there, in order, in pieces."""
        after = 0
        while rows := self.rows("bundle.events", _events, a=after, z=self.size, n=_CHUNK):
            yield rows
            after = int(rows[-1][0])

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        """(size, note with its cosignatures) of every checkpoint up to the last one of the bundle."""
        after = 0
        while rows := self.rows("bundle.checkpoints", _checkpoints, a=after, z=self.size, n=_CHUNK):
            last = int(rows[-1][0])
            lines: dict[int, str] = {}
            for size, line in self.rows("bundle.lines", _lines, a=after, z=last):
                lines[int(size)] = lines.get(int(size), "") + line
            for size, note in rows:
                yield int(size), note + lines.get(int(size), "")
            after = last

    def leaves(self) -> Iterator[bytes]:
        """The stored leaf hashes, in pieces; they end where one is missing."""
        for start in range(0, self.size, _LEAVES_AT_ONCE):
            try:
                yield b"".join(self._tiles().leaf_hashes(start, min(start + _LEAVES_AT_ONCE, self.size)))
            except Unusable:
                return

    def proofs(self) -> Iterator[tuple[int, int, list[str]]]:
        """(from, to, hashes in base64) between neighbouring checkpoints; without hashes where some are missing."""
        tiles, before = self._tiles(), 0
        for number, (size, _) in enumerate(self.checkpoints()):
            if number % _PROOFS_AT_ONCE == 0:
                tiles = self._tiles()
            if before:
                try:
                    hashes = [base64.b64encode(one).decode() for one in tiles.consistency_proof(before, size)]
                except Unusable:
                    hashes = []
                yield before, size, hashes
            before = size

    def rows(self, key: str, build: Callable[[], Select[Any]], **values: Any) -> list[Row]:
        """What a statement about this ledger gives."""
        return fetch(self.store.database, self.cursor, key, build, l=self.ledger, **values)

    def _number(self, build: Callable[[], Select[Any]], **values: Any) -> int | None:
        rows = self.rows(f"bundle.{build.__name__}", build, **values)
        return int(rows[0][0]) if rows else None

    def _tiles(self) -> Tiles:
        """A fresh reader of tiles: it keeps what it has read, and a bundle reads them all."""
        return Tiles(self.store.database, self.ledger, self.cursor)


class _Writer:
    """Writes the files of a bundle, one after another."""

    def __init__(self, source: _Source, warnings: list[str], progress: Progress) -> None:
        self._source, self._warnings, self._progress = source, warnings, progress
        self._rules: dict[str, list[dict[str, Any]]] = {}

    def write(self, archive: Archive) -> Bundled:
        """All of it, the manifest last."""
        source = self._source
        self._write_events(archive)
        self._write_seals(archive)
        archive.add("policy.json", _json({"rules": dict(sorted(self._rules.items()))}))
        claims = Claims(source.store.database, source.cursor, source.ledger, source.size)
        with archive.text("balances.csv") as out:
            claims.write_balances(out)
        with archive.text("rankings.csv") as out:
            claims.write_rankings(out)
        self._write_journals(archive)
        told = {
            "ledger": source.ledger,
            "origin": source.store.seals.origin(source.ledger),
            "events": source.size,
            "root": source.root.hex(),
            "vkey": self._vkey(),
        }
        archive.add("verify.py", _shipped("verify.py"))
        for name, template in (("README.md", "auditor.en.md"), ("README.zh-CN.md", "auditor.zh-CN.md")):
            archive.add(name, Template(_shipped(template).decode()).substitute(told).encode())
        archive.add("manifest.json", _json({"format": FORMAT, **told, "files": dict(sorted(archive.files.items()))}))
        root, vkey = source.root.hex(), str(told["vkey"])
        return Bundled(source.ledger, source.size, root, vkey, tuple(dict.fromkeys(self._warnings)))

    def _write_events(self, archive: Archive) -> None:
        with archive.file("events.jsonl") as out:
            for rows in self._source.events():
                out.write(b"".join([_line(*row) for row in rows]))
                for position, _, name, _, data in rows:
                    if name == _POLICY:
                        self._note_rule(int(position), bytes(data))
                self._progress(int(rows[-1][0]), self._source.size)

    def _note_rule(self, position: int, data: bytes) -> None:
        fact = msgspec.json.decode(data).get("fact", {})
        told = {"position": position, "from_day": fact.get("from_day"), "value": fact.get("value")}
        self._rules.setdefault(str(fact.get("name")), []).append(told)

    def _write_seals(self, archive: Archive) -> None:
        latest = ""
        with archive.file("checkpoints.jsonl") as out:
            for size, latest in self._source.checkpoints():
                out.write(_json({"size": size, "note": latest}) + b"\n")
        archive.add("checkpoint", latest.encode())
        with archive.file("proofs.jsonl") as out:
            for before, size, hashes in self._source.proofs():
                out.write(_json({"from": before, "to": size, "proof": hashes}) + b"\n")
        with archive.file("leaves.bin") as out:
            for piece in self._source.leaves():
                out.write(piece)

    def _write_journals(self, archive: Archive) -> None:
        """The journals for other programs; where the facts cannot be read, a comment says so."""
        source = self._source
        for name, write in (("journal.hledger", write_journal), ("journal.beancount", write_beancount)):
            with archive.text(name) as out:
                try:
                    given = (source.store.database, source.store.codec, source.ledger, out)
                    write(*given, position=min(source.size, source.head), cursor=source.cursor)
                except _UNREADABLE as error:
                    code = getattr(error, "code", "journal_unreadable")
                    out.write(f"\n; not finished: {code}\n")
                    self._warnings.append(code)

    def _vkey(self) -> str:
        try:
            return self._source.store.seals.vkey(self._source.ledger)
        except Unusable as error:
            self._warnings.append(error.code)
            return ""


def _line(position: int, recorded_at: int, name: str, tags: str, data: bytes) -> bytes:
    """One event as its line; what is stored stands in it byte for byte. Raises Refused where that is not one line of JSON."""
    stored = bytes(data)
    try:
        whole = isinstance(msgspec.json.decode(stored), dict) and stored[:1] == b"{" and stored[-1:] == b"}"
    except (msgspec.MsgspecError, ValueError):
        whole = False
    if not whole or b"\n" in stored:
        raise Refused("event_not_one_line", position=position)
    listed = _json(tags.split("\n") if tags else [])
    head = b'{"position":%d,"recorded_at":%d,"type":%b,"tags":%b' % (position, recorded_at, _json(name), listed)
    line = b'%b,"data":%b}\n' % (head, stored)
    if len(line) > LONGEST_EVENT:
        raise Refused("event_too_long", position=position)
    return line


_json = msgspec.json.Encoder().encode


def _shipped(name: str) -> bytes:
    return files("api.audit").joinpath(name).read_bytes()


def _head() -> Select[Any]:
    return select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l"))


def _follower() -> Select[Any]:
    return select(followers.c.position).where(followers.c.ledger == bindparam("l"), followers.c.name == bindparam("n"))


def _sizes() -> Select[Any]:
    c = seal_checkpoints.c
    return select(c.size).where(c.ledger == bindparam("l")).order_by(c.size)


def _root() -> Select[Any]:
    c = seal_checkpoints.c
    return select(c.root).where(c.ledger == bindparam("l"), c.size == bindparam("s"))


def _checkpoints() -> Select[Any]:
    c = seal_checkpoints.c
    between = (c.ledger == bindparam("l"), c.size > bindparam("a"), c.size <= bindparam("z"))
    return select(c.size, c.note).where(*between).order_by(c.size).limit(bindparam("n"))


def _lines() -> Select[Any]:
    c = seal_cosignatures.c
    between = (c.ledger == bindparam("l"), c.size > bindparam("a"), c.size <= bindparam("z"))
    return select(c.size, c.line).where(*between).order_by(c.size, c.witness)


def _events() -> Select[Any]:
    c = events.c
    between = (c.ledger == bindparam("l"), c.position > bindparam("a"), c.position <= bindparam("z"))
    return (
        select(c.position, c.recorded_at, c.type, c.tags, c.data)
        .where(*between)
        .order_by(c.position)
        .limit(bindparam("n"))
    )

"""States of tags, cached in memory and fast-forwarded by every commit, so that a command costs the same at any size.

A cached state is always as new as the committer's `seen`. A cold one is folded from the journal, from a snapshot where
the tag is long. Snapshots are a cache too: marked with the code that folded them, they can be dropped at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import bindparam, select

from ledger.base import Fact, S, State, fold
from ledger.journal.committer import Append
from ledger.journal.recorded import Recorded
from ledger.journal.recorder import SqlRecorder
from ledger.journal.rows import replace_rows
from ledger.journal.sql import Cursor
from ledger.journal.tables import event_tags, events, ledgers, snapshots

_CACHED_STATES = 300_000
_SNAPSHOT_AFTER = 500

_codecs: dict[type[State], tuple[str, msgspec.msgpack.Decoder[Any]]] = {}
_encode = msgspec.msgpack.Encoder().encode


@lru_cache(maxsize=1)
def code_version() -> bytes:
    """16 bytes that change with the package's code: what a state makes of a fact may change while its fields do not."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.digest()[:16]


def _codec_of(kind: type[State]) -> tuple[str, msgspec.msgpack.Decoder[Any]]:
    """The name under which snapshots of a kind of state are kept, and their decoder."""
    found = _codecs.get(kind)
    if found is None:
        name = f"{kind.__module__}.{kind.__name__}"
        found = _codecs[kind] = (name, msgspec.msgpack.Decoder(kind))
    return found


class Reader(NamedTuple):
    """A cursor inside a reading transaction, and the ledger's head as that transaction sees it."""

    cursor: Cursor
    head: int


class _Entry:
    __slots__ = ("position", "state")

    def __init__(self, state: State, position: int) -> None:
        self.state, self.position = state, position


class States:
    """The cache of one ledger."""

    def __init__(self, recorder: SqlRecorder) -> None:
        self._recorder = recorder
        self._by_tag: dict[str, dict[type[State], _Entry]] = {}
        self._count = 0
        self._observed = 0
        self._lock = Lock()
        recorder.committer.observe = self._observe
        recorder.committer.reset = self._reset
        d = recorder.database
        self._tagged = d.prepare(
            "state.events",
            select(events.c.position, events.c.type, events.c.data)
            .select_from(
                event_tags.join(
                    events, (events.c.ledger == event_tags.c.ledger) & (events.c.position == event_tags.c.position)
                )
            )
            .where(
                event_tags.c.ledger == bindparam("l"),
                event_tags.c.tag == bindparam("t"),
                event_tags.c.position > bindparam("a"),
            )
            .order_by(event_tags.c.position),
        )
        self._head = d.prepare("head.read", select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l")))
        where = (
            (snapshots.c.ledger == bindparam("l"))
            & (snapshots.c.tag == bindparam("t"))
            & (snapshots.c.kind == bindparam("k"))
        )
        self._snapshot = d.prepare("snapshot.read", select(snapshots.c.position, snapshots.c.state).where(where))

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One consistent state of the database for many cold states, as a batch of commands needs them."""
        with self._recorder.database.reading() as cursor:
            cursor.execute(self._head.text, (self._recorder.ledger,))
            row = cursor.fetchone()
            yield Reader(cursor, int(row[0]) if row else 0)

    def get(self, kind: type[S], tag: str, reader: Reader | None = None) -> S:
        """The state as of the committer's `seen`, or newer."""
        kinds = self._by_tag.get(tag)
        if kinds is not None:
            entry = kinds.get(kind)
            if entry is not None:
                return cast(S, entry.state)
        return self._load(kind, tag, reader)

    def _load(self, kind: type[S], tag: str, reader: Reader | None) -> S:
        while True:
            first = reader is not None
            if reader is not None:
                state, position, folded = self._fold(kind, tag, reader)
            else:
                with self.reading() as fresh:
                    state, position, folded = self._fold(kind, tag, fresh)
            reader = None  # what it shows may be behind what was observed meanwhile: look again with a fresh one
            if not first and position < self._observed:
                # Or the database was put back to an older state, which the committer finds out.
                self._recorder.committer.catch_up()
            with self._lock:
                if self._observed <= position:
                    if self._count > _CACHED_STATES:
                        self._drop_oldest()
                    if kind not in self._by_tag.setdefault(tag, {}):
                        self._count += 1
                    self._by_tag[tag][kind] = _Entry(state, position)
                    break
        if kind.LONG and folded >= _SNAPSHOT_AFTER:
            self._keep_snapshot(kind, tag, state, position)
        return state

    def _fold(self, kind: type[S], tag: str, reader: Reader) -> tuple[S, int, int]:
        """The state, the position it is as of, and how many facts were folded."""
        ledger, codec = self._recorder.ledger, self._recorder.codec
        cursor, head = reader
        state, after, folded = kind(tag=tag), 0, 0
        if kind.LONG:
            name, decoder = _codec_of(kind)
            cursor.execute(self._snapshot.text, (ledger, tag, name))
            kept = cursor.fetchone()
            if kept is not None and kept[0] <= head:
                version, data = bytes(kept[1][:16]), bytes(kept[1][16:])
                with suppress(msgspec.MsgspecError):  # a damaged one is no loss: the journal has it all
                    if version == code_version():
                        state, after = decoder.decode(data), int(kept[0])
        cursor.execute(self._tagged.text, (ledger, tag, after))
        while rows := cursor.fetchmany(1_000):
            for _position, type_name, data in rows:
                state = fold(state, codec.fact(type_name, data))
            folded += len(rows)
        return state, head, folded

    def _keep_snapshot(self, kind: type[State], tag: str, state: State, position: int) -> None:
        database, ledger, (name, _) = self._recorder.database, self._recorder.ledger, _codec_of(kind)
        row = (ledger, tag, name, position, code_version() + _encode(state))
        try:
            with database.writing() as cursor:
                replace_rows(database, cursor, snapshots, [row])
        except Exception:  # noqa: BLE001  # only a cache: a disk that is full or locked must not fail who reads
            return

    def _observe(self, written: Sequence[Recorded], appends: Sequence[Append]) -> None:
        with self._lock:
            for append in appends:
                self._adopt(append)
            for one in written:
                for tag in one.tags:
                    kinds = self._by_tag.get(tag)
                    if kinds is None:
                        continue
                    for entry in kinds.values():
                        if one.position > entry.position:
                            entry.state = fold(entry.state, one.fact)
                            entry.position = one.position
                self._observed = one.position

    def _adopt(self, append: Append) -> None:
        """Take over the states that a decision already evolved, as of its last event.

        Its condition says that nobody else wrote facts of these tags before; what others wrote after it in the same
        commit is folded as ever.
        """
        for tag, ahead in append.ahead.items():
            kinds = self._by_tag.get(tag)
            if kinds is not None:
                for kind, state in ahead.items():
                    entry = kinds.get(kind)
                    if entry is not None and entry.position < append.position:
                        entry.state, entry.position = state, append.position

    def _reset(self, position: int) -> None:
        with self._lock:
            self._observed = position
            self._by_tag.clear()
            self._count = 0

    def _drop_oldest(self) -> None:
        for tag in list(self._by_tag)[: len(self._by_tag) // 4 + 1]:
            self._count -= len(self._by_tag.pop(tag))


class Glance:
    """The view of one command by itself: remembers which tags it looked at."""

    __slots__ = ("_get", "tags")

    def __init__(self, states: States) -> None:
        self._get = states.get
        self.tags: dict[str, None] = {}

    def state(self, kind: type[S], tag: str) -> S:
        """See `ledger.base.View`."""
        self.tags[tag] = None
        return self._get(kind, tag)


class Sight:
    """The view of one decision, or of a batch: remembers which tags it looked at, and sees what the batch decided so far."""

    def __init__(self, states: States, reader: Reader | None = None) -> None:
        self._states, self._reader = states, reader
        self._ahead: dict[str, dict[type[State], State]] = {}
        self._decided: dict[str, list[Fact]] = {}
        self.tags: dict[str, None] = {}

    @property
    def ahead(self) -> Mapping[str, Mapping[type[State], State]]:
        """The states of every tag that was looked at, with all that the batch decided."""
        return self._ahead

    def state(self, kind: type[S], tag: str) -> S:
        """See `ledger.base.View`."""
        kinds = self._ahead.get(tag)
        if kinds is None:
            self.tags[tag] = None
            kinds = self._ahead[tag] = {}
        found: Any = kinds.get(kind)
        if found is None:
            found = self._states.get(kind, tag, self._reader)
            for happened in self._decided.get(tag, ()):
                found = fold(found, happened)
            kinds[kind] = found
        state: S = found
        return state

    def add(self, happened: Fact, tags: Sequence[str]) -> None:
        """Let later decisions of the same batch see a fact that is not written yet."""
        for tag in tags:
            self._decided.setdefault(tag, []).append(happened)
            kinds = self._ahead.get(tag)
            if kinds is not None:
                for kind, state in kinds.items():
                    kinds[kind] = fold(state, happened)

"""Group commit: appends wait for each other only at the disk (design §1.5).

Whoever leads the line takes all appends that wait for this ledger, checks each one's condition in turn, writes and
commits once, and answers each by itself. An append that conflicts is answered alone and harms no neighbour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any

from eventsourcing.dcb.api import DCBAppendCondition
from eventsourcing.persistence import IntegrityError, ProgrammingError
from sqlalchemy import bindparam, func, select, update

from ledger.base import Fact
from ledger.errors import Unusable
from ledger.journal.codec import Codec, join_tags, split_tags
from ledger.journal.line import Line
from ledger.journal.queries import Match, matcher, position_of_match
from ledger.journal.recorded import Envelope, Recorded
from ledger.journal.rows import insert_missing, insert_rows
from ledger.journal.sql import Cursor, Database, Row, blocks
from ledger.journal.tables import event_tags, events, ledgers

_KNOWN_TAGS_LIMIT = 400_000
_CATCH_UP_LIMIT = 20_000


class Draft:
    """One event on its way into the journal; `fact` and `envelope` ride along for books and states."""

    __slots__ = ("data", "envelope", "fact", "tags", "type")

    def __init__(
        self,
        type_name: str,
        data: bytes,
        tags: tuple[str, ...],
        envelope: Envelope | None = None,
        fact: Fact | None = None,
    ) -> None:
        self.type, self.data, self.tags, self.envelope, self.fact = type_name, data, tags, envelope, fact


class Append:
    """What one caller wants written, all or nothing, and the answer.

    `unless`: (tag, after) pairs; any event with that tag after that position is a conflict. `condition`: the library's
    general form, for callers that use the recorder directly. `ahead`: what the caller's states of its tags are once
    this is written, so that nobody need fold them again.
    """

    __slots__ = ("ahead", "at", "condition", "drafts", "error", "position", "unless")

    def __init__(
        self,
        drafts: Sequence[Draft],
        at: int,
        unless: Sequence[tuple[str, int]] = (),
        condition: DCBAppendCondition | None = None,
    ) -> None:
        if not drafts:
            raise ProgrammingError("an append holds at least one event")
        self.drafts, self.at, self.unless, self.condition = drafts, at, unless, condition
        self.ahead: Mapping[str, Mapping[type, Any]] = {}
        self.position = 0
        self.error: BaseException | None = None


InTransaction = Callable[[Cursor, str, Sequence[Recorded], bool], None]
"""(cursor, ledger, events, continuous): writes the books in the append's own transaction."""
Afterwards = Callable[[Sequence[Recorded], Sequence[Append]], None]
"""(events, appends): told what was committed, and by which appends where these know the states that came of it."""


class Committer:
    """Writes one ledger. Thread-safe; several processes may each have one for the same ledger."""

    def __init__(self, database: Database, ledger: str, codec: Codec) -> None:
        self._db, self._ledger, self._codec = database, ledger, codec
        self._line: Line[Append] = Line(self._commit_together)
        self._work = Lock()
        self.seen = 0
        """All events up to here are reflected in what `observe` was told."""
        self._started = False
        self._floor = 0
        self._known: dict[str, int] = {}
        self.book: InTransaction | None = None
        self.forget: Callable[[], None] = lambda: None
        self.observe: Afterwards = lambda _events, _appends: None
        self.reset: Callable[[int], None] = lambda _position: None
        self.ring: Callable[[], None] = lambda: None
        d = database
        self._lock_row = d.prepare(
            "head.lock",
            select(ledgers.c.head, ledgers.c.recorded_at).where(ledgers.c.ledger == bindparam("l")).with_for_update(),
        )
        self._move_head = d.prepare(
            "head.move",
            update(ledgers)
            .where(ledgers.c.ledger == bindparam("l"))
            .values(head=bindparam("h"), recorded_at=bindparam("r")),
        )
        self._since = d.prepare(
            "event.since",
            select(events.c.position, events.c.recorded_at, events.c.type, events.c.tags, events.c.data)
            .where(events.c.ledger == bindparam("l"), events.c.position > bindparam("a"))
            .order_by(events.c.position)
            .limit(bindparam("n")),
        )

    # ---- callers -------------------------------------------------------------------------------------------------

    def submit(self, append: Append) -> int:
        """Write it; gives the position of its last event. Raises IntegrityError on a conflict, Unusable if the store fails."""
        self._line.join(append)
        if append.error is not None:
            raise append.error
        return append.position

    def catch_up(self) -> bool:
        """Learn what other processes wrote; tells whether there was anything."""
        with self._work, self._db.reading() as cursor:
            cursor.execute(self._head_text(), (self._ledger,))
            row = cursor.fetchone()
            head = int(row[0]) if row else 0
            before = self.seen
            if head != before or not self._started:
                self._learn(cursor, head)
            return self.seen != before

    # ---- the leader ----------------------------------------------------------------------------------------------

    def _commit_together(self, batch: list[Append]) -> None:
        try:
            with self._work:
                self._commit(batch)
        finally:
            for append in batch:
                if append.position == 0 and append.error is None:
                    append.error = Unusable("store_failed")

    def _commit(self, batch: list[Append]) -> None:
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001  # whatever it was, it is handed to the caller who waits
            self._lose_track()
            if len(batch) == 1:
                batch[0].error = error
                return
            for append in batch:
                # One of them spoilt the batch: each is tried alone, so that its neighbours are not harmed.
                append.position, append.error = 0, None
                self._commit([append])
        except BaseException:
            # The leader's own thread was interrupted: it ends, and the books' memory may hold what was rolled back.
            self._lose_track()
            raise

    def _write(self, batch: list[Append]) -> None:
        written: list[Recorded] = []
        with self._db.writing() as cursor:
            head, last_at = self._lock_head(cursor)
            continuous = self._started and head == self.seen
            if not continuous:
                self._learn(cursor, head)
            self._look_up(cursor, batch)
            event_rows: list[Row] = []
            tag_rows: list[Row] = []
            fresh: dict[str, int] = {}
            start = head
            for append in batch:
                if self._conflicts(cursor, append, fresh, written):
                    append.error = IntegrityError("somebody else was first")
                    continue
                last_at = max(last_at, append.at)
                for draft in append.drafts:
                    head += 1
                    event_rows.append((self._ledger, head, last_at, draft.type, join_tags(draft.tags), draft.data))
                    for tag in draft.tags:
                        tag_rows.append((self._ledger, tag, head))
                        fresh[tag] = head
                    written.append(self._recorded(draft, head, last_at))
                append.position = head
            if head == start:
                return
            insert_rows(self._db, cursor, events, event_rows)
            tag_rows.sort()
            insert_rows(self._db, cursor, event_tags, tag_rows)
            cursor.execute(self._move_head.text, (head, last_at, self._ledger))
            if self.book is not None:
                self.book(cursor, self._ledger, written, continuous)
        self._known.update(fresh)
        # States first, `seen` after: who reads `seen` and then a state never takes an old state for a new one.
        try:
            self.observe(written, [append for append in batch if append.error is None and append.ahead])
        except Exception:  # noqa: BLE001  # it is committed: the answer stands, and whoever folds this state next meets the error
            self._lose_track()
            return
        self.seen = head
        self._trim()
        self.ring()

    def _recorded(self, draft: Draft, position: int, recorded_at: int) -> Recorded:
        envelope, fact = draft.envelope, draft.fact
        if envelope is None or fact is None:
            if self.book is None:
                return _bare(self._ledger, position, recorded_at, draft)
            envelope, fact = self._codec.decode(draft.type, draft.data)
        return Recorded(self._ledger, position, recorded_at, envelope, fact, draft.tags)

    def _lock_head(self, cursor: Cursor) -> tuple[int, int]:
        cursor.execute(self._lock_row.text, (self._ledger,))
        row = cursor.fetchone()
        if row is None:
            # Another process may be beginning the same ledger: its row is the lock then, as ever.
            insert_missing(self._db, cursor, ledgers, [(self._ledger, 0, 0)])
            cursor.execute(self._lock_row.text, (self._ledger,))
            row = cursor.fetchone()
        return (int(row[0]), int(row[1])) if row is not None else (0, 0)

    def _head_text(self) -> str:
        return self._db.prepare("head.read", select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l"))).text

    # ---- what is known without asking the database ----------------------------------------------------------------

    def _learn(self, cursor: Cursor, head: int) -> None:
        """Follow what others wrote since `seen`, or start afresh where that is too much."""
        self.forget()
        if not self._started or head - self.seen > _CATCH_UP_LIMIT or head < self.seen:
            self._known.clear()
            self.reset(head)
            self._floor = self.seen = head
            self._started = True
            return
        cursor.execute(self._since.text, (self._ledger, self.seen, head - self.seen))
        rows = cursor.fetchall()
        for position, _at, _type, tags, _data in rows:
            self._known.update({tag: int(position) for tag in split_tags(tags)})
        if self.book is not None:
            self.observe([self._codec.recorded(self._ledger, *row) for row in rows], ())
        self.seen = head

    def _look_up(self, cursor: Cursor, batch: list[Append]) -> None:
        """One query for the last positions of all tags that the batch's conditions name and we do not know yet."""
        wanted = {
            tag for append in batch for tag, after in append.unless if after < self._floor and tag not in self._known
        }
        if not wanted:
            return
        found: dict[str, int] = {}
        for part in blocks(sorted(wanted)):
            cursor.execute(self._last_positions(len(part)), (self._ledger, *part))
            found.update((tag, int(position)) for tag, position in cursor.fetchall())
        for tag in wanted:
            self._known[tag] = found.get(tag, 0)

    def _last_positions(self, size: int) -> str:
        key = ("tag.last", size)
        ready = self._db.prepared(key)
        if ready is None:
            statement = (
                select(event_tags.c.tag, func.max(event_tags.c.position))
                .where(
                    event_tags.c.ledger == bindparam("l"),
                    event_tags.c.tag.in_([bindparam(f"t{i}") for i in range(size)]),
                )
                .group_by(event_tags.c.tag)
            )
            ready = self._db.prepare(key, statement)
        return ready.text

    def _conflicts(self, cursor: Cursor, append: Append, fresh: dict[str, int], written: list[Recorded]) -> bool:
        for tag, after in append.unless:
            if (fresh.get(tag) or self._known.get(tag, 0)) > after:
                return True
        if append.condition is None:
            return False
        match: Match = matcher(append.condition.fail_if_events_match)
        after = append.condition.after or 0
        if any(match(draft_type, tags) for draft_type, tags in _types_and_tags(written, self._codec)):
            return True
        query = append.condition.fail_if_events_match
        return position_of_match(self._db, cursor, self._ledger, query, after) is not None

    def _trim(self) -> None:
        if len(self._known) > _KNOWN_TAGS_LIMIT:
            self._known.clear()
            self._floor = self.seen

    def _lose_track(self) -> None:
        """After a failure nothing in memory is trusted any more."""
        self._started = False
        self._known.clear()
        self.forget()
        self.reset(self.seen)


class _Bare(Fact, frozen=True, kw_only=True):
    """Stands for an event of a recorder without books, whose type need not be ours."""

    type: str


_NO_ENVELOPE = Envelope(at=0, by="", role="", behalf=None, key="", body="", salt=b"")


def _bare(ledger: str, position: int, recorded_at: int, draft: Draft) -> Recorded:
    return Recorded(ledger, position, recorded_at, _NO_ENVELOPE, _Bare(type=draft.type), draft.tags)


def _types_and_tags(written: list[Recorded], codec: Codec) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.fact.type if isinstance(one.fact, _Bare) else codec.name_of(one.fact), one.tags) for one in written]

"""The library's `DCBRecorder` on SQLAlchemy Core: one class for SQLite and PostgreSQL, one instance per ledger."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBRecorder,
    DCBSequencedEvent,
    DCBSubscription,
)
from sqlalchemy import bindparam, select

from ledger.clock import Clock, system_clock
from ledger.errors import Refused
from ledger.journal.codec import Codec, split_tags
from ledger.journal.committer import Append, Committer, Draft
from ledger.journal.queries import read_rows
from ledger.journal.sql import Database
from ledger.journal.tables import ledgers

_POLL_SECONDS = 0.05
_BATCH = 500


class _Answer(DCBReadResponse):
    def __init__(self, found: Iterator[DCBSequencedEvent], head: int | None) -> None:
        self._found, self._head = found, head

    @property
    def head(self) -> int | None:
        return self._head

    def __next__(self) -> DCBSequencedEvent:
        return next(self._found)


class SqlRecorder(DCBRecorder):
    """The journal of one ledger behind the library's interface: contiguous positions, conditional appends.

    Appends go through the ledger's group commit. Positions are commit order: whoever has read up to a position will
    never see a lower one appear.
    """

    def __init__(
        self, database: Database, ledger: str, *, codec: Codec | None = None, clock: Clock = system_clock
    ) -> None:
        self.database, self.ledger, self.clock = database, ledger, clock
        self.codec = codec or Codec()
        self.committer = Committer(database, ledger, self.codec)
        self._bells: set[threading.Event] = set()
        self.committer.ring = self._ring
        self._head = database.prepare("head.read", select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l")))

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """Events in order from one consistent state; `head` is the ledger's, or the last event's under a limit."""
        with self.database.reading() as cursor:
            rows = read_rows(self.database, cursor, self.ledger, query, after or 0, limit)
            cursor.execute(self._head.text, (self.ledger,))
            row = cursor.fetchone()
        head = (int(row[0]) if row and row[0] else None) if limit is None else (int(rows[-1][0]) if rows else None)
        found = (
            DCBSequencedEvent(DCBEvent(type=kind, data=bytes(data), tags=list(split_tags(tags))), int(position))
            for position, kind, tags, data in rows
        )
        return _Answer(found, head)

    def append(self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None) -> int:
        """Append all or nothing; raises the library's IntegrityError where the condition fails."""
        drafts = []
        for event in events:
            if any("\n" in tag or not tag for tag in event.tags):
                raise Refused("bad_tag")
            drafts.append(Draft(event.type, event.data, tuple(event.tags)))
        return self.committer.submit(Append(drafts, self.clock(), condition=condition))

    def subscribe(self, query: DCBQuery | None = None, *, after: int | None = None) -> SqlSubscription:
        """Events from a position on, then whatever is recorded, by this process (at once) or another (by polling)."""
        return SqlSubscription(self, query, after)

    def listen(self, bell: threading.Event) -> None:
        """Set this event after every commit of this process."""
        self._bells.add(bell)

    def unlisten(self, bell: threading.Event) -> None:
        """Stop that."""
        self._bells.discard(bell)

    def _ring(self) -> None:
        for bell in tuple(self._bells):
            bell.set()


class SqlSubscription(DCBSubscription[SqlRecorder]):
    """Blocks when it has read everything, until there is more or it is stopped."""

    def __init__(self, recorder: SqlRecorder, query: DCBQuery | None, after: int | None) -> None:
        super().__init__(recorder, query, after)
        self._bell = threading.Event()
        self._waiting: list[DCBSequencedEvent] = []
        recorder.listen(self._bell)

    def stop(self) -> None:
        """End the subscription; a blocked reader stops too."""
        super().stop()
        self._recorder.unlisten(self._bell)
        self._bell.set()

    def __next__(self) -> DCBSequencedEvent:
        while not self._waiting:
            if self._has_been_stopped:
                raise StopIteration
            self._bell.clear()
            self._waiting = list(self._recorder.read(self._query, after=self._last_position, limit=_BATCH))
            if not self._waiting:
                self._bell.wait(_POLL_SECONDS)
        event = self._waiting.pop(0)
        self._last_position = event.position
        return event

"""Words without a fact: what a crash between vault and journal left behind goes after a day.

Words are written before the fact that commits to them, so that a fact never lacks its words. Where the fact was never
appended (the process died, or somebody else was first and the decision fell another way) its words lie in the vault
without anybody knowing of them. A sweep looks for the commitments of old documents in the journal and drops those that
are not there; what it would drop it looks for a second time, in the whole journal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import bindparam, func, select

from ledger.clock import MICROS_PER_DAY
from ledger.errors import Unusable
from ledger.journal.sql import Database
from ledger.journal.tables import events, ledgers
from ledger.vault import Vault
from ledger.vault_tables import documents, subjects

OLD_AT = MICROS_PER_DAY
"""How old words must be (microseconds) before anybody asks where their fact is."""
_AT_ONCE = 20_000
_BATCH = 2_000
_WORDS = re.compile(rb'"words":"([A-Za-z0-9_-]{43})"')


class Sweeper:
    """Sweeps one vault by the journals of one database."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._db, self._vault = database, vault
        c = events.c
        self._page = database.prepare(
            "sweep.page",
            select(c.position, c.data)
            .where(c.ledger == bindparam("l"), c.position > bindparam("a"))
            .order_by(c.position)
            .limit(bindparam("n")),
        )
        self._first = database.prepare(
            "sweep.first",
            select(c.position)
            .where(c.ledger == bindparam("l"), c.recorded_at >= bindparam("t"))
            .order_by(c.recorded_at, c.position)
            .limit(bindparam("n")),
        )
        self._head = database.prepare("head.read", select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l")))

    def sweep(self, ledger: str, now_at: int) -> int:
        """Drop what is older than a day and has no fact; gives how many documents that were.

        Raises Unusable `journal_put_back` where the journal is shorter than when the vault was last swept: an old copy
        of it says nothing about words whose facts it may only have lost.
        """
        swept_at, head_then = self._noted(ledger)
        head = self._read_head(ledger)
        if head < head_then:
            raise Unusable("journal_put_back", head=head, before=head_then)
        count, upto_at = 0, now_at - OLD_AT
        while swept_at < upto_at:
            waiting, swept_at = self._vault.kept(ledger, swept_at, upto_at, _AT_ONCE)
            orphans = self._without_fact(ledger, waiting) if waiting else set()
            note = swept_at.to_bytes(8) + head.to_bytes(8)
            count += self._vault.drop(ledger, orphans, note=(_note(ledger), note))
        self._vault.scrub()
        return count

    def _without_fact(self, ledger: str, waiting: dict[str, int]) -> set[str]:
        missing = set(waiting)
        since_at = min(waiting.values()) - OLD_AT
        with self._db.reading() as cursor:
            cursor.execute(self._first.text, tuple({"l": ledger, "t": since_at, "n": 1}[n] for n in self._first.names))
            row = cursor.fetchone()
        if row is not None:
            self._strike(ledger, missing, int(row[0]) - 1)
        if missing:
            # Clocks can be wrong, words must not be lost by it.
            self._strike(ledger, missing, 0)
        return missing

    def _strike(self, ledger: str, missing: set[str], after: int) -> None:
        """Take away what facts behind a position commit to."""
        for data in self._events(ledger, after):
            missing.difference_update(found.decode() for found in _WORDS.findall(data))
            if not missing:
                return

    def _events(self, ledger: str, after: int) -> Iterator[bytes]:
        while True:
            with self._db.reading() as cursor:
                cursor.execute(self._page.text, (ledger, after, _BATCH))
                rows = cursor.fetchall()
            if not rows:
                return
            after = int(rows[-1][0])
            yield b"\n".join(bytes(data) for _, data in rows)

    def swept_at(self, ledger: str) -> int:
        """The moment up to which no words without a fact are left (microseconds UTC); 0 for never."""
        return max(0, self._noted(ledger)[0])

    def head_when_swept(self, ledger: str) -> int:
        """The journal's head when the vault was last swept; 0 for never."""
        return self._noted(ledger)[1]

    def counts(self, ledger: str) -> dict[str, int]:
        """How many documents the vault holds of a ledger, of how many subjects, and how many subjects were erased."""
        vault = self._vault.database
        has_key = func.length(subjects.c.wrapped_key) > 0
        asked = {
            "documents": select(func.count()).where(documents.c.ledger == bindparam("l")),
            "subjects": select(func.count()).where(subjects.c.ledger == bindparam("l"), has_key),
            "erased": select(func.count()).where(subjects.c.ledger == bindparam("l"), ~has_key),
        }
        found: dict[str, int] = {}
        with vault.reading() as cursor:
            for name, statement in asked.items():
                ready = vault.prepare(("vault.count", name), statement)
                values = {"l": ledger}
                cursor.execute(ready.text, tuple(values.get(one, 0) for one in ready.names))
                row = cursor.fetchone()
                found[name] = int(row[0]) if row else 0
        return found

    def _noted(self, ledger: str) -> tuple[int, int]:
        """The moment up to which the vault is swept, and the journal's head then."""
        note = self._vault.note(_note(ledger))
        return (int.from_bytes(note[:8]), int.from_bytes(note[8:])) if note else (-1, 0)

    def _read_head(self, ledger: str) -> int:
        with self._db.reading() as cursor:
            cursor.execute(self._head.text, (ledger,))
            row = cursor.fetchone()
        return int(row[0]) if row else 0


def _note(ledger: str) -> str:
    return f"swept_upto:{ledger}"

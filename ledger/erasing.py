"""Erasures reach the vault: a follower of the journal that destroys words because a fact says so.

How far it has come is kept in the vault itself, in the transaction that destroys: a vault that is put back from an old
copy comes with its old position and is emptied again. It runs right after the command, when a store opens, and with the
other followers; killed at any moment it goes on where it was. Signs of the person outside the vault (tokens with their
labels, browsers that are signed in, cards, passwords) go first, so that nothing is left behind the position.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from ledger.errors import UnknownFact
from ledger.journal.codec import Codec
from ledger.journal.sign_in_tables import SIGN_INS_OF_AN_ACTOR
from ledger.journal.sql import Database
from ledger.journal.tables import event_tags, events, ledgers
from ledger.parties.facts import ERASURES, PersonalDataErased
from ledger.vault import Vault

_BATCH = 200


class Eraser:
    """Empties one vault after the erasures of every ledger of one database. Thread-safe; two processes may each have one."""

    def __init__(self, database: Database, vault: Vault, codec: Codec) -> None:
        self._db, self._vault, self._codec = database, vault, codec
        same = (events.c.ledger == event_tags.c.ledger) & (events.c.position == event_tags.c.position)
        self._next = database.prepare(
            "erasures.next",
            select(events.c.position, events.c.type, events.c.data)
            .select_from(event_tags.join(events, same))
            .where(
                event_tags.c.ledger == bindparam("l"),
                event_tags.c.tag == bindparam("t"),
                event_tags.c.position > bindparam("a"),
            )
            .order_by(event_tags.c.position)
            .limit(bindparam("n")),
        )
        self._ledgers = database.prepare("erasures.ledgers", select(ledgers.c.ledger).order_by(ledgers.c.ledger))
        self._head = database.prepare("head.read", select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l")))
        self._sign_ins = [
            database.prepare(
                ("erasures", table.name),
                delete(table).where(table.c.ledger == bindparam("l"), table.c.actor == bindparam("s")),
            ).text
            for table in SIGN_INS_OF_AN_ACTOR
        ]

    def catch_up(self, ledger: str | None = None) -> int:
        """Carry out what is still to be done, of one ledger or of all; gives how many subjects that were."""
        count = sum(self._catch_up(one) for one in (self._all() if ledger is None else [ledger]))
        if count or ledger is None:
            self._vault.scrub()
        return count

    def upto(self, ledger: str) -> int:
        """The position of the last erasure that the vault has carried out; 0 for none."""
        return int.from_bytes(self._vault.note(_note(ledger)) or b"")

    def _all(self) -> list[str]:
        with self._db.reading() as cursor:
            cursor.execute(self._ledgers.text)
            return [str(row[0]) for row in cursor.fetchall()]

    def _catch_up(self, ledger: str) -> int:
        count = 0
        while waiting := self._waiting(ledger):
            for position, subject in waiting:
                with self._db.writing() as cursor:
                    for text in self._sign_ins:
                        cursor.execute(text, (ledger, subject))
                self._vault.erase(ledger, subject, note=(_note(ledger), position.to_bytes(8)))
                count += 1
        return count

    def _waiting(self, ledger: str) -> list[tuple[int, str]]:
        """(position, subject) of erasures that the vault does not know of, in order."""
        after = self.upto(ledger)
        with self._db.reading() as cursor:
            cursor.execute(self._head.text, (ledger,))
            head = cursor.fetchone()
            if head is None or after > head[0]:
                after = 0  # The journal itself was put back from an old copy: what follows is another story.
            cursor.execute(self._next.text, (ledger, ERASURES, after, _BATCH))
            rows = cursor.fetchall()
        found: list[tuple[int, str]] = []
        for position, kind, data in rows:
            fact = self._codec.fact(kind, bytes(data))
            if not isinstance(fact, PersonalDataErased):
                raise UnknownFact("unknown_fact", type=kind)
            found.append((int(position), fact.subject))
        return found


def _note(ledger: str) -> str:
    return f"erased_upto:{ledger}"

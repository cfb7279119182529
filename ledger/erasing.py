"""Erasures and corrections reach the vault: a follower of the journal that destroys words because a fact says so.

How far it has come is kept in the vault itself, in the transaction that destroys: a vault that is put back from an old
copy comes with its old position and is emptied again. It runs right after the command, when a store opens, and with the
other followers; killed at any moment it goes on where it was. Signs of the person outside the vault (tokens with their
labels, browsers that are signed in, cards, passwords) go first, so that nothing is left behind the position. After a
correction it is the former details that go, and, where the phone is another, whoever signed in by the old one.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from ledger.errors import UnknownFact
from ledger.journal.codec import Codec
from ledger.journal.sign_in_tables import SIGN_INS_OF_AN_ACTOR, sign_in_devices
from ledger.journal.sql import Database
from ledger.journal.tables import event_tags, events, ledgers, web_sessions
from ledger.parties.facts import ERASURES, ContactChanged, DetailsCorrected, PersonalDataErased
from ledger.parties.phones import plain
from ledger.vault import Vault

DESTROYING = (PersonalDataErased, DetailsCorrected, ContactChanged)
"""The facts that take words out of a vault."""
_BATCH = 200


class _Waiting(NamedTuple):
    """A fact whose words are still to be destroyed."""

    position: int
    recorded_at: int
    fact: PersonalDataErased | DetailsCorrected | ContactChanged


class Eraser:
    """Empties one vault after the erasures of every ledger of one database. Thread-safe; two processes may each have one."""

    def __init__(self, database: Database, vault: Vault, codec: Codec) -> None:
        self._db, self._vault, self._codec = database, vault, codec
        same = (events.c.ledger == event_tags.c.ledger) & (events.c.position == event_tags.c.position)
        self._next = database.prepare(
            "erasures.next",
            select(events.c.position, events.c.recorded_at, events.c.type, events.c.data)
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
        c, devices = web_sessions.c, sign_in_devices.c
        here = (c.ledger == bindparam("l")) & (c.actor == bindparam("s")) & c.via.in_((bindparam("v"), bindparam("w")))
        by_then = (c.created_at <= bindparam("t")) & c.revoked_at.is_(None)
        self._by_phone = database.prepare(
            "corrections.browsers", update(web_sessions).where(here & by_then).values(revoked_at=bindparam("r"))
        )
        known = (
            (devices.ledger == bindparam("l")) & (devices.actor == bindparam("s")) & (devices.seen_at <= bindparam("t"))
        )
        self._known = database.prepare("corrections.devices", delete(sign_in_devices).where(known))

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
            for one in waiting:
                note = (_note(ledger), one.position.to_bytes(8))
                match one.fact:
                    case PersonalDataErased(subject=subject):
                        with self._db.writing() as cursor:
                            for text in self._sign_ins:
                                cursor.execute(text, (ledger, subject))
                        self._vault.erase(ledger, subject, note=note)
                    case DetailsCorrected(member_id=member, before=before, words=words):
                        self._end_by_old_phone(ledger, member, before, words, one.recorded_at)
                        self._drop(ledger, before, note)
                    case ContactChanged(before=before):
                        self._drop(ledger, before, note)
                count += 1
        return count

    def _drop(self, ledger: str, before: str, note: tuple[str, bytes]) -> None:
        self._vault.drop(ledger, [before] if before else [], note=note, corrected=True)

    def _end_by_old_phone(self, ledger: str, member: str, before: str, words: str, recorded_at: int) -> None:
        """Sign out the browsers that came in by a code to the old phone, where the details name another now.

        Asked before the old details are destroyed: where they are gone already, this was done already.
        """
        told = self._vault.read(ledger, [before, words])
        old, new = (plain(str(told.get(one, {}).get("phone", ""))) for one in (before, words))
        if not old or old == new:
            return
        given = {"l": ledger, "s": member, "v": "code", "w": "begin", "t": recorded_at, "r": recorded_at}
        with self._db.writing() as cursor:
            for ready in (self._by_phone, self._known):
                cursor.execute(ready.text, tuple(given[name] for name in ready.names))

    def _waiting(self, ledger: str) -> list[_Waiting]:
        """What the vault does not know of yet, in order."""
        after = self.upto(ledger)
        with self._db.reading() as cursor:
            cursor.execute(self._head.text, (ledger,))
            head = cursor.fetchone()
            if head is None or after > head[0]:
                after = 0  # The journal itself was put back from an old copy: what follows is another story.
            cursor.execute(self._next.text, (ledger, ERASURES, after, _BATCH))
            rows = cursor.fetchall()
        found: list[_Waiting] = []
        for position, recorded_at, kind, data in rows:
            fact = self._codec.fact(kind, bytes(data))
            if not isinstance(fact, DESTROYING):
                raise UnknownFact("unknown_fact", type=kind)
            found.append(_Waiting(int(position), int(recorded_at), fact))
        return found


def _note(ledger: str) -> str:
    return f"erased_upto:{ledger}"

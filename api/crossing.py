"""The courier: carries hours between two ledgers, be they in one database, in two, or behind HTTP.

It remembers nothing. What was sent stands in one ledger's books, what was answered in the other's, and each step is a
command that the ledger takes once; so it may be stopped anywhere, by kill -9 too, and begins again where it was. Several
may run at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import structlog
from sqlalchemy import Select, bindparam, select

from api.store import Store
from ledger.application import Actor
from ledger.base import Command
from ledger.crossings.commands import ConfirmArrival, ReceiveHours, ReturnHours
from ledger.errors import Conflict, NotFound, NuanlinError
from ledger.seal.notes import to_base64
from projections.books.engines.services_tables import crossings, peers
from projections.reading import cells, fetch, one

AT_ONCE = 200
_log = structlog.get_logger("nuanlin.courier")


class Agreement(NamedTuple):
    """What one side agreed: its name for the other, the other's name for it, and whether it wants the other's seal."""

    peer: str
    here: str
    wants_proof: bool


class Parcel(NamedTuple):
    """Hours on their way. `position`: of the fact that sent them."""

    transfer_id: str
    receiver: str
    minutes: int
    position: int


class Answered(NamedTuple):
    """What the other ledger said: arrived or turned_away, why, and at which position."""

    status: str
    reason: str
    position: int


class Evidence(NamedTuple):
    """The receipt of a record and the record itself, in base64; empty where none is wanted."""

    proof: str = ""
    record: str = ""


class Side(Protocol):
    """One ledger, as the courier reaches it. What it refuses is raised as a NuanlinError."""

    def agreement(self, peer: str) -> Agreement:
        """What was agreed with the other; raises NotFound `no_such_peer`."""
        ...

    def waiting(self, peer: str) -> Sequence[Parcel]:
        """What was sent to the other and not settled, oldest first; a limited number at a time."""
        ...

    def answered(self, transfer_id: str) -> Answered | None:
        """What was said to what came from the other; None where it did not come yet."""
        ...

    def evidence(self, position: int) -> Evidence | None:
        """The receipt of a fact; None while it is not sealed."""
        ...

    def give(self, command: Command) -> None:
        """Give a command as the courier."""
        ...


class Carried(NamedTuple):
    """What one round came to: transfers that were settled, by outcome, and those that wait for a seal or were refused."""

    arrived: int
    returned: int
    unsealed: int
    refused: int

    @property
    def settled(self) -> int:
        """How many transfers came to their end."""
        return self.arrived + self.returned


def carry(home: Side, away: Side, peer: str) -> Carried:
    """Carry what `home` sent to `peer`, which is `away`, and bring the answers back. Raises NotFound `no_such_peer`."""
    ours = home.agreement(peer)
    theirs = away.agreement(ours.here)
    count: Counter[str] = Counter()
    for parcel in home.waiting(peer):
        try:
            count[_carry(home, away, ours, theirs, parcel)] += 1
        except NuanlinError as refusal:
            _log.warning("crossing_refused", transfer=parcel.transfer_id, code=refusal.code)
            count["refused"] += 1
    return Carried(count["arrived"], count["returned"], count["unsealed"], count["refused"])


def carry_both_ways(home: Side, away: Side, peer: str) -> tuple[Carried, Carried]:
    """What `home` sent, and what came to it."""
    return carry(home, away, peer), carry(away, home, home.agreement(peer).here)


def _carry(home: Side, away: Side, ours: Agreement, theirs: Agreement, parcel: Parcel) -> str:
    """One parcel as far as it goes now: arrived · returned · unsealed."""
    answer = away.answered(parcel.transfer_id)
    if answer is None:
        sent = home.evidence(parcel.position) if theirs.wants_proof else Evidence()
        if sent is None:
            return "unsealed"
        answer = _hand_over(away, ours, parcel, sent)
    told = away.evidence(answer.position) if ours.wants_proof else Evidence()
    if told is None:
        return "unsealed"
    known: dict[str, Any] = {"transfer_id": parcel.transfer_id, "peer": ours.peer, **told._asdict()}
    arrived = answer.status == "arrived"
    try:
        home.give(ConfirmArrival(**known) if arrived else ReturnHours(**known, reason=answer.reason))
    except Conflict as before:
        # Another courier was first: the transfer has come to its end all the same.
        if before.code != "transfer_settled":
            raise
    return "arrived" if arrived else "returned"


def _hand_over(away: Side, ours: Agreement, parcel: Parcel, sent: Evidence) -> Answered:
    try:
        away.give(
            ReceiveHours(
                transfer_id=parcel.transfer_id,
                peer=ours.here,
                receiver=parcel.receiver,
                minutes=parcel.minutes,
                proof=sent.proof,
                record=sent.record,
            )
        )
    except Conflict as before:
        if before.code != "transfer_settled":
            raise
    answer = away.answered(parcel.transfer_id)
    if answer is None:
        raise NotFound("no_such_transfer", transfer=parcel.transfer_id)
    return answer


class LocalSide:
    """A ledger of a store that is open here."""

    def __init__(self, store: Store, ledger: str, courier: str) -> None:
        self._store, self._ledger, self._courier = store, ledger, courier

    def agreement(self, peer: str) -> Agreement:
        """See `Side`."""
        row = one(self._store.database, peers, self._ledger, peer=peer)
        if row is None:
            raise NotFound("no_such_peer", peer=peer)
        return Agreement(peer, row["here"], bool(row["vkey"]))

    def waiting(self, peer: str) -> list[Parcel]:
        """See `Side`."""

        def build() -> Select[Any]:
            c = crossings.c
            sent = (c.ledger == bindparam("l"), c.peer == bindparam("p"), c.status == bindparam("s"))
            return select(crossings).where(*sent).order_by(c.number).limit(bindparam("n"))

        database = self._store.database
        with database.reading() as cursor:
            rows = fetch(database, cursor, "crossings.sent", build, l=self._ledger, p=peer, s="sent", n=AT_ONCE)
        found = [cells(crossings, row) for row in rows]
        return [Parcel(row["transfer_id"], row["receiver"], row["minutes"], row["number"]) for row in found]

    def answered(self, transfer_id: str) -> Answered | None:
        """See `Side`."""
        row = one(self._store.database, crossings, self._ledger, transfer_id=transfer_id)
        if row is None or row["direction"] != "in":
            return None
        return Answered(row["status"], row["reason"] or "", row["number"])

    def evidence(self, position: int) -> Evidence | None:
        """See `Side`."""
        try:
            proof = self._store.seals.receipt(self._ledger, position)
        except NotFound:
            return None
        return Evidence(to_base64(proof.encode()), to_base64(self._store.seals.record(self._ledger, position)))

    def give(self, command: Command) -> None:
        """See `Side`."""
        self._store.application.execute(self._ledger, command, actor=Actor(self._courier))

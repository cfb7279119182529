"""Two ledgers that agreed on hours crossing, in two databases, and what must hold of them together at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from api.crossing import LocalSide
from api.store import Store
from ledger.accounts import crossing_to
from ledger.application import OPERATOR, Actor
from ledger.audit.auditing import audit
from ledger.audit.sealed import Trust
from ledger.base import Fact
from ledger.crossings import facts
from ledger.crossings.commands import AgreeCrossing, SendHours
from ledger.units import MINUTES
from projections.books.queries import balances
from projections.rebuild import compare
from tests.house.stores import AT_THE_DESK, add_members, open_ledger, store_at

HOME, AWAY = "fangxing", "xianghe"
PEER_HOME, PEER_AWAY = "peer_fangxing", "peer_xianghe"
"""What the other calls it."""


class Town(NamedTuple):
    """One ledger in its own store, its members, and the name it has for the other."""

    store: Store
    ledger: str
    peer: str
    members: list[str]

    @property
    def side(self) -> LocalSide:
        """As the courier reaches it."""
        return LocalSide(self.store, self.ledger, OPERATOR)

    def crossed(self) -> int:
        """What went to the other less what came from it."""
        return self.minutes().get(crossing_to(self.peer), 0)

    def minutes(self) -> dict[str, int]:
        """Every account of minutes."""
        rows = balances(self.store.database, self.ledger)
        return {row.account: row.balance for row in rows if row.unit == MINUTES}

    def agree(self, other: Town, *, proof: bool) -> None:
        """Let hours cross to and from the other."""
        vkey = other.store.seals.vkey(other.ledger) if proof else ""
        command = AgreeCrossing(peer=self.peer, here=other.peer, vkey=vkey)
        self.store.application.execute(self.ledger, command, actor=AT_THE_DESK)

    def send(self, receiver: str, minutes: int = 30, giver: int = 0) -> str:
        """Somebody here sends minutes to somebody there; gives the transfer's id."""
        who = self.members[giver]
        command = SendHours(peer=self.peer, giver=who, receiver=receiver, minutes=minutes)
        fact = self.store.application.execute(self.ledger, command, actor=Actor(who)).facts[0]
        assert isinstance(fact, facts.HoursSent)
        return fact.transfer_id

    def seal(self) -> None:
        """Seal everything."""
        self.store.sealer.catch_up(self.ledger, force_checkpoint=True)

    def check(self) -> None:
        """Every decision was legal, and the books are those of the journal."""
        trust = Trust(logs=[self.store.seals.verifier(self.ledger)])
        report, _ = audit(self.store.database, self.store.codec, self.ledger, trust)
        assert [str(one) for one in report.findings] == []
        assert compare(self.store.database, self.store.codec.decode, self.ledger) == []


@contextmanager
def two_towns(url_home: str, url_away: str, folder: Path, *, members: int = 2) -> Iterator[tuple[Town, Town]]:
    """Both towns, open; begun where they are new."""
    folders = folder / "home", folder / "away"
    for one in folders:
        one.mkdir(exist_ok=True)
    with store_at(url_home, folders[0]) as home, store_at(url_away, folders[1]) as away:
        towns = []
        for store, ledger, peer in ((home, HOME, PEER_AWAY), (away, AWAY, PEER_HOME)):
            if ledger not in store.application.ledgers():
                open_ledger(store, ledger)
                add_members(store, members, ledger)
            known = sorted(one.removeprefix("hours:") for one in _accounts(store, ledger))
            towns.append(Town(store, ledger, peer, known))
        yield towns[0], towns[1]


def _accounts(store: Store, ledger: str) -> list[str]:
    return [
        row.account
        for row in balances(store.database, ledger)
        if row.account.startswith("hours:mem_") and not row.account.endswith(":held")
    ]


def on_the_way(home: Town, away: Town) -> int:
    """What both crossing accounts hold together: minutes that left one ledger and have not come to the other."""
    return home.crossed() + away.crossed()


def facts_of(town: Town) -> list[Fact]:
    """Everything that happened, in order."""
    with town.store.database.reading() as cursor:
        cursor.execute(
            f"SELECT type, data FROM events WHERE ledger = '{town.ledger}' ORDER BY position"
        )  # a fixed name
        return [town.store.codec.fact(kind, bytes(data)) for kind, data in cursor.fetchall()]

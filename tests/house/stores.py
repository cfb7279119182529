"""Small stores for tests: opened, with a ledger and a few of the cast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import msgspec

from api.settings import Settings
from api.store import Store
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.base import Command
from ledger.clock import Clock, system_clock
from ledger.errors import NuanlinError
from ledger.hours.commands import DepositSession
from ledger.parties.commands import PersonWords, RegisterMember
from ledger.places.commands import OpenLedger

LEDGER = "fangxing"
AT_THE_DESK = Actor(OPERATOR)


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a store at this URL whose vault and keys are in a folder."""
    return Settings(
        database_url=url,
        vault_url=f"sqlite:///{folder / 'vault.db'}",
        vault_key_file=folder / "vault.key",
        seal_key_file=folder / "seal.key",
    )


@contextmanager
def store_at(url: str, folder: Path, clock: Clock = system_clock) -> Iterator[Store]:
    """An open store; closed afterwards."""
    store = Store.open(settings_for(url, folder), clock=clock)
    try:
        yield store
    finally:
        store.close()


def open_ledger(store: Store, ledger: str = LEDGER) -> None:
    """Open the ledger as the operator."""
    store.application.execute(ledger, OpenLedger(name=ledger), actor=AT_THE_DESK, key="open")


def add_members(store: Store, count: int, ledger: str = LEDGER, *, minutes: int = 480) -> list[str]:
    """Members 王阿姨 1, 2, 3 …, each with some banked minutes; gives their ids."""
    orders = [
        Order(RegisterMember(number=f"A{i}", words=PersonWords(name=f"王阿姨{i}")), f"member:{i}") for i in range(count)
    ]
    outcomes = store.application.execute_many(ledger, orders, actor=AT_THE_DESK)
    members = [msgspec.structs.asdict(one.facts[0])["member_id"] for one in outcomes if isinstance(one, Outcome)]
    yesterday = date.today() - timedelta(days=1)
    if minutes:
        banked = [Order(DepositSession(volunteer=one, day=yesterday, minutes=minutes)) for one in members]
        store.application.execute_many(ledger, banked, actor=AT_THE_DESK)
    return members


def all_at_once(store: Store, commands: Sequence[tuple[Command, str]], ledger: str = LEDGER) -> list[str]:
    """Commands with their actors, each in a thread: what each came to, "" where it was accepted, else the code; sorted."""

    def give(one: tuple[Command, str]) -> str:
        try:
            store.application.execute(ledger, one[0], actor=Actor(one[1]))
        except NuanlinError as refusal:
            return refusal.code
        return ""

    with ThreadPoolExecutor(len(commands)) as pool:
        return sorted(pool.map(give, commands))

"""A journal of gifts of hours, made by commands, sealed; and the same postings as plain text for other programs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

from sqlalchemy import bindparam, select

from api.settings import Settings
from api.store import Store
from ledger.accounts import postings
from ledger.application import OPERATOR, Actor, Order
from ledger.base import Command
from ledger.clock import DEFAULT_ZONE, at_time, day_of
from ledger.errors import NuanlinError
from ledger.hours.commands import DepositSession, GiveHours
from ledger.journal.tables import events
from ledger.parties.commands import RegisterMember
from ledger.places.commands import OpenLedger

LEDGER = "street"
PEOPLE = 300
_BEGAN = date(2026, 1, 1)
_DAYS_SERVED, _MINUTES_A_DAY = 3, 480
_AT_ONCE = 200
_PAGE = 5_000


def make(path: Path, transfers: int) -> None:
    """A ledger whose members served three days each and then gave hours to one another, so many times; sealed.

    Every gift is a command, decided and booked. Some two hundred a minute, by the ledger's clock.
    """
    now = [at_time(_BEGAN, 8, 0)]
    dice = random.Random(7)
    with Store.open(Settings(database_url=str(path)), clock=lambda: now[0]) as store:
        members = [RegisterMember(joined_on=date(2025, 1, 1)) for _ in range(PEOPLE)]
        ids = [one.member_id for one in members]
        _enter(store, OPERATOR, [OpenLedger(name=LEDGER), *members])
        for day in range(_DAYS_SERVED):
            served = _BEGAN - timedelta(days=10 - day)
            _enter(store, OPERATOR, [DepositSession(volunteer=one, day=served, minutes=_MINUTES_A_DAY) for one in ids])
        usable = dict.fromkeys(ids, _DAYS_SERVED * _MINUTES_A_DAY)
        done = 0
        while done < transfers:
            giver = dice.choice(ids)
            gifts = list(_gifts(giver, usable, dice, min(_AT_ONCE, transfers - done)))
            if gifts:
                _enter(store, giver, gifts)
                done += len(gifts)
            now[0] += 60_000_000
        store.sealer.catch_up(LEDGER, force_checkpoint=True)


def _gifts(giver: str, usable: dict[str, int], dice: random.Random, most: int) -> Iterator[GiveHours]:
    """What one member gives away before the minutes run out."""
    ids = list(usable)
    for _ in range(most):
        receiver, minutes = dice.choice(ids), dice.randrange(1, 4)
        if usable[giver] < minutes:
            return
        if receiver != giver:
            usable[giver] -= minutes
            usable[receiver] += minutes
            yield GiveHours(giver=giver, receiver=receiver, minutes=minutes)


def _enter(store: Store, actor: str, commands: list[Command] | list[GiveHours] | list[DepositSession]) -> None:
    for outcome in store.application.execute_many(LEDGER, [Order(one) for one in commands], actor=Actor(actor)):
        if isinstance(outcome, NuanlinError):
            raise outcome


def write_plain(store: Store, hledger: TextIO, beancount: TextIO) -> int:
    """The postings in what `ledger` and `hledger` both read, and for beancount; gives how many transactions.

    Nothing but dates, accounts and amounts: no declarations (beancount's apart, which demands them), no assertions.
    """
    count = 0
    known: set[str] = set()
    for position, recorded_at, name, data in _stored(store):
        moved = postings(store.codec.fact(name, data))
        if not moved:
            continue
        day = day_of(recorded_at, DEFAULT_ZONE).isoformat()
        hledger.write(f"{day} {position}\n")
        for account, _, amount in moved:
            hledger.write(f"    {account}  {amount} min\n")
            if account not in known:
                known.add(account)
                beancount.write(f"1970-01-01 open {_bean(account)} MIN\n")
        hledger.write("\n")
        beancount.write(f'{day} * "{position}"\n')
        for account, _, amount in moved:
            beancount.write(f"  {_bean(account)}  {amount} MIN\n")
        beancount.write("\n")
        count += 1
    return count


def _bean(account: str) -> str:
    """Every account is an asset here: what it means does not matter to adding up."""
    return "Assets:" + ":".join(part.replace("_", "-").capitalize() for part in account.split(":"))


def _stored(store: Store) -> Iterator[tuple[int, int, str, bytes]]:
    c = events.c
    read = (
        select(c.position, c.recorded_at, c.type, c.data)
        .where(c.ledger == bindparam("l"), c.position > bindparam("a"))
        .order_by(c.position)
        .limit(bindparam("n"))
    )
    text = store.database.prepare("benchmark.events", read).text
    after = 0
    with store.database.reading() as cursor:
        while True:
            cursor.execute(text, (LEDGER, after, _PAGE))
            rows = cursor.fetchall()
            if not rows:
                return
            for position, recorded_at, name, data in rows:
                yield int(position), int(recorded_at), name, bytes(data)
            after = int(rows[-1][0])

"""A small community whose people sign in: some by phone, two with one phone, some who are staff; on a clock that moves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pyotp

from api.signin import codes, links
from api.signin.codes import Proved
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.clock import MICROS_PER_MINUTE, MICROS_PER_SECOND, system_clock
from ledger.errors import NuanlinError
from ledger.parties.commands import GrantRole, PersonWords, RegisterMember
from ledger.places.commands import OpenLedger
from tests.house.stores import settings_for

LEDGER = "guihua"
PASSWORD = "梧桐树下第三张长椅"
PHONES = {
    "wang": "13811110001",
    "li": "13811110002",
    "nai": "138-1111-0002",
    "zhao": "13811110003",
    "zhou": "13811110004",
}
NAMES = {"wang": "王阿姨", "li": "李师傅", "nai": "李奶奶", "zhao": "赵社工", "zhou": "周主任"}


class Clock:
    """The present, and however many minutes the story has moved on."""

    def __init__(self) -> None:
        self.minutes = 0

    def __call__(self) -> int:
        return system_clock() + self.minutes * MICROS_PER_MINUTE


class House:
    """An open store with everybody in it; ids by short names in `ids`."""

    def __init__(self, url: str, folder: Path, *, ids: dict[str, str] | None = None) -> None:
        self.clock = Clock()
        self.store = Store.open(settings_for(url, folder), clock=self.clock)
        if ids is not None:
            self.ids = ids  # everybody has moved in already
            return
        self.do(OPERATOR, OpenLedger(name="桂花社区"))
        self.ids = {key: self.register(NAMES[key], PHONES[key]) for key in NAMES}
        self.do(OPERATOR, GrantRole(holder=self.ids["zhao"], role="community_worker"))
        self.do(OPERATOR, GrantRole(holder=self.ids["zhou"], role="administrator"))

    def do(self, actor: str, command: Command) -> None:
        """Give a command that must be accepted."""
        self.store.application.execute(LEDGER, command, actor=Actor(actor))

    def register(self, name: str, phone: str = "") -> str:
        """One more member."""
        command = RegisterMember(words=PersonWords(name=name, phone=phone))
        self.do(OPERATOR, command)
        return command.member_id

    def proved(self, phone: str) -> tuple[str, Proved]:
        """A ticket whose code was entered rightly, and whose phone it is."""
        asked = codes.ask(self.store, LEDGER, phone)
        return asked.ticket, codes.answer(self.store, LEDGER, asked.ticket, asked.code)

    def enrol(self, who: str, password: str = PASSWORD) -> tuple[str, list[str]]:
        """Give somebody of the staff a password by a link, as they would themselves: (authenticator, recovery codes)."""
        secret = links.create(self.store, LEDGER, self.ids[who], by=OPERATOR)
        pending = links.enter(self.store, LEDGER, links.look(self.store, LEDGER, secret), password=password)
        link = links.look(self.store, LEDGER, secret)
        _, recovery = links.complete(self.store, LEDGER, link, self.digits(pending.totp))
        self.clock.minutes += 1  # the code of the enrolment counts no more
        return pending.totp, recovery

    def digits(self, totp: str, *, steps: int = 0) -> str:
        """What the authenticator shows now, or so many steps from now."""
        return pyotp.TOTP(totp).generate_otp(self.clock() // MICROS_PER_SECOND // 30 + steps)


def at_once(count: int, attempt: Callable[[], object]) -> list[object]:
    """What came of so many attempts in the same moment: answers, and the codes of refusals."""
    came: list[object] = []
    ready = threading.Barrier(count)

    def run() -> None:
        ready.wait()
        try:
            came.append(attempt())
        except NuanlinError as problem:
            came.append(problem.code)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came

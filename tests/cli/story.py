"""A small community with something in every account, written through the application; and how the stories run a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.cli import main
from api.settings import Settings
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.clock import MICROS_PER_DAY, at_time
from ledger.funds.commands import ApproveGrant, OpenFund, PayGrant, ProposeGrant, ReceiveDonation, ServiceItem
from ledger.hours.commands import DepositSession, DonateHours, ReserveHours, SessionWords
from ledger.parties.commands import AgreeToPublication, GrantRole, PersonWords, RegisterMember, RegisterUnit
from ledger.partners.commands import RecordContribution, SignAgreement
from ledger.places.commands import OpenLedger
from ledger.requests.commands import ClaimRequest, PostRequest, PublishRequest, RequestWords
from tests.house.means import ROOT

LEDGER = "xianghe"
DAY = date(2025, 5, 20)
WANG, LI = "mem_wang", "mem_li"
COMMITTEE = tuple(f"mem_committee{number}" for number in range(1, 6))
TREASURER = "mem_treasurer"
LVYUN, CHARITY = "unit_lvyun", "unit_charity"
WISH = "req_wish"
ITEM = "N95口罩.2"
CATEGORY = '大米 (50%); "东北"'
"""Digits, dots, brackets and quotation marks mean something to programs that read plain text."""


class Clock:
    """The time of the story; it moves when the story says so."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


NOON = at_time(DAY, 12, 0)


def people() -> list[Command]:
    """Everybody, with names only for those the stories speak of; 王阿姨 agreed to be named on the wall."""
    members = [
        RegisterMember(
            member_id=WANG, number="A001", joined_on=DAY, words=PersonWords(name="王阿姨", phone="13800001111")
        ),
        RegisterMember(member_id=LI, number="A002", joined_on=DAY, words=PersonWords(name="李师傅")),
        *(RegisterMember(member_id=one, joined_on=DAY) for one in (*COMMITTEE, TREASURER)),
    ]
    return [
        *members,
        RegisterUnit(unit_id=LVYUN, kind="property_service", name="绿云物业"),
        RegisterUnit(unit_id=CHARITY, kind="social_organisation", name="方兴慈善会"),
        GrantRole(holder=TREASURER, role="treasurer"),
        *(GrantRole(holder=one, role="committee_member") for one in COMMITTEE),
        AgreeToPublication(member_id=WANG, where="wall"),
    ]


def deeds() -> list[Command]:
    """王阿姨 served three hours and gave half an hour to the pool, 李师傅 one; 绿云物业 gave masks and money."""
    return [
        DepositSession(volunteer=WANG, day=DAY, minutes=120, words=SessionWords(activity="助餐")),
        DepositSession(volunteer=LI, day=DAY, minutes=60, words=SessionWords(activity="巡楼")),
        DepositSession(volunteer=WANG, day=date(2025, 5, 19), minutes=60, words=SessionWords(activity="陪诊")),
        DonateHours(giver=WANG, minutes=30),
        SignAgreement(unit=LVYUN, tier="community", from_day=DAY, until_day=date(2030, 5, 20)),
        RecordContribution(unit=LVYUN, kind="goods", item=ITEM, quantity=50, day=DAY),
        RecordContribution(unit=LVYUN, kind="venue", quantity=240, day=DAY),
        OpenFund(
            slug="nuanxing", name="暖兴", purpose="救急济困", host_charity=CHARITY, committee=COMMITTEE,
            supervisor=LI, items=(ServiceItem(code="meals", name="助餐"), ServiceItem(code="clinic", name="义诊")),
        ),
        ReceiveDonation(fund="nuanxing", donor=LVYUN, item="meals", amount_fen=1_000_050, day=DAY),
        ReceiveDonation(fund="nuanxing", amount_fen=20_000, day=DAY),
        PostRequest(request_id=WISH, kind="wish", requester=WANG, words=RequestWords(title="一副老花镜")),
        PublishRequest(request_id=WISH),
    ]  # fmt: skip


def fill(path: Path | str) -> Clock:
    """Write the story into a new store at noon of its day; gives the clock as it stands at the end."""
    clock = Clock(NOON)
    with opened(path, clock) as store:
        act(store, OPERATOR, OpenLedger(name="祥和社区"), *people(), *deeds())
        grant = ProposeGrant(
            grant_id="grant_rice", fund="nuanxing", item="meals", category=CATEGORY, amount_fen=250_025
        )
        act(store, COMMITTEE[0], grant)
        act(store, COMMITTEE[1], ApproveGrant(grant_id="grant_rice"))
        clock.at += MICROS_PER_DAY
        act(store, TREASURER, PayGrant(grant_id="grant_rice"))
    return clock


def claim_and_reserve(path: Path, clock: Clock) -> None:
    """李师傅 claims the wish, and sets 20 minutes aside."""
    with opened(path, clock) as store:
        act(
            store,
            LI,
            ClaimRequest(request_id=WISH, claimant=LI),
            ReserveHours(reservation_id="rsv_tea", member=LI, minutes=20),
        )


def opened(path: Path | str, clock: Clock) -> Store:
    """The store in that file or under that URL, at the story's time."""
    return Store.open(Settings(database_url=str(path), ledger=LEDGER), clock=clock)


def act(store: Store, actor: str, *commands: Command) -> None:
    """Give commands, each of which must be accepted."""
    for command in commands:
        store.application.execute(LEDGER, command, actor=Actor(actor))


class Answer(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output; anything else there fails."""
        return json.loads(self.out)


class Shell:
    """Runs commands on one store in this process."""

    def __init__(self, path: Path | str, captured: pytest.CaptureFixture[str]) -> None:
        self.path, self._captured = path, captured

    def __call__(self, *arguments: str) -> Answer:
        """Run `nuanlin --db … --ledger … arguments`."""
        return self.plain("--db", str(self.path), "--ledger", LEDGER, *arguments)

    def plain(self, *arguments: str) -> Answer:
        """Run `nuanlin arguments` with nothing in front."""
        self._captured.readouterr()
        code = main(list(arguments))
        out, err = self._captured.readouterr()
        return Answer(code, out, err)


def process(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own, in English unless told otherwise, with nothing of ours in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUANLIN", "LC_", "LANG"))}
    surroundings = {**kept, "NUANLIN_LANG": "en", "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())", *arguments]
    return subprocess.run(
        command, cwd=folder, env=surroundings, capture_output=True, text=True, encoding="utf-8", timeout=60
    )

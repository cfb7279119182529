"""Many at once on a real store: who is barred holds nothing, whatever came first; a menu takes no more orders than it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.clock import DEFAULT_ZONE, day_of
from ledger.conduct.commands import BlacklistParty, ExitPartner
from ledger.conduct.state import may_act
from ledger.errors import NuanlinError
from ledger.parties.commands import GrantRole, RegisterMember, RegisterUnit
from ledger.partners.commands import AdmitToMenu, OfferOnMenu, OrderFromMenu
from ledger.requests.commands import ClaimRequest, PostRequest, PublishRequest, RequestWords
from ledger.requests.state import ClaimsHeld
from tests.house.stores import LEDGER, add_members, open_ledger, store_at

UNIT, SPEAKER, WANG = "unit_lvyun", "mem_li", "mem_wang"


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with store_at(store_url, tmp_path) as opened:
        open_ledger(opened)
        give(opened, RegisterUnit(unit_id=UNIT, kind="property_service", name="绿云物业"))
        for member in (SPEAKER, WANG):
            give(opened, RegisterMember(member_id=member))
        give(opened, GrantRole(holder=SPEAKER, role="representative", scope=UNIT))
        yield opened


def give(store: Store, command: Command, by: str = OPERATOR) -> str:
    """Give a command; the code of its refusal, "" where it was accepted."""
    try:
        store.application.execute(LEDGER, command, actor=Actor(by))
    except NuanlinError as refusal:
        return refusal.code
    return ""


def all_at_once(store: Store, commands: Sequence[tuple[Command, str]]) -> list[str]:
    """What each came to, in their order."""
    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(lambda one: give(store, one[0], one[1]), commands))


@pytest.mark.parametrize(
    "end",
    [
        BlacklistParty(party=UNIT, reason="promise_broken"),
        ExitPartner(unit=UNIT, reason="by_community"),
    ],
    ids=["blacklist", "exit"],
)
def test_who_is_barred_while_claiming_holds_nothing(store: Store, end: Command) -> None:
    wishes = [f"req_{number}" for number in range(12)]
    for wish in wishes:
        give(store, PostRequest(request_id=wish, kind="wish", requester=WANG, words=RequestWords(title="修灯")), WANG)
        give(store, PublishRequest(request_id=wish))
    claims: list[tuple[Command, str]] = [(ClaimRequest(request_id=wish, claimant=UNIT), SPEAKER) for wish in wishes]

    said = all_at_once(store, [*claims[:6], (end, OPERATOR), *claims[6:]])

    assert said[6] == ""
    assert set(said) <= {"", "blacklisted", "partner_exited"}
    view = store.application.view(LEDGER)
    assert view.state(ClaimsHeld, UNIT).leases == {}
    assert not may_act(view, UNIT, day_of(store.clock(), DEFAULT_ZONE))


def test_of_many_orders_at_once_the_menu_takes_what_it_says(store: Store) -> None:
    residents = add_members(store, 8, minutes=0)
    give(store, OfferOnMenu(menu_id="menu_1", unit=UNIT, name="修水管", at_once=3), SPEAKER)
    give(store, AdmitToMenu(menu_id="menu_1"))

    said = all_at_once(store, [(OrderFromMenu(menu_id="menu_1", requester=one), one) for one in residents])

    assert sorted(said) == [""] * 3 + ["menu_full"] * 5
    assert len(store.application.view(LEDGER).state(ClaimsHeld, UNIT).leases) == 3

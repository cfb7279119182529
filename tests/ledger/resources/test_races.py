"""Many at once on a real store: what eight deals want of one resource is never more than there is."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.errors import NuanlinError
from ledger.parties.commands import GrantRole, RegisterMember, RegisterUnit
from ledger.requests.commands import PostRequest, PublishRequest, RequestWords
from ledger.resources.commands import AcceptDeal, DeliverDeal, ListResource, ProposeDeal
from ledger.resources.state import Resource
from tests.house.stores import LEDGER, open_ledger, store_at

UNIT, SPEAKER = "unit_lvyun", "mem_li"
EIGHT = range(8)


def _give(store: Store, command: Command, by: str = OPERATOR) -> str:
    """Give a command; the code of its refusal, "" where it was accepted."""
    try:
        store.application.execute(LEDGER, command, actor=Actor(by))
    except NuanlinError as refusal:
        return refusal.code
    return ""


def test_of_eight_deals_that_are_agreed_at_once_as_many_hold_as_there_is(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        give = partial(_give, store)
        give(RegisterUnit(unit_id=UNIT, kind="property_service", name="绿云物业"))
        give(RegisterMember(member_id=SPEAKER))
        give(GrantRole(holder=SPEAKER, role="representative", scope=UNIT))
        give(ListResource(resource_id="res_1", owner=UNIT, kind="goods", item="课桌", quantity=10), SPEAKER)
        for n in EIGHT:
            who = f"mem_{n}"
            give(RegisterMember(member_id=who))
            asked = PostRequest(
                request_id=f"req_{n}", kind="need", requester=who, item="课桌", quantity=3,
                words=RequestWords(title="课桌"),
            )  # fmt: skip
            give(asked, who)
            give(PublishRequest(request_id=f"req_{n}"))
            proposal = ProposeDeal(deal_id=f"deal_{n}", resource_id="res_1", request_id=f"req_{n}", quantity=3)
            assert give(proposal, SPEAKER) == ""

        def agree(n: int) -> str:
            return give(AcceptDeal(deal_id=f"deal_{n}", side="partner"), f"mem_{n}")

        with ThreadPoolExecutor(8) as pool:
            answers = Counter(pool.map(agree, EIGHT))

        assert answers == {"": 3, "more_than_offered": 5}
        assert store.application.view(LEDGER).state(Resource, "res_1").free == 1


def test_of_eight_who_confirm_the_same_delivery_one_does(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        give = partial(_give, store)
        for unit, member in ((UNIT, SPEAKER), ("unit_parking", "mem_chen")):
            give(RegisterUnit(unit_id=unit, kind="enterprise", name=unit))
            give(RegisterMember(member_id=member))
            give(GrantRole(holder=member, role="representative", scope=unit))
        give(ListResource(resource_id="res_1", owner=UNIT, kind="land", item="空地", measure="mu", quantity=6), SPEAKER)
        terms = ProposeDeal(
            deal_id="deal_1",
            resource_id="res_1",
            quantity=6,
            partner="unit_parking",
            back_item="车位",
            back_quantity=100,
        )
        assert give(terms, SPEAKER) == ""
        assert give(AcceptDeal(deal_id="deal_1", side="partner"), "mem_chen") == ""

        def confirm(_n: int) -> str:
            return give(DeliverDeal(deal_id="deal_1", leg="out", quantity=6), "mem_chen")

        with ThreadPoolExecutor(8) as pool:
            answers = Counter(pool.map(confirm, EIGHT))

        assert answers == {"": 1, "more_than_owed": 7}

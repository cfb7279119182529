"""Units put services on a menu, the community admits them, residents order: the order is a request the unit holds (M5)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.parties.facts import MemberRegistered, ProxyRegistered, RoleGranted
from ledger.partners.commands import AdmitToMenu, OfferOnMenu, OrderFromMenu, WithdrawFromMenu
from ledger.partners.facts import MenuAdmitted, MenuOffered, MenuOrdered, MenuWithdrawn
from ledger.requests.commands import CloseRequest, FulfilRequest
from ledger.requests.facts import RequestClaimed, RequestFulfilled, RequestPosted, RequestPublished
from ledger.requests.state import Request
from tests.ledger.given import NOW, TODAY, Outcome, given
from tests.ledger.partners.cast import BEGIN, COURT, LI, LONG_AGO, LVYUN, TEAM, WANG, WORKER

HE = "mem_he"
PEOPLE: tuple[Fact, ...] = (
    *BEGIN,
    MemberRegistered(member_id=HE, joined_on=LONG_AGO),
    MemberRegistered(member_id="mem_zhao", place=COURT, joined_on=LONG_AGO),
)
OFFER = OfferOnMenu(menu_id="menu_1", unit=LVYUN, name=" 修水管 ", category="生活服务", place=COURT, at_once=2)
OFFERED = MenuOffered(
    menu_id="menu_1", unit=LVYUN, name="修水管", category="生活服务", place=COURT, at_once=2, offered_by=LI, day=TODAY
)
ADMITTED = MenuAdmitted(menu_id="menu_1", unit=LVYUN, admitted_by=WORKER, day=TODAY)
WITHDRAWN = MenuWithdrawn(menu_id="menu_1", unit=LVYUN, reason="by_partner", day=TODAY)
ON_MENU = (OFFERED, ADMITTED)
ADMIT = AdmitToMenu(menu_id="menu_1")
ORDER = OrderFromMenu(menu_id="menu_1", request_id="req_1", claim_id="claim_1", requester="mem_zhao")


def ask(command: Any, *before: Fact, actor: str = WORKER, role: str = "community_worker", sealed: str = "") -> Outcome:
    """Somebody asks, after everybody joined."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, sealed=sealed)


def ordered(number: int = 1, by: str = "mem_zhao") -> tuple[Fact, ...]:
    """What an order leads to."""
    request, claim = f"req_{number}", f"claim_{number}"
    return (
        MenuOrdered(
            menu_id="menu_1", unit=LVYUN, request_id=request, claim_id=claim, requester=by, place=COURT, day=TODAY
        ),
        RequestPosted(
            request_id=request, kind="order", requester=by, place=COURT, category="生活服务", channel="online", day=TODAY
        ),
        RequestPublished(request_id=request, reviewer=WORKER, day=TODAY),
        RequestClaimed(
            request_id=request, claim_id=claim, claimant=LVYUN, unit=LVYUN, claimed_by=LI,
            until_at=NOW + 7 * MICROS_PER_DAY, day=TODAY,
        ),
    )  # fmt: skip


def test_a_unit_offers_and_another_person_admits() -> None:
    ask(OFFER, actor=LI, role="representative").then(OFFERED)
    ask(ADMIT, OFFERED).then(ADMITTED)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"unit": TEAM}, "no_such_unit"),
        ({"place": "place_nowhere"}, "no_such_place"),
        ({"name": " "}, "bad_name"),
        ({"category": "13800138000"}, "personal_number_in_public"),
        ({"at_once": 0}, "not_positive"),
        ({"menu_id": LVYUN}, "bad_id"),
    ],
)
def test_what_is_offered_makes_sense(changed: dict[str, Any], code: str) -> None:
    ask(replace(OFFER, **changed), actor=LI, role="representative").refused(code)


def test_an_id_is_used_once() -> None:
    ask(OFFER, OFFERED).refused("menu_exists", Conflict)


def test_nobody_admits_what_they_offered_nor_what_their_unit_did() -> None:
    ask(ADMIT, replace(OFFERED, offered_by=WORKER)).refused("self_verification", NotYours)
    ask(ADMIT, OFFERED, RoleGranted(holder=WORKER, role="representative", scope=LVYUN, granted_by=HE)).refused(
        "self_verification", NotYours
    )
    ask(ADMIT).refused("not_on_the_menu", NotFound)
    ask(ADMIT, *ON_MENU).refused("already_admitted", Conflict)


def test_an_order_is_a_request_the_unit_holds() -> None:
    outcome = ask(ORDER, *ON_MENU, actor="mem_zhao", role="").then(*ordered())
    request = outcome.state(Request, "req_1")
    assert (request.status, request.claim and request.claim.claimant) == ("claimed", LVYUN)


def test_words_stay_with_the_request_and_a_worker_orders_for_others() -> None:
    told = ask(replace(ORDER, place=COURT), *ON_MENU, actor=HE, sealed="c1").facts
    assert isinstance(told[1], RequestPosted)
    assert (told[1].words, told[1].proxy) == ("c1", HE)


def test_it_then_runs_like_every_order() -> None:
    done = ask(FulfilRequest(request_id="req_1", claimant=LVYUN), *ON_MENU, *ordered(), actor=LI, role="").fact
    assert isinstance(done, RequestFulfilled)
    assert ask(CloseRequest(request_id="req_1", requester="mem_zhao", score=5), *ON_MENU, *ordered(), done,
               actor="mem_zhao", role="").facts  # fmt: skip


def test_no_more_at_once_than_the_unit_can_do() -> None:
    third = replace(ORDER, request_id="req_3", claim_id="claim_3")
    ask(third, *ON_MENU, *ordered(1), *ordered(2)).refused("menu_full", Refused, at_once=2)
    done = RequestFulfilled(request_id="req_1", claim_id="claim_1", claimant=LVYUN, day=TODAY)
    assert ask(third, *ON_MENU, *ordered(1), *ordered(2), done).facts


def test_the_units_own_people_do_not_order_from_it() -> None:
    ask(replace(ORDER, requester=LI), *ON_MENU).refused("own_request", NotYours)
    proxy = ProxyRegistered(principal="mem_zhao", proxy=LI)
    ask(ORDER, *ON_MENU, proxy, actor=LI, role="proxy").refused("own_request", NotYours)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"requester": "mem_nobody"}, "no_such_member"),
        ({"place": "place_nowhere"}, "no_such_place"),
        ({"menu_id": "menu_9"}, "not_on_the_menu"),
        ({"request_id": LVYUN}, "bad_id"),
        ({"claim_id": LVYUN}, "bad_id"),
    ],
)
def test_what_is_ordered_exists(changed: dict[str, Any], code: str) -> None:
    ask(replace(ORDER, **changed), *ON_MENU).refused(code)


def test_only_what_is_on_the_menu_is_ordered() -> None:
    ask(ORDER, OFFERED).refused("not_admitted", Conflict)
    ask(ORDER, *ON_MENU, WITHDRAWN).refused("menu_withdrawn", Conflict)
    ask(ORDER, *ON_MENU, ordered()[1]).refused("request_exists", Conflict)
    listed = PartyBlacklisted(blacklisting_id="bar_1", party=LVYUN, reason="fraud", listed_by=HE, day=TODAY)
    ask(ORDER, *ON_MENU, listed).refused("blacklisted", Refused)


def test_a_service_is_taken_off_the_menu_and_who_says_why() -> None:
    take = WithdrawFromMenu(menu_id="menu_1", reason="by_partner")
    ask(take, OFFERED, actor=LI, role="").then(WITHDRAWN)
    ask(take, OFFERED, actor=WANG, role="").refused("not_your_service", NotYours)
    turned_down = replace(take, reason="not_admitted")
    ask(turned_down, OFFERED, actor=LI, role="").refused("reason_not_yours_to_state", NotYours)
    ask(turned_down, OFFERED).then(replace(WITHDRAWN, reason="not_admitted"))
    ask(take, OFFERED, WITHDRAWN).refused("menu_withdrawn", Conflict)

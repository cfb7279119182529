"""Somebody asks for a wish, an order, a need or a listing; a community worker reviews it before it is on the board."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.places.facts import IntakePointClosed, IntakePointOpened
from ledger.requests.commands import DeclineRequest, PostRequest, PublishRequest, RequestWords
from ledger.requests.facts import RequestDeclined, RequestPosted, RequestPublished
from ledger.requests.state import Request
from tests.ledger.cast import CHEN, HE, HOUSE, LI, LVYUN, OPERATOR, PEOPLE, WANG, YARD, ZHAO, left
from tests.ledger.given import TODAY, Outcome, given, rule
from tests.ledger.requests.told import DECLINED, REQUEST, claimed, posted, published

WISH = PostRequest(request_id=REQUEST, kind="wish", requester=WANG, words=RequestWords(title="换一盏灯"))
NEED = replace(WISH, kind="need", item="masks", quantity=200)
LISTING = replace(WISH, kind="listing", requester=CHEN)
POINT = IntakePointOpened(point_id="pt_stairs", channel="qr", label="7号楼楼梯口")


def post(command: PostRequest, *before: Fact, actor: str = WANG, role: str = "", behalf: str | None = None) -> Outcome:
    """王阿姨 asks for something."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, behalf=behalf, sealed="c1")


def test_a_wish_is_posted_for_where_its_requester_lives() -> None:
    outcome = post(replace(WISH, category="life", value_fen=300_00)).then(
        RequestPosted(
            request_id=REQUEST,
            kind="wish",
            requester=WANG,
            place=HOUSE,
            category="life",
            value_fen=300_00,
            channel="online",
            day=TODAY,
            words="c1",
        )
    )
    assert outcome.state(Request, REQUEST).status == "posted"


def test_a_request_may_be_for_another_place() -> None:
    happened = post(replace(WISH, place=YARD)).fact
    assert isinstance(happened, RequestPosted)
    assert happened.place == YARD


@pytest.mark.parametrize(("actor", "role"), [(ZHAO, "proxy"), (CHEN, "community_worker")])
def test_who_posts_for_another_is_shown(actor: str, role: str) -> None:
    happened = post(WISH, actor=actor, role=role, behalf=WANG).fact
    assert isinstance(happened, RequestPosted)
    assert (happened.requester, happened.proxy) == (WANG, actor)


def test_a_need_says_what_and_how_many() -> None:
    outcome = post(NEED)
    happened = outcome.fact
    assert isinstance(happened, RequestPosted)
    assert (happened.item, happened.quantity) == ("masks", 200)
    request = outcome.state(Request, REQUEST)
    assert (request.quantity, request.wanting) == (200, 200)


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"requester": "mem_nobody"}, "no_such_member", NotFound),
        ({"requester": LVYUN}, "no_such_member", NotFound),
        ({"place": "place_nowhere"}, "no_such_place", NotFound),
        ({"request_id": "policy"}, "bad_id", Refused),
        ({"value_fen": 0}, "not_positive", Refused),
        ({"value_fen": -1}, "not_positive", Refused),
        ({"value_fen": 10**18}, "absurd_amount", Refused),
        ({"category": "x" * 61}, "bad_name", Refused),
        ({"category": "a\u202eb"}, "bad_name", Refused),
        ({"quantity": 0}, "not_positive", Refused),
        ({"item": "a b"}, "bad_item", Refused),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], code: str, kind: type) -> None:
    post(replace(WISH, **changed)).refused(code, kind)


def test_a_refusal_names_the_field() -> None:
    post(replace(WISH, category="x" * 61)).refused("bad_name", Refused, field="category")


def test_a_micro_wish_is_worth_at_most_policys_ceiling() -> None:
    assert post(replace(WISH, value_fen=500_00)).facts
    post(replace(WISH, value_fen=500_01)).refused("over_ceiling", Refused, value_fen=500_01, ceiling_fen=500_00)
    assert post(replace(WISH, value_fen=500_01), rule("requests.wish_ceiling_fen", 600_00)).facts


@pytest.mark.parametrize("kind", ["order", "need"])
def test_what_is_no_micro_wish_has_no_ceiling(kind: Any) -> None:
    assert post(replace(NEED, kind=kind, value_fen=800_00)).facts


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"item": None}, "item_missing"),
        ({"item": ""}, "item_missing"),
        ({"quantity": None}, "quantity_missing"),
        ({"quantity": 0}, "not_positive"),
        ({"quantity": -1}, "not_positive"),
        ({"quantity": 1_000_001}, "absurd_quantity"),
        ({"quantity": 10_000_000_000}, "absurd_quantity"),
    ],
)
def test_a_need_without_a_plausible_quantity_is_refused(changed: dict[str, Any], code: str) -> None:
    post(replace(NEED, **changed)).refused(code, Refused)


def test_the_largest_quantity_is_policy() -> None:
    assert post(replace(NEED, quantity=1_000_000)).facts
    assert post(replace(NEED, quantity=1_000_001), rule("requests.quantity_limit", 1_000_001)).facts


def test_who_left_asks_no_more() -> None:
    post(WISH, left(WANG)).refused("member_left", Refused)


def test_a_request_is_posted_once() -> None:
    post(WISH, posted()).refused("request_exists", Conflict)


# ---- where it came from --------------------------------------------------------------------------------------------


def test_a_request_keeps_the_point_it_came_in_by() -> None:
    happened = post(replace(WISH, point="pt_stairs", channel="qr"), POINT).fact
    assert isinstance(happened, RequestPosted)
    assert (happened.channel, happened.point) == ("qr", "pt_stairs")


def test_the_point_exists_is_open_and_of_that_channel() -> None:
    from_point = replace(WISH, point="pt_stairs", channel="qr")
    post(from_point).refused("no_such_point", NotFound)
    post(from_point, POINT, IntakePointClosed(point_id="pt_stairs")).refused("point_closed", Refused)
    post(replace(from_point, channel="visit"), POINT).refused("channel_disagrees", Refused, point="qr", stated="visit")


# ---- listings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worker", [CHEN, OPERATOR])
def test_a_listing_is_posted_by_a_worker_for_the_street_or_community(worker: str) -> None:
    happened = post(replace(LISTING, requester=worker), actor=worker, role="community_worker").fact
    assert isinstance(happened, RequestPosted)
    assert (happened.kind, happened.requester, happened.proxy, happened.place) == ("listing", worker, None, None)


def test_a_resident_posts_no_listing() -> None:
    post(replace(LISTING, requester=WANG)).refused("listings_come_from_workers", NotYours)


def test_a_worker_posts_no_listing_in_anothers_name() -> None:
    outcome = post(replace(LISTING, requester=HE), actor=CHEN, role="community_worker")
    outcome.refused("listings_come_from_workers", NotYours)


# ---- review --------------------------------------------------------------------------------------------------------

PUBLISH = PublishRequest(request_id=REQUEST)
DECLINE = DeclineRequest(request_id=REQUEST, reason="duplicate")


def review(command: Any, *before: Fact, actor: str = CHEN) -> Outcome:
    """A community worker looks at it."""
    return given(*PEOPLE, *before).when(command, actor=actor, role="community_worker")


def test_a_reviewed_request_is_on_the_board() -> None:
    outcome = review(PUBLISH, posted()).then(RequestPublished(request_id=REQUEST, reviewer=CHEN, day=TODAY))
    assert outcome.state(Request, REQUEST).status == "published"


def test_a_declined_request_says_why() -> None:
    outcome = review(DECLINE, posted())
    outcome.then(RequestDeclined(request_id=REQUEST, reviewer=CHEN, reason="duplicate"))
    assert outcome.state(Request, REQUEST).status == "declined"


@pytest.mark.parametrize("command", [PUBLISH, DECLINE])
class TestReview:
    """Publishing and declining have the same conditions."""

    def test_nobody_reviews_what_they_asked_for(self, command: Any) -> None:
        review(command, posted(kind="listing", requester=CHEN)).refused("own_request", NotYours)
        assert review(command, posted(kind="listing", requester=CHEN), actor=HE).facts

    def test_there_has_to_be_a_request(self, command: Any) -> None:
        review(command).refused("no_such_request", NotFound)

    @pytest.mark.parametrize(
        ("story", "status"),
        [((published(),), "published"), ((DECLINED,), "declined"), ((published(), claimed(LI)), "claimed")],
    )
    def test_a_request_is_reviewed_once(self, command: Any, story: tuple[Fact, ...], status: str) -> None:
        review(command, posted(), *story).refused("request_reviewed", Conflict, status=status)

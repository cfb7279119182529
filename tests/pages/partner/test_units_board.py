"""The units' board: one kind at a time, narrowed down by class, place, deadline and value, claimed for one's unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from ledger.clock import day_of
from ledger.partners.commands import EndAgreement
from ledger.places.commands import AddPlace
from ledger.policy.commands import SetPolicy
from ledger.requests.commands import PostRequest, PublishRequest, RequestWords
from projections.books import queries as books
from projections.books import queries_units_board as module
from projections.books.queries_units_board import Wanted, units_board
from tests.pages.cast import LEDGER, Community
from tests.pages.partner.conftest import secrets_of

SignIn = Callable[[str], TestClient]


@pytest.fixture(scope="module", autouse=True)
def _listings(community: Community) -> None:
    """Listings of several classes, places and values, each to be taken within a number of days."""
    garden = AddPlace(kind="courtyard", name="12号院")
    community.do("svc_operator", garden)
    community.ids["garden"] = garden.place_id
    for title, category, place, value_fen, days in (
        ("修长椅", "设施", "yard", 150_00, 2), ("粉刷围墙", "设施", "garden", 900_00, 20),
        ("电影放映", "文体", "yard", 3_000_00, 20), ("加装扶手", "设施", "yard", 8_000_00, None),
    ):  # fmt: skip
        community.do("svc_operator", SetPolicy(name="requests.board_days", value=days))
        command = PostRequest(
            kind="listing", requester=community.ids["zhao"], place=community.ids[place], category=category,
            value_fen=value_fen, words=RequestWords(title=title),
        )  # fmt: skip
        community.do("zhao", command)
        community.do("qian", PublishRequest(request_id=command.request_id))
        community.ids[title] = command.request_id


def titles(client: TestClient, query: str = "") -> list[str]:
    """The titles on the board, in order."""
    page = client.get(f"/{LEDGER}/units-board?{query}").text
    return re.findall(r'<h2><a href="/[^"]+/requests/[^"]+">([^<]+)</a></h2>', page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["修长椅", "粉刷围墙", "电影放映", "加装扶手"]),
        ("category=设施", ["修长椅", "粉刷围墙", "加装扶手"]),
        ("days=7", ["修长椅"]),
        ("days=30", ["修长椅", "粉刷围墙", "电影放映"]),
        ("value=to200", ["修长椅"]),
        ("value=to1000", ["粉刷围墙"]),
        ("value=to5000", ["电影放映"]),
        ("value=above", ["加装扶手"]),
        ("category=设施&value=above&days=30", []),
        ("days=nonsense&value=nonsense", ["修长椅", "粉刷围墙", "电影放映", "加装扶手"]),
    ],
)
def test_each_filter_leaves_what_fits(client: TestClient, query: str, found: list[str]) -> None:
    assert titles(client, query) == found


def test_a_board_that_was_seen_whole_leads_nowhere_on(client: TestClient) -> None:
    assert "看更多" not in client.get(f"/{LEDGER}/units-board").text


def test_the_place_holds_what_lies_below(client: TestClient, community: Community) -> None:
    assert titles(client, f"place={community.ids['garden']}") == ["粉刷围墙"]
    assert titles(client, "place=place_none") == []


def test_other_kinds_stand_on_a_board_of_their_own(client: TestClient) -> None:
    assert "想修好楼道的灯" in titles(client, "kind=wish")
    assert "修长椅" not in titles(client, "kind=wish")


def test_the_deadline_and_the_lease_are_said_in_words(client: TestClient, community: Community) -> None:
    page = client.get(f"/{LEDGER}/units-board").text
    last = day_of(community.clock()) + timedelta(days=2)

    assert f"{last.year}年{last.month}月{last.day}日前接榜" in page
    assert "接下后 7 天内办好" in page
    assert "约 150.00 元" in page


def test_a_representative_takes_a_listing_for_the_unit(community: Community, signed_in: SignIn) -> None:
    client, listing = signed_in("liu"), community.ids["电影放映"]
    page = client.get(f"/{LEDGER}/units-board").text
    form = page.partition(f"requests/{listing}/claim")[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(csrf|key|claimant)" value="([^"]+)"', form))

    answer = client.post(f"/{LEDGER}/requests/{listing}/claim", data=fields)

    assert answer.status_code == 303
    row = books.request(community.store.database, LEDGER, listing)
    assert row is not None
    assert (row["status"], row["claimant"]) == ("claimed", community.ids["lvyun"])
    assert 'data-until="' in client.get(answer.headers["location"]).text


def test_nobody_but_representatives_is_offered_to_take_one(client: TestClient, signed_in: SignIn) -> None:
    assert "/claim" not in signed_in("wang").get(f"/{LEDGER}/units-board").text
    assert "登录后认领" in client.get(f"/{LEDGER}/units-board").text


def test_without_an_agreement_the_board_says_so(community: Community, signed_in: SignIn) -> None:
    (signed,) = books.agreements(community.store.database, LEDGER, unit=community.ids["lvyun"]).rows
    client = signed_in("liu")
    assert "没有有效的协议" not in client.get(f"/{LEDGER}/units-board").text

    community.do("zhao", EndAgreement(unit=signed["unit"], agreement_id=signed["agreement_id"], reason="by_community"))

    page = client.get(f"/{LEDGER}/units-board").text
    assert "没有有效的协议" in page
    assert "/claim" not in page
    assert "/claim" in client.get(f"/{LEDGER}/units-board?kind=wish").text


# ---- the query ---------------------------------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_repetition(community: Community) -> None:
    seen: list[str] = []
    after: str | None = None
    wanted = Wanted(kind="wish")
    while True:
        page = units_board(community.store.database, LEDGER, wanted, after=after, limit=1)
        seen += [row["request_id"] for row in page.rows]
        if page.next is None:
            break
        after = page.next

    whole = units_board(community.store.database, LEDGER, wanted, limit=100)
    assert seen == [row["request_id"] for row in whole.rows]
    assert len(seen) == len(set(seen)) > 1


def test_a_search_that_finds_nothing_ends_after_so_many_and_says_where_to_go_on(
    community: Community, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOKED_AT", 1)

    page = units_board(community.store.database, LEDGER, Wanted(kind="listing", most_fen=1))

    assert page.rows == []
    assert page.next is not None
    found: list[str] = []
    after: str | None = page.next
    while after is not None:
        page = units_board(community.store.database, LEDGER, Wanted(kind="listing", least_fen=8_000_00), after=after)
        found += [row["request_id"] for row in page.rows]
        after = page.next
    assert found == [community.ids["加装扶手"]]
    page_shown = client.get(f"/{LEDGER}/units-board?value=above").text
    assert "请往后看" in page_shown
    assert "看更多" in page_shown


def test_the_photos_form_is_where_the_board_leads(community: Community, signed_in: SignIn) -> None:
    assert secrets_of(signed_in("liu"), f"requests/{community.ids['电影放映']}/photos")

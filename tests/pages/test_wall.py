"""The honour wall: ranks that explain themselves, names only of those who agreed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from ledger.honours.commands import RevokePlaque
from ledger.parties.commands import WithdrawPublication
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community, without_links

SignIn = Callable[[str], TestClient]


def test_the_wall_names_who_agreed_and_masks_who_did_not(client: TestClient, community: Community) -> None:
    shown = client.get(f"/{LEDGER}/wall").text

    assert "王阿姨" in shown
    assert "<b>李*</b>" in shown
    assert "李师傅" not in shown
    assert community.ids["li"] not in shown


def test_who_gave_more_stands_higher(client: TestClient) -> None:
    podium = without_links(client.get(f"/{LEDGER}/wall").text).partition("podium")[2].partition("</ol>")[0]

    assert re.findall(r'class="value">([^<]+)<', podium) == ["11 小时", "1 小时 35 分"]
    assert re.findall(r"第 (\d) 名", podium) == ["1", "2"]


def test_a_row_opens_to_the_positions_that_made_it(client: TestClient, community: Community) -> None:
    asked = {"measure": "volunteer_minutes", "subject": community.ids["wang"]}
    shown = without_links(client.get(f"/{LEDGER}/wall/why", params=asked).text)

    amounts = re.findall(r'<td class="r">([^<]+)</td>', shown)
    assert sorted(amounts) == sorted(["2 小时"] * 5 + ["1 小时 30 分", "−30 分钟"])
    assert len(re.findall(r'<th scope="row" class="num">第 \d+ 号', shown)) == 7
    assert "第 1 名" in shown


def test_what_made_the_row_of_somebody_unnamed_is_theirs_alone(
    client: TestClient, signed_in: SignIn, community: Community
) -> None:
    address = f"/{LEDGER}/wall/why?measure=volunteer_minutes&subject={community.ids['li']}"

    assert client.get(address).status_code == 404
    assert signed_in("wang").get(address).status_code == 404
    assert signed_in("li").get(address).status_code == 200
    assert signed_in("wei").get(address).status_code == 200


@pytest.mark.parametrize(
    ("measure", "seen"),
    [
        ("unit_requests", "绿云物业"),
        ("place_minutes", "7号院"),
        ("team_minutes", "暖心队"),
        ("kind_requests", "物业服务组织"),
        ("unit_donations", "91,000.00 元"),
    ],
)
def test_units_places_teams_kinds_and_money_have_rankings_of_their_own(
    client: TestClient, measure: str, seen: str
) -> None:
    shown = client.get(f"/{LEDGER}/wall?measure={measure}").text

    assert seen in shown.partition("podium")[2].partition("</ol>")[0]


@pytest.mark.parametrize("query", ["measure=kindness", "period=2026-13", "after=x"])
def test_what_nobody_measures_is_refused_in_words(client: TestClient, query: str) -> None:
    answer = client.get(f"/{LEDGER}/wall?{query}")

    assert answer.status_code in (404, 422)
    assert "<h1>" in answer.text


def test_a_revoked_plaque_stays_with_its_reason(client: TestClient, community: Community) -> None:
    (plaque,) = books.plaques(community.store.database, LEDGER).rows
    assert "金牌" in client.get(f"/{LEDGER}/wall").text

    community.do("qian", RevokePlaque(plaque_id=plaque["plaque_id"], reason="work_undone"))

    shown = client.get(f"/{LEDGER}/wall").text
    assert "已收回" in shown
    assert "工作未保持" in shown


def test_who_wants_to_be_on_no_wall_is_not_there(client: TestClient, community: Community) -> None:
    community.do("wang", WithdrawPublication(member_id=community.ids["wang"], where="wall", hidden=True))

    shown = client.get(f"/{LEDGER}/wall").text

    podium = shown.partition("podium")[2].partition("</ol>")[0]
    assert "王" not in podium
    assert re.findall(r"第 (\d) 名", podium) == ["2"]

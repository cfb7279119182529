"""Home: the community's totals and what happened lately."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store import Store
from api.texts import text
from ledger.hours.commands import DonateHours
from ledger.requests.commands import WithdrawRequest
from tests.pages.cast import LEDGER, Community


def test_the_bare_address_leads_to_the_community(client: TestClient) -> None:
    answer = client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/{LEDGER}/")


@pytest.mark.parametrize(("lang", "first"), [("zh", "还没有账本"), ("en", "No ledger has begun yet")])
def test_an_empty_store_says_in_both_languages_how_to_begin(tmp_path: Path, lang: str, first: str) -> None:
    with Store.open(Settings(database_url=str(tmp_path / "empty.db"))) as store:
        answer = TestClient(create_app(store), base_url="http://127.0.0.1").get("/", headers={"Accept-Language": lang})

    assert answer.status_code == 200
    assert f"<h1>{first}</h1>" in answer.text
    assert all(text(one, "pages.welcome.title") in answer.text for one in ("zh", "en"))
    for command in ("nuanlin demo", "nuanlin ledger open", "nuanlin import members"):
        assert answer.text.count(command) == 2, command


def test_home_shows_what_the_neighbours_have_banked(client: TestClient) -> None:
    shown = client.get(f"/{LEDGER}/").text

    # Five times 2 h, 1 h 35 min and 1 h 30 min mended to 1 h: 12 h 35 min.
    assert "<span>12<small>小时</small></span> <span>35<small>分</small></span>" in shown


def test_home_tells_the_money_that_came_and_went(client: TestClient) -> None:
    shown = client.get(f"/{LEDGER}/").text

    # 1,000 to 13,000 yuan for the thirteen items, six anonymous gifts of 88 yuan; one payment of 400.
    assert "91,528.00" in shown
    assert re.search(r'已支出 <a class="fig" href="[^"]+">400.00 元<', shown)


def test_home_says_how_far_the_journal_is(client: TestClient, community: Community) -> None:
    assert f"第 {community.head()} 号" in client.get(f"/{LEDGER}/").text


def test_what_happened_lately_names_nobody(client: TestClient, community: Community) -> None:
    community.do("wang", DonateHours(giver=community.ids["wang"], minutes=5))

    shown = client.get(f"/{LEDGER}/").text

    assert "王*向公共时间池捐出 5 分钟" in shown
    assert "王阿姨" not in shown


def test_a_wish_that_was_taken_back_is_not_told_any_more(client: TestClient, community: Community) -> None:
    wish = community.wish("想有人陪我说说话")
    assert "想有人陪我说说话" in client.get(f"/{LEDGER}/").text

    community.do("nai", WithdrawRequest(request_id=wish, requester=community.ids["nai"]))

    assert "想有人陪我说说话" not in client.get(f"/{LEDGER}/").text


def test_a_ledger_that_does_not_exist_is_a_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert text("zh", "pages.problem.title_404") in answer.text


def test_guessing_at_ledgers_opens_none_in_memory(client: TestClient, community: Community) -> None:
    client.get("/made-up-ledger/board")

    assert "made-up-ledger" not in community.store.application._desks


def test_a_member_finds_the_own_account_in_the_bar(
    signed_in: Callable[[str], TestClient], community: Community
) -> None:
    shown = signed_in("wang").get(f"/{LEDGER}/").text

    assert f'href="/{LEDGER}/members/{community.ids["wang"]}"' in shown

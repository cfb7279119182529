"""Figures that open, entries that open, and pages as they were: nobody sees by them what they may not see."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page
from starlette.testclient import TestClient

from api.asof.words import type_in_words
from ledger.hours.commands import GiveHours
from tests.pages.cast import LEDGER, Community, without_links
from tests.pages.test_reading import pages_of

SignIn = Callable[[str], TestClient]
FIGURE = re.compile(r'<a class="fig" href="([^"]+)">(.*?)</a>', re.DOTALL)
NUMBER = re.compile(r"[−+]?\d[\d,.]* (?:元|小时(?: \d+ 分)?|分钟)")


def read(shown: str) -> str:
    """The text of a piece of a page, without what only screen readers get."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r'<span class="hide">.*?</span>', "", shown))).strip()


def main_of(client: TestClient, path: str) -> str:
    """The main part of a page that must be shown."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, read(answer.text)[-300:])
    return answer.text.partition("<main")[2].partition("</main>")[0]


def test_every_figure_of_every_page_opens_to_the_very_figure(signed_in: SignIn, community: Community) -> None:
    client = signed_in("wang")
    pages = [path for path in pages_of(community) if "sign-in" not in path and "nowhere" not in path]
    opened: set[str] = set()
    for path in pages:
        for address, link in FIGURE.findall(main_of(client, path)):
            asked = html.unescape(address)
            answer = client.get(asked)
            assert answer.status_code == 200, (path, asked)
            figure = parse_qs(urlsplit(asked).query).get("figure", [""])[0]
            opened.add(figure.partition(":")[0])
            if figure and not figure.endswith(":stars"):
                value = answer.text.partition('<p class="huge">')[2].partition("</p>")[0]
                assert re.split(r"\s", read(value))[0].startswith(read(link).split(" ")[0]), (path, figure)
    assert opened >= {
        "", "stats.minutes.earned", "stats.members", "stats.income", "fund", "member", "ranking",
    }  # fmt: skip


def test_every_figure_of_every_page_leads_to_what_it_is_made_of(signed_in: SignIn, community: Community) -> None:
    client = signed_in("wang")
    for path in pages_of(community):
        if "nowhere" in path or "sign-in" in path:
            continue
        shown = main_of(client, path)
        # A movement's own amounts stand beside the number of its entry; a chart's stand in the table below it too.
        left = re.sub(r"<li>(?:(?!</li>).)*/event/(?:(?!</li>).)*</li>", "", shown, flags=re.DOTALL)
        left = re.sub(r"<svg.*?</svg>|<tr>(?:(?!</tr>).)*/event/.*?</tr>", "", left, flags=re.DOTALL)
        left = re.sub(r'<a class="fig".*?</a>', "", left, flags=re.DOTALL)
        left = re.sub(r'<li class="sum">.*?</li>|<p class="huge">.*?</p>|<p class="small soft">.*?</p>', "", left)
        left = re.sub(r'<section class="hero".*?</section>', "", left, flags=re.DOTALL) if "/why?" in path else left
        # The next star is no figure but how far there is to go; a row of somebody unnamed is theirs alone.
        left = re.sub(
            r"<p class=\"soft small\">再服务.*?</p>|<tr>(?:(?!</tr>).)*李\*.*?</tr>", "", left, flags=re.DOTALL
        )
        left = re.sub(r'<li><span class="place">(?:(?!</li>).)*李\*.*?</li>', "", left, flags=re.DOTALL)
        left = re.sub(r"<(?:li|tr)>(?:(?!</li>|</tr>).)*/why\?.*?</(?:li|tr)>", "", left, flags=re.DOTALL)
        left = re.sub(r'<td class="r">0 小时</td>|<dl class="pairs plainly">.*?</dl>', "", left, flags=re.DOTALL)
        assert NUMBER.findall(read(left)) == [], path


def test_the_entries_of_a_figure_add_up_to_it_and_lead_to_the_events(client: TestClient, community: Community) -> None:
    shown = main_of(client, f"/{LEDGER}/why?figure=fund:nuanxing:item-0:income")

    assert "1,000.00" in shown
    assert re.findall(r'class="amount plus">([^<]+)<', shown) == ["+1,000.00 元"]
    event = re.findall(r'<a class="what" href="([^"]+)"', shown)[0]
    told = main_of(client, event)
    assert type_in_words("zh", "fund.donation_received@1") in told
    assert "+1,000.00 元" in told
    assert "绿云物业" not in told


def test_a_stranger_learns_nothing_of_another_members_figures(
    client: TestClient, signed_in: SignIn, community: Community
) -> None:
    figures = [f"member:{community.ids['li']}:usable", f"balance:hours:{community.ids['li']}:minutes"]
    for figure in figures:
        for other in (client, signed_in("wang")):
            there = other.get(f"/{LEDGER}/why?figure={figure}")
            nobody = figure.replace(community.ids["li"], "mem_nobody")
            nowhere = other.get(f"/{LEDGER}/why?figure={nobody}")
            assert there.status_code == nowhere.status_code == 404
            assert there.text.replace(community.ids["li"], "mem_nobody") == nowhere.text
        assert signed_in("li").get(f"/{LEDGER}/why?figure={figure}").status_code == 200
        assert signed_in("wei").get(f"/{LEDGER}/why?figure={figure}").status_code == 200


def test_an_entry_is_whole_for_the_auditor_own_for_whom_it_concerns_and_an_outline_else(
    client: TestClient, signed_in: SignIn, community: Community
) -> None:
    path = f"/{LEDGER}/event/{community.deposited()}"

    whole, own, outline = (main_of(one, path) for one in (signed_in("wei"), signed_in("wang"), client))

    assert "王阿姨" in whole
    assert "<pre" in whole
    assert community.ids["wang"] in whole
    assert "王阿姨" in own
    assert "<pre" not in own
    assert community.ids["zhao"] not in own
    assert "王" not in outline
    assert "2 小时" in outline
    assert "概要" in outline


def test_a_gift_is_nobody_elses_business(client: TestClient, signed_in: SignIn, community: Community) -> None:
    ids = community.ids
    community.do("wang", GiveHours(giver=ids["wang"], receiver=ids["nai"], minutes=1))
    path = f"/{LEDGER}/event/{community.head()}"

    shown = main_of(signed_in("nai"), path)
    assert "王*" in shown
    assert "王阿姨" not in shown
    for other in (client, signed_in("li")):
        assert other.get(path).status_code == 404


def test_a_statement_as_it_was_says_so_and_knows_nothing_later(signed_in: SignIn, community: Community) -> None:
    client = signed_in("wang")
    position = community.deposited()

    then = main_of(client, f"/{LEDGER}/members/{community.ids['wang']}?at={position}")
    now = main_of(client, f"/{LEDGER}/members/{community.ids['wang']}")

    assert "您看到的是过去的状态" in then
    assert "您看到的是过去的状态" not in now
    assert "<dt>累计服务</dt><dd>2 小时</dd>" in without_links(then)
    assert len(re.findall(r'<li><details><summary><span class="dot in">', then)) == 1
    assert f"at={position}" in then
    assert f'href="/{LEDGER}/members/{community.ids["wang"]}"' in then


@pytest.mark.parametrize("at", ["0", "1"])
def test_before_the_rules_were_set_a_statement_is_empty_and_without_stars(
    signed_in: SignIn, community: Community, at: str
) -> None:
    then = main_of(signed_in("wang"), f"/{LEDGER}/members/{community.ids['wang']}?at={at}")

    assert "<dt>累计服务</dt><dd>0 小时</dd>" in without_links(then)
    assert "1969" not in then
    assert "<dt>星级</dt>" not in then


def test_a_fund_as_it_was_has_the_receipts_of_then(client: TestClient, community: Community) -> None:
    first = main_of(client, f"/{LEDGER}/why?figure=fund:nuanxing:item-0:received")
    position = int(re.findall(r"/event/(\d+)", first)[0])

    then = without_links(main_of(client, f"/{LEDGER}/funds/nuanxing?at={position}"))

    assert "<dt>收入</dt><dd>1,000.00 元</dd>" in then
    assert re.findall(r'class="amount plus">([^<]+)<', then) == ["+1,000.00 元"]
    assert client.get(f"/{LEDGER}/funds/nuanxing?at=1").status_code == 404


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "-1", "99999999"])
def test_a_moment_that_is_none_is_refused_in_words(client: TestClient, at: str) -> None:
    for path in ("funds/nuanxing", "why?figure=stats.members"):
        answer = client.get(f"/{LEDGER}/{path}{'&' if '?' in path else '?'}at={at}")
        assert answer.status_code in (404, 422)
        assert "errors." not in answer.text


@pytest.mark.parametrize("path", ["why", "why?figure=", "why?figure=kindness", "event/0", "event/x", "event/99999999"])
def test_what_does_not_exist_is_a_page_that_says_so(client: TestClient, path: str) -> None:
    answer = client.get(f"/{LEDGER}/{path}")

    assert answer.status_code == 404
    assert "<main" in answer.text


def test_pages_of_a_long_figure_join(client: TestClient, community: Community) -> None:
    seen: list[str] = []
    path = f"/{LEDGER}/why?figure=stats.events"
    while path:
        shown = main_of(client, path)
        seen += re.findall(r'<span class="nowrap">第 ([\d,]+) 号</span>', shown)
        following = re.findall(r'<p class="pager"><a class="btn second" href="([^"]+)"', shown)
        path = html.unescape(following[0]) if following else ""

    assert [int(one.replace(",", "")) for one in seen] == list(range(1, community.head() + 1))


@pytest.mark.browser
def test_without_scripts_a_figure_opens_and_the_past_is_asked_for(
    page_without_scripts: Page, address: str, community: Community
) -> None:
    page = page_without_scripts
    page.goto(f"{address}/{LEDGER}/funds/nuanxing")
    page.locator("details.back summary").click()
    page.fill("#at", str(community.head()))
    page.locator(".back-form button").click()
    page.wait_for_url("**at=**")

    assert page.locator(".earlier").is_visible()
    page.locator(".huge .fig").click()
    assert page.locator("#entries li").count() > 1

"""What a menu calls a page is what the page calls itself, for everybody who finds it there."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]


def words(html: str) -> str:
    """What a piece of a page says."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def entries(client: TestClient) -> dict[str, str]:
    """Where every entry of the menu leads, the tabs and what stands under "more": address → label."""
    page = client.get(f"/{LEDGER}/more").text
    menu = page.partition("<main")[2].partition("</main")[0] + page.partition('class="tabs"')[2].partition("</nav")[0]
    found = re.findall(r'<a [^>]*href="([^"#]+)"[^>]*>(.*?)</a>', menu, re.DOTALL)
    return {unescape(address): words(label) for address, label in found}


@pytest.mark.parametrize("who", ["", "wang", "son", "zhao", "zhu", "committee0"])
def test_the_heading_of_a_page_is_its_name_in_the_menu(
    client: TestClient, signed_in: SignIn, community: Community, who: str
) -> None:
    visitor = signed_in(who) if who else client
    member = community.ids.get(who, "nobody")
    named_otherwise = {
        label: heading
        for address, label in entries(visitor).items()
        if not re.fullmatch(rf"/{LEDGER}/(members/{member}|units/[^/]+)|/sign-in\?.*", address)
        and label not in (heading := [words(one) for one in headings(visitor, address)])
    }

    assert named_otherwise == {}


def headings(visitor: TestClient, address: str) -> list[str]:
    """The headings of the first rank of a page, and the first part of its title."""
    page = visitor.get(address, follow_redirects=True).text
    title = page.partition("<title>")[2].partition(" · ")[0]
    return [title, *re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)]

"""The cast's unit with work in hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from ledger.requests.commands import ClaimRequest
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]


def secrets_of(client: TestClient, path: str) -> dict[str, str]:
    """The hidden fields of the form of a page that sends photos."""
    page = client.get(f"/{LEDGER}/{path}").text.partition('enctype="multipart/form-data"')[2]
    return dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page))


@pytest.fixture
def held(community: Community) -> Callable[[str], str]:
    """Gives a wish of 陈奶奶 that 绿云物业 has taken."""

    def take(title: str) -> str:
        wish = community.wish(title)
        community.do("liu", ClaimRequest(request_id=wish, claimant=community.ids["lvyun"]))
        return wish

    return take

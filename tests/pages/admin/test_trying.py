"""Where many decisions would be looked at, a rule is tried aside: the page waits, with and without scripts, and then tells."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.pages.admin import policy
from tests.pages.admin.test_administration import post
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]
PATH = "admin/policy/hours.daily_cap_minutes"
LONGEST_SECONDS = 60


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the last quarter held more than a page looks at itself."""
    monkeypatch.setattr(policy, "AT_ONCE", -1)


def test_it_is_looked_at_aside_and_the_page_shows_what_was_found(
    many: None, signed_in: SignIn, community: Community
) -> None:
    client = signed_in("he")
    begun = post(client, PATH, value="45", day="2026-12-01", to="try")
    assert begun.status_code == 303
    address = begun.headers["location"]

    shown = client.get(address).text
    waited = time.monotonic()
    while "data-again" in shown and time.monotonic() - waited < LONGEST_SECONDS:
        assert 'http-equiv="refresh"' in shown, "who has no scripts is led on too"
        assert re.search(r'name="to" value="try"', shown) is None, "nobody sends for it twice"
        assert 'value="45"' in shown
        time.sleep(0.2)
        shown = client.get(address).text

    assert "如果是“45 分钟”" in shown
    assert "2026-12-01" in shown
    assert 'value="set"' in shown, "and now it can be set"


def test_a_value_that_nobody_sent_for_is_not_looked_at(many: None, signed_in: SignIn) -> None:
    shown = signed_in("he").get(f"/{LEDGER}/{PATH}?try=77").text

    assert 'value="77"' in shown
    assert "data-again" not in shown
    assert 'value="try"' in shown


def test_a_value_that_cannot_be_is_said_to_be_none(many: None, signed_in: SignIn) -> None:
    assert signed_in("he").get(f"/{LEDGER}/{PATH}?try=much").status_code == 422
    assert signed_in("he").get(f"/{LEDGER}/admin/policy/nothing.known?try=7").status_code == 404

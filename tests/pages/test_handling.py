"""What becomes of a claim, over the plain forms that browsers send with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.texts import text
from ledger.requests.commands import ClaimRequest, FulfilRequest
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]


def page_of(client: TestClient, request_id: str) -> str:
    """A request's page."""
    return client.get(f"/{LEDGER}/requests/{request_id}").text


def fields_of(client: TestClient, request_id: str, step: str) -> dict[str, str]:
    """The hidden fields of one of the page's forms; none where it is not offered."""
    form = page_of(client, request_id).partition(f"requests/{request_id}/{step}")[2].partition("</form>")[0]
    return dict(re.findall(r'name="(csrf|key|claimant)" value="([^"]+)"', form))


def press(client: TestClient, request_id: str, step: str, **more: str) -> Response:
    """Send one of the page's forms; what is handed back by a form of its own takes the fields of the other."""
    fields = {**(fields_of(client, request_id, step) or fields_of(client, request_id, "fulfil")), **more}
    return client.post(f"/{LEDGER}/requests/{request_id}/{step}", data=fields)


def status_of(community: Community, request_id: str) -> str:
    """Where a request stands in the books."""
    row = books.request(community.store.database, LEDGER, request_id)
    assert row is not None
    return str(row["status"])


def claimed(community: Community, title: str, by: str = "li", claimant: str = "li", *, done: bool = False) -> str:
    """A wish of 陈奶奶 that somebody holds, or has done; gives its id."""
    community.clock.moved += 8  # earlier claims of these stories no longer count against the limit
    wish = community.wish(title)
    community.do(by, ClaimRequest(request_id=wish, claimant=community.ids[claimant]))
    if done:
        community.do(by, FulfilRequest(request_id=wish, claimant=community.ids[claimant]))
    return wish


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("step", "after", "said"), [("release", "published", "released"), ("fulfil", "fulfilled", "fulfilled")]
)
def test_the_claimant_hands_it_back_or_says_it_is_done(
    signed_in: SignIn, community: Community, step: str, after: str, said: str, lang: str
) -> None:
    wish, client = claimed(community, f"想修水龙头{step}{lang}"), signed_in("li")

    answer = press(client, wish, step)

    assert answer.status_code == 303
    assert status_of(community, wish) == after
    shown = client.get(answer.headers["location"], headers={"Accept-Language": lang}).text
    assert text(lang, f"pages.request.{said}") in shown


def test_a_team_member_says_that_the_teams_work_is_done(signed_in: SignIn, community: Community) -> None:
    wish = claimed(community, "想搬花盆", claimant="team")

    assert press(signed_in("li"), wish, "fulfil").status_code == 303
    assert status_of(community, wish) == "fulfilled"


def test_only_who_holds_it_and_who_asked_are_offered_anything(
    client: TestClient, signed_in: SignIn, community: Community
) -> None:
    held, done = claimed(community, "想贴春联"), claimed(community, "想擦纱窗", done=True)

    for looking in (client, signed_in("wang")):
        assert "/release" not in page_of(looking, held)
        assert "/fulfil" not in page_of(looking, held)
        assert "/close" not in page_of(looking, done)
    assert "/close" in page_of(signed_in("son"), done)


@pytest.mark.parametrize("who", ["nai", "son"])
def test_who_asked_or_their_proxy_confirms_with_a_score(signed_in: SignIn, community: Community, who: str) -> None:
    wish, client = claimed(community, f"想换纱窗{who}", done=True), signed_in(who)

    answer = press(client, wish, "close", score="4")

    assert answer.status_code == 303
    assert status_of(community, wish) == "closed"
    shown = client.get(answer.headers["location"]).text
    assert "已确认，谢谢您" in shown
    assert "满意度 4 分" in shown


def test_a_low_score_gives_it_back_to_who_did_it(signed_in: SignIn, community: Community) -> None:
    wish, client = claimed(community, "想修窗户", done=True), signed_in("nai")

    answer = press(client, wish, "close", score="1")

    assert status_of(community, wish) == "claimed"
    assert "已退给认领方重新办" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize("score", ["", "0", "6"])
def test_a_score_that_is_none_is_refused_on_the_page(signed_in: SignIn, community: Community, score: str) -> None:
    wish, client = claimed(community, f"想修门{score}", done=True), signed_in("nai")

    answer = press(client, wish, "close", score=score)

    assert answer.status_code == 422
    assert status_of(community, wish) == "fulfilled"


def test_whoever_does_not_hold_it_is_refused_in_plain_words(signed_in: SignIn, community: Community) -> None:
    wish, client = claimed(community, "想配钥匙"), signed_in("wang")
    csrf = fields_of(client, community.ids["cane"], "claim")["csrf"]

    for step, more in (("release", {}), ("fulfil", {"claimant": community.ids["li"]}), ("close", {"score": "5"})):
        answer = press(client, wish, step, csrf=csrf, **more)
        assert answer.status_code == 403
        assert 'role="alert"' in answer.text
        assert "没有办成" in answer.text
    assert status_of(community, wish) == "claimed"


def test_a_form_sent_twice_is_done_once_and_says_so_both_times(signed_in: SignIn, community: Community) -> None:
    wish, client = claimed(community, "想磨菜刀"), signed_in("li")
    fields = fields_of(client, wish, "fulfil")

    answers = [client.post(f"/{LEDGER}/requests/{wish}/fulfil", data=fields).status_code for _ in range(2)]

    assert answers == [303, 303]


@pytest.mark.parametrize("step", ["release", "fulfil", "close"])
def test_a_form_without_the_pages_secret_does_nothing(signed_in: SignIn, community: Community, step: str) -> None:
    wish = claimed(community, f"想晒书{step}")

    assert press(signed_in("li"), wish, step, csrf="0" * 40).status_code == 403
    assert status_of(community, wish) == "claimed"


def test_without_signing_in_it_leads_to_the_sign_in(client: TestClient, community: Community) -> None:
    answer = press(client, claimed(community, "想听评书"), "release")

    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")

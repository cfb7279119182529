"""The board: what is shown to whom, and claiming over the form that a browser without scripts sends."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from ledger.requests.commands import ClaimRequest, PostRequest, PublishRequest, RequestWords
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]


def form_of(client: TestClient, request_id: str) -> dict[str, str]:
    """The hidden fields of a request's claim form."""
    shown = client.get(f"/{LEDGER}/requests/{request_id}").text
    form = shown.partition(f"requests/{request_id}/claim")[2].partition("</form>")[0]
    return dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', form))


def claim(client: TestClient, request_id: str, **more: str) -> int:
    """Send the claim form; gives the status of the answer."""
    fields = {**form_of(client, request_id), **more}
    return client.post(f"/{LEDGER}/requests/{request_id}/claim", data=fields).status_code


def status_of(community: Community, request_id: str) -> str:
    """Where a request stands in the books."""
    row = books.request(community.store.database, LEDGER, request_id)
    assert row is not None
    return str(row["status"])


def test_a_phone_number_in_the_text_is_masked_however_it_is_spelled(client: TestClient, community: Community) -> None:
    spelled = ("138 1234 1234", "138-1234-1234", "+8613812341234", "86 138 1234 1234", "１３８１２３４１２３４")
    words = RequestWords(title="想请人修门铃", detail="；".join(spelled), phone="13812341234")
    command = PostRequest(kind="wish", requester=community.ids["nai"], place=community.ids["yard"], words=words)
    community.do("nai", command)
    community.do("zhao", PublishRequest(request_id=command.request_id))

    shown = client.get(f"/{LEDGER}/requests/{command.request_id}").text

    assert [one for one in spelled if one in shown] == []
    assert shown.count("****") == len(spelled)


def test_the_board_shows_what_is_open_and_masks_who_asked(client: TestClient) -> None:
    shown = client.get(f"/{LEDGER}/board").text

    assert "想修好楼道的灯" in shown
    assert "陈*" in shown
    assert "陈奶奶" not in shown
    assert "还没有审核的心愿" not in shown


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("status=closed", True),
        ("status=closed&kind=wish", True),
        ("status=closed&kind=listing", False),
        ("status=published", False),
        ("status=closed&category=生活服务", True),
        ("status=closed&category=别的", False),
    ],
)
def test_filters_narrow_the_board(client: TestClient, query: str, seen: bool) -> None:
    assert ("想学用手机挂号" in client.get(f"/{LEDGER}/board?{query}").text) is seen


def test_the_filter_by_place_holds_what_lies_below(client: TestClient, community: Community) -> None:
    address = f"/{LEDGER}/board?place={community.ids['yard']}"

    assert "想修好楼道的灯" in client.get(address).text


def test_phone_numbers_in_what_people_write_are_masked(client: TestClient, community: Community) -> None:
    shown = client.get(f"/{LEDGER}/requests/{community.ids['cane']}").text

    assert "138****1234" in shown
    assert "13812341234" not in shown


def test_the_worker_sees_whom_to_call(signed_in: SignIn, community: Community) -> None:
    shown = signed_in("zhao").get(f"/{LEDGER}/requests/{community.ids['cane']}").text

    assert "13812341234" in shown
    assert "陈奶奶" in shown


def test_a_story_tells_every_step_with_its_number(client: TestClient, community: Community) -> None:
    shown = client.get(f"/{LEDGER}/requests/{community.ids['done']}").text

    steps = ["<strong>提出</strong>", "审核通过，上榜", "李*认领", "李*做完", "本人确认，圆满"]
    places = [shown.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)
    assert "满意度 5 分" in shown
    assert shown.count("第 ") >= len(steps)


def test_what_was_not_reviewed_yet_does_not_exist_for_strangers(
    client: TestClient, signed_in: SignIn, community: Community
) -> None:
    address = f"/{LEDGER}/requests/{community.ids['hidden']}"

    assert client.get(address).status_code == 404
    assert signed_in("li").get(address).status_code == 404
    assert signed_in("nai").get(address).status_code == 200
    assert signed_in("son").get(address).status_code == 200


def test_a_claim_leads_back_to_the_request_with_a_confirmation(signed_in: SignIn, community: Community) -> None:
    wish, client = community.wish("想有人读报"), signed_in("wang")

    answer = client.post(f"/{LEDGER}/requests/{wish}/claim", data=form_of(client, wish))

    assert answer.status_code == 303
    shown = client.get(answer.headers["location"]).text
    assert "认领成功，谢谢您" in shown
    assert "还剩 6 天" in shown
    assert status_of(community, wish) == "claimed"


def test_a_team_member_may_claim_for_the_team(signed_in: SignIn, community: Community) -> None:
    wish = community.wish("想搬旧沙发")

    assert claim(signed_in("li"), wish, claimant=community.ids["team"]) == 303
    row = books.request(community.store.database, LEDGER, wish)
    assert row is not None
    assert row["claimant"] == community.ids["team"]


def test_nobody_claims_for_a_unit_they_do_not_speak_for(signed_in: SignIn, community: Community) -> None:
    wish = community.wish("想换灯泡")

    assert claim(signed_in("li"), wish, claimant=community.ids["lvyun"]) == 403
    assert status_of(community, wish) == "published"


def test_whoever_is_too_late_reads_so_on_the_page(signed_in: SignIn, community: Community) -> None:
    wish, client = community.wish("想配一把钥匙"), signed_in("wang")
    fields = form_of(client, wish)
    community.do("li", ClaimRequest(request_id=wish, claimant=community.ids["li"]))

    answer = client.post(f"/{LEDGER}/requests/{wish}/claim", data=fields)

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "没有认领成功" in answer.text


def race(clients: list[TestClient], wish: str) -> list[int]:
    """Everybody presses at the same moment; gives the statuses of the answers, sorted."""
    forms = [form_of(client, wish) for client in clients]
    answers: list[int] = []
    start = threading.Barrier(len(clients))

    def press(client: TestClient, form: dict[str, str]) -> None:
        start.wait()
        answers.append(client.post(f"/{LEDGER}/requests/{wish}/claim", data=form).status_code)

    hands = [threading.Thread(target=press, args=pair) for pair in zip(clients, forms, strict=True)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return sorted(answers)


def test_of_two_who_claim_at_once_exactly_one_wins(signed_in: SignIn, community: Community) -> None:
    for _ in range(5):
        wish = community.wish("想磨剪刀")
        community.clock.moved += 8  # earlier claims of this story no longer count against the limit

        assert race([signed_in("wang"), signed_in("son")], wish) == [303, 409]


def test_a_form_sent_twice_is_one_claim(signed_in: SignIn, community: Community) -> None:
    wish, client = community.wish("想擦玻璃"), signed_in("liu")
    fields = form_of(client, wish)
    answers = [client.post(f"/{LEDGER}/requests/{wish}/claim", data=fields).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(books.claims_on(community.store.database, LEDGER, wish)) == 1


def test_a_form_without_the_pages_secret_does_nothing(signed_in: SignIn, community: Community) -> None:
    wish, client = community.wish("想装门铃"), signed_in("liu")

    assert claim(client, wish, csrf="0" * 40) == 403
    assert status_of(community, wish) == "published"


def test_a_form_from_another_site_does_nothing(signed_in: SignIn, community: Community) -> None:
    wish, client = community.wish("想修收音机"), signed_in("liu")
    fields = form_of(client, wish)

    for header in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
        answer = client.post(f"/{LEDGER}/requests/{wish}/claim", data=fields, headers=header)
        assert answer.status_code == 403
    assert status_of(community, wish) == "published"


def test_without_signing_in_a_claim_leads_to_the_sign_in(client: TestClient, community: Community) -> None:
    wish = community.wish("想晒被子")

    answer = client.post(f"/{LEDGER}/requests/{wish}/claim", data={})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?")

"""A member's statement: the figures, the story of each line, and who may read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from ledger.parties.commands import RegisterMember
from tests.pages.cast import LEDGER, Community, without_links

SignIn = Callable[[str], TestClient]


def statement(client: TestClient, community: Community, who: str = "wang") -> str:
    """The page of somebody's account, which must be shown."""
    answer = client.get(f"/{LEDGER}/members/{community.ids[who]}")
    assert answer.status_code == 200
    return without_links(answer.text)


def test_usable_held_awaited_and_lifetime_hours_stand_apart(signed_in: SignIn, community: Community) -> None:
    shown = statement(signed_in("wang"), community)

    # 11 h verified, less 45 min given, 30 min donated (and 5 more at home in another module) and 60 min held.
    assert "<span>8<small>小时</small></span> <span>45<small>分</small></span>" in shown
    assert "<dt>已预留</dt><dd>1 小时</dd>" in shown
    assert "<dt>待核实</dt><dd>1 小时 40 分</dd>" in shown
    assert "<dt>累计服务</dt><dd>11 小时</dd>" in shown


def test_a_line_opens_to_place_verifier_origin_and_number(signed_in: SignIn, community: Community) -> None:
    shown = statement(signed_in("wang"), community)

    for pair in (
        "<dt>地点</dt><dd>7号院</dd>", "<dt>核实人</dt><dd>赵社工</dd>", "<dt>来源</dt><dd>组织方证明</dd>",
        "<dt>内容</dt><dd>为行动不便的老人理发</dd>", "<dt>账本编号</dt><dd>第 ",
    ):  # fmt: skip
        assert pair in shown


def test_a_mended_record_shows_original_correction_and_net(signed_in: SignIn, community: Community) -> None:
    shown = statement(signed_in("wang"), community)

    for pair in (
        "<dt>原记</dt><dd>1 小时 30 分</dd>",
        "<dt>更正</dt><dd>1 小时</dd>",
        "<dt>净额</dt><dd>−30 分钟</dd>",
    ):
        assert pair in shown


def test_a_neighbour_in_a_line_is_masked(signed_in: SignIn, community: Community) -> None:
    shown = statement(signed_in("wang"), community)

    assert "给陈* V" in shown
    assert "陈奶奶" not in shown


@pytest.mark.parametrize("who", ["son", "zhao", "wei"])
def test_proxy_worker_and_auditor_read_it(signed_in: SignIn, community: Community, who: str) -> None:
    assert "陈奶奶" in statement(signed_in(who), community, "nai")


@pytest.mark.parametrize("who", ["wang", "liu", "zhu", "committee0"])
def test_for_everybody_else_it_does_not_exist(signed_in: SignIn, community: Community, who: str) -> None:
    client = signed_in(who)

    of_a_member = client.get(f"/{LEDGER}/members/{community.ids['nai']}")
    of_nobody = client.get(f"/{LEDGER}/members/mem_nobody")

    assert of_a_member.status_code == of_nobody.status_code == 404
    assert "奶奶" not in of_a_member.text


def test_without_signing_in_it_does_not_exist(client: TestClient, community: Community) -> None:
    assert client.get(f"/{LEDGER}/members/{community.ids['wang']}").status_code == 404


def test_private_pages_are_not_kept_by_browsers(signed_in: SignIn, community: Community) -> None:
    answer = signed_in("wang").get(f"/{LEDGER}/members/{community.ids['wang']}")

    assert answer.headers["cache-control"] == "no-store"


def test_older_lines_follow_without_repetition_or_gap(signed_in: SignIn, community: Community) -> None:
    command = RegisterMember(number="77")
    community.do("zhao", command)
    community.ids["busy"] = command.member_id
    booked = [community.deposit("busy", 20, 1 + number % 9, f"巡逻第{number:02}次") for number in range(25)]
    client = signed_in("zhao")
    first = statement(client, community, "busy")
    further = first.partition("after=")[2].partition('"')[0]

    second = client.get(f"/{LEDGER}/members/{command.member_id}?after={further}").text

    told = [
        [number for number in range(25) if f'<span class="what">巡逻第{number:02}次' in page]
        for page in (first, second)
    ]
    assert len(booked) == 25
    assert told == [list(range(5, 25)), list(range(5))]
    assert "余额 8 小时 20 分" in first


def test_a_cursor_that_is_none_is_refused_in_words(signed_in: SignIn, community: Community) -> None:
    answer = signed_in("wang").get(f"/{LEDGER}/members/{community.ids['wang']}?after=x")

    assert answer.status_code == 422
    assert "<h1>" in answer.text

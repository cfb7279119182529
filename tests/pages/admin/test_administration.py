"""Administration without a browser: whose pages these are, rules tried and set, roles, places, tokens, the state of things."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api import tokens
from api.backups import back_up
from api.pages.admin.rules_in_words import BUILT_IN, as_typed, parsed
from ledger.application import OPERATOR
from ledger.clock import day_of
from ledger.errors import NotSignedIn, Refused
from ledger.hours.commands import DepositSession
from ledger.places.commands import AppointResponsible, OpenIntakePoint
from ledger.policy.state import policy_of
from ledger.rights_table import RIGHTS
from projections.books import queries as books
from projections.books.engines.requests_tables import duties
from projections.reading import one
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]
PAGES = (
    "admin", "admin/health", "admin/places", "admin/lists", "admin/roles", "admin/rights", "admin/policy",
    "admin/policy/hours.daily_cap_minutes", "admin/tokens", "admin/seal-key", "do/grant-role", "do/add-place",
)  # fmt: skip


def secrets(page: str) -> dict[str, str]:
    """The hidden fields that every form of a page carries."""
    return dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page))


def post(client: TestClient, path: str, **said: str) -> Response:
    """Send what the form of a page sends."""
    page = client.get(f"/{LEDGER}/{path}").text
    return client.post(f"/{LEDGER}/{path}", data={**secrets(page), **said})


def do(client: TestClient, form: str, /, **said: str) -> Response:
    """Send a form of the engine, after a look at it."""
    page = client.get(f"/{LEDGER}/do/{form}").text
    sent = client.post(f"/{LEDGER}/do/{form}", data={**secrets(page), "step": "9", "to": "send", **said})
    # What is wrong is told on a page of the draft.
    return client.get(sent.headers["location"]) if "draft=" in sent.headers["location"] else sent


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["wang", "zhao", "qian", "zhu", "wei"])
def test_nobody_but_administrators_of_the_whole_community_finds_it(signed_in: SignIn, who: str, path: str) -> None:
    assert signed_in(who).get(f"/{LEDGER}/{path}").status_code == 404


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("admin")])
def test_who_is_not_signed_in_finds_no_such_page(client: TestClient, path: str) -> None:
    assert client.get(f"/{LEDGER}/{path}").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_an_administrator_sees_it(signed_in: SignIn, path: str) -> None:
    assert signed_in("he").get(f"/{LEDGER}/{path}").status_code == 200


@pytest.mark.parametrize("path", ["admin/tokens", "admin/tokens/end", "admin/policy/hours.daily_cap_minutes"])
def test_nobody_else_can_send_it(signed_in: SignIn, path: str) -> None:
    client = signed_in("zhao")
    said = {**secrets(client.get(f"/{LEDGER}/work").text), "label": "x", "days": "30", "value": "60", "to": "set"}
    assert client.post(f"/{LEDGER}/{path}", data=said).status_code == 404


# ---- rules ----------------------------------------------------------------------------------------------------------


def test_every_rule_is_shown_in_words_and_can_be_typed_as_shown() -> None:
    for name, value in BUILT_IN.items():
        assert parsed(name, as_typed(name, value)) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [("hours.daily_cap_minutes", ""), ("hours.daily_cap_minutes", "viel"), ("votes.quorum", "3/2"),
     ("honours.star_hours", "3 2 1"), ("requests.wish_ceiling_fen", "1.999"), ("hours.gifts_to", "nobody")],
)  # fmt: skip
def test_a_value_that_a_rule_cannot_have_is_refused(name: str, typed: str) -> None:
    with pytest.raises(Refused, match="bad_policy_value"):
        parsed(name, typed)


def test_a_rule_is_tried_on_the_last_quarter_before_it_is_set(signed_in: SignIn, community: Community) -> None:
    # Given two hours recorded on each of some days, all of them in a quarter that is over by now,
    community.clock.moved += 100
    client = signed_in("he")
    path = "admin/policy/hours.daily_cap_minutes"
    # when a cap of one hour is tried,
    tried = post(client, path, value="60", to="try")
    # then the page says what would have been refused, and nothing was set;
    assert tried.status_code == 200
    assert "个会被拒绝" in tried.text
    assert re.search(r"[1-9]\d* 个会被拒绝", tried.text)
    assert "超过每日上限 …" in tried.text
    policy = policy_of(community.store.application.view(LEDGER))
    assert policy.value("hours.daily_cap_minutes", day_of(community.clock())) == 480
    # when one of ten hours is tried, then not one decision would have been another.
    assert "没有一个决定会不同" in post(client, path, value="600", to="try").text


def test_a_rule_that_is_set_says_since_when_and_by_which_entry(signed_in: SignIn, community: Community) -> None:
    client, path = signed_in("he"), "admin/policy/requests.open_claims"
    day = day_of(community.clock()) + timedelta(days=3)

    answer = post(client, path, value="5", tried="5", day=day.isoformat(), to="set")

    assert answer.status_code == 303, answer.text
    shown = client.get(answer.headers["location"]).text
    assert "设定好了" in shown
    assert "起改为 5" in shown
    assert f'href="/{LEDGER}/event/{community.head()}"' in shown
    policy = policy_of(community.store.application.view(LEDGER))
    assert (policy.value("requests.open_claims", day), policy.value("requests.open_claims", day - timedelta(1))) == (
        5,
        3,
    )


def test_a_value_that_was_not_tried_is_tried_and_not_set(signed_in: SignIn, community: Community) -> None:
    before = community.head()

    answer = post(signed_in("he"), "admin/policy/hours.daily_cap_minutes", value="90", tried="60", to="set")

    assert answer.status_code == 200
    assert "如果是“1 小时 30 分”" in answer.text
    assert community.head() == before


def test_a_rule_in_the_past_and_one_that_cannot_be_are_refused_with_a_sentence(signed_in: SignIn) -> None:
    client, path = signed_in("he"), "admin/policy/hours.daily_cap_minutes"

    past = post(client, path, value="300", tried="300", day="2020-01-01", to="set")
    absurd = post(client, path, value="99999", to="try")

    assert past.status_code == 422
    assert "规则不能追溯" in past.text
    assert absurd.status_code == 422
    assert "不能取这个值" in absurd.text
    assert 'value="99999"' in absurd.text


def test_the_page_of_rules_names_every_rule_once(signed_in: SignIn) -> None:
    page = signed_in("he").get(f"/{LEDGER}/admin/policy").text

    linked = re.findall(rf'href="/{LEDGER}/admin/policy/([a-z_.]+)"', page)
    assert sorted(linked) == sorted(BUILT_IN)
    assert "8 小时" in page
    assert "500.00 元" in page
    assert "不限" in page
    assert "程序自带" in page


# ---- roles and rights -----------------------------------------------------------------------------------------------


def test_somebody_is_appointed_for_a_place_and_the_appointment_ends(signed_in: SignIn, community: Community) -> None:
    client, li, yard = signed_in("he"), community.ids["li"], community.ids["yard"]

    given = do(client, "grant-role", holder="李师傅", role="treasurer", scope=yard)
    assert given.status_code == 303, given.text
    shown = client.get(f"/{LEDGER}/admin/roles?role=treasurer").text
    of_li = shown.partition("李师傅")[2].partition("</li>")[0]
    assert "7号院" in of_li
    assert "何主任任命" in of_li

    asked = client.get(f"/{LEDGER}/do/revoke-role?holder={li}&role=treasurer&scope={yard}").text
    assert "李师傅" in asked
    ended = do(client, "revoke-role", holder=li, role="treasurer", scope=yard)
    assert ended.status_code == 303, ended.text
    assert "李师傅" not in client.get(f"/{LEDGER}/admin/roles?role=treasurer").text


def test_nobody_appoints_themselves(signed_in: SignIn) -> None:
    answer = do(signed_in("he"), "grant-role", holder="何主任", role="treasurer")

    assert answer.status_code == 403
    assert "is-wrong" in answer.text


def test_a_representative_needs_a_unit(signed_in: SignIn, community: Community) -> None:
    client = signed_in("he")

    without = do(client, "grant-role", holder="李师傅", role="representative")
    asked = do(client, "grant-role", holder="李师傅", role="representative", to="step-2")

    assert without.status_code == 422
    assert "绿云物业" in asked.text
    assert "7号院" not in asked.text
    assert do(client, "grant-role", holder="李师傅", role="representative", scope=community.ids["lvyun"]).is_redirect


def test_the_table_of_rights_shows_every_command(signed_in: SignIn) -> None:
    client = signed_in("he")
    first = client.get(f"/{LEDGER}/admin/rights").text
    areas = re.findall(r"rights\?area=([a-z_]+)", first)

    shown = sum(client.get(f"/{LEDGER}/admin/rights?area={area}").text.count('<li class="work">') for area in areas)

    assert shown == len(RIGHTS)
    policy = client.get(f"/{LEDGER}/admin/rights?area=policy").text
    assert "管理员 · 要全社区的任职" in policy


# ---- places and lists -----------------------------------------------------------------------------------------------


def test_a_place_is_added_and_a_collection_point_opened_and_closed(signed_in: SignIn, community: Community) -> None:
    client, yard = signed_in("he"), community.ids["yard"]
    assert do(client, "add-place", name="3号楼", kind="building", parent=yard).is_redirect
    assert "3号楼" in {row["name"] for row in books.places(community.store.database, LEDGER)}

    assert do(client, "open-point", label="东门意见箱", channel="qr", place=yard).is_redirect
    page = client.get(f"/{LEDGER}/admin/places").text
    assert "东门意见箱" in page
    point = re.search(r"close-point\?point_id=([a-z0-9_]+)", page)
    assert point is not None
    assert "东门意见箱" in client.get(f"/{LEDGER}/do/close-point?point_id={point[1]}").text
    assert do(client, "close-point", point_id=point[1]).is_redirect
    assert "已关闭" in client.get(f"/{LEDGER}/admin/places").text


def test_long_lists_of_collection_points_go_on_behind_the_last(signed_in: SignIn, community: Community) -> None:
    for number in range(31):
        community.do(OPERATOR, OpenIntakePoint(channel="paper", label=f"信箱{number:02}"))
    client = signed_in("he")

    page = client.get(f"/{LEDGER}/admin/places").text
    onward = re.search(r'href="([^"]+after=[^"]+)"', page)

    assert onward is not None
    assert "信箱30" not in page
    assert "信箱30" in client.get(onward[1].replace("&amp;", "&")).text


def test_who_answers_for_a_place_is_let_go_with_a_reason(signed_in: SignIn, community: Community) -> None:
    duty = AppointResponsible(place_id=community.ids["yard"], member_id=community.ids["li"], office="楼长")
    community.do(OPERATOR, duty)
    client = signed_in("he")
    assert "楼长 · 李师傅" in client.get(f"/{LEDGER}/admin/places").text

    answer = do(client, "end-duty", duty_id=duty.duty_id, reason="resigned")

    assert answer.is_redirect, answer.text
    row = one(community.store.database, duties, LEDGER, duty_id=duty.duty_id)
    assert row is not None
    assert (row["active"], row["reason"]) == (0, "resigned")


def test_a_need_group_is_named(signed_in: SignIn) -> None:
    client = signed_in("he")

    assert do(client, "open-group", name="独居老人").is_redirect

    page = client.get(f"/{LEDGER}/admin/lists").text
    assert "独居老人" in page
    assert "暖兴专项基金" in page
    assert "适老改造" in page


# ---- tokens and the seal key ----------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_ended_by_its_number(signed_in: SignIn, community: Community) -> None:
    client = signed_in("he")

    made = post(client, "admin/tokens", label="社区传递程序", role="community_worker", days="90")
    found = re.search(r"nl_[A-Za-z0-9_-]{43}", made.text)
    assert found is not None
    secret, listed = found[0], client.get(f"/{LEDGER}/admin/tokens").text

    assert made.headers["cache-control"] == "no-store"
    assert tokens.verify(community.store, LEDGER, secret).startswith("svc_")
    assert secret not in listed
    of_it = listed.partition("社区传递程序")[2].partition("</li>")[0]
    assert "社区工作者" in of_it
    roles = client.get(f"/{LEDGER}/admin/roles?role=community_worker").text
    assert "何主任任命" in roles
    number = tokens.digest_of(secret)[: tokens.SHOWN_LETTERS]
    ended = client.post(f"/{LEDGER}/admin/tokens/end", data={**secrets(listed), "number": number})
    assert ended.status_code == 303
    with pytest.raises(NotSignedIn):
        tokens.verify(community.store, LEDGER, secret)


@pytest.mark.parametrize(
    "said",
    [
        {"label": "", "days": "90"},
        {"label": "x", "days": "9999"},
        {"label": "x", "days": "90", "role": "administrator"},
    ],
)
def test_no_token_without_a_label_or_an_end_and_none_that_administers(
    signed_in: SignIn, community: Community, said: dict[str, str]
) -> None:
    before = len(tokens.listed(community.store, LEDGER))

    assert post(signed_in("he"), "admin/tokens", **said).status_code == 422
    assert len(tokens.listed(community.store, LEDGER)) == before


def test_the_seal_key_is_the_one_that_signs(signed_in: SignIn, community: Community) -> None:
    page = signed_in("he").get(f"/{LEDGER}/admin/seal-key").text

    assert (
        community.store.seals.vkey(LEDGER).replace("+", "&#43;") in page or community.store.seals.vkey(LEDGER) in page
    )
    assert re.search(r"(?:[0-9A-F]{4} ){7}[0-9A-F]{4}", page)


# ---- the state of things --------------------------------------------------------------------------------------------


def card(page: str, title: str) -> str:
    """One thing that was looked at, as the page of health shows it."""
    return page.partition(f"<h2>{title}</h2>")[2].partition("</li>")[0]


def test_health_says_what_is_wrong_and_what_to_do(signed_in: SignIn, community: Community, tmp_path: Path) -> None:
    client = signed_in("he")
    before = client.get(f"/{LEDGER}/admin/health").text
    assert "要处理" in card(before, "备份")
    assert "nuanlin backup --to" in card(before, "备份")
    assert "还没有外部的人为封存签名" in card(before, "外部见证")

    community.store.sealer.catch_up(LEDGER, force_checkpoint=True)
    community.store.catch_up(LEDGER)
    back_up(community.store, tmp_path)
    after = client.get(f"/{LEDGER}/admin/health").text
    assert "打开核对过" in card(after, "备份")
    assert "都跟上了" in card(after, "账册和排行")
    assert "都及时封存了" in card(after, "封存")
    assert "一致" in card(after, "版本")

    command = DepositSession(volunteer=community.ids["wang"], minutes=30, day=day_of(community.clock()) - timedelta(9))
    community.do("zhao", command)
    community.clock.moved += 8
    later = client.get(f"/{LEDGER}/admin/health").text
    assert "8 天前" in card(later, "备份")
    assert "要处理" in card(later, "备份")
    assert re.search(r"有 [12] 条记录还没封存", card(later, "封存"))
    assert "要处理" in card(later, "封存")
    assert re.search(r"排行还差 [12] 条", card(later, "账册和排行"))

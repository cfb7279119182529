"""A resident's way: asking in three small steps, following, confirming, taking back; and acting for a parent."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.texts import known
from ledger.application import OPERATOR
from ledger.parties.commands import PersonWords, RegisterMember
from ledger.parties.state import Standing
from ledger.partners.commands import AdmitToMenu, OfferOnMenu
from ledger.places.commands import AddPlace
from ledger.requests import commands as do
from ledger.requests.kinds import KINDS
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]


def said(shown: str) -> str:
    """What people read of a page's main part."""
    main = shown.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def carried(shown: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    main = shown.partition("<main")[2]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main))


def way(client: TestClient, name: str, *steps: dict[str, str], query: str = "") -> str:
    """Walk through a form, page by page, and send it; gives where it leads."""
    shown = client.get(f"/{LEDGER}/do/{name}{query}").text
    for answers in steps:
        answer = client.post(f"/{LEDGER}/do/{name}", data={**carried(shown), "to": "next", **answers})
        if "draft=" not in answer.headers["location"]:
            return answer.headers["location"]
        shown = client.get(answer.headers["location"]).text
    led = client.post(f"/{LEDGER}/do/{name}", data={**carried(shown), "to": "send"}).headers["location"]
    assert "draft=" not in led, said(client.get(led).text)
    return led


def row_of(community: Community, request_id: str) -> dict[str, object]:
    """A request in the books."""
    row = books.request(community.store.database, LEDGER, request_id)
    assert row is not None
    return row


THREE_STEPS = (
    {"words.title": "想要一盏小夜灯", "words.detail": "走廊晚上看不见"},
    {"value_fen": "30"},
    {"words.phone": "13812345678", "words.address": "3号楼502"},
)


def test_a_wish_takes_three_small_steps_and_a_look_at_the_answers(signed_in: SignIn, community: Community) -> None:
    client = signed_in("nai")
    shown = client.get(f"/{LEDGER}/do/wish").text
    assert "第 1 步，共 3 步" in said(shown)
    for answers in THREE_STEPS:
        shown = client.post(
            f"/{LEDGER}/do/wish", data={**carried(shown), "to": "next", **answers}, follow_redirects=True
        ).text
    looked = said(shown)
    assert all(word in looked for word in ("请核对", "想要一盏小夜灯", "30.00 元", "13812345678", "3号楼502"))

    answer = client.post(f"/{LEDGER}/do/wish", data={**carried(shown), "to": "send"})
    request_id = answer.headers["location"].rpartition("/")[2]
    row = row_of(community, request_id)
    told = said(client.get(answer.headers["location"]).text)
    assert f"编号 {row['number']} 号" in told or f"{row['number']} 号" in told
    assert "接下来" in told
    assert "社区审核" in told
    assert (row["kind"], row["requester"], row["proxy"], row["channel"]) == (
        "wish",
        community.ids["nai"],
        None,
        "online",
    )
    assert row["value_fen"] == 30_00


@pytest.mark.parametrize("kind", ["order", "issue"])
def test_help_and_problems_are_asked_for_alike(signed_in: SignIn, community: Community, kind: str) -> None:
    steps: tuple[dict[str, str], ...] = ({"words.title": "陪我去医院"}, {}, {"words.phone": "13812345678"})
    request_id = way(signed_in("wang"), kind, *steps).rpartition("/")[2]

    assert row_of(community, request_id)["kind"] == kind


def test_what_a_unit_offers_on_its_menu_goes_straight_to_it(signed_in: SignIn, community: Community) -> None:
    unit = community.ids["lvyun"]
    offered = OfferOnMenu(unit=unit, name="清洗油烟机", category="家政", at_once=2)
    community.do("liu", offered)
    community.do("zhao", AdmitToMenu(menu_id=offered.menu_id))
    client = signed_in("nai")
    assert f"do/order-menu?menu_id={offered.menu_id}" in client.get(f"/{LEDGER}/menu").text

    where = way(client, "order-menu", {}, {"words.phone": "13812345678"}, query=f"?menu_id={offered.menu_id}")
    row = row_of(community, where.rpartition("/")[2])
    assert (row["kind"], row["claimant"], row["requester"]) == ("order", unit, community.ids["nai"])
    told = said(client.get(where).text)
    assert "清洗油烟机" in told
    assert "办理 现在" in told


def test_too_dear_a_wish_is_told_at_the_question_about_its_value(signed_in: SignIn) -> None:
    client = signed_in("nai")
    shown = client.get(f"/{LEDGER}/do/wish").text
    for answers in (THREE_STEPS[0], {"value_fen": "9000"}, THREE_STEPS[2]):
        shown = client.post(
            f"/{LEDGER}/do/wish", data={**carried(shown), "to": "next", **answers}, follow_redirects=True
        ).text
    answer = client.post(f"/{LEDGER}/do/wish", data={**carried(shown), "to": "send"}, follow_redirects=True)

    assert answer.status_code == 422
    assert 'href="#f-value-fen"' in answer.text
    assert 'id="f-value-fen-wrong"' in answer.text


def test_the_own_telephone_number_is_filled_in(signed_in: SignIn) -> None:
    client = signed_in("nai")
    shown = client.get(f"/{LEDGER}/do/order").text
    for answers in ({"words.title": "修水龙头"}, {}):
        shown = client.post(
            f"/{LEDGER}/do/order", data={**carried(shown), "to": "next", **answers}, follow_redirects=True
        ).text

    assert 'value="13912345678"' in shown


def test_nobody_asks_without_being_signed_in(client: TestClient) -> None:
    assert client.get(f"/{LEDGER}/ask").status_code == 200
    answer = client.get(f"/{LEDGER}/do/wish")
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


# ---- for a parent ----------------------------------------------------------------------------------------------------------


def act_for(client: TestClient, community: Community, whom: str) -> None:
    """Press the switch."""
    shown = client.get(f"/{LEDGER}/ask").text
    csrf = re.search(r'name="csrf" value="([^"]+)"', shown)
    assert csrf is not None
    fields = {"csrf": csrf[1], "member": community.ids[whom], "back": f"/{LEDGER}/ask"}
    answer = client.post(f"/{LEDGER}/acting", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{LEDGER}/ask")


def test_a_son_asks_for_his_mother_and_that_is_recorded(signed_in: SignIn, community: Community) -> None:
    client = signed_in("son")
    assert "替陈奶奶办" in client.get(f"/{LEDGER}").text or "替陈奶奶办" in client.get(f"/{LEDGER}/board").text
    act_for(client, community, "nai")
    shown = client.get(f"/{LEDGER}/ask").text
    assert "正在替陈奶奶办事" in shown

    query = f"?requester={community.ids['nai']}"
    where = way(client, "wish", *THREE_STEPS, query=query)
    row = row_of(community, where.rpartition("/")[2])
    assert (row["requester"], row["proxy"]) == (community.ids["nai"], community.ids["son"])
    assert "替陈奶奶办" in said(client.get(where).text)
    assert "陈奶奶提的事" in said(client.get(f"/{LEDGER}/my-requests").text)
    assert "想要一盏小夜灯" in said(signed_in("nai").get(f"/{LEDGER}/my-requests").text)


def test_what_a_form_began_for_stays_although_the_switch_moved(signed_in: SignIn, community: Community) -> None:
    client = signed_in("son")
    act_for(client, community, "nai")
    shown = client.get(f"/{LEDGER}/do/order?requester={community.ids['nai']}").text
    act_for(client, community, "son")
    for answers in ({"words.title": "请人来擦窗"}, {}, {"words.phone": "13812345678"}):
        shown = client.post(
            f"/{LEDGER}/do/order", data={**carried(shown), "to": "next", **answers}, follow_redirects=True
        ).text
    assert "替陈奶奶办" in said(shown)
    answer = client.post(f"/{LEDGER}/do/order", data={**carried(shown), "to": "send"})

    assert row_of(community, answer.headers["location"].rpartition("/")[2])["requester"] == community.ids["nai"]


def test_nobody_acts_for_who_did_not_name_them(signed_in: SignIn, community: Community) -> None:
    client = signed_in("wang")
    shown = client.get(f"/{LEDGER}/do/wish").text
    csrf = carried(shown)["csrf"]
    assert client.post(f"/{LEDGER}/acting", data={"csrf": csrf, "member": community.ids["nai"]}).status_code == 403
    client.cookies.set("nuanlin_for", community.ids["nai"])
    assert "正在替" not in client.get(f"/{LEDGER}/ask").text

    shown = client.get(f"/{LEDGER}/do/wish?requester={community.ids['nai']}").text
    assert "陈奶奶" not in shown
    for answers in THREE_STEPS:
        shown = client.post(
            f"/{LEDGER}/do/wish", data={**carried(shown), "to": "next", **answers}, follow_redirects=True
        ).text
    assert (
        client.post(f"/{LEDGER}/do/wish", data={**carried(shown), "to": "send"}, follow_redirects=True).status_code
        == 403
    )


def test_no_form_tells_a_stranger_where_somebody_lives(signed_in: SignIn, community: Community) -> None:
    house = AddPlace(kind="building", name="9号楼", parent=community.ids["yard"])
    neighbour = RegisterMember(words=PersonWords(name="孙大爷", phone="13900001111"), place=house.place_id)
    for command in (house, neighbour):
        community.do(OPERATOR, command)
    path = f"/{LEDGER}/do/wish"

    def asked_where(who: str) -> str:
        client = signed_in(who)
        began = client.get(f"{path}?requester={neighbour.member_id}").text
        return client.post(
            path, data={**carried(began), "words.title": "灯坏了", "to": "next"}, follow_redirects=True
        ).text

    assert house.place_id not in asked_where("wang")
    assert house.place_id in asked_where("zhao")


def test_a_proxy_is_named_by_number_and_ended_by_either(signed_in: SignIn, community: Community) -> None:
    number = books.member(community.store.database, LEDGER, community.ids["li"])
    assert number is not None
    client = signed_in("wang")
    done = said(client.get(way(client, "proxy-add", {"proxy": books.short_number(number)})).text)
    assert "现在可以替您办事" in done
    assert "李师傅" in said(client.get(f"/{LEDGER}/proxies").text)
    view = community.store.application.view(LEDGER)
    assert community.ids["li"] in view.state(Standing, community.ids["wang"]).proxies

    other = signed_in("li")
    assert "王阿姨" in said(other.get(f"/{LEDGER}/proxies").text)
    pair = f"?principal={community.ids['wang']}&proxy={community.ids['li']}"
    assert "您不再替" in said(other.get(way(other, "proxy-end", {}, query=pair)).text)
    view = community.store.application.view(LEDGER)
    assert community.ids["li"] not in view.state(Standing, community.ids["wang"]).proxies


# ---- following -------------------------------------------------------------------------------------------------------------


def done_wish(community: Community, title: str) -> str:
    """A wish of 陈奶奶 that somebody did."""
    community.clock.moved += 8  # earlier claims of these stories no longer count against the limit
    wish = community.wish(title)
    community.do("li", do.ClaimRequest(request_id=wish, claimant=community.ids["li"]))
    community.do("li", do.FulfilRequest(request_id=wish, claimant=community.ids["li"]))
    return wish


def test_following_says_where_it_stands_and_until_when(signed_in: SignIn, community: Community) -> None:
    community.clock.moved += 8
    wish = community.wish("想学包粽子")
    community.do("li", do.ClaimRequest(request_id=wish, claimant=community.ids["li"]))
    told = said(signed_in("nai").get(f"/{LEDGER}/requests/{wish}").text)

    assert re.search(r"社区审核 已完成 等人认领 已完成 办理 现在 最晚", told)
    assert "还剩 6 天 23 小时" in told
    assert "您来确认 之后" in told
    community.clock.moved += 9
    assert "期限已过" in said(signed_in("nai").get(f"/{LEDGER}/requests/{wish}").text)
    assert "期限已过" in said(signed_in("nai").get(f"/{LEDGER}/my-requests").text)


def test_what_waits_for_the_one_who_asked_stands_first(signed_in: SignIn, community: Community) -> None:
    done_wish(community, "想磨一把菜刀")
    told = said(signed_in("nai").get(f"/{LEDGER}/my-requests").text)

    assert told.index("等您确认") < told.index("已经结束")
    assert told.index("想磨一把菜刀") < told.index("已经结束")


def test_confirming_with_a_score_in_words(signed_in: SignIn, community: Community) -> None:
    wish = done_wish(community, "想换纱窗")
    where = way(signed_in("nai"), "confirm", {"score": "5"}, {"words.remark": "很好"}, query=f"?request_id={wish}")

    assert where == f"/{LEDGER}/requests/{wish}?done=closed"
    assert (row_of(community, wish)["status"], row_of(community, wish)["score"]) == ("closed", 5)


def test_a_low_score_goes_back_unless_it_is_explained(signed_in: SignIn, community: Community) -> None:
    client = signed_in("nai")
    again = done_wish(community, "想通马桶")
    way(client, "confirm", {"score": "1"}, {}, query=f"?request_id={again}")
    assert row_of(community, again)["status"] == "claimed"

    rest = done_wish(community, "想挂窗帘")
    client = signed_in("nai")
    shown = client.get(f"/{LEDGER}/do/confirm?request_id={rest}").text
    for answers in ({"score": "1"}, {"explained": "yes"}):
        shown = client.post(
            f"/{LEDGER}/do/confirm", data={**carried(shown), "to": "next", **answers}, follow_redirects=True
        ).text
    answer = client.post(f"/{LEDGER}/do/confirm", data={**carried(shown), "to": "send"}, follow_redirects=True)
    assert answer.status_code == 422
    assert 'href="#f-words-remark"' in answer.text
    way(
        client,
        "confirm",
        {"score": "1"},
        {"explained": "yes", "words.remark": "不用再来了"},
        query=f"?request_id={rest}",
    )
    assert (row_of(community, rest)["status"], row_of(community, rest)["explained"]) == ("closed", 1)


def test_a_proxy_confirms_for_the_mother(signed_in: SignIn, community: Community) -> None:
    wish = done_wish(community, "想修轮椅")
    way(signed_in("son"), "confirm", {"score": "4"}, {}, query=f"?request_id={wish}")

    assert row_of(community, wish)["status"] == "closed"


def test_nobody_else_confirms(signed_in: SignIn, community: Community) -> None:
    wish = done_wish(community, "想补鞋")
    client = signed_in("wang")
    shown = client.get(f"/{LEDGER}/do/confirm?request_id={wish}").text
    assert "想补鞋" not in said(shown)
    for answers in ({"score": "5"}, {}):
        shown = client.post(
            f"/{LEDGER}/do/confirm", data={**carried(shown), "to": "next", **answers}, follow_redirects=True
        ).text
    assert (
        client.post(f"/{LEDGER}/do/confirm", data={**carried(shown), "to": "send"}, follow_redirects=True).status_code
        == 403
    )
    assert row_of(community, wish)["status"] == "fulfilled"


def test_a_wish_is_taken_back(signed_in: SignIn, community: Community) -> None:
    wish = community.wish("想要一只收音机")
    client = signed_in("nai")
    assert f"do/withdraw?request_id={wish}" in client.get(f"/{LEDGER}/requests/{wish}").text
    where = way(client, "withdraw", {}, query=f"?request_id={wish}")

    assert row_of(community, wish)["status"] == "withdrawn"
    assert "已撤回" in said(client.get(where).text)


def test_what_was_closed_is_asked_for_again(signed_in: SignIn, community: Community) -> None:
    wish = done_wish(community, "想刷一面墙")
    community.do("nai", do.CloseRequest(request_id=wish, requester=community.ids["nai"], score=5))
    client = signed_in("nai")
    assert f"do/reopen?request_id={wish}" in client.get(f"/{LEDGER}/requests/{wish}").text
    way(client, "reopen", {"words.remark": "又掉皮了"}, query=f"?request_id={wish}")

    assert row_of(community, wish)["status"] == "claimed"


# ---- who may know what -----------------------------------------------------------------------------------------------------


def test_contact_details_are_for_who_holds_the_request_and_no_longer(signed_in: SignIn, community: Community) -> None:
    community.clock.moved += 8
    wish = community.wish("想搬一张床")
    phone, page = "13812341234", f"/{LEDGER}/requests/{wish}"

    def reads(who: str) -> bool:
        return phone in signed_in(who).get(page).text

    assert [reads(who) for who in ("nai", "son", "zhao", "li", "wang")] == [True, True, True, False, False]
    community.do("li", do.ClaimRequest(request_id=wish, claimant=community.ids["li"]))
    assert (reads("li"), reads("wang")) == (True, False)
    community.do("li", do.ReleaseClaim(request_id=wish, claimant=community.ids["li"]))
    assert not reads("li")


def test_the_confirmation_is_the_askers_alone(signed_in: SignIn, community: Community) -> None:
    wish = community.ids["cane"]

    assert signed_in("nai").get(f"/{LEDGER}/asked/{wish}").status_code == 200
    assert signed_in("son").get(f"/{LEDGER}/asked/{wish}").status_code == 200
    assert signed_in("wang").get(f"/{LEDGER}/asked/{wish}").status_code == 404


def test_own_pages_lead_strangers_to_sign_in(client: TestClient) -> None:
    for path in ("my-requests", "proxies"):
        assert client.get(f"/{LEDGER}/{path}").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("kind", ["wish", "order", "need", "listing", "issue", "project"])
def test_every_stage_of_every_kind_has_a_name(kind: str) -> None:
    for lang in ("zh", "en"):
        for stage in KINDS[kind].stages:
            keys = (f"pages.resident.stage.{kind}_{stage.name}", f"pages.resident.stage.{stage.name}")
            assert any(known(lang, key) for key in keys), (kind, stage.name)
            assert known(lang, f"pages.next.{stage.name}")
            assert known(lang, f"pages.status.{stage.name}")

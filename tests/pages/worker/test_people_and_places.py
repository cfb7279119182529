"""Finding and registering people, the tree of places with what is open and late below, and posters."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from ledger.application import OPERATOR
from ledger.parties.commands import GrantRole
from ledger.places.commands import AddPlace, AppointResponsible, OpenIntakePoint
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community
from tests.pages.worker.desk import past_shift

SignIn = Callable[[str], TestClient]


def find(client: TestClient, text: str) -> str:
    """The page of what was found."""
    return client.get(f"/{LEDGER}/people", params={"q": text}).text


def test_people_are_found_by_number_phone_and_full_name_alone(signed_in: SignIn, community: Community) -> None:
    client = signed_in("zhao")
    row = books.member(community.store.database, LEDGER, community.ids["wang"])
    assert row is not None

    for text in (books.short_number(row), "王阿姨"):
        assert f"people/{community.ids['wang']}" in find(client, text)
    assert f"people/{community.ids['wang']}" in find(client, "139 1234 5678")
    assert "没有找到" in find(client, "王")


def test_the_page_of_a_member_says_what_staff_need(signed_in: SignIn, community: Community) -> None:
    page = signed_in("zhao").get(f"/{LEDGER}/people/{community.ids['nai']}").text

    for words in ("陈奶奶", "13912345678", "代办人", "陈小军", "可用时间", "想修好楼道的灯"):
        assert words in page
    assert f"members/{community.ids['nai']}/card" in page


def test_who_serves_another_place_finds_no_such_member(signed_in: SignIn, community: Community) -> None:
    other = AddPlace(kind="courtyard", name="11号院")
    community.do(OPERATOR, other)
    community.do(OPERATOR, GrantRole(holder=community.ids["son"], role="community_worker", scope=other.place_id))
    client = signed_in("son")

    assert "没有找到" in find(client, "王阿姨")
    assert client.get(f"/{LEDGER}/people/{community.ids['wang']}").status_code == 404


@pytest.mark.parametrize("path", ["people", "people/mem_1", "tree", "print", "posters/board.pdf", "do/register"])
def test_volunteers_find_none_of_it(signed_in: SignIn, path: str) -> None:
    assert signed_in("wang").get(f"/{LEDGER}/{path}").status_code == 404


def test_registering_somebody_ends_at_their_page(signed_in: SignIn, community: Community) -> None:
    client = signed_in("zhao")
    page = client.get(f"/{LEDGER}/do/register").text
    said = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page))
    said |= {"step": "3", "to": "send", "words.name": "孙大爷", "words.phone": "13700001111"}

    answer = client.post(f"/{LEDGER}/do/register", data=said)

    assert answer.status_code == 303, answer.text
    shown = client.get(answer.headers["location"]).text
    assert "登记好了" in shown
    assert "孙大爷" in shown
    assert "孙大爷" in find(client, "13700001111")


def test_the_tree_adds_up_what_is_open_and_late_below(signed_in: SignIn, community: Community) -> None:
    street = AddPlace(kind="street", name="桂花街")
    community.do(OPERATOR, street)
    yard = AddPlace(kind="community", name="梧桐社区", parent=street.place_id)
    community.do(OPERATOR, yard)
    head = AppointResponsible(place_id=yard.place_id, member_id=community.ids["li"], office="院长")
    community.do(OPERATOR, head)
    community.ids["yard"], before = yard.place_id, community.ids["yard"]
    community.wish("路灯不亮", kind="issue")
    community.ids["yard"] = before
    community.clock.moved += 5

    top = signed_in("zhao").get(f"/{LEDGER}/tree").text
    inner = signed_in("zhao").get(f"/{LEDGER}/tree/{street.place_id}").text

    of_street = top.partition("桂花街</a>")[2].partition("</li>")[0]
    assert "超时 1 件" in of_street
    assert "在办 1 件" in of_street
    assert "还没有负责人" in of_street
    of_yard = inner.partition("梧桐社区</a>")[2].partition("</li>")[0]
    assert "院长 李师傅" in of_yard
    assert "超时 1 件" in of_yard


def test_somebody_is_made_to_answer_for_a_place(signed_in: SignIn, community: Community) -> None:
    place, client = community.ids["yard"], signed_in("zhao")
    page = client.get(f"/{LEDGER}/do/appoint?place_id={place}").text
    assert "7号院" in page
    said = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page))
    said |= {"step": "2", "to": "send", "place_id": place, "member_id": "李师傅", "office": "楼长"}

    answer = client.post(f"/{LEDGER}/do/appoint", data=said)

    assert answer.status_code == 303, answer.text
    shown = client.get(answer.headers["location"]).text
    assert "已登记李师傅为7号院的楼长" in shown
    assert re.search(r"<dt>楼长</dt><dd>李师傅</dd>", client.get(f"/{LEDGER}/tree/{place}").text)


def test_posters_lead_to_fixed_addresses(signed_in: SignIn, community: Community) -> None:
    point = OpenIntakePoint(channel="qr", label="东门意见箱", place=community.ids["yard"])
    community.do(OPERATOR, point)
    shift = past_shift(community, "海报班")
    client = signed_in("zhao")
    assert "东门意见箱" in client.get(f"/{LEDGER}/print").text

    for kind, of in (("board", ""), ("place", community.ids["yard"]), ("shift", shift), ("point", point.point_id)):
        answer = client.get(f"/{LEDGER}/posters/{kind}.pdf", params={"of": of})
        assert answer.status_code == 200, (kind, answer.text[:300])
        assert answer.content.startswith(b"%PDF")
    assert client.get(f"/{LEDGER}/posters/shift.pdf", params={"of": "shift_x"}).status_code == 404

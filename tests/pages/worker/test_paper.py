"""Entering a paper list: rows as on the sheet, what is wrong told at its row, nothing written before and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable

from httpx2 import Response
from starlette.testclient import TestClient

from api import tokens
from ledger.application import OPERATOR
from ledger.parties.commands import LeaveCommunity, PersonWords, RegisterMember
from projections.books.engines.shifts_tables import paper_lists
from projections.books.tables import sessions
from projections.reading import Cells, listed
from tests.pages.cast import LEDGER, Community
from tests.pages.worker.desk import past_shift

SignIn = Callable[[str], TestClient]
Row = tuple[str, str, str]


def send(client: TestClient, shift: str, rows: list[Row], *, to: str = "send", guarantor: str = "钱社工") -> Response:
    """Send the sheet's form with these rows."""
    page = client.get(f"/{LEDGER}/paper-lists/{shift}").text
    secrets = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page))
    said = {"guarantor": guarantor, "to": to, **secrets}
    for number, (who, start, end) in enumerate(rows, 1):
        said |= {f"who-{number}": who, f"from-{number}": start, f"to-{number}": end}
    return client.post(f"/{LEDGER}/paper-lists/{shift}", data=said)


def served(community: Community, shift: str) -> list[Cells]:
    """The sessions of a shift."""
    return listed(
        community.store.database, sessions, LEDGER, where={"activity_id": shift}, order=(("number", False),),
        after=None, limit=100,
    ).rows  # fmt: skip


def test_shifts_that_are_over_are_offered(signed_in: SignIn, community: Community) -> None:
    shift = past_shift(community, "早市值守", days_ago=3)

    page = signed_in("zhao").get(f"/{LEDGER}/paper-lists").text

    assert f"/{LEDGER}/paper-lists/{shift}" in page
    assert "早市值守" in page


def test_times_are_read_as_people_write_them(signed_in: SignIn, community: Community) -> None:
    shift = past_shift(community, "护学岗")

    answer = send(signed_in("zhao"), shift, [("王阿姨", "9:00", "1030"), ("李师傅", "上午9点半", "11：00")])

    assert answer.status_code == 303
    assert sorted(row["minutes"] for row in served(community, shift)) == [90, 90]
    done = signed_in("zhao").get(answer.headers["location"]).text
    assert "2 人的时长已登记。" in done


def test_a_wrong_row_is_told_at_the_row_and_nothing_is_written(signed_in: SignIn, community: Community) -> None:
    shift = past_shift(community, "巡逻一")
    rows = [
        ("王阿姨", "9:00", "10:00"),
        ("查无此人", "9:00", "10:00"),
        ("李师傅", "3:00", "4:00"),
        ("陈奶奶", "九点钟左右", "10:00"),
    ]

    answer = send(signed_in("zhao"), shift, rows)

    assert answer.status_code == 422
    assert served(community, shift) == []
    page = answer.text
    for number, reason in ((2, "没有找到这位居民|没有"), (3, "班次"), (4, "16:30")):
        found = re.search(rf'id="wrong-{number}">.*?</span>', page, re.DOTALL)
        assert found, number
        assert re.search(reason, found[0]), found[0]
        assert f'href="#who-{number}"' in page
    assert 'id="wrong-1"' not in page
    for who, start, end in rows:
        assert f'value="{who}"' in page
        assert f'value="{start}"' in page
        assert f'value="{end}"' in page


def test_wrong_rows_can_be_left_out_by_a_press_that_says_so(signed_in: SignIn, community: Community) -> None:
    shift, client = past_shift(community, "巡逻二"), signed_in("zhao")
    rows = [("王阿姨", "9:00", "10:00"), ("查无此人", "9:00", "10:00")]
    assert "去掉有问题的 1 行，录入其余" in send(client, shift, rows).text

    answer = send(client, shift, rows, to="without")

    assert answer.status_code == 303
    assert [row["volunteer"] for row in served(community, shift)] == [community.ids["wang"]]
    assert "1 行没有录入。" in client.get(answer.headers["location"]).text


def test_the_guarantor_is_asked_for_and_is_on_no_row(signed_in: SignIn, community: Community) -> None:
    shift, client = past_shift(community, "巡逻三"), signed_in("zhao")

    nobody = send(client, shift, [("王阿姨", "9:00", "10:00")], guarantor="")
    oneself = send(client, shift, [("钱社工", "9:00", "10:00")])

    assert "请写担保人。" in nobody.text
    assert 'id="g-wrong"' in nobody.text
    assert 'id="wrong-1"' in oneself.text
    assert served(community, shift) == []


def test_the_same_person_twice_on_a_sheet_is_told_at_the_second_row(signed_in: SignIn, community: Community) -> None:
    shift = past_shift(community, "巡逻四")

    page = send(signed_in("zhao"), shift, [("王阿姨", "9:00", "10:00"), ("王阿姨", "10:00", "11:00")]).text

    assert 'id="wrong-2"' in page
    assert 'id="wrong-1"' not in page


def test_an_empty_sheet_and_more_rows_write_nothing(signed_in: SignIn, community: Community) -> None:
    shift, client = past_shift(community, "巡逻五"), signed_in("zhao")

    assert "表上还没有人。" in send(client, shift, []).text
    more = send(client, shift, [("王阿姨", "9:00", "10:00")], to="more").text
    assert 'name="who-17"' in more
    assert 'value="王阿姨"' in more
    assert listed(
        community.store.database, paper_lists, LEDGER, where={"shift_id": shift}, order=(("number", False),),
        after=None, limit=5,
    ).rows == []  # fmt: skip


def test_a_sheet_sent_twice_is_entered_once(signed_in: SignIn, community: Community) -> None:
    shift, client = past_shift(community, "巡逻六"), signed_in("zhao")
    page = client.get(f"/{LEDGER}/paper-lists/{shift}").text
    said = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page))
    said |= {"guarantor": "钱社工", "to": "send", "who-1": "王阿姨", "from-1": "9:00", "to-1": "10:00"}

    first = client.post(f"/{LEDGER}/paper-lists/{shift}", data=said)
    again = client.post(f"/{LEDGER}/paper-lists/{shift}", data=said)

    assert (first.status_code, again.status_code) == (303, 303)
    assert len(served(community, shift)) == 1


def test_who_is_in_charge_learns_of_nobody_who_did_not_sign_up(signed_in: SignIn, community: Community) -> None:
    stranger = RegisterMember(words=PersonWords(name="孙大爷", phone="13700000003"))
    community.do(OPERATOR, stranger)
    shift = past_shift(community, "巡逻八", in_charge="wang")

    told = []
    for typed in ("孙大爷", "周大爷", "13700000003", "13700000004"):
        answer = send(signed_in("wang"), shift, [(typed, "9:00", "10:00")], guarantor=typed)
        assert answer.status_code == 422
        assert "孙*" not in answer.text
        told.append(re.findall(r'<span class="wrong".*?</span>', answer.text, re.DOTALL))

    assert told[0]
    assert all(one == told[0] for one in told)


def test_only_workers_and_who_is_in_charge_find_the_sheet(signed_in: SignIn, community: Community) -> None:
    shift = past_shift(community, "巡逻七")

    assert signed_in("wang").get(f"/{LEDGER}/paper-lists/{shift}").status_code == 404
    assert signed_in("wang").get(f"/{LEDGER}/paper-lists").status_code == 404
    assert signed_in("qian").get(f"/{LEDGER}/paper-lists/{shift}").status_code == 200


def test_who_was_in_charge_and_left_finds_neither_the_sheet_nor_who_came(
    signed_in: SignIn, community: Community
) -> None:
    leaver = RegisterMember(words=PersonWords(name="何师傅"))
    community.do(OPERATOR, leaver)
    community.ids["he"] = leaver.member_id
    community.tokens["he"], _ = tokens.create(community.store, LEDGER, actor=leaver.member_id)
    shift = past_shift(community, "巡逻九", in_charge="he")
    addresses = [f"/{LEDGER}/paper-lists/{shift}", f"/{LEDGER}/shifts/{shift}"]
    before = [signed_in("he").get(address) for address in addresses]
    assert [answer.status_code for answer in before] == [200, 200]
    assert 'id="c"' in before[1].text

    community.do(OPERATOR, LeaveCommunity(member_id=leaver.member_id))

    sheet, told = (signed_in("he").get(address) for address in addresses)
    assert (sheet.status_code, told.status_code) == (404, 200)
    assert 'id="c"' not in told.text

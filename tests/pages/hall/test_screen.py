"""What the screen of a hall shows, and what it keeps back."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from api.pages.hall.boards import BOARDS
from ledger.parties.commands import AgreeToPublication, WithdrawPublication
from ledger.partners.commands import RecordContribution
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]
HALL = f"/{LEDGER}/hall"
REFRESH = re.compile(r'<meta http-equiv="refresh" content="\d+;url=([^"]+)">')


def words(shown: str) -> str:
    """What is read, without tags and line ends."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", shown)).split())


def test_who_agreed_is_named_with_what_was_done_and_who_did_not_is_masked_without(client: TestClient) -> None:
    shown = words(client.get(HALL).text)

    assert "王阿姨 ★" in shown or "王阿姨" in shown
    assert "最近：7号院" in shown
    assert "李*" in shown
    assert "李师傅" not in shown
    assert shown.count("最近：") == 1


def test_in_a_hall_nobody_sees_more_for_being_signed_in(signed_in: SignIn) -> None:
    shown = words(signed_in("li").get(HALL).text)

    assert "李*" in shown
    assert "李师傅" not in shown


def test_what_was_written_into_a_record_is_on_no_screen(client: TestClient) -> None:
    for board in BOARDS:
        shown = client.get(HALL, params={"board": board}).text
        assert "敬老理发" not in shown
        assert "陪诊" not in shown
        assert "13812341234" not in shown


def test_the_last_wish_that_somebody_granted_stands_beside_their_name(client: TestClient, community: Community) -> None:
    before = words(client.get(HALL, params={"board": "wishes"}).text)
    community.do("li", AgreeToPublication(member_id=community.ids["li"], where="wall"))
    after = words(client.get(HALL, params={"board": "wishes"}).text)
    community.do("li", WithdrawPublication(member_id=community.ids["li"], where="wall"))

    assert "想学用手机挂号" not in before
    assert "李师傅 最近圆了“想学用手机挂号”" in after


def test_units_stand_in_three_lists_each_in_its_own_unit(client: TestClient, community: Community) -> None:
    unit = community.ids["lvyun"]
    community.do("zhao", RecordContribution(unit=unit, kind="hours", quantity=150))
    community.do("zhao", RecordContribution(unit=unit, kind="goods", item="rice", quantity=20))
    community.store.catch_up(LEDGER)

    columns = client.get(HALL, params={"board": "units"}).text.partition('class="three"')[2].split("<h3")[1:]

    assert [words(one).count("绿云物业") for one in columns] == [1, 1, 1]
    assert "1 个" in words(columns[0])
    assert "2 小时 30 分" in words(columns[1])
    assert "20" in words(columns[2])
    assert "rice" in words(columns[2])


def test_plaques_and_teams_and_deeds_have_boards_of_their_own(client: TestClient) -> None:
    plaques = words(client.get(HALL, params={"board": "plaques"}).text)
    deeds = words(client.get(HALL, params={"board": "deeds"}).text)

    assert "金牌 绿云物业 凭“认养一片口袋公园”" in plaques
    assert "绿云物业凭“认养一片口袋公园”获授铭牌" in deeds
    assert client.get(HALL, params={"board": "teams"}).status_code == 200


def test_below_stand_position_checkpoint_and_the_right_to_stay_away(client: TestClient, community: Community) -> None:
    community.store.sealer.catch_up(LEDGER, force_checkpoint=True)
    sealed = community.store.seals.latest(LEDGER)
    assert sealed is not None

    shown = words(client.get(HALL).text)

    assert f"账本第 {community.head()} 号" in shown
    assert f"前 {sealed.size} 号已封存，指纹 {sealed.root[:2].hex()} {sealed.root[2:4].hex()}" in shown
    assert "本人可随时选择不上墙" in shown


def test_without_scripts_every_board_leads_to_the_next_and_the_last_to_the_first(client: TestClient) -> None:
    address, seen = HALL, []
    for _ in range(len(BOARDS) + 1):
        shown = client.get(address).text
        seen.append(re.findall(r'data-board="(\w+)" data-point', shown)[0])
        address = unescape(REFRESH.findall(shown)[0])

    assert seen == [*BOARDS, next(iter(BOARDS))]


def test_without_scripts_a_board_can_be_held(client: TestClient) -> None:
    shown = client.get(HALL, params={"board": "teams", "hold": "1"}).text

    assert REFRESH.findall(shown) == []
    assert "继续轮换" in shown


def test_a_screen_may_be_set_to_a_period_that_moves_with_the_calendar(client: TestClient) -> None:
    shown = client.get(HALL, params={"period": "year"}).text

    assert re.search(r"按服务时长 · \d{4} 年", shown)
    assert "period=year" in unescape(REFRESH.findall(shown)[0])


def test_a_part_is_the_board_alone(client: TestClient) -> None:
    shown = client.get(HALL, params={"part": "1"}).text

    assert shown.strip().startswith("<main")
    assert "<html" not in shown


@pytest.mark.parametrize("query", [{"board": "nonsense"}, {"period": "2026-03"}])
def test_what_a_screen_does_not_know_is_its_first_board_of_all_time(client: TestClient, query: dict[str, str]) -> None:
    shown = words(client.get(HALL, params=query).text)

    assert "志愿者榜" in shown
    assert "全部时间" in shown


def test_who_wants_to_be_on_no_wall_is_on_no_board(client: TestClient, community: Community) -> None:
    community.do("wang", WithdrawPublication(member_id=community.ids["wang"], where="wall", hidden=True))

    for board in BOARDS:
        shown = words(client.get(HALL, params={"board": board}).text)
        assert "王阿姨" not in shown
        assert "王*" not in shown

"""Shifts: what comes soon and near, signing up, the queue, and what whoever is in charge sees."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from api import tokens
from ledger.parties.commands import RegisterMember
from ledger.places.commands import AddPlace
from ledger.shifts.commands import CheckIn, CheckOut, SignUp
from tests.pages.cast import LEDGER, Community
from tests.pages.volunteer.conftest import Shifts
from tests.pages.volunteer.reading import follow, forms_of, main_of, plain, press

SignIn = Callable[[str], TestClient]
DAY = 24 * 60


def test_signing_up_takes_one_press_in_the_list(signed_in: SignIn, shifts: Shifts) -> None:
    shift_id = shifts.make("浇花", begins_in=2 * DAY)
    client = signed_in("wang")
    shown = main_of(client, "shifts?where=all")
    form = next(one for one in forms_of(shown).values() if shift_id in one["@"])

    answer = client.post(form["@"], data={"csrf": form["csrf"], "key": form["key"]})

    after = plain(follow(client, answer))
    assert "报上名了，谢谢您" in after
    assert "浇花" in plain(main_of(client, "shifts/mine"))


def test_a_full_shift_has_a_queue_that_moves_up_by_itself(
    signed_in: SignIn, community: Community, shifts: Shifts
) -> None:
    shift_id = shifts.make("巡楼", begins_in=3 * DAY, capacity=1)
    shifts.do("li", SignUp, shift_id=shift_id, member=community.ids["li"])
    shifts.do("nai", SignUp, shift_id=shift_id, member=community.ids["nai"])
    wang, li = signed_in("wang"), signed_in("li")

    waiting = plain(follow(wang, press(wang, main_of(wang, f"shifts/{shift_id}"), "sign-up")))
    assert "已经排上候补，第 2 位" in waiting
    gone = plain(follow(li, press(li, main_of(li, f"shifts/{shift_id}"), "withdraw")))
    assert "已取消报名" in gone

    assert "候补第 1 位" in plain(main_of(wang, f"shifts/{shift_id}"))
    assert "已报名" in plain(main_of(signed_in("nai"), f"shifts/{shift_id}"))


def test_a_refusal_is_told_on_the_page(signed_in: SignIn, community: Community, shifts: Shifts) -> None:
    first = shifts.make("同时的一班", begins_in=5 * DAY)
    second = shifts.make("同时的另一班", begins_in=5 * DAY)
    shifts.do("wang", SignUp, shift_id=first, member=community.ids["wang"])
    client = signed_in("wang")

    answer = press(client, main_of(client, f"shifts/{second}"), "sign-up")

    assert answer.status_code == 422
    assert "同一时间已报名另一个班次" in plain(answer.text)


def test_near_means_my_yard_and_those_around_it(signed_in: SignIn, community: Community, shifts: Shifts) -> None:
    street = AddPlace(kind="grid", name="东片")
    community.do("zhao", street)
    mine = AddPlace(kind="courtyard", name="9号院", parent=street.place_id)
    far = AddPlace(kind="courtyard", name="远处")
    beside = AddPlace(kind="courtyard", name="隔壁院", parent=street.place_id)
    for place in (mine, beside, far):
        community.do("zhao", place)
    joined = RegisterMember(place=mine.place_id)
    community.do("zhao", joined)
    community.ids["neighbour"] = joined.member_id
    community.tokens["neighbour"] = tokens.create(community.store, LEDGER, actor=joined.member_id)[0]
    yard = community.ids["yard"]
    for where, name in ((beside.place_id, "隔壁的班"), (far.place_id, "远处的班")):
        community.ids["yard"] = where
        shifts.make(name, begins_in=DAY)
    community.ids["yard"] = yard

    near, every = (plain(main_of(signed_in("neighbour"), f"shifts?where={where}")) for where in ("near", "all"))

    assert "隔壁的班" in near
    assert "远处的班" not in near
    assert "远处的班" in every


def test_who_is_in_charge_sees_who_comes_by_masked_name_and_others_do_not(
    signed_in: SignIn, community: Community, shifts: Shifts
) -> None:
    shift_id = shifts.make("理发", begins_in=7 * DAY, charge="liu")
    shifts.do("wang", SignUp, shift_id=shift_id, member=community.ids["wang"])

    charge = plain(main_of(signed_in("liu"), f"shifts/{shift_id}"))
    other = plain(main_of(signed_in("son"), f"shifts/{shift_id}"))

    assert "王* V" in charge
    assert "王阿姨" not in charge
    assert "打开签到码" in charge
    assert "王*" not in other
    assert "打开签到码" not in other


def test_forgotten_check_outs_are_entered_and_the_shift_is_signed_for(
    signed_in: SignIn, community: Community, shifts: Shifts
) -> None:
    shift_id = shifts.make("修椅子", charge="qian")
    for who in ("wang", "li"):
        shifts.do(who, SignUp, shift_id=shift_id, member=community.ids[who])
        shifts.do(who, CheckIn, shift_id=shift_id, member=community.ids[who], code=shifts.code(shift_id))
    shifts.later(60)
    shifts.do("wang", CheckOut, shift_id=shift_id, member=community.ids["wang"], code=shifts.code(shift_id))
    client = signed_in("qian")

    signed = press(client, main_of(client, f"do/sign-shift?shift_id={shift_id}"), "sign-shift", to="next")

    assert "时间已经核实入账" in plain(follow(client, signed))
    account = plain(main_of(signed_in("wang"), f"members/{community.ids['wang']}"))
    assert "修椅子" in account
    assert "扫码" in account
    assert "近 12 个月：扫码 1 小时" in account


def test_nobody_signed_in_is_led_to_signing_in(client: TestClient, shifts: Shifts) -> None:
    shift_id = shifts.make("看书角", begins_in=9 * DAY)

    assert "登录后报名" in plain(main_of(client, f"shifts/{shift_id}"))
    assert client.get(f"/{LEDGER}/shifts/mine").headers["location"].startswith("/sign-in?")
    assert client.post(f"/{LEDGER}/shifts/{shift_id}/sign-up").headers["location"].startswith("/sign-in?")
    main_of(client, "shifts/shift_nowhere", 404)


def test_a_form_from_elsewhere_is_refused(signed_in: SignIn, shifts: Shifts) -> None:
    shift_id = shifts.make("送报纸", begins_in=9 * DAY)
    client = signed_in("wang")

    assert client.post(f"/{LEDGER}/shifts/{shift_id}/sign-up", data={"csrf": "x", "key": "k"}).status_code == 403
    assert client.post(f"/{LEDGER}/shifts/{shift_id}/here", data={"csrf": "x", "key": "k"}).status_code == 403

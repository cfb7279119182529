"""M7 自管会: 学府花园 looks after itself, with a list of its own problems, books as gifts, and a child-minding rota."""

from __future__ import annotations

from datetime import date, timedelta

from tests.mechanisms.street import FIRST_DAY, Street

WEDNESDAY = FIRST_DAY + timedelta(days=2)
FRIDAY = FIRST_DAY + timedelta(days=4)


def code(street: Street, shift_id: str, by: str) -> str:
    """What the screen at the door shows now."""
    return str(street.see("shift_code", by=by, shift_id=shift_id)["code"])


def next_shift(street: Street, day: date) -> str:
    """The shift of that day."""
    street.follow()
    (shift,) = street.see("shifts", day=str(day))["shifts"]
    return str(shift["shift_id"])


def test_the_courtyards_child_minding_rota_fills_itself_and_earns_hours(street: Street) -> None:
    worker = street.worker()
    garden = street.place("courtyard", "学府花园")
    head, wang, li, zhao = (street.person(name) for name in ("孙会长", "王阿姨", "李师傅", "赵老师"))
    plan = {
        "name": "四点半托管", "place": garden, "in_charge": head, "weekdays": [2, 4], "start_minute": 16 * 60 + 30,
        "minutes": 90, "capacity": 2, "from_day": str(FIRST_DAY),
    }  # fmt: skip
    street.refused("plan_rota", "not_allowed", by=head, **plan)
    street.refused("plan_rota", "bad_weekdays", by=worker, **{**plan, "weekdays": [7]})
    rota = street.do("plan_rota", by=worker, **plan).ids["rota_id"]

    # The follower puts two weeks of Wednesdays and Fridays into the calendar.
    shift = next_shift(street, WEDNESDAY)
    assert street.figure(f"rota:{rota}:shifts") == 4
    street.refused("schedule_from_rota", "day_scheduled", by=worker, rota_id=rota, day=str(WEDNESDAY))

    # Two places: 赵老师 waits, and moves up by himself when 李师傅 says in time that he cannot come.
    for member in (wang, li, zhao):
        street.do("sign_up", by=member, shift_id=shift, member=member)
    street.refused("sign_up", "already_signed_up", by=wang, shift_id=shift, member=wang)
    assert street.figure(f"shift:{shift}:queued") == 1
    street.refused("sign_up", "not_allowed", by=wang, shift_id=shift, member=li)
    street.do("withdraw_signup", by=li, shift_id=shift, member=li)
    by_status = {one["member"]["id"]: one["status"] for one in street.see("signups", shift_id=shift)["signups"]}
    assert by_status == {wang: "booked", li: "ended", zhao: "booked"}

    # The code is on the screen of whoever is in charge; it is nobody else's to see.
    street.refused("check_in", "wrong_code", by=wang, shift_id=shift, member=wang, code="7KQM-2X4P")
    street.refused("check_in", "too_early", by=wang, shift_id=shift, member=wang, code=code(street, shift, head))
    street.at(WEDNESDAY, 16, 25)
    street.hidden("shift_code", "shift_not_yours", by=wang, shift_id=shift)
    shown = code(street, shift, head)
    street.do("check_in", by=wang, shift_id=shift, member=wang, code=shown.lower().replace("-", " "))
    street.refused("check_in", "already_checked_in", by=wang, shift_id=shift, member=wang, code=shown)
    street.refused("check_out", "code_used", by=wang, shift_id=shift, member=wang, code=shown)
    street.at(WEDNESDAY, 18, 5)
    street.refused("check_out", "wrong_code", by=wang, shift_id=shift, member=wang, code=shown)
    kept = code(street, shift, head)
    street.at(WEDNESDAY, 18, 8)
    street.refused("check_out", "code_expired", by=wang, shift_id=shift, member=wang, code=kept)
    street.do("check_out", by=wang, shift_id=shift, member=wang, code=code(street, shift, head))

    # 赵老师 never came: once the time to check out is over, the follower says so.
    street.at(WEDNESDAY, 19, 30)
    street.follow()
    assert street.see("shift", shift_id=shift)["status"] == "closed"
    assert street.figure(f"shift:{shift}:absent") == 1

    # Whoever is in charge signs for the sheet, never for what they served in themselves.
    street.refused("confirm_shift", "shift_not_yours", by=zhao, shift_id=shift)
    street.do("confirm_shift", by=head, shift_id=shift)
    street.refused("confirm_shift", "nothing_to_confirm", by=worker, shift_id=shift)
    (session,) = street.see("sessions", by=wang, volunteer=wang)["sessions"]
    assert (session["origin"], session["minutes"], session["status"]) == ("scanned", 103, "verified")
    assert street.figure(f"member:{wang}:usable") == 103


def test_what_was_kept_on_paper_is_entered_later_under_a_guarantors_name(street: Street) -> None:
    worker = street.worker()
    garden = street.place("courtyard", "学府花园")
    head, wang, li, zhao = (street.person(name) for name in ("孙会长", "王阿姨", "李师傅", "赵老师"))
    shift = street.do(
        "schedule_shift", by=worker, name="书屋值班", place=garden, in_charge=head, capacity=3, pooled=True,
        start_at="2026-03-02T14:00:00+08:00", end_at="2026-03-02T16:00:00+08:00",
    ).ids["shift_id"]  # fmt: skip
    street.do("sign_up", by=zhao, shift_id=shift, member=zhao)
    street.at(FRIDAY)
    street.follow()
    assert street.see("signups", by=zhao, member=zhao)["signups"][0]["status"] == "absent"

    rows = [
        {"member": wang, "from_minute": 14 * 60, "to_minute": 16 * 60},
        {"member": li, "from_minute": 9 * 60, "to_minute": 16 * 60},
        {"member": zhao, "from_minute": 14 * 60 + 5, "to_minute": 15 * 60 + 50},
    ]
    entry = {"shift_id": shift, "guarantor": head, "rows": rows}
    street.refused("record_paper_list", "paper_row_refused", by=head, **entry, whole=True)
    listed = street.do("record_paper_list", by=head, **entry).ids["list_id"]
    found = street.see("paper_rows", by=head, list_id=listed, entered_by=head)["paper_rows"]
    assert [row["barrier"] for row in found] == ["", "outside_the_shift", ""]
    assert (found[1]["from_time"], found[1]["line"]) == ("09:00", 2)
    assert street.figure(f"list:{listed}:refused") == 1
    assert street.figure(f"shift:{shift}:absent") == 0, "he had come after all"

    # Who entered the list does not confirm it; another does. The hours of this shift go to the pool.
    street.refused("confirm_shift", "entered_by_yourself", by=head, shift_id=shift)
    street.do("confirm_shift", by=worker, shift_id=shift)
    assert street.figure("balance:hours:pool:minutes") == 120 + 105
    assert [street.figure(f"member:{wang}:{one}") for one in ("usable", "lifetime")] == [0, 120]


def test_a_team_gives_its_hours_where_two_sign_and_one_forgets_to_check_out(street: Street) -> None:
    worker, other = street.worker(), street.worker("钱干事")
    garden = street.place("courtyard", "学府花园")
    team = street.do("form_team", by=worker, kind="volunteer_organisation", name="书香队").ids["team_id"]
    head, stranger = street.person("孙会长"), street.person("李师傅")
    wang, zhao = street.person("王阿姨", team=team), street.person("赵老师", team=team)
    administrator = street.worker("周主任", roles=("administrator",))
    street.do("set_policy", by=administrator, name="hours.verifiers", value=2)
    shift = street.do(
        "schedule_shift", by=worker, name="图书整理", place=garden, in_charge=head, capacity=3, team=team,
        start_at="2026-03-02T14:00:00+08:00", end_at="2026-03-02T16:00:00+08:00",
    ).ids["shift_id"]  # fmt: skip
    street.refused("sign_up", "not_of_the_team", by=stranger, shift_id=shift, member=stranger)
    street.at(FIRST_DAY, 14)
    for member in (wang, zhao):
        street.do("sign_up", by=member, shift_id=shift, member=member)
        street.do("check_in", by=member, shift_id=shift, member=member, code=code(street, shift, worker))
    street.at(FIRST_DAY, 16)
    street.do("check_out", by=wang, shift_id=shift, member=wang, code=code(street, shift, worker))
    street.at(FIRST_DAY, 17, 30)
    street.follow()
    assert street.see("signups", by=zhao, member=zhao)["signups"][0]["status"] == "no_check_out"
    gone = {"shift_id": shift, "member": zhao, "out_at": "2026-03-02T15:30:00+08:00"}
    street.refused("attest_check_out", "shift_not_yours", by=zhao, **gone)
    street.do("attest_check_out", by=other, **gone)

    street.do("confirm_shift", by=head, shift_id=shift)
    assert street.figure(f"member:{wang}:usable") == 0, "one signature is not enough"
    street.do("confirm_shift", by=worker, shift_id=shift)
    assert [street.figure(f"member:{one}:usable") for one in (wang, zhao)] == [120, 90]
    origins = {one["origin"] for one in street.see("sessions", status="verified")["sessions"]}
    assert origins == {"scanned", "attested"}


def test_the_courtyards_own_problems_and_its_gifts_of_books(street: Street) -> None:
    worker = street.worker()
    garden = street.place("courtyard", "学府花园")
    head, wang = street.person("孙会长"), street.person("王阿姨")
    bookshop = street.unit("学府书店", kind="enterprise")
    speaker = street.speaker(bookshop)
    for title in ("二号楼雨棚漏水", "车棚没有充电口"):
        street.do("post_request", by=wang, kind="issue", requester=wang, place=garden, words={"title": title})
    need = street.do(
        "post_request", by=head, kind="need", requester=head, place=garden, item="picture_book", quantity=100,
        words={"title": "共享书屋缺绘本"},
    ).ids["request_id"]  # fmt: skip
    street.do("publish_request", by=worker, request_id=need)

    # The problem list is the courtyard's own: what is asked for at this place.
    assert len(street.see("requests", place=garden, kind="issue", status="posted")["requests"]) == 2

    offer = street.do("offer_goods", by=speaker, unit=bookshop, item="picture_book", quantity=120).ids["offer_id"]
    street.refused("match_offer", "more_than_wanted", by=worker, offer_id=offer, request_id=need, quantity=101)
    match = street.do("match_offer", by=worker, offer_id=offer, request_id=need, quantity=100).ids["match_id"]
    street.refused("deliver_match", "not_allowed", by=speaker, offer_id=offer, match_id=match)
    street.do("deliver_match", by=worker, offer_id=offer, match_id=match)
    assert street.figure(f"balance:received:{need}:pcs.picture_book") == 100
    street.do("close_request", by=head, request_id=need, requester=head, score=5)

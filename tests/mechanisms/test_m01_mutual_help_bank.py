"""M1 志愿服务互助银行 (000 祥和社区): bank hours, spend, gift, donate, correct, lapse; statement and certificate.

29 courtyards, 6 units, 6,707 residents, of whom some are seen here.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ledger.application import OPERATOR, Actor
from ledger.parties.commands import PersonWords, RegisterMember
from ledger.places.commands import OpenLedger
from tests.mechanisms.street import FIRST_DAY, Street, run_nuanlin

TODAY = FIRST_DAY.isoformat()


def _day(n: int) -> str:
    return (FIRST_DAY + timedelta(days=n)).isoformat()


def _deposit(street: Street, worker: str, member: str, minutes: int, *, day: str = TODAY) -> str:
    done = street.do("deposit_session", by=worker, volunteer=member, day=day, minutes=minutes)
    return done.ids["session_id"]


def test_a_year_of_the_bank(street: Street) -> None:
    """Banked, given, donated, reserved and redeemed, put right, lapsed; what is left is in statement and certificate."""
    community = street.place("community", "祥和社区")
    yards = [street.place("courtyard", f"祥和{n}号院", community) for n in range(1, 30)]
    for n in range(1, 7):
        street.unit(f"共建单位{n}", "enterprise")
    worker, other_worker = street.worker("赵书记"), street.worker("钱书记")
    wang, li, grandma = street.person("王阿姨", place=yards[0]), street.person("李师傅"), street.person("陈奶奶")
    street.do("set_policy", by=street.operator, name="hours.expiry_months", value=12, from_day=TODAY)

    first = _deposit(street, worker, wang, 480)
    street.refused("deposit_session", "daily_cap_exceeded", by=worker, volunteer=wang, day=TODAY, minutes=1)
    recorded = street.do("record_session", by=li, volunteer=li, day=TODAY, minutes=90).ids["session_id"]
    street.refused("verify_session", "not_allowed", by=li, session_id=recorded)
    street.do("verify_session", by=worker, session_id=recorded)
    street.do("give_hours", by=wang, giver=wang, receiver=grandma, minutes=120)
    street.do("donate_hours", by=wang, giver=wang, minutes=60)
    street.do("grant_from_pool", by=worker, receiver=li, minutes=30)
    reserved = street.do("reserve_hours", by=grandma, member=grandma, minutes=60, provider=li).ids["reservation_id"]
    street.do("settle_reservation", by=grandma, reservation_id=reserved)
    correction = street.do("request_correction", by=wang, session_id=first, volunteer=wang, minutes=420)
    street.do("approve_correction", by=other_worker, session_id=first, correction_id=correction.ids["correction_id"])

    assert {who: street.figure(f"member:{who}:usable") for who in (wang, li, grandma)} == {
        wang: 240, li: 180, grandma: 60,
    }  # fmt: skip
    street.at(FIRST_DAY.replace(year=2027, month=4))
    street.do("lapse_hours", by=worker, member=wang)
    street.refused("lapse_hours", "nothing_to_lapse", by=worker, member=wang)
    assert (street.figure(f"member:{wang}:usable"), street.figure(f"member:{wang}:lifetime")) == (0, 420)
    assert street.see("member_statement", by=wang, member_id=wang)["entries"] == 5
    certificate = street.do("issue_certificate", by=wang, member=wang).ids["certificate_id"]
    assert street.see("certificate", certificate_id=certificate)["minutes"] == 420
    assert street.figure("stats.minutes.earned") == 510


def test_gifts_for_kin_hours_for_the_pool_and_minors_with_a_guardian(street: Street) -> None:
    """转赠 only to registered kin where policy says so; 只捐不用; a guardian acts for a minor and is shown."""
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    child = street.person("王小明", guardian=wang)
    for member in (wang, li):
        _deposit(street, worker, member, 200)
    street.do("set_policy", by=street.operator, name="hours.gifts_to", value="kin", from_day=TODAY)
    street.do("set_policy", by=street.operator, name="privacy.guardian_consent", value=1, from_day=TODAY)

    street.refused("give_hours", "gift_beyond_kin", by=wang, giver=wang, receiver=li, minutes=30)
    tie = street.do("propose_kin", by=wang, member=wang, kin=li, relation="sibling").ids["kin_id"]
    street.refused("register_kin", "not_allowed", by=wang, kin_id=tie, kin=li)
    street.do("register_kin", by=li, kin_id=tie, kin=li)
    street.do("give_hours", by=wang, giver=wang, receiver=li, minutes=30)
    street.do("end_kin", by=li, kin_id=tie, member=li)
    street.refused("give_hours", "gift_beyond_kin", by=wang, giver=wang, receiver=li, minutes=30)

    street.do("begin_donation_only", by=li, member=li)
    street.refused("reserve_hours", "donation_only", by=li, member=li, minutes=30)
    street.do("donate_hours", by=li, giver=li, minutes=230)
    street.do("end_donation_only", by=li, member=li)

    street.refused("record_session", "guardian_consent_missing", by=child, volunteer=child, day=TODAY, minutes=60)
    street.refused("consent_as_guardian", "only_the_guardian", by=child, member=child, until_day=_day(300))
    street.do("consent_as_guardian", by=wang, member=child, until_day=_day(300))
    session = street.do("record_session", by=child, volunteer=child, day=TODAY, minutes=60).ids["session_id"]
    street.do("verify_session", by=worker, session_id=session)
    street.refused("donate_hours", "minor_needs_guardian", by=child, giver=child, minutes=30)
    donated = street.do("donate_hours", by=wang, giver=child, minutes=30)
    shown = street.see("event", position=donated.position)
    assert (shown["role"], shown["behalf"]) == ("proxy", child)
    street.do("withdraw_consent", by=wang, member=child)
    street.refused("record_session", "guardian_consent_missing", by=child, volunteer=child, day=TODAY, minutes=30)
    assert street.figure("stats.minutes.pool") == 260


def test_those_in_need_first(street: Street) -> None:
    """关爱群体: admitted by another person, helped from the pool before others, begun with hours of a named source."""
    worker, other, committee = street.worker(), street.worker(), street.worker("孙委员", ("committee_member",))
    wang, grandma = street.person("王阿姨"), street.person("陈奶奶")
    _deposit(street, worker, wang, 300)
    street.do("donate_hours", by=wang, giver=wang, minutes=200)
    street.do("set_policy", by=street.operator, name="hours.pool_reserve_minutes", value=150, from_day=TODAY)

    group = street.do("open_need_group", by=worker, name="80岁以上独居老人").ids["group_id"]
    need = street.do("ask_for_need", by=worker, group_id=group, member=grandma).ids["need_id"]
    street.refused("admit_need", "second_person_needed", by=worker, need_id=need)
    street.refused("grant_from_pool", "pool_kept_for_need_groups", by=other, receiver=grandma, minutes=60)
    street.do("admit_need", by=committee, need_id=need)
    street.do("grant_from_pool", by=other, receiver=grandma, minutes=60)
    street.refused("grant_from_pool", "pool_kept_for_need_groups", by=other, receiver=wang, minutes=1)
    assert street.see("need_group", group_id=group)["people"] == 1

    source = street.do(
        "open_source", by=street.operator, group_id=group, name="街道启动时长", minutes=1_000, most_minutes=600
    ).ids["source_id"]
    street.refused(
        "grant_opening",
        "second_person_needed",
        by=street.operator,
        source_id=source,
        receiver=grandma,
        minutes=60,
    )
    street.refused("grant_opening", "not_in_need_group", by=worker, source_id=source, receiver=wang, minutes=60)
    street.refused("grant_opening", "opening_too_large", by=worker, source_id=source, receiver=grandma, minutes=601)
    street.do("grant_opening", by=worker, source_id=source, receiver=grandma, minutes=600)
    street.refused("grant_opening", "opening_granted", by=worker, source_id=source, receiver=grandma, minutes=60)
    row = street.see("hour_source", source_id=source)
    assert (row["left_minutes"], row["grants"]) == (400, 1)
    assert street.figure(f"member:{grandma}:usable") == 660
    assert street.figure(f"balance:hours:source:{source}:minutes") == 400
    street.do("end_need", by=committee, need_id=need, reason="no_longer_in_need")
    assert street.see("need_group", group_id=group)["people"] == 0


def test_hours_that_were_never_given(street: Street) -> None:
    """Voided, though they are spent; suspended; appealed to somebody else; restored or made public."""
    verifier, judge, chair = street.worker("赵书记"), street.worker("钱书记"), street.worker("周主任")
    wang, li = street.person("王阿姨"), street.person("李师傅")
    first, second = (_deposit(street, verifier, wang, 120), _deposit(street, verifier, wang, 60, day=_day(-1)))
    street.do("give_hours", by=wang, giver=wang, receiver=li, minutes=150)

    street.refused("void_session", "verifier_voids", by=verifier, session_id=first, volunteer=wang, reason="not_held")
    voided = street.do(
        "void_session", by=judge, session_id=first, volunteer=wang, reason="not_held", words={"remark": "没有这场活动"}
    ).ids["sanction_id"]
    street.refused(
        "void_session", "session_not_verified", by=judge, session_id=first, volunteer=wang, reason="not_held"
    )
    assert street.figure(f"member:{wang}:usable") == -90
    assert street.figure(f"member:{wang}:lifetime") == 60
    suspended = street.do("suspend_member", by=judge, member=wang, reason="fraud", until_day=_day(60)).ids[
        "sanction_id"
    ]
    street.refused("record_session", "suspended", by=wang, volunteer=wang, day=TODAY, minutes=30)
    street.do("record_session", by=judge, volunteer=wang, day=TODAY, minutes=30)

    street.refused("publish_sanction", "appeal_still_possible", by=judge, sanction_id=voided)
    appeal = street.do("lodge_appeal", by=wang, sanction_id=voided, member=wang).ids["appeal_id"]
    street.refused("publish_sanction", "appeal_pending", by=judge, sanction_id=voided)
    street.refused("decide_appeal", "second_person_needed", by=judge, appeal_id=appeal, granted=False)
    street.do("decide_appeal", by=chair, appeal_id=appeal, granted=True)
    assert (street.figure(f"member:{wang}:usable"), street.figure(f"member:{wang}:lifetime")) == (30, 180)
    street.refused("lodge_appeal", "sanction_undone", by=wang, sanction_id=voided, member=wang)
    street.hidden("sanctions", "not_for_your_roles", by=li)

    street.at(FIRST_DAY + timedelta(days=31))
    street.refused("lodge_appeal", "appeal_too_late", by=wang, sanction_id=suspended, member=wang)
    street.do("publish_sanction", by=judge, sanction_id=suspended)
    public = street.see("published_sanctions", by=li)["published_sanctions"]
    assert [(row["published_id"], row["kind"], row["status"]) for row in public] == [
        (suspended, "suspended", "standing")
    ]
    street.do("lift_suspension", by=chair, sanction_id=suspended, reason="amends_made")
    street.do("record_session", by=wang, volunteer=wang, day=_day(31), minutes=30)
    assert second


def test_hours_cross_to_another_ledger_and_what_nobody_takes_comes_home(street: Street) -> None:
    """From 方兴 to 祥和, proven by both seals, carried by `nuanlin carry`."""
    worker, wang = street.worker(), street.person("王阿姨")
    _deposit(street, worker, wang, 200)
    there = street.store.application
    there.execute("xianghe", OpenLedger(name="祥和社区"), actor=Actor(OPERATOR))
    registered = there.execute(
        "xianghe", RegisterMember(words=PersonWords(name="王阿姨的母亲")), actor=Actor(OPERATOR)
    ).facts[0]
    mother = str(registered.member_id)  # type: ignore[attr-defined]  # the first fact is the registration
    key = {ledger: street.store.seals.vkey(ledger) for ledger in ("fangxing", "xianghe")}
    street.do("agree_crossing", by=street.operator, peer="peer_xianghe", here="peer_fangxing", vkey=key["xianghe"])
    _over_there(street, "agree_crossing", peer="peer_fangxing", here="peer_xianghe", vkey=key["fangxing"])

    sent = street.do("send_hours", by=wang, peer="peer_xianghe", giver=wang, receiver=mother, minutes=90).ids[
        "transfer_id"
    ]
    lost = street.do("send_hours", by=wang, peer="peer_xianghe", giver=wang, receiver="mem_nobody", minutes=30)
    assert street.figure("balance:crossing:peer_xianghe:minutes") == 120
    assert street.see("crossing", by=wang, transfer_id=sent)["status"] == "sent"
    street.refused(
        "receive_hours", "not_the_courier", by=worker, transfer_id="cross_x", peer="peer_xianghe", receiver=wang, minutes=30
    )  # fmt: skip

    for expected in ({"unsealed": 2}, {"unsealed": 2}, {"arrived": 1, "returned": 1}, {}):
        carried = _carry(street)
        assert {name: count for name, count in carried["out"].items() if count} == expected
        for ledger in ("fangxing", "xianghe"):
            street.store.sealer.catch_up(ledger, force_checkpoint=True)

    rows = {row["transfer_id"]: row for row in street.see("crossings", by=worker, direction="out")["crossings"]}
    assert (rows[sent]["status"], rows[sent]["proven"]) == ("arrived", True)
    back = rows[lost.ids["transfer_id"]]
    assert (back["status"], back["reason"]) == ("returned", "no_such_member")
    assert street.figure(f"member:{wang}:usable") == 110
    assert street.figure("balance:crossing:peer_xianghe:minutes") == 90
    street.do("end_crossing", by=street.operator, peer="peer_xianghe")
    street.refused("send_hours", "crossing_ended", by=wang, peer="peer_xianghe", giver=wang, receiver=mother, minutes=1)


def _over_there(street: Street, command: str, **fields: str) -> None:
    """A command of the other ledger's operator."""
    typed = [f"{name}={value}" for name, value in fields.items()]
    code, out, err = run_nuanlin(["--db", str(street.path), "--ledger", "xianghe", "--json", "do", command, *typed])
    assert code == 0, out + err


def _carry(street: Street) -> dict[str, dict[str, int]]:
    """One round of the courier."""
    front = ["--db", str(street.path), "--ledger", "fangxing", "--json"]
    code, out, err = run_nuanlin([*front, "carry", "peer_xianghe", "--to-ledger", "xianghe"])
    assert code == 0, out + err
    return dict(json.loads(out))


@pytest.mark.parametrize("arguments", [[], ["--to-ledger", "a", "--url", "http://b"], ["--url", "http://b"]])
def test_the_courier_is_told_where_to(street: Street, arguments: list[str]) -> None:
    code, _, err = run_nuanlin(["--db", str(street.path), "carry", "peer_xianghe", *arguments])
    assert (code, "--to-ledger" in err) == (2, True)

"""M14 红色合伙人: units sign by tier and term, give what they have, and answer calls at their response level.

敦化路: more than 80 units sign with street or community; they give money, goods, hours, venues and projects, each counted
apart; at their response level (平时 / 急时 / 战时) they answer call-outs within minutes, and practise by drills that no board
counts.
"""

from __future__ import annotations

from datetime import date

from ledger.parties.commands import RegisterUnit
from ledger.partners.commands import Level, SignAgreement
from tests.mechanisms.entered import entered
from tests.mechanisms.street import FIRST_DAY, Street

UNITS = 82
TERM = {"from_day": "2026-03-01", "until_day": "2027-02-28"}


def test_more_than_eighty_units_sign_by_tier_level_and_term(street: Street) -> None:
    worker, community = street.worker(), street.place("community", "方兴社区")
    units = entered(street, [RegisterUnit(kind="enterprise", name=f"合伙人 {n + 1}") for n in range(UNITS)])
    first = units[0].unit_id
    street.do("sign_agreement", by=worker, unit=first, tier="street", level="emergency", **TERM)
    street.refused("sign_agreement", "agreement_overlaps", by=worker, unit=first, tier="street", **TERM)
    street.do("sign_agreement", by=worker, unit=first, tier="community", place=community, **TERM)
    level: tuple[Level, ...] = ("routine", "urgent", "emergency")
    entered(street, [
        SignAgreement(unit=unit.unit_id, tier=("street", "community")[n % 2], level=level[n % 3],
                      from_day=date(2026, 3, 1), until_day=date(2027, 2, 28))
        for n, unit in enumerate(units[1:])
    ])  # fmt: skip
    assert street.figure("stats.partners") == UNITS
    urgent = street.see("agreements", level="urgent", limit=200)["agreements"]
    assert len(urgent) == len([n for n in range(UNITS - 1) if n % 3 == 1])
    agreement = street.see("agreements", unit=units[1].unit_id)["agreements"][0]["agreement_id"]
    street.do("end_agreement", by=worker, agreement_id=agreement, unit=units[1].unit_id, reason="by_partner")
    assert street.figure("stats.partners") == UNITS - 1
    street.refused("end_agreement", "agreement_ended", by=worker, agreement_id=agreement, unit=units[1].unit_id,
                   reason="by_partner")  # fmt: skip


def test_money_goods_hours_venues_and_projects_are_counted_apart(street: Street) -> None:
    worker, treasurer = street.worker(), street.worker("钱会计", roles=("treasurer",))
    bank = street.unit("邻里银行", kind="enterprise")
    speaker = street.speaker(bank)
    street.do("sign_agreement", by=worker, unit=bank, tier="street", **TERM)
    committee = [street.person(f"委员 {n}") for n in range(5)]
    street.do("open_fund", by=street.operator, slug="nuanxing", name="暖兴专项基金", purpose="为老助困",
              host_charity=street.unit("区慈善会", kind="social_organisation"), committee=committee,
              supervisor=street.person("监督员"), items=[])  # fmt: skip
    street.do("receive_donation", by=treasurer, fund="fund_nuanxing", donor=bank, amount_fen=500_000, method="transfer")

    given = {"unit": bank, "place": street.place("courtyard", "学府花园")}
    street.refused("record_contribution", "self_verification", by=_also_works(street, bank), kind="venue", quantity=60,
                   **given)  # fmt: skip
    street.do("record_contribution", by=worker, kind="goods", item="大米", quantity=40, **given)
    street.do("record_contribution", by=worker, kind="venue", quantity=180, **given)
    street.do("record_contribution", by=worker, kind="hours", quantity=300, **given)
    street.do("record_contribution", by=worker, kind="project", quantity=2, **given)
    expected = {"unit_donations": 500_000, "unit_goods:大米": 40, "unit_venue_minutes": 180, "unit_hours": 300,
                "unit_projects": 2}  # fmt: skip
    for measure, value in expected.items():
        rows = street.see("rankings", by=speaker, measure=measure)["rows"]
        assert [(row["subject"]["id"], row["value"]) for row in rows] == [(bank, value)]


def _also_works(street: Street, unit: str) -> str:
    """A worker who represents the unit as well."""
    both = street.worker("钱主任")
    street.do("grant_role", by=street.operator, holder=both, role="representative", scope=unit)
    return both


def test_a_call_out_shows_who_answered_when_and_a_drill_counts_nowhere(street: Street) -> None:
    worker = street.worker()
    lvyun, bakery = street.unit("绿云物业"), street.unit("麦香面包房", kind="enterprise")
    li, sun = street.speaker(lvyun), street.speaker(bakery)
    street.do("sign_agreement", by=worker, unit=lvyun, tier="street", level="emergency", **TERM)
    street.do("sign_agreement", by=worker, unit=bakery, tier="street", level="routine", **TERM)

    street.at(FIRST_DAY, 14, 0)
    drill = street.do("call_drill", by=worker, level="urgent", words={"remark": "防汛演练"}).ids["callout_id"]
    street.at(FIRST_DAY, 14, 12)
    street.do("answer_call", by=li, callout_id=drill, unit=lvyun, people=6)
    street.refused("answer_call", "level_not_signed", by=sun, callout_id=drill, unit=bakery)
    street.do("end_call", by=worker, callout_id=drill)
    assert street.see("call_outs", by=worker)["call_outs"] == []
    assert street.see("rankings", measure="unit_calls")["rows"] == []
    practised = street.see("drills", by=worker)["drills"]
    assert [(row["answers"], row["people"]) for row in practised] == [(1, 6)]

    street.at(FIRST_DAY, 20, 0)
    call = street.do("call_out", by=worker, level="routine", words={"remark": "清雪"}).ids["callout_id"]
    street.at(FIRST_DAY, 20, 7)
    street.do("answer_call", by=li, callout_id=call, unit=lvyun, people=4)
    street.at(FIRST_DAY, 20, 31)
    street.do("answer_call", by=sun, callout_id=call, unit=bakery, people=2)
    street.refused("answer_call", "already_answered", by=sun, callout_id=call, unit=bakery)
    answers = street.see("call_answers", by=worker, callout_id=call)["call_answers"]
    assert [(row["unit"]["id"], row["people"], row["response_minutes"]) for row in answers] == [
        (lvyun, 4, 7),
        (bakery, 2, 31),
    ]
    assert street.see("call_answers", by=worker, callout_id=drill)["call_answers"][0]["response_minutes"] == 12
    street.do("end_call", by=worker, callout_id=call)
    street.refused("answer_call", "call_ended", by=li, callout_id=call, unit=lvyun)
    assert (street.figure(f"callout:{call}:answers"), street.figure(f"callout:{call}:people")) == (2, 6)
    assert [row["value"] for row in street.see("rankings", measure="unit_calls")["rows"]] == [1, 1]


def test_goods_on_offer_are_promised_to_a_need_and_arrive(street: Street) -> None:
    worker, wang, bakery = street.worker(), street.person("王阿姨"), street.unit("麦香面包房", kind="enterprise")
    speaker = street.speaker(bakery)
    need = street.do("post_request", by=wang, kind="need", requester=wang, item="大米", quantity=30,
                     words={"title": "给独居老人的米"}).ids["request_id"]  # fmt: skip
    street.do("publish_request", by=worker, request_id=need)
    offer = street.do("offer_goods", by=speaker, unit=bakery, item="大米", quantity=50).ids["offer_id"]
    promise = {"offer_id": offer, "request_id": need}
    street.refused("match_offer", "more_than_wanted", by=worker, **promise, quantity=31)
    first = street.do("match_offer", by=worker, **promise, quantity=10).ids["match_id"]
    street.do("cancel_match", by=speaker, offer_id=offer, match_id=first)
    second = street.do("match_offer", by=worker, **promise, quantity=30).ids["match_id"]
    street.do("deliver_match", by=worker, offer_id=offer, match_id=second)
    street.do("withdraw_offer", by=speaker, offer_id=offer)

    assert (street.figure(f"offer:{offer}:free"), street.figure(f"offer:{offer}:delivered")) == (0, 30)
    street.do("close_request", by=wang, request_id=need, requester=wang, score=5)
    given = street.see("rankings", measure="unit_goods:大米")["rows"]
    assert [(row["subject"]["id"], row["value"]) for row in given] == [(bakery, 30)]

"""M11 7天快速处置, 诚信考评: who keeps their word shows in a list, never in a score alone; it fades, and it can be contested."""

from __future__ import annotations

from datetime import timedelta

from tests.mechanisms.street import FIRST_DAY, Street

DAYS = 7


def _published(street: Street, worker: str, resident: str, kind: str = "wish") -> str:
    words = {"title": "修灯"}
    asked = street.do("post_request", by=resident, kind=kind, requester=resident, words=words)
    street.do("publish_request", by=worker, request_id=asked.ids["request_id"])
    return asked.ids["request_id"]


def _claimed(street: Street, worker: str, resident: str, claimant: str) -> tuple[str, str]:
    request = _published(street, worker, resident)
    claim = street.do("claim_request", by=claimant, request_id=request, claimant=claimant).ids["claim_id"]
    return request, claim


def _keep(street: Street, worker: str, resident: str, claimant: str) -> None:
    request, _ = _claimed(street, worker, resident, claimant)
    street.do("fulfil_request", by=claimant, request_id=request, claimant=claimant)
    street.do("close_request", by=resident, request_id=request, requester=resident, score=5)


def _opened(street: Street, party: str, **sums: int) -> list[dict[str, object]]:
    """The record of a party; its sums are as expected and each opens to the events behind it."""
    record = street.see("integrity", by=party, party=party)
    for name, value in sums.items():
        assert record[name] == value, (name, record)
        assert street.figure(f"integrity:{party}:{name}") == value
    for entry in record["entries"]:
        assert street.figure(f"integrity:{party}:{entry['promise']}:{entry['about']}") == entry["weight"]
    return list(record["entries"])


def test_promises_kept_and_broken_stand_in_a_list_that_fades(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    _keep(street, worker, wang, li)
    _, late = _claimed(street, worker, wang, li)
    back, _ = _claimed(street, worker, wang, li)
    street.do("release_claim", by=li, request_id=back, claimant=li)
    street.at(FIRST_DAY + timedelta(days=DAYS + 1))
    street.follow()

    entries = _opened(street, li, kept=1, broken=1, kept_weight=1_000, broken_weight=1_000)
    told = [(entry["promise"], entry["outcome"]) for entry in entries]
    assert told == [("claim_lapsed", "broken"), ("claim_done", "kept")], "what is handed back in time breaks nothing"
    assert entries[0]["about"] == late
    street.hidden("integrity", "no_such_subject", by=wang, party=li)

    street.at(FIRST_DAY + timedelta(days=DAYS + 366))
    _opened(street, li, kept=1, broken=1, kept_weight=500, broken_weight=500)


def test_a_broken_promise_is_contested_and_somebody_else_decides(street: Street) -> None:
    worker, chief = street.worker(), street.worker("周主任")
    wang, li = street.person("王阿姨"), street.person("李师傅")
    claims = [_claimed(street, worker, wang, li)[1] for _ in range(2)]
    street.at(FIRST_DAY + timedelta(days=DAYS + 1))
    street.follow()
    _opened(street, li, broken=2)

    about = {"party": li, "promise": "claim_lapsed", "reason": "beyond_control", "words": {"note": "那几天住院"}}
    street.refused("contest_record", "not_allowed", by=wang, about=claims[0], **about)
    street.refused("contest_record", "no_such_record", by=li, about="claim_nothing", **about)
    contests = [street.do("contest_record", by=li, about=claim, **about).ids["contest_id"] for claim in claims]
    street.refused("contest_record", "already_contested", by=li, about=claims[0], **about)
    _opened(street, li, broken=0, broken_weight=0)
    street.refused("uphold_record", "not_allowed", by=li, party=li, contest_id=contests[0])

    street.do("strike_record", by=chief, party=li, contest_id=contests[0], words={"note": "有住院证明"})
    street.do("uphold_record", by=worker, party=li, contest_id=contests[1])
    street.refused("strike_record", "contest_judged", by=chief, party=li, contest_id=contests[1])
    entries = _opened(street, li, broken=1, broken_weight=1_000)
    assert sorted((entry["about"], entry["status"]) for entry in entries) == sorted(
        zip(claims, ("struck", "upheld"), strict=True)
    )
    shown = street.see("contest", by=li, contest_id=contests[0])
    assert (shown["status"], shown["judged_words"]) == ("struck", {"note": "有住院证明"})


def test_where_policy_says_so_who_breaks_too_much_claims_nothing_for_a_time(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    _keep(street, worker, wang, li)
    broken = [_claimed(street, worker, wang, li)[1] for _ in range(3)]
    street.at(FIRST_DAY + timedelta(days=DAYS + 1))
    street.follow()
    _keep(street, worker, wang, li)

    street.do("set_policy", by=street.operator, name="integrity.claims_below", value=50)
    wish = _published(street, worker, wang)
    street.refused("claim_request", "integrity_too_low", by=li, request_id=wish, claimant=li)

    street.do("contest_record", by=li, party=li, promise="claim_lapsed", about=broken[0], reason="misrecorded")
    street.do("claim_request", by=li, request_id=wish, claimant=li)


def test_units_have_records_too(street: Street) -> None:
    worker, unit = street.worker(), street.unit("绿云物业")
    li = street.speaker(unit)
    until = str(FIRST_DAY + timedelta(days=300))
    signed = {"unit": unit, "tier": "community", "level": "urgent", "from_day": str(FIRST_DAY), "until_day": until}
    street.do("sign_agreement", by=worker, **signed)
    call = street.do("call_out", by=worker, level="urgent").ids["callout_id"]
    street.do("answer_call", by=li, callout_id=call, unit=unit, people=6)
    wang = street.person("王阿姨")
    wish = _published(street, worker, wang)
    street.do("claim_request", by=li, request_id=wish, claimant=unit)
    street.at(FIRST_DAY + timedelta(days=DAYS + 1))
    street.follow()
    record = street.see("integrity", by=li, party=unit)
    assert [(one["promise"], one["outcome"]) for one in record["entries"]] == [
        ("claim_lapsed", "broken"), ("call_answered", "kept"),
    ]  # fmt: skip
    assert street.see("integrity", by=worker, party=unit)["entries"] == record["entries"]


def test_who_answers_for_a_place_and_lets_a_deadline_pass_has_it_in_the_record(street: Street) -> None:
    worker, wang, sun = street.worker(), street.person("王阿姨"), street.person("孙院长")
    top = street.place("street", "祥和街道")
    yard = street.place("courtyard", "祥云院", top)
    street.do("appoint_responsible", by=worker, place_id=yard, member_id=sun, office="院长")
    words = {"title": "井盖破损"}
    raised = street.do("post_request", by=wang, kind="issue", requester=wang, place=yard, words=words)
    street.at(FIRST_DAY + timedelta(days=DAYS + 1))
    street.follow()
    issue = raised.ids["request_id"]
    assert street.see("watched_request", by=worker, request_id=issue)["at_place"] == top, "it went up the tree"
    entries = _opened(street, sun, kept=0, broken=1)
    assert (entries[0]["promise"], entries[0]["about"]) == ("deadline", issue)

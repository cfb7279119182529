"""M4 路院共治: three tiers of 院长, 楼长, 楼栋长 answer for the tree of places, and problems go up a tier, by hand or by time.

The article counts 14 courtyards and 7,127 households.
"""

from __future__ import annotations

from tests.mechanisms.street import FIRST_DAY, Street

COURTYARDS = 14
HOUSEHOLDS = 7_127


def test_fourteen_courtyards_hold_7127_households(street: Street) -> None:
    worker = street.worker()
    top = street.place("street", "祥和街道")
    community = street.place("community", "祥云社区", top)
    counts = [HOUSEHOLDS // COURTYARDS] * COURTYARDS
    counts[0] += HOUSEHOLDS - sum(counts)
    yards = [street.place("courtyard", f"祥云{n + 1}院", community) for n in range(COURTYARDS)]
    for yard, households in zip(yards, counts, strict=True):
        street.do("count_households", by=worker, place_id=yard, households=households)
    assert street.figure("balance:households:courtyard:households") == HOUSEHOLDS
    assert len(street.see("place_profiles", kind="courtyard")["place_profiles"]) == COURTYARDS

    street.do("count_households", by=worker, place_id=yards[0], households=counts[0] - 2)
    street.refused("count_households", "same_count", by=worker, place_id=yards[0], households=counts[0] - 2)
    assert street.figure("balance:households:courtyard:households") == HOUSEHOLDS - 2
    assert street.figure(f"place:{yards[0]}:households") == counts[0] - 2


def test_a_problem_goes_up_a_tier_by_hand_and_by_time(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    top = street.place("street", "祥和街道")
    yard = street.place("courtyard", "祥云院", top)
    house = street.place("building", "7号楼", yard)
    chiefs = {}
    for place, office, name in ((yard, "院长", "孙院长"), (house, "楼栋长", "赵楼栋长"), (top, "街道书记", "何书记")):
        chiefs[place] = street.person(name)
        street.do("appoint_responsible", by=worker, place_id=place, member_id=chiefs[place], office=office)
    offices = {row["office"] for row in street.see("duties", by=worker)["duties"]}
    assert offices == {"院长", "楼栋长", "街道书记"}

    posted = street.do("post_request", by=wang, kind="issue", requester=wang, place=house, words={"title": "楼顶漏水"})
    issue = posted.ids["request_id"]
    street.refused("publish_request", "no_such_request", by=street.person("路人"), request_id=issue)
    street.do("publish_request", by=chiefs[house], request_id=issue)
    street.refused("escalate_request", "not_in_charge", by=wang, request_id=issue, reason="urgent")
    street.do("escalate_request", by=chiefs[house], request_id=issue, reason="beyond_means")
    assert street.see("watched_request", by=worker, request_id=issue)["at_place"] == yard

    street.at(FIRST_DAY.replace(day=5))
    street.follow()
    watched = street.see("watched_request", by=worker, request_id=issue)
    assert (watched["at_place"], watched["responsible"]["id"]) == (top, chiefs[top])
    assert street.figure(f"request_progress:{issue}:escalations") == 2
    street.refused("escalate_request", "at_the_top", by=chiefs[top], request_id=issue, reason="urgent")

    street.do("assign_request", by=chiefs[top], request_id=issue, owner=chiefs[yard], due_day="2026-03-10")
    street.refused("fulfil_request", "evidence_missing", by=chiefs[yard], request_id=issue, claimant=chiefs[yard])
    street.do("add_evidence", by=chiefs[yard], request_id=issue, party=chiefs[yard], sha256="5e" * 32)
    street.do("fulfil_request", by=chiefs[yard], request_id=issue, claimant=chiefs[yard])
    street.do("close_request", by=wang, request_id=issue, requester=wang, score=5)
    assert street.see("request", request_id=issue)["status"] == "closed"


def test_a_tier_whose_chief_was_relieved_is_passed_over(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    top = street.place("street", "祥和街道")
    yard = street.place("courtyard", "祥云院", top)
    house = street.place("building", "7号楼", yard)
    sun = street.person("孙院长")
    duty = street.do("appoint_responsible", by=worker, place_id=yard, member_id=sun, office="院长").ids["duty_id"]
    street.do("end_responsible", by=worker, duty_id=duty, reason="moved_away")
    street.refused("end_responsible", "duty_ended", by=worker, duty_id=duty, reason="moved_away")
    posted = street.do("post_request", by=wang, kind="issue", requester=wang, place=house, words={"title": "噪声"})
    issue = posted.ids["request_id"]
    street.do("escalate_request", by=worker, request_id=issue, reason="urgent")
    assert street.see("watched_request", by=worker, request_id=issue)["at_place"] == top
    street.hidden("watched_request", "no_such_watched_request", by=wang, request_id=issue)
    street.hidden("duty", "no_such_duty", by=worker, duty_id="duty_x")
    street.hidden("place_profile", "no_such_place_profile", by=worker, place_id=top)
    street.hidden("assignment", "no_such_assignment", by=worker, claim_id="claim_x")
    street.hidden("evidence_piece", "no_such_evidence_piece", by=worker, evidence_id="evi_x")

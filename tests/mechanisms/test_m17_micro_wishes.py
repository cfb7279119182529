"""M17 微心愿服务清单: solicited, reviewed, in public notice, published, claimed, fulfilled, confirmed; teams claim too.

The article counts 278 teams: here each of some takes one, and nobody takes what another has.
"""

from __future__ import annotations

from datetime import timedelta

from tests.mechanisms.street import FIRST_DAY, Street

TEAMS = 12


def _wish(street: Street, resident: str, title: str = "一副老花镜") -> str:
    ask = {"kind": "wish", "requester": resident, "value_fen": 12_000, "words": {"title": title}}
    return street.do("post_request", by=resident, **ask).ids["request_id"]


def test_a_wish_passes_every_stage(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    street.do("set_policy", by=street.operator, name="requests.notice_days", value=3)
    dear = {"kind": "wish", "requester": wang, "value_fen": 50_001, "words": {"title": "一台电视"}}
    street.refused("post_request", "over_ceiling", by=wang, **dear)
    wish = _wish(street, wang)
    street.do("publish_request", by=worker, request_id=wish)
    assert street.see("request", request_id=wish)["status"] == "noticed"
    assert street.figure("stats.requests.noticed") == 1
    street.refused("claim_request", "not_on_the_board", by=li, request_id=wish, claimant=li)
    street.refused("publish_request", "in_public_notice", by=worker, request_id=wish)

    street.at(FIRST_DAY + timedelta(days=4))
    street.follow()
    assert street.see("request", request_id=wish)["status"] == "published"
    street.do("claim_request", by=li, request_id=wish, claimant=li)
    street.do("contact_requester", by=li, request_id=wish, claimant=li)
    street.do("fulfil_request", by=li, request_id=wish, claimant=li)
    street.do("close_request", by=wang, request_id=wish, requester=wang, score=5)
    types = [step["type"] for step in street.see("request", by=worker, request_id=wish)["history"]]
    assert [one.partition("@")[0] for one in types] == [
        "request.posted", "request.noticed", "request.published", "request.claimed", "request.contacted",
        "request.fulfilled", "request.closed",
    ]  # fmt: skip


def test_an_objection_in_public_notice_keeps_a_wish_off_the_board(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    street.do("set_policy", by=street.operator, name="requests.notice_days", value=3)
    wish = _wish(street, wang)
    street.do("publish_request", by=worker, request_id=wish)
    street.do("decline_request", by=street.worker("周主任"), request_id=wish, reason="already_met")
    street.at(FIRST_DAY + timedelta(days=5))
    street.follow()
    assert street.see("request", by=worker, request_id=wish)["status"] == "declined"


def test_a_wish_that_nobody_takes_rolls_over_with_priority(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    street.do("set_policy", by=street.operator, name="requests.board_days", value=10)
    passed_over = _wish(street, wang, "一张轮椅")
    street.do("publish_request", by=worker, request_id=passed_over)
    street.at(FIRST_DAY + timedelta(days=11))
    street.follow()
    newer = _wish(street, wang)
    street.do("publish_request", by=worker, request_id=newer)
    board = street.see("requests", board="true")["requests"]
    assert [row["request_id"] for row in board] == [passed_over, newer]
    assert street.figure(f"request:{passed_over}:priority") == 1
    assert street.figure(f"request_progress:{passed_over}:rounds") == 1


def test_teams_claim_wishes_and_each_has_one_taker(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    for n in range(TEAMS):
        team = street.do("form_team", by=worker, kind="volunteer_organisation", name=f"服务队 {n + 1}").ids["team_id"]
        member = street.person("队员", team=team)
        wish = _wish(street, wang)
        street.do("publish_request", by=worker, request_id=wish)
        street.do("claim_request", by=member, request_id=wish, claimant=team)
        street.refused("claim_request", "already_claimed", by=worker, request_id=wish, claimant=worker)
    assert street.figure("stats.requests.claimed") == TEAMS

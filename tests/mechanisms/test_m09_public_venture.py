"""乐治方兴基金与微公益创投: two funds with one host charity; a call, scored, granted, paid by milestone, reported (M9)."""

from __future__ import annotations

from datetime import timedelta

from tests.mechanisms.money import open_fund
from tests.mechanisms.street import FIRST_DAY, Street

DIGEST = "ab" * 32
CRITERIA = [{"name": "需求", "most_points": 40}, {"name": "方案", "most_points": 60}]


def answer(street: Street, call: str, applicant: str, by: str, title: str, *parts_fen: int) -> str:
    """A team's proposal, a milestone a month; gives its id."""
    milestones = [
        {"name": f"第{number}月", "amount_fen": fen, "due_day": str(FIRST_DAY + timedelta(days=30 * number))}
        for number, fen in enumerate(parts_fen, start=1)
    ]
    done = street.do(
        "submit_proposal", by=by, call_id=call, applicant=applicant, title=title, milestones=milestones,
        words={"text": "计划"},
    )  # fmt: skip
    return done.ids["proposal_id"]


def test_two_funds_one_host_and_a_venture_from_the_call_to_the_last_milestone(street: Street) -> None:
    charity = street.unit("慈善会", kind="social_organisation")
    open_fund(street, "nuanxing", "暖兴", charity)
    committee = open_fund(street, "lezhi", "乐治方兴", charity, ("venture",))
    treasurer, worker = street.worker("褚会计", roles=("treasurer",)), street.worker("赵书记")
    bank = street.unit("农商行", kind="enterprise")
    receipt = street.do(
        "receive_donation",
        by=treasurer,
        fund="fund_lezhi",
        donor=bank,
        item="venture",
        amount_fen=20_000_00,
        named=True,
    ).ids["receipt_id"]
    assert {one["host_charity"] for one in street.see("funds")["funds"]} == {charity}

    judges = [street.person(f"评委{number}") for number in "甲乙丙"]
    call = street.do(
        "open_call", by=worker, fund="fund_lezhi", item="venture", category="venture", title="微公益创投",
        budget_fen=20_000_00, most_fen=12_000_00, until_day=str(FIRST_DAY + timedelta(days=7)), judges=judges,
        criteria=CRITERIA, least_scores=2, pass_percent=60,
    ).ids["call_id"]  # fmt: skip
    sunset, dance = (
        street.unit("夕阳红服务社", kind="social_organisation"),
        street.unit("舞蹈队", kind="social_organisation"),
    )
    leader = street.speaker(sunset, "李师傅")
    meals = answer(street, call, sunset, leader, "老人食堂", 4_000_00, 8_000_00)
    other = answer(street, call, dance, street.speaker(dance, "孙老师"), "广场舞", 12_000_00)

    # Named judges, each once, after the last day; who is tied to the applicant does not score.
    score = {"proposal_id": meals, "points": [35, 50]}
    street.refused("score_proposal", "call_not_over", by=judges[0], **score)
    street.at(FIRST_DAY + timedelta(days=8))
    street.refused("score_proposal", "not_a_judge", by=worker, **score)
    street.do("grant_role", by=street.operator, holder=judges[2], role="representative", scope=sunset)
    street.refused("score_proposal", "judge_has_interest", by=judges[2], **score)
    street.do("score_proposal", by=judges[0], **score)
    street.refused("award_proposal", "too_few_scores", by=committee[0], proposal_id=meals)
    street.do("score_proposal", by=judges[1], proposal_id=meals, points=[30, 45])
    for judge in judges[:2]:
        street.do("score_proposal", by=judge, proposal_id=other, points=[10, 20])
    ranked = street.see("proposals", call_id=call)["proposals"]
    assert [(one["title"], one["points"], one["scores"]) for one in ranked] == [("老人食堂", 160, 2), ("广场舞", 60, 2)]
    street.refused("award_proposal", "score_too_low", by=committee[0], proposal_id=other)

    # Granted: one grant a milestone, committed and not yet paid.
    street.do("award_proposal", by=committee[0], proposal_id=meals)
    assert street.figure("fund:lezhi:committed") == 12_000_00
    first, second = [one["grant_id"] for one in street.see("milestones", proposal_id=meals)["milestones"]]

    # Report, accept, pay: three people.
    street.refused("pay_grant", "milestone_not_accepted", by=treasurer, grant_id=first)
    street.refused("report_milestone", "milestone_without_evidence", by=leader, grant_id=first, evidence=[])
    street.do("report_milestone", by=leader, grant_id=first, evidence=[DIGEST], words={"text": "已开张"})
    street.refused("accept_milestone", "not_in_committee", by=leader, grant_id=first)
    street.do("accept_milestone", by=committee[1], grant_id=first)
    street.refused("pay_grant", "not_allowed", by=leader, grant_id=first)
    street.do("pay_grant", by=treasurer, grant_id=first)
    assert street.see("milestone", grant_id=first)["status"] == "accepted"

    # What is not reached is not paid, and its money is free again.
    street.do("cancel_grant", by=committee[2], grant_id=second, reason="not_needed")
    assert (street.figure("fund:lezhi:committed"), street.figure("fund:lezhi:expense")) == (0, 4_000_00)
    trace = street.see("donation_trace", receipt_id=receipt)
    assert [(one["grant_id"], one["amount_fen"]) for one in trace["allocations"]] == [(first, 4_000_00)]
    assert street.see("call_for_proposals", call_id=call)["awarded_fen"] == 12_000_00
    assert street.figure("fund:nuanxing:income") == 0

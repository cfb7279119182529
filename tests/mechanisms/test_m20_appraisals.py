"""M20 4+5 考评、限期整改、黑名单、退出: monthly by four, quarterly by five; who fails twice claims nothing more (顺河)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from ledger.clock import day_of
from tests.mechanisms.street import Street

MONTHLY = {
    "社区党委": ("party_organisation", 4),
    "网格党支部": ("party_organisation", 2),
    "业委会": ("resident_body", 2),
    "党群代表": ("resident_body", 2),
}
QUARTERLY = {
    "组织部门": ("party_organisation", 3),
    "住建部门": ("public_institution", 2),
    "行业党委": ("party_organisation", 2),
    "街道党工委": ("party_organisation", 2),
    "第三方机构": ("social_organisation", 1),
}
SATISFACTION = [
    {"code": "hygiene", "name": "环境卫生", "most": 60},
    {"code": "order", "name": "公共秩序", "most": 40},
]
DUTIES = [
    {"code": "openness", "name": "信息公开", "most": 50},
    {"code": "cooperation", "name": "调度配合", "most": 50},
]


class Panel(NamedTuple):
    """A panel and who speaks for its seats."""

    panel_id: str
    seats: dict[str, str]
    """party → speaker"""


def panel(street: Street, worker: str, name: str, rhythm: str, parties: Any, criteria: Any) -> Panel:
    """Units are registered, each with somebody who speaks for it, and sit on a panel together."""
    units = {street.unit(one, kind=kind): weight for one, (kind, weight) in parties.items()}
    speakers = {unit: street.speaker(unit, f"评委{number}") for number, unit in enumerate(units)}
    seats = [{"party": unit, "weight": weight} for unit, weight in units.items()]
    fields = {"name": name, "rhythm": rhythm, "seats": seats, "criteria": criteria}
    street.refused("appoint_panel", "wrong_number_of_seats", by=worker, **{**fields, "seats": seats[1:]})
    return Panel(street.do("appoint_panel", by=worker, **fields).ids["panel_id"], speakers)


def appraise(street: Street, worker: str, by: Panel, subject: str, period: str, points: list[tuple[int, int]]) -> str:
    """Everybody on the panel scores by the two criteria; gives the appraisal that was closed."""
    fields = {"panel_id": by.panel_id, "subject": subject, "period": period}
    until = day_of(street.now_at).isoformat()
    appraisal = street.do("open_appraisal", by=worker, until_day=until, **fields).ids["appraisal_id"]
    codes = [line.partition(" ")[0] for line in street.see("appraisal", appraisal_id=appraisal)["criteria"]]
    for (party, speaker), given in zip(by.seats.items(), points, strict=True):
        street.refused("close_appraisal", "panelists_missing", by=worker, appraisal_id=appraisal)
        marks = [{"code": code, "points": one} for code, one in zip(codes, given, strict=True)]
        street.do("score_appraisal", by=speaker, appraisal_id=appraisal, panelist=party, marks=marks)
    street.do("close_appraisal", by=worker, appraisal_id=appraisal)
    return appraisal


def test_who_fails_to_put_things_right_twice_is_blacklisted_and_leaves(street: Street) -> None:
    """四方月评、五方季评、限期整改两次不力、列入黑名单、不能认领、退出."""
    worker, other = street.worker("赵书记"), street.worker("钱主任")
    company = street.unit("绿云物业")
    manager = street.speaker(company, "李经理")
    monthly = panel(street, worker, "月度测评组", "monthly", MONTHLY, SATISFACTION)
    quarterly = panel(street, worker, "季度考核组", "quarterly", QUARTERLY, DUTIES)
    listing = claimed_listing(street, (worker, other), company, manager)

    # March, by four: 4 · 50 + 2 · 40 + 2 · 60 + 2 · 55 of 10 · 100 is 51 points: failed.
    street.at(date(2026, 3, 30))
    march = appraise(street, worker, monthly, company, "2026-03", [(30, 20), (25, 15), (36, 24), (35, 20)])
    shown = street.see("appraisal", appraisal_id=march)
    assert (shown["result_hundredths"], shown["grade"], shown["sheets"]) == (5_100, "failed", 4)
    street.hidden("appraisal_sheets", "not_for_your_roles", by=manager)
    behind = street.see("published_sheets", by=manager, appraisal_id=march)
    assert [(one["panelist"]["name"], one["weight"], one["total"]) for one in behind["sheets"]] == [
        ("社区党委", 4, 50), ("网格党支部", 2, 40), ("业委会", 2, 60), ("党群代表", 2, 55),
    ]  # fmt: skip
    street.see("why_figure", by=manager, figure=f"sheet:{behind['sheets'][0]['sheet_id']}:total")
    street.refused(
        "open_appraisal", "already_appraised", by=worker, panel_id=monthly.panel_id, subject=company,
        period="2026-03", until_day="2026-03-31",
    )  # fmt: skip

    # What was found has to be put right by a day. Nobody accepts their own; the first is not enough, the second late.
    order = {"party": company, "appraisal_id": march}
    drains = street.do("order_rectification", by=worker, matter="疏通下水管道", due_day="2026-04-10", **order).ids[
        "rectification_id"
    ]
    lamps = street.do("order_rectification", by=worker, matter="修复楼道灯", due_day="2026-04-15", **order).ids[
        "rectification_id"
    ]
    street.refused("order_rectification", "not_allowed", by=manager, matter="x", due_day="2026-04-15", **order)
    street.at(date(2026, 4, 9))
    street.do("report_rectified", by=manager, rectification_id=drains, party=company, words={"remark": "已疏通"})
    street.refused("accept_rectification", "not_allowed", by=manager, rectification_id=drains)
    street.do("fail_rectification", by=other, rectification_id=drains, cause="insufficient")
    street.refused("blacklist_party", "too_few_failures", by=other, party=company, reason="rectification_failed")
    street.at(date(2026, 4, 16))
    assert street.follow() >= 1
    rows = street.see("rectifications", party=company)["rectifications"]
    assert [(one["matter"], one["status"], one["cause"], one["failures"]) for one in rows] == [
        ("修复楼道灯", "failed", "overdue", 2),
        ("疏通下水管道", "failed", "insufficient", 1),
    ]
    assert street.figure(f"appraisal:{march}:rectifications") == 2
    street.refused("report_rectified", "rectification_moved_on", by=manager, rectification_id=lamps, party=company)

    # By five, for the quarter; published with its sheets.
    first = appraise(street, worker, quarterly, company, "2026-Q1", [(20, 25), (30, 10), (25, 25), (20, 20), (40, 40)])
    assert street.see("appraisal", appraisal_id=first)["grade"] == "failed"

    # Twice failed: blacklisted, what it held goes back, it takes on nothing more, and is told why.
    street.do("blacklist_party", by=other, party=company, reason="rectification_failed", ground=lamps)
    assert street.see("request", request_id=listing)["status"] == "published"
    said = street.refused("claim_request", "blacklisted", by=manager, request_id=listing, claimant=company)
    assert (said.get("figures") or said["details"])["reason"] == "rectification_failed"
    standard = street.do("adopt_standard", by=worker, kind="professional", name="24项").ids["standard_id"]
    place = street.place("courtyard", "祥云院")
    trial = {"standard_id": standard, "place": place, "unit": company, "begins_on": "2026-04-20"}
    street.refused("open_trial", "blacklisted", by=worker, **trial)

    # And leaves the partnership.
    street.do("exit_partner", by=other, unit=company, reason="rectification_failed")
    assert [one["status"] for one in street.see("agreements", unit=company)["agreements"]] == ["ended"]


def test_what_is_reported_and_never_looked_at_is_listed_after_its_day(street: Street) -> None:
    """整改已报告、逾期未验收的列出，直到有人验收."""
    worker = street.worker("赵书记")
    company = street.unit("绿云物业", kind="property_service")
    manager = street.speaker(company)
    order = {"party": company, "matter": "疏通下水管道", "due_day": "2026-04-01"}
    drains = street.do("order_rectification", by=worker, **order).ids["rectification_id"]
    street.do("report_rectified", by=manager, rectification_id=drains, party=company)
    assert street.see("unjudged_rectifications")["rectifications"] == []

    street.at(date(2026, 4, 2))
    street.follow()
    waiting = street.see("unjudged_rectifications")["rectifications"]
    assert [(one["rectification_id"], one["due_day"], one["party"]["name"]) for one in waiting] == [
        (drains, "2026-04-01", "绿云物业"),
    ]  # fmt: skip

    street.do("accept_rectification", by=worker, rectification_id=drains)
    assert street.see("unjudged_rectifications")["rectifications"] == []


def claimed_listing(street: Street, workers: tuple[str, str], company: str, manager: str) -> str:
    """The company has signed, and holds a listing of the board."""
    worker, other = workers
    street.do("sign_agreement", by=worker, unit=company, tier="street", from_day="2026-03-01", until_day="2027-02-28")
    asked = {"kind": "listing", "requester": worker, "words": {"title": "清理祥云院杂物"}}
    listing = street.do("post_request", by=worker, **asked).ids["request_id"]
    street.do("publish_request", by=other, request_id=listing)
    street.do("set_policy", by=street.operator, name="requests.lease_days", value=90)
    street.do("claim_request", by=manager, request_id=listing, claimant=company)
    return listing


def test_nobody_judges_their_own_and_too_few_voices_make_no_result(street: Street) -> None:
    """回避、打分权重不足不作数、整改验收."""
    worker = street.worker("赵书记")
    monthly = panel(street, worker, "月度测评组", "monthly", MONTHLY, SATISFACTION)
    committee, *others = monthly.seats
    until = {"panel_id": monthly.panel_id, "until_day": "2026-03-20"}

    # The committee is on the panel, and is appraised without its own voice.
    own = street.do("open_appraisal", by=worker, subject=committee, period="2026-03", **until).ids["appraisal_id"]
    assert street.see("appraisal", appraisal_id=own)["seat_count"] == 3
    marks = [{"code": "hygiene", "points": 50}, {"code": "order", "points": 30}]
    sheet: dict[str, Any] = {"appraisal_id": own, "marks": marks}
    street.refused("score_appraisal", "not_on_the_panel", by=monthly.seats[committee], panelist=committee, **sheet)
    handed_in = street.do("score_appraisal", by=monthly.seats[others[0]], panelist=others[0], **sheet)
    street.refused("score_appraisal", "already_scored", by=monthly.seats[others[0]], panelist=others[0], **sheet)
    street.hidden("published_sheets", "no_result_published", by=worker, appraisal_id=own)
    figure = f"sheet:{handed_in.ids['sheet_id']}:total"
    assert street.figure(figure) == 80
    street.hidden("why_figure", "no_such_figure", by=street.person("王阿姨"), figure=figure)

    # Only 2 of 6 were heard by the last day: there is no result.
    street.at(date(2026, 3, 21))
    street.refused("score_appraisal", "appraisal_day_passed", by=monthly.seats[others[1]], panelist=others[1], **sheet)
    street.follow()
    shown = street.see("appraisal", appraisal_id=own)
    assert (shown["status"], shown["reason"], shown["result_hundredths"]) == ("cancelled", "quorum_missed", None)

    # What is put right in time is accepted by another and counts as no failure.
    order = {"party": committee, "matter": "公示栏更新", "due_day": "2026-04-01"}
    rectification = street.do("order_rectification", by=worker, **order).ids["rectification_id"]
    reported = {"rectification_id": rectification, "party": committee, "evidence": "cd" * 32}
    street.do("report_rectified", by=monthly.seats[committee], **reported)
    street.do("accept_rectification", by=worker, rectification_id=rectification)
    street.at(date(2026, 4, 5))
    street.follow()
    row = street.see("rectification", rectification_id=rectification)
    assert (row["status"], row["failures"], row["evidence"]) == ("accepted", None, "cd" * 32)

"""M19 三类 pilots: 12 无物业小区, 24/18/10 项服务标准, three months on trial, 四级联审 before it counts (顺河)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.mechanisms.street import Street

STANDARDS = {"professional": 24, "self_governed": 18, "safety_net": 10}
COURTYARDS = {"professional": 4, "self_governed": 7, "safety_net": 1}
"""4 closed courtyards for a property company, 7 small ones joined under a committee of their own, 1 kept by the street."""
LAST_DAY = date(2026, 6, 2)


def test_three_kinds_of_pilot_last_three_months_and_pass_four_levels(street: Street) -> None:
    """三类试点: 24 items ticked, three months served, 四级联审 passed in order by four people."""
    worker = street.worker("赵书记")
    company, committee = street.unit("绿云物业"), street.unit("社区党委", kind="party_organisation")
    office, district = (street.unit(name, kind="party_organisation") for name in ("街道党工委", "区联合验收组"))
    levels = [
        {"name": "物业企业自审", "approver": company},
        {"name": "社区党委评审", "approver": committee},
        {"name": "街道党工委审签", "approver": office},
        {"name": "实地审核验收", "approver": district},
    ]
    who = [street.speaker(level["approver"], name) for level, name in zip(levels, "李王孙何", strict=True)]
    street.do("set_policy", by=street.operator, name="trials.approval_levels", value=4)

    trials = opened(street, worker, company)
    assert len(street.see("trials", status="running", limit=50)["trials"]) == 12
    trial = trials["professional"][0]

    # Nobody of the company ticks its own checklist, and three months are three months.
    street.refused("tick_item", "not_allowed", by=who[0], trial_id=trial, item="drains")
    codes = checklist(street, trial)
    for code in codes[:-1]:
        street.do("tick_item", by=worker, trial_id=trial, item=code)
    street.refused("end_trial", "trial_still_running", by=worker, trial_id=trial, outcome="passed")
    street.at(LAST_DAY)
    street.refused("end_trial", "checklist_incomplete", by=worker, trial_id=trial, outcome="passed")
    street.do("tick_item", by=worker, trial_id=trial, item=codes[-1], evidence="ab" * 32)
    assert street.figure(f"trial:{trial}:met") == 24
    street.refused("end_trial", "approval_missing", by=worker, trial_id=trial, outcome="passed")

    # Four levels, in order, by four people.
    matter = {"subject": trial, "applicant": company, "matter": "绿云苑1号院物业化改造验收", "levels": levels}
    street.refused("apply_for_approval", "own_application", by=worker, **{**matter, "levels": levels[::-1]})
    approval = street.do("apply_for_approval", by=worker, **matter).ids["approval_id"]
    street.refused("approve_level", "level_out_of_order", by=who[1], approval_id=approval, level=2)
    street.refused("approve_level", "not_your_level", by=who[1], approval_id=approval, level=1)
    for level, by in enumerate(who, start=1):
        waiting = street.see("approvals", by=by, waiting_for=levels[level - 1]["approver"])
        assert [one["approval_id"] for one in waiting["approvals"]] == [approval]
        street.do("approve_level", by=by, approval_id=approval, level=level)
    assert street.see("approval", by=worker, approval_id=approval)["status"] == "approved"
    street.do("end_trial", by=worker, trial_id=trial, outcome="passed")
    shown = street.see("trial", trial_id=trial)
    assert (shown["status"], shown["met"], shown["ended_day"]) == ("passed", 24, LAST_DAY.isoformat())


def opened(street: Street, worker: str, company: str) -> dict[str, list[str]]:
    """Standards are adopted as they stand ready, and twelve courtyards begin."""
    community = street.place("community", "惠济桥社区")
    trials: dict[str, list[str]] = {}
    for kind, items in STANDARDS.items():
        standard = street.do("adopt_standard", by=worker, kind=kind, name=f"{items}项服务标准").ids["standard_id"]
        assert street.see("standard", standard_id=standard)["items"] == items
        for number in range(COURTYARDS[kind]):
            place = street.place("courtyard", f"{kind} {number + 1}", community)
            fields: dict[str, Any] = {"standard_id": standard, "place": place, "begins_on": "2026-03-02"}
            if kind == "professional":
                fields["unit"] = company
            trials.setdefault(kind, []).append(street.do("open_trial", by=worker, **fields).ids["trial_id"])
    return trials


def checklist(street: Street, trial: str) -> list[str]:
    """The codes on a pilot's checklist."""
    standard = street.see("trial", trial_id=trial)["standard_id"]
    return [line.partition(" ")[0] for line in street.see("standard", standard_id=standard)["checklist"]]


def test_a_pilot_is_extended_sent_back_approved_anew_and_given_up(street: Street) -> None:
    """延期、退回、重新申请、更换审批方、中止."""
    worker, other = street.worker("赵书记"), street.worker("钱主任")
    owners = street.unit("片区业委会", kind="resident_body")
    committee = street.unit("社区党委", kind="party_organisation")
    chair, secretary = street.speaker(owners, "周大姐"), street.speaker(committee, "王书记")
    standard = street.do("adopt_standard", by=worker, kind="safety_net", name="十项基础服务").ids["standard_id"]
    place = street.place("courtyard", "祥云院")
    start = {"standard_id": standard, "place": place, "begins_on": "2026-03-02"}
    trial = street.do("open_trial", by=worker, **start).ids["trial_id"]
    street.refused("open_trial", "trial_running", by=worker, **start)
    codes = checklist(street, trial)
    for code in codes:
        street.do("tick_item", by=worker, trial_id=trial, item=code)
    street.do("tick_item", by=worker, trial_id=trial, item=codes[0], met=False)
    assert street.see("trial", trial_id=trial)["met"] == 9

    street.at(LAST_DAY)
    street.do("extend_trial", by=worker, trial_id=trial, ends_on="2026-07-02", reason="items_open")
    street.refused("end_trial", "trial_still_running", by=worker, trial_id=trial, outcome="failed")

    levels = [{"name": "自审", "approver": owners}, {"name": "评审", "approver": committee}]
    matter = {"subject": trial, "applicant": owners, "matter": "祥云院自治验收", "levels": levels}
    first = street.do("apply_for_approval", by=worker, **matter).ids["approval_id"]
    street.do("approve_level", by=chair, approval_id=first, level=1)
    street.do("reject_level", by=secretary, approval_id=first, level=2, reason="standard_not_met")
    street.refused("approve_level", "approval_settled", by=secretary, approval_id=first, level=2)

    # Applied for again; the secretary leaves, and another party decides in place of the committee.
    second = street.do("apply_for_approval", by=worker, **matter).ids["approval_id"]
    street.refused("approve_level", "level_out_of_order", by=secretary, approval_id=second, level=2)
    street.do("leave_community", by=secretary, member_id=secretary)
    street.do("replace_approver", by=worker, approval_id=second, level=2, approver=other)
    street.do("approve_level", by=chair, approval_id=second, level=1)
    street.do("approve_level", by=other, approval_id=second, level=2)
    assert street.see("approval", by=worker, approval_id=second)["approved"] == 2
    street.do("end_trial", by=worker, trial_id=trial, outcome="given_up")
    assert street.see("trials", place=place)["trials"][0]["status"] == "given_up"

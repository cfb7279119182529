"""M16 需求清单: needs by class and by kind of courtyard, claimed by working groups and members; three of them are projects."""

from __future__ import annotations

from tests.mechanisms.street import Street

CLASSES = ("亲子娱乐", "文体赛事", "生活服务", "健康保健")
KINDS = {"family": "学府花园", "elderly": "敦化老院", "mixed": "绿云苑"}


def test_needs_are_listed_by_class_for_each_kind_of_courtyard(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    yards = {}
    for label, name in KINDS.items():
        yards[label] = street.place("courtyard", name)
        street.do("classify_place", by=worker, place_id=yards[label], label=label)
    for label, yard in yards.items():
        for category in CLASSES[:2] if label == "family" else CLASSES[2:]:
            ask = {"kind": "order", "requester": wang, "place": yard, "category": category}
            done = street.do("post_request", by=worker, words={"title": category}, **ask)
            street.do("publish_request", by=worker, request_id=done.ids["request_id"])

    family = street.see("place_profiles", label="family")["place_profiles"]
    assert [row["place_id"] for row in family] == [yards["family"]]
    listed = street.see("requests", kind="order", status="published", place=yards["family"])["requests"]
    assert {row["category"] for row in listed} == {"亲子娱乐", "文体赛事"}
    assert len(street.see("requests", kind="order", category="健康保健")["requests"]) == 2
    street.refused("classify_place", "same_label", by=worker, place_id=yards["family"], label="family")


def test_a_working_group_and_a_member_each_take_one(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    lvyun = street.unit("绿云物业")
    group = {"kind": "volunteer_organisation", "name": "一线工作组", "unit": lvyun}
    team = street.do("form_team", by=worker, **group).ids["team_id"]
    zhao = street.person("赵师傅", team=team)
    needs = []
    for category in CLASSES[2:]:
        ask = {"kind": "order", "requester": wang, "category": category, "words": {"title": category}}
        needs.append(street.do("post_request", by=worker, **ask).ids["request_id"])
        street.do("publish_request", by=worker, request_id=needs[-1])
    street.do("claim_request", by=zhao, request_id=needs[0], claimant=team)
    street.do("claim_request", by=zhao, request_id=needs[1], claimant=zhao)
    for need, claimant in zip(needs, (team, zhao), strict=True):
        street.do("fulfil_request", by=zhao, request_id=need, claimant=claimant)
        street.do("close_request", by=wang, request_id=need, requester=wang, score=5)
    assert street.figure("stats.requests.closed") == 2


def test_three_of_the_needs_become_projects_of_leaders(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    yard = street.place("courtyard", "敦化老院", street.place("community", "敦化社区"))
    leader = street.person("陈局长")
    for title in ("加装电梯", "口袋公园", "长者食堂"):
        posted = street.do("post_request", by=wang, kind="project", requester=wang, place=yard, words={"title": title})
        request = posted.ids["request_id"]
        street.refused("claim_request", "no_such_request", by=leader, request_id=request, claimant=leader)
        street.refused("claim_request", "projects_are_voted_on", by=wang, request_id=request, claimant=wang)
        street.do(
            "plan_project", by=worker, request_id=request, name=title, place=yard, aspect="environment",
            sponsor=leader, budget_fen=20_000_000, year=2026,
        )  # fmt: skip
        assert street.see("request", request_id=request)["status"] == "decided"
    assert street.figure("stats.requests.decided") == 3

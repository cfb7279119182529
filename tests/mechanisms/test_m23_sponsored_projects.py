"""M23 书记领办项目: projects with a budget and a leader who takes them on; at least one per community and year, and a list of
those that have none yet. 88 projects, 12 million yuan."""

from __future__ import annotations

from tests.mechanisms.street import Street

PROJECTS, BUDGET_FEN, COMMUNITIES = 88, 1_200_000_000, 22


def test_every_community_has_a_project_or_is_on_the_list_of_those_without(street: Street) -> None:
    worker, secretary, heir = street.worker(), street.person("赵书记"), street.person("钱书记")
    communities = [street.place("community", f"社区{number}") for number in range(COMMUNITIES)]
    each = BUDGET_FEN // PROJECTS
    for number in range(PROJECTS - 1):
        street.do(
            "plan_project", by=worker, name=f"项目{number}", place=communities[number % (COMMUNITIES - 1)],
            aspect="environment", sponsor=secretary, budget_fen=each, year=2026,
        )  # fmt: skip
    missing = street.see("missing_projects", year=2026)
    assert [one["id"] for one in missing["communities"]] == [communities[-1]]

    yard = street.place("courtyard", "绿云苑", communities[-1])
    last = {"name": "养老食堂", "place": yard, "aspect": "elderly", "year": 2026}
    last["budget_fen"] = BUDGET_FEN - each * (PROJECTS - 1)
    street.refused("plan_project", "sponsor_missing", by=worker, **last)
    street.refused("plan_project", "not_allowed", by=secretary, sponsor=secretary, **last)
    project = street.do("plan_project", by=worker, sponsor=heir, **last).ids["project_id"]

    assert street.see("missing_projects", year=2026)["communities"] == []
    assert len(street.see("missing_projects", year=2027)["communities"]) == COMMUNITIES
    assert street.figure("quota:quota_2026:projects") == PROJECTS
    assert street.figure("quota:quota_2026:budget_fen") == BUDGET_FEN
    assert len(street.see("projects", sponsor=heir)["projects"]) == 1

    street.do("abandon_project", by=heir, project_id=project, reason="no_money")
    assert len(street.see("missing_projects", year=2026)["communities"]) == 1
    assert street.figure(f"quota:quota_2026_{communities[-1]}:projects") == 0


def test_policy_says_how_many_a_community_needs(street: Street) -> None:
    worker, secretary = street.worker(), street.person("赵书记")
    community = street.place("community", "方兴社区")
    plan = {"name": "车棚", "place": community, "aspect": "environment", "sponsor": secretary, "year": 2026}
    street.hidden("project_quota", "no_such_quota", by=worker, quota_id="quota_2026")
    street.hidden("missing_projects", "bad_shape", by=worker, year="26")
    street.do("plan_project", by=worker, **plan)
    assert street.see("missing_projects")["communities"] == []
    street.do("set_policy", by=street.operator, name="projects.yearly_quota", value=2)
    assert [one["id"] for one in street.see("missing_projects", year=2026)["communities"]] == [community]


def test_a_leader_may_take_on_what_residents_proposed(street: Street) -> None:
    worker, secretary, wang = street.worker(), street.person("赵书记"), street.person("王阿姨")
    community = street.place("community", "方兴社区")
    request = street.do("post_request", by=wang, kind="project", requester=wang, words={"title": "建托儿室"}).ids[
        "request_id"
    ]
    plan = {"request_id": request, "name": "托儿室", "place": community, "aspect": "children", "year": 2026}
    street.refused("plan_project", "not_decided", by=worker, **plan)
    street.do("plan_project", by=worker, sponsor=secretary, **plan)
    assert street.see("request", by=worker, request_id=request)["status"] == "decided"

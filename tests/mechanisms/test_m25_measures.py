"""M25 项目化管理: 16 projects in 8 aspects split into 73 measures, each with an owner and a due day; late ones are marked."""

from __future__ import annotations

from datetime import timedelta

from tests.mechanisms.street import FIRST_DAY, Street

PROJECTS, MEASURES = 16, 73
ASPECTS = ("property", "environment", "safety", "culture", "elderly", "children", "health", "employment")
DUE = FIRST_DAY + timedelta(days=30)


def test_projects_split_into_measures_that_are_answered_for(street: Street) -> None:
    worker, sponsor = street.worker(), street.person("赵书记")
    community = street.place("community", "顺河社区")
    owners = [street.unit(f"责任单位{number}") for number in range(4)]
    speakers = [street.speaker(owner) for owner in owners]
    projects = [
        street.do(
            "plan_project", by=worker, name=f"项目{number}", place=community, aspect=ASPECTS[number % 8],
            sponsor=sponsor, year=2026,
        ).ids["project_id"]
        for number in range(PROJECTS)
    ]  # fmt: skip
    measures = [
        street.do(
            "add_measure", by=sponsor, project_id=projects[number % PROJECTS], name=f"举措{number}",
            owner=owners[number % 4], due_day=str(DUE),
        ).ids["project_measure_id"]
        for number in range(MEASURES)
    ]  # fmt: skip
    shown = street.see("projects", year=2026)["projects"]
    assert sum(one["measures"] for one in shown) == MEASURES
    assert {one["aspect"] for one in shown} == set(ASPECTS)

    for number, measure in enumerate(measures[:8]):
        owner = speakers[number % 4]
        street.do("report_measure", by=owner, project_measure_id=measure, words={"remark": "完成"})
        street.do("accept_measure", by=worker, project_measure_id=measure)
    street.at(DUE, 12)
    assert street.follow() == 0
    street.at(DUE + timedelta(days=1), 1)
    assert street.follow() == MEASURES - 8
    late = street.see("project_measures", project_id=projects[0], status="overdue")["project_measures"]
    assert len(late) == street.figure(f"project:{projects[0]}:overdue")
    done = street.see("project_measure", project_measure_id=measures[0])
    assert (done["status"], done["in_time"]) == ("accepted", True)


def test_nobody_judges_their_own_measure_and_a_late_one_is_handed_over(street: Street) -> None:
    worker, sponsor, li = street.worker(), street.person("赵书记"), street.person("李师傅")
    community = street.place("community", "顺河社区")
    plan = {"name": "停车", "place": community, "aspect": "property", "sponsor": sponsor, "year": 2026}
    project = street.do("plan_project", by=worker, **plan).ids["project_id"]
    add = {"project_id": project, "name": "划线", "due_day": str(DUE)}
    own = street.do("add_measure", by=worker, owner=sponsor, **add).ids["project_measure_id"]
    street.do("report_measure", by=sponsor, project_measure_id=own, words={"remark": "完成"})
    street.refused("accept_measure", "own_measure", by=sponsor, project_measure_id=own)
    street.do("return_measure", by=worker, project_measure_id=own, reason="no_evidence")

    street.at(DUE + timedelta(days=1))
    street.follow()
    later = {"project_measure_id": own, "due_day": str(DUE + timedelta(days=20))}
    street.refused("hand_over_measure", "own_measure", by=sponsor, owner=sponsor, **later)
    street.do("hand_over_measure", by=worker, owner=li, **later)
    street.do("report_measure", by=li, project_measure_id=own, words={"remark": "这次有照片"})
    street.do("accept_measure", by=sponsor, project_measure_id=own)
    street.do("complete_project", by=sponsor, project_id=project)
    assert street.see("project", project_id=project)["status"] == "completed"
    assert street.figure(f"project_measure:{own}:overdue") == 1


def test_a_blacklisted_unit_takes_on_no_measure(street: Street) -> None:
    worker, sponsor = street.worker(), street.person("赵书记")
    community, unit = street.place("community", "顺河社区"), street.unit("拖拉公司")
    plan = {"name": "停车", "place": community, "aspect": "property", "sponsor": sponsor, "year": 2026}
    project = street.do("plan_project", by=worker, **plan).ids["project_id"]
    street.do("blacklist_party", by=worker, party=unit, reason="promise_broken", words={"remark": "多次失约"})
    measure = {"project_id": project, "name": "划线", "owner": unit, "due_day": str(DUE)}
    street.refused("add_measure", "blacklisted", by=worker, **measure)

"""M24 五社联动: care projects on which sessions and person-visits are counted, each project under one of several
community funds. 11 projects, 217 sessions, 18,600 person-visits."""

from __future__ import annotations

from tests.mechanisms.street import Street

PROJECTS, SESSIONS, PERSON_VISITS = 11, 217, 18_600


def test_sessions_and_person_visits_are_counted_on_each_project(street: Street) -> None:
    worker, sponsor = street.worker(), street.person("社工")
    community = street.place("community", "大理社区")
    charity = street.unit("益民社会工作服务中心", kind="social_organisation")
    visitor = street.speaker(charity)
    committee = [street.person(f"委员{number}") for number in range(5)]
    for slug in ("lehe", "nuanlin"):
        street.do(
            "open_fund", by=street.operator, slug=slug, name=f"社区基金 {slug}", purpose="关爱项目",
            host_charity="大理慈善会", committee=committee, supervisor=sponsor, items=[],
        )  # fmt: skip
    for number in range(PROJECTS):
        project = street.do(
            "plan_project", by=worker, name=f"关爱项目{number}", place=community, aspect="elderly", sponsor=sponsor,
            year=2026, fund=("lehe", "nuanlin")[number % 2],
        ).ids["project_id"]  # fmt: skip
        held = SESSIONS // PROJECTS + (number < SESSIONS % PROJECTS)
        came = PERSON_VISITS // PROJECTS + (number < PERSON_VISITS % PROJECTS)
        street.do(
            "record_project_session", by=visitor, project_id=project, sessions=held, person_visits=came,
            organiser=charity,
        )  # fmt: skip
        assert street.figure(f"project:{project}:person_visits") == came
    shown = street.see("projects", aspect="elderly")["projects"]
    assert sum(one["occasions"] for one in shown) == SESSIONS
    assert sum(one["person_visits"] for one in shown) == PERSON_VISITS
    assert len(street.see("projects", fund="fund_lehe")["projects"]) == 6


def test_a_count_that_was_wrong_falls_away_and_shows(street: Street) -> None:
    worker, sponsor, li = street.worker(), street.person("社工"), street.person("李师傅")
    community = street.place("community", "大理社区")
    plan = {"name": "关爱老人", "place": community, "aspect": "elderly", "sponsor": sponsor, "year": 2026}
    project = street.do("plan_project", by=worker, **plan).ids["project_id"]
    count = {"project_id": project, "sessions": 2, "person_visits": 90}
    street.refused("record_project_session", "not_the_sponsor", by=li, **count)
    counted = street.do("record_project_session", by=sponsor, **count).ids["project_session_id"]
    street.do("record_project_session", by=sponsor, **count)
    street.do("void_project_session", by=worker, project_session_id=counted, reason="counted_twice")
    street.refused(
        "void_project_session", "project_session_voided", by=worker, project_session_id=counted, reason="not_held"
    )
    assert street.figure(f"project:{project}:person_visits") == 90
    assert [one["status"] for one in street.see("project_sessions", project_id=project)["project_sessions"]] == [
        "voided",
        "counted",
    ]

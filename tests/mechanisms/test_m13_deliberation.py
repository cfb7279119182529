"""M13 民主协商五事制: 提事、议事、定事、干事、评事. A proposal is raised, talked about at a meeting, voted on by the households,
carried out in measures, and appraised by the households; none of the five steps can be left out."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from tests.mechanisms.street import FIRST_DAY, Street


class Yard(NamedTuple):
    """A courtyard of twelve households, the worker who serves it, and whoever chairs its meetings."""

    place: str
    worker: str
    chair: str
    heads: list[str]


def yard_of(street: Street, households: int = 12) -> Yard:
    """学府花园 with its households."""
    worker, chair = street.worker(), street.person("李师傅")
    community = street.place("community", "方兴社区")
    place = street.place("courtyard", "学府花园", community)
    heads = [street.person(f"住户{number}") for number in range(households)]
    for head in heads:
        street.do("register_household", by=worker, place=place, residents=[head], words={"door": "2单元301"})
    return Yard(place, worker, chair, heads)


def proposed(street: Street, yard: Yard, title: str) -> str:
    """提事: somebody proposes."""
    done = street.do("post_request", by=yard.heads[0], kind="project", requester=yard.heads[0], words={"title": title})
    return done.ids["request_id"]


def deliberated(street: Street, yard: Yard, *requests: str) -> str:
    """议事: a meeting with these on its agenda."""
    done = street.do(
        "record_meeting", by=yard.worker, kind="deliberation", place=yard.place, people=21, chair=yard.chair,
        agenda=list(requests), words={"minutes": "议定提交各户表决。"},
    )  # fmt: skip
    return done.ids["meeting_id"]


def cast(street: Street, yard: Yard, vote: str, choices: list[str]) -> None:
    """Each of these households votes, the first ones first."""
    for head, choice in zip(yard.heads, choices, strict=False):
        street.do("cast_vote", by=head, vote_id=vote, member=head, choice=choice)


def test_a_proposal_passes_its_five_steps_to_the_end(street: Street) -> None:
    yard = yard_of(street)
    request = proposed(street, yard, "建车棚")
    plan = {"request_id": request, "name": "车棚", "place": yard.place, "aspect": "environment", "year": 2026}
    street.refused("open_vote", "not_deliberated", by=yard.worker, request_id=request, place=yard.place)
    street.refused("plan_project", "not_decided", by=yard.worker, **plan)

    meeting = deliberated(street, yard, request)
    assert street.see("request", request_id=request)["status"] == "deliberated"
    vote = street.do("open_vote", by=yard.chair, request_id=request, place=yard.place).ids["vote_id"]
    assert (street.figure(f"vote:{vote}:electorate"), street.figure(f"vote:{vote}:quorum")) == (12, 8)

    cast(street, yard, vote, ["for"] * 6 + ["against"] * 2 + ["abstain"])
    again = {"vote_id": vote, "member": yard.heads[0], "choice": "against"}
    street.refused("cast_vote", "household_voted", by=yard.heads[0], **again)
    street.refused("close_vote", "not_yet_due", by=yard.worker, vote_id=vote)
    street.at(FIRST_DAY + timedelta(days=7), 10)
    street.follow()
    shown = street.see("vote", vote_id=vote)
    assert (shown["status"], shown["votes_for"], shown["votes_against"], shown["abstained"]) == ("passed", 6, 2, 1)
    assert street.see("request", request_id=request)["status"] == "decided"

    project = street.do("plan_project", by=yard.worker, **plan, budget_fen=3_000_000).ids["project_id"]
    lvyun = street.unit("绿云物业")
    speaker = street.speaker(lvyun)
    measure = street.do(
        "add_measure", by=yard.worker, project_id=project, name="顶棚", owner=lvyun, due_day="2026-04-01"
    ).ids["project_measure_id"]
    street.refused("complete_project", "measures_left", by=yard.worker, project_id=project)
    street.do("report_measure", by=speaker, project_measure_id=measure, words={"remark": "装好了"})
    street.refused("accept_measure", "not_the_sponsor", by=speaker, project_measure_id=measure)
    street.do("accept_measure", by=yard.worker, project_measure_id=measure)
    street.do("complete_project", by=yard.worker, project_id=project)
    assert street.see("request", request_id=request)["status"] == "executed"

    for head, score in zip(yard.heads, (5, 4, 4, 3), strict=False):
        street.do("appraise_project", by=head, project_id=project, member=head, score=score)
    one = {"project_id": project, "member": yard.heads[0], "score": 1}
    street.refused("appraise_project", "household_appraised", by=yard.heads[0], **one)
    street.do("conclude_project", by=yard.worker, project_id=project)

    assert street.see("request", request_id=request)["status"] == "closed"
    whole = street.see("project", project_id=project)
    assert (whole["status"], whole["households"], whole["points"]) == ("concluded", 4, 16)
    assert street.see("meeting", meeting_id=meeting)["votes"] == 1
    assert street.see("meeting", by=yard.worker, meeting_id=meeting)["words"]["minutes"] == "议定提交各户表决。"


def test_what_the_households_vote_down_is_over_and_what_lacks_a_quorum_is_voted_on_again(street: Street) -> None:
    yard = yard_of(street, households=4)
    shelter, pool = proposed(street, yard, "建车棚"), proposed(street, yard, "挖水池")
    deliberated(street, yard, shelter, pool)
    ask = {"by": yard.worker, "place": yard.place}
    first = street.do("open_vote", request_id=shelter, **ask).ids["vote_id"]
    down = street.do("open_vote", request_id=pool, **ask).ids["vote_id"]
    cast(street, yard, first, ["for", "for"])
    cast(street, yard, down, ["against", "against", "for", "against"])
    street.do("close_vote", by=yard.worker, vote_id=down)
    assert street.see("request", request_id=pool)["status"] == "declined"
    street.refused("open_vote", "request_settled", request_id=pool, **ask)

    street.at(FIRST_DAY + timedelta(days=8))
    street.follow()
    assert street.see("votes", request_id=shelter)["votes"][0]["status"] == "no_quorum"
    second = street.do("open_vote", request_id=shelter, rule="major", **ask).ids["vote_id"]
    cast(street, yard, second, ["for", "for", "for", "against"])
    street.do("close_vote", by=yard.worker, vote_id=second)
    assert street.see("vote", vote_id=second)["status"] == "passed"


def test_what_does_not_satisfy_is_done_again(street: Street) -> None:
    yard = yard_of(street, households=3)
    request = proposed(street, yard, "修路灯")
    deliberated(street, yard, request)
    vote = street.do("open_vote", by=yard.worker, request_id=request, place=yard.place).ids["vote_id"]
    cast(street, yard, vote, ["for"] * 3)
    street.do("close_vote", by=yard.worker, vote_id=vote)
    project = street.do(
        "plan_project", by=yard.worker, request_id=request, name="路灯", place=yard.place, aspect="safety", year=2026
    ).ids["project_id"]
    street.do("complete_project", by=yard.worker, project_id=project)
    head = yard.heads[0]
    say = {"by": head, "project_id": project, "member": head}
    street.do("appraise_project", score=2, words={"remark": "晚上还是黑"}, **say)
    street.do("conclude_project", by=yard.worker, project_id=project)
    assert street.see("request", request_id=request)["status"] == "decided"

    street.refused("complete_project", "rework_missing", by=yard.worker, project_id=project)
    measure = street.do(
        "add_measure", by=yard.worker, project_id=project, name="补装三盏", owner=yard.chair, due_day="2026-03-20"
    ).ids["project_measure_id"]
    street.do("report_measure", by=yard.chair, project_measure_id=measure, words={"remark": "补好了"})
    street.do("accept_measure", by=yard.worker, project_measure_id=measure)
    street.do("complete_project", by=yard.worker, project_id=project)
    street.do("appraise_project", score=5, **say)
    street.do("conclude_project", by=yard.worker, project_id=project)
    assert street.see("request", request_id=request)["status"] == "closed"


def test_one_meeting_talks_about_many_problems_and_they_are_solved(street: Street) -> None:
    """A tenth of the 130 problems of the article, so that the story stays short."""
    worker, chair, wang = street.worker(), street.person("李师傅"), street.person("王阿姨")
    place = street.place("courtyard", "学府花园")
    problems = [
        street.do("post_request", by=wang, kind="order", requester=wang, words={"title": f"第{n}件"}).ids["request_id"]
        for n in range(13)
    ]
    meeting = street.do(
        "record_meeting", by=worker, kind="deliberation", place=place, people=30, chair=chair, agenda=problems
    ).ids["meeting_id"]
    due = str(FIRST_DAY + timedelta(days=5))
    for problem in problems:
        street.do("publish_request", by=worker, request_id=problem)
        given = {"request_id": problem, "owner": chair, "due_day": due, "meeting_id": meeting}
        street.do("assign_request", by=worker, **given)
        street.do("fulfil_request", by=chair, request_id=problem, claimant=chair)
        street.do("close_request", by=wang, request_id=problem, requester=wang, score=5)
    assert street.figure("stats.requests.closed") == street.figure(f"meeting:{meeting}:assigned") == 13

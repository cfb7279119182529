"""What a courtyard talks over: one vote that passed and became a project, one that runs; and a project with a sponsor."""

from __future__ import annotations

from datetime import timedelta

from api.demo.data import life
from api.demo.organisations import Organisations
from api.demo.people import People, Staff
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.meetings.commands import (
    CastVote,
    Choice,
    CloseVote,
    Door,
    Minutes,
    OpenVote,
    RaiseRequest,
    RecordMeeting,
    RegisterHousehold,
)
from ledger.meetings.facts import MeetingHeld, VoteOpened
from ledger.projects.commands import (
    AcceptMeasure,
    AddMeasure,
    AppraiseProject,
    CompleteProject,
    Evidence,
    PlanProject,
    RecordProjectSession,
    ReportMeasure,
)
from ledger.projects.facts import MeasureAdded, ProjectPlanned
from ledger.requests.commands import PostRequest, RequestWords
from ledger.requests.facts import RequestPosted

_VOTES: tuple[Choice, ...] = ("for", "for", "for", "for", "against")
_CAME, _HEARD, _VISITS = 23, 9, 46
_BUDGET_FEN, _LED_FEN = 3_600_000, 1_200_000


def households(run: Run, staff: Staff, places: Places, people: People) -> list[str]:
    """The first courtyard's households, one in each of its buildings; gives who speaks for them, 王阿姨 last."""
    near = people.neighbours
    homes = [("li", "granddaughter"), ("master",), ("liu",), ("han", "xiaohan"), ("wang",)]
    where = {"li": 1, "master": 2, "liu": 3, "han": 4, "wang": 0}
    entered: list[Keyed] = [
        (f"home:{home[0]}", RegisterHousehold(
            place=places.buildings[where[home[0]]].id, residents=tuple(near[key] for key in home),
            words=Door(door=life().say["door"].format(unit=i + 1, door=101 + 100 * i)),
        ))
        for i, home in enumerate(homes)
    ]  # fmt: skip
    run.many(staff["zhao"], entered)
    return [near[home[0]] for home in homes]


def _ask(run: Run, staff: Staff, places: Places, key: str, requester: str) -> tuple[str, str]:
    """A proposal that a meeting talked over, and the vote on it; gives both ids."""
    yard = places.courtyards[0].id
    asking = PostRequest(kind="project", requester=requester, place=yard, words=RequestWords(title=life().say[key]))
    request_id = made(run.one(requester, f"{key}:post", asking), RequestPosted).request_id
    held = RecordMeeting(
        kind="deliberation", place=yard, people=_CAME, chair=staff["zhao"], agenda=(request_id,),
        words=Minutes(minutes=life().say["minutes"]),
    )  # fmt: skip
    run.one(staff["zhao"], f"{key}:meeting", held)
    opened = run.one(staff["zhao"], f"{key}:vote", OpenVote(request_id=request_id, place=yard))
    return request_id, made(opened, VoteOpened).vote_id


def decide(run: Run, staff: Staff, places: Places, speakers: list[str]) -> str:
    """All households vote, and it passes; gives the proposal."""
    request_id, vote_id = _ask(run, staff, places, "proposal", speakers[0])
    run.be(8, 19)
    for i, (member, choice) in enumerate(zip(speakers, _VOTES, strict=True)):
        run.one(member, f"proposal:vote:{i}", CastVote(vote_id=vote_id, member=member, choice=choice))
    run.one(staff["zhao"], "proposal:close", CloseVote(vote_id=vote_id))
    return request_id


def _measure(run: Run, by: str, key: str, add: AddMeasure) -> str:
    return made(run.one(by, f"measure:{key}", add), MeasureAdded).project_measure_id


def carry_out(run: Run, staff: Staff, places: Places, groups: Organisations, people: People, request_id: str) -> None:
    """The project of the vote: 绿云物业 answers for one measure that runs, another unit's is done and seen."""
    texts, worker = life().call, staff["qian"]
    plan = PlanProject(
        request_id=request_id, name=texts["project"], place=places.courtyards[0].id, aspect="environment",
        budget_fen=_BUDGET_FEN, year=run.today.year,
    )  # fmt: skip
    project_id = made(run.one(worker, "project", plan), ProjectPlanned).project_id
    due_day = run.today + timedelta(days=6)
    for number, name in ((0, texts["measure_build"]), (2, texts["measure_light"])):
        owner = groups.spoken_for[number].id
        add = AddMeasure(project_id=project_id, name=name, owner=owner, due_day=due_day)
        measure = _measure(run, worker, f"{number}", add)
        if number:
            done = ReportMeasure(project_measure_id=measure, words=Evidence(remark=life().say["measure_done"]))
            run.one(people.representatives[number], f"measure:{number}:report", done)
            run.one(worker, f"measure:{number}:accept", AcceptMeasure(project_measure_id=measure))


def lead(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """A project that a worker leads: sessions are counted, its one measure is done, and households say how it was."""
    sponsor, other = staff["sun"], staff["qian"]
    plan = PlanProject(
        name=life().call["project_led"], place=places.courtyards[0].id, aspect="elderly", sponsor=sponsor,
        budget_fen=_LED_FEN, year=run.today.year,
    )  # fmt: skip
    project_id = made(run.one(other, "led", plan), ProjectPlanned).project_id
    add = AddMeasure(
        project_id=project_id, name=life().call["project_led"], owner=groups.spoken_for[21].id, due_day=run.today
    )
    measure = _measure(run, other, "led", add)
    for week in range(2):
        counted = RecordProjectSession(project_id=project_id, sessions=5, person_visits=_VISITS + week, day=run.ago(1))
        run.one(sponsor, f"led:count:{week}", counted)
    done = ReportMeasure(project_measure_id=measure, words=Evidence(remark=life().say["measure_done"]))
    run.one(people.representatives[21], "led:report", done)
    run.one(other, "led:accept", AcceptMeasure(project_measure_id=measure))
    run.one(other, "led:complete", CompleteProject(project_id=project_id))
    for i, (key, score) in enumerate((("master", 5), ("han", 4))):
        member = people.neighbours[key]
        run.one(member, f"led:said:{i}", AppraiseProject(project_id=project_id, member=member, score=score))


def fill(run: Run, staff: Staff, places: Places, people: People, speakers: list[str]) -> None:
    """The vote that runs, on which 王阿姨 and 李奶奶 have not spoken yet; and the month's gatherings."""
    _, vote_id = _ask(run, staff, places, "proposal_vote", people.neighbours["han"])
    for i, member in enumerate(speakers[1:3]):
        run.one(member, f"running:vote:{i}", CastVote(vote_id=vote_id, member=member, choice=_VOTES[-1 - i]))
    for i, community in enumerate(places.communities[:5]):
        held = RecordMeeting(
            kind="gathering", place=community.id, sessions=2, people=_CAME + 7 * i, opinions=_HEARD + i,
            chair=staff["zhao"], day=run.ago(2 + i),
        )  # fmt: skip
        meeting = made(run.one(staff["zhao"], f"gathering:{i}", held), MeetingHeld).meeting_id
        if i == 0:
            asked = PostRequest(
                kind="issue", requester=people.elders[5], place=places.buildings[3].id, channel="meeting",
                words=RequestWords(title=life().issues[3]),
            )  # fmt: skip
            raised = made(run.one(staff["zhao"], "gathering:issue", asked), RequestPosted).request_id
            run.one(staff["zhao"], "gathering:raise", RaiseRequest(meeting_id=meeting, request_id=raised))

"""Talking things over: proposals that households vote on, gatherings that are counted, projects that leaders take on."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import date, timedelta

from api.simulation.street import Street
from ledger.ids import new_id
from ledger.meetings.commands import CastVote, CloseVote, OpenVote, RaiseRequest, RecordMeeting, RegisterHousehold
from ledger.meetings.state import Deliberation
from ledger.projects.commands import (
    AcceptMeasure,
    AddMeasure,
    AppraiseProject,
    CompleteProject,
    ConcludeProject,
    Evidence,
    PlanProject,
    RecordProjectSession,
    ReportMeasure,
    ReturnMeasure,
)
from ledger.projects.state import Project
from ledger.requests.commands import PostRequest, RequestWords

_HOUSEHOLD, _TERM_DAYS = 3, 8
_GONE = ("member_left", "not_a_member", "suspended", "blacklisted", "partner_exited", "cannot_act_for", "not_allowed")
"""What may have become of somebody since yesterday."""
_ASPECTS = ("property", "environment", "safety", "culture", "elderly", "children", "health", "employment")


class Meetings:
    """Deliberation in five steps, gatherings, and projects with measures and sessions."""

    def __init__(self) -> None:
        self.speaking: dict[str, list[str]] = defaultdict(list)
        """building → who speaks for each of its households"""
        self.voting: deque[tuple[date, str, str]] = deque()
        """(counted on, proposal, building)"""
        self.led: list[str] = []
        self.working: deque[tuple[date, str, str, str, str]] = deque()
        """(done on, project, measure, unit, building)"""

    def begin(self, street: Street) -> None:
        """Every building's people live in households of three."""
        by_building: dict[str, list[str]] = defaultdict(list)
        for one in street.people:
            by_building[street.home[one]].append(one)
        orders = []
        for building, people in by_building.items():
            for start in range(0, len(people), _HOUSEHOLD):
                residents = tuple(people[start : start + _HOUSEHOLD])
                self.speaking[building].append(residents[0])
                orders.append(RegisterHousehold(place=building, residents=residents))
        street.do_all(orders)

    def day(self, street: Street, today: date) -> None:
        """A day's talk and work."""
        for _ in range(street.share(0.05)):
            self._propose(street, today)
        while self.voting and self.voting[0][0] <= today:
            self._decided(street, today)
        while self.working and self.working[0][0] <= today:
            self._work_done(street)
        if street.every(30, 3):
            self._gather(street)
        if street.every(365, 10):
            self._lead(street, today)
        if self.led and street.every(7, 2):
            self._count(street)

    def _propose(self, street: Street, today: date) -> None:
        """提事, 议事, and the vote that is open for a week; somebody tries to vote twice, or for others."""
        who, worker = street.one_of(street.people), street.one_of(street.workers)
        building, proposal, vote = street.home[who], new_id("req"), new_id("vote")
        asked = PostRequest(
            request_id=proposal,
            kind="project",
            requester=who,
            place=building,
            words=RequestWords(title=street.naming.said("project", "A proposal")),
        )
        if street.attempt(asked, by=who, unless=_GONE) is None:
            return
        street.refused(OpenVote(request_id=proposal, place=building), "not_deliberated", by=worker)
        street.do(
            RecordMeeting(kind="deliberation", place=building, people=20, chair=worker, agenda=(proposal,)), by=worker
        )
        street.do(OpenVote(vote_id=vote, request_id=proposal, place=building), by=worker)
        for speaker in self.speaking[building]:
            if street.chance(0.9):
                choice = street.rng.choices(("for", "against", "abstain"), (7, 2, 1))[0]
                cast = CastVote(vote_id=vote, member=speaker, choice=choice)  # type: ignore[arg-type]  # one of three
                if street.attempt(cast, by=speaker, unless=_GONE) is not None and street.chance(0.05):
                    street.refused(cast, "household_voted", by=speaker)
        stranger = CastVote(vote_id=vote, member=worker, choice="for")
        street.refused(stranger, "in_no_household", by=worker)
        street.attempt(CloseVote(vote_id=vote), by=worker, unless=("not_yet_due",))
        self.voting.append((today + timedelta(days=_TERM_DAYS), proposal, building))

    def _decided(self, street: Street, today: date) -> None:
        """定事 is over: what passed becomes a project with a measure that a unit answers for."""
        _, proposal, building = self.voting.popleft()
        worker, project, measure = street.one_of(street.workers), new_id("proj"), new_id("pmeas")
        plan = PlanProject(
            project_id=project, request_id=proposal, name=street.naming.said("project", "A project"), place=building,
            aspect=street.one_of(_ASPECTS),  # type: ignore[arg-type]  # one of the aspects
            budget_fen=street.rng.randrange(1, 500) * 10_000, year=today.year,
        )  # fmt: skip
        if street.store.application.view(street.ledger).state(Deliberation, proposal).outcome != "passed":
            street.attempt(plan, by=worker, unless=("not_decided", "request_settled"))
            return
        street.do(plan, by=worker)
        unit, days = street.one_of(street.units), street.rng.randrange(5, 40)
        due = today + timedelta(days=30)
        split = AddMeasure(
            project_measure_id=measure,
            project_id=project,
            name=street.naming.name("measure", 0, "Its work"),
            owner=unit,
            due_day=due,
        )
        if street.attempt(split, by=worker, unless=_GONE) is not None:
            self.working.append((today + timedelta(days=days), project, measure, unit, building))

    def _work_done(self, street: Street) -> None:
        """干事 and 评事: reported, sometimes returned, accepted by another, appraised, concluded."""
        _, project, measure, unit, building = self.working.popleft()
        worker, speaker = street.workers[1], street.speakers[unit]
        report = ReportMeasure(project_measure_id=measure, words=Evidence(remark=street.naming.said("remark", "Done")))
        if street.attempt(report, by=speaker, unless=_GONE) is None:
            return
        street.refused(AcceptMeasure(project_measure_id=measure), "not_the_sponsor", by=speaker)
        if street.chance(0.2):
            street.do(ReturnMeasure(project_measure_id=measure, reason="incomplete"), by=worker)
            street.do(report, by=speaker)
        street.do(AcceptMeasure(project_measure_id=measure), by=worker)
        street.do(CompleteProject(project_id=project), by=worker)
        for who in self.speaking[building]:
            if street.chance(0.5):
                score = street.rng.choices((1, 2, 3, 4, 5), (1, 1, 2, 4, 4))[0]
                said = AppraiseProject(project_id=project, member=who, score=score)
                street.attempt(said, by=who, unless=(*_GONE, "own_project"))
        if street.store.application.view(street.ledger).state(Project, project).households:
            street.do(ConcludeProject(project_id=project), by=worker)

    def _gather(self, street: Street) -> None:
        """Every community's gatherings of a month, and a request that came of one of them."""
        worker, meeting, order = street.workers[2], new_id("meet"), new_id("req")
        for number, place in enumerate(street.communities):
            street.do(
                RecordMeeting(
                    meeting_id=meeting if not number else new_id("meet"), kind="gathering", place=place, sessions=4,
                    people=street.rng.randrange(20, 90), opinions=street.rng.randrange(1, 60), chair=worker,
                ),
                by=worker,
            )  # fmt: skip
        who = street.one_of(street.people)
        asked = PostRequest(
            request_id=order,
            kind="order",
            requester=who,
            channel="meeting",
            words=RequestWords(title=street.naming.said("order", "A")),
        )
        if street.attempt(asked, by=worker, unless=_GONE) is not None:
            street.do(RaiseRequest(meeting_id=meeting, request_id=order), by=worker)

    def _lead(self, street: Street, today: date) -> None:
        """Every community's secretary takes a project on for the year."""
        self.led = []
        for place in street.communities:
            self.led.append(new_id("proj"))
            plan = PlanProject(
                project_id=self.led[-1], name=street.naming.said("led", "The year's project"), place=place, aspect="elderly",
                sponsor=street.workers[3], budget_fen=13_600_000, year=today.year,
            )  # fmt: skip
            street.do(plan, by=street.workers[1])

    def _count(self, street: Street) -> None:
        came = street.rng.randrange(10, 90)
        project = street.one_of(self.led)
        street.do(RecordProjectSession(project_id=project, person_visits=came), by=street.workers[3])
        count = RecordProjectSession(project_id=project, person_visits=came)
        street.refused(count, "not_the_sponsor", by=street.supervisor)

"""Stories of the engine `meetings`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ledger.meetings import facts as meeting
from ledger.projects import facts as project
from ledger.requests.facts import RequestPosted
from tests.projections.cast import FUND, MEMBERS, PLACES, TEAMS, UNITS, WORKER

if TYPE_CHECKING:
    from tests.projections.teller import Teller


def _kept(teller: Teller, name: str) -> list[Any]:
    return teller.kept[f"meetings.{name}"]


def _one(teller: Teller, name: str, a: int, *, keep: bool = True) -> Any:
    """One of what was kept under a name, None where there is none."""
    rows = _kept(teller, name)
    if not rows:
        return None
    return rows[a % len(rows)] if keep else rows.pop(a % len(rows))


# ---- households ------------------------------------------------------------------------------------------------------


def register(teller: Teller, a: int, b: int, n: int) -> None:
    f = meeting.HouseholdRegistered(
        household_id=teller.fresh("home"), place=PLACES[b % 3], places=PLACES[b % 3 :: -1],
        residents=MEMBERS[a % 6 : a % 6 + 2], registered_at=n, words="w",
    )  # fmt: skip
    _kept(teller, "homes").append(f)
    teller.tell(f)


def move(teller: Teller, a: int, b: int, n: int) -> None:
    home = _one(teller, "homes", a)
    if home is None:
        return
    member = MEMBERS[b % 6]
    kind = meeting.HouseholdLeft if member in home.residents else meeting.HouseholdJoined
    teller.tell(kind(household_id=home.household_id, member=member))
    _kept(teller, "homes").remove(home)


def end(teller: Teller, a: int, b: int, n: int) -> None:
    home = _one(teller, "homes", a, keep=False) if n % 3 == 0 else None
    if home is not None:
        teller.tell(meeting.HouseholdEnded(household_id=home.household_id, places=home.places, reason="moved_away"))


# ---- meetings and votes ----------------------------------------------------------------------------------------------


def propose(teller: Teller, a: int, b: int, n: int) -> None:
    f = RequestPosted(
        request_id=teller.fresh("req"), kind="project", requester=MEMBERS[a % 6], place=PLACES[b % 3],
        channel="meeting", day=teller.day(n), words="w",
    )  # fmt: skip
    _kept(teller, "proposals").append(f)
    teller.tell(f)


def meet(teller: Teller, a: int, b: int, n: int) -> None:
    agenda = tuple(one.request_id for one in _kept(teller, "proposals")[-2:])
    gathering = n % 2 == 0
    f = meeting.MeetingHeld(
        meeting_id=teller.fresh("meet"), kind="gathering" if gathering else "deliberation", place=PLACES[b % 3],
        day=teller.day(n), sessions=n % 9 + 1 if gathering else 1, people=n % 90 + 1, opinions=n % 70 if gathering else 0,
        chair=MEMBERS[a % 6], agenda=() if gathering else agenda, recorded_by=WORKER, words="w",
    )  # fmt: skip
    _kept(teller, "meetings").append(f)
    teller.tell(f)


def correct(teller: Teller, a: int, b: int, n: int) -> None:
    held = _one(teller, "meetings", a, keep=False)
    if held is not None:
        teller.tell(
            meeting.MeetingCountsCorrected(
                meeting_id=held.meeting_id, kind=held.kind, sessions=held.sessions, people=n % 80 + 1,
                opinions=held.opinions, more_sessions=0, more_people=n % 80 + 1 - held.people, more_opinions=0,
                reason="miscounted", corrected_by=WORKER,
            )
        )  # fmt: skip


def come_of_it(teller: Teller, a: int, b: int, n: int) -> None:
    held = _one(teller, "meetings", a)
    raised = _kept(teller, "raised")
    fresh = [one.request_id for one in _kept(teller, "proposals") if one.request_id not in raised]
    if held is None or not fresh:
        return
    raised.append(fresh[b % len(fresh)])
    teller.tell(
        meeting.RequestRaised(meeting_id=held.meeting_id, kind=held.kind, request_id=raised[-1], raised_by=WORKER)
    )


def open_vote(teller: Teller, a: int, b: int, n: int) -> None:
    proposal, held = _one(teller, "proposals", a), _one(teller, "meetings", b)
    if proposal is None or held is None:
        return
    f = meeting.VoteOpened(
        vote_id=teller.fresh("vote"), request_id=proposal.request_id,
        meeting_id=held.meeting_id if n % 3 else None, place=PLACES[b % 3], rule="ordinary", electorate=n % 50 + 3,
        quorum=2, majority=(1, 2), over=True, opened_at=n, until_at=n + 7, opened_by=WORKER,
    )  # fmt: skip
    _kept(teller, "votes").append(f)
    teller.tell(f)


def vote(teller: Teller, a: int, b: int, n: int) -> None:
    opened, home = _one(teller, "votes", a), _one(teller, "homes", b)
    if opened is not None and home is not None:
        teller.tell(
            meeting.VoteCast(
                vote_id=opened.vote_id, household_id=home.household_id, member=MEMBERS[a % 6],
                choice=("for", "against", "abstain")[n % 3], cast_by=WORKER, day=teller.day(n),
            )
        )  # fmt: skip


def count(teller: Teller, a: int, b: int, n: int) -> None:
    opened = _one(teller, "votes", a, keep=False) if b % 3 == 0 else None
    if opened is not None:
        teller.tell(
            meeting.VoteClosed(
                vote_id=opened.vote_id, request_id=opened.request_id, votes_for=2, votes_against=1, abstained=0,
                electorate=opened.electorate, quorum=2, outcome=("passed", "rejected", "no_quorum")[n % 3],
                closed_by=WORKER, day=teller.day(n),
            )
        )  # fmt: skip


# ---- projects --------------------------------------------------------------------------------------------------------


def plan(teller: Teller, a: int, b: int, n: int) -> None:
    proposal = _one(teller, "proposals", a, keep=False) if n % 2 else None
    f = project.ProjectPlanned(
        project_id=teller.fresh("proj"), request_id=proposal.request_id if proposal else None, name="车棚",
        place=PLACES[b % 3], community=PLACES[1] if b % 3 else None, aspect=("safety", "culture")[b % 2],
        sponsor=MEMBERS[a % 6] if n % 3 else None, budget_fen=n * 100, year=2026, fund=FUND if n % 5 == 0 else None,
        planned_by=WORKER, day=teller.day(n),
    )  # fmt: skip
    _kept(teller, "projects").append(f)
    teller.tell(f)


def split(teller: Teller, a: int, b: int, n: int) -> None:
    planned = _one(teller, "projects", a)
    if planned is None:
        return
    f = project.MeasureAdded(
        project_measure_id=teller.fresh("pmeas"), project_id=planned.project_id, name="顶棚",
        owner=(MEMBERS[b % 6], TEAMS[b % 2], UNITS[b % 3])[n % 3], due_day=teller.day(n), planned_by=WORKER,
    )  # fmt: skip
    _kept(teller, "measures").append(f)
    teller.tell(f)


def carry_out(teller: Teller, a: int, b: int, n: int) -> None:
    """Reported and accepted, reported and returned, overdue, or handed to another."""
    measure = _one(teller, "measures", a, keep=False)
    if measure is None:
        return
    about = {"project_measure_id": measure.project_measure_id, "project_id": measure.project_id}
    day = teller.day(n)
    if b % 4 == 0:
        teller.tell(project.MeasureOverdue(**about, owner=measure.owner, due_day=measure.due_day, day=day))
    if b % 4 == 1:
        teller.tell(
            project.MeasureHandedOver(
                **about, before=measure.owner, owner=UNITS[a % 3], due_day=day, handed_by=WORKER, day=day
            )
        )
        return
    teller.tell(project.MeasureReported(**about, owner=measure.owner, reported_by=MEMBERS[0], day=day, words="w"))
    if b % 4 == 2:
        teller.tell(
            project.MeasureReturned(**about, owner=measure.owner, reason="incomplete", returned_by=WORKER, day=day)
        )
        return
    teller.tell(project.MeasureAccepted(**about, owner=measure.owner, in_time=n % 2 == 0, accepted_by=WORKER, day=day))


def hold(teller: Teller, a: int, b: int, n: int) -> None:
    planned = _one(teller, "projects", a)
    if planned is None:
        return
    f = project.ProjectSessionHeld(
        project_session_id=teller.fresh("psess"), project_id=planned.project_id, sessions=b + 1,
        person_visits=n % 400 + 1, organiser=TEAMS[0] if b % 2 else None, recorded_by=WORKER, day=teller.day(n),
    )  # fmt: skip
    teller.tell(f)
    if n % 4 == 0:
        teller.tell(
            project.ProjectSessionVoided(
                project_session_id=f.project_session_id, project_id=f.project_id, sessions=f.sessions,
                person_visits=f.person_visits, reason="counted_twice", voided_by=WORKER,
            )
        )  # fmt: skip


def finish(teller: Teller, a: int, b: int, n: int) -> None:
    """Completed, appraised by some households, and concluded; or given up."""
    planned = _one(teller, "projects", a, keep=False) if n % 2 else None
    if planned is None:
        return
    about = {"project_id": planned.project_id}
    whole = {**about, "request_id": planned.request_id}
    day = teller.day(n)
    if b % 4 == 0:
        teller.tell(
            project.ProjectAbandoned(
                **whole,
                sponsor=planned.sponsor,
                community=planned.community,
                budget_fen=planned.budget_fen,
                year=planned.year,
                reason="no_money",
                abandoned_by=WORKER,
                day=day,
            )
        )
        return
    teller.tell(project.ProjectCompleted(**whole, completed_by=WORKER, day=day))
    homes = _kept(teller, "homes")[:3]
    for score, home in enumerate(homes, start=1):
        teller.tell(
            project.ProjectAppraised(
                **about, household_id=home.household_id, member=MEMBERS[0], round=1, score=score, appraised_by=WORKER,
                day=day, words="w",
            )
        )  # fmt: skip
    teller.tell(
        project.ProjectConcluded(
            **whole, sponsor=planned.sponsor, round=1, households=len(homes), points=len(homes),
            outcome=("satisfied", "rework")[b % 2], concluded_by=WORKER, day=day,
        )
    )  # fmt: skip


STEPS: tuple[Callable[[Teller, int, int, int], None], ...] = (
    register, move, end, propose, meet, correct, come_of_it, open_vote, vote, count, plan, split, carry_out, hold, finish,
)  # fmt: skip

"""Many press at once on the real store: a household votes once, one vote is open, a proposal becomes one project."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.clock import at_time
from ledger.meetings.commands import CastVote, CloseVote, OpenVote, RecordMeeting, RegisterHousehold
from ledger.meetings.state import Vote
from ledger.parties.commands import RegisterMember
from ledger.places.commands import AddPlace
from ledger.projects.commands import PlanProject
from ledger.requests.commands import PostRequest, RequestWords
from tests.house.stores import LEDGER, all_at_once, open_ledger, store_at

TODAY = date(2026, 5, 20)
FAMILY = tuple(f"mem_kin{n}" for n in range(6))
OTHERS = tuple(f"mem_other{n}" for n in range(5))
YARD, HOME, PROPOSAL, VOTE = "place_yard", "home_one", "req_shelter", "vote_one"


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """A family of six behind one door, five other households, and a proposal that was talked about."""
    with store_at(store_url, tmp_path, clock=lambda: at_time(TODAY, 10, 0)) as found:
        open_ledger(found)
        before: list[Command] = [AddPlace(place_id=YARD, kind="courtyard", name="Yard")]
        before += [RegisterMember(member_id=one) for one in (*FAMILY, *OTHERS)]
        before += [RegisterHousehold(household_id=HOME, place=YARD, residents=FAMILY)]
        before += [RegisterHousehold(household_id=f"home_{one}", place=YARD, residents=(one,)) for one in OTHERS]
        before += [
            PostRequest(request_id=PROPOSAL, kind="project", requester=FAMILY[0], words=RequestWords(title="t")),
            RecordMeeting(kind="deliberation", place=YARD, people=9, chair=OTHERS[0], agenda=(PROPOSAL,)),
        ]
        for command in before:
            found.application.execute(LEDGER, command, actor=Actor(OPERATOR))
        yield found


def opened(store: Store) -> None:
    store.application.execute(LEDGER, OpenVote(vote_id=VOTE, request_id=PROPOSAL, place=YARD), actor=Actor(OPERATOR))


def voice(member: str) -> tuple[Command, str]:
    return CastVote(vote_id=VOTE, member=member, choice="for"), member


def test_a_household_votes_once_however_many_of_it_press(store: Store) -> None:
    opened(store)
    assert all_at_once(store, [voice(one) for one in FAMILY]) == ["", *["household_voted"] * 5]
    assert store.application.view(LEDGER).state(Vote, VOTE).cast == 1


def test_no_vote_of_different_households_is_lost(store: Store) -> None:
    opened(store)
    everybody = [voice(FAMILY[0]), *(voice(one) for one in OTHERS)]
    assert all_at_once(store, everybody) == [""] * 6
    assert store.application.view(LEDGER).state(Vote, VOTE).votes_for == 6


def test_one_vote_is_open_about_a_proposal(store: Store) -> None:
    asked: list[tuple[Command, str]] = [(OpenVote(request_id=PROPOSAL, place=YARD), OPERATOR) for _ in range(6)]
    assert all_at_once(store, asked) == ["", *["vote_open"] * 5]


def test_a_proposal_that_passed_becomes_one_project(store: Store) -> None:
    opened(store)
    all_at_once(store, [voice(FAMILY[0]), *(voice(one) for one in OTHERS)])
    store.application.execute(LEDGER, CloseVote(vote_id=VOTE), actor=Actor(OPERATOR))
    planned: list[tuple[Command, str]] = [
        (PlanProject(request_id=PROPOSAL, name="Shelter", place=YARD, aspect="other", year=2026), OPERATOR)
        for _ in range(6)
    ]
    assert all_at_once(store, planned) == ["", *["project_of_request"] * 5]

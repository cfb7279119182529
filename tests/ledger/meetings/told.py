"""Facts of meetings as the stories tell them: four households of 祥云院 talk about a shelter for bicycles and vote."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY
from ledger.meetings import facts
from ledger.places.facts import PlaceAdded, ResponsibleAppointed
from ledger.requests.facts import RequestPosted
from tests.ledger.cast import HOUSE, LI, PEOPLE, SUN, WANG, YARD, ZHAO
from tests.ledger.given import NOW

REQUEST, WISH, MEETING, VOTE = "req_shelter", "req_wish", "meet_1", "vote_1"
HOMES = ("home_1", "home_2", "home_3", "home_4")
HEADS = (WANG, LI, ZHAO, SUN)
YESTERDAY, LAST_WEEK = date(2026, 5, 19), date(2026, 5, 13)
WEEK = 7 * MICROS_PER_DAY
BEFORE = NOW - MICROS_PER_DAY
COMMUNITY, ELSEWHERE = "place_community", "place_elsewhere"

TREE: tuple[Fact, ...] = (
    PlaceAdded(place_id=COMMUNITY, kind="community", name="方兴社区"),
    PlaceAdded(place_id=ELSEWHERE, kind="courtyard", name="绿云苑", parent=COMMUNITY),
)


def home(
    household_id: str = "home_1", *members: str, place: str = HOUSE, at: int = BEFORE
) -> facts.HouseholdRegistered:
    """A household, by default of 7号楼 in 祥云院."""
    places = (HOUSE, YARD) if place == HOUSE else (place,)
    return facts.HouseholdRegistered(
        household_id=household_id, place=place, places=places, residents=members, registered_at=at
    )


def posted(request_id: str = REQUEST, kind: str = "project", *, day: date = LAST_WEEK, by: str = WANG) -> RequestPosted:
    """Something that was asked for."""
    return RequestPosted(request_id=request_id, kind=kind, requester=by, place=YARD, channel="online", day=day)


def held(
    meeting_id: str = MEETING, *agenda: str, kind: str = "deliberation", day: date = YESTERDAY, chair: str = LI
) -> facts.MeetingHeld:
    """A meeting in 祥云院 that 李师傅 chaired."""
    return facts.MeetingHeld(
        meeting_id=meeting_id, kind=kind, place=YARD, day=day, sessions=1, people=20,
        opinions=30 if kind == "gathering" else 0, chair=chair, agenda=agenda, recorded_by="mem_chen",
    )  # fmt: skip


def opened(
    vote_id: str = VOTE, *, electorate: int = 4, quorum: int = 3, until_at: int = NOW + WEEK, rule: str = "ordinary"
) -> facts.VoteOpened:
    """The vote about the shelter."""
    return facts.VoteOpened(
        vote_id=vote_id, request_id=REQUEST, meeting_id=MEETING, place=YARD, rule=rule, electorate=electorate,
        quorum=quorum, majority=(1, 2) if rule == "ordinary" else (3, 4), over=rule == "ordinary", opened_at=NOW,
        until_at=until_at, opened_by="mem_chen",
    )  # fmt: skip


def cast(number: int, choice: str = "for", vote_id: str = VOTE) -> facts.VoteCast:
    """The vote of one of the four households."""
    return facts.VoteCast(
        vote_id=vote_id, household_id=HOMES[number], member=HEADS[number], choice=choice, cast_by=HEADS[number],
        day=YESTERDAY,
    )  # fmt: skip


def counted(outcome: str, vote_id: str = VOTE) -> facts.VoteClosed:
    """The votes were counted."""
    return facts.VoteClosed(
        vote_id=vote_id, request_id=REQUEST, votes_for=3, votes_against=1, abstained=0, electorate=4, quorum=3,
        outcome=outcome, closed_by="mem_chen", day=YESTERDAY,
    )  # fmt: skip


def answers(member: str, place: str = YARD) -> ResponsibleAppointed:
    """Somebody who answers for a place."""
    return ResponsibleAppointed(
        duty_id="duty_1", place_id=place, member_id=member, office="院长", appointed_by="mem_chen", day=LAST_WEEK
    )


HOUSEHOLDS: tuple[Fact, ...] = tuple(home(one, head) for one, head in zip(HOMES, HEADS, strict=True))
YARD_FOLK: tuple[Fact, ...] = (*PEOPLE, *TREE, *HOUSEHOLDS)
DELIBERATED: tuple[Fact, ...] = (*YARD_FOLK, posted(), held(MEETING, REQUEST))
VOTING: tuple[Fact, ...] = (*DELIBERATED, opened())

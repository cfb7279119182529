"""What decisions about meetings need to know."""

from __future__ import annotations

from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import Conflict, NotFound, Refused
from ledger.meetings import facts


class Household(State, frozen=True, kw_only=True):
    """A household with the votes it cast (tag: its id)."""

    LONG: ClassVar[bool] = True
    registered: facts.HouseholdRegistered | None = None
    ended: bool = False
    members: frozenset[str] = frozenset()
    voted: frozenset[str] = frozenset()
    """The votes in which it has spoken."""

    def evolve(self, happened: Fact) -> Self:
        """Follows who lives there and what it voted on."""
        match happened:
            case facts.HouseholdRegistered():
                return replace(self, registered=happened, members=frozenset(happened.residents))
            case facts.HouseholdJoined():
                return replace(self, members=self.members | {happened.member})
            case facts.HouseholdLeft():
                return replace(self, members=self.members - {happened.member})
            case facts.HouseholdEnded():
                return replace(self, ended=True)
            case facts.VoteCast():
                return replace(self, voted=self.voted | {happened.vote_id})
        return self


class Home(State, frozen=True, kw_only=True):
    """The household a member lives in (tag: the member's id); None while in none. It may have ended."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {facts.HouseholdRegistered, facts.HouseholdJoined, facts.HouseholdLeft}
    )
    household_id: str | None = None

    def evolve(self, happened: Fact) -> Self:
        """One lives in one household at a time."""
        match happened:
            case facts.HouseholdRegistered() | facts.HouseholdJoined():
                return replace(self, household_id=happened.household_id)
            case facts.HouseholdLeft():
                return replace(self, household_id=None)
        return self


class Electorate(State, frozen=True, kw_only=True):
    """How many households there are at a place and below it (tag `homes_<place>`)."""

    LONG: ClassVar[bool] = True
    households: int = 0

    def evolve(self, happened: Fact) -> Self:
        """Counts those that are there."""
        match happened:
            case facts.HouseholdRegistered():
                return replace(self, households=self.households + 1)
            case facts.HouseholdEnded():
                return replace(self, households=self.households - 1)
        return self


class Meeting(State, frozen=True, kw_only=True):
    """One meeting (tag: its id)."""

    held: facts.MeetingHeld | None = None
    sessions: int = 0
    people: int = 0
    opinions: int = 0

    def evolve(self, happened: Fact) -> Self:
        """The counts as they were last stated."""
        match happened:
            case facts.MeetingHeld():
                counts = {"sessions": happened.sessions, "people": happened.people, "opinions": happened.opinions}
                return replace(self, held=happened, **counts)
            case facts.MeetingCountsCorrected():
                return replace(self, sessions=happened.sessions, people=happened.people, opinions=happened.opinions)
        return self


class Deliberation(State, frozen=True, kw_only=True):
    """Where a request was talked about and what was voted (tag: the request's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {facts.MeetingHeld, facts.RequestRaised, facts.VoteOpened, facts.VoteClosed}
    )
    raised_at: str | None = None
    """The meeting or gathering it came of."""
    meeting_id: str | None = None
    """The last meeting that had it on its agenda."""
    vote_id: str | None = None
    """The vote that is open."""
    outcome: str = ""
    """"" · passed · rejected · no_quorum: of the last vote that was counted."""

    def evolve(self, happened: Fact) -> Self:
        """Follows a request from the gathering it came of to the vote on it."""
        match happened:
            case facts.MeetingHeld():
                return replace(self, meeting_id=happened.meeting_id)
            case facts.RequestRaised():
                return replace(self, raised_at=happened.meeting_id)
            case facts.VoteOpened():
                return replace(self, vote_id=happened.vote_id)
            case facts.VoteClosed():
                # What was rejected has to be talked about again before it is voted on again.
                meeting_id = None if happened.outcome == "rejected" else self.meeting_id
                return replace(self, vote_id=None, meeting_id=meeting_id, outcome=happened.outcome)
        return self


class Vote(State, frozen=True, kw_only=True):
    """A vote with what is counted so far (tag: its id)."""

    LONG: ClassVar[bool] = True
    opened: facts.VoteOpened | None = None
    closed: bool = False
    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0

    @property
    def cast(self) -> int:
        """How many households voted, abstentions included."""
        return self.votes_for + self.votes_against + self.abstained

    def evolve(self, happened: Fact) -> Self:
        """Counts."""
        match happened:
            case facts.VoteOpened():
                return replace(self, opened=happened)
            case facts.VoteCast(choice="for"):
                return replace(self, votes_for=self.votes_for + 1)
            case facts.VoteCast(choice="against"):
                return replace(self, votes_against=self.votes_against + 1)
            case facts.VoteCast():
                return replace(self, abstained=self.abstained + 1)
            case facts.VoteClosed():
                return replace(self, closed=True)
        return self


def need_household(view: View, household_id: str) -> tuple[Household, facts.HouseholdRegistered]:
    """A household that is there; raises NotFound `no_such_household`, Refused `household_ended`."""
    household = view.state(Household, household_id)
    if household.registered is None:
        raise NotFound("no_such_household", household=household_id)
    if household.ended:
        raise Refused("household_ended", household=household_id)
    return household, household.registered


def need_home(view: View, member: str) -> tuple[Household, facts.HouseholdRegistered]:
    """The household a member lives in; raises Refused (`in_no_household`, `household_ended`)."""
    household_id = view.state(Home, member).household_id
    if household_id is None:
        raise Refused("in_no_household", member=member)
    return need_household(view, household_id)


def need_meeting(view: View, meeting_id: str) -> tuple[Meeting, facts.MeetingHeld]:
    """A meeting; raises NotFound `no_such_meeting`."""
    meeting = view.state(Meeting, meeting_id)
    if meeting.held is None:
        raise NotFound("no_such_meeting", meeting=meeting_id)
    return meeting, meeting.held


def need_open_vote(view: View, vote_id: str) -> tuple[Vote, facts.VoteOpened]:
    """A vote that is not counted yet; raises NotFound `no_such_vote`, Conflict `vote_closed`."""
    vote = view.state(Vote, vote_id)
    if vote.opened is None:
        raise NotFound("no_such_vote", vote=vote_id)
    if vote.closed:
        raise Conflict("vote_closed", vote=vote_id)
    return vote, vote.opened

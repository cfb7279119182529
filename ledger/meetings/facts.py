"""Facts of meetings: households and their votes, meetings with what came of them, gatherings where opinions are counted."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


def homes_of(place_id: str) -> str:
    """The tag that gathers the households of a place and of all places below it."""
    return f"homes_{place_id}"


def total_of(kind: str) -> str:
    """The tag that gathers all meetings of a kind, so that their number can be told."""
    return f"meetings_{kind}"


@fact("meeting.household_registered@1")
class HouseholdRegistered(Fact, frozen=True, kw_only=True):
    """A household lives at a place; `places` are that place and all above it, `words` commits to its door.

    `registered_at` says whether it was there when a vote was opened.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("household_id", "residents")
    household_id: str
    place: str
    places: tuple[str, ...]
    residents: tuple[str, ...] = ()
    registered_at: int
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """The electorates it belongs to."""
        return tuple(homes_of(place) for place in self.places)


@fact("meeting.household_joined@1")
class HouseholdJoined(Fact, frozen=True, kw_only=True):
    """A member lives in this household from now on."""

    TAGS: ClassVar[tuple[str, ...]] = ("household_id", "member")
    household_id: str
    member: str


@fact("meeting.household_left@1")
class HouseholdLeft(Fact, frozen=True, kw_only=True):
    """A member lives in this household no more."""

    TAGS: ClassVar[tuple[str, ...]] = ("household_id", "member")
    household_id: str
    member: str


@fact("meeting.household_ended@1")
class HouseholdEnded(Fact, frozen=True, kw_only=True):
    """The household is no more: it counts in no electorate of a later vote."""

    TAGS: ClassVar[tuple[str, ...]] = ("household_id",)
    household_id: str
    places: tuple[str, ...]
    reason: str

    def more_tags(self) -> tuple[str, ...]:
        """See `HouseholdRegistered`."""
        return tuple(homes_of(place) for place in self.places)


@fact("meeting.held@1")
class MeetingHeld(Fact, frozen=True, kw_only=True):
    """A meeting took place: who chaired it, how many came, what was on its agenda; `words` commits to the minutes.

    `sessions` is more than 1 for gatherings (民情收集) that are counted together; `opinions` were heard at them.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("meeting_id", "agenda")
    meeting_id: str
    kind: str
    place: str
    day: date
    sessions: int
    people: int
    opinions: int
    chair: str
    agenda: tuple[str, ...] = ()
    recorded_by: str
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """See `total_of`."""
        return (total_of(self.kind),)


@fact("meeting.counts_corrected@1")
class MeetingCountsCorrected(Fact, frozen=True, kw_only=True):
    """What was counted wrongly, as it should have been, with the reason; and the three differences."""

    TAGS: ClassVar[tuple[str, ...]] = ("meeting_id",)
    meeting_id: str
    kind: str
    sessions: int
    people: int
    opinions: int
    more_sessions: int
    more_people: int
    more_opinions: int
    reason: str
    corrected_by: str

    def more_tags(self) -> tuple[str, ...]:
        """See `total_of`."""
        return (total_of(self.kind),)


@fact("meeting.request_raised@1")
class RequestRaised(Fact, frozen=True, kw_only=True):
    """A request came of this meeting."""

    TAGS: ClassVar[tuple[str, ...]] = ("meeting_id", "request_id")
    meeting_id: str
    kind: str
    request_id: str
    raised_by: str

    def more_tags(self) -> tuple[str, ...]:
        """See `total_of`."""
        return (total_of(self.kind),)


@fact("meeting.vote_opened@1")
class VoteOpened(Fact, frozen=True, kw_only=True):
    """The households of a place are asked about a request, until `until_at`.

    The rule is fixed here: `quorum` of `electorate` households have to vote, and of those that do, more than (`over`)
    or at least `majority` (numerator, denominator) have to be for it. `meeting_id` is where it was last deliberated.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("vote_id", "request_id", "meeting_id")
    vote_id: str
    request_id: str
    meeting_id: str | None = None
    place: str
    rule: str
    electorate: int
    quorum: int
    majority: tuple[int, ...]
    over: bool
    opened_at: int
    until_at: int
    opened_by: str


@fact("meeting.vote_cast@1")
class VoteCast(Fact, frozen=True, kw_only=True):
    """A household votes, once: `member` speaks for it, `cast_by` enters it."""

    TAGS: ClassVar[tuple[str, ...]] = ("vote_id", "household_id", "member")
    vote_id: str
    household_id: str
    member: str
    choice: str
    cast_by: str
    day: date


@fact("meeting.vote_closed@1")
class VoteClosed(Fact, frozen=True, kw_only=True):
    """The votes are counted. `outcome`: passed · rejected · no_quorum."""

    TAGS: ClassVar[tuple[str, ...]] = ("vote_id", "request_id")
    vote_id: str
    request_id: str
    votes_for: int
    votes_against: int
    abstained: int
    electorate: int
    quorum: int
    outcome: str
    closed_by: str
    day: date

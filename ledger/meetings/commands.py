"""Commands of meetings."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker

MeetingKind = Literal["deliberation", "building_council", "gathering", "residents", "committee"]
"""议事 · 书记楼宇协商会 · 民情收集 · 居民会议 · 自管会"""
VoteRule = Literal["ordinary", "major"]
Choice = Literal["for", "against", "abstain"]
WhyEnded = Literal["moved_away", "merged", "registered_twice"]
WhyCorrected = Literal["miscounted", "counted_twice", "left_out"]


class Door(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which door a household lives behind; never in the journal."""

    door: str


class Minutes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was said at a meeting; never in the journal."""

    minutes: str


class RegisterHousehold(Command, frozen=True, kw_only=True):
    """Enter a household of a place with those of its members who are registered: at votes it has one voice."""

    NAME: ClassVar[str] = "register_household"
    GENERATED: ClassVar[tuple[str, ...]] = ("household_id",)
    SUBJECT: ClassVar[str] = "household_id"
    household_id: str = field(default_factory=maker("home"))
    place: str
    residents: tuple[str, ...] = ()
    words: Door | None = None


class JoinHousehold(Command, frozen=True, kw_only=True):
    """Enter that a member lives in a household."""

    NAME: ClassVar[str] = "join_household"
    household_id: str
    member: str


class LeaveHousehold(Command, frozen=True, kw_only=True):
    """Enter that a member lives in a household no more."""

    NAME: ClassVar[str] = "leave_household"
    household_id: str
    member: str


class EndHousehold(Command, frozen=True, kw_only=True):
    """Enter that a household is no more."""

    NAME: ClassVar[str] = "end_household"
    household_id: str
    reason: WhyEnded


class RecordMeeting(Command, frozen=True, kw_only=True):
    """Enter a meeting: who chaired it, how many came, what was on its agenda, and its minutes.

    Gatherings (民情收集) of one place may be counted together: so many `sessions` at which so many `opinions` were heard.
    """

    NAME: ClassVar[str] = "record_meeting"
    GENERATED: ClassVar[tuple[str, ...]] = ("meeting_id",)
    SUBJECT: ClassVar[str] = "meeting_id"
    meeting_id: str = field(default_factory=maker("meet"))
    kind: MeetingKind
    place: str
    day: date | None = None
    sessions: int = 1
    people: int
    opinions: int = 0
    chair: str
    agenda: tuple[str, ...] = ()
    words: Minutes | None = None


class CorrectMeeting(Command, frozen=True, kw_only=True):
    """State the counts of a meeting as they should have been."""

    NAME: ClassVar[str] = "correct_meeting"
    meeting_id: str
    sessions: int
    people: int
    opinions: int
    reason: WhyCorrected


class RaiseRequest(Command, frozen=True, kw_only=True):
    """State that a request came of a meeting or gathering."""

    NAME: ClassVar[str] = "raise_request"
    meeting_id: str
    request_id: str


class OpenVote(Command, frozen=True, kw_only=True):
    """Ask the households of a place about a request (定事); each has one vote until the end of the term."""

    NAME: ClassVar[str] = "open_vote"
    GENERATED: ClassVar[tuple[str, ...]] = ("vote_id",)
    vote_id: str = field(default_factory=maker("vote"))
    request_id: str
    place: str
    rule: VoteRule = "ordinary"


class CastVote(Command, frozen=True, kw_only=True):
    """Vote for one's household; a worker may enter what a member of it says at the door or on paper."""

    NAME: ClassVar[str] = "cast_vote"
    vote_id: str
    member: str
    choice: Choice


class CloseVote(Command, frozen=True, kw_only=True):
    """Count the votes: when the term is over, or every household has voted."""

    NAME: ClassVar[str] = "close_vote"
    vote_id: str

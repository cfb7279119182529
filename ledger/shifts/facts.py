"""Facts of shifts. What a volunteer gave is a session of the time bank; here stands how it came to be one.

A shift's code is nowhere: `step` is the minute since the epoch whose code was shown, as the application checked it.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("shift.rota_planned@1")
class RotaPlanned(Fact, frozen=True, kw_only=True):
    """A shift that recurs on these weekdays (0 is Monday), from `start_minute` of the day on, for `minutes`."""

    TAGS: ClassVar[tuple[str, ...]] = ("rota_id",)
    rota_id: str
    name: str
    place: str
    team: str | None = None
    organiser: str | None = None
    in_charge: str
    weekdays: tuple[int, ...]
    start_minute: int
    minutes: int
    capacity: int
    from_day: date
    until_day: date | None = None
    on_holidays: bool = False
    pooled: bool = False
    planned_by: str


@fact("shift.rota_ended@1")
class RotaEnded(Fact, frozen=True, kw_only=True):
    """No more shifts come of the rota; those that stand in the calendar stay."""

    TAGS: ClassVar[tuple[str, ...]] = ("rota_id",)
    rota_id: str
    reason: str
    ended_by: str
    day: date


@fact("shift.scheduled@1")
class ShiftScheduled(Fact, frozen=True, kw_only=True):
    """One shift with its times, its places and whoever is in charge; `pooled` where its hours go to the pool."""

    TAGS: ClassVar[tuple[str, ...]] = ("shift_id", "rota_id")
    shift_id: str
    rota_id: str | None = None
    name: str
    place: str
    team: str | None = None
    organiser: str | None = None
    in_charge: str
    day: date
    start_at: int
    end_at: int
    capacity: int
    pooled: bool = False


@fact("shift.cancelled@1")
class ShiftCancelled(Fact, frozen=True, kw_only=True):
    """The shift does not take place; those who signed up are free."""

    TAGS: ClassVar[tuple[str, ...]] = ("shift_id",)
    shift_id: str
    reason: str
    cancelled_by: str


@fact("shift.signed_up@1")
class SignedUp(Fact, frozen=True, kw_only=True):
    """Somebody will come, or waits for a place (`waiting`)."""

    TAGS: ClassVar[tuple[str, ...]] = ("signup_id", "shift_id", "member")
    signup_id: str
    shift_id: str
    member: str
    waiting: bool = False
    start_at: int
    end_at: int


@fact("shift.moved_up@1")
class MovedUp(Fact, frozen=True, kw_only=True):
    """A place became free, and whoever waited longest has it."""

    TAGS: ClassVar[tuple[str, ...]] = ("signup_id", "shift_id", "member")
    signup_id: str
    shift_id: str
    member: str


@fact("shift.signup_ended@1")
class SignupEnded(Fact, frozen=True, kw_only=True):
    """Somebody will not come. `cause`: in_time · short_notice · left · shift_cancelled · full (waited to the end)."""

    TAGS: ClassVar[tuple[str, ...]] = ("signup_id", "shift_id", "member")
    signup_id: str
    shift_id: str
    member: str
    cause: str


@fact("shift.checked_in@1")
class CheckedIn(Fact, frozen=True, kw_only=True):
    """Somebody was there and showed the code of that minute."""

    TAGS: ClassVar[tuple[str, ...]] = ("signup_id", "shift_id", "member")
    signup_id: str
    shift_id: str
    member: str
    step: int
    checked_at: int


@fact("shift.checked_out@1")
class CheckedOut(Fact, frozen=True, kw_only=True):
    """Somebody went and showed the code of that minute. The session follows, or `barrier` says why there is none."""

    TAGS: ClassVar[tuple[str, ...]] = ("signup_id", "shift_id", "member", "session_id")
    signup_id: str
    shift_id: str
    member: str
    step: int
    checked_at: int
    session_id: str | None = None
    barrier: str = ""


@fact("shift.closed@1")
class ShiftClosed(Fact, frozen=True, kw_only=True):
    """The time to check out is over; what came of each sign-up follows."""

    TAGS: ClassVar[tuple[str, ...]] = ("shift_id",)
    shift_id: str


@fact("shift.not_attended@1")
class ShiftNotAttended(Fact, frozen=True, kw_only=True):
    """Somebody had a place and did not come (no-show)."""

    TAGS: ClassVar[tuple[str, ...]] = ("signup_id", "shift_id", "member")
    signup_id: str
    shift_id: str
    member: str
    day: date


@fact("shift.check_out_missed@1")
class CheckOutMissed(Fact, frozen=True, kw_only=True):
    """Somebody came and never checked out: no minutes, until another says when they went."""

    TAGS: ClassVar[tuple[str, ...]] = ("signup_id", "shift_id", "member")
    signup_id: str
    shift_id: str
    member: str


@fact("shift.check_out_attested@1")
class CheckOutAttested(Fact, frozen=True, kw_only=True):
    """Another says when somebody went who forgot to check out; the session that follows is attested, not scanned."""

    TAGS: ClassVar[tuple[str, ...]] = ("signup_id", "shift_id", "member", "session_id")
    signup_id: str
    shift_id: str
    member: str
    session_id: str
    out_at: int
    attested_by: str


@fact("shift.confirmed@1")
class ShiftConfirmed(Fact, frozen=True, kw_only=True):
    """Somebody who did not serve signs for the sessions that follow."""

    TAGS: ClassVar[tuple[str, ...]] = ("shift_id",)
    shift_id: str
    confirmed_by: str


@fact("shift.paper_list_entered@1")
class PaperListEntered(Fact, frozen=True, kw_only=True):
    """补录: what was written on paper where the code could not be shown, entered later under a guarantor's name."""

    TAGS: ClassVar[tuple[str, ...]] = ("list_id", "shift_id")
    list_id: str
    shift_id: str
    guarantor: str
    whole: bool
    rows: int
    entered_by: str


@fact("shift.paper_row_entered@1")
class PaperRowEntered(Fact, frozen=True, kw_only=True):
    """One row of a paper list: the session follows, or `barrier` says why there is none."""

    TAGS: ClassVar[tuple[str, ...]] = ("row_id", "list_id", "shift_id", "member", "signup_id", "session_id")
    row_id: str
    list_id: str
    shift_id: str
    row: int
    member: str
    from_minute: int
    to_minute: int
    signup_id: str | None = None
    session_id: str | None = None
    barrier: str = ""

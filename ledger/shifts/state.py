"""What decisions about shifts need to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import Conflict, NotFound
from ledger.hours.facts import SessionRecorded
from ledger.shifts import facts


class Rota(State, frozen=True, kw_only=True):
    """A shift that recurs (tag: its id)."""

    LONG: ClassVar[bool] = True
    planned: facts.RotaPlanned | None = None
    ended: bool = False
    last_day: date | None = None
    """The latest day whose shift is in the calendar; days are put there in order."""

    def evolve(self, happened: Fact) -> Self:
        """Follows planning, scheduling and the end."""
        match happened:
            case facts.RotaPlanned():
                return replace(self, planned=happened)
            case facts.ShiftScheduled():
                return replace(self, last_day=happened.day)
            case facts.RotaEnded():
                return replace(self, ended=True)
        return self


class Seat(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One sign-up. `status`: waiting · booked · in · out · ended · absent · no_check_out."""

    member: str
    status: str
    step: int = 0
    """The last minute whose code was used."""
    in_at: int = 0


class Shift(State, frozen=True, kw_only=True):
    """One shift (tag: its id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {
            facts.ShiftScheduled, facts.ShiftCancelled, facts.SignedUp, facts.MovedUp, facts.SignupEnded,
            facts.CheckedIn, facts.CheckedOut, facts.ShiftClosed, facts.ShiftNotAttended, facts.CheckOutMissed,
            facts.CheckOutAttested, facts.PaperListEntered, facts.PaperRowEntered, SessionRecorded,
        }
    )  # fmt: skip
    scheduled: facts.ShiftScheduled | None = None
    cancelled: bool = False
    closed: bool = False
    seats: Mapping[str, Seat] = msgspec.field(default_factory=dict)
    """sign-up → who, and how far; in the order in which they signed up"""
    sessions: tuple[str, ...] = ()
    served: frozenset[str] = frozenset()
    """Volunteers who have a session of this shift."""
    lists: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Follows the shift from calendar to close, and what is entered of it later."""
        match happened:
            case facts.ShiftScheduled():
                return replace(self, scheduled=happened)
            case facts.ShiftCancelled():
                return replace(self, cancelled=True)
            case facts.ShiftClosed():
                return replace(self, closed=True)
            case facts.PaperListEntered():
                return replace(self, lists=self.lists | {happened.list_id})
            case SessionRecorded():
                sessions, served = (*self.sessions, happened.session_id), self.served | {happened.volunteer}
                return replace(self, sessions=sessions, served=served)
        return self._seated(happened)

    def _seated(self, happened: Fact) -> Self:
        match happened:
            case facts.SignedUp():
                status = "waiting" if happened.waiting else "booked"
                return self._seat(happened.signup_id, Seat(member=happened.member, status=status))
            case facts.MovedUp():
                return self._move(happened.signup_id, "booked")
            case facts.SignupEnded():
                return self._move(happened.signup_id, "ended")
            case facts.CheckedIn():
                return self._move(happened.signup_id, "in", step=happened.step, in_at=happened.checked_at)
            case facts.CheckedOut() | facts.CheckOutAttested():
                return self._move(happened.signup_id, "out")
            case facts.ShiftNotAttended():
                return self._move(happened.signup_id, "absent")
            case facts.CheckOutMissed():
                return self._move(happened.signup_id, "no_check_out")
            case facts.PaperRowEntered() if happened.signup_id is not None and happened.session_id is not None:
                return self._move(happened.signup_id, "out")
        return self

    def _seat(self, signup_id: str, seat: Seat) -> Self:
        return replace(self, seats={**self.seats, signup_id: seat})

    def _move(self, signup_id: str, status: str, **more: int) -> Self:
        seat = self.seats.get(signup_id)
        return self if seat is None else self._seat(signup_id, replace(seat, status=status, **more))

    def seat_of(self, member: str) -> tuple[str, Seat] | None:
        """The member's sign-up that was not withdrawn."""
        return next(((one, seat) for one, seat in self.seats.items() if seat.member == member and _kept(seat)), None)

    def taken(self) -> int:
        """How many places are taken."""
        return sum(1 for seat in self.seats.values() if _kept(seat) and seat.status != "waiting")

    def waiting(self) -> list[tuple[str, str]]:
        """(sign-up, member) of those who wait, longest first."""
        return [(one, seat.member) for one, seat in self.seats.items() if seat.status == "waiting"]


def _kept(seat: Seat) -> bool:
    return seat.status != "ended"


class Plans(State, frozen=True, kw_only=True):
    """When a member is expected at shifts (tag: the member's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {
            facts.SignedUp, facts.SignupEnded, facts.CheckedOut, facts.ShiftNotAttended, facts.CheckOutMissed,
            facts.PaperRowEntered,
        }
    )  # fmt: skip
    open: Mapping[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    """sign-up → (start, end)"""

    def evolve(self, happened: Fact) -> Self:
        """From signing up until the shift is over for this member."""
        match happened:
            case facts.SignedUp():
                return replace(self, open={**self.open, happened.signup_id: (happened.start_at, happened.end_at)})
            case (
                facts.SignupEnded()
                | facts.CheckedOut()
                | facts.ShiftNotAttended()
                | facts.CheckOutMissed()
                | facts.PaperRowEntered()
            ) if happened.signup_id in self.open:
                return replace(self, open={k: v for k, v in self.open.items() if k != happened.signup_id})
        return self


class Pooled(State, frozen=True, kw_only=True):
    """Whether the hours of an activity go to the pool (tag: the shift's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.ShiftScheduled})
    pooled: bool = False

    def evolve(self, happened: Fact) -> Self:
        """As it was announced."""
        return replace(self, pooled=happened.pooled) if isinstance(happened, facts.ShiftScheduled) else self


def need_rota(view: View, rota_id: str) -> tuple[Rota, facts.RotaPlanned]:
    """The rota and its plan; raises NotFound `no_such_rota`, Conflict `rota_ended`."""
    rota = view.state(Rota, rota_id)
    if rota.planned is None:
        raise NotFound("no_such_rota", rota=rota_id)
    if rota.ended:
        raise Conflict("rota_ended", rota=rota_id)
    return rota, rota.planned


def need_shift(view: View, shift_id: str) -> tuple[Shift, facts.ShiftScheduled]:
    """The shift as it was scheduled; raises NotFound `no_such_shift`, Conflict `shift_cancelled`."""
    shift = view.state(Shift, shift_id)
    if shift.scheduled is None:
        raise NotFound("no_such_shift", shift=shift_id)
    if shift.cancelled:
        raise Conflict("shift_cancelled", shift=shift_id)
    return shift, shift.scheduled

"""Commands of shifts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal, Self

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker
from ledger.shifts.codes import Blind, step_shown


class PlanRota(Command, frozen=True, kw_only=True):
    """Plan a shift that recurs every week on some days (0 is Monday), such as child-minding or a patrol (M1, M7).

    `start_minute`: of the day, 0 to 1439. With a `team` only its members may sign up; what is `pooled` earns its
    volunteers their lifetime record, and the pool the hours. On holidays it rests unless `on_holidays`.
    """

    NAME: ClassVar[str] = "plan_rota"
    GENERATED: ClassVar[tuple[str, ...]] = ("rota_id",)
    rota_id: str = field(default_factory=maker("rota"))
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


class EndRota(Command, frozen=True, kw_only=True):
    """Let no more shifts come of a rota."""

    NAME: ClassVar[str] = "end_rota"
    rota_id: str
    reason: Literal["done", "too_few_people", "no_need", "in_charge_gone", "replaced"]


class ScheduleShift(Command, frozen=True, kw_only=True):
    """Schedule one shift by itself. One that is over can still be scheduled, for the paper list that was kept of it."""

    NAME: ClassVar[str] = "schedule_shift"
    GENERATED: ClassVar[tuple[str, ...]] = ("shift_id",)
    shift_id: str = field(default_factory=maker("shift"))
    name: str
    place: str
    team: str | None = None
    organiser: str | None = None
    in_charge: str
    start_at: int
    end_at: int
    capacity: int
    pooled: bool = False


class ScheduleFromRota(Command, frozen=True, kw_only=True):
    """Put the rota's shift of one day into the calendar; given by the follower of deadlines as the days come near."""

    NAME: ClassVar[str] = "schedule_from_rota"
    GENERATED: ClassVar[tuple[str, ...]] = ("shift_id",)
    shift_id: str = field(default_factory=maker("shift"))
    rota_id: str
    day: date


class CancelShift(Command, frozen=True, kw_only=True):
    """Say that a shift does not take place; by a worker or whoever is in charge of it."""

    NAME: ClassVar[str] = "cancel_shift"
    shift_id: str
    reason: Literal["weather", "too_few_people", "no_need", "in_charge_gone", "place_closed"]


class SignUp(Command, frozen=True, kw_only=True):
    """Say that one will come; where no place is free, one waits, and moves up by oneself when one becomes free."""

    NAME: ClassVar[str] = "sign_up"
    GENERATED: ClassVar[tuple[str, ...]] = ("signup_id",)
    signup_id: str = field(default_factory=maker("sgn"))
    shift_id: str
    member: str


class WithdrawSignup(Command, frozen=True, kw_only=True):
    """Say that one will not come after all. Later than policy's notice it counts as `short_notice`."""

    NAME: ClassVar[str] = "withdraw_signup"
    shift_id: str
    member: str


class _Scan(Command, frozen=True, kw_only=True):
    shift_id: str
    member: str
    code: str = ""
    step: int | None = None
    """The minute whose code was shown: found by `checked`, whatever a caller may have put here."""

    def checked(self, blind: Blind, now_at: int) -> Self:
        """See `Command.checked`; raises Refused `wrong_code`."""
        step = step_shown(blind, self.shift_id, self.code, now_at)
        return msgspec.structs.replace(self, code="", step=step)


class CheckIn(_Scan, frozen=True, kw_only=True):
    """Show the code of the place on arriving; it changes every 60 seconds, and counts once per person."""

    NAME: ClassVar[str] = "check_in"


class CheckOut(_Scan, frozen=True, kw_only=True):
    """Show the code of the place on going: a session from check-in to check-out, which another confirms."""

    NAME: ClassVar[str] = "check_out"
    GENERATED: ClassVar[tuple[str, ...]] = ("session_id",)
    session_id: str = field(default_factory=maker("ses"))


class CloseShift(Command, frozen=True, kw_only=True):
    """Enter what came of every sign-up once the time to check out is over; given by the follower of deadlines."""

    NAME: ClassVar[str] = "close_shift"
    shift_id: str


class AttestCheckOut(Command, frozen=True, kw_only=True):
    """Say when somebody went who forgot to check out; by a worker or whoever is in charge, never for oneself."""

    NAME: ClassVar[str] = "attest_check_out"
    GENERATED: ClassVar[tuple[str, ...]] = ("session_id",)
    session_id: str = field(default_factory=maker("ses"))
    shift_id: str
    member: str
    out_at: int


class ConfirmShift(Command, frozen=True, kw_only=True):
    """Sign for all sessions of a shift that wait for a verifier; by a worker or whoever is in charge and did not serve.

    Where policy asks for two verifiers, another has to do the same again.
    """

    NAME: ClassVar[str] = "confirm_shift"
    shift_id: str


class PaperRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of a paper list: who, from which minute of the shift's day until which; after midnight it is over 1440."""

    member: str
    from_minute: int
    to_minute: int


class RecordPaperList(Command, frozen=True, kw_only=True):
    """Enter a paper list of a shift later (补录), under the name of a guarantor who is on none of its rows.

    `whole`: all rows or none. Otherwise each row becomes a session or says why not.
    """

    NAME: ClassVar[str] = "record_paper_list"
    GENERATED: ClassVar[tuple[str, ...]] = ("list_id",)
    list_id: str = field(default_factory=maker("list"))
    shift_id: str
    guarantor: str
    rows: tuple[PaperRow, ...]
    whole: bool = False

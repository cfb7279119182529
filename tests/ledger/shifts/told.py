"""Facts of shifts as the stories tell them: a watch of 祥云院, in 李师傅's charge, this Wednesday from two to four."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ledger.base import Command
from ledger.clock import MICROS_PER_MINUTE, at_time
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.codes import step_of
from tests.ledger.cast import CHEN, HOUSE, LI, PEOPLE, WANG, ZHAO
from tests.ledger.given import TODAY, Given, Outcome, given

ROTA, SHIFT, LIST = "rota_watch", "shift_1", "list_1"
NAME = "楼院值守"
MINE, ZHAOS = "sgn_wang", "sgn_zhao"
FRIDAY = TODAY + timedelta(days=2)


def at(hour: int, minute: int = 0, day: date = TODAY) -> int:
    """An instant of that day, by the community's clock."""
    return at_time(day, hour, minute)


def planned(**fields: Any) -> facts.RotaPlanned:
    """Every Wednesday and Friday from two to four."""
    usual: dict[str, Any] = {
        "rota_id": ROTA, "name": NAME, "place": HOUSE, "in_charge": LI, "weekdays": (2, 4), "start_minute": 14 * 60,
        "minutes": 120, "capacity": 2, "from_day": TODAY, "planned_by": CHEN,
    }  # fmt: skip
    return facts.RotaPlanned(**{**usual, **fields})


def scheduled(shift_id: str = SHIFT, **fields: Any) -> facts.ShiftScheduled:
    """One shift, today from two to four."""
    usual: dict[str, Any] = {
        "shift_id": shift_id, "name": NAME, "place": HOUSE, "in_charge": LI, "day": TODAY, "start_at": at(14),
        "end_at": at(16), "capacity": 2,
    }  # fmt: skip
    return facts.ShiftScheduled(**{**usual, **fields})


def signed(
    signup_id: str = MINE, member: str = WANG, *, waiting: bool = False, shift_id: str = SHIFT
) -> facts.SignedUp:
    """Somebody who will come, or waits."""
    return facts.SignedUp(
        signup_id=signup_id, shift_id=shift_id, member=member, waiting=waiting, start_at=at(14), end_at=at(16)
    )


def came(signup_id: str = MINE, member: str = WANG, *, when: int = 0) -> facts.CheckedIn:
    """Somebody who checked in, on the stroke of two unless said otherwise."""
    when = when or at(14)
    return facts.CheckedIn(signup_id=signup_id, shift_id=SHIFT, member=member, step=step_of(when), checked_at=when)


def went(signup_id: str = MINE, member: str = WANG, *, session_id: str = "ses_1") -> tuple[Any, Any]:
    """Somebody who checked out at half past three, with the session."""
    when = at(15, 30)
    gone = facts.CheckedOut(
        signup_id=signup_id, shift_id=SHIFT, member=member, step=step_of(when), checked_at=when, session_id=session_id
    )
    return gone, session(session_id, member)


def session(session_id: str = "ses_1", volunteer: str = WANG, **fields: Any) -> Any:
    """The session of an hour and a half that waits for a verifier."""
    from ledger.hours.facts import SessionRecorded

    usual: dict[str, Any] = {
        "session_id": session_id, "volunteer": volunteer, "activity_id": SHIFT, "day": TODAY, "last_day": TODAY,
        "start_at": at(14), "end_at": at(15, 30), "minutes": 90, "origin": "scanned", "place": HOUSE,
        "in_charge": LI, "recorder": volunteer,
    }  # fmt: skip
    return SessionRecorded(**{**usual, **fields})


def story(*facts_so_far: Any) -> Given:
    """What happened to the people of the cast."""
    return given(*PEOPLE, *facts_so_far)


def ask(
    command: Command, *before: Any, actor: str = CHEN, role: str | None = None, now_at: int = 0, today: date = TODAY
) -> Outcome:
    """A decision at nine in the morning, by a community worker unless said otherwise."""
    if role is None:
        role = "community_worker" if actor == CHEN else ""
    return story(*before).when(command, actor=actor, role=role, now_at=now_at or at(9, day=today))


def check_in(when: int, *, step: int | None = None, member: str = WANG) -> do.CheckIn:
    """A check-in with the code of that minute, as the application passes it on."""
    return do.CheckIn(shift_id=SHIFT, member=member, step=step_of(when) if step is None else step)


def check_out(when: int, *, step: int | None = None, member: str = WANG) -> do.CheckOut:
    """The same on going."""
    found = step_of(when) if step is None else step
    return do.CheckOut(session_id="ses_1", shift_id=SHIFT, member=member, step=found)


MINUTE = MICROS_PER_MINUTE
OTHERS = (signed(ZHAOS, ZHAO),)

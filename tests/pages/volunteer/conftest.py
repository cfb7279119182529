"""The community with shifts in it, and a clock that stories move by minutes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from ledger.base import Command
from ledger.clock import MICROS_PER_MINUTE, system_clock
from ledger.shifts.codes import code_of, step_of
from ledger.shifts.commands import ScheduleShift
from tests.pages import cast
from tests.pages.cast import LEDGER, Community

HOUR = 60 * MICROS_PER_MINUTE


class Shifts:
    """Schedules shifts in the community, tells their codes, and moves time on."""

    def __init__(self, community: Community, patch: pytest.MonkeyPatch) -> None:
        self.community = community
        self._minutes = 0
        patch.setattr(cast, "system_clock", lambda: system_clock() + self._minutes * MICROS_PER_MINUTE)

    def later(self, minutes: int) -> None:
        """Let so many minutes pass."""
        self._minutes += minutes

    def make(
        self, name: str, *, begins_in: int = -10, minutes: int = 120, capacity: int = 4, charge: str = "qian"
    ) -> str:
        """A shift that begins in so many minutes; gives its id."""
        start_at = self.community.clock() // MICROS_PER_MINUTE * MICROS_PER_MINUTE + begins_in * MICROS_PER_MINUTE
        command = ScheduleShift(
            name=name, place=self.community.ids["yard"], in_charge=self.community.ids[charge], start_at=start_at,
            end_at=start_at + minutes * MICROS_PER_MINUTE, capacity=capacity,
        )  # fmt: skip
        self.community.do("zhao", command)
        self.community.store.catch_up(LEDGER)
        return command.shift_id

    def code(self, shift_id: str, *, steps: int = 0) -> str:
        """The code of this minute, or of another."""
        blind = partial(self.community.store.vault.blind, LEDGER)
        return code_of(blind, shift_id, step_of(self.community.clock()) + steps)

    def do(self, who: str, command: Callable[..., Command], **fields: object) -> None:
        """Give a command as somebody, and let the books follow."""
        self.community.do(who, command(**fields))
        self.community.store.catch_up(LEDGER)


@pytest.fixture
def shifts(community: Community, monkeypatch: pytest.MonkeyPatch) -> Shifts:
    """Shifts of the community; far apart in time, since nobody is at two at once."""
    return Shifts(community, monkeypatch)

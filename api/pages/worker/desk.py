"""What the queue is declared in: sources of what waits, what is said of each piece of work, what can be done about it.

A source is data and a few plain functions; adding one to `SOURCES` (`sources.py`) adds it to the queue, its filter, its
keyboard and its pages. Words stand under `pages.worker.source.<name>` and `pages.worker.act.<source>.<action>`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from sqlalchemy import Table

from api.pages.common import Visit
from ledger.base import Command
from ledger.errors import Refused
from projections.reading import Cells

WORKER = frozenset({"community_worker"})
OFFICE = WORKER | {"administrator"}
Answers = Mapping[str, str]


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A question that an action needs answered. What can be chosen reads as `<words><value>` in the locale files."""

    name: str
    kind: Literal["choice", "day", "time", "party"]
    values: tuple[str, ...] = ()
    words: str = "sampling.value.reason_"


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do about a piece of work. `letter` is its key; `command` may raise NuanlinError for a bad answer."""

    name: str
    letter: str
    command: Callable[[Visit, Cells, Answers], Command]
    asks: tuple[Ask, ...] = ()
    main: bool = False
    when: Callable[[Visit, Cells], bool] = lambda _visit, _row: True


class Told(msgspec.Struct, frozen=True):
    """What the words about a page of work need: names by id, words by commitment, the row beside each (by its key)."""

    names: dict[str, str]
    words: dict[str, dict[str, Any]]
    beside: dict[str, Cells]


class Said(msgspec.Struct, frozen=True):
    """A piece of work in words: what it is, and what there is to know at once (label and text; no empty ones)."""

    title: str
    pairs: list[tuple[str, str]]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of work that waits for somebody.

    `rows` gives what has waited longest, at most so many, by an index; `row` one piece that still waits, or None.
    `due_column` holds the day (ISO) or moment (`…_at`) by which the rules want it done; where there is none, or the rules
    say nothing, it should be seen to within `patience_days` (choice), so that nothing waits for ever unnoticed.
    `roles` says whose work it is; `own` who else sees some of it. `story` names the columns whose events are its history.
    """

    name: str
    icon: str
    table: Table
    key: str
    rows: Callable[[Visit, int], list[Cells]]
    row: Callable[[Visit, str], Cells | None]
    tell: Callable[[Visit, Cells, Told], Said]
    actions: tuple[Action, ...]
    story: tuple[str, ...]
    due_column: str = ""
    patience_days: int = 3
    roles: frozenset[str] = WORKER
    own: Callable[[Visit], bool] = lambda _visit: False
    beside: tuple[Table, str] | None = None
    hindered: Callable[[Visit, Cells, Cells | None], str] = lambda _visit, _row, _beside: ""
    """Why who looks cannot be the one to do it, as a key below `pages.worker.`; "" if nothing is known against it."""
    leads: Callable[[Visit, Cells], str] = lambda _visit, _row: ""
    """The address of the thing's own page."""

    at: str = ""
    """The column whose id tells where it is, for roles held for one place; its key unless said otherwise."""

    def is_for(self, visit: Visit) -> bool:
        """Whether it is the work of who looks, be it at one place alone."""
        return visit.caller.signed_in and (holds_somewhere(visit, self.roles) or self.own(visit))

    def fits(self, visit: Visit, row: Cells) -> bool:
        """Whether this very piece is: by a role that counts where it is, or as one's own."""
        return visit.caller.holds(self.roles, str(row[self.at or self.key])) or self.own(visit)


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work in the queue. `since_at` (microseconds UTC) is when it came, `due_day` (ISO) when it should be done;
    `ruled`: the rules say so."""

    source: Source
    row: Cells
    since_at: int
    due_day: str
    ruled: bool

    @property
    def key(self) -> str:
        """The id of what it is about."""
        return str(self.row[self.source.key])


def holds_somewhere(visit: Visit, roles: frozenset[str]) -> bool:
    """Whether who looks holds one of these roles, for the whole community or for some place."""
    return any(role in roles for role, _ in visit.caller.roles.held)


def give(command: type[Command], **fields: object) -> Command:
    """A command from answers that were checked against their choices; raises Refused `desk_bad_answer` for others."""
    try:
        return msgspec.convert(fields, command)
    except msgspec.ValidationError:
        raise Refused("desk_bad_answer") from None


def pairs(visit: Visit, *told: tuple[str, object]) -> list[tuple[str, str]]:
    """Labels (keys below `pages.worker.label.`) and texts; what is empty is left out."""
    return [(visit.t(f"worker.label.{label}"), str(text)) for label, text in told if text]

"""How the totals moved, step by step, made once from the journal's rows: any earlier total is then a look-up in memory.

Members, requests by state and the head of a ranking have no running balance in the books; as of an earlier position each
asks for one pass over its rows (`totals`, `rankings`). Where there are hundreds of thousands of them, whoever moves through
the past needs them again at every stop. `steps_of` makes one pass over everything, by the handlers that write the books,
and keeps what changed at which position.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select

from projections.asof.past import Past, event_at, events_of
from projections.asof.scratch import Counting
from projections.asof.totals import members_there, request_rows
from projections.boards.queries import followed_to
from projections.boards.tables import score_entries, scores
from projections.books.tables import members
from projections.reading import fetch

_BLOCK, _ROWS = 256, 10_000
_OWN = ("requests", "claims", "matches")
MEMBERS = "members"
_REQUEST = "request:"


class Counted(msgspec.Struct, frozen=True):
    """How many members there were, and how many requests in each state; states that never occurred are left out."""

    members: int
    requests: dict[str, int]


class Stood(msgspec.Struct, frozen=True, array_like=True):
    """Who stood at the head of a ranking, with the value."""

    subject: str
    value: int


class Line(msgspec.Struct, frozen=True, array_like=True):
    """A total by the positions at which it changed, and its value from there on."""

    positions: list[int]
    values: list[int]

    def at(self, position: int) -> int:
        """The total after the event at a position."""
        place = bisect_right(self.positions, position)
        return self.values[place - 1] if place else 0


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The first few of a ranking by the positions at which any of them changed."""

    positions: list[int]
    rows: list[list[Stood]]


class Steps(msgspec.Struct, frozen=True):
    """Every step up to and with `position`, whose event has the salt `mark`.

    `lines`: `members`, `request:<state>` · `heads` by measure, over all time.
    """

    ledger: str
    position: int
    mark: str
    lines: dict[str, Line]
    heads: dict[str, Head]

    def counted(self, position: int) -> Counted:
        """Members and requests after the event at a position, which is not beyond these steps."""
        assert position <= self.position, "beyond what was counted"
        begun = {
            name.removeprefix(_REQUEST): line.at(position)
            for name, line in self.lines.items()
            if name.startswith(_REQUEST) and line.positions and line.positions[0] <= position
        }
        return Counted(self.lines[MEMBERS].at(position), begun)

    def head(self, measure: str, position: int) -> list[Stood]:
        """Who stood first in a ranking after the event at a position."""
        head = self.heads[measure]
        place = bisect_right(head.positions, position)
        return head.rows[place - 1] if place else []


def steps_of(past: Past, measures: Sequence[str], first: int) -> Steps:
    """The steps up to a position, with the `first` places of these rankings. The boards must have followed that far.

    One pass over members and over the entries of those rankings, and one look-up per event of every request.
    """
    assert followed_to(past.database, past.ledger) >= past.position, "the boards are behind"
    moves: dict[str, list[tuple[int, int]]] = {MEMBERS: _members(past)}
    for position, name, by in _requests(past):
        if name.startswith(_REQUEST) and by:
            moves.setdefault(name, []).append((position, by))
    lines = {name: _line(found) for name, found in sorted(moves.items())}
    heads = {measure: _head(_entries(past, measure), first) for measure in measures}
    return Steps(past.ledger, past.position, mark_of(past), lines, heads)


def mark_of(past: Past) -> str:
    """The random salt of the event at the past's position: a history that was put back and went on otherwise has another."""
    event = event_at(past, past.position)
    return event.envelope.salt.hex() if event else ""


def _line(moves: Iterable[tuple[int, int]]) -> Line:
    positions: list[int] = []
    values: list[int] = []
    total = 0
    for position, by in sorted(moves):
        total += by
        if positions and positions[-1] == position:
            values[-1] = total
        else:
            positions.append(position)
            values.append(total)
    return Line(positions, values)


def _members(past: Past) -> list[tuple[int, int]]:
    """+1 where somebody joined, -1 where somebody left."""

    def build() -> Select[Any]:
        c = members.c
        return select(c.registered, c.member_id).where(c.ledger == bindparam("l"), c.registered <= bindparam("p"))

    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "steps.members", build, l=past.ledger, p=past.position)
    there = {one for _, one in members_there(past)}
    gone = [str(one) for _, one in rows if one not in there]
    left = [(one.position, -1) for one in events_of(past, gone, stems=frozenset({"party.member_left"}))]
    return [(int(position), 1) for position, _ in rows] + left


def _requests(past: Past) -> Iterator[tuple[int, str, int]]:
    """Every move of a total by the events of requests: position, name, by how much."""
    rows = request_rows(past)
    for start in range(0, len(rows), _BLOCK):
        part = rows[start : start + _BLOCK]
        scratch = Counting(past, *_OWN)
        for event in events_of(past, [str(row["request_id"]) for row in part]):
            scratch.apply(event)
        yield from scratch.moves


def _entries(past: Past, measure: str) -> Iterator[tuple[int, str, int]]:
    """The entries of a ranking over all time in the order of the journal: position, subject, amount."""

    def build() -> Select[Any]:
        s, e = scores.c, score_entries.c
        same = (e.ledger == s.ledger) & (e.series == s.series)
        board = (s.ledger == bindparam("l"), s.measure == bindparam("m"), s.period == bindparam("d"))
        chosen = select(e.position, s.subject, e.amount).select_from(scores.join(score_entries, same))
        return chosen.where(*board, e.position <= bindparam("p")).order_by(e.position, s.subject)

    with past.database.reading() as cursor:
        prepared = past.database.prepare("steps.entries", build())
        given = {"l": past.ledger, "m": measure, "d": "all", "p": past.position}
        cursor.execute(prepared.text, [given[name] for name in prepared.names])
        while rows := cursor.fetchmany(_ROWS):
            yield from ((int(position), str(subject), int(amount)) for position, subject, amount in rows)


class _Best:
    """The first few of a ranking while its entries come in; ordered by value, then by who reached it first, then by id."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._all: dict[str, tuple[int, int, str]] = {}
        self.rows: list[tuple[int, int, str]] = []

    def add(self, position: int, subject: str, amount: int) -> bool:
        """Count an entry; says whether the first few changed."""
        before = self._all.get(subject)
        # The value stands negative, so that the greatest comes first.
        now = ((before[0] if before else 0) - amount, position, subject)
        self._all[subject] = now
        inside = before is not None and before in self.rows
        if inside and before is not None:
            self.rows.remove(before)
            if now > before and len(self._all) > self._first:
                # Somebody below may stand higher now.
                self.rows = sorted(one for one in self._all.values() if one[0] < 0)[: self._first]
                return True
        elif now[0] >= 0 or (len(self.rows) == self._first and now > self.rows[-1]):
            return False
        if now[0] < 0:
            self.rows.insert(bisect_left(self.rows, now), now)
            del self.rows[self._first :]
        return True


def _head(entries: Iterable[tuple[int, str, int]], first: int) -> Head:
    best, head = _Best(first), Head([], [])
    for position, subject, amount in entries:
        if not best.add(position, subject, amount):
            continue
        rows = [Stood(who, -value) for value, _, who in best.rows]
        if head.positions and head.positions[-1] == position:
            head.rows[-1] = rows
        else:
            head.positions.append(position)
            head.rows.append(rows)
    return head

"""The queue of what is due: from all sources that are open to who looks, by the day on which each should be done."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

import msgspec

from api import formats
from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.worker import sources_hours, sources_requests, sources_standing
from api.pages.worker.desk import Action, Piece, Said, Source, Told
from api.people import People
from api.texts import text
from ledger.clock import day_of
from ledger.errors import NuanlinError
from ledger.ids import PERSON, SERVICE, TEAM, UNIT, looks_like_id, prefix_of
from projections.asof.past import Past, events_at
from projections.reading import Cells, many

SOURCES: tuple[Source, ...] = (*sources_requests.SOURCES, *sources_hours.SOURCES, *sources_standing.SOURCES)
"""Every kind of work that may wait, in the order of the filter."""
BY_NAME = {source.name: source for source in SOURCES}
PAGE = 20
"""Pieces on one page; whoever is done with them sees the next."""
_EACH = 60
"""Pieces of one source that are looked at; more are counted as "60+"."""
_FURTHER = 400
SOON_DAYS = 2
_NAMED = frozenset({PERSON, TEAM, UNIT, SERVICE, "place"})
_WORDS = ("words", "report_words")
_LATE, _TODAY, _SOON, _LATER = "late", "today", "soon", "later"


class Choice(msgspec.Struct, frozen=True):
    """One of the questions of an action as the page shows it: its choices are value and label."""

    name: str
    kind: str
    label: str
    choices: list[tuple[str, str]]
    value: str


class Button(msgspec.Struct, frozen=True):
    """Something that can be done, as the page shows it."""

    name: str
    letter: str
    label: str
    main: bool
    asks: list[Choice]
    href: str


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work as the page shows it. `state`: late · today · soon · later. `tried`: the button that was refused."""

    anchor: str
    source: str
    kind: str
    icon: str
    state: str
    due: str
    title: str
    pairs: list[tuple[str, str]]
    buttons: list[Button]
    hindered: str
    number: str
    since: str
    href: str
    leads: str
    trouble: str = ""
    tried: str = ""


class Queue(msgspec.Struct, frozen=True):
    """What waits: pieces in order, how many each source has ("60+" beyond what is looked at), and all together."""

    pieces: list[Piece]
    counts: dict[str, str]
    late: int
    more: int


def open_sources(visit: Visit) -> list[Source]:
    """The sources that are the work of who looks."""
    return [source for source in SOURCES if source.is_for(visit)]


def piece_of(visit: Visit, source: Source, row: Cells, since_at: int) -> Piece:
    """A row with the day by which it should be done: by the rules, else by the source's patience."""
    told: Any = row.get(source.due_column) if source.due_column else None
    if told:
        due_day = day_of(told - 1, visit.zone).isoformat() if isinstance(told, int) else str(told)
        return Piece(source=source, row=row, since_at=since_at, due_day=due_day, ruled=True)
    due = day_of(since_at, visit.zone) + timedelta(days=source.patience_days)
    return Piece(source=source, row=row, since_at=since_at, due_day=due.isoformat(), ruled=False)


def pieces_of(visit: Visit, found: list[tuple[Source, Cells]]) -> list[Piece]:
    """Rows as pieces of work; the moments at which they came are read in one go."""
    past = Past(visit.store.database, visit.store.codec.decode, visit.ledger, visit.as_of.position)
    at = events_at(past, [int(row["number"]) for _, row in found])
    return [piece_of(visit, source, row, at.get(int(row["number"]), (visit.now_at, ""))[0]) for source, row in found]


def queue_of(visit: Visit, only: str = "") -> Queue:
    """What waits for who looks, of one source or of all, what is due first in front."""
    found: list[tuple[Source, Cells]] = []
    counts: dict[str, str] = {}
    for source in open_sources(visit):
        # Who serves one place alone looks further for what is theirs.
        most = _EACH + 1 if visit.caller.holds(source.roles) else _FURTHER
        rows = [row for row in source.rows(visit, most) if source.fits(visit, row)][: _EACH + 1]
        counts[source.name] = f"{_EACH}+" if len(rows) > _EACH else str(len(rows))
        if only in ("", source.name):
            found += [(source, row) for row in rows]
    pieces = sorted(pieces_of(visit, found), key=lambda one: (one.due_day, one.since_at))
    late = sum(one.due_day < visit.today.isoformat() for one in pieces)
    return Queue(pieces[:PAGE], counts, late, max(0, len(pieces) - PAGE))


def state_of(visit: Visit, due_day: str) -> str:
    """How pressing a day is: late · today · soon · later."""
    left = (date.fromisoformat(due_day) - visit.today).days
    return _LATE if left < 0 else _TODAY if left == 0 else _SOON if left <= SOON_DAYS else _LATER


def _due_in_words(visit: Visit, due_day: str) -> str:
    left = (date.fromisoformat(due_day) - visit.today).days
    if left < 0:
        return visit.t("worker.due.late", days=-left)
    return visit.t("worker.due.today") if left == 0 else visit.t("worker.due.in", days=left)


def _ids(rows: list[Cells]) -> set[str]:
    """Everything in some rows that has a name."""
    texts = (value for row in rows for value in row.values() if isinstance(value, str) and value)
    return {one for one in texts if prefix_of(one) in _NAMED and (looks_like_id(one) or prefix_of(one) == SERVICE)}


def told_of(visit: Visit, pieces: list[Piece]) -> Told:
    """What the words about some pieces need, each kind of thing asked for once."""
    beside: dict[str, Cells] = {}
    for source, group in groupby(sorted(pieces, key=lambda one: one.source.name), key=lambda one: one.source):
        if source.beside is not None:
            table, key = source.beside
            rows = many(visit.store.database, table, visit.ledger, key, (one.row[key] for one in group))
            beside.update((row[key], row) for row in rows)
    rows = [*(one.row for one in pieces), *beside.values()]
    mine = [one for one in pieces if visit.caller.holds(one.source.roles, one.row[one.source.at or one.source.key])]
    # Whose work it is knows whom it is about; who decides for a unit sees others as everybody does.
    names = labels(visit, _ids(rows), clear=len(mine) == len(pieces) or [visit.caller.actor])
    words = People(visit.store, visit.ledger).words(row[name] for row in rows for name in _WORDS if row.get(name))
    return Told(names, words, beside)


def _choice(visit: Visit, name: str, kind: str, values: tuple[str, ...], words: str, said: str) -> Choice:
    choices = [(value, text(visit.lang, f"{words}{value}")) for value in values]
    if kind == "day" and not said:
        said = visit.today.isoformat()
    return Choice(name, kind, visit.t(f"worker.ask.{name}"), choices, said)


def _button(visit: Visit, piece: Piece, action: Action, said: dict[str, str]) -> Button:
    source = piece.source
    asks = [_choice(visit, one.name, one.kind, one.values, one.words, said.get(one.name, "")) for one in action.asks]
    href = visit.url(f"work/{source.name}/{piece.key}/{action.name}")
    label = visit.t(f"worker.act.{source.name}.{action.name}")
    return Button(action.name, action.letter, label, action.main, asks, href)


def task_of(
    visit: Visit, piece: Piece, told: Told, *, problem: NuanlinError | None = None, said: dict[str, str] | None = None
) -> Task:
    """A piece of work as the page shows it; with `problem`, why what was tried was refused, and what was typed."""
    source, row = piece.source, piece.row
    shown: Said = source.tell(visit, row, told)
    beside = told.beside.get(row[source.beside[1]]) if source.beside else None
    hindered = source.hindered(visit, row, beside)
    buttons = [_button(visit, piece, one, said or {}) for one in source.actions if one.when(visit, row)]
    return Task(
        anchor=f"t-{source.name}-{row['number']}",
        source=source.name,
        kind=visit.t(f"worker.source.{source.name}"),
        icon=source.icon,
        state=state_of(visit, piece.due_day),
        due=_due_in_words(visit, piece.due_day),
        title=shown.title,
        pairs=shown.pairs,
        buttons=[] if hindered else buttons,
        hindered=visit.t(f"worker.{hindered}") if hindered else "",
        number=visit.t("line.number_of", position=f"{row['number']:,}"),
        since=visit.instant(piece.since_at),
        href=visit.url(f"work/{source.name}/{piece.key}"),
        leads=source.leads(visit, row),
        trouble=formats.error(problem, visit.lang) if problem else "",
        tried=(said or {}).get("action", ""),
    )


def tasks_of(visit: Visit, pieces: list[Piece]) -> list[Task]:
    """Pieces of work as the page shows them."""
    told = told_of(visit, pieces)
    return [task_of(visit, one, told) for one in pieces]

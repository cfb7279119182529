"""Reads of the boards: rankings, and what made each row."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.paging import closed
from api.reading import READING
from api.routes.asked import Asked
from api.routes.names import DayText, Who, whos
from api.routes.past import PagedThen, Position, past_of
from api.routes.reads import Read, wait_for
from api.wire import Instant, instant
from ledger.errors import NotFound
from ledger.ids import PERSON, prefix_of
from projections.asof.past import Past
from projections.asof.rankings import explain_as_of, rankings_as_of
from projections.boards import queries as boards
from projections.books import queries
from projections.reading import Cells

MeasureName = Annotated[
    str,
    Meta(
        max_length=200, description="volunteer_minutes, team_minutes, unit_goods:rice …", examples=["volunteer_minutes"]
    ),
]
Period = Annotated[str, Meta(max_length=20, description="2026-03, 2026-Q1, 2026 or all", examples=["2026-Q1"])]


class RankedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row: competition rank (1, 2, 2, 4); who reached the value first stands first. `positions`: how many events."""

    rank: int
    subject: Who | None
    value: int
    unit: str
    reached_at: Instant
    positions: int


class RankingPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a ranking, counted up to `position` of the journal."""

    measure: str
    period: str
    position: int
    rows: list[RankedRow]
    next: str | None


class RankingQuery(PagedThen, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is ranked, over which period; a position that the answer must have seen, or the point as of which is asked."""

    measure: MeasureName
    period: Period = "all"
    min_position: Position | None = None


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What one event added, on the day of the deed."""

    position: int
    amount: int
    day: DayText


class ExplanationPage(msgspec.Struct, frozen=True, kw_only=True):
    """Why a subject has its value: the amounts over all pages add up to it."""

    measure: str
    period: str
    subject: str
    value: int
    entries: list[Made]
    next: str | None


class ExplainQuery(RankingQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose row."""

    subject: Annotated[str, Meta(max_length=200)]


def _past(asked: Asked, query: RankingQuery) -> Past | None:
    """The past that was asked for, which the boards have followed; None for now."""
    past = past_of(asked, query)
    if past is not None:
        wait_for(asked, past.position)
    return past


def _person(asked: Asked, subject: str) -> Cells | None:
    return queries.member(asked.store.database, asked.ledger, subject) if prefix_of(subject) == PERSON else None


def rankings(asked: Asked, query: RankingQuery) -> RankingPage:
    """The ranking of a measure. People are named who agreed to it, masked else, and left out who asked for that."""
    wait_for(asked, query.min_position)
    database, ledger = asked.store.database, asked.ledger
    past = _past(asked, query)
    if past is None:
        found = boards.rankings(database, ledger, query.measure, query.period, limit=query.limit, after=query.after)
    else:
        found = rankings_as_of(past, query.measure, query.period, limit=query.limit, after=query.after)
    rows = found.rows
    people = queries.members_by_id(database, ledger, [row.subject for row in rows])
    if not asked.caller.sees_names:
        hidden = {one for one, row in people.items() if row["wall_hidden"] and not asked.is_own(one)}
        rows = [row for row in rows if row.subject not in hidden]
    known = whos(asked, [row.subject for row in rows], consent="wall", hide=True)
    return RankingPage(
        measure=found.measure, period=found.period, position=found.position,
        rows=[
            RankedRow(
                rank=row.rank, subject=known[row.subject], value=row.value, unit=row.unit,
                reached_at=instant(row.reached_at), positions=row.positions,
            )
            for row in rows
        ],
        next=closed(found.next),
    )  # fmt: skip


def ranking_explained(asked: Asked, query: ExplainQuery) -> ExplanationPage:
    """The events that made a row. A person's only where they agreed to be named, or for who may read it all."""
    wait_for(asked, query.min_position)
    if prefix_of(query.subject) == PERSON:
        row = _person(asked, query.subject)
        if row is None or not row["wall_named"]:
            missing = NotFound("no_such_member", member=query.subject)
            asked.need_own(query.subject, READING["ranking_explained"].roles, missing)
    past = _past(asked, query)
    if past is None:
        found = boards.explain(
            asked.store.database, asked.ledger, query.measure, query.period, query.subject, after=query.after,
            limit=query.limit,
        )  # fmt: skip
    else:
        found = explain_as_of(past, query.measure, query.period, query.subject, after=query.after, limit=query.limit)
    return ExplanationPage(
        measure=found.measure, period=found.period, subject=found.subject, value=found.value,
        entries=[Made(position=one.position, amount=one.amount, day=one.day) for one in found.entries],
        next=closed(found.next),
    )  # fmt: skip


READS = (
    Read("/rankings", rankings, "boards", RankingQuery),
    Read("/rankings/explain", ranking_explained, "boards", ExplainQuery),
)

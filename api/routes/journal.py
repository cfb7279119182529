"""Reads of the ledger as a whole: totals, rules in force, and the journal itself for auditors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy import bindparam, select

from api.routes.asked import Asked
from api.routes.past import Position, Then, past_of
from api.routes.reads import Read, wait_for
from api.wire import Day, Instant, instant
from ledger.base import NAME_OF
from ledger.clock import day_of
from ledger.errors import NotFound
from ledger.journal.recorded import Recorded
from ledger.journal.tables import events as event_table
from ledger.policy.facts import PolicyValue
from projections.asof.totals import stats_as_of
from projections.books import queries
from projections.books.queries import Stats


class MinPosition(Then, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A position that the answer must have seen: the one of a write's answer; or the point as of which is asked."""

    min_position: Position | None = None


class OnDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day; today where none is given."""

    day: Day | None = None


class Policies(msgspec.Struct, frozen=True, kw_only=True):
    """Every rule's value in force on a day."""

    day: date
    values: dict[str, PolicyValue]


class EventsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Behind which position to begin, how many events, and of which type."""

    after: Position = 0
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event as stored: envelope and fact. Numbers in `fact` that end in `_at` are microseconds since 1970, UTC.

    `words`: what became of the words that the fact commits to: kept · erased · unknown (lost); null where it has none.
    """

    position: int
    recorded_at: Instant
    type: str
    tags: list[str]
    decided_at: Instant
    by: str
    role: str
    behalf: str | None
    fact: dict[str, Any]
    words: str | None


class Events(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the journal; `next` is the `after` of what follows, null at its end."""

    events: list[StoredEvent]
    head: int
    next: int | None


def stats(asked: Asked, query: MinPosition) -> Stats:
    """The community's totals: members, partners, requests by state, minutes, and funds by service item; also as of then."""
    wait_for(asked, query.min_position)
    past = past_of(asked, query)
    if past is not None:
        return stats_as_of(past)
    return queries.stats(asked.store.database, asked.ledger)


def zone_of(asked: Asked) -> str:
    """The community's time zone; raises NotFound where the ledger was never opened."""
    info = queries.ledger_info(asked.store.database, asked.ledger)
    if info is None:
        raise NotFound("no_such_ledger", ledger=asked.ledger)
    return str(info["zone"])


def policy(asked: Asked, query: OnDay) -> Policies:
    """The rules in force today or on a day: caps, deadlines, thresholds. Each came into force by a fact."""
    day = query.day or day_of(asked.store.clock(), zone_of(asked))
    return Policies(day=day, values=queries.policies(asked.store.database, asked.ledger, day))


def events(asked: Asked, query: EventsQuery) -> Events:
    """The journal itself, in order, as it is stored; for auditors and administrators. People are random ids here."""
    c, database = event_table.c, asked.store.database
    ask = database.prepare(
        "api.events",
        select(c.position, c.recorded_at, c.type, c.tags, c.data)
        .where(c.ledger == bindparam("l"), c.position > bindparam("a"))
        .order_by(c.position)
        .limit(bindparam("n")),
    )
    with database.reading() as cursor:
        cursor.execute(ask.text, (asked.ledger, query.after, query.limit))
        rows = cursor.fetchall()
    told = [asked.store.codec.recorded(asked.ledger, *row) for row in rows]
    states = asked.store.vault.state_of(asked.ledger, [getattr(one.fact, "words", "") for one in told])
    found = [_stored(one, states) for one in told]
    head = queries.as_of(database, asked.ledger).position
    more = found[-1].position if len(found) == query.limit and found[-1].position < head else None
    return Events(events=found, head=head, next=more)


def _stored(one: Recorded, states: Mapping[str, str]) -> StoredEvent:
    return StoredEvent(
        position=one.position, recorded_at=instant(one.recorded_at), type=NAME_OF[type(one.fact)], tags=list(one.tags),
        decided_at=instant(one.envelope.at), by=one.envelope.by, role=one.envelope.role, behalf=one.envelope.behalf,
        fact=msgspec.to_builtins(one.fact), words=states.get(getattr(one.fact, "words", "")),
    )  # fmt: skip


READS = (
    Read("/stats", stats, "journal", MinPosition),
    Read("/policy", policy, "policy", OnDay),
    Read("/events", events, "journal", EventsQuery),
)

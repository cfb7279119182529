"""What happened so far with a piece of work, and what else is known of whom it is about: read when somebody asks for it."""

from __future__ import annotations

from itertools import islice

import msgspec

from api.asof.words import type_in_words
from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.worker.desk import Piece
from api.people import People
from ledger.base import NAME_OF
from projections.asof.past import Past, events_of
from projections.books import queries as books
from projections.reading import Cells

_STEPS, _OTHERS = 30, 5


class Step(msgspec.Struct, frozen=True):
    """One event: what it was, who entered it, when, and its position."""

    what: str
    by: str
    at: str
    position: int


class Other(msgspec.Struct, frozen=True):
    """Something else of the same person: what, when, how it stands, and where it leads ("" for nowhere)."""

    what: str
    when: str
    state: str
    href: str


class History(msgspec.Struct, frozen=True):
    """`steps` in order; `others` under a heading (a key below `pages.worker.`), newest first."""

    steps: list[Step]
    heading: str
    others: list[Other]


def history_of(visit: Visit, piece: Piece) -> History:
    """A piece's events, and the latest other things of the volunteer or of whoever asked."""
    tags = [str(piece.row[name]) for name in piece.source.story if piece.row.get(name)]
    past = Past(visit.store.database, visit.store.codec.decode, visit.ledger, visit.as_of.position)
    events = list(islice(events_of(past, tags), _STEPS))
    clear: bool | list[str | None] = True if visit.caller.sees_names else [visit.caller.actor]
    names = labels(visit, {event.envelope.by for event in events}, clear=clear)
    steps = [
        Step(
            type_in_words(visit.lang, NAME_OF[type(event.fact)]), names.get(event.envelope.by, ""),
            visit.instant(event.recorded_at), event.position,
        )
        for event in events
    ]  # fmt: skip
    if piece.row.get("volunteer"):
        return History(steps, "others.sessions", _sessions(visit, piece))
    if piece.row.get("requester"):
        return History(steps, "others.requests", _requests(visit, piece))
    return History(steps, "", [])


def _sessions(visit: Visit, piece: Piece) -> list[Other]:
    page = books.sessions_of(visit.store.database, visit.ledger, piece.row["volunteer"], limit=_OTHERS + 1)
    rows = [row for row in page.rows if row["session_id"] != piece.row["session_id"]][:_OTHERS]
    words = People(visit.store, visit.ledger).words(row["words"] for row in rows)

    def what(row: Cells) -> str:
        activity = str(words.get(row["words"], {}).get("activity", "")) or visit.t("line.session")
        return visit.t("worker.others.session", what=activity, hours=visit.hours(row["minutes"]))

    return [Other(what(row), visit.day(row["day"]), visit.t(f"worker.session.{row['status']}"), "") for row in rows]


def _requests(visit: Visit, piece: Piece) -> list[Other]:
    asker = piece.row["requester"]
    page = books.list_requests(visit.store.database, visit.ledger, requester=asker, limit=_OTHERS + 1)
    rows = [row for row in page.rows if row["request_id"] != piece.row["request_id"]][:_OTHERS]
    words = People(visit.store, visit.ledger).words(row["words"] for row in rows)
    return [
        Other(
            str(words.get(row["words"], {}).get("title", "")) or visit.t("board.number", number=row["number"]),
            visit.day(row["posted_day"]), visit.t(f"status.{row['status']}"),
            visit.url(f"requests/{row['request_id']}"),
        )
        for row in rows
    ]  # fmt: skip

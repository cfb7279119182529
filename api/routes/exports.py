"""Files for auditors' own programs, sent as they are made: no answer waits in memory for its end."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from api.exports.csv_text import csv_pieces
from api.exports.journal_lines import Extract
from api.exports.tables import Wanted, rows
from api.routes.asked import Asked
from api.routes.past import Position
from api.routes.reads import Read, Streamed
from api.wire import Day, Instant, Text
from ledger.clock import micros
from ledger.errors import Refused
from projections.books import queries

CSV = "text/csv"


class PostingsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As of which position or moment; of which account and those below it; from which day to which."""

    position: Position | None = None
    at: Instant | None = None
    account: Text | None = None
    from_day: Day | None = None
    to_day: Day | None = None


def export_postings(asked: Asked, query: PostingsQuery) -> Streamed:
    """All postings as CSV in the order of the journal, with the balance after each. No cell of it is a formula.

    The columns are those of `nuanlin export csv`. The header `Nuanlin-Position` says up to which position it goes.
    """
    if query.position is not None and query.at is not None:
        raise Refused("position_or_time", field="?at")
    if query.from_day and query.to_day and query.from_day > query.to_day:
        raise Refused("bad_value", field="?to_day")
    store, ledger = asked.store, asked.ledger
    at = None if query.at is None else micros(query.at)
    position = queries.as_of(store.database, ledger, position=query.position, at=at).position
    # No transaction is held open while a slow reader reads: what is written up to a position never changes.
    extract = Extract(store.database, store.codec, ledger, position=position)
    wanted = Wanted("postings", query.account, query.from_day, query.to_day)
    return Streamed(
        name=f"nuanlin-{ledger}-{position}-postings.csv", position=position, media=CSV, pieces=_encoded(extract, wanted)
    )


def _encoded(extract: Extract, wanted: Wanted) -> Iterator[bytes]:
    return (piece.encode() for piece in csv_pieces(wanted.columns, rows(extract, wanted)))


READS = (Read("/export/postings.csv", export_postings, "journal", PostingsQuery, media=CSV),)

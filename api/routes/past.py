"""The parameters `position` and `at`: an answer as of an earlier point of the journal."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.paging import Paged
from api.routes.asked import Asked
from api.wire import Instant
from ledger.clock import micros
from ledger.errors import Refused
from projections.asof.past import Past, past_at

Position = Annotated[int, Meta(ge=0, le=2**53 - 1, description="a position of the journal")]


class Then(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As of a position or a moment; now where neither is given."""

    position: Position | None = None
    at: Instant | None = None


class PagedThen(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page, as of a position or a moment."""

    position: Position | None = None
    at: Instant | None = None


def past_of(asked: Asked, query: Then | PagedThen) -> Past | None:
    """The past that was asked for; None for now. Raises Refused `position_or_time`, NotFound `no_such_position`."""
    if query.position is not None and query.at is not None:
        raise Refused("position_or_time", field="?at")
    if query.position is None and query.at is None:
        return None
    at = None if query.at is None else micros(query.at)
    return past_at(asked.store.database, asked.store.codec.decode, asked.ledger, position=query.position, at=at)

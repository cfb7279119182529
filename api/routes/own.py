"""Reads of one's own data, and of what was erased."""

from __future__ import annotations

from typing import Literal

import msgspec

from api.own_data.collect import own_data
from api.own_data.shapes import OwnData
from api.paging import Paged, closed
from api.reading import READING
from api.routes.asked import Asked
from api.routes.people import need_member
from api.routes.reads import Read, pick
from projections.books import queries


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked to be erased, or is: whose words, why, who asked, and the entry that did it (`erased`).

    `status`: asked (a second keeper has to confirm it) · erased.
    """

    subject: str
    number: int
    status: str
    cause: str
    asked_by: str
    erased: int | None


class Erasures(msgspec.Struct, frozen=True, kw_only=True):
    """A page of erasures, newest first."""

    erasures: list[Erasure]
    next: str | None


class ErasuresQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In one state, or in both."""

    status: Literal["asked", "erased"] | None = None


def member_data(asked: Asked, _query: msgspec.Struct) -> OwnData:
    """Everything the ledger holds about a member, to take away; every text with what proves it. Others appear by number."""
    row = need_member(asked, "member_data", asked.path["member_id"])
    own = asked.is_own(row["member_id"])
    held = sorted(
        role for role in READING["member_data"].roles if asked.caller.holds(frozenset({role}), row["member_id"])
    )
    role = "" if own or not held else held[0]
    return own_data(asked.store, asked.ledger, row["member_id"], by=asked.caller.actor, role=role)


def erasures(asked: Asked, query: ErasuresQuery) -> Erasures:
    """Deletions that wait for a second keeper, and those that were carried out; whose, why and when, never what."""
    page = queries.erasures(
        asked.store.database, asked.ledger, status=query.status, after=query.after, limit=query.limit
    )
    return Erasures(erasures=[pick(Erasure, row) for row in page.rows], next=closed(page.next))


READS = (
    Read("/members/{member_id}/data", member_data, "members"),
    Read("/erasures", erasures, "members", ErasuresQuery),
)

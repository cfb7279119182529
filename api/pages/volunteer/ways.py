"""How somebody's hours of the last months were counted: scanned in and out, stated by an organiser, or from old books."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, select

from api.pages.common import Visit
from projections.books.tables import sessions
from projections.reading import fetch

ORIGINS = ("scanned", "attested", "imported")


def _sums() -> Select[Any]:
    c = sessions.c
    minutes = func.sum(func.coalesce(c.corrected_minutes, c.minutes))
    wanted = (c.ledger == bindparam("l"), c.volunteer == bindparam("v"), c.status == bindparam("s"))
    return select(c.origin, minutes).where(*wanted, c.day >= bindparam("since")).group_by(c.origin)


def ways_of(visit: Visit, member: str, since: str) -> dict[str, int]:
    """Verified minutes by origin, of sessions since a day (ISO). Looks through one member's sessions by their index."""
    database = visit.store.database
    with database.reading() as cursor:
        rows = fetch(database, cursor, "volunteer.ways", _sums, l=visit.ledger, v=member, s="verified", since=since)
    found = {str(row[0]): int(row[1]) for row in rows}
    return {origin: found.get(origin, 0) for origin in ORIGINS}

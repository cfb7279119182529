"""One's own records: everything the registers hold of somebody, found without knowing of any filter."""

from __future__ import annotations

from api.engines import SHELVES
from api.pages.common import Visit
from api.shelves import Shelf
from ledger.ids import PERSON, TEAM, UNIT, prefix_of
from ledger.parties.state import Standing
from projections.reading import Page, listed

_NEWEST_FIRST = (("number", True),)


def parties_of(visit: Visit) -> list[str]:
    """Whose affairs are those of who looks: their own, those they act for as proxy, and of teams and units they speak for."""
    caller = visit.caller
    if not caller.signed_in:
        return []
    speaks_for = [scope for role, scope in caller.roles.held if role in ("team_leader", "representative")]
    found = dict.fromkeys([caller.actor, *sorted(caller.roles.principals), *sorted(speaks_for)])
    return [one for one in found if prefix_of(one) in (PERSON, TEAM, UNIT)]


def is_here(visit: Visit) -> bool:
    """Whether who looks is a member of this community, now or before."""
    return prefix_of(visit.caller.actor) == PERSON and bool(visit.view.state(Standing, visit.caller.actor).kind)


def own_page(visit: Visit, shelf: Shelf, column: str, *, after: str | None, limit: int) -> Page:
    """Rows of a shelf that are somebody's own by one of its columns, newest first. Raises Refused `bad_cursor`."""
    parties = parties_of(visit)
    if not parties or column not in shelf.own:
        return Page([], None)
    database, where = visit.store.database, {column: parties}
    return listed(database, shelf.table, visit.ledger, where=where, order=_NEWEST_FIRST, after=after, limit=limit)


def own_columns(visit: Visit, shelf: Shelf) -> list[str]:
    """The columns by which a shelf holds anything of who looks."""
    return [name for name in shelf.own if own_page(visit, shelf, name, after=None, limit=1).rows]


def own_shelves(visit: Visit) -> list[Shelf]:
    """The shelves that hold anything of who looks: one indexed look-up for each column."""
    return [shelf for shelf in SHELVES if shelf.own and own_columns(visit, shelf)]

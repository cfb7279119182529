"""Who may open which figure: as the thing itself may be read (`api.reading`). What somebody may not open does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import msgspec

from api.asof.bounds import bounded
from api.points import COLUMNS, sees_points
from api.reading import MONEY, ON_THE_BOARD, PUBLIC_ACCOUNTS, READ_ALL, owner_of
from api.security import Caller, speaks_for
from api.store import Store
from ledger.errors import NotFound
from ledger.ids import PERSON, prefix_of
from projections.asof.figures import Why
from projections.asof.of_rankings import parts_of
from projections.asof.past import Past, past_at
from projections.asof.things import request_id_of
from projections.asof.why import family_of, why
from projections.boards.queries import followed_to
from projections.books import queries, tables
from projections.books.engines.appraisals_tables import appraisal_sheets, appraisals
from projections.books.more_tables import claims, grants
from projections.reading import Cells, one

_RANKED = frozenset({"ranking", "records", "rank"})
PAID = ("paid", "returned")
"""States of a grant in which it is public."""


class Looker(NamedTuple):
    """Somebody who looks at a ledger. Whoever has the store in hand (the command line) has no caller and sees all."""

    store: Store
    ledger: str
    caller: Caller | None

    def holds(self, roles: frozenset[str], *at: str | None) -> bool:
        """Whether one of these roles is held; see `Caller.holds`."""
        return self.caller is None or self.caller.holds(roles, *at)

    def is_own(self, party: str | None) -> bool:
        """Whether a member's, unit's or team's affairs are their own."""
        if self.caller is None:
            return True
        return bool(party) and speaks_for(self.store, self.ledger, self.caller, str(party))

    def past(self, *, position: int | None = None, at: int | None = None) -> Past:
        """The ledger as of a position, a moment or now. Raises NotFound `no_such_position`."""
        return past_at(self.store.database, self.store.codec.decode, self.ledger, position=position, at=at)

    def need_boards(self, past: Past) -> None:
        """Let the boards follow as far as is asked about."""
        if followed_to(self.store.database, self.ledger) < past.position:
            self.store.catch_up(self.ledger)


def open_figure(
    looker: Looker, past: Past, figure: str, *, after: str | None = None, limit: int = 50, today: date | None = None
) -> Why:
    """Why a figure is what it is, if the looker may know; entries lead on only to figures that they may open too.

    Raises NotFound `no_such_figure`, Refused `bad_cursor`, TooMany `past_busy`.
    """
    if not may_open(looker, figure):
        raise NotFound("no_such_figure", figure=figure)
    if family_of(figure)[0] in _RANKED or figure == "stats.followed":
        looker.need_boards(past)
    counted = family_of(figure)[0] in _RANKED or figure.startswith("stats.")
    with bounded(looker, past.position if counted else 0):
        told = why(past, figure, after=after, limit=limit, today=today)
    if looker.caller is None:
        return told
    entries = [
        one if one.figure is None or may_open(looker, one.figure) else msgspec.structs.replace(one, figure=None)
        for one in told.entries
    ]
    return msgspec.structs.replace(told, entries=entries)


def may_open(looker: Looker, figure: str) -> bool:
    """Whether somebody may open a figure; for one that does not exist either answer leads to the same refusal."""
    family, rest = family_of(figure)
    if family in _PUBLIC:
        return True
    if family in _RANKED:
        return _ranked(looker, rest)
    if family == "proposal" and rest.rpartition(":")[2] in COLUMNS:
        return sees_points_of(looker, rest.rpartition(":")[0])
    rule = _RULES.get(family)
    if rule is None:
        return _shelved(looker, family, rest.rpartition(":")[0])
    return rule(looker, rest.rpartition(":")[0])


def sees_points_of(looker: Looker, proposal_id: str) -> bool:
    """Whether somebody may read what the judges gave a proposal (`api.points`)."""
    if looker.caller is None:
        return True
    view = looker.store.application.view(looker.ledger)
    return sees_points(view, proposal_id, looker.caller.actor, looker.holds)


def _shelved(looker: Looker, family: str, key: str) -> bool:
    """A record of an engine: as its shelf may be read."""
    from api.shelves import may_read, shelf_of

    shelf = shelf_of(family)
    if shelf is None:
        return False
    row = one(looker.store.database, shelf.table, looker.ledger, **{shelf.key: key})
    return row is not None and may_read(shelf, row, looker.holds, looker.is_own)


def _row(looker: Looker, kind: str, key: str) -> Cells | None:
    table, column = {
        "claim": (claims, "claim_id"), "grant": (grants, "grant_id"), "session": (tables.sessions, "session_id"),
        "correction": (tables.corrections, "correction_id"), "reservation": (tables.reservations, "reservation_id"),
    }[kind]  # fmt: skip
    return one(looker.store.database, table, looker.ledger, **{column: key})


def _account(looker: Looker, account: str) -> bool:
    if account.startswith(PUBLIC_ACCOUNTS):
        return True
    return looker.holds(MONEY, owner_of(account)) or looker.is_own(owner_of(account))


def _ranked(looker: Looker, rest: str) -> bool:
    """A person's row only where they agreed to be named, for themselves, and for who reads all."""
    subject = parts_of(rest)[2]
    if prefix_of(subject) != PERSON or looker.holds(READ_ALL, subject) or looker.is_own(subject):
        return True
    row = queries.member(looker.store.database, looker.ledger, subject)
    return row is not None and bool(row["wall_named"]) and not row["wall_hidden"]


def _party(looker: Looker, party: str) -> bool:
    return looker.holds(READ_ALL, party) or looker.is_own(party)


def _request(looker: Looker, key: str) -> bool:
    request_id = request_id_of(looker.past(), key)
    row = queries.request(looker.store.database, looker.ledger, request_id) if request_id else None
    if row is None:
        return False
    involved = looker.is_own(row["requester"]) or looker.is_own(row["claimant"])
    return row["status"] in ON_THE_BOARD or involved or looker.holds(READ_ALL, request_id)


def _of(kind: str, owner: str) -> Callable[[Looker, str], bool]:
    """The thing's owner, and who reads all."""

    def rule(looker: Looker, key: str) -> bool:
        if looker.holds(READ_ALL):
            return True
        row = _row(looker, kind, key)
        return row is not None and (looker.is_own(row[owner]) or looker.holds(READ_ALL, key, row[owner]))

    return rule


def _grant(looker: Looker, key: str) -> bool:
    row = _row(looker, "grant", key)
    return looker.holds(MONEY) or (row is not None and row["status"] in PAID)


def _sheet(looker: Looker, key: str) -> bool:
    """Sheets are public with the result; before, as their shelf is read."""
    row = one(looker.store.database, appraisal_sheets, looker.ledger, sheet_id=key)
    about = row and one(looker.store.database, appraisals, looker.ledger, appraisal_id=row["appraisal_id"])
    return (about is not None and about["status"] == "closed") or _shelved(looker, "sheet", key)


_PUBLIC = frozenset(
    {"stats", "fund", "spending", "payments", "receipt", "certificate", "unit", "offer", "intake", "team"}
)
_RULES: dict[str, Callable[[Looker, str], bool]] = {
    "balance": _account,
    "entries": _account,
    "member": _party,
    "request": _request,
    "claim": _of("claim", "claimant"),
    "session": _of("session", "volunteer"),
    "correction": _of("correction", "volunteer"),
    "reservation": _of("reservation", "member"),
    "grant": _grant,
    "pledge": lambda looker, _key: looker.holds(MONEY),
    "integrity": lambda looker, key: _party(looker, key.partition(":")[0]),
    "callout": lambda looker, key: looker.holds(READ_ALL | {"representative"}, key),
    "sheet": _sheet,
}
"""Who may open the figures of a family, by the name of the thing."""

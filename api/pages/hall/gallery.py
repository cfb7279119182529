"""The gallery of plaques: those that hang, unit by unit, and apart from them those that hang no more, with the reason."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.hall.boards import hung
from api.store import Store
from ledger.errors import Refused
from projections.books import queries as books
from projections.books.queries_latest import ended, hanging_by_unit
from projections.reading import Cells

_ROWS = 24


class Shown(msgspec.Struct, frozen=True):
    """One plaque: its id, unit, tier, what for, since and until when; `over` is a sentence why it hangs no more."""

    plaque_id: str
    unit: str
    tier: str
    work: str
    since: str
    until: str
    over: str


def _shown(visit: Visit, rows: list[Cells]) -> list[Shown]:
    found: list[Shown] = []
    for row, one in zip(rows, hung(visit, rows), strict=True):
        over = visit.t("hall.ran_out", day=one.until)
        if row["revoked_day"]:
            reason = visit.t(f"reason.{row['reason']}")
            over = visit.t("wall.revoked_on", day=visit.day(row["revoked_day"]), reason=reason)
        since = visit.day(row["day"])
        found.append(Shown(row["plaque_id"], one.unit, one.tier, one.work, since, one.until, over))
    return found


def _by_unit(rows: list[Cells], shown: list[Shown]) -> list[tuple[str, str, list[Shown]]]:
    """(unit's id, its name, its plaques), in the order of the rows."""
    found: dict[str, tuple[str, str, list[Shown]]] = {}
    for row, one in zip(rows, shown, strict=True):
        found.setdefault(row["unit"], (row["unit"], one.unit, []))[2].append(one)
    return list(found.values())


def _behind(visit: Visit, plaque_id: str) -> Cells:
    """The plaque that a page goes on behind; raises Refused `bad_cursor`."""
    row = books.plaque(visit.store.database, visit.ledger, plaque_id)
    if row is None:
        raise Refused("bad_cursor", cursor=plaque_id)
    return row


def add_gallery(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/plaques`."""

    @pages.get("/{ledger}/plaques")
    def plaques(request: Request, ledger: str, after: str = "", ended_after: str = "") -> Response:
        visit = Visit(store, request, ledger)
        today = visit.today.isoformat()
        last: Cells = _behind(visit, after) if after else {"unit": "", "number": 0}
        hanging = hanging_by_unit(store.database, ledger, today, after=(last["unit"], last["number"]), limit=_ROWS + 1)
        gone_from = _behind(visit, ended_after)["number"] if ended_after else None
        over = ended(store.database, ledger, today, after=gone_from, limit=_ROWS + 1)
        now, gone = hanging[:_ROWS], over[:_ROWS]
        return visit.page(
            "hall_plaques.html",
            tab="wall",
            units=_by_unit(now, _shown(visit, now)),
            gone=_shown(visit, gone),
            more=now[-1]["plaque_id"] if len(hanging) > _ROWS else "",
            more_gone=gone[-1]["plaque_id"] if len(over) > _ROWS else "",
        )

"""Photos as pages show them: which there are of a request, to whom they are shown, and the address of each."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import HEADERS, Visit
from api.pages.naming import labels
from api.people import People, mask_numbers
from api.reading import READ_ALL
from api.store import Store
from ledger.errors import NotFound
from ledger.ids import prefix_of
from ledger.parties.state import works_for
from ledger.vault_photos import SMALL, WHOLE
from projections.books import queries as books
from projections.books.engines.appraisals_tables import rectifications
from projections.books.engines.requests_tables import evidence
from projections.reading import Cells, listed, one

_MOST = 30


class Shown(msgspec.Struct, frozen=True):
    """Something that was shown of a request: by whom, on which day, with which remark; `href` is "" where the photo is not
    kept here, or not for who looks."""

    who: str
    day: str
    remark: str
    href: str
    small: str
    mark: str
    position: int


class Proof(msgspec.Struct, frozen=True):
    """Everything that was shown of a request; `open`: who looks sees the photos."""

    shown: list[Shown]
    open: bool


def may_see(visit: Visit, row: Cells, party: str = "") -> bool:
    """Whether photos of a request are for who looks: the one who asked, who has it to do or showed it, who serves or
    checks. Everybody else reads that there are some."""
    if not visit.caller.signed_in:
        return False
    if visit.caller.holds(READ_ALL, row["request_id"]):
        return True
    concerned = [one for one in (row["requester"], row["claimant"], party) if one]
    return any(works_for(visit.view, visit.caller.actor, one) for one in concerned)


def proof_of(visit: Visit, row: Cells) -> Proof:
    """What was shown of a request, oldest first."""
    where = {"request_id": row["request_id"]}
    page = listed(
        visit.store.database, evidence, visit.ledger, where=where, order=(("number", False),), after=None, limit=_MOST
    )
    if not page.rows:
        return Proof([], False)
    inner = may_see(visit, row)
    kept = visit.store.photos.kept(visit.ledger, row["request_id"]) if inner else frozenset()
    words = People(visit.store, visit.ledger).words(one["words"] for one in page.rows) if inner else {}
    names = labels(visit, [one["party"] for one in page.rows], clear=[visit.caller.actor or None])
    found = []
    for shown in page.rows:
        here = visit.url(f"photos/{row['request_id']}/{shown['sha256']}") if shown["sha256"] in kept else ""
        remark = mask_numbers(str(words.get(shown["words"], {}).get("remark", "")))
        found.append(
            Shown(
                names[shown["party"]], visit.day(shown["day"]), remark, here, f"{here}?size=small" if here else "",
                shown["sha256"][:8], shown["number"],
            )
        )  # fmt: skip
    return Proof(found, inner)


def _may_open(visit: Visit, about: str, sha256: str) -> bool:
    """Whether there is a fact with this photo, and who looks may see it."""
    database, ledger = visit.store.database, visit.ledger
    if prefix_of(about) == "req":
        row = books.request(database, ledger, about)
        shown = one(database, evidence, ledger, request_id=about, sha256=sha256)
        return row is not None and shown is not None and may_see(visit, row, shown["party"])
    ordered = one(database, rectifications, ledger, rectification_id=about)
    if ordered is None or ordered["evidence"] != sha256 or not visit.caller.signed_in:
        return False
    return visit.reads_affairs_of(ordered["party"])


def add_photos(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/photos/{about}/{sha256}`, as kept or `?size=small`."""

    @pages.get("/{ledger}/photos/{about}/{sha256}")
    def photo(request: Request, ledger: str, about: str, sha256: str, size: str = WHOLE) -> Response:
        visit = Visit(store, request, ledger)
        if not _may_open(visit, about, sha256):
            raise NotFound("no_such_photo")
        body = store.photos.read(ledger, about, sha256, size=SMALL if size == SMALL else WHOLE)
        if body is None:
            raise NotFound("no_such_photo")
        headers = {
            **HEADERS,
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "Content-Disposition": f'inline; filename="{sha256[:8]}.jpg"',
        }
        return Response(body, 200, headers, "image/jpeg")

"""From a visit to a paper, and from a paper to an answer."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import HEADERS, Visit
from api.papers.ordered import Ordered
from api.papers.paper import Paper
from api.settings import Settings
from projections.asof.past import past_at

_TYPES = {"pdf": "application/pdf", "png": "image/png"}


def home_of(request: Request) -> str:
    """Where the pages are for whoever holds a paper: as configured (`NUANLIN_ADDRESS`), else as this visitor reached them."""
    return (Settings().address or str(request.base_url)).rstrip("/")


def order_of(visit: Visit) -> Ordered:
    """A paper ordered on this visit is as of the journal's head."""
    store = visit.store
    past = past_at(store.database, store.codec.decode, visit.ledger)
    return Ordered(
        store=store, past=past, lang=visit.lang, community=visit.name, zone=visit.zone, today=visit.today,
        home=home_of(visit.request),
    )  # fmt: skip


def printed(paper: Paper, form: Literal["pdf", "png"], *, by_hand: bool, dots_per_inch: int = 144) -> Response:
    """The paper as a file to keep. Raises Refused `glyphs_missing` unless `by_hand`."""
    made = paper.pdf(by_hand=by_hand) if form == "pdf" else paper.png(by_hand=by_hand, dots_per_inch=dots_per_inch)
    headers = {
        **HEADERS, "Cache-Control": "no-store", "X-Robots-Tag": "noindex",
        "Content-Disposition": f'attachment; filename="{paper.name}.{form}"',
    }  # fmt: skip
    return Response(made, 200, headers, _TYPES[form])

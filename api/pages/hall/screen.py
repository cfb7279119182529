"""The screen: one board at a time, the community's three figures above it, and how true it is below."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.hall.boards import BOARDS, PERIODS, period_of
from api.pages.hall.events import point_of
from api.pages.rendering import big
from api.pages.wall import period_name
from api.store import Store
from projections.books import queries as books

TURN_SECONDS = 20
"""How long a board stands (choice): two lines a second are read aloud, and nobody has to hurry."""
_FINGERPRINT_BYTES = 8


def fingerprint(visit: Visit) -> tuple[str, int]:
    """The beginning of the root of the last checkpoint in groups of four, and how many entries it seals; ("", 0) before
    the first."""
    sealed = visit.store.seals.latest(visit.ledger)
    if sealed is None:
        return "", 0
    told = sealed.root[:_FINGERPRINT_BYTES].hex()
    return " ".join(told[at : at + 4] for at in range(0, len(told), 4)), sealed.size


def add_screen(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/hall?board=&period=`; `hold` keeps a board where it is without JavaScript, `part` is the board alone."""

    @pages.get("/{ledger}/hall")
    def hall(
        request: Request, ledger: str, board: str = "", period: str = "all", hold: bool = False, part: bool = False
    ) -> Response:
        visit = Visit(store, request, ledger)
        # Read first: what comes in while the page is made is then told to it as new.
        point = point_of(store, ledger)
        names = list(BOARDS)
        now = board if board in BOARDS else names[0]
        period = period if period in PERIODS else PERIODS[0]
        kept = {"period": period if period != PERIODS[0] else None}
        following = names[(names.index(now) + 1) % len(names)]
        stats = books.stats(store.database, ledger)
        seal, sealed = fingerprint(visit)
        shown = BOARDS[now](visit, period, period_name(visit, period_of(visit, period)))
        return visit.page(
            "hall_stage.html" if part else "hall_screen.html",
            board=shown,
            point=point,
            seconds=TURN_SECONDS,
            hold=hold,
            figures=[
                (big(visit.hours(stats.minutes.earned // 60 * 60)), visit.t("hall.served_together")),
                (big(visit.t("hall.people", count=f"{stats.members:,}")), visit.t("hall.members")),
                (big(visit.t("hall.wishes_count", count=f"{stats.requests['closed']:,}")), visit.t("hall.wishes_done")),
            ],
            boards=[(one, visit.t(f"hall.board_{one}"), visit.url("hall", board=one, **kept)) for one in names],
            here=visit.url("hall", board=now, **kept),
            held=visit.url("hall", board=now, hold="1", **kept),
            next_board=visit.url("hall", board=following, **kept),
            events=visit.url("hall/events"),
            seal=seal,
            sealed=sealed,
        )

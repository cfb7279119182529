"""Rows of requests and claims, and how many requests are in which state."""

from __future__ import annotations

from ledger.journal.recorded import Recorded
from ledger.requests import facts as request
from projections.books.desk import Desk, on
from projections.rows import Cells


def move_to(desk: Desk, row: Cells, status: str, position: int) -> None:
    """Bring a request into another state and keep the totals."""
    if row["status"]:
        desk.tally(f"request:{row['status']}", -1)
    desk.tally(f"request:{status}", 1)
    row["status"], row["version"] = status, position


def _end_claim(desk: Desk, claim_id: str | None, status: str, position: int) -> None:
    claim = desk.claims.find(claim_id) if claim_id else None
    if claim is not None:
        claim.update(status=status, version=position)


@on(request.RequestPosted, begins="request_id", intake_points="point")
def _posted(desk: Desk, e: Recorded, f: request.RequestPosted) -> None:
    row = desk.requests.add(
        request_id=f.request_id, number=e.position, kind=f.kind, requester=f.requester, proxy=f.proxy, place=f.place,
        category=f.category, value_fen=f.value_fen, item=f.item, quantity=f.quantity, channel=f.channel,
        point=f.point, record=int(f.record), posted_day=f.day.isoformat(), words=f.words,
    )  # fmt: skip
    move_to(desk, row, "posted", e.position)
    desk.tally(f"channel:{f.channel}", 1)
    point = desk.intake_points.find(f.point) if f.point else None
    if point is not None:
        point["requests"] += 1


@on(request.RequestPublished, requests="request_id")
def _published(desk: Desk, e: Recorded, f: request.RequestPublished) -> None:
    row = desk.requests.edit(f.request_id)
    row.update(reviewer=f.reviewer, published_day=f.day.isoformat())
    move_to(desk, row, "published", e.position)


@on(request.RequestDeclined, requests="request_id")
def _declined(desk: Desk, e: Recorded, f: request.RequestDeclined) -> None:
    row = desk.requests.edit(f.request_id)
    row.update(reviewer=f.reviewer, reason=f.reason)
    move_to(desk, row, "declined", e.position)


@on(request.RequestClaimed, begins="claim_id", requests="request_id")
def _claimed(desk: Desk, e: Recorded, f: request.RequestClaimed) -> None:
    row = desk.requests.edit(f.request_id)
    row.update(claimant=f.claimant, claim_unit=f.unit, claim_id=f.claim_id, until_at=f.until_at, reason=None)
    move_to(desk, row, "claimed", e.position)
    desk.claims.add(
        claim_id=f.claim_id, number=e.position, request_id=f.request_id, claimant=f.claimant, unit=f.unit,
        claimed_by=f.claimed_by, status="open", until_at=f.until_at, day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


@on(request.ClaimReleased, requests="request_id", claims="claim_id")
def _released(desk: Desk, e: Recorded, f: request.ClaimReleased) -> None:
    _back_on_the_board(desk, f.request_id, e.position)
    _end_claim(desk, f.claim_id, "released", e.position)


@on(request.ReleaseExplained, requests="request_id")
def _explained(desk: Desk, e: Recorded, f: request.ReleaseExplained) -> None:
    desk.requests.edit(f.request_id).update(reason=f.reason, version=e.position)


@on(request.ClaimLapsed, requests="request_id", claims="claim_id")
def _lapsed(desk: Desk, e: Recorded, f: request.ClaimLapsed) -> None:
    row = _back_on_the_board(desk, f.request_id, e.position)
    row["priority"] += 1
    _end_claim(desk, f.claim_id, "lapsed", e.position)


def _back_on_the_board(desk: Desk, request_id: str, position: int) -> Cells:
    row = desk.requests.edit(request_id)
    row.update(claimant=None, claim_unit=None, claim_id=None, until_at=None)
    move_to(desk, row, "published", position)
    return row


@on(request.RequestFulfilled, requests="request_id", claims="claim_id")
def _fulfilled(desk: Desk, e: Recorded, f: request.RequestFulfilled) -> None:
    row = desk.requests.edit(f.request_id)
    row["done_words"] = f.words
    move_to(desk, row, "fulfilled", e.position)
    _end_claim(desk, f.claim_id, "fulfilled", e.position)


@on(request.RequestClosed, requests="request_id", claims="claim_id")
def _closed(desk: Desk, e: Recorded, f: request.RequestClosed) -> None:
    row = desk.requests.edit(f.request_id)
    row.update(
        claimant=f.claimant or row["claimant"], claim_unit=f.unit or row["claim_unit"], score=f.score,
        explained=int(f.explained), closed_day=f.day.isoformat(), closing_words=f.words,
    )  # fmt: skip
    move_to(desk, row, "closed", e.position)
    _end_claim(desk, f.claim_id or row["claim_id"], "closed", e.position)


@on(request.RequestReopened, requests="request_id", claims="claim_id")
def _reopened(desk: Desk, e: Recorded, f: request.RequestReopened) -> None:
    row = desk.requests.edit(f.request_id)
    row.update(
        score=f.score, explained=0, closed_day=None, closing_words=f.words, reopened=row["reopened"] + 1,
        until_at=f.until_at,
    )  # fmt: skip
    # A need has no performer who could have it again: it stands on the board.
    move_to(desk, row, "published" if f.claimant is None else "claimed", e.position)
    claim = desk.claims.find(f.claim_id or row["claim_id"]) if f.claim_id or row["claim_id"] else None
    if claim is not None:
        claim.update(status="open", until_at=f.until_at, reopened=claim["reopened"] + 1, version=e.position)


@on(request.RequestUnmet, requests="request_id", claims="claim_id")
def _unmet(desk: Desk, e: Recorded, f: request.RequestUnmet) -> None:
    row = desk.requests.edit(f.request_id)
    row.update(barrier=f.barrier, closed_day=f.day.isoformat())
    move_to(desk, row, "unmet", e.position)
    _end_claim(desk, f.claim_id or row["claim_id"], "unmet", e.position)


@on(request.RequestWithdrawn, requests="request_id")
def _withdrawn(desk: Desk, e: Recorded, f: request.RequestWithdrawn) -> None:
    row = desk.requests.edit(f.request_id)
    move_to(desk, row, "withdrawn", e.position)
    _end_claim(desk, row["claim_id"], "withdrawn", e.position)

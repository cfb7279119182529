"""Books of the engine `resources`: what could be given, deals and their ends, contested entries of integrity."""

from __future__ import annotations

from ledger.integrity import facts as integrity
from ledger.journal.recorded import Recorded
from ledger.requests.kinds import KINDS
from ledger.resources import facts as resource
from projections.books.apply_requests import move_to
from projections.books.desk import Desk, on
from projections.books.engines.resources_tables import contests, deals, resources

__all__ = ["contests", "deals", "resources"]


@on(resource.ResourceListed, begins="resource_id")
def _listed(desk: Desk, e: Recorded, f: resource.ResourceListed) -> None:
    desk.sheet(resources).add(
        resource_id=f.resource_id, number=e.position, owner=f.owner, kind=f.kind, item=f.item, measure=f.measure,
        quantity=f.quantity, free=f.quantity, promised=0, delivered=0, category=f.category, place=f.place,
        from_day=f.from_day.isoformat(), until_day=f.until_day.isoformat() if f.until_day else None,
        status="listed", day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


@on(resource.ResourceWithdrawn, resources="resource_id")
def _withdrawn(desk: Desk, e: Recorded, f: resource.ResourceWithdrawn) -> None:
    row = desk.sheet(resources).edit(f.resource_id)
    row.update(status="withdrawn", free=row["free"] - f.quantity, version=e.position)


@on(resource.DealProposed, begins="deal_id")
def _proposed(desk: Desk, e: Recorded, f: resource.DealProposed) -> None:
    desk.sheet(deals).add(
        deal_id=f.deal_id, number=e.position, resource_id=f.resource_id, request_id=f.request_id, owner=f.owner,
        partner=f.partner, item=f.item, measure=f.measure, quantity=f.quantity, delivered=0, back_item=f.back_item,
        back_measure=f.back_measure, back_quantity=f.back_quantity, back_delivered=0, accepted=f.side,
        status="proposed", broken_by="", proposed_by=f.proposed_by, day=f.day.isoformat(),
        due_day=f.due_day.isoformat(), version=e.position,
    )  # fmt: skip


@on(resource.DealAccepted, deals="deal_id")
def _accepted(desk: Desk, e: Recorded, f: resource.DealAccepted) -> None:
    row = desk.sheet(deals).edit(f.deal_id)
    sides = [side for side in (row["accepted"], f.side) if side]
    row.update(accepted="\n".join(sides), version=e.position)


@on(resource.DealAgreed, deals="deal_id", resources="resource_id", requests="request_id")
def _agreed(desk: Desk, e: Recorded, f: resource.DealAgreed) -> None:
    desk.sheet(deals).edit(f.deal_id).update(status="agreed", version=e.position)
    _move(desk, f.resource_id, e.position, free=-f.quantity, promised=f.quantity)
    _promise(desk, f.request_id, e.position, promised=f.quantity)


@on(resource.DealDeclined, deals="deal_id")
def _declined(desk: Desk, e: Recorded, f: resource.DealDeclined) -> None:
    desk.sheet(deals).edit(f.deal_id).update(
        status="declined", reason=f.reason, ended_day=f.day.isoformat(), version=e.position
    )


@on(resource.DealDelivered, deals="deal_id", resources="resource_id", requests="request_id")
def _delivered(desk: Desk, e: Recorded, f: resource.DealDelivered) -> None:
    row = desk.sheet(deals).edit(f.deal_id)
    row["version"] = e.position
    if f.leg == "back":
        row["back_delivered"] += f.quantity
        return
    row["delivered"] += f.quantity
    _move(desk, f.resource_id, e.position, promised=-f.quantity, delivered=f.quantity)
    _promise(desk, f.request_id, e.position, promised=-f.quantity, delivered=f.quantity)


@on(resource.DealSettled, deals="deal_id")
def _settled(desk: Desk, e: Recorded, f: resource.DealSettled) -> None:
    desk.sheet(deals).edit(f.deal_id).update(status="settled", ended_day=f.day.isoformat(), version=e.position)


@on(resource.DealFailed, deals="deal_id", resources="resource_id", requests="request_id")
def _failed(desk: Desk, e: Recorded, f: resource.DealFailed) -> None:
    desk.sheet(deals).edit(f.deal_id).update(
        status="failed", reason=f.reason, broken_by="\n".join(f.broken_by), ended_day=f.day.isoformat(),
        version=e.position,
    )  # fmt: skip
    _move(desk, f.resource_id, e.position, free=f.short, promised=-f.short)
    _promise(desk, f.request_id, e.position, promised=-f.short)


@on(resource.DealBecameProject, deals="deal_id")
def _became_project(desk: Desk, e: Recorded, f: resource.DealBecameProject) -> None:
    desk.sheet(deals).edit(f.deal_id).update(project=f.project, version=e.position)


def _move(desk: Desk, resource_id: str, position: int, **by: int) -> None:
    row = desk.sheet(resources).edit(resource_id)
    for name, amount in by.items():
        row[name] += amount
    row["version"] = position


def _promise(desk: Desk, request_id: str | None, position: int, *, promised: int, delivered: int = 0) -> None:
    """A need counts the pieces on their way to it; what has wholly arrived is fulfilled, its requester has yet to confirm."""
    if request_id is None:
        return
    row = desk.requests.edit(request_id)
    kind = KINDS.get(row["kind"])
    if kind is None or not kind.pieces:
        return
    row["promised"] += promised
    row["delivered"] += delivered
    row["version"] = position
    if delivered and row["status"] == "published" and row["delivered"] >= (row["quantity"] or 0):
        move_to(desk, row, "fulfilled", position)


@on(integrity.RecordContested, begins="contest_id")
def _contested(desk: Desk, e: Recorded, f: integrity.RecordContested) -> None:
    desk.sheet(contests).add(
        contest_id=f.contest_id, number=e.position, party=f.party, promise=f.promise, about=f.about, reason=f.reason,
        status="open", contested_by=f.contested_by, day=f.day.isoformat(), words=f.words, judged_words="",
        version=e.position,
    )  # fmt: skip


def _judged(desk: Desk, e: Recorded, f: integrity.RecordUpheld | integrity.RecordStruck, status: str) -> None:
    desk.sheet(contests).edit(f.contest_id).update(
        status=status, judged_by=f.judged_by, judged_day=f.day.isoformat(), judged_words=f.words, version=e.position
    )


@on(integrity.RecordUpheld, contests="contest_id")
def _upheld(desk: Desk, e: Recorded, f: integrity.RecordUpheld) -> None:
    _judged(desk, e, f, "upheld")


@on(integrity.RecordStruck, contests="contest_id")
def _struck(desk: Desk, e: Recorded, f: integrity.RecordStruck) -> None:
    _judged(desk, e, f, "struck")

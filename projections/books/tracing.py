"""Every yuan from the donation to what it paid for, and back: first in, first out, within each restriction.

Money that came in waits as a lot in the queue of its fund and service item, in the order of the journal; what is paid
out takes from the front of the queue, and each part it takes is an allocation. Three things do not go by that order:

- What comes back of a payment leaves its latest allocations, and waits at the end of the queue as a new lot of the same
  receipt.
- What goes back to a donor, or may be spent on something else with the donor's consent, is taken out of that donor's own
  receipt. Where it was spent already, the payment is covered by who is next in the queue instead.
- What is left when a help case is closed goes to another queue, lot by lot.

So the allocations of a receipt never come to more than its amount, and those of a payment to what was paid less what
came back. All rows are reached by their keys, which costs the same however long the journal is.
"""

from __future__ import annotations

from sqlalchemy import Index

from projections.books.desk import Desk
from projections.columns import key, maybe, number, table, text
from projections.rows import Cells

lots = table(
    "lots",
    key("lot_id"),
    number("number"),
    text("receipt_id"),
    text("fund"),
    text("item"),
    number("amount_fen", unit="fen"),
    number("left_fen", unit="fen"),
    maybe("following"),
    maybe("allocated"),
    number("version"),
    Index("lots_by_receipt", "ledger", "receipt_id", "number"),
)
lots.info["under"] = "fund"
"""`lot_id` is `<receipt>.<n>`. `following` is the next lot of the queue, `allocated` the latest allocation out of this
one. A return of the past, whose payment the journal does not know, stands for its receipt."""

allocations = table(
    "allocations",
    key("allocation_id"),
    number("number"),
    text("lot_id"),
    text("receipt_id"),
    text("grant_id"),
    text("fund"),
    text("item"),
    number("amount_fen", unit="fen"),
    maybe("before"),
    number("version"),
    Index("allocations_by_receipt", "ledger", "receipt_id", "number"),
    Index("allocations_by_grant", "ledger", "grant_id", "number"),
)
allocations.info["under"] = "fund"
"""`allocation_id` is `<grant>.<n>`; `before` the allocation out of the same lot that came before. One of 0 fen was taken
back. A refund of the past, whose receipt the journal does not know, stands for its grant."""

lot_queues = table("lot_queues", key("queue_id"), maybe("first_lot"), maybe("last_lot"), number("version"))
"""`queue_id` is `<fund>:<item>`. Lots before the first are used up for good."""

lot_counts = table("lot_counts", key("counted_id"), number("parts"), number("version"))
"""How many lots a receipt has, or allocations a payment: the last part of their ids. A receipt with one has no row."""


def _count(desk: Desk, counted_id: str, position: int, begun: int = 0) -> int:
    """The number of the next part."""
    row = desk.sheet(lot_counts).find(counted_id)
    if row is None:
        row = desk.sheet(lot_counts).add(counted_id=counted_id, parts=begun)
    row["parts"] += 1
    row["version"] = position
    return int(row["parts"])


def _parts(desk: Desk, counted_id: str, begun: int = 0) -> int:
    row = desk.sheet(lot_counts).get(counted_id)
    return begun if row is None else int(row["parts"])


def come_in(desk: Desk, position: int, receipt_id: str, fund: str, item: str, amount_fen: int) -> None:
    """A new lot at the end of its queue."""
    sheet = desk.sheet(lots)
    first = sheet.get(f"{receipt_id}.1") is None
    rank = 1 if first else _count(desk, receipt_id, position, begun=1)
    row = sheet.add(
        lot_id=f"{receipt_id}.{rank}", number=position, receipt_id=receipt_id, fund=fund, item=item,
        amount_fen=amount_fen, left_fen=amount_fen, version=position,
    )  # fmt: skip
    queue = desk.sheet(lot_queues).find(f"{fund}:{item}")
    if queue is None:
        queue = desk.sheet(lot_queues).add(queue_id=f"{fund}:{item}")
    last = queue["last_lot"]
    if last is not None:
        sheet.edit(last).update(following=row["lot_id"], version=position)
    queue.update(first_lot=queue["first_lot"] or row["lot_id"], last_lot=row["lot_id"], version=position)


def _first_lot(desk: Desk, position: int, queue_id: str) -> Cells | None:
    """The first lot of a queue that holds something, to be changed; the queue begins there from now on."""
    queue = desk.sheet(lot_queues).get(queue_id)
    lot_id = None if queue is None else queue["first_lot"]
    while lot_id is not None:
        lot = desk.sheet(lots).get(lot_id)
        if lot is None or lot["left_fen"] or lot["following"] is None:
            break
        lot_id = lot["following"]
    if queue is not None and lot_id != queue["first_lot"]:
        desk.sheet(lot_queues).edit(queue_id).update(first_lot=lot_id, version=position)
    if lot_id is None or not desk.sheet(lots).edit(lot_id)["left_fen"]:
        return None
    return desk.sheet(lots).edit(lot_id)


def pay_out(desk: Desk, position: int, grant_id: str, fund: str, item: str, amount_fen: int) -> None:
    """Cover a payment from the front of the queue.

    No decision lets more be paid than came in; where the books are told so all the same, the rest has no source.
    """
    while amount_fen > 0:
        lot = _first_lot(desk, position, f"{fund}:{item}")
        if lot is None:
            return
        taken_fen = min(amount_fen, lot["left_fen"])
        row = desk.sheet(allocations).add(
            allocation_id=f"{grant_id}.{_count(desk, grant_id, position)}", number=position, lot_id=lot["lot_id"],
            receipt_id=lot["receipt_id"], grant_id=grant_id, fund=fund, item=item, amount_fen=taken_fen,
            before=lot["allocated"], version=position,
        )  # fmt: skip
        lot.update(left_fen=lot["left_fen"] - taken_fen, allocated=row["allocation_id"], version=position)
        amount_fen -= taken_fen


def come_back(desk: Desk, position: int, grant_id: str, fund: str, item: str, amount_fen: int) -> None:
    """What comes back of a payment leaves its latest allocations; without a payment it is a lot of its own."""
    for rank in range(_parts(desk, grant_id), 0, -1):
        allocation = desk.sheet(allocations).edit(f"{grant_id}.{rank}")
        freed_fen = min(amount_fen, allocation["amount_fen"])
        if freed_fen:
            allocation.update(amount_fen=allocation["amount_fen"] - freed_fen, version=position)
            come_in(desk, position, allocation["receipt_id"], fund, item, freed_fen)
            amount_fen -= freed_fen
        if not amount_fen:
            return
    if amount_fen:
        come_in(desk, position, grant_id, fund, item, amount_fen)


def go_back(desk: Desk, position: int, receipt_id: str, fund: str, item: str, amount_fen: int) -> None:
    """A refund takes the donor's own money out; one of the past, without a receipt, whatever is in front."""
    if desk.sheet(lots).get(f"{receipt_id}.1") is None:
        pay_out(desk, position, receipt_id, fund, item, amount_fen)
    else:
        take_out(desk, position, receipt_id, item, amount_fen)


def take_out(desk: Desk, position: int, receipt_id: str, item: str, amount_fen: int) -> None:
    """Money of one receipt leaves an item: first what is left of it, then what was spent, which others cover now."""
    own = [f"{receipt_id}.{rank}" for rank in range(1, _parts(desk, receipt_id, begun=1) + 1)]
    mine = [lot for lot in map(desk.sheet(lots).find, own) if lot is not None and lot["item"] == item]
    for lot in mine:
        taken_fen = min(amount_fen, lot["left_fen"])
        if taken_fen:
            lot.update(left_fen=lot["left_fen"] - taken_fen, version=position)
            amount_fen -= taken_fen
    for lot in reversed(mine):
        last = lot["allocated"]
        while amount_fen and last is not None:
            allocation = desk.sheet(allocations).edit(last)
            taken_fen = min(amount_fen, allocation["amount_fen"])
            if taken_fen:
                allocation.update(amount_fen=allocation["amount_fen"] - taken_fen, version=position)
                amount_fen -= taken_fen
                pay_out(desk, position, allocation["grant_id"], lot["fund"], item, taken_fen)
            last = allocation["before"]


def move_on(desk: Desk, position: int, fund: str, item: str, to_item: str, amount_fen: int) -> None:
    """What is left in a queue goes to the end of another, lot by lot, each as money of its receipt."""
    while amount_fen > 0:
        lot = _first_lot(desk, position, f"{fund}:{item}")
        if lot is None:
            return
        moved_fen = min(amount_fen, lot["left_fen"])
        lot.update(left_fen=lot["left_fen"] - moved_fen, version=position)
        come_in(desk, position, lot["receipt_id"], fund, to_item, moved_fen)
        amount_fen -= moved_fen

"""Rows of funds: items with their sums, pledges, receipts, grants."""

from __future__ import annotations

from ledger.funds import facts as fund
from ledger.funds.commands import GENERAL
from ledger.journal.recorded import Recorded
from projections.books import tracing
from projections.books.desk import Desk, on
from projections.rows import Cells


def fund_item(desk: Desk, fund_id: str, item: str, position: int) -> Cells:
    """The sums of one service item; one that the fund did not name at its opening gets a row when money comes."""
    row = desk.fund_items.find((fund_id, item))
    if row is None:
        row = desk.fund_items.add(fund=fund_id, item=item)
    row["version"] = position
    return row


@on(fund.FundOpened)
def _fund_opened(desk: Desk, e: Recorded, f: fund.FundOpened) -> None:
    desk.funds.add(
        fund=f.fund, number=e.position, name=f.name, purpose=f.purpose, host_charity=f.host_charity,
        committee="\n".join(f.committee), supervisor=f.supervisor, opened_on=f.opened_on.isoformat(),
        version=e.position,
    )  # fmt: skip
    for rank, (code, name) in enumerate(f.items, start=1):
        fund_item(desk, f.fund, code, e.position).update(rank=rank, name=name)
    fund_item(desk, f.fund, GENERAL, e.position)


@on(fund.DonationPledged, fund_items="fund")
def _pledged(desk: Desk, e: Recorded, f: fund.DonationPledged) -> None:
    desk.pledges.add(
        pledge_id=f.pledge_id, number=e.position, fund=f.fund, donor=f.donor, item=f.item, amount_fen=f.amount_fen,
        open_fen=f.amount_fen, status="open", day=f.day.isoformat(), words=f.words, version=e.position,
    )  # fmt: skip
    fund_item(desk, f.fund, f.item, e.position)["pledged_fen"] += f.amount_fen


@on(fund.PledgeWithdrawn, fund_items="fund", pledges="pledge_id")
def _pledge_withdrawn(desk: Desk, e: Recorded, f: fund.PledgeWithdrawn) -> None:
    row = desk.pledges.edit(f.pledge_id)
    row.update(status="withdrawn", open_fen=row["open_fen"] - f.amount_fen, version=e.position)
    fund_item(desk, f.fund, f.item, e.position)["pledged_fen"] -= f.amount_fen


@on(fund.DonationReceived, fund_items="fund", pledges="pledge_id")
def _received(desk: Desk, e: Recorded, f: fund.DonationReceived) -> None:
    desk.receipts.add(
        receipt_id=f.receipt_id, number=e.position, fund=f.fund, donor=f.donor, item=f.item, amount_fen=f.amount_fen,
        method=f.method, handler=f.handler, day=f.day.isoformat(), anonymous=int(f.anonymous), named=int(f.named),
        receipt_waived=int(f.receipt_waived), pledge_id=f.pledge_id, words=f.words, version=e.position,
    )  # fmt: skip
    tracing.come_in(desk, e.position, f.receipt_id, f.fund, f.item, f.amount_fen)
    item = fund_item(desk, f.fund, f.item, e.position)
    item["received_fen"] += f.amount_fen
    item["available_fen"] += f.amount_fen
    if f.pledge_id is not None and f.pledge_met_fen:
        pledge = desk.pledges.edit(f.pledge_id)
        pledge["open_fen"] -= f.pledge_met_fen
        pledge["version"] = e.position
        if pledge["open_fen"] <= 0:
            pledge["status"] = "met"
        item["pledged_fen"] -= f.pledge_met_fen


@on(fund.DonationRefunded, fund_items="fund", receipts="receipt_id", refunds="receipt_id")
def _refunded(desk: Desk, e: Recorded, f: fund.DonationRefunded) -> None:
    row = desk.receipts.find(f.receipt_id)
    if row is None:
        # A refund of the past, whose receipt the old book does not name, stands for itself.
        row = desk.receipts.add(
            receipt_id=f.receipt_id, number=e.position, fund=f.fund, donor=f.donor, item=f.item, method="past",
            handler=f.refunded_by, day=f.day.isoformat(),
        )  # fmt: skip
    tracing.go_back(desk, e.position, f.receipt_id, f.fund, f.item, f.amount_fen)
    row.update(refunded_fen=row["refunded_fen"] + f.amount_fen, reason=f.reason, version=e.position)
    asked = desk.sheet_named("refunds").find(f.receipt_id)
    if asked is not None and asked["status"] == "asked":
        asked.update(status="made", decided_by=f.refunded_by, decided_on=f.day.isoformat(), version=e.position)
    item = fund_item(desk, f.fund, f.item, e.position)
    item["refunded_fen"] += f.amount_fen
    item["available_fen"] -= f.amount_fen


@on(fund.GrantProposed, begins="grant_id")
def _proposed(desk: Desk, e: Recorded, f: fund.GrantProposed) -> None:
    desk.grants.add(
        grant_id=f.grant_id, number=e.position, fund=f.fund, item=f.item, category=f.category,
        amount_fen=f.amount_fen, status="proposed", payee=f.payee, proposer=f.proposer,
        proposed_day=f.day.isoformat(), words=f.words, version=e.position,
    )  # fmt: skip


@on(fund.GrantApproved, fund_items="fund", grants="grant_id")
def _approved(desk: Desk, e: Recorded, f: fund.GrantApproved) -> None:
    desk.grants.edit(f.grant_id).update(status="approved", approver=f.approver, version=e.position)
    item = fund_item(desk, f.fund, f.item, e.position)
    item["available_fen"] -= f.amount_fen
    item["committed_fen"] += f.amount_fen


@on(fund.GrantDeclined, grants="grant_id")
def _declined(desk: Desk, e: Recorded, f: fund.GrantDeclined) -> None:
    desk.grants.edit(f.grant_id).update(status="declined", approver=f.approver, reason=f.reason, version=e.position)


@on(fund.GrantCancelled, fund_items="fund", grants="grant_id")
def _cancelled(desk: Desk, e: Recorded, f: fund.GrantCancelled) -> None:
    desk.grants.edit(f.grant_id).update(status="cancelled", reason=f.reason, version=e.position)
    item = fund_item(desk, f.fund, f.item, e.position)
    item["committed_fen"] -= f.amount_fen
    item["available_fen"] += f.amount_fen


@on(fund.GrantPaid, fund_items="fund", grants="grant_id")
def _paid(desk: Desk, e: Recorded, f: fund.GrantPaid) -> None:
    desk.grants.edit(f.grant_id).update(
        status="paid", payer=f.payer, paid_day=f.day.isoformat(), paid=e.position, version=e.position
    )
    tracing.pay_out(desk, e.position, f.grant_id, f.fund, f.item, f.amount_fen)
    item = fund_item(desk, f.fund, f.item, e.position)
    item["committed_fen"] -= f.amount_fen
    item["spent_fen"] += f.amount_fen


@on(fund.PaymentReturned, fund_items="fund", grants="grant_id")
def _returned(desk: Desk, e: Recorded, f: fund.PaymentReturned) -> None:
    row = desk.grants.find(f.grant_id)
    if row is None:
        # A return of the past, whose payment has an entry of its own, stands for itself.
        row = desk.grants.add(
            grant_id=f.grant_id, number=e.position, fund=f.fund, item=f.item, category=f.category, payer=f.handler,
            paid=e.position, paid_day=f.day.isoformat(),
        )  # fmt: skip
    row["returned_fen"] += f.amount_fen
    row.update(reason=f.reason, version=e.position)
    if row["returned_fen"] >= row["amount_fen"]:
        row["status"] = "returned"
    tracing.come_back(desk, e.position, f.grant_id, f.fund, f.item, f.amount_fen)
    item = fund_item(desk, f.fund, f.item, e.position)
    item["returned_fen"] += f.amount_fen
    item["available_fen"] += f.amount_fen

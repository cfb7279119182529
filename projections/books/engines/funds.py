"""Rows of help cases, changed restrictions, calls for proposals, milestones and disclosures."""

from __future__ import annotations

from datetime import date

from ledger.disclosures import facts as told
from ledger.disclosures.due import emergency_began
from ledger.funds import facts as fund
from ledger.journal.recorded import Recorded
from ledger.proposals import facts as proposal
from projections.books import tracing
from projections.books.apply_funds import fund_item
from projections.books.desk import Desk, on
from projections.books.engines.funds_tables import (
    allocations,
    calls_for_proposals,
    disclosure_duties,
    disclosure_items,
    disclosures,
    fund_item_changes,
    help_cases,
    lot_counts,
    lot_queues,
    lots,
    milestones,
    proposals,
    refunds,
    restriction_changes,
)
from projections.rows import Cells

__all__ = ["allocations", "lot_counts", "lot_queues", "lots"]


@on(fund.RefundAsked, receipts="receipt_id", refunds="receipt_id")
def _refund_asked(desk: Desk, e: Recorded, f: fund.RefundAsked) -> None:
    sheet, receipt = desk.sheet(refunds), desk.receipts.edit(f.receipt_id)
    row = sheet.find(f.receipt_id) or sheet.add(
        receipt_id=f.receipt_id, number=e.position, fund=receipt["fund"], donor=receipt["donor"], item=receipt["item"]
    )
    row.update(
        number=e.position, amount_fen=f.amount_fen, reason=f.reason, status="asked", asked_by=f.asked_by,
        asked_at=e.envelope.at, decided_by=None, decided_on=None, why_not=None, version=e.position,
    )  # fmt: skip


@on(fund.RefundDeclined, refunds="receipt_id")
def _refund_declined(desk: Desk, e: Recorded, f: fund.RefundDeclined) -> None:
    desk.sheet(refunds).edit(f.receipt_id).update(
        status="declined", why_not=f.reason, decided_by=f.declined_by, decided_on=f.day.isoformat(), version=e.position
    )


def _item_changed(desk: Desk, e: Recorded, f: fund.ItemNamed | fund.ItemEnded, status: str, by: str) -> Cells:
    row = fund_item(desk, f.fund, f.item, e.position)
    name = f.name if isinstance(f, fund.ItemNamed) else row["name"]
    desk.sheet(fund_item_changes).add(
        change_id=f"{f.fund}.{f.item}.{e.position}", number=e.position, fund=f.fund, item=f.item, name=name,
        status=status, changed_by=by, day=f.day.isoformat(), version=e.position,
    )  # fmt: skip
    return row


@on(fund.ItemNamed, fund_items="fund")
def _item_named(desk: Desk, e: Recorded, f: fund.ItemNamed) -> None:
    row = _item_changed(desk, e, f, "named", f.named_by)
    # The fund's own items stand in their order, those that came later behind them as they came.
    row.update(name=f.name, ended_on=None, rank=row["rank"] or e.position)


@on(fund.ItemEnded, fund_items="fund")
def _item_ended(desk: Desk, e: Recorded, f: fund.ItemEnded) -> None:
    _item_changed(desk, e, f, "ended", f.ended_by)["ended_on"] = f.day.isoformat()


@on(fund.RestrictionChangeAsked, begins="change_id")
def _change_asked(desk: Desk, e: Recorded, f: fund.RestrictionChangeAsked) -> None:
    desk.sheet(restriction_changes).add(
        change_id=f.change_id, number=e.position, receipt_id=f.receipt_id, fund=f.fund, donor=f.donor, item=f.item,
        to_item=f.to_item, amount_fen=f.amount_fen, reason=f.reason, status="asked", asked_by=f.asked_by,
        day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


def _move_between_items(desk: Desk, position: int, slug: str, item: str, to_item: str, amount_fen: int) -> None:
    source = fund_item(desk, slug, item, position)
    source["available_fen"] -= amount_fen
    target = fund_item(desk, slug, to_item, position)
    target["available_fen"] += amount_fen


@on(fund.RestrictionChanged, restriction_changes="change_id", fund_items="fund")
def _restriction_changed(desk: Desk, e: Recorded, f: fund.RestrictionChanged) -> None:
    desk.sheet(restriction_changes).edit(f.change_id).update(
        status="agreed", agreed_by=f.agreed_by, agreed_on=f.day.isoformat(), version=e.position
    )
    tracing.take_out(desk, e.position, f.receipt_id, f.item, f.amount_fen)
    tracing.come_in(desk, e.position, f.receipt_id, f.fund, f.to_item, f.amount_fen)
    _move_between_items(desk, e.position, f.fund, f.item, f.to_item, f.amount_fen)


@on(fund.HelpCaseOpened, begins="case_id")
def _case_opened(desk: Desk, e: Recorded, f: fund.HelpCaseOpened) -> None:
    desk.sheet(help_cases).add(
        case_id=f.case_id, number=e.position, fund=f.fund, item=f.item, title=f.title, beneficiary=f.beneficiary,
        need_fen=f.need_fen, status="open", opened_by=f.opened_by, day=f.day.isoformat(), words=f.words,
        version=e.position,
    )  # fmt: skip


@on(fund.HelpCaseClosed, help_cases="case_id", fund_items="fund")
def _case_closed(desk: Desk, e: Recorded, f: fund.HelpCaseClosed) -> None:
    row = desk.sheet(help_cases).edit(f.case_id)
    row.update(
        status="closed", outcome=f.outcome, to_item=f.to_item, remainder_fen=row["remainder_fen"] + f.remainder_fen,
        closed_by=f.closed_by, closed_on=f.day.isoformat(), version=e.position,
    )  # fmt: skip
    tracing.move_on(desk, e.position, f.fund, f.item, f.to_item, f.remainder_fen)
    _move_between_items(desk, e.position, f.fund, f.item, f.to_item, f.remainder_fen)


# ---- calls for proposals -------------------------------------------------------------------------------------------------


@on(proposal.CallOpened, begins="call_id")
def _call_opened(desk: Desk, e: Recorded, f: proposal.CallOpened) -> None:
    desk.sheet(calls_for_proposals).add(
        call_id=f.call_id, number=e.position, fund=f.fund, item=f.item, category=f.category, title=f.title,
        budget_fen=f.budget_fen, most_fen=f.most_fen, judges="\n".join(f.judges),
        criteria="\n".join(f"{name} {most}" for name, most in f.criteria), least_scores=f.least_scores,
        pass_percent=f.pass_percent, opened_by=f.opened_by, day=f.day.isoformat(),
        until_day=f.until_day.isoformat(), version=e.position,
    )  # fmt: skip


@on(proposal.ProposalSubmitted, begins="proposal_id", calls_for_proposals="call_id")
def _submitted(desk: Desk, e: Recorded, f: proposal.ProposalSubmitted) -> None:
    desk.sheet(proposals).add(
        proposal_id=f.proposal_id, number=e.position, call_id=f.call_id, applicant=f.applicant, title=f.title,
        asked_fen=f.asked_fen, status="submitted", submitted_by=f.submitted_by, day=f.day.isoformat(), words=f.words,
        version=e.position,
    )  # fmt: skip
    call = desk.sheet(calls_for_proposals).edit(f.call_id)
    call.update(proposals=call["proposals"] + 1, version=e.position)


@on(proposal.ProposalScored, proposals="proposal_id")
def _scored(desk: Desk, e: Recorded, f: proposal.ProposalScored) -> None:
    row = desk.sheet(proposals).edit(f.proposal_id)
    row.update(scores=row["scores"] + 1, points=row["points"] + f.total, version=e.position)


@on(proposal.ProposalAwarded, proposals="proposal_id", calls_for_proposals="call_id")
def _awarded(desk: Desk, e: Recorded, f: proposal.ProposalAwarded) -> None:
    desk.sheet(proposals).edit(f.proposal_id).update(
        status="awarded", approver=f.approver, awarded_on=f.day.isoformat(), version=e.position
    )
    call = desk.sheet(calls_for_proposals).edit(f.call_id)
    call.update(awarded_fen=call["awarded_fen"] + f.amount_fen, version=e.position)


@on(proposal.MilestoneAgreed, begins="grant_id")
def _milestone_agreed(desk: Desk, e: Recorded, f: proposal.MilestoneAgreed) -> None:
    desk.sheet(milestones).add(
        grant_id=f.grant_id, number=e.position, proposal_id=f.proposal_id, applicant=f.applicant, name=f.name,
        amount_fen=f.amount_fen, status="agreed", due_day=f.due_day.isoformat(), version=e.position,
    )  # fmt: skip


@on(proposal.MilestoneReported, milestones="grant_id")
def _milestone_reported(desk: Desk, e: Recorded, f: proposal.MilestoneReported) -> None:
    desk.sheet(milestones).edit(f.grant_id).update(
        status="reported", evidence="\n".join(f.evidence), reported_by=f.reported_by,
        reported_on=f.day.isoformat(), words=f.words, version=e.position,
    )  # fmt: skip


@on(proposal.MilestoneAccepted, milestones="grant_id")
def _milestone_accepted(desk: Desk, e: Recorded, f: proposal.MilestoneAccepted) -> None:
    desk.sheet(milestones).edit(f.grant_id).update(
        status="accepted", accepted_by=f.accepted_by, accepted_on=f.day.isoformat(), version=e.position
    )


# ---- disclosures -----------------------------------------------------------------------------------------------------------


def _duty(desk: Desk, position: int, fund_id: str) -> Cells:
    row = desk.sheet(disclosure_duties).find(fund_id)
    if row is None:
        row = desk.sheet(disclosure_duties).add(fund=fund_id)
    row["version"] = position
    return row


@on(fund.FundClosed, disclosure_duties="fund")
def _fund_closed(desk: Desk, e: Recorded, f: fund.FundClosed) -> None:
    _duty(desk, e.position, f.fund)["closed_on"] = f.day.isoformat()


@on(told.EmergencyDeclared, disclosure_duties="fund")
def _emergency(desk: Desk, e: Recorded, f: told.EmergencyDeclared) -> None:
    row = _duty(desk, e.position, f.fund)
    begun, until_day, told_until = (
        None if row.get(name) is None else date.fromisoformat(row[name])
        for name in ("emergency_from", "emergency_until", "told_until")
    )
    began = emergency_began(f.day, begun, until_day, told_until)
    row.update(emergency_from=began.isoformat(), emergency_until=f.until_day.isoformat())


_SUMS = (
    "opening_fen", "received_fen", "refunded_fen", "spent_fen", "returned_fen", "fee_fen", "closing_fen", "donations",
    "payments",
)  # fmt: skip
_OF_ITEM = ("opening", "received", "refunded", "moved", "spent", "returned", "closing")


def _tell_items(desk: Desk, position: int, f: told.FiguresFact, disclosure_id: str) -> None:
    sheet = desk.sheet(disclosure_items)
    for item, *sums in f.items:
        disclosed_id = f"{disclosure_id}.{item}"
        row = sheet.find(disclosed_id) or sheet.add(
            disclosed_id=disclosed_id, number=position, disclosure_id=disclosure_id, item=item
        )  # fmt: skip
        row.update({f"{name}_fen": amount for name, amount in zip(_OF_ITEM, sums, strict=True)}, version=position)


@on(told.DisclosurePublished, begins="disclosure_id", disclosure_duties="fund")
def _published(desk: Desk, e: Recorded, f: told.DisclosurePublished) -> None:
    desk.sheet(disclosures).add(
        disclosure_id=f.disclosure_id, number=e.position, fund=f.fund, kind=f.kind, from_day=f.from_day.isoformat(),
        until_day=f.until_day.isoformat(), published_by=f.published_by, day=f.day.isoformat(), version=e.position,
        **{name: getattr(f, name) for name in _SUMS},
    )  # fmt: skip
    _tell_items(desk, e.position, f, f.disclosure_id)
    _duty(desk, e.position, f.fund).update(told_until=f.until_day.isoformat(), final=int(f.kind == "final"))


@on(told.DisclosureCorrected, disclosures="disclosure_id")
def _corrected(desk: Desk, e: Recorded, f: told.DisclosureCorrected) -> None:
    row = desk.sheet(disclosures).edit(f.disclosure_id)
    row.update(
        corrections=row["corrections"] + 1, reason=f.reason, corrected_by=f.corrected_by,
        corrected_on=f.day.isoformat(), version=e.position, **{name: getattr(f, name) for name in _SUMS},
    )  # fmt: skip
    _tell_items(desk, e.position, f, f.disclosure_id)

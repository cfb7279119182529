"""Decisions that need the donor or a second person: money that goes back, and money that may be spent on something else."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds import commands as do
from ledger.funds import facts
from ledger.funds.grants import cover
from ledger.funds.interest import check_donor
from ledger.funds.shapes import case_of
from ledger.funds.state import Donors, HelpCase, Receipt, RestrictionChange, need_item, need_receipt
from ledger.parties.state import acts_for, need_party
from ledger.policy.state import plausible_day, policy_of
from ledger.units import check_fen


def _check_left(view: View, receipt: Receipt, received: facts.DonationReceived, amount_fen: int) -> None:
    """Raises Refused `more_than_received` beyond what was neither given back nor let be spent on something else, and
    `case_closed` where what was left of a case went on to a like purpose: it is nobody's share of it any more."""
    check_fen(amount_fen)
    case_id = case_of(received.item)
    if case_id is not None and view.state(HelpCase, case_id).closed:
        raise Refused("case_closed", case=case_id)
    left = received.amount_fen - receipt.refunded_fen - receipt.moved_fen
    if amount_fen > left:
        raise Refused("more_than_received", left_fen=left, asked_fen=amount_fen)


def _check_gave(view: View, fund: str, donor: str, amount_fen: int) -> None:
    """Nobody gets more back from a fund than they gave; raises Refused `more_than_received`.

    Refunds of the past name no receipt, so that receipts alone do not tell. Of money without a name nobody can say
    whose it was.
    """
    if donor == do.ANONYMOUS:
        return
    left = view.state(Donors, fund).gave.get(donor, 0)
    if amount_fen > left:
        raise Refused("more_than_received", left_fen=left, asked_fen=amount_fen)


def _only_asked(view: View, c: do.RefundDonation, asked: facts.RefundAsked | None, scene: Scene) -> bool:
    """Whether this is the first of two people; a different amount or reason asks anew. Raises NotYours."""
    if policy_of(view).number("funds.refund_approvers", scene.today) < 2:
        return False
    if asked is None or (asked.amount_fen, asked.reason) != (c.amount_fen, c.reason):
        return True
    if asked.asked_by in (scene.actor, scene.behalf):
        raise NotYours("second_refunder_needed")
    return False


def refund_donation(view: View, c: do.RefundDonation, scene: Scene) -> list[Fact]:
    """See `RefundDonation`: a reasoned reversal of no more than came in and is still there."""
    receipt, received = need_receipt(view, c.receipt_id)
    _check_left(view, receipt, received, c.amount_fen)
    cover(view, received.fund, received.item, c.amount_fen)
    _check_gave(view, received.fund, received.donor, c.amount_fen)
    if _only_asked(view, c, receipt.asked, scene):
        return [
            facts.RefundAsked(
                receipt_id=c.receipt_id, amount_fen=c.amount_fen, reason=c.reason, asked_by=scene.actor
            )
        ]  # fmt: skip
    return [
        facts.DonationRefunded(
            receipt_id=c.receipt_id,
            fund=received.fund,
            donor=received.donor,
            item=received.item,
            amount_fen=c.amount_fen,
            reason=c.reason,
            refunded_by=scene.actor,
            day=scene.today,
        )
    ]


def decline_refund(view: View, c: do.DeclineRefund, scene: Scene) -> list[Fact]:
    """See `DeclineRefund`: of whoever handles money, also who asked; nothing moves, and it can be asked for anew."""
    receipt, _ = need_receipt(view, c.receipt_id)
    if receipt.asked is None:
        raise Conflict("no_refund_asked", receipt=c.receipt_id)
    return [
        facts.RefundDeclined(
            receipt_id=c.receipt_id,
            amount_fen=receipt.asked.amount_fen,
            reason=c.reason,
            declined_by=scene.actor,
            day=scene.today,
        )
    ]


def record_past_refund(view: View, c: do.RecordPastRefund, scene: Scene) -> list[Fact]:
    """See `RecordPastRefund`; like every refund it takes no more than is there, and than its donor gave.

    Where policy asked for two people on that day, it is no matter of the past, and one person does not enter it.
    """
    fund, _ = need_item(view, c.fund, c.item)
    check_fen(c.amount_fen)
    if c.donor != do.ANONYMOUS:
        need_party(view, c.donor)
    check_id(c.receipt_id, "rcpt")
    if view.state(Receipt, c.receipt_id).received is not None:
        raise Conflict("receipt_exists", receipt=c.receipt_id)
    day = plausible_day(c.day, scene.today)
    if policy_of(view).number("funds.refund_approvers", day) > 1:
        raise NotYours("second_refunder_needed")
    cover(view, fund.tag, c.item, c.amount_fen)
    _check_gave(view, fund.tag, c.donor, c.amount_fen)
    return [
        facts.DonationRefunded(
            receipt_id=c.receipt_id,
            fund=fund.tag,
            donor=c.donor,
            item=c.item,
            amount_fen=c.amount_fen,
            reason=c.reason,
            refunded_by=scene.actor,
            day=day,
        )
    ]


def ask_restriction_change(view: View, c: do.AskRestrictionChange, scene: Scene) -> list[Fact]:
    """See `AskRestrictionChange`; nobody can agree in the place of a donor whom nobody knows."""
    receipt, received = need_receipt(view, c.receipt_id)
    need_item(view, received.fund, c.to_item)
    if c.to_item == received.item:
        raise Refused("same_item", item=c.to_item)
    if received.donor == do.ANONYMOUS:
        raise Refused("donor_unknown", receipt=c.receipt_id)
    _check_left(view, receipt, received, c.amount_fen)
    if view.state(RestrictionChange, check_id(c.change_id, "change")).asked is not None:
        raise Conflict("change_exists", change=c.change_id)
    return [
        facts.RestrictionChangeAsked(
            change_id=c.change_id,
            receipt_id=c.receipt_id,
            fund=received.fund,
            donor=received.donor,
            item=received.item,
            to_item=c.to_item,
            amount_fen=c.amount_fen,
            reason=c.reason,
            asked_by=scene.actor,
            day=scene.today,
        )
    ]


def agree_restriction_change(view: View, c: do.AgreeRestrictionChange, scene: Scene) -> list[Fact]:
    """See `AgreeRestrictionChange`: by whoever acts for the donor, and who asked does not agree with themselves."""
    change = view.state(RestrictionChange, c.change_id)
    asked = change.asked
    if asked is None:
        raise NotFound("no_such_change", change=c.change_id)
    if change.agreed:
        raise Conflict("change_settled", change=c.change_id)
    if not acts_for(view, scene.actor, asked.donor):
        raise NotYours("not_the_donor")
    if asked.asked_by in (scene.actor, scene.behalf):
        raise NotYours("asker_is_donor")
    receipt, received = need_receipt(view, asked.receipt_id)
    need_item(view, asked.fund, asked.to_item)
    check_donor(view, asked.donor, asked.to_item)
    _check_left(view, receipt, received, asked.amount_fen)
    cover(view, asked.fund, asked.item, asked.amount_fen)
    return [
        facts.RestrictionChanged(
            change_id=c.change_id,
            receipt_id=asked.receipt_id,
            fund=asked.fund,
            donor=asked.donor,
            item=asked.item,
            to_item=asked.to_item,
            amount_fen=asked.amount_fen,
            agreed_by=scene.actor,
            day=scene.today,
        )
    ]


GIVING_BACK_RULES: dict[type[Command], Decide] = {
    do.RefundDonation: refund_donation,
    do.DeclineRefund: decline_refund,
    do.RecordPastRefund: record_past_refund,
    do.AskRestrictionChange: ask_restriction_change,
    do.AgreeRestrictionChange: agree_restriction_change,
}

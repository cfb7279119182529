"""Decisions about grants: money leaves a fund past three pairs of eyes only (domain.md §2, Funds)."""

from __future__ import annotations

from datetime import date

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.funds import commands as do
from ledger.funds import facts
from ledger.funds.interest import has_interest
from ledger.funds.shapes import check_category
from ledger.funds.state import FundState, Grant, beneficiary_of, need_fund, need_grant, need_item
from ledger.parties.state import need_member, need_party
from ledger.policy.state import plausible_day, policy_of
from ledger.rights import serves
from ledger.units import check_fen


def cover(view: View, fund: str, item: str, amount_fen: int) -> None:
    """A restricted gift is spent on its restriction only (慈善法 §56): raises Refused `insufficient_fund` beyond it."""
    available = view.state(FundState, fund).available_fen(item)
    if available < amount_fen:
        raise Refused("insufficient_fund", item=item, available_fen=available, asked_fen=amount_fen)


def check_fee(view: View, fund: str, category: str, amount_fen: int, day: date) -> None:
    """Management takes no more than its share of what the fund spends in the year, itself included (慈善法 §61).

    Raises Refused `fee_over_ceiling`.
    """
    if category != do.MANAGEMENT_FEE:
        # Nothing is read, so that payments for other things never wait for each other.
        return
    percent = policy_of(view).number_or_none("funds.fee_percent", day)
    if percent is None:
        return
    paid, fees = view.state(FundState, fund).years.get(str(day.year), (0, 0))
    if (fees + amount_fen) * 100 > percent * (paid + amount_fen):
        raise Refused(
            "fee_over_ceiling", year=day.year, percent=percent, spent_fen=paid, fees_fen=fees, asked_fen=amount_fen
        )


def _check_milestone(grant: Grant, scene: Scene) -> None:
    """Part of a proposal is paid when it was reported and accepted, by a third person (three pairs of eyes)."""
    if grant.milestone is None:
        return
    if grant.reported is None or not grant.accepted_by:
        raise Conflict("milestone_not_accepted", grant=grant.tag)
    if grant.reported.reported_by in (scene.actor, scene.behalf):
        raise NotYours("payer_is_reporter")
    if grant.accepted_by in (scene.actor, scene.behalf):
        raise NotYours("payer_is_accepter")


def _check_payee(view: View, proposed: facts.GrantProposed, scene: Scene, code: str) -> None:
    """Money goes to nobody who may take on nothing new, and not past whoever is tied to who gets it (慈善法 §40).

    Raises Refused as `check_may_act` does, and NotYours with that code.
    """
    if proposed.payee is not None:
        check_may_act(view, proposed.payee, scene.today)
    for helped in (proposed.payee, beneficiary_of(view, proposed.item)):
        if helped is not None and has_interest(view, scene.actor, helped):
            raise NotYours(code)


def _fresh(view: View, grant_id: str) -> None:
    if view.state(Grant, check_id(grant_id, "grant")).status:
        raise Conflict("grant_exists", grant=grant_id)


def in_committee(opened: facts.FundOpened, member: str) -> None:
    """Raises NotYours `not_in_committee`."""
    if member not in opened.committee:
        raise NotYours("not_in_committee", fund=opened.fund)


def propose_grant(view: View, c: do.ProposeGrant, scene: Scene) -> list[Fact]:
    """See `ProposeGrant`; the proposer is a person, so that the three pairs of eyes can be told apart."""
    need_member(view, scene.actor)
    fund, _ = need_item(view, c.fund, c.item)
    if c.payee is not None:
        need_party(view, c.payee)
        check_may_act(view, c.payee, scene.today)
    _fresh(view, c.grant_id)
    return [
        facts.GrantProposed(
            grant_id=c.grant_id,
            fund=fund.tag,
            item=c.item,
            category=check_category(c.category),
            amount_fen=check_fen(c.amount_fen),
            payee=c.payee,
            proposer=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _judged(view: View, grant_id: str, scene: Scene) -> facts.GrantProposed:
    """A proposal that waits for this actor's judgement: a member of the committee who did not make it."""
    _, proposed = need_grant(view, grant_id, "proposed", "grant_not_open")
    _, opened = need_fund(view, proposed.fund)
    if proposed.proposer in (scene.actor, scene.behalf):
        raise NotYours("proposer_is_approver")
    in_committee(opened, scene.actor)
    need_member(view, scene.actor)
    return proposed


def approve_grant(view: View, c: do.ApproveGrant, scene: Scene) -> list[Fact]:
    """See `ApproveGrant`; nobody approves money for themselves or for whom they are tied to, nor out of a closed case."""
    proposed = _judged(view, c.grant_id, scene)
    need_item(view, proposed.fund, proposed.item)
    _check_payee(view, proposed, scene, "payee_is_approver")
    cover(view, proposed.fund, proposed.item, proposed.amount_fen)
    check_fee(view, proposed.fund, proposed.category, proposed.amount_fen, scene.today)
    return [
        facts.GrantApproved(
            grant_id=c.grant_id,
            fund=proposed.fund,
            item=proposed.item,
            amount_fen=proposed.amount_fen,
            approver=scene.actor,
        )
    ]


def decline_grant(view: View, c: do.DeclineGrant, scene: Scene) -> list[Fact]:
    """See `DeclineGrant`."""
    proposed = _judged(view, c.grant_id, scene)
    return [facts.GrantDeclined(grant_id=c.grant_id, fund=proposed.fund, reason=c.reason, approver=scene.actor)]


def cancel_grant(view: View, c: do.CancelGrant, scene: Scene) -> list[Fact]:
    """See `CancelGrant`; by a treasurer, or a member of the fund's committee."""
    _, proposed = need_grant(view, c.grant_id, "approved", "grant_not_approved")
    if not serves(view, scene.actor, "treasurer"):
        in_committee(need_fund(view, proposed.fund)[1], scene.actor)
    return [
        facts.GrantCancelled(
            grant_id=c.grant_id,
            fund=proposed.fund,
            item=proposed.item,
            amount_fen=proposed.amount_fen,
            reason=c.reason,
            cancelled_by=scene.actor,
        )
    ]


def pay_grant(view: View, c: do.PayGrant, scene: Scene) -> list[Fact]:
    """See `PayGrant`; the payer is a third person, and not tied to who is paid."""
    grant, proposed = need_grant(view, c.grant_id, "approved", "grant_not_approved")
    if proposed.proposer in (scene.actor, scene.behalf):
        raise NotYours("payer_is_proposer")
    if grant.approver in (scene.actor, scene.behalf):
        raise NotYours("payer_is_approver")
    need_member(view, scene.actor)
    _check_payee(view, proposed, scene, "payee_is_payer")
    _check_milestone(grant, scene)
    day = plausible_day(c.day, scene.today)
    check_fee(view, proposed.fund, proposed.category, proposed.amount_fen, day)
    if day < proposed.day:
        raise Refused("paid_before_proposed", day=day.isoformat(), proposed_on=proposed.day.isoformat())
    return [
        facts.GrantPaid(
            grant_id=c.grant_id,
            fund=proposed.fund,
            item=proposed.item,
            category=proposed.category,
            amount_fen=proposed.amount_fen,
            payer=scene.actor,
            day=day,
        )
    ]


def return_payment(view: View, c: do.ReturnPayment, scene: Scene) -> list[Fact]:
    """See `ReturnPayment`; no more comes back than was paid, and than its item paid less what came back already."""
    grant, proposed = need_grant(view, c.grant_id, "paid", "grant_not_paid")
    check_fen(c.amount_fen)
    # Returns of the past name no payment: what they brought back cannot come back once more.
    spent = view.state(FundState, proposed.fund).spent_fen(proposed.item)
    left = min(grant.paid_fen - grant.returned_fen, spent)
    if c.amount_fen > left:
        raise Refused("more_than_paid", left_fen=left, asked_fen=c.amount_fen)
    return [
        facts.PaymentReturned(
            grant_id=c.grant_id,
            fund=proposed.fund,
            item=proposed.item,
            category=proposed.category,
            amount_fen=c.amount_fen,
            reason=c.reason,
            handler=scene.actor,
            day=plausible_day(c.day, scene.today),
        )
    ]


def _three_pairs_of_eyes(view: View, c: do.RecordPastSpending, opened: facts.FundOpened) -> None:
    if c.proposer == c.approver:
        raise NotYours("proposer_is_approver")
    if c.payer == c.proposer:
        raise NotYours("payer_is_proposer")
    if c.payer == c.approver:
        raise NotYours("payer_is_approver")
    in_committee(opened, c.approver)
    for member in (c.proposer, c.approver, c.payer):
        need_member(view, member)


def _may_come_back(fund: FundState, item: str, category: str, day: date) -> int:
    """More than was ever paid would be money from nothing; more than a year's fees, room below their ceiling."""
    if category != do.MANAGEMENT_FEE:
        return fund.spent_fen(item)
    _paid, fees = fund.years.get(str(day.year), (0, 0))
    return min(fund.spent_fen(item), fees)


def record_past_spending(view: View, c: do.RecordPastSpending, scene: Scene) -> list[Fact]:
    """See `RecordPastSpending`; what came back enters as a return alone, since its payment has an entry of its own."""
    fund, opened = need_item(view, c.fund, c.item)
    category = check_category(c.category)
    check_fen(c.amount_fen)
    _three_pairs_of_eyes(view, c, opened)
    day = plausible_day(c.day, scene.today)
    _fresh(view, c.grant_id)
    if c.returned:
        left = _may_come_back(fund, c.item, category, day)
        if c.amount_fen > left:
            raise Refused("more_than_paid", left_fen=left, asked_fen=c.amount_fen)
        return [
            facts.PaymentReturned(
                grant_id=c.grant_id,
                fund=fund.tag,
                item=c.item,
                category=category,
                amount_fen=c.amount_fen,
                reason="not_used",
                handler=c.payer,
                day=day,
            )
        ]
    cover(view, fund.tag, c.item, c.amount_fen)
    check_fee(view, fund.tag, category, c.amount_fen, day)
    return [
        facts.GrantProposed(
            grant_id=c.grant_id,
            fund=fund.tag,
            item=c.item,
            category=category,
            amount_fen=c.amount_fen,
            proposer=c.proposer,
            day=day,
            words=scene.sealed,
        ),
        facts.GrantApproved(
            grant_id=c.grant_id, fund=fund.tag, item=c.item, amount_fen=c.amount_fen, approver=c.approver
        ),
        facts.GrantPaid(
            grant_id=c.grant_id,
            fund=fund.tag,
            item=c.item,
            category=category,
            amount_fen=c.amount_fen,
            payer=c.payer,
            day=day,
        ),
    ]


_COMMITTEE, _TREASURER = frozenset({"committee_member"}), frozenset({"treasurer"})

GRANT_RULES: dict[type[Command], Decide] = {
    do.ProposeGrant: propose_grant,
    do.ApproveGrant: approve_grant,
    do.DeclineGrant: decline_grant,
    do.CancelGrant: cancel_grant,
    do.PayGrant: pay_grant,
    do.ReturnPayment: return_payment,
    do.RecordPastSpending: record_past_spending,
}

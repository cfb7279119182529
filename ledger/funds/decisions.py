"""Decisions of funds: opening, promises and money in (domain.md §2, Funds)."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds import commands as do
from ledger.funds import facts
from ledger.funds.cases import CASE_RULES
from ledger.funds.commands import ANONYMOUS
from ledger.funds.giving_back import GIVING_BACK_RULES
from ledger.funds.grants import GRANT_RULES
from ledger.funds.interest import check_donor
from ledger.funds.items import ITEM_RULES
from ledger.funds.shapes import (
    NAME_LETTERS,
    PURPOSE_LETTERS,
    check_fund_id,
    check_item_code,
    fund_id,
)
from ledger.funds.state import FundState, Pledge, Receipt, need_item, need_open_pledge
from ledger.ids import UNIT, looks_like_id
from ledger.parties.state import Standing, acts_for, need_member, need_party
from ledger.policy.state import plausible_day, policy_of
from ledger.units import check_fen


def _check_committee(view: View, c: do.OpenFund, scene: Scene) -> None:
    """An odd committee of at least policy's size, and a supervisor outside it (practice: Hunan 2025)."""
    least = policy_of(view).number("funds.committee_least", scene.today)
    if len(set(c.committee)) != len(c.committee):
        raise Refused("committee_repeats")
    if len(c.committee) < least:
        raise Refused("committee_too_small", members=len(c.committee), least=least)
    if len(c.committee) % 2 == 0:
        raise Refused("committee_even", members=len(c.committee))
    if c.supervisor in c.committee:
        raise Refused("supervisor_in_committee")
    for member in c.committee:
        need_member(view, member)
    need_party(view, c.supervisor)


def open_fund(view: View, c: do.OpenFund, scene: Scene) -> list[Fact]:
    """See `OpenFund`; the host charity is a registered unit, or the public name of a charity outside the ledger."""
    fund = check_fund_id(fund_id(c.slug))
    if view.state(FundState, fund).opened is not None:
        raise Conflict("fund_exists", fund=fund)
    name, purpose = check_name(c.name, NAME_LETTERS), check_name(c.purpose, PURPOSE_LETTERS, field="purpose")
    host_charity = check_name(c.host_charity, NAME_LETTERS, field="host_charity")
    if looks_like_id(host_charity) and view.state(Standing, host_charity).kind != UNIT:
        raise NotFound("no_such_unit", party=host_charity)
    _check_committee(view, c, scene)
    items = tuple((check_item_code(item.code), check_name(item.name, NAME_LETTERS, field="item")) for item in c.items)
    if len({code for code, _name in items}) != len(items):
        raise Refused("item_repeats")
    return [
        facts.FundOpened(
            fund=fund,
            name=name,
            purpose=purpose,
            host_charity=host_charity,
            committee=c.committee,
            supervisor=c.supervisor,
            items=items,
            opened_on=scene.today,
        )
    ]


def pledge_donation(view: View, c: do.PledgeDonation, scene: Scene) -> list[Fact]:
    """See `PledgeDonation`: nothing that can be spent."""
    fund, _ = need_item(view, c.fund, c.item)
    need_party(view, c.donor)
    check_donor(view, c.donor, c.item)
    if view.state(Pledge, check_id(c.pledge_id, "pledge")).made is not None:
        raise Conflict("pledge_exists", pledge=c.pledge_id)
    return [
        facts.DonationPledged(
            pledge_id=c.pledge_id,
            fund=fund.tag,
            donor=c.donor,
            item=c.item,
            amount_fen=check_fen(c.amount_fen),
            day=scene.today,
            words=scene.sealed,
        )
    ]


def withdraw_pledge(view: View, c: do.WithdrawPledge, scene: Scene) -> list[Fact]:
    """See `WithdrawPledge`; by whoever may act for the donor, or by a treasurer."""
    pledge, made = need_open_pledge(view, c.pledge_id)
    if scene.role != "treasurer" and not acts_for(view, scene.actor, made.donor):
        raise NotYours("not_your_pledge")
    return [
        facts.PledgeWithdrawn(
            pledge_id=c.pledge_id, fund=made.fund, donor=made.donor, item=made.item, amount_fen=pledge.open_fen
        )
    ]


def _pledge_met_fen(view: View, c: do.ReceiveDonation, fund: str) -> int:
    """How much of a pledge this money fulfils: the same fund, donor and item, and no more than is open."""
    if c.pledge_id is None:
        return 0
    pledge, made = need_open_pledge(view, c.pledge_id)
    if (made.fund, made.donor, made.item) != (fund, c.donor, c.item):
        raise Refused("pledge_differs", pledge=c.pledge_id)
    return min(pledge.open_fen, c.amount_fen)


def receive_donation(view: View, c: do.ReceiveDonation, scene: Scene) -> list[Fact]:
    """See `ReceiveDonation`; what a receipt must name follows 慈善法 §38."""
    fund, _ = need_item(view, c.fund, c.item)
    check_fen(c.amount_fen)
    if c.donor != ANONYMOUS:
        need_party(view, c.donor)
    check_donor(view, c.donor, c.item)
    nobody_to_name = c.donor == ANONYMOUS and not scene.sealed
    if c.named and (c.anonymous or nobody_to_name):
        raise Refused("anonymous_and_named")
    if c.handler is not None:
        need_member(view, c.handler)
    day = plausible_day(c.day, scene.today)
    if view.state(Receipt, check_id(c.receipt_id, "rcpt")).received is not None:
        raise Conflict("receipt_exists", receipt=c.receipt_id)
    return [
        facts.DonationReceived(
            receipt_id=c.receipt_id,
            fund=fund.tag,
            donor=c.donor,
            item=c.item,
            amount_fen=c.amount_fen,
            method=c.method,
            handler=c.handler or scene.actor,
            day=day,
            anonymous=c.anonymous,
            named=c.named,
            receipt_waived=c.receipt_waived,
            pledge_id=c.pledge_id,
            pledge_met_fen=_pledge_met_fen(view, c, fund.tag),
            words=scene.sealed,
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.OpenFund: open_fund,
    do.PledgeDonation: pledge_donation,
    do.WithdrawPledge: withdraw_pledge,
    do.ReceiveDonation: receive_donation,
    **CASE_RULES,
    **GIVING_BACK_RULES,
    **GRANT_RULES,
    **ITEM_RULES,
}

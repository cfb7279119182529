"""Decisions about targeted help: a case is a restriction of its own; and about the end of a case and of a fund."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.errors import Conflict, NotYours, Refused
from ledger.funds import commands as do
from ledger.funds import facts
from ledger.funds.grants import in_committee
from ledger.funds.shapes import NAME_LETTERS, case_item
from ledger.funds.state import HelpCase, need_case, need_fund, need_item
from ledger.parties.state import need_member, need_party
from ledger.units import check_fen


def open_help_case(view: View, c: do.OpenHelpCase, scene: Scene) -> list[Fact]:
    """See `OpenHelpCase`."""
    fund, _ = need_item(view, c.fund, do.GENERAL)
    need_party(view, c.beneficiary)
    item = case_item(check_id(c.case_id, "case"))
    if view.state(HelpCase, c.case_id).opened is not None or item in fund.items:
        raise Conflict("case_exists", case=c.case_id)
    return [
        facts.HelpCaseOpened(
            case_id=c.case_id,
            fund=fund.tag,
            item=item,
            title=check_name(c.title, NAME_LETTERS, field="title"),
            beneficiary=c.beneficiary,
            need_fen=check_fen(c.need_fen),
            opened_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def close_help_case(view: View, c: do.CloseHelpCase, scene: Scene) -> list[Fact]:
    """See `CloseHelpCase`. Money that comes back later is moved on by closing the case once more."""
    case, opened = need_case(view, c.case_id)
    fund, fund_opened = need_item(view, opened.fund, c.to_item) if c.to_item != opened.item else (None, None)
    if fund is None or fund_opened is None:
        raise Refused("same_item", item=c.to_item)
    in_committee(fund_opened, scene.actor)
    need_member(view, scene.actor)
    if opened.opened_by in (scene.actor, scene.behalf):
        raise NotYours("opener_is_closer")
    if fund.committed_fen(opened.item):
        raise Refused("case_has_open_grants", committed_fen=fund.committed_fen(opened.item))
    remainder_fen = fund.available_fen(opened.item)
    if case.closed and not remainder_fen:
        raise Conflict("case_settled", case=c.case_id)
    return [
        facts.HelpCaseClosed(
            case_id=c.case_id,
            fund=fund.tag,
            item=opened.item,
            to_item=c.to_item,
            remainder_fen=remainder_fen,
            outcome=c.outcome,
            closed_by=scene.actor,
            day=scene.today,
        )
    ]


def close_fund(view: View, c: do.CloseFund, scene: Scene) -> list[Fact]:
    """See `CloseFund`; while anything is left, it is spent on what it was given for, given back, or changed first."""
    fund, _ = need_fund(view, c.fund)
    if fund.closed:
        raise Conflict("fund_closed", fund=fund.tag)
    left = sum(fund.available.values()) + sum(fund.committed.values())
    if left:
        raise Refused("fund_not_empty", left_fen=left)
    return [facts.FundClosed(fund=fund.tag, reason=c.reason, closed_by=scene.actor, day=scene.today)]


CASE_RULES: dict[type[Command], Decide] = {
    do.OpenHelpCase: open_help_case,
    do.CloseHelpCase: close_help_case,
    do.CloseFund: close_fund,
}

"""Decisions about a fund's service items: another one, another name, and the end of one."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_name
from ledger.errors import Conflict, NotFound, Refused
from ledger.funds import commands as do
from ledger.funds import facts
from ledger.funds.shapes import NAME_LETTERS, case_of, check_item_code
from ledger.funds.state import FundState, HelpCase, need_fund


def _need_open(view: View, fund: str) -> FundState:
    """A fund that is not closed; raises NotFound `no_such_fund`, Refused `fund_closed`."""
    state, _ = need_fund(view, fund)
    if state.closed:
        raise Refused("fund_closed", fund=state.tag)
    return state


def name_fund_item(view: View, c: do.NameFundItem, scene: Scene) -> list[Fact]:
    """See `NameFundItem`; money that no donor restricted has its name from the program, and a help case its own."""
    fund = _need_open(view, c.fund)
    item, name = check_item_code(c.item), check_name(c.name, NAME_LETTERS, field="item")
    if item == do.GENERAL:
        raise Refused("bad_item", item=item)
    case_id = case_of(item)
    if case_id is not None and view.state(HelpCase, case_id).opened is not None:
        raise Conflict("case_exists", case=case_id)
    if fund.items.get(item) == name:
        raise Conflict("item_named_so", fund=fund.tag, item=item)
    if any(known == name and code != item for code, known in fund.items.items()):
        raise Refused("item_name_taken", name=name)
    return [facts.ItemNamed(fund=fund.tag, item=item, name=name, named_by=scene.actor, day=scene.today)]


def end_fund_item(view: View, c: do.EndFundItem, scene: Scene) -> list[Fact]:
    """See `EndFundItem`; what is left is spent on what it was given for, given back, or let be spent otherwise first."""
    fund = _need_open(view, c.fund)
    if c.item not in fund.items:
        raise NotFound("no_such_item", fund=fund.tag, item=c.item)
    left = fund.available_fen(c.item) + fund.committed_fen(c.item)
    if left:
        raise Refused("item_not_empty", item=c.item, left_fen=left)
    return [facts.ItemEnded(fund=fund.tag, item=c.item, ended_by=scene.actor, day=scene.today)]


ITEM_RULES: dict[type[Command], Decide] = {
    do.NameFundItem: name_fund_item,
    do.EndFundItem: end_fund_item,
}

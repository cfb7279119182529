"""Which role may give which command of funds."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ledger.base import Command, Right
from ledger.funds import commands as do
from ledger.funds.decisions import RULES
from tests.ledger.given import rule_of


def roles(*names: str) -> Right:
    """A right of roles alone."""
    return Right(roles=frozenset(names))


RIGHTS = {
    do.OpenFund: roles("host_charity", "administrator"),
    do.PledgeDonation: Right(roles=frozenset({"treasurer", "community_worker"}), own=("donor",)),
    do.WithdrawPledge: Right(roles=frozenset({"treasurer"}), anybody=True),
    do.ReceiveDonation: roles("treasurer", "host_charity"),
    do.RefundDonation: roles("treasurer"),
    do.ProposeGrant: roles("committee_member", "community_worker", "host_charity"),
    do.ApproveGrant: roles("committee_member"),
    do.DeclineGrant: roles("committee_member"),
    do.CancelGrant: roles("committee_member", "treasurer"),
    do.PayGrant: roles("treasurer"),
    do.ReturnPayment: roles("treasurer"),
    do.RecordPastSpending: roles("treasurer"),
    do.AskRestrictionChange: roles("treasurer", "committee_member", "host_charity"),
    do.AgreeRestrictionChange: Right(anybody=True),
    do.OpenHelpCase: roles("community_worker", "committee_member", "host_charity"),
    do.CloseHelpCase: roles("committee_member"),
    do.CloseFund: roles("host_charity", "administrator"),
    do.NameFundItem: roles("host_charity", "administrator"),
    do.EndFundItem: roles("host_charity", "administrator"),
    do.DeclineRefund: roles("treasurer"),
}


def test_every_command_of_funds_has_its_rule() -> None:
    named = {kind for kind in vars(do).values() if isinstance(kind, type) and issubclass(kind, Command)} - {Command}
    assert set(RULES) == named


@pytest.mark.parametrize(("command", "right"), RIGHTS.items())
def test_a_command_belongs_to_its_roles(command: type[Command], right: Right) -> None:
    assert replace(rule_of(command).right, at=()) == right

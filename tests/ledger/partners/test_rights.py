"""Which role may give which command about partner units."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ledger.base import Command, Right
from ledger.partners import commands as do
from ledger.partners.decisions import RULES
from tests.ledger.given import rule_of

WORKER = frozenset({"community_worker"})
OFFICE = frozenset({"community_worker", "administrator"})

RIGHTS = {
    do.SignAgreement: Right(roles=OFFICE),
    do.EndAgreement: Right(roles=OFFICE, own=("unit",)),
    do.RecordContribution: Right(roles=WORKER),
    do.OfferGoods: Right(roles=WORKER, own=("unit",)),
    do.MatchOffer: Right(roles=WORKER),
    do.DeliverMatch: Right(roles=WORKER),
    do.CancelMatch: Right(roles=WORKER, anybody=True),
    do.WithdrawOffer: Right(roles=WORKER, anybody=True),
    do.CallOut: Right(roles=OFFICE),
    do.AnswerCall: Right(roles=WORKER, own=("unit",)),
    do.EndCall: Right(roles=OFFICE),
}


def test_every_command_about_partners_has_its_rule() -> None:
    named = {kind for kind in vars(do).values() if isinstance(kind, type) and issubclass(kind, Command)} - {Command}
    assert set(RULES) == named


@pytest.mark.parametrize(("command", "right"), RIGHTS.items())
def test_a_command_belongs_to_its_roles(command: type[Command], right: Right) -> None:
    assert replace(rule_of(command).right, at=()) == right

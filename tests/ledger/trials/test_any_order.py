"""Whoever says whatever in whatever order: levels pass one after the other, each by another person, or not at all."""

from __future__ import annotations

from hypothesis import given as law
from hypothesis import settings
from hypothesis import strategies as some

from ledger.base import Command, Fact
from ledger.trials.commands import ApproveLevel, RejectLevel
from ledger.trials.facts import LevelApproved
from ledger.trials.state import Approval
from tests.ledger.cast import LI, SUN, WANG, ZHAO, granted
from tests.ledger.given import given
from tests.ledger.trials.told import ADOPTED, APPLIED, APPROVAL, LEVELS, STAGE, opened

PEOPLE = (ZHAO, WANG, LI, SUN)
ATTEMPTS = some.lists(
    some.tuples(some.integers(0, 5), some.sampled_from(PEOPLE), some.booleans()), min_size=4, max_size=14
)
SPEAK = some.sets(some.tuples(some.sampled_from(PEOPLE), some.sampled_from([party for _, party in LEVELS[1:]])))


@settings(max_examples=40)
@law(ATTEMPTS, SPEAK)
def test_levels_pass_in_order_and_by_different_people(
    attempts: list[tuple[int, str, bool]], more: set[tuple[str, str]]
) -> None:
    roles = [granted(who, "representative", party) for who, party in sorted(more)]
    past: list[Fact] = [*STAGE, *roles, ADOPTED, opened(), APPLIED]
    for level, who, rejects in attempts:
        command: Command = ApproveLevel(approval_id=APPROVAL, level=level)
        if rejects and level == 3:
            command = RejectLevel(approval_id=APPROVAL, level=level, reason="papers_missing")
        outcome = given(*past).when(command, actor=who)
        past += outcome.facts if outcome.error is None else []
    said = [one for one in past if isinstance(one, LevelApproved)]
    assert [one.level for one in said] == list(range(1, len(said) + 1))
    assert len({one.approved_by for one in said}) == len(said)
    assert [one.last for one in said] == [level == len(LEVELS) for level in range(1, len(said) + 1)]
    approval = given(*past).state(Approval, APPROVAL)
    assert (approval.status == "approved") == (len(said) == len(LEVELS))

"""Whatever happens in whatever order: who is barred holds no claim, and a refusal never changes anything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given as drawn
from hypothesis import strategies as st

from ledger.base import Command, Fact
from ledger.clock import at_time
from ledger.conduct import commands as do
from ledger.conduct.state import conduct_of, may_act
from ledger.errors import NuanlinError
from ledger.partners.commands import SignAgreement
from ledger.requests.commands import ClaimRequest, CloseRequest, FulfilRequest
from ledger.requests.state import ClaimsHeld
from tests.ledger.cast import CHEN, HE, LI, LVYUN, PEOPLE, WANG, granted
from tests.ledger.given import TODAY, Folded, given
from tests.ledger.requests.told import posted, published

REQUESTS = ("req_1", "req_2", "req_3")
BEGIN: tuple[Fact, ...] = (
    *PEOPLE,
    granted(LI, "representative", LVYUN),
    *(posted(one) for one in REQUESTS),
    *(published(one) for one in REQUESTS),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("claim", "fulfil", "dissatisfied", "blacklist", "lift", "exit", "sign")),
        st.sampled_from(REQUESTS),
        st.integers(0, 3),
    ),
    max_size=25,
)


def _asked(step: str, request: str, number: int, day: date, view: Folded) -> tuple[Command, str, str]:
    """The command of a step, and by whom in which role."""
    held: Any = conduct_of(view, LVYUN).blacklisted
    match step:
        case "claim":
            return ClaimRequest(request_id=request, claim_id=f"claim_{number}", claimant=LVYUN), LI, "representative"
        case "fulfil":
            return FulfilRequest(request_id=request, claimant=LVYUN), LI, "representative"
        case "dissatisfied":
            return CloseRequest(request_id=request, requester=WANG, score=1), WANG, ""
        case "blacklist":
            until = day + timedelta(days=number)
            return do.BlacklistParty(party=LVYUN, reason="misconduct", until_day=until), CHEN, "community_worker"
        case "lift":
            bar = "bar_none" if held is None else held.blacklisting_id
            return do.LiftBlacklist(blacklisting_id=bar, party=LVYUN, reason="amends_made"), HE, "community_worker"
        case "exit":
            return do.ExitPartner(unit=LVYUN, reason="by_community"), CHEN, "community_worker"
    sign = SignAgreement(unit=LVYUN, tier="street", from_day=day, until_day=day + timedelta(days=1))
    return sign, CHEN, "community_worker"


@drawn(STEPS)
def test_who_is_barred_holds_no_claim(steps: list[tuple[str, str, int]]) -> None:
    past, day = list(BEGIN), TODAY
    for step, request, number in steps:
        day += timedelta(days=number == 0)
        view = Folded(*past)
        command, actor, role = _asked(step, request, number, day, view)
        outcome = given(*past).when(command, actor=actor, role=role, now_at=at_time(day, 10, 0))
        if outcome.error is None:
            past += outcome.facts
        else:
            assert isinstance(outcome.error, NuanlinError)
        after = Folded(*past)
        if not may_act(after, LVYUN, day):
            assert after.state(ClaimsHeld, LVYUN).leases == {}

"""A plaque's tier asks for accepted work by policy, and new accepted work lets it hang on (M15)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.honours.commands import AwardPlaque, RenewPlaque
from ledger.honours.facts import PlaqueAwarded, PlaqueRenewed, PlaqueRevoked
from ledger.honours.state import ListingsDone, Plaque, PlaqueFor
from tests.ledger.cast import CHEN, HE, LI, LVYUN, PEOPLE, granted
from tests.ledger.given import TODAY, Outcome, given, rule
from tests.ledger.requests.told import REQUEST, claimed, closed, fulfilled, posted, published, reopened

AWARDED = PlaqueAwarded(
    plaque_id="plq_1", unit=LVYUN, tier="bronze", request_id=REQUEST, awarded_by=CHEN, day=date(2024, 5, 1),
    until_day=date(2026, 5, 1),
)  # fmt: skip
RENEW = RenewPlaque(plaque_id="plq_1", request_id="req_2", tier="silver")
RENEWED = PlaqueRenewed(
    plaque_id="plq_1", unit=LVYUN, tier="silver", request_id="req_2", renewed_by=CHEN, day=TODAY,
    until_day=date(2028, 5, 20),
)  # fmt: skip


def listing(number: int, unit: str = LVYUN) -> tuple[Fact, ...]:
    """A listing of the board, done and accepted."""
    request = f"req_{number}"
    accepted = replace(closed(unit, kind="listing", requester=HE, unit=unit), request_id=request)
    return (
        posted(request, kind="listing", requester=HE),
        published(request),
        claimed(unit, request_id=request, by=LI, unit=unit),
        fulfilled(unit, request),
        accepted,
    )


def listings(count: int) -> tuple[Fact, ...]:
    """That many of them."""
    return tuple(fact for number in range(1, count + 1) for fact in listing(number))


def ask(command: Any, *before: Fact) -> Outcome:
    """The street's worker asks."""
    return given(*PEOPLE, *before).when(command, actor=CHEN, role="community_worker")


TIERS = rule("honours.tier_listings", (1, 3, 5))


@pytest.mark.parametrize(("tier", "done", "fits"), [("bronze", 1, True), ("silver", 2, False), ("silver", 3, True),
    ("gold", 4, False), ("gold", 5, True)])  # fmt: skip
def test_a_tier_asks_for_as_many_accepted_listings_as_policy_says(tier: Any, done: int, fits: bool) -> None:
    outcome = ask(AwardPlaque(plaque_id="plq_1", unit=LVYUN, request_id=REQUEST, tier=tier), TIERS, *listings(done))
    if fits:
        assert outcome.facts
    else:
        outcome.refused("tier_not_reached", Refused, accepted=done)


def test_by_default_any_tier_is_open_after_one() -> None:
    assert ask(AwardPlaque(plaque_id="plq_1", unit=LVYUN, request_id=REQUEST, tier="gold"), *listings(1)).facts


def test_work_opened_again_counts_no_more() -> None:
    again = replace(reopened(LVYUN), kind="listing", was_closed=True)
    assert given(*listings(2), again).state(ListingsDone, LVYUN).accepted == 1
    never_closed = replace(again, was_closed=False)
    assert given(*listings(2), never_closed).state(ListingsDone, LVYUN).accepted == 2


def test_new_accepted_work_renews_a_plaque_also_one_whose_term_ran_out() -> None:
    outcome = ask(RENEW, *listings(2), AWARDED).then(RENEWED)
    assert outcome.state(Plaque, "plq_1").renewed == RENEWED
    assert outcome.state(PlaqueFor, "req_2").plaque_id == "plq_1"


def test_the_work_it_was_awarded_for_does_not_renew_it() -> None:
    ask(replace(RENEW, request_id=REQUEST), *listings(1), AWARDED).refused("plaque_exists", Conflict, plaque="plq_1")
    ask(RENEW, *listings(2), AWARDED, RENEWED).refused("plaque_exists", Conflict)


def test_nor_does_work_that_is_not_accepted_or_not_its_own() -> None:
    ask(RENEW, *listings(1), *listing(2)[:4], AWARDED).refused("work_not_accepted", Refused)
    ask(RENEW, *listing(2, unit="unit_bakery"), AWARDED).refused("work_not_accepted")
    ask(RENEW, AWARDED).refused("no_such_request", NotFound)


def test_a_renewal_may_not_skip_a_tier() -> None:
    ask(RENEW, TIERS, *listings(2), AWARDED).refused("tier_not_reached", tier="silver", accepted=2, needed=3)


def test_a_plaque_that_was_taken_down_is_not_renewed() -> None:
    down = PlaqueRevoked(plaque_id="plq_1", unit=LVYUN, reason="mistake", revoked_by=CHEN, day=TODAY)
    ask(RENEW, *listings(2), AWARDED, down).refused("plaque_revoked", Conflict)
    ask(RENEW, *listings(2)).refused("no_such_plaque", NotFound)


def test_nobody_renews_the_plaque_of_their_own_unit_nor_that_of_a_blacklisted_one() -> None:
    ask(RENEW, *listings(2), AWARDED, granted(CHEN, "representative", LVYUN)).refused("own_unit", NotYours)
    listed = PartyBlacklisted(blacklisting_id="bar_1", party=LVYUN, reason="fraud", listed_by=HE, day=TODAY)
    ask(RENEW, *listings(2), AWARDED, listed).refused("blacklisted", Refused)
    ask(AwardPlaque(plaque_id="plq_2", unit=LVYUN, request_id="req_2"), *listings(2), listed).refused("blacklisted")

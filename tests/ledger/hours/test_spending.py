"""Banked minutes are given, donated, granted from the pool, or set aside for a service; nobody overdraws."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.accounts import POOL, REDEEMED, postings
from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.commands import (
    DonateHours,
    ExpireReservation,
    GiveHours,
    GrantFromPool,
    ReleaseReservation,
    ReserveHours,
    SettleReservation,
)
from ledger.hours.facts import HoursDonated, HoursGiven, HoursRedeemed, HoursReleased, HoursReserved, PoolGranted
from ledger.hours.state import Account, Pool, Reservation
from ledger.requests.facts import RequestPosted
from tests.ledger.cast import CHEN, LI, LVYUN, OPERATOR, PEOPLE, SUN, WANG, left, proxy
from tests.ledger.given import NOW, Outcome, given, rule
from tests.ledger.hours.told import TOMORROW_AT, YESTERDAY, asked, corrected, donated, earned, gift, reserved

GIVE = GiveHours(giver=WANG, receiver=LI, minutes=30)
DONATE = DonateHours(giver=WANG, minutes=30)
GRANT = GrantFromPool(receiver=WANG, minutes=30)
RESERVE = ReserveHours(reservation_id="rsv_1", member=WANG, minutes=30, provider=LI)


def ask(command: Any, *before: Fact, actor: str = WANG, role: str = "", now_at: int = NOW) -> Outcome:
    """王阿姨 has banked an hour and asks for something."""
    story = (*PEOPLE, earned(WANG, 60), *before)
    return given(*story).when(command, actor=actor, role=role, now_at=now_at, sealed="c1")


# ---- gifts ---------------------------------------------------------------------------------------------------------


def test_a_gift_moves_minutes_from_one_member_to_another() -> None:
    outcome = ask(GIVE).then(HoursGiven(giver=WANG, receiver=LI, minutes=30, words="c1"))
    assert outcome.state(Account, WANG).usable == 30
    assert outcome.state(Account, LI).usable == 30
    assert postings(outcome.fact) == [(f"hours:{WANG}", "minutes", -30), (f"hours:{LI}", "minutes", 30)]


def test_a_gift_lowers_nobodys_lifetime_hours() -> None:
    outcome = ask(GIVE)
    assert (outcome.state(Account, WANG).earned, outcome.state(Account, WANG).spent) == (60, 30)
    assert (outcome.state(Account, LI).earned, outcome.state(Account, LI).spent) == (0, 0)


@pytest.mark.parametrize("command", [GIVE, DONATE, RESERVE], ids=["give", "donate", "reserve"])
class TestTaking:
    """Whatever takes minutes from an account keeps to the same rules."""

    def test_the_last_minute_can_be_taken_and_no_further_one(self, command: Any) -> None:
        assert ask(replace(command, minutes=60)).facts
        ask(replace(command, minutes=61)).refused("insufficient_hours", Refused, usable=60, asked=61)

    def test_policy_may_allow_an_overdraft(self, command: Any) -> None:
        overdraft = rule("hours.overdraft_minutes", 10)
        assert ask(replace(command, minutes=70), overdraft).facts
        ask(replace(command, minutes=71), overdraft).refused("insufficient_hours")

    def test_a_balance_below_zero_is_made_up_first(self, command: Any) -> None:
        ask(replace(command, minutes=1), gift(WANG, LI, 90)).refused("insufficient_hours", usable=-30)

    @pytest.mark.parametrize("minutes", [0, -1])
    def test_it_is_more_than_nothing(self, command: Any, minutes: int) -> None:
        ask(replace(command, minutes=minutes)).refused("not_positive", Refused)

    def test_no_amount_is_absurd(self, command: Any) -> None:
        ask(replace(command, minutes=10**18)).refused("absurd_amount", Refused)

    def test_who_left_spends_no_more(self, command: Any) -> None:
        ask(command, left(WANG)).refused("member_left", Refused)

    def test_what_is_reserved_is_not_spent_twice(self, command: Any) -> None:
        ask(replace(command, minutes=31), replace(reserved(30), reservation_id="rsv_0")).refused("insufficient_hours")


def test_nobody_gives_to_themselves() -> None:
    ask(replace(GIVE, receiver=WANG)).refused("gift_to_oneself", Refused)


@pytest.mark.parametrize("receiver", ["mem_nobody", LVYUN, "hours:pool"])
def test_time_is_given_to_members(receiver: str) -> None:
    ask(replace(GIVE, receiver=receiver)).refused("no_such_member", NotFound)


def test_nothing_is_given_to_who_left() -> None:
    ask(GIVE, left(LI)).refused("member_left")


def test_what_the_receivers_storage_cannot_hold_goes_to_the_pool() -> None:
    cap = rule("hours.storage_cap_minutes", 100)
    outcome = ask(GIVE, cap, earned(LI, 90)).then(
        HoursGiven(giver=WANG, receiver=LI, minutes=30, overflow=20, overflow_to="pool", words="c1")
    )
    assert outcome.state(Account, LI).usable == 100
    assert outcome.state(Account, WANG).usable == 30
    assert outcome.state(Pool, "pool").minutes == 20


# ---- the pool ------------------------------------------------------------------------------------------------------


def test_a_donation_goes_to_the_pool() -> None:
    outcome = ask(DONATE).then(HoursDonated(giver=WANG, minutes=30, words="c1"))
    assert outcome.state(Pool, "pool").minutes == 30
    assert (outcome.state(Account, WANG).usable, outcome.state(Account, WANG).spent) == (30, 30)
    assert postings(outcome.fact) == [(f"hours:{WANG}", "minutes", -30), (POOL, "minutes", 30)]


def grant(command: GrantFromPool, *before: Fact, actor: str = CHEN) -> Outcome:
    """A community worker gives minutes of a pool that holds forty."""
    story = (*PEOPLE, earned(LI, 60), donated(LI, 40), *before)
    return given(*story).when(command, actor=actor, role="community_worker", sealed="c1")


def test_the_pool_gives_to_a_member_in_need() -> None:
    outcome = grant(GRANT).looking_at("pool", WANG)
    outcome.then(PoolGranted(receiver=WANG, minutes=30, granted_by=CHEN, words="c1"))
    assert outcome.state(Pool, "pool").minutes == 10
    assert (outcome.state(Account, WANG).usable, outcome.state(Account, WANG).earned) == (30, 0)
    assert postings(outcome.fact) == [(POOL, "minutes", -30), (f"hours:{WANG}", "minutes", 30)]


def test_the_pool_never_goes_below_zero() -> None:
    assert grant(replace(GRANT, minutes=40)).facts
    grant(replace(GRANT, minutes=41)).refused("insufficient_pool", Refused, pool=40, asked=41)
    granted_ = PoolGranted(receiver=SUN, minutes=30, granted_by=CHEN)
    grant(GRANT, granted_).refused("insufficient_pool", pool=10)


def test_nobody_grants_to_themselves() -> None:
    grant(GRANT, actor=WANG).refused("grant_to_oneself", NotYours)


def test_the_pool_gives_no_more_than_a_storage_can_hold() -> None:
    cap = rule("hours.storage_cap_minutes", 100)
    grant(GRANT, cap, earned(WANG, 71)).refused("storage_cap_reached", Refused, over=1)
    assert grant(GRANT, cap, earned(WANG, 70)).facts


@pytest.mark.parametrize(("minutes", "code"), [(0, "not_positive"), (-1, "not_positive"), (10**18, "absurd_amount")])
def test_a_grant_is_a_plausible_number_of_minutes(minutes: int, code: str) -> None:
    grant(replace(GRANT, minutes=minutes)).refused(code, Refused)


def test_a_grant_goes_to_a_member_who_is_here() -> None:
    grant(GRANT, left(WANG)).refused("member_left")
    grant(replace(GRANT, receiver="mem_nobody")).refused("no_such_member")


# ---- reservations --------------------------------------------------------------------------------------------------

SETTLE = SettleReservation(reservation_id="rsv_1")
RELEASE = ReleaseReservation(reservation_id="rsv_1")
EXPIRE = ExpireReservation(reservation_id="rsv_1")
ENDED: dict[str, Fact] = {
    "redeemed": HoursRedeemed(reservation_id="rsv_1", member=WANG, provider=LI, minutes=60),
    "released": HoursReleased(reservation_id="rsv_1", member=WANG, minutes=60, cause="cancelled"),
}


def test_a_reservation_sets_minutes_aside_until_policys_deadline() -> None:
    asked_for = RequestPosted(request_id="req_1", kind="order", requester=WANG, channel="online", day=YESTERDAY)
    outcome = ask(replace(RESERVE, request_id="req_1"), rule("hours.reservation_days", 5), asked_for).then(
        HoursReserved(
            reservation_id="rsv_1",
            member=WANG,
            minutes=30,
            provider=LI,
            request_id="req_1",
            until_at=NOW + 5 * MICROS_PER_DAY,
            words="c1",
        )
    )
    account = outcome.state(Account, WANG)
    assert (account.usable, account.held, account.spent) == (30, 30, 0)
    assert outcome.state(Reservation, "rsv_1").status == "open"
    assert postings(outcome.fact) == [(f"hours:{WANG}", "minutes", -30), (f"hours:{WANG}:held", "minutes", 30)]


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"provider": WANG}, "gift_to_oneself", Refused),
        ({"provider": "mem_nobody"}, "no_such_member", NotFound),
        ({"request_id": "req_none"}, "no_such_request", NotFound),
        ({"reservation_id": LI}, "bad_id", Refused),
    ],
)
def test_a_reservation_names_who_and_what_exists(changed: dict[str, Any], code: str, kind: type) -> None:
    ask(replace(RESERVE, **changed)).refused(code, kind)


def test_a_reservation_may_be_for_a_service_that_nobody_banks() -> None:
    assert ask(replace(RESERVE, provider=None)).facts


def test_the_provider_gets_the_minutes_once_the_service_was_given() -> None:
    outcome = ask(SETTLE, reserved()).then(HoursRedeemed(reservation_id="rsv_1", member=WANG, provider=LI, minutes=60))
    account = outcome.state(Account, WANG)
    assert (account.usable, account.held, account.spent) == (0, 0, 60)
    assert (outcome.state(Account, LI).usable, outcome.state(Account, LI).spent) == (60, 0)
    assert postings(outcome.fact) == [(f"hours:{WANG}:held", "minutes", -60), (f"hours:{LI}", "minutes", 60)]


def test_without_a_provider_the_minutes_leave_circulation() -> None:
    outcome = ask(SETTLE, reserved(provider=None)).then(HoursRedeemed(reservation_id="rsv_1", member=WANG, minutes=60))
    assert postings(outcome.fact) == [(f"hours:{WANG}:held", "minutes", -60), (REDEEMED, "minutes", 60)]


def test_what_leaves_circulation_fills_nobodys_storage() -> None:
    outcome = ask(SETTLE, rule("hours.storage_cap_minutes", 10), reserved(provider=None))
    outcome.then(HoursRedeemed(reservation_id="rsv_1", member=WANG, minutes=60))


def test_what_the_providers_storage_cannot_hold_goes_to_the_pool() -> None:
    outcome = ask(SETTLE, rule("hours.storage_cap_minutes", 100), earned(LI, 70), reserved()).then(
        HoursRedeemed(reservation_id="rsv_1", member=WANG, provider=LI, minutes=60, overflow=30, overflow_to="pool")
    )
    assert outcome.state(Pool, "pool").minutes == 30
    assert outcome.state(Account, LI).usable == 100


def test_a_service_is_confirmed_before_the_deadline() -> None:
    assert ask(SETTLE, reserved(), now_at=TOMORROW_AT - 1).facts
    ask(SETTLE, reserved(), now_at=TOMORROW_AT).refused("reservation_expired", Refused)


def test_the_provider_does_not_confirm_their_own_service() -> None:
    ask(SETTLE, reserved(), actor=LI, role="community_worker").refused("self_verification", NotYours)
    ask(SETTLE, reserved(), proxy(WANG, LI), actor=LI).refused("self_verification", NotYours)


def test_a_cancelled_reservation_gives_the_minutes_back() -> None:
    outcome = ask(RELEASE, reserved()).then(
        HoursReleased(reservation_id="rsv_1", member=WANG, minutes=60, cause="cancelled")
    )
    account = outcome.state(Account, WANG)
    assert (account.usable, account.held, account.spent) == (60, 0, 0)
    assert outcome.state(Reservation, "rsv_1").status == "released"
    assert postings(outcome.fact) == [(f"hours:{WANG}:held", "minutes", -60), (f"hours:{WANG}", "minutes", 60)]


@pytest.mark.parametrize("command", [SETTLE, RELEASE])
class TestWhoEndsIt:
    """A reservation is the business of who made it."""

    def test_a_stranger_does_not_even_when_claiming_to_act_for_the_member(self, command: Any) -> None:
        ask(command, reserved(), actor=SUN).refused("not_your_reservation", NotYours)
        story = given(*PEOPLE, earned(WANG, 60), reserved())
        story.when(command, actor=SUN, behalf=WANG).refused("not_your_reservation", NotYours)

    def test_a_proxy_does(self, command: Any) -> None:
        assert ask(command, reserved(), proxy(WANG, SUN), actor=SUN).facts

    def test_a_worker_does(self, command: Any) -> None:
        assert ask(command, reserved(), actor=CHEN, role="community_worker").facts


def test_a_reservation_expires_at_its_deadline() -> None:
    ask(EXPIRE, reserved(), actor=OPERATOR, role="administrator", now_at=TOMORROW_AT - 1).refused(
        "not_yet_due", Refused, until_at=TOMORROW_AT
    )
    outcome = ask(EXPIRE, reserved(), actor=OPERATOR, role="administrator", now_at=TOMORROW_AT)
    outcome.then(HoursReleased(reservation_id="rsv_1", member=WANG, minutes=60, cause="expired"))
    assert outcome.state(Account, WANG).usable == 60


@pytest.mark.parametrize("command", [SETTLE, RELEASE, EXPIRE])
@pytest.mark.parametrize("status", ENDED)
def test_a_reservation_ends_once(command: Any, status: str) -> None:
    outcome = ask(command, reserved(), ENDED[status], now_at=TOMORROW_AT)
    outcome.refused("reservation_settled", Conflict, status=status)


@pytest.mark.parametrize("command", [SETTLE, RELEASE, EXPIRE])
def test_there_has_to_be_a_reservation(command: Any) -> None:
    ask(command).refused("no_such_reservation", NotFound)


def test_a_correction_after_reserving_leaves_what_is_held() -> None:
    story = given(*PEOPLE, earned(WANG, 60, session_id="ses_1"), reserved(60), asked(0), corrected(60, 0))
    account = story.state(Account, WANG)
    assert (account.usable, account.held) == (-60, 60)

"""A service is declared, reserved, performed and settled; each step is refused to whom it does not belong to."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.accounts import REDEEMED, held, postings, usable
from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE
from ledger.conduct.facts import MemberSuspended
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.facts import DonationOnlyBegun
from ledger.hours.state import Account
from ledger.services import facts
from ledger.services.commands import (
    CancelService,
    ConfirmService,
    ContestService,
    DeclareService,
    ExpireService,
    PerformService,
    ReserveService,
    WithdrawService,
)
from tests.ledger.cast import CHEN, LI, LVYUN, PEOPLE, SUN, WANG, ZHAO, granted, left, proxy
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.hours.told import YESTERDAY, at, earned, recorded

SERVICE, RSV = "srv_1", "rsv_1"
DECLARE = DeclareService(service_id=SERVICE, provider=LI, name="陪诊", charge="free", minutes=45)
RESERVE = ReserveService(reservation_id=RSV, service_id=SERVICE, member=WANG)
PERFORM = PerformService(reservation_id=RSV, start_at=at(9), end_at=at(9, 45))
CONFIRM, CANCEL, EXPIRE = (kind(reservation_id=RSV) for kind in (ConfirmService, CancelService, ExpireService))
CONTEST = ContestService(reservation_id=RSV, member=WANG)
DEADLINE = NOW + 30 * MICROS_PER_DAY


def declared(charge: str = "free", *, provider: str = LI, minutes: int = 45) -> facts.ServiceDeclared:
    """李师傅 offers something."""
    price = 0 if charge == "free" else 500
    return facts.ServiceDeclared(
        service_id=SERVICE, provider=provider, name="陪诊", charge=charge, minutes=minutes, price_fen=price,
        declared_by=provider, day=TODAY,
    )  # fmt: skip


def reserved(charge: str = "free", *, provider: str = LI, minutes: int = 45) -> facts.ServiceReserved:
    """王阿姨 reserved it."""
    return facts.ServiceReserved(
        reservation_id=RSV, service_id=SERVICE, member=WANG, provider=provider, charge=charge, minutes=minutes,
        price_fen=0 if charge == "free" else 500, until_at=DEADLINE,
    )  # fmt: skip


def performed(performer: str | None = LI, *, by: str = LI) -> facts.ServicePerformed:
    """It was done yesterday."""
    return facts.ServicePerformed(
        reservation_id=RSV, service_id=SERVICE, member=WANG, performer=performer, start_at=at(9), end_at=at(9, 45),
        day=YESTERDAY, performed_by=by,
    )  # fmt: skip


def cancelled(cause: str, by: str) -> facts.ServiceCancelled:
    """It ended without a service."""
    return facts.ServiceCancelled(
        reservation_id=RSV, service_id=SERVICE, member=WANG, minutes=45, cause=cause, cancelled_by=by
    )


WITHDRAWN = facts.ServiceWithdrawn(service_id=SERVICE, provider=LI, withdrawn_by=LI)
WAITING: tuple[Fact, ...] = (declared(), reserved())
DONE: tuple[Fact, ...] = (*WAITING, performed())


def suspended(member: str) -> MemberSuspended:
    """Somebody may take on nothing new."""
    return MemberSuspended(
        sanction_id="sanc_1", member=member, reason="fraud", until_day=TODAY, suspended_by=CHEN, day=TODAY
    )


def ask(command: Any, *before: Fact, actor: str = WANG, role: str = "", now_at: int = NOW) -> Outcome:
    """王阿姨 has banked an hour, and somebody asks for something."""
    return given(*PEOPLE, earned(WANG, 60), *before).when(command, actor=actor, role=role, now_at=now_at)


# ---- declaring -------------------------------------------------------------------------------------------------------


def test_a_service_says_what_it_charges() -> None:
    ask(DECLARE, actor=LI).then(declared())
    paid = replace(DECLARE, charge="paid", price_fen=500)
    ask(paid, actor=LI).then(declared("paid"))


@pytest.mark.parametrize(
    ("change", "before", "code", "kind"),
    [
        ({"price_fen": 1}, (), "free_has_no_price", Refused),
        ({"charge": "paid"}, (), "not_positive", Refused),
        ({"minutes": 0}, (), "not_positive", Refused),
        ({"minutes": 1_441}, (), "absurd_amount", Refused),
        ({"name": " "}, (), "bad_name", Refused),
        ({"place": "place_no"}, (), "no_such_place", NotFound),
        ({"provider": "unit_no"}, (), "no_such_unit", NotFound),
        ({"service_id": "rsv_1"}, (), "bad_id", Refused),
        ({}, (declared(),), "service_exists", Conflict),
        ({}, (suspended(LI),), "suspended", Refused),
    ],
)
def test_what_is_no_service(change: dict[str, Any], before: tuple[Fact, ...], code: str, kind: Any) -> None:
    ask(replace(DECLARE, **change), *before, actor=LI).refused(code, kind)


def test_a_service_is_withdrawn_once_and_by_its_provider() -> None:
    command = WithdrawService(service_id=SERVICE, provider=LI)
    ask(command, declared(), actor=LI).then(WITHDRAWN)
    ask(command, declared(), WITHDRAWN, actor=LI).refused("service_withdrawn", Conflict)
    ask(replace(command, provider=SUN), declared(), actor=SUN).refused("no_such_service", NotFound)
    ask(command, actor=LI).refused("no_such_service")


# ---- reserving -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("charge", "minutes", "percent", "cost"),
    [
        ("free", 45, 50, 45),
        ("low_cost", 45, 50, 23),
        ("low_cost", 44, 50, 22),
        ("low_cost", 30, 1, 1),
        ("low_cost", 45, 100, 45),
        ("paid", 45, 50, 0),
    ],
)
def test_it_costs_its_minutes_a_share_of_them_or_none(charge: str, minutes: int, percent: int, cost: int) -> None:
    outcome = ask(RESERVE, declared(charge, minutes=minutes), rule("services.low_cost_percent", percent))
    outcome.then(reserved(charge, minutes=cost))
    moved = [(usable(WANG), "minutes", -cost), (held(WANG), "minutes", cost)] if cost else []
    assert postings(outcome.fact) == moved
    assert (outcome.state(Account, WANG).usable, outcome.state(Account, WANG).held) == (60 - cost, cost)


@pytest.mark.parametrize(
    ("before", "code", "kind"),
    [
        ((), "no_such_service", NotFound),
        ((declared(), WITHDRAWN), "service_withdrawn", Conflict),
        (WAITING, "reservation_exists", Conflict),
        ((declared(minutes=61),), "insufficient_hours", Refused),
        ((declared(), left(WANG)), "member_left", Refused),
        ((declared(), suspended(WANG)), "suspended", Refused),
        ((declared(), suspended(LI)), "suspended", Refused),
        ((declared(), DonationOnlyBegun(member=WANG, reason="own_wish", begun_by=WANG)), "donation_only", Refused),
        ((declared(provider=LVYUN), granted(WANG, "representative", LVYUN)), "own_service", NotYours),
    ],
)
def test_what_cannot_be_reserved(before: tuple[Fact, ...], code: str, kind: Any) -> None:
    ask(RESERVE, *before).refused(code, kind)


def test_nobody_reserves_from_themselves_in_anothers_name() -> None:
    ask(RESERVE, declared(), actor=LI, role="proxy").refused("own_service", NotYours)
    ask(replace(RESERVE, reservation_id="pool"), declared()).refused("bad_id")


# ---- performing ------------------------------------------------------------------------------------------------------


def test_the_provider_says_that_it_was_done() -> None:
    ask(PERFORM, *WAITING, actor=LI).then(performed())


def test_a_unit_names_who_gave_the_time_or_nobody() -> None:
    mine = (declared(provider=LVYUN), reserved(provider=LVYUN), granted(SUN, "representative", LVYUN))
    ask(replace(PERFORM, performer=ZHAO), *mine, actor=SUN).then(performed(ZHAO, by=SUN))
    ask(PERFORM, *mine, actor=SUN).then(performed(None, by=SUN))
    ask(replace(PERFORM, performer=LI), *mine, actor=SUN).refused("cannot_act_for", NotYours)
    ask(replace(PERFORM, performer=WANG), *mine, actor=SUN).refused("own_service", NotYours)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"end_at": at(9)}, "end_before_start"),
        ({"end_at": NOW + MICROS_PER_MINUTE}, "session_in_future"),
        ({"end_at": at(9, 45) + 1}, "not_whole_minutes"),
        ({"start_at": at(9) - MICROS_PER_DAY}, "start_on_another_day"),
    ],
)
def test_the_time_of_the_work_is_plain(change: dict[str, Any], code: str) -> None:
    ask(replace(PERFORM, **change), *WAITING, actor=LI).refused(code, Refused)


@pytest.mark.parametrize(
    ("before", "actor", "code", "kind"),
    [
        ((), LI, "no_such_reservation", NotFound),
        (DONE, LI, "reservation_settled", Conflict),
        (WAITING, SUN, "cannot_act_for", NotYours),
        ((*WAITING, suspended(LI)), LI, "suspended", Refused),
        ((*WAITING, recorded(volunteer=LI, start_at=at(8), end_at=at(10))), LI, "sessions_overlap", Refused),
    ],
)
def test_what_cannot_be_performed(before: tuple[Fact, ...], actor: str, code: str, kind: Any) -> None:
    ask(PERFORM, *before, actor=actor).refused(code, kind)


def test_after_the_deadline_nothing_is_performed() -> None:
    ask(PERFORM, *WAITING, actor=LI, now_at=DEADLINE).refused("reservation_expired", Refused)


# ---- ending ----------------------------------------------------------------------------------------------------------


def settled(minutes: int, banked: int, *, by: str, performer: str | None = LI, **more: Any) -> facts.ServiceSettled:
    """It is over."""
    return facts.ServiceSettled(
        reservation_id=RSV, service_id=SERVICE, member=WANG, performer=performer, charge="free", minutes=minutes,
        banked_minutes=banked, settled_by=by, **more,
    )  # fmt: skip


def test_the_performer_banks_what_was_set_aside() -> None:
    outcome = ask(CONFIRM, *DONE).then(settled(45, 45, by=WANG))
    assert postings(outcome.fact) == [(held(WANG), "minutes", -45), (usable(LI), "minutes", 45)]
    assert (outcome.state(Account, WANG).spent, outcome.state(Account, LI).earned) == (45, 0)


def test_what_the_performers_cap_cannot_hold_overflows() -> None:
    fact: Any = ask(CONFIRM, *DONE, rule("hours.storage_cap_minutes", 20)).fact
    assert (fact.overflow, fact.overflow_to) == (25, "pool")


@pytest.mark.parametrize("before", [(*WAITING, performed(None)), (*DONE, left(LI))])
def test_where_nobody_banks_it_it_leaves_circulation(before: tuple[Fact, ...]) -> None:
    outcome = ask(CONFIRM, *before).then(settled(45, 0, by=WANG, performer=None))
    assert postings(outcome.fact) == [(held(WANG), "minutes", -45), (REDEEMED, "minutes", 45)]


def test_a_paid_service_banks_nothing() -> None:
    paid = (declared("paid"), reserved("paid", minutes=0), performed())
    outcome = ask(CONFIRM, *paid)
    assert postings(outcome.fact) == []
    assert outcome.state(Account, LI).usable == 0


def test_who_confirms_and_who_does_not() -> None:
    assert ask(CONFIRM, *DONE, proxy(WANG, SUN), actor=SUN).facts
    assert ask(CONFIRM, *DONE, actor=CHEN, role="community_worker").facts
    ask(CONFIRM, *DONE, actor=SUN).refused("not_your_reservation", NotYours)
    ask(CONFIRM, *DONE, actor=LI, role="community_worker").refused("self_verification", NotYours)
    ask(CONFIRM, *WAITING).refused("reservation_settled", Conflict)


def test_what_is_contested_waits_again() -> None:
    outcome = ask(CONTEST, *DONE)
    outcome.then(
        facts.PerformanceContested(reservation_id=RSV, member=WANG, performer=LI, day=YESTERDAY, contested_by=WANG)
    )
    assert ask(PERFORM, *DONE, outcome.fact, actor=LI).facts
    ask(CONTEST, *WAITING).refused("reservation_settled")
    ask(replace(CONTEST, member=SUN), *DONE, actor=SUN).refused("no_such_reservation")


def test_it_is_cancelled_by_member_provider_or_worker_before_it_is_done() -> None:
    for actor, role in ((WANG, ""), (LI, ""), (CHEN, "community_worker")):
        outcome = ask(CANCEL, *WAITING, actor=actor, role=role).then(cancelled("cancelled", actor))
        assert outcome.state(Account, WANG).usable == 60
    ask(CANCEL, *WAITING, actor=SUN).refused("not_your_reservation")
    ask(CANCEL, *DONE).refused("reservation_settled")


def test_at_the_deadline_it_is_released_or_settled_in_silence() -> None:
    at_desk: dict[str, Any] = {"actor": CHEN, "role": "community_worker"}
    ask(EXPIRE, *WAITING, now_at=DEADLINE, **at_desk).then(cancelled("expired", CHEN))
    ask(EXPIRE, *DONE, now_at=DEADLINE, **at_desk).then(settled(45, 45, by=CHEN, silent=True))
    ask(EXPIRE, *DONE, left(WANG), now_at=DEADLINE, **at_desk).then(settled(45, 45, by=CHEN, silent=True))
    ask(EXPIRE, *DONE, now_at=DEADLINE - 1, **at_desk).refused("not_yet_due", Refused)
    ask(EXPIRE, **at_desk).refused("no_such_reservation", NotFound)
    ask(EXPIRE, *WAITING, cancelled("cancelled", WANG), now_at=DEADLINE, **at_desk).refused("reservation_settled")

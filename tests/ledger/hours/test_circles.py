"""On what terms hours are banked and given: kin by the word of both, donation-only, guardians of minors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import at_time
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours import facts
from ledger.hours.commands import (
    BeginDonationOnly,
    ConsentAsGuardian,
    DonateHours,
    EndDonationOnly,
    EndKin,
    GiveHours,
    ProposeKin,
    RecordSession,
    RegisterKin,
    ReserveHours,
    WithdrawConsent,
)
from ledger.hours.state import Terms
from ledger.parties.facts import ProxyEnded
from tests.ledger.cast import CHEN, LI, PEOPLE, SUN, WANG, left, proxy, registered
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.hours.told import YESTERDAY, earned

CHILD = "mem_child"
WARD: tuple[Fact, ...] = (replace(registered(CHILD), guardian=WANG), proxy(CHILD, WANG), earned(CHILD, 60))
PROPOSE = ProposeKin(kin_id="kin_1", member=WANG, kin=LI, relation="sibling")
REGISTER, END = RegisterKin(kin_id="kin_1", kin=LI), EndKin(kin_id="kin_1", member=LI)
PROPOSED = facts.KinProposed(kin_id="kin_1", member=WANG, kin=LI, relation="sibling", proposed_by=WANG)
KIN = facts.KinRegistered(kin_id="kin_1", member=WANG, kin=LI, relation="sibling", confirmed_by=LI)
ENDED = facts.KinEnded(kin_id="kin_1", member=WANG, kin=LI, ended_by=LI)
ONLY = facts.DonationOnlyBegun(member=WANG, reason="own_wish", begun_by=WANG)
ANY_USE = facts.DonationOnlyEnded(member=WANG, ended_by=WANG)
UNTIL = TODAY + timedelta(days=300)
CONSENT = ConsentAsGuardian(member=CHILD, until_day=UNTIL)
CONSENTED = facts.GuardianConsented(member=CHILD, guardian=WANG, until_day=UNTIL)
WITHDREW = facts.GuardianWithdrew(member=CHILD, guardian=WANG)
FOR_KIN, WITH_CONSENT = rule("hours.gifts_to", "kin"), rule("privacy.guardian_consent", 1)


def ask(command: Any, *before: Fact, actor: str = WANG, role: str = "", now_at: int = NOW) -> Outcome:
    """王阿姨 has banked an hour, and somebody asks for something."""
    return given(*PEOPLE, earned(WANG, 60), *before).when(command, actor=actor, role=role, now_at=now_at)


# ---- kin -------------------------------------------------------------------------------------------------------------


def test_kin_are_kin_by_the_word_of_both() -> None:
    ask(PROPOSE).then(PROPOSED)
    outcome = ask(REGISTER, PROPOSED, actor=LI).then(KIN)
    assert outcome.state(Terms, WANG).kin == {LI: "kin_1"}
    assert outcome.state(Terms, LI).kin == {WANG: "kin_1"}
    outcome = ask(END, PROPOSED, KIN, actor=LI).then(ENDED)
    assert outcome.state(Terms, WANG).kin == {}


@pytest.mark.parametrize(
    ("command", "before", "actor", "code", "kind"),
    [
        (replace(PROPOSE, kin=WANG), (), WANG, "kin_of_oneself", Refused),
        (replace(PROPOSE, kin="mem_no"), (), WANG, "no_such_member", NotFound),
        (replace(PROPOSE, kin_id="pool"), (), WANG, "bad_id", Refused),
        (PROPOSE, (PROPOSED,), WANG, "kin_exists", Conflict),
        (replace(PROPOSE, kin_id="kin_2"), (PROPOSED, KIN), WANG, "kin_exists", Conflict),
        (REGISTER, (), LI, "no_such_kin", NotFound),
        (replace(REGISTER, kin=SUN), (PROPOSED,), SUN, "no_such_kin", NotFound),
        (REGISTER, (PROPOSED,), WANG, "second_person_needed", NotYours),
        (REGISTER, (replace(PROPOSED, proposed_by=CHEN),), CHEN, "second_person_needed", NotYours),
        (REGISTER, (PROPOSED, KIN), LI, "kin_settled", Conflict),
        (REGISTER, (PROPOSED, ENDED), LI, "kin_settled", Conflict),
        (REGISTER, (PROPOSED, replace(KIN, kin_id="kin_2")), LI, "kin_exists", Conflict),
        (REGISTER, (PROPOSED, left(WANG)), LI, "member_left", Refused),
        (END, (), LI, "no_such_kin", NotFound),
        (replace(END, member=SUN), (PROPOSED, KIN), SUN, "no_such_kin", NotFound),
        (END, (PROPOSED, KIN, ENDED), LI, "kin_settled", Conflict),
    ],
)
def test_what_is_no_tie(command: Any, before: tuple[Fact, ...], actor: str, code: str, kind: Any) -> None:
    ask(command, *before, actor=actor).refused(code, kind)


def test_where_policy_says_so_gifts_are_for_kin() -> None:
    command = GiveHours(giver=WANG, receiver=LI, minutes=30)
    ask(command, FOR_KIN).refused("gift_beyond_kin", Refused)
    ask(command, FOR_KIN, PROPOSED).refused("gift_beyond_kin")
    ask(command, FOR_KIN, PROPOSED, KIN, ENDED).refused("gift_beyond_kin")
    assert ask(command, FOR_KIN, PROPOSED, KIN).facts
    assert ask(command).facts
    assert ask(DonateHours(giver=WANG, minutes=30), FOR_KIN).facts


# ---- donation-only ---------------------------------------------------------------------------------------------------


def test_hours_may_be_for_the_pool_alone() -> None:
    begin, end = BeginDonationOnly(member=WANG), EndDonationOnly(member=WANG)
    ask(begin).then(ONLY)
    ask(begin, ONLY).refused("donation_only_already", Conflict)
    ask(end, ONLY).then(ANY_USE)
    ask(end).refused("not_donation_only", Conflict)
    ask(GiveHours(giver=WANG, receiver=LI, minutes=30), ONLY).refused("donation_only", Refused)
    ask(ReserveHours(member=WANG, minutes=30), ONLY).refused("donation_only")
    assert ask(DonateHours(giver=WANG, minutes=30), ONLY).facts
    assert ask(GiveHours(giver=WANG, receiver=LI, minutes=30), ONLY, ANY_USE).facts


# ---- minors ----------------------------------------------------------------------------------------------------------


def test_a_minor_spends_through_a_guardian() -> None:
    command = DonateHours(giver=CHILD, minutes=30)
    ask(command, *WARD, actor=CHILD).refused("minor_needs_guardian", NotYours)
    assert ask(command, *WARD, role="proxy").facts
    assert ask(command, *WARD, ProxyEnded(principal=CHILD, proxy=WANG), actor=CHILD).facts


def test_where_policy_says_so_a_minors_service_wants_a_guardians_consent() -> None:
    command = RecordSession(session_id="ses_9", volunteer=CHILD, day=YESTERDAY, minutes=30)
    ask(command, *WARD, WITH_CONSENT, actor=CHILD).refused("guardian_consent_missing", Refused)
    ask(command, *WARD, WITH_CONSENT, CONSENTED, WITHDREW, actor=CHILD).refused("guardian_consent_missing")
    short = replace(CONSENTED, until_day=YESTERDAY - timedelta(days=1))
    ask(command, *WARD, WITH_CONSENT, short, actor=CHILD).refused("guardian_consent_missing")
    assert ask(command, *WARD, WITH_CONSENT, CONSENTED, actor=CHILD).facts
    assert ask(command, *WARD, actor=CHILD).facts
    assert ask(replace(command, volunteer=LI), WITH_CONSENT, actor=LI).facts


def test_the_guardian_consents_and_takes_it_back() -> None:
    ask(CONSENT, *WARD, role="proxy").then(CONSENTED)
    ask(WithdrawConsent(member=CHILD), *WARD, CONSENTED, role="proxy").then(WITHDREW)
    ask(WithdrawConsent(member=CHILD), *WARD, role="proxy").refused("no_consent_given", Conflict)
    ask(CONSENT, *WARD, actor=CHILD).refused("only_the_guardian", NotYours)
    ask(replace(CONSENT, member=LI), *WARD, actor=LI).refused("no_guardian", Refused)
    for until_day in (YESTERDAY, TODAY + timedelta(days=14 * 366)):
        ask(replace(CONSENT, until_day=until_day), *WARD, role="proxy").refused("implausible_date", Refused)


def test_on_a_leap_day_too() -> None:
    leap_day = at_time(TODAY.replace(year=2028, month=2, day=29), 10, 0)
    assert ask(replace(CONSENT, until_day=TODAY.replace(year=2030)), *WARD, role="proxy", now_at=leap_day).facts

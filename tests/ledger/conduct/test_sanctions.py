"""Fraud: sessions are voided with a reason, members suspended for a term, and somebody else hears the appeal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.accounts import HONOUR, ISSUED, POOL, postings, usable
from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY
from ledger.conduct import facts
from ledger.conduct.commands import (
    DecideAppeal,
    LiftSuspension,
    LodgeAppeal,
    PublishSanction,
    SuspendMember,
    VoidSession,
)
from ledger.conduct.state import conduct_of
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.commands import RecordSession
from ledger.hours.facts import SessionEndorsed, day_tag
from ledger.hours.state import Account, DayLog, Session
from tests.ledger.cast import CHEN, HE, LI, PEOPLE, SUN, WANG, left, proxy
from tests.ledger.given import NOW, TODAY, Folded, Outcome, given
from tests.ledger.hours.told import SESSION, YESTERDAY, asked, corrected, gift, recorded, verified

JUDGE = HE
"""CHEN verified the session; HE voids it."""
UNTIL = TODAY + timedelta(days=30)
LATER_AT = NOW + 31 * MICROS_PER_DAY
RECORD: tuple[Fact, ...] = (recorded(), verified())
VOID = VoidSession(sanction_id="sanc_1", session_id=SESSION, volunteer=WANG, reason="not_held")
SUSPEND = SuspendMember(sanction_id="sanc_1", member=WANG, reason="fraud", until_day=UNTIL)
LODGE = LodgeAppeal(appeal_id="appl_1", sanction_id="sanc_1", member=WANG)
GRANT = DecideAppeal(appeal_id="appl_1", granted=True)
PUBLISH = PublishSanction(sanction_id="sanc_1")
LIFT = LiftSuspension(sanction_id="sanc_1", reason="amends_made")


def voided(minutes: int = 60, overflow: int = 0, overflow_to: str = "") -> facts.SessionVoided:
    """王阿姨's session was not held."""
    return facts.SessionVoided(
        sanction_id="sanc_1", session_id=SESSION, volunteer=WANG, day=YESTERDAY, last_day=YESTERDAY, minutes=minutes,
        overflow=overflow, overflow_to=overflow_to, reason="not_held", voided_by=JUDGE, voided_on=TODAY,
    )  # fmt: skip


SUSPENDED = facts.MemberSuspended(
    sanction_id="sanc_1", member=WANG, reason="fraud", until_day=UNTIL, suspended_by=JUDGE, day=TODAY
)
LIFTED = facts.SuspensionLifted(sanction_id="sanc_1", member=WANG, reason="amends_made", lifted_by=CHEN)
LODGED = facts.AppealLodged(appeal_id="appl_1", sanction_id="sanc_1", member=WANG, lodged_by=WANG, day=TODAY)
DISMISSED = facts.AppealDecided(
    appeal_id="appl_1", sanction_id="sanc_1", member=WANG, granted=False, decided_by=CHEN, day=TODAY
)
PUBLISHED = facts.SanctionPublished(sanction_id="sanc_1", member=WANG, published_by=JUDGE, day=TODAY)


def ask(command: Any, *before: Fact, actor: str = JUDGE, role: str = "community_worker", now_at: int = NOW) -> Outcome:
    """A worker, or somebody else, asks for something."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, now_at=now_at)


# ---- voiding ---------------------------------------------------------------------------------------------------------


def test_a_voided_session_takes_its_minutes_back_though_they_are_spent() -> None:
    outcome = ask(VOID, *RECORD, gift(WANG, LI, 50)).then(voided())
    assert postings(outcome.fact) == [(usable(WANG), "minutes", -60), (ISSUED, "minutes", 60)]
    account = outcome.state(Account, WANG)
    assert (account.usable, account.earned, account.sessions) == (-50, 0, 0)
    assert outcome.state(Session, SESSION).status == "voided"
    assert outcome.state(DayLog, day_tag(WANG, YESTERDAY)).minutes() == 0


def test_it_takes_what_the_record_came_to_after_corrections() -> None:
    ask(VOID, *RECORD, asked(45), corrected(60, 45)).then(voided(45))


@pytest.mark.parametrize(("where", "account"), [("honour", HONOUR), ("pool", POOL)])
def test_what_had_overflowed_is_taken_from_where_it_went(where: str, account: str) -> None:
    outcome = ask(VOID, recorded(), verified(overflow=20, overflow_to=where)).then(voided(60, 20, where))
    assert postings(outcome.fact) == [
        (usable(WANG), "minutes", -40),
        (account, "minutes", -20),
        (ISSUED, "minutes", 60),
    ]


def test_what_the_pool_gave_away_since_is_the_members_to_make_up() -> None:
    from ledger.hours.facts import PoolGranted

    granted = PoolGranted(receiver=LI, minutes=15, granted_by=CHEN)
    ask(VOID, recorded(), verified(overflow=20, overflow_to="pool"), granted).then(voided(60, 5, "pool"))


@pytest.mark.parametrize(
    ("before", "actor", "code", "kind"),
    [
        ((), JUDGE, "no_such_session", NotFound),
        ((recorded(volunteer=LI), verified(volunteer=LI)), JUDGE, "no_such_session", NotFound),
        ((recorded(),), JUDGE, "session_not_verified", Conflict),
        ((*RECORD, replace(voided(), sanction_id="sanc_2")), JUDGE, "session_not_verified", Conflict),
        ((*RECORD, voided()), JUDGE, "sanction_exists", Conflict),
        ((*RECORD, asked(0), corrected(60, 0)), JUDGE, "nothing_to_void", Refused),
        (RECORD, WANG, "self_verification", NotYours),
        ((*RECORD, proxy(WANG, JUDGE)), JUDGE, "self_verification", NotYours),
        (RECORD, CHEN, "verifier_voids", NotYours),
        ((recorded(), SessionEndorsed(session_id=SESSION, verifier=SUN), verified()), SUN, "verifier_voids", NotYours),
    ],
)
def test_what_is_not_voided(before: tuple[Fact, ...], actor: str, code: str, kind: Any) -> None:
    ask(VOID, *before, actor=actor).refused(code, kind)


def test_ids_are_of_their_kind() -> None:
    ask(replace(VOID, sanction_id="pool"), *RECORD).refused("bad_id", Refused)
    ask(replace(LODGE, appeal_id="pool"), *RECORD, voided(), actor=WANG).refused("bad_id")


# ---- suspending ------------------------------------------------------------------------------------------------------


def test_who_is_suspended_enters_nothing_until_the_day_is_over() -> None:
    ask(SUSPEND).then(SUSPENDED)
    command = RecordSession(session_id="ses_9", volunteer=WANG, day=TODAY, minutes=30)
    ask(command, SUSPENDED, actor=WANG, role="").refused("suspended", Refused, reason="fraud")
    ask(command, SUSPENDED, proxy(WANG, LI), actor=LI, role="proxy").refused("suspended")
    assert ask(command, SUSPENDED, actor=CHEN).facts
    assert ask(command, SUSPENDED, LIFTED, actor=WANG, role="").facts
    over = replace(command, day=UNTIL + timedelta(days=1))
    assert ask(over, SUSPENDED, actor=WANG, role="", now_at=LATER_AT).facts


def test_the_last_day_counts() -> None:
    conduct = conduct_of(Folded(*PEOPLE, SUSPENDED), WANG)
    assert conduct.suspended_on(UNTIL) == SUSPENDED
    assert conduct.suspended_on(UNTIL + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("change", "before", "actor", "code"),
    [
        ({}, (left(WANG),), JUDGE, "member_left"),
        ({}, (), WANG, "self_verification"),
        ({}, (SUSPENDED,), JUDGE, "sanction_exists"),
        ({"until_day": YESTERDAY}, (), JUDGE, "implausible_date"),
        ({"until_day": TODAY + timedelta(days=3_661)}, (), JUDGE, "implausible_date"),
    ],
)
def test_who_is_not_suspended(change: dict[str, Any], before: tuple[Fact, ...], actor: str, code: str) -> None:
    ask(replace(SUSPEND, **change), *before, actor=actor).refused(code)


def test_a_suspension_is_lifted_by_another() -> None:
    ask(LIFT, SUSPENDED, actor=CHEN).then(LIFTED)
    ask(LIFT, SUSPENDED, actor=WANG).refused("self_verification", NotYours)
    ask(LIFT, SUSPENDED, LIFTED).refused("sanction_undone", Conflict)
    ask(LIFT, *RECORD, voided()).refused("no_such_sanction", NotFound)
    ask(LIFT).refused("no_such_sanction")
    ask(LIFT, SUSPENDED, LODGED).refused("appeal_pending", Conflict)


def test_an_earlier_suspension_that_is_lifted_leaves_a_later_one() -> None:
    later = replace(SUSPENDED, sanction_id="sanc_2", until_day=UNTIL + timedelta(days=9))
    assert conduct_of(Folded(*PEOPLE, SUSPENDED, later, LIFTED), WANG).suspended == later


def test_a_second_suspension_does_not_shorten_the_first() -> None:
    short = replace(SUSPENDED, sanction_id="sanc_2", until_day=TODAY)
    ask(replace(SUSPEND, sanction_id="sanc_2", until_day=TODAY), SUSPENDED).then(short)
    command = RecordSession(session_id="ses_9", volunteer=WANG, day=TODAY, minutes=30)
    ask(command, SUSPENDED, short, actor=WANG, role="").refused("suspended", until_day=UNTIL.isoformat())
    tomorrow = replace(command, day=TODAY + timedelta(days=1))
    next_day: dict[str, Any] = {"actor": WANG, "role": "", "now_at": NOW + MICROS_PER_DAY}
    ask(tomorrow, SUSPENDED, short, **next_day).refused("suspended")
    assert ask(tomorrow, SUSPENDED, short, LIFTED, **next_day).facts
    ask(command, SUSPENDED, short, LIFTED, actor=WANG, role="").refused("suspended", until_day=TODAY.isoformat())


# ---- appealing -------------------------------------------------------------------------------------------------------


def test_whom_it_concerns_appeals_once_and_in_time() -> None:
    ask(LODGE, *RECORD, voided(), actor=WANG, role="").then(LODGED)
    last_day = NOW + 30 * MICROS_PER_DAY
    assert ask(LODGE, SUSPENDED, left(WANG), actor=WANG, role="", now_at=last_day).facts
    ask(LODGE, SUSPENDED, actor=WANG, role="", now_at=LATER_AT).refused("appeal_too_late", Refused)
    again = replace(LODGE, appeal_id="appl_2")
    for before in ((LODGED,), (LODGED, DISMISSED)):
        ask(again, SUSPENDED, *before, actor=WANG, role="").refused("appealed_already", Conflict)
    ask(replace(LODGE, member=LI), SUSPENDED, actor=LI, role="").refused("no_such_sanction", NotFound)
    ask(LODGE, SUSPENDED, LIFTED, actor=WANG, role="").refused("sanction_undone")


def test_an_appeal_that_is_granted_undoes_a_voiding() -> None:
    before = (*RECORD, gift(WANG, LI, 50), voided(60, 0), LODGED)
    outcome = ask(GRANT, *before, actor=CHEN)
    decided, restored = outcome.facts
    assert decided == replace(DISMISSED, granted=True)
    assert postings(restored) == [(usable(WANG), "minutes", 60), (ISSUED, "minutes", -60)]
    account = outcome.state(Account, WANG)
    assert (account.usable, account.earned, account.sessions) == (10, 60, 1)
    assert outcome.state(Session, SESSION).status == "verified"
    assert outcome.state(DayLog, day_tag(WANG, YESTERDAY)).minutes() == 60


def test_an_appeal_that_is_granted_ends_a_suspension() -> None:
    ask(GRANT, SUSPENDED, LODGED, actor=CHEN).then(
        replace(DISMISSED, granted=True), replace(LIFTED, reason="appeal_upheld")
    )


def test_an_appeal_that_is_dismissed_changes_nothing() -> None:
    ask(replace(GRANT, granted=False), SUSPENDED, LODGED, actor=CHEN).then(DISMISSED)


def test_the_judge_decides_no_appeal_and_nobody_their_own() -> None:
    ask(GRANT, SUSPENDED, LODGED).refused("second_person_needed", NotYours)
    ask(GRANT, SUSPENDED, LODGED, actor=WANG).refused("second_person_needed")
    ask(GRANT, SUSPENDED, replace(LODGED, lodged_by=CHEN), actor=CHEN).refused("second_person_needed")
    ask(GRANT, SUSPENDED, LODGED, proxy(WANG, CHEN), actor=CHEN).refused("second_person_needed")
    ask(GRANT, SUSPENDED, LODGED, DISMISSED, actor=CHEN).refused("appeal_decided", Conflict)
    ask(GRANT, SUSPENDED, actor=CHEN).refused("no_such_appeal", NotFound)


# ---- publishing ------------------------------------------------------------------------------------------------------


def test_it_is_published_once_nothing_can_be_said_against_it() -> None:
    ask(PUBLISH, SUSPENDED, LODGED, DISMISSED).then(PUBLISHED)
    assert ask(PUBLISH, SUSPENDED, now_at=LATER_AT).facts
    ask(PUBLISH, SUSPENDED).refused("appeal_still_possible", Refused)
    ask(PUBLISH, SUSPENDED, LODGED, now_at=LATER_AT).refused("appeal_pending", Conflict)
    ask(PUBLISH, SUSPENDED, LODGED, DISMISSED, PUBLISHED).refused("sanction_published", Conflict)
    ask(PUBLISH, SUSPENDED, LIFTED).refused("sanction_undone")
    ask(PUBLISH).refused("no_such_sanction", NotFound)

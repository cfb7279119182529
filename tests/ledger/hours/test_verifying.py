"""Somebody else says whether a session counts, and puts right by a new entry what was wrong."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.accounts import HONOUR, ISSUED, POOL, postings
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.commands import (
    ApproveCorrection,
    RefuseCorrection,
    RejectSession,
    RequestCorrection,
    VerifySession,
)
from ledger.hours.facts import (
    CorrectionRefused,
    CorrectionRequested,
    HoursReserved,
    SessionCorrected,
    SessionEndorsed,
    SessionRejected,
    SessionVerified,
)
from ledger.hours.state import Account, Pool, Session
from tests.ledger.cast import AIXIN, CHEN, HE, HOUSE, LI, LVYUN, PEOPLE, WANG
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.hours.told import (
    ACTIVITY,
    OTHER_SESSION,
    SESSION,
    YESTERDAY,
    asked,
    at,
    corrected,
    earned,
    gift,
    recorded,
    rejected,
    verified,
)

VERIFY = VerifySession(session_id=SESSION)
REJECT = RejectSession(session_id=SESSION, reason="not_present")


def by_worker(command: Any, *before: Any, actor: str = CHEN) -> Outcome:
    """A community worker decides."""
    return given(*PEOPLE, *before).when(command, actor=actor, role="community_worker", sealed="c1")


def test_a_verified_session_counts_for_the_volunteer() -> None:
    recorded_there = recorded(place=HOUSE, team=AIXIN, unit=LVYUN, origin="scanned")
    outcome = by_worker(VERIFY, recorded_there).then(
        SessionVerified(
            session_id=SESSION,
            volunteer=WANG,
            day=YESTERDAY,
            minutes=60,
            credited=60,
            origin="scanned",
            verifier=CHEN,
            place=HOUSE,
            team=AIXIN,
            unit=LVYUN,
        )
    )
    account = outcome.state(Account, WANG)
    assert (account.usable, account.earned, account.sessions) == (60, 60, 1)
    assert (account.first_day, account.last_day) == (YESTERDAY, YESTERDAY)
    session = outcome.state(Session, SESSION)
    assert (session.status, session.verifier) == ("verified", CHEN)


def test_a_session_adds_to_its_volunteers_record_alone() -> None:
    story = given(verified(), corrected(60, 90))
    assert story.state(Account, SESSION).earned == 0
    assert story.state(Account, WANG).earned == 90


def test_nobody_has_banked_anything_to_begin_with() -> None:
    assert (given().state(Account, WANG).usable, given().state(Pool, "pool").minutes) == (0, 0)


def test_minutes_come_into_being_by_verification() -> None:
    assert postings(verified(minutes=60)) == [(ISSUED, "minutes", -60), (f"hours:{WANG}", "minutes", 60)]


def test_a_record_alone_is_no_balance() -> None:
    assert given(*PEOPLE, recorded()).state(Account, WANG).usable == 0


@pytest.mark.parametrize("command", [VERIFY, REJECT])
class TestWhoever:
    """Verifying and rejecting have the same conditions."""

    def test_nobody_judges_their_own_hours(self, command: Any) -> None:
        by_worker(command, recorded(volunteer=CHEN)).refused("self_verification", NotYours)

    def test_nobody_judges_an_activity_they_took_part_in(self, command: Any) -> None:
        together = (recorded(activity_id=ACTIVITY), recorded(OTHER_SESSION, CHEN, activity_id=ACTIVITY))
        by_worker(command, *together).refused("verifier_took_part", NotYours)
        assert by_worker(command, *together, actor=HE).facts

    def test_there_has_to_be_a_session(self, command: Any) -> None:
        by_worker(command).refused("no_such_session", NotFound)

    @pytest.mark.parametrize("end", [verified(), rejected()])
    def test_a_session_is_judged_once(self, command: Any, end: Any) -> None:
        by_worker(command, recorded(), end).refused("session_settled", Conflict, status=end_status(end))


def end_status(end: Any) -> str:
    """How a session stands after that fact."""
    return "verified" if isinstance(end, SessionVerified) else "rejected"


def test_a_session_without_activity_is_open_to_every_verifier() -> None:
    assert by_worker(VERIFY, recorded(), recorded(OTHER_SESSION, CHEN)).facts


def test_a_rejected_session_says_why() -> None:
    night = recorded(last_day=TODAY, start_at=at(23), end_at=at(1, day=TODAY))
    outcome = by_worker(REJECT, night).then(
        SessionRejected(
            session_id=SESSION, volunteer=WANG, day=YESTERDAY, last_day=TODAY, reason="not_present", verifier=CHEN
        )
    )
    assert outcome.state(Account, WANG).usable == 0
    assert outcome.state(Session, SESSION).status == "rejected"


# ---- two verifiers -------------------------------------------------------------------------------------------------

TWO = rule("hours.verifiers", 2)
ENDORSED = SessionEndorsed(session_id=SESSION, verifier=CHEN)


def test_the_first_of_two_verifiers_endorses() -> None:
    outcome = by_worker(VERIFY, TWO, recorded()).then(ENDORSED)
    assert outcome.state(Session, SESSION).status == "endorsed"
    assert outcome.state(Account, WANG).usable == 0


def test_the_second_of_two_verifiers_makes_it_count() -> None:
    (happened,) = by_worker(VERIFY, TWO, recorded(), ENDORSED, actor=HE).facts
    assert isinstance(happened, SessionVerified)
    assert (happened.verifier, happened.minutes) == (HE, 60)


def test_nobody_is_both_verifiers() -> None:
    by_worker(VERIFY, TWO, recorded(), ENDORSED).refused("already_endorsed", NotYours)


def test_the_second_verifier_may_still_reject() -> None:
    assert by_worker(REJECT, TWO, recorded(), ENDORSED, actor=HE).facts


# ---- the storage cap -----------------------------------------------------------------------------------------------

CAP = rule("hours.storage_cap_minutes", 100)


@pytest.mark.parametrize(("banked", "overflow"), [(0, 0), (40, 0), (41, 1), (70, 30), (100, 60), (130, 60)])
def test_what_the_storage_cap_cannot_hold_goes_to_the_pool(banked: int, overflow: int) -> None:
    before = (earned(WANG, banked),) if banked else ()
    outcome = by_worker(VERIFY, CAP, recorded(), *before)
    (happened,) = outcome.facts
    assert isinstance(happened, SessionVerified)
    assert (happened.minutes, happened.credited, happened.overflow) == (60, 60 - overflow, overflow)
    assert happened.overflow_to == ("pool" if overflow else "")
    assert outcome.state(Account, WANG).usable == banked + 60 - overflow
    assert outcome.state(Account, WANG).earned == banked + 60
    assert outcome.state(Pool, "pool").minutes == overflow


def test_policy_may_send_the_overflow_to_honour_only() -> None:
    outcome = by_worker(VERIFY, CAP, rule("hours.overflow_to", "honour"), recorded(), earned(WANG, 70))
    (happened,) = outcome.facts
    assert (HONOUR, "minutes", 30) in postings(happened)
    assert outcome.state(Pool, "pool").minutes == 0


def test_an_overflow_posts_what_is_banked_and_what_is_not() -> None:
    happened = verified(minutes=60, overflow=20, overflow_to="pool")
    assert postings(happened) == [(ISSUED, "minutes", -60), (f"hours:{WANG}", "minutes", 40), (POOL, "minutes", 20)]
    full = verified(minutes=60, overflow=60, overflow_to="pool")
    assert postings(full) == [(ISSUED, "minutes", -60), (POOL, "minutes", 60)]


def test_reserved_minutes_fill_the_storage_too() -> None:
    held = HoursReserved(reservation_id="rsv_1", member=WANG, minutes=30, until_at=NOW)
    (happened,) = by_worker(VERIFY, CAP, recorded(), earned(WANG, 70), held).facts
    assert isinstance(happened, SessionVerified)
    assert happened.overflow == 30


# ---- corrections ---------------------------------------------------------------------------------------------------

COUNTED = (recorded(place=HOUSE, team=AIXIN, unit=LVYUN), verified())
ASK = RequestCorrection(correction_id="cor_1", session_id=SESSION, volunteer=WANG, minutes=90)
APPROVE = ApproveCorrection(session_id=SESSION, correction_id="cor_1")
REFUSE = RefuseCorrection(session_id=SESSION, correction_id="cor_1", reason="record_is_right")


def ask(command: RequestCorrection, *before: Any) -> Outcome:
    """王阿姨 asks that her record be put right."""
    return given(*PEOPLE, *before).when(command, actor=WANG, sealed="c1")


def test_the_volunteer_says_what_the_record_should_be() -> None:
    outcome = ask(ASK, *COUNTED).then(
        CorrectionRequested(
            correction_id="cor_1", session_id=SESSION, volunteer=WANG, minutes=90, requested_by=WANG, words="c1"
        )
    )
    assert outcome.state(Account, WANG).usable == 60


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"minutes": -1}, "not_positive", Refused),
        ({"minutes": 1441}, "absurd_amount", Refused),
        ({"minutes": 60}, "nothing_to_correct", Refused),
        ({"session_id": "ses_none"}, "no_such_session", NotFound),
        ({"volunteer": LI}, "no_such_session", NotFound),
        ({"correction_id": "pool"}, "bad_id", Refused),
    ],
)
def test_a_correction_names_a_session_of_ones_own_and_other_minutes(
    changed: dict[str, Any], code: str, kind: type
) -> None:
    ask(replace(ASK, **changed), *COUNTED).refused(code, kind)


def test_only_what_was_verified_is_corrected() -> None:
    ask(ASK, recorded()).refused("session_not_verified", Conflict, status="recorded")


def test_one_correction_at_a_time() -> None:
    ask(ASK, *COUNTED, asked(80)).refused("correction_pending", Conflict, correction="cor_1")
    refused = CorrectionRefused(
        correction_id="cor_1", session_id=SESSION, volunteer=WANG, reason="too_late", checker=CHEN
    )
    assert ask(ASK, *COUNTED, asked(80), refused).facts
    assert ask(ASK, *COUNTED, asked(80), corrected(60, 80)).facts
    ask(ASK, *COUNTED, asked(90), corrected(60, 90)).refused("nothing_to_correct")


def test_a_correction_is_a_new_entry_linked_to_the_old_one() -> None:
    outcome = by_worker(APPROVE, *COUNTED, asked(90)).then(
        SessionCorrected(
            correction_id="cor_1",
            session_id=SESSION,
            volunteer=WANG,
            day=YESTERDAY,
            last_day=YESTERDAY,
            original_minutes=60,
            corrected_minutes=90,
            difference=30,
            checker=CHEN,
            place=HOUSE,
            team=AIXIN,
            unit=LVYUN,
        )
    )
    account = outcome.state(Account, WANG)
    assert (account.usable, account.earned, account.sessions) == (90, 90, 1)
    assert account.earned_by_month == {(2026, 5): 90}
    assert outcome.state(Session, SESSION).minutes == 90


def test_a_second_correction_starts_from_the_first() -> None:
    story = (*COUNTED, asked(90), corrected(60, 90), asked(70))
    (happened,) = by_worker(APPROVE, *story).facts
    assert isinstance(happened, SessionCorrected)
    assert (happened.original_minutes, happened.difference) == (90, -20)


def test_zero_minutes_strike_the_record() -> None:
    assert ask(replace(ASK, minutes=0), *COUNTED).facts
    outcome = by_worker(APPROVE, *COUNTED, asked(0))
    assert outcome.state(Account, WANG).usable == 0
    assert outcome.state(Account, WANG).earned == 0


def test_what_was_already_spent_may_leave_the_balance_below_zero() -> None:
    outcome = by_worker(APPROVE, *COUNTED, gift(WANG, LI, 50), asked(20))
    assert outcome.state(Account, WANG).usable == -30
    (happened,) = outcome.facts
    assert postings(happened) == [(ISSUED, "minutes", 40), (f"hours:{WANG}", "minutes", -40)]


def test_a_correction_upwards_keeps_to_the_days_cap() -> None:
    full = recorded(OTHER_SESSION, minutes=390)
    assert by_worker(APPROVE, *COUNTED, full, asked(90)).facts
    by_worker(APPROVE, *COUNTED, full, asked(91)).refused(
        "daily_cap_exceeded", Refused, cap=480, recorded=450, asked=31, day="2026-05-19"
    )


def test_a_correction_downwards_asks_for_no_cap() -> None:
    assert by_worker(APPROVE, *COUNTED, recorded(OTHER_SESSION, minutes=900), asked(20)).facts


def test_a_refused_correction_says_why_and_moves_nothing() -> None:
    outcome = by_worker(REFUSE, *COUNTED, asked(90)).then(
        CorrectionRefused(
            correction_id="cor_1", session_id=SESSION, volunteer=WANG, reason="record_is_right", checker=CHEN
        )
    )
    assert outcome.state(Account, WANG).usable == 60


@pytest.mark.parametrize("command", [APPROVE, REFUSE])
class TestJudgingACorrection:
    """Granting and refusing have the same conditions."""

    def test_it_has_to_have_been_asked_for(self, command: Any) -> None:
        by_worker(command, *COUNTED).refused("no_such_correction", NotFound)
        other = replace(command, correction_id="cor_2")
        by_worker(other, *COUNTED, asked(90)).refused("no_such_correction", NotFound)
        by_worker(command).refused("no_such_correction", NotFound)

    def test_not_by_the_volunteer(self, command: Any) -> None:
        by_worker(command, *COUNTED, asked(90, by=LI), actor=WANG).refused("self_verification", NotYours)

    def test_not_by_whoever_asked_for_it(self, command: Any) -> None:
        by_worker(command, *COUNTED, asked(90, by=CHEN)).refused("self_verification", NotYours)

    def test_once(self, command: Any) -> None:
        by_worker(command, *COUNTED, asked(90), corrected(60, 90)).refused("no_such_correction")

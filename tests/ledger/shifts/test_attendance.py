"""Who was there: check-in, check-out, the sheet that another signs."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.accounts import ISSUED, POOL, postings
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotYours, Refused
from ledger.hours.commands import ApproveCorrection
from ledger.hours.facts import CorrectionRequested, PoolGranted, SessionEndorsed, SessionVerified
from ledger.hours.state import Account, Pool
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.codes import step_of
from ledger.shifts.state import Plans, Shift
from tests.ledger.cast import CHEN, HE, HOUSE, LI, SUN, WANG, ZHAO, left
from tests.ledger.given import TODAY, Outcome, rule
from tests.ledger.hours.told import recorded
from tests.ledger.shifts.told import (
    MINE,
    MINUTE,
    SHIFT,
    ZHAOS,
    ask,
    at,
    came,
    check_in,
    check_out,
    scheduled,
    session,
    signed,
    story,
    went,
)

CLOSED = facts.ShiftClosed(shift_id=SHIFT)
CONFIRM = do.ConfirmShift(shift_id=SHIFT)
CONFIRMED = facts.ShiftConfirmed(shift_id=SHIFT, confirmed_by=LI)
READY = scheduled(), signed()
THERE = *READY, came()


def verified(session_id: str = "ses_1", volunteer: str = WANG, *, by: str = LI, pooled: bool = False) -> Any:
    """The session counts."""
    return SessionVerified(
        session_id=session_id, volunteer=volunteer, day=TODAY, minutes=90, credited=0 if pooled else 90,
        overflow=90 if pooled else 0, overflow_to="pool" if pooled else "", origin="scanned", verifier=by,
        place=HOUSE,
    )  # fmt: skip


class TestCheckIn:
    """Showing the code on arriving."""

    def test_who_shows_the_code_of_this_minute_is_there(self) -> None:
        ask(check_in(at(14)), *READY, actor=WANG, now_at=at(14)).then(came()).looking_at(SHIFT)

    @pytest.mark.parametrize("off", [-1, 1])
    def test_the_minute_before_and_after_count_too(self, off: int) -> None:
        step = step_of(at(14)) + off
        assert ask(check_in(0, step=step), *READY, actor=WANG, now_at=at(14)).fact.step == step  # type: ignore[attr-defined]  # a CheckedIn

    @pytest.mark.parametrize("off", [-2, 2])
    def test_an_older_code_is_worth_nothing(self, off: int) -> None:
        late = check_in(0, step=step_of(at(14)) + off)
        ask(late, *READY, actor=WANG, now_at=at(14)).refused("code_expired", Refused)

    def test_without_a_code_that_was_checked_nothing_happens(self) -> None:
        bare = do.CheckIn(shift_id=SHIFT, member=WANG, code="ABCD-EFGH")
        ask(bare, *READY, actor=WANG, now_at=at(14)).refused("wrong_code", Refused)

    def test_it_begins_half_an_hour_before_the_shift_and_ends_with_it(self) -> None:
        assert ask(check_in(at(13, 30)), *READY, actor=WANG, now_at=at(13, 30)).facts
        early = at(13, 30) - 1
        ask(check_in(early), *READY, actor=WANG, now_at=early).refused("too_early", Refused, from_at=at(13, 30))
        ask(check_in(at(16)), *READY, actor=WANG, now_at=at(16)).refused("shift_over", Refused)

    @pytest.mark.parametrize(
        ("before", "code", "kind"),
        [
            ((scheduled(),), "not_signed_up", Refused),
            ((scheduled(), signed(waiting=True)), "still_waiting", Refused),
            (THERE, "already_checked_in", Conflict),
            ((*THERE, *went()), "already_checked_in", Conflict),
            ((*READY, left(WANG)), "member_left", Refused),
            (
                (*READY, facts.ShiftCancelled(shift_id=SHIFT, reason="weather", cancelled_by=LI)),
                "shift_cancelled",
                Conflict,
            ),
            (
                (*READY, PartyBlacklisted(blacklisting_id="b", party=WANG, reason="fraud", listed_by=HE, day=TODAY)),
                "blacklisted",
                Refused,
            ),
        ],
    )
    def test_it_takes_a_place_in_the_shift(self, before: tuple[Any, ...], code: str, kind: type) -> None:
        ask(check_in(at(14)), *before, actor=WANG, now_at=at(14)).refused(code, kind)

    def test_a_code_is_used_once_per_person_and_minute(self) -> None:
        again = check_out(0, step=step_of(at(14)))
        ask(again, *THERE, actor=WANG, now_at=at(14, 1)).refused("code_used", Conflict)
        older = check_out(0, step=step_of(at(14)) - 1)
        ask(older, *THERE, actor=WANG, now_at=at(14)).refused("code_used", Conflict)


class TestCheckOut:
    """Showing the code on going."""

    def test_a_session_runs_from_check_in_to_check_out_and_waits_for_another(self) -> None:
        outcome = ask(check_out(at(15, 30)), *THERE, actor=WANG, now_at=at(15, 30)).then(*went())
        assert outcome.state(Account, WANG).usable == 0
        assert outcome.state(Plans, WANG).open == {}

    def test_minutes_are_counted_by_the_clock_on_the_wall(self) -> None:
        in_at, out_at = at(14) + 59 * 1_000_000, at(15, 30) + 1
        gone = ask(check_out(out_at), *READY, came(when=in_at), actor=WANG, now_at=out_at).facts
        assert gone[1] == session()

    def test_it_takes_at_least_a_minute(self) -> None:
        early = check_out(0, step=step_of(at(14)) + 1)
        ask(early, *THERE, actor=WANG, now_at=at(14) + MINUTE - 1).refused("too_soon", Refused)

    def test_who_never_came_cannot_go(self) -> None:
        ask(check_out(at(15)), *READY, actor=WANG, now_at=at(15)).refused("not_checked_in", Refused)
        ask(check_out(at(15)), scheduled(), actor=WANG, now_at=at(15)).refused("not_signed_up", Refused)

    def test_one_goes_once_and_not_after_the_shift_was_closed(self) -> None:
        ask(check_out(at(15, 40)), *THERE, *went(), actor=WANG, now_at=at(15, 40)).refused("signup_settled", Conflict)
        ask(check_out(at(15)), *THERE, CLOSED, actor=WANG, now_at=at(15)).refused("signup_settled", Conflict)

    @pytest.mark.parametrize(
        ("before", "barrier"),
        [
            (recorded("ses_0", minutes=450, day=TODAY), "daily_cap_exceeded"),
            (recorded("ses_0", day=TODAY, start_at=at(15), end_at=at(16)), "sessions_overlap"),
        ],
    )
    def test_who_goes_is_not_held_back_where_no_session_can_follow(self, before: Any, barrier: str) -> None:
        outcome = ask(check_out(at(15, 30)), *THERE, before, actor=WANG, now_at=at(15, 30))
        gone, _ = went()
        assert outcome.fact == facts.CheckedOut(
            signup_id=MINE, shift_id=SHIFT, member=WANG, step=gone.step, checked_at=gone.checked_at, barrier=barrier
        )
        assert outcome.state(Shift, SHIFT).seats[MINE].status == "out"

    def test_somebody_in_charge_who_left_holds_nobody_back(self) -> None:
        assert ask(check_out(at(15, 30)), *THERE, left(LI), actor=WANG, now_at=at(15, 30)).facts == list(went())


ATTEST = do.AttestCheckOut(session_id="ses_1", shift_id=SHIFT, member=WANG, out_at=at(15, 30))
MISSED = facts.CheckOutMissed(signup_id=MINE, shift_id=SHIFT, member=WANG)


class TestMissedCheckOut:
    """Somebody forgot to check out."""

    def test_another_says_when_they_went_and_the_session_is_attested(self) -> None:
        attested = facts.CheckOutAttested(
            signup_id=MINE, shift_id=SHIFT, member=WANG, session_id="ses_1", out_at=at(15, 30), attested_by=LI
        )
        expected = attested, session(origin="attested", recorder=LI)
        ask(ATTEST, *THERE, CLOSED, MISSED, actor=LI, now_at=at(18)).then(*expected)
        ask(ATTEST, *THERE, actor=LI, now_at=at(16)).then(*expected)

    def test_nobody_says_it_for_themselves_nor_without_being_in_charge(self) -> None:
        ask(ATTEST, *THERE, MISSED, actor=SUN, now_at=at(18)).refused("shift_not_yours", NotYours)
        own = scheduled(in_charge=WANG), signed(), came(), MISSED
        ask(ATTEST, *own, actor=WANG, now_at=at(18)).refused("self_verification", NotYours)

    @pytest.mark.parametrize("out_at", [at(14), at(17) + MINUTE])
    def test_it_was_after_check_in_and_before_the_time_to_check_out_was_over(self, out_at: int) -> None:
        late = do.AttestCheckOut(session_id="ses_1", shift_id=SHIFT, member=WANG, out_at=out_at)
        ask(late, *THERE, MISSED, now_at=at(18)).refused("implausible_check_out", Refused)

    def test_it_is_not_said_ahead(self) -> None:
        ask(ATTEST, *THERE, now_at=at(15)).refused("implausible_check_out", Refused)

    def test_only_for_who_came_and_did_not_check_out(self) -> None:
        ask(ATTEST, scheduled(), now_at=at(18)).refused("not_signed_up", Refused)
        ask(ATTEST, *READY, now_at=at(18)).refused("not_checked_in", Refused)
        ask(ATTEST, *THERE, *went(), now_at=at(18)).refused("signup_settled", Conflict)


def _corrected(minutes: int, *since: Any) -> Outcome:
    """A session of a shift whose hours went to the pool is put right."""
    asked = CorrectionRequested(
        correction_id="cor_1", session_id="ses_1", volunteer=WANG, minutes=minutes, requested_by=WANG
    )
    past = scheduled(pooled=True), signed(), came(), *went(), verified(pooled=True), *since, asked
    return ask(ApproveCorrection(session_id="ses_1", correction_id="cor_1"), *past, now_at=at(20))


class TestConfirming:
    """Somebody who did not serve signs for the sheet."""

    def test_whoever_is_in_charge_signs_for_all_at_once(self) -> None:
        both = *THERE, *went(), signed(ZHAOS, ZHAO), came(ZHAOS, ZHAO), *went(ZHAOS, ZHAO, session_id="ses_2")
        outcome = ask(CONFIRM, *both, actor=LI, now_at=at(17))
        outcome.then(CONFIRMED, verified(), verified("ses_2", ZHAO))
        assert outcome.state(Account, WANG).usable == 90

    def test_hours_of_a_pooled_shift_go_to_the_pool_and_into_the_lifetime_record(self) -> None:
        shared = scheduled(pooled=True), signed(), came(), *went()
        outcome = ask(CONFIRM, *shared, actor=LI, now_at=at(17)).then(CONFIRMED, verified(pooled=True))
        assert postings(outcome.facts[1]) == [(ISSUED, "minutes", -90), (POOL, "minutes", 90)]
        account = outcome.state(Account, WANG)
        assert (account.usable, account.earned) == (0, 90)

    @pytest.mark.parametrize(("minutes", "pool"), [(100, 100), (60, 60), (0, 0)])
    def test_a_correction_of_pooled_hours_goes_through_the_pool(self, minutes: int, pool: int) -> None:
        told = _corrected(minutes)
        assert told.state(Pool, "pool").minutes == pool
        assert (told.state(Account, WANG).usable, told.state(Account, WANG).earned) == (0, minutes)

    def test_what_the_pool_gave_away_does_not_come_back(self) -> None:
        told = _corrected(0, PoolGranted(receiver=SUN, minutes=70, granted_by=HE))
        assert told.state(Pool, "pool").minutes == 0
        assert told.state(Account, WANG).usable == -70
        assert len(_corrected(0, PoolGranted(receiver=SUN, minutes=90, granted_by=HE)).facts) == 1

    def test_where_policy_asks_for_two_another_signs_again(self) -> None:
        two = rule("hours.verifiers", 2)
        endorsed = SessionEndorsed(session_id="ses_1", verifier=LI)
        ask(CONFIRM, *THERE, *went(), two, actor=LI, now_at=at(17)).then(CONFIRMED, endorsed)
        past = *THERE, *went(), two, CONFIRMED, endorsed
        ask(CONFIRM, *past, actor=LI, now_at=at(17)).refused("nothing_to_confirm", Conflict)
        by_chen = facts.ShiftConfirmed(shift_id=SHIFT, confirmed_by=CHEN)
        ask(CONFIRM, *past, now_at=at(17)).then(by_chen, verified(by=CHEN))

    def test_nobody_signs_who_served_or_is_not_in_charge(self) -> None:
        ask(CONFIRM, *THERE, *went(), actor=SUN).refused("shift_not_yours", NotYours)
        own = *THERE, *went(), session("ses_2", LI)
        ask(CONFIRM, *own, actor=LI, now_at=at(17)).refused("verifier_took_part", NotYours)

    def test_nobody_signs_for_what_they_entered_themselves(self) -> None:
        entered = *READY, session(origin="attested", recorder=LI)
        ask(CONFIRM, *entered, actor=LI, now_at=at(17)).refused("entered_by_yourself", NotYours)
        assert ask(CONFIRM, *entered, now_at=at(17)).facts
        guaranteed = *READY, session(origin="attested", recorder=CHEN, guarantor=LI)
        ask(CONFIRM, *guaranteed, actor=LI, now_at=at(17)).refused("entered_by_yourself", NotYours)

    def test_what_waits_for_nobody_is_not_signed_again(self) -> None:
        ask(CONFIRM, *THERE, *went(), CONFIRMED, verified(), now_at=at(17)).refused("nothing_to_confirm", Conflict)
        ask(CONFIRM, scheduled(), now_at=at(17)).refused("nothing_to_confirm", Conflict)


def test_the_journal_holds_no_code() -> None:
    for kind in (facts.CheckedIn, facts.CheckedOut):
        assert "code" not in kind.__struct_fields__
    assert story(*THERE).state(Shift, SHIFT).seats[MINE].step == step_of(at(14))

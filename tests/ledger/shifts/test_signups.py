"""Who will come: places, waiting, moving up, and what became of a sign-up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NuanlinError, Refused
from ledger.parties.facts import MemberRegistered
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.decisions import RULES
from ledger.shifts.state import Plans, Shift
from tests.ledger.cast import AIXIN, CHEN, LI, PEOPLE, SUN, WANG, ZHAO, left, proxy, registered
from tests.ledger.given import TODAY, Folded, rule, survives_snapshot
from tests.ledger.shifts.told import MINE, SHIFT, ZHAOS, ask, at, came, scheduled, signed, story, went

SIGN_UP = do.SignUp(signup_id=MINE, shift_id=SHIFT, member=WANG)
WITHDRAW = do.WithdrawSignup(shift_id=SHIFT, member=WANG)
CLOSE = do.CloseShift(shift_id=SHIFT)
CLOSED = facts.ShiftClosed(shift_id=SHIFT)


def ended(signup_id: str = MINE, member: str = WANG, *, cause: str = "in_time") -> facts.SignupEnded:
    """Somebody will not come."""
    return facts.SignupEnded(signup_id=signup_id, shift_id=SHIFT, member=member, cause=cause)


def barred(party: str) -> PartyBlacklisted:
    """Somebody takes on nothing new."""
    return PartyBlacklisted(
        blacklisting_id="black_1", party=party, reason="fraud", ground=None, listed_by=CHEN, day=TODAY
    )


def test_who_signs_up_has_a_place() -> None:
    ask(SIGN_UP, scheduled(), actor=WANG).then(signed()).looking_at(SHIFT, WANG)


def test_where_no_place_is_free_one_waits() -> None:
    full = scheduled(capacity=1), signed(ZHAOS, ZHAO)
    ask(SIGN_UP, *full, actor=WANG).then(signed(waiting=True))


def test_one_may_sign_up_on_the_spot_until_the_shift_is_over() -> None:
    assert ask(SIGN_UP, scheduled(), now_at=at(15, 59)).facts
    ask(SIGN_UP, scheduled(), now_at=at(16)).refused("shift_over", Refused)
    ask(SIGN_UP, scheduled(), CLOSED).refused("shift_over", Refused)


@pytest.mark.parametrize(
    ("before", "code", "kind"),
    [
        ((), "no_such_shift", NotFound),
        ((scheduled(), facts.ShiftCancelled(shift_id=SHIFT, reason="weather", cancelled_by=LI)), "shift_cancelled", Conflict),
        ((scheduled(), left(WANG)), "member_left", Refused),
        ((scheduled(), barred(WANG)), "blacklisted", Refused),
        ((scheduled(), signed("sgn_before")), "already_signed_up", Conflict),
        ((scheduled(), signed("sgn_before", waiting=True)), "already_signed_up", Conflict),
        ((scheduled(), signed(MINE, ZHAO)), "signup_exists", Conflict),
        ((scheduled(team=AIXIN),), "not_of_the_team", Refused),
        ((scheduled(), signed("sgn_other", shift_id="shift_2")), "signed_up_elsewhere", Refused),
    ],
)  # fmt: skip
def test_not_everybody_may_sign_up(before: tuple[Any, ...], code: str, kind: type) -> None:
    ask(SIGN_UP, *before, actor=WANG).refused(code, kind)


def test_a_minor_signs_up_with_a_guardians_consent_where_policy_asks_for_it() -> None:
    child = MemberRegistered(member_id="mem_child", guardian=WANG, joined_on=TODAY), proxy("mem_child", WANG)
    wish = do.SignUp(signup_id=MINE, shift_id=SHIFT, member="mem_child")
    asks = rule("privacy.guardian_consent", 1)
    ask(wish, scheduled(), *child, asks).refused("guardian_consent_missing", Refused)
    assert ask(wish, scheduled(), *child).facts


def test_a_teams_shift_is_for_its_members() -> None:
    assert ask(do.SignUp(signup_id=ZHAOS, shift_id=SHIFT, member=ZHAO), scheduled(team=AIXIN), actor=ZHAO).facts


def test_two_shifts_one_after_the_other_are_no_overlap() -> None:
    later = scheduled("shift_2", start_at=at(16), end_at=at(18))
    assert ask(do.SignUp(shift_id="shift_2", member=WANG), scheduled(), signed(), later, actor=WANG).facts


def test_who_withdrew_may_sign_up_again() -> None:
    again = do.SignUp(signup_id="sgn_again", shift_id=SHIFT, member=WANG)
    assert ask(again, scheduled(), signed(), ended(), actor=WANG).facts


class TestWithdrawing:
    """Saying that one will not come after all."""

    def test_in_time_it_is_no_broken_promise(self) -> None:
        ask(WITHDRAW, scheduled(), signed(), actor=WANG, now_at=at(14, day=date(2026, 5, 19))).then(ended())

    def test_later_than_the_notice_it_is_short_notice(self) -> None:
        ask(WITHDRAW, scheduled(), signed(), actor=WANG, now_at=at(14, 1, day=date(2026, 5, 19))).then(
            ended(cause="short_notice")
        )

    def test_how_much_notice_is_policy(self) -> None:
        hour = rule("shifts.notice_minutes", 60)
        ask(WITHDRAW, scheduled(), signed(), hour, actor=WANG, now_at=at(13)).then(ended())

    def test_who_only_waited_owes_no_notice(self) -> None:
        ask(WITHDRAW, scheduled(), signed(waiting=True), actor=WANG, now_at=at(13, 59)).then(ended())

    def test_whoever_waited_longest_moves_up(self) -> None:
        waiting = signed(ZHAOS, ZHAO, waiting=True), signed("sgn_sun", SUN, waiting=True)
        moved = facts.MovedUp(signup_id=ZHAOS, shift_id=SHIFT, member=ZHAO)
        outcome = ask(WITHDRAW, scheduled(capacity=1), signed(), *waiting, actor=WANG)
        outcome.then(ended(cause="short_notice"), moved)
        assert outcome.state(Shift, SHIFT).seats[ZHAOS].status == "booked"
        assert outcome.state(Plans, WANG).open == {}

    @pytest.mark.parametrize("gone", [left(ZHAO), barred(ZHAO)])
    def test_who_may_not_come_any_more_is_passed_over(self, gone: Any) -> None:
        waiting = signed(ZHAOS, ZHAO, waiting=True), signed("sgn_sun", SUN, waiting=True)
        outcome = ask(WITHDRAW, scheduled(capacity=1), signed(), *waiting, gone, actor=WANG)
        assert outcome.facts[1:] == [facts.MovedUp(signup_id="sgn_sun", shift_id=SHIFT, member=SUN)]

    def test_nobody_withdraws_once_the_shift_began(self) -> None:
        ask(WITHDRAW, scheduled(), signed(), actor=WANG, now_at=at(14)).refused("shift_started", Refused)

    def test_a_sign_up_is_withdrawn_once_and_not_after_check_in(self) -> None:
        ask(WITHDRAW, scheduled(), signed(), ended(), actor=WANG).refused("no_such_signup", NotFound)
        ask(WITHDRAW, scheduled(), signed(), came(), actor=WANG).refused("signup_settled", Conflict)
        ask(WITHDRAW, scheduled(), signed(), CLOSED, actor=WANG).refused("signup_settled", Conflict)

    def test_who_left_the_community_leaves_a_place_free_even_while_the_shift_runs(self) -> None:
        waiting = signed(ZHAOS, ZHAO, waiting=True)
        outcome = ask(WITHDRAW, scheduled(capacity=1), signed(), waiting, left(WANG), now_at=at(14, 30))
        assert outcome.facts == [
            ended(cause="left"),
            facts.MovedUp(signup_id=ZHAOS, shift_id=SHIFT, member=ZHAO),
        ]
        assert len(ask(WITHDRAW, scheduled(capacity=1), signed(), waiting, left(WANG), now_at=at(16)).facts) == 1


class TestClosing:
    """What came of every sign-up."""

    def test_the_shift_is_closed_when_the_time_to_check_out_is_over(self) -> None:
        ask(CLOSE, scheduled(), now_at=at(17)).then(CLOSED)
        ask(CLOSE, scheduled(), now_at=at(16, 59)).refused("not_yet_due", Refused, until_at=at(17))
        ask(CLOSE, scheduled(), CLOSED, now_at=at(17)).refused("shift_closed", Conflict)

    def test_it_says_who_did_not_come_who_forgot_to_check_out_and_who_waited_in_vain(self) -> None:
        people = signed(), came(), signed(ZHAOS, ZHAO), signed("sgn_sun", SUN, waiting=True)
        named = {"shift_id": SHIFT}
        outcome = ask(CLOSE, scheduled(), *people, now_at=at(17)).then(
            CLOSED,
            facts.CheckOutMissed(signup_id=MINE, member=WANG, **named),
            facts.ShiftNotAttended(signup_id=ZHAOS, member=ZHAO, day=TODAY, **named),
            ended("sgn_sun", SUN, cause="full"),
        )
        assert outcome.state(Plans, ZHAO).open == {}

    def test_who_left_or_checked_out_is_no_no_show(self) -> None:
        people = signed(), came(), *went(), signed(ZHAOS, ZHAO), left(ZHAO)
        ask(CLOSE, scheduled(), *people, now_at=at(17)).then(CLOSED, ended(ZHAOS, ZHAO, cause="left"))


def test_the_states_survive_a_snapshot() -> None:
    told = story(scheduled(), signed(), came(), *went(), signed(ZHAOS, ZHAO, waiting=True))
    assert survives_snapshot(told.state(Shift, SHIFT))
    assert survives_snapshot(told.state(Plans, ZHAO))


@drawn(capacity=st.integers(1, 3), moves=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30))
def test_never_more_people_than_places_and_nobody_waits_while_one_is_free(
    capacity: int, moves: list[tuple[int, bool]]
) -> None:
    from ledger.base import Scene

    people = [f"mem_p{number}" for number in range(6)]
    view = Folded(*PEOPLE, *(registered(one) for one in people), scheduled(capacity=capacity))
    for count, (number, signs_up) in enumerate(moves):
        member = people[number]
        scene = Scene(now_at=at(9), today=TODAY, zone="Asia/Shanghai", actor=member, role="")
        command: Any = do.WithdrawSignup(shift_id=SHIFT, member=member)
        if signs_up:
            command = do.SignUp(signup_id=f"sgn_{count}", shift_id=SHIFT, member=member)
        try:
            view.add(*RULES[type(command)](view, command, scene))
        except NuanlinError:
            continue
        shift = view.state(Shift, SHIFT)
        assert shift.taken() <= capacity
        assert shift.taken() == capacity or not shift.waiting()

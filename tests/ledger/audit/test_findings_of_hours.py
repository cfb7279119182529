"""Standing checks of hours, of when things were entered, and between people: what triggers each, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.audit.findings_hours import HoursAtNight, ImplausibleDays, OneVerifier, UpwardCorrections
from ledger.audit.findings_people import CircularGifts, GiverLinked, WishesUnderCeiling
from ledger.audit.findings_time import BackDated, ClockSetBack, DormantWaking, QuickClaims
from ledger.clock import MICROS_PER_SECOND, at_time
from ledger.funds.facts import DonationReceived, GrantApproved, GrantPaid
from ledger.hours.facts import HoursDonated, HoursLapsed, PoolGranted
from ledger.parties.facts import MemberRegistered
from ledger.partners.facts import MatchDelivered, PartnerContributed
from ledger.policy.facts import PolicySet
from ledger.requests.facts import ClaimReleased, RequestClaimed, RequestClosed, RequestFulfilled, RequestPosted
from tests.ledger.audit.seen import CHEN, DAY, HE, LI, NOON, NUANXING, SUN, WANG, ZHAO, Journal, day, days_after

LVYUN = "unit_lvyun"


# ---- one verifier ---------------------------------------------------------------------------------------------------


def verified(journal: Journal, times: int, verifier: str, volunteer: str = "", minutes: int = 120) -> None:
    """So many sessions of one volunteer, or each of somebody else, all at one place."""
    for number in range(times):
        journal.record(volunteer or f"mem_{verifier}{number}", minutes, verifier=verifier)


def test_one_verifier_for_one_persons_hours_where_others_verify_too() -> None:
    journal = Journal()
    verified(journal, 10, CHEN, WANG)
    verified(journal, 2, CHEN)
    verified(journal, 10, HE)
    [hint] = journal.hints(OneVerifier)
    assert (hint.figures["who"], hint.figures["verifier"], hint.count) == (WANG, CHEN, 10)
    assert hint.positions == tuple(range(2, 21, 2))
    # 2 of 12 there, counted as 3 of 14.
    assert hint.figures["others_percent"] == 21
    assert hint.figures["verified_minutes"] == 1_200


def test_few_sessions_few_minutes_a_usual_verifier_or_two_are_no_wonder() -> None:
    few, short, usual, two, alone = Journal(), Journal(), Journal(), Journal(), Journal()
    for journal, times, minutes in ((few, 9, 200), (short, 10, 119), (usual, 10, 120), (two, 7, 200)):
        verified(journal, times, CHEN, WANG, minutes)
        verified(journal, 10, HE)
    verified(usual, 20, CHEN)
    verified(two, 3, HE, WANG, 200)
    verified(alone, 30, CHEN, WANG)
    assert [one.hints(OneVerifier) for one in (few, short, usual, two, alone)] == [[]] * 5


def test_a_worker_who_alone_verifies_at_one_place_is_no_wonder() -> None:
    journal = Journal()
    for _ in range(12):
        journal.record(WANG, 120, verifier=CHEN, place="place_east")
        journal.record(ZHAO, 120, verifier=CHEN, place="place_east")
        journal.record(LI, 120, verifier=HE, place="place_west")
        journal.record(SUN, 120, verifier=HE, place="place_west")
    assert journal.hints(OneVerifier) == []


# ---- corrections, nights, days --------------------------------------------------------------------------------------


def test_corrections_upward_by_who_verified() -> None:
    journal = Journal()
    for _ in range(3):
        journal.record(WANG, 60, verifier=CHEN)
    positions = tuple(journal.correct(number, 15) for number in (1, 2, 3))
    [hint] = journal.hints(UpwardCorrections)
    assert (hint.positions, hint.figures["who"], hint.figures["added_minutes"]) == (positions, CHEN, 45)


def test_few_corrections_downward_ones_and_those_of_another_are_no_wonder() -> None:
    journal = Journal()
    for _ in range(6):
        journal.record(WANG, 60, verifier=CHEN)
    journal.correct(1, 100)
    journal.correct(2, 139)
    journal.correct(3, -200)
    for number in (4, 5, 6):
        journal.correct(number, 200, checker=HE)
    assert journal.hints(UpwardCorrections) == []
    journal.correct(1, 240)
    assert journal.hints(UpwardCorrections)[0].figures["added_minutes"] == 479


@pytest.mark.parametrize(("hour", "minute", "minutes"), [(22, 30, 90), (1, 0, 60), (4, 0, 120), (22, 0, 480)])
def test_three_nights_without_a_scan_are_worth_a_look(hour: int, minute: int, minutes: int) -> None:
    journal = Journal()
    for count in range(3):
        journal.record(day=day(count), start_at=at_time(day(count), hour, minute), minutes=minutes)
    [hint] = journal.hints(HoursAtNight)
    assert (hint.figures["who"], hint.count) == (WANG, 3)


@pytest.mark.parametrize(("hour", "minute", "minutes"), [(22, 30, 89), (4, 1, 120), (5, 0, 240), (20, 0, 180)])
def test_an_evening_or_an_early_morning_is_no_night(hour: int, minute: int, minutes: int) -> None:
    journal = Journal()
    for count in range(3):
        journal.record(day=day(count), start_at=at_time(day(count), hour, minute), minutes=minutes)
    assert journal.hints(HoursAtNight) == []


def test_two_nights_are_few_scanned_ones_have_evidence_and_without_times_nobody_knows() -> None:
    journal = Journal()
    for count in range(3):
        night = at_time(day(count), 1, 0)
        journal.record(LI, 120, day=day(count), start_at=night, origin="scanned")
        journal.record(SUN, 120, day=day(count))
        if count:
            journal.record(WANG, 120, day=day(count), start_at=night)
    assert journal.hints(HoursAtNight) == []
    assert [one.figures["who"] for one in journal.hints(HoursAtNight, scanned=1)] == [LI]


def test_a_night_is_the_communitys_not_universal_times() -> None:
    journal = Journal()
    for count in range(3):
        # 17:00 in Shanghai is 9:00 UTC; 2:00 in Shanghai is 18:00 UTC the day before.
        journal.record(LI, 120, day=day(count), start_at=at_time(day(count), 17, 0))
        journal.record(WANG, 120, day=day(count), start_at=at_time(day(count), 2, 0))
    assert [one.figures["who"] for one in journal.hints(HoursAtNight)] == [WANG]


def test_a_day_of_ten_hours_points_at_its_records() -> None:
    journal = Journal()
    positions = (journal.record(WANG, 300), journal.record(WANG, 300))
    journal.record(WANG, 60, day=day(1))
    journal.record(LI, 599)
    [hint] = journal.hints(ImplausibleDays)
    assert (hint.form, hint.positions, hint.figures["on_day"], hint.figures["day_minutes"]) == (
        "long",
        positions,
        DAY,
        600,
    )


def test_a_day_that_was_corrected_down_is_long_no_more() -> None:
    journal = Journal()
    journal.record(WANG, 600)
    journal.correct(1, -1)
    assert journal.hints(ImplausibleDays) == []


def test_ten_days_of_a_month_at_the_cap_then_in_force() -> None:
    journal = Journal()
    journal.tell(PolicySet(name="hours.daily_cap_minutes", value=240, from_day=DAY))
    for count in range(10):
        journal.record(WANG, 240, day=day(count))
        journal.record(LI, 239, day=day(count))
        journal.record(SUN, 240, day=day(count or -1))
    journal.record(ZHAO, 240, day=DAY)
    [hint] = journal.hints(ImplausibleDays)
    assert (hint.form, hint.figures["who"], hint.figures["days"], hint.figures["total_minutes"]) == (
        "cap",
        WANG,
        10,
        2_400,
    )


# ---- when -----------------------------------------------------------------------------------------------------------


def test_many_entries_about_days_long_past_by_who_vouches_for_them() -> None:
    journal = Journal()
    late = tuple(journal.record(day=DAY, at=days_after(30), guarantor=HE) for _ in range(10))
    journal.record(day=DAY, at=days_after(29), guarantor=HE)
    [hint] = journal.hints(BackDated)
    assert (hint.form, hint.figures["who"], hint.positions) == ("hours", HE, late)
    assert (hint.figures["entries"], hint.figures["of"], hint.figures["days"]) == (10, 11, 30)


def test_nine_late_entries_or_ten_soon_enough_are_no_wonder() -> None:
    nine, soon = Journal(), Journal()
    for number in range(10):
        soon.record(day=DAY, at=days_after(29))
        nine.record(day=DAY, at=days_after(30 if number else 0))
    assert (nine.hints(BackDated), soon.hints(BackDated)) == ([], [])


def test_late_receipts_payments_and_contributions_are_told_by_who_entered_them() -> None:
    journal = Journal()
    for number in range(10):
        journal.pay(1_000 + number, at=days_after(40))
        journal.tell(
            PartnerContributed(
                contribution_id=f"con_{number}", unit=LVYUN, kind="venue", quantity=60, day=DAY, accepted_by=HE
            ),
            at=days_after(40),
            by=HE,
        )
    found = {(one.form, one.figures["who"]): one.figures["days"] for one in journal.hints(BackDated)}
    assert found == {("money", CHEN): 40, ("goods", HE): 40}


def test_a_decision_dated_before_what_stood_there() -> None:
    journal = Journal()
    journal.give(WANG, LI, at=NOON)
    late = journal.give(WANG, SUN, at=NOON - 300 * MICROS_PER_SECOND)
    journal.give(WANG, SUN, at=NOON - 299 * MICROS_PER_SECOND)
    [hint] = journal.hints(ClockSetBack)
    assert (hint.positions, hint.figures) == ((late,), {"who": WANG, "events": 1, "seconds": 300})


def request(
    journal: Journal, number: int, *, done_after: int, closed_after: int, key: str = "", lapsed: bool = False
) -> None:
    """A request claimed at noon, done and closed so many seconds after one another."""
    request_id = f"req_{number}"
    about: dict[str, Any] = {"claim_id": f"claim_{number}", "claimant": LI, "day": DAY}
    claimed = RequestClaimed(request_id=request_id, claimed_by=LI, until_at=days_after(7), **about)
    journal.tell(claimed, by=LI, key=key)
    if lapsed:
        journal.tell(ClaimReleased(request_id=request_id, **about), by=LI)
    done_at = NOON + done_after * MICROS_PER_SECOND
    journal.tell(RequestFulfilled(request_id=request_id, **about), by=LI, at=done_at, key=key)
    journal.tell(
        RequestClosed(request_id=request_id, kind="wish", score=5, closed_by=WANG, requester=WANG, **about),
        by=WANG, at=done_at + closed_after * MICROS_PER_SECOND, key=key,
    )  # fmt: skip


def test_three_claims_done_and_closed_within_seconds() -> None:
    journal = Journal()
    for number in range(3):
        request(journal, number, done_after=120, closed_after=10)
    request(journal, 3, done_after=9_999, closed_after=9_999)
    closed, done = journal.hints(QuickClaims)
    assert (closed.form, closed.positions, closed.figures["of"]) == ("closed", (3, 6, 9), 4)
    assert (done.form, done.positions, done.figures["who"]) == ("done", (2, 5, 8), LI)


def test_slower_claims_two_of_them_or_records_of_the_past_are_no_wonder() -> None:
    slow, two, past, again = Journal(), Journal(), Journal(), Journal()
    for number in range(3):
        request(slow, number, done_after=121, closed_after=11)
        request(past, number, done_after=0, closed_after=0, key=f"row {number}")
        request(again, number, done_after=60, closed_after=60, lapsed=True)
    for number in range(2):
        request(two, number, done_after=1, closed_after=1)
    assert [one.hints(QuickClaims) for one in (slow, two, past, again)] == [[]] * 4


def test_hours_that_slept_for_a_year_and_are_given_away() -> None:
    journal = Journal()
    journal.record(WANG, 120)
    given = journal.give(WANG, LI, 60, at=days_after(365))
    [hint] = journal.hints(DormantWaking)
    assert (hint.form, hint.positions) == ("hours", (2, given))
    assert hint.figures == {"who": WANG, "days": 365, "spent_minutes": 60}


def test_a_shorter_sleep_a_smaller_gift_a_lapse_or_a_gift_received_wakes_nobody() -> None:
    journal = Journal()
    for volunteer in (WANG, ZHAO, SUN, CHEN):
        journal.record(volunteer, 120, verifier=HE)
    journal.give(WANG, LI, 60, at=days_after(364))
    journal.tell(HoursDonated(giver=ZHAO, minutes=59), by=ZHAO, at=days_after(365))
    journal.tell(HoursLapsed(member=SUN, minutes=60, earned_before=DAY), at=days_after(365))
    journal.tell(PoolGranted(receiver=CHEN, minutes=60, granted_by=HE), at=days_after(365))
    assert journal.hints(DormantWaking) == []


def test_an_item_of_a_fund_that_slept_and_one_that_did_not() -> None:
    journal = Journal()
    journal.tell(
        DonationReceived(
            receipt_id="rcpt_1", fund=NUANXING, donor=LI, item="meals", amount_fen=50_000, method="cash", handler=CHEN,
            day=DAY,
        )
    )  # fmt: skip
    about: dict[str, Any] = {"grant_id": "grant_1", "fund": NUANXING, "item": "meals", "amount_fen": 10_000}
    approved = journal.tell(GrantApproved(**about, approver=HE), at=days_after(365))
    journal.tell(GrantPaid(**about, category="aid", payer=CHEN, day=DAY), at=days_after(900))
    [hint] = journal.hints(DormantWaking)
    assert (hint.form, hint.positions, hint.figures["item"]) == ("fund", (1, approved), "meals")


# ---- between people -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ring", [(WANG, LI), (WANG, LI, ZHAO), (WANG, LI, ZHAO, SUN)])
def test_gifts_that_come_back_within_weeks(ring: tuple[str, ...]) -> None:
    journal = Journal()
    positions = [
        journal.give(giver, receiver, 60, at=days_after(60 * i // len(ring)))
        for i, (giver, receiver) in enumerate(zip(ring, (*ring[1:], ring[0]), strict=True))
    ]
    [hint] = journal.hints(CircularGifts)
    assert hint.positions == tuple(positions)
    assert (hint.figures["persons"], hint.figures["gifts"]) == (len(ring), len(ring))
    assert {hint.figures["who"], *str(hint.figures["others"]).split()} == set(ring)


def test_gifts_that_come_back_later_smaller_or_over_five_persons_are_no_ring() -> None:
    late, small, long, chain = Journal(), Journal(), Journal(), Journal()
    late.give(WANG, LI)
    late.give(LI, WANG, at=days_after(61))
    small.give(WANG, LI, 60)
    small.give(LI, WANG, 59)
    five = (WANG, LI, ZHAO, SUN, HE)
    for giver, receiver in zip(five, (*five[1:], WANG), strict=True):
        long.give(giver, receiver)
        chain.give(WANG, receiver)
    assert [one.hints(CircularGifts) for one in (late, small, long, chain)] == [[]] * 4


def wish(number: int, value_fen: int, *, count: int = 0, kind: str = "wish", requester: str = WANG) -> RequestPosted:
    return RequestPosted(
        request_id=f"req_{number}", kind=kind, requester=requester, value_fen=value_fen, channel="qr", day=day(count)
    )


def test_three_wishes_right_at_the_ceiling_then_in_force() -> None:
    journal = Journal()
    positions = tuple(journal.tell(wish(number, 45_000 + number * 2_500, count=number * 30)) for number in range(3))
    [hint] = journal.hints(WishesUnderCeiling)
    assert (hint.positions, hint.figures["total_fen"]) == (positions, 142_500)
    journal.tell(PolicySet(name="requests.wish_ceiling_fen", value=100_000, from_day=day(61)))
    journal.tell(wish(9, 90_000, count=100), wish(10, 95_000, count=101), wish(11, 50_000, count=102))
    assert len(journal.hints(WishesUnderCeiling)) == 1


def test_two_wishes_cheaper_ones_orders_or_weeks_between_are_no_wonder() -> None:
    two, cheap, orders, apart, many = Journal(), Journal(), Journal(), Journal(), Journal()
    for number in range(3):
        cheap.tell(wish(number, 44_999))
        orders.tell(wish(number, 50_000, kind="order"))
        apart.tell(wish(number, 50_000, count=number * 31))
        many.tell(wish(number, 50_000, requester=(WANG, LI, SUN)[number]))
        if number:
            two.tell(wish(number, 50_000))
    assert [one.hints(WishesUnderCeiling) for one in (two, cheap, orders, apart, many)] == [[]] * 5


def delivered(journal: Journal, requester: str) -> int:
    number = len(journal.events)
    journal.tell(
        RequestPosted(
            request_id=f"req_{number}",
            kind="need",
            requester=requester,
            item="rice",
            quantity=5,
            channel="visit",
            day=DAY,
        )
    )
    return journal.tell(
        MatchDelivered(
            match_id=f"match_{number}", offer_id="offer_1", request_id=f"req_{number}", unit=LVYUN, item="rice",
            quantity=5, day=DAY,
        )
    )  # fmt: skip


def test_goods_that_stay_in_the_house_and_goods_that_do_not() -> None:
    journal = Journal()
    journal.tell(MemberRegistered(member_id=WANG, unit=LVYUN, joined_on=DAY))
    at_home = delivered(journal, WANG)
    delivered(journal, LI)
    [hint] = journal.hints(GiverLinked)
    assert (hint.positions, hint.figures["giver"], hint.figures["who"]) == ((at_home,), LVYUN, WANG)

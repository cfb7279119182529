"""Standing checks of payments and figures: what triggers each, and what lies just beside it and does not."""

from __future__ import annotations

import pytest

from ledger.audit.findings_figures import Duplicates, FirstDigits, RoundNumbers
from ledger.audit.findings_payments import CloseToPayee, DonorLinked, SameHands, SplitPayments
from ledger.audit.hints import SHOWN, Kept, at_most_one_in
from ledger.errors import Refused
from ledger.funds.facts import DonationReceived
from ledger.hours.facts import SessionRecorded
from ledger.parties.facts import (
    MemberRegistered,
    ProxyEnded,
    ProxyRegistered,
    RoleGranted,
    RoleRevoked,
    TeamFormed,
    TeamJoined,
    TeamLeft,
)
from ledger.partners.facts import PartnerContributed
from tests.ledger.audit.seen import CHEN, DAY, HE, LI, NUANXING, SUN, WANG, ZHAO, Journal, day, days_after

LVYUN = "unit_lvyun"
LIMIT = 100_000


def donation(donor: str = LI, *, amount_fen: int = 50_000, receipt: str = "rcpt_1", count: int = 0) -> DonationReceived:
    return DonationReceived(
        receipt_id=receipt, fund=NUANXING, donor=donor, item="meals", amount_fen=amount_fen, method="cash",
        handler=CHEN, day=day(count),
    )  # fmt: skip


def member(
    member_id: str, *, unit: str | None = None, team: str | None = None, guardian: str | None = None
) -> MemberRegistered:
    return MemberRegistered(member_id=member_id, unit=unit, team=team, guardian=guardian, joined_on=DAY)


# ---- split payments -------------------------------------------------------------------------------------------------


def test_two_payments_just_under_a_limit_within_days_are_worth_a_look() -> None:
    journal = Journal()
    positions = (journal.pay(99_000), journal.pay(80_000, day=day(14)))
    [hint] = journal.hints(SplitPayments)
    assert hint.positions == positions
    assert hint.figures["total_fen"] == 179_000
    assert hint.figures["limit_fen"] == LIMIT
    assert (hint.figures["first_day"], hint.figures["last_day"]) == (DAY, day(14))


@pytest.mark.parametrize(
    ("amount_fen", "after_days", "payee"),
    [(LIMIT, 0, WANG), (79_999, 0, WANG), (99_000, 15, WANG), (99_000, 0, SUN)],
    ids=["at the limit", "not near it", "a day too late", "another payee"],
)
def test_one_payment_elsewhere_is_no_split(amount_fen: int, after_days: int, payee: str) -> None:
    journal = Journal()
    journal.pay(99_000)
    journal.pay(amount_fen, payee, day=day(after_days))
    assert journal.hints(SplitPayments) == []


def test_without_a_payee_it_takes_one_payment_more_of_the_same_case() -> None:
    journal = Journal()
    journal.pay(99_000, None)
    journal.pay(99_000, None)
    journal.pay(99_000, None, category="repairs")
    assert journal.hints(SplitPayments) == []
    journal.pay(99_000, None)
    [hint] = journal.hints(SplitPayments)
    assert (hint.form, hint.count, hint.figures["who"]) == ("case", 3, f"{NUANXING} / meals / aid")


def test_a_split_counts_if_its_last_payment_lies_in_the_period() -> None:
    journal = Journal()
    journal.pay(99_000)
    last = journal.pay(99_000)
    assert len(journal.hints(SplitPayments, first=last)) == 1
    assert journal.hints(SplitPayments, first=last + 1) == []


def test_a_split_under_a_limit_of_ones_own() -> None:
    journal = Journal()
    journal.pay(29_000)
    journal.pay(29_000)
    assert journal.hints(SplitPayments) == []
    assert len(journal.hints(SplitPayments, limits_fen=(30_000,))) == 1


# ---- hands ----------------------------------------------------------------------------------------------------------


def paid(journal: Journal, times: int, proposer: str, payee: str = "") -> None:
    """So many payments to one payee, or each to somebody else; the approver is always the same."""
    for number in range(times):
        journal.pay(10_000, payee or f"mem_{proposer}{number}", hands=(proposer, HE, CHEN))


def test_one_proposer_for_one_payee_who_elsewhere_is_one_of_many() -> None:
    journal = Journal()
    paid(journal, 5, ZHAO, WANG)
    paid(journal, 1, ZHAO)
    paid(journal, 17, LI)
    [hint] = journal.hints(SameHands)
    assert (hint.form, hint.figures["who"], hint.figures["payee"], hint.count) == ("proposed", ZHAO, WANG, 5)
    # Elsewhere one of 18, counted as 2 of 20; that the approver is the same everywhere is no wonder.
    assert hint.figures["odds"] == 10**5


def test_four_payments_are_too_few_a_usual_proposer_is_no_wonder_and_neither_is_three_of_four() -> None:
    few, usual, mixed = Journal(), Journal(), Journal()
    for journal, of_payee in ((few, 4), (usual, 5), (mixed, 6)):
        paid(journal, of_payee, ZHAO, WANG)
        paid(journal, 20, LI)
    paid(usual, 40, ZHAO)
    paid(mixed, 2, LI, WANG)
    assert [journal.hints(SameHands) for journal in (few, usual, mixed)] == [[], [], []]


@pytest.mark.parametrize(
    ("tie", "part", "by"),
    [
        (member(WANG, guardian=ZHAO), "proposed", ZHAO),
        (ProxyRegistered(principal=WANG, proxy=HE), "approved", HE),
        (ProxyRegistered(principal=CHEN, proxy=WANG), "paid", CHEN),
    ],
)
def test_somebody_who_handled_a_payment_is_close_to_the_payee(tie: MemberRegistered, part: str, by: str) -> None:
    journal = Journal()
    journal.tell(tie)
    journal.pay(10_000, WANG)
    [hint] = journal.hints(CloseToPayee)
    assert (hint.form, hint.figures["who"], hint.positions) == (part, by, (4,))


def test_a_shared_team_is_named_and_one_that_was_left_is_none() -> None:
    journal = Journal()
    journal.tell(member(WANG), member(ZHAO), TeamJoined(member_id=WANG, team="team_aixin"))
    journal.tell(TeamJoined(member_id=ZHAO, team="team_aixin"))
    journal.pay(10_000, WANG)
    [hint] = journal.hints(CloseToPayee)
    assert (hint.form, hint.figures["by"]) == ("proposed_shared", "team_aixin")
    left = Journal()
    left.tell(TeamJoined(member_id=WANG, team="team_aixin"), TeamJoined(member_id=ZHAO, team="team_aixin"))
    left.tell(TeamLeft(member_id=ZHAO, team="team_aixin"))
    left.pay(10_000, WANG)
    assert left.hints(CloseToPayee) == []


def test_a_tie_that_ended_before_the_payment_is_none() -> None:
    journal = Journal()
    journal.tell(ProxyRegistered(principal=WANG, proxy=ZHAO), ProxyEnded(principal=WANG, proxy=ZHAO))
    journal.tell(RoleGranted(holder=HE, role="representative", scope=LVYUN, granted_by=CHEN))
    journal.tell(RoleRevoked(holder=HE, role="representative", scope=LVYUN, revoked_by=CHEN))
    journal.pay(10_000, WANG)
    journal.pay(10_000, LVYUN)
    assert journal.hints(CloseToPayee) == []


# ---- donors ---------------------------------------------------------------------------------------------------------


def test_a_fund_that_pays_its_donors_own_member() -> None:
    journal = Journal()
    journal.tell(member(WANG, unit=LVYUN))
    gift = journal.tell(donation(LVYUN))
    payment = journal.pay(10_000, WANG, day=day(365))
    [hint] = journal.hints(DonorLinked)
    assert hint.positions == (gift, payment)
    assert (hint.figures["donor"], hint.figures["payee"], hint.figures["by"]) == (LVYUN, WANG, LVYUN)


@pytest.mark.parametrize(
    ("donor", "payee", "ties"),
    [
        (LI, LI, ()),
        (LI, WANG, (member(WANG, guardian=LI),)),
        (LI, LVYUN, (RoleGranted(holder=LI, role="representative", scope=LVYUN, granted_by=CHEN),)),
        (LVYUN, WANG, (TeamFormed(team_id="team_a", kind="x", name="a", unit=LVYUN), member(WANG, team="team_a"))),
        (LI, WANG, (member(LI, unit=LVYUN), member(WANG, unit=LVYUN))),
    ],
    ids=["the same", "a ward", "whom they represent", "of the unit's team", "of the same unit"],
)
def test_every_tie_between_donor_and_payee_is_seen(donor: str, payee: str, ties: tuple[MemberRegistered, ...]) -> None:
    journal = Journal()
    journal.tell(*ties, donation(donor))
    journal.pay(10_000, payee)
    [hint] = journal.hints(DonorLinked)
    assert (hint.figures["donor"], hint.figures["payee"], hint.figures["payments"]) == (donor, payee, 1)


def test_no_tie_an_old_gift_another_fund_or_a_later_gift_is_no_link() -> None:
    stranger, old, elsewhere, later = Journal(), Journal(), Journal(), Journal()
    stranger.tell(donation(LI), donation("anonymous"))
    stranger.pay(10_000, WANG)
    old.tell(donation(WANG))
    old.pay(10_000, WANG, day=day(366))
    elsewhere.tell(donation(WANG))
    elsewhere.pay(10_000, WANG, slug="fund_other")
    later.pay(10_000, WANG)
    later.tell(donation(WANG))
    assert [one.hints(DonorLinked) for one in (stranger, old, elsewhere, later)] == [[], [], [], []]


# ---- figures --------------------------------------------------------------------------------------------------------


def session(recorder: str, minutes: int, origin: str = "attested") -> SessionRecorded:
    return SessionRecorded(
        session_id=f"ses_{recorder}{minutes}", volunteer=WANG, day=DAY, last_day=DAY, minutes=minutes, origin=origin,
        recorder=recorder,
    )  # fmt: skip


def test_somebody_whose_figures_are_all_round_among_many_whose_are_not() -> None:
    journal = Journal()
    for number in range(20):
        journal.tell(session(ZHAO, 120), session(LI, 60 + number), session(SUN, 61 + number))
    [hint] = journal.hints(RoundNumbers)
    assert (hint.form, hint.figures["who"], hint.figures["percent"]) == ("recorder", ZHAO, 100)
    assert hint.count == 20


def test_round_figures_are_no_wonder_where_all_are_round_or_few_or_scanned() -> None:
    usual, few, scanned = Journal(), Journal(), Journal()
    for number in range(20):
        usual.tell(session(ZHAO, 120), session(LI, 60), session(SUN, 120))
        scanned.tell(session(ZHAO, 120, "scanned"), session(LI, 61), session(SUN, 62))
        few.tell(*([session(ZHAO, 120)] if number else []), session(LI, 61), session(SUN, 62))
    assert [one.hints(RoundNumbers) for one in (usual, few, scanned)] == [[], [], []]


def test_round_payments_of_one_proposer_stand_out_from_the_others() -> None:
    journal = Journal()
    for number in range(25):
        journal.pay(30_000, hands=(ZHAO, HE, CHEN))
        journal.pay(31_234 + number, hands=(LI, HE, CHEN))
    assert [(one.form, one.figures["who"]) for one in journal.hints(RoundNumbers)] == [("proposer", ZHAO)]


def natural(count: int) -> list[int]:
    """Amounts that grow by a hundredth each: their first digits follow Benford's law."""
    amounts = [1_000]
    while len(amounts) < count:
        amounts.append(amounts[-1] * 102 // 100)
    return amounts


def test_first_digits_of_growing_amounts_are_natural_and_invented_ones_are_not() -> None:
    grown, invented = Journal(), Journal()
    for amount in natural(349):
        grown.pay(amount)
        invented.pay(amount if amount % 3 else 7 * 10 ** (len(str(amount)) - 1))
    assert grown.hints(FirstDigits) == []
    [hint] = invented.hints(FirstDigits)
    assert (hint.figures["digit"], hint.figures["cases"]) == (7, 349)
    assert hint.count == hint.figures["found"]


def test_first_digits_say_nothing_of_299_payments_or_of_a_narrow_range() -> None:
    few, narrow = Journal(), Journal()
    for number in range(299):
        few.pay(700 if number else 70_000)
        narrow.pay(7_000 + number)
    narrow.pay(8_000)
    assert (few.hints(FirstDigits), narrow.hints(FirstDigits)) == ([], [])
    few.pay(700)
    assert len(few.hints(FirstDigits)) == 1


@pytest.mark.parametrize("form", ["payment", "donation", "gift", "session", "contribution"])
def test_the_same_twice_is_worth_a_look(form: str) -> None:
    journal = Journal()

    def once() -> int:
        match form:
            case "payment":
                return journal.pay(10_000)
            case "donation":
                return journal.tell(donation(receipt=f"rcpt_{len(journal.events)}", amount_fen=10_000))
            case "gift":
                return journal.give(WANG, LI, 30)
            case "session":
                return journal.record(WANG, 30, verifier=None)
        return journal.tell(
            PartnerContributed(
                contribution_id=f"con_{len(journal.events)}", unit=LVYUN, kind="goods", item="rice", quantity=3,
                day=DAY, accepted_by=CHEN,
            )
        )  # fmt: skip

    first = once()
    assert journal.hints(Duplicates) == []
    second = once()
    [hint] = journal.hints(Duplicates)
    assert (hint.form, hint.positions, hint.figures["times"]) == (form, (first, second), 2)


def test_another_amount_day_payee_or_a_small_sum_is_no_duplicate() -> None:
    journal = Journal()
    journal.pay(10_000)
    journal.pay(10_001)
    journal.pay(10_000, day=day(1))
    journal.pay(10_000, LI)
    journal.pay(9_999, SUN)
    journal.pay(9_999, SUN)
    journal.tell(donation("anonymous", receipt="rcpt_1"), donation("anonymous", receipt="rcpt_2"))
    journal.give(WANG, LI, 29)
    journal.give(WANG, LI, 29)
    journal.record(WANG, 60, start_at=days_after(0), verifier=None)
    journal.record(WANG, 60, start_at=days_after(0), verifier=None)
    assert journal.hints(Duplicates) == []


def test_the_same_entered_months_apart_is_no_duplicate() -> None:
    apart, near = Journal(), Journal()
    apart.pay(10_000)
    apart.pay(10_000, at=days_after(91))
    near.pay(10_000)
    near.pay(10_000, at=days_after(90))
    assert (len(apart.hints(Duplicates)), len(near.hints(Duplicates))) == (0, 1)


# ---- means ----------------------------------------------------------------------------------------------------------


def test_odds_are_those_of_the_bound_and_never_more_than_the_exact_ones() -> None:
    assert at_most_one_in(10, 10, 1, 2) == 2**10
    assert at_most_one_in(5, 10, 1, 2) == 1
    # Of 10 throws of a coin 9 or more heads come once in 93; the bound says at most once in 39.
    assert at_most_one_in(9, 10, 1, 2) == 39
    assert at_most_one_in(1, 1, 0, 5) == 10**9
    assert at_most_one_in(9_000, 10_000, 1, 2) == 10**9
    assert at_most_one_in(0, 0, 1, 2) == 1


def test_of_many_positions_the_weightiest_are_kept_and_all_are_counted() -> None:
    kept = Kept(*((position, position % 100) for position in range(1, 1_001)))
    assert (kept.count, len(kept.positions), kept.most) == (1_000, SHOWN, 99)
    assert kept.positions == tuple(sorted(kept.positions))
    assert {position % 100 for position in kept.positions} == {95, 96, 97, 98, 99}


def test_an_option_that_a_check_does_not_have_is_refused() -> None:
    with pytest.raises(Refused, match="no_such_check_option"):
        Duplicates("UTC", {"weeks": 1})
    assert Duplicates("UTC", {"days": (7,)}).number("days") == 7

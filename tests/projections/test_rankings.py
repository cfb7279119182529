"""Rankings: competition rank, who got there first, corrections, and rows that explain themselves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from ledger.base import Fact
from ledger.errors import NotFound, Refused
from ledger.funds.facts import DonationReceived, DonationRefunded
from ledger.hours.facts import HoursDonated, SessionCorrected, SessionVerified
from ledger.partners.facts import CallAnswered, MatchDelivered, PartnerContributed
from ledger.places.facts import LedgerOpened
from ledger.requests.facts import RequestClosed, RequestReopened
from projections.boards import queries
from projections.boards.measures import MEASURES, days_of, periods_of
from tests.projections.cast import MEMBERS, TEAMS, UNITS
from tests.projections.shelf import LEDGER, Shelf
from tests.projections.teller import long_story, recorded

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 1)
WANG, LI, ZHAO, SUN = MEMBERS[:4]


def served(
    who: str,
    minutes: int,
    day: date = MARCH,
    *,
    team: str | None = None,
    unit: str | None = None,
    place: str | None = None,
) -> SessionVerified:
    """Verified service; the boards do not ask for the session's row."""
    return SessionVerified(
        session_id="ses_1", volunteer=who, day=day, minutes=minutes, credited=minutes, origin="attested",
        verifier="mem_worker", team=team, unit=unit, place=place,
    )  # fmt: skip


def closed(claimant: str | None, *, unit: str | None = None, day: date = MARCH) -> RequestClosed:
    """A request that its requester confirmed."""
    return RequestClosed(
        request_id="req_1",
        kind="wish",
        claimant=claimant,
        unit=unit,
        place="place_no7",
        score=5,
        closed_by=SUN,
        day=day,
    )


def received(donor: str, fen: int, receipt_id: str, *, anonymous: bool = False) -> DonationReceived:
    """Money that came in on the last day of March."""
    return DonationReceived(
        receipt_id=receipt_id, fund="fund_x", donor=donor, item="general", amount_fen=fen, method="cash", handler=SUN,
        day=MARCH, anonymous=anonymous,
    )  # fmt: skip


def score(shelf: Shelf, *facts: Fact) -> None:
    """Let the boards follow facts, one batch each, so that what is read back is used too."""
    for event in recorded(list(facts), LEDGER):
        shelf.follow([event], continuous=event.position % 2 == 0)


def table(shelf: Shelf, measure: str, period: str = "all") -> list[tuple[int, str, int]]:
    """The ranking as (rank, subject, value)."""
    return [
        (row.rank, row.subject, row.value) for row in queries.rankings(shelf.database, LEDGER, measure, period).rows
    ]


def test_equals_share_a_rank_and_the_next_one_is_left_out(shelf: Shelf) -> None:
    score(shelf, served(LI, 60), served(WANG, 90), served(ZHAO, 60), served(SUN, 30))

    assert table(shelf, "volunteer_minutes") == [(1, WANG, 90), (2, LI, 60), (2, ZHAO, 60), (4, SUN, 30)]


def test_among_equals_who_got_there_first_stands_first(shelf: Shelf) -> None:
    score(shelf, served(LI, 40), served(ZHAO, 60), served(LI, 20))

    assert table(shelf, "volunteer_minutes") == [(1, ZHAO, 60), (1, LI, 60)]
    row = queries.rankings(shelf.database, LEDGER, "volunteer_minutes").rows[1]
    assert (row.unit, row.positions, row.reached_at) == (
        "minutes",
        2,
        recorded([served(LI, 1)] * 3, LEDGER)[2].recorded_at,
    )


def test_a_day_counts_in_its_month_quarter_and_year_whenever_it_was_entered(shelf: Shelf) -> None:
    score(shelf, served(WANG, 10, APRIL), served(WANG, 5, MARCH), served(LI, 7, date(2025, 12, 31)))

    assert table(shelf, "volunteer_minutes", "2026-03") == [(1, WANG, 5)]
    assert table(shelf, "volunteer_minutes", "2026-04") == [(1, WANG, 10)]
    assert table(shelf, "volunteer_minutes", "2026-Q1") == [(1, WANG, 5)]
    assert table(shelf, "volunteer_minutes", "2026") == [(1, WANG, 15)]
    assert table(shelf, "volunteer_minutes", "2025-Q4") == [(1, LI, 7)]
    assert table(shelf, "volunteer_minutes") == [(1, WANG, 15), (2, LI, 7)]


def test_service_counts_for_team_unit_and_place_as_they_were_then(shelf: Shelf) -> None:
    score(shelf, served(WANG, 10, team=TEAMS[0], unit=UNITS[0], place="place_no7"), served(WANG, 20, place="place_no7"))

    assert table(shelf, "team_minutes") == [(1, TEAMS[0], 10)]
    assert table(shelf, "unit_minutes") == [(1, UNITS[0], 10)]
    assert table(shelf, "place_minutes") == [(1, "place_no7", 30)]


def test_a_correction_moves_the_period_of_the_session_and_what_sinks_to_nothing_is_not_ranked(shelf: Shelf) -> None:
    correction = SessionCorrected(
        correction_id="cor_1", session_id="ses_1", volunteer=WANG, day=MARCH, last_day=MARCH, original_minutes=60,
        corrected_minutes=0, difference=-60, checker=SUN,
    )  # fmt: skip
    score(shelf, served(WANG, 60), served(WANG, 10, APRIL), correction)

    assert table(shelf, "volunteer_minutes", "2026-03") == []
    assert table(shelf, "volunteer_minutes") == [(1, WANG, 10)]
    assert queries.rank_of(shelf.database, LEDGER, "volunteer_minutes", "2026-03", WANG) is None
    told = queries.explain(shelf.database, LEDGER, "volunteer_minutes", "2026-03", WANG)
    assert [(entry.position, entry.amount) for entry in told.entries] == [(1, 60), (3, -60)]
    assert told.value == 0


def test_a_confirmed_request_counts_for_claimant_unit_place_and_kind_of_party(shelf: Shelf) -> None:
    shelf.tell(long_story(0))
    shelf.follow(
        recorded(
            [closed(WANG, unit=UNITS[0]), closed(TEAMS[0], unit=UNITS[0]), closed(UNITS[1]), closed(None)],
            LEDGER,
            after=100,
        )
    )

    assert table(shelf, "member_requests") == [(1, WANG, 1)]
    assert table(shelf, "team_requests") == [(1, TEAMS[0], 1)]
    assert table(shelf, "unit_requests") == [(1, UNITS[0], 2), (2, UNITS[1], 1)]
    assert table(shelf, "place_requests") == [(1, "place_no7", 4)]
    assert table(shelf, "kind_requests") == [(1, "volunteer_organisation", 1), (1, "enterprise", 1)]


def test_a_unit_that_claims_for_itself_is_counted_once(shelf: Shelf) -> None:
    score(shelf, closed(UNITS[0], unit=UNITS[0]))

    assert table(shelf, "unit_requests") == [(1, UNITS[0], 1)]


def test_what_is_reopened_counts_no_more_in_the_month_in_which_it_was_closed(shelf: Shelf) -> None:
    reopened = RequestReopened(
        request_id="req_1", kind="wish", claimant=WANG, place="place_no7", was_closed=True, closed_on=MARCH, until_at=1
    )
    before_closing = RequestReopened(
        request_id="req_2", kind="wish", claimant=WANG, place="place_no7", was_closed=False, until_at=1
    )
    score(shelf, closed(WANG), closed(WANG), reopened, before_closing, closed(WANG, day=APRIL))

    assert table(shelf, "member_requests", "2026-03") == [(1, WANG, 1)]
    assert table(shelf, "member_requests", "2026-04") == [(1, WANG, 1)]
    assert table(shelf, "member_requests") == [(1, WANG, 2)]


def test_a_refund_counts_on_the_day_of_the_gift_and_anonymous_gifts_never(shelf: Shelf) -> None:
    def refunded(donor: str, fen: int, receipt_id: str) -> DonationRefunded:
        return DonationRefunded(
            receipt_id=receipt_id, fund="fund_x", donor=donor, item="general", amount_fen=fen, reason="paid_twice",
            refunded_by=SUN, day=APRIL,
        )  # fmt: skip

    score(
        shelf,
        received(UNITS[0], 500, "r1"),
        received(WANG, 300, "r2"),
        received(LI, 999, "r3", anonymous=True),
        received("anonymous", 999, "r4"),
        refunded(UNITS[0], 100, "r1"),
        refunded(LI, 999, "r3"),
    )

    assert table(shelf, "unit_donations", "2026-03") == [(1, UNITS[0], 400)]
    assert table(shelf, "unit_donations", "2026-04") == []
    assert table(shelf, "member_donations") == [(1, WANG, 300)]
    assert queries.explain(shelf.database, LEDGER, "member_donations", "all", LI).entries == []


def test_minutes_given_to_the_pool_count_on_the_communitys_own_day(shelf: Shelf) -> None:
    late = recorded(
        [LedgerOpened(name="n", zone="Pacific/Kiritimati", operator="o"), HoursDonated(giver=WANG, minutes=9)], LEDGER
    )
    shelf.follow(late)

    # 28 November 08:02 in Shanghai is 14:02 in Kiritimati, still the 28th; the board asked the ledger's zone.
    told = queries.explain(shelf.database, LEDGER, "member_hours_donated", "2025-11", WANG)
    assert [(entry.amount, entry.day) for entry in told.entries] == [(9, "2025-11-28")]


def test_what_units_give_is_counted_apart_and_goods_by_item(shelf: Shelf) -> None:
    def gave(kind: str, quantity: int, item: str = "") -> PartnerContributed:
        return PartnerContributed(
            contribution_id="con_1", unit=UNITS[0], kind=kind, item=item, quantity=quantity, day=MARCH, accepted_by=SUN
        )

    delivered = MatchDelivered(
        match_id="m", offer_id="o", request_id="r", unit=UNITS[1], item="mask", quantity=50, day=MARCH
    )
    answered = CallAnswered(
        callout_id="c", unit=UNITS[1], level="urgent", people=9, response_minutes=3, answered_by=WANG, day=MARCH
    )
    score(
        shelf,
        gave("goods", 40, "mask"),
        gave("goods", 7, "rice"),
        gave("venue", 120),
        gave("hours", 30),
        gave("project", 1),
        delivered,
        answered,
    )

    assert table(shelf, "unit_goods:mask") == [(1, UNITS[1], 50), (2, UNITS[0], 40)]
    assert table(shelf, "unit_goods:rice") == [(1, UNITS[0], 7)]
    assert queries.rankings(shelf.database, LEDGER, "unit_goods:rice").rows[0].unit == "pcs.rice"
    assert table(shelf, "unit_venue_minutes") == [(1, UNITS[0], 120)]
    assert table(shelf, "unit_hours") == [(1, UNITS[0], 30)]
    assert table(shelf, "unit_projects") == [(1, UNITS[0], 1)]
    assert table(shelf, "unit_calls") == [(1, UNITS[1], 1)]
    assert queries.measures_in_use(shelf.database, LEDGER) == sorted(
        ["unit_goods:mask", "unit_goods:rice", "unit_venue_minutes", "unit_hours", "unit_projects", "unit_calls"]
    )


def test_every_row_of_every_ranking_is_explained_by_entries_that_add_up(shelf: Shelf) -> None:
    events = shelf.tell(long_story())
    days: dict[int, str] = defaultdict(str)

    measures = queries.measures_in_use(shelf.database, LEDGER)
    assert {measure.partition(":")[0] for measure in measures} == {*MEASURES, "unit_goods"}
    for measure in measures:
        for period in queries.periods_in_use(shelf.database, LEDGER, measure):
            first, last = days_of(period)
            for row in queries.rankings(shelf.database, LEDGER, measure, period).rows:
                told = queries.explain(shelf.database, LEDGER, measure, period, row.subject)
                assert sum(entry.amount for entry in told.entries) == row.value == told.value
                assert len(told.entries) == row.positions
                assert all(first <= entry.day <= last for entry in told.entries)
                assert row.reached_at == events[told.entries[-1].position - 1].recorded_at
                assert queries.rank_of(shelf.database, LEDGER, measure, period, row.subject) == row
                days.update((entry.position, entry.day) for entry in told.entries)
    assert days


def test_a_ranking_goes_on_page_by_page_and_keeps_its_ranks(shelf: Shelf) -> None:
    score(shelf, served(LI, 60), served(WANG, 90), served(ZHAO, 60), served(SUN, 30), served(MEMBERS[4], 60))

    page = queries.rankings(shelf.database, LEDGER, "volunteer_minutes", limit=1)
    seen = [page]
    while page.next is not None:
        page = queries.rankings(shelf.database, LEDGER, "volunteer_minutes", limit=1, after=page.next)
        seen.append(page)

    assert [[(row.rank, row.subject) for row in page.rows] for page in seen] == [
        [(1, WANG)], [(2, LI)], [(2, ZHAO)], [(2, MEMBERS[4])], [(5, SUN)],
    ]  # fmt: skip


def test_an_explanation_goes_on_page_by_page(shelf: Shelf) -> None:
    score(shelf, served(WANG, 1), served(LI, 9), served(WANG, 2), served(WANG, 3), served(WANG, 4, APRIL))

    def explained(after: str | None = None) -> queries.Explanation:
        return queries.explain(shelf.database, LEDGER, "volunteer_minutes", "2026-03", WANG, after=after, limit=2)

    first = explained()
    second = explained(first.next)
    assert [(entry.position, entry.amount) for entry in first.entries] == [(1, 1), (3, 2)]
    assert [(entry.position, entry.amount) for entry in second.entries] == [(4, 3)]
    assert second.next is None


def test_a_measure_or_period_that_does_not_exist_is_refused(shelf: Shelf) -> None:
    with pytest.raises(NotFound) as missing:
        queries.rankings(shelf.database, LEDGER, "kindness")
    assert missing.value.code == "no_such_measure"
    with pytest.raises(NotFound):
        queries.rankings(shelf.database, LEDGER, "unit_goods:")
    for period in ("2026-13", "2026-00", "2026-Q5", "26", "", "2026-3", "2026-", "always", "２０２６"):
        with pytest.raises(Refused) as refused:
            queries.rankings(shelf.database, LEDGER, "volunteer_minutes", period)
        assert refused.value.code == "bad_period"


def test_the_days_of_a_period_are_those_that_fall_into_it() -> None:
    for day in (date(2026, 1, 1), MARCH, APRIL, date(2024, 2, 29), date(2025, 12, 31)):
        for period in periods_of(day):
            first, last = days_of(period)
            assert first <= day.isoformat() <= last
    assert periods_of(date(2026, 12, 31)) == ("2026-12", "2026-Q4", "2026", "all")

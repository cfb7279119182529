"""The demo has the seeds' own figures, exactly, and something in every state for everybody to see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from api.demo.data import FundList, load, person_name, phone_number
from api.demo.run import DAYS_BEFORE
from api.store import Store
from ledger.clock import day_of
from projections.boards.queries import rankings
from projections.books.queries import stats
from tests.demo.filled import LEDGER, cast, figure, figures, opened, rows


@pytest.fixture(scope="module")
def store(demo_folder: Path) -> Iterator[Store]:
    """The demo, for tests that only look."""
    with opened(demo_folder) as filled:
        yield filled


def today(store: Store) -> date:
    """The day the demo was filled: some days after the community began to live."""
    return day_of(figure(store, "SELECT recorded_at FROM events WHERE position = 1")) + timedelta(days=DAYS_BEFORE)


# ---- 暖兴 -----------------------------------------------------------------------------------------------------------


def test_52_units_gave_470_000_yuan(store: Store) -> None:
    fund = stats(store.database, LEDGER).funds["nuanxing"]

    assert fund.received_fen == 47_000_000
    assert figure(store, "SELECT COUNT(DISTINCT donor) FROM receipts") == 52
    assert figure(store, "SELECT SUM(amount_fen) FROM receipts") == 47_000_000
    assert figure(store, "SELECT SUM(refunded_fen) FROM receipts") == 0


def test_each_of_the_13_service_items_got_what_its_four_donors_gave(store: Store) -> None:
    items = load("fund", FundList).items
    assert len(items) == 13
    assert figures(store, "SELECT item, received_fen FROM fund_items WHERE item <> 'general'") == {
        item.code: sum(item.yuan) * 100 for item in items
    }
    assert figure(store, "SELECT SUM(received_fen) FROM fund_items WHERE item = 'general'") in (0, None)


def test_what_is_left_of_the_fund_is_what_came_in_less_what_was_spent(store: Store) -> None:
    fund = stats(store.database, LEDGER).funds["nuanxing"]

    assert fund.spent_fen > 0
    assert fund.balance_fen == fund.received_fen - fund.spent_fen == sum(fund.restricted.values())
    assert len(fund.restricted) == 13
    assert min(fund.restricted.values()) > 0


def test_the_units_ranking_adds_up_to_the_seeds_figure(store: Store) -> None:
    ranked = rankings(store.database, LEDGER, "unit_donations").rows

    assert len(ranked) == 52
    assert sum(row.value for row in ranked) == 47_000_000


def test_every_payment_went_past_three_persons(store: Store) -> None:
    paid = rows(store, "SELECT proposer, approver, payer FROM grants WHERE status = 'paid'")

    assert len(paid) == 3 * 13 + 4
    assert all(len({*persons}) == 3 for persons in paid)


def test_grants_stand_in_every_state(store: Store) -> None:
    assert figures(store, "SELECT status, COUNT(*) FROM grants GROUP BY status") == {
        "paid": 43, "approved": 5, "proposed": 4, "declined": 1, "cancelled": 1,
    }  # fmt: skip
    assert figure(store, "SELECT COUNT(*) FROM grants WHERE returned_fen > 0") == 1


def test_a_promise_is_no_money(store: Store) -> None:
    assert figures(store, "SELECT status, COUNT(*) FROM pledges GROUP BY status") == {"met": 3, "open": 3}


# ---- wishes, orders, listings ---------------------------------------------------------------------------------------


def test_139_wishes_stand_in_every_state(store: Store) -> None:
    found = figures(store, "SELECT status, COUNT(*) FROM requests WHERE kind = 'wish' GROUP BY status")

    assert found == {
        "posted": 5, "declined": 1, "published": 18, "claimed": 13, "fulfilled": 4, "closed": 87, "unmet": 8,
        "withdrawn": 3,
    }  # fmt: skip
    assert sum(found.values()) == 139


def test_wishes_have_been_reopened_and_explained(store: Store) -> None:
    assert (
        figure(store, "SELECT COUNT(*) FROM requests WHERE kind = 'wish' AND reopened > 0 AND status = 'claimed'") == 2
    )
    assert figure(store, "SELECT COUNT(*) FROM requests WHERE explained = 1 AND score = 2") == 1


def test_163_qr_codes_visits_meetings_and_a_survey_take_requests_in(store: Store) -> None:
    assert figures(store, "SELECT channel, COUNT(*) FROM intake_points GROUP BY channel") == {
        "qr": 163, "visit": 15, "meeting": 15, "survey": 1,
    }  # fmt: skip
    used = figures(store, "SELECT channel, COUNT(*) FROM requests WHERE kind = 'wish' AND record = 0 GROUP BY channel")
    assert set(used) == {"qr", "visit", "meeting", "survey"}
    assert max(used, key=lambda channel: int(used[channel])) == "qr"


def test_party_members_branches_and_units_hold_wishes(store: Store) -> None:
    claimants = rows(
        store, "SELECT DISTINCT r.claimant FROM requests r WHERE r.kind = 'wish' AND r.claimant IS NOT NULL"
    )
    kinds = [claimant.partition("_")[0] for (claimant,) in claimants]
    party = rows(store, "SELECT member_id FROM members WHERE party_member = 1")

    assert set(kinds) == {"mem", "team", "unit"}
    assert len({*claimants} & {*party}) > 50


def test_each_of_the_five_kinds_of_party_performed_orders(store: Store) -> None:
    done = {row.subject: row.value for row in rankings(store.database, LEDGER, "kind_requests").rows}

    five = {
        "party_organisation", "resident_body", "property_service", "social_organisation", "volunteer_organisation",
    }  # fmt: skip
    assert five <= done.keys()


# ---- people and places ----------------------------------------------------------------------------------------------


def test_409_party_members_of_16_branches_in_8_departments_report_in_at_15_communities(store: Store) -> None:
    of_party = "FROM members WHERE party_member = 1"
    assert figure(store, f"SELECT COUNT(*) {of_party}") == 409
    assert figure(store, f"SELECT COUNT(DISTINCT team) {of_party}") == 16
    assert figure(store, f"SELECT COUNT(DISTINCT unit) {of_party}") == 8
    reported_in = f"SELECT DISTINCT place {of_party}"
    assert figure(store, f"SELECT COUNT(*) FROM places WHERE kind = 'community' AND place_id IN ({reported_in})") == 15


def test_the_tree_has_15_communities_and_29_courtyards(store: Store) -> None:
    assert figures(store, "SELECT kind, COUNT(*) FROM places GROUP BY kind") == {
        "street": 1, "community": 15, "grid": 30, "courtyard": 29, "building": 145,
    }  # fmt: skip


def test_80_partner_units_have_agreements_by_tier_and_level(store: Store) -> None:
    assert stats(store.database, LEDGER).partners == 80
    signed = "FROM agreements WHERE status = 'signed'"
    assert figures(store, f"SELECT tier, COUNT(*) {signed} GROUP BY tier") == {"street": 20, "community": 60}
    levels = figures(store, f"SELECT level, COUNT(*) {signed} GROUP BY level")
    assert sum(levels.values()) == 80
    assert levels["routine"] > levels["urgent"] > levels["emergency"] > 0


def test_24_plaques_hang_each_for_accepted_work(store: Store) -> None:
    hanging = rows(
        store,
        "SELECT p.unit, r.claimant, r.status, r.kind FROM plaques p"
        " JOIN requests r ON r.request_id = p.request_id WHERE p.revoked_day IS NULL",
    )

    assert len(hanging) == 24
    assert all(unit == claimant and (status, kind) == ("closed", "listing") for unit, claimant, status, kind in hanging)
    assert figure(store, "SELECT COUNT(*) FROM plaques WHERE revoked_day IS NOT NULL") == 1


def test_units_gave_goods_rooms_hours_and_projects_and_answered_calls(store: Store) -> None:
    assert set(figures(store, "SELECT kind, COUNT(*) FROM contributions GROUP BY kind")) == {
        "goods", "venue", "hours", "project",
    }  # fmt: skip
    assert set(figures(store, "SELECT level, COUNT(*) FROM call_answers GROUP BY level")) == {
        "routine", "urgent", "emergency",
    }  # fmt: skip


def test_nobody_shares_a_name_with_somebody_else(store: Store) -> None:
    members = rows(store, "SELECT member_id, words FROM members")
    words = store.vault.read(LEDGER, [words for _member, words in members])
    names = [words[committed]["name"] for _member, committed in members]

    assert len(names) == len({*names}) == stats(store.database, LEDGER).members
    assert cast() <= {*names}


def test_names_and_numbers_are_invented_and_never_repeat() -> None:
    assert len({person_name(number) for number in range(1_600)}) == 1_600
    assert {phone_number(number)[:3] for number in range(1_000)} == {"154"}
    assert {len(phone_number(number)) for number in range(1_000)} == {11}


# ---- hours ----------------------------------------------------------------------------------------------------------


def test_2_000_sessions_of_a_year_are_verified(store: Store) -> None:
    assert figure(store, "SELECT COUNT(*) FROM sessions WHERE status = 'verified'") == 2_000
    days = [date.fromisoformat(day) for (day,) in rows(store, "SELECT day FROM sessions")]
    assert min(days) > today(store) - timedelta(days=366)
    assert max(days) < today(store)
    assert len({(day.year, day.month) for day in days}) >= 12


def test_some_sessions_wait_and_some_were_rejected(store: Store) -> None:
    found = figures(store, "SELECT status, COUNT(*) FROM sessions WHERE status <> 'verified' GROUP BY status")
    assert found == {"recorded": 25, "rejected": 4}


def test_few_give_much_and_many_give_a_little(store: Store) -> None:
    minutes = [row.value for row in rankings(store.database, LEDGER, "volunteer_minutes").rows]

    assert len(minutes) > 400
    assert sum(minutes[:20]) * 3 > sum(minutes)
    assert sum(1 for one in minutes if one >= 100 * 60) >= 3


def test_night_watches_go_beyond_midnight(store: Store) -> None:
    watches = rows(store, "SELECT day, last_day FROM sessions WHERE last_day <> day")

    assert len(watches) > 20
    assert {date.fromisoformat(last) - date.fromisoformat(day) for day, last in watches} == {timedelta(days=1)}


def test_late_entries_name_a_guarantor_who_is_somebody_else(store: Store) -> None:
    late = rows(store, "SELECT volunteer, guarantor FROM sessions WHERE late = 1")

    assert late
    assert all(guarantor and guarantor != volunteer for volunteer, guarantor in late)
    vouching = {guarantor for _volunteer, guarantor in late}
    workers = {holder for (holder,) in rows(store, "SELECT holder FROM roles WHERE role = 'community_worker'")}
    assert vouching & workers
    assert vouching - workers


def test_nobody_verified_their_own_hours(store: Store) -> None:
    assert figure(store, "SELECT COUNT(*) FROM sessions WHERE verifier = volunteer") == 0


def test_two_sessions_were_put_right_and_one_asks_for_it(store: Store) -> None:
    differences = rows(store, "SELECT difference FROM corrections WHERE status = 'approved' ORDER BY difference")
    assert differences == [(-30,), (15,)]
    assert figure(store, "SELECT COUNT(*) FROM corrections WHERE status = 'asked'") == 1


def test_hours_were_given_pooled_reserved_redeemed_and_certified(store: Store) -> None:
    minutes = stats(store.database, LEDGER).minutes

    assert minutes.pool > 0
    assert minutes.held == 3 * 60 + 2 * 30
    assert figures(store, "SELECT status, COUNT(*) FROM reservations GROUP BY status") == {
        "open": 3, "redeemed": 5, "released": 2,
    }  # fmt: skip
    assert figure(store, "SELECT COUNT(*) FROM certificates") == 8
    assert figure(store, "SELECT COUNT(*) FROM events WHERE type LIKE 'hours.given@%'") == 30

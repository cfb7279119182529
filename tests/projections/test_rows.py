"""What a person reads after acting: one row after another through its life."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ledger.errors import Refused
from ledger.funds import facts as fund
from ledger.honours.facts import PlaqueAwarded, PlaqueRevoked
from ledger.hours import facts as hours
from ledger.parties import facts as party
from ledger.partners import facts as partner
from ledger.policy.facts import PolicySet
from ledger.requests import facts as request
from projections.books import queries
from tests.projections.cast import FUND, MEMBERS, PLACES, TEAMS, UNITS
from tests.projections.shelf import LEDGER, Shelf
from tests.projections.teller import Teller, long_story

DAY = date(2026, 3, 5)
WANG, LI, ZHAO = MEMBERS[:3]
WORKER = "mem_worker"


@pytest.fixture
def head(shelf: Shelf) -> int:
    """A community with places, units, teams, members and a fund; gives its position."""
    teller = Teller()
    teller.beginning()
    return len(shelf.tell(teller.facts))


def posted(request_id: str = "req_1", **more: object) -> request.RequestPosted:
    """A wish that came in over the code at the gate."""
    values: dict[str, object] = {
        "request_id": request_id, "kind": "wish", "requester": WANG, "place": PLACES[2], "category": "daily",
        "channel": "qr", "point": "pt_gate", "day": DAY, "words": "w1", **more,
    }  # fmt: skip
    return request.RequestPosted(**values)  # type: ignore[arg-type]  # defaults that a test overrides by name


def published(request_id: str = "req_1") -> request.RequestPublished:
    """It was reviewed."""
    return request.RequestPublished(request_id=request_id, reviewer=WORKER, day=DAY)


def claimed(request_id: str = "req_1", claim_id: str = "claim_1", claimant: str = LI) -> request.RequestClaimed:
    """Somebody took it."""
    return request.RequestClaimed(
        request_id=request_id, claim_id=claim_id, claimant=claimant, claimed_by=LI, until_at=900, day=DAY
    )


def test_a_wish_goes_from_the_gate_to_its_closing(shelf: Shelf, head: int) -> None:
    done = request.RequestFulfilled(request_id="req_1", claim_id="claim_1", claimant=LI, day=DAY, words="d1")
    closing = request.RequestClosed(
        request_id="req_1", kind="wish", claim_id="claim_1", claimant=LI, requester=WANG, place=PLACES[2], score=5,
        closed_by=WANG, day=DAY, words="c1",
    )  # fmt: skip
    states = []
    row: queries.Cells | None = None
    for step, happened in enumerate((posted(), published(), claimed(), done, closing)):
        shelf.tell([happened], after=head + step)
        row = queries.request(shelf.database, LEDGER, "req_1")
        assert row is not None
        assert (row["number"], row["version"]) == (head + 1, head + 1 + step)
        states.append(row["status"])

    assert states == ["posted", "published", "claimed", "fulfilled", "closed"]
    assert row is not None
    assert (row["score"], row["closed_day"], row["claimant"], row["until_at"]) == (5, "2026-03-05", LI, 900)
    assert (row["words"], row["done_words"], row["closing_words"]) == ("w1", "d1", "c1")
    assert queries.request_by_number(shelf.database, LEDGER, head + 1) == row
    claim = queries.claim(shelf.database, LEDGER, "claim_1")
    assert claim is not None
    assert (claim["status"], claim["number"], claim["version"]) == ("closed", head + 3, head + 5)
    point = queries.intake_points(shelf.database, LEDGER).rows[0]
    assert (point["point_id"], point["requests"]) == ("pt_gate", 1)
    assert queries.channels(shelf.database, LEDGER) == {"qr": 1}
    totals = queries.stats(shelf.database, LEDGER).requests
    assert totals == {**dict.fromkeys(queries.REQUEST_STATES, 0), "closed": 1}


def test_a_claim_that_lapsed_puts_the_request_higher_on_the_board(shelf: Shelf, head: int) -> None:
    lapsed = request.ClaimLapsed(request_id="req_3", claim_id="claim_3", claimant=LI, until_at=900)
    released = request.ClaimReleased(request_id="req_2", claim_id="claim_2", claimant=LI, day=DAY)
    facts = [posted(f"req_{n}") for n in (1, 2, 3)] + [published(f"req_{n}") for n in (1, 2, 3)]
    shelf.tell([*facts, claimed("req_2", "claim_2"), claimed("req_3", "claim_3")], after=head)
    assert [row["request_id"] for row in queries.board(shelf.database, LEDGER).rows] == ["req_1"]
    assert queries.leases_run_out(shelf.database, LEDGER, 899) == []
    assert queries.leases_run_out(shelf.database, LEDGER, 900) == ["req_2", "req_3"]

    shelf.tell([released, lapsed], after=head + 8)

    first = queries.board(shelf.database, LEDGER, limit=2)
    assert [row["request_id"] for row in first.rows] == ["req_3", "req_1"]
    second = queries.board(shelf.database, LEDGER, limit=2, after=first.next)
    assert [row["request_id"] for row in second.rows] == ["req_2"]
    assert second.next is None
    assert first.rows[0]["claimant"] is None
    mine = queries.claims_of(shelf.database, LEDGER, LI).rows
    assert [(row["claim_id"], row["status"]) for row in mine] == [("claim_3", "lapsed"), ("claim_2", "released")]
    assert queries.claims_of(shelf.database, LEDGER, LI, status="open").rows == []


def test_what_is_reopened_is_with_its_performer_again_under_a_new_lease(shelf: Shelf, head: int) -> None:
    closing = request.RequestClosed(
        request_id="req_1",
        kind="wish",
        claim_id="claim_1",
        claimant=LI,
        requester=WANG,
        score=2,
        closed_by=WANG,
        day=DAY,
    )
    again = request.RequestReopened(
        request_id="req_1", kind="wish", claim_id="claim_1", claimant=LI, requester=WANG, score=2, was_closed=True,
        closed_on=DAY, until_at=5_000, words="not yet",
    )  # fmt: skip
    shelf.tell([posted(), published(), claimed(), closing, again], after=head)

    row, claim = queries.request(shelf.database, LEDGER, "req_1"), queries.claims_on(shelf.database, LEDGER, "req_1")[0]
    assert row is not None
    assert (row["status"], row["claimant"], row["until_at"], row["reopened"], row["closed_day"]) == (
        "claimed", LI, 5_000, 1, None,
    )  # fmt: skip
    assert (claim["status"], claim["until_at"], claim["reopened"]) == ("open", 5_000, 1)


@pytest.mark.parametrize(
    ("last", "status", "claim"),
    [
        (
            request.RequestUnmet(request_id="req_1", claim_id="claim_1", claimant=LI, barrier="broken", day=DAY),
            "unmet",
            "unmet",
        ),
        (request.RequestWithdrawn(request_id="req_1", claimant=LI, requester=WANG), "withdrawn", "withdrawn"),
    ],
)
def test_a_claim_ends_with_its_request(
    shelf: Shelf, head: int, last: request.RequestUnmet | request.RequestWithdrawn, status: str, claim: str
) -> None:
    shelf.tell([posted(), published(), claimed(), last], after=head)

    row = queries.request(shelf.database, LEDGER, "req_1")
    assert row is not None
    assert row["status"] == status
    assert queries.claims_on(shelf.database, LEDGER, "req_1")[0]["status"] == claim
    assert queries.claims_of(shelf.database, LEDGER, LI, status="open").rows == []


def test_requests_are_found_by_what_they_are_and_whose(shelf: Shelf, head: int) -> None:
    shelf.tell(
        [
            posted("req_1"),
            posted("req_2", kind="order", requester=LI, place=PLACES[1], category="repair"),
            posted("req_3", place=PLACES[0]),
            published("req_3"),
        ],
        after=head,
    )

    def found(**filters: Any) -> list[str]:
        return [row["request_id"] for row in queries.list_requests(shelf.database, LEDGER, **filters).rows]

    assert found() == ["req_3", "req_2", "req_1"]
    assert found(kind="order") == found(requester=LI) == found(category="repair") == ["req_2"]
    assert found(status=("posted", "published")) == ["req_3", "req_2", "req_1"]
    assert found(status="posted", place=PLACES[2]) == ["req_1"]
    assert found(place=list(PLACES)) == ["req_3", "req_2", "req_1"]
    assert found(place=()) == []
    assert found(point="pt_gate", status="published") == ["req_3"]
    below = queries.places_below(queries.places(shelf.database, LEDGER), PLACES[1])
    assert below == sorted(PLACES[1:])
    assert found(place=below) == ["req_2", "req_1"]


def test_goods_on_offer_reach_a_need_and_fulfil_it(shelf: Shelf, head: int) -> None:
    need = posted("req_9", kind="need", item="mask", quantity=30, point=None, channel="online")
    offered = partner.GoodsOffered(offer_id="off_1", unit=UNITS[0], item="mask", quantity=50, day=DAY)

    def match(number: int, quantity: int) -> partner.OfferMatched:
        return partner.OfferMatched(
            match_id=f"m{number}", offer_id="off_1", request_id="req_9", unit=UNITS[0], item="mask", quantity=quantity
        )

    def delivered(number: int, quantity: int) -> partner.MatchDelivered:
        return partner.MatchDelivered(
            match_id=f"m{number}",
            offer_id="off_1",
            request_id="req_9",
            unit=UNITS[0],
            item="mask",
            quantity=quantity,
            day=DAY,
        )

    off = partner.MatchCancelled(
        match_id="m2", offer_id="off_1", request_id="req_9", unit=UNITS[0], item="mask", quantity=5
    )
    back = partner.OfferWithdrawn(offer_id="off_1", unit=UNITS[0], item="mask", quantity=20)
    shelf.tell(
        [need, published("req_9"), offered, match(1, 20), match(2, 5), match(3, 10), off, delivered(1, 20)], after=head
    )
    row, offer = queries.request(shelf.database, LEDGER, "req_9"), queries.offer(shelf.database, LEDGER, "off_1")
    assert row is not None
    assert offer is not None
    assert (row["status"], row["promised"], row["delivered"]) == ("published", 10, 20)
    assert (offer["free"], offer["promised"], offer["delivered"]) == (20, 10, 20)

    shelf.tell([delivered(3, 10), back], after=head + 8)

    row, offer = queries.request(shelf.database, LEDGER, "req_9"), queries.offer(shelf.database, LEDGER, "off_1")
    assert row is not None
    assert offer is not None
    assert (row["status"], row["promised"], row["delivered"]) == ("fulfilled", 0, 30)
    assert (offer["free"], offer["withdrawn"]) == (0, 1)
    matches = queries.matches_of(shelf.database, LEDGER, request_id="req_9").rows
    assert [row["status"] for row in matches] == ["delivered", "cancelled", "delivered"]
    assert [row["offer_id"] for row in queries.list_offers(shelf.database, LEDGER, item="mask").rows] == ["off_1"]


def test_a_members_record_grows_by_service_and_corrections_only(shelf: Shelf, head: int) -> None:
    recorded = hours.SessionRecorded(
        session_id="ses_1",
        volunteer=WANG,
        day=DAY,
        last_day=DAY,
        minutes=90,
        origin="attested",
        recorder=WORKER,
        words="w",
    )
    verified = hours.SessionVerified(
        session_id="ses_1", volunteer=WANG, day=DAY, minutes=90, credited=60, overflow=30, overflow_to="honour",
        origin="attested", verifier=WORKER,
    )  # fmt: skip
    asked = hours.CorrectionRequested(
        correction_id="cor_1", session_id="ses_1", volunteer=WANG, minutes=70, requested_by=WANG
    )
    corrected = hours.SessionCorrected(
        correction_id="cor_1", session_id="ses_1", volunteer=WANG, day=DAY, last_day=DAY, original_minutes=90,
        corrected_minutes=70, difference=-20, checker=WORKER,
    )  # fmt: skip
    shelf.tell([recorded], after=head)
    waiting = queries.sessions_waiting(shelf.database, LEDGER).rows
    assert [row["session_id"] for row in waiting] == ["ses_1"]
    shelf.tell([verified, asked], after=head + 1)
    assert queries.sessions_waiting(shelf.database, LEDGER).rows == []
    assert [row["correction_id"] for row in queries.corrections_waiting(shelf.database, LEDGER).rows] == ["cor_1"]

    gift = hours.HoursGiven(giver=WANG, receiver=LI, minutes=10)
    shelf.tell([corrected, gift], after=head + 3)

    member = queries.member(shelf.database, LEDGER, WANG)
    assert member is not None
    assert (member["earned_minutes"], member["sessions"], member["first_day"]) == (70, 1, "2026-03-05")
    assert queries.hours_of(shelf.database, LEDGER, WANG).spendable == 30
    row = queries.session(shelf.database, LEDGER, "ses_1")
    assert row is not None
    assert (row["status"], row["minutes"], row["corrected_minutes"], row["overflow"]) == ("verified", 90, 70, 30)
    assert queries.corrections_of(shelf.database, LEDGER, "ses_1")[0]["difference"] == -20
    assert queries.sessions_of(shelf.database, LEDGER, WANG).rows == [row]


def test_a_member_is_found_by_id_own_number_and_short_number(shelf: Shelf, head: int) -> None:
    row = queries.member(shelf.database, LEDGER, LI)
    assert row is not None
    short = queries.short_number(row)

    assert queries.find_member(shelf.database, LEDGER, LI) == row
    assert queries.find_member(shelf.database, LEDGER, " N1 ") == row
    assert queries.find_member(shelf.database, LEDGER, short) == row
    assert queries.find_member(shelf.database, LEDGER, short.lower()) == row
    for nobody in ("", "mem_nobody", "V999999", "V", "N99"):
        assert queries.find_member(shelf.database, LEDGER, nobody) is None


def test_members_are_listed_page_by_page_and_by_where_they_belong(shelf: Shelf, head: int) -> None:
    shelf.tell(
        [
            party.TeamJoined(member_id=MEMBERS[3], team=TEAMS[1]),
            party.TeamLeft(member_id=WANG, team=TEAMS[0]),
            party.MemberLeft(member_id=LI),
            party.PublicationAgreed(member_id=ZHAO, where="wall"),
            party.PublicationWithdrawn(member_id=ZHAO, where="donor", hidden=True),
        ],
        after=head,
    )

    page = queries.members(shelf.database, LEDGER, limit=4)
    rest = queries.members(shelf.database, LEDGER, limit=4, after=page.next)
    assert [row["member_id"] for row in page.rows + rest.rows] == list(MEMBERS)
    assert rest.next is None
    assert [
        row["member_id"] for row in queries.members(shelf.database, LEDGER, team=TEAMS[0], departed=False).rows
    ] == [ZHAO]
    sizes = {row["team_id"]: row["members"] for row in queries.teams(shelf.database, LEDGER).rows}
    assert sizes == {TEAMS[0]: 1, TEAMS[1]: 1}
    assert queries.stats(shelf.database, LEDGER).members == len(MEMBERS) - 1
    zhao = queries.members_by_id(shelf.database, LEDGER, [ZHAO, "mem_nobody"])[ZHAO]
    assert (zhao["wall_named"], zhao["wall_hidden"], zhao["donor_named"], zhao["donor_hidden"]) == (1, 0, 0, 1)
    with pytest.raises(Refused):
        queries.members(shelf.database, LEDGER, after="1.2")


def test_money_goes_from_pledge_to_payment_and_back(shelf: Shelf, head: int) -> None:
    def received(receipt_id: str, fen: int, **more: object) -> fund.DonationReceived:
        values: dict[str, object] = {
            "receipt_id": receipt_id, "fund": FUND, "donor": UNITS[0], "item": "meals", "amount_fen": fen,
            "method": "transfer", "handler": WORKER, "day": DAY, **more,
        }  # fmt: skip
        return fund.DonationReceived(**values)  # type: ignore[arg-type]  # defaults that a test overrides by name

    pledged = fund.DonationPledged(pledge_id="p1", fund=FUND, donor=UNITS[0], item="meals", amount_fen=500, day=DAY)
    refunded = fund.DonationRefunded(
        receipt_id="r2",
        fund=FUND,
        donor=UNITS[0],
        item="meals",
        amount_fen=50,
        reason="paid_twice",
        refunded_by=LI,
        day=DAY,
    )
    proposed = fund.GrantProposed(
        grant_id="g1", fund=FUND, item="meals", category="food", amount_fen=120, proposer=WANG, day=DAY
    )
    approved = fund.GrantApproved(grant_id="g1", fund=FUND, item="meals", amount_fen=120, approver=LI)
    paid = fund.GrantPaid(grant_id="g1", fund=FUND, item="meals", category="food", amount_fen=120, payer=ZHAO, day=DAY)
    returned = fund.PaymentReturned(
        grant_id="g1", fund=FUND, item="meals", category="food", amount_fen=20, reason="overpaid", handler=ZHAO, day=DAY
    )
    met = received("r1", 300, pledge_id="p1", pledge_met_fen=300)
    shelf.tell([pledged, met, received("r2", 100, item="meals"), refunded, proposed, approved], after=head)
    account = queries.fund_account(shelf.database, LEDGER, "nuanxing")
    assert account is not None
    assert (account.received_fen, account.available_fen, account.committed_fen, account.pledged_fen) == (
        350,
        230,
        120,
        200,
    )

    shelf.tell([paid, returned], after=head + 6)

    account = queries.fund_account(shelf.database, LEDGER, FUND)
    assert account is not None
    assert queries.funds(shelf.database, LEDGER) == [account]
    assert (account.spent_fen, account.balance_fen, account.fund["slug"]) == (100, 250, "nuanxing")
    assert [item["item"] for item in account.items] == ["general", "meals", "repair"]
    assert queries.stats(shelf.database, LEDGER).funds["nuanxing"].restricted == {"meals": 250, "repair": 0}
    assert queries.spending_by_category(shelf.database, LEDGER, "nuanxing") == [
        {"item": "meals", "category": "food", "spent_fen": 100, "payments": 1}
    ]
    assert [row["grant_id"] for row in queries.payments(shelf.database, LEDGER, "nuanxing").rows] == ["g1"]
    receipts = queries.receipts(shelf.database, LEDGER, fund="nuanxing", limit=1)
    assert [(row["receipt_id"], row["refunded_fen"]) for row in receipts.rows] == [("r2", 50)]
    older = queries.receipts(shelf.database, LEDGER, fund="nuanxing", limit=1, after=receipts.next)
    assert [row["receipt_id"] for row in older.rows] == ["r1"]
    pledge = queries.pledge(shelf.database, LEDGER, "p1")
    assert pledge is not None
    assert (pledge["status"], pledge["open_fen"]) == ("open", 200)


def test_partners_are_units_with_an_agreement_that_nobody_ended(shelf: Shelf, head: int) -> None:
    def signed(number: int, unit: str) -> partner.AgreementSigned:
        return partner.AgreementSigned(
            agreement_id=f"agr_{number}", unit=unit, tier="street", level="urgent", from_day=DAY,
            until_day=DAY + timedelta(days=365),
        )  # fmt: skip

    shelf.tell([signed(1, UNITS[0]), signed(2, UNITS[0]), signed(3, UNITS[1])], after=head)
    assert queries.stats(shelf.database, LEDGER).partners == 2

    end = partner.AgreementEnded(agreement_id="agr_3", unit=UNITS[1], reason="by_partner", day=DAY)
    once = partner.AgreementEnded(agreement_id="agr_1", unit=UNITS[0], reason="by_partner", day=DAY)
    shelf.tell([end, once], after=head + 3)

    assert queries.stats(shelf.database, LEDGER).partners == 1
    assert [row["agreement_id"] for row in queries.agreements(shelf.database, LEDGER, status="signed").rows] == [
        "agr_2"
    ]
    assert queries.names_of(shelf.database, LEDGER, [*UNITS, TEAMS[0], PLACES[0], WANG]) == {
        **{unit: unit.removeprefix("unit_") for unit in UNITS}, TEAMS[0]: "north", PLACES[0]: "street",
    }  # fmt: skip


def test_a_plaque_hangs_until_it_is_revoked_in_public(shelf: Shelf, head: int) -> None:
    def awarded(plaque_id: str) -> PlaqueAwarded:
        return PlaqueAwarded(
            plaque_id=plaque_id,
            unit=UNITS[0],
            tier="bronze",
            request_id="req_1",
            awarded_by=WORKER,
            day=DAY,
            until_day=DAY,
        )

    revoked = PlaqueRevoked(plaque_id="plq_1", unit=UNITS[0], reason="misconduct", revoked_by=WORKER, day=DAY)
    shelf.tell([awarded("plq_1"), awarded("plq_2"), revoked], after=head)

    assert [row["plaque_id"] for row in queries.plaques(shelf.database, LEDGER, current=True).rows] == ["plq_2"]
    gone = queries.plaques(shelf.database, LEDGER, current=False).rows
    assert [(row["plaque_id"], row["reason"]) for row in gone] == [("plq_1", "misconduct")]
    assert len(queries.plaques(shelf.database, LEDGER).rows) == 2
    unit = queries.unit(shelf.database, LEDGER, UNITS[0])
    assert unit is not None
    assert unit["plaques"] == 1


def test_roles_and_proxies_are_those_that_hold_now(shelf: Shelf, head: int) -> None:
    shelf.tell(
        [
            party.RoleGranted(holder=WANG, role="treasurer", granted_by=WORKER),
            party.RoleGranted(holder=WANG, role="representative", scope=UNITS[0], granted_by=WORKER),
            party.RoleRevoked(holder=WANG, role="treasurer", revoked_by=WORKER),
            party.ProxyRegistered(principal=WANG, proxy=LI),
            party.ProxyRegistered(principal=WANG, proxy=ZHAO),
            party.ProxyEnded(principal=WANG, proxy=LI),
        ],
        after=head,
    )

    assert [(row["role"], row["scope"]) for row in queries.roles_of(shelf.database, LEDGER, WANG)] == [
        ("representative", UNITS[0])
    ]
    assert queries.proxies_of(shelf.database, LEDGER, WANG) == [ZHAO]


def test_a_rule_is_in_force_from_its_day_and_the_latest_fact_wins(shelf: Shelf, head: int) -> None:
    later = DAY + timedelta(days=10)
    shelf.tell(
        [
            PolicySet(name="requests.lease_days", value=7, from_day=DAY),
            PolicySet(name="requests.lease_days", value=9, from_day=later),
            PolicySet(name="honours.star_hours", value=(100, 300), from_day=DAY),
        ],
        after=head,
    )

    now = queries.policies(shelf.database, LEDGER, DAY)
    assert (now["requests.lease_days"], now["honours.star_hours"]) == (7, [100, 300])
    assert queries.policies(shelf.database, LEDGER, later)["requests.lease_days"] == 9


def test_a_call_out_counts_its_answers(shelf: Shelf, head: int) -> None:
    def answer(unit: str, people: int) -> partner.CallAnswered:
        return partner.CallAnswered(
            callout_id="call_1", unit=unit, level="urgent", people=people, response_minutes=4, answered_by=WANG, day=DAY
        )

    called = partner.CalledOut(callout_id="call_1", level="urgent", called_at=77, called_by=WORKER)
    shelf.tell([called, answer(UNITS[0], 5), answer(UNITS[1], 6)], after=head)
    shelf.tell([partner.CallEnded(callout_id="call_1", ended_by=WORKER)], after=head + 3)

    row = queries.callout(shelf.database, LEDGER, "call_1")
    assert row is not None
    assert (row["answers"], row["people"], row["ended_by"]) == (2, 11, WORKER)
    assert [row["unit"] for row in queries.call_answers(shelf.database, LEDGER, "call_1")] == list(UNITS[:2])


def test_a_ledger_that_nobody_opened_has_empty_books(shelf: Shelf) -> None:
    stats = queries.stats(shelf.database, "nowhere")

    assert (stats.position, stats.members, stats.partners, stats.funds) == (0, 0, 0, {})
    assert queries.balances(shelf.database, "nowhere") == []
    assert queries.ledger_info(shelf.database, "nowhere") is None
    assert queries.board(shelf.database, "nowhere").rows == []


def test_totals_of_request_states_are_the_counts_of_the_rows(shelf: Shelf) -> None:
    shelf.tell(long_story())

    stats = queries.stats(shelf.database, LEDGER)
    for state, count in stats.requests.items():
        assert len(queries.list_requests(shelf.database, LEDGER, status=state, limit=10_000).rows) == count
    assert sum(stats.requests.values()) == sum(queries.channels(shelf.database, LEDGER).values())
    assert stats.members == len(queries.members(shelf.database, LEDGER, departed=False, limit=10_000).rows)

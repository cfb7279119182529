"""Forgetting somebody: who may ask, what is settled by it, what has to be put right first, what stays."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds import facts as fund
from ledger.hours.facts import HoursReleased, HoursReserved, SessionVerified
from ledger.hours.state import Account
from ledger.parties.commands import ErasePersonalData
from ledger.parties.facts import (
    ErasureAsked,
    MemberLeft,
    PersonalDataErased,
    ProxyEnded,
    PublicationAgreed,
    PublicationWithdrawn,
    RoleRevoked,
)
from ledger.parties.state import Erasure, Roles, Standing, check_words
from ledger.partners.facts import CalledOut
from ledger.requests import facts as requests
from ledger.requests.commands import ReopenRequest
from ledger.requests.state import ClaimsHeld, Request
from tests.ledger.cast import AIXIN, CHEN, HE, LI, LVYUN, OPERATOR, PEOPLE, SUN, WANG, granted, left, proxy, registered
from tests.ledger.given import NOW, TODAY, Folded, Outcome, given, rule
from tests.ledger.requests.told import CLAIM, LATER, OTHER_REQUEST, REQUEST, claimed, fulfilled, posted, published

FORGET = ErasePersonalData(subject=WANG)
GONE = PersonalDataErased(subject=WANG, cause="own_wish", asked_by=WANG)


def ask(*before: Fact, command: ErasePersonalData = FORGET, actor: str = WANG, role: str = "", **more: Any) -> Outcome:
    """王阿姨 asks for herself, unless said otherwise."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, **more)


def test_a_member_who_asks_leaves_and_is_forgotten() -> None:
    outcome = ask().then(MemberLeft(member_id=WANG), GONE)

    standing = outcome.state(Standing, WANG)
    assert (standing.left, standing.erased) == (True, True)
    outcome.looking_at(WANG, f"role_{WANG}")


def test_who_left_long_ago_is_forgotten_by_a_keeper() -> None:
    ask(left(WANG), command=replace(FORGET, cause="retention_over"), actor=CHEN, role="community_worker").then(
        PersonalDataErased(subject=WANG, cause="retention_over", asked_by=CHEN)
    )


def test_what_somebody_holds_goes_back_and_what_they_asked_for_is_withdrawn() -> None:
    ask(
        posted(requester=LI), published(), claimed(WANG),
        posted(OTHER_REQUEST), published(OTHER_REQUEST), claimed(LI, request_id=OTHER_REQUEST),
    ).then(
        requests.ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=WANG, day=TODAY),
        requests.RequestWithdrawn(request_id=OTHER_REQUEST, claimant=LI, requester=WANG),
        MemberLeft(member_id=WANG),
        GONE,
    )  # fmt: skip


def test_a_lease_that_had_run_out_is_said_to_have_lapsed() -> None:
    outcome = ask(posted(requester=LI), published(), claimed(WANG, until_at=NOW))
    assert outcome.facts[0] == requests.ClaimLapsed(request_id=REQUEST, claim_id=CLAIM, claimant=WANG, until_at=NOW)


def test_what_was_declined_closed_or_never_hers_is_left_alone() -> None:
    declined = requests.RequestDeclined(request_id=REQUEST, reviewer=CHEN, reason="not_ours")
    ask(posted(), declined, posted(OTHER_REQUEST, requester=LI)).then(MemberLeft(member_id=WANG), GONE)


def test_a_listing_is_the_communitys_and_stays_when_its_worker_goes() -> None:
    outcome = given(*PEOPLE, posted(kind="listing", requester=CHEN), published()).when(
        replace(FORGET, subject=CHEN), actor=CHEN
    )
    outcome.then(
        RoleRevoked(holder=CHEN, role="community_worker", revoked_by=CHEN),
        MemberLeft(member_id=CHEN),
        PersonalDataErased(subject=CHEN, cause="own_wish", asked_by=CHEN),
    )


RESERVED = HoursReserved(reservation_id="rsv_1", member=WANG, minutes=60, provider=LI, until_at=LATER)


def test_reserved_minutes_are_free_again_and_hours_stay() -> None:
    banked = SessionVerified(
        session_id="ses_1", volunteer=WANG, day=TODAY, minutes=90, credited=90, origin="attested", verifier=CHEN
    )
    outcome = ask(banked, RESERVED).then(
        HoursReleased(reservation_id="rsv_1", member=WANG, minutes=60, cause="cancelled"),
        MemberLeft(member_id=WANG),
        GONE,
    )
    account = outcome.state(Account, WANG)
    assert (account.usable, account.held, account.earned) == (90, 0, 90)


def test_the_provider_of_a_reserved_service_goes_without_touching_it() -> None:
    ask(replace(RESERVED, member=LI, provider=WANG)).then(MemberLeft(member_id=WANG), GONE)


def test_consents_proxies_and_roles_end() -> None:
    outcome = ask(
        PublicationAgreed(member_id=WANG, where="wall"), proxy(WANG, SUN), proxy(LI, WANG),
        granted(WANG, "team_leader", AIXIN), granted(WANG, "auditor"),
    ).then(
        PublicationWithdrawn(member_id=WANG, where="wall"),
        ProxyEnded(principal=WANG, proxy=SUN),
        ProxyEnded(principal=LI, proxy=WANG),
        RoleRevoked(holder=WANG, role="auditor", revoked_by=WANG),
        RoleRevoked(holder=WANG, role="team_leader", scope=AIXIN, revoked_by=WANG),
        MemberLeft(member_id=WANG),
        GONE,
    )  # fmt: skip
    assert outcome.state(Roles, f"role_{WANG}") == Roles(tag=f"role_{WANG}")
    assert outcome.state(Standing, WANG).proxies == frozenset()


# ---- what has to be put right first ----------------------------------------------------------------------------------

WARD = replace(registered("mem_ward"), guardian=WANG)
DONE = (posted(), published(), claimed(LI), fulfilled(LI))
PAYABLE = fund.GrantProposed(
    grant_id="grant_1", fund="fund_nuanxing", item="meals", category="aid", amount_fen=100, payee=WANG, proposer=CHEN,
    day=TODAY,
)  # fmt: skip
APPROVED = fund.GrantApproved(grant_id="grant_1", fund="fund_nuanxing", item="meals", amount_fen=100, approver=HE)
PAID = fund.GrantPaid(
    grant_id="grant_1", fund="fund_nuanxing", item="meals", category="aid", amount_fen=100, payer=SUN, day=TODAY
)


@pytest.mark.parametrize(
    ("before", "code", "details"),
    [
        ((WARD, proxy("mem_ward", WANG)), "still_a_guardian", {"ward": "mem_ward"}),
        (DONE, "work_to_confirm", {"request": REQUEST}),
        ((PAYABLE,), "grant_on_its_way", {"grant": "grant_1"}),
        ((PAYABLE, APPROVED), "grant_on_its_way", {"grant": "grant_1"}),
    ],
)
def test_what_others_would_lose_by_it_is_put_right_first(before: tuple[Fact, ...], code: str, details: Any) -> None:
    ask(*before).refused(code, Refused, **details)
    ask(*before, command=replace(FORGET, cause="consent_withdrawn"), actor=CHEN, role="community_worker").refused(code)


def test_who_died_can_put_nothing_right_any_more() -> None:
    outcome = ask(
        *DONE, PAYABLE, WARD, proxy("mem_ward", WANG),
        command=replace(FORGET, cause="deceased"), actor=CHEN, role="community_worker",
    )  # fmt: skip
    outcome.then(
        ProxyEnded(principal="mem_ward", proxy=WANG),
        MemberLeft(member_id=WANG),
        PersonalDataErased(subject=WANG, cause="deceased", asked_by=CHEN),
    )


def test_a_grant_that_was_paid_and_a_ward_with_another_guardian_block_nothing() -> None:
    other = replace(WARD, guardian=SUN)
    outcome = ask(PAYABLE, APPROVED, PAID, other, proxy("mem_ward", WANG))
    assert outcome.facts[-1] == GONE


# ---- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cause", ["purpose_served", "retention_over", "unlawful", "deceased"])
@pytest.mark.parametrize("role", ["", "proxy", "representative"])
def test_only_keepers_state_what_keepers_have_to_judge(role: str, cause: Any) -> None:
    ask(command=replace(FORGET, cause=cause), role=role).refused("reason_not_yours_to_state", NotYours)


def test_where_two_keepers_are_asked_for_the_first_only_asks() -> None:
    two = rule("privacy.erasers", 2)
    command = replace(FORGET, cause="retention_over")
    asked = ErasureAsked(subject=WANG, cause="retention_over", asked_by=CHEN)

    outcome = ask(two, command=command, actor=CHEN, role="community_worker").then(asked)

    assert not outcome.state(Erasure, WANG).erased
    ask(two, asked, command=command, actor=CHEN, role="community_worker").refused("second_keeper_needed", NotYours)
    ask(two, asked, command=command, actor=HE, role="community_worker").then(
        MemberLeft(member_id=WANG), PersonalDataErased(subject=WANG, cause="retention_over", asked_by=CHEN)
    )
    ask(two).then(MemberLeft(member_id=WANG), GONE)


def test_nobody_is_forgotten_twice_and_nobody_who_is_not_known() -> None:
    ask(left(WANG), GONE).refused("already_erased", Conflict)
    for nobody in ("mem_nobody", "unit_nobody", "team_nobody", "call_nothing", "svc_operator", "", "ledger"):
        ask(command=replace(FORGET, subject=nobody), actor=CHEN, role="administrator").refused(
            "no_such_subject", NotFound
        )


# ---- whose words they are --------------------------------------------------------------------------------------------

RECEIVED = fund.DonationReceived(
    receipt_id="rcpt_1", fund="fund_nuanxing", donor="anonymous", item="meals", amount_fen=100, method="cash",
    handler=CHEN, day=TODAY,
)  # fmt: skip
CALLED = CalledOut(callout_id="call_1", level="routine", called_at=NOW, called_by=CHEN)


def keeper_asks(subject: str, *before: Fact, role: str = "administrator") -> Outcome:
    """A keeper asks for something that is not a person."""
    command = ErasePersonalData(subject=subject, cause="retention_over")
    return ask(*before, command=command, actor=OPERATOR, role=role)


@pytest.mark.parametrize(
    ("subject", "before"),
    [
        (LVYUN, ()),
        (AIXIN, ()),
        ("rcpt_1", (RECEIVED,)),
        ("grant_1", (PAYABLE,)),
        ("call_1", (CALLED,)),
        (REQUEST, (posted(kind="listing", requester=CHEN),)),
        (REQUEST, (posted(requester=None),)),
        (REQUEST, (posted(requester=OPERATOR),)),
    ],
)
def test_units_receipts_grants_calls_and_listings_have_words_of_their_own(
    subject: str, before: tuple[Fact, ...]
) -> None:
    keeper_asks(subject, *before).then(PersonalDataErased(subject=subject, cause="retention_over", asked_by=OPERATOR))


def test_the_words_of_a_wish_or_gift_go_with_the_person_whose_they_are() -> None:
    keeper_asks(REQUEST, posted()).refused("words_of_a_person", Refused, party=WANG)
    keeper_asks("rcpt_1", replace(RECEIVED, donor=WANG)).refused("words_of_a_person", Refused, party=WANG)


def test_vouchers_are_let_go_by_who_appoints_alone() -> None:
    for subject, before in (("rcpt_1", RECEIVED), ("grant_1", PAYABLE)):
        keeper_asks(subject, before, role="community_worker").refused("not_allowed", NotYours)


def test_a_unit_goes_on_after_its_contact_was_forgotten() -> None:
    after = Folded(*PEOPLE, PersonalDataErased(subject=LVYUN, cause="own_wish", asked_by=CHEN))
    standing = after.state(Standing, LVYUN)
    assert (standing.kind, standing.left, standing.erased) == ("unit", False, True)


def test_no_words_about_the_forgotten() -> None:
    after = Folded(*PEOPLE, left(WANG), GONE, PersonalDataErased(subject=LVYUN, cause="own_wish", asked_by=CHEN))
    for subject in (WANG, LVYUN):
        with pytest.raises(Refused, match="words_erased"):
            check_words(after, subject)
    for subject in (LI, AIXIN, "req_1"):
        check_words(after, subject)


# ---- what others do afterwards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [(left(LI),), (left(LI), replace(GONE, subject=LI))])
def test_work_of_somebody_who_left_is_reopened_on_the_board(gone: tuple[Fact, ...]) -> None:
    closed = requests.RequestClosed(
        request_id=REQUEST, kind="wish", claim_id=CLAIM, claimant=LI, requester=WANG, score=5, closed_by=WANG, day=TODAY
    )
    outcome = given(*PEOPLE, *DONE, closed, *gone).when(ReopenRequest(request_id=REQUEST, requester=WANG), actor=WANG)

    reopened, handed_back = outcome.facts
    assert isinstance(reopened, requests.RequestReopened)
    assert reopened.until_at == NOW + 7 * MICROS_PER_DAY
    assert handed_back == requests.ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=LI, day=TODAY)
    assert outcome.state(Request, REQUEST).status == "published"
    assert outcome.state(ClaimsHeld, LI).leases == {}

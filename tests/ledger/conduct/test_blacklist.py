"""Who is on the blacklist, or left the partnership, takes on nothing new, at once, and is told why (M20)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.conduct.commands import BlacklistParty, ExitPartner, LiftBlacklist
from ledger.conduct.facts import BlacklistLifted, PartnerExited, PartyBlacklisted
from ledger.conduct.state import Conduct, may_act
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.parties.facts import MemberRegistered, TeamFormed
from ledger.partners import commands as partner
from ledger.partners.facts import (
    AgreementEnded,
    DualReported,
    DualReportEnded,
    MenuOffered,
    MenuWithdrawn,
    PairingEnded,
    UnitPaired,
)
from ledger.requests.commands import ClaimRequest, CloseRequest, FulfilRequest, RecordPastRequest
from ledger.requests.facts import ClaimLapsed, ClaimReleased, RequestReopened
from tests.ledger.cast import AIXIN, BAKERY, CHEN, HE, LI, LVYUN, PEOPLE, SUN, WANG, YARD, ZHAO, granted, left
from tests.ledger.given import NOW, TODAY, Folded, Outcome, given
from tests.ledger.requests.told import CLAIM, LISTING, OTHER_REQUEST, REQUEST, claimed, fulfilled, posted, published
from tests.ledger.requests.told import signed as agreement

BAR = BlacklistParty(blacklisting_id="bar_1", party=LVYUN, reason="misconduct", until_day=date(2026, 12, 31))
EXIT = ExitPartner(exit_id="exit_1", unit=LVYUN, reason="by_community")
LIFT = LiftBlacklist(blacklisting_id="bar_1", party=LVYUN, reason="amends_made")
OFFICE = "community_worker"
HELD = (posted(), published(), claimed(LVYUN, by=LI, unit=LVYUN))


def barred(party: str = LVYUN, until_day: date | None = date(2026, 12, 31), **other: Any) -> PartyBlacklisted:
    """On the blacklist since today."""
    return replace(
        PartyBlacklisted(
            blacklisting_id="bar_1", party=party, reason="misconduct", until_day=until_day, listed_by=CHEN, day=TODAY
        ),
        **other,
    )


def exited(unit: str = LVYUN) -> PartnerExited:
    """Out of the partnership since today."""
    return PartnerExited(exit_id="exit_1", unit=unit, reason="by_community", exited_by=CHEN, day=TODAY)


def ask(command: Any, *before: Fact, actor: str = CHEN, role: str = OFFICE, **scene: Any) -> Outcome:
    """Somebody asks, after everybody joined."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, **scene)


# ---- the blacklist --------------------------------------------------------------------------------------------------


def test_a_party_is_put_on_the_blacklist_with_reason_and_term() -> None:
    outcome = ask(BAR, sealed="c1").then(barred(words="c1"))
    assert outcome.state(Conduct, LVYUN).blacklisted_on(date(2026, 12, 31)) is not None
    assert outcome.state(Conduct, LVYUN).blacklisted_on(date(2027, 1, 1)) is None


def test_it_says_what_it_rests_on() -> None:
    ask(replace(BAR, ground=REQUEST)).then(barred(ground=REQUEST))
    ask(replace(BAR, ground="he said so")).refused("bad_ground", Refused)


def test_what_the_party_holds_goes_back_on_the_board_in_the_same_story() -> None:
    ask(BAR, *HELD).then(
        barred(), ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=LVYUN, day=TODAY)
    ).looking_at(LVYUN, REQUEST)


def test_a_lease_that_ran_out_is_entered_as_lapsed() -> None:
    late = claimed(LVYUN, by=LI, unit=LVYUN, until_at=NOW)
    ask(BAR, posted(), published(), late).then(
        barred(), ClaimLapsed(request_id=REQUEST, claim_id=CLAIM, claimant=LVYUN, until_at=NOW)
    )


def test_work_that_was_handed_in_waits_for_a_word_of_who_asked() -> None:
    ask(BAR, *HELD, fulfilled(LVYUN)).then(barred())


def test_so_does_what_its_teams_hold_and_no_other_team() -> None:
    other = TeamFormed(team_id="team_other", kind="volunteer_organisation", name="巡逻队", unit=BAKERY)
    of_other = (posted("req_3"), published("req_3"), claimed("team_other", by=SUN, request_id="req_3", unit=BAKERY))
    held = (*HELD, posted(OTHER_REQUEST), published(OTHER_REQUEST), claimed(AIXIN, by=ZHAO, request_id=OTHER_REQUEST))
    back = (
        ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=LVYUN, day=TODAY),
        ClaimReleased(request_id=OTHER_REQUEST, claim_id=CLAIM, claimant=AIXIN, day=TODAY),
    )
    ask(BAR, other, *held, *of_other).then(barred(), *back)
    ask(EXIT, other, *held, *of_other).then(exited(), *back)


@pytest.mark.parametrize("party", [LI, AIXIN])
def test_members_and_teams_can_be_on_it_too(party: str) -> None:
    ask(replace(BAR, party=party)).then(barred(party))


@pytest.mark.parametrize(("until_day", "fits"), [(TODAY, True), (date(2036, 12, 31), True), (None, True),
    (TODAY - timedelta(days=1), False), (date(2037, 1, 1), False)])  # fmt: skip
def test_a_term_ends_today_or_later_and_within_ten_years(until_day: date | None, fits: bool) -> None:
    outcome = ask(replace(BAR, until_day=until_day))
    if fits:
        outcome.then(barred(until_day=until_day))
    else:
        outcome.refused("bad_blacklist_term", Refused, years=10)


def test_a_party_is_on_it_once_and_again_when_the_term_is_over() -> None:
    again = replace(BAR, blacklisting_id="bar_2")
    ask(again, barred()).refused("already_blacklisted", Conflict, blacklisting="bar_1")
    assert ask(again, barred(until_day=TODAY - timedelta(days=1))).facts
    ask(BAR, barred(BAKERY)).refused("blacklisting_exists", Conflict)


def test_the_party_exists() -> None:
    ask(replace(BAR, party="unit_nobody")).refused("no_such_unit", NotFound)
    ask(replace(BAR, party=SUN), left(SUN)).refused("member_left", Refused)


def test_an_id_of_something_else_is_no_id_of_a_blacklisting() -> None:
    ask(replace(BAR, blacklisting_id=LVYUN)).refused("bad_id", Refused)


@pytest.mark.parametrize(("party", "role"), [(LVYUN, "representative"), (AIXIN, "team_leader")])
def test_who_speaks_for_a_party_does_not_judge_it(party: str, role: str) -> None:
    ask(replace(BAR, party=party), granted(CHEN, role, party)).refused("own_unit", NotYours)
    ask(replace(BAR, party=CHEN)).refused("own_unit", NotYours)


def test_another_worker_lifts_it() -> None:
    lifted = BlacklistLifted(blacklisting_id="bar_1", party=LVYUN, reason="amends_made", lifted_by=HE, day=TODAY)
    outcome = ask(LIFT, barred(), actor=HE).then(lifted)
    assert outcome.state(Conduct, LVYUN).blacklisted is None
    ask(LIFT, barred()).refused("own_blacklisting", NotYours)
    ask(LIFT, barred(), granted(HE, "representative", LVYUN), actor=HE).refused("own_unit", NotYours)


@pytest.mark.parametrize("before", [(), (barred(until_day=TODAY - timedelta(days=1)),),
    (barred(blacklisting_id="bar_2"),)])  # fmt: skip
def test_only_a_blacklisting_that_holds_is_lifted(before: tuple[Fact, ...]) -> None:
    ask(LIFT, *before, actor=HE).refused("not_blacklisted", Conflict)


# ---- what it stops -------------------------------------------------------------------------------------------------

LI_SPEAKS = granted(LI, "representative", LVYUN)
ON_MENU = MenuOffered(menu_id="menu_1", unit=LVYUN, name="修水管", at_once=2, offered_by=LI, day=TODAY)
IN_PARTY = MemberRegistered(member_id=SUN, party_member=True, joined_on=date(2025, 9, 1))
THINGS_TO_BEGIN: tuple[tuple[Any, str, str], ...] = (
    (ClaimRequest(request_id=REQUEST, claimant=LVYUN), LI, "representative"),
    (partner.RecordContribution(unit=LVYUN, kind="venue", quantity=60), CHEN, OFFICE),
    (partner.OfferGoods(unit=LVYUN, item="masks", quantity=5), LI, "representative"),
    (partner.AnswerCall(callout_id="call_1", unit=LVYUN), LI, "representative"),
    (partner.PairUnit(unit=LVYUN, place=YARD), CHEN, OFFICE),
    (partner.OfferOnMenu(unit=LVYUN, name="修水管"), LI, "representative"),
    (partner.AdmitToMenu(menu_id="menu_1"), CHEN, OFFICE),
    (partner.ReportIn(member_id=SUN, unit=LVYUN, place="place_block"), CHEN, OFFICE),
)


@pytest.mark.parametrize(("command", "actor", "role"), THINGS_TO_BEGIN, ids=lambda one: getattr(one, "NAME", ""))
@pytest.mark.parametrize(("before", "code"), [(barred(), "blacklisted"), (exited(), "partner_exited")])
def test_nothing_new_is_begun_and_the_refusal_says_why(
    command: Any, actor: str, role: str, before: Any, code: str
) -> None:
    ask(command, LI_SPEAKS, posted(), published(), ON_MENU, IN_PARTY, before, actor=actor, role=role).refused(
        code, Refused, party=LVYUN, reason=before.reason
    )


def test_what_was_given_before_is_still_booked() -> None:
    gift = partner.RecordContribution(unit=LVYUN, kind="venue", quantity=60, day=TODAY - timedelta(days=1))
    assert ask(gift, barred()).facts
    assert ask(gift, exited()).facts
    ask(replace(gift, day=TODAY), barred()).refused("blacklisted")


def test_a_claim_of_an_old_book_is_not_a_way_round() -> None:
    past = RecordPastRequest(kind="wish", day=TODAY, outcome="claimed", claimant=LVYUN)
    ask(past, barred()).refused("blacklisted", Refused)
    assert ask(replace(past, outcome="fulfilled", closed_on=TODAY), barred()).facts


def test_a_unit_does_not_go_on_under_its_teams_name() -> None:
    claim = ClaimRequest(request_id=REQUEST, claimant=AIXIN)
    ask(claim, posted(), published(), barred(), actor=ZHAO, role="").refused("blacklisted", party=LVYUN)
    assert ask(claim, posted(), published(), barred(BAKERY), actor=ZHAO, role="").facts


def test_nor_a_person_in_the_name_of_a_team() -> None:
    claim = ClaimRequest(request_id=REQUEST, claimant=AIXIN)
    ask(claim, posted(), published(), barred(ZHAO), actor=ZHAO, role="").refused("blacklisted", party=ZHAO)


def test_a_listing_is_refused_for_the_exit_and_not_for_the_agreement_it_ended() -> None:
    claim = ClaimRequest(request_id=REQUEST, claimant=LVYUN)
    ask(claim, LI_SPEAKS, *LISTING, exited(), actor=LI, role="representative").refused("partner_exited")


def test_a_blacklisted_unit_signs_nothing_and_one_that_left_comes_back_by_signing() -> None:
    sign = partner.SignAgreement(
        agreement_id="agr_2", unit=LVYUN, tier="street", from_day=TODAY, until_day=date(2027, 5, 19)
    )
    ask(sign, barred()).refused("blacklisted", until_day="2026-12-31")
    ask(sign, barred(until_day=None)).refused("blacklisted", until_day="")
    outcome = ask(sign, exited())
    assert outcome.state(Conduct, LVYUN).exited is None


def test_the_term_over_everything_is_possible_again() -> None:
    view = Folded(*PEOPLE, barred(until_day=TODAY))
    assert not may_act(view, LVYUN, TODAY)
    assert may_act(view, LVYUN, TODAY + timedelta(days=1))


def test_work_that_did_not_satisfy_goes_back_on_the_board() -> None:
    close = CloseRequest(request_id=REQUEST, requester=WANG, score=1)
    outcome = ask(close, *HELD, fulfilled(LVYUN), barred(), actor=WANG, role="")
    assert [type(one) for one in outcome.facts][:2] == [RequestReopened, ClaimReleased]
    again = ask(close, *HELD, fulfilled(LVYUN), actor=WANG, role="")
    assert ClaimReleased not in [type(one) for one in again.facts]


def test_what_was_begun_may_be_ended() -> None:
    done = FulfilRequest(request_id=REQUEST, claimant=LVYUN)
    assert ask(done, LI_SPEAKS, barred(), *HELD, actor=LI, role="representative").facts


# ---- exit ----------------------------------------------------------------------------------------------------------

PAIRED = UnitPaired(pairing_id="pair_1", unit=LVYUN, place=YARD, paired_by=CHEN, day=TODAY)


def reported(member: str = SUN, unit: str = LVYUN, **other: Any) -> DualReported:
    """A party member at work in the unit reports in."""
    dual = DualReported(
        report_id=f"dual_{member}", member_id=member, unit=unit, place="place_block", taken_by=CHEN, day=TODAY
    )
    return replace(dual, **other)


def report_ended(reason: str = "unit_left", report_id: str = f"dual_{SUN}") -> DualReportEnded:
    """The report is over."""
    return DualReportEnded(
        report_id=report_id, member_id=SUN, unit=LVYUN, place="place_block", reason=reason, day=TODAY
    )


def test_a_unit_that_leaves_leaves_nothing_behind() -> None:
    ask(EXIT, agreement(), PAIRED, ON_MENU, *HELD).then(
        exited(),
        AgreementEnded(agreement_id="agr_1", unit=LVYUN, reason="by_community", day=TODAY),
        PairingEnded(pairing_id="pair_1", unit=LVYUN, place=YARD, reason="by_community", day=TODAY),
        MenuWithdrawn(menu_id="menu_1", unit=LVYUN, reason="by_community", day=TODAY),
        ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=LVYUN, day=TODAY),
    )


def test_nobody_reports_in_from_a_unit_that_left() -> None:
    ask(EXIT, reported(), reported(WANG, BAKERY)).then(exited(), report_ended())
    ask(EXIT, reported(), report_ended("moved")).then(exited())
    moved_on = reported(unit=BAKERY, report_id="dual_new")
    ask(EXIT, reported(), report_ended("changed_work"), moved_on).then(exited())
    ask(BAR, reported()).then(barred())


def test_an_agreement_whose_term_is_over_needs_no_end() -> None:
    ask(EXIT, agreement(until_day=TODAY - timedelta(days=1))).then(exited())
    assert len(ask(EXIT, agreement(until_day=TODAY)).facts) == 2


@pytest.mark.parametrize(("reason", "ended"), [("by_partner", "by_partner"), ("unit_closed", "unit_closed"),
    ("misconduct", "by_community")])  # fmt: skip
def test_the_agreement_ends_for_the_reason_of_the_exit(reason: Any, ended: str) -> None:
    told = ask(replace(EXIT, reason=reason), agreement()).facts[1]
    assert isinstance(told, AgreementEnded)
    assert told.reason == ended


def test_a_units_own_people_can_only_say_that_it_leaves() -> None:
    own = {"actor": LI, "role": "representative"}
    ask(EXIT, LI_SPEAKS, **own).refused("reason_not_yours_to_state", NotYours)
    assert ask(replace(EXIT, reason="by_partner"), LI_SPEAKS, **own).facts
    ask(EXIT, granted(CHEN, "representative", LVYUN)).refused("reason_not_yours_to_state", NotYours)


def test_a_unit_leaves_once_until_it_comes_back() -> None:
    again = replace(EXIT, exit_id="exit_2")
    ask(again, exited()).refused("already_exited", Conflict, exit="exit_1")
    assert ask(again, exited(), agreement()).facts
    ask(EXIT, exited(BAKERY)).refused("exit_exists", Conflict)
    ask(replace(EXIT, unit="unit_nobody")).refused("no_such_unit", NotFound)
    ask(replace(EXIT, exit_id=LVYUN)).refused("bad_id", Refused)


def test_other_requests_stay_with_whom_they_are() -> None:
    others = (posted(OTHER_REQUEST), published(OTHER_REQUEST), claimed(LI, request_id=OTHER_REQUEST))
    ask(EXIT, *others).then(exited())

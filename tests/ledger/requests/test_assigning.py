"""An owner gets a request with a due day (交办); what is done is shown by the digests of files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.base import Fact
from ledger.clock import start_of_day
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.meetings.facts import MeetingHeld
from ledger.requests.commands import AddEvidence, AssignRequest, FulfilRequest
from ledger.requests.facts import EvidenceAdded, RequestAssigned, RequestClaimed, RequestFulfilled, StageDue
from ledger.requests.state import Request
from tests.ledger.cast import AIXIN, CHEN, HE, LI, LVYUN, PEOPLE, SUN, WANG, YARD, ZHAO, granted
from tests.ledger.given import NOW, TODAY, given, rule
from tests.ledger.requests.test_stages import CHAIN, ISSUE, day
from tests.ledger.requests.told import CLAIM, REQUEST, claimed, fulfilled, posted, published, reopened, withdrawn

ON_BOARD = (*CHAIN, ISSUE, published())
WORKER: dict[str, Any] = {"actor": CHEN, "role": "community_worker"}
GIVE = AssignRequest(request_id=REQUEST, claim_id=CLAIM, owner=LVYUN, due_day=day(5))
SHA = "ab" * 32
SHOWN = EvidenceAdded(
    evidence_id="evi_1", request_id=REQUEST, claim_id=CLAIM, party=LI, stage="claimed", sha256=SHA, added_by=LI,
    day=TODAY,
)  # fmt: skip
SHOW = AddEvidence(evidence_id="evi_1", request_id=REQUEST, party=LI, sha256=SHA)
HELD = MeetingHeld(
    meeting_id="meet_1", kind="tower", place=YARD, day=TODAY, sessions=1, people=12, opinions=0, chair=CHEN,
    agenda=(REQUEST,), recorded_by=CHEN,
)  # fmt: skip


def assigned(**more: Any) -> list[Fact]:
    """The owner has it until the end of the due day."""
    given_by = more.pop("assigned_by", CHEN)
    return [
        RequestAssigned(
            request_id=REQUEST, claim_id=CLAIM, owner=LVYUN, due_day=day(5), assigned_by=given_by, day=TODAY, **more
        ),
        RequestClaimed(
            request_id=REQUEST, claim_id=CLAIM, claimant=LVYUN, unit=LVYUN, claimed_by=given_by,
            until_at=start_of_day(day(6)), day=TODAY,
        ),
    ]  # fmt: skip


def test_an_owner_holds_it_until_the_end_of_the_due_day() -> None:
    given(*ON_BOARD).when(GIVE, **WORKER).then(*assigned())


def test_a_meeting_stands_beside_the_assignment() -> None:
    ask = AssignRequest(request_id=REQUEST, claim_id=CLAIM, owner=LVYUN, due_day=day(5), meeting_id="meet_1")
    given(*ON_BOARD, HELD).when(ask, **WORKER).then(*assigned(meeting_id="meet_1"))
    given(*ON_BOARD).when(ask, **WORKER).refused("no_such_meeting", NotFound)


def test_who_answers_for_the_place_assigns_and_others_do_not() -> None:
    given(*ON_BOARD).when(GIVE, actor=ZHAO).then(*assigned(assigned_by=ZHAO))
    given(*ON_BOARD).when(GIVE, actor=LI).refused("not_in_charge", NotYours)


def test_the_owner_also_owes_contact_where_policy_asks_for_it() -> None:
    told = given(*ON_BOARD, rule("requests.contact_days", 2)).when(GIVE, **WORKER)
    assert told.facts[2:] == [StageDue(request_id=REQUEST, stage="contact", until_day=day(2))]


@pytest.mark.parametrize("days", [-1, 367])
def test_a_due_day_lies_ahead_and_within_a_year(days: int) -> None:
    ask = AssignRequest(request_id=REQUEST, owner=LVYUN, due_day=TODAY + timedelta(days=days))
    given(*ON_BOARD).when(ask, **WORKER).refused("bad_due_day", Refused)


def test_what_somebody_holds_and_what_nobody_can_take_is_not_assigned() -> None:
    given(*ON_BOARD, claimed(until_at=NOW + 1)).when(GIVE, **WORKER).refused("already_claimed", Conflict)
    given(*PEOPLE, posted(kind="need", item="米", quantity=3), published()).when(GIVE, **WORKER).refused(
        "needs_are_matched"
    )
    given(*PEOPLE, posted(kind="project")).when(GIVE, **WORKER).refused("projects_are_voted_on")
    own = AssignRequest(request_id=REQUEST, owner=WANG, due_day=day(1))
    given(*ON_BOARD).when(own, **WORKER).refused("own_request", NotYours)


def test_nobody_who_is_blacklisted_is_given_anything() -> None:
    barred = PartyBlacklisted(
        blacklisting_id="bl_1", party=LVYUN, reason="failed_rectification", listed_by=HE, day=TODAY
    )
    given(*ON_BOARD, barred).when(GIVE, **WORKER).refused("blacklisted", party=LVYUN)


def test_a_lease_that_ran_out_is_entered_before_somebody_else_gets_it() -> None:
    told = given(*ON_BOARD, claimed(until_at=NOW)).when(GIVE, **WORKER)
    assert [type(one).__name__ for one in told.facts] == ["ClaimLapsed", "RequestAssigned", "RequestClaimed"]


# ---- evidence ---------------------------------------------------------------------------------------------------------

WORK = (*ON_BOARD, claimed())


def test_who_does_the_work_shows_it() -> None:
    given(*WORK).when(SHOW, actor=LI).then(SHOWN)


@pytest.mark.parametrize(("party", "actor"), [(WANG, WANG), (CHEN, CHEN)])
def test_what_the_requester_or_a_worker_shows_is_no_evidence_of_the_work(party: str, actor: str) -> None:
    ask = AddEvidence(evidence_id="evi_1", request_id=REQUEST, party=party, sha256=SHA)
    told = given(*WORK).when(ask, actor=actor)
    assert told.state(Request, REQUEST).evidence == 0
    assert told.state(Request, REQUEST).digests == {SHA}


def test_an_issue_is_not_done_before_its_work_is_shown() -> None:
    done = FulfilRequest(request_id=REQUEST, claimant=LI)
    given(*WORK).when(done, actor=LI).refused("evidence_missing", shown=0, wanted=1)
    told = given(*WORK, SHOWN).when(done, actor=LI)
    assert isinstance(told.facts[0], RequestFulfilled)


def test_work_that_is_to_be_done_again_is_shown_again() -> None:
    again = (*WORK, SHOWN, fulfilled(), reopened())
    assert given(*again).state(Request, REQUEST).evidence == 0
    given(*again).when(SHOW, actor=LI).refused("evidence_exists", Conflict)


@pytest.mark.parametrize("sha256", ["", "AB" * 32, "ab" * 31, "zz" * 32])
def test_only_a_digest_is_a_digest(sha256: str) -> None:
    ask = AddEvidence(request_id=REQUEST, party=LI, sha256=sha256)
    given(*WORK).when(ask, actor=LI).refused("bad_digest", Refused)


def test_others_show_nothing_and_nobody_in_anothers_name() -> None:
    ask = AddEvidence(request_id=REQUEST, party=SUN, sha256=SHA)
    given(*WORK).when(ask, actor=SUN).refused("not_in_charge", NotYours)
    given(*WORK).when(SHOW, actor=SUN).refused("cannot_act_for", NotYours)


def test_a_member_of_the_team_shows_the_teams_work() -> None:
    ask = AddEvidence(evidence_id="evi_1", request_id=REQUEST, party=AIXIN, sha256=SHA)
    told = given(*ON_BOARD, claimed(AIXIN)).when(ask, actor=ZHAO)
    assert told.state(Request, REQUEST).evidence == 1


def test_what_is_over_is_shown_no_more() -> None:
    ask = AddEvidence(request_id=REQUEST, party=LI, sha256=SHA)
    given(*WORK, withdrawn()).when(ask, actor=LI).refused("request_settled", Conflict)


def test_a_representative_shows_for_the_unit() -> None:
    ask = AddEvidence(evidence_id="evi_1", request_id=REQUEST, party=LVYUN, sha256=SHA)
    past = (*ON_BOARD, granted(SUN, "representative", LVYUN), claimed(LVYUN, by=SUN))
    assert given(*past).when(ask, actor=SUN).state(Request, REQUEST).evidence == 1

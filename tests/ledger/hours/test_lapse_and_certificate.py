"""Where policy says so old minutes lapse, the oldest first; and what was earned in a lifetime is certified."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.accounts import LAPSED, postings
from ledger.base import Fact
from ledger.errors import NotFound, Refused
from ledger.hours.commands import IssueCertificate, LapseHours
from ledger.hours.facts import CertificateIssued, HoursLapsed
from ledger.hours.state import Account
from tests.ledger.cast import CHEN, LI, PEOPLE, WANG, left
from tests.ledger.given import Outcome, given, rule
from tests.ledger.hours.told import corrected, donated, earned, gift, reserved

LAPSE = LapseHours(member=WANG)
CERTIFY = IssueCertificate(certificate_id="cert_1", member=WANG)
A_YEAR = rule("hours.expiry_months", 12)
OLD, STILL_GOOD = date(2025, 4, 30), date(2025, 5, 1)
CUT_OFF = date(2025, 5, 1)


def by_worker(command: Any, *before: Fact) -> Outcome:
    """A community worker, or the follower that watches deadlines, asks."""
    return given(*PEOPLE, *before).when(command, actor=CHEN, role="community_worker")


def test_hours_do_not_lapse_unless_policy_says_so() -> None:
    by_worker(LAPSE, earned(WANG, 60, day=OLD)).refused("hours_do_not_lapse", Refused)


def test_minutes_of_months_before_the_limit_lapse() -> None:
    outcome = by_worker(LAPSE, A_YEAR, earned(WANG, 60, day=OLD), earned(WANG, 45, day=STILL_GOOD))
    outcome.then(HoursLapsed(member=WANG, minutes=60, earned_before=CUT_OFF))
    account = outcome.state(Account, WANG)
    assert (account.usable, account.earned, account.spent) == (45, 105, 60)
    assert postings(outcome.fact) == [(f"hours:{WANG}", "minutes", -60), (LAPSED, "minutes", 60)]


def test_a_single_minute_lapses() -> None:
    by_worker(LAPSE, A_YEAR, earned(WANG, 1, day=OLD)).then(HoursLapsed(member=WANG, minutes=1, earned_before=CUT_OFF))


def test_younger_minutes_do_not_lapse() -> None:
    by_worker(LAPSE, A_YEAR, earned(WANG, 45, day=STILL_GOOD)).refused("nothing_to_lapse", Refused)
    assert by_worker(LAPSE, rule("hours.expiry_months", 11), earned(WANG, 45, day=STILL_GOOD)).facts


@pytest.mark.parametrize("spent", [gift(WANG, LI, 40), donated(WANG, 40)])
def test_what_was_spent_was_the_oldest(spent: Fact) -> None:
    story = (A_YEAR, earned(WANG, 60, day=OLD), earned(WANG, 45, day=STILL_GOOD), spent)
    by_worker(LAPSE, *story).then(HoursLapsed(member=WANG, minutes=20, earned_before=CUT_OFF))


def test_minutes_lapse_once() -> None:
    story = (A_YEAR, earned(WANG, 60, day=OLD), HoursLapsed(member=WANG, minutes=60, earned_before=CUT_OFF))
    by_worker(LAPSE, *story, earned(WANG, 45, day=STILL_GOOD)).refused("nothing_to_lapse")


def test_no_more_lapses_than_is_usable() -> None:
    story = (A_YEAR, earned(WANG, 60, day=OLD), reserved(50))
    by_worker(LAPSE, *story).then(HoursLapsed(member=WANG, minutes=10, earned_before=CUT_OFF))
    by_worker(LAPSE, A_YEAR, earned(WANG, 60, day=OLD), reserved(60)).refused("nothing_to_lapse")


def test_minutes_that_were_given_to_a_member_do_not_lapse() -> None:
    by_worker(LAPSE, A_YEAR, earned(LI, 60, day=OLD), gift(LI, WANG, 60)).refused("nothing_to_lapse")


def test_a_corrected_record_lapses_with_its_corrected_minutes() -> None:
    struck = replace(corrected(60, 10), day=OLD, last_day=OLD)
    by_worker(LAPSE, A_YEAR, earned(WANG, 60, day=OLD), struck).then(
        HoursLapsed(member=WANG, minutes=10, earned_before=CUT_OFF)
    )


def test_who_left_has_no_minutes_lapse() -> None:
    by_worker(LAPSE, A_YEAR, earned(WANG, 60, day=OLD), left(WANG)).refused("member_left")


# ---- certificates --------------------------------------------------------------------------------------------------


def test_a_certificate_states_the_lifetime_record() -> None:
    story = (earned(WANG, 60, day=STILL_GOOD), earned(WANG, 30, day=OLD), gift(WANG, LI, 80))
    by_worker(CERTIFY, *story).then(
        CertificateIssued(
            certificate_id="cert_1",
            member=WANG,
            minutes=90,
            sessions=2,
            first_day=OLD,
            last_day=STILL_GOOD,
            issued_by=CHEN,
        )
    )


def test_a_single_minute_is_certified() -> None:
    assert by_worker(CERTIFY, earned(WANG, 1)).facts


def test_there_has_to_be_something_to_certify() -> None:
    by_worker(CERTIFY).refused("no_service_to_certify", Refused)
    by_worker(CERTIFY, earned(LI, 60), gift(LI, WANG, 60)).refused("no_service_to_certify")
    by_worker(CERTIFY, earned(WANG, 60), corrected(60, 0)).refused("no_service_to_certify")


@pytest.mark.parametrize(
    ("command", "code", "kind"),
    [
        (IssueCertificate(certificate_id="cert_1", member="mem_nobody"), "no_such_member", NotFound),
        (IssueCertificate(certificate_id="pool", member=WANG), "bad_id", Refused),
        (LapseHours(member="mem_nobody"), "no_such_member", NotFound),
    ],
)
def test_who_is_certified_is_a_member(command: Any, code: str, kind: type) -> None:
    by_worker(command, A_YEAR, earned(WANG, 60)).refused(code, kind)

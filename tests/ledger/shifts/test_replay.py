"""What an auditor who has only the journal can tell of shifts, and what they cannot."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.audit.judging import judge
from ledger.audit.story import Story
from ledger.base import Fact
from ledger.clock import MICROS_PER_MINUTE
from ledger.hours.facts import SessionVerified
from ledger.journal.recorded import Envelope
from ledger.places.facts import LedgerOpened
from ledger.shifts import facts
from ledger.shifts.codes import step_of
from tests.ledger.cast import HOUSE, LI, OPERATOR, PEOPLE, SUN, WANG
from tests.ledger.given import TODAY, Folded
from tests.ledger.shifts.told import SHIFT, at, came, scheduled, session, signed, went

OPENED = LedgerOpened(name="祥和", zone="Asia/Shanghai", operator=OPERATOR)
READY = scheduled(), signed()


def found(*story: Fact, past: tuple[Fact, ...] = READY, by: str = WANG, role: str = "", when: int = 0) -> str | None:
    """What the audit objects to in a story, None where it was legal; dated at two unless said otherwise."""
    envelope = Envelope(at=when or at(14), by=by, role=role, behalf=None, key="", body="", salt=b"")
    finding = judge(Folded(OPENED, *PEOPLE, *past), Story(1, envelope, story))
    return None if finding is None else str(finding.figures.get("tried", finding.code))


def test_what_was_decided_is_judged_again_without_any_code() -> None:
    assert found(came()) is None
    assert found(*went(), past=(*READY, came()), when=at(15, 30)) is None


@pytest.mark.parametrize(
    ("story", "more", "objection"),
    [
        ((replace(came(), step=step_of(at(14)) - 2),), {}, "code_expired"),
        ((came(when=at(16)),), {"when": at(16)}, "shift_over"),
        ((came(),), {"by": LI}, "not_allowed"),
        ((came(),), {"past": (scheduled(),)}, "not_signed_up"),
        ((came(),), {"past": (*READY, facts.ShiftClosed(shift_id=SHIFT), came())}, "already_checked_in"),
        ((replace(came(), checked_at=at(14) - 30 * MICROS_PER_MINUTE),), {}, "differs:CheckedIn.checked_at"),
    ],
)
def test_a_check_in_that_could_not_have_been_is_found(
    story: tuple[Fact, ...], more: dict[str, Any], objection: str
) -> None:
    assert objection in str(found(*story, **more))


def test_a_session_longer_than_from_check_in_to_check_out_is_found() -> None:
    gone, _ = went()
    longer = session(start_at=at(13, 30), minutes=120)
    assert "differs:SessionRecorded" in str(found(gone, longer, past=(*READY, came()), when=at(15, 30)))


def test_a_sheet_signed_by_who_served_is_found() -> None:
    past = *READY, came(), *went(), session("ses_2", LI)
    counted = SessionVerified(
        session_id="ses_1", volunteer=WANG, day=TODAY, minutes=90, credited=90, origin="scanned", verifier=LI,
        place=HOUSE,
    )  # fmt: skip
    signed_for = facts.ShiftConfirmed(shift_id=SHIFT, confirmed_by=LI)
    assert "verifier_took_part" in str(found(signed_for, counted, past=past, by=LI, when=at(17)))
    assert "shift_not_yours" in str(found(signed_for, counted, past=(*READY, came(), *went()), by=SUN, when=at(17)))


def test_that_somebody_held_the_key_and_made_it_up_in_time_is_not_found_by_the_rules() -> None:
    """The code is checked before the decision: the replay sees by whose hand and when, and that others have to sign."""
    assert found(came(), by=OPERATOR, role="community_worker") is None

"""The standing check of shifts: by whose hand people were checked in."""

from __future__ import annotations

from ledger.audit.findings_shifts import ScannedByOthers
from ledger.shifts.facts import CheckedIn
from tests.ledger.audit.seen import CHEN, LI, NOON, SUN, WANG, ZHAO, Journal, days_after


def scan(journal: Journal, member: str, by: str, at: int = NOON) -> int:
    """A check-in."""
    came = CheckedIn(signup_id=f"sgn_{len(journal.events)}", shift_id="shift_1", member=member, step=1, checked_at=at)
    return journal.tell(came, at=at, by=by, role="")


def test_one_hand_that_checks_in_many_others_is_worth_a_look() -> None:
    journal = Journal()
    positions = [scan(journal, (WANG, LI, ZHAO)[number % 3], CHEN) for number in range(10)]
    [hint] = journal.hints(ScannedByOthers)
    assert (hint.figures, hint.count) == ({"who": CHEN, "scans": 10, "persons": 3}, 10)
    assert list(hint.positions) == positions


def test_ones_own_hand_few_scans_or_few_people_are_no_wonder() -> None:
    own, few, alike = Journal(), Journal(), Journal()
    for number in range(12):
        scan(own, (WANG, LI, ZHAO)[number % 3], (WANG, LI, ZHAO)[number % 3])
        scan(alike, (WANG, SUN)[number % 2], CHEN)
    for number in range(9):
        scan(few, (WANG, LI, ZHAO)[number % 3], CHEN)
    assert [one.hints(ScannedByOthers) for one in (own, few, alike)] == [[], [], []]
    assert len(few.hints(ScannedByOthers, scans=9)) == len(alike.hints(ScannedByOthers, members=2)) == 1


def test_only_the_period_that_is_looked_at_counts() -> None:
    journal = Journal()
    for number in range(9):
        scan(journal, (WANG, LI, ZHAO)[number % 3], CHEN, at=days_after(-40))
    first = scan(journal, WANG, CHEN)
    assert journal.hints(ScannedByOthers, first=first, scans=2) == []

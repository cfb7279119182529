"""The follower that watches deadlines: enters what has come due, once, whoever else is at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.deadlines import Deadlines
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.clock import MICROS_PER_DAY
from ledger.requests.commands import ClaimRequest, LapseClaim
from projections.books import queries
from tests.cli.story import LEDGER, LI, NOON, WISH, Clock, act, claim_and_reserve, opened

LONG = 60 * MICROS_PER_DAY


@pytest.fixture
def clock() -> Clock:
    """The day after the story's."""
    return Clock(NOON + 2 * MICROS_PER_DAY)


@pytest.fixture
def store(community: Path, clock: Clock) -> Iterator[Store]:
    """The story's store, in which 李师傅 holds a wish and has 20 minutes reserved."""
    claim_and_reserve(community, clock)
    with opened(community, clock) as one:
        yield one


def test_what_is_not_due_is_left_alone(store: Store) -> None:
    assert Deadlines(store).enter(LEDGER) == 0
    assert queries.hours_of(store.database, LEDGER, LI).held == 20


def test_what_is_due_is_entered_once(store: Store, clock: Clock) -> None:
    # Given that both deadlines have passed, when the follower looks,
    clock.at += LONG
    assert Deadlines(store).enter(LEDGER) == 2
    # then the wish is on the board again, the minutes are free, and a second look finds nothing.
    request = queries.request(store.database, LEDGER, WISH)
    assert request is not None
    assert (request["status"], request["claimant"]) == ("published", None)
    hours = queries.hours_of(store.database, LEDGER, LI)
    assert (hours.spendable, hours.held) == (60, 0)
    assert Deadlines(store).enter(LEDGER) == 0


def test_somebody_who_is_faster_does_no_harm(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a follower that has looked what is due, when a worker enters it before the follower can,
    clock.at += LONG
    late = Deadlines(store)
    due = late._due(LEDGER)
    act(store, OPERATOR, LapseClaim(request_id=WISH))
    before = queries.as_of(store.database, LEDGER).position
    monkeypatch.setattr(late, "_due", lambda _ledger: due[:1])
    # then the follower enters nothing and complains of nothing.
    assert late.enter(LEDGER) == 0
    assert queries.as_of(store.database, LEDGER).position == before


def test_the_next_claim_has_a_deadline_of_its_own(store: Store, clock: Clock) -> None:
    clock.at += LONG
    Deadlines(store).enter(LEDGER)
    store.application.execute(LEDGER, ClaimRequest(request_id=WISH, claimant=LI), actor=Actor(LI))
    assert Deadlines(store).enter(LEDGER) == 0
    clock.at += LONG
    assert Deadlines(store).enter(LEDGER) == 1


def test_it_looks_at_every_ledger_but_not_at_every_call(store: Store, clock: Clock) -> None:
    watch = Deadlines(store, every_seconds=3600)
    watch()
    clock.at += LONG
    watch()
    assert queries.hours_of(store.database, LEDGER, LI).held == 20
    Deadlines(store)()
    assert queries.hours_of(store.database, LEDGER, LI).held == 0

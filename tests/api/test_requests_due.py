"""What comes due of requests is read from the books, on both databases, and entered once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.deadlines import Deadlines
from api.engines.requests_due import deadlines
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.clock import day_of, start_of_day, system_clock
from ledger.policy.commands import SetPolicy
from ledger.policy.facts import PolicyValue
from ledger.requests.commands import ClaimRequest, MarkOverdue, PostRequest, PublishRequest, RequestWords, WarnRequest
from ledger.requests.kinds import CONTACT
from projections.books.engines.requests_tables import progress
from projections.reading import one
from tests.house.stores import LEDGER, add_members, open_ledger, store_at

NOON = 12 * 60 * 60 * 1_000_000


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with store_at(store_url, tmp_path) as opened:
        open_ledger(opened)
        yield opened


def give(store: Store, command: Command, actor: str = OPERATOR) -> None:
    store.application.execute(LEDGER, command, actor=Actor(actor))


def rule(store: Store, name: str, value: PolicyValue) -> None:
    give(store, SetPolicy(name=name, value=value))


def wish(store: Store, requester: str, *, publish: bool = True) -> str:
    asked = PostRequest(kind="wish", requester=requester, words=RequestWords(title="一副老花镜"))
    give(store, asked, requester)
    if publish:
        give(store, PublishRequest(request_id=asked.request_id))
    return asked.request_id


def in_days(days: int) -> int:
    """Noon of that day."""
    return start_of_day(day_of(system_clock()) + timedelta(days=days)) + NOON


def due(store: Store, days: int) -> list[Command]:
    return deadlines(store, LEDGER, in_days(days))


def test_nothing_is_due_where_policy_sets_no_deadlines(store: Store) -> None:
    wang, li = add_members(store, 2)
    give(store, ClaimRequest(request_id=wish(store, wang), claimant=li), li)
    assert due(store, 400) == []


def test_a_deadline_is_warned_of_and_then_marked(store: Store) -> None:
    (wang,) = add_members(store, 1)
    rule(store, "requests.review_days", 3)
    rule(store, "requests.warn_days", 1)
    asked = wish(store, wang, publish=False)
    assert due(store, 1) == []
    assert due(store, 2) == [WarnRequest(request_id=asked, stage="posted")]
    assert due(store, 4) == [MarkOverdue(request_id=asked, stage="posted")]
    give(store, PublishRequest(request_id=asked))
    assert due(store, 4) == []


def test_a_lease_is_warned_of_once(store: Store) -> None:
    wang, li = add_members(store, 2)
    rule(store, "requests.warn_days", 1)
    asked = wish(store, wang)
    give(store, ClaimRequest(request_id=asked, claimant=li), li)
    assert due(store, 5) == []
    assert due(store, 6) == [WarnRequest(request_id=asked, stage="claimed")]
    store.application.clock = lambda: in_days(6)
    give(store, WarnRequest(request_id=asked, stage="claimed"))
    assert due(store, 6) == []


def test_a_public_notice_ends_and_a_contact_is_missed(store: Store) -> None:
    wang, li = add_members(store, 2)
    rule(store, "requests.contact_days", 2)
    taken = wish(store, wang)
    give(store, ClaimRequest(request_id=taken, claimant=li), li)
    rule(store, "requests.notice_days", 1)
    noticed = wish(store, wang)
    assert due(store, 1) == []
    assert due(store, 3) == [PublishRequest(request_id=noticed), MarkOverdue(request_id=taken, stage=CONTACT)]


def test_the_follower_enters_everything_once(store: Store) -> None:
    (wang,) = add_members(store, 1)
    rule(store, "requests.board_days", 1)
    asked = wish(store, wang)
    store.application.clock = store.clock = lambda: in_days(2)
    follower = Deadlines(store)
    assert follower.enter(LEDGER) == 1
    assert follower.enter(LEDGER) == 0
    row = one(store.database, progress, LEDGER, request_id=asked)
    assert row is not None
    assert row["rounds"] == 1

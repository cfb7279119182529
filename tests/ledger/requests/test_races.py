"""Several hands at once on the same request, on a real store: one of them does it, the others are told so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.clock import day_of, system_clock
from ledger.errors import NuanlinError
from ledger.policy.commands import SetPolicy
from ledger.requests.commands import AssignRequest, ClaimRequest, MarkOverdue, PostRequest, PublishRequest, RequestWords
from ledger.requests.state import Request
from tests.house.stores import LEDGER, add_members, open_ledger, store_at

HANDS = 8


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with store_at(store_url, tmp_path) as opened:
        open_ledger(opened)
        yield opened


def at_once(store: Store, command: Callable[[int], tuple[Command, str]]) -> list[str]:
    """What each hand was answered: "" where it was done, else the code of the refusal."""
    answers: list[str] = []

    def give(number: int) -> None:
        asked, actor = command(number)
        try:
            store.application.execute(LEDGER, asked, actor=Actor(actor))
            answers.append("")
        except NuanlinError as error:
            answers.append(error.code)

    threads = [threading.Thread(target=give, args=(number,)) for number in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def _issue(store: Store, requester: str) -> str:
    asked = PostRequest(kind="issue", requester=requester, words=RequestWords(title="路灯不亮"))
    store.application.execute(LEDGER, asked, actor=Actor(requester))
    store.application.execute(LEDGER, PublishRequest(request_id=asked.request_id), actor=Actor(OPERATOR))
    return asked.request_id


def test_of_those_who_claim_and_those_who_assign_one_decides(store: Store) -> None:
    wang, *others = add_members(store, HANDS + 1)
    issue = _issue(store, wang)
    due_day = day_of(system_clock()) + timedelta(days=5)

    def hand(number: int) -> tuple[Command, str]:
        owner = others[number]
        if number % 2:
            return ClaimRequest(request_id=issue, claimant=owner), owner
        return AssignRequest(request_id=issue, owner=owner, due_day=due_day), OPERATOR

    assert at_once(store, hand) == ["", *["already_claimed"] * (HANDS - 1)]
    assert store.application.view(LEDGER).state(Request, issue).holder in others


def test_several_followers_mark_a_deadline_once(store: Store) -> None:
    (wang,) = add_members(store, 1)
    late = SetPolicy(name="requests.issue_assign_days", value=0)
    store.application.execute(LEDGER, late, actor=Actor(OPERATOR))
    issue = _issue(store, wang)
    tomorrow = system_clock() + timedelta(days=1) // timedelta(microseconds=1)
    store.application.clock = lambda: tomorrow

    answers = at_once(store, lambda _: (MarkOverdue(request_id=issue, stage="published"), OPERATOR))

    assert answers == ["", *["already_overdue"] * (HANDS - 1)]

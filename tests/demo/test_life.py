"""The demo shows every mechanism: something in it for everybody, a lawful journal, and no page of the menu empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.demo import SignIn, sign_ins
from api.demo.run import DAYS_BEFORE
from api.store import Store
from ledger.audit.auditing import audit
from ledger.audit.sealed import Trust
from ledger.clock import day_of, system_clock
from tests.demo.filled import LEDGER, figure, figures, opened, rows

EMPTY = re.compile(r'class="[^"]*\bempty\b')
GOOD = {"integrity", "sign-ins", "proxies"}
"""Pages on which having nothing is the good state: no broken promise, nobody to act for."""


@pytest.fixture
def store(demo_copy: Path) -> Iterator[Store]:
    """A filled store of its own, on the present clock."""
    with opened(demo_copy) as again:
        yield again


def visitor(store: Store, who: SignIn | None) -> TestClient:
    """Somebody in front of a browser; None is nobody in particular."""
    client = TestClient(create_app(store), base_url="http://127.0.0.1", headers={"Accept-Language": "zh"})
    if who is not None:
        client.post("/sign-in", data={"token": who.token, "ledger": LEDGER})
    return client


def test_the_journal_holds_nothing_that_a_rule_forbids(store: Store) -> None:
    report, _ = audit(store.database, store.codec, LEDGER, Trust(logs=[store.seals.verifier(LEDGER)]))

    assert report.findings == []


@pytest.mark.parametrize(
    "path", ["shifts?where=all", "calls", "board", "funds", "wall", "hall", "plaques", "units", "checkpoints"]
)
def test_nobody_meets_an_empty_page_of_the_menu(store: Store, path: str) -> None:
    answer = visitor(store, None).get(f"/{LEDGER}/{path}")

    assert answer.status_code == 200
    assert EMPTY.search(answer.text) is None


def test_whoever_is_signed_in_finds_something_on_their_own_pages(store: Store) -> None:
    by_role = {one.role: one for one in sign_ins(store)}
    wang, li = by_role["volunteer"], by_role["resident"]
    own = {
        "volunteer": (
            "shifts",
            "shifts/mine",
            "my-requests",
            "members/{}/use",
            "members/{}/kin",
            "members/{}/certificate",
        ),
        "resident": ("shifts", "my-requests", "members/{}/use", "members/{}/kin", "members/{}"),
        "community_worker": ("work", "units", "calls"),
        "treasurer": ("treasury",),
    }
    assert {wang.name, li.name} == {"王阿姨", "李奶奶"}
    for role, paths in own.items():
        client = visitor(store, by_role[role])
        for path in paths:
            answer = client.get(f"/{LEDGER}/{path.format(by_role[role].member_id)}")
            found = re.findall(r'<[^>]*class="[^"]*\bempty\b[^>]*>(.*?)<', answer.text)
            assert (role, path, answer.status_code) == (role, path, 200)
            assert len(found) <= (1 if path == "treasury" else 0), (role, path, found)


def test_shifts_have_been_held_and_stand_in_the_calendar_of_the_coming_days(store: Store) -> None:
    today = day_of(system_clock()).isoformat()

    assert figure(store, f"SELECT COUNT(*) FROM shifts WHERE day < '{today}'") == 2
    assert figure(store, f"SELECT COUNT(*) FROM shifts WHERE day = '{today}'") >= 1
    assert figure(store, f"SELECT COUNT(*) FROM shifts WHERE day > '{today}'") >= 3
    assert figures(store, "SELECT origin, COUNT(*) FROM sessions WHERE activity_id LIKE 'shift_%' GROUP BY origin") == {
        "scanned": 12, "attested": 1,
    }  # fmt: skip


def test_one_call_was_judged_and_granted_and_one_is_open(store: Store) -> None:
    assert figure(store, "SELECT COUNT(*) FROM calls_for_proposals") == 2
    assert figure(store, "SELECT COUNT(*) FROM milestones") == 2
    assert figure(store, "SELECT COUNT(*) FROM events WHERE type LIKE 'proposal.scored@%'") == 8
    assert figure(store, "SELECT MAX(corrections) FROM disclosures") == 1


def test_one_vote_passed_and_one_runs(store: Store) -> None:
    assert figures(store, "SELECT status, COUNT(*) FROM votes GROUP BY status") == {"passed": 1, "open": 1}
    assert figure(store, "SELECT COUNT(*) FROM projects") == 2


def test_nothing_is_dated_after_the_filling_and_the_first_fact_is_some_days_old(store: Store) -> None:
    first, last = rows(store, "SELECT MIN(recorded_at), MAX(recorded_at) FROM events")[0]

    assert last <= system_clock()
    assert (day_of(last) - day_of(first)).days == DAYS_BEFORE

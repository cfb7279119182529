"""One person of the cast for each role, with a token that is the same at the next start."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import tokens
from api.demo import SignIn, sign_ins, token_file
from api.store import Store
from ledger.application import Actor
from ledger.errors import Unusable
from ledger.parties.commands import LeaveCommunity
from ledger.parties.state import roles_of
from tests.demo.filled import LEDGER, figure, opened

ROLES = [
    "volunteer", "resident", "representative", "community_worker", "committee_member", "treasurer", "auditor",
    "administrator",
]  # fmt: skip


@pytest.fixture
def store(demo_copy: Path) -> Iterator[Store]:
    """A filled store of its own."""
    with opened(demo_copy) as again:
        yield again


def by_role(store: Store) -> dict[str, SignIn]:
    """The sign-ins by what they are."""
    return {one.role: one for one in sign_ins(store)}


def test_there_is_somebody_for_each_role(store: Store) -> None:
    found = sign_ins(store)

    assert [one.role for one in found] == ROLES
    assert [one.name for one in found[:4]] == ["王阿姨", "李奶奶", "刘经理", "赵社工"]


def test_their_tokens_say_who_they_are(store: Store) -> None:
    assert all(tokens.verify(store, LEDGER, one.token) == one.member_id for one in sign_ins(store))


def test_they_hold_the_role_they_are_shown_with(store: Store) -> None:
    found = by_role(store)
    view = store.application.view(LEDGER)

    for role in ROLES[2:]:
        assert {held for held, _scope in roles_of(view, found[role].member_id).held} == {role}
    assert roles_of(view, found["volunteer"].member_id).held == frozenset()
    assert roles_of(view, found["resident"].member_id).held == frozenset()


def test_the_next_start_prints_the_same_tokens(demo_copy: Path) -> None:
    with opened(demo_copy) as first:
        before = sign_ins(first)
    with opened(demo_copy) as second:
        assert sign_ins(second) == before
        assert len(tokens.listed(second, LEDGER)) == len(before)


def test_only_their_owner_can_read_the_tokens(store: Store) -> None:
    sign_ins(store)
    assert stat.S_IMODE(token_file(store).stat().st_mode) == 0o600


def test_no_token_can_be_guessed_from_the_program(store: Store) -> None:
    known = {one.token for one in sign_ins(store)}
    token_file(store).unlink()

    fresh = {one.token for one in sign_ins(store)}

    assert known.isdisjoint(fresh)


def test_a_token_that_was_ended_is_replaced(store: Store) -> None:
    ended = by_role(store)["auditor"]
    tokens.revoke(store, LEDGER, ended.token)

    fresh = by_role(store)["auditor"]

    assert fresh.token != ended.token
    assert tokens.verify(store, LEDGER, fresh.token) == ended.member_id
    assert by_role(store)["auditor"] == fresh


def test_a_file_that_cannot_be_read_is_said_so(store: Store) -> None:
    token_file(store).write_bytes(b"{")

    with pytest.raises(Unusable) as refused:
        sign_ins(store)

    assert refused.value.code == "demo_file_unusable"


def test_a_ledger_without_a_demo_has_no_sign_ins_and_no_file(tmp_path: Path) -> None:
    with opened(tmp_path) as empty:
        assert sign_ins(empty) == []
        assert not token_file(empty).exists()


def test_everybody_finds_something_to_do(store: Store) -> None:
    found = by_role(store)
    wang, li, liu = (found[role].member_id for role in ("volunteer", "resident", "representative"))
    taken = f"kind = 'listing' AND claimant IN (SELECT scope FROM roles WHERE holder = '{liu}')"
    asked = (
        (f"SELECT COUNT(*) FROM requests WHERE claimant = '{wang}' AND status = 'claimed'", 1),
        (f"SELECT COUNT(*) FROM requests WHERE requester = '{li}' AND status = 'fulfilled'", 1),
        (f"SELECT COUNT(*) FROM reservations WHERE member = '{li}' AND status = 'open'", 1),
        (f"SELECT COUNT(*) FROM requests WHERE {taken} AND status = 'claimed'", 1),
        ("SELECT COUNT(*) FROM requests WHERE status = 'posted'", 8),
        ("SELECT COUNT(*) FROM sessions WHERE status = 'recorded'", 25),
        ("SELECT COUNT(*) FROM grants WHERE status = 'proposed'", 4),
        ("SELECT COUNT(*) FROM grants WHERE status = 'approved'", 5),
    )
    for question, count in asked:
        assert figure(store, question) == count, question


def test_who_left_signs_in_no_more(store: Store) -> None:
    gone = by_role(store)["resident"].member_id
    store.application.execute(LEDGER, LeaveCommunity(member_id=gone), actor=Actor(gone))

    assert [one.role for one in sign_ins(store)] == [role for role in ROLES if role != "resident"]

"""The sealer: when it signs, what it costs the writer, and what it refuses to sign."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from api.store import Store
from ledger.errors import Unusable
from ledger.journal.sql import Cursor
from ledger.seal.keys import Keys
from ledger.seal.merkle import SM3
from ledger.seal.notes import checkpoint_of, open_note, sign_note, split_note, to_base64
from ledger.seal.sealer import AGE_SECONDS, BATCH, Sealer
from tests.house.stores import LEDGER, open_ledger, store_at
from tests.ledger.seal import reference
from tests.ledger.seal.sealed import Clock, add_events, check_every_checkpoint, execute, head_of, rows, sealed_to


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(store_url: str, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with store_at(store_url, tmp_path, clock) as opened:
        open_ledger(opened)
        yield opened


def refusal(store: Store, ledger: str = LEDGER) -> Unusable:
    """How the sealer refuses; it must not have signed anything."""
    before = rows(store, "SELECT ledger, size, note FROM seal_checkpoints ORDER BY ledger, size")
    with pytest.raises(Unusable) as unusable:
        store.sealer.catch_up(ledger, force_checkpoint=True)
    assert rows(store, "SELECT ledger, size, note FROM seal_checkpoints ORDER BY ledger, size") == before
    return unusable.value


# ---- when it signs --------------------------------------------------------------------------------------------------


def test_young_events_wait_until_the_oldest_is_ten_seconds_old(store: Store, clock: Clock) -> None:
    store.sealer.catch_up()
    assert store.seals.latest(LEDGER) is None
    clock.pass_seconds(AGE_SECONDS - 1)
    add_events(store, 3)
    store.sealer.catch_up()
    assert store.seals.latest(LEDGER) is None

    clock.pass_seconds(1)
    store.sealer.catch_up()

    assert [one.size for one in check_every_checkpoint(store)] == [head_of(store)]


def test_a_thousand_events_are_sealed_at_once_and_the_rest_waits(store: Store) -> None:
    add_events(store, 2 * BATCH + 50)
    store.sealer.catch_up()
    assert [one.size for one in check_every_checkpoint(store)] == [BATCH, 2 * BATCH]
    assert store.sealer.behind() == {LEDGER: head_of(store) - 2 * BATCH}


def test_whoever_asks_has_everything_sealed_now(store: Store) -> None:
    store.sealer.catch_up(LEDGER, force_checkpoint=True)
    add_events(store, 30)
    store.sealer.catch_up(LEDGER, force_checkpoint=True)
    store.sealer.catch_up(LEDGER, force_checkpoint=True)
    assert len(check_every_checkpoint(store)) == 2
    assert store.sealer.behind() == {}


def test_sealing_everything_ends_though_others_go_on_writing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a writer who adds an event after every step, when everything is to be sealed, then what was there at first is.
    add_events(store, BATCH + 10)
    first = head_of(store)
    step = store.sealer.step

    def and_one_more(ledger: str, *, force_checkpoint: bool = False) -> int:
        done = step(ledger, force_checkpoint=force_checkpoint)
        add_events(store, 1)
        return done

    monkeypatch.setattr(store.sealer, "step", and_one_more)
    store.sealer.catch_up(force_checkpoint=True)
    assert [one.size for one in check_every_checkpoint(store)] == [BATCH, first + 1]


def test_a_ledger_without_events_is_never_signed(store: Store) -> None:
    store.sealer.catch_up("nowhere", force_checkpoint=True)
    assert store.seals.listed("nowhere") == []


def test_every_size_of_a_tree_continues_the_one_before(store: Store) -> None:
    for _ in range(12):
        add_events(store, 30)
        store.sealer.catch_up(force_checkpoint=True)
    assert len(check_every_checkpoint(store)) == 12


def test_the_thread_looks_once_a_second_and_not_at_every_commit(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    behind = store.sealer.behind

    def counted() -> dict[str, int]:
        looks.append(clock.at)
        return behind()

    monkeypatch.setattr(store.sealer, "behind", counted)
    for _ in range(100):
        store.sealer.follow()
    assert len(looks) == 1
    clock.pass_seconds(1)
    store.sealer.follow()
    assert len(looks) == 2


def test_sealing_costs_the_writer_one_transaction_for_a_thousand_events(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_events(store, 3 * BATCH)
    transactions: list[int] = []
    write = store.database.writing

    def counted() -> AbstractContextManager[Cursor]:
        transactions.append(1)
        return write()

    monkeypatch.setattr(store.database, "writing", counted)
    store.sealer.catch_up()
    assert len(transactions) == len(store.seals.listed(LEDGER)) == 3
    # 256 hashes a row, and one row more for the level above.
    assert len(rows(store, "SELECT 1 FROM seal_tiles")) == -(-3 * BATCH // 256) + 1


def test_a_server_seals_by_itself(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        add_events(store, BATCH)
        store.start_followers()
        for _ in range(200):
            if store.seals.latest(LEDGER):
                break
            time.sleep(0.05)
    with store_at(store_url, tmp_path) as store:
        assert [one.size for one in check_every_checkpoint(store)] == [BATCH]


# ---- going on -----------------------------------------------------------------------------------------------------


def test_after_a_restart_it_goes_on_where_it_was(store_url: str, tmp_path: Path, clock: Clock) -> None:
    for _ in range(3):
        with store_at(store_url, tmp_path, clock) as store:
            if not store.application.ledgers():
                open_ledger(store)
            add_events(store, 400)
            store.sealer.catch_up(force_checkpoint=True)
    with store_at(store_url, tmp_path, clock) as store:
        assert len(check_every_checkpoint(store)) == 3


def test_a_step_that_fails_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_events(store, 300)
    store.sealer.catch_up(force_checkpoint=True)
    add_events(store, 300)

    def die(*_: object) -> None:
        raise RuntimeError("killed before the commit")

    with monkeypatch.context() as patched:
        patched.setattr("ledger.seal.sealer.insert_rows", die)
        with pytest.raises(RuntimeError):
            store.sealer.catch_up(force_checkpoint=True)
    assert len(check_every_checkpoint(store)) == 1

    store.sealer.catch_up(force_checkpoint=True)
    assert len(check_every_checkpoint(store)) == 2


# ---- what is refused ------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(sqlite_path: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A ledger sealed up to 700 or so, with a few young events behind that; what is noticed does not depend on the database."""
    with store_at(f"sqlite:///{sqlite_path}", tmp_path, clock) as store:
        open_ledger(store)
        add_events(store, 700)
        store.sealer.catch_up(force_checkpoint=True)
        add_events(store, 30)
        yield store


def test_a_byte_changed_in_the_tail_is_noticed_before_anything_is_signed(sealed: Store) -> None:
    at = sealed_to(sealed) - 5
    execute(sealed, "UPDATE events SET data = ? WHERE position = ?", b"{}", at)
    error = refusal(sealed)
    assert (error.code, error.details["position"]) == ("seal_broken", at)


def test_a_tag_changed_in_the_tail_is_noticed(sealed: Store) -> None:
    at = sealed_to(sealed)
    execute(sealed, "UPDATE events SET tags = ? WHERE position = ?", "mem_li", at)
    assert (refusal(sealed).code) == "seal_broken"


@pytest.mark.parametrize("back", [0, 10])
def test_an_event_that_is_gone_is_noticed(sealed: Store, back: int) -> None:
    at = sealed_to(sealed) + 5 - back
    execute(sealed, "DELETE FROM events WHERE position = ?", at)
    error = refusal(sealed)
    assert (error.code, error.details["position"]) == ("seal_broken", at)


def test_a_journal_that_ends_before_its_seals_is_noticed(sealed: Store) -> None:
    at = sealed_to(sealed)
    execute(sealed, "DELETE FROM events WHERE position >= ?", at)
    execute(sealed, "UPDATE ledgers SET head = ?", at - 1)
    error = refusal(sealed)
    assert (error.code, error.details["head"], error.details["sealed"]) == ("journal_went_back", at - 1, at)
    assert sealed.sealer.behind() == {LEDGER: -1}


def test_a_journal_that_went_back_and_grew_again_is_noticed(sealed: Store) -> None:
    # Given the tail of the journal taken away, when others act and it grows beyond its seals, then it is another history.
    at = sealed_to(sealed)
    for table in ("events", "event_tags"):
        execute(sealed, f"DELETE FROM {table} WHERE position > ?", at - 20)
    execute(sealed, "UPDATE ledgers SET head = ?", at - 20)
    add_events(sealed, 60)
    error = refusal(sealed)
    assert (error.code, error.details["position"]) == ("seal_broken", at - 19)


def test_a_stored_hash_that_was_changed_is_noticed(sealed: Store) -> None:
    execute(sealed, "UPDATE seal_tiles SET hashes = ? WHERE level = 0 AND number = 2", bytes(8192))
    assert refusal(sealed).code == "seal_broken"


def test_a_hash_of_a_level_above_that_was_changed_is_noticed(sealed: Store) -> None:
    execute(sealed, "UPDATE seal_tiles SET hashes = ? WHERE level = 1", bytes(64))
    assert refusal(sealed).code == "seal_broken"


def test_tiles_that_are_gone_are_noticed(sealed: Store) -> None:
    execute(sealed, "DELETE FROM seal_tiles")
    assert refusal(sealed).code == "seal_broken"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE seal_checkpoints SET size = size + 1",
        "UPDATE seal_checkpoints SET root = X'00'",
        "DELETE FROM seal_checkpoints",
        "DELETE FROM followers WHERE name = 'seals'",
        "UPDATE followers SET position = position - 1 WHERE name = 'seals'",
        "UPDATE seal_checkpoints SET note = 'nuanlin'",
    ],
)
def test_a_checkpoint_or_position_that_was_changed_is_noticed(sealed: Store, change: str) -> None:
    execute(sealed, change)
    assert refusal(sealed).code == "seal_broken"


def test_a_checkpoint_signed_by_somebody_else_is_not_continued(sealed: Store, tmp_path: Path) -> None:
    keys = Keys(tmp_path / "another.key", "nuanlin", lambda: False)
    last = sealed.seals.latest(LEDGER)
    assert last is not None
    forged = sign_note(split_note(last.signed)[0], keys.signer(LEDGER))
    execute(sealed, "UPDATE seal_checkpoints SET note = ?", forged)
    assert refusal(sealed).code == "seal_key_wrong"


def test_a_broken_ledger_keeps_no_other_from_being_sealed(sealed: Store, clock: Clock) -> None:
    open_ledger(sealed, "lvyun")
    execute(sealed, "UPDATE events SET data = ? WHERE ledger = ? AND position = ?", b"{}", LEDGER, sealed_to(sealed))
    clock.pass_seconds(AGE_SECONDS)
    with pytest.raises(Unusable) as unusable:
        sealed.sealer.follow()
    assert unusable.value.details["ledger"] == LEDGER
    assert len(sealed.seals.listed("lvyun")) == 1
    # It rests before it complains again.
    sealed.sealer.follow()


# ---- keys -----------------------------------------------------------------------------------------------------------


def test_without_its_key_nothing_is_signed_and_no_new_key_is_made(store_url: str, tmp_path: Path, clock: Clock) -> None:
    with store_at(store_url, tmp_path, clock) as store:
        open_ledger(store)
        store.sealer.catch_up(force_checkpoint=True)
    (tmp_path / "seal.key").rename(tmp_path / "elsewhere.key")
    with store_at(store_url, tmp_path, clock) as store:
        add_events(store, 3)
        assert refusal(store).code == "seal_key_missing"
        assert not (tmp_path / "seal.key").exists()
        # Reading needs no key.
        assert store.seals.receipt(LEDGER, 1)


def test_with_another_key_nothing_is_signed(store_url: str, tmp_path: Path, clock: Clock) -> None:
    with store_at(store_url, tmp_path, clock) as store:
        open_ledger(store)
        store.sealer.catch_up(force_checkpoint=True)
    (tmp_path / "seal.key").write_text(to_base64(bytes(32)) + "\n")
    with store_at(store_url, tmp_path, clock) as store:
        add_events(store, 3)
        assert refusal(store).code == "seal_key_wrong"


# ---- a second root ----------------------------------------------------------------------------------------------------


def sm3_roots(store: Store) -> list[bytes | None]:
    """The roots by SM3 that checkpoints name, checked against the events."""
    leaves = reference.leaves_of(store.database, LEDGER)
    found: list[bytes | None] = []
    for one in store.seals.listed(LEDGER):
        checkpoint = checkpoint_of(open_note(one.note, [store.seals.verifier(LEDGER)]).text)
        expected = reference.mth(leaves[: one.size], SM3.digest)
        assert checkpoint.extensions in ((), (f"sm3 {to_base64(expected)}",))
        found.append(expected if checkpoint.extensions else None)
        assert found[-1] in (None, store.seals.root_at(LEDGER, one.size, SM3))
    return found


def with_sm3(store: Store, keys: Path) -> Sealer:
    return Sealer(store.database, Keys(keys / "seal.key", "nuanlin", lambda: True), store.clock, second=SM3)


def test_a_second_root_begins_whenever_it_is_wanted_and_may_rest(store: Store, tmp_path: Path) -> None:
    add_events(store, 2_300)
    store.sealer.catch_up(force_checkpoint=True)
    both = with_sm3(store, tmp_path)
    for sealer in (both, both, store.sealer, both):
        add_events(store, 200)
        sealer.catch_up(force_checkpoint=True)
    check_every_checkpoint(store)
    assert [one is not None for one in sm3_roots(store)] == [False, False, False, True, True, False, True]


def test_a_second_tree_that_was_changed_is_noticed(store: Store, tmp_path: Path) -> None:
    store.sealer = with_sm3(store, tmp_path)
    store.seals.vkey(LEDGER)
    store.sealer.catch_up(force_checkpoint=True)
    add_events(store, 3)
    execute(store, "UPDATE seal_tiles SET hashes = ? WHERE hash = 'sm3'", bytes(8192))
    assert refusal(store).code == "seal_broken"

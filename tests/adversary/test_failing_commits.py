"""Commits that fail: every caller is answered, later commands work, and a retry under the same key books nothing twice."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import migrations
from api.store import Store
from ledger.application import Actor, Outcome
from ledger.errors import Unusable
from ledger.hours.commands import GiveHours
from ledger.hours.state import Account
from ledger.journal.sql import Database
from ledger.parties.commands import ContactWords, PersonWords, RegisterMember
from ledger.parties.state import Standing
from ledger.places.commands import OpenLedger
from ledger.vault import Vault, load_master_key
from projections.rebuild import compare
from tests.house.stores import AT_THE_DESK, LEDGER, add_members, open_ledger, store_at


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with store_at(store_url, tmp_path) as opened:
        open_ledger(opened)
        yield opened


def usable(store: Store, member: str) -> int:
    return store.application.view(LEDGER).state(Account, member).usable


def head(store: Store) -> int:
    store.application.desk(LEDGER).recorder.committer.catch_up()
    return store.application.desk(LEDGER).recorder.committer.seen


def positions(store: Store) -> list[int]:
    return [one.position for one in store.application.desk(LEDGER).recorder.read()]


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all together; gives what each came to, errors as values. Fails where one is never answered."""
    came: list[Any] = [None] * len(work)
    gate = threading.Barrier(len(work))

    def run(number: int) -> None:
        gate.wait()
        try:
            came[number] = work[number]()
        except BaseException as error:
            came[number] = error

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads), "a caller was never answered"
    return came


def gifts(store: Store, wang: str, li: str, count: int) -> list[Callable[[], Outcome]]:
    def give(number: int) -> Outcome:
        gift = GiveHours(giver=wang, receiver=li, minutes=10)
        return store.application.execute(LEDGER, gift, actor=Actor(wang), key=f"gift {number}")

    return [lambda number=number: give(number) for number in range(count)]  # type: ignore[misc]  # the default binds


def and_then_all_is_well(store: Store, wang: str, li: str, count: int, before: int) -> None:
    """A retry of all under their keys leaves each booked once, books equal the journal, positions have no gap."""
    for give in gifts(store, wang, li, count):
        give()
    assert (usable(store, wang), usable(store, li)) == (480 - 10 * count, 480 + 10 * count)
    assert head(store) == before + count
    assert positions(store) == list(range(1, before + count + 1))
    assert compare(store.database, store.codec.decode, LEDGER) == []


def test_books_that_fail_for_one_of_many_harm_no_neighbour(store: Store) -> None:
    wang, li = add_members(store, 2)
    before, committer = head(store), store.application.desk(LEDGER).recorder.committer
    book = committer.book
    assert book is not None
    failures = iter([True, False, True, True])

    def failing(*given: Any) -> None:
        book(*given)
        if next(failures, False):
            raise sqlite3.OperationalError("database or disk is full")

    committer.book = failing
    came = at_once(gifts(store, wang, li, 6))
    committer.book = book

    assert all(isinstance(one, Outcome | Unusable) for one in came), came
    and_then_all_is_well(store, wang, li, 6, before)


def test_a_full_disk_refuses_and_a_retry_books_once(sqlite_path: Path, tmp_path: Path) -> None:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as store:
        open_ledger(store)
        wang, li = add_members(store, 2)
        before, committer = head(store), store.application.desk(LEDGER).recorder.committer
        book, full = committer.book, [True]
        assert book is not None

        def filling(cursor: Any, *given: Any) -> None:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count={pages if full[0] else 1_000_000}")
            if full[0]:
                cursor.execute("CREATE TABLE filling (x)")
                cursor.execute("INSERT INTO filling VALUES (zeroblob(1000000))")
            book(cursor, *given)

        committer.book = filling
        came = at_once(gifts(store, wang, li, 4))
        assert all(isinstance(one, Unusable) for one in came), came
        assert head(store) == before

        full[0] = False
        store.database.close()  # the limit belongs to each connection
        and_then_all_is_well(store, wang, li, 4, before)


def test_a_connection_killed_in_flight_loses_nobody(fresh_database_url: str, tmp_path: Path) -> None:
    with store_at(fresh_database_url, tmp_path) as store:
        open_ledger(store)
        wang, li = add_members(store, 2)
        before, committer = head(store), store.application.desk(LEDGER).recorder.committer
        book, kills = committer.book, iter([True, False, True])
        killer = Database(fresh_database_url)
        assert book is not None

        def killing(cursor: Any, *given: Any) -> None:
            if next(kills, False):
                cursor.execute("SELECT pg_backend_pid()")
                pid = cursor.fetchone()[0]
                with killer.writing() as other:
                    other.execute("SELECT pg_terminate_backend(%s)", (pid,))
            book(cursor, *given)

        committer.book = killing
        came = at_once(gifts(store, wang, li, 6))
        committer.book = book
        killer.close()

        assert all(isinstance(one, Outcome | Unusable) for one in came), came
        assert any(isinstance(one, Outcome) for one in came), came
        and_then_all_is_well(store, wang, li, 6, before)


def test_an_answer_lost_after_the_commit_is_found_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database has committed, but the connection broke before it could say so."""
    wang, li = add_members(store, 2)
    before, committer = head(store), store.application.desk(LEDGER).recorder.committer
    write, losses = committer._write, iter([True, True])

    def losing(batch: Any) -> None:
        write(batch)
        if next(losses, False):
            raise sqlite3.OperationalError("the connection is closed")

    monkeypatch.setattr(committer, "_write", losing)
    at_once(gifts(store, wang, li, 5))
    assert not next(losses, False), "both answers were lost"
    and_then_all_is_well(store, wang, li, 5, before)


def test_a_command_without_a_key_is_booked_once_when_the_answer_to_a_shared_commit_was_lost(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, committer = head(store), store.application.desk(LEDGER).recorder.committer
    commit, write = committer._commit, committer._write
    lost = [False]

    def losing(batch: Any) -> None:
        write(batch)
        if sum(len(append.drafts) for append in batch) > 1 and not lost[0]:
            lost[0] = True
            raise sqlite3.OperationalError("the connection is closed")

    def slow(batch: Any) -> None:
        if len(batch[0].drafts) == 1 and not lost[0]:
            threading.Event().wait(0.2)
        commit(batch)

    monkeypatch.setattr(committer, "_write", losing)
    monkeypatch.setattr(committer, "_commit", slow)

    def register(number: int) -> Outcome:
        new = RegisterMember(number=f"N{number}", words=PersonWords(name="李师傅"))
        return store.application.execute(LEDGER, new, actor=AT_THE_DESK)

    came = at_once([lambda number=number: register(number) for number in range(5)])  # type: ignore[misc]  # the default binds

    assert lost[0]
    assert all(isinstance(one, Outcome) for one in came), came
    assert head(store) == before + 5


def test_a_leader_that_is_interrupted_leaves_no_stale_memory(store: Store) -> None:
    wang, li = add_members(store, 2)
    before, committer = head(store), store.application.desk(LEDGER).recorder.committer
    book, stops = committer.book, iter([True])
    assert book is not None

    def interrupted(*given: Any) -> None:
        book(*given)
        if next(stops, False):
            raise KeyboardInterrupt

    committer.book = interrupted
    with pytest.raises(KeyboardInterrupt):
        gifts(store, wang, li, 1)[0]()
    and_then_all_is_well(store, wang, li, 3, before)


def test_two_processes_begin_the_same_ledger_and_each_gets_a_plain_answer(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as one, store_at(store_url, tmp_path) as two:
        for turn in range(5):
            slug = f"begin-{turn}"

            def begin(store: Store, slug: str = slug) -> Outcome:
                return store.application.execute(slug, OpenLedger(name=slug), actor=AT_THE_DESK, key="open")

            came = at_once([lambda: begin(one), lambda: begin(two)])
            assert all(isinstance(each, Outcome) for each in came), came
            came = at_once([lambda slug=slug: one.catch_up(slug), lambda slug=slug: two.catch_up(slug)])  # type: ignore[misc]  # the default binds
            assert came == [None, None]


def test_two_processes_write_the_first_words_about_somebody(
    store_url: str, fresh_database_url: str, tmp_path: Path
) -> None:
    """The vault of PostgreSQL has no single writer: two make the same subject's key at once."""
    key = load_master_key(tmp_path / "k", create=True)
    first, second = Database(fresh_database_url), Database(fresh_database_url)
    migrations.upgrade_vault(first)
    one, two = Vault(first, key), Vault(second, key)
    for turn in range(8):
        subject = f"unit_{turn}"
        words = [vault.seal(LEDGER, subject, ContactWords(name="王阿姨")) for vault in (one, two)]
        work = [partial(vault.keep, LEDGER, [word], at=1) for vault, word in zip((one, two), words, strict=True)]
        came = at_once(work)
        assert came == [None, None]
        assert len(one.read(LEDGER, [each.commitment for each in words])) == 2
    first.close()
    second.close()


def test_a_journal_put_back_to_an_older_state_stops_nobody(store: Store) -> None:
    """After a restore from a backup the head is lower than what a running process has seen."""
    (wang,) = add_members(store, 1)
    last = head(store)
    store.application.desk(LEDGER).recorder.committer.book = None  # only the journal is put back here
    with store.database.writing() as cursor:
        for statement in (
            f"DELETE FROM events WHERE position = {last}",
            f"DELETE FROM event_tags WHERE position = {last}",
            f"UPDATE ledgers SET head = {last - 1}",
        ):
            cursor.execute(statement)

    def go_on() -> str:
        register = RegisterMember(number="A9", words=PersonWords(name="李师傅"))
        store.application.execute(LEDGER, register, actor=AT_THE_DESK)
        return store.application.view(LEDGER).state(Standing, wang).kind

    assert at_once([go_on]) == ["mem"]

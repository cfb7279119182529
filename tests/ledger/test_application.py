"""`execute`: idempotency, retries, rights, and decisions on what is true now, whoever wrote it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from api.store import Store
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.commands import DepositSession, DonateHours, GiveHours, Note, RecordSession, VerifySession
from ledger.hours.facts import HoursGiven, SessionRecorded
from ledger.hours.state import Account
from ledger.parties.commands import GrantRole, LeaveCommunity, PersonWords, RegisterMember, RegisterProxy, RevokeRole
from ledger.places.commands import OpenLedger
from tests.house.stores import AT_THE_DESK, LEDGER, add_members, open_ledger, store_at


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with store_at(store_url, tmp_path) as opened:
        open_ledger(opened)
        yield opened


def usable(store: Store, member: str) -> int:
    return store.application.view(LEDGER).state(Account, member).usable


def events(store: Store) -> int:
    with store.database.reading() as cursor:
        cursor.execute("SELECT COUNT(*) FROM events")
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])


def test_a_command_answers_with_the_position_of_its_fact(store: Store) -> None:
    wang, li = add_members(store, 2)
    before = events(store)

    outcome = store.application.execute(LEDGER, GiveHours(giver=wang, receiver=li, minutes=30), actor=Actor(wang))

    assert outcome.position == before + 1
    assert outcome.facts == (HoursGiven(giver=wang, receiver=li, minutes=30),)
    assert (usable(store, wang), usable(store, li)) == (450, 510)


def test_the_same_key_and_body_give_the_first_answer_and_move_nothing(store: Store) -> None:
    wang, li = add_members(store, 2)
    gift = GiveHours(giver=wang, receiver=li, minutes=30, words=Note(remark="谢谢"))
    first = store.application.execute(LEDGER, gift, actor=Actor(wang), key="once")

    again = store.application.execute(LEDGER, gift, actor=Actor(wang), key="once")

    assert again.repeated
    assert (again.position, again.facts) == (first.position, first.facts)
    assert usable(store, wang) == 450


def test_a_repeat_is_answered_even_when_the_rule_would_now_refuse(store: Store) -> None:
    wang, li = add_members(store, 2)
    gift = GiveHours(giver=wang, receiver=li, minutes=480)
    store.application.execute(LEDGER, gift, actor=Actor(wang), key="all of it")

    assert store.application.execute(LEDGER, gift, actor=Actor(wang), key="all of it").repeated
    with pytest.raises(Refused, match="insufficient_hours"):
        store.application.execute(LEDGER, gift, actor=Actor(wang), key="another key")


def test_the_same_key_with_another_body_is_a_conflict(store: Store) -> None:
    wang, li = add_members(store, 2)
    store.application.execute(LEDGER, GiveHours(giver=wang, receiver=li, minutes=30), actor=Actor(wang), key="k")

    with pytest.raises(Conflict, match="key_reused"):
        store.application.execute(LEDGER, GiveHours(giver=wang, receiver=li, minutes=31), actor=Actor(wang), key="k")


def test_a_fresh_id_in_the_body_does_not_make_it_another_body(store: Store) -> None:
    first = RegisterMember(number="Z1", words=PersonWords(name="李师傅"))
    second = RegisterMember(number="Z1", words=PersonWords(name="李师傅"))
    assert first.member_id != second.member_id

    made = store.application.execute(LEDGER, first, actor=AT_THE_DESK, key="li")
    again = store.application.execute(LEDGER, second, actor=AT_THE_DESK, key="li")

    assert again.repeated
    assert again.facts == made.facts


def test_sixteen_callers_with_one_key_make_one_fact(store: Store) -> None:
    wang, li = add_members(store, 2)
    before = events(store)
    outcomes: list[Outcome] = []

    def give() -> None:
        gift = GiveHours(giver=wang, receiver=li, minutes=30)
        outcomes.append(store.application.execute(LEDGER, gift, actor=Actor(wang), key="pressed twice"))

    threads = [threading.Thread(target=give) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert events(store) == before + 1
    assert len({outcome.position for outcome in outcomes}) == 1
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 15


def test_sixteen_callers_never_spend_the_same_minutes_twice(store: Store) -> None:
    wang, *others = add_members(store, 17)
    refusals: list[str] = []

    def give(receiver: str) -> None:
        try:
            store.application.execute(LEDGER, GiveHours(giver=wang, receiver=receiver, minutes=100), actor=Actor(wang))
        except Refused as refusal:
            refusals.append(refusal.code)

    threads = [threading.Thread(target=give, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert usable(store, wang) == 80
    assert refusals == ["insufficient_hours"] * 12


def test_a_second_process_sees_what_the_first_wrote_before_it_refuses(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    wang, li = add_members(store, 2, minutes=0)
    with store_at(store_url, tmp_path) as second:
        with pytest.raises(Refused, match="insufficient_hours"):
            second.application.execute(LEDGER, DonateHours(giver=wang, minutes=1), actor=Actor(wang))
        banked = DepositSession(volunteer=wang, day=date.today() - timedelta(days=1), minutes=60)
        store.application.execute(LEDGER, banked, actor=AT_THE_DESK)

        second.application.execute(LEDGER, GiveHours(giver=wang, receiver=li, minutes=60), actor=Actor(wang))

        with pytest.raises(Refused, match="insufficient_hours"):
            store.application.execute(LEDGER, DonateHours(giver=wang, minutes=1), actor=Actor(wang))


def test_a_batch_sees_its_own_earlier_commands_and_bad_ones_stop_nobody(store: Store) -> None:
    wang, li = add_members(store, 2)
    orders = [
        Order(GiveHours(giver=wang, receiver=li, minutes=400)),
        Order(GiveHours(giver=wang, receiver=li, minutes=400)),
        Order(GiveHours(giver=wang, receiver=li, minutes=80)),
    ]

    outcomes = store.application.execute_many(LEDGER, orders, actor=AT_THE_DESK)

    assert [getattr(one, "code", "done") for one in outcomes] == ["done", "insufficient_hours", "done"]
    assert usable(store, wang) == 0


def test_a_batch_given_twice_adds_nothing(store: Store) -> None:
    orders = [Order(RegisterMember(number=f"B{i}"), f"b{i}") for i in range(300)]
    store.application.execute_many(LEDGER, orders, actor=AT_THE_DESK)
    before = events(store)

    again = store.application.execute_many(
        LEDGER, orders + [Order(RegisterMember(number="new"), "new")], actor=AT_THE_DESK
    )

    assert [one.repeated for one in again if isinstance(one, Outcome)] == [True] * 300 + [False]
    assert events(store) == before + 1


def test_two_rows_with_one_key_in_one_batch_are_one_command(store: Store) -> None:
    same = Order(RegisterMember(number="twin"), "twin")
    other = Order(RegisterMember(number="not the twin"), "twin")

    outcomes = store.application.execute_many(LEDGER, [same, same, other], actor=AT_THE_DESK)

    assert [one.repeated for one in outcomes[:2] if isinstance(one, Outcome)] == [False, True]
    assert isinstance(outcomes[2], Conflict)


def test_nothing_happens_before_the_ledger_is_open(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as empty:
        with pytest.raises(NotFound, match="no_such_ledger"):
            empty.application.execute("nowhere", RegisterMember(number="1"), actor=AT_THE_DESK)
        with pytest.raises(NotYours):
            empty.application.execute("nowhere", OpenLedger(name="x"), actor=Actor("mem_somebody"))
        assert empty.application.ledgers() == []


def test_a_stranger_and_one_who_left_may_not_act(store: Store) -> None:
    wang, li = add_members(store, 2)
    store.application.execute(LEDGER, LeaveCommunity(member_id=wang), actor=Actor(wang))

    for actor in (wang, "mem_nobody", "svc_nobody"):
        with pytest.raises(NotYours):
            store.application.execute(LEDGER, GiveHours(giver=wang, receiver=li, minutes=1), actor=Actor(actor))


def test_nobody_gives_away_what_is_another_s(store: Store) -> None:
    wang, li = add_members(store, 2)

    with pytest.raises(NotYours, match="not_allowed"):
        store.application.execute(LEDGER, GiveHours(giver=wang, receiver=li, minutes=1), actor=Actor(li))


def test_a_proxy_acts_for_the_principal_and_the_envelope_shows_it(store: Store) -> None:
    wang, li = add_members(store, 2)
    store.application.execute(LEDGER, RegisterProxy(principal=wang, proxy=li), actor=Actor(wang))

    outcome = store.application.execute(LEDGER, DonateHours(giver=wang, minutes=1), actor=Actor(li))

    with store.database.reading() as cursor:
        cursor.execute("SELECT type, data FROM events ORDER BY position DESC LIMIT 1")
        row = cursor.fetchone()
    assert row is not None and outcome.facts
    envelope, _ = store.codec.decode(row[0], bytes(row[1]))
    assert (envelope.by, envelope.role, envelope.behalf) == (li, "proxy", wang)


def test_a_revoked_role_gives_no_right_any_more(store: Store) -> None:
    wang, zhao = add_members(store, 2)
    store.application.execute(LEDGER, GrantRole(holder=zhao, role="community_worker"), actor=AT_THE_DESK)
    recorded = store.application.execute(
        LEDGER, RecordSession(volunteer=wang, day=date.today(), minutes=60), actor=Actor(wang)
    ).facts[0]
    assert isinstance(recorded, SessionRecorded)
    store.application.execute(LEDGER, RevokeRole(holder=zhao, role="community_worker"), actor=AT_THE_DESK)

    with pytest.raises(NotYours, match="not_allowed"):
        store.application.execute(LEDGER, VerifySession(session_id=recorded.session_id), actor=Actor(zhao))


def test_the_envelope_carries_what_later_work_needs(store: Store) -> None:
    wang, li = add_members(store, 2)
    store.application.execute(
        LEDGER, GiveHours(giver=wang, receiver=li, minutes=1), actor=Actor(OPERATOR, behalf=wang), key="counter-7"
    )

    with store.database.reading() as cursor:
        cursor.execute("SELECT type, tags, data, recorded_at FROM events ORDER BY position DESC LIMIT 2")
        rows = cursor.fetchall()

    envelope, _ = store.codec.decode(rows[0][0], bytes(rows[0][2]))
    assert (envelope.by, envelope.role, envelope.behalf) == (OPERATOR, "community_worker", wang)
    assert len(envelope.salt) == 16
    assert envelope.key and f"key_{envelope.key}" in rows[0][1]
    assert envelope.body
    assert rows[0][3] >= envelope.at and rows[0][3] >= rows[1][3]


def test_times_in_the_journal_never_run_backwards_though_the_clock_does(store_url: str, tmp_path: Path) -> None:
    ticks = iter([5_000_000_000_000_000, *range(4_000_000_000_000_000, 3_999_999_999_999_000, -1)])
    with store_at(store_url, tmp_path, clock=lambda: next(ticks)) as store:
        store.application.execute(LEDGER, OpenLedger(name="x"), actor=AT_THE_DESK)
        store.application.execute(LEDGER, RegisterMember(number="1"), actor=AT_THE_DESK)
        with store.database.reading() as cursor:
            cursor.execute("SELECT recorded_at FROM events ORDER BY position")
            times = [int(row[0]) for row in cursor.fetchall()]
    assert times == sorted(times)


def test_words_go_to_the_vault_and_a_commitment_to_the_journal(store: Store) -> None:
    wang, li = add_members(store, 2)
    outcome = store.application.execute(
        LEDGER, GiveHours(giver=wang, receiver=li, minutes=1, words=Note(remark="给李师傅买药")), actor=Actor(wang)
    )
    given = outcome.facts[0]
    assert isinstance(given, HoursGiven)

    assert store.vault.read(LEDGER, [given.words]) == {given.words: {"remark": "给李师傅买药"}}
    with store.database.reading() as cursor:
        cursor.execute("SELECT data FROM events")
        assert all(
            "给李师傅".encode() not in bytes(row[0]) and "王阿姨".encode() not in bytes(row[0])
            for row in cursor.fetchall()
        )

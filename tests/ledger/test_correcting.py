"""A correction reaches the vault because of its fact: the old words are gone, the new phone finds and the old one does not."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.finding import find_by_phone, find_members
from api.pages import web_sessions
from api.settings import Settings
from api.store import Store
from ledger.application import Actor, Order, Outcome
from ledger.base import Command
from ledger.clock import MICROS_PER_MINUTE, system_clock
from ledger.errors import NuanlinError, Refused
from ledger.parties.commands import (
    ChangeContact,
    ContactWords,
    CorrectDetails,
    ErasePersonalData,
    PersonWords,
    RegisterMember,
    RegisterUnit,
)
from ledger.parties.correcting import Details
from ledger.parties.phones import mark_of
from projections.books import queries
from tests.house.stores import AT_THE_DESK, LEDGER, all_at_once, open_ledger, store_at
from tests.ledger.test_erasing import settings_at

OLD, NEW, NEWER = "13800000001", "13800000002", "13800000003"


@pytest.fixture
def config(store_url: str, tmp_path: Path) -> Settings:
    return settings_at(store_url.replace("nuanlin.db", "vault.db"), tmp_path)


@pytest.fixture
def store(config: Settings) -> Iterator[Store]:
    with Store.open(config) as opened:
        open_ledger(opened)
        yield opened


def do(store: Store, command: Command, actor: str = "") -> Outcome:
    """A member's command, or the operator's."""
    return store.application.execute(LEDGER, command, actor=Actor(actor) if actor else AT_THE_DESK)


def join(store: Store, name: str = "王阿姨", phone: str = OLD) -> str:
    """A member with a phone; gives the id."""
    command = RegisterMember(words=PersonWords(name=name, phone=phone, address="绿云苑3号楼"))
    do(store, command)
    return command.member_id


def desk(member: str, phone: str, name: str = "王阿姨", seen: str = "") -> CorrectDetails:
    """What a worker enters for somebody."""
    words = PersonWords(name=name, phone=phone, address="绿云苑5号楼")
    return CorrectDetails(member_id=member, words=words, proof="document", seen=seen)


def own(store: Store, member: str, phone: str, *, number: str = "", minutes: int = 1) -> CorrectDetails:
    """What a member's own page gives once a code to the phone was entered."""
    until_at = system_clock() + minutes * MICROS_PER_MINUTE
    mark = mark_of(lambda what, text: store.vault.blind(LEDGER, what, text), member, number or phone, until_at)
    return CorrectDetails(member_id=member, words=PersonWords(name="王阿姨", phone=phone), proof="code", mark=mark)


def commitment(store: Store, subject: str) -> str:
    """What commits to somebody's details now."""
    return store.application.view(LEDGER).state(Details, subject).words


def test_the_new_words_stand_and_the_old_ones_are_gone_when_the_answer_comes(store: Store) -> None:
    wang = join(store)
    before = commitment(store, wang)

    done = do(store, desk(wang, NEW, name="王爱华"))

    after = commitment(store, wang)
    row = queries.member(store.database, LEDGER, wang)
    assert row is not None and (row["words"], row["version"]) == (after, done.position)
    assert [one.commitment for one in store.vault.all_of(LEDGER, wang)] == [after]
    assert store.vault.state_of(LEDGER, [before, after]) == {before: "erased", after: "kept"}
    assert (find_by_phone(store, LEDGER, OLD), find_by_phone(store, LEDGER, NEW)) == ([], [wang])
    assert (find_members(store, LEDGER, "王阿姨"), find_members(store, LEDGER, "王爱华")) == ([], [wang])
    assert store.vault.find(LEDGER, "phone", OLD) == [], "no look-up is left behind"
    assert store.application.eraser.upto(LEDGER) == done.position


def test_a_journal_on_either_database_does_the_same(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        wang = join(store)
        do(store, desk(wang, NEW))

        assert (find_by_phone(store, LEDGER, OLD), find_by_phone(store, LEDGER, NEW)) == ([], [wang])
        assert len(store.vault.all_of(LEDGER, wang)) == 1


def test_erasure_afterwards_leaves_nothing_of_either(store: Store) -> None:
    wang = join(store)
    first = commitment(store, wang)
    do(store, desk(wang, NEW))
    second = commitment(store, wang)

    do(store, ErasePersonalData(subject=wang), wang)

    assert store.vault.all_of(LEDGER, wang) == []
    assert set(store.vault.state_of(LEDGER, [first, second]).values()) == {"erased"}
    assert [store.vault.find(LEDGER, "phone", one) for one in (OLD, NEW)] == [[], []]
    with pytest.raises(Refused, match="words_erased"):
        do(store, desk(wang, NEWER))


def test_the_contact_of_a_unit_is_replaced(store: Store) -> None:
    unit = RegisterUnit(kind="enterprise", name="绿云物业", words=ContactWords(name="李师傅", phone=OLD))
    do(store, unit)
    before = commitment(store, unit.unit_id)

    do(store, ChangeContact(unit_id=unit.unit_id, words=ContactWords(name="赵经理", phone=NEW), seen=before))

    row = queries.unit(store.database, LEDGER, unit.unit_id)
    assert row is not None
    assert store.vault.read(LEDGER, [row["words"], before]) == {row["words"]: {"name": "赵经理", "phone": NEW}}
    assert (store.vault.find(LEDGER, "phone", OLD), store.vault.find(LEDGER, "phone", NEW)) == ([], [unit.unit_id])


def test_a_member_needs_a_code_for_a_new_phone_and_for_nothing_else(store: Store) -> None:
    wang = join(store)
    words = PersonWords(name="王爱华", phone=" 138 0000 0001 ")

    do(store, CorrectDetails(member_id=wang, words=words), wang)
    for stated in (
        CorrectDetails(member_id=wang, words=PersonWords(name="王爱华", phone=NEW)),
        CorrectDetails(member_id=wang, words=PersonWords(name="王爱华", phone=NEW), proof="code", mark="1.x"),
        own(store, wang, NEW, number=NEWER),
        own(store, wang, NEW, minutes=-1),
    ):
        with pytest.raises(Refused, match="phone_unproved"):
            do(store, stated, wang)
    assert find_by_phone(store, LEDGER, NEW) == []

    do(store, own(store, wang, NEW), wang)

    assert find_by_phone(store, LEDGER, NEW) == [wang]


def test_whoever_came_in_by_the_old_phone_is_out_and_nobody_else(store: Store) -> None:
    wang, li = join(store), join(store, "李师傅", OLD)
    ways = {via: web_sessions.begin(store, LEDGER, wang, via=via) for via in ("code", "begin", "card")}
    other = web_sessions.begin(store, LEDGER, li, via="code")

    do(store, CorrectDetails(member_id=wang, words=PersonWords(name="王爱华", phone=OLD)), wang)
    assert all(web_sessions.find(store, one.cookie) for one in ways.values()), "the phone is the same"
    do(store, desk(wang, NEW))
    again = web_sessions.begin(store, LEDGER, wang, via="code")
    store.catch_up(LEDGER)

    assert [via for via, one in ways.items() if web_sessions.find(store, one.cookie)] == ["card"]
    assert web_sessions.find(store, other.cookie) and web_sessions.find(store, again.cookie)


def test_a_phone_may_be_shared(store: Store) -> None:
    wang, li = join(store), join(store, "李师傅", NEW)

    do(store, own(store, wang, NEW), wang)

    assert find_by_phone(store, LEDGER, NEW) == [wang, li]


def test_of_two_who_saw_the_same_one_is_told_to_look_again(store: Store) -> None:
    wang = join(store)
    seen = commitment(store, wang)
    commands = [(desk(wang, f"1380000010{one}", seen=seen), AT_THE_DESK.id) for one in range(4)]

    assert all_at_once(store, commands) == ["", "details_moved", "details_moved", "details_moved"]
    assert len(store.vault.find(LEDGER, "name", "王阿姨")) == 1
    told = store.vault.read(LEDGER, [commitment(store, wang)])
    phone = told[commitment(store, wang)]["phone"]
    assert find_by_phone(store, LEDGER, phone) == [wang]


def test_two_who_saw_nothing_come_one_after_the_other(store: Store) -> None:
    wang = join(store)
    phones = [f"1380000020{one}" for one in range(4)]

    assert all_at_once(store, [(desk(wang, one), AT_THE_DESK.id) for one in phones]) == [""] * 4

    assert len(store.vault.all_of(LEDGER, wang)) == 1
    assert sum(find_by_phone(store, LEDGER, one) == [wang] for one in phones) == 1


def _correct_and_die(vault_url: str, folder: str, wang: str) -> None:
    """The process that is killed between the fact and the destruction."""
    with Store.open(settings_at(vault_url, Path(folder))) as store:
        store.vault.drop = lambda *_args, **_more: os.kill(os.getpid(), 9)  # type: ignore[method-assign, assignment]  # it never returns
        do(store, desk(wang, NEW))


def test_killed_between_fact_and_destruction_it_is_done_at_the_next_start(
    store: Store, config: Settings, tmp_path: Path
) -> None:
    wang = join(store)
    before = commitment(store, wang)
    browser = web_sessions.begin(store, LEDGER, wang, via="code")
    store.close()
    child = multiprocessing.get_context("spawn").Process(
        target=_correct_and_die, args=(config.vault_url, str(tmp_path), wang)
    )
    child.start()
    child.join(60)
    assert child.exitcode == -9

    with Store.open(config) as again:
        assert again.vault.state_of(LEDGER, [before]) == {before: "erased"}
        assert (find_by_phone(again, LEDGER, OLD), find_by_phone(again, LEDGER, NEW)) == ([], [wang])
        assert web_sessions.find(again, browser.cookie) is None


def test_an_old_copy_of_the_vault_brings_the_old_words_back_to_nobody(tmp_path: Path) -> None:
    config = settings_at(f"sqlite:///{tmp_path / 'vault.db'}", tmp_path)
    with Store.open(config) as store:
        open_ledger(store)
        wang = join(store)
        do(store, desk(wang, NEW))
        store.vault.database.cut_log()
        shutil.copy(tmp_path / "vault.db", tmp_path / "copy")
        do(store, desk(wang, NEWER))
    for one in tmp_path.glob("vault.db*"):
        one.unlink()
    shutil.copy(tmp_path / "copy", tmp_path / "vault.db")

    with Store.open(config) as again:
        assert again.vault.all_of(LEDGER, wang) == []
        assert [find_by_phone(again, LEDGER, one) for one in (OLD, NEW, NEWER)] == [[], [], []]
        assert again.vault.state_of(LEDGER, [commitment(again, wang)]) == {commitment(again, wang): "unknown"}
        do(again, desk(wang, NEWER))
        assert find_by_phone(again, LEDGER, NEWER) == [wang], "the desk enters it once more"


def test_no_byte_of_the_old_words_is_left_in_the_vaults_files(tmp_path: Path) -> None:
    with Store.open(settings_at(f"sqlite:///{tmp_path / 'vault.db'}", tmp_path)) as store:
        open_ledger(store)
        wang = join(store)
        with store.vault.database.reading() as cursor:
            cursor.execute("SELECT sealed FROM vault_documents")
            row = cursor.fetchone()
        assert row is not None
        sealed = bytes(row[0])
        do(store, desk(wang, NEW))

        assert not any(sealed[:40] in path.read_bytes() for path in tmp_path.glob("vault.db*"))


def test_an_import_that_corrects_somebody_empties_the_vault_too(store: Store) -> None:
    wang = join(store)
    orders = [Order(desk(wang, NEW)), Order(RegisterMember(words=PersonWords(name="赵大爷")))]

    store.application.execute_many(LEDGER, orders, actor=AT_THE_DESK)

    assert (find_by_phone(store, LEDGER, OLD), find_by_phone(store, LEDGER, NEW)) == ([], [wang])
    assert len(store.vault.all_of(LEDGER, wang)) == 1


_STEPS = st.lists(
    st.tuples(st.sampled_from(["desk", "own", "forget", "follow"]), st.integers(0, 2), st.integers(0, 4)), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(_STEPS)
def test_after_any_sequence_exactly_the_newest_phone_finds_somebody(steps: list[tuple[str, int, int]]) -> None:
    phones = [f"1390000000{one}" for one in range(5)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with Store.open(settings_at(f"sqlite:///{path / 'vault.db'}", path)) as store:
            open_ledger(store)
            people = [join(store, f"王阿姨{one}", phones[one]) for one in range(3)]
            now: dict[str, str | None] = {one: phones[at] for at, one in enumerate(people)}
            ended: set[str] = set()
            for what, who, which in steps:
                member, phone = people[who], phones[which]
                before = commitment(store, member)
                try:
                    if what == "desk":
                        do(store, desk(member, phone))
                    elif what == "own":
                        do(store, own(store, member, phone), member)
                    elif what == "forget":
                        do(store, ErasePersonalData(subject=member, cause="retention_over"))
                        phone = ""
                    else:
                        store.catch_up(LEDGER)
                        continue
                except NuanlinError as refusal:
                    assert now[member] is None, refusal.code
                    continue
                ended.add(before)
                now[member] = phone or None
            for phone in phones:
                expected = sorted(one for one in people if now[one] == phone)
                assert sorted(find_by_phone(store, LEDGER, phone)) == expected
                assert sorted(store.vault.find(LEDGER, "phone", phone)) == expected
            assert set(store.vault.state_of(LEDGER, ended).values()) <= {"erased"}
            assert [len(store.vault.all_of(LEDGER, one)) for one in people] == [int(bool(now[one])) for one in people]

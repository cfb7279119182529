"""An erasure reaches the vault because of its fact: at once, after a kill, and in an old copy that comes back."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from api import tokens
from api.pages import web_sessions
from api.settings import Settings
from api.store import Store
from ledger.application import Actor, Order, Outcome
from ledger.base import Command
from ledger.clock import MICROS_PER_DAY, system_clock
from ledger.errors import Conflict, NotSignedIn, NotYours, Refused, Unusable
from ledger.hours.commands import DepositSession, GiveHours, Note, RecordSession, RequestCorrection, SessionWords
from ledger.hours.state import Account
from ledger.ids import new_id
from ledger.parties.commands import (
    ContactWords,
    ErasePersonalData,
    PersonWords,
    RegisterMember,
    RegisterProxy,
    RegisterUnit,
)
from ledger.requests.commands import PostRequest, RequestWords
from ledger.sweeping import OLD_AT
from projections.books import queries
from tests.house.stores import AT_THE_DESK, LEDGER, add_members, open_ledger, store_at

YESTERDAY = date.today() - timedelta(days=1)


def settings_at(vault_url: str, folder: Path) -> Settings:
    """A store whose journal is a file and whose vault is at this URL."""
    return Settings(
        database_url=str(folder / "journal.db"), vault_url=vault_url, vault_key_file=folder / "vault.key",
        seal_key_file=folder / "seal.key",
    )  # fmt: skip


@pytest.fixture
def settings(store_url: str, tmp_path: Path) -> Settings:
    return settings_at(store_url.replace("nuanlin.db", "vault.db"), tmp_path)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings) as opened:
        open_ledger(opened)
        yield opened


def do(store: Store, command: Command, actor: str = "", key: str | None = None) -> Outcome:
    """A member's command, or the operator's."""
    return store.application.execute(LEDGER, command, actor=Actor(actor) if actor else AT_THE_DESK, key=key)


def words(store: Store) -> dict[str, str]:
    """Every member's name, as far as the vault tells one."""
    rows = queries.members(store.database, LEDGER, limit=100).rows
    said = store.vault.read(LEDGER, [row["words"] for row in rows])
    return {row["member_id"]: said[row["words"]]["name"] for row in rows if row["words"] in said}


def test_the_words_are_gone_when_the_answer_comes_and_the_hours_stay(store: Store) -> None:
    wang, li = add_members(store, 2)
    do(
        store,
        PostRequest(kind="wish", requester=wang, words=RequestWords(title="修灯", name="王阿姨", phone="19900000001")),
    )

    outcome = do(store, ErasePersonalData(subject=wang), wang, key="forget")

    assert words(store) == {li: "王阿姨1"}
    assert store.vault.all_of(LEDGER, wang) == []
    assert store.vault.find(LEDGER, "phone", "19900000001") == []
    assert store.application.view(LEDGER).state(Account, wang).usable == 480
    assert store.application.eraser.upto(LEDGER) == outcome.position
    row = queries.member(store.database, LEDGER, wang)
    assert row is not None and (row["erased"], row["departed"], row["earned_minutes"]) == (1, 1, 480)
    assert queries.erasure(store.database, LEDGER, wang) == {
        "subject": wang, "number": outcome.position, "status": "erased", "cause": "own_wish", "asked_by": wang,
        "erased": outcome.position, "version": outcome.position,
    }  # fmt: skip
    with pytest.raises(NotYours, match="not_a_member"):
        do(store, ErasePersonalData(subject=wang), wang)
    with pytest.raises(Conflict, match="already_erased"):
        do(store, ErasePersonalData(subject=wang, cause="retention_over"))


def test_a_journal_on_either_database_empties_its_vault(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        wang, li = add_members(store, 2)
        tokens.create(store, LEDGER, actor=wang, label="王阿姨的手机")
        done = do(store, ErasePersonalData(subject=wang), wang)

        assert words(store) == {li: "王阿姨1"}
        assert tokens.listed(store, LEDGER) == []
        assert store.application.eraser.upto(LEDGER) == done.position
        assert store.sweeper.sweep(LEDGER, system_clock() + OLD_AT) == 0
        assert store.sweeper.counts(LEDGER) == {"documents": 1, "subjects": 1, "erased": 1}


def test_the_same_key_gives_the_first_answer_again(store: Store) -> None:
    (wang,) = add_members(store, 1)
    command = ErasePersonalData(subject=wang, cause="unlawful")
    first = do(store, command, key="forget")

    again = do(store, command, key="forget")

    assert (again.position, again.repeated) == (first.position, True)


def test_an_import_that_forgets_somebody_empties_the_vault_too(store: Store) -> None:
    wang, li = add_members(store, 2)
    orders = [
        Order(ErasePersonalData(subject=wang, cause="retention_over")),
        Order(DepositSession(volunteer=wang, day=YESTERDAY, minutes=30, words=SessionWords(activity="楼道清洁"))),
    ]

    _, after = store.application.execute_many(LEDGER, orders, actor=AT_THE_DESK)

    assert isinstance(after, Refused)
    assert words(store) == {li: "王阿姨1"}
    assert store.vault.all_of(LEDGER, wang) == []


def test_nothing_with_words_is_written_about_the_forgotten(store: Store) -> None:
    wang, li, zhao = add_members(store, 3)
    session = do(store, DepositSession(volunteer=wang, day=YESTERDAY - timedelta(days=1), minutes=60)).facts[0]
    unit = do(store, RegisterUnit(kind="enterprise", name="绿云物业", words=ContactWords(name="李师傅"))).facts[0]
    do(store, ErasePersonalData(subject=wang, cause="retention_over"))
    do(store, ErasePersonalData(subject=unit.unit_id, cause="own_wish"))  # type: ignore[attr-defined]  # the fact is known
    correction = RequestCorrection(session_id=session.session_id, volunteer=wang, minutes=30)  # type: ignore[attr-defined]  # as above

    with pytest.raises(Refused, match="words_erased"):
        do(store, msgspec.structs.replace(correction, words=Note(remark="是我")))
    with pytest.raises(Refused, match="member_left"):
        do(store, RecordSession(volunteer=wang, day=YESTERDAY, minutes=30))
    do(store, correction)
    assert store.vault.all_of(LEDGER, wang) == []
    do(store, GiveHours(giver=zhao, receiver=li, minutes=5, words=Note(remark="谢谢")))


def test_signed_in_browsers_and_tokens_with_their_labels_go_with_the_person(store: Store) -> None:
    wang, li = add_members(store, 2)
    secret, _ = tokens.create(store, LEDGER, actor=wang, label="王阿姨的手机")
    kept, _ = tokens.create(store, LEDGER, actor=li, label="李师傅的手机")
    browser = web_sessions.begin(store, LEDGER, wang, via="token")

    do(store, ErasePersonalData(subject=wang), wang)

    with pytest.raises(NotSignedIn):
        tokens.verify(store, LEDGER, secret)
    assert web_sessions.find(store, browser.cookie) is None
    assert tokens.verify(store, LEDGER, kept) == li
    assert [one.label for one in tokens.listed(store, LEDGER)] == ["李师傅的手机"]


def test_another_process_forgets_with_the_first(store: Store, settings: Settings) -> None:
    (wang,) = add_members(store, 1)
    with Store.open(settings) as other:
        assert words(other) == {wang: "王阿姨0"}
        do(store, ErasePersonalData(subject=wang), wang)

        assert words(other) == {}
        with pytest.raises(Refused, match="words_erased"):
            other.vault.keep(LEDGER, [other.vault.seal(LEDGER, wang, Note(remark="x"))], at=1)


def test_an_old_copy_of_the_vault_is_emptied_again_before_anybody_reads(store: Store, settings: Settings) -> None:
    wang, li, zhao = add_members(store, 3)
    vault = store.vault.database
    if not vault.is_sqlite:
        _put_back_by_hand(store, wang)
        return
    vault.cut_log()
    file = Path(str(vault.url.database))
    shutil.copy(file, file.with_suffix(".copy"))
    do(store, ErasePersonalData(subject=wang), wang)
    do(store, ErasePersonalData(subject=zhao), zhao)
    store.close()
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    shutil.copy(file.with_suffix(".copy"), file)

    with Store.open(settings) as again:
        assert words(again) == {li: "王阿姨1"}
        assert again.vault.all_of(LEDGER, wang) == []


def _put_back_by_hand(store: Store, wang: str) -> None:
    """What a restored PostgreSQL vault comes to: its tables as they were, its position with them."""
    names = ("vault_meta", "vault_subjects", "vault_documents", "vault_lookups", "vault_erased")
    with store.vault.database.writing() as cursor:
        for name in names:
            cursor.execute(f"CREATE TABLE old_{name} AS SELECT * FROM {name}")
    do(store, ErasePersonalData(subject=wang), wang)
    with store.vault.database.writing() as cursor:
        for name in names:
            cursor.execute(f"DELETE FROM {name}")
            cursor.execute(f"INSERT INTO {name} SELECT * FROM old_{name}")
    assert wang in words(store)

    store.catch_up(LEDGER)

    assert wang not in words(store)
    with pytest.raises(Refused, match="words_erased"):
        store.vault.keep(LEDGER, [store.vault.seal(LEDGER, wang, Note(remark="x"))], at=1)


def test_an_old_copy_of_the_journal_does_not_make_the_vault_deaf(store: Store) -> None:
    wang, li = add_members(store, 2)
    do(store, ErasePersonalData(subject=wang), wang)
    with store.vault.database.writing() as cursor:
        far = (10**6).to_bytes(8)
        mark = "?" if store.vault.database.is_sqlite else "%s"
        cursor.execute(f"UPDATE vault_meta SET value = {mark} WHERE name = 'erased_upto:{LEDGER}'", (far,))

    do(store, ErasePersonalData(subject=li), li)

    assert words(store) == {}


def _forget_and_die(vault_url: str, folder: str, wang: str) -> None:
    """The process that is killed between the fact and the destruction."""
    with Store.open(settings_at(vault_url, Path(folder))) as store:
        store.vault.erase = lambda *_args, **_more: os.kill(os.getpid(), 9)  # type: ignore[method-assign, assignment]  # it never returns
        do(store, ErasePersonalData(subject=wang), wang)


def test_killed_between_fact_and_destruction_it_is_gone_after_the_next_start(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    wang, li = add_members(store, 2)
    store.close()
    child = multiprocessing.get_context("spawn").Process(
        target=_forget_and_die, args=(settings.vault_url, str(tmp_path), wang)
    )
    child.start()
    child.join(60)
    assert child.exitcode == -9

    with Store.open(settings) as again:
        assert words(again) == {li: "王阿姨1"}
        with pytest.raises(Conflict, match="already_erased"):
            do(again, ErasePersonalData(subject=wang, cause="unlawful"))


def test_a_vault_that_cannot_be_reached_makes_the_answer_wait_and_not_the_fact(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (wang,) = add_members(store, 1)
    command = ErasePersonalData(subject=wang, cause="unlawful")
    with monkeypatch.context() as patch:
        patch.setattr(store.vault, "erase", _unreachable)
        with pytest.raises(Unusable, match="erasure_pending"):
            do(store, command, key="forget")
    assert words(store) == {wang: "王阿姨0"}

    again = do(store, command, key="forget")

    assert again.repeated
    assert words(store) == {}


def _unreachable(*_args: object, **_more: object) -> int:
    raise OSError("the disk is away")


def test_words_on_their_way_while_somebody_is_erased_are_refused_and_not_half_written(store: Store) -> None:
    """Decided before the erasure, kept after it: the command is decided again, and refuses by itself."""
    wang, li = add_members(store, 2)
    keep = store.vault.keep

    def erased_meanwhile(*given: object, **more: object) -> None:
        store.vault.keep = keep  # type: ignore[method-assign]  # once
        do(store, ErasePersonalData(subject=wang, cause="unlawful"))
        keep(*given, **more)  # type: ignore[arg-type]  # as they came

    store.vault.keep = erased_meanwhile  # type: ignore[method-assign]  # as above
    gift = Order(GiveHours(giver=wang, receiver=li, minutes=30, words=Note(remark="谢谢")))
    other = Order(RegisterMember(words=PersonWords(name="赵大爷")))

    gift_answer, other_answer = store.application.execute_many(LEDGER, [gift, other], actor=AT_THE_DESK)

    assert isinstance(gift_answer, Refused) and gift_answer.code in ("member_left", "words_erased")
    assert isinstance(other_answer, Outcome)
    assert set(words(store).values()) == {"王阿姨1", "赵大爷"}
    assert store.vault.all_of(LEDGER, wang) == []


def test_a_proxy_may_ask_and_a_stranger_may_not(store: Store) -> None:
    wang, li, zhao = add_members(store, 3)
    do(store, RegisterProxy(principal=wang, proxy=li))
    with pytest.raises(NotYours):
        do(store, ErasePersonalData(subject=wang), zhao)
    do(store, ErasePersonalData(subject=wang), li)
    assert wang not in words(store)


# ---- words without a fact --------------------------------------------------------------------------------------------


def _die_before_the_fact(vault_url: str, folder: str) -> None:
    """The process that is killed between words and fact."""
    with Store.open(settings_at(vault_url, Path(folder))) as store:
        desk = store.application.desk(LEDGER)
        desk.recorder.committer.submit = lambda _append: os.kill(os.getpid(), 9)  # type: ignore[method-assign, assignment, return-value]  # it never returns
        do(store, RegisterMember(words=PersonWords(name="赵大爷", phone="19900000007")))


def test_words_whose_fact_was_never_written_are_swept_after_a_day_and_no_others(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    members = add_members(store, 20)
    store.close()
    child = multiprocessing.get_context("spawn").Process(
        target=_die_before_the_fact, args=(settings.vault_url, str(tmp_path))
    )
    child.start()
    child.join(60)
    assert child.exitcode == -9

    with Store.open(settings) as again:
        now_at = system_clock()
        assert len(again.vault.find(LEDGER, "name", "赵大爷")) == 1
        assert again.sweeper.sweep(LEDGER, now_at) == 0, "it may yet get its fact"
        assert len(again.vault.find(LEDGER, "name", "赵大爷")) == 1

        assert again.sweeper.sweep(LEDGER, now_at + OLD_AT + 1) == 1

        assert again.vault.find(LEDGER, "name", "赵大爷") == []
        assert again.vault.find(LEDGER, "phone", "19900000007") == []
        assert sorted(words(again)) == sorted(members)
        assert again.sweeper.sweep(LEDGER, now_at + 2 * OLD_AT) == 0


def test_a_subject_keeps_what_its_other_words_are_found_by(store: Store) -> None:
    wang = new_id("mem")
    do(store, RegisterMember(member_id=wang, words=PersonWords(name="王阿姨", phone="19900000001")))
    orphan = store.vault.seal(LEDGER, wang, RequestWords(title="修灯", name="王阿姨", phone="19900000009"))
    store.vault.keep(LEDGER, [orphan], at=1)

    assert store.sweeper.sweep(LEDGER, system_clock() + OLD_AT) == 1

    assert store.vault.find(LEDGER, "name", "王阿姨") == [wang]
    assert store.vault.find(LEDGER, "phone", "19900000009") == []
    assert words(store) == {wang: "王阿姨"}


def test_a_clock_that_went_wrong_loses_no_words(sqlite_path: Path, tmp_path: Path) -> None:
    """Words noted as kept long after their fact: the whole journal is asked before anything is dropped."""
    now = [system_clock()]
    with store_at(f"sqlite:///{sqlite_path}", tmp_path, lambda: now[0]) as store:
        open_ledger(store)
        (wang,) = add_members(store, 1, minutes=0)
        with store.vault.database.writing() as cursor:
            cursor.execute("UPDATE vault_documents SET kept_at = ?", (now[0] + 40 * MICROS_PER_DAY,))

        assert store.sweeper.sweep(LEDGER, now[0] + 60 * MICROS_PER_DAY) == 0

        assert words(store) == {wang: "王阿姨0"}


def test_many_documents_of_one_moment_are_swept_in_steps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_members(store, 30, minutes=0)
    orphans = [store.vault.seal(LEDGER, f"mem_{number}", Note(remark="x")) for number in range(10)]
    for number, one in enumerate(orphans):
        store.vault.keep(LEDGER, [one], at=number // 4)
    monkeypatch.setattr("ledger.sweeping._AT_ONCE", 3)
    monkeypatch.setattr("ledger.sweeping._BATCH", 7)

    assert store.sweeper.sweep(LEDGER, system_clock() + OLD_AT + 1) == 10

    assert len(words(store)) == 30


def test_an_old_copy_of_the_journal_is_no_reason_to_sweep(store: Store) -> None:
    add_members(store, 3)
    store.sweeper.sweep(LEDGER, system_clock() + OLD_AT)
    with store.database.writing() as cursor:
        cursor.execute("UPDATE ledgers SET head = head - 2")

    with pytest.raises(Unusable, match="journal_put_back"):
        store.sweeper.sweep(LEDGER, system_clock() + 2 * OLD_AT)


def test_the_followers_erase_and_sweep_by_themselves(store: Store, settings: Settings) -> None:
    (wang,) = add_members(store, 1)
    stray = store.vault.seal(LEDGER, "mem_stray", Note(remark="x"))
    store.vault.keep(LEDGER, [stray], at=1)
    store.application.eraser.catch_up = lambda _ledger=None: 0  # type: ignore[method-assign, assignment]  # as if the process had died
    do(store, ErasePersonalData(subject=wang), wang)
    assert words(store) == {wang: "王阿姨0"}

    with Store.open(settings) as other:
        other.sweep()

        assert words(other) == {}
        assert other.vault.read(LEDGER, [stray.commitment]) == {}

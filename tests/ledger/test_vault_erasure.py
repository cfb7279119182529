"""What erasing does to a vault: other processes, words on their way, bytes in files, another master key."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import migrations
from ledger.errors import Refused, Unusable
from ledger.hours.commands import Note
from ledger.journal.sql import Cursor, Database
from ledger.parties.commands import PersonWords
from ledger.vault import SealedWords, Vault, commit
from ledger.vault_keys import rekey
from ledger.vault_tables import documents, subjects

KEY, NEW_KEY = bytes(range(32)), bytes(range(32, 64))
LEDGER = "fangxing"
WANG, LI = "mem_wang", "mem_li"


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = Database(store_url)
    migrations.upgrade_vault(opened)
    yield opened
    opened.close()


@pytest.fixture
def vault(database: Database) -> Vault:
    return Vault(database, KEY)


def keep(vault: Vault, subject: str, name: str, *, at: int = 1) -> SealedWords:
    sealed = vault.seal(LEDGER, subject, PersonWords(name=name, phone="19900000001"))
    vault.keep(LEDGER, [sealed], at=at)
    return sealed


def rows(database: Database, table: str) -> int:
    with database.reading() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        found = cursor.fetchone()
    assert found is not None
    return int(found[0])


def test_words_that_were_sealed_before_the_erasure_are_not_kept_after_it(vault: Vault, database: Database) -> None:
    keep(vault, WANG, "王阿姨")
    on_its_way = vault.seal(LEDGER, WANG, Note(remark="谢谢"))
    beside = vault.seal(LEDGER, LI, Note(remark="不客气"))
    vault.erase(LEDGER, WANG)

    with pytest.raises(Refused, match="words_erased"):
        vault.keep(LEDGER, [on_its_way, beside], at=2)

    assert rows(database, "vault_documents") == 0
    assert vault.read(LEDGER, [on_its_way.commitment, beside.commitment]) == {}


def test_who_never_said_a_word_is_not_written_about_either_once_erased(vault: Vault) -> None:
    assert vault.erase(LEDGER, WANG) == 0
    with pytest.raises(Refused, match="words_erased"):
        keep(vault, WANG, "王阿姨")
    assert keep(vault, LI, "李师傅")


def test_another_process_that_knows_the_key_neither_reads_nor_writes_with_it(vault: Vault, database: Database) -> None:
    wang = keep(vault, WANG, "王阿姨")
    other = Vault(database, KEY)
    keep(other, WANG, "王阿姨")
    assert other.read(LEDGER, [wang.commitment])

    vault.erase(LEDGER, WANG)

    with pytest.raises(Refused, match="words_erased"):
        keep(other, WANG, "王阿姨")
    assert other.read(LEDGER, [wang.commitment]) == {}
    assert other.find(LEDGER, "name", "王阿姨") == []


def test_a_key_learnt_in_a_look_at_the_past_is_forgotten_with_it(vault: Vault, database: Database) -> None:
    """A reader's transaction may still see the key while somebody else destroys it."""
    keep(vault, WANG, "王阿姨")
    reader = Vault(database, KEY)
    with reader._reading() as (cursor, known):
        vault.erase(LEDGER, WANG)
        keys, _ = reader._find_keys(cursor, known, LEDGER, {WANG})
    assert set(keys) in ({WANG}, set())

    with pytest.raises(Refused, match="words_erased"):
        keep(reader, WANG, "王阿姨")


def test_however_many_write_while_somebody_is_erased_nothing_is_left_of_them(database: Database) -> None:
    vaults = [Vault(database, KEY) for _ in range(3)]
    refused, failures, kept = threading.Barrier(7), [], []

    def write(vault: Vault) -> None:
        refused.wait()
        try:
            while True:
                keep(vault, WANG, "王阿姨")
                kept.append(1)
        except Refused:
            return
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(vaults[number % 3],)) for number in range(6)]
    for thread in threads:
        thread.start()
    refused.wait()
    while len(kept) < 20:
        time.sleep(0.001)

    destroyed = vaults[0].erase(LEDGER, WANG)
    for thread in threads:
        thread.join(60)

    assert (failures, destroyed >= 20) == ([], True)
    assert (rows(database, "vault_documents"), rows(database, "vault_lookups")) == (0, 0)
    assert rows(database, "vault_erased") == destroyed == len(kept)


def test_a_commitment_says_whether_its_words_are_kept_erased_or_unknown(vault: Vault) -> None:
    wang, li = keep(vault, WANG, "王阿姨"), keep(vault, LI, "李师傅")
    never = vault.seal(LEDGER, LI, Note(remark="x")).commitment
    vault.erase(LEDGER, WANG)

    assert vault.state_of(LEDGER, [wang.commitment, li.commitment, never, ""]) == {
        wang.commitment: "erased", li.commitment: "kept", never: "unknown",
    }  # fmt: skip
    assert vault.state_of("another-ledger", [wang.commitment]) == {wang.commitment: "unknown"}


def test_everything_about_somebody_comes_with_what_proves_it(vault: Vault) -> None:
    first, second = keep(vault, WANG, "王阿姨", at=5), keep(vault, WANG, "王秀兰", at=3)
    keep(vault, LI, "李师傅")

    own = vault.all_of(LEDGER, WANG)

    assert [one.commitment for one in own] == [second.commitment, first.commitment]
    assert [commit(one.opening, one.document) for one in own] == [one.commitment for one in own]
    assert "王秀兰".encode() in own[0].document
    vault.erase(LEDGER, WANG)
    assert vault.all_of(LEDGER, WANG) == []


def test_neither_key_nor_ciphertext_is_left_in_the_files(sqlite_path: Path) -> None:
    database = Database(f"sqlite:///{sqlite_path}")
    migrations.upgrade_vault(database)
    vault = Vault(database, KEY)
    for turn in range(16):
        for number in range(25):
            keep(vault, f"mem_{number:02}", f"王阿姨{turn}", at=turn)
    gone = [f"mem_{number:02}" for number in range(0, 25, 3)]
    secrets: list[bytes] = []
    with database.reading() as cursor:
        for table, column in ((subjects, "wrapped_key"), (documents, "sealed")):
            marks = ", ".join("?" * len(gone))
            cursor.execute(f"SELECT {column} FROM {table.name} WHERE subject IN ({marks})", gone)
            secrets += [bytes(row[0]) for row in cursor.fetchall()]
    assert len(secrets) == len(gone) * 17
    assert _in_files(sqlite_path, secrets) == len(secrets), "the test would see them"

    for subject in gone:
        vault.erase(LEDGER, subject)
    assert vault.scrub()

    assert _in_files(sqlite_path, secrets) == 0
    assert vault.read(LEDGER, [keep(vault, "mem_01", "王阿姨").commitment])
    database.close()


def _in_files(path: Path, secrets: list[bytes]) -> int:
    """Of how many any piece that is long enough to be no accident stands in the database, its log or its index."""
    stored = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    return sum(any(one[at : at + 24] in stored for at in (0, len(one) // 2, len(one) - 24)) for one in secrets)


def test_a_log_that_a_reader_holds_is_cut_off_later(sqlite_path: Path) -> None:
    database = Database(f"sqlite:///{sqlite_path}")
    migrations.upgrade_vault(database)
    vault = Vault(database, KEY)
    keep(vault, WANG, "王阿姨")
    database.set_up("PRAGMA busy_timeout=10")
    with database.reading() as cursor:
        cursor.execute("SELECT COUNT(*) FROM vault_documents")
        cursor.fetchall()
        vault.erase(LEDGER, WANG)
        assert not vault.scrub()

    assert vault.scrub()
    assert vault.note("scrub") is None
    database.close()


# ---- another master key ----------------------------------------------------------------------------------------------


def test_under_a_new_master_key_words_lookups_and_command_keys_are_as_before(vault: Vault, database: Database) -> None:
    wang = keep(vault, WANG, "王阿姨")
    keep(vault, LI, "李师傅")
    vault.erase(LEDGER, LI)
    key = vault.blind(LEDGER, "key", b"once")

    assert rekey(database, KEY, NEW_KEY) == 1

    again = Vault(database, NEW_KEY)
    assert again.read(LEDGER, [wang.commitment])[wang.commitment]["name"] == "王阿姨"
    assert again.find(LEDGER, "name", "王阿姨") == [WANG]
    assert again.blind(LEDGER, "key", b"once") == key
    with pytest.raises(Refused, match="words_erased"):
        keep(again, LI, "李师傅")
    with pytest.raises(Unusable, match="vault_key_wrong"):
        Vault(database, KEY)


def test_a_process_with_the_old_key_refuses_to_go_on(vault: Vault, database: Database) -> None:
    wang = keep(vault, WANG, "王阿姨")
    rekey(database, KEY, NEW_KEY)

    with pytest.raises(Unusable, match="vault_key_changed"):
        keep(vault, "mem_new", "赵大爷")
    with pytest.raises(Unusable, match="vault_key_changed"):
        vault.read(LEDGER, [wang.commitment])
    with pytest.raises(Unusable, match="vault_key_changed"):
        vault.erase(LEDGER, WANG)


def test_changing_the_key_again_after_a_crash_finds_it_done(database: Database, vault: Vault) -> None:
    keep(vault, WANG, "王阿姨")
    assert rekey(database, KEY, NEW_KEY) == 1
    assert rekey(database, KEY, NEW_KEY) == 0
    with pytest.raises(Unusable, match="vault_key_wrong"):
        rekey(database, bytes(32), KEY)


def _rekey_and_die(url: str, told: str) -> None:
    import os

    from ledger import vault_keys

    put, calls = vault_keys._put_keys, []

    def die_in_the_second_block(database: Database, cursor: Cursor, rows: list[tuple[str, str, bytes]]) -> None:
        calls.append(1)
        if len(calls) == 2:
            Path(told).write_text("in the middle")
            os.kill(os.getpid(), 9)
        put(database, cursor, rows)

    vault_keys._put_keys, vault_keys._BLOCK = die_in_the_second_block, 3
    rekey(Database(url), KEY, NEW_KEY)


def test_killed_while_changing_the_key_the_old_one_is_still_good(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    wang = [keep(vault, f"mem_{number}", "王阿姨").commitment for number in range(8)]
    url, told = database.url.render_as_string(hide_password=False), tmp_path / "told"
    child = multiprocessing.get_context("spawn").Process(target=_rekey_and_die, args=(url, str(told)))
    child.start()
    child.join(60)

    assert (child.exitcode, told.read_text()) == (-9, "in the middle")
    assert len(Vault(database, KEY).read(LEDGER, wang)) == 8
    assert rekey(database, KEY, NEW_KEY) == 8
    assert len(Vault(database, NEW_KEY).read(LEDGER, wang)) == 8


def test_a_vault_from_before_is_taken_over_with_its_blind_key(database: Database) -> None:
    """Marked only with the fingerprint of its key, as vaults were at first."""
    from ledger.vault_keys import derived

    mark = "?" if database.is_sqlite else "%s"
    with database.writing() as cursor:
        cursor.execute(f"INSERT INTO vault_meta VALUES ('key_check', {mark})", (derived(KEY).check,))
    with pytest.raises(Unusable, match="vault_key_wrong"):
        Vault(database, NEW_KEY)

    first = Vault(database, KEY)

    assert Vault(database, KEY).blind(LEDGER, "key", b"x") == first.blind(LEDGER, "key", b"x")
    with pytest.raises(Unusable, match="vault_key_wrong"):
        Vault(database, NEW_KEY)

"""The vault: words about people, encrypted per subject, committed to in facts, found again blindly, and erasable."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import migrations
from ledger.errors import Unusable
from ledger.hours.commands import Note
from ledger.journal.sql import Database
from ledger.parties.commands import PersonWords
from ledger.vault import SealedWords, Vault, commit, load_master_key

KEY = bytes(range(32))
LEDGER = "fangxing"


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = Database(store_url)
    migrations.upgrade_vault(opened)
    yield opened
    opened.close()


@pytest.fixture
def vault(database: Database) -> Vault:
    return Vault(database, KEY)


def keep(vault: Vault, subject: str, name: str, phone: str = "") -> SealedWords:
    sealed = vault.seal(LEDGER, subject, PersonWords(name=name, phone=phone))
    vault.keep(LEDGER, [sealed], at=1)
    return sealed


def everything(database: Database) -> bytes:
    found = b""
    with database.reading() as cursor:
        for table in ("vault_meta", "vault_subjects", "vault_documents", "vault_lookups", "vault_erased"):
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                found += b"".join(one if isinstance(one, bytes) else str(one).encode() for one in row)
    return found


def test_words_come_back_by_their_commitment(vault: Vault) -> None:
    wang = keep(vault, "mem_wang", "王阿姨", "19900000001")

    assert vault.read(LEDGER, [wang.commitment, "", "unknown"]) == {
        wang.commitment: {"name": "王阿姨", "phone": "19900000001"}
    }


def test_the_database_holds_no_clear_word(vault: Vault, database: Database) -> None:
    keep(vault, "mem_wang", "王阿姨", "19900000001")

    stored = everything(database)

    assert stored
    assert "王阿姨".encode() not in stored
    assert b"19900000001" not in stored


def test_the_same_words_never_give_the_same_commitment(vault: Vault) -> None:
    first, second = (vault.seal(LEDGER, "mem_wang", Note(remark="谢谢")) for _ in range(2))

    assert first.commitment != second.commitment
    assert commit(first.opening, first.document) == first.commitment
    assert commit(first.opening, second.document + b" ") != first.commitment


def test_people_are_found_by_name_and_phone_however_spaced(vault: Vault) -> None:
    keep(vault, "mem_a", "王 阿姨", "19900000001")
    keep(vault, "mem_b", "王阿姨", "19900000002")

    assert vault.find(LEDGER, "name", "王阿姨") == ["mem_a", "mem_b"]
    assert vault.find(LEDGER, "phone", "199 0000 0002") == ["mem_b"]
    assert vault.find(LEDGER, "name", "李师傅") == []
    assert vault.find("another-ledger", "name", "王阿姨") == []


def test_erasing_takes_words_key_and_lookups_and_leaves_others(vault: Vault, database: Database) -> None:
    wang, li = keep(vault, "mem_wang", "王阿姨", "19900000001"), keep(vault, "mem_li", "李师傅")

    assert vault.erase(LEDGER, "mem_wang") == 1

    assert vault.read(LEDGER, [wang.commitment, li.commitment]) == {li.commitment: {"name": "李师傅"}}
    assert vault.find(LEDGER, "name", "王阿姨") == []
    assert Vault(database, KEY).read(LEDGER, [wang.commitment]) == {}
    assert vault.erase(LEDGER, "mem_wang") == 0


def test_a_second_process_reads_what_the_first_kept(vault: Vault, database: Database) -> None:
    wang = keep(vault, "mem_wang", "王阿姨")
    other = Vault(database, KEY)

    assert other.read(LEDGER, [wang.commitment]) == {wang.commitment: {"name": "王阿姨"}}
    keep(other, "mem_wang", "王阿姨", "19900000009")
    assert vault.find(LEDGER, "phone", "19900000009") == ["mem_wang"]


def test_another_master_key_is_refused_at_the_door(vault: Vault, database: Database) -> None:
    with pytest.raises(Unusable, match="vault_key_wrong"):
        Vault(database, bytes(32))


@pytest.mark.parametrize("damage", ["a byte", "another's row"])
def test_a_damaged_or_swapped_document_is_noticed(vault: Vault, database: Database, damage: str) -> None:
    wang, li = keep(vault, "mem_wang", "王阿姨"), keep(vault, "mem_li", "李师傅")
    documents = {}
    with database.reading() as cursor:
        cursor.execute("SELECT commitment, sealed FROM vault_documents")
        documents = {row[0]: bytes(row[1]) for row in cursor.fetchall()}
    mine = documents[wang.commitment]
    forged = mine[:-1] + bytes([mine[-1] ^ 1]) if damage == "a byte" else documents[li.commitment]
    mark = "?" if database.is_sqlite else "%s"
    with database.writing() as cursor:
        cursor.execute(
            f"UPDATE vault_documents SET sealed = {mark} WHERE commitment = {mark}", (forged, wang.commitment)
        )

    with pytest.raises(Unusable, match="vault_damaged"):
        vault.read(LEDGER, [wang.commitment])


def test_the_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"

    made = load_master_key(path, create=True)

    assert len(made) == 32
    assert load_master_key(path, create=False) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_or_cut_key_file_is_an_error_and_not_a_new_beginning(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="vault_key_missing"):
        load_master_key(tmp_path / "none.key", create=False)
    cut = tmp_path / "cut.key"
    cut.write_bytes(b"AAAA")
    with pytest.raises(Unusable, match="vault_key_wrong"):
        load_master_key(cut, create=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=200))
def test_any_text_survives(vault: Vault, text: str) -> None:
    sealed = vault.seal(LEDGER, "mem_wang", Note(remark=text))

    vault.keep(LEDGER, [sealed], at=1)

    assert vault.read(LEDGER, [sealed.commitment]) == {sealed.commitment: {"remark": text}}

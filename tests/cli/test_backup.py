"""Backups: what is copied while the store is in use can be put back, and a copy that is not whole does not count."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.backups import back_up, last_backup, looked_at
from ledger.application import OPERATOR, Actor
from ledger.errors import Unusable
from ledger.hours.commands import DepositSession, SessionWords
from tests.cli.story import DAY, LEDGER, NOON, WANG, Clock, Shell, opened
from tests.house.stores import store_at


def test_a_backup_put_back_has_every_entry_and_every_word(nuanlin: Shell, community: Path, tmp_path: Path) -> None:
    # Given a sealed store, when it is backed up,
    nuanlin("seal", "now")
    before = nuanlin("members", "--json").document
    made = nuanlin("backup", "--to", str(tmp_path / "copies"), "--json").document
    folder = Path(made["folder"])
    # then the keys are named and not copied;
    assert sorted(one.name for one in folder.iterdir()) == ["community.db", "community.vault.db"]
    assert made["keys"] == ["community.key", "community.seal.key"]
    assert [(one["ledger"], one["sealed"] == one["head"]) for one in made["ledgers"]] == [(LEDGER, True)]
    # and put back beside the keys it is the same community, names and all, which can be sealed further.
    back = tmp_path / "back"
    back.mkdir()
    for file in (*folder.iterdir(), community.with_suffix(".key"), community.with_suffix(".seal.key")):
        shutil.copy2(file, back / file.name)
    assert nuanlin("--db", str(back / "community.db"), "members", "--json").document == before
    assert nuanlin("--db", str(back / "community.db"), "seal", "now").code == 0


def test_a_backup_says_in_words_where_it_is_and_what_is_missing(nuanlin: Shell, tmp_path: Path) -> None:
    told = nuanlin("backup", "--to", str(tmp_path / "copies"))

    assert told.code == 0
    assert "Backed up, opened and compared" in told.out.replace("\n", " ")
    assert "keys were not copied" in told.out.replace("\n", " ")


def test_the_copy_is_its_owners_alone(nuanlin: Shell, tmp_path: Path) -> None:
    folder = Path(nuanlin("backup", "--to", str(tmp_path / "copies"), "--json").document["folder"])

    assert folder.stat().st_mode & 0o077 == 0
    assert {one.stat().st_mode & 0o077 for one in folder.iterdir()} == {0}


def test_the_last_backup_is_remembered(community: Path, tmp_path: Path) -> None:
    with opened(community, Clock(NOON)) as store:
        assert last_backup(store) is None
        made = back_up(store, tmp_path / "copies")
        assert last_backup(store) == made
        assert made.at == NOON


def test_entries_that_come_while_it_is_looked_at_are_no_fault(community: Path, tmp_path: Path) -> None:
    with opened(community, Clock(NOON)) as store:
        made = back_up(store, tmp_path / "copies")
        later = DepositSession(volunteer=WANG, minutes=15, day=DAY, words=SessionWords(activity="值守"))
        store.application.execute(LEDGER, later, actor=Actor(OPERATOR))
        folder = Path(made.folder)
        again = looked_at(store, folder / "community.db", folder / "community.vault.db")
        assert again == made.ledgers


@pytest.mark.parametrize("file", ["community.db", "community.vault.db"])
def test_a_damaged_copy_does_not_count(community: Path, tmp_path: Path, file: str) -> None:
    with opened(community, Clock(NOON)) as store:
        folder = Path(back_up(store, tmp_path / "copies").folder)
        damaged = folder / file
        content = bytearray(damaged.read_bytes())
        content[len(content) // 4 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 4)
        damaged.write_bytes(content)
        with pytest.raises((Unusable, sqlite3.DatabaseError)):
            looked_at(store, folder / "community.db", folder / "community.vault.db")


def test_a_copy_whose_seals_are_not_ours_does_not_count(nuanlin: Shell, community: Path, tmp_path: Path) -> None:
    nuanlin("seal", "now")
    with opened(community, Clock(NOON)) as store:
        folder = Path(back_up(store, tmp_path / "copies").folder)
        with closing(sqlite3.connect(folder / "community.db")) as copy:
            copy.execute("UPDATE seal_checkpoints SET root = zeroblob(32)")
            copy.commit()
        with pytest.raises(Unusable):
            looked_at(store, folder / "community.db", folder / "community.vault.db")


def test_where_it_cannot_be_written_a_sentence_says_so(nuanlin: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    told = nuanlin("backup", "--to", str(tmp_path / "file"))

    assert told.code == 1
    assert "could not be written" in told.err


def test_on_postgresql_the_operator_is_told_to_use_its_own_tools(fresh_database_url: str, tmp_path: Path) -> None:
    with store_at(fresh_database_url, tmp_path) as store, pytest.raises(Unusable, match="backup_not_here"):
        back_up(store, tmp_path / "copies")

"""Photos in the vault: encrypted under those whose they are, destroyed with either of them, swept where no fact came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import migrations
from ledger.application import OPERATOR, Actor, Application
from ledger.clock import MICROS_PER_DAY, system_clock
from ledger.errors import Refused, Unusable
from ledger.journal.sql import Database
from ledger.parties.commands import RegisterMember
from ledger.places.commands import OpenLedger
from ledger.requests.commands import AddEvidence, PostRequest, RequestWords
from ledger.vault import Vault
from ledger.vault_keys import rekey
from ledger.vault_photos import SMALL, Photo, Photos

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
LEDGER, REQUEST = "fangxing", "req_lamp"
NEIGHBOUR, UNIT = "mem_nai", "unit_lvyun"
_DESK = Actor(OPERATOR)


def photo(body: bytes = b"a kitchen with a lamp") -> Photo:
    """Any bytes will do here."""
    return Photo(body, b"small " + body, hashlib.sha256(body).hexdigest())


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = Database(store_url)
    migrations.upgrade_vault(opened)
    yield opened
    opened.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'journal.db'}")
    migrations.upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def vault(database: Database) -> Vault:
    return Vault(database, KEY)


@pytest.fixture
def photos(vault: Vault) -> Photos:
    return Photos(vault)


def keep(photos: Photos, one: Photo, *owners: str, about: str = REQUEST, at: int = 1) -> None:
    photos.keep(LEDGER, about, [one], owners=owners or (NEIGHBOUR, UNIT), at=at)


def stored(database: Database) -> bytes:
    with database.reading() as cursor:
        cursor.execute("SELECT sealed, small FROM vault_photos")
        return b"".join(bytes(cell) for row in cursor.fetchall() for cell in row)


def test_a_photo_comes_back_whole_and_small(photos: Photos) -> None:
    lamp = photo()

    keep(photos, lamp)

    assert photos.read(LEDGER, REQUEST, lamp.sha256) == lamp.body
    assert photos.read(LEDGER, REQUEST, lamp.sha256, size=SMALL) == lamp.small
    assert photos.kept(LEDGER, REQUEST) == {lamp.sha256}


def test_nothing_of_it_stands_in_the_database_in_clear(photos: Photos, database: Database) -> None:
    keep(photos, photo())

    assert stored(database)
    assert b"kitchen" not in stored(database)


@pytest.mark.parametrize("erased", [NEIGHBOUR, UNIT])
def test_either_ones_erasure_destroys_it(photos: Photos, vault: Vault, database: Database, erased: str) -> None:
    lamp, other = photo(), photo(b"another street's lamp")
    keep(photos, lamp)
    keep(photos, other, "mem_wang", about="req_other")

    gone = vault.erase(LEDGER, erased)

    assert gone == 1
    assert photos.read(LEDGER, REQUEST, lamp.sha256) is None
    assert photos.kept(LEDGER, REQUEST) == frozenset()
    assert photos.read(LEDGER, "req_other", other.sha256) == other.body


@pytest.mark.parametrize("erased", [NEIGHBOUR, UNIT])
def test_a_copy_of_the_rows_opens_no_more_once_a_key_is_gone(
    photos: Photos, vault: Vault, database: Database, erased: str
) -> None:
    lamp = photo()
    keep(photos, lamp)
    with database.reading() as cursor:
        cursor.execute("SELECT * FROM vault_photos")
        (copy,) = cursor.fetchall()
    vault.erase(LEDGER, erased)
    marks = ", ".join(["?" if database.is_sqlite else "%s"] * len(copy))
    with database.writing() as cursor:
        cursor.execute(f"INSERT INTO vault_photos VALUES ({marks})", tuple(copy))

    assert photos.read(LEDGER, REQUEST, lamp.sha256) is None


@pytest.mark.parametrize("erased", [NEIGHBOUR, UNIT])
def test_nothing_more_is_kept_about_who_was_erased(photos: Photos, vault: Vault, erased: str) -> None:
    keep(photos, photo())
    vault.erase(LEDGER, erased)

    with pytest.raises(Refused, match="words_erased"):
        keep(photos, photo(b"later"))
    assert photos.kept(LEDGER, REQUEST) == frozenset()


def test_photos_cannot_be_swapped(photos: Photos, database: Database) -> None:
    lamp, door = photo(), photo(b"a door")
    keep(photos, lamp)
    keep(photos, door)
    mark = "?" if database.is_sqlite else "%s"
    with database.writing() as cursor:
        cursor.execute(f"SELECT sealed FROM vault_photos WHERE sha256 = {mark}", (door.sha256,))
        (sealed,) = cursor.fetchall()[0]
        cursor.execute(f"UPDATE vault_photos SET sealed = {mark} WHERE sha256 = {mark}", (sealed, lamp.sha256))

    with pytest.raises(Unusable, match="vault_damaged"):
        photos.read(LEDGER, REQUEST, lamp.sha256)


def test_photos_open_under_another_master_key_and_not_under_the_old(photos: Photos, database: Database) -> None:
    lamp = photo()
    keep(photos, lamp)

    rekey(database, KEY, OTHER_KEY)

    assert Photos(Vault(database, OTHER_KEY)).read(LEDGER, REQUEST, lamp.sha256) == lamp.body
    with pytest.raises(Unusable):
        photos.read(LEDGER, REQUEST, lamp.sha256)


def test_the_same_photo_kept_twice_is_one(photos: Photos, database: Database) -> None:
    keep(photos, photo())
    keep(photos, photo())

    with database.reading() as cursor:
        cursor.execute("SELECT count(*) FROM vault_photos")
        assert cursor.fetchone() == (1,)


def test_a_sweep_drops_after_a_day_what_stands_in_no_fact(journal: Database, vault: Vault, photos: Photos) -> None:
    now_at = system_clock()
    application = Application(journal, vault, clock=lambda: now_at)
    application.execute(LEDGER, OpenLedger(name="Fangxing"), actor=_DESK)
    application.execute(LEDGER, RegisterMember(member_id="mem_wang"), actor=_DESK)
    posted = PostRequest(
        request_id=REQUEST, kind="wish", requester="mem_wang", words=RequestWords(title="a lamp"), category="repair"
    )
    application.execute(LEDGER, posted, actor=Actor("mem_wang"))
    told, untold, young = photo(), photo(b"refused"), photo(b"of today")
    for one, at in ((told, now_at), (untold, now_at), (young, now_at + MICROS_PER_DAY)):
        keep(photos, one, "mem_wang", at=at)
    shown = AddEvidence(request_id=REQUEST, party="mem_wang", sha256=told.sha256)
    application.execute(LEDGER, shown, actor=Actor("mem_wang"))

    swept = [photos.sweep(journal, LEDGER, now_at + one) for one in (0, MICROS_PER_DAY + 1, MICROS_PER_DAY + 2)]

    assert swept == [0, 1, 0]
    assert photos.kept(LEDGER, REQUEST) == {told.sha256, young.sha256}


def test_what_is_shown_again_begins_its_day_anew(journal: Database, photos: Photos) -> None:
    keep(photos, photo(), at=1)
    keep(photos, photo(), at=1 + MICROS_PER_DAY)

    assert photos.sweep(journal, LEDGER, MICROS_PER_DAY + 2) == 0
    assert photos.sweep(journal, LEDGER, 2 * MICROS_PER_DAY + 2) == 1

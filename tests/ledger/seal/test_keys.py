"""The seed: made once, for its owner's eyes; one key per ledger, and never a second beginning."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.errors import Unusable
from ledger.seal.keys import Keys, load_seed
from ledger.seal.notes import Signer, from_base64, to_base64


def fresh(path: Path) -> Keys:
    return Keys(path, "nuanlin.example", lambda: False)


def test_the_seed_is_made_on_first_use_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "seal.key"
    vkey = fresh(path).signer("fangxing").vkey
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(from_base64(path.read_text().strip())) == 32
    assert fresh(path).signer("fangxing").vkey == vkey
    assert list(path.parent.iterdir()) == [path]


def test_a_ledgers_key_is_derived_from_the_seed_and_its_origin(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    path.write_text(to_base64(bytes(32)))
    keys = fresh(path)
    derived = HKDF(SHA256(), 32, None, b"nuanlin/seal/nuanlin.example/fangxing").derive(bytes(32))
    assert keys.signer("fangxing").vkey == Signer.from_seed("nuanlin.example/fangxing", derived).vkey
    assert keys.signer("fangxing").vkey.split("+")[2] != keys.signer("lvyun").vkey.split("+")[2]


def test_where_something_was_signed_a_missing_key_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as unusable:
        Keys(tmp_path / "seal.key", "nuanlin", lambda: True).signer("fangxing")
    assert (unusable.value.code, unusable.value.details) == ("seal_key_missing", {"file": "seal.key"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "AAAA", to_base64(bytes(31)), to_base64(bytes(33)), "no base64", "\u6696"])
def test_a_file_that_holds_no_seed_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "seal.key"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Unusable) as unusable:
        fresh(path).signer("fangxing")
    assert unusable.value.code == "seal_key_wrong"


def test_many_who_begin_at_once_find_one_seed(tmp_path: Path) -> None:
    found: set[bytes] = set()
    start = threading.Barrier(8)

    def begin() -> None:
        start.wait()
        found.add(load_seed(tmp_path / "seal.key", may_create=lambda: True))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["seal.key"]

"""The keys that seal: one seed in a file outside the database, and from it one Ed25519 key per ledger.

The seed is made on first use. Where checkpoints exist and the file is gone, or holds another seed, nothing is signed: a new
key would begin a second history under the same name.
"""

from __future__ import annotations

import base64
import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.errors import Unusable
from ledger.seal.notes import Signer, from_base64

_SEED_BYTES = 32


class Keys:
    """The signers of an installation's ledgers.

    `name` and the ledger's slug make the origin of its log, which is also its key's name. `in_use`: whether anything was ever
    signed; asked only where the file is missing.
    """

    def __init__(self, path: Path, name: str, in_use: Callable[[], bool]) -> None:
        self._path, self._name, self._in_use = path, name, in_use
        self._signers: dict[str, Signer] = {}

    def origin(self, ledger: str) -> str:
        """The name of a ledger's log."""
        return f"{self._name}/{ledger}"

    @property
    def file(self) -> str:
        """The name of the seed's file, for messages."""
        return self._path.name

    def signer(self, ledger: str) -> Signer:
        """A ledger's signer. Raises Unusable `seal_key_missing` or `seal_key_wrong`."""
        if ledger not in self._signers:
            seed = load_seed(self._path, may_create=lambda: not self._in_use())
            self._signers[ledger] = Signer.from_seed(self.origin(ledger), _derived(seed, self.origin(ledger)))
        return self._signers[ledger]


def load_seed(path: Path, *, may_create: Callable[[], bool]) -> bytes:
    """The 32 bytes in a file (base64, one line), made where there is none and `may_create` agrees; its owner's alone.

    Raises Unusable `seal_key_missing` or `seal_key_wrong`.
    """
    if not path.exists():
        if not may_create():
            raise Unusable("seal_key_missing", file=path.name)
        _make(path)
    try:
        seed = from_base64(path.read_bytes().strip().decode())
    except ValueError:
        raise Unusable("seal_key_wrong", file=path.name) from None
    if len(seed) != _SEED_BYTES:
        raise Unusable("seal_key_wrong", file=path.name)
    return seed


def _make(path: Path) -> None:
    """A new seed, on the disk before it has its name: nobody ever finds half a key, and who comes second changes nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(os.urandom(_SEED_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _derived(seed: bytes, origin: str) -> bytes:
    """The private key of one log: HKDF-SHA256, so that a key tells nothing about the seed or about other logs."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"nuanlin/seal/{origin}".encode()).derive(seed)

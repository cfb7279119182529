"""Short texts about people that stand outside the vault, such as the label of somebody's token: encrypted where they are.

They go with their rows and need no erasure of their own. Their key hangs on the vault's, so that a copy of the main
database alone tells nothing.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MARK = "veil1:"
_NONCE = 12


class Veil:
    """Hides texts and shows them again."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(HKDF(SHA256(), 32, None, b"nuanlin/vault/veil").derive(key))

    def hide(self, text: str, bound: str) -> str:
        """The text as it may be stored, tied to the row it belongs to."""
        nonce = os.urandom(_NONCE)
        return _MARK + base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), bound.encode())).decode()

    def show(self, stored: str, bound: str) -> str:
        """The text behind it; as it is where it was stored before there was a veil, "" where it cannot be opened."""
        if not stored.startswith(_MARK):
            return stored
        try:
            body = base64.b64decode(stored.removeprefix(_MARK), validate=True)
            return self._cipher.decrypt(body[:_NONCE], body[_NONCE:], bound.encode()).decode()
        except (ValueError, InvalidTag):
            return ""

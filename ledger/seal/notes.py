"""Signed notes, checkpoints and cosignatures, as c2sp.org/signed-note, /tlog-checkpoint and /tlog-cosignature have them.

A note is a text and, after an empty line, signature lines `— name base64(key id, signature)`. A log signs a checkpoint's
text as it is (Ed25519, type 0x01); a witness signs it with the time it saw it (type 0x04). What is read here may come
from anybody: limits come first, base64 has one spelling, numbers have no sign and no leading zero.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.errors import Refused
from ledger.seal.leaf import whole_number
from ledger.seal.merkle import HASH_BYTES

LARGEST_NOTE = 64 * 1024
"""Bytes of the largest note that is read. Choice; the specification asks for at least 16 signatures."""
MOST_SIGNATURES = 100
"""Signature lines of one note, as in Go's sumdb/note."""

LOG, WITNESS = "log", "witness"
_TYPES = {LOG: 1, WITNESS: 4}
_KINDS = {number: kind for kind, number in _TYPES.items()}
_DASH = "\u2014 "
_SECRET = "PRIVATE+KEY+"  # noqa: S105  # the form's first words, as in Go's sumdb/note, no secret
_ID_BYTES, _TIME_BYTES = 4, 8
_LATEST = 2**63 - 1


class Verifier:
    """A public key under its name, from its vkey text `name+id+base64(type, key)`.

    `kind`: "log" (type 0x01) or "witness" (type 0x04) · `key_id`: four bytes. Raises Refused `bad_key`.
    """

    def __init__(self, vkey: str) -> None:
        try:
            name, key_id, encoded = vkey.split("+", 2)
            raw = from_base64(encoded)
            self.key_id = _key_id(name, raw)
        except ValueError:
            raise Refused("bad_key") from None
        if not is_key_name(name) or len(raw) != 33 or raw[0] not in _KINDS or key_id != self.key_id.hex():
            raise Refused("bad_key")
        self.name, self.kind, self.vkey = name, _KINDS[raw[0]], vkey
        self._key = Ed25519PublicKey.from_public_bytes(raw[1:])

    def check(self, text: str, signature: bytes) -> int | None:
        """A witness gives the time it signed, seconds since the epoch; a log None. Raises Refused `bad_signature`."""
        seconds, message = None, text.encode()
        if self.kind == WITNESS:
            seconds, signature = int.from_bytes(signature[:_TIME_BYTES], "big"), signature[_TIME_BYTES:]
            message = _cosigned(text, seconds)
        try:
            if seconds is not None and seconds > _LATEST:
                raise InvalidSignature
            self._key.verify(signature, message)
        except InvalidSignature:
            raise Refused("bad_signature", name=self.name) from None
        return seconds


class Signer:
    """A private key under a name. `kind` says what it signs as: "log" or "witness"."""

    def __init__(self, name: str, key: Ed25519PrivateKey, kind: str = LOG) -> None:
        if not is_key_name(name):
            raise Refused("bad_key")
        self.name, self.kind, self._key = name, kind, key
        public = bytes([_TYPES[kind]]) + key.public_key().public_bytes_raw()
        self.key_id = _key_id(name, public)
        self.vkey = f"{name}+{self.key_id.hex()}+{to_base64(public)}"

    @classmethod
    def from_seed(cls, name: str, seed: bytes, kind: str = LOG) -> Signer:
        """The signer whose Ed25519 private key is this seed of 32 bytes."""
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed), kind)

    @classmethod
    def from_skey(cls, skey: str) -> Signer:
        """The signer of a secret key text `PRIVATE+KEY+name+id+base64(type, seed)`; raises Refused `bad_key`."""
        try:
            name, key_id, encoded = skey.removeprefix(_SECRET).split("+", 2)
            raw = from_base64(encoded)
            if not skey.startswith(_SECRET) or len(raw) != 33 or raw[0] not in _KINDS:
                raise ValueError("neither a log's nor a witness's secret key")
            signer = cls.from_seed(name, raw[1:], _KINDS[raw[0]])
        except ValueError:
            raise Refused("bad_key") from None
        if key_id != signer.key_id.hex():
            raise Refused("bad_key")
        return signer

    @property
    def skey(self) -> str:
        """The secret key text, for a file that only its owner reads."""
        secret = bytes([_TYPES[self.kind]]) + self._key.private_bytes_raw()
        return f"{_SECRET}{self.name}+{self.key_id.hex()}+{to_base64(secret)}"

    def line(self, text: str, *, seconds: int | None = None) -> str:
        """The signature line over a note's text; a witness says when (`seconds` since the epoch), a log does not."""
        assert (seconds is not None) == (self.kind == WITNESS), "a witness signs with a time, a log without"
        if seconds is None:
            signature = self._key.sign(text.encode())
        else:
            signature = seconds.to_bytes(_TIME_BYTES, "big") + self._key.sign(_cosigned(text, seconds))
        return f"{_DASH}{self.name} {to_base64(self.key_id + signature)}\n"

    def verifier(self) -> Verifier:
        """What checks this signer's signatures."""
        return Verifier(self.vkey)


class SignatureLine(NamedTuple):
    """One signature of a note, unchecked: who is said to have signed, and the line as it stands."""

    name: str
    key_id: bytes
    signature: bytes
    line: str


class Opened(NamedTuple):
    """A note whose signatures by known keys were checked.

    `signed_by`: names of the logs that signed · `cosigned`: per witness the latest time it signed, seconds since the epoch.
    """

    text: str
    signed_by: tuple[str, ...]
    cosigned: dict[str, int]


def sign_note(text: str, signer: Signer) -> str:
    """A note: the text (it ends with a line break) and one signature."""
    _check_text(text)
    return f"{text}\n{signer.line(text)}"


def add_lines(note: str, lines: Iterable[str]) -> str:
    """A note with further signature lines; those it has already are not repeated."""
    have = {one.line for one in split_note(note)[1]}
    return note + "".join(line for line in dict.fromkeys(lines) if line not in have)


def split_note(note: str | bytes) -> tuple[str, list[SignatureLine]]:
    """Text and signature lines of a note; nothing is verified. Raises Refused `bad_note` with its `reason`."""
    content = _decoded(note)
    text, found, tail = content.rpartition("\n\n")
    if not found or not tail.endswith("\n"):
        _refuse("form")
    text += "\n"
    _check_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        _refuse("signatures")
    return text, [read_line(line + "\n") for line in lines]


def read_line(line: str) -> SignatureLine:
    """One signature line with its line break, unchecked; raises Refused `bad_note`."""
    name, _, encoded = line.removeprefix(_DASH).removesuffix("\n").partition(" ")
    if not line.startswith(_DASH) or not line.endswith("\n") or not is_key_name(name):
        _refuse("signature_line")
    try:
        raw = from_base64(encoded)
    except ValueError:
        _refuse("base64")
    if len(raw) <= _ID_BYTES:
        _refuse("signature_line")
    return SignatureLine(name, raw[:_ID_BYTES], raw[_ID_BYTES:], line)


def open_note(note: str | bytes, verifiers: Sequence[Verifier]) -> Opened:
    """The text of a note that a known log has signed, and which witnesses cosigned it.

    Signatures of unknown keys are ignored, as the specification asks. Raises Refused `bad_note` for what is no note, and
    `bad_signature` where a known key's signature is wrong, or no known log (if none is given: no known witness) signed.
    """
    text, lines = split_note(note)
    known = {(one.name, one.key_id): one for one in verifiers}
    signed: dict[str, None] = {}
    cosigned: dict[str, int] = {}
    for line in lines:
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            continue
        seconds = verifier.check(text, line.signature)
        if seconds is None:
            signed[line.name] = None
        else:
            cosigned[line.name] = max(seconds, cosigned.get(line.name, 0))
    wanted = signed if any(one.kind == LOG for one in verifiers) else cosigned
    if not wanted:
        raise Refused("bad_signature", name=", ".join(sorted({one.name for one in verifiers})))
    return Opened(text, tuple(signed), cosigned)


class Checkpoint(NamedTuple):
    """What a log commits to: the root of its tree of `size` leaves. `extensions`: further lines, opaque here."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The note text of a checkpoint."""
    lines = (checkpoint.origin, str(checkpoint.size), to_base64(checkpoint.root), *checkpoint.extensions)
    assert not any(not line or "\n" in line for line in lines), "a checkpoint's lines are neither empty nor broken"
    return "\n".join(lines) + "\n"


def checkpoint_of(text: str) -> Checkpoint:
    """The checkpoint in a note's text; raises Refused `bad_note` where the text is none."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        _refuse("checkpoint")
    try:
        size, root = whole_number(lines[1]), from_base64(lines[2])
    except ValueError:
        _refuse("checkpoint")
    if len(root) != HASH_BYTES:
        _refuse("checkpoint")
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


def is_key_name(name: str) -> bool:
    """Whether a text can name a key: not empty, neither space nor plus nor control character in it."""
    return bool(name) and not any(one.isspace() or one < " " or one == "+" for one in name)


def to_base64(data: bytes) -> str:
    """Standard base64 on one line."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """The bytes of a base64 text in its one right spelling; anything else is a ValueError.

    Python's decoder lets the bits after the last byte be anything, so that one signature had several spellings.
    """
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not in its one right spelling")
    return data


def _key_id(name: str, public: bytes) -> bytes:
    """The four bytes that name a key beside its name; `public`: type byte and key."""
    return hashlib.sha256(name.encode() + b"\n" + public).digest()[:_ID_BYTES]


def _cosigned(text: str, seconds: int) -> bytes:
    """What a witness signs: when, and the checkpoint's whole text."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _decoded(note: str | bytes) -> str:
    try:
        raw = note.encode() if isinstance(note, str) else note
        if len(raw) > LARGEST_NOTE:
            _refuse("size")
        return raw.decode()
    except UnicodeError:
        _refuse("utf8")


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        _refuse("form")
    if any(one < " " and one != "\n" for one in text):
        _refuse("control_character")


def _refuse(reason: str) -> NoReturn:
    raise Refused("bad_note", reason=reason)

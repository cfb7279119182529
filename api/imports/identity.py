"""What makes a row itself: a reference, stated columns, its place or its content; a second import then adds nothing."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

from api.imports.kinds import Kind
from api.imports.mapping import Mapping

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_PERSON: Final = b"nuanlin-import"
_BYTES: Final = 16


class Identity(NamedTuple):
    """`text` stays with the row for ever, `content` changes with anything in it, `field` is the one it rests on."""

    text: str
    content: str
    field: str | None
    may_repeat: bool
    """Whether another row of the file may claim to be the same."""


def fingerprint(values: Any, key: bytes = b"") -> str:
    """32 hex digits for the values, the same whatever order, date form or unit they were written in.

    Without a `key` it is a plain hash of personal data, short enough to be searched for a name or a phone number: use a
    secret key (at most 64 bytes) wherever it is kept or shown.
    """
    return blake2b(_ENCODER.encode(values), digest_size=_BYTES, key=key, person=_PERSON).hexdigest()


class Identities:
    """Gives each row of one file its identity, counting rows of the same content as they come.

    Two rows with the same content are told apart by their count alone, never by their place, so that rows may be
    appended or inserted anywhere in the file without disturbing the others.
    """

    def __init__(self, kind: Kind, mapping: Mapping, key: bytes = b"") -> None:
        self._kind = kind
        self._rule = mapping.identity if mapping.unique or mapping.identity == "row" else "content"
        self._key = key
        self._met: Counter[str] = Counter()

    def of(self, number: int, values: dict[str, Any], stated: tuple[str, ...]) -> Identity:
        """The identity of the next row: `number` is its place in the sheet, `stated` the text of the stated columns."""
        content = fingerprint([self._kind.name, values], self._key)
        if self._rule == "row":
            return Identity(f"row:{number}", content, None, may_repeat=True)
        if self._rule == "columns":
            return Identity(f"key:{fingerprint([self._kind.name, stated], self._key)}", content, None, may_repeat=True)
        for field in self._kind.identity if self._rule == "ref" else ():
            if field in values:
                return Identity(f"{field}:{values[field]}", content, field, may_repeat=True)
        self._met[content] += 1
        return Identity(f"content:{content}:{self._met[content]}", content, None, may_repeat=False)

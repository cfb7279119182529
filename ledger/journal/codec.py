"""Facts to bytes and back: JSON with fixed type names, versions and upcasts. Old bytes replay for ever.

The stored data of an event is one JSON object: the envelope's fields in fixed order, then `fact`. Salt is base64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from ledger.base import Fact
from ledger.errors import UnknownFact
from ledger.journal.recorded import Envelope, Recorded
from ledger.registry import FACTS, NAME_OF

_F = TypeVar("_F")

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the fact of an old version, as plain JSON values, into the next version's."""


class _Stored(msgspec.Struct, Generic[_F], frozen=True, forbid_unknown_fields=True, gc=False):
    at: int
    by: str
    role: str
    behalf: str | None
    key: str
    body: str
    salt: bytes
    fact: _F


class Codec:
    """Encodes and decodes the facts of one registry.

    `upcasts` maps an old stored name to (next name, function); chains are followed. Decoders are built here, once:
    built while time is frozen they would break (libraries.md).
    """

    def __init__(
        self,
        facts: Mapping[str, type[Fact]] = FACTS,
        names: Mapping[type[Fact], str] = NAME_OF,
        upcasts: Mapping[str, tuple[str, Upcast]] | None = None,
    ) -> None:
        self._names = names
        self._upcasts = dict(upcasts or {})
        self._encoder = msgspec.json.Encoder()
        self._encode = self._encoder.encode
        self._buffer = bytearray()
        self._decoders = {name: msgspec.json.Decoder(_Stored[kind]) for name, kind in facts.items()}  # type: ignore[valid-type]  # the type is only known at run time
        self._types: dict[str, Any] = {name: _Stored[kind] for name, kind in facts.items()}  # type: ignore[valid-type]  # as above

    def encode(self, envelope: Envelope, fact: Fact) -> tuple[str, bytes]:
        """The stored type name and the exact bytes of a fact in its envelope."""
        name = self._names.get(type(fact))
        if name is None:
            raise UnknownFact("unknown_fact", type=type(fact).__name__)
        e = envelope
        return name, self._encode(_Stored(e.at, e.by, e.role, e.behalf, e.key, e.body, e.salt, fact))

    def decode(self, name: str, data: bytes) -> tuple[Envelope, Fact]:
        """The envelope and fact behind stored bytes; raises UnknownFact for a name that is neither known nor upcast."""
        decoder = self._decoders.get(name)
        if decoder is not None:
            s = decoder.decode(data)
        elif name in self._upcasts:
            s = self._lift(name, data)
        else:
            raise UnknownFact("unknown_fact", type=name)
        envelope = Envelope(at=s.at, by=s.by, role=s.role, behalf=s.behalf, key=s.key, body=s.body, salt=s.salt)
        return envelope, s.fact

    def stored(self, name: str) -> Callable[[bytes], Any]:
        """The decoder of one stored type, for replays of very many: envelope and fact in one struct, never upcast."""
        return self._decoders[name].decode

    def spelled_otherwise(self, decoded: Sequence[Any], data: Sequence[bytes]) -> list[int]:
        """Which of these bytes are not those that what `stored` decoded is written as; there is one right spelling.

        All at once, since nearly always none is: one by one only where the whole differs.
        """
        self._encoder.encode_into(decoded, self._buffer)
        if self._buffer == b"[%b]" % b",".join(data):
            return []
        return [index for index, one in enumerate(decoded) if self._encode(one) != data[index]]

    def name_of(self, fact: Fact) -> str:
        """The stored type name of a fact."""
        return self._names[type(fact)]

    def fact(self, name: str, data: bytes) -> Fact:
        """Only the fact: what folding a state needs."""
        decoder = self._decoders.get(name)
        if decoder is not None:
            happened: Fact = decoder.decode(data).fact
            return happened
        return self.decode(name, data)[1]

    def recorded(self, ledger: str, position: int, recorded_at: int, name: str, tags: str, data: bytes) -> Recorded:
        """A row of the journal as what the rest of the house reads."""
        envelope, fact = self.decode(name, data)
        return Recorded(ledger, position, recorded_at, envelope, fact, split_tags(tags))

    def _lift(self, name: str, data: bytes) -> Any:
        raw = msgspec.json.decode(data)
        while name in self._upcasts:
            name, lift = self._upcasts[name]
            raw["fact"] = lift(raw["fact"])
        if name not in self._types:
            raise UnknownFact("unknown_fact", type=name)
        return msgspec.convert(raw, self._types[name])


def join_tags(tags: tuple[str, ...] | list[str]) -> str:
    """Tags as stored beside the event: one a line, in order. A tag holds no line break (callers make sure)."""
    return "\n".join(tags)


def split_tags(text: str) -> tuple[str, ...]:
    """The reverse of `join_tags`."""
    return tuple(text.split("\n")) if text else ()

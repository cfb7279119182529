"""Old bytes replay for ever: golden bytes of every event type, versions and upcasts."""

from __future__ import annotations

import types
import typing
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.base import FACTS, NAME_OF, Fact
from ledger.errors import UnknownFact
from ledger.journal.codec import Codec, join_tags, split_tags
from ledger.journal.recorded import Envelope
from ledger.registry import AREAS

GOLDEN = Path(__file__).parent / "golden" / "facts.jsonl"
ENVELOPE = Envelope(
    at=1_772_000_000_123_456, by="mem_worker", role="community_worker", behalf="mem_wang", key="a-key", body="a-body",
    salt=bytes(range(16)),
)  # fmt: skip


def _value(kind: Any, name: str) -> Any:
    """A fixed value of a field's type."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _value(typing.get_args(kind)[0], name)
    if origin is tuple:
        inner = typing.get_args(kind)
        if inner[-1] is Ellipsis:
            return (_value(inner[0], f"{name}_1"), _value(inner[0], f"{name}_2"))
        return tuple(_value(one, f"{name}_{i}") for i, one in enumerate(inner))
    simple: dict[Any, Any] = {str: f"{name} 例", int: 7, bool: True, date: date(2026, 3, 8)}
    return simple[kind]


def _example(kind: type[Fact]) -> Fact:
    return kind(**{field.name: _value(field.type, field.name) for field in msgspec.structs.fields(kind)})


def golden_lines() -> list[str]:
    """One line per event type: its stored name, a tab, its exact bytes. To be written once per new type, never again."""
    codec = Codec()
    encoded = (codec.encode(ENVELOPE, _example(kind)) for _, kind in sorted(FACTS.items()))
    return [f"{name}\t{data.decode()}" for name, data in encoded]


def _golden() -> dict[str, bytes]:
    lines = GOLDEN.read_text("utf-8").splitlines()
    return {name: data.encode() for name, data in (line.split("\t", 1) for line in lines)}


def test_every_event_type_has_golden_bytes() -> None:
    assert AREAS
    assert set(_golden()) == set(FACTS)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_golden_bytes_decode_to_the_fact_and_encode_to_the_same_bytes(name: str) -> None:
    codec, stored = Codec(), _golden()[name]

    envelope, happened = codec.decode(name, stored)

    assert happened == _example(FACTS[name])
    assert envelope == ENVELOPE
    assert codec.encode(envelope, happened) == (name, stored)
    assert codec.fact(name, stored) == happened


def test_an_unknown_type_is_an_error_and_never_skipped() -> None:
    with pytest.raises(UnknownFact):
        Codec().decode("hours.abolished@1", b"{}")


def test_a_field_that_the_type_does_not_have_is_an_error() -> None:
    stored = _golden()["hours.donated@1"].replace(b'"giver"', b'"more":1,"giver"')
    with pytest.raises(msgspec.ValidationError):
        Codec().decode("hours.donated@1", stored)


class OldGift(Fact, frozen=True, kw_only=True):
    """Stands for version 3 of a type that changed twice."""

    giver: str
    minutes: int
    kin: bool


def test_old_versions_are_lifted_step_by_step() -> None:
    codec = Codec(
        facts={"test.gift@3": OldGift},
        names={OldGift: "test.gift@3"},
        upcasts={
            "test.gift@1": ("test.gift@2", lambda f: {"giver": f["giver"], "minutes": f["hours"] * 60}),
            "test.gift@2": ("test.gift@3", lambda f: {**f, "kin": False}),
        },
    )
    old = b'{"at":1,"by":"a","role":"","behalf":null,"key":"","body":"","salt":"AAAA","fact":{"giver":"mem_wang","hours":2}}'

    _, happened = codec.decode("test.gift@1", old)

    assert happened == OldGift(giver="mem_wang", minutes=120, kin=False)


def test_names_carry_area_and_version() -> None:
    assert [name for name in FACTS if not name.partition(".")[2].rpartition("@")[2].isdigit()] == []
    assert len(NAME_OF) == len(FACTS)


def test_tags_are_stored_one_a_line_in_order() -> None:
    assert split_tags(join_tags(("b", "a", "c"))) == ("b", "a", "c")
    assert split_tags(join_tags(())) == ()

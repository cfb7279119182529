"""Random, time-ordered ids with a typed prefix (`mem_…`, `req_…`): UUIDv7 in 26 letters of Crockford's base 32."""

from __future__ import annotations

import re
from collections.abc import Callable

import uuid_utils

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _LETTERS for low in _LETTERS]
_SHAPE = re.compile(r"[a-z]{2,6}_[0-9a-z][0-9a-z._-]{0,63}")

PERSON, TEAM, UNIT, SERVICE = "mem", "team", "unit", "svc"


def new_id(prefix: str) -> str:
    """A fresh id such as `mem_01k9…`; ids made later sort later."""
    number = uuid_utils.uuid7().int
    pairs = _PAIRS
    text = "".join([pairs[(number >> shift) & 1023] for shift in range(120, -1, -10)])
    return f"{prefix}_{text}"


def maker(prefix: str) -> Callable[[], str]:
    """A function without arguments that makes ids of one prefix, for defaults of command fields."""
    return lambda: new_id(prefix)


def prefix_of(identifier: str) -> str:
    """The typed prefix: `mem` for `mem_01k9…`."""
    return identifier.partition("_")[0]


def looks_like_id(text: str) -> bool:
    """Whether a text has the shape of an id (it may still name nothing)."""
    return _SHAPE.fullmatch(text) is not None

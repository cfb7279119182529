"""Versions of records over HTTP: ETag, If-Match and If-None-Match.

The version of a record is the position of the last fact that carries its id as a tag. It is read before the record, so
that it can only be older than what is shown: an edit may then be asked to look again, but never overwrites unseen facts.
"""

from __future__ import annotations

import re

from ledger.errors import Refused

_ETAG = re.compile(r'"p(0|[1-9][0-9]{0,17})"')


def etag_of(position: int) -> str:
    """The strong ETag of a version."""
    return f'"p{position}"'


def seen_version(if_match: str | None) -> int | None:
    """The version that an If-Match header names; None without one or for `*`. Raises Refused `bad_if_match`."""
    if if_match is None or if_match.strip() == "*":
        return None
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise Refused("bad_if_match")
    return int(match[1])


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Whether one of the ETags that the caller has is this one (weak comparison, RFC 9110 §13.1.2)."""
    if if_none_match is None:
        return False
    had = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return etag in had or "*" in had

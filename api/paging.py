"""Pages of lists: `?cursor=&limit=`, and `next` in the body. A cursor is opaque to its caller.

A page goes on behind the last row that was seen, so that nothing is shown twice or left out while others write.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

import msgspec
from msgspec import Meta

from ledger.errors import Refused

Limit = Annotated[int, Meta(ge=1, le=200, description="rows of a page")]
Cursor = Annotated[str, Meta(max_length=400, description="`next` of the page before")]


class NoQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No parameters."""


class Paged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a page begins and how long it is."""

    cursor: Cursor | None = None
    limit: Limit = 50

    @property
    def after(self) -> str | None:
        """The cursor of the projections' queries; raises Refused `bad_cursor`."""
        return None if self.cursor is None else opened(self.cursor)


def opened(cursor: str) -> str:
    """What is in an opaque cursor; raises Refused `bad_cursor`."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8")
    except (ValueError, binascii.Error):
        raise Refused("bad_cursor", field="?cursor") from None
    if not text or any(ord(letter) < 32 for letter in text):
        raise Refused("bad_cursor", field="?cursor")
    return text


def closed(cursor: str | None) -> str | None:
    """A cursor of the projections as callers see it; None at the end."""
    return None if cursor is None else base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")

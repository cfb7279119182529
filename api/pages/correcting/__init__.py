"""Putting personal data right: a member's own phone, proved by a code; the forms are in `api.pages.correcting.forms`.

`add_correcting(pages, store)` adds its addresses.
"""

from __future__ import annotations

from api.pages.correcting.phone import add_correcting

__all__ = ["add_correcting"]

"""How these pages give a command: once per key, and never without signing in."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from api import asking
from api.pages.common import Visit, redirect
from api.routes.writes import Written
from ledger.ids import PERSON, prefix_of


def member_of(visit: Visit) -> str:
    """The member who looks; "" for nobody, and for services."""
    actor = visit.caller.actor
    return actor if prefix_of(actor) == PERSON else ""


def to_sign_in(visit: Visit) -> Response:
    """On to signing in, and back to this very page afterwards."""
    here = visit.here(lang=None)
    return redirect(f"/sign-in?ledger={visit.ledger}&after={quote(here, safe='')}")


def give(visit: Visit, command: str, fields: Mapping[str, object], key: str) -> Written:
    """Give a command of who looks. Raises NuanlinError."""
    given = f"web-{key[:100]}" if key else None
    return asking.do(visit.store, visit.ledger, command, dict(fields), visit.caller, key=given)

"""What several forms of residents share: hidden fields, and the lines that say for whom something is."""

from __future__ import annotations

from typing import Any

from api.pages.common import Visit
from api.pages.forms.form import Field
from api.pages.naming import labels
from api.pages.resident.acting import principals_of

Rows = list[tuple[str, Any]]
NOTE = 500
"""The most characters of a note."""


def hidden(name: str, *, required: bool = True) -> Field:
    """A field that the address brings along."""
    return Field(name=name, kind="hidden", label="resident.field.hidden", required=required)


def for_whom(visit: Visit, member: str) -> Rows:
    """A line that says for whom this is; nothing for who acts for nobody."""
    if not principals_of(visit) and member == visit.caller.actor:
        return []
    if member == visit.caller.actor:
        return [(visit.t("resident.for"), visit.t("resident.myself"))]
    name = labels(visit, [member], clear=[member] if visit.reads_affairs_of(member) else [])[member]
    return [(visit.t("resident.for"), visit.t("resident.on_behalf", name=name))]

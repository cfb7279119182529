"""How the engine `requests` is reached: deadlines, escalation, assignments, evidence, and who answers for places."""

from __future__ import annotations

from collections.abc import Callable

from api.engines.requests_due import deadlines
from api.reading import READ_ALL, Reads
from api.routes.commands import Write
from api.routes.reads import Read
from api.shelves import Shelf
from api.store import Store
from ledger.base import Command
from ledger.places import commands as place
from ledger.requests import commands as do
from projections.books.engines.requests_tables import assignments, duties, evidence, profiles, progress

_REQUEST, _PLACE, _DUTY = "/requests/{request_id}", "/places/{place_id}", "/duties/{duty_id}"

WRITES: tuple[Write, ...] = (
    Write(_REQUEST + "/assign", do.AssignRequest, "requests", "request_id"),
    Write(_REQUEST + "/contact", do.ContactRequester, "requests", "request_id"),
    Write(_REQUEST + "/evidence", do.AddEvidence, "requests", "request_id", location="/evidence/{evidence_id}"),
    Write(_REQUEST + "/escalate", do.EscalateRequest, "requests", "request_id"),
    Write(_REQUEST + "/warn", do.WarnRequest, "requests", "request_id"),
    Write(_REQUEST + "/overdue", do.MarkOverdue, "requests", "request_id"),
    Write("/intake-points/series", place.OpenIntakePoints, "places"),
    Write(_PLACE + "/duties", place.AppointResponsible, "places", location=_DUTY),
    Write(_DUTY + "/end", place.EndResponsible, "places", "duty_id"),
    Write(_PLACE + "/households", place.CountHouseholds, "places"),
    Write(_PLACE + "/label", place.ClassifyPlace, "places"),
)

_WORKERS = Reads(roles=READ_ALL, own="whose it is")
_PUBLIC = Reads(public=True)

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        name="watched_requests",
        one="watched_request",
        table=progress,
        tag="requests",
        reads=_WORKERS,
        about="Deadlines of requests, warnings, lateness, and where they went up to.",
        own=("responsible",),
        parties=("responsible",),
        filters=("stage", "at_place", "responsible"),
    ),
    Shelf(
        name="assignments",
        one="assignment",
        table=assignments,
        tag="requests",
        reads=_WORKERS,
        about="Requests that an owner was given, with a due day, perhaps at a meeting.",
        own=("owner",),
        parties=("owner", "assigned_by"),
        filters=("request_id", "owner", "meeting_id"),
    ),
    Shelf(
        name="evidence",
        one="evidence_piece",
        table=evidence,
        tag="requests",
        reads=_WORKERS,
        about="What was shown for requests: files by their SHA-256.",
        own=("party",),
        parties=("party", "added_by"),
        words=("words",),
        filters=("request_id", "party"),
    ),
    Shelf(
        name="duties",
        one="duty",
        table=duties,
        tag="places",
        reads=_PUBLIC,
        about="Who answers for which place, in which office.",
        parties=("member_id", "appointed_by"),
        filters=("place_id", "member_id", "office"),
    ),
    Shelf(
        name="place_profiles",
        one="place_profile",
        table=profiles,
        tag="places",
        reads=_PUBLIC,
        about="How many households live at a place, and what kind of courtyard it is.",
        filters=("kind", "label"),
    ),
)

READS: tuple[Read, ...] = ()

FIGURES: dict[str, dict[str, str]] = {}

DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = (deadlines,)

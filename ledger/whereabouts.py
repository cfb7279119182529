"""Where in the tree of places something is: a request, a session, a member, by their ids, as the journal tells it.

For roles that are held for one place. Everything leads, in a few steps, to a place or to nobody's place in particular:
a correction is where its session is, a session where it was done, else where the volunteer lives.
"""

from __future__ import annotations

from ledger.appraisals.state import Appraisal, Rectification
from ledger.base import State, View
from ledger.conduct.state import Appeal, Sanction
from ledger.crossings.state import Transfer
from ledger.honours.state import Plaque
from ledger.hours.state import KinTie, Reservation, Session
from ledger.ids import PERSON, TEAM, UNIT, prefix_of
from ledger.meetings.state import Household, Meeting, Vote
from ledger.parties.state import Standing
from ledger.partners.state import Agreement, CallState, MenuService, Offer
from ledger.places.state import Duty, IntakePoint
from ledger.projects.state import Measure, Project, ProjectSession
from ledger.requests.state import Request
from ledger.resources.state import Deal, Resource
from ledger.services.state import Need, Service, ServiceReservation
from ledger.shifts.state import Rota, Shift
from ledger.trials.state import Approval, Trial

PLACE = "place"
_Lead = tuple[type[State], str, str]
"""A state of the thing, the fact in it that tells (the state itself where empty), and that fact's fields, likeliest first."""

_LEADS: dict[str, tuple[_Lead, ...]] = {
    PERSON: ((Standing, "", "place"),),
    UNIT: ((Standing, "", "place"),),
    TEAM: ((Standing, "", "place unit"),),
    "pt": ((IntakePoint, "", "place"),),
    "duty": ((Duty, "appointed", "place_id"),),
    "req": ((Request, "", "at requester"),),
    "ses": ((Session, "record", "place volunteer"),),
    "rsv": ((ServiceReservation, "made", "member"), (Reservation, "made", "member")),
    "kin": ((KinTie, "proposed", "member"),),
    "cross": ((Transfer, "sent", "giver"),),
    "shift": ((Shift, "scheduled", "place team"),),
    "rota": ((Rota, "planned", "place team"),),
    "srv": ((Service, "declared", "place provider"),),
    "need": ((Need, "asked", "member"),),
    "res": ((Resource, "listed", "place owner"),),
    "deal": ((Deal, "proposed", "request_id resource_id"),),
    "offer": ((Offer, "made", "place unit"),),
    "menu": ((MenuService, "offered", "place unit"),),
    "agr": ((Agreement, "signed", "place unit"),),
    "call": ((CallState, "begun", "place"),),
    "plq": ((Plaque, "awarded", "unit"),),
    "sanc": ((Sanction, "voided", "session_id"), (Sanction, "suspended", "member")),
    "appl": ((Appeal, "lodged", "sanction_id"),),
    "apr": ((Appraisal, "opened", "subject"),),
    "rec": ((Rectification, "ordered", "party"),),
    "home": ((Household, "registered", "place"),),
    "meet": ((Meeting, "held", "place"),),
    "vote": ((Vote, "opened", "place request_id"),),
    "proj": ((Project, "planned", "place request_id"),),
    "pmeas": ((Measure, "", "project_id"),),
    "psess": ((ProjectSession, "held", "project_id"),),
    "trial": ((Trial, "opened", "place"),),
    "apv": ((Approval, "applied", "subject applicant"),),
}
"""By the prefix of an id. Funds, panels, standards, need groups and other ledgers are the whole community's; a member is
not where their unit is."""


def place_of(view: View, thing: str | None) -> str | None:
    """The place that a place's id, a party's or a record's leads to; None where it leads to none, or is unknown."""
    if not thing:
        return None
    if prefix_of(thing) == PLACE:
        return thing
    for kind, attribute, fields in _LEADS.get(prefix_of(thing), ()):
        told = view.state(kind, thing)
        record = getattr(told, attribute) if attribute else told
        if record is None:
            continue
        for field in fields.split():
            place = place_of(view, getattr(record, field))
            if place is not None:
                return place
    return None

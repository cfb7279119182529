"""How the commands of the engine `requests` are told again from their facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.audit.story import Leads, Special, Story
from ledger.base import Command, View
from ledger.places import commands as ask_place
from ledger.places import facts as place
from ledger.requests import commands as ask
from ledger.requests import facts

LEADS: Leads = (
    (ask.PublishRequest, facts.RequestNoticed),
    (ask.AssignRequest, facts.RequestAssigned),
    (ask.ContactRequester, facts.RequesterContacted),
    (ask.AddEvidence, facts.EvidenceAdded),
    (ask.EscalateRequest, facts.RequestEscalated),
    (ask.WarnRequest, facts.RequestWarned),
    (ask.MarkOverdue, facts.RequestOverdue),
    (ask.MarkOverdue, facts.RequestRolledOver),
    (ask_place.OpenIntakePoints, place.IntakePointOpened),
    (ask_place.AppointResponsible, place.ResponsibleAppointed),
    (ask_place.EndResponsible, place.ResponsibleEnded),
    (ask_place.CountHouseholds, place.HouseholdsCounted),
    (ask_place.ClassifyPlace, place.PlaceClassified),
)


def _rolled_over(_view: View, _story: Story, lead: facts.RequestRolledOver) -> Iterable[Command]:
    """Only what nobody took rolls over."""
    yield ask.MarkOverdue(request_id=lead.request_id, stage="published")


def _series(_view: View, story: Story, lead: place.IntakePointOpened) -> Iterable[Command]:
    """A series has as many points as the story; the first says what all have in common."""
    point_id, _, n = lead.point_id.rpartition(".")
    label, _, _ = lead.label.rpartition(" ")
    if point_id and n == "1":
        channel: Any = lead.channel
        yield ask_place.OpenIntakePoints(
            point_id=point_id, channel=channel, label=label, count=len(story.facts), place=lead.place
        )


SPECIAL: Special = {
    (ask.MarkOverdue, facts.RequestRolledOver): _rolled_over,
    (ask_place.OpenIntakePoints, place.IntakePointOpened): _series,
}

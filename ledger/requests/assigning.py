"""Decisions about whose work a request is, whether the requester was spoken with, and what shows that it is done."""

from __future__ import annotations

import re
from datetime import timedelta

from ledger.base import Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import start_of_day
from ledger.errors import Conflict, NotYours, Refused
from ledger.meetings.state import need_meeting
from ledger.parties.state import works_for
from ledger.requests import commands as do
from ledger.requests import facts
from ledger.requests.claims import check_holder, check_takeable, freed, held_claim, unit_of
from ledger.requests.stages import WORKER, check_in_charge, contact_due
from ledger.requests.state import Evidence, need_request
from ledger.rights import serves

MOST_DAYS = 366
"""A due day further off than a year is a slip of the pen (choice)."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


def assign_request(view: View, c: do.AssignRequest, scene: Scene) -> list[Fact]:
    """See `AssignRequest`; an assignment is a claim whose lease ends with the due day.

    The limit of open claims does not apply: it keeps people from taking more than they can do, and here others decide.
    """
    claim_id = check_id(c.claim_id, "claim")
    request, posted = need_request(view, c.request_id)
    check_in_charge(view, request, scene)
    standing = check_takeable(view, posted, c.owner, scene)
    if c.meeting_id is not None:
        need_meeting(view, c.meeting_id)
    if not scene.today <= c.due_day <= scene.today + timedelta(days=MOST_DAYS):
        raise Refused("bad_due_day", day=c.due_day.isoformat())
    before = freed(request, scene)
    return [
        *before,
        facts.RequestAssigned(
            request_id=c.request_id,
            claim_id=claim_id,
            owner=c.owner,
            due_day=c.due_day,
            assigned_by=scene.actor,
            meeting_id=c.meeting_id,
            day=scene.today,
        ),
        facts.RequestClaimed(
            request_id=c.request_id,
            claim_id=claim_id,
            claimant=c.owner,
            unit=unit_of(c.owner, standing),
            claimed_by=scene.actor,
            until_at=start_of_day(c.due_day + timedelta(days=1), scene.zone),
            day=scene.today,
        ),
        *contact_due(view, c.request_id, scene),
    ]


def contact_requester(view: View, c: do.ContactRequester, scene: Scene) -> list[Fact]:
    """See `ContactRequester`; also when it is late, which shows."""
    request, claim = held_claim(view, c.request_id)
    check_holder(view, claim, c.claimant, scene)
    if request.contacted:
        raise Conflict("already_contacted", request=c.request_id)
    until = request.contact_until
    return [
        facts.RequesterContacted(
            request_id=c.request_id,
            claim_id=claim.claim_id,
            claimant=claim.claimant,
            contacted_by=scene.actor,
            late=until is not None and scene.today > until,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def add_evidence(view: View, c: do.AddEvidence, scene: Scene) -> list[Fact]:
    """See `AddEvidence`; what those who do the work show counts as evidence of it."""
    evidence_id = check_id(c.evidence_id, "evi")
    request, posted = need_request(view, c.request_id)
    if _DIGEST.fullmatch(c.sha256) is None:
        raise Refused("bad_digest")
    if request.status in ("declined", "closed", "unmet", "withdrawn"):
        raise Conflict("request_settled", request=c.request_id, status=request.status)
    if c.sha256 in request.digests or view.state(Evidence, evidence_id).added:
        raise Conflict("evidence_exists", request=c.request_id)
    if not works_for(view, scene.actor, c.party):
        raise NotYours("cannot_act_for", party=c.party)
    claim = request.claim
    if c.party not in (posted.requester, claim and claim.claimant) and not serves(
        view, scene.actor, WORKER, c.request_id
    ):
        raise NotYours("not_in_charge", request=c.request_id)
    return [
        facts.EvidenceAdded(
            evidence_id=evidence_id,
            request_id=c.request_id,
            claim_id=claim.claim_id if claim is not None and c.party == request.holder else None,
            party=c.party,
            stage=request.status,
            sha256=c.sha256,
            added_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]

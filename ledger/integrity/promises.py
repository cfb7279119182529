"""`promises_of(fact)`: which promises of whom a fact shows kept or broken. Pure, like postings, over all areas.

| fact | promise | of whom | kept or broken |
|---|---|---|---|
| RequestClosed | claim_done | claimant | kept; undone where it is reopened after closing |
| ClaimLapsed | claim_lapsed | claimant | broken: neither done nor handed back in time |
| RequesterContacted | contact | claimant | kept, broken where late |
| RequestOverdue | contact or deadline | claimant (contact), or who answers for the place (other stages) | broken |
| CallAnswered | call_answered | unit | kept |
| DealSettled / DealFailed | deal | both sides / those named as having broken it | kept / broken |
| MeasureAccepted / MeasureOverdue | measure | owner | kept, broken where late / broken |
| MilestoneAccepted | milestone | applicant | kept, broken where it was reported late |
| RectificationAccepted / RectificationFailed | rectification | party | kept / broken |
| CheckedOut, CheckOutAttested / ShiftNotAttended | shift | member | kept / broken |
| PaperRowEntered | shift | member | undone: who seemed to have stayed away had come, as the paper list shows |

What is handed back in time, declined, or said to be impossible breaks nothing (choice): saying so early is what the
ledger wants. Only facts that carry the party's tag are read, so that a party's record is found by its tag alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import msgspec

from ledger.appraisals import facts as appraisal
from ledger.base import Fact
from ledger.clock import day_of
from ledger.partners import facts as partner
from ledger.projects import facts as project
from ledger.proposals import facts as proposal
from ledger.requests import facts as request
from ledger.requests.kinds import CONTACT
from ledger.resources import facts as resource
from ledger.shifts import facts as shift

PromiseKind = Literal[
    "claim_done", "claim_lapsed", "contact", "deadline", "call_answered", "deal", "measure", "milestone",
    "rectification", "shift",
]  # fmt: skip
Outcome = Literal["kept", "broken", "undone"]


class Promise(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One promise of a party and how it turned out; known by what it was and what it was about."""

    party: str
    kind: PromiseKind
    about: str
    """The id of what was promised: a claim, a deal, a call-out …"""
    outcome: Outcome
    """`undone`: an entry made before falls away."""
    day: date | None = None
    at: int | None = None
    """When, for what is known to the instant only (microseconds UTC)."""
    found_by: str = ""
    """Who found it broken, where a person did: they do not judge when it is contested."""

    @property
    def key(self) -> str:
        """What tells it from the party's other promises."""
        return f"{self.kind}:{self.about}"


def day_in(entry: Promise, zone: str) -> date:
    """The community's day of a promise."""
    if entry.day is not None:
        return entry.day
    return day_of(entry.at or 0, zone)


def _one(
    party: str | None, kind: PromiseKind, about: str | None, outcome: Outcome, day: date | None, *, at: int | None = None,
    found_by: str = "",
) -> list[Promise]:  # fmt: skip
    if party is None or about is None:
        return []
    return [Promise(party=party, kind=kind, about=about, outcome=outcome, day=day, at=at, found_by=found_by)]


def _reopened(f: request.RequestReopened) -> list[Promise]:
    return _one(f.claimant, "claim_done", f.claim_id, "undone", None, at=f.until_at) if f.was_closed else []


def _overdue(f: request.RequestOverdue) -> list[Promise]:
    """Whose turn it was: the claimant, who has to contact the one who asked, or who answers for the place."""
    if f.stage == CONTACT:
        return _one(f.claimant, "contact", f.request_id, "broken", f.day)
    return _one(f.responsible, "deadline", f.request_id, "broken", f.day)


def _settled(f: resource.DealSettled) -> list[Promise]:
    return [*_one(f.owner, "deal", f.deal_id, "kept", f.day), *_one(f.partner, "deal", f.deal_id, "kept", f.day)]


def _deal_failed(f: resource.DealFailed) -> list[Promise]:
    found = (_one(party, "deal", f.deal_id, "broken", f.day, found_by=f.ended_by) for party in f.broken_by)
    return [promise for one in found for promise in one]


_PROMISES: dict[type[Fact], Callable[[Any], list[Promise]]] = {
    request.RequestClosed: lambda f: _one(f.claimant, "claim_done", f.claim_id, "kept", f.day),
    request.RequestReopened: _reopened,
    request.ClaimLapsed: lambda f: _one(f.claimant, "claim_lapsed", f.claim_id, "broken", None, at=f.until_at),
    request.RequesterContacted: lambda f: _one(
        f.claimant, "contact", f.request_id, "broken" if f.late else "kept", f.day
    ),
    request.RequestOverdue: _overdue,
    partner.CallAnswered: lambda f: _one(f.unit, "call_answered", f.callout_id, "kept", f.day),
    resource.DealSettled: _settled,
    resource.DealFailed: _deal_failed,
    project.MeasureAccepted: lambda f: _one(
        f.owner, "measure", f.project_measure_id, "kept" if f.in_time else "broken", f.day
    ),
    project.MeasureOverdue: lambda f: _one(f.owner, "measure", f.project_measure_id, "broken", f.day),
    proposal.MilestoneAccepted: lambda f: _one(
        f.applicant, "milestone", f.grant_id, "kept" if f.reported_on <= f.due_day else "broken", f.day
    ),
    appraisal.RectificationAccepted: lambda f: _one(f.party, "rectification", f.rectification_id, "kept", f.day),
    appraisal.RectificationFailed: lambda f: _one(
        f.party, "rectification", f.rectification_id, "broken", f.day, found_by=f.failed_by
    ),
    shift.CheckedOut: lambda f: _one(f.member, "shift", f.signup_id, "kept", None, at=f.checked_at),
    shift.CheckOutAttested: lambda f: _one(f.member, "shift", f.signup_id, "kept", None, at=f.out_at),
    shift.ShiftNotAttended: lambda f: _one(f.member, "shift", f.signup_id, "broken", f.day),
    shift.PaperRowEntered: lambda f: _one(f.member, "shift", f.signup_id, "undone", None) if f.session_id else [],
}

PROMISING: frozenset[type[Fact]] = frozenset(_PROMISES)
"""The types of facts that can show a promise kept or broken."""


_GIVEN_ANEW: dict[type[Fact], Callable[[Any], tuple[str, str]]] = {
    request.RequestClaimed: lambda f: (f.claimant, f"contact:{f.request_id}"),
    project.MeasureHandedOver: lambda f: (f.owner, f"measure:{f.project_measure_id}"),
}

GIVING: frozenset[type[Fact]] = frozenset(_GIVEN_ANEW)
"""The types of facts by which a party can give the same promise once more."""


def given_anew(happened: Fact) -> tuple[str, str]:
    """Who gives a promise by this fact, and its key: to contact the one who asked, or to do a measure by its day; ("", "")
    for other facts."""
    rule = _GIVEN_ANEW.get(type(happened))
    return rule(happened) if rule is not None else ("", "")


def promises_of(happened: Fact) -> list[Promise]:
    """The promises a fact shows kept, broken or undone; none for most."""
    rule = _PROMISES.get(type(happened))
    return rule(happened) if rule is not None else []

"""Every fact of the ledger in one place: importing this module registers them all under their stored names."""

from __future__ import annotations

from ledger.appraisals import facts as _appraisals
from ledger.base import FACTS, NAME_OF, Fact
from ledger.conduct import facts as _conduct
from ledger.crossings import facts as _crossings
from ledger.disclosures import facts as _disclosures
from ledger.funds import facts as _funds
from ledger.honours import facts as _honours
from ledger.hours import facts as _hours
from ledger.integrity import facts as _integrity
from ledger.meetings import facts as _meetings
from ledger.parties import facts as _parties
from ledger.partners import facts as _partners
from ledger.places import facts as _places
from ledger.policy import facts as _policy
from ledger.projects import facts as _projects
from ledger.proposals import facts as _proposals
from ledger.requests import facts as _requests
from ledger.resources import facts as _resources
from ledger.services import facts as _services
from ledger.shifts import facts as _shifts
from ledger.trials import facts as _trials

AREAS = (
    _appraisals,
    _conduct,
    _crossings,
    _disclosures,
    _funds,
    _honours,
    _hours,
    _integrity,
    _meetings,
    _parties,
    _partners,
    _places,
    _policy,
    _projects,
    _proposals,
    _requests,
    _resources,
    _services,
    _shifts,
    _trials,
)

__all__ = ["AREAS", "FACTS", "NAME_OF", "Fact"]

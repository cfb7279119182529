"""Every command of the ledger with its decision, from its area, and its right, from the table of rights."""

from __future__ import annotations

from ledger.appraisals import decisions as appraisals
from ledger.base import Command, Rule
from ledger.conduct import decisions as conduct
from ledger.crossings import decisions as crossings
from ledger.disclosures import decisions as disclosures
from ledger.funds import decisions as funds
from ledger.honours import decisions as honours
from ledger.hours import decisions as hours
from ledger.integrity import decisions as integrity
from ledger.meetings import decisions as meetings
from ledger.parties import decisions as parties
from ledger.partners import decisions as partners
from ledger.places import decisions as places
from ledger.policy import decisions as policy
from ledger.projects import decisions as projects
from ledger.proposals import decisions as proposals
from ledger.requests import decisions as requests
from ledger.resources import decisions as resources
from ledger.rights_table import RIGHTS
from ledger.services import decisions as services
from ledger.shifts import decisions as shifts
from ledger.trials import decisions as trials

RULES: dict[type[Command], Rule] = {}
for _area in (
    appraisals,
    conduct,
    crossings,
    disclosures,
    funds,
    honours,
    hours,
    integrity,
    meetings,
    parties,
    partners,
    places,
    policy,
    projects,
    proposals,
    requests,
    resources,
    services,
    shifts,
    trials,
):
    RULES.update({kind: Rule(decide=decide, right=RIGHTS[kind.NAME]) for kind, decide in _area.RULES.items()})

COMMANDS: dict[str, type[Command]] = {kind.NAME: kind for kind in RULES}
"""Commands by the name that API and logs use."""

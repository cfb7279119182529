"""How the commands of each engine are told again; `ledger.audit.retelling` joins them with those of the ground floor."""

from __future__ import annotations

from ledger.audit.retold import appraisals, funds, meetings, partners, requests, resources, services, shifts
from ledger.audit.story import Leads, Special

_ENGINES = (requests, meetings, resources, funds, partners, appraisals, shifts, services)

LEADS: Leads = tuple(pair for engine in _ENGINES for pair in engine.LEADS)
"""Every command of the engines with the facts that tell most of it."""

SPECIAL: Special = {pair: tell for engine in _ENGINES for pair, tell in engine.SPECIAL.items()}
"""Those whose facts do not say it all by name."""

"""How the commands of the engine `meetings` are told again from their facts."""

from __future__ import annotations

from ledger.audit.story import Leads, Special

LEADS: Leads = ()

SPECIAL: Special = {}

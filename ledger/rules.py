"""Every command of the ledger with its decision and its right, in one table."""

from __future__ import annotations

from ledger.base import Command, Rule
from ledger.funds import decisions as funds
from ledger.honours import decisions as honours
from ledger.hours import decisions as hours
from ledger.parties import decisions as parties
from ledger.partners import decisions as partners
from ledger.places import decisions as places
from ledger.policy import decisions as policy
from ledger.requests import decisions as requests

RULES: dict[type[Command], Rule] = {}
for _area in (funds, honours, hours, parties, partners, places, policy, requests):
    RULES.update(_area.RULES)

COMMANDS: dict[str, type[Command]] = {kind.NAME: kind for kind in RULES}
"""Commands by the name that API and logs use."""

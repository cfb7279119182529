"""Every fact of the ledger in one place: importing this module registers them all under their stored names."""

from __future__ import annotations

from ledger.base import FACTS, NAME_OF, Fact
from ledger.funds import facts as _funds
from ledger.honours import facts as _honours
from ledger.hours import facts as _hours
from ledger.parties import facts as _parties
from ledger.partners import facts as _partners
from ledger.places import facts as _places
from ledger.policy import facts as _policy
from ledger.requests import facts as _requests

AREAS = (_funds, _honours, _hours, _parties, _partners, _places, _policy, _requests)

__all__ = ["AREAS", "FACTS", "NAME_OF", "Fact"]

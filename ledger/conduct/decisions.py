"""Decisions about conduct."""

from __future__ import annotations

from ledger.base import Command, Decide
from ledger.conduct.blacklist import BLACKLIST_RULES
from ledger.conduct.sanctions import SANCTION_RULES

RULES: dict[type[Command], Decide] = {**BLACKLIST_RULES, **SANCTION_RULES}

"""Decisions about conduct."""

from __future__ import annotations

from ledger.base import Command, Rule
from ledger.conduct.blacklist import BLACKLIST_RULES
from ledger.conduct.sanctions import SANCTION_RULES

RULES: dict[type[Command], Rule] = {**BLACKLIST_RULES, **SANCTION_RULES}

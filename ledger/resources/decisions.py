"""Decisions about resources."""

from __future__ import annotations

from ledger.base import Command, Rule

RULES: dict[type[Command], Rule] = {}

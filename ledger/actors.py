"""Who gives commands."""

from __future__ import annotations

import msgspec

OPERATOR = "svc_operator"
"""Whoever holds the machine: opens the ledger and appoints; appears as such in every envelope."""


class Actor(msgspec.Struct, frozen=True):
    """Who gives a command, and on whose behalf where that is somebody else."""

    id: str
    behalf: str | None = None

"""Every read and every write of the API: those of the ground floor and those of the engines."""

from __future__ import annotations

from api import engines, routes
from api.routes import commands

WRITES = (*commands.WRITES, *engines.WRITES)
"""One row per command of the ledger. A test says that none is missing."""

READS = (*routes.READS, *engines.READS)
"""Every read of the API."""

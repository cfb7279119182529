"""What an auditor sees and does: the past replayed, checkpoints verified, standing checks, samples, the bundle.

Reads journal, seals and projections; writes nothing to the ledger. Longer work is done by `api.audit.jobs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter

    from api.store import Store


def add_auditor(pages: APIRouter, store: Store) -> None:
    """Every page of this face."""
    from api.pages.auditor.bundling import add_bundling
    from api.pages.auditor.checkpoints import add_checkpoints
    from api.pages.auditor.desk import add_desk
    from api.pages.auditor.finding import add_finding
    from api.pages.auditor.replay import add_replay
    from api.pages.auditor.samples import add_samples

    for add in (add_desk, add_replay, add_checkpoints, add_finding, add_samples, add_bundling):
        add(pages, store)

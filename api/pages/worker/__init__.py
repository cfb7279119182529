"""What a community worker sees and does: the queue of today, paper lists, imports, printing, places, people.

May import projections, ledger and the rest of api; decides nothing: commands do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter

    from api.store import Store


def add_worker(pages: APIRouter, store: Store) -> None:
    """Every page of this face."""
    from api.pages.worker.importing import add_importing
    from api.pages.worker.paper import add_paper
    from api.pages.worker.people import add_people
    from api.pages.worker.printing import add_printing
    from api.pages.worker.queue_pages import add_queue
    from api.pages.worker.tree import add_tree

    for add in (add_queue, add_paper, add_importing, add_printing, add_tree, add_people):
        add(pages, store)

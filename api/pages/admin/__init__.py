"""What an administrator sees and does: places, roles, rules, lists, keys and tokens, and whether the house is in order.

May import projections, ledger and the rest of api; decides nothing: commands do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter

    from api.store import Store


def add_admin(pages: APIRouter, store: Store) -> None:
    """Every page of this face."""
    from api.pages.admin.health import add_health
    from api.pages.admin.keys import add_keys
    from api.pages.admin.lists import add_lists
    from api.pages.admin.overview import add_overview
    from api.pages.admin.policy import add_policy
    from api.pages.admin.roles import add_roles

    for add in (add_overview, add_lists, add_roles, add_policy, add_keys, add_health):
        add(pages, store)

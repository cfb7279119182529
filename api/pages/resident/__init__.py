"""What residents do: ask for something in three small steps, follow it, confirm it, also for a parent as their proxy.

`add_resident` gives the pages; their forms are `api.pages.resident.forms.FORMS`.
"""

from __future__ import annotations

from fastapi import APIRouter

from api.store import Store


def add_resident(pages: APIRouter, store: Store) -> None:
    """Every page of residents."""
    # Asked for here: the request's own page, which these pages build on, shows its stages out of this package.
    from api.pages.resident import acting, asking, following, menu_services, proxies

    acting.add_acting(pages, store)
    asking.add_asking(pages, store)
    following.add_following(pages, store)
    menu_services.add_menu(pages, store)
    proxies.add_proxies(pages, store)

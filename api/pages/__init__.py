"""The pages that people see: server-rendered HTML. May import projections, ledger and the rest of api; decides nothing.

`router(store)` gives every page; `mount_pages(app, store)` puts them and their static files into an application.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI
    from starlette.types import ASGIApp

    from api.store import Store


def router(store: Store) -> APIRouter:
    """Every page of this store. Include it after the API's routes: its addresses begin with a ledger's short name."""
    from api.pages.routes import page_router

    return page_router(store)


def static_app() -> ASGIApp:
    """Style sheet, icons and htmx, under addresses that carry their content's hash and may be kept for ever."""
    from api.pages.assets import Assets

    return Assets()


def mount_pages(app: FastAPI, store: Store) -> None:
    """Add the pages and their static files to an application; answers are compressed from here on."""
    from starlette.middleware.gzip import GZipMiddleware

    from api.pages.routes import problem_page
    from api.pages.signin.proving import install

    app.add_middleware(GZipMiddleware, minimum_size=512)
    app.mount("/static", static_app(), name="static")
    app.include_router(router(store))
    app.state.problem_page = problem_page(store)
    install(app, store)

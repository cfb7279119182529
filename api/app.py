"""The server: the JSON API below `/api/`, and the pages for people where they are installed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from re import DOTALL, findall

import msgspec
from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api import problems
from api.endpoints import READS
from api.hosts import KnownHosts
from api.limits import BodyLimit
from api.openapi import VERSION, document
from api.pages import mount_pages
from api.routes.reads import add_reads
from api.routes.writes import add_writes
from api.security import SecurityHeaders
from api.store import Store

DOCS, DOCS_FILES, OPENAPI, HEALTH = "/api/docs", "/api/docs-files", "/api/v1/openapi.json", "/api/health"


class Health(msgspec.Struct, frozen=True):
    """That the server answers and its store can be read."""

    status: str
    ledgers: int


def create_app(store: Store, *, hosts: Sequence[str] = ()) -> FastAPI:
    """The application over an open store. The caller keeps the store open and closes it. `hosts`: names or addresses that
    it is reached by beside `NUANLIN_ADDRESS`, this machine and private networks (`api.hosts`).

    `api.pages.mount_pages(app, store)` adds the pages. It may set `app.state.problem_page`, a function of (request,
    error, status) that answers errors outside `/api/`.
    """
    app = FastAPI(title="Nuanlin", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.store = store
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(KnownHosts, hosts=hosts)
    app.add_middleware(SecurityHeaders)
    _add_documents(app)
    add_writes(app)
    add_reads(app, READS)
    mount_pages(app, store)
    return app


def _add_documents(app: FastAPI) -> None:
    """Health, the OpenAPI document in both languages, and a page to try it that asks no other machine."""

    def health(request: Request) -> Response:
        store: Store = request.app.state.store
        return Response(
            msgspec.json.encode(Health("ok", len(store.application.ledgers()))), media_type="application/json"
        )

    def openapi(request: Request) -> Response:
        lang = problems.language(request)
        headers = {"Content-Language": lang, "Vary": "Accept-Language", "Cache-Control": "no-cache"}
        return Response(msgspec.json.encode(document(lang)), 200, headers, "application/json")

    def docs() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url=OPENAPI,
            title="Nuanlin API",
            swagger_js_url=f"{DOCS_FILES}/swagger-ui-bundle.js",
            swagger_css_url=f"{DOCS_FILES}/swagger-ui.css",
            swagger_favicon_url=f"{DOCS_FILES}/favicon.png",
        )
        page.headers["Content-Security-Policy"] = _docs_policy(bytes(page.body).decode())
        return page

    app.add_api_route(HEALTH, health, include_in_schema=False)
    app.add_api_route(OPENAPI, openapi, include_in_schema=False)
    app.add_api_route(DOCS, docs, include_in_schema=False)
    app.mount(DOCS_FILES, StaticFiles(packages=[("fastapi_offline", "static")]), name="docs-files")


def _docs_policy(page: str) -> str:
    """Only our own files, and the one script that stands in the page itself, by its hash."""
    scripts = [sha256(script.encode()).digest() for script in findall(r"<script>(.*?)</script>", page, DOTALL)]
    hashes = " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in scripts)
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )

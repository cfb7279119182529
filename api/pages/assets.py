"""Static files under addresses that carry the hash of their content, so that a browser asks for each of them once."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

_HERE = Path(__file__).parent.parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
_FOR_EVER = "public, max-age=31536000, immutable"
PREFIX = "/static/"


class Asset(msgspec.Struct, frozen=True):
    """One file: the name in its address, its type, its bytes as they are and compressed."""

    address: str
    media_type: str
    body: bytes
    packed: bytes


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """Every static file by its plain name, such as `app.css`; htmx comes from the wheel that carries it."""
    bodies = {path.name: path.read_bytes() for path in sorted(_HERE.iterdir()) if path.suffix in _TYPES}
    htmx = files("js_lib_htmx").joinpath("static", "htmx", "htmx.min.js")
    bodies["htmx.js"] = htmx.read_bytes()
    found: dict[str, Asset] = {}
    for name, body in bodies.items():
        stem, _, kind = name.rpartition(".")
        digest = hashlib.sha256(body).hexdigest()[:12]
        found[name] = Asset(f"{stem}.{digest}.{kind}", _TYPES[f".{kind}"], body, gzip.compress(body, 9, mtime=0))
    return found


def asset_url(name: str) -> str:
    """The address of a static file by its plain name; KeyError where there is none."""
    return PREFIX + assets()[name].address


class Assets:
    """Serves the static files, compressed where the browser takes it. An address with another hash is not found."""

    def __init__(self) -> None:
        self._by_address = {one.address: one for one in assets().values()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = self._answer(scope) if scope["type"] == "http" else PlainTextResponse("", status_code=404)
        await response(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("", status_code=405, headers={"Allow": "GET, HEAD"})
        found = self._by_address.get(str(scope["path"]).rpartition("/")[2])
        if found is None:
            return PlainTextResponse("", status_code=404)
        headers = {
            "Cache-Control": _FOR_EVER,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            # The icons are a picture of their own when they are opened by themselves.
            "Content-Security-Policy": "default-src 'none'",
        }
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            return Response(found.packed, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"})
        return Response(found.body, media_type=found.media_type, headers=headers)

"""How large a body may be: 1 MiB (choice), photos more, said as a problem whether the length is declared or not; and how slowly
it may come."""

from __future__ import annotations

import asyncio
import re

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from ledger.errors import Refused

MAX_BODY_BYTES = 1024 * 1024
MAX_PHOTOS_BYTES = 24 * 1024 * 1024
"""Of a form with photos (choice); whoever sends one is asked who they are before it is read."""
MAX_SHEET_BYTES = 17 * 1024 * 1024
"""Of a form with a sheet to be imported (choice): 16 MiB and the form around it."""
MAX_STRANGER_BYTES = 64 * 1024
"""Of a page's form from who brings neither a cookie nor a token (choice): they sign in, or ask to join."""
_PATIENCE_SECONDS, _LEAST_BYTES_A_SECOND = 20.0, 16 * 1024
"""So long any body may take, and as much longer as it comes at this speed (choice): 84 s for 1 MiB. Photos have a patience of
their own (`api.photos`)."""
_WITH_SHEET = re.compile(r"/[^/]+/import")
_WITH_PHOTOS = re.compile(r"/[^/]+/(?:requests|rectifications|proposals)/[^/]+/photos")


class BodyLimit:
    """ASGI middleware: refuses bodies beyond the limit before anything has been done, and those that come drop by drop."""

    def __init__(self, app: ASGIApp, most_bytes: int = MAX_BODY_BYTES, patience: float = _PATIENCE_SECONDS) -> None:
        self._app, self._most_bytes, self._patience_seconds = app, most_bytes, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the declared length, then count what really comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        most_bytes = self._most_bytes_of(request)
        declared = request.headers.get("content-length", "")
        if declared.isascii() and declared.isdecimal() and int(declared[:20]) > most_bytes:
            await problems.answer(request, Refused("body_too_large", most=most_bytes))(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        whole = _WITH_PHOTOS.fullmatch(str(scope["path"])) is not None  # whose own patience counts
        began, read_bytes = 0.0, 0

        async def counted() -> Message:
            nonlocal began, read_bytes, whole
            if whole:
                message = await receive()
            else:
                began = began or loop.time()
                try:
                    async with asyncio.timeout_at(began + self._patience_seconds + read_bytes / _LEAST_BYTES_A_SECOND):
                        message = await receive()
                except TimeoutError:
                    raise HTTPException(408) from None
                whole = not message.get("more_body", False)
            read_bytes += len(message.get("body", b""))
            if read_bytes > most_bytes:
                raise HTTPException(413, str(most_bytes))
            return message

        await self._app(scope, counted, send)

    def _most_bytes_of(self, request: Request) -> int:
        path, headers = str(request.scope["path"]), request.headers
        if _WITH_PHOTOS.fullmatch(path):
            return MAX_PHOTOS_BYTES
        if _WITH_SHEET.fullmatch(path):
            return MAX_SHEET_BYTES
        if path.startswith("/api/") or "cookie" in headers or "authorization" in headers:
            return self._most_bytes
        return min(MAX_STRANGER_BYTES, self._most_bytes)

"""How large a body may be: 1 MiB (choice), photos more, said as a problem whether the length is declared or not."""

from __future__ import annotations

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
_WITH_SHEET = re.compile(r"/[^/]+/import")
_WITH_PHOTOS = re.compile(r"/[^/]+/(?:requests|rectifications|proposals)/[^/]+/photos")


class BodyLimit:
    """ASGI middleware: refuses bodies beyond the limit before anything has been done."""

    def __init__(self, app: ASGIApp, most_bytes: int = MAX_BODY_BYTES) -> None:
        self._app, self._most_bytes = app, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the declared length, then count what really comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        most_bytes = MAX_PHOTOS_BYTES if _WITH_PHOTOS.fullmatch(str(scope["path"])) else self._most_bytes
        if _WITH_SHEET.fullmatch(str(scope["path"])):
            most_bytes = MAX_SHEET_BYTES
        declared = request.headers.get("content-length", "")
        if declared.isascii() and declared.isdecimal() and int(declared[:20]) > most_bytes:
            await problems.answer(request, Refused("body_too_large", most=most_bytes))(scope, receive, send)
            return
        read_bytes = 0

        async def counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > most_bytes:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

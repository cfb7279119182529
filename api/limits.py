"""How large a body may be: 1 MiB (choice), said as a problem whether the length is declared or comes in pieces."""

from __future__ import annotations

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from ledger.errors import Refused

MAX_BODY_BYTES = 1024 * 1024


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
        declared = request.headers.get("content-length", "")
        if declared.isascii() and declared.isdecimal() and int(declared[:20]) > self._most_bytes:
            await problems.answer(request, Refused("body_too_large", most=self._most_bytes))(scope, receive, send)
            return
        read_bytes = 0

        async def counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > self._most_bytes:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

"""A server that lets its screens go before it waits for what is still being answered."""

from __future__ import annotations

import socket

import uvicorn

from api.pages.hall.screens import end_streams


class EndingServer(uvicorn.Server):
    """Uvicorn waits for every answer under way, and a stream is one that ends only when it is told to."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then stop as ever."""
        end_streams()
        await super().shutdown(sockets)

"""Real servers on loopback ports of their own: a witness, and a log that shows whatever the story wants."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from api.witness.server import LIFE_SECONDS, WitnessServer
from ledger.seal.notes import to_base64
from ledger.seal.witness import Witness
from tests.ledger.seal.logs import Log

Reply = tuple[int, bytes]


@contextmanager
def answering(witness: Witness, *, port: int = 0, life_seconds: float = LIFE_SECONDS) -> Iterator[str]:
    """A witness's server in a thread; gives its address."""
    listening = socket.create_server(("127.0.0.1", port))
    server = WitnessServer(witness, listening, life_seconds=life_seconds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def scripted(reply: Callable[[str, str, bytes], Reply]) -> Iterator[str]:
    """A server that answers (method, path, body) as the story says; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = reply(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if 300 <= status < 400:
                self.send_header("Location", content.decode())
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815  # the standard library's names

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class ShownLog:
    """A log as its ledger's API shows it: `shown` is what it shows today, `brought` what witnesses brought."""

    def __init__(self, shown: Log) -> None:
        self.shown = shown
        self.brought: list[str] = []

    def __call__(self, method: str, path: str, body: bytes) -> Reply:
        """Answer like the API."""
        parts = urlsplit(path)
        if (method, parts.path) == ("POST", "/cosignatures"):
            self.brought.append(body.decode())
            return 200, b"{}"
        if parts.path == "/checkpoint":
            return 200, self.shown.note().encode()
        asked = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
        if asked["to"] > len(self.shown.leaves):
            return 404, b"not sealed so far"
        proof = self.shown.proof(asked["from"], asked["to"])
        return 200, json.dumps({"proof": [to_base64(one) for one in proof]}).encode()

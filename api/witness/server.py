"""The witness's HTTP side, as c2sp.org/tlog-witness has it, on the standard library alone.

    POST /add-checkpoint                      a checkpoint comes in, a cosignature goes out
    GET  /<SHA-256 of the origin>/checkpoint  the last checkpoint that was cosigned

Nobody signs in: the log's signature on the checkpoint is what admits it. So whatever a caller can use up is bounded: bytes of
a body, connections at once, the time a connection may last. TLS is the business of a proxy in front.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import structlog

from api import formats
from api.texts import language_of
from ledger.errors import NotFound, NuanlinError, Refused
from ledger.seal.submission import LARGEST_BODY, read_submission
from ledger.seal.witness import Witness

MOST_CONNECTIONS = 64
SILENCE_SECONDS = 10
"""How long a connection may say nothing."""
LIFE_SECONDS = 60
"""How long a connection may last, however busy: a caller who sends a byte now and then keeps no place for ever."""

EVIDENCE_HEADER = "Nuanlin-Evidence"
"""Beside a refusal: the id of what was kept of it. The body of a 409 has room for nothing but the size."""

_STATUS = {
    "bad_submission": HTTPStatus.BAD_REQUEST,
    "bad_note": HTTPStatus.BAD_REQUEST,
    "old_size_too_large": HTTPStatus.BAD_REQUEST,
    "bad_signature": HTTPStatus.FORBIDDEN,
    "no_length": HTTPStatus.LENGTH_REQUIRED,
    "body_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
"""Codes whose status differs from that of their branch of the error tree: 404, 409, 422 and 503 are right as they are."""

_SIZE_TYPE, _PLAIN = "text/x.tlog.size", "text/plain; charset=utf-8"
_CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint")
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_log = structlog.get_logger("nuanlin.witness")


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness on a socket that is listening already: a thread for each connection, and not too many."""

    def __init__(self, witness: Witness, listening: socket.socket, *, life_seconds: float = LIFE_SECONDS) -> None:
        super().__init__(listening.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket, self.witness = listening, witness
        self.server_address = listening.getsockname()
        self._life_seconds = life_seconds
        self._places = threading.Semaphore(MOST_CONNECTIONS)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a thread for a connection, if there is a place for it."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        with suppress(OSError):
            request.settimeout(1)
            request.sendall(_BUSY)
        self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One connection from its first byte to its last."""
        end = threading.Timer(self._life_seconds, _hang_up, [request, socket.SHUT_RDWR])
        end.daemon = True
        end.start()
        with self._lock:
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            end.cancel()
            with self._lock:
                self._open.discard(request)
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection broke off; what was signed is remembered, and the caller will ask again."""
        _log.warning("witness_connection_failed", error=type(sys.exception()).__name__)

    def server_close(self) -> None:
        """Take no more connections, let those under way give their answer, and end."""
        super().server_close()
        with self._lock:
            waiting = list(self._open)
        for request in waiting:
            # Whoever has sent a whole request still gets the answer; whoever has not, will send no more.
            _hang_up(request, socket.SHUT_RD)
        for _ in range(MOST_CONNECTIONS):
            if not self._places.acquire(timeout=SILENCE_SECONDS):
                return


def _hang_up(request: socket.socket, how: int) -> None:
    with suppress(OSError):
        request.shutdown(how)


class _Handler(BaseHTTPRequestHandler):
    """One connection; requests follow each other on it."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nuanlin-witness", ""
    error_message_format, error_content_type = "%(message)s\n", _PLAIN
    timeout = SILENCE_SECONDS
    disable_nagle_algorithm = True

    @property
    def _witness(self) -> Witness:
        return cast(WitnessServer, self.server).witness

    def do_POST(self) -> None:
        """`add-checkpoint`."""
        with self._told():
            if self.path != "/add-checkpoint":
                self.close_connection = True
                raise NotFound("no_such_page")
            asked = read_submission(self._body())
            line = self._witness.add_checkpoint(asked.old_size, asked.proof, asked.note)
            self._answer(HTTPStatus.OK, line)

    def do_GET(self) -> None:
        """The last checkpoint of a log."""
        with self._told():
            wanted = _CHECKPOINT.fullmatch(self.path)
            for log in self._witness.logs() if wanted else []:
                if wanted and log.last and sha256(log.origin.encode()).hexdigest() == wanted[1]:
                    self._answer(HTTPStatus.OK, log.last.note)
                    return
            raise NotFound("no_such_page")

    def log_message(self, *_: Any) -> None:
        """Requests are not logged one by one; what was turned away is, with its reason."""

    def _body(self) -> bytes:
        """The body, whose length must be told beforehand."""
        told = self.headers.get_all("Content-Length", [])
        if self.headers.get("Transfer-Encoding") is not None or len(told) != 1 or not _is_number(told[0]):
            self.close_connection = True
            raise Refused("no_length")
        length = int(told[0])
        if length > LARGEST_BODY:
            self.close_connection = True
            raise Refused("body_too_large", most=LARGEST_BODY)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            raise Refused("bad_submission", reason="cut")
        return body

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn a refusal into its answer."""
        try:
            yield
        except NuanlinError as error:
            evidence = str(error.details.get("evidence", ""))
            status = _STATUS.get(error.code, HTTPStatus(error.status))
            if error.code not in ("witness_at_other_size", "no_such_page") or evidence:
                _log.warning("witness_turned_away", code=error.code, evidence=evidence)
            if error.code == "witness_at_other_size":
                self._answer(status, f"{error.details['size']}\n", _SIZE_TYPE, evidence)
                return
            lang = language_of(self.headers.get("Accept-Language", ""))
            self._answer(status, f"{error.code}: {formats.error(error, lang)}\n", _PLAIN, evidence)

    def _answer(self, status: HTTPStatus, text: str, kind: str = _PLAIN, evidence: str = "") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if evidence:
            self.send_header(EVIDENCE_HEADER, evidence)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10

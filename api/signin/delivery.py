"""How a code reaches a phone: a plug-in. In development it is printed where the server runs.

`NUANLIN_CODE_DELIVERY`: `console`, `none` (no sign-in by phone), or `package.module:name` of a function that takes a
`Message`. Whether a phone is anybody's is looked up and acted on behind the answer to the browser, so that neither
the answer nor its time tells.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import msgspec
import structlog

from api.finding import find_by_phone
from api.settings import Settings
from api.signin.codes import MINUTES, reaches
from api.store import Store
from api.texts import text
from ledger.errors import Unusable

_log = structlog.get_logger("nuanlin.sign_in")
_AT_ONCE = 4


class Message(msgspec.Struct, frozen=True):
    """A code on its way to a phone. `text` is the whole message in the language of who asked."""

    ledger: str
    phone: str
    code: str
    text: str
    lang: str


Delivery = Callable[[Message], None]


def console(message: Message) -> None:
    """Print a message where the server runs: for development, and for trying things out."""
    sys.stderr.write(f"{message.phone}: {message.text}\n")
    sys.stderr.flush()


def delivery_of(settings: Settings) -> Delivery | None:
    """The configured way; None where there is none. Raises Unusable `bad_code_delivery`."""
    wanted = settings.code_delivery
    if wanted in ("none", "console"):
        return console if wanted == "console" else None
    module, _, name = wanted.partition(":")
    try:
        made: Delivery = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise Unusable("bad_code_delivery", name=wanted) from None
    return made


class Courier:
    """Sends codes to those phones that are somebody's, beside the request that asked. Thread-safe."""

    def __init__(self, store: Store, delivery: Delivery) -> None:
        self._store, self._delivery = store, delivery
        self._workers = ThreadPoolExecutor(_AT_ONCE, "codes")

    def take(self, ledger: str, community: str, phone: str, code: str, lang: str) -> None:
        """Take a code over; returns at once, whatever becomes of it."""
        said = text(lang, "pages.signin.message", community=community, code=code, minutes=MINUTES)
        self._workers.submit(self._send, Message(ledger, phone, code, said, lang))

    def take_new(self, ledger: str, community: str, phone: str, code: str, lang: str) -> None:
        """The same for a number that somebody who is signed in says is theirs now: sent whoever else has it, or nobody."""
        said = text(lang, "pages.correcting.message", community=community, code=code, minutes=MINUTES)
        self._workers.submit(self._send_new, Message(ledger, phone, code, said, lang))

    def _send_new(self, message: Message) -> None:
        try:
            self._delivery(message)
        except Exception as error:  # noqa: BLE001 - see `_send`
            _log.error("code_not_delivered", error=type(error).__name__)

    def _send(self, message: Message) -> None:
        try:
            known = find_by_phone(self._store, message.ledger, message.phone)
            if any(reaches(self._store, message.ledger, one) for one in known):
                self._delivery(message)
        except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way; nobody waits for the answer
            _log.error("code_not_delivered", error=type(error).__name__)

"""A ledger of another machine, as the courier reaches it: over its HTTP API, with the courier's token."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from api.crossing import AT_ONCE, Agreement, Answered, Evidence, Parcel
from api.outgoing import base_url, call
from ledger.base import Command
from ledger.errors import Conflict, NotFound, NotSignedIn, NotYours, NuanlinError, Refused, TooMany, Unusable
from ledger.seal.notes import to_base64

_ERRORS: dict[int, type[NuanlinError]] = {
    kind.status: kind for kind in (Refused, NotFound, Conflict, NotYours, NotSignedIn, TooMany, Unusable)
}
_STEPS = {"receive_hours": "receive", "confirm_arrival": "confirm", "return_hours": "return"}


class HttpSide:
    """A ledger behind an address such as `https://xianghe.example/api/v1/xianghe`. Raises Unreachable where nobody answers."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = base_url(url), token

    def agreement(self, peer: str) -> Agreement:
        """See `Side`."""
        row = self._ask(f"/peers/{quote(peer)}")
        return Agreement(peer, row["here"], bool(row["vkey"]))

    def waiting(self, peer: str) -> list[Parcel]:
        """See `Side`."""
        asked = {"peer": peer, "direction": "out", "status": "sent", "limit": AT_ONCE}
        rows = self._ask(f"/crossings?{urlencode(asked)}")["crossings"]
        return [Parcel(row["transfer_id"], row["receiver"], row["minutes"], row["number"]) for row in rows]

    def answered(self, transfer_id: str) -> Answered | None:
        """See `Side`."""
        try:
            row = self._ask(f"/crossings/{quote(transfer_id)}")
        except NotFound:
            return None
        if row["direction"] != "in":
            return None
        return Answered(row["status"], row["reason"] or "", row["number"])

    def evidence(self, position: int) -> Evidence | None:
        """See `Side`."""
        try:
            found = self._ask(f"/receipts/{position}")
        except NotFound as missing:
            if missing.code != "not_sealed_yet":
                raise
            return None
        return Evidence(to_base64(found["proof"].encode()), found["record"])

    def give(self, command: Command) -> None:
        """See `Side`."""
        body = {name: value for name, value in msgspec.to_builtins(command).items() if name != "transfer_id"}
        path = f"/crossings/{quote(command.transfer_id)}/{_STEPS[command.NAME]}"  # type: ignore[attr-defined]  # couriers carry nothing else
        self._ask(path, body)

    def _ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The document of an answer; a problem is raised as the error it tells of."""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if body is None:
            answer = call("GET", self._url + path, headers=headers)
        else:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": f"courier-{uuid.uuid4()}"}
            answer = call("POST", self._url + path, json.dumps(body).encode(), headers=headers)
        try:
            document = json.loads(answer.body)
        except ValueError:
            raise Unusable("peer_answers_strangely", status=answer.status) from None
        if answer.status >= 400:
            told = document if isinstance(document, dict) else {}
            kind = _ERRORS.get(answer.status, Unusable)
            raise kind(str(told.get("code", "peer_answers_strangely")), status=answer.status)
        return document

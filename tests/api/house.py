"""A small community behind the API: a store, its server, and callers with tokens."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api import tokens
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.parties.commands import RoleName
from tests.house.stores import LEDGER

BASE = f"/api/v1/{LEDGER}"
YESTERDAY = date.today() - timedelta(days=1)


def said(response: Response) -> Any:
    """The body of an answer that is no problem."""
    assert response.status_code < 400, response.text
    return response.json()


def code_of(response: Response) -> str:
    """The code of a problem."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    return str(response.json()["code"])


class Caller:
    """Somebody with a token (or without one), who calls the API of the ledger."""

    def __init__(self, app: FastAPI, token: str = "", actor: str = "", lang: str = "en") -> None:
        self.http = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        self.actor, self.token = actor, token
        self.http.headers["Accept-Language"] = lang
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"
        self._keys = (f"key-{number}" for number in itertools.count())

    def get(self, path: str, **headers: str) -> Response:
        """A read below the ledger."""
        return self.http.get(BASE + path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Response:
        """A write below the ledger, under a key of its own unless one is given."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Idempotency-Key": key or next(self._keys), **more}
        return self.http.post(BASE + path, json={} if body is None else body, headers=sent)

    def post_raw(self, path: str, body: bytes) -> Response:
        """A write whose body is these bytes, said to be JSON."""
        sent = {"Idempotency-Key": next(self._keys), "Content-Type": "application/json"}
        return self.http.post(BASE + path, content=body, headers=sent)


class House:
    """A store with an open ledger, its application, and everybody in it."""

    def __init__(self, store: Store, app: FastAPI) -> None:
        self.store, self.app = store, app
        self.anybody = Caller(app)
        self.worker = self.staff("community_worker", "administrator")

    def staff(self, *roles: RoleName) -> Caller:
        """A service that holds these roles."""
        token, actor = tokens.create(self.store, LEDGER, label="desk", roles=roles)
        return Caller(self.app, token, actor)

    def caller(self, member: str, *roles: RoleName, lang: str = "en") -> Caller:
        """A member with a token, who holds these roles."""
        token, actor = tokens.create(self.store, LEDGER, actor=member, roles=roles)
        return Caller(self.app, token, actor, lang)

    def member(self, name: str, phone: str = "13800001234") -> str:
        """A new member of that name."""
        answer = said(self.worker.post("/members", {"words": {"name": name, "phone": phone}}))
        return str(answer["ids"]["member_id"])

    def bank(self, member: str, minutes: int = 480) -> None:
        """Verified minutes of yesterday."""
        said(self.worker.post("/deposits", {"volunteer": member, "day": str(YESTERDAY), "minutes": minutes}))

    def wish(self, requester: str, title: str = "修一修阳台的灯", *, publish: bool = True, **words: str) -> str:
        """A micro-wish, on the board unless said otherwise."""
        body = {"kind": "wish", "requester": requester, "words": {"title": title, **words}}
        request_id = str(said(self.worker.post("/requests", body))["ids"]["request_id"])
        if publish:
            said(self.worker.post(f"/requests/{request_id}/publish"))
        return request_id

    def operate(self, command: Command) -> Any:
        """A command by the operator, past the API."""
        return self.store.application.execute(LEDGER, command, actor=Actor(OPERATOR))

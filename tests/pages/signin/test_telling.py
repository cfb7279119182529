"""What is answered tells nobody whether something private exists: every command, every page that takes a form.

Asked about something that is there and that not everybody may know of, and about the same thing invented: by somebody who is
not signed in, and by a volunteer without an office. The answers are equal up to the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from httpx2 import Response
from sqlalchemy import select
from starlette.routing import Route
from starlette.testclient import TestClient

from api import tokens
from api.app import create_app
from api.endpoints import READS, WRITES
from api.openapi import examples
from api.pages import router
from api.routes.commands import Write
from api.routes.concealing import PRIVATE
from api.routes.writes import parameters
from api.simulation.life import live
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.clock import day_of, system_clock
from ledger.ids import PERSON, new_id, prefix_of
from ledger.journal.tables import event_tags
from ledger.parties.commands import ErasePersonalData, RegisterMember
from ledger.rights_table import RIGHTS
from tests.api.test_writing_rights import body_of
from tests.house.stores import LEDGER, settings_for
from tests.pages.world import DAYS, PEOPLE, SEED

KEYS = count()
EACH = 2
HELD = {
    "member": PERSON,
    "member_id": PERSON,
    "party": PERSON,
    "request_id": "req",
    "session_id": "ses",
    "grant_id": "grant",
}
_ID = re.compile(r"[a-z]+_")
_UNIQUE = re.compile(r'(name="(?:csrf|key)" value=")[^"]*')


class There:
    """Things of the street that a plain volunteer may not know of, by the kind of their ids."""

    def __init__(self, store: Store) -> None:
        self.app = create_app(store)
        self.volunteer, self.erased = self._registered(store), self._registered(store)
        store.application.execute(LEDGER, ErasePersonalData(subject=self.erased), actor=Actor(OPERATOR))
        store.catch_up(LEDGER)
        self.token, _ = tokens.create(store, LEDGER, actor=self.volunteer)
        with store.database.engine.connect() as connection:
            tags = sorted(str(tag) for tag in connection.execute(select(event_tags.c.tag).distinct()).scalars())
        self.ids: dict[str, list[str]] = {}
        reader = self.client()
        for tag in tags:
            kind = prefix_of(tag)
            if kind == PERSON or (kind in PRIVATE and self._is_hidden(reader, tag)):
                self.ids.setdefault(kind, []).append(tag)
        self.ids[PERSON] = [self.erased, *(one for one in self.ids[PERSON] if one != self.volunteer)]

    @staticmethod
    def _registered(store: Store) -> str:
        command = RegisterMember()
        store.application.execute(LEDGER, command, actor=Actor(OPERATOR))
        return command.member_id

    def client(self, *, signed_in: bool = False) -> TestClient:
        """A client without a browser, of nobody or of the volunteer; redirects are shown, not followed."""
        client = TestClient(self.app, base_url="http://127.0.0.1", follow_redirects=False)
        if signed_in:
            answer = client.post("/sign-in", data={"token": self.token, "ledger": LEDGER})
            assert answer.status_code == 303, answer.text
        return client

    def _is_hidden(self, reader: TestClient, thing: str) -> bool:
        """Whether the volunteer finds no such thing."""
        read = next(read for read in READS if read.name == PRIVATE[prefix_of(thing)])
        path = re.sub(r"\{\w+\}", thing, read.path)
        token = {"Authorization": f"Bearer {self.token}"}
        return reader.get(f"/api/v1/{LEDGER}{path}", headers=token).status_code == 404


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    """A street, and what is private in it."""
    folder = tmp_path_factory.mktemp("street")
    settings = settings_for(f"sqlite:///{folder / 'street.db'}", folder)
    began = day_of(system_clock()) - timedelta(days=DAYS - 1)
    live(settings, LEDGER, people=PEOPLE, days=DAYS, seed=SEED, began=began, rules=False, named=True)
    with Store.open(settings) as store:
        yield There(store)


def given(there: There, client: TestClient, write: Write, fields: dict[str, object], *, signed_in: bool) -> Response:
    """The answer to a command over HTTP."""
    path = {name: fields.get(name, "x") for name in parameters(write.path)}
    left_out = (*path, *write.hidden, *write.command.GENERATED)
    body = {name: value for name, value in fields.items() if name not in left_out}
    headers = {"Idempotency-Key": f"telling-{next(KEYS)}"}
    if signed_in:
        headers["Authorization"] = f"Bearer {there.token}"
    return client.post(f"/api/v1/{LEDGER}{write.path.format(**path)}", json=body, headers=headers)


def answer_of(answer: Response, thing: str) -> tuple[int, str, str]:
    """What is told, without the id that was asked about."""
    text = _UNIQUE.sub(r"\1", answer.text.replace(thing, "…"))
    return answer.status_code, answer.headers.get("location", "").replace(thing, "…"), text


def pairs(there: There, kinds: frozenset[str]) -> Iterator[tuple[Write, dict[str, object], str, str, str]]:
    """Every command with every box for an id filled with something that is there, and with the same invented: the command,
    its other fields with the volunteer as owner, the box, the two ids."""
    for write in WRITES:
        known: dict[str, object] = {**body_of(write.command), **examples().get(write.command.NAME, {})}
        known |= {one: there.volunteer for one in RIGHTS[write.command.NAME].own if one in known}
        boxes = {*parameters(write.path), *(name for name, value in known.items() if _ID.match(str(value)))}
        for box in sorted(boxes - set(write.command.GENERATED)):
            for kind in sorted(kinds & there.ids.keys()):
                for thing in there.ids[kind][:1]:
                    yield write, known, box, thing, new_id(kind)


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_command_tells_what_is_there(there: There, signed_in: bool) -> None:
    client, asked = there.client(), 0
    told: list[tuple[str, str, int, int]] = []
    # Whom a volunteer names for their own affairs is a neighbour they know: that somebody is there is no secret to them.
    kinds = frozenset(PRIVATE) if signed_in else frozenset({*PRIVATE, PERSON})
    for write, known, box, thing, invented in pairs(there, kinds):
        here, nowhere = (
            given(there, client, write, {**known, box: one}, signed_in=signed_in) for one in (thing, invented)
        )
        asked += 1
        if answer_of(here, thing) != answer_of(nowhere, invented):
            told.append((write.command.NAME, box, here.status_code, nowhere.status_code))
    assert told == []
    assert asked > 500


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_page_that_takes_a_form_tells_what_is_there(there: There, signed_in: bool) -> None:
    client, told, asked = there.client(signed_in=signed_in), [], 0
    csrf = ""
    if signed_in:
        page = client.get(f"/{LEDGER}/sign-ins").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    for route in router(there.app.state.store).routes:
        assert isinstance(route, Route)
        names = re.findall(r"\{(\w+)\}", route.path)
        held = next((HELD[name] for name in names if name in HELD), "")
        if "POST" not in (route.methods or ()) or held not in there.ids:
            continue
        invented = new_id(held)
        for thing in there.ids[held][:EACH]:
            for csrf_sent in {csrf, "x"}:
                answers = []
                for one in (thing, invented):
                    filled = {name: one if HELD.get(name) == held else "x" for name in names} | {"ledger": LEDGER}
                    sent = {"csrf": csrf_sent, "sure": "yes", "key": f"telling-{next(KEYS)}"}
                    answers.append(answer_of(client.post(route.path.format(**filled), data=sent), one))
                asked += 1
                if answers[0] != answers[1]:
                    told.append((route.path, thing == there.erased, answers[0][:2], answers[1][:2]))
    assert told == []
    assert asked > 20

"""A street on which a mechanism is lived through, over HTTP or by the command line, and audited at the end."""

from __future__ import annotations

import io
import itertools
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest
from fastapi.testclient import TestClient

from api import tokens
from api.app import create_app
from api.asking import read_named, write_named
from api.audit import verify
from api.audit.bundle import write_bundle
from api.cli import main
from api.deadlines import Deadlines
from api.engines import FIGURES
from api.routes.writes import parameters
from api.settings import Settings
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.audit.auditing import audit
from ledger.audit.sealed import Trust
from ledger.base import Command
from ledger.clock import at_time
from ledger.parties.commands import GrantRole, PartyKind, PersonWords, RegisterMember, RegisterUnit, RoleName
from ledger.places.commands import AddPlace, OpenLedger, PlaceKind
from projections.rebuild import compare

LEDGER = "fangxing"
FIRST_DAY = date(2026, 3, 2)
"""A Monday."""


class Done(NamedTuple):
    """What a command came to: the ids that were made, and the position of its last fact."""

    ids: dict[str, str]
    position: int


class Said(NamedTuple):
    """An answer: its document, and the code of a refusal ("" where there was none)."""

    document: Any
    code: str


class Way(Protocol):
    """How commands and questions reach the ledger."""

    def do(self, name: str, fields: Mapping[str, Any], by: str) -> Said:
        """Give a command."""
        ...

    def see(self, name: str, fields: Mapping[str, Any], by: str) -> Said:
        """Ask for something."""
        ...


class OverHttp:
    """Over HTTP, with a bearer token."""

    def __init__(self, street: Street) -> None:
        self._street = street
        self._http = TestClient(create_app(street.store), base_url="http://127.0.0.1", raise_server_exceptions=True)
        self._keys = itertools.count()

    def do(self, name: str, fields: Mapping[str, Any], by: str) -> Said:
        """Give a command as a POST to its path."""
        write = write_named(name)
        inside = parameters(write.path)
        path = write.path.format(**{one: fields.get(one, "missing") for one in inside})
        body = {one: value for one, value in fields.items() if one not in inside}
        headers = {**self._headers(by), "Idempotency-Key": f"key-{next(self._keys)}"}
        return _said(self._http.post(f"/api/v1/{LEDGER}{path}", json=body, headers=headers))

    def see(self, name: str, fields: Mapping[str, Any], by: str) -> Said:
        """Ask with a GET."""
        read = read_named(name)
        inside = parameters(read.path)
        path = read.path.format(**{one: fields[one] for one in inside})
        query = {one: str(value) for one, value in fields.items() if one not in inside}
        return _said(self._http.get(f"/api/v1/{LEDGER}{path}", params=query, headers=self._headers(by)))

    def _headers(self, by: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._street.token_of(by)}", "Accept-Language": "zh"}


def _said(response: Any) -> Said:
    document = response.json()
    return Said(document, str(document["code"]) if response.status_code >= 400 else "")


class ByCommandLine:
    """By `nuanlin do` and `nuanlin show`, each in a fresh run of the program on the same file."""

    def __init__(self, street: Street) -> None:
        self._street = street

    def do(self, name: str, fields: Mapping[str, Any], by: str) -> Said:
        """Give a command as somebody would type it."""
        return self._run("do", name, fields, by)

    def see(self, name: str, fields: Mapping[str, Any], by: str) -> Said:
        """Ask as somebody would type it."""
        return self._run("show", name, fields, by)

    def _run(self, verb: str, name: str, fields: Mapping[str, Any], by: str) -> Said:
        typed = [f"{one}={_typed(value)}" for one, value in fields.items() if value is not None]
        who = ["--token", self._street.token_of(by)]
        front = ["--db", str(self._street.path), "--ledger", LEDGER, "--json"]
        code, out, err = run_nuanlin([*front, verb, name, *typed, *who])
        document = json.loads(out) if out else {}
        assert code == (1 if "details" in document else 0), f"{code}: {out}{err}"
        return Said(document, str(document["code"]) if code else "")


def run_nuanlin(arguments: list[str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the program, run in this process."""
    before = sys.stdout, sys.stderr
    bytes_out, bytes_err = io.BytesIO(), io.BytesIO()
    sys.stdout, sys.stderr = io.TextIOWrapper(bytes_out, "utf-8"), io.TextIOWrapper(bytes_err, "utf-8")
    try:
        code = main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
        return code, bytes_out.getvalue().decode(), bytes_err.getvalue().decode()
    finally:
        sys.stdout, sys.stderr = before


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


WAYS: dict[str, Callable[[Street], Way]] = {"http": OverHttp, "cli": ByCommandLine}


class Street:
    """One community, its clock, and everybody in it."""

    def __init__(self, folder: Path, way: str) -> None:
        self.path = folder / "street.db"
        self.now_at = at_time(FIRST_DAY, 9, 0)
        self.store = Store.open(Settings(database_url=str(self.path), ledger=LEDGER), clock=self.clock)
        self._tokens: dict[str, str] = {}
        self._folder = folder
        self._give(OpenLedger(name="方兴社区"))
        self.way = WAYS[way](self)
        self.operator = OPERATOR

    # ---- time --------------------------------------------------------------------------------------------------------

    def clock(self) -> int:
        """The street's time, microseconds UTC; a little passes between any two looks."""
        self.now_at += 1_000
        return self.now_at

    def at(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Let it be that moment on the community's clock, never earlier than it is."""
        self.now_at = max(self.now_at, at_time(day, hour, minute))

    def follow(self) -> int:
        """Let the followers run: what has come due is entered, boards catch up. Gives how many deadlines were entered."""
        entered = Deadlines(self.store).enter(LEDGER)
        self.store.catch_up(LEDGER)
        return entered

    # ---- the cast ----------------------------------------------------------------------------------------------------

    def person(self, name: str = "王阿姨", **fields: Any) -> str:
        """Somebody new, registered at the counter; gives their id."""
        return str(self._give(RegisterMember(words=PersonWords(name=name), **fields)).member_id)

    def worker(self, name: str = "赵书记", roles: tuple[RoleName, ...] = ("community_worker",)) -> str:
        """Somebody with roles in the whole community."""
        member = self.person(name)
        for role in roles:
            self._give(GrantRole(holder=member, role=role))
        return member

    def unit(self, name: str = "绿云物业", kind: PartyKind = "property_service") -> str:
        """A registered unit."""
        return str(self._give(RegisterUnit(name=name, kind=kind)).unit_id)

    def speaker(self, unit: str, name: str = "李师傅") -> str:
        """Somebody who represents a unit or leads a team."""
        member = self.person(name)
        role: RoleName = "team_leader" if unit.startswith("team_") else "representative"
        self._give(GrantRole(holder=member, role=role, scope=unit))
        return member

    def place(self, kind: PlaceKind, name: str, parent: str | None = None) -> str:
        """A place of the tree."""
        return str(self._give(AddPlace(kind=kind, name=name, parent=parent)).place_id)

    def _give(self, command: Command) -> Any:
        return self.store.application.execute(LEDGER, command, actor=Actor(OPERATOR)).facts[0]

    def token_of(self, actor: str) -> str:
        """A bearer token of somebody, made when first needed."""
        if actor not in self._tokens:
            self._tokens[actor], _ = tokens.create(self.store, LEDGER, actor=actor)
        return self._tokens[actor]

    # ---- acting and looking ------------------------------------------------------------------------------------------

    def do(self, command: str, /, *, by: str, **fields: Any) -> Done:
        """Give a command, which must be accepted."""
        said = self.way.do(command, fields, by)
        assert not said.code, f"{command} was refused: {said.document}"
        return Done(said.document["ids"], said.document["position"])

    def refused(self, command: str, code: str, /, *, by: str, **fields: Any) -> dict[str, Any]:
        """Give a command, which must be refused under this code; nothing is written. Gives the refusal."""
        before = self.store.application.desk(LEDGER).recorder.committer
        before.catch_up()
        head = before.seen
        said = self.way.do(command, fields, by)
        assert said.code == code, f"{command}: {said.code or 'accepted'}: {said.document}"
        before.catch_up()
        assert before.seen == head, f"{command} was refused and wrote something all the same"
        return dict(said.document)

    def see(self, what: str, *, by: str | None = None, **fields: Any) -> dict[str, Any]:
        """The answer of a read; its figures open to what it shows."""
        self.store.catch_up(LEDGER)
        said = self.way.see(what, fields, OPERATOR if by is None else by)
        assert not said.code, f"{what}: {said.document}"
        self._open_figures(what, said.document)
        return dict(said.document)

    def hidden(self, what: str, code: str, *, by: str, **fields: Any) -> None:
        """A read that must be refused under this code."""
        said = self.way.see(what, fields, by)
        assert said.code == code, f"{what}: {said.code or 'shown'}"

    def figure(self, name: str) -> int:
        """A figure by its name; what it is made of adds up to it."""
        first: dict[str, Any] = {}
        total, more = 0, dict[str, str]()
        while True:
            said = self.way.see("why_figure", {"figure": name, "limit": 200, **more}, OPERATOR)
            assert not said.code, f"{name}: {said.document}"
            first = first or said.document
            total += sum(entry["amount"] for entry in said.document["entries"])
            if said.document["next"] is None:
                break
            more = {"cursor": said.document["next"]}
        assert total == first["value"], f"{name} is {first['value']}, but its entries come to {total}"
        return int(first["value"])

    def _open_figures(self, what: str, document: dict[str, Any]) -> None:
        """The first rows' figures open, and to the values shown."""
        rows = document.get(what, [document])
        answer = read_named(what).answer
        inner = getattr(answer.__annotations__.get(what), "__args__", (answer,))[0]
        for name, pattern in FIGURES.get(getattr(inner, "__name__", ""), {}).items():
            for row in rows[:2] if isinstance(rows, list) else ():
                if row[name] is not None and pattern.startswith("event "):
                    assert not self.way.see(
                        "event", {"position": pattern.format(**row).removeprefix("event ")}, OPERATOR
                    ).code
                elif row[name] is not None:
                    assert self.figure(pattern.format(**row)) == row[name], f"{what}.{name}"

    # ---- the end -----------------------------------------------------------------------------------------------------

    def audit(self) -> None:
        """Whatever happened: every decision was legal, books equal the journal, and a stranger's verifier agrees."""
        self.follow()
        report, _ = audit(
            self.store.database, self.store.codec, LEDGER, Trust(logs=[self.store.seals.verifier(LEDGER)])
        )
        assert [str(one) for one in report.findings] == []
        assert compare(self.store.database, self.store.codec.decode, LEDGER) == []
        bundle = self._folder / "bundle.zip"
        made = write_bundle(self.store, LEDGER, bundle)
        assert made.warnings == ()
        checked = verify.check(verify.arguments_from([str(bundle), "--key", made.vkey]))
        assert checked.findings == [], checked.as_text()


@pytest.fixture(params=list(WAYS))
def street(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A street that is audited when the story is over."""
    for name in ("NUANLIN_DATABASE_URL", "NUANLIN_LEDGER", "NUANLIN_TOKEN", "NUANLIN_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    lived = Street(tmp_path, request.param)

    class Moving:
        """Stands in for the module `time`, for the programs that the command line starts."""

        @staticmethod
        def time() -> float:
            """Seconds of the street's clock."""
            return lived.clock() / 1_000_000

    monkeypatch.setattr("ledger.clock.time", Moving)
    yield lived
    try:
        lived.audit()
    finally:
        lived.store.close()

"""A simulated street with names, and somebody of every kind signed in: what the sweeps walk through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from api import tokens
from api.app import create_app
from api.simulation.life import live
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.clock import day_of, system_clock
from ledger.errors import NuanlinError
from ledger.ids import PERSON, TEAM, prefix_of
from ledger.journal.tables import metadata
from ledger.parties.commands import AgreeToPublication, GrantRole, RegisterProxy
from projections.books import queries as books
from tests.house.stores import LEDGER, settings_for
from tests.pages.catalogue import PREPARATIONS

PEOPLE, DAYS, SEED = 400, 120, 7


class World:
    """The street as tests ask it: `people` by kind of visitor, ids by `first`."""

    def __init__(self, store: Store) -> None:
        self.store, self.ledger = store, LEDGER
        self.people: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self._choose()
        for prepare in PREPARATIONS:
            prepare(self)
        store.catch_up(LEDGER)
        for who, actor in self.people.items():
            if prefix_of(actor) == PERSON:
                self.tokens[who], _ = tokens.create(store, LEDGER, actor=actor)
        self.app = create_app(store)

    @property
    def head(self) -> int:
        """The journal's last position."""
        return books.as_of(self.store.database, LEDGER).position

    def rows(self, table: str, limit: int = 1, **where: Any) -> list[dict[str, Any]]:
        """The first rows of a table with these values."""
        found = metadata.tables[table]
        asked = select(found).where(found.c.ledger == LEDGER).limit(limit)
        for name, value in where.items():
            asked = asked.where(found.c[name] == value)
        with self.store.database.engine.connect() as connection:
            return [dict(row._mapping) for row in connection.execute(asked)]

    def first(self, table: str, **where: Any) -> str:
        """The id of the first row of a table with these values."""
        rows = self.rows(table, **where)
        assert rows, f"the street has no {table} with {where}"
        return str(rows[0][[column.name for column in metadata.tables[table].primary_key.columns][1]])

    def client(self, who: str = "", lang: str = "zh") -> TestClient:
        """A client without a browser, signed in; redirects are shown, not followed."""
        client = TestClient(
            self.app, base_url="http://127.0.0.1", follow_redirects=False, headers={"Accept-Language": lang}
        )
        if who:
            answer = client.post("/sign-in", data={"token": self.tokens[who], "ledger": LEDGER})
            assert answer.status_code == 303, answer.text
        return client

    def do(self, who: str, command: Any) -> Any:
        """Give a command as somebody; gives its first fact."""
        by = Actor(self.people.get(who, who))
        return self.store.application.execute(LEDGER, command, actor=by).facts[0]

    def once(self, who: str, command: Any) -> None:
        """Give a command that may have been given in an earlier look at the same street."""
        with suppress(NuanlinError):
            self.do(who, command)

    # ---- who is who ----------------------------------------------------------------------------------------------------

    def _holder(self, role: str, number: int = 0, **where: Any) -> dict[str, Any]:
        rows = [row for row in self.rows("roles", 50, role=role, **where) if prefix_of(row["holder"]) == PERSON]
        return rows[number]

    def _choose(self) -> None:
        most = self.rows("members", 400)
        plain = [row for row in most if not row["erased"] and row["earned_minutes"] > 0 and not row["departed"]]
        by_hours = sorted(plain, key=lambda row: (-row["earned_minutes"], row["number"]))
        held = {row["holder"] for row in self.rows("roles", 400)}
        volunteers = [row["member_id"] for row in by_hours if row["member_id"] not in held]
        self.people["volunteer"], self.people["resident"], self.people["parent"] = volunteers[:3]
        speaker = self._holder("representative")
        self.people["representative"], self.people["unit"] = speaker["holder"], speaker["scope"]
        leader = next((row for row in self.rows("roles", 400, role="team_leader")), None)
        assert leader is not None
        assert prefix_of(leader["scope"]) == TEAM
        self.people["team_leader"], self.people["team"] = leader["holder"], leader["scope"]
        serving = ("community_worker", "treasurer", "committee_member", "auditor")
        for who, role in zip(("worker", "treasurer", "committee", "auditor"), serving, strict=True):
            self.people[who] = self._holder(role, scope="")["holder"]
        self.people["worker2"] = self._holder("community_worker", 1, scope="")["holder"]
        self.people["administrator"] = volunteers[3]
        self.once(OPERATOR, GrantRole(holder=self.people["administrator"], role="administrator"))
        self.once(OPERATOR, RegisterProxy(principal=self.people["parent"], proxy=self.people["resident"]))
        for who in ("volunteer", "resident"):
            self.once(who, AgreeToPublication(member_id=self.people[who], where="wall"))


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    """Live the street in a folder and open it on the present clock."""
    settings = settings_for(f"sqlite:///{folder / 'street.db'}", folder)
    began = day_of(system_clock()) - timedelta(days=DAYS)
    live(settings, LEDGER, people=PEOPLE, days=DAYS, seed=SEED, began=began, rules=False, named=True)
    with Store.open(settings) as store:
        yield World(store)

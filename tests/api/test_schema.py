"""schemathesis: what the OpenAPI document promises holds for requests that nobody thought of.

Every operation gets made-up requests, good and bad, from two callers: a service that holds every role of the desk (this
one also the systematic cases at the borders of each schema), and a plain member. All checks of schemathesis run. What is
set otherwise than by default, and why:

- The ledger is a variable of the server's address, so that requests go to the one ledger that exists.
- Half of the ids in well-meant paths and bodies are replaced by ids that exist: a made-up id is always "no such thing",
  and the code behind it would never run.
- A request that the schema allows may be refused by a rule of the community (422), come second (409), or name a version
  that has moved on (412): no schema can say what an account holds. These are documented answers of every operation, and
  not a broken promise. What would be one, a 500 or an answer that is not in the document, fails.
- `use_after_free` and `ensure_resource_availability` follow calls by links from one to the next; our document has none.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.schemas import BaseSchema

from api.app import create_app
from api.openapi import document
from tests.api.house import House, said
from tests.house.serving import serving
from tests.house.stores import LEDGER, open_ledger, store_at

EXAMPLES = int(os.environ.get("NUANLIN_SCHEMA_EXAMPLES", "3"))
"""Made-up requests per operation, caller and kind; more for whoever has the time."""

ALLOWED = ["2xx", "304", "400", "401", "403", "404", "409", "412", "422"]
_SEEDS = itertools.count()
_KNOWN: dict[str, list[str]] = {}


def furnish(house: House) -> None:
    """One of everything, so that made-up requests meet something."""
    people = [house.member(f"王阿姨{number}") for number in range(7)]
    house.bank(people[0])
    team = said(house.worker.post("/teams", {"name": "巡逻队"}))["ids"]["team_id"]
    unit = said(house.worker.post("/units", {"kind": "enterprise", "name": "绿云物业"}))["ids"]["unit_id"]
    place = said(house.worker.post("/places", {"kind": "street", "name": "方兴街道"}))["ids"]["place_id"]
    point = said(house.worker.post("/intake-points", {"channel": "qr", "label": "门口"}))["ids"]["point_id"]
    recorded = said(house.worker.post("/sessions", {"volunteer": people[1], "day": "2026-03-08", "minutes": 30,
                                                   "guarantor": people[2]}))["ids"]["session_id"]  # fmt: skip
    requests = [house.wish(people[0]), house.wish(people[1], publish=False)]
    agreement = said(house.worker.post("/agreements", {
        "unit": unit, "tier": "street", "from_day": "2026-01-01", "until_day": "2026-12-31"}))["ids"]["agreement_id"]  # fmt: skip
    fund = {"slug": "nuanxing", "name": "暖兴", "purpose": "帮助困难家庭", "host_charity": "绿云慈善会",
            "committee": people[:5], "supervisor": unit}  # fmt: skip
    said(house.worker.post("/funds", fund))
    treasurer = house.staff("treasurer")
    receipt = said(treasurer.post("/funds/nuanxing/donations", {"amount_fen": 50_000}))["ids"]["receipt_id"]
    _KNOWN.clear()
    _KNOWN.update(
        member_id=people, member=people, volunteer=people, giver=people, receiver=people, claimant=[*people, team, unit],
        requester=people, principal=people, proxy=people, provider=people, donor=[*people, unit], holder=people,
        team=[team], team_id=[team], unit=[unit], unit_id=[unit], place=[place], parent=[place], point=[point],
        point_id=[point], session_id=[recorded], request_id=requests, agreement_id=[agreement],
        fund=["nuanxing"], receipt_id=[receipt], account=["hours:pool", f"hours:{people[0]}"],
    )  # fmt: skip


class Running:
    """The address below which the document's paths lie, and the tokens of the two callers."""

    def __init__(self, address: str, house: House) -> None:
        self.base_url = f"{address}/api/v1/{LEDGER}"
        self.desk = house.staff("administrator", "community_worker", "treasurer", "committee_member", "auditor").token
        self.member = house.caller(_KNOWN["member"][0]).token


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A furnished house behind a real server, shared by all operations: what one does, the next one meets."""
    folder: Path = tmp_path_factory.mktemp("schema")
    with store_at(f"sqlite:///{folder / 'nuanlin.db'}", folder) as store:
        open_ledger(store)
        house = House(store, create_app(store))
        furnish(house)
        with serving(house.app) as address:
            yield Running(address, house)


def promised(*, every_border: bool) -> BaseSchema:
    """The document with what is set for its checks; with `every_border`, also the systematic cases at its borders."""
    made = schemathesis.openapi.from_dict(document("en"))
    made.config.checks.positive_data_acceptance.expected_statuses = ALLOWED
    made.config.phases.coverage.enabled = every_border
    return made


to_the_desk, to_a_member = promised(every_border=True), promised(every_border=False)
searching = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def meet(name: str, value: Any, seed: int) -> Any:
    """An id that exists in place of every second made-up one."""
    known = _KNOWN.get(name)
    return known[seed % len(known)] if known and seed % 2 else value


def check(case: Case[Any], running: Running, token: str) -> None:
    """Send a request, with ids that exist now and then, and look whether the answer is one that was promised."""
    seed = next(_SEEDS)
    meant_well = case.meta is not None and case.meta.generation.mode.is_positive
    for given in (case.path_parameters, case.body):
        if isinstance(given, dict) and meant_well:
            given.update({name: meet(name, value, seed) for name, value in given.items()})
    case.call_and_validate(base_url=running.base_url, headers={"Authorization": f"Bearer {token}"})


@to_the_desk.parametrize()
@searching
def test_the_document_keeps_its_promises_to_the_desk(case: Case[Any], running: Running) -> None:
    check(case, running, running.desk)


@to_a_member.parametrize()
@searching
def test_the_document_keeps_its_promises_to_a_member(case: Case[Any], running: Running) -> None:
    check(case, running, running.member)

"""Public answers of the API cannot be joined: where a person is masked, nothing is told by which they are named elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.endpoints import READS
from tests.pages.world import World

MEMBER = re.compile(r"mem_[0-9a-z]{26}")
PARAMETER = re.compile(r"\{([a-z_]+)\}")
ASKED = {"/rankings": {"measure": "volunteer_minutes"}}


def _named(answer: Any, found: dict[str, set[str]]) -> None:
    """Every value under every key of an answer."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, str):
                found[name].add(value)
            _named(value, found)
    elif isinstance(answer, list):
        for one in answer:
            _named(one, found)


def _clear(answer: Any) -> set[str]:
    """The ids that stand beside a name in full."""
    if isinstance(answer, list):
        return set().union(*map(_clear, answer)) if answer else set()
    if not isinstance(answer, dict):
        return set()
    own = {answer["id"]} if isinstance(answer.get("id"), str) and "*" not in answer.get("name", "*") else set()
    return own.union(*(_clear(value) for value in answer.values()))


@pytest.fixture(scope="module")
def answers(world: World) -> dict[str, Any]:
    """What anybody is told by every public read that needs no more than what other public reads tell."""
    client = TestClient(world.app, base_url="http://127.0.0.1")
    told: dict[str, Any] = {}
    values: dict[str, set[str]] = defaultdict(set)
    public = sorted((read for read in READS if read.rights.public), key=lambda read: read.path.count("{"))
    for read in public:
        paths = [read.path]
        for name in PARAMETER.findall(read.path):
            paths = [path.replace(f"{{{name}}}", one) for path in paths for one in sorted(values[name])[:5]]
        for path in paths:
            answer = client.get(f"/api/v1/{world.ledger}{path}", params={**ASKED.get(path, {})})
            if answer.status_code == 200 and "json" in answer.headers["content-type"]:
                told[path] = answer.json()
                _named(told[path], values)
    return told


def test_only_who_agreed_to_be_named_on_the_wall_has_an_id_in_what_everybody_reads(
    world: World, answers: dict[str, Any]
) -> None:
    assert len(answers) > 60
    agreed = {row["member_id"] for row in world.rows("members", 10_000, wall_named=1)}
    agreed |= {row["member_id"] for row in world.rows("members", 10_000, donor_named=1)}

    found = {path: set(MEMBER.findall(str(answer))) - agreed for path, answer in answers.items()}

    assert {path: ids for path, ids in found.items() if ids} == {}


def test_who_is_named_somewhere_has_no_id_where_they_are_masked(answers: dict[str, Any]) -> None:
    clear = {path: _clear(answer) for path, answer in answers.items()}
    assert any(clear.values())

    found = {path: set(MEMBER.findall(str(answer))) - clear[path] for path, answer in answers.items()}

    assert {path: ids for path, ids in found.items() if ids} == {}


def test_nobody_asks_a_public_list_for_the_rows_of_one_masked_person(world: World) -> None:
    client = TestClient(world.app, base_url="http://127.0.0.1")
    member = world.rows("published_sanctions")[0]["member"] if world.rows("published_sanctions") else ""
    someone = member or world.people["volunteer"]

    for path, name in (("shifts", "in_charge"), ("projects", "sponsor"), ("proposals", "applicant")):
        answer = client.get(f"/api/v1/{world.ledger}/{path}", params={name: someone})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_for_your_roles"), path

"""Every write of the API, asked for by everybody: who gets through is what the table of rights says, and nobody else does.

The bodies are understood and name things that do not exist, so that nothing comes of them but the answer: who has no right
is told so before anything is looked for.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from api.app import create_app
from api.endpoints import WRITES
from api.openapi import examples
from api.routes.commands import Write
from api.routes.writes import parameters
from ledger.application import Order, Outcome
from ledger.base import Command
from ledger.ids import PERSON, TEAM, UNIT, new_id
from ledger.parties.commands import FormTeam, GrantRole, RegisterMember, RegisterUnit, RoleName
from ledger.places.commands import AddPlace
from ledger.rights_table import RIGHTS
from tests.api.house import Caller, House
from tests.house.stores import AT_THE_DESK, LEDGER, open_ledger, store_at

ROLES: tuple[RoleName, ...] = (
    "community_worker", "administrator", "treasurer", "committee_member", "host_charity", "auditor",
)  # fmt: skip
NOT_ALLOWED = (403, "not_allowed")


class Crowd:
    """A ledger with somebody of every kind, and nothing going on."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.place = self.do(AddPlace(kind="community", name="荣昌")).place_id
        self.holders = {role: self._member(role) for role in ROLES}
        self.kept_here = self._member("community_worker", self.place)
        self.unit = self.do(RegisterUnit(kind="enterprise", name="绿云物业")).unit_id
        self.team = self.do(FormTeam(name="暖心队")).team_id
        self.speakers = {
            UNIT: (self.unit, self._member("representative", self.unit)),
            TEAM: (self.team, self._member("team_leader", self.team)),
        }

    def do(self, command: Command) -> Any:
        """A command by the operator; gives its first fact."""
        return self.house.operate(command).facts[0]

    def _member(self, role: RoleName, scope: str = "") -> Caller:
        member = self.do(RegisterMember()).member_id
        self.do(GrantRole(holder=member, role=role, scope=scope))
        return self.house.caller(member)

    def members(self, count: int) -> Iterator[Caller]:
        """Members who hold no role, each for one deed: what somebody does to themselves may be the end of them."""
        store = self.house.store
        made = store.application.execute_many(
            LEDGER, [Order(RegisterMember()) for _ in range(count)], actor=AT_THE_DESK
        )
        for one in made:
            assert isinstance(one, Outcome)
            yield self.house.caller(msgspec.structs.asdict(one.facts[0])["member_id"])


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """One crowd for the whole table."""
    folder: Path = tmp_path_factory.mktemp("crowd")
    with store_at(f"sqlite:///{folder / 'crowd.db'}", folder) as store:
        open_ledger(store)
        yield Crowd(House(store, create_app(store)))


def plain(hint: Any) -> Any:
    """Something of that type, as JSON."""
    origin = get_origin(hint)
    if hasattr(hint, "__metadata__"):
        return plain(hint.__origin__)
    if origin is Literal:
        return get_args(hint)[0]
    if origin in (Union, types.UnionType):
        return plain(next(one for one in get_args(hint) if one is not type(None)))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return body_of(hint)
    if origin in (tuple, list, frozenset, set) or hint in (tuple, list):
        return []
    known = {str: "x", int: 1, bool: True, date: "2026-05-20", dict: {}}
    return known.get(origin or hint, "x")


def body_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """What must be said of a struct, in values that mean nothing."""
    hints = get_type_hints(kind)
    return {field.encode_name: plain(hints[field.name]) for field in msgspec.structs.fields(kind) if field.required}


def sent(caller: Caller, write: Write, **fields: str) -> tuple[int, str]:
    """The answer to a write about nothing that exists, but for these fields: its status, and the code of a problem."""
    path = {name: fields.pop(name, "req_nowhere") for name in parameters(write.path)}
    known = {**body_of(write.command), **examples().get(write.command.NAME, {}), **fields}
    made = {name: value for name, value in known.items() if name not in (*path, *write.hidden)}
    answer = caller.post(write.path.format(**path), made)
    return answer.status_code, "" if answer.status_code < 400 else str(answer.json()["code"])


def owners(write: Write, owner: str) -> dict[str, str]:
    """The command's fields that say whose affair it is, as somebody's."""
    return dict.fromkeys(RIGHTS[write.command.NAME].own, owner)


def told(found: dict[str, tuple[int, str]], write: Write, *, right: bool) -> dict[str, tuple[int, str]]:
    """The answer where it is not what it should be."""
    answer = found[write.command.NAME]
    refused = answer == NOT_ALLOWED or answer[0] == 401
    return {write.command.NAME: answer} if refused is right else {}


def test_the_table_has_a_line_for_every_command_and_no_other() -> None:
    assert sorted(RIGHTS) == sorted(write.command.NAME for write in WRITES)
    for write in WRITES:
        right = RIGHTS[write.command.NAME]
        assert {*right.own, *right.at} <= set(write.command.__struct_fields__), write.command.NAME


def test_who_is_not_signed_in_writes_nothing(crowd: Crowd) -> None:
    found = {write.command.NAME: sent(crowd.house.anybody, write) for write in WRITES}

    assert {name: answer for name, answer in found.items() if answer != (401, "token_missing")} == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_commands_of_its_lines(crowd: Crowd, role: RoleName) -> None:
    caller, let_through = crowd.holders[role], 0
    wrong: dict[str, Any] = {}
    for write in WRITES:
        right = RIGHTS[write.command.NAME]
        expected = role in right.roles or right.anybody
        found = {write.command.NAME: sent(caller, write, **owners(write, new_id(PERSON)))}
        wrong |= told(found, write, right=expected)
        let_through += expected

    assert wrong == {}
    assert 0 < let_through < len(WRITES)


def test_an_auditor_has_no_line_of_the_table() -> None:
    assert [name for name, right in RIGHTS.items() if "auditor" in right.roles] == []


def test_a_member_without_a_role_gives_what_is_for_anybody_and_what_is_their_own(crowd: Crowd) -> None:
    wrong: dict[str, Any] = {}
    for write, caller in zip(WRITES, crowd.members(len(WRITES)), strict=True):
        right, name = RIGHTS[write.command.NAME], write.command.NAME
        others = {name: sent(caller, write, **owners(write, new_id(PERSON)))}
        wrong |= told(others, write, right=right.anybody)
        if right.own:
            wrong |= told({name: sent(caller, write, **owners(write, caller.actor))}, write, right=True)
    assert wrong == {}


@pytest.mark.parametrize("kind", [UNIT, TEAM])
def test_who_speaks_for_a_unit_or_leads_a_team_acts_for_that_one_alone(crowd: Crowd, kind: str) -> None:
    party, caller = crowd.speakers[kind]
    wrong: dict[str, Any] = {}
    for write in WRITES:
        right, name = RIGHTS[write.command.NAME], write.command.NAME
        if right.own:
            wrong |= told({name: sent(caller, write, **owners(write, new_id(kind)))}, write, right=right.anybody)
            wrong |= told({name: sent(caller, write, **owners(write, party))}, write, right=True)
    assert wrong == {}


def test_a_role_for_one_place_opens_what_happens_there_and_nothing_elsewhere(crowd: Crowd) -> None:
    wrong: dict[str, Any] = {}
    here = elsewhere = 0
    for write in WRITES:
        right, name = RIGHTS[write.command.NAME], write.command.NAME
        stranger = owners(write, new_id(PERSON))
        worker = "community_worker" in right.roles
        wrong |= told({name: sent(crowd.kept_here, write, **stranger)}, write, right=right.anybody)
        elsewhere += worker and not right.anybody
        if right.at and right.at[0] not in right.own and right.at[0] not in write.command.GENERATED:
            about = {**stranger, right.at[0]: crowd.place}
            wrong |= told({name: sent(crowd.kept_here, write, **about)}, write, right=worker or right.anybody)
            here += worker
    assert wrong == {}
    assert here > 50
    assert elsewhere > 50

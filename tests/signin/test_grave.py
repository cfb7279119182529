"""The table of what is grave, line by line: who has shown nothing lately is asked, no program is, and for nothing else."""

from __future__ import annotations

import ast

import pytest

from api import asking
from api.endpoints import WRITES
from api.openapi import examples
from api.routes.writes import parameters
from api.security import Caller, roles_now
from api.signin import grave
from ledger.base import Command
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import NuanlinError
from tests.api.test_writing_rights import body_of
from tests.house.means import ROOT
from tests.signin.house import LEDGER, House

KINDS = [write.command for write in WRITES]
HIGH = {"role": "administrator", "proof": "paper", "holder": "mem_nobody"}


def fields_of(kind: type[Command], **said: str) -> dict[str, object]:
    """A body that is understood and speaks of nothing that exists."""
    write = asking.write_named(kind.NAME)
    known = {**dict.fromkeys(parameters(write.path), "req_nowhere"), **body_of(kind), **examples().get(kind.NAME, {})}
    made = {name: value for name, value in known.items() if name not in (*kind.GENERATED, *write.hidden)}
    return {**made, **{name: value for name, value in said.items() if name in kind.__struct_fields__}}


def is_asked(house: House, kind: type[Command], *, proved: bool, **said: str) -> bool:
    """Whether the administrator's giving of this command is held up."""
    zhou = house.ids["zhou"]
    view = house.store.application.view(LEDGER)
    caller = Caller(zhou, roles_now(view, zhou), view, proved)
    try:
        asking.do(house.store, LEDGER, kind.NAME, fields_of(kind, **said), caller)
    except grave.ProofNeeded:
        return True
    except NuanlinError:
        return False  # what else a command about nothing is refused for is others' business
    return False


def test_every_command_of_the_table_and_no_other_asks(house: House) -> None:
    asked = {kind for kind in KINDS if is_asked(house, kind, proved=False, **HIGH)}

    assert asked == set(grave.COMMANDS)


def test_who_has_shown_it_lately_and_every_program_is_asked_for_none(house: House) -> None:
    assert [kind.NAME for kind in grave.COMMANDS if is_asked(house, kind, proved=True, **HIGH)] == []
    assert Caller("", roles_now(house.store.application.view(LEDGER), "mem_x")).proved


@pytest.mark.parametrize("role", ["community_worker", "auditor", "team_leader", "representative"])
def test_a_smaller_role_is_given_and_ended_without(house: House, role: str) -> None:
    for kind in grave.COMMANDS:
        if "role" in kind.__struct_fields__:
            assert not is_asked(house, kind, proved=False, **{**HIGH, "role": role})


@pytest.mark.parametrize(
    ("via", "minutes", "proved"),
    [
        ("password", 14, True), ("password", 15, False), ("code", 15, False), ("card", 15, False), ("token", 600, True),
        ("demo", 600, True),
    ],
)  # fmt: skip
def test_a_proof_counts_for_a_quarter_of_an_hour(via: str, minutes: int, proved: bool) -> None:
    assert grave.lately(via, 1, 1 + minutes * MICROS_PER_MINUTE) is proved


def test_no_page_gives_a_command_past_the_question() -> None:
    """Whoever gives a command in a page, other than through `asking`, asks first; but for one that asked before, and one
    that gives no grave command."""
    past = []
    for file in sorted((ROOT / "api" / "pages").rglob("*.py")):
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                text = ast.unparse(function)
                if "application.execute(" in text and "need_proof(" not in text:
                    past.append(f"{file.stem}.{function.name}")
    assert past == ["phone._change", "proving._delivered"], "asked before the number is; evidence"

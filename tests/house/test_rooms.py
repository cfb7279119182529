"""The rooms of design §2: who may import whom, which modules stay pure, and who may look at the clock."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.means import ROOT, named, python_files

# The arrows point left: ledger ← projections ← api. Migrations create the tables that the first two describe.
MAY_IMPORT = {
    "ledger": {"ledger"},
    "projections": {"ledger", "projections"},
    "api": {"ledger", "projections", "api", "migrations"},
    "migrations": {"ledger", "projections", "migrations"},
}
ROOMS = {*MAY_IMPORT, "tests", "benchmarks", "examples"}

# A domain that knows nothing of the web, and pages that are no business of the books.
WEB = {"fastapi", "fastapi_offline", "starlette", "uvicorn", "jinja2", "typer", "rich", "pydantic", "pydantic_settings"}
PURE_FILES = {"facts.py", "state.py", "decisions.py", "accounts.py"}
IMPURE = {
    "alembic", "asyncio", "concurrent", "logging", "os", "pathlib", "psycopg", "random", "secrets", "shutil", "socket",
    "sqlalchemy", "sqlite3", "structlog", "subprocess", "sys", "tempfile", "threading", "time", "uuid", "uuid_utils",
}  # fmt: skip

CLOCK = ROOT / "ledger" / "clock.py"
READS_THE_CLOCK = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "ctime"), ("time", "strftime"),
    ("func", "now"), ("func", "current_timestamp"),
}  # fmt: skip


def imports_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that a module imports, by statement or by `import_module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute here"
            yield node.lineno, str(node.module)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if called in {"import_module", "__import__"} and node.args and isinstance(node.args[0], ast.Constant):
                yield node.lineno, str(node.args[0].value)


def clock_readings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of every look at the wall clock, in Python or through SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in READS_THE_CLOCK:
                yield node.lineno, f"{owner}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            for alias in node.names:
                if ("time", alias.name) in READS_THE_CLOCK:
                    yield node.lineno, f"from time import {alias.name}"
        elif isinstance(node, ast.Constant) and "CURRENT_TIMESTAMP" in str(node.value).upper():
            yield node.lineno, "CURRENT_TIMESTAMP"


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_leftwards(room: str) -> None:
    files = python_files(room)
    assert files, f"{room} is empty"
    wrong = [
        f"{named(path)}:{line} imports {name}"
        for path in files
        for line, name in imports_of(parsed(path))
        if name.partition(".")[0] in ROOMS - MAY_IMPORT[room]
    ]
    assert wrong == []


def test_ledger_and_projections_know_nothing_of_the_web() -> None:
    wrong = [
        f"{named(path)}:{line} imports {name}"
        for path in python_files("ledger", "projections")
        for line, name in imports_of(parsed(path))
        if name.partition(".")[0] in WEB
    ]
    assert wrong == []


def test_facts_states_decisions_and_postings_touch_nothing_outside() -> None:
    files = [path for path in python_files("ledger") if path.name in PURE_FILES]
    assert files, "no area has its three files"
    wrong = [
        f"{named(path)}:{line} imports {name}"
        for path in files
        for line, name in imports_of(parsed(path))
        if name.partition(".")[0] in IMPURE
    ]
    assert wrong == []


def test_only_the_clock_reads_the_wall_clock() -> None:
    assert CLOCK.is_file()
    wrong = [
        f"{named(path)}:{line} {what}"
        for path in python_files("ledger", "projections", "api")
        if path != CLOCK
        for line, what in clock_readings(parsed(path))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "look",
    [
        "import datetime as d\nx = d.datetime.now(tz)",
        "from datetime import date\nx = date.today()",
        "import time\nx = time.time_ns()",
        "from time import time",
        "column = Column(server_default=func.now())",
        "query = 'insert into t values (current_timestamp)'",
    ],
)
def test_a_look_at_the_clock_is_noticed(look: str) -> None:
    assert [line for line, _ in clock_readings(ast.parse(look))]


@pytest.mark.parametrize("wait", ["import time\ntime.monotonic()", "import time\ntime.sleep(1)", "clock.now()"])
def test_measuring_a_wait_is_no_look_at_the_clock(wait: str) -> None:
    assert list(clock_readings(ast.parse(wait))) == []


def test_an_import_by_name_is_noticed() -> None:
    assert list(imports_of(ast.parse("importlib.import_module('api.app')"))) == [(1, "api.app")]


def test_no_room_takes_a_name_of_the_standard_library() -> None:
    assert set(MAY_IMPORT).isdisjoint(sys.stdlib_module_names)

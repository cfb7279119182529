"""No refusal is only written down: every code that a decision can answer with is reached by some test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.means import ROOT

ERRORS = {"Refused", "NotFound", "Conflict", "NotYours", "NotSignedIn", "TooMany"}
NOT_DECISIONS = {"journal", "seal", "audit"}
"""Rooms of the ledger that answer no command: what they refuse is told by tests of their own."""
SHARED = ("checks.py", "units.py", "rights.py")
"""What decisions of all areas ask."""


def decisions() -> Iterator[Path]:
    """Modules of the areas, and what they share."""
    yield from (ROOT / "ledger" / name for name in SHARED)
    for file in sorted((ROOT / "ledger").glob("*/*.py")):
        if file.parent.name not in NOT_DECISIONS:
            yield file


def codes_in(tree: ast.AST) -> Iterator[str]:
    """Codes that a module raises by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            for told in ast.walk(node.args[0]):
                if isinstance(told, ast.Constant) and isinstance(told.value, str):
                    yield told.value


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Every text in a module that is no docstring, and the words of those that are told to `match`."""
    documented = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value
            yield from node.value.replace(",", " ").replace("|", " ").split()


def test_every_code_of_a_decision_is_reached_by_a_test() -> None:
    raised = {code for file in decisions() for code in codes_in(ast.parse(file.read_text("utf-8")))}
    assert len(raised) > 100
    told = {
        text
        for file in (ROOT / "tests").rglob("*.py")
        if file != Path(__file__)
        for text in texts_in(ast.parse(file.read_text("utf-8")))
    }

    assert sorted(raised - told) == []

"""The house style as far as a machine can see it: sizes, docstrings, fractions, promises, where Chinese may stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.means import named, python_files

SHIPPED_CODE = ("ledger", "projections", "api")
MODULE_LINES = 400
FUNCTION_LINES = 80
LONGER = {"api/audit/verify.py"}
"""The auditor's program: one file, so that it can be handed on, and read from top to bottom, without anything of ours."""

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
PROMISES = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
EXCUSES = re.compile(r"#\s*(?:type:\s*ignore|no" + r"qa|pragma:\s*no\s*cover)(?P<rest>[^\n]*)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def documented(tree: ast.Module) -> Iterator[ast.Module | ast.ClassDef | Function]:
    """What the style wants a docstring for: the module, its public classes and its public functions."""
    yield tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node


def docstrings(tree: ast.Module) -> set[int]:
    """The identities of the string constants that only explain: those that stand as a statement of their own."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def chinese(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string with Chinese characters that the program could show to somebody."""
    explaining = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in explaining and HAN.search(str(node.value)):
            yield node.lineno, str(node.value)


def is_wait(name: str) -> bool:
    """Whether a name holds a wait for a lock or a socket: the only thing counted in fractions here."""
    return name == "timeout" or name.lower().endswith("seconds")


def is_path(node: ast.expr) -> bool:
    """Whether an operand of `/` is visibly a path: text, or a name that says so."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return True
    if isinstance(node, ast.BinOp):
        return is_path(node.left) or is_path(node.right)
    name = ast.unparse(node.func if isinstance(node, ast.Call) else node).lower()
    return re.search(r"(path|folder|files|parent|here)$", name) is not None


def floats(node: ast.AST, *, wait: bool = False) -> Iterator[tuple[int, str]]:
    """Line and text of every fraction that is not a wait: literals, `float(...)` and true divisions."""
    if isinstance(node, ast.Assign):
        wait = all(is_wait(ast.unparse(target)) for target in node.targets)
    elif isinstance(node, ast.AnnAssign):
        wait = is_wait(ast.unparse(node.target))
    elif isinstance(node, ast.keyword) and node.arg is not None:
        wait = is_wait(node.arg)
    elif isinstance(node, ast.arguments):
        named_defaults = [*zip(reversed([*node.posonlyargs, *node.args]), reversed(node.defaults), strict=False)]
        named_defaults += [
            (arg, default) for arg, default in zip(node.kwonlyargs, node.kw_defaults, strict=True) if default
        ]
        for arg, default in named_defaults:
            yield from floats(default, wait=is_wait(arg.arg))
        return
    if not wait:
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, repr(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
            if not (is_path(left) or is_path(right)):
                yield node.lineno, ast.unparse(node)
    for child in ast.iter_child_nodes(node):
        yield from floats(child, wait=wait)


def test_a_module_has_one_subject_and_at_most_400_lines() -> None:
    long = {named(path): path.read_text(encoding="utf-8").count("\n") for path in python_files(*SHIPPED_CODE)}
    assert long, "there is no code"
    assert {name for name, lines in long.items() if lines > MODULE_LINES} == LONGER


def test_a_function_has_at_most_80_lines() -> None:
    long = [
        f"{named(path)}:{node.lineno} {node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for path in python_files(*SHIPPED_CODE, "tests", "benchmarks", "examples")
        for node in ast.walk(parsed(path))
        if isinstance(node, Function) and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_what_is_public_says_what_it_means() -> None:
    silent = [
        f"{named(path)}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', 'the module')}"
        for path in python_files(*SHIPPED_CODE)
        for node in documented(parsed(path))
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_the_code_makes_no_promises() -> None:
    promises = [
        f"{named(path)}:{number} {line.strip()}"
        for path in python_files(*SHIPPED_CODE, "migrations", "tests", "benchmarks", "examples")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if PROMISES.search(line)
    ]
    assert promises == []


def unexplained(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Number and text of every line that switches a check off without a reason behind it or in a comment above it."""
    for number, line in enumerate(lines, start=1):
        if (excuse := EXCUSES.search(line)) and len(re.findall(r"[a-z]{2,}", excuse["rest"])) < 2:
            above = lines[number - 2].strip() if number > 1 else ""
            if not above.startswith("#"):
                yield number, line.strip()


def test_a_check_is_switched_off_only_with_its_reason() -> None:
    bare = [
        f"{named(path)}:{number} {line}"
        for path in python_files(*SHIPPED_CODE, "migrations", "tests", "benchmarks", "examples")
        for number, line in unexplained(path.read_text(encoding="utf-8").splitlines())
    ]
    assert bare == []


def test_a_bare_excuse_is_noticed_and_a_reason_accepted() -> None:
    mark = "# no" + "qa: S608"
    assert list(unexplained([f"x = 1  {mark}"])) == [(1, f"x = 1  {mark}")]
    assert list(unexplained([f"x = 1  {mark} - names of our own tables"])) == []
    assert list(unexplained(["# Names of our own tables only.", f"x = 1  {mark}"])) == []


def test_the_ledger_counts_in_whole_numbers() -> None:
    found = [f"{named(path)}:{line} {what}" for path in python_files("ledger") for line, what in floats(parsed(path))]
    assert found == []


@pytest.mark.parametrize(
    "code", ["x = 0.5", "x = a / b", "x = float(y)", "x /= 2", "def f(share=0.1): ...", "f(rate=1e3)"]
)
def test_a_fraction_is_noticed(code: str) -> None:
    assert list(floats(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "POLL_SECONDS = 0.05",
        "lock.acquire(timeout=0.5)",
        "def wait(*, timeout: float = 2.5): ...",
        "pause_seconds = pause_ms / 1000",
        "file = folder / name",
        "file = files('migrations') / 'env.py'",
        "x = a // b",
    ],
)
def test_a_wait_or_a_path_is_no_fraction(code: str) -> None:
    assert list(floats(ast.parse(code))) == []


def test_chinese_text_stands_in_locale_and_data_files() -> None:
    found = [
        f"{named(path)}:{line} {text!r}" for path in python_files(*SHIPPED_CODE) for line, text in chinese(parsed(path))
    ]
    assert found == []


def test_chinese_in_a_message_is_noticed_and_in_an_explanation_allowed() -> None:
    code = '"""The 微心愿 board."""\nx = f"{n} 分钟"\n# 积分\n'
    assert list(chinese(ast.parse(code))) == [(2, " 分钟")]

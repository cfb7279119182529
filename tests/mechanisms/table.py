"""The table of the mechanisms, made from their stories: `python -m tests.mechanisms.table` writes docs/mechanisms.md.

A story is a file `test_mNN_….py`. Its first line says the mechanism; the commands and reads it names are those of the row.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

from api.endpoints import READS, WRITES
from api.engines import SHELVES
from tests.house.means import ROOT

STORIES = ROOT / "tests" / "mechanisms"
TABLE = ROOT / "docs" / "mechanisms.md"
_FILE = re.compile(r"test_m(\d\d)_\w+\.py")

POSTS = {write.command.NAME: write.path for write in WRITES}
GETS = {read.name: read.path for read in READS}
_RECORDS = {name: f"records/{shelf.name}" for shelf in SHELVES for name in (shelf.name, shelf.one)}
PAGES = {
    **_RECORDS,
    "requests": "board", "request": "requests/…", "claims": "board", "funds": "funds", "fund": "funds/…",
    "receipts": "funds/…", "payments": "funds/…", "rankings": "wall", "ranking_explained": "wall/why",
    "member": "members/…", "member_statement": "members/…", "plaques": "wall", "why_figure": "why", "event": "event/…",
}  # fmt: skip
"""Where a page shows what a read gives."""

HEAD = """# Mechanisms

Every mechanism of the mission with the commands that run it, where they are reached, the page that shows it, and the story
that lives through it, once over HTTP and once by the command line. This file is written by `python -m
tests.mechanisms.table` from the stories themselves; a test says that it is up to date, that no mechanism and no command is
missing, and that every page of it answers.

A command is a `POST` below `/api/v1/{ledger}`, and `nuanlin do COMMAND field=value …`; a read is a `GET`, and `nuanlin show
READ …`. Pages are below `/{ledger}/`.

"""


class Row(NamedTuple):
    """One mechanism: number, what it is, its commands and reads, the page, the story's file."""

    number: int
    title: str
    commands: list[str]
    reads: list[str]
    pages: list[str]
    file: str


def rows() -> list[Row]:
    """The rows in order, several stories of one mechanism in several rows."""
    found = []
    for file in sorted(STORIES.glob("test_m*.py")):
        match = _FILE.fullmatch(file.name)
        if match:
            found.append(row_of(int(match[1]), file))
    return found


def row_of(number: int, file: Path) -> Row:
    """What a story names."""
    tree = ast.parse(file.read_text("utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    commands = sorted(texts & POSTS.keys())
    reads = sorted(_looked_at(tree) & GETS.keys())
    pages = sorted({PAGES[one] for one in reads if one in PAGES})
    return Row(number, _title(ast.get_docstring(tree) or ""), commands, reads, pages, file.name)


def _looked_at(tree: ast.AST) -> set[str]:
    """What is asked for, by whatever helper: the first argument of a call."""
    firsts = [node.args[0] for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {one.value for one in firsts if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def _title(told: str) -> str:
    """The first sentence of a story, without its number."""
    first = re.split(r"[。.](?:\s|$)", " ".join(told.split()), maxsplit=1)[0]
    return re.sub(r"^M\d+\s*[:·]?\s*", "", first)


def others() -> list[str]:
    """Commands that no story needs: they keep the house itself."""
    return sorted(POSTS.keys() - {command for row in rows() for command in row.commands})


def document() -> str:
    """The whole file."""
    lines = [HEAD, "| # | mechanism | page | story |", "|---|---|---|---|"]
    for row in rows():
        pages = ", ".join(f"`{one}`" for one in row.pages)
        lines.append(f"| M{row.number} | {row.title} | {pages} | `tests/mechanisms/{row.file}` |")
    for row in rows():
        lines += ["", f"## M{row.number} {row.title}", "", "| command | route |", "|---|---|"]
        lines += [f"| `{one}` | `POST {POSTS[one]}` |" for one in row.commands]
        if row.reads:
            lines += ["", "| read | route |", "|---|---|"]
            lines += [f"| `{one}` | `GET {GETS[one]}` |" for one in row.reads]
    lines += [
        "",
        "## The house itself",
        "",
        "Commands that no mechanism needs for its story; each has tests of its own.",
        "",
    ]
    lines += ["| command | route |", "|---|---|"]
    lines += [f"| `{one}` | `POST {POSTS[one]}` |" for one in others()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(document(), "utf-8")

"""All 26 mechanisms have their story, all commands their place, and every page that is named answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.house.means import ROOT
from tests.house.stores import LEDGER, open_ledger, store_at
from tests.mechanisms.table import POSTS, TABLE, Row, document, others, rows


def test_every_mechanism_has_its_story() -> None:
    assert {row.number for row in rows()} == set(range(1, 27))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.file)
def test_a_story_runs_its_mechanism_by_commands_and_looks_at_it(row: Row) -> None:
    _, title, commands, reads, pages, file = row
    assert re.search("[\u4e00-\u9fff]", title), f"{file} does not say its mechanism in Chinese"
    assert len(commands) >= 3
    assert reads, f"{file} looks at nothing"
    assert pages, f"no page shows what {file} looks at"


def test_the_table_is_up_to_date() -> None:
    assert TABLE.read_text("utf-8") == document(), "python -m tests.mechanisms.table"


def test_a_command_that_no_story_needs_is_told_by_a_test_of_its_own() -> None:
    tests = "\n".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("*.py"))
    untold = [one for one in others() if f'"{one}"' not in tests and _class_name(one) not in tests]

    assert untold == []
    assert len(others()) < len(POSTS) // 3


def _class_name(command: str) -> str:
    return "".join(part.capitalize() for part in command.split("_"))


def test_every_page_of_the_table_answers(tmp_path: Path, sqlite_path: Path) -> None:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as store:
        open_ledger(store)
        client = TestClient(create_app(store), base_url="http://127.0.0.1")
        named = {page for row in rows() for page in row.pages if "…" not in page and "why" not in page}
        answers = {page: client.get(f"/{LEDGER}/{page}").status_code for page in sorted(named)}

    # What is not for everybody says so.
    assert {page: status for page, status in answers.items() if status not in (200, 403)} == {}
    assert sum(status == 200 for status in answers.values()) >= 5

"""docs/rights.md says what the tables say."""

from __future__ import annotations

from api.endpoints import READS
from ledger.rights_table import RIGHTS
from tests.api.rights import TABLE, document


def test_the_table_for_people_is_up_to_date() -> None:
    assert TABLE.read_text("utf-8") == document(), "python -m tests.api.rights"


def test_every_command_and_every_read_has_its_line() -> None:
    lines = [line for line in document().splitlines() if line.startswith("| `")]

    assert sorted(line.split("`")[1] for line in lines) == sorted([*RIGHTS, *(read.name for read in READS)])
    assert [line for line in lines if line.endswith(("|  |", "| |")) and "own" not in line and "any" not in line] == [
        "| `open_ledger` | `POST` | the operator |  |".replace("`POST`", "`/opening`")
    ]

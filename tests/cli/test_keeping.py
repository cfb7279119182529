"""Commands for whoever keeps the machine: ledgers, tokens, projections, tables."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from api import tokens
from tests.cli.story import LEDGER, NOON, WANG, Clock, Shell, opened
from tests.house.means import ROOT


def test_a_ledger_is_begun_once(fresh: Shell) -> None:
    # Given a new store, when its ledger is begun twice,
    first = fresh("ledger", "open", "--name", "祥和社区", "--zone", "Asia/Urumqi", "--json").document
    second = fresh("ledger", "open", "--name", "祥和社区")
    # then the second is refused, and the list shows what the first said.
    assert second.code == 1
    assert fresh("ledger", "list", "--json").document == [
        {"ledger": LEDGER, "name": "祥和社区", "zone": "Asia/Urumqi", "position": first["position"]}
    ]


def test_a_zone_that_does_not_exist_begins_no_ledger(fresh: Shell) -> None:
    assert fresh("ledger", "open", "--zone", "Asia/Nowhere").code == 1
    assert fresh("ledger", "list", "--json").document == []


def test_a_token_is_shown_once_and_ends_when_it_is_revoked(nuanlin: Shell, community: Path) -> None:
    made = nuanlin("token", "create", "--member", "A001", "--label", "王阿姨的手机", "--days", "30", "--json").document
    assert made["actor"] == WANG
    with opened(community, Clock(NOON)) as store:
        assert tokens.verify(store, LEDGER, made["token"]) == WANG
    listed = nuanlin("token", "list", "--json")
    assert made["token"] not in listed.out
    assert [(one["number"], one["actor"], one["label"]) for one in listed.document] == [
        (made["number"], WANG, "王阿姨的手机")
    ]
    ended = nuanlin("token", "revoke", made["number"], "--json").document
    assert ended["revoked_at"] is not None
    assert nuanlin("token", "list", "--json").document == [ended]


def test_tokens_fit_a_narrow_terminal_with_days_and_whole_ids(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.cli.output._PAGE_COLUMNS", 80)
    member = nuanlin("token", "create", "--member", "A001", "--label", "手机", "--days", "30", "--json").document
    service = nuanlin("token", "create", "--json").document
    shown = nuanlin("token", "list").out
    row = next(line for line in shown.splitlines() if "手机" in line)
    assert re.fullmatch(rf" *{member['number']} +V25 +手机 +\d{{4}}-\d\d-\d\d +\d{{4}}-\d\d-\d\d *", row)
    assert re.search(rf"{service['number']} +{service['actor']} ", shown)


def test_a_token_comes_with_its_roles_as_facts(nuanlin: Shell) -> None:
    made = nuanlin("token", "create", "--role", "auditor", "--role", "treasurer", "--json").document
    facts = [one["fact"] for one in nuanlin("events", "--json").document if one["type"] == "party.role_granted@1"]
    assert {one["role"] for one in facts if one["holder"] == made["actor"]} == {"auditor", "treasurer"}


def test_no_token_is_made_for_nobody_or_for_a_ledger_that_has_not_begun(nuanlin: Shell, fresh: Shell) -> None:
    assert nuanlin("token", "create", "--member", "B999").code == 1
    assert fresh("token", "create").code == 1
    assert nuanlin("token", "revoke", "ffffffffffff").code == 1


def test_the_status_says_how_far_books_and_boards_are(nuanlin: Shell) -> None:
    head = nuanlin("stats", "--json").document["position"]
    before = nuanlin("projections", "status", "--json").document
    assert before == [{"ledger": LEDGER, "position": head, "books": head, "boards": 0}]
    nuanlin("rankings", "--measure", "volunteer_minutes")
    assert nuanlin("projections", "status", "--json").document[0]["boards"] == head


def test_a_rebuild_of_what_does_not_exist_is_refused(nuanlin: Shell) -> None:
    assert nuanlin("projections", "rebuild", "--ledger", "elsewhere").code == 1


def test_every_ledger_is_rebuilt_on_demand(nuanlin: Shell) -> None:
    nuanlin("ledger", "open", "--ledger", "second")
    found = nuanlin("projections", "rebuild", "--all", "--json").document
    assert [one["ledger"] for one in found] == ["second", LEDGER]


def test_an_upgrade_makes_the_tables_and_shows_no_password(fresh: Shell) -> None:
    answer = fresh("db", "upgrade", "--json").document
    assert answer["ready"] is True
    assert Path(fresh.path).is_file()


def test_progress_is_drawn_on_a_terminals_standard_error_alone(community: Path) -> None:
    # Given a terminal behind standard error and a pipe behind standard output, when the projections are rebuilt,
    terminal, behind = pty.openpty()
    code = "import sys; from api.cli import main; sys.exit(main())"
    given = ["--db", str(community), "--ledger", LEDGER, "projections", "rebuild", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUANLIN_LANG": "en", "TERM": "xterm"}
    done = subprocess.run(
        [sys.executable, "-c", code, *given], env=environment, stdout=subprocess.PIPE, stderr=behind, timeout=60
    )
    os.close(behind)
    drawn = os.read(terminal, 100_000).decode()
    os.close(terminal)
    # then the bar is on the one and the answer alone on the other.
    assert done.returncode == 0
    assert f"Rebuilding {LEDGER}" in drawn
    assert done.stdout.count(b"\n") == 1
    assert done.stdout.startswith(b'{"ledger"')

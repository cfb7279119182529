"""The contract that scripts outside rely on, by processes of their own: shapes, both places for options, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cli.story import LEDGER, LI, WANG, process
from tests.house.means import ROOT


def test_the_first_command_makes_a_fresh_store_ready_and_answers_with_zeros(tmp_path: Path) -> None:
    done = process("--db", "x.db", "stats", "--json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert list(answer) == ["ledger", "position", "events", "members", "partners", "requests", "minutes", "funds"]
    assert (answer["ledger"], answer["position"], answer["events"], answer["funds"]) == ("fangxing", 0, 0, {})
    assert answer["minutes"] == {"earned": 0, "spendable": 0, "held": 0, "pool": 0}
    assert not any(answer["requests"].values())
    assert (tmp_path / "x.db").is_file()


def test_options_stand_before_or_behind_the_command_and_a_url_is_as_good_as_a_path(community: Path) -> None:
    url = f"sqlite:///{community}"
    before = process("--db", str(community), "--ledger", LEDGER, "--json", "balances", folder=community.parent)
    behind = process("balances", "--db", url, "--ledger", LEDGER, "--json", folder=community.parent)
    assert before.returncode == behind.returncode == 0
    assert json.loads(before.stdout) == json.loads(behind.stdout)


def test_the_environment_names_store_and_ledger(community: Path) -> None:
    done = process(
        "stats", "--json", folder=community.parent, NUANLIN_DATABASE_URL=community.name, NUANLIN_LEDGER=LEDGER
    )
    assert json.loads(done.stdout)["members"] == 8


def test_a_transfer_is_done_once_under_its_key(community: Path) -> None:
    # Given 王阿姨 with 150 minutes and 李师傅 with 60, when she gives him 40 twice under one key,
    given = ("--db", str(community), "--ledger", LEDGER, "--json", "transfer", "--from", "A001", "--to", "A002")
    first = process(*given, "--minutes", "40", "--key", "tea", folder=community.parent)
    second = process(*given, "--minutes", "40", "--key", "tea", folder=community.parent)
    # then both answers name one position, and it was booked once.
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert json.loads(first.stdout)["position"] == json.loads(second.stdout)["position"]
    assert [json.loads(one.stdout)["repeated"] for one in (first, second)] == [False, True]
    listed = process("balances", "--db", str(community), "--ledger", LEDGER, "--json", folder=community.parent)
    minutes = {row["account"]: row["balance"] for row in json.loads(listed.stdout)["balances"]}
    assert (minutes[f"hours:{WANG}"], minutes[f"hours:{LI}"]) == (110, 100)


def test_a_refusal_is_one_sentence_on_standard_error_and_exit_code_1(community: Path) -> None:
    given = ("--db", str(community), "--ledger", LEDGER, "--json", "transfer", "--from", "A001", "--to", "A002")
    done = process(*given, "--minutes", "151", "--key", "too-much", folder=community.parent)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("nuanlin: ")
    assert done.stderr.count("\n") == 1


def test_wrong_use_is_exit_code_2(tmp_path: Path) -> None:
    done = process("transfer", "--from", "A001", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--to" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_command_that_does_not_exist_is_named(tmp_path: Path) -> None:
    done = process("nix", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nuanlin: There is no command “nix”; there are: serve, ")
    assert done.stderr.count("\n") == 1


def test_a_reader_who_has_gone_away_leaves_no_complaint(community: Path) -> None:
    # Given a pipe that nobody reads any more, when the journal is written into it, then the program ends quietly.
    unread, pipe = os.pipe()
    os.close(unread)
    code = "import sys; from api.cli import main; sys.exit(main())"
    given = ["--db", str(community), "--ledger", LEDGER, "events"]
    done = subprocess.run(
        [sys.executable, "-c", code, *given], cwd=ROOT, stdout=pipe, stderr=subprocess.PIPE, timeout=60
    )
    os.close(pipe)
    assert (done.returncode, done.stderr) == (141, b"")

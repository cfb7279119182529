"""How the command line behaves whatever the command: languages, errors nobody foresaw, help, and how soon it is there."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.cli.commands import command_line
from api.cli.frame import Frame, language_from
from api.cli.output import visible
from api.texts import LANGUAGES
from tests.cli.story import LEDGER, Shell
from tests.house.means import ROOT


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "en_GB"}, "en"),
        ({"NUANLIN_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"NUANLIN_LANG": "zh", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANG": "eng"}, "zh"),
    ],
)
def test_the_language_is_the_first_one_we_have(environment: dict[str, str], language: str) -> None:
    assert language_from(environment) == language


def test_errors_and_help_are_chinese_unless_asked_otherwise(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUANLIN_LANG")
    assert "排名" in nuanlin("rankings", "--help").out
    assert nuanlin("statement", "B999").err.startswith("nuanlin: 没有成员“B999”；")


def test_an_option_behind_the_command_wins(nuanlin: Shell) -> None:
    answer = nuanlin("stats", "--ledger", "elsewhere", "--json").document
    assert (answer["ledger"], answer["members"]) == ("elsewhere", 0)


def test_options_between_a_group_and_its_command_count_too(nuanlin: Shell, community: Path) -> None:
    rows = nuanlin.plain("ledger", "--db", str(community), "--json", "list").document
    assert rows == [{"ledger": LEDGER, "name": "祥和社区", "zone": "Asia/Shanghai", "position": rows[0]["position"]}]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("gossip",), "stats"),
        (("token",), "create"),
        (("stats", "--gossip"), "--gossip"),
        (("statement",), "WHO"),
        (("transfer", "--minutes", "many", "--from", "a", "--to", "b", "--key", "k"), "--minutes"),
        (("balances", "--at"), "--at"),
        (("token", "create", "--member", "A001", "--actor", "svc_x"), "--member"),
        (("token", "create", "--role", "king"), "treasurer"),
    ],
)
def test_wrong_use_says_in_one_line_what_to_mend(nuanlin: Shell, arguments: tuple[str, ...], hint: str) -> None:
    answer = nuanlin(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert hint in answer.err
    assert answer.err.count("\n") == 1


def test_without_a_command_it_shows_its_help_and_counts_as_wrong_use(nuanlin: Shell) -> None:
    answer = nuanlin.plain()
    assert answer.code == 2
    assert "rankings" in answer.out


@pytest.mark.parametrize("slug", ["", "a b", "../x", "-x", "x" * 65, "方兴"])
def test_a_slug_that_is_none_is_refused_before_anything_is_read(nuanlin: Shell, slug: str) -> None:
    answer = nuanlin("stats", "--ledger", slug)
    assert (answer.code, answer.out) == (1, "")


@pytest.mark.parametrize("store", ["mysql://x/y", "postgresql://nobody@127.0.0.1:1/x", "/dev/null/x.db"])
def test_a_store_that_cannot_be_opened_is_one_sentence(nuanlin: Shell, store: str) -> None:
    answer = nuanlin.plain("--db", store, "stats", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert "unexpected" not in answer.err


def test_a_file_that_is_no_database_is_one_sentence(nuanlin: Shell, tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("Remember the tea. " * 100, encoding="utf-8")
    answer = nuanlin.plain("--db", str(file), "stats")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert "unexpected" not in answer.err


def test_an_environment_that_is_nonsense_is_named(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.settings.Settings", broken_settings)
    answer = nuanlin("stats")
    assert answer.code == 1
    assert "NUANLIN_PORT" in answer.err


def broken_settings() -> object:
    """What reading the environment comes to where a number is no number."""
    from pydantic import BaseModel

    class Wanted(BaseModel):
        port: int

    return Wanted.model_validate({"port": "eight"})


def test_what_nobody_foresaw_is_a_sentence_with_a_hint_and_a_traceback_only_on_demand(
    nuanlin: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_frame: Frame) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(Frame, "ledger", property(stumble))
    answer = nuanlin("stats", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert "--debug" in answer.err
    assert "Traceback" in nuanlin("stats", "--debug").err
    monkeypatch.setenv("NUANLIN_DEBUG", "1")
    assert "Traceback" in nuanlin("stats").err


def test_an_interruption_ends_quietly_with_130(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_frame: Frame) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(Frame, "ledger", property(interrupt))
    assert nuanlin("stats") == (130, "", "")


def test_names_cannot_move_the_terminals_cursor() -> None:
    assert visible("王\x1b[2J阿姨\u202e") == "王\ufffd[2J阿姨\ufffd"


def test_help_is_there_nearly_as_soon_as_the_library_alone(tmp_path: Path) -> None:
    # Both sides in one run, by processor time and with compiled modules, since the machine that runs tests is busy.
    ours = "from api.cli import main; main(['--help'])"
    bare = "import typer; app = typer.Typer(); app.command('x')(lambda: None); app(['--help'])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    seconds: dict[str, list[float]] = {ours: [], bare: []}
    for _ in range(4):
        for code, taken in seconds.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    # The first start compiles.
    assert min(seconds[ours][1:]) < 1.6 * min(seconds[bare][1:])


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = "sqlalchemy fastapi pydantic alembic eventsourcing uvicorn cryptography msgspec"
    code = (
        "import sys; from api.cli import main; main(['--help']); "
        f"print([name for name in '{heavy}'.split() if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_the_version_is_printed(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "1.2.3")
    assert nuanlin.plain("--version") == (0, "nuanlin 1.2.3\n", "")


def test_the_entry_point_gives_the_exit_code() -> None:
    assert main(["--help"]) == 0


def told_in(command: Any, path: str = "") -> dict[str, str]:
    """The help of every command and of every option, by where it stands."""
    told = {path: command.help or ""}
    told |= {f"{path} {one.name}": one.help or "" for one in command.params if hasattr(one, "help")}
    for name, inner in getattr(command, "commands", {}).items():
        told |= told_in(inner, f"{path} {name}")
    return told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_can_be_built_and_says_what_it_does(lang: str) -> None:
    told = told_in(command_line(lang))
    assert len(told) > 100
    wordless = [where for where, text in told.items() if not text or re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", text)]
    assert [one for one in wordless if not one.endswith((" help", "_completion"))] == []


def test_only_the_command_that_was_asked_for_is_made_whole() -> None:
    asked = command_line("en", ["--ledger", "fund", "stats", "--json"])
    assert asked.commands["stats"].params
    assert asked.commands["fund"].params, "a ledger may be called like a command"
    assert not asked.commands["balances"].params

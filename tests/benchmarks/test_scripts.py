"""Each measurement runs at a tiny size and says both sides of its ratio; how fast it is, is no business of a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from api.store import Store
from benchmarks import __main__ as every
from benchmarks import commands, generate, imports, one_more, rebuild, replay, sealing, street
from benchmarks.imports import LEDGER, enter, orders_of, register, written_since
from benchmarks.raw import batched, open_raw_journal


def told_by(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was printed, a measurement a line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_an_import_is_measured_without_and_with_words_and_as_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    imports.main(["--rows", "60", "--rounds", "2", "--members", "10"])
    plain, worded, whole = told_by(capsys)
    for one in (plain, worded):
        assert one["events_per_second"] > 0
        assert one["raw_events_per_second"] > 0
        assert 0 < one["ratio_of_medians"] < 5
        assert (one["bar"], one["rows"], len(one["ratios_per_round"])) == (0.25, 60, 2)
    assert whole["rows_per_second"] > 0
    assert {"processor", "cores", "python", "sqlite"} <= set(plain["machine"])


def test_a_rebuild_is_measured_on_a_generated_ledger_that_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "kept" / "ledger.db"
    for _ in range(2):
        rebuild.main(["--events", "1000", "--rounds", "1", "--db", str(path)])
    first, second = told_by(capsys)
    assert first["events"] == second["events"] == 1_000
    assert first["events_per_second"] > 0
    assert (first["bar_events_per_second"], first["bar"]) == (50_000, 1.0)
    assert path.exists()


def test_one_more_command_is_measured_on_two_ledgers(capsys: pytest.CaptureFixture[str]) -> None:
    one_more.main(["--events", "2000", "--short", "1000", "--rounds", "2", "--pairs", "2", "--warm", "3"])
    (one,) = told_by(capsys)
    assert (one["short_events"], one["benchmark"]) == (1_000, "one more command at 2000 events")
    assert (one["commands"], one["cold_commands"], one["bar"]) == (12, 4, 1.2)
    for figure in ("microseconds", "microseconds_in_a_short_journal", "cold_microseconds", "ratio_of_medians"):
        assert one[figure] > 0, figure


def test_commands_are_measured_against_raw_commits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"CALLERS": 2, "EACH": 5, "ROUNDS": 1}.items():
        monkeypatch.setattr(commands, name, value)
    commands.main()
    (one,) = told_by(capsys)
    assert one["commands_per_second"] > 0
    assert one["raw_commits_per_second"] > 0
    assert one["bar"] == 1.0


def test_commands_are_measured_while_a_thread_seals_and_without(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"CALLERS": 2, "EACH": 5, "ROUNDS": 1}.items():
        monkeypatch.setattr(sealing, name, value)
    sealing.main()
    (one,) = told_by(capsys)
    for figure in ("commands_per_second", "commands_without_seals_per_second", "sealing_microseconds_per_event"):
        assert one[figure] > 0, figure
    assert one["bar"] == 0.9


def test_a_generated_ledger_says_how_long_it_took(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate.main(["--events", "1000", "--db", str(tmp_path / "small.db")])
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("1000 events in ")
    assert second.startswith("books and boards in ")


def test_raw_writes_the_very_rows_that_the_import_wrote(tmp_path: Path) -> None:
    with Store.open(Settings(database_url=str(tmp_path / "n.db"))) as store:
        people = register(store, 5)
        before = generate.head_of(store)
        enter(store, orders_of(range(25), people, None))
        batches = written_since(store, before, 20)
        assert [len(rows) for rows, _ in batches] == [20, 20, 10]
        raw = open_raw_journal(tmp_path / "raw.db")
        batched(raw, batches)
        for table in ("events", "event_tags"):
            ours = f"SELECT * FROM {table} WHERE ledger = ? AND position > ? ORDER BY 1, 2, 3"
            with store.database.reading() as cursor:
                cursor.execute(ours, (LEDGER, before))
                assert raw.execute(ours, (LEDGER, before)).fetchall() == cursor.fetchall(), table
        raw.close()


def test_measurements_are_chosen_by_name_and_told_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"benchmark": "this", "events_per_second": 30_000, "raw_events_per_second": 60_000, "ratio_of_medians": 0.5,
         "bar": 0.25},
        {"benchmark": "that", "rows_per_second": 1_000},
    ]  # fmt: skip
    assert every.table(rows).splitlines()[2:] == [
        "| this | 30,000 events/s | 60,000 raw events/s | 0.5 | 0.25 |",
        "| that | 1,000 rows/s |  |  |  |",
    ]
    with pytest.raises(SystemExit):
        every.main(["nonsense"])
    assert "no measurement is called nonsense" in capsys.readouterr().err


def test_the_replay_is_measured_beside_programs_that_come_to_the_same_balances(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    replay.main(["--transfers", "300", "--rounds", "1", "--db", str(tmp_path / "kept" / "transfers.db")])
    (one,) = told_by(capsys)
    assert (one["transactions"], one["bar_cpu_seconds"], one["bar_mib"]) == (1_200, 3.0, 150)
    assert one["checks"]["rules"] == one["checks"]["leaves"] == one["events"]
    assert one["cpu_seconds"] > 0
    assert one["mib"] > 20
    beside = [one[program] for program in ("ledger", "hledger", "beancount") if program in one]
    assert beside, "one of them is here, or the comparison is none"
    assert all(other["same_balances"] and other["cpu_seconds"] > 0 for other in beside)


def test_a_street_is_measured_beside_plain_gifts(capsys: pytest.CaptureFixture[str]) -> None:
    street.main(["--people", "40", "--days", "20", "--gifts", "40"])
    (one,) = told_by(capsys)
    assert (one["people"], one["days"]) == (40, 20)
    for figure in ("events", "events_lived_per_second", "events_rebuilt_per_second", "audit_microseconds_an_event"):
        assert one[figure] > 0, figure

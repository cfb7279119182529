"""`nuanlin witness …` as the outside party types it, and `nuanlin seal push`, `request`, `accept` on the other side."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.outgoing import call
from ledger.seal.notes import Verifier, open_note
from ledger.seal.submission import proof_text, submission_text
from tests.cli.story import LEDGER, Answer, Shell
from tests.house.means import ROOT
from tests.house.witnesses import ShownLog, scripted
from tests.ledger.seal.logs import ORIGIN, Log, witness_signer

COMMAND = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())"]


@pytest.fixture
def notary(tmp_path: Path, fresh: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The shell of a notary: no ledger anywhere near, and a witness in the folder `witness`."""
    room = tmp_path / "notary"
    room.mkdir()
    monkeypatch.chdir(room)
    monkeypatch.delenv("NUANLIN_WITNESSES", raising=False)
    assert fresh.plain("witness", "key", "--name", "notary.example").code == 0
    assert fresh.plain("witness", "trust", Log().signer.vkey).code == 0
    return fresh


def write(name: str, content: str) -> str:
    """A file in the notary's room."""
    Path(name).write_text(content, "utf-8")
    return name


def signed(notary: Shell, old: int, new: int, log: Log | None = None) -> Answer:
    """What comes of signing a checkpoint that came with its proof in one file."""
    shown = log or Log().grow_to(new)
    return notary.plain("witness", "sign", write("req", submission_text(old, shown.proof(old, new), shown.note(new))))


# ---- its key and whom it watches -------------------------------------------------------------------------------------


def test_a_witness_needs_nothing_but_its_folder(notary: Shell) -> None:
    assert sorted(one.name for one in Path().iterdir()) == ["witness"]
    assert sorted(one.name for one in Path("witness").iterdir()) == ["witness.db", "witness.key"]
    assert stat.S_IMODE(Path("witness/witness.key").stat().st_mode) == 0o600


def test_its_public_key_is_shown_as_often_as_asked_and_stays_the_same(notary: Shell) -> None:
    first = notary.plain("witness", "key")

    assert Verifier(first.out.strip()).name == "notary.example"
    assert notary.plain("witness", "key", "--name", "notary.example").out == first.out
    assert json.loads(notary.plain("witness", "key", "--json").out)["vkey"] == first.out.strip()


def test_another_name_for_the_same_folder_is_refused(notary: Shell) -> None:
    answer = notary.plain("witness", "key", "--name", "other.example")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1


def test_without_a_name_no_key_is_made(fresh: Shell, tmp_path: Path) -> None:
    answer = fresh.plain("witness", "key", "--folder", str(tmp_path / "none"))

    assert (answer.code, answer.out) == (2, "")
    assert "--name" in answer.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", [["status"], ["trust", "x"], ["evidence"], ["latest"], ["serve"]])
def test_a_folder_without_a_witness_is_one_sentence(fresh: Shell, tmp_path: Path, command: list[str]) -> None:
    answer = fresh.plain("witness", *command, "--folder", str(tmp_path / "none"))

    assert (answer.code, answer.out) == (1, "")
    assert "nuanlin witness key" in answer.err
    assert answer.err.count("\n") == 1


def test_a_second_key_for_a_log_is_taken_only_on_purpose(notary: Shell) -> None:
    other = Log().signer.from_seed(ORIGIN, b"\x02" * 32).vkey

    assert notary.plain("witness", "trust", other).code == 1
    assert notary.plain("witness", "trust", other, "--also").code == 0


# ---- by files --------------------------------------------------------------------------------------------------------


def test_a_checkpoint_that_came_as_a_file_is_signed(notary: Shell) -> None:
    first = signed(notary, 0, 7)
    second = signed(notary, 7, 20)

    verifier = Verifier(notary.plain("witness", "key").out.strip())
    assert (first.code, second.code) == (0, 0)
    assert open_note(Log().grow_to(7).note() + first.out, [verifier]).cosigned
    assert open_note(Log().grow_to(20).note() + second.out, [verifier]).cosigned


def test_checkpoint_and_proof_may_come_in_two_files_and_the_cosigned_one_goes_into_a_third(notary: Shell) -> None:
    log = Log().grow_to(20)
    signed(notary, 0, 7)

    checkpoint, proof = write("a.note", log.note()), write("proof.txt", proof_text(log.proof(7)))
    answer = notary.plain("witness", "sign", checkpoint, "--proof", proof, "--out", "b.note")

    assert answer.code == 0
    verifier = Verifier(notary.plain("witness", "key").out.strip())
    assert open_note(Path("b.note").read_bytes(), [verifier]).cosigned
    assert notary.plain("witness", "latest").out == Path("b.note").read_text("utf-8")


def test_a_refusal_says_what_was_kept_and_where(notary: Shell) -> None:
    log = Log().grow_to(11)
    signed(notary, 0, 11)

    answer = signed(notary, 11, 20, log.rewritten(3).grow_to(20))

    assert (answer.code, answer.out) == (1, "")
    kept = next(Path("witness/evidence").iterdir())
    assert f"Kept as proof against the log: {kept}" in answer.err


@pytest.mark.parametrize("content", ["", "old 0\n", "no note at all", "old 0\n\n\n\n", "x" * 100_000])
def test_a_file_that_holds_no_checkpoint_is_one_sentence(notary: Shell, content: str) -> None:
    answer = notary.plain("witness", "sign", write("req", content))

    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1


def test_a_file_that_is_not_there_is_one_sentence(notary: Shell) -> None:
    assert notary.plain("witness", "sign", "nothing").err == "nuanlin: There is no file nothing.\n"


# ---- what it holds against whom --------------------------------------------------------------------------------------


def test_status_is_quiet_while_nothing_is_wrong_and_fails_once_something_is_proven(notary: Shell) -> None:
    signed(notary, 0, 11)
    quiet = notary.plain("witness", "status", "--json")
    signed(notary, 7, 7)
    suspicious = notary.plain("witness", "status", "--json")
    signed(notary, 11, 11, Log().grow_to(11).rewritten(3))
    proven = notary.plain("witness", "status", "--json")

    documents = [json.loads(one.out) for one in (quiet, suspicious, proven)]
    assert [one.code for one in (quiet, suspicious, proven)] == [0, 0, 1]
    assert [(one["suspected"], one["proven"]) for one in documents] == [(0, 0), (1, 0), (1, 1)]
    log = json.loads(proven.out)["logs"][0]
    assert (log["origin"], log["last"]["size"], log["proven"], log["suspected"]) == (ORIGIN, 11, 1, 1)
    told = notary.plain("witness", "status")
    assert "two histories: 1" in told.out


def test_evidence_is_listed_explained_and_settled(notary: Shell) -> None:
    log = Log().grow_to(20)
    assert "no evidence" in notary.plain("witness", "evidence").out
    signed(notary, 0, 20)
    signed(notary, 12, 12)
    (found,) = json.loads(notary.plain("witness", "evidence", "--json").out)
    assert (found["kind"], found["proven"], found["connected"], found["other"]["size"]) == ("older", False, False, 12)
    assert found["id"] in notary.plain("witness", "evidence").out
    assert "proves nothing by itself" in notary.plain("witness", "evidence", found["id"]).out

    proof = write("proof.txt", proof_text(log.proof(12)))
    settled = notary.plain("witness", "evidence", found["id"], "--proof", proof)

    assert (settled.code, "one history" in settled.out) == (0, True)
    assert json.loads(notary.plain("witness", "evidence", found["id"], "--json").out)["connected"]
    assert notary.plain("witness", "evidence", "older-0-0").code == 1
    assert notary.plain("witness", "evidence", "--proof", proof).code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_evidence_has_its_words(notary: Shell, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("NUANLIN_LANG", lang)
    log = Log().grow_to(11)
    signed(notary, 0, 11)
    signed(notary, 7, 7)
    signed(notary, 11, 11, log.rewritten(3))
    signed(notary, 11, 20, log.rewritten(3).grow_to(20))
    wrong = submission_text(11, Log().grow_to(30).proof(11)[::-1], Log().grow_to(30).note())
    notary.plain("witness", "sign", write("req", wrong))

    told = notary.plain("witness", "evidence").out
    kinds = [one["kind"] for one in json.loads(notary.plain("witness", "evidence", "--json").out)]

    assert kinds == ["older", "two_roots", "forked", "unconnected"]
    assert "witness." not in told
    assert "None" not in told


# ---- side by side ----------------------------------------------------------------------------------------------------


def test_two_notes_are_compared_with_nothing_but_the_logs_public_key(
    fresh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    log = Log().grow_to(20)
    rewritten = log.rewritten(3)
    write("a.note", log.note(11))
    write("b.note", log.note(20))
    write("c.note", rewritten.note(20))
    write("ab.txt", proof_text(log.proof(11)))
    write("ac.txt", proof_text(rewritten.proof(11)))
    key = ["--key", log.signer.vkey]

    def verdict(*given: str) -> tuple[int, str]:
        answer = fresh.plain("witness", "compare", *given, *key, "--json")
        return answer.code, json.loads(answer.out)["verdict"]

    assert verdict("a.note", "a.note") == (0, "same")
    assert verdict("a.note", "b.note", "--proof", "ab.txt") == (0, "connected")
    assert verdict("b.note", "a.note", "--proof", "ab.txt") == (0, "connected")
    assert verdict("b.note", "c.note") == (1, "two_roots")
    assert verdict("a.note", "c.note", "--proof", "ac.txt") == (1, "forked")
    assert verdict("a.note", "b.note") == (2, "undecided")
    assert verdict("a.note", "b.note", "--proof", "ac.txt") == (2, "unconnected")
    assert "PROVEN" in fresh.plain("witness", "compare", "b.note", "c.note", *key).out


def test_a_note_that_the_log_did_not_sign_is_not_compared(notary: Shell) -> None:
    log = Log().grow_to(11)
    forged = Log(log.signer.from_seed(ORIGIN, b"\x05" * 32)).grow_to(11)
    write("a.note", log.note())
    write("b.note", forged.note())
    write("c.note", Log(log.signer.from_seed("elsewhere", b"\x05" * 32)).grow_to(11).note())

    assert notary.plain("witness", "compare", "a.note", "a.note").code == 0
    assert "signature" in notary.plain("witness", "compare", "a.note", "b.note").err
    assert notary.plain("witness", "compare", "a.note", "c.note").code == 1
    key = ["--key", log.signer.vkey]
    assert notary.plain("witness", "compare", "a.note", "c.note", *key).code == 1
    assert notary.plain("witness", "compare", "a.note", "a.note", "--key", witness_signer().vkey).code == 1


# ---- by network ------------------------------------------------------------------------------------------------------


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The witness of this room as a process, and its address as it printed it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUANLIN_LANG": "en"}
    given = [*COMMAND, "witness", "serve", "--json", "--port", "0", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(given, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())["address"]
        finally:
            if process.poll() is None:
                process.kill()


@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_answers_until_it_is_told_to_end(notary: Shell, end: signal.Signals, code: int) -> None:
    with served() as (process, address):
        assert address.startswith("http://127.0.0.1:")
        body = submission_text(0, [], Log().grow_to(7).note())
        assert call("POST", f"{address}/add-checkpoint", body.encode()).status == 200
        process.send_signal(end)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (code, "", "")
    assert json.loads(notary.plain("witness", "status", "--json").out)["logs"][0]["last"]["size"] == 7


def test_killed_while_it_serves_it_remembers_what_it_answered(notary: Shell) -> None:
    log = Log().grow_to(7)
    with served() as (process, address):
        assert call("POST", f"{address}/add-checkpoint", submission_text(0, [], log.note()).encode()).status == 200
        process.send_signal(signal.SIGKILL)
        process.wait(30)

    with served() as (_, address):
        body = submission_text(7, [], log.rewritten(3).note())
        assert call("POST", f"{address}/add-checkpoint", body.encode()).status == 422


def test_addresses_that_others_reach_come_with_a_warning(notary: Shell) -> None:
    with served("--host", "0.0.0.0") as (process, _):
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert "other machines" in err


def test_it_visits_a_ledger_once_when_asked_to(notary: Shell) -> None:
    log = ShownLog(Log().grow_to(9))
    with scripted(log) as url:
        answer = notary.plain("witness", "watch", url, "--once", "--json")
        log.shown = log.shown.rewritten(3)
        convicted = notary.plain("witness", "watch", url, "--once")

    assert (answer.code, json.loads(answer.out)) == (0, {"origin": ORIGIN, "size": 9, "brought": True})
    assert convicted.code == 1
    assert "Kept as proof" in convicted.err
    assert notary.plain("witness", "watch", "ftp://x", "--once").code == 1


# ---- the ledger's side -----------------------------------------------------------------------------------------------


def test_ledger_and_witness_meet_by_files_alone(nuanlin: Shell, notary: Shell, community: Path) -> None:
    # Given a ledger and a notary that no network joins, when files go there and back,
    assert nuanlin("seal", "now").code == 0
    assert notary.plain("witness", "trust", nuanlin("seal", "key").out.strip()).code == 0
    key = notary.plain("witness", "key").out.strip()
    assert nuanlin("seal", "request", "--witness", "notary.example", "--out", "there.txt").code == 0
    assert notary.plain("witness", "sign", "there.txt", "--out", "back.note").code == 0
    accepted = nuanlin("seal", "accept", "back.note", "--witness", key, "--json")

    # then the ledger shows who has signed.
    assert [one["witness"] for one in json.loads(accepted.out)] == ["notary.example"]
    (row,) = json.loads(nuanlin("seal", "status", "--json").out)
    assert row["witnesses"] == ["notary.example"]
    assert nuanlin("seal", "accept", "there.txt", "--witness", key).code == 1


def test_the_proof_that_a_ledger_prints_connects_its_checkpoints(nuanlin: Shell, notary: Shell) -> None:
    nuanlin("seal", "now")
    write("first.note", nuanlin("seal", "checkpoint").out)
    first = json.loads(nuanlin("seal", "status", "--json").out)[0]["sealed"]
    given = ("transfer", "--from", "A001", "--to", "A002", "--minutes", "10", "--key", "tea")
    assert nuanlin(*given).code == 0
    nuanlin("seal", "now")
    write("second.note", nuanlin("seal", "checkpoint").out)
    write("proof.txt", nuanlin("seal", "proof", "--from", str(first)).out)

    key = ["--key", nuanlin("seal", "key").out.strip()]
    answer = notary.plain("witness", "compare", "first.note", "second.note", "--proof", "proof.txt", *key, "--json")

    assert (answer.code, json.loads(answer.out)["verdict"]) == (0, "connected")


def test_a_ledger_takes_its_checkpoint_there_by_hand(
    nuanlin: Shell, notary: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    nuanlin("seal", "now")
    notary.plain("witness", "trust", nuanlin("seal", "key").out.strip())
    key = notary.plain("witness", "key").out.strip()
    assert nuanlin("seal", "push", "--once").code == 2
    with served() as (_, address):
        monkeypatch.setenv("NUANLIN_WITNESSES", f"{key} {address}")
        first, second = (nuanlin("seal", "push", "--once", "--json") for _ in range(2))
    away = nuanlin("seal", "push", "--once")

    assert [(one.code, json.loads(one.out)[0]["at"] is None) for one in (first, second)] == [(0, False), (0, True)]
    # What is cosigned already needs no visit; what is new does.
    assert away.code == 0


def test_a_witness_that_is_away_is_told_and_ends_with_1(
    nuanlin: Shell, notary: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    nuanlin("seal", "now")
    monkeypatch.setenv("NUANLIN_WITNESSES", f"{witness_signer().vkey} http://127.0.0.1:9")

    answer = nuanlin("seal", "push", "--once", "--json")

    assert (answer.code, json.loads(answer.out)[0]["error"]) == (1, "witness_unreachable")


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["seal", "push"]])
def test_server_and_pusher_take_checkpoints_there_until_they_are_told_to_end(
    nuanlin: Shell, notary: Shell, community: Path, command: list[str]
) -> None:
    nuanlin("seal", "now")
    notary.plain("witness", "trust", nuanlin("seal", "key").out.strip())
    key = notary.plain("witness", "key").out.strip()
    with served() as (_, address):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUANLIN_WITNESSES": f"{key} {address}"}
        given = [*COMMAND, "--db", str(community), "--ledger", LEDGER, *command]
        pipe = subprocess.PIPE
        with subprocess.Popen(given, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
            try:
                end = time.monotonic() + 30
                while (
                    json.loads(notary.plain("witness", "latest", f"nuanlin/{LEDGER}", "--json").out or "{}").get("last")
                    is None
                ):
                    assert process.poll() is None and time.monotonic() < end, "it was not taken there"
                    time.sleep(0.2)
                process.send_signal(signal.SIGTERM)
                _, err = process.communicate(timeout=30)
            finally:
                if process.poll() is None:
                    process.kill()

    assert process.returncode == 0
    assert "error" not in err
    assert json.loads(nuanlin("seal", "status", "--json").out)[0]["witnesses"] == ["notary.example"]

"""Many at once, and killed at the worst moment: a witness never signs two histories."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ledger.errors import NuanlinError
from ledger.seal.notes import Signer, Verifier, open_note
from ledger.seal.witness import Witness
from tests.ledger.seal.logs import ORIGIN, Log

NURSERY = multiprocessing.get_context("forkserver")
"""Has everything imported once, so that the processes start quickly."""
NURSERY.set_forkserver_preload(["tests.ledger.seal.logs", "ledger.seal.witness"])

SIZE = 12


def watching(folder: Path) -> Witness:
    """A witness that has signed the first five facts of the log."""
    witness = Witness.make(folder, "notary.example")
    witness.trust(Log().signer.vkey)
    witness.add_checkpoint(0, [], Log().grow_to(5).note())
    return witness


def histories(count: int) -> list[Log]:
    """As many histories with the same first five facts, all signed by the log."""
    return [Log().grow_to(5).grow_to(SIZE, f"hours of history {number}") for number in range(count)]


def submit(folder: str, number: int, gate: Connection, told: Connection) -> None:
    """A process: at the signal, ask for the cosignature of one history."""
    log = histories(number + 1)[number]
    witness = Witness.open(Path(folder))
    told.send("ready")
    gate.recv()
    try:
        told.send(witness.add_checkpoint(5, log.proof(5), log.note()))
    except NuanlinError as error:
        told.send(error.code)


def signed_by(lines: list[str], folder: Path) -> list[int]:
    """Which of the histories these answers cosign."""
    verifier = Verifier(Witness.open(folder).vkey)
    found = []
    for number, log in enumerate(histories(len(lines))):
        if lines[number].startswith("—"):
            assert open_note(log.note() + lines[number], [verifier]).cosigned
            found.append(number)
    return found


def test_of_eight_histories_in_eight_threads_one_is_signed(tmp_path: Path) -> None:
    witness = watching(tmp_path / "witness")
    logs = histories(8)
    answers = [""] * len(logs)
    start = threading.Barrier(len(logs))

    def ask(number: int) -> None:
        note, proof = logs[number].note(), logs[number].proof(5)
        start.wait()
        try:
            answers[number] = witness.add_checkpoint(5, proof, note)
        except NuanlinError as error:
            answers[number] = error.code

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(logs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (signed,) = signed_by(answers, witness.folder)
    last = witness.watched(ORIGIN).last
    assert last is not None
    assert last.checkpoint == logs[signed].checkpoint()
    # Each of the others is a second root of one size, and kept.
    assert sorted(answers)[:-1] == ["witness_at_other_size"] * 7
    assert [one.kind for one in witness.findings()] == ["two_roots"] * 7


def test_of_four_histories_in_four_processes_one_is_signed(tmp_path: Path) -> None:
    folder = watching(tmp_path / "witness").folder
    runs = []
    for number in range(4):
        (gate, their_gate), (ours, told) = NURSERY.Pipe(), NURSERY.Pipe()
        process = NURSERY.Process(target=submit, args=(str(folder), number, their_gate, told))
        process.start()
        runs.append((process, gate, ours))
    for _, _, ours in runs:
        assert ours.recv() == "ready"
    for _, gate, _ in runs:
        gate.send("go")
    answers = [ours.recv() for _, _, ours in runs]
    for process, _, _ in runs:
        process.join()

    assert len(signed_by(answers, folder)) == 1
    assert len(Witness.open(folder).findings()) == 3


def sign_and_die(folder: str, moment: str, told: Connection) -> None:
    """A process that is killed inside `add_checkpoint`: before it wrote, before the commit, or behind it."""
    log = histories(1)[0]

    class Fragile(sqlite3.Connection):
        """A memory whose process dies at the chosen statement."""

        def execute(self, statement: str, *given: object) -> sqlite3.Cursor:
            first_word = statement.split(maxsplit=1)[0]
            if moment == f"before {first_word}":
                os.kill(os.getpid(), signal.SIGKILL)
            done = super().execute(statement, *given)  # type: ignore[arg-type]  # passed on as they came
            if moment == f"after {first_word}":
                os.kill(os.getpid(), signal.SIGKILL)
            return done

    plain = sqlite3.connect
    sqlite3.connect = lambda *given, **named: plain(*given, factory=Fragile, **named)  # type: ignore[assignment]  # here it ends
    told.send(Witness.open(Path(folder)).add_checkpoint(5, log.proof(5), log.note()))


@pytest.mark.parametrize(
    ("moment", "size"),
    [("before INSERT", 5), ("after INSERT", 5), ("before COMMIT", 5), ("after COMMIT", SIZE)],
)
def test_killed_between_remembering_and_answering_it_never_signs_the_other_history(
    tmp_path: Path, moment: str, size: int
) -> None:
    # Given a witness that is killed while it signs one history, so that no answer gets out,
    folder = watching(tmp_path / "witness").folder
    ours, told = NURSERY.Pipe(duplex=False)
    process = NURSERY.Process(target=sign_and_die, args=(str(folder), moment, told))
    process.start()
    told.close()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with pytest.raises(EOFError):
        ours.recv()

    # when it starts again, then it knows what it has committed to,
    witness = Witness.open(folder)
    last = witness.watched(ORIGIN).last
    assert last is not None
    assert last.checkpoint.size == size

    # and signs the other history only if it did not commit to the first.
    first, other = histories(2)
    try:
        witness.add_checkpoint(size, other.proof(size) if size < SIZE else [], other.note())
        assert size == 5
    except NuanlinError as error:
        assert (error.code, size) == ("two_roots", SIZE)
        assert witness.add_checkpoint(SIZE, [], first.note()).startswith("— notary.example ")


def test_a_key_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    # What a witness leaves that was killed while its key was made: a draft under another name.
    folder = tmp_path / "witness"
    folder.mkdir()
    (folder / ".witness.key.0011223344556677").write_text("PRIVATE+KEY+half", "utf-8")

    made = Witness.make(folder, "notary.example")

    assert Signer.from_skey((folder / "witness.key").read_text("utf-8").strip()).vkey == made.vkey

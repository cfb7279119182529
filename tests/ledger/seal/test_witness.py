"""A witness signs what grew out of the last checkpoint it signed, and nothing else."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from ledger.errors import Conflict, NotFound, NuanlinError, Refused, Unusable
from ledger.seal.merkle import EMPTY_ROOT, leaf_hash
from ledger.seal.notes import Checkpoint, Signer, Verifier, checkpoint_text, open_note, sign_note
from ledger.seal.witness import Witness
from tests.ledger.seal.logs import EIGHT_O_CLOCK, ORIGIN, Clock, Log


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """A notary that watches the log of 祥和."""
    made = Witness.make(tmp_path / "witness", "notary.example", clock=Clock())
    made.trust(Log().signer.vkey)
    return made


def refusal(witness: Witness, old_size: int, proof: list[bytes], note: str | bytes) -> NuanlinError:
    """With which error a submission is turned away."""
    with pytest.raises(NuanlinError) as caught:
        witness.add_checkpoint(old_size, proof, note)
    return caught.value


def last_size(witness: Witness) -> int:
    """How large the last checkpoint was that the witness signed."""
    last = witness.watched(ORIGIN).last
    return last.checkpoint.size if last else 0


# ---- what it signs ------------------------------------------------------------------------------------------------


def test_the_first_checkpoint_of_a_log_is_taken_as_it_comes(witness: Witness) -> None:
    note = Log().grow_to(7).note()

    line = witness.add_checkpoint(0, [], note)

    opened = open_note(note + line, [Verifier(witness.vkey)])
    assert EIGHT_O_CLOCK < opened.cosigned["notary.example"] < EIGHT_O_CLOCK + 10
    assert last_size(witness) == 7


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 9), (7, 8), (8, 1000), (6, 7)])
def test_what_grew_out_of_the_last_checkpoint_is_signed(witness: Witness, old: int, new: int) -> None:
    log = Log().grow_to(new)
    witness.add_checkpoint(0, [], log.note(old))

    line = witness.add_checkpoint(old, log.proof(old), log.note())

    assert open_note(log.note() + line, [Verifier(witness.vkey)]).cosigned
    assert last_size(witness) == new
    assert witness.findings() == []


def test_the_same_checkpoint_again_is_signed_again_with_the_time_of_today(witness: Witness) -> None:
    note = Log().grow_to(7).note()
    lines = [witness.add_checkpoint(size, [], note) for size in (0, 7)]

    times = [open_note(note + line, [Verifier(witness.vkey)]).cosigned["notary.example"] for line in lines]

    assert times[0] < times[1]


def test_the_empty_log_may_be_signed_before_anything_is_in_it(witness: Witness) -> None:
    log = Log()
    witness.add_checkpoint(0, [], log.note())

    witness.add_checkpoint(0, [], log.grow_to(3).note())

    assert last_size(witness) == 3


def test_what_it_remembers_carries_the_signatures_of_log_and_witness_and_no_others(witness: Witness) -> None:
    log = Log().grow_to(5)
    stranger = Signer.from_seed("stranger.example", b"\x09" * 32)
    note = log.note() + stranger.line(checkpoint_text(log.checkpoint()))

    line = witness.add_checkpoint(0, [], note)

    last = witness.watched(ORIGIN).last
    assert last is not None
    assert last.note == log.note() + line


def test_a_log_may_change_its_key_and_keep_its_history(witness: Witness) -> None:
    log = Log().grow_to(3)
    witness.add_checkpoint(0, [], log.note())
    successor = Signer.from_seed(ORIGIN, b"\x02" * 32)
    with pytest.raises(Conflict, match="log_has_key"):
        witness.trust(successor.vkey)
    witness.trust(successor.vkey, also=True)

    log.signer = successor
    witness.add_checkpoint(3, log.grow_to(5).proof(3), log.note())

    assert last_size(witness) == 5


def test_extension_lines_are_signed_along(witness: Witness) -> None:
    log = Log().grow_to(4)
    text = checkpoint_text(log.checkpoint()._replace(extensions=("sm3 root",)))

    line = witness.add_checkpoint(0, [], sign_note(text, log.signer))

    verifier = Verifier(witness.vkey)
    assert open_note(f"{text}\n{line}", [verifier]).cosigned
    with pytest.raises(Refused, match="bad_signature"):
        open_note(f"{text.replace('sm3', 'sm4')}\n{line}", [verifier])


# ---- what it turns away, in the order of the specification -----------------------------------------------------------


def test_a_log_nobody_asked_it_to_watch_is_unknown(witness: Witness) -> None:
    stranger = Log(Signer.from_seed("nuanlin.example/elsewhere", b"\x03" * 32)).grow_to(3)

    error = refusal(witness, 0, [], stranger.note())

    assert isinstance(error, NotFound)
    assert error.code == "unknown_log"


def test_a_checkpoint_without_the_logs_signature_is_nobodys(witness: Witness) -> None:
    impostor = Log(Signer.from_seed(ORIGIN, b"\x04" * 32)).grow_to(3)

    assert refusal(witness, 0, [], impostor.note()).code == "bad_signature"
    assert witness.findings() == []


def test_a_signature_of_the_logs_key_that_does_not_fit_spoils_the_note(witness: Witness) -> None:
    log = Log().grow_to(3)
    note = log.note() + log.note(2).rpartition("\n\n")[2]

    assert refusal(witness, 0, [], note).code == "bad_signature"


def test_an_old_size_above_the_checkpoints_is_nonsense(witness: Witness) -> None:
    log = Log().grow_to(9)
    witness.add_checkpoint(0, [], log.note(9))

    assert refusal(witness, 9, [], log.note(8)).code == "old_size_too_large"


@pytest.mark.parametrize("believed", [0, 3, 6])
def test_who_believes_in_another_last_size_is_told_the_right_one(witness: Witness, believed: int) -> None:
    log = Log().grow_to(9)
    witness.add_checkpoint(0, [], log.note(5))

    error = refusal(witness, believed, log.proof(believed), log.note())

    assert isinstance(error, Conflict)
    assert (error.code, error.details["size"]) == ("witness_at_other_size", 5)
    assert witness.findings() == []


@pytest.mark.parametrize("size", [0, 1, 4])
def test_from_nothing_and_from_itself_no_proof_is_wanted(witness: Witness, size: int) -> None:
    log = Log().grow_to(4)
    if size:
        witness.add_checkpoint(0, [], log.note(size))

    proof = [leaf_hash(b"too much")] if size != 1 else [*log.proof(1), leaf_hash(b"too much")]
    error = refusal(witness, size, proof, log.note())

    assert error.code == "bad_proof"


def test_the_empty_tree_has_one_root(witness: Witness) -> None:
    log = Log()
    note = sign_note(checkpoint_text(Checkpoint(ORIGIN, 0, leaf_hash(b"nothing"))), log.signer)

    error = refusal(witness, 0, [], note)

    assert (error.code, error.status) == ("false_empty_root", 422)
    assert [one.kind for one in witness.findings()] == ["false_empty"]


def test_the_root_of_nothing_is_the_hash_of_nothing(witness: Witness) -> None:
    assert Log().checkpoint().root == EMPTY_ROOT
    witness.add_checkpoint(0, [], Log().note())


# ---- its folder ------------------------------------------------------------------------------------------------------


def test_only_its_owner_can_read_its_key(witness: Witness) -> None:
    assert stat.S_IMODE((witness.folder / "witness.key").stat().st_mode) == 0o600


def test_it_is_the_same_witness_when_it_is_opened_again(witness: Witness) -> None:
    witness.add_checkpoint(0, [], Log().grow_to(4).note())

    again = Witness.open(witness.folder)

    assert (again.vkey, last_size(again)) == (witness.vkey, 4)


def test_a_second_key_for_one_folder_is_refused(witness: Witness) -> None:
    with pytest.raises(Conflict, match="witness_has_key"):
        Witness.make(witness.folder, "other.example")
    assert Witness.open(witness.folder).vkey == witness.vkey


def test_a_witness_that_lost_its_memory_signs_nothing(witness: Witness) -> None:
    (witness.folder / "witness.db").unlink()

    with pytest.raises(Unusable, match="witness_memory_missing"):
        Witness.open(witness.folder)
    with pytest.raises(Unusable, match="witness_memory_missing"):
        witness.add_checkpoint(0, [], Log().grow_to(3).note())
    assert not (witness.folder / "witness.db").exists()


@pytest.mark.parametrize("content", ["", "PRIVATE+KEY+x", Signer.from_seed("a.log", b"\x01" * 32).skey, "\udcff"])
def test_a_key_file_that_holds_no_witness_key_is_not_used(witness: Witness, content: str) -> None:
    (witness.folder / "witness.key").write_text(content, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(Unusable, match="witness_key_wrong"):
        Witness.open(witness.folder)


def test_a_folder_without_a_witness_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no_witness_here"):
        Witness.open(tmp_path)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\tbed"])
def test_a_witness_has_a_name_that_a_note_can_carry(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="bad_key"):
        Witness.make(tmp_path / "witness", name)


def test_the_memory_itself_holds_one_root_for_each_size(witness: Witness) -> None:
    witness.add_checkpoint(0, [], Log().grow_to(4).note())

    with sqlite3.connect(witness.folder / "witness.db") as memory, pytest.raises(sqlite3.IntegrityError):
        memory.execute("INSERT INTO cosigned VALUES (?, 4, 'another root', '', 0)", (ORIGIN,))
    memory.close()


def test_a_key_of_a_witness_is_no_key_of_a_log(witness: Witness) -> None:
    with pytest.raises(Refused, match="bad_key"):
        witness.trust(witness.vkey)

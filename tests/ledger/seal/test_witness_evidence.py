"""What a witness keeps when a signed checkpoint does not go with the last: proof, suspicion, and the difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.errors import Conflict, NotFound, NuanlinError, Refused
from ledger.seal import evidence
from ledger.seal.comparing import Verdict, beginning_shown, compare
from ledger.seal.evidence import Kept
from ledger.seal.merkle import leaf_hash, prove_consistency, root_of
from ledger.seal.notes import Checkpoint, Verifier, checkpoint_of, open_note
from ledger.seal.submission import read_proof
from ledger.seal.witness import Witness
from tests.ledger.seal.logs import ORIGIN, Clock, Log


def watching(folder: Path, name: str = "notary.example") -> Witness:
    """A witness of the log of 祥和."""
    made = Witness.make(folder, name, clock=Clock())
    made.trust(Log().signer.vkey)
    return made


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """A notary that watches the log of 祥和."""
    return watching(tmp_path / "witness")


def turned_away(witness: Witness, old_size: int, proof: list[bytes], note: str) -> NuanlinError:
    """With which error a submission is turned away; the last checkpoint stays what it was."""
    before = witness.watched(ORIGIN).last
    with pytest.raises(NuanlinError) as caught:
        witness.add_checkpoint(old_size, proof, note)
    assert witness.watched(ORIGIN).last == before
    return caught.value


def checked_by_a_stranger(finding: Kept, vkey: str) -> Verdict:
    """What somebody sees who has the folder of the finding and the log's public key, and no more."""
    checkpoints = [
        checkpoint_of(open_note((finding.folder / name).read_bytes(), [Verifier(vkey)]).text)
        for name in ("known.note", "other.note")
    ]
    proof = finding.folder / "proof.txt"
    return compare(checkpoints[0], checkpoints[1], read_proof(proof.read_bytes()) if proof.exists() else None)


# ---- proof -----------------------------------------------------------------------------------------------------------


def test_a_history_rewritten_and_signed_again_convicts_its_log_by_its_own_proof(witness: Witness) -> None:
    # Given a log of eleven facts that the witness has signed, when its operator changes the third and goes on,
    log = Log().grow_to(11)
    witness.add_checkpoint(0, [], log.note())
    rewritten = log.rewritten(3).grow_to(20)

    # then the proof made from the rewritten tree is refused, and is what shows the rewriting.
    error = turned_away(witness, 11, rewritten.proof(11), rewritten.note())

    assert isinstance(error, Refused)
    assert (error.code, error.details["reason"]) == ("bad_proof", "forked")
    (found,) = witness.findings()
    assert (found.id, found.kind, found.proven, found.connected) == (error.details["evidence"], "forked", True, False)
    assert checked_by_a_stranger(found, log.signer.vkey) == "forked"


def test_two_roots_of_one_size_convict_without_any_proof(witness: Witness) -> None:
    log = Log().grow_to(11)
    witness.add_checkpoint(0, [], log.note())

    error = turned_away(witness, 11, [], log.rewritten(11).note())

    assert (error.code, error.status) == ("two_roots", 422)
    (found,) = witness.findings()
    assert (found.kind, found.proven) == ("two_roots", True)
    assert checked_by_a_stranger(found, log.signer.vkey) == "two_roots"


def test_a_second_root_is_found_for_every_size_that_was_ever_signed(witness: Witness) -> None:
    # Given a log that was signed at 4, 9 and 20 facts, when another history of 9 facts is shown,
    log = Log().grow_to(20)
    for old, new in ((0, 4), (4, 9), (9, 20)):
        witness.add_checkpoint(old, log.proof(old, new), log.note(new))

    error = turned_away(witness, 9, [], log.rewritten(2).note(9))

    # then the protocol's answer is the size as ever, and the conviction stands beside it.
    assert isinstance(error, Conflict)
    assert error.details["size"] == 20
    assert [one.kind for one in witness.findings()] == ["two_roots"]
    assert error.details["evidence"] == witness.findings()[0].id


def test_evidence_says_when_what_and_under_which_keys(witness: Witness) -> None:
    log = Log().grow_to(5)
    witness.add_checkpoint(0, [], log.note())
    turned_away(witness, 5, [], log.rewritten(1).note())

    (found,) = witness.findings()
    about = json.loads((found.folder / "about.json").read_text("utf-8"))

    assert about["keys"] == {"log": [log.signer.vkey], "witness": [witness.vkey]}
    assert (about["known"]["size"], about["other"]["size"], about["proven"]) == (5, 5, True)
    assert about["at"] == found.at


def test_evidence_is_never_written_again(witness: Witness) -> None:
    log = Log().grow_to(5)
    witness.add_checkpoint(0, [], log.note())
    for _ in range(3):
        turned_away(witness, 5, [], log.rewritten(1).note())

    (found,) = witness.findings()
    before = {file.name: file.stat().st_mtime_ns for file in found.folder.iterdir()}
    turned_away(witness, 5, [], log.rewritten(1).note())

    assert {file.name: file.stat().st_mtime_ns for file in found.folder.iterdir()} == before
    assert [one.name for one in (witness.folder / "evidence").iterdir()] == [found.id]


def test_every_other_history_is_kept_for_itself(witness: Witness) -> None:
    log = Log().grow_to(5)
    witness.add_checkpoint(0, [], log.note())

    for position in (1, 2, 3):
        turned_away(witness, 5, [], log.rewritten(position).note())

    assert [one.kind for one in witness.findings()] == ["two_roots"] * 3


# ---- suspicion -------------------------------------------------------------------------------------------------------


def test_a_proof_that_leads_nowhere_is_a_suspicion_and_no_more(witness: Witness) -> None:
    # Anybody can send a public checkpoint with a false proof; that the log is honest shows when the right one comes.
    log = Log().grow_to(20)
    witness.add_checkpoint(0, [], log.note(11))
    false = [leaf_hash(b"nonsense")] * len(log.proof(11))

    error = turned_away(witness, 11, false, log.note())

    assert (error.code, error.details["reason"]) == ("bad_proof", "unconnected")
    (found,) = witness.findings()
    assert (found.kind, found.proven, found.connected) == ("unconnected", False, False)
    assert checked_by_a_stranger(found, log.signer.vkey) == "unconnected"

    witness.add_checkpoint(11, log.proof(11), log.note())
    assert [one.connected for one in witness.findings()] == [True]


def test_an_old_backup_that_is_restored_is_a_suspicion(witness: Witness) -> None:
    log = Log().grow_to(20)
    witness.add_checkpoint(0, [], log.note())

    error = turned_away(witness, 12, [], log.note(12))

    assert isinstance(error, Conflict)
    assert error.details["size"] == 20
    (found,) = witness.findings()
    assert (found.id, found.kind, found.proven) == (error.details["evidence"], "older", False)


def test_an_old_backup_that_goes_on_differently_is_convicted_when_it_has_come_as_far(witness: Witness) -> None:
    # Given a log signed at 20 facts, when a backup of 12 is restored and other facts follow,
    log = Log().grow_to(20)
    witness.add_checkpoint(0, [], log.note())
    restored = Log(log.signer, log.leaves[:12]).grow_to(30, "other hours")

    # then growing past what was signed is impossible.
    error = turned_away(witness, 20, restored.proof(20), restored.note())

    assert error.details["reason"] == "forked"
    assert checked_by_a_stranger(witness.findings()[0], log.signer.vkey) == "forked"


def test_a_checkpoint_that_was_signed_before_is_an_honest_replay_and_leaves_no_trace(witness: Witness) -> None:
    log = Log().grow_to(20)
    for old, new in ((0, 12), (12, 20)):
        witness.add_checkpoint(old, log.proof(old, new), log.note(new))

    error = turned_away(witness, 0, [], log.note(12))

    assert (error.code, error.details["evidence"]) == ("witness_at_other_size", "")
    assert witness.findings() == []


def test_a_proof_brought_later_dispels_a_suspicion_and_stays_beside_it(witness: Witness) -> None:
    log = Log().grow_to(20)
    witness.add_checkpoint(0, [], log.note())
    turned_away(witness, 12, [], log.note(12))
    (found,) = witness.findings()

    assert witness.settle(found.id, log.proof(12)) == ("connected", None)

    (settled,) = witness.findings()
    assert settled.connected
    assert read_proof((settled.folder / "connected.txt").read_bytes()) == tuple(log.proof(12))


def test_a_proof_brought_later_may_convict(witness: Witness) -> None:
    # Given a smaller checkpoint of a history that was rewritten before it, when the log's own proof is asked for,
    log = Log().grow_to(20)
    witness.add_checkpoint(0, [], log.note())
    turned_away(witness, 11, [], log.rewritten(3).note(11))
    (suspicion,) = witness.findings()

    verdict, further = witness.settle(suspicion.id, log.proof(11))

    # then it shows that the signed smaller root is not the beginning of the signed larger one.
    assert verdict == "forked"
    assert [(one.kind, one.id) for one in witness.findings()][1:] == [("forked", further)]
    assert checked_by_a_stranger(witness.findings()[1], log.signer.vkey) == "forked"


def test_a_proof_that_leads_nowhere_changes_nothing(witness: Witness) -> None:
    log = Log().grow_to(20)
    witness.add_checkpoint(0, [], log.note())
    turned_away(witness, 12, [], log.note(12))
    (found,) = witness.findings()

    assert witness.settle(found.id, [leaf_hash(b"x")] * 3) == ("unconnected", None)
    assert witness.findings() == [found]
    with pytest.raises(NotFound, match="no_such_finding"):
        witness.settle("older-1-1", [])


def test_a_flood_of_suspicions_neither_fills_the_disk_nor_keeps_a_proof_out(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_OF_A_KIND", 3)
    log = Log().grow_to(20)
    witness.add_checkpoint(0, [], log.note())

    for size in range(1, 8):
        turned_away(witness, size, [], log.note(size))
    error = turned_away(witness, 20, [], log.rewritten(2).note())

    kinds = [one.kind for one in witness.findings()]
    assert kinds == ["older"] * 3 + ["two_roots"]
    assert error.details["evidence"]


def test_an_evidence_folder_that_cannot_be_written_is_told_and_nothing_is_signed(witness: Witness) -> None:
    log = Log().grow_to(5)
    witness.add_checkpoint(0, [], log.note())
    (witness.folder / "evidence").write_text("in the way", "utf-8")

    assert turned_away(witness, 5, [], log.rewritten(2).note()).code == "evidence_unwritable"


# ---- two witnesses ---------------------------------------------------------------------------------------------------


def test_two_histories_shown_to_two_witnesses_are_found_when_they_lay_them_side_by_side(tmp_path: Path) -> None:
    # Given a log that shows one history to a notary and another to a university,
    notary, university = watching(tmp_path / "a"), watching(tmp_path / "b", "university.example")
    log = Log().grow_to(14)
    other = log.rewritten(6).grow_to(17)
    notary.add_checkpoint(0, [], log.note())
    university.add_checkpoint(0, [], other.note())

    # when each hands out what it has signed last,
    seen = [one.watched(ORIGIN).last for one in (notary, university)]
    assert seen[0] and seen[1]
    key = Verifier(log.signer.vkey)
    checkpoints = [checkpoint_of(open_note(one.note, [key]).text) for one in seen if one]

    # then no proof joins the two, and either history's own proof shows the fork.
    assert compare(checkpoints[0], checkpoints[1]) == "undecided"
    assert compare(checkpoints[0], checkpoints[1], other.proof(14)) == "forked"
    assert compare(checkpoints[0], checkpoints[1], log.grow_to(17).proof(14)) == "unconnected"


# ---- comparing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("new", [2, 3, 7, 8, 13])
def test_every_honest_pair_is_connected_and_every_rewritten_one_is_not(new: int) -> None:
    log = Log().grow_to(new)
    for old in range(1, new):
        honest, proof = log.checkpoint(old), log.proof(old)
        assert compare(honest, log.checkpoint(), proof) == compare(log.checkpoint(), honest, proof) == "connected"
        rewritten = log.rewritten(old)
        # A proof from a power of two leaves the old root out, so that only the failure shows.
        expected = "unconnected" if old.bit_count() == 1 else "forked"
        assert compare(honest, rewritten.checkpoint(), rewritten.proof(old)) == expected


def test_a_proof_that_names_the_old_root_of_a_power_of_two_shows_the_fork_as_well() -> None:
    log = Log().grow_to(13)
    rewritten = log.rewritten(5)
    named = [root_of(rewritten.leaves[:8]), *rewritten.proof(8)]

    assert compare(log.checkpoint(8), rewritten.checkpoint(), named) == "forked"
    assert compare(log.checkpoint(8), log.checkpoint(), [root_of(log.leaves[:8]), *log.proof(8)]) == "unconnected"


def test_the_beginning_that_a_proof_shows_is_the_trees_own() -> None:
    log = Log().grow_to(40)
    for old in range(1, 40):
        proof = prove_consistency(old, log.leaves)
        assert beginning_shown(log.checkpoint(old), log.checkpoint(), proof) == root_of(log.leaves[:old])
        assert beginning_shown(log.checkpoint(old), log.checkpoint(), [*proof, leaf_hash(b"")]) is None
        assert beginning_shown(log.checkpoint(old), log.checkpoint(), [b"short"] * len(proof)) is None


def test_everything_begins_with_nothing() -> None:
    log = Log().grow_to(3)

    assert compare(log.checkpoint(0), log.checkpoint()) == "connected"
    assert compare(Checkpoint(ORIGIN, 0, leaf_hash(b"x")), log.checkpoint()) == "false_empty"

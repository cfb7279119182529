"""The list of faults: what a dishonest or careless operator may do to a store, and where an auditor sees it.

Each is made in the SQLite file itself. The audit names it with its position.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.seal.notes import Signer, Verifier
from tests.ledger.audit.live import (
    LEDGER,
    audited,
    copy,
    edit,
    found,
    head_of,
    latest,
    make,
    open_store,
    position_of,
    tamper,
)

SEALED_AGAIN = ("DELETE FROM seal_tiles", "DELETE FROM seal_checkpoints", "DELETE FROM followers WHERE name = 'seals'")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An honest community."""
    return make(tmp_path_factory.mktemp("honest"))


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    """A copy to do wrong with."""
    return copy(original, tmp_path / "copy")


def seal_again(path: Path) -> None:
    """Throw the seals away and sign what is there now, with the same key."""
    tamper(path, *SEALED_AGAIN)
    with open_store(path) as store:
        store.sealer.catch_up(LEDGER, force_checkpoint=True)


def test_an_honest_ledger_has_nothing_to_find(path: Path) -> None:
    report, _ = audited(path)
    head = head_of(path)
    assert (report.ok, report.events, len(report.root)) == (True, head, 32)
    for check in ("order", "schema", "tags", "times", "rules", "leaves"):
        assert report.checks[check] == head, check
    assert report.checks["checkpoints"] == report.checks["signatures"] == 2


def test_a_byte_of_an_event_changed(path: Path) -> None:
    at = position_of(path, "hours.donated@1")
    edit(path, at, lambda data: data.replace(b'"minutes":30', b'"minutes":31'))
    report, _ = audited(path)
    assert ("leaves", "leaf_differs", at) in found(report)
    assert {one.position for one in report.findings if one.check == "leaves"} == {at}
    assert {one.code for one in report.findings if one.check == "checkpoints"} == {"root_differs"}


def test_a_changed_byte_that_is_no_json_any_more(path: Path) -> None:
    edit(path, 5, lambda data: b"[" + data[1:])
    report, _ = audited(path)
    assert {("leaves", "leaf_differs", 5), ("schema", "unreadable", 5)} <= found(report)


def test_a_row_deleted_in_the_middle(path: Path) -> None:
    tamper(path, "DELETE FROM events WHERE position = 9")
    report, _ = audited(path)
    assert ("order", "missing", 9) in found(report)
    assert not any(one.check == "leaves" for one in report.findings), "what is there is as it was"
    assert report.root == b""


@pytest.mark.parametrize("also_the_head", [False, True])
def test_the_tail_deleted(path: Path, also_the_head: bool) -> None:
    head = head_of(path)
    tamper(path, f"DELETE FROM events WHERE position > {head - 3}")
    if also_the_head:
        tamper(path, f"UPDATE ledgers SET head = {head - 3}")
    report, _ = audited(path)
    assert ("checkpoints" if also_the_head else "order", head - 2) in {
        (one.check, one.position) for one in report.findings
    }


def test_two_rows_swapped(path: Path) -> None:
    a, b = position_of(path, "request.posted@1"), position_of(path, "hours.donated@1")
    tamper(
        path,
        f"UPDATE events SET position = 0 WHERE position = {a}",
        f"UPDATE events SET position = {a} WHERE position = {b}",
        f"UPDATE events SET position = {b} WHERE position = 0",
    )
    report, _ = audited(path)
    assert {one.position for one in report.findings if one.check == "leaves"} == {a, b}


def test_an_event_inserted(path: Path) -> None:
    at = position_of(path, "hours.donated@1")
    tamper(
        path,
        f"UPDATE events SET position = -position WHERE position > {at}",
        "UPDATE events SET position = 1 - position WHERE position < 0",
        f"INSERT INTO events SELECT ledger, {at} + 1, recorded_at, type, tags, data FROM events WHERE position = {at}",
        "UPDATE ledgers SET head = head + 1",
    )
    report, _ = audited(path)
    assert ("leaves", "leaf_differs", at + 1) in found(report)
    assert ("keys", "key_repeated", at + 1) in found(report) or any(
        one.check == "rules" and one.position == at for one in report.findings
    )


def test_a_whole_history_rewritten_and_signed_again_is_caught_by_an_older_checkpoint(path: Path) -> None:
    kept = latest(path)
    at = position_of(path, "hours.donated@1")
    edit(path, at, lambda data: data.replace(b'"minutes":30', b'"minutes":29'))
    seal_again(path)
    alone, _ = audited(path)
    assert not any(one.check in ("leaves", "checkpoints", "signatures") for one in alone.findings)
    report, _ = audited(path, older=[kept])
    assert ("consistency", "rewritten", head_of(path)) in found(report)


def test_an_old_backup_restored_is_caught_by_a_checkpoint_that_was_kept(original: Path, path: Path) -> None:
    kept = latest(original)
    head = head_of(path)
    # As the file was before its last day: shorter, and honestly sealed.
    first = "(SELECT min(size) FROM seal_checkpoints)"
    tamper(path, f"DELETE FROM events WHERE position > {first}")
    tamper(path, f"UPDATE ledgers SET head = {first}")
    seal_again(path)
    assert head_of(path) < head
    alone, _ = audited(path)
    assert not any(one.check in ("order", "leaves", "checkpoints") for one in alone.findings)
    report, _ = audited(path, older=[kept])
    assert ("consistency", "older_is_longer", head_of(path) + 1) in found(report)


def test_two_histories_shown_to_two_auditors(original: Path, path: Path) -> None:
    """The first auditor saw one, the second another; their checkpoints laid side by side show it, whoever looks."""
    first = latest(original)
    edit(path, position_of(path, "hours.donated@1"), lambda data: data.replace(b'"minutes":30', b'"minutes":29'))
    seal_again(path)
    second = latest(path)
    seen_by_first, _ = audited(original, older=[second])
    seen_by_second, _ = audited(path, older=[first])
    for report in (seen_by_first, seen_by_second):
        assert any((one.check, one.code) == ("consistency", "rewritten") for one in report.findings)


def test_a_checkpoint_of_another_key_is_not_believed(path: Path) -> None:
    stranger = Signer.from_seed(f"nuanlin/{LEDGER}", bytes(32))
    report, _ = audited(path, logs=[Verifier(stranger.vkey)])
    assert {one.code for one in report.findings if one.check == "signatures"} == {"bad_signature"}
    assert "checkpoints" not in report.checks


@pytest.mark.parametrize(
    "note", ["", "\n", "x" * 70_000, "nuanlin/xianghe\n3\n", "nuanlin/xianghe\n3\nAAAA\n\n— nuanlin/xianghe !!!\n"]
)
def test_a_malformed_older_note_is_a_finding_and_no_crash(path: Path, note: str) -> None:
    report, _ = audited(path, older=[note])
    assert ("consistency", "bad_note", 0) in found(report)


def test_the_stored_tree_tampered_with(path: Path) -> None:
    tamper(path, "UPDATE seal_tiles SET hashes = zeroblob(length(hashes))")
    report, _ = audited(path)
    assert any(one.check == "leaves" for one in report.findings)
    assert any(one.check == "tiles" for one in report.findings)
    assert report.root, "the events themselves are whole"
    assert not any(one.check == "checkpoints" for one in report.findings), "and are what was signed"


def test_a_stored_checkpoint_that_says_other_than_its_note(path: Path) -> None:
    tamper(
        path, "UPDATE seal_checkpoints SET root = zeroblob(32) WHERE size = (SELECT max(size) FROM seal_checkpoints)"
    )
    report, _ = audited(path)
    assert ("checkpoints", "checkpoint_differs", head_of(path)) in found(report)


def test_an_index_that_hides_an_event_from_decisions(path: Path) -> None:
    at = position_of(path, "hours.donated@1")
    tamper(path, f"DELETE FROM event_tags WHERE tag = 'pool' AND position = {at}")
    tamper(path, "INSERT INTO event_tags VALUES ('xianghe', 'mem_nobody', 4)")
    report, _ = audited(path)
    assert {("tag_index", "tag_missing", at), ("tag_index", "tag_extra", 4)} <= found(report)


def test_recorded_times_moved(path: Path) -> None:
    tamper(path, "UPDATE events SET recorded_at = recorded_at - 1 WHERE position = 12")
    report, _ = audited(path)
    assert ("times", "time_differs", 12) in found(report)


def test_witnesses_that_did_not_cosign(path: Path) -> None:
    witness = Signer.from_seed("witness.example", bytes(range(32)), "witness")
    report, _ = audited(path, witnesses=[witness.verifier()], need=1)
    assert ("witnesses", "too_few", 1) in found(report)
    with open_store(path) as store:
        sizes = [stored.size for stored in store.seals.listed(LEDGER)]
    for size, left in zip(sizes, [("witnesses", "too_few", sizes[0] + 1), None], strict=True):
        with open_store(path) as store:
            stored = store.seals.at_size(LEDGER, size)
            assert stored is not None
            text = stored.note.partition("\n\n")[0] + "\n"
            store.seals.cosign(LEDGER, size, witness.line(text, seconds=1_760_000_000), witness.verifier())
        report, _ = audited(path, witnesses=[witness.verifier()], need=1)
        assert found(report) == ({left} if left else set()), "vouched for up to the checkpoint they cosigned"

"""The fault list: what somebody with the database, the bundle or even the key may do, and how an auditor finds it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.audit import told
from tests.audit.told import bundle, checkpoint_of, edited, go_on, position_of, repacked, rewritten, says, verify


def test_nothing_is_found_where_nothing_is_wrong(honest: Path, key: str) -> None:
    verdict = verify(honest, "--key", key)
    assert (verdict.code, verdict.found, verdict.document["ok"]) == (0, [], True)


# ---- the database changed behind the seals ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        says('"minutes":30', '"minutes":31', "position = {p}"),
        "UPDATE events SET tags = replace(tags, 'pool', 'poll') WHERE position = {p}",
        "UPDATE events SET type = 'hours.lapsed@1' WHERE position = {p}",
    ],
    ids=["data", "tags", "type"],
)
def test_a_byte_changed_in_an_event_is_named(community: Path, key: str, change: str) -> None:
    position = position_of(community, "hours.donated@1")
    edited(community, change.format(p=position))
    verdict = verify(bundle(community), "--key", key)
    assert verdict.code == 1
    assert (position, "positions") in verdict.found


def test_of_many_events_only_the_one_that_was_changed_is_named(community: Path, key: str) -> None:
    position = position_of(community, "party.unit_registered@1")
    edited(community, says("绿云", "绿芸", f"position = {position}"))
    assert verify(bundle(community), "--key", key).found == [(position, "positions")]


def test_a_moment_of_recording_that_was_moved_is_named(community: Path, key: str) -> None:
    edited(community, "UPDATE events SET recorded_at = recorded_at - 1 WHERE position = 9")
    assert (9, "instants") in verify(bundle(community), "--key", key).found


def test_a_row_deleted_in_the_middle_is_named(community: Path, key: str) -> None:
    edited(community, "DELETE FROM events WHERE position = 7")
    verdict = verify(bundle(community), "--key", key)
    assert [one for one in verdict.found if one[1] == "positions"] == [(7, "positions")]


@pytest.mark.parametrize("head_too", [False, True])
def test_a_tail_that_was_cut_off_is_named(community: Path, key: str, head_too: bool) -> None:
    last = position_of(community, "hours.given@1")
    edited(community, f"DELETE FROM events WHERE position > {last}")
    if head_too:
        edited(community, f"UPDATE ledgers SET head = {last}")
    verdict = verify(bundle(community), "--key", key)
    assert verdict.code == 1
    assert (last + 1, "positions") in verdict.found


def test_two_rows_that_were_swapped_are_named(community: Path, key: str) -> None:
    def swap(connection: sqlite3.Connection) -> None:
        for old, new in ((5, -5), (6, 5), (-5, 6)):
            connection.execute("UPDATE events SET position = ? WHERE position = ?", (new, old))

    edited(community, swap)
    found = verify(bundle(community), "--key", key).found
    assert {(5, "positions"), (6, "positions")} <= set(found)
    assert not [position for position, check in found if check == "positions" and position not in (5, 6)]


def insert_at(position: int) -> told.Edit:
    """Put a copy of another event in and move all later ones up."""

    def insert(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE events SET position = -position WHERE position >= ?", (position,))
        connection.execute("UPDATE events SET position = 1 - position WHERE position < 0")
        connection.execute(
            "INSERT INTO events SELECT ledger, ?, recorded_at, type, tags, data FROM events WHERE type = 'hours.given@1'",
            (position,),
        )
        connection.execute("UPDATE ledgers SET head = head + 1")

    return insert


def test_an_event_that_was_inserted_is_named_and_what_it_moved_is_told_once(community: Path, key: str) -> None:
    position = position_of(community, "hours.donated@1")
    edited(community, insert_at(position))
    verdict = verify(bundle(community), "--key", key)
    assert [one for one in verdict.found if one[1] == "positions"] == [
        (position, "positions"),
        (position + 1, "positions"),
    ]
    assert "one position later" in verdict.told("positions")


def test_a_balance_changed_in_the_books_is_named_with_the_last_event_behind_it(community: Path, key: str) -> None:
    edited(community, "UPDATE accounts SET balance = balance + 60 WHERE account = 'hours:mem_wang'")
    last = position_of(community, "hours.given@1")
    verdict = verify(bundle(community), "--key", key)
    assert set(verdict.found) >= {(last, "balances"), (last, "hledger"), (last, "beancount")}
    assert "hours:mem_wang" in verdict.told("balances")


def test_a_ranking_changed_on_the_boards_is_named(community: Path, key: str) -> None:
    edited(
        community, "UPDATE scores SET value = value + 600 WHERE measure = 'volunteer_minutes' AND subject = 'mem_li'"
    )
    verdict = verify(bundle(community), "--key", key)
    assert verdict.checks == {"rankings"}
    assert position_of(community, "hours.session_verified@1") <= min(position for position, _ in verdict.found)
    assert "mem_li" in verdict.told("rankings")


# ---- the whole history rewritten, by whoever holds the key -------------------------------------------------------------

THIRTY_ONE = says('"minutes":30', '"minutes":31', "type = 'hours.donated@1'")


def test_a_rewritten_history_agrees_with_itself(community: Path, key: str) -> None:
    # This is why an older checkpoint or a witness is needed at all.
    rewritten(community, THIRTY_ONE)
    assert verify(bundle(community), "--key", key).code == 0


def test_a_rewritten_history_is_caught_by_an_older_checkpoint(community: Path, key: str) -> None:
    older = checkpoint_of(community)
    size = int(older.read_text("utf-8").splitlines()[1])
    rewritten(community, THIRTY_ONE)
    verdict = verify(bundle(community), "--key", key, "--since", older)
    assert (verdict.code, verdict.found) == (1, [(size, "older")])
    assert "another root" in verdict.told("older")


def test_an_older_bundle_names_the_event_that_was_rewritten(community: Path, key: str) -> None:
    older = Path(shutil.copy(community / "bundle.zip", community / "older.zip"))
    rewritten(community, THIRTY_ONE)
    verdict = verify(bundle(community), "--key", key, "--since", older)
    assert (position_of(community, "hours.donated@1"), "older") in verdict.found


def test_a_backup_that_was_restored_is_caught_by_a_newer_checkpoint(community: Path, key: str) -> None:
    backup = Path(shutil.copytree(community, community.with_name("backup")))
    size = go_on(community)
    verdict = verify(bundle(backup), "--key", key, "--since", checkpoint_of(community))
    assert (verdict.code, verdict.found) == (1, [(size, "older")])


def test_two_histories_shown_to_two_auditors_are_told_apart_by_their_checkpoints(community: Path, key: str) -> None:
    other = Path(shutil.copytree(community, community.with_name("other")))
    size = go_on(community, minutes=5)
    assert go_on(other, minutes=6) == size
    mine, theirs = bundle(community), bundle(other)
    assert (verify(mine, "--key", key).code, verify(theirs, "--key", key).code) == (0, 0)
    assert verify(mine, "--key", key, "--since", checkpoint_of(other)).found == [(size, "older")]
    assert verify(theirs, "--key", key, "--since", checkpoint_of(community)).found == [(size, "older")]
    assert (size, "older") in verify(mine, "--key", key, "--since", theirs).found


def test_a_history_that_went_on_agrees_with_what_was_seen_before(community: Path, key: str) -> None:
    older = checkpoint_of(community)
    Path(shutil.copy(community / "bundle.zip", community / "older.zip"))
    go_on(community)
    verdict = verify(bundle(community), "--key", key, "--since", older, "--since", community / "older.zip")
    assert (verdict.code, verdict.document["checks"]["older"]) == (0, 2)


# ---- the bundle changed on its way -------------------------------------------------------------------------------------


def test_a_file_that_was_changed_is_named_by_its_hash(honest: Path, key: str) -> None:
    changed = repacked(honest, {"README.md": b"All is well."}, honest=False)
    verdict = verify(changed, "--key", key)
    assert (verdict.code, verdict.checks) == (1, {"files"})
    assert "README.md" in verdict.told("files")


def test_files_that_are_missing_or_added_are_named(honest: Path, key: str) -> None:
    missing = repacked(honest, {"journal.hledger": None}, honest=False)
    assert "journal.hledger is missing" in verify(missing, "--key", key).told("files")
    added = repacked(honest, {"more.txt": b"?"}, honest=False)
    assert "more.txt" in verify(added, "--key", key).told("files")


def test_an_event_changed_in_the_bundle_is_named_though_the_manifest_was_made_anew(honest: Path, key: str) -> None:
    events = told.content_of(honest, "events.jsonl").split(b"\n")
    events[4] = events[4].replace(b'"salt":"', b'"salt":"AA')[:-1] + b"}"
    verdict = verify(repacked(honest, {"events.jsonl": b"\n".join(events)}), "--key", key)
    assert (5, "positions") in verdict.found


def test_without_the_leaf_hashes_a_change_is_narrowed_down_to_two_checkpoints(honest: Path, key: str) -> None:
    first, second, _ = (json.loads(line)["size"] for line in told.content_of(honest, "checkpoints.jsonl").splitlines())
    events = told.content_of(honest, "events.jsonl").split(b"\n")
    events[first + 1] = events[first + 1].replace(b'"by":"svc_operator"', b'"by":"svc_operatoR"')
    changed = repacked(honest, {"events.jsonl": b"\n".join(events), "leaves.bin": b""})
    verdict = verify(changed, "--key", key)
    assert (first + 1, "tree") in verdict.found
    assert f"up to {second} the events do not have the root that was signed; up to {first} they had" in verdict.told(
        "tree"
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "check"),
    [
        ("balances.csv", b"hours:pool,minutes,30", b"hours:pool,minutes,3000", "balances"),
        ("rankings.csv", b"all,1,mem_wang,180", b"all,1,mem_wang,1800", "rankings"),
        ("rankings.csv", b"all,2,mem_li", b"all,1,mem_li", "rankings"),
        ("policy.json", b'"value":480', b'"value":1440', "policy"),
        ("journal.hledger", b"hours:pool  0 min = 30 min", b"hours:pool  0 min = 31 min", "hledger"),
        ("journal.beancount", b"Hours:Pool  30 ~ 0 MIN", b"Hours:Pool  31 ~ 0 MIN", "beancount"),
    ],
)
def test_a_claim_edited_in_the_bundle_is_found(
    honest: Path, key: str, name: str, old: bytes, new: bytes, check: str
) -> None:
    content = told.content_of(honest, name)
    assert old in content
    verdict = verify(repacked(honest, {name: content.replace(old, new)}), "--key", key)
    assert (verdict.code, verdict.checks) == (1, {check})


def test_a_claimed_row_that_is_left_out_or_made_up_is_found(honest: Path, key: str) -> None:
    lines = told.content_of(honest, "balances.csv").splitlines(keepends=True)
    pool = next(line for line in lines if line.startswith(b"hours:pool"))
    left_out = repacked(honest, {"balances.csv": b"".join(line for line in lines if line != pool)})
    donated = int(pool.split(b",")[-1])
    assert verify(left_out, "--key", key).found == [(donated, "balances")]
    made_up = repacked(honest, {"balances.csv": b"".join([*lines, b"hours:mem_ghost,minutes,5,1,3\n"])})
    assert verify(made_up, "--key", key).found == [(0, "balances")]


def test_a_manifest_that_claims_another_root_is_found(honest: Path, key: str) -> None:
    manifest = told.content_of(honest, "manifest.json").replace(b'"root":"', b'"root":"0')
    assert verify(repacked(honest, {"manifest.json": manifest}), "--key", key).checks == {"files"}

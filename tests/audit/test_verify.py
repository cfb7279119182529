"""verify.py as a program: keys, witnesses, receipts, what is malformed, what wants to do harm."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.seal.notes import WITNESS, Signer
from tests.audit import told
from tests.audit.told import (
    bundle,
    checkpoint_of,
    content_of,
    judged,
    position_of,
    repacked,
    resealed,
    rewritten,
    says,
    verify,
)
from tests.cli.story import LEDGER

OTHER = Signer("nuanlin/xianghe", Ed25519PrivateKey.from_private_bytes(b"other" * 6 + b"!!"))
WITNESSES = [
    Signer(f"witness{n}.example", Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32), WITNESS) for n in (1, 2)
]


# ---- keys and witnesses ------------------------------------------------------------------------------------------------


def test_without_a_key_nothing_can_be_checked_and_the_claimed_one_is_only_named(honest: Path, key: str) -> None:
    verdict = verify(honest)
    assert verdict.code == 2
    assert "no key given" in verdict.err
    assert key in verdict.err
    assert (verdict.document["ok"], verdict.found) == (False, [(0, "cannot_check")])


def test_another_key_of_the_same_name_finds_no_signature(honest: Path) -> None:
    verdict = verify(honest, "--key", OTHER.vkey)
    assert (verdict.code, verdict.found) == (1, [*[(0, "signatures")] * 4, (1, "tree")])


def test_a_bundle_signed_by_somebody_else_is_found_out(community: Path, key: str) -> None:
    text = "".join(content_of(community / "bundle.zip", "checkpoint").decode().partition("\n\n")[0]) + "\n"
    forged = f"{text}\n{OTHER.line(text)}".encode()
    assert "signatures" in verify(repacked(community / "bundle.zip", {"checkpoint": forged}), "--key", key).checks


def test_one_of_several_keys_is_enough(honest: Path, key: str) -> None:
    assert verify(honest, "--key", OTHER.vkey, "--key", key).code == 0


@pytest.mark.parametrize(
    "spoilt",
    ["", "nonsense", "a+b+c", "nuanlin/xianghe+00000000+{m}", "other+{i}+{m}", "{n}+{i}+{m}x", "{n}+{i}+BB{m}"],
)
def test_a_key_that_is_none_is_wrong_use(honest: Path, key: str, spoilt: str) -> None:
    name, key_id, material = key.split("+", 2)
    assert judged(honest, "--key", spoilt.format(n=name, i=key_id, m=material)).code == 2


def test_the_key_of_a_witness_is_not_that_of_a_ledger(honest: Path, key: str) -> None:
    assert judged(honest, "--key", WITNESSES[0].vkey).code == 2
    assert judged(honest, "--key", key, "--witness", key).code == 2


def cosign(folder: Path, *witnesses: Signer) -> None:
    """Let witnesses cosign the last checkpoint."""
    with told.store_in(folder) as store:
        latest = store.seals.latest(LEDGER)
        assert latest is not None
        text = latest.signed.partition("\n\n")[0] + "\n"
        for one in witnesses:
            store.seals.cosign(LEDGER, latest.size, one.line(text, seconds=1_750_000_000), one.verifier())


def test_witnesses_are_counted_and_needed(community: Path, key: str) -> None:
    cosign(community, WITNESSES[0])
    path = bundle(community)
    one, two = (witness.vkey for witness in WITNESSES)
    seen = verify(path, "--key", key, "--witness", one, "--witness", two)
    assert (seen.code, seen.document["checks"]["witnesses"]) == (0, 1)
    assert verify(path, "--key", key, "--witness", two).found == [(1, "witnesses")]
    needed = verify(path, "--key", key, "--witness", one, "--witness", two, "--need-witnesses", "2")
    assert (needed.code, needed.checks) == (1, {"witnesses"})
    assert verify(path, "--key", key, "--witness", one, "--need-witnesses", "2").code == 2


def test_events_that_no_witness_has_seen_yet_are_named(community: Path, key: str) -> None:
    cosign(community, WITNESSES[0])
    size = told.go_on(community)
    verdict = verify(bundle(community), "--key", key, "--witness", WITNESSES[0].vkey)
    assert (verdict.code, verdict.found) == (1, [(size, "witnesses")])
    assert f"cosigned up to {size - 1}" in verdict.told("witnesses")


def test_a_rewritten_history_is_caught_by_what_the_witness_signed_and_by_its_missing_cosignature(
    community: Path, key: str
) -> None:
    cosign(community, WITNESSES[0])
    seen_by_witness = checkpoint_of(community, "seen")
    rewritten(community, says("方兴", "兴方", "type LIKE 'party.unit%'"))
    path = bundle(community)
    verdict = verify(path, "--key", key, "--witness", WITNESSES[0].vkey, "--since", seen_by_witness)
    assert (verdict.code, verdict.checks) == (1, {"witnesses", "older"})


def test_a_cosignature_that_is_wrong_is_found(community: Path, key: str) -> None:
    cosign(community, WITNESSES[0])
    path = bundle(community)
    note = content_of(path, "checkpoint").decode()
    name, _, value = note.splitlines()[-1].removeprefix("\u2014 ").partition(" ")
    raw = bytearray(base64.b64decode(value))
    raw[20] ^= 1
    spoilt = note.replace(value, base64.b64encode(raw).decode()).encode()
    assert name == WITNESSES[0].name
    changed = repacked(path, {"checkpoint": spoilt})
    assert "signatures" in verify(changed, "--key", key, "--witness", WITNESSES[0].vkey).checks


# ---- one's own receipts ------------------------------------------------------------------------------------------------


def receipt_of(folder: Path, position: int) -> tuple[Path, Path]:
    """Somebody's receipt and record, as files."""
    with told.store_in(folder) as store:
        proof, record = store.seals.receipt(LEDGER, position), store.seals.record(LEDGER, position)
    paths = folder / f"{position}.tlog-proof", folder / f"{position}.record"
    paths[0].write_text(proof, encoding="utf-8")
    paths[1].write_bytes(record)
    return paths


def test_a_receipt_holds_and_its_root_is_that_of_the_bundle(community: Path, key: str) -> None:
    proof, record = receipt_of(community, position_of(community, "hours.donated@1"))
    verdict = verify(community / "bundle.zip", "--key", key, "--receipt", proof, "--record", record)
    assert (verdict.code, verdict.document["checks"]["receipts"]) == (0, 1)


def test_a_receipt_for_another_record_does_not_hold(community: Path, key: str) -> None:
    proof, _ = receipt_of(community, 5)
    _, record = receipt_of(community, 6)
    verdict = verify(community / "bundle.zip", "--key", key, "--receipt", proof, "--record", record)
    assert (verdict.code, verdict.found) == (1, [(0, "receipts")])


def test_a_receipt_from_before_the_history_was_rewritten_gives_it_away(community: Path, key: str) -> None:
    proof, record = receipt_of(community, 5)
    rewritten(community, says("方兴", "兴方", "type LIKE 'party.unit%'"))
    verdict = verify(bundle(community), "--key", key, "--receipt", proof, "--record", record)
    assert (verdict.code, verdict.checks) == (1, {"older"})


def test_a_receipt_of_somebody_who_was_erased_still_holds_and_says_so(community: Path, key: str) -> None:
    erased = position_of(community, "party.personal_data_erased@1")
    proof, record = receipt_of(community, position_of(community, "hours.given@1"))
    program = shutil.copy(told.VERIFIER, community)
    command = [sys.executable, "-I", program, str(community / "bundle.zip"), "--key", key]
    done = subprocess.run([*command, "--receipt", proof, "--record", record], capture_output=True, text=True, env={})
    assert done.returncode == 0
    assert f"is sealed, erased at position {erased}." in done.stdout
    assert "1  erased" in done.stdout


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:0],
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("index 4", "index 5"),
        lambda text: text.replace("index 4", "index 04"),
        lambda text: text.replace("index 4", "index 99999999999999999999999"),
        lambda text: text.replace("index 4", "extra !\nindex 4"),
        lambda text: text.replace("=\n", "\n", 1),
        lambda text: text.replace("=\n", "= \n", 1),
        lambda text: text.replace("\n\n", "\n" + "A" * 44 + "\n\n", 1),
        lambda text: text + "x" * 100_000,
        lambda text: "c2sp.org/tlog-proof@v2" + text[22:],
        lambda text: "\x00" + text,
    ],
)
def test_a_malformed_receipt_is_a_finding_and_no_accident(community: Path, key: str, spoil: object) -> None:
    proof, record = receipt_of(community, 5)
    assert callable(spoil)
    proof.write_text(spoil(proof.read_text("utf-8")), encoding="utf-8")
    verdict = judged(community / "bundle.zip", "--key", key, "--receipt", proof, "--record", record)
    assert (verdict.code, verdict.found) == (1, [(0, "receipts")])


@pytest.mark.parametrize("record", [b"", b"nuanlin/leaf/1\n5\n", b"\xff" * 100, b"nuanlin/leaf/1\n5\nx\n9999\n\n{}"])
def test_a_malformed_record_is_a_finding_and_no_accident(community: Path, key: str, record: bytes) -> None:
    proof, path = receipt_of(community, 5)
    path.write_bytes(record)
    verdict = judged(community / "bundle.zip", "--key", key, "--receipt", proof, "--record", path)
    assert (verdict.code, verdict.found) == (1, [(0, "receipts")])


def test_a_receipt_needs_its_record(community: Path, key: str) -> None:
    proof, _ = receipt_of(community, 5)
    assert judged(community / "bundle.zip", "--key", key, "--receipt", proof).code == 2


# ---- malformed notes ---------------------------------------------------------------------------------------------------

SPOILT_NOTES = {
    "empty": lambda note: note[:0],
    "cut": lambda note: note[:-20],
    "huge": lambda note: note + b"\xe2\x80\x94 x AAAAAAAA\n" * 10_000,
    "many": lambda note: note + b"\xe2\x80\x94 x AAAAAAAA\n" * 101,
    "spaces in base64": lambda note: note.replace(b"=\n\n", b" =\n\n"),
    "padding left out": lambda note: note.replace(b"=\n\n", b"\n\n"),
    "signed size": lambda note: note.replace(b"\n", b"\n+", 1),
    "leading zero": lambda note: note.replace(b"\n", b"\n0", 1),
    "control character": lambda note: note.replace(b"\n", b"\x07\n", 1),
    "not UTF-8": lambda note: b"\xff" + note,
    "no signatures": lambda note: note.partition(b"\n\n")[0] + b"\n\n",
    "no gap": lambda note: note.replace(b"\n\n", b"\n"),
    "other origin": lambda note: note.replace(b"xianghe\n", b"elsewhere\n", 1),
    "other size": lambda note: note.replace(b"\n", b"\n1", 1),
}


@pytest.mark.parametrize("spoil", SPOILT_NOTES.values(), ids=SPOILT_NOTES)
def test_a_malformed_checkpoint_in_the_bundle_is_a_finding(honest: Path, key: str, spoil: object) -> None:
    assert callable(spoil)
    note = spoil(content_of(honest, "checkpoint"))
    verdict = judged(repacked(honest, {"checkpoint": note}), "--key", key)
    assert verdict.code == 1
    assert "signatures" in verdict.checks


@pytest.mark.parametrize("spoil", SPOILT_NOTES.values(), ids=SPOILT_NOTES)
def test_a_malformed_checkpoint_of_ones_own_cannot_be_compared(honest: Path, key: str, spoil: object) -> None:
    assert callable(spoil)
    older = honest.with_name("older")
    older.write_bytes(spoil(content_of(honest, "checkpoint")))
    assert judged(honest, "--key", key, "--since", older).code == 2


def test_a_checkpoint_of_another_ledger_cannot_be_compared(honest: Path, key: str) -> None:
    elsewhere = Signer("nuanlin/elsewhere", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    text = "nuanlin/elsewhere\n1\n" + base64.b64encode(bytes(32)).decode() + "\n"
    older = honest.with_name("older")
    older.write_text(f"{text}\n{elsewhere.line(text)}", encoding="utf-8")
    verdict = judged(honest, "--key", key, "--key", elsewhere.vkey, "--since", older)
    assert verdict.code == 2
    assert "nuanlin/elsewhere" in verdict.err


@pytest.mark.parametrize(
    "line", [b"", b"[]", b'{"from":1}', b'{"from":10,"to":20,"proof":["x"]}', b"\xff", b"[" * 5_000, b'{"proof":5}']
)
def test_a_malformed_consistency_proof_is_a_finding(honest: Path, key: str, line: bytes) -> None:
    verdict = judged(repacked(honest, {"proofs.jsonl": line + b"\n"}), "--key", key)
    assert (verdict.code, verdict.checks) == (1, {"proofs"})


@pytest.mark.parametrize("spoilt", ["from_base64", "cut", "swapped"])
def test_a_consistency_proof_with_other_hashes_does_not_hold(honest: Path, key: str, spoilt: str) -> None:
    first, *rest = content_of(honest, "proofs.jsonl").splitlines()
    told_proof = json.loads(first)
    hashes = told_proof["proof"]
    told_proof["proof"] = {"from_base64": [bytes(32).hex()], "cut": hashes[1:], "swapped": hashes[::-1]}[spoilt]
    lines = [json.dumps(told_proof).encode(), *rest]
    assert judged(repacked(honest, {"proofs.jsonl": b"\n".join(lines)}), "--key", key).checks == {"proofs"}


# ---- histories that were never right ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("facts", "UPDATE events SET type = 'hours.abolished@1' WHERE position = {p}"),
        ("facts", says('"minutes":30', '"minuten":30', "position = {p}")),
        ("facts", says('"minutes":30', '"minutes":"30"', "position = {p}")),
        ("facts", says('"minutes":30', '"minutes":9223372036854775808', "position = {p}")),
        ("envelopes", says('"minutes":30', '"minutes":30.5', "position = {p}")),
        ("envelopes", says('"salt"', '"sugar"', "position = {p}")),
        ("envelopes", says('{{"at"', '{{"at":1,"at"', "position = {p}")),
        ("envelopes", "UPDATE events SET data = CAST('{{}}' AS BLOB) WHERE position = {p}"),
        ("tags", "UPDATE events SET tags = replace(tags, 'mem_wang', 'mem_li') WHERE position = {p}"),
        ("tags", "UPDATE events SET tags = '' WHERE position = {p}"),
        ("tags", "UPDATE events SET tags = 'pool' || char(10) || tags WHERE position = {p}"),
        ("postings", says('"minutes":30', '"minutes":-30', "position = {p}")),
        ("floors", says('"minutes":30', '"minutes":3000', "position = {p}")),
        ("instants", "UPDATE events SET recorded_at = recorded_at + 1 WHERE position = {p}"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_itself_is_found_though_it_was_sealed_that_way(
    community: Path, key: str, check: str, change: str
) -> None:
    position = position_of(community, "hours.donated@1")
    resealed(community, change.format(p=position))
    assert (position, check) in judged(bundle(community), "--key", key).found


def test_a_command_that_was_carried_out_twice_is_found(community: Path, key: str) -> None:
    position = position_of(community, "hours.donated@1")
    resealed(
        community,
        "INSERT INTO events SELECT ledger, (SELECT max(position) + 1 FROM events), (SELECT max(recorded_at) FROM events),"
        f" type, tags, data FROM events WHERE position = {position}",
    )
    told.edited(community, "UPDATE ledgers SET head = head + 1")
    found = judged(bundle(community), "--key", key).found
    assert (max(position for position, _ in found), "keys") in found


# ---- what wants to do harm -----------------------------------------------------------------------------------------------


def test_a_folder_is_checked_like_the_zip_it_came_from(honest: Path, key: str) -> None:
    folder = honest.with_name("unpacked")
    with zipfile.ZipFile(honest) as archive:
        archive.extractall(folder)
    assert judged(folder, "--key", key).code == 0
    (folder / "link").symlink_to("/etc/passwd")
    assert judged(folder, "--key", key).code == 2


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"\x00" * 5000, b"{}"])
def test_what_is_no_zip_cannot_be_checked(tmp_path: Path, key: str, content: bytes) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    assert judged(path, "--key", key).code == 2
    assert judged(tmp_path / "nothing.zip", "--key", key).code == 2


def packed(path: Path, content: dict[str, bytes]) -> Path:
    """A zip file with these names, as they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/b", "c:\\x", "a\nb", "-x", "x" * 300])
def test_a_zip_with_tricks_in_its_names_is_no_bundle(honest: Path, key: str, name: str) -> None:
    manifest = content_of(honest, "manifest.json")
    path = packed(honest.with_name("trick.zip"), {"manifest.json": manifest, name: b"x"})
    assert judged(path, "--key", key).code == 2


def test_a_zip_bomb_is_not_unpacked(honest: Path, key: str) -> None:
    manifest = content_of(honest, "manifest.json")
    path = packed(honest.with_name("bomb.zip"), {"manifest.json": manifest, "events.jsonl": bytes(50_000_000)})
    verdict = judged(path, "--key", key)
    assert verdict.code == 2
    assert "harm" in verdict.err


def test_a_zip_with_very_many_names_is_no_bundle(tmp_path: Path, key: str) -> None:
    assert judged(packed(tmp_path / "many.zip", {f"f{n}": b"" for n in range(500)}), "--key", key).code == 2


def test_a_zip_with_a_name_twice_is_no_bundle(honest: Path, key: str) -> None:
    buffer = io.BytesIO(honest.read_bytes())
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("events.jsonl", b"")
    path = honest.with_name("twice.zip")
    path.write_bytes(buffer.getvalue())
    assert judged(path, "--key", key).code == 2


def test_a_zip_that_claims_to_be_encrypted_is_no_bundle(honest: Path, key: str) -> None:
    raw = bytearray(honest.read_bytes())
    start = raw.index(b"PK\x01\x02")
    raw[start + 8] |= 1
    path = honest.with_name("locked.zip")
    path.write_bytes(raw)
    assert judged(path, "--key", key).code == 2


def test_a_zip_that_lies_about_its_list_of_contents_is_no_bundle(honest: Path, key: str) -> None:
    raw = bytearray(honest.read_bytes())
    raw[-12:-6] = struct.pack("<HI", 65_535, 2**31)
    path = honest.with_name("liar.zip")
    path.write_bytes(raw)
    assert judged(path, "--key", key).code == 2


@pytest.mark.parametrize("seed", range(12))
def test_a_zip_with_damaged_bytes_never_passes(honest: Path, key: str, seed: int) -> None:
    raw = bytearray(honest.read_bytes())
    # Not in what a zip says twice, or in dates: only in the packed bytes themselves.
    with zipfile.ZipFile(honest) as archive:
        infos = archive.infolist()
    info = infos[seed % len(infos)]
    at = info.header_offset + 80 + len(info.filename) + (info.compress_size - 80) * seed // 12
    raw[at] ^= 0x55
    path = honest.with_name("damaged.zip")
    path.write_bytes(raw)
    assert judged(path, "--key", key).code in (1, 2)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"[" * 100_000, b'{"format":"nuanlin/bundle/2"}', b'{"format":"nuanlin/bundle/1"}', b"\xff",
     b'{"format":"nuanlin/bundle/1","ledger":1,"origin":2,"events":3,"root":4,"vkey":5,"files":6}',
     b'{"format":"nuanlin/bundle/1","ledger":"x","origin":"y/z","events":1,"root":"","vkey":"","files":{}}',
     b'{"format":"nuanlin/bundle/1","ledger":"x","origin":"y/x","events":1,"root":"","vkey":"","files":{"a":"b"}}'],
)  # fmt: skip
def test_a_manifest_that_is_none_cannot_be_checked(honest: Path, key: str, manifest: bytes) -> None:
    assert judged(repacked(honest, {"manifest.json": manifest}), "--key", key).code == 2


@pytest.mark.parametrize(
    "line",
    [b"", b"x", b"[" * 100_000, b'{"position":0}', b"\xff" * 50,
     b'{"position":10000000000,"recorded_at":1,"type":"","tags":[],"data":{}}',
     b'{"position":1,"recorded_at":1,"type":"\\ud800","tags":[],"data":{}}',
     b'{"position":true,"recorded_at":1,"type":"","tags":[],"data":{}}',
     b'{"position":1,"recorded_at":1,"type":"x","tags":["\\ud800"],"data":{"at":' + b"9" * 6000 + b"}}",
     b'{"position":1,"recorded_at":1,"type":"x","tags":[5],"data":{}}'],
)  # fmt: skip
def test_a_malformed_event_is_a_finding_and_no_accident(honest: Path, key: str, line: bytes) -> None:
    rest = content_of(honest, "events.jsonl").split(b"\n", 1)[1]
    verdict = judged(repacked(honest, {"events.jsonl": line + b"\n" + rest}), "--key", key)
    assert verdict.code == 1
    assert (1, "positions") in verdict.found


def test_an_endless_line_cannot_be_checked(honest: Path, key: str) -> None:
    noise = base64.b64encode(os.urandom(2_000_000))
    assert judged(repacked(honest, {"events.jsonl": noise}), "--key", key).code == 2


@pytest.mark.parametrize(
    "name", ["balances.csv", "rankings.csv", "policy.json", "journal.hledger", "checkpoints.jsonl"]
)
@pytest.mark.parametrize("content", [b"", b"\xff\x00\xff", b'"' + b"x" * 200_000, b"," * 100_000, b"[]"])
def test_claims_that_cannot_be_read_are_findings(honest: Path, key: str, name: str, content: bytes) -> None:
    verdict = judged(repacked(honest, {name: content}), "--key", key)
    assert verdict.code == 1
    assert verdict.document["findings"]

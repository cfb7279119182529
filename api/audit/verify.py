#!/usr/bin/env python3
"""Checks a bundle of a Nuanlin ledger without trusting whoever made it. Needs Python 3.10 and `cryptography`, nothing else.

    python verify.py BUNDLE --key KEY
    python verify.py BUNDLE --key KEY --since MY-OLDER-CHECKPOINT --witness KEY
    python verify.py BUNDLE --key KEY --receipt MINE.tlog-proof --record MINE.record

BUNDLE is the zip file as you got it, or the folder it was unpacked to. KEY is the ledger's public key, one line such as
`nuanlin/fangxing+5b9d3f02+AXJ…`. Get it from somebody other than whoever handed you the bundle: a key inside a bundle
proves nothing about it. `--since` takes a checkpoint you kept from an earlier visit, or a whole earlier bundle.

Exit code 0: everything was checked and agrees. 1: there are findings. 2: it could not be checked, and so says nothing.

This file was written from the description of the formats and shares no code with the program that keeps the ledger: it
is a second opinion. It reads from top to bottom: what a check reports (1), signatures (2), the tree (3), the bundle (4),
the facts (5), what they post (6), what they score (7), one walk over all events (8), what the bundle claims (9),
receipts (10), and the order of it all (11). Events are read one by one; memory grows with accounts, scores, donations
and 8 bytes for each command, not with events.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import csv
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# ---- 1. What a check reports -------------------------------------------------------------------------------------------

CHECKS = {
    "files": "files are those that the manifest names, with its SHA-256",
    "signatures": "checkpoints are signed by a key you gave",
    "witnesses": "cosignatures of witnesses you named are right",
    "tree": "checkpoints have the root that the events give",
    "proofs": "consistency proofs lead from a checkpoint to the next",
    "older": "older checkpoints of yours agree with this history",
    "positions": "events stand without gap, each with the hash that was sealed",
    "envelopes": "envelopes are complete and well formed",
    "tags": "events carry the tags under which they are found",
    "facts": "facts are of a known type with the right fields",
    "instants": "moments of recording never run backwards",
    "postings": "postings of events sum to zero in every unit",
    "floors": "postings leave no account below zero that may not be",
    "keys": "commands were each carried out once",
    "sums": "units sum to zero over all accounts",
    "balances": "claimed balances are what the events come to",
    "rankings": "claimed rows of rankings are what the events come to",
    "policy": "claimed values of rules are those the events set",
    "hledger": "balances asserted in journal.hledger are those of the events",
    "beancount": "balances asserted in journal.beancount are those of the events",
    "receipts": "receipts are of this ledger and lead to its root",
    "corrections": "corrections of personal details each name what stood there last",
    "erased": "persons were erased: their words are gone, the facts and seals stand",
}
"""Every check by its name in the report, and what its number counts."""

LISTED, LONGEST = 100, 1_000
"""Findings of one check that are listed (of more only the number is told), and letters of one."""


class CannotCheck(Exception):
    """The question cannot be answered: wrong use, something that is no bundle, an input of yours that is damaged."""


class Malformed(ValueError):
    """A piece of the bundle is not in its format."""


class Report:
    """What was checked, how often, and what was found."""

    def __init__(self) -> None:
        self.events, self.root = 0, b""
        self.witnessed = 0
        """The size of the largest checkpoint that enough of your witnesses cosigned."""
        self.checks = dict.fromkeys(CHECKS, 0)
        self.findings: list[tuple[int, str, str]] = []
        self.notes: list[str] = []
        self._found = dict.fromkeys(CHECKS, 0)

    def count(self, check: str, times: int = 1) -> None:
        """So many more things were looked at."""
        self.checks[check] += times

    def find(self, position: int, check: str, what: str) -> None:
        """Something is wrong; position 0 where it belongs to no event in particular."""
        self._found[check] += 1
        if self._found[check] <= LISTED:
            self.findings.append((position, check, what[:LONGEST]))

    def close(self) -> None:
        """Say how many findings were not listed."""
        for check, found in self._found.items():
            if found > LISTED:
                self.findings.append((0, check, f"{found - LISTED} more findings of this kind are not listed"))

    def as_json(self) -> str:
        """The report for programs."""
        findings = [{"position": position, "check": check, "what": what} for position, check, what in self.findings]
        answer = {"ok": not findings, "events": self.events, "root": self.root.hex(), "checks": self.checks}
        return json.dumps({**answer, "findings": findings}, ensure_ascii=True)

    def as_text(self) -> str:
        """The report for people."""
        lines = [f"{self.events} events, root {self.root.hex()}", "", "Checked:"]
        lines += [f"  {self.checks[name]:>9}  {name:<10}  {what}" for name, what in CHECKS.items()]
        lines += ["", *self.notes] if self.notes else []
        lines += ["", f"Findings: {len(self.findings)}" if self.findings else "No findings."]
        for position, check, what in self.findings:
            where = f"position {position}" if position else "no position"
            lines.append(f"  {where} [{check}] {visible(what)}")
        return "\n".join(lines)


def visible(text: str) -> str:
    """Text from a bundle without anything that could move a terminal's cursor or turn its writing round."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)


# ---- 2. Signatures: C2SP signed notes, checkpoints and cosignatures ----------------------------------------------------

LOG, WITNESS = 0x01, 0x04
"""Kinds of keys: Ed25519 over the note, and timestamped Ed25519 cosignatures."""
MOST_NOTE_BYTES, MOST_SIGNATURES = 64 * 1024, 100
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


class Key(NamedTuple):
    """A public key that you gave: with name and id as they stand before its signatures."""

    name: str
    id: bytes
    public: Ed25519PublicKey


class Note(NamedTuple):
    """A signed note: the text that is signed, and (name, key id, signature) of whoever says to have signed it."""

    text: str
    signatures: list[tuple[str, bytes, bytes]]


class Checkpoint(NamedTuple):
    """A root that somebody signed. `signed_by`: your keys that did; `cosigned`: your witnesses that did."""

    origin: str
    size: int
    root: bytes
    signed_by: frozenset[str]
    cosigned: frozenset[str]


def base64_bytes(text: str) -> bytes:
    """Strict base64: the one and only spelling of these bytes."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("bad base64") from None
    if base64.b64encode(data).decode() != text:
        raise Malformed("base64 with stray bits")
    return data


def whole_number(text: str) -> int:
    """A decimal number without sign or leading zeros."""
    if _NUMBER.fullmatch(text) is None:
        raise Malformed("a number was expected")
    return int(text)


def key_from(text: str, kind: int) -> Key:
    """A key from its one line `name+id+base64`; CannotCheck where it is none of this kind."""
    try:
        name, id_text, material = text.strip().split("+", 2)
        raw = base64_bytes(material)
        found = Key(name, bytes.fromhex(id_text), Ed25519PublicKey.from_public_bytes(raw[1:]))
        right = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    except ValueError:
        raise CannotCheck(f"this is not a public key: {visible(text[:200])}") from None
    if raw[0] != kind or found.id != right or not name or any(sign.isspace() for sign in name):
        wanted = "ledger" if kind == LOG else "witness"
        raise CannotCheck(f"this is not the public key of a {wanted}: {visible(text[:200])}")
    return found


class Trusted(NamedTuple):
    """Whom you trust: keys of the ledger, keys of witnesses, and how many of these must have cosigned."""

    keys: list[Key]
    witnesses: list[Key]
    need: int


def note_from(raw: bytes) -> Note:
    """Take a signed note apart; nothing is verified yet."""
    if len(raw) > MOST_NOTE_BYTES:
        raise Malformed("the note is too long")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("the note is not UTF-8") from None
    if any(sign < " " and sign != "\n" for sign in whole):
        raise Malformed("the note holds control characters")
    text, gap, below = whole.rpartition("\n\n")
    lines = below.split("\n")
    if not gap or lines.pop() != "" or not lines or len(lines) > MOST_SIGNATURES:
        raise Malformed("the note has no signatures, or too many")
    signatures = []
    for line in lines:
        dash, name, value = (*line.split(" "), "", "")[:3]
        if (
            line != f"\u2014 {name} {value}"
            or dash != "\u2014"
            or not name
            or "+" in name
            or name != "".join(name.split())
        ):
            raise Malformed("a line of the note is no signature")
        data = base64_bytes(value)
        if len(data) < 5:
            raise Malformed("a signature of the note is too short")
        signatures.append((name, data[:4], data[4:]))
    return Note(text + "\n", signatures)


def checkpoint_from(raw: bytes, keys: list[Key], witnesses: list[Key]) -> Checkpoint:
    """A checkpoint whose signatures by your keys are right. Malformed where one is wrong or none of the keys signed it."""
    note = note_from(raw)
    lines = note.text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]):
        raise Malformed("the checkpoint lacks origin, size or root")
    origin, size, root = lines[0], whole_number(lines[1]), base64_bytes(lines[2])
    if len(root) != 32:
        raise Malformed("the root of the checkpoint is no SHA-256")
    signed_by = {key.name for key in keys if key.name == origin and signed(note, key)}
    if not signed_by:
        claimed = ", ".join(sorted({name for name, _, _ in note.signatures}))
        raise Malformed(f"the checkpoint of {origin} is signed by none of the keys you gave, but by: {claimed}")
    cosigned = {key.name for key in witnesses if cosigned_by(note, key)}
    return Checkpoint(origin, size, root, frozenset(signed_by), frozenset(cosigned))


def signed(note: Note, key: Key) -> bool:
    """Whether the note bears this key's signature; Malformed where it is there and wrong."""
    found = [value for name, key_id, value in note.signatures if (name, key_id) == (key.name, key.id)]
    for value in found:
        verify(key, value, note.text.encode())
    return bool(found)


def cosigned_by(note: Note, key: Key) -> bool:
    """Whether the note bears this witness's cosignature: over a time of its own and the text of the note."""
    found = [value for name, key_id, value in note.signatures if (name, key_id) == (key.name, key.id)]
    for value in found:
        at = int.from_bytes(value[:8], "big")
        if len(value) != 72 or at >= 2**63:
            raise Malformed(f"the cosignature of {key.name} is malformed")
        verify(key, value[8:], f"cosignature/v1\ntime {at}\n{note.text}".encode())
    return bool(found)


def verify(key: Key, signature: bytes, message: bytes) -> None:
    """Malformed where the signature is not this key's over this message."""
    try:
        key.public.verify(signature, message)
    except InvalidSignature:
        raise Malformed(f"the signature of {key.name} is wrong") from None


# ---- 3. The tree: RFC 6962 over SHA-256 --------------------------------------------------------------------------------

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(position: int, kind: str, tags: str, data: bytes) -> bytes:
    """The hash of an event: everything that is stored of it, in the encoding `nuanlin/leaf/1`."""
    listed = tags.encode()
    leaf = b"nuanlin/leaf/1\n%d\n%b\n%d\n%b\n%b" % (position, kind.encode(), len(listed), listed, data)
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree, of which only the roots of its full parts are kept: one for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf, by its hash."""
        rest = self.size
        while rest & 1:
            leaf = node_hash(self._parts.pop(), leaf)
            rest >>= 1
        self._parts.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._parts:
            return EMPTY_ROOT
        root = self._parts[-1]
        for part in reversed(self._parts[:-1]):
            root = node_hash(part, root)
        return root


def root_by_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to from a leaf (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        raise Malformed("the proof is for no leaf of this tree")
    first, last, root = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise Malformed("the proof is too long")
        if first & 1 or first == last:
            root = node_hash(step, root)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            root = node_hash(root, step)
        first, last = first >> 1, last >> 1
    if last:
        raise Malformed("the proof is too short")
    return root


def roots_by_consistency(old_size: int, old_root: bytes, new_size: int, proof: list[bytes]) -> tuple[bytes, bytes]:
    """The older and the newer root that a consistency proof leads to (RFC 9162 §2.1.4.2)."""
    if not 0 < old_size < new_size:
        raise Malformed("a consistency proof leads from a smaller tree to a larger one")
    steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not steps:
        raise Malformed("the proof is empty")
    first, last = old_size - 1, new_size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Malformed("the proof is too long")
        if first & 1 or first == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, step)
        first, last = first >> 1, last >> 1
    if last:
        raise Malformed("the proof is too short")
    return old, new


# ---- 4. The bundle: a zip file or a folder, which may have been made to do harm ------------------------------------------

FORMAT = "nuanlin/bundle/1"
FILES = (
    "events.jsonl", "checkpoint", "checkpoints.jsonl", "proofs.jsonl", "leaves.bin", "policy.json", "balances.csv",
    "rankings.csv", "journal.hledger", "journal.beancount", "verify.py", "README.md", "README.zh-CN.md",
)  # fmt: skip
"""What every bundle holds beside its manifest."""
MOST_FILES, MOST_BYTES, MOST_RATIO, MOST_NUMBER = 64, 256 * 2**30, 200, 2**63
MOST_LINE, MOST_SMALL, MOST_WRONG = 2**20, 16 * 2**20, 10**5
_CHUNK = 2**20
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_BROKEN = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""What a damaged zip file makes Python raise."""


class Bundle:
    """Opens the files of a bundle for reading; nothing is ever unpacked. CannotCheck for what looks like a trap."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        try:
            self.sizes = self._folder() if path.is_dir() else self._archive()
        except (*_BROKEN, ValueError) as error:
            raise CannotCheck(f"{path} cannot be opened as a bundle ({type(error).__name__})") from None
        if len(self.sizes) > MOST_FILES or not all(_PLAIN_NAME.fullmatch(name) for name in self.sizes):
            raise CannotCheck(f"{path} is not a bundle: it holds names that no bundle has")
        if sum(self.sizes.values()) > MOST_BYTES:
            raise CannotCheck(f"{path} is too large to be a bundle")

    def _folder(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for entry in self.path.iterdir():
            if len(found) > MOST_FILES or entry.is_symlink() or not entry.is_file():
                raise CannotCheck(f"{self.path} is not a bundle: {visible(entry.name)} is no plain file")
            found[entry.name] = entry.stat().st_size
        return found

    def _archive(self) -> dict[str, int]:
        self._refuse_long_directory()
        self._zip = zipfile.ZipFile(self.path)
        infos = self._zip.infolist()
        found = {info.filename: info.file_size for info in infos}
        packed = sum(info.compress_size for info in infos)
        if len(found) != len(infos) or any(info.flag_bits & 1 for info in infos):
            raise CannotCheck(f"{self.path} is not a bundle: it holds a name twice, or something encrypted")
        if sum(found.values()) > MOST_RATIO * min(packed, self.path.stat().st_size) + MOST_LINE:
            raise CannotCheck(f"{self.path} unpacks to far more than it holds; it may have been made to do harm")
        return found

    def _refuse_long_directory(self) -> None:
        """A zip's list of contents is read as a whole; that of a bundle is short and stands at its very end."""
        with self.path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(max(0, size - 98))
            end = file.read(98)
        if len(end) < 22 or end[-22:-18] != b"PK\x05\x06":
            raise CannotCheck(f"{self.path} is not a bundle: it is no zip file, or something follows it")
        count, length = struct.unpack("<HI", end[-12:-6])
        if len(end) == 98 and end[-42:-38] == b"PK\x06\x07":
            count, length = struct.unpack("<QQ", end[32:48]) if end[:4] == b"PK\x06\x06" else (2**64, 2**64)
        if count > MOST_FILES or length > MOST_LINE:
            raise CannotCheck(f"{self.path} is not a bundle: it holds more files than one does")

    def read(self, name: str) -> Iterator[bytes]:
        """A file piece by piece; nothing where there is no such file."""
        if name not in self.sizes:
            return
        with self._reading(name) as file:
            while piece := file.read(_CHUNK):
                yield piece

    def lines(self, name: str) -> Iterator[bytes]:
        """A file line by line, without line ends; nothing where there is no such file."""
        if name not in self.sizes:
            return
        with self._reading(name) as file:
            while line := file.readline(MOST_LINE + 1):
                if len(line) > MOST_LINE:
                    raise CannotCheck(f"{name} of the bundle holds a line that is too long")
                yield line[:-1] if line.endswith(b"\n") else line

    def small(self, name: str, most: int = MOST_SMALL) -> bytes:
        """A short file as a whole; Malformed where it is missing or too long."""
        if self.sizes.get(name, most + 1) > most:
            raise Malformed(f"{name} is missing or too long")
        return b"".join(self.read(name))

    @contextmanager
    def _reading(self, name: str) -> Iterator[io.BufferedReader]:
        try:
            raw: Any = (self.path / name).open("rb", buffering=0) if self._zip is None else self._zip.open(name)
            with io.BufferedReader(raw, _CHUNK) as file:
                yield file
        except _BROKEN as error:
            raise CannotCheck(f"{name} of the bundle cannot be read ({type(error).__name__})") from None


class Manifest(NamedTuple):
    """What the bundle says about itself. It is signed by nobody: everything in it is checked against the rest."""

    ledger: str
    origin: str
    events: int
    root: str
    vkey: str
    files: dict[str, dict[str, Any]]


def manifest_of(bundle: Bundle) -> Manifest:
    """The manifest; CannotCheck where there is none that we understand."""
    try:
        told = plain_json(bundle.small("manifest.json"))
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise CannotCheck(f"{bundle.path} is not a bundle of the format {FORMAT}")
        manifest = Manifest(*(told[name] for name in Manifest._fields))
        kinds = tuple(type(value) for value in manifest)
        files = manifest.files.values()
        if kinds != (str, str, int, str, str, dict) or not all(type(file) is dict for file in files):
            raise Malformed("a field has the wrong type")
        if not manifest.origin.endswith("/" + manifest.ledger):
            raise Malformed("ledger and origin do not belong together")
    except (Malformed, KeyError) as error:
        raise CannotCheck(f"{bundle.path} has no manifest that can be read: {error}") from None
    return manifest


def check_files(bundle: Bundle, manifest: Manifest, report: Report) -> None:
    """Every file that should be there is, unchanged, and no other."""
    for name in sorted({*FILES, *manifest.files} - bundle.sizes.keys()):
        report.find(0, "files", f"{name} is missing")
    for name in sorted(bundle.sizes.keys() - manifest.files.keys() - {"manifest.json"}):
        report.find(0, "files", f"{name} is in the bundle and not in its manifest")
    for name in sorted(bundle.sizes.keys() & manifest.files.keys()):
        digest = hashlib.sha256()
        for piece in bundle.read(name):
            digest.update(piece)
        if manifest.files[name].get("sha256") != digest.hexdigest():
            report.find(0, "files", f"{name} is not the file that the manifest names: its SHA-256 differs")
        report.count("files")


def plain_json(raw: bytes) -> Any:
    """JSON without fractions and without the same name twice in one object; Malformed for anything else."""
    try:
        return _DECODER.decode(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not the JSON that was expected ({type(error).__name__})") from None


def _refuse_number(_text: str) -> Any:
    raise Malformed("a fraction stands where only whole numbers may")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a name stands twice in one object")
    return found


_DECODER = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number, object_pairs_hook=_object)


# ---- 5. Facts: every type there is, with its fields ---------------------------------------------------------------------

FACTS = {
    "appraisal.cancelled@1": "appraisal_id! subject! reason cancelled_by day@",
    "appraisal.closed@1": "appraisal_id! subject! result_hundredths# grade sheets# weight_heard# weight_all# closed_by"
    " day@",
    "appraisal.opened@1": "appraisal_id! panel_id subject! rhythm period seats[] criteria[] until_day@ opened_by day@",
    "appraisal.panel_appointed@1": "panel_id! name rhythm seats[] criteria[] appointed_by",
    "appraisal.panel_dissolved@1": "panel_id! dissolved_by day@",
    "appraisal.scored@1": "sheet_id! appraisal_id! panelist! weight# marks[] points# most# scored_by day@ words",
    "approval.applied@1": "approval_id! subject! applicant! matter levels[] applied_by day@ words",
    "approval.approver_replaced@1": "approval_id! level# before approver replaced_by day@",
    "approval.level_approved@1": "approval_id! subject! applicant! level# name approver last^ approved_by day@",
    "approval.level_rejected@1": "approval_id! subject! applicant! level# name approver reason rejected_by day@",
    "approval.withdrawn@1": "approval_id! subject! applicant! withdrawn_by day@",
    "conduct.appeal_decided@1": "appeal_id! sanction_id! member! granted^ decided_by day@",
    "conduct.appeal_lodged@1": "appeal_id! sanction_id! member! lodged_by day@ words",
    "conduct.blacklist_lifted@1": "blacklisting_id! party! reason lifted_by day@",
    "conduct.partner_exited@1": "exit_id! unit! reason exited_by day@",
    "conduct.party_blacklisted@1": "blacklisting_id! party! reason ground? until_day@? listed_by day@ words",
    "conduct.sanction_published@1": "sanction_id! member! published_by day@",
    "conduct.member_suspended@1": "sanction_id! member! reason until_day@ suspended_by day@ words",
    "conduct.session_restored@1": "sanction_id! session_id! volunteer! day@ last_day@ start_at#? end_at#? minutes# overflow#"
    " overflow_to place? team? unit?",
    "conduct.session_voided@1": "sanction_id! session_id! volunteer! day@ last_day@ minutes# overflow# overflow_to reason"
    " voided_by voided_on@ place? team? unit? words",
    "conduct.suspension_lifted@1": "sanction_id! member! reason lifted_by",
    "crossing.agreed@1": "peer! here vkey courier limit_minutes#? agreed_by",
    "crossing.arrival_confirmed@1": "transfer_id! peer! giver! carried_by proof record",
    "crossing.ended@1": "peer! ended_by",
    "crossing.hours_arrived@1": "transfer_id! peer! receiver! minutes# overflow# overflow_to carried_by proof record",
    "crossing.hours_returned@1": "transfer_id! peer! giver! minutes# reason carried_by proof record",
    "crossing.hours_sent@1": "transfer_id! peer! giver! receiver minutes# courier! words",
    "crossing.hours_turned_away@1": "transfer_id! peer! receiver minutes# reason carried_by proof record",
    "disclosure.corrected@1": "disclosure_id! fund! from_day@ until_day@ opening_fen# received_fen# refunded_fen#"
    " spent_fen# returned_fen# fee_fen# closing_fen# donations# payments# items[] reason corrected_by day@",
    "disclosure.emergency_declared@1": "fund! until_day@ declared_by day@",
    "disclosure.published@1": "disclosure_id! fund! from_day@ until_day@ opening_fen# received_fen# refunded_fen#"
    " spent_fen# returned_fen# fee_fen# closing_fen# donations# payments# items[] kind published_by day@",
    "fund.closed@1": "fund! reason closed_by day@",
    "fund.donation_received@1": "receipt_id! fund! donor item amount_fen# method handler day@ anonymous^ named^"
    " receipt_waived^ pledge_id!? pledge_met_fen# words",
    "fund.donation_refunded@1": "receipt_id! fund! donor item amount_fen# reason refunded_by day@",
    "fund.grant_approved@1": "grant_id! fund! item amount_fen# approver",
    "fund.grant_cancelled@1": "grant_id! fund! item amount_fen# reason cancelled_by",
    "fund.grant_declined@1": "grant_id! fund reason approver",
    "fund.grant_paid@1": "grant_id! fund! item category amount_fen# payer day@",
    "fund.grant_proposed@1": "grant_id! fund item category amount_fen# payee? proposer day@ words",
    "fund.help_case_closed@1": "case_id! fund! item to_item remainder_fen# outcome closed_by day@",
    "fund.help_case_opened@1": "case_id! fund item title beneficiary! need_fen# opened_by day@ words",
    "fund.item_ended@1": "fund! item ended_by day@",
    "fund.item_named@1": "fund! item name named_by day@",
    "fund.opened@1": "fund! name purpose host_charity committee[] supervisor items[] opened_on@",
    "fund.payment_returned@1": "grant_id! fund! item category amount_fen# reason handler day@",
    "fund.pledge_withdrawn@1": "pledge_id! fund donor item amount_fen#",
    "fund.pledged@1": "pledge_id! fund donor item amount_fen# day@ words",
    "fund.refund_asked@1": "receipt_id! amount_fen# reason asked_by",
    "fund.refund_declined@1": "receipt_id! amount_fen# reason declined_by day@",
    "fund.restriction_change_asked@1": "change_id! receipt_id! fund donor item to_item amount_fen# reason asked_by day@",
    "fund.restriction_changed@1": "change_id! receipt_id! fund! donor item to_item amount_fen# agreed_by day@",
    "honour.plaque_awarded@1": "plaque_id! unit! tier request_id! awarded_by day@ until_day@",
    "honour.plaque_renewed@1": "plaque_id! unit! tier request_id! renewed_by day@ until_day@",
    "honour.plaque_revoked@1": "plaque_id! unit! reason revoked_by day@",
    "hours.certificate_issued@1": "certificate_id! member! minutes# sessions# first_day@ last_day@ issued_by",
    "hours.correction_refused@1": "correction_id session_id! volunteer! reason checker",
    "hours.correction_requested@1": "correction_id session_id! volunteer! minutes# requested_by words",
    "hours.donated@1": "giver! minutes# words",
    "hours.donation_only_begun@1": "member! reason begun_by",
    "hours.donation_only_ended@1": "member! ended_by",
    "hours.given@1": "giver! receiver! minutes# overflow# overflow_to words",
    "hours.guardian_consented@1": "member! guardian until_day@",
    "hours.guardian_withdrew@1": "member! guardian",
    "hours.kin_ended@1": "kin_id! member! kin! ended_by",
    "hours.kin_proposed@1": "kin_id! member! kin relation proposed_by",
    "hours.kin_registered@1": "kin_id! member! kin! relation confirmed_by",
    "hours.lapsed@1": "member! minutes# earned_before@",
    "hours.pool_granted@1": "receiver! minutes# granted_by words",
    "hours.redeemed@1": "reservation_id! member! provider!? minutes# overflow# overflow_to",
    "hours.released@1": "reservation_id! member! minutes# cause",
    "hours.reserved@1": "reservation_id! member! minutes# provider? request_id? until_at# words",
    "hours.session_corrected@1": "correction_id session_id! volunteer! day@ last_day@ original_minutes#"
    " corrected_minutes# difference# checker place? team? unit?",
    "hours.session_endorsed@1": "session_id! verifier",
    "hours.session_recorded@1": "session_id! volunteer! activity_id!? day@ last_day@ start_at#? end_at#? minutes# origin"
    " place? team? unit? organiser? in_charge? late^ guarantor? recorder words",
    "hours.session_rejected@1": "session_id! volunteer! day@ last_day@ reason verifier",
    "hours.session_verified@1": "session_id! volunteer! day@ minutes# credited# overflow# overflow_to origin verifier"
    " place? team? unit?",
    "partner.agreement_ended@1": "agreement_id! unit! reason day@",
    "partner.agreement_signed@1": "agreement_id! unit! tier place? level from_day@ until_day@",
    "partner.call_answered@1": "callout_id! unit! level people# response_minutes# answered_by day@",
    "partner.call_ended@1": "callout_id! ended_by",
    "partner.called_out@1": "callout_id! level place? called_at# called_by words",
    "partner.contributed@1": "contribution_id unit! kind item quantity# value_fen#? place? day@ accepted_by words",
    "partner.drill_answered@1": "callout_id! unit level people# response_minutes# answered_by day@",
    "partner.drill_called@1": "callout_id! level place? called_at# called_by words",
    "partner.drill_ended@1": "callout_id! ended_by",
    "partner.dual_report_ended@1": "report_id! member_id! unit! place! reason day@",
    "partner.dual_reported@1": "report_id! member_id! unit! branch? place! taken_by day@",
    "partner.feedback_sent@1": "feedback_id! unit! year# quarter# revision# members# active_members# minutes#"
    " member_requests# branch_requests# unit_requests# contributions# calls_answered# people_sent# sent_by day@",
    "partner.goods_offered@1": "offer_id! unit item quantity# day@ place? words",
    "partner.match_cancelled@1": "match_id offer_id! request_id! unit item quantity#",
    "partner.match_delivered@1": "match_id offer_id! request_id! unit item quantity# place? day@",
    "partner.menu_admitted@1": "menu_id! unit! admitted_by day@",
    "partner.menu_offered@1": "menu_id! unit! name category place? at_once# offered_by day@",
    "partner.menu_ordered@1": "menu_id! unit request_id! claim_id requester place? day@",
    "partner.menu_withdrawn@1": "menu_id! unit! reason day@",
    "partner.offer_matched@1": "match_id offer_id! request_id! unit item quantity#",
    "partner.offer_withdrawn@1": "offer_id! unit item quantity#",
    "partner.pairing_ended@1": "pairing_id! unit! place! reason day@",
    "partner.unit_paired@1": "pairing_id! unit! place! paired_by day@",
    "party.contact_changed@1": "unit_id! before words",
    "party.details_corrected@1": "member_id! before proof words",
    "party.erasure_asked@1": "subject! cause asked_by",
    "party.member_left@1": "member_id!",
    "party.member_registered@1": "member_id! number place? team? unit? party_member^ guardian? joined_on@ words",
    "party.personal_data_erased@1": "subject! cause asked_by",
    "party.proxy_ended@1": "principal proxy",
    "party.proxy_registered@1": "principal proxy",
    "party.publication_agreed@1": "member_id! where",
    "party.publication_withdrawn@1": "member_id! where hidden^",
    "party.role_granted@1": "holder role scope granted_by",
    "party.role_revoked@1": "holder role scope revoked_by",
    "party.team_formed@1": "team_id! kind name unit? place?",
    "party.team_joined@1": "member_id! team unit?",
    "party.team_left@1": "member_id! team",
    "party.unit_registered@1": "unit_id! kind name code place? words",
    "place.added@1": "place_id! kind name parent?",
    "place.intake_point_closed@1": "point_id!",
    "place.intake_point_opened@1": "point_id! channel label place?",
    "place.ledger_opened@1": "name zone operator",
    "policy.set@1": "name value* from_day@",
    "meeting.household_registered@1": "household_id! place places[] residents[]! registered_at# words",
    "meeting.household_joined@1": "household_id! member!",
    "meeting.household_left@1": "household_id! member!",
    "meeting.household_ended@1": "household_id! places[] reason",
    "meeting.held@1": "meeting_id! kind place day@ sessions# people# opinions# chair agenda[]! recorded_by words",
    "meeting.counts_corrected@1": "meeting_id! kind sessions# people# opinions# more_sessions# more_people#"
    " more_opinions# reason corrected_by",
    "meeting.request_raised@1": "meeting_id! kind request_id! raised_by",
    "meeting.vote_opened@1": "vote_id! request_id! meeting_id!? place rule electorate# quorum# majority[] over^"
    " opened_at# until_at# opened_by",
    "meeting.vote_cast@1": "vote_id! household_id! member! choice cast_by day@",
    "meeting.vote_closed@1": "vote_id! request_id! votes_for# votes_against# abstained# electorate# quorum# outcome"
    " closed_by day@",
    "project.planned@1": "project_id! request_id!? name place community? aspect sponsor!? budget_fen# year# fund?"
    " planned_by day@",
    "project.measure_added@1": "project_measure_id! project_id! name owner! due_day@ planned_by",
    "project.measure_reported@1": "project_measure_id! project_id! owner! reported_by day@ words",
    "project.measure_accepted@1": "project_measure_id! project_id! owner! in_time^ accepted_by day@",
    "project.measure_returned@1": "project_measure_id! project_id! owner! reason returned_by day@",
    "project.measure_overdue@1": "project_measure_id! project_id! owner! due_day@ day@",
    "project.measure_handed_over@1": "project_measure_id! project_id! before! owner! due_day@ handed_by day@",
    "project.session_held@1": "project_session_id! project_id! sessions# person_visits# organiser? recorded_by day@",
    "project.session_voided@1": "project_session_id! project_id! sessions# person_visits# reason voided_by",
    "project.completed@1": "project_id! request_id!? completed_by day@",
    "project.appraised@1": "project_id! household_id! member! round# score# appraised_by day@ words",
    "project.concluded@1": "project_id! request_id!? sponsor!? round# households# points# outcome concluded_by day@",
    "project.abandoned@1": "project_id! request_id!? sponsor!? community? budget_fen# year# reason abandoned_by day@",
    "integrity.contested@1": "contest_id! party! promise about reason contested_by day@ words",
    "integrity.struck@1": "contest_id! party! promise about judged_by day@ words",
    "integrity.upheld@1": "contest_id! party! promise about judged_by day@ words",
    "resource.deal_accepted@1": "deal_id! side accepted_by day@",
    "resource.deal_agreed@1": "deal_id! resource_id! request_id!? owner! partner! item measure quantity# back_item?"
    " back_measure? back_quantity# due_day@ day@",
    "resource.deal_became_project@1": "deal_id! resource_id! project! begun_by day@",
    "resource.deal_declined@1": "deal_id! resource_id! request_id!? reason declined_by day@",
    "resource.deal_delivered@1": "deal_id! resource_id! request_id!? leg giver receiver item measure quantity# place?"
    " accepted_by day@",
    "resource.deal_failed@1": "deal_id! resource_id! request_id!? owner! partner! item measure short# back_item?"
    " back_measure? back_short# broken_by[] reason ended_by day@",
    "resource.deal_proposed@1": "deal_id! resource_id! request_id!? owner partner item measure quantity# back_item?"
    " back_measure? back_quantity# due_day@ side proposed_by day@",
    "resource.deal_settled@1": "deal_id! resource_id! request_id!? owner! partner! barter^ day@",
    "resource.listed@1": "resource_id! owner! kind item measure quantity# category place? from_day@ until_day@? day@",
    "resource.withdrawn@1": "resource_id! owner! item measure quantity#",
    "place.responsible_appointed@1": "duty_id! place_id! member_id! office appointed_by day@",
    "place.responsible_ended@1": "duty_id! place_id! member_id! reason day@",
    "place.households_counted@1": "place_id! kind households# change# first^ day@",
    "place.classified@1": "place_id! label day@",
    "request.noticed@1": "request_id! reviewer day@ until_day@",
    "request.stage_due@1": "request_id! stage until_day@",
    "request.warned@1": "request_id! stage until_day@ claimant? responsible? day@",
    "request.overdue@1": "request_id! kind stage until_day@ claimant!? responsible!? day@",
    "request.rolled_over@1": "request_id! kind rounds# day@",
    "request.escalated@1": "request_id! kind from_place to_place responsible!? reason escalated_by day@",
    "request.contacted@1": "request_id! claim_id claimant! contacted_by late^ day@ words",
    "request.assigned@1": "request_id! claim_id! owner! due_day@ assigned_by meeting_id!? day@",
    "request.evidence_added@1": "evidence_id! request_id! claim_id? party stage sha256 added_by day@ words",
    "proposal.awarded@1": "proposal_id! call_id! fund applicant! amount_fen# scores# points# approver day@",
    "proposal.call_opened@1": "call_id! fund item category title budget_fen# most_fen# until_day@ judges[] criteria[]"
    " least_scores# pass_percent# opened_by day@",
    "proposal.milestone_accepted@1": "grant_id! proposal_id! applicant! reported_on@ due_day@ accepted_by day@",
    "proposal.milestone_agreed@1": "grant_id! proposal_id! applicant rank# name amount_fen# due_day@",
    "proposal.milestone_reported@1": "grant_id! proposal_id! evidence[] reported_by day@ words",
    "proposal.scored@1": "proposal_id! judge points[] total# day@",
    "proposal.submitted@1": "proposal_id! call_id! applicant! title asked_fen# milestones[] submitted_by day@ words",
    "rectification.accepted@1": "rectification_id! party! accepted_by day@",
    "rectification.failed@1": "rectification_id! party! cause failures# failed_by day@",
    "rectification.ordered@1": "rectification_id! party! matter appraisal_id!? due_day@ ordered_by day@ words",
    "rectification.reported@1": "rectification_id! party! evidence reported_by day@ words",
    "request.claim_lapsed@1": "request_id! claim_id claimant! until_at#",
    "request.claim_released@1": "request_id! claim_id claimant! day@",
    "request.claimed@1": "request_id! claim_id claimant! unit? claimed_by until_at# day@",
    "request.closed@1": "request_id! kind claim_id? claimant!? unit? requester!? place? score#? explained^ closed_by day@"
    " words",
    "request.declined@1": "request_id! reviewer reason",
    "request.fulfilled@1": "request_id! claim_id claimant! day@ words",
    "request.posted@1": "request_id! kind requester!? proxy? place? category value_fen#? item? quantity#? channel point?"
    " day@ record^ words",
    "request.release_explained@1": "request_id! claim_id claimant! reason day@",
    "request.published@1": "request_id! reviewer day@",
    "request.reopened@1": "request_id! kind claim_id? claimant!? unit? requester!? place? score#? was_closed^ closed_on@?"
    " until_at# words",
    "request.unmet@1": "request_id! claim_id? claimant!? requester!? barrier day@",
    "request.withdrawn@1": "request_id! claimant!? requester!?",
    "service.cancelled@1": "reservation_id! service_id member! minutes# cause cancelled_by",
    "service.contested@1": "reservation_id! member performer!? day@ contested_by words",
    "service.declared@1": "service_id! provider! name charge minutes# price_fen# place? declared_by day@",
    "service.need_admitted@1": "need_id! group_id! member! admitted_by",
    "service.need_asked@1": "need_id! group_id! member! asked_by words",
    "service.need_ended@1": "need_id! group_id! member! reason ended_by",
    "service.need_group_opened@1": "group_id! name opened_by",
    "service.opening_granted@1": "opening_id! source_id! receiver! minutes# granted_by",
    "service.performed@1": "reservation_id! service_id member performer!? start_at# end_at# day@ performed_by",
    "service.reserved@1": "reservation_id! service_id! member! provider charge minutes# price_fen# until_at# words",
    "service.settled@1": "reservation_id! service_id member! performer!? charge minutes# banked_minutes# overflow#"
    " overflow_to silent^ settled_by",
    "service.source_opened@1": "source_id! group_id! name minutes# most_minutes# opened_by day@",
    "service.withdrawn@1": "service_id! provider! withdrawn_by",
    "shift.cancelled@1": "shift_id! reason cancelled_by",
    "shift.check_out_attested@1": "signup_id! shift_id! member! session_id! out_at# attested_by",
    "shift.check_out_missed@1": "signup_id! shift_id! member!",
    "shift.checked_in@1": "signup_id! shift_id! member! step# checked_at#",
    "shift.checked_out@1": "signup_id! shift_id! member! step# checked_at# session_id!? barrier",
    "shift.closed@1": "shift_id!",
    "shift.confirmed@1": "shift_id! confirmed_by",
    "shift.moved_up@1": "signup_id! shift_id! member!",
    "shift.not_attended@1": "signup_id! shift_id! member! day@",
    "shift.paper_list_entered@1": "list_id! shift_id! guarantor whole^ rows# entered_by",
    "shift.paper_row_entered@1": "row_id! list_id! shift_id! row# member! from_minute# to_minute# signup_id!?"
    " session_id!? barrier",
    "shift.rota_ended@1": "rota_id! reason ended_by day@",
    "shift.rota_planned@1": "rota_id! name place team? organiser? in_charge weekdays[] start_minute# minutes# capacity#"
    " from_day@ until_day@? on_holidays^ pooled^ planned_by",
    "shift.scheduled@1": "shift_id! rota_id!? name place team? organiser? in_charge day@ start_at# end_at# capacity#"
    " pooled^",
    "shift.signed_up@1": "signup_id! shift_id! member! waiting^ start_at# end_at#",
    "shift.signup_ended@1": "signup_id! shift_id! member! cause",
    "trial.ended@1": "trial_id! place! unit!? outcome met# items# ended_by day@",
    "trial.extended@1": "trial_id! place! unit!? ends_on@ reason extended_by day@",
    "trial.item_ticked@1": "trial_id! item met^ evidence ticked_by day@",
    "trial.opened@1": "trial_id! standard_id kind place! unit!? begins_on@ ends_on@ items# opened_by day@",
    "trial.standard_adopted@1": "standard_id! kind name months# items[] adopted_by day@",
}
"""Stored type names and their fields. Nothing behind a field: text · # whole number · @ day · ^ yes or no · [] list ·
* any value · ? may be null · ! its value is a tag of the event, under which others find it."""

Fact = dict[str, Any]


class Shape(NamedTuple):
    """What a fact of one type looks like: the Python types of its fields, which are days, and which are tags."""

    types: dict[str, tuple[type, ...]]
    days: tuple[str, ...]
    tags: tuple[str, ...]


def shape_from(spelled: str) -> Shape:
    """A shape from its line above."""
    fields = {field.rstrip("#@^[]*?!"): field for field in spelled.split()}
    kinds: dict[str, tuple[type, ...]] = {
        "#": (int,),
        "^": (bool,),
        "[]": (list,),
        "*": (int, str, bool, list, type(None)),
    }
    types = {}
    for name, field in fields.items():
        kind: tuple[type, ...] = next((types for sign, types in kinds.items() if sign in field), (str,))
        types[name] = (*kind, type(None)) if "?" in field else kind
    days = tuple(name for name, field in fields.items() if "@" in field)
    return Shape(types, days, tuple(name for name, field in fields.items() if "!" in field))


SHAPES = {name: shape_from(spelled) for name, spelled in FACTS.items()}


def check_fact(kind: str, fact: Fact) -> None:
    """Malformed where a fact has other fields than its type, or a value of the wrong kind."""
    shape = SHAPES.get(kind)
    if shape is None:
        raise Malformed(f"{kind} is no type of fact that is known")
    if fact.keys() != shape.types.keys():
        names = ", ".join(sorted(fact.keys() ^ shape.types.keys()))
        raise Malformed(f"{kind} has other fields than it should: {names}")
    for name, types in shape.types.items():
        value = fact[name]
        if type(value) not in types or (type(value) is int and abs(value) >= MOST_NUMBER):
            raise Malformed(f"{kind} holds a value of the wrong kind in {name}")
    for name in shape.days:
        if fact[name] is not None:
            day_from(fact[name])


@lru_cache(maxsize=4096)
def day_from(text: str) -> date:
    """A day written YYYY-MM-DD; Malformed for any other text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Malformed("a day is not written YYYY-MM-DD") from None
    if day.isoformat() != text:
        raise Malformed("a day is not written YYYY-MM-DD")
    return day


# ---- 6. What facts post: every quantity moves from one account to another, in its own unit -------------------------------

Posting = tuple[str, str, int]
"""(account, unit, amount): minutes of service, fen of money, and pieces of each kind of goods never meet."""

SOURCES = ("hours:issued", "hours:endowed", "census")
"""Accounts that count below zero what came from them."""

MOVES = {
    "hours.donated@1": ("hours:{giver}", "hours:pool", "minutes", "minutes"),
    "hours.pool_granted@1": ("hours:pool", "hours:{receiver}", "minutes", "minutes"),
    "hours.reserved@1": ("hours:{member}", "hours:{member}:held", "minutes", "minutes"),
    "hours.released@1": ("hours:{member}:held", "hours:{member}", "minutes", "minutes"),
    "hours.lapsed@1": ("hours:{member}", "hours:lapsed", "minutes", "minutes"),
    "crossing.hours_sent@1": ("hours:{giver}", "crossing:{peer}", "minutes", "minutes"),
    "crossing.hours_returned@1": ("crossing:{peer}", "hours:{giver}", "minutes", "minutes"),
    "service.source_opened@1": ("hours:endowed", "hours:source:{source_id}", "minutes", "minutes"),
    "service.opening_granted@1": ("hours:source:{source_id}", "hours:{receiver}", "minutes", "minutes"),
    "fund.pledged@1": ("pledged:{donor}", "pledge:{fund}:{item}", "fen", "amount_fen"),
    "fund.pledge_withdrawn@1": ("pledge:{fund}:{item}", "pledged:{donor}", "fen", "amount_fen"),
    "fund.donation_received@1": ("donor:{donor}", "fund:{fund}:{item}", "fen", "amount_fen"),
    "fund.donation_refunded@1": ("fund:{fund}:{item}", "donor:{donor}", "fen", "amount_fen"),
    "fund.grant_approved@1": ("fund:{fund}:{item}", "fund:{fund}:{item}:committed", "fen", "amount_fen"),
    "fund.grant_cancelled@1": ("fund:{fund}:{item}:committed", "fund:{fund}:{item}", "fen", "amount_fen"),
    "fund.grant_paid@1": ("fund:{fund}:{item}:committed", "spent:{fund}:{item}:{category}", "fen", "amount_fen"),
    "fund.payment_returned@1": ("spent:{fund}:{item}:{category}", "fund:{fund}:{item}", "fen", "amount_fen"),
    "fund.restriction_changed@1": ("fund:{fund}:{item}", "fund:{fund}:{to_item}", "fen", "amount_fen"),
    "partner.goods_offered@1": ("giver:{unit}", "offer:{offer_id}", "pcs.{item}", "quantity"),
    "partner.offer_matched@1": ("offer:{offer_id}", "promised:{request_id}", "pcs.{item}", "quantity"),
    "partner.match_cancelled@1": ("promised:{request_id}", "offer:{offer_id}", "pcs.{item}", "quantity"),
    "partner.match_delivered@1": ("promised:{request_id}", "received:{request_id}", "pcs.{item}", "quantity"),
    "partner.offer_withdrawn@1": ("offer:{offer_id}", "giver:{unit}", "pcs.{item}", "quantity"),
    "resource.listed@1": ("giver:{owner}", "resource:{resource_id}", "{measure}.{item}", "quantity"),
    "resource.withdrawn@1": ("resource:{resource_id}", "giver:{owner}", "{measure}.{item}", "quantity"),
    "resource.deal_delivered@1": ("deal:{deal_id}", "received:{receiver}", "{measure}.{item}", "quantity"),
}
"""Facts that are one movement: from which account, to which, in which unit, and the field that says how much."""

CONTRIBUTIONS = {
    "venue": ("community:venue", "venue_minutes", "unit_venue_minutes"),
    "hours": ("community:hours", "minutes", "unit_hours"),
    "project": ("community:projects", "projects", "unit_projects"),
}
"""What a partner unit gives directly by its kind (all others are goods): account, unit, and the measure it scores in."""


def postings_of(kind: str, f: Fact) -> list[Posting]:
    """What a fact posts; most post nothing. Malformed where an amount cannot be."""
    if kind in MOVES:
        source, target, unit, amount = MOVES[kind]
        rows = moved(source.format_map(f), target.format_map(f), unit.format_map(f), f[amount])
        if kind == "fund.donation_received@1" and f["pledge_met_fen"]:
            # The pledge it meets is done with.
            rows += moved(f"pledge:{f['fund']}:{f['item']}", "pledged:" + f["donor"], "fen", f["pledge_met_fen"])
        return rows
    if kind == "hours.session_verified@1":
        return banked("hours:issued", f["volunteer"], f)
    if kind == "hours.given@1":
        return banked("hours:" + f["giver"], f["receiver"], f)
    if kind == "hours.redeemed@1":
        # The reserved minutes go to whoever gave the service, or out of circulation where nobody is named.
        reserved = f"hours:{f['member']}:held"
        if f["provider"] is None:
            return moved(reserved, "hours:redeemed", "minutes", f["minutes"])
        return banked(reserved, f["provider"], f)
    if kind == "place.households_counted@1" and f["change"]:
        counted, change = "households:" + f["kind"], f["change"]
        source, target = ("census", counted) if change > 0 else (counted, "census")
        return moved(source, target, "households", abs(change))
    if kind == "crossing.hours_arrived@1":
        return banked("crossing:" + f["peer"], f["receiver"], f)
    if kind in ("service.reserved@1", "service.cancelled@1", "service.settled@1"):
        return service_postings(kind, f)
    if kind in ("conduct.session_voided@1", "conduct.session_restored@1"):
        return voided(f, 1 if kind == "conduct.session_voided@1" else -1)
    if kind == "hours.session_corrected@1" and f["difference"]:
        issued, member, change = "hours:issued", "hours:" + f["volunteer"], f["difference"]
        return moved(issued, member, "minutes", change) if change > 0 else moved(member, issued, "minutes", -change)
    if kind == "fund.help_case_closed@1" and f["remainder_fen"]:
        here, there = (f"fund:{f['fund']}:{item}" for item in (f["item"], f["to_item"]))
        return moved(here, there, "fen", f["remainder_fen"])
    if kind == "partner.contributed@1":
        target, unit, _ = CONTRIBUTIONS.get(f["kind"], ("community:goods", "pcs." + f["item"], ""))
        return moved("giver:" + f["unit"], target, unit, f["quantity"])
    if kind in ("resource.deal_agreed@1", "resource.deal_failed@1"):
        return dealt(kind, f)
    return []


def dealt(kind: str, f: Fact) -> list[Posting]:
    """A deal promises so much of a resource, and of what comes in return; what is short of both goes back."""
    deal, resource, partner = (
        name.format_map(f) for name in ("deal:{deal_id}", "resource:{resource_id}", "giver:{partner}")
    )
    unit, back = f"{f['measure']}.{f['item']}", f"{f['back_measure']}.{f['back_item']}"
    if kind == "resource.deal_agreed@1":
        rows = moved(resource, deal, unit, f["quantity"])
        return rows + (moved(partner, deal, back, f["back_quantity"]) if f["back_quantity"] else [])
    rows = moved(deal, resource, unit, f["short"]) if f["short"] else []
    return rows + (moved(deal, partner, back, f["back_short"]) if f["back_short"] else [])


def service_postings(kind: str, f: Fact) -> list[Posting]:
    """What a service costs in hours is set aside, comes back, or goes to whoever performed it; a paid one costs none."""
    usable, reserved, minutes = "hours:" + f["member"], f"hours:{f['member']}:held", f["minutes"]
    if minutes == 0 and kind != "service.settled@1":
        return []
    if kind == "service.reserved@1":
        return moved(usable, reserved, "minutes", minutes)
    if kind == "service.cancelled@1":
        return moved(reserved, usable, "minutes", minutes)
    share = f["banked_minutes"]
    if not 0 <= share <= minutes or (share and f["performer"] is None):
        raise Malformed(f"{share} of {minutes} minutes cannot be banked")
    rows = banked(reserved, f["performer"], {**f, "minutes": share}) if share else []
    return rows + (moved(reserved, "hours:redeemed", "minutes", minutes - share) if minutes > share else [])


def voided(f: Fact, sign: int) -> list[Posting]:
    """A session's minutes out of the member's account and of where its overflow had gone; or, restored, back again."""
    minutes, over = f["minutes"], f["overflow"]
    if minutes <= 0 or not 0 <= over <= minutes or (over and f["overflow_to"] not in ("pool", "honour")):
        raise Malformed(f"{over} of {minutes} minutes to {f['overflow_to']!r} cannot be reversed")
    rows = [("hours:" + f["volunteer"], "minutes", -sign * (minutes - over))] if minutes > over else []
    rows += [("hours:" + f["overflow_to"], "minutes", -sign * over)] if over else []
    return [*rows, ("hours:issued", "minutes", sign * minutes)]


def moved(source: str, target: str, unit: str, amount: int) -> list[Posting]:
    """So much less on one account and so much more on another; Malformed unless it is more than nothing."""
    if amount <= 0:
        raise Malformed(f"an amount of {amount} {unit} cannot be moved")
    return [(source, unit, -amount), (target, unit, amount)]


def banked(source: str, member: str, f: Fact) -> list[Posting]:
    """Minutes for a member; what the member's storage cap cannot hold goes to the pool or counts for honour only."""
    minutes, over = f["minutes"], f["overflow"]
    if minutes <= 0 or not 0 <= over <= minutes or (over and f["overflow_to"] not in ("pool", "honour")):
        raise Malformed(f"an overflow of {over} out of {minutes} minutes to {f['overflow_to']!r} cannot be")
    rows = [(source, "minutes", -minutes)]
    if minutes > over:
        rows.append(("hours:" + member, "minutes", minutes - over))
    if over:
        rows.append(("hours:" + f["overflow_to"], "minutes", over))
    return rows


# ---- 7. What facts score: rankings count deeds on the day of the deed ----------------------------------------------------

Score = tuple[str, str, int]
"""(measure, subject, amount)"""

UNITS = {
    "volunteer_minutes": "minutes", "team_minutes": "minutes", "unit_minutes": "minutes", "place_minutes": "minutes",
    "member_requests": "requests", "team_requests": "requests", "unit_requests": "requests",
    "place_requests": "requests", "kind_requests": "requests", "member_donations": "fen", "unit_donations": "fen",
    "member_hours_donated": "minutes", "unit_venue_minutes": "venue_minutes", "unit_hours": "minutes",
    "unit_projects": "projects", "unit_calls": "calls",
}  # fmt: skip
"""What each measure counts; `unit_goods:<item>` counts pieces of that item."""


class Marks:
    """What scores need to know of earlier facts."""

    def __init__(self) -> None:
        self.zone: tzinfo = timezone(timedelta(hours=8))
        self.kinds: dict[str, str] = {}
        """The kind of party of each team and unit."""
        self.donations: dict[str, str] = {}
        """The day of each donation by its receipt; "" where the donor stays unnamed."""

    def learn(self, kind: str, f: Fact) -> None:
        """Remember what later scores will need."""
        if kind == "fund.donation_received@1":
            self.donations[f["receipt_id"]] = "" if f["anonymous"] else f["day"]
        elif kind == "party.unit_registered@1":
            self.kinds[f["unit_id"]] = f["kind"]
        elif kind == "party.team_formed@1":
            self.kinds[f["team_id"]] = f["kind"]
        elif kind == "place.ledger_opened@1":
            self.zone = zone_named(f["zone"])

    def day(self, micros: int) -> str:
        """The community's calendar day at an instant."""
        try:
            return datetime.fromtimestamp(micros // 1_000_000, self.zone).date().isoformat()
        except (ValueError, OverflowError, OSError):
            raise Malformed("an instant lies outside the calendar") from None


def zone_named(name: str) -> tzinfo:
    """A time zone; all of China is eight hours ahead, whether or not this machine knows time zones."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        if name in ("Asia/Shanghai", "Asia/Chongqing", "PRC"):
            return timezone(timedelta(hours=8))
        raise CannotCheck(f"this machine does not know the time zone {name}: pip install tzdata") from None


def scores_of(kind: str, f: Fact, marks: Marks, recorded_at: int) -> tuple[str, list[Score]]:
    """The day (YYYY-MM-DD), and what a fact scores on it; most score nothing.

    What reverses something counts on the day of what it reverses. Who gave without a name is in no ranking.
    """
    if kind == "hours.session_verified@1":
        return f["day"], service(f, f["minutes"])
    if kind == "hours.session_corrected@1":
        return f["day"], service(f, f["difference"])
    if kind == "conduct.session_voided@1":
        return f["day"], service(f, -f["minutes"])
    if kind == "conduct.session_restored@1":
        return f["day"], service(f, f["minutes"])
    if kind == "hours.donated@1":
        return marks.day(recorded_at), [("member_hours_donated", f["giver"], f["minutes"])]
    if kind == "request.closed@1":
        return f["day"], confirmed(f, 1, marks)
    if kind == "request.reopened@1" and f["was_closed"] and f["closed_on"] is not None:
        return f["closed_on"], confirmed(f, -1, marks)
    if kind == "fund.donation_received@1" and not f["anonymous"]:
        return f["day"], donated(f, f["amount_fen"])
    if kind == "fund.donation_refunded@1" and (day := marks.donations.get(f["receipt_id"], f["day"])):
        return day, donated(f, -f["amount_fen"])
    if kind == "partner.contributed@1":
        measure = CONTRIBUTIONS.get(f["kind"], ("", "", "unit_goods:" + f["item"]))[2]
        return f["day"], [(measure, f["unit"], f["quantity"])]
    if kind == "partner.match_delivered@1":
        return f["day"], [("unit_goods:" + f["item"], f["unit"], f["quantity"])]
    if kind == "partner.call_answered@1":
        return f["day"], [("unit_calls", f["unit"], 1)]
    return "", []


def service(f: Fact, minutes: int) -> list[Score]:
    """Minutes of service count for the volunteer and for the team, unit and place they were given for."""
    subjects = (("volunteer", f["volunteer"]), ("team", f["team"]), ("unit", f["unit"]), ("place", f["place"]))
    return [(f"{sort}_minutes", subject, minutes) for sort, subject in subjects if subject is not None and minutes]


def confirmed(f: Fact, amount: int, marks: Marks) -> list[Score]:
    """A confirmed request counts for its claimant, the claimant's unit, the place, and the claimant's kind of party."""
    claimant, unit = f["claimant"], f["unit"]
    rows: list[Score] = []
    if claimant is not None:
        sort = {"mem": "member", "team": "team", "unit": "unit"}.get(claimant.partition("_")[0])
        if sort is not None:
            rows.append((f"{sort}_requests", claimant, amount))
        if sort != "member" and marks.kinds.get(claimant):
            rows.append(("kind_requests", marks.kinds[claimant], amount))
    if unit is not None and unit != claimant:
        rows.append(("unit_requests", unit, amount))
    if f["place"] is not None:
        rows.append(("place_requests", f["place"], amount))
    return rows


def donated(f: Fact, amount: int) -> list[Score]:
    """Money counts for members and for units."""
    measure = {"mem": "member_donations", "unit": "unit_donations"}.get(f["donor"].partition("_")[0])
    return [(measure, f["donor"], amount)] if measure is not None else []


# ---- 8. One walk over all events -----------------------------------------------------------------------------------------


class Event(NamedTuple):
    """A line of events.jsonl: `data` are the exact bytes that were stored and sealed."""

    position: int
    recorded_at: int
    kind: str
    tags: list[str]
    data: bytes


_LINE = {"position": int, "recorded_at": int, "type": str, "tags": list}
_ENVELOPE = {
    "at": (int,), "by": (str,), "role": (str,), "behalf": (str, type(None)), "key": (str,), "body": (str,),
    "salt": (str,), "fact": (dict,),
}  # fmt: skip
DETAILS = {
    "party.contact_changed@1": "unit_id",
    "party.details_corrected@1": "member_id",
    "party.member_registered@1": "member_id",
    "party.unit_registered@1": "unit_id",
}
"""Facts that say what commits to somebody's details now, and the field that says whose; a correction names what it ends."""

ERASED = {"party.personal_data_erased@1": "subject"}
"""Facts that say that somebody was erased, and the field that says who."""
OVERDRAFT = "hours.overdraft_minutes"


def event_from(line: bytes) -> Event:
    """An event out of its line, its data untouched."""
    head, found, data = line.partition(b',"data":')
    told = plain_json(head + b"}")
    if not found or not data.endswith(b"}") or not isinstance(told, dict):
        raise Malformed("the line is no event")
    if list(told) != list(_LINE) or any(type(told[name]) is not kind for name, kind in _LINE.items()):
        raise Malformed("the line is no event")
    if not all(type(tag) is str for tag in told["tags"]):
        raise Malformed("a tag is no text")
    return Event(told["position"], told["recorded_at"], told["type"], told["tags"], data[:-1])


class Root(NamedTuple):
    """A root of this history that you brought along: your older checkpoint, older bundle or receipt."""

    name: str
    size: int
    root: bytes
    leaves: Iterator[bytes] | None = None


class Seals:
    """The tree that the events make, held against everything that was signed.

    `sealed` are the leaf hashes from leaves.bin, if these lead to the signed root: they tell which event was changed.
    """

    def __init__(
        self, report: Report, checkpoints: Iterator[Checkpoint], sealed: Iterator[bytes] | None, brought: list[Root]
    ) -> None:
        self.tree, self._report, self._checkpoints = Tree(), report, checkpoints
        self._sealed, self._brought = sealed, brought
        self._next = next(checkpoints, None)
        self._good = self._last = 0
        self._differs = False
        self._before = b""
        self._shifted, self._first_shifted = 0, 0

    def add(self, event: Event) -> None:
        """The next event in its place."""
        tags = "\n".join(event.tags)
        leaf = leaf_hash(event.position, event.kind, tags, event.data)
        sealed = next(self._sealed, None) if self._sealed is not None else None
        if sealed is not None and sealed != leaf:
            self._differs = True
            if leaf_hash(event.position - 1, event.kind, tags, event.data) == self._before:
                self._shifted, self._first_shifted = self._shifted + 1, self._first_shifted or event.position
            else:
                what = "the event is not the one that was sealed at this position"
                self._report.find(event.position, "positions", what)
        self._before = sealed or b""
        self._grow(event.position, leaf)

    def skip(self, position: int) -> None:
        """A position without an event: what was sealed there, if that is known, takes its place in the tree."""
        self._differs = True
        sealed = next(self._sealed, None) if self._sealed is not None else None
        self._before = sealed or b""
        self._grow(position, sealed or bytes(32))

    def _grow(self, position: int, leaf: bytes) -> None:
        self.tree.add(leaf)
        for brought in self._brought:
            theirs = next(brought.leaves, None) if brought.leaves is not None else None
            if theirs is not None and theirs != leaf:
                self._report.find(position, "older", f"another event stood here in {brought.name}")
            if brought.size == position and brought.root != self.tree.root():
                what = f"{brought.name} has another root after {position} events: it was made of another history"
                self._report.find(position, "older", what)
        while self._next is not None and self._next.size <= position:
            self._compare(self._next)
            self._next = next(self._checkpoints, None)

    def _compare(self, checkpoint: Checkpoint) -> None:
        self._report.count("tree")
        self._last = checkpoint.size
        if checkpoint.root == self.tree.root():
            self._good = checkpoint.size
        elif not self._differs:
            self._differs = True
            what = (
                f"up to {checkpoint.size} the events do not have the root that was signed; up to {self._good} they had"
            )
            self._report.find(self._good + 1, "tree", what)

    def close(self) -> None:
        """What was signed beyond the last event, and events beyond what was signed."""
        size, longest = self.tree.size, 0
        if self._shifted:
            what = f"{self._shifted} events from here on stand one position later than they were sealed"
            self._report.find(self._first_shifted, "positions", what)
        while self._next is not None:
            longest = self._last = self._next.size
            self._next = next(self._checkpoints, None)
        if longest > size:
            what = f"the events {size + 1} to {longest} were sealed and are missing: the end was cut off"
            self._report.find(size + 1, "positions", what)
        elif size > self._last:
            self._report.find(self._last + 1, "tree", f"the events from here to {size} are covered by no checkpoint")
        for brought in self._brought:
            self._report.count("older")
            if brought.size > size:
                what = (
                    f"{brought.name} covers {brought.size} events, this bundle {size}: its end is missing, or it is old"
                )
                self._report.find(size + 1, "older", what)


class Keys:
    """Command keys: the facts of one command stand together under one envelope, and no key ever comes back.

    Of each key eight bytes are kept; should two be the same, the events are looked through once more.
    """

    def __init__(self) -> None:
        self.last: tuple[Any, ...] = ()
        self.commands = 0
        self._seen = [array("q") for _ in range(256)]

    def check(self, envelope: Fact) -> None:
        """The next envelope; Malformed where it differs from that of the same command's fact before it."""
        told = (*map(envelope.__getitem__, ("key", "at", "by", "role", "behalf", "body")),)
        if self.last and told[0] == self.last[0]:
            if told != self.last:
                raise Malformed("facts of one command have different envelopes")
            return
        self.last = told
        self.commands += 1
        number = hash(told[0])
        self._seen[number & 255].append(number)

    def repeated(self) -> set[int]:
        """The hashes that came more than once."""
        found = set()
        for numbers in self._seen:
            before = None
            for number in sorted(numbers):
                if number == before:
                    found.add(number)
                before = number
        return found


class Books:
    """Every account as the events leave it: balance, how many postings, and the position of the last."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, str], list[int]] = {}
        self.postings = 0

    def post(self, position: int, rows: list[Posting]) -> list[tuple[str, int]]:
        """Enter the postings of one event; gives the (account, balance) pairs that are now below zero and fell."""
        sums: dict[str, int] = {}
        fallen = []
        for account, unit, amount in rows:
            sums[unit] = sums.get(unit, 0) + amount
            entry = self.accounts.setdefault((account, unit), [0, 0, 0])
            entry[0] += amount
            entry[1] += 1
            entry[2] = position
            if entry[0] < 0 and amount < 0:
                fallen.append((account, entry[0]))
        self.postings += len(rows)
        if any(sums.values()):
            raise Malformed(f"the postings do not sum to zero: {sums}")
        return fallen

    def spent(self, account: str) -> int:
        """What the item of a `spent:` account paid, over all of its categories."""
        of = tuple(account.split(":")[:3])
        return sum(entry[0] for (other, _), entry in self.accounts.items() if tuple(other.split(":")[:3]) == of)


class Boards:
    """Every score by measure, subject and month: value, position of the last deed, and how many deeds."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.months: dict[tuple[str, str, str], list[int]] = {}

    def score(self, position: int, day: str, rows: list[Score]) -> None:
        """Enter what one event scored."""
        for measure, subject, amount in rows:
            entry = self.months.setdefault((measure, subject, day[:7]), [0, 0, 0])
            entry[0] += amount
            entry[1] = position
            entry[2] += 1

    def rankings(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """The rows of rankings.csv, each with the position that last touched it: months, quarters, years and all time.

        Equal values share a rank, and whoever got there first stands first. Nothing and less is not ranked.
        """
        for measure in sorted({measure for measure, _, _ in self.months}):
            unit = UNITS.get(measure) or "pcs." + measure.partition(":")[2]
            for period, subjects in self._periods(measure).items():
                order = sorted(subjects.items(), key=lambda one: (-one[1][0], one[1][1], one[0]))
                rank, before = 0, 0
                for place, (subject, (value, position, deeds)) in enumerate(order, start=1):
                    if value <= 0:
                        break
                    rank, before = (rank if value == before else place), value
                    told = (measure, period, rank, subject, value, unit, position, deeds)
                    yield tuple(map(str, told)), position

    def _periods(self, measure: str) -> dict[str, dict[str, list[int]]]:
        """The scores of one measure by period and subject."""
        periods: dict[str, dict[str, list[int]]] = {}
        for (of, subject, month), (value, position, deeds) in self.months.items():
            if of != measure:
                continue
            year, number = month.split("-")
            for period in (month, f"{year}-Q{(int(number) + 2) // 3}", year, "all"):
                entry = periods.setdefault(period, {}).setdefault(subject, [0, 0, 0])
                entry[0] += value
                entry[1] = max(entry[1], position)
                entry[2] += deeds
        return periods


class Walk:
    """Goes over the events once, each through every check."""

    def __init__(self, report: Report, seals: Seals) -> None:
        self.report, self.seals = report, seals
        self.keys, self.books, self.boards = Keys(), Books(), Boards()
        self.rules: dict[str, list[dict[str, Any]]] = {}
        self.erased: dict[str, int] = {}
        self.details: dict[str, str] = {}
        self._recorded_at = 0

    def over(self, bundle: Bundle) -> None:
        """All events of the bundle."""
        due, most = 1, bundle.sizes.get("leaves.bin", 0) // 32 + 10**6
        for line in bundle.lines("events.jsonl"):
            try:
                event = event_from(line)
                if event.position < due:
                    raise Malformed(f"an event of position {event.position} stands where {due} is due")
                if event.position > most:
                    raise Malformed(f"position {event.position} lies far behind the end")
            except (Malformed, UnicodeEncodeError) as error:
                self.report.find(due, "positions", str(error))
                continue
            if event.position > due:
                last = event.position - 1
                what = f"the events {due} to {last} are missing" if last > due else "the event is missing"
                self.report.find(due, "positions", what)
                for missing in range(due, event.position):
                    self.seals.skip(missing)
            due = event.position + 1
            self._one(event)
        self._close(bundle)

    def _one(self, event: Event) -> None:
        try:
            self.seals.add(event)
        except UnicodeEncodeError:
            self.report.find(event.position, "positions", "the event holds text that cannot be stored")
            self.seals.skip(event.position)
        self.report.events += 1
        check = "envelopes"
        try:
            envelope = self._envelope(event)
            fact = envelope["fact"]
            check = "tags"
            check_tags(event, envelope["key"])
            check = "facts"
            check_fact(event.kind, fact)
            check = "tags"
            check_tags_of_fact(event, fact)
            check = "keys"
            self.keys.check(envelope)
            check = "postings"
            self._replay(event, envelope, fact)
        except Malformed as error:
            self.report.find(event.position, check, str(error))

    def _envelope(self, event: Event) -> Fact:
        envelope = plain_json(event.data)
        if not isinstance(envelope, dict) or list(envelope) != list(_ENVELOPE):
            raise Malformed("the envelope has other fields than it should")
        for name, kinds in _ENVELOPE.items():
            if type(envelope[name]) not in kinds:
                raise Malformed(f"the envelope holds a value of the wrong kind in {name}")
        if len(base64_bytes(envelope["salt"])) != 16 or not envelope["key"] or not 0 <= envelope["at"] < MOST_NUMBER:
            raise Malformed("the envelope lacks its salt, its key or its time")
        self._recorded_at = max(self._recorded_at, envelope["at"])
        if event.recorded_at != self._recorded_at:
            self._recorded_at = max(self._recorded_at, event.recorded_at)
            self.report.find(event.position, "instants", "the moment of recording is not the latest so far")
        return envelope

    def _replay(self, event: Event, envelope: Fact, fact: Fact) -> None:
        kind, position, marks = event.kind, event.position, self.boards.marks
        marks.learn(kind, fact)
        for account, balance in self.books.post(position, postings_of(kind, fact)):
            if balance < self._floor(account, kind, envelope["at"]):
                self.report.find(position, "floors", f"{account} falls to {balance}")
        self.boards.score(position, *scores_of(kind, fact, marks, event.recorded_at))
        if kind == "policy.set@1":
            value = {"position": position, "from_day": fact["from_day"], "value": fact["value"]}
            self.rules.setdefault(fact["name"], []).append(value)
        elif kind in DETAILS:
            subject = fact[DETAILS[kind]]
            if fact.get("before", "") != self.details.get(subject, ""):
                self.report.find(position, "corrections", "what is corrected is not what stood there last")
            self.details[subject] = fact["words"]
            if "before" in fact:
                self.report.count("corrections")
        elif kind in ERASED:
            self.erased[fact[ERASED[kind]]] = position
            self.report.count("erased")

    def _floor(self, account: str, kind: str, at: int) -> int:
        """How far an account may fall. Sources count below zero what came from them; a correction is the truth, whatever
        was spent meanwhile; and a rule may let members use more than they have."""
        if account in SOURCES or account.startswith(("crossing:", "donor:", "giver:", "pledged:")):
            return -(10**30)
        if account.startswith("spent:"):
            # What came back of a past payment need not have been paid under that category: no item gets back more than it paid.
            return -(10**30) if self.books.spent(account) >= 0 else 0
        if not account.startswith("hours:mem_") or account.endswith(":held"):
            return 0
        if kind in ("hours.session_corrected@1", "conduct.session_voided@1"):
            return -(10**30)
        today = self.boards.marks.day(at)
        values = [rule["value"] for rule in self.rules.get(OVERDRAFT, ()) if rule["from_day"] <= today]
        return -values[-1] if values and type(values[-1]) is int else 0

    def _close(self, bundle: Bundle) -> None:
        self.seals.close()
        if repeated := self.keys.repeated():
            self._find_repeated(bundle, repeated)
        sums: dict[str, int] = {}
        for (_, unit), (balance, _, _) in self.books.accounts.items():
            sums[unit] = sums.get(unit, 0) + balance
        for unit in sorted(unit for unit, total in sums.items() if total):
            self.report.find(0, "sums", f"all accounts together hold {sums[unit]} {unit}, and should hold nothing")
        self.report.root = self.seals.tree.root()
        for check in ("positions", "envelopes", "tags", "facts", "instants"):
            self.report.count(check, self.report.events)
        self.report.count("postings", self.books.postings)
        self.report.count("floors", self.books.postings)
        self.report.count("keys", self.keys.commands)
        self.report.count("sums", len(sums))

    def _find_repeated(self, bundle: Bundle, repeated: set[int]) -> None:
        """Name the positions at which a key comes back after others stood between."""
        first: dict[str, int] = {}
        before = ""
        for line in bundle.lines("events.jsonl"):
            try:
                event = event_from(line)
                key = plain_json(event.data)["key"]
            except (Malformed, KeyError, TypeError):
                continue
            if type(key) is str and hash(key) in repeated and key != before:
                if key in first:
                    what = f"the command that made position {first[key]} is carried out again"
                    self.report.find(event.position, "keys", what)
                first.setdefault(key, event.position)
            before = key


def check_tags(event: Event, key: str) -> None:
    """Malformed where the tags of an event are no list of different names that ends with its command's key."""
    tags = event.tags
    if not tags or tags[-1] != "key_" + key:
        raise Malformed("the event does not carry its command's key as its last tag")
    if len(set(tags)) != len(tags) or not all(tags) or any("\n" in tag for tag in tags):
        raise Malformed("a tag is empty or stands twice")


def check_tags_of_fact(event: Event, fact: Fact) -> None:
    """Malformed where an event does not carry a tag that its fact asks for: others would not find it."""
    for name in SHAPES[event.kind].tags:
        for tag in fact[name] if isinstance(fact[name], list) else [fact[name]]:
            if tag and tag not in event.tags:
                raise Malformed(f"the event cannot be found under its {name}, {tag}")


# ---- 9. What the bundle claims -------------------------------------------------------------------------------------------

SEPARATOR = "\x1f"
"""Between the cells of a row in memory: ASCII's own sign for it."""


def checkpoints_of(bundle: Bundle, trusted: Trusted, report: Report, latest: Checkpoint | None) -> Iterator[Checkpoint]:
    """Every checkpoint of the bundle whose signature is right, by size, with the consistency proofs between them."""
    proofs = bundle.lines("proofs.jsonl")
    before: Checkpoint | None = None
    for number, line in enumerate(bundle.lines("checkpoints.jsonl"), start=1):
        try:
            told = plain_json(line)
            note = told["note"] if isinstance(told, dict) and type(told.get("note")) is str else ""
            checkpoint = checkpoint_from(note.encode(), trusted.keys, trusted.witnesses)
            if checkpoint.size < 1 or (before is not None and checkpoint.size <= before.size):
                raise Malformed("checkpoints do not grow")
        except (Malformed, UnicodeEncodeError) as error:
            report.find(0, "signatures", f"line {number} of checkpoints.jsonl: {error}")
            continue
        report.count("signatures")
        report.count("witnesses", len(checkpoint.cosigned))
        if len(checkpoint.cosigned) >= max(1, trusted.need):
            report.witnessed = checkpoint.size
        if before is not None:
            check_proof(next(proofs, b""), before, checkpoint, report)
        before = checkpoint
        yield checkpoint
    if latest is not None and (before is None or (before.size, before.root) != (latest.size, latest.root)):
        report.find(0, "signatures", "the last of checkpoints.jsonl is not the checkpoint of the bundle")
        if before is None or before.size < latest.size:
            yield latest


def check_proof(line: bytes, old: Checkpoint, new: Checkpoint, report: Report) -> None:
    """The consistency proof from one checkpoint to the next."""
    try:
        told = plain_json(line)
        if not isinstance(told, dict) or (told.get("from"), told.get("to")) != (old.size, new.size):
            raise Malformed("it is not there")
        hashes = [base64_bytes(text) for text in told["proof"]]
        if roots_by_consistency(old.size, old.root, new.size, hashes) != (old.root, new.root):
            raise Malformed("it leads to another root")
        report.count("proofs")
    except (Malformed, KeyError, TypeError, AttributeError) as error:
        what = f"the consistency proof from {old.size} to {new.size} does not hold: {error}"
        report.find(old.size + 1, "proofs", what)


def leaves_of(bundle: Bundle) -> Iterator[bytes]:
    """The claimed leaf hashes."""
    rest = b""
    for piece in bundle.read("leaves.bin"):
        whole = rest + piece
        end = len(whole) - len(whole) % 32
        for start in range(0, end, 32):
            yield whole[start : start + 32]
        rest = whole[end:]


def leaves_lead_to(bundle: Bundle, checkpoint: Checkpoint) -> bool:
    """Whether the claimed leaf hashes are those that were signed."""
    tree = Tree()
    for leaf in leaves_of(bundle):
        tree.add(leaf)
    return (tree.size, tree.root()) == (checkpoint.size, checkpoint.root)


def check_balances(bundle: Bundle, books: Books, report: Report) -> None:
    """balances.csv: account, unit, balance, number of postings, position of the last."""
    expected = (((*key, *map(str, entry)), entry[2]) for key, entry in books.accounts.items())
    heading = ("account", "unit", "balance", "entries", "last_position")
    compare(bundle, "balances", heading, expected, (0, 1), report)


def check_rankings(bundle: Bundle, boards: Boards, report: Report) -> None:
    """rankings.csv: one row for everybody who is ranked in a period."""
    heading = ("measure", "period", "rank", "subject", "value", "unit", "reached_position", "entries")
    compare(bundle, "rankings", heading, boards.rankings(), (0, 1, 3), report)


def compare(
    bundle: Bundle,
    check: str,
    heading: tuple[str, ...],
    expected: Iterator[tuple[tuple[str, ...], int]],
    named_by: tuple[int, ...],
    report: Report,
) -> None:
    """The rows of a table against those that the events come to; a difference is named with the last position behind it."""
    # A row as one text: many of them take a fraction of the memory that their cells do.
    right = {SEPARATOR.join(row): position for row, position in expected}
    wrong: dict[tuple[str, ...], list[str]] = {}
    rows = csv.reader(line.decode("utf-8", "replace") + "\n" for line in bundle.lines(f"{check}.csv"))
    try:
        if tuple(next(rows, ())) != heading:
            report.find(0, check, f"{check}.csv does not begin with its heading")
        for row in rows:
            report.count(check)
            if right.pop(SEPARATOR.join(row), None) is None:
                if len(wrong) >= MOST_WRONG:
                    report.find(
                        0, check, f"{check}.csv claims far more that no event speaks of; it was not read further"
                    )
                    break
                wrong.setdefault(tuple(row[i] for i in named_by if i < len(row)), row)
    except csv.Error as error:
        report.find(0, check, f"{check}.csv is no table: {error}")
    for text, position in right.items():
        cells = text.split(SEPARATOR)
        claimed = wrong.pop(tuple(cells[i] for i in named_by), None)
        told = "is missing" if claimed is None else f"is claimed as {','.join(claimed)}"
        report.find(position, check, f"{','.join(cells)} {told}")
    for row in wrong.values():
        report.find(0, check, f"{','.join(row)} is claimed, and no event speaks of it")


def check_policy(bundle: Bundle, rules: dict[str, list[dict[str, Any]]], report: Report) -> None:
    """policy.json: every rule with its values, from which day, and the positions that set them."""
    try:
        claimed = plain_json(bundle.small("policy.json"))
        claimed = claimed["rules"] if isinstance(claimed, dict) else {}
        for name in sorted({*claimed, *rules}):
            values = rules.get(name, [])
            report.count("policy", len(values))
            if claimed.get(name) != values:
                position = values[-1]["position"] if values else 0
                report.find(position, "policy", f"the values claimed for {name} are not those that the events set")
    except (Malformed, KeyError, TypeError, AttributeError) as error:
        report.find(0, "policy", f"policy.json cannot be read: {error}")


def check_assertions(bundle: Bundle, check: str, expected: dict[tuple[str, ...], int], report: Report) -> None:
    """The balances that a journal for another program asserts at its end."""
    name = "journal." + check
    found = {"hledger": asserted_in_hledger, "beancount": asserted_in_beancount}[check](bundle.lines(name))
    for asserted in found:
        report.count(check)
        if expected.pop(asserted, None) is None:
            report.find(0, check, f"{name} asserts {' '.join(asserted)}, which is not what the events come to")
    for missing, position in expected.items():
        report.find(position, check, f"{name} does not assert {' '.join(missing)}")


def asserted_in_hledger(lines: Iterator[bytes]) -> Iterator[tuple[str, ...]]:
    """(account, nothing = balance) of every line below a heading that ends with `balances`."""
    below = False
    for line in lines:
        if not line.startswith(b"    "):
            below = line.endswith(b" balances")
        elif below:
            account, _, amount = line[4:].decode("utf-8", "replace").partition("  ")
            yield account, amount


def asserted_in_beancount(lines: Iterator[bytes]) -> Iterator[tuple[str, ...]]:
    """(account, balance, commodity) of every line `day balance account  balance ~ 0 commodity`."""
    for line in lines:
        if line[10:19] == b" balance ":
            account, _, rest = line[19:].decode("utf-8", "replace").partition("  ")
            balance, _, commodity = rest.partition(" ~ 0 ")
            yield account, balance, commodity


def in_yuan(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def escaped(text: str, signs: str) -> str:
    """The text with these signs, and whatever cannot be seen, as % and the hexadecimal digits of their bytes."""
    return "".join(
        letter if letter.isprintable() and letter not in signs else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in text
    ) or "%"  # fmt: skip


def hledger_assertions(books: Books) -> dict[tuple[str, ...], int]:
    """What journal.hledger has to assert: (account, nothing = balance), and the last position behind it."""
    expected: dict[tuple[str, ...], int] = {}
    for (account, unit), (balance, _, position) in books.accounts.items():
        parts = [escaped(part, "%:;\"'=@{}[]*!|#~<>^`$\\?") for part in account.split(":")]
        name = ":".join(re.sub("^ | $|(?<= ) ", "%20", part) for part in parts)
        symbol = "min" if unit == "minutes" else '"' + escaped(unit, '%";') + '"'
        shown = [f"CNY {in_yuan(amount)}" if unit == "fen" else f"{amount} {symbol}" for amount in (0, balance)]
        expected[name, " = ".join(shown)] = position
    return expected


def beancount_assertions(books: Books) -> dict[tuple[str, ...], int]:
    """What journal.beancount has to assert: (account, balance with all accounts below it, commodity)."""
    symbols = {
        "fen": "CNY",
        "minutes": "MIN",
        "venue_minutes": "VENUE-MIN",
        "projects": "PROJECTS",
        "households": "HOUSEHOLDS",
    }
    names = {account: beancount_name(account) for account, _ in books.accounts}
    counted = {"PCS": 0, "UNIT": 0}
    totals: dict[tuple[str, str], list[int]] = {}
    for (account, unit), (balance, _, position) in books.accounts.items():
        if unit not in symbols:
            sort = "PCS" if unit.startswith("pcs.") else "UNIT"
            counted[sort] += 1
            symbols[unit] = f"{sort}-{counted[sort]}"
        totals[names[account], unit] = [balance, position]
    expected: dict[tuple[str, ...], int] = {}
    below: dict[tuple[str, str], int] = {}
    for (name, unit), (balance, _) in totals.items():
        above = name
        while above:
            below[above, unit] = below.get((above, unit), 0) + balance
            above = above.rpartition(":")[0]
    for (name, unit), (_, position) in totals.items():
        total = below[name, unit]
        expected[name, in_yuan(total) if unit == "fen" else str(total), symbols[unit]] = position
    return expected


def beancount_name(account: str) -> str:
    """An account as beancount can write it: under what it means, each part with a capital in front."""
    roots = {
        "Assets": ("hours", "fund", "offer", "promised", "resource", "deal", "community", "households", "crossing"),
        "Expenses": ("hours:redeemed", "hours:lapsed", "spent", "received"),
        "Income": ("hours:issued", "hours:endowed", "donor", "giver", "census"),
    }
    meaning = {kind: root for root, kinds in roots.items() for kind in kinds}
    root = meaning.get(account) or meaning.get(account.partition(":")[0], "Equity")
    return ":".join([root, *(beancount_part(part) for part in account.split(":"))])


def beancount_part(part: str) -> str:
    """One part: a capital or a digit in front; letters and digits stay, `_` is a hyphen, all else (and X) its bytes."""
    head = part[:1].upper() if re.match("[a-wyz]", part) else plain_or_bytes(part[:1], "[0-9]")
    rest = (("-" if letter == "_" else plain_or_bytes(letter, "[A-WYZa-z0-9]")) for letter in part[1:])
    return head + "".join(rest) if part else "X"


def plain_or_bytes(letter: str, plain: str) -> str:
    """A letter if it may stand there, else X and two hexadecimal digits for each of its bytes."""
    return letter if re.match(plain, letter) else "".join(f"X{byte:02X}" for byte in letter.encode())


# ---- 10. Receipts --------------------------------------------------------------------------------------------------------


class Receipt(NamedTuple):
    """Somebody's proof that a record of theirs is sealed: where it stands, and the fields of its fact."""

    name: str
    position: int
    fact: Fact


def receipt_from(name: str, proof: bytes, record: bytes, keys: list[Key]) -> tuple[Receipt, Root]:
    """A receipt that holds, and the root it leads to; Malformed where it does not hold."""
    text, _, note = proof.partition(b"\n\n")
    lines = text.decode("ascii", "replace").split("\n")
    if len(proof) > MOST_NOTE_BYTES or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Malformed("it is no c2sp.org/tlog-proof")
    if lines and lines[0].startswith("extra "):
        base64_bytes(lines.pop(0)[6:])
    if not lines or not lines[0].startswith("index ") or len(lines) > 64:
        raise Malformed("it does not say which leaf it is for")
    index = whole_number(lines.pop(0)[6:])
    steps = [base64_bytes(line) for line in lines]
    checkpoint = checkpoint_from(note, keys, [])
    leaf = hashlib.sha256(b"\x00" + record).digest()
    if (
        any(len(step) != 32 for step in steps)
        or root_by_inclusion(index, checkpoint.size, leaf, steps) != checkpoint.root
    ):
        raise Malformed("it does not lead from this record to the root that was signed")
    parts = record.split(b"\n", 4)
    if len(parts) != 5 or parts[0] != b"nuanlin/leaf/1" or parts[1] != b"%d" % (index + 1):
        raise Malformed("the record is not one of an event at this place")
    told = plain_json(parts[4][whole_number(parts[3].decode("ascii", "replace")) + 1 :])
    fact = told.get("fact") if isinstance(told, dict) else None
    return Receipt(name, index + 1, fact if isinstance(fact, dict) else {}), Root(
        name, checkpoint.size, checkpoint.root
    )


def check_receipts(arguments: argparse.Namespace, keys: list[Key], report: Report) -> tuple[list[Receipt], list[Root]]:
    """Every receipt you brought, with its record; those that hold, and the roots they lead to."""
    receipts, roots = [], []
    for proof, record in zip(arguments.receipt, arguments.record, strict=True):
        report.count("receipts")
        try:
            receipt, root = receipt_from(str(proof), own_file(proof), own_file(record), keys)
        except Malformed as error:
            report.find(0, "receipts", f"{proof} does not hold: {error}")
        else:
            receipts.append(receipt)
            roots.append(root)
    return receipts, roots


def own_file(path: Path) -> bytes:
    """A file that you brought; CannotCheck where it is not there or far too long."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_SMALL + 1)
    except OSError as error:
        raise CannotCheck(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MOST_SMALL:
        raise CannotCheck(f"{path} is too long")
    return content


# ---- 11. The order of it all ---------------------------------------------------------------------------------------------


def older_root(path: Path, keys: list[Key], origin: str) -> Root:
    """An older checkpoint of yours, or the one in an older bundle, of which the leaf hashes help to name a difference."""
    bundle = Bundle(path) if path.is_dir() or zipfile.is_zipfile(path) else None
    try:
        raw = own_file(path) if bundle is None else bundle.small("checkpoint")
        checkpoint = checkpoint_from(raw, keys, [])
    except Malformed as error:
        raise CannotCheck(f"{path} is no checkpoint of this ledger that your keys signed: {error}") from None
    if checkpoint.origin != origin:
        raise CannotCheck(f"{path} is a checkpoint of {checkpoint.origin}, and the bundle is of {origin}")
    known = bundle is not None and leaves_lead_to(bundle, checkpoint)
    leaves = leaves_of(bundle) if bundle is not None and known else None
    return Root(str(path), checkpoint.size, checkpoint.root, leaves)


def latest_checkpoint(bundle: Bundle, trusted: Trusted, report: Report) -> Checkpoint | None:
    """The checkpoint over the whole bundle, if a key of yours signed it."""
    try:
        checkpoint = checkpoint_from(bundle.small("checkpoint", MOST_NOTE_BYTES), trusted.keys, trusted.witnesses)
    except Malformed as error:
        report.find(0, "signatures", f"the checkpoint of the bundle: {error}")
        return None
    report.count("signatures")
    report.notes.append(f"Signed by {', '.join(sorted(checkpoint.signed_by))}.")
    return checkpoint


def check_witnesses(latest: Checkpoint | None, trusted: Trusted, report: Report) -> None:
    """That enough of your witnesses cosigned the checkpoint over the whole bundle."""
    cosigned = latest.cosigned if latest is not None else frozenset()
    if cosigned:
        report.notes.append(f"Cosigned by {', '.join(sorted(cosigned))}.")
    if len(cosigned) < trusted.need:
        reached = f"{trusted.need} or more of your witnesses cosigned up to {report.witnessed}"
        report.find(report.witnessed + 1, "witnesses", f"{reached}; over all events only {len(cosigned)} did")


def trusted_by(arguments: argparse.Namespace) -> Trusted:
    """Whom the command line says to trust. CannotCheck where that makes no sense."""
    keys = [key_from(text, LOG) for text in arguments.key]
    witnesses = [key_from(text, WITNESS) for text in arguments.witness]
    need = arguments.need_witnesses if arguments.need_witnesses is not None else min(1, len(witnesses))
    if need > len(witnesses) or len(arguments.receipt) != len(arguments.record):
        raise CannotCheck("more witnesses are needed than keys were given, or a receipt lacks its record")
    return Trusted(keys, witnesses, need)


def check(arguments: argparse.Namespace) -> Report:
    """Everything, in order. Raises CannotCheck."""
    bundle = Bundle(arguments.bundle)
    manifest = manifest_of(bundle)
    if not arguments.key:
        raise CannotCheck(
            f"no key given. The bundle claims to be signed by {visible(manifest.vkey)}: a key inside a bundle proves nothing,"
            " so obtain it another way (from the ledger's public page, a witness, an earlier visit) and give it with --key"
        )
    trusted = trusted_by(arguments)
    report = Report()
    older = [older_root(path, trusted.keys, manifest.origin) for path in arguments.since]
    check_files(bundle, manifest, report)
    latest = latest_checkpoint(bundle, trusted, report)
    claimed = (manifest.origin, manifest.events, manifest.root)
    if latest is not None and claimed != (latest.origin, latest.size, latest.root.hex()):
        report.find(0, "files", "the manifest claims another origin, number of events or root than the checkpoint")
    receipts, roots = check_receipts(arguments, trusted.keys, report)
    sealed = leaves_of(bundle) if latest is not None and leaves_lead_to(bundle, latest) else None
    if latest is not None and sealed is None:
        report.find(0, "tree", "leaves.bin does not lead to the root that was signed")
    checkpoints = checkpoints_of(bundle, trusted, report, latest)
    walk = Walk(report, Seals(report, checkpoints, sealed, [*older, *roots]))
    walk.over(bundle)
    check_witnesses(latest, trusted, report)
    check_claims(bundle, walk, report)
    for receipt in receipts:
        erased = {walk.erased[value] for value in receipt.fact.values() if type(value) is str and value in walk.erased}
        told_erased = "".join(f", erased at position {position}" for position in sorted(erased))
        report.notes.append(f"{receipt.name}: the record at position {receipt.position} is sealed{told_erased}.")
    report.close()
    return report


def check_claims(bundle: Bundle, walk: Walk, report: Report) -> None:
    """What the bundle says the events come to."""
    check_balances(bundle, walk.books, report)
    check_rankings(bundle, walk.boards, report)
    check_policy(bundle, walk.rules, report)
    check_assertions(bundle, "hledger", hledger_assertions(walk.books), report)
    check_assertions(bundle, "beancount", beancount_assertions(walk.books), report)


def arguments_from(given: list[str] | None) -> argparse.Namespace:
    """The command line; wrong use ends the program with exit code 2."""
    parser = argparse.ArgumentParser(description="Checks a bundle of a Nuanlin ledger.", allow_abbrev=False)
    parser.add_argument("bundle", type=Path, help="the zip file, or the folder it was unpacked to")
    parser.add_argument("--key", action="append", default=[], help="the ledger's public key, from another source")
    parser.add_argument("--witness", action="append", default=[], metavar="KEY", help="the public key of a witness")
    parser.add_argument(
        "--need-witnesses", type=int, metavar="N", help="how many must have cosigned (1, if any are named)"
    )
    parser.add_argument(
        "--since", action="append", default=[], type=Path, metavar="FILE", help="your older checkpoint or bundle"
    )
    parser.add_argument(
        "--receipt", action="append", default=[], type=Path, metavar="FILE", help="a receipt (.tlog-proof)"
    )
    parser.add_argument(
        "--record", action="append", default=[], type=Path, metavar="FILE", help="and the record it is for"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    return parser.parse_args(given)


def write(text: str) -> None:
    """A line on standard output, whatever the terminal can show."""
    sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace") + b"\n")
    sys.stdout.flush()


def main(given: list[str] | None = None) -> int:
    """Run the checks and tell; gives the exit code."""
    arguments = arguments_from(given)
    try:
        report = check(arguments)
    except CannotCheck as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 - whatever a hostile file does to Python, the answer is that nothing is known
        reason = f"something unforeseen happened ({type(error).__name__})"
    else:
        write(report.as_json() if arguments.json else report.as_text())
        return 1 if report.findings else 0
    if arguments.json:
        found = [{"position": 0, "check": "cannot_check", "what": reason}]
        write(json.dumps({"ok": False, "events": 0, "root": "", "checks": {}, "findings": found}))
    sys.stderr.write(f"cannot check: {visible(reason)}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())

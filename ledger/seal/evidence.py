"""What a witness keeps when a signed checkpoint does not go with those it knows: plain files that anybody can check.

One folder for each finding, below `evidence/`: `known.note` and `other.note` as they were signed, `proof.txt` as it was
sent, `about.json` with what was concluded, when, and under which keys. A folder appears whole or not at all, and is
never written again: what comes later (a proof that dispels a suspicion) is a file of its own beside them.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from ledger.errors import NotFound, Unusable
from ledger.seal.comparing import PROVEN
from ledger.seal.files import sync_folder, write_new, write_through
from ledger.seal.notes import Checkpoint, to_base64
from ledger.seal.submission import proof_text

KINDS = ("two_roots", "forked", "false_empty", "unconnected", "older")
"""The first three convict the log (`comparing.PROVEN`). unconnected: a larger checkpoint came with a proof that leads
nowhere · older: a smaller one than the last, of a size never signed here: a replay, or a restored backup."""

MOST_OF_A_KIND = 1000
"""How many findings of one kind are kept for one log; a flood of suspicions must neither fill the disk nor keep a proof
out, and what is there is never deleted. Choice."""

_FORMAT = "nuanlin/evidence/1"
_CONNECTED = "connected.txt"


class Finding(NamedTuple):
    """Two checkpoints that do not go together, before they are kept.

    `known`: what the witness has signed, None where the other convicts itself · `other`: what came · notes with their
    signatures · `proof`: as it came.
    """

    kind: str
    origin: str
    known: Checkpoint | None
    known_note: str
    other: Checkpoint
    other_note: str
    proof: tuple[bytes, ...] = ()

    @property
    def id(self) -> str:
        """Its name: the same two checkpoints give the same finding, however often they come."""
        parts = []
        for one in (self.known, self.other):
            parts += ["-"] if one is None else [str(one.size), one.root.hex()]
        return self.family + _digest("\n".join(parts))[:16]

    @property
    def family(self) -> str:
        """How the names of all findings of this kind on this log begin."""
        return f"{self.kind}-{_digest(self.origin)[:8]}-"


class Kept(NamedTuple):
    """A finding on disk. `at`: microseconds since the epoch · `connected`: a proof that came later dispelled it."""

    id: str
    kind: str
    origin: str
    at: int
    known_size: int | None
    known_root: str
    other_size: int
    other_root: str
    folder: Path
    connected: bool

    @property
    def proven(self) -> bool:
        """Whether it convicts the log; otherwise it is a suspicion."""
        return self.kind in PROVEN


class Evidence:
    """The findings below one folder. Several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, finding: Finding, *, at: int, keys: Mapping[str, Sequence[str]]) -> str | None:
        """Write a finding down and give its id; what was kept before stays as it is. None where there are too many.

        `at`: microseconds since the epoch · `keys`: vkeys by whose they are, for whoever checks it.
        """
        target = self._folder / finding.id
        if target.exists():
            return finding.id
        self._folder.mkdir(exist_ok=True)
        if sum(one.name.startswith(finding.family) for one in self._folder.iterdir()) >= MOST_OF_A_KIND:
            return None
        draft = self._folder / f".{finding.id}.{secrets.token_hex(8)}"
        draft.mkdir()
        try:
            for name, content in _files(finding, at, keys).items():
                write_through(draft.joinpath(name), content)
            sync_folder(draft)
            draft.rename(target)
        except OSError:
            # Where it exists now, another request has kept the same finding.
            if not target.exists():
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        sync_folder(self._folder)
        sync_folder(self._folder.parent)
        return finding.id

    def listed(self) -> list[Kept]:
        """Every finding, oldest first. Raises Unusable `evidence_damaged` where one cannot be read."""
        if not self._folder.is_dir():
            return []
        found = [_read(one) for one in self._folder.iterdir() if not one.name.startswith(".") and one.is_dir()]
        return sorted(found, key=lambda one: (one.at, one.id))

    def get(self, finding_id: str) -> Kept:
        """One finding by its id; raises NotFound `no_such_finding`."""
        found = {one.id: one for one in self.listed()}.get(finding_id)
        if found is None:
            raise NotFound("no_such_finding", id=finding_id)
        return found

    def dispel(self, finding_id: str, proof: Sequence[bytes]) -> None:
        """Put the proof that connects the two checkpoints beside them; the finding itself stays."""
        folder = self.get(finding_id).folder
        with suppress(FileExistsError):
            write_new(folder / _CONNECTED, proof_text(proof))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _files(finding: Finding, at: int, keys: Mapping[str, Sequence[str]]) -> dict[str, str]:
    about = {
        "format": _FORMAT,
        "kind": finding.kind,
        "proven": finding.kind in PROVEN,
        "origin": finding.origin,
        "at": at,
        "known": _shown(finding.known),
        "other": _shown(finding.other),
        "keys": {whose: list(vkeys) for whose, vkeys in keys.items()},
    }
    files = {"other.note": finding.other_note, "about.json": json.dumps(about, ensure_ascii=False, indent=1) + "\n"}
    if finding.known is not None:
        files["known.note"] = finding.known_note
    if finding.proof:
        files["proof.txt"] = proof_text(finding.proof)
    return files


def _shown(checkpoint: Checkpoint | None) -> dict[str, Any] | None:
    return None if checkpoint is None else {"size": checkpoint.size, "root": to_base64(checkpoint.root)}


def _read(folder: Path) -> Kept:
    try:
        about = json.loads((folder / "about.json").read_text("utf-8"))
        known, other = about["known"] or {"size": None, "root": ""}, about["other"]
        return Kept(
            id=folder.name,
            kind=str(about["kind"]),
            origin=str(about["origin"]),
            at=int(about["at"]),
            known_size=known["size"],
            known_root=str(known["root"]),
            other_size=int(other["size"]),
            other_root=str(other["root"]),
            folder=folder,
            connected=(folder / _CONNECTED).exists(),
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise Unusable("evidence_damaged", file=str(folder)) from None

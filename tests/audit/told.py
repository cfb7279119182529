"""A small sealed community, ways to do it harm, and verify.py as an auditor runs it: far from everything of ours."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from api.audit.bundle import Bundled, write_bundle
from api.audit.verify import main
from api.settings import Settings
from api.store import Store
from ledger.application import OPERATOR
from ledger.clock import MICROS_PER_DAY
from ledger.funds.commands import ApproveGrant, PayGrant, ProposeGrant
from ledger.hours.commands import DonateHours, GiveHours
from ledger.parties.commands import ErasePersonalData
from ledger.places.commands import OpenLedger
from projections.rebuild import rebuild
from tests.cli.story import CATEGORY, COMMITTEE, LEDGER, LI, NOON, TREASURER, WANG, Clock, act, deeds, people
from tests.house.means import ROOT

VERIFIER = ROOT / "api" / "audit" / "verify.py"

Edit = Callable[[sqlite3.Connection], None]


class Verdict(NamedTuple):
    """What verify.py said: exit code, its JSON document, and what stood on standard error."""

    code: int
    document: Any
    err: str

    @property
    def found(self) -> list[tuple[int, str]]:
        """(position, check) of every finding."""
        return [(one["position"], one["check"]) for one in self.document["findings"]]

    @property
    def checks(self) -> set[str]:
        """The checks that found something."""
        return {check for _, check in self.found}

    def told(self, check: str) -> str:
        """What the findings of one check say."""
        return " / ".join(one["what"] for one in self.document["findings"] if one["check"] == check)


@contextmanager
def store_in(folder: Path, clock: Clock | None = None) -> Iterator[Store]:
    """The store of that folder."""
    settings = Settings(database_url=str(folder / "community.db"), ledger=LEDGER)
    with Store.open(settings, clock=clock or Clock(NOON + 3 * MICROS_PER_DAY)) as store:
        yield store


def seal(store: Store) -> int:
    """Seal everything; gives how many events that are."""
    store.sealer.catch_up(LEDGER, force_checkpoint=True)
    last = store.seals.latest(LEDGER)
    assert last is not None
    return last.size


def fill(folder: Path) -> None:
    """The story of the command line's tests, sealed three times; at its end 李师傅 has his words destroyed."""
    clock = Clock(NOON)
    with store_in(folder, clock) as store:
        act(store, OPERATOR, OpenLedger(name="祥和社区"), *people())
        seal(store)
        act(store, OPERATOR, *deeds(), GiveHours(giver=WANG, receiver=LI, minutes=15))
        seal(store)
        grant = ProposeGrant(
            grant_id="grant_rice", fund="nuanxing", item="meals", category=CATEGORY, amount_fen=250_025
        )
        act(store, COMMITTEE[0], grant)
        act(store, COMMITTEE[1], ApproveGrant(grant_id="grant_rice"))
        clock.at += MICROS_PER_DAY
        act(store, TREASURER, PayGrant(grant_id="grant_rice"))
        act(store, OPERATOR, ErasePersonalData(subject=LI))
        seal(store)
        store.catch_up(LEDGER)


def go_on(folder: Path, *, minutes: int = 5) -> int:
    """One more deed on another day, sealed; gives the number of events."""
    with store_in(folder, Clock(NOON + 5 * MICROS_PER_DAY)) as store:
        act(store, OPERATOR, DonateHours(giver=WANG, minutes=minutes))
        store.catch_up(LEDGER)
        return seal(store)


def bundle(folder: Path, name: str = "bundle.zip", *, at: int | None = None) -> Path:
    """The bundle of the folder's store, beside it."""
    made(folder, name, at=at)
    return folder / name


def made(folder: Path, name: str = "bundle.zip", *, at: int | None = None) -> Bundled:
    """Make it, and give what was said about it."""
    with store_in(folder) as store:
        return write_bundle(store, LEDGER, folder / name, at=at)


def key_of(folder: Path) -> str:
    """The ledger's public key, as its keeper would publish it."""
    with store_in(folder) as store:
        return store.seals.vkey(LEDGER)


def checkpoint_of(folder: Path, name: str = "older") -> Path:
    """The last checkpoint, kept in a file as an auditor would."""
    with store_in(folder) as store:
        latest = store.seals.latest(LEDGER)
    assert latest is not None
    path = folder / name
    path.write_text(latest.note, encoding="utf-8")
    return path


def verify(path: Path, *options: str | Path) -> Verdict:
    """Run a copy of verify.py in an empty folder, cut off from this environment's paths and variables."""
    place = path.parent / f"{path.name}.auditor"
    place.mkdir(exist_ok=True)
    program = shutil.copy(VERIFIER, place)
    command = [sys.executable, "-I", str(program), str(path), *map(str, options), "--json"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=120, env={})
    assert "Traceback" not in done.stderr
    return Verdict(done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr)


def judged(path: Path, *options: str | Path) -> Verdict:
    """The same within this process, which is sooner done: for the many ways of being malformed."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(path), *map(str, options), "--json"])
    assert isinstance(out.buffer, io.BytesIO)
    said = out.buffer.getvalue().decode()
    return Verdict(code, json.loads(said) if said else None, err.getvalue())


# ---- harm ------------------------------------------------------------------------------------------------------------


def edited(folder: Path, edit: Edit | str) -> None:
    """Change the database behind everybody's back."""
    with sqlite3.connect(folder / "community.db") as connection:
        if isinstance(edit, str):
            assert connection.execute(edit).rowcount, "nothing was changed"
        else:
            edit(connection)
    connection.close()


def says(old: str, new: str, where: str) -> str:
    """The statement that puts other words into the data of events."""
    return f"UPDATE events SET data = CAST(replace(data, '{old}', '{new}') AS BLOB) WHERE {where}"


def position_of(folder: Path, kind: str) -> int:
    """The position of the first event of that type."""
    connection = sqlite3.connect(folder / "community.db")
    (position,) = connection.execute("SELECT min(position) FROM events WHERE type = ?", (kind,)).fetchone()
    connection.close()
    return int(position)


def rewritten(folder: Path, edit: Edit | str) -> None:
    """A whole history rewritten: events changed, books and boards made anew, all of it sealed again with the same key."""
    resealed(folder, edit)
    with store_in(folder) as store:
        rebuild(store.database, store.codec.decode, LEDGER)


def resealed(folder: Path, edit: Edit | str) -> None:
    """The same without new books, for histories that could not be booked."""

    def unseal(connection: sqlite3.Connection) -> None:
        for rows in ("seal_tiles", "seal_checkpoints", "seal_cosignatures", "followers WHERE name = 'seals'"):
            connection.execute(f"DELETE FROM {rows}")

    edited(folder, edit)
    edited(folder, unseal)
    with store_in(folder) as store:
        seal(store)


def repacked(
    path: Path, changes: Mapping[str, bytes | None], name: str = "repacked.zip", *, honest: bool = True
) -> Path:
    """The bundle with files replaced (None: left out); `honest`: with a manifest that names the new ones."""
    with zipfile.ZipFile(path) as archive:
        content = {one: archive.read(one) for one in archive.namelist()}
    for one, data in changes.items():
        if data is None:
            del content[one]
        else:
            content[one] = data
    if honest and "manifest.json" not in changes:
        manifest = json.loads(content["manifest.json"])
        digests = {one: hashlib.sha256(data).hexdigest() for one, data in content.items() if one != "manifest.json"}
        manifest["files"] = {one: {"sha256": digest, "bytes": 0} for one, digest in digests.items()}
        content["manifest.json"] = json.dumps(manifest).encode()
    out = path.with_name(name)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in content.items():
            archive.writestr(one, data)
    return out


def content_of(path: Path, name: str) -> bytes:
    """One file of a bundle."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)

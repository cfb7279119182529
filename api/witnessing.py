"""The ledger's side of witnessing: new checkpoints are taken to the witnesses, and what they sign is kept.

`NUANLIN_WITNESSES` names them: `<vkey> <address>`, one a line or with commas between; without an address a witness comes
by itself (`nuanlin witness watch`) or is reached by files. Each has a thread of its own, so that neither followers nor
requests nor the other witnesses wait for one that is slow or away; its absence harms nothing and is tried again with
growing pauses. A cosignature is stored once it is checked against the witness's key (`Seals.cosign`).

A witness that refuses, or has signed more than this ledger holds, is an alarm and not a nuisance: either somebody put an
old state of the database back, or a second copy seals under the same key, or history was rewritten. It is logged as an error.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from typing import NamedTuple, Self

import structlog
from sqlalchemy import bindparam, func, select

from api.outgoing import Answer, Unreachable, base_url, call
from api.settings import Settings
from api.store import Store
from ledger.errors import Conflict, NotFound, NuanlinError, Refused, Unusable
from ledger.seal.leaf import whole_number
from ledger.seal.notes import WITNESS, Verifier, checkpoint_of, read_line, split_note
from ledger.seal.seals import StoredCheckpoint
from ledger.seal.submission import submission_text
from ledger.seal.tables import seal_cosignatures

LOOK_SECONDS = 2
"""How often a thread looks for a new checkpoint. Choice: checkpoints come every ten seconds at most."""
LONGEST_PAUSE_SECONDS = 600
_TRIES = 3
_TOLD_LETTERS = 200

_log = structlog.get_logger("nuanlin.witnessing")


class Known(NamedTuple):
    """A witness by its key; `url` is empty where it comes by itself."""

    verifier: Verifier
    url: str

    @property
    def name(self) -> str:
        """The name in its key."""
        return self.verifier.name


class Pushed(NamedTuple):
    """What a visit came to: `at` is the time in the cosignature, microseconds UTC; None where there was nothing new."""

    witness: str
    size: int
    at: int | None


def witnesses_of(settings: Settings) -> tuple[Known, ...]:
    """The witnesses of the setting; raises Refused `bad_witness` for an entry that is none, or a name that comes twice."""
    found: dict[str, Known] = {}
    for entry in filter(None, (one.strip() for one in re.split(r"[,\n]", settings.witnesses))):
        vkey, _, url = entry.partition(" ")
        try:
            known = Known(witness_verifier(vkey), base_url(url.strip()) if url.strip() else "")
        except Refused:
            raise Refused("bad_witness", entry=entry[:_TOLD_LETTERS]) from None
        if found.setdefault(known.name, known) is not known:
            raise Refused("bad_witness", entry=entry[:_TOLD_LETTERS])
    return tuple(found.values())


def witness_verifier(vkey: str) -> Verifier:
    """The key of a witness; raises Refused `bad_key` for anything else, a log's key included."""
    verifier = Verifier(vkey)
    if verifier.kind != WITNESS:
        raise Refused("bad_key")
    return verifier


def last_cosigned(store: Store, ledger: str, witness: str) -> int:
    """The size of the largest checkpoint a witness has cosigned, as far as this ledger knows; 0 for none."""
    c = seal_cosignatures.c
    query = select(func.max(c.size)).where(c.ledger == bindparam("l"), c.witness == bindparam("w"))
    with store.database.reading() as cursor:
        cursor.execute(store.database.prepare("witnessing.last", query).text, (ledger, witness))
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def submission(store: Store, ledger: str, stored: StoredCheckpoint, old_size: int) -> str:
    """A checkpoint with the proof from an older size: what a witness is sent, over the network or as a file."""
    proof = store.seals.consistency_proof(ledger, old_size, stored.size) if old_size else []
    return submission_text(old_size, proof, stored.signed)


def push(store: Store, ledger: str, witness: Known) -> Pushed:
    """Take the last checkpoint to a witness and keep what it signs.

    Raises Unusable `witness_unreachable`; Conflict `witness_ahead` (it has signed a larger one than this ledger ever did);
    Refused `witness_refused` with the `status` it gave and what it `told`; Refused `witness_answer_bad`; NotFound
    `not_sealed_yet`.
    """
    stored = _latest(store, ledger)
    old_size = last_cosigned(store, ledger, witness.name)
    if old_size == stored.size:
        return Pushed(witness.name, stored.size, None)
    for _ in range(_TRIES):
        answer = _ask(witness, submission(store, ledger, stored, old_size))
        if answer.status == 200:
            return Pushed(witness.name, stored.size, _keep(store, ledger, stored.size, answer.body, witness))
        if answer.status != 409:
            told = " ".join(answer.body.decode(errors="replace").split())[:_TOLD_LETTERS]
            raise Refused("witness_refused", witness=witness.name, status=answer.status, told=told, size=stored.size)
        old_size = _size_told(answer, witness)
        if old_size > stored.size:
            # Another process of ours may have taken a newer checkpoint there meanwhile.
            stored = _latest(store, ledger)
            if old_size > stored.size:
                raise Conflict("witness_ahead", witness=witness.name, signed=old_size, sealed=stored.size)
    raise Refused("witness_refused", witness=witness.name, status=409, told=str(old_size), size=stored.size)


def accept(store: Store, ledger: str, note: bytes, witnesses: Sequence[Verifier]) -> list[Pushed]:
    """Keep what known witnesses signed of one of this ledger's checkpoints, from a note that somebody brings.

    Raises Refused `bad_note`, `bad_signature`, `other_log` (another origin), `other_checkpoint` (one that this ledger
    never signed) or `no_known_witness`.
    """
    text, lines = split_note(note)
    given = checkpoint_of(text)
    if given.origin != store.seals.origin(ledger):
        raise Refused("other_log", origin=given.origin)
    stored = store.seals.at_size(ledger, given.size)
    if stored is None or split_note(stored.signed)[0] != text:
        raise Refused("other_checkpoint", size=given.size)
    known = {(one.name, one.key_id): one for one in witnesses}
    kept = []
    for line in lines:
        verifier = known.get((line.name, line.key_id))
        if verifier is not None:
            at = store.seals.cosign(ledger, given.size, line.line, verifier)
            kept.append(Pushed(verifier.name, given.size, at))
    if not kept:
        raise Refused("no_known_witness")
    return kept


class Pushing:
    """Takes checkpoints of all ledgers to all witnesses while it is open: one thread for each witness."""

    def __init__(self, store: Store, witnesses: Sequence[Known], *, look_seconds: float = LOOK_SECONDS) -> None:
        self._store, self._look_seconds = store, look_seconds
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(one,), name=f"witness {one.name}", daemon=True)
            for one in witnesses
            if one.url
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Begin no further visit, and let those under way come home; their waits are bounded (`api.outgoing`)."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, witness: Known) -> None:
        pauses: dict[str, float] = {}
        not_before: dict[str, float] = {}
        while not self._over.wait(self._look_seconds):
            for ledger in self._ledgers():
                if self._over.is_set() or time.monotonic() < not_before.get(ledger, 0):
                    continue
                if self._visit(ledger, witness):
                    pauses.pop(ledger, None)
                    continue
                pauses[ledger] = min(2 * pauses.get(ledger, self._look_seconds), LONGEST_PAUSE_SECONDS)
                not_before[ledger] = time.monotonic() + pauses[ledger]

    def _ledgers(self) -> Sequence[str]:
        try:
            return list(self._store.application.ledgers())
        except Exception as error:  # noqa: BLE001  # the thread goes on; the error is reported
            _log.error("witness_push_failed", error=type(error).__name__)
            return ()

    def _visit(self, ledger: str, witness: Known) -> bool:
        """One visit; gives whether it went well. What did not is in the log, with its code."""
        try:
            push(self._store, ledger, witness)
        except NotFound:
            # Nothing is sealed yet.
            return True
        except Unusable as error:
            _log.warning("witness_push_failed", ledger=ledger, witness=witness.name, code=error.code, **_figures(error))
            return False
        except NuanlinError as error:
            _log.error("witness_push_failed", ledger=ledger, witness=witness.name, code=error.code, **_figures(error))
            return False
        except Exception as error:  # noqa: BLE001  # the thread goes on; the error is reported
            _log.error("witness_push_failed", ledger=ledger, witness=witness.name, error=type(error).__name__)
            return False
        return True


def _figures(error: NuanlinError) -> dict[str, object]:
    return {name: value for name, value in error.details.items() if name != "witness"}


def _latest(store: Store, ledger: str) -> StoredCheckpoint:
    stored = store.seals.latest(ledger)
    if stored is None:
        raise NotFound("not_sealed_yet", position=1)
    return stored


def _ask(witness: Known, body: str) -> Answer:
    try:
        return call("POST", f"{witness.url}/add-checkpoint", body.encode())
    except Unreachable as error:
        raise Unusable("witness_unreachable", witness=witness.name, reason=error.reason) from error


def _size_told(answer: Answer, witness: Known) -> int:
    try:
        return whole_number(answer.body.decode("ascii").removesuffix("\n"))
    except ValueError:
        raise Refused("witness_answer_bad", witness=witness.name) from None


def _keep(store: Store, ledger: str, size: int, body: bytes, witness: Known) -> int:
    """Store the witness's line of an answer; lines of keys that are not known are passed over, as the specification asks."""
    try:
        for line in body.decode().splitlines(keepends=True):
            read = read_line(line)
            if (read.name, read.key_id) == (witness.name, witness.verifier.key_id):
                return store.seals.cosign(ledger, size, line, witness.verifier)
    except (Refused, UnicodeDecodeError):
        raise Refused("witness_answer_bad", witness=witness.name) from None
    raise Refused("witness_answer_bad", witness=witness.name)

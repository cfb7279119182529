"""The ledger's side: checkpoints are taken to witnesses, what they sign is checked and kept, and an alarm is an alarm."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from api.app import create_app
from api.outgoing import call
from api.routes.cosignatures import add_cosignatures
from api.settings import Settings
from api.store import Store
from api.witness.watching import visit
from api.witnessing import Known, Pushing, accept, last_cosigned, push, witnesses_of
from ledger.errors import Conflict, NotFound, NuanlinError, Refused, Unusable
from ledger.seal.keys import Keys
from ledger.seal.merkle import leaf_hash, root_of
from ledger.seal.notes import WITNESS, Checkpoint, Signer, Verifier, checkpoint_text, sign_note
from ledger.seal.receipts import check_receipt
from ledger.seal.witness import Witness
from tests.house.serving import serving
from tests.house.stores import LEDGER, add_members, open_ledger, store_at
from tests.house.witnesses import Reply, ShownLog, answering, scripted
from tests.ledger.seal.logs import ORIGIN, Clock, Log, witness_signer


@pytest.fixture
def store(sqlite_path: Path, tmp_path: Path) -> Iterator[Store]:
    """A ledger with a few facts, all of them sealed."""
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as opened:
        open_ledger(opened)
        add_members(opened, 3)
        seal(opened)
        yield opened


@pytest.fixture
def witness(store: Store, tmp_path: Path) -> Witness:
    """A notary that watches this ledger."""
    made = Witness.make(tmp_path / "notary", "notary.example")
    made.trust(store.seals.vkey(LEDGER))
    return made


def seal(store: Store) -> int:
    """Seal everything; gives the size."""
    store.sealer.catch_up(LEDGER, force_checkpoint=True)
    latest = store.seals.latest(LEDGER)
    assert latest is not None
    return latest.size


def known(witness: Witness, url: str = "") -> Known:
    """The witness as the setting names it."""
    return Known(Verifier(witness.vkey), url)


def cosigned_by(store: Store, size: int) -> list[str]:
    """Who has cosigned the checkpoint of a size."""
    found = store.seals.at_size(LEDGER, size)
    return [one.witness for one in found.cosignatures] if found else []


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


# ---- taking checkpoints there ----------------------------------------------------------------------------------------


def test_a_checkpoint_is_taken_to_a_witness_and_its_cosignature_kept(store: Store, witness: Witness) -> None:
    with answering(witness) as url:
        first = push(store, LEDGER, known(witness, url))
        add_members(store, 5)
        size = seal(store)
        second = push(store, LEDGER, known(witness, url))
        third = push(store, LEDGER, known(witness, url))

    assert (second.size, second.at is not None, third.at) == (size, True, None)
    assert cosigned_by(store, first.size) == cosigned_by(store, size) == ["notary.example"]
    assert last_cosigned(store, LEDGER, "notary.example") == size


def test_both_databases_keep_what_a_witness_signed(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        witness = Witness.make(tmp_path / "notary", "notary.example")
        witness.trust(store.seals.vkey(LEDGER))
        sizes = []
        with answering(witness) as url:
            for count in (3, 4):
                add_members(store, count)
                sizes.append(seal(store))
                push(store, LEDGER, known(witness, url))

        assert [cosigned_by(store, size) for size in sizes] == [["notary.example"], ["notary.example"]]
        assert last_cosigned(store, LEDGER, "notary.example") == sizes[-1]


def test_a_receipt_carries_what_the_witness_signed(store: Store, witness: Witness) -> None:
    with answering(witness) as url:
        push(store, LEDGER, known(witness, url))

    receipt, record = store.seals.receipt(LEDGER, 2), store.seals.record(LEDGER, 2)

    proven = check_receipt(receipt, record, [store.seals.verifier(LEDGER), Verifier(witness.vkey)])
    assert list(proven.cosigned) == ["notary.example"]


def test_a_ledger_that_does_not_know_what_was_signed_is_told_and_goes_on_from_there(
    store: Store, witness: Witness
) -> None:
    # Given a witness that signed a checkpoint, whose cosignature never arrived,
    latest = store.seals.latest(LEDGER)
    assert latest is not None
    witness.add_checkpoint(0, [], latest.signed)
    add_members(store, 5)
    size = seal(store)

    with answering(witness) as url:
        assert push(store, LEDGER, known(witness, url)).size == size

    assert witness.findings() == []


def test_nothing_sealed_is_nothing_to_take(sqlite_path: Path, tmp_path: Path) -> None:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as store:
        open_ledger(store)
        with pytest.raises(NotFound, match="not_sealed_yet"):
            push(store, LEDGER, Known(witness_signer().verifier(), "http://127.0.0.1:9"))


# ---- alarms ----------------------------------------------------------------------------------------------------------


def test_an_old_backup_that_was_put_back_is_noticed(
    store: Store, witness: Witness, sqlite_path: Path, tmp_path: Path
) -> None:
    # Given a backup of the database, and a witness that has seen the ledger grow since,
    backup = tmp_path / "backup.db"
    with closing(sqlite3.connect(sqlite_path)) as live, closing(sqlite3.connect(backup)) as copy:
        live.backup(copy)
    early = seal(store)
    with answering(witness) as url:
        add_members(store, 5)
        late = seal(store)
        push(store, LEDGER, known(witness, url))

        # when the backup is put back, then the first visit says so, and the witness holds it for a suspicion.
        with store_at(f"sqlite:///{backup}", tmp_path) as restored, pytest.raises(Conflict) as caught:
            push(restored, LEDGER, known(witness, url))

    assert (caught.value.code, caught.value.details["signed"], caught.value.details["sealed"]) == (
        "witness_ahead", late, early,
    )  # fmt: skip
    assert [one.kind for one in witness.findings()] == ["older"]


def test_another_history_under_the_ledgers_own_key_is_refused_with_what_the_witness_told(
    store: Store, witness: Witness, tmp_path: Path
) -> None:
    # Given a witness that was shown another history, signed with the ledger's key,
    signer = Keys(tmp_path / "seal.key", "nuanlin", lambda: True).signer(LEDGER)
    other = Log(signer).grow_to(3)
    witness.add_checkpoint(0, [], other.note())

    with answering(witness) as url, pytest.raises(Refused) as caught:
        push(store, LEDGER, known(witness, url))

    assert (caught.value.code, caught.value.details["status"]) == ("witness_refused", 422)
    assert str(caught.value.details["told"]).startswith("bad_proof: ")
    assert [one.kind for one in witness.findings()] == ["forked"]
    assert last_cosigned(store, LEDGER, "notary.example") == 0


@pytest.mark.parametrize("who", ["another key of that name", "another name", "nobody", "noise", "another checkpoint"])
def test_an_answer_that_is_no_cosignature_of_this_checkpoint_is_not_kept(store: Store, who: str) -> None:
    signer = witness_signer()
    latest = store.seals.latest(LEDGER)
    assert latest is not None
    text = latest.signed.partition("\n\n")[0] + "\n"
    lines = {
        "another key of that name": witness_signer(seed=b"\x08").line(text, seconds=1),
        "another name": witness_signer("other.example").line(text, seconds=1),
        "nobody": "",
        "noise": "— notary.example ????\n",
        "another checkpoint": signer.line(text.replace(f"\n{latest.size}\n", "\n1\n"), seconds=1),
    }

    with (
        scripted(lambda *_: (200, lines[who].encode())) as url,
        pytest.raises(Refused, match="witness_answer_bad"),
    ):
        push(store, LEDGER, Known(signer.verifier(), url))

    assert cosigned_by(store, latest.size) == []


def test_the_line_of_a_known_key_is_found_among_those_of_others(store: Store) -> None:
    signer = witness_signer()

    def reply(_method: str, _path: str, body: bytes) -> Reply:
        text = body.decode().split("\n\n", 2)[1] + "\n"
        return 200, (witness_signer("other.example").line(text, seconds=1) + signer.line(text, seconds=2)).encode()

    with scripted(reply) as url:
        assert push(store, LEDGER, Known(signer.verifier(), url)).at == 2_000_000


@pytest.mark.parametrize("body", [b"", b"x\n", b"-1\n", b"0012\n", b"9" * 30])
def test_a_409_without_a_size_is_a_bad_answer(store: Store, body: bytes) -> None:
    with scripted(lambda *_: (409, body)) as url, pytest.raises(Refused, match="witness_answer_bad"):
        push(store, LEDGER, Known(witness_signer().verifier(), url))


def test_a_witness_that_always_says_409_is_not_asked_for_ever(store: Store) -> None:
    asked: list[bytes] = []

    def reply(_method: str, _path: str, body: bytes) -> Reply:
        asked.append(body)
        return 409, b"0\n"

    with scripted(reply) as url, pytest.raises(Refused, match="witness_refused"):
        push(store, LEDGER, Known(witness_signer().verifier(), url))
    assert len(asked) == 3


def test_a_witness_that_is_away_is_one_error_with_its_reason(store: Store) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(Unusable) as caught:
            push(store, LEDGER, Known(witness_signer().verifier(), url))
    assert (caught.value.code, caught.value.details["reason"]) == ("witness_unreachable", "ConnectionRefusedError")


# ---- in a thread of its own ------------------------------------------------------------------------------------------


def test_new_checkpoints_find_their_way_by_themselves(store: Store, witness: Witness) -> None:
    size = seal(store)
    with answering(witness) as url, Pushing(store, [known(witness, url)], look_seconds=0.05):
        wait_until(lambda: cosigned_by(store, size) == ["notary.example"])
        add_members(store, 5)
        later = seal(store)
        wait_until(lambda: cosigned_by(store, later) == ["notary.example"])


def test_a_witness_that_is_away_holds_up_nobody_and_is_visited_when_it_is_back(
    store: Store, witness: Witness, tmp_path: Path
) -> None:
    other = Witness.make(tmp_path / "university", "university.example")
    other.trust(store.seals.vkey(LEDGER))
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = int(place.getsockname()[1])
    size = seal(store)

    # Given a notary that is away and a university that is there, when checkpoints are taken,
    with capture_logs() as logged, answering(other) as there:
        witnesses = [known(witness, f"http://127.0.0.1:{port}"), known(other, there)]
        with Pushing(store, witnesses, look_seconds=0.05):
            wait_until(lambda: cosigned_by(store, size) == ["university.example"])
            wait_until(lambda: bool(logged))
            # then the notary gets them when it is back.
            with answering(witness, port=port):
                wait_until(lambda: cosigned_by(store, size) == ["notary.example", "university.example"])

    told = {(line["log_level"], line["event"], line["code"], line["witness"]) for line in logged}
    assert told == {("warning", "witness_push_failed", "witness_unreachable", "notary.example")}


def test_a_refusal_stands_in_the_log_with_its_code(store: Store, witness: Witness, tmp_path: Path) -> None:
    signer = Keys(tmp_path / "seal.key", "nuanlin", lambda: True).signer(LEDGER)
    witness.add_checkpoint(0, [], Log(signer).grow_to(3).note())

    with (
        capture_logs() as logged,
        answering(witness) as url,
        Pushing(store, [known(witness, url)], look_seconds=0.05),
    ):
        wait_until(lambda: any(line["event"] == "witness_push_failed" for line in logged))

    line = next(line for line in logged if line["event"] == "witness_push_failed")
    assert (line["log_level"], line["code"], line["status"], line["ledger"]) == (
        "error",
        "witness_refused",
        422,
        LEDGER,
    )


def test_failing_visits_become_rare(store: Store) -> None:
    asked: list[float] = []

    def reply(*_: object) -> Reply:
        asked.append(time.monotonic())
        return 500, b"out of order"

    with scripted(reply) as url, Pushing(store, [Known(witness_signer().verifier(), url)], look_seconds=0.05):
        time.sleep(1.2)

    # 0.05 s, then 0.1, 0.2, 0.4, 0.8 and so on, where 24 looks would fit.
    assert 2 <= len(asked) <= 6


def test_ending_waits_for_nobody_but_a_visit_under_way(store: Store) -> None:
    arrived, leave = threading.Event(), threading.Event()

    def reply(*_: object) -> Reply:
        arrived.set()
        leave.wait(10)
        return 500, b""

    with scripted(reply) as url:
        with Pushing(store, [Known(witness_signer().verifier(), url)], look_seconds=0.01):
            assert arrived.wait(10)
            threading.Timer(0.2, leave.set).start()
        assert leave.is_set()


# ---- brought back ----------------------------------------------------------------------------------------------------


def test_a_cosignature_that_is_brought_is_checked_and_kept(store: Store, witness: Witness) -> None:
    latest = store.seals.latest(LEDGER)
    assert latest is not None
    line = witness.add_checkpoint(0, [], latest.signed)

    kept = accept(store, LEDGER, (latest.signed + line).encode(), [Verifier(witness.vkey)])

    assert [(one.witness, one.size) for one in kept] == [("notary.example", latest.size)]
    assert cosigned_by(store, latest.size) == ["notary.example"]


def test_what_is_brought_must_be_a_checkpoint_of_this_ledger_and_a_known_witness(
    store: Store, witness: Witness, tmp_path: Path
) -> None:
    latest = store.seals.latest(LEDGER)
    assert latest is not None
    signer = Keys(tmp_path / "seal.key", "nuanlin", lambda: True).signer(LEDGER)
    verifiers = [Verifier(witness.vkey)]
    stranger = witness_signer("stranger.example")
    text = latest.signed.partition("\n\n")[0] + "\n"

    def code(note: str) -> str:
        with pytest.raises(NuanlinError) as caught:
            accept(store, LEDGER, note.encode(), verifiers)
        return caught.value.code

    assert code("nonsense") == "bad_note"
    assert code(Log().grow_to(3).note()) == "other_log"
    assert code(Log(signer).grow_to(2).note()) == "other_checkpoint"
    assert code(Log(signer).grow_to(latest.size).note()) == "other_checkpoint"
    assert code(latest.signed) == "no_known_witness"
    assert code(latest.signed + stranger.line(text, seconds=1)) == "no_known_witness"
    forged = Signer.from_seed("notary.example", b"\x01" * 32, WITNESS).line(text, seconds=1)
    assert code(latest.signed + forged) == "no_known_witness"
    genuine = witness.add_checkpoint(0, [], latest.signed)
    encoded = genuine.rpartition(" ")[2]
    assert code(latest.signed + genuine.replace(encoded, encoded[:40] + "AAAA" + encoded[44:])) == "bad_signature"
    assert cosigned_by(store, latest.size) == []


def test_a_witness_that_nobody_can_call_calls(store: Store, witness: Witness) -> None:
    # Given a server that knows the notary's key and no address, when the notary visits it twice while it grows,
    app = create_app(store)
    add_cosignatures(app, [Verifier(witness.vkey)])
    with serving(app) as address:
        first = visit(witness, f"{address}/api/v1/{LEDGER}")
        add_members(store, 5)
        size = seal(store)
        second = visit(witness, f"{address}/api/v1/{LEDGER}")

    # then both checkpoints are cosigned, and the ledger has it.
    assert (first.brought, second.brought, second.size) == (True, True, size)
    assert cosigned_by(store, first.size) == cosigned_by(store, size) == ["notary.example"]


def test_the_road_back_takes_nothing_else(store: Store, witness: Witness) -> None:
    app = create_app(store)
    add_cosignatures(app, [Verifier(witness.vkey)])
    latest = store.seals.latest(LEDGER)
    assert latest is not None
    with serving(app) as address:
        url = f"{address}/api/v1/{LEDGER}/cosignatures"
        statuses = [
            call("POST", url, latest.signed.encode()).status,
            call("POST", url, b"\xff\xfe").status,
            call("POST", f"{address}/api/v1/nowhere/cosignatures", latest.signed.encode()).status,
            call("GET", url).status,
        ]
        brought = call("POST", url, (latest.signed + witness.add_checkpoint(0, [], latest.signed)).encode())

    assert statuses == [422, 422, 404, 405]
    assert msgspec.json.decode(brought.body) == {"size": latest.size, "witnesses": ["notary.example"]}


# ---- visits to a log that does not keep faith ------------------------------------------------------------------------


@pytest.fixture
def notary(tmp_path: Path) -> Witness:
    """A notary that watches a log without a ledger."""
    made = Witness.make(tmp_path / "other notary", "notary.example", clock=Clock())
    made.trust(Log().signer.vkey)
    return made


def visited(notary: Witness, log: ShownLog) -> NuanlinError:
    """With which error a visit ends."""
    with scripted(log) as url, pytest.raises(NuanlinError) as caught:
        visit(notary, url)
    return caught.value


def test_a_visit_brings_back_what_was_signed(notary: Witness) -> None:
    log = ShownLog(Log().grow_to(9))
    with scripted(log) as url:
        visit(notary, url)
        log.shown.grow_to(30)
        came = visit(notary, url)

    last = notary.watched(ORIGIN).last
    assert last is not None
    assert (came.size, came.brought, log.brought[-1]) == (30, True, last.note)


def test_a_log_that_only_lags_is_told_from_one_that_was_put_back(notary: Witness) -> None:
    log = Log().grow_to(20)
    notary.add_checkpoint(0, [], log.note())
    behind = visited(notary, _Lagging(log, log.note(12)))

    assert (behind.code, behind.details["size"]) == ("ledger_behind", 12)
    assert [(one.kind, one.connected) for one in notary.findings()] == [("older", True)]

    put_back = visited(notary, ShownLog(Log(log.signer, log.leaves[:15])))
    assert put_back.code == "witness_at_other_size"
    assert [(one.kind, one.connected) for one in notary.findings()] == [("older", True), ("older", False)]


class _Lagging(ShownLog):
    """A log behind a cache: its checkpoint is an old one, its proofs are not."""

    def __init__(self, log: Log, note: str) -> None:
        super().__init__(log)
        self._note = note

    def __call__(self, method: str, path: str, body: bytes) -> Reply:
        """The old checkpoint, and everything else as it is."""
        return (200, self._note.encode()) if path == "/checkpoint" else super().__call__(method, path, body)


def test_a_log_that_shows_a_rewritten_history_convicts_itself(notary: Witness) -> None:
    log = Log().grow_to(11)
    notary.add_checkpoint(0, [], log.note())

    assert visited(notary, ShownLog(log.rewritten(3).grow_to(20))).details["reason"] == "forked"
    assert visited(notary, ShownLog(log.rewritten(4))).code == "two_roots"
    assert [one.kind for one in notary.findings()] == ["forked", "two_roots"]


def test_a_smaller_rewritten_history_is_convicted_by_the_proof_it_gives(notary: Witness) -> None:
    log = Log().grow_to(20)
    notary.add_checkpoint(0, [], log.note())
    smaller = sign_note(
        checkpoint_text(Checkpoint(ORIGIN, 11, root_of([*log.leaves[:10], leaf_hash(b"another")]))), log.signer
    )

    error = visited(notary, _Lagging(log, smaller))

    assert (error.code, error.details["reason"]) == ("bad_proof", "forked")
    assert [one.kind for one in notary.findings()] == ["older", "forked"]


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, b"", "ledger_answer_bad"),
        (500, b"", "ledger_answer_bad"),
        (200, b"<html>", "bad_note"),
        (302, b"/x", "ledger_answer_bad"),
    ],
)
def test_what_is_no_checkpoint_is_told_in_one_error(notary: Witness, status: int, body: bytes, code: str) -> None:
    with scripted(lambda *_: (status, body)) as url, pytest.raises(NuanlinError, match=code):
        visit(notary, url)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"proof": 3}', b'{"proof": ["x"]}', b'{"proof": [' + b'"AA==",' * 64 + b'"AA=="]}']
)
def test_a_proof_that_cannot_be_read_is_told_in_one_error(notary: Witness, body: bytes) -> None:
    log = Log().grow_to(20)
    notary.add_checkpoint(0, [], log.note(11))

    def reply(_method: str, path: str, _body: bytes) -> Reply:
        return 200, log.note().encode() if path == "/checkpoint" else body

    with scripted(reply) as url, pytest.raises(Refused, match="ledger_answer_bad"):
        visit(notary, url)
    assert notary.findings() == []


# ---- the setting -----------------------------------------------------------------------------------------------------


def test_the_setting_names_witnesses_by_line_or_comma_with_or_without_an_address() -> None:
    keys = [witness_signer(name).vkey for name in ("a.example", "b.example", "c.example")]

    found = witnesses_of(
        Settings(witnesses=f"{keys[0]} https://a.example/,\n {keys[1]}\n{keys[2]}  http://[::1]:8100/w\n")
    )

    assert [(one.name, one.url) for one in found] == [
        ("a.example", "https://a.example"), ("b.example", ""), ("c.example", "http://[::1]:8100/w"),
    ]  # fmt: skip
    assert witnesses_of(Settings()) == ()


@pytest.mark.parametrize(
    "entry",
    [
        "notary.example",
        Log().signer.vkey,
        f"{witness_signer().vkey} ftp://a.example",
        f"{witness_signer().vkey} http://user@a.example",
        f"{witness_signer().vkey} http://",
        f"{witness_signer().vkey} http://a.example:99999",
        f"{witness_signer().vkey} http://a.example/?x=1",
        f"{witness_signer().vkey},{witness_signer(seed=b'8').vkey}",
    ],
)
def test_a_setting_that_is_not_understood_is_refused(entry: str) -> None:
    with pytest.raises(Refused, match="bad_witness"):
        witnesses_of(Settings(witnesses=entry))

"""A witness over HTTP, as c2sp.org/tlog-witness has it, and what happens to callers who do not keep to it."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from api.outgoing import Answer, call
from api.witness import server as serving
from ledger.seal.comparing import compare
from ledger.seal.merkle import leaf_hash
from ledger.seal.notes import Signer, Verifier, checkpoint_of, open_note, to_base64
from ledger.seal.submission import LARGEST_BODY, read_proof, submission_text
from ledger.seal.witness import Witness
from tests.house.witnesses import answering
from tests.ledger.seal.logs import ORIGIN, Clock, Log


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """A notary that watches the log of 祥和."""
    made = Witness.make(tmp_path / "witness", "notary.example", clock=Clock())
    made.trust(Log().signer.vkey)
    return made


@pytest.fixture
def address(witness: Witness) -> Iterator[str]:
    """Where the notary answers."""
    with answering(witness) as url:
        yield url


def add(address: str, old_size: int, proof: list[bytes], note: str) -> Answer:
    """Bring a checkpoint."""
    return call("POST", f"{address}/add-checkpoint", submission_text(old_size, proof, note).encode())


def raw(address: str, sent: bytes, *, seconds: float = 20) -> bytes:
    """Everything that comes back for bytes on a bare connection, until the server hangs up."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=seconds) as connection:
        connection.sendall(sent)
        came = b""
        while part := connection.recv(65_536):
            came += part
        return came


def drip(connection: socket.socket, seconds: float) -> None:
    """Send a byte now and then, for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection.sendall(b"x")
        time.sleep(0.05)


# ---- the protocol ----------------------------------------------------------------------------------------------------


def test_a_log_is_taken_first_as_it_comes_and_then_as_it_grows(address: str, witness: Witness) -> None:
    log = Log().grow_to(40)

    answers = [
        add(address, old, log.proof(old, new), log.note(new)) for old, new in ((0, 7), (7, 8), (8, 40), (40, 40))
    ]

    assert [answer.status for answer in answers[:3]] == [200, 200, 200]
    for answer, size in zip(answers, (7, 8, 40), strict=False):
        assert open_note(log.note(size) + answer.body.decode(), [Verifier(witness.vkey)]).cosigned
    # From a size to itself nothing is to be proven, and a proof from 40 to 40 is empty.
    assert answers[3].status == 200


def test_who_believes_in_another_size_gets_409_with_the_right_one(address: str) -> None:
    log = Log().grow_to(9)
    add(address, 0, [], log.note(5))

    answer = add(address, 0, [], log.note())

    assert (answer.status, answer.headers["content-type"], answer.body) == (409, "text/x.tlog.size", b"5\n")


def test_a_history_rewritten_and_signed_again_is_refused_and_kept(address: str, witness: Witness) -> None:
    log = Log().grow_to(11)
    add(address, 0, [], log.note())
    rewritten = log.rewritten(3).grow_to(20)

    with capture_logs() as logged:
        answer = add(address, 11, rewritten.proof(11), rewritten.note())

    (found,) = witness.findings()
    assert (answer.status, answer.headers["nuanlin-evidence"]) == (422, found.id)
    assert answer.body.startswith(b"bad_proof: ")
    assert [(line["event"], line["evidence"]) for line in logged] == [("witness_turned_away", found.id)]
    # Whoever has the log's public key and these three files needs nobody's word.
    key = [Verifier(log.signer.vkey)]
    known, other = (
        checkpoint_of(open_note((found.folder / name).read_bytes(), key).text) for name in ("known.note", "other.note")
    )
    assert compare(known, other, read_proof((found.folder / "proof.txt").read_bytes())) == "forked"


def test_an_old_backup_gets_the_size_and_leaves_a_suspicion(address: str, witness: Witness) -> None:
    log = Log().grow_to(20)
    add(address, 0, [], log.note())

    answer = add(address, 12, [], log.note(12))

    (found,) = witness.findings()
    assert (answer.status, answer.body, answer.headers["nuanlin-evidence"]) == (409, b"20\n", found.id)
    assert not found.proven


def test_strangers_forgers_and_nonsense_have_their_numbers(address: str) -> None:
    log = Log().grow_to(4)
    stranger = Log(Signer.from_seed("nuanlin.example/elsewhere", b"\x03" * 32)).grow_to(4)
    forger = Log(Signer.from_seed(ORIGIN, b"\x04" * 32)).grow_to(4)

    assert add(address, 0, [], stranger.note()).status == 404
    assert add(address, 0, [], forger.note()).status == 403
    assert add(address, 5, [], log.note()).status == 400
    assert add(address, 0, [leaf_hash(b"too much")], log.note()).status == 422


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0",
        b"old 0\n\n",
        b"old 00\n\n" + Log().note().encode(),
        b"old 0\n" + Log().note().encode(),
        b"old 0\n\n" + Log().note().encode()[:-1],
        b"old 0\n\n" + Log().note().encode().replace(b"\n\n", b"\n", 1),
        b"old 0\n\n" + Log().note().encode().replace(b"xianghe", b"xiang\xffhe"),
        b"old 0\n\n" + Log().note().encode().replace(b"\n0\n", b"\n00\n"),
        b"old 0\n\n" + Log().note().encode().replace(b"=", b"", 1),
        b"old 0\n\n" + Log().note().encode() + b"\xe2\x80\x94 somebody\n",
        b"old 1\n" + f"{to_base64(bytes(32))}\n".encode() * 64 + b"\n" + Log().note().encode(),
        b"\x00" * 1000,
        b"old 0\n\n" + b"A" * 60_000,
    ],
)
def test_a_body_that_is_malformed_gets_400(address: str, body: bytes) -> None:
    answer = call("POST", f"{address}/add-checkpoint", body)

    # A text that was changed below a signature of the log is the one case that the specification calls forbidden.
    assert answer.status in (400, 403)
    assert answer.body.decode().partition(":")[0] in ("bad_submission", "bad_note", "bad_signature")


def test_the_reason_comes_in_the_callers_language(address: str) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("POST", "/add-checkpoint", b"", {"Accept-Language": "zh-CN"})
    assert connection.getresponse().read().decode().startswith("bad_submission: 送交见证方的内容")
    connection.close()


def test_several_requests_may_follow_each_other_on_one_connection(address: str) -> None:
    parts, log = urlsplit(address), Log().grow_to(9)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    statuses = []
    for old, new in ((0, 4), (3, 9), (4, 9)):
        connection.request("POST", "/add-checkpoint", submission_text(old, log.proof(old, new), log.note(new)).encode())
        answer = connection.getresponse()
        statuses.append(answer.status)
        answer.read()
    connection.close()

    assert statuses == [200, 409, 200]


def test_anybody_may_fetch_the_last_cosigned_checkpoint(address: str, witness: Witness) -> None:
    path = f"{address}/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert call("GET", path).status == 404
    log = Log().grow_to(6)
    line = add(address, 0, [], log.note()).body.decode()

    answer = call("GET", path)

    assert (answer.status, answer.body.decode()) == (200, log.note() + line)
    assert open_note(answer.body, [Verifier(log.signer.vkey), Verifier(witness.vkey)]).cosigned


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/add-checkpoint", 404),
        ("POST", "/", 404),
        ("GET", f"/{'0' * 64}/checkpoint", 404),
        ("GET", f"/{'0' * 63}/checkpoint", 404),
        ("PUT", "/add-checkpoint", 501),
    ],
)
def test_there_are_no_other_pages(address: str, method: str, path: str, status: int) -> None:
    answer = call(method, address + path, b"x" if method != "GET" else None)

    assert answer.status == status
    assert b"<" not in answer.body


def test_two_histories_at_once_are_one_cosignature(address: str, witness: Witness) -> None:
    logs = [Log().grow_to(5).grow_to(12, f"hours of history {number}") for number in range(2)]
    add(address, 0, [], logs[0].note(5))
    start, answers = threading.Barrier(2), [0, 0]

    def ask(number: int) -> None:
        start.wait()
        answers[number] = add(address, 5, logs[number].proof(5), logs[number].note()).status

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 409]
    assert [one.kind for one in witness.findings()] == ["two_roots"]


# ---- callers who use things up ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("", b"411"),
        ("Transfer-Encoding: chunked\r\n", b"411"),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"411"),
        ("Content-Length: 5\r\nContent-Length: 6\r\n", b"411"),
        ("Content-Length: -5\r\n", b"411"),
        ("Content-Length: 5, 5\r\n", b"411"),
        ("Content-Length: 99999999999999999999\r\n", b"411"),
        (f"Content-Length: {LARGEST_BODY + 1}\r\n", b"413"),
    ],
)
def test_a_body_whose_length_is_not_plainly_told_is_not_read(address: str, head: str, status: bytes) -> None:
    came = raw(address, f"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())

    assert came.split(b" ")[1] == status
    assert b"Connection: close" in came


def test_a_body_that_is_cut_is_told_so(address: str) -> None:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nold 0\n")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000).split(b" ")[1] == b"400"


def test_who_says_nothing_is_not_waited_for(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving._Handler, "timeout", 0.2)
    with answering(witness) as address:
        assert raw(address, b"POST /add-check") == b""


def test_who_sends_a_byte_now_and_then_is_not_waited_for_either(witness: Witness) -> None:
    with answering(witness, life_seconds=0.6) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
            began = time.monotonic()
            with pytest.raises(OSError, match=r"(?i)pipe|reset"):
                drip(connection, 10)
            assert time.monotonic() - began < 5


def test_callers_beyond_the_number_of_places_are_sent_away_and_the_others_served(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 2)
    with answering(witness) as address:
        parts = urlsplit(address)
        idle = [socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) for _ in range(2)]
        time.sleep(0.2)
        assert raw(address, b"").startswith(b"HTTP/1.1 503 ")
        for connection in idle:
            connection.close()
        time.sleep(0.2)
        assert add(address, 0, [], Log().grow_to(3).note()).status == 200


def test_it_ends_at_once_although_somebody_is_still_connected(witness: Witness) -> None:
    with answering(witness) as address:
        parts = urlsplit(address)
        idle = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)
        time.sleep(0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    idle.close()


def test_a_memory_that_cannot_be_used_is_503_and_nothing_is_signed(address: str, witness: Witness) -> None:
    (witness.folder / "witness.db").rename(witness.folder / "elsewhere.db")

    answer = add(address, 0, [], Log().grow_to(3).note())

    assert (answer.status, answer.body.partition(b":")[0]) == (503, b"witness_memory_missing")

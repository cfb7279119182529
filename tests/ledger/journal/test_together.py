"""Many writers at once: contiguous positions, one winner, and no harm to a neighbour in the same commit."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Sequence

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError

from ledger.journal.recorder import SqlRecorder
from ledger.journal.sql import Database
from ledger.journal.tables import metadata

WRITERS = 16
EACH = 40


def _open(url: str, ledger: str = "fangxing") -> SqlRecorder:
    return SqlRecorder(Database(url, pool_size=4), ledger)


def _together(work: Sequence[Callable[[], None]]) -> None:
    """Run all at once and raise the first failure."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        gate.wait()
        try:
            one()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _write_some(url: str, ledger: str, writer: int) -> None:
    recorder = _open(url, ledger)
    for turn in range(EACH):
        recorder.append([DCBEvent("test.wrote@1", f"{writer}:{turn}".encode(), [f"writer_{writer}"])])
    recorder.database.close()


def _positions(recorder: SqlRecorder) -> list[int]:
    return [one.position for one in recorder.read()]


def test_sixteen_threads_leave_no_gap(store_url: str) -> None:
    recorder = _open(store_url)
    metadata.create_all(recorder.database.engine)

    def write(writer: int) -> Callable[[], None]:
        def run() -> None:
            for turn in range(EACH):
                recorder.append([DCBEvent("test.wrote@1", f"{writer}:{turn}".encode(), [f"writer_{writer}"])])

        return run

    _together([write(writer) for writer in range(WRITERS)])

    assert _positions(recorder) == list(range(1, WRITERS * EACH + 1))
    recorder.database.close()


def test_sixteen_processes_leave_no_gap_and_ledgers_count_apart(store_url: str) -> None:
    recorder = _open(store_url)
    metadata.create_all(recorder.database.engine)
    recorder.database.close()
    context = multiprocessing.get_context("spawn")
    ledgers = ["fangxing" if writer % 2 else "xianghe" for writer in range(WRITERS)]
    writers = [
        context.Process(target=_write_some, args=(store_url, ledger, writer)) for writer, ledger in enumerate(ledgers)
    ]
    for process in writers:
        process.start()
    for process in writers:
        process.join()

    assert [process.exitcode for process in writers] == [0] * WRITERS
    for ledger in ("fangxing", "xianghe"):
        reader = _open(store_url, ledger)
        assert _positions(reader) == list(range(1, WRITERS // 2 * EACH + 1))
        reader.database.close()


def test_a_writer_keeps_its_own_order(store_url: str) -> None:
    recorder = _open(store_url)
    metadata.create_all(recorder.database.engine)

    def write(writer: int) -> Callable[[], None]:
        def run() -> None:
            for turn in range(EACH):
                recorder.append([DCBEvent("test.wrote@1", str(turn).encode(), [f"writer_{writer}"])])

        return run

    _together([write(writer) for writer in range(4)])

    for writer in range(4):
        found = recorder.read(DCBQuery([DCBQueryItem(tags=[f"writer_{writer}"])]))
        assert [int(one.event.data) for one in found] == list(range(EACH))
    recorder.database.close()


@pytest.mark.parametrize("by_tag_positions", [True, False], ids=["our form", "the library's form"])
def test_of_eight_racers_for_one_tag_exactly_one_wins_two_hundred_times(store_url: str, by_tag_positions: bool) -> None:
    from ledger.journal.committer import Append, Draft

    recorder = _open(store_url)
    metadata.create_all(recorder.database.engine)
    winners: list[int] = []

    def race(racer: int, tag: str) -> Callable[[], None]:
        def run() -> None:
            try:
                if by_tag_positions:
                    draft = Draft("test.claimed@1", str(racer).encode(), (tag,))
                    recorder.committer.submit(Append([draft], 1, unless=[(tag, 0)]))
                else:
                    query = DCBQuery([DCBQueryItem(tags=[tag])])
                    recorder.append([DCBEvent("test.claimed@1", str(racer).encode(), [tag])], DCBAppendCondition(query))
            except IntegrityError:
                return
            winners.append(racer)

        return run

    for round_number in range(200):
        tag = f"req_{round_number}"
        before = len(winners)
        _together([race(racer, tag) for racer in range(8)])
        stored = list(recorder.read(DCBQuery([DCBQueryItem(tags=[tag])])))
        assert len(winners) - before == 1
        assert [int(one.event.data) for one in stored] == winners[-1:]
    recorder.database.close()


def test_a_conflict_inside_a_group_commit_harms_no_neighbour(store_url: str) -> None:
    from ledger.journal.committer import Append, Committer, Draft

    recorder = _open(store_url)
    metadata.create_all(recorder.database.engine)
    recorder.append([DCBEvent("test.taken@1", b"first", ["req_1"])])
    batch = [
        Append([Draft("test.wrote@1", b"good before", ("a",))], 1),
        Append([Draft("test.taken@1", b"late", ("req_1",)), Draft("test.wrote@1", b"half", ("h",))], 1, [("req_1", 0)]),
        Append([Draft("test.wrote@1", b"good after", ("b",))], 1),
        Append([Draft("test.wrote@1", b"second b", ("b",))], 1, [("b", 1)]),
    ]
    committer: Committer = recorder.committer

    committer._commit(batch)  # one group, put together by hand so that it is sure to be one

    assert [append.position for append in batch] == [2, 0, 3, 0]
    assert [isinstance(append.error, IntegrityError) for append in batch] == [False, True, False, True]
    assert [bytes(one.event.data) for one in recorder.read()] == [b"first", b"good before", b"good after"]
    recorder.database.close()


def test_an_append_that_breaks_the_books_is_answered_alone(store_url: str) -> None:
    from ledger.journal.committer import Append, Draft
    from ledger.journal.recorded import Envelope
    from ledger.parties.facts import MemberLeft

    recorder = _open(store_url)
    metadata.create_all(recorder.database.engine)

    def book(_cursor: object, _ledger: str, events: Sequence[object], _continuous: bool) -> None:
        if any("bad" in one.tags for one in events):  # type: ignore[attr-defined]  # Recorded, seen as object here
            raise ValueError("the books refuse this one")

    recorder.committer.book = book
    envelope = Envelope(at=1, by="svc_operator", role="", behalf=None, key="", body="", salt=b"")

    def append(tag: str) -> Append:
        happened = MemberLeft(member_id=tag)
        name, data = recorder.codec.encode(envelope, happened)
        return Append([Draft(name, data, (tag,), envelope, happened)], 1)

    batch = [append("good"), append("bad"), append("fine")]

    recorder.committer._commit(batch)

    assert [one.error is None for one in batch] == [True, False, True]
    assert [one.event.tags for one in recorder.read()] == [["good"], ["fine"]]
    recorder.database.close()


def test_a_condition_sees_what_another_process_wrote(store_url: str) -> None:
    from ledger.journal.committer import Append, Draft

    ours = _open(store_url)
    metadata.create_all(ours.database.engine)
    ours.append([DCBEvent("test.wrote@1", b"", ["a"])])
    theirs = _open(store_url)
    theirs.append([DCBEvent("test.claimed@1", b"", ["req_1"])])

    with pytest.raises(IntegrityError):
        ours.committer.submit(Append([Draft("test.claimed@1", b"", ("req_1",))], 1, [("req_1", 1)]))

    assert ours.committer.submit(Append([Draft("test.claimed@1", b"", ("req_1",))], 1, [("req_1", 2)])) == 3
    ours.database.close()
    theirs.database.close()

"""What an adversary tried who holds the machine and its keys, and the crooked rows that must not end an audit early."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from api.settings import Settings
from api.store import Store
from ledger.actors import OPERATOR
from ledger.audit.auditing import audit
from ledger.audit.report import Report
from ledger.audit.sealed import Trust
from ledger.base import Fact, tags_of
from ledger.clock import MICROS_PER_DAY
from ledger.hours.commands import GiveHours, RecordSession, SessionWords
from ledger.hours.facts import HoursDonated, HoursGiven, SessionRejected
from ledger.journal.committer import Append, Draft
from ledger.journal.recorded import Envelope
from ledger.places.commands import OpenLedger
from ledger.policy.facts import PolicySet
from ledger.seal.merkle import SM3, Frontier
from ledger.seal.notes import WITNESS, Checkpoint, Signer, checkpoint_text, sign_note, to_base64
from projections.books.tables import accounts
from projections.differences import differences
from tests.cli import story
from tests.ledger.audit.live import LEDGER, audited, copy, found, head_of, make, open_store, tamper

WANG, LI, CLERK = story.WANG, story.LI, OPERATOR
LATER = story.NOON + 2 * MICROS_PER_DAY
SEALS = ("DELETE FROM seal_tiles", "DELETE FROM seal_checkpoints", "DELETE FROM followers WHERE name = 'seals'")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An honest community."""
    path = make(tmp_path_factory.mktemp("honest"))
    with open_store(path) as store:
        store.catch_up(LEDGER)
    return path


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    """A copy to do wrong with."""
    return copy(original, tmp_path / "copy")


def write(
    path: Path,
    *facts: Fact,
    by: str,
    role: str = "",
    at: int = LATER,
    books: bool = True,
    key: str = "",
    spelled: Callable[[bytes], bytes] = lambda data: data,
) -> int:
    """Write one story past all decisions, and seal it; gives its first position."""
    first = head_of(path) + 1
    with open_store(path) as store:
        key = key or store.vault.blind(LEDGER, "key", os.urandom(16))
        drafts = []
        for fact in facts:
            envelope = Envelope(at=at, by=by, role=role, behalf=None, key=key, body="", salt=os.urandom(16))
            name, data = store.codec.encode(envelope, fact)
            drafts.append(Draft(name, spelled(data), (*tags_of(fact), f"key_{key}"), envelope, fact))
        committer = store.application.desk(LEDGER).recorder.committer
        if not books:
            committer.book = None
        committer.submit(Append(drafts, at))
        store.sealer.catch_up(LEDGER, force_checkpoint=True)
    return first


# ---- a dishonest operator, sealed with the right key -------------------------------------------------------------------

SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "a field twice": lambda data: data.replace(b'"minutes":1', b'"minutes":999,"minutes":1'),
    "a field left out": lambda data: data.replace(b',"overflow":0', b""),
    "another escape": lambda data: data.replace(b'"minutes"', b'"m\\u0069nutes"'),
    "blanks": lambda data: data + b" ",
    "a member twice in the envelope": lambda data: data.replace(b'"by":', b'"by":"mem_li","by":'),
}


def left_out(data: bytes) -> bytes:
    """Without the field that is empty."""
    return data.replace(b',"words":""', b"")


@pytest.mark.parametrize("what", SPELLINGS)
@pytest.mark.parametrize("fact", [HoursGiven(giver=LI, receiver=WANG, minutes=1), HoursDonated(giver=LI, minutes=1)])
def test_bytes_that_others_may_read_otherwise_are_found(path: Path, what: str, fact: Fact) -> None:
    if what == "a field left out" and isinstance(fact, HoursDonated):
        at = write(path, fact, by=LI, spelled=left_out)
    else:
        at = write(path, fact, by=LI, spelled=SPELLINGS[what])
    assert found(audited(path)[0]) == {("schema", "other_spelling", at)}


def test_a_decision_by_the_rules_of_a_day_long_gone_is_found(path: Path) -> None:
    """Yesterday's looser rule would otherwise serve for ever: whoever writes the envelope chooses its day."""
    day = story.DAY.replace(day=25)
    write(
        path, PolicySet(name="hours.overdraft_minutes", value=60, from_day=story.DAY.replace(day=22)),
        by=CLERK, role="administrator", at=story.NOON + MICROS_PER_DAY,
    )  # fmt: skip
    write(
        path, PolicySet(name="hours.overdraft_minutes", value=0, from_day=day), by=CLERK, role="administrator", at=LATER
    )
    write(path, HoursDonated(giver=WANG, minutes=1), by=WANG, at=LATER + 30 * MICROS_PER_DAY)
    at = write(path, HoursDonated(giver=LI, minutes=41), by=LI, at=LATER)
    assert found(audited(path)[0]) == {("times", "decided_back", at)}


@pytest.mark.parametrize("fact", [HoursGiven(giver=LI, receiver=WANG, minutes=1), HoursDonated(giver=LI, minutes=1)])
def test_a_key_that_smuggles_an_event_under_somebody_elses_tag(path: Path, fact: Fact) -> None:
    at = write(path, fact, by=LI, key=f"x\n{story.TREASURER}")
    tamper(path, f"INSERT OR IGNORE INTO event_tags VALUES ('xianghe', '{story.TREASURER}', {at})")
    tamper(path, f"UPDATE event_tags SET tag = 'key_x' WHERE position = {at} AND tag LIKE 'key%'")
    assert found(audited(path)[0]) == {("tags", "tags_differ", at)}


def test_a_clock_that_was_set_right_by_some_hours_is_no_finding(path: Path) -> None:
    write(path, HoursGiven(giver=LI, receiver=WANG, minutes=1), by=LI, at=LATER)
    write(path, HoursGiven(giver=LI, receiver=WANG, minutes=1), by=LI, at=LATER - MICROS_PER_DAY // 2)
    assert audited(path)[0].ok


def test_a_reason_that_no_caller_could_have_given_is_found(path: Path) -> None:
    recorded = waiting_session(path)
    at = write(
        path,
        SessionRejected(
            session_id=recorded, volunteer=LI, day=story.DAY, last_day=story.DAY, reason="not_liked", verifier=CLERK
        ),
        by=CLERK,
        role="community_worker",
    )
    report, _ = audited(path)
    assert found(report) == {("rules", "rule_broken", at)}
    assert "ValidationError" in str(report.findings[0].figures["tried"])


def waiting_session(path: Path) -> str:
    """A session of 李师傅's that waits for a verifier."""
    command = RecordSession(volunteer=LI, day=story.DAY, minutes=30, words=SessionWords(activity="陪诊"))
    with story.opened(path, story.Clock(LATER)) as store:
        story.act(store, LI, command)
    return command.session_id


# ---- seals that were taken away ----------------------------------------------------------------------------------------


def pinned(path: Path) -> Report:
    """The audit of somebody who brought the published key."""
    with open_store(path) as store:
        trust = Trust([store.seals.verifier(LEDGER)], pinned=True)
        return audit(store.database, store.codec, LEDGER, trust)[0]


def test_whoever_brings_the_key_is_told_that_nothing_is_sealed(path: Path) -> None:
    assert pinned(path).ok
    tamper(path, *SEALS)
    assert found(pinned(path)) == {("checkpoints", "unsealed", 1)}
    assert audited(path)[0].ok, "a ledger that nobody seals has nothing to hide"


def test_a_checkpoint_that_was_taken_away(path: Path) -> None:
    tamper(path, "DELETE FROM seal_checkpoints WHERE size = (SELECT max(size) FROM seal_checkpoints)")
    assert {(one.check, one.code) for one in audited(path)[0].findings} == {("tiles", "sealed_differs")}


@pytest.mark.parametrize("lines", [("sm3 " + "A" * 43 + "=",), None], ids=["another root", "two roots"])
def test_a_second_root_that_is_not_that_of_the_events(path: Path, lines: tuple[str, ...] | None) -> None:
    with open_store(path) as store:
        known, stored = store.seals.verifier(LEDGER), store.seals.latest(LEDGER)
        signer = Signer.from_seed(known.name, bytes(32))
        assert stored is not None
        tree = Frontier(hashing=SM3)
        for position in range(1, stored.size + 1):
            tree.append(SM3.leaf(store.seals.record(LEDGER, position)))
    right = "sm3 " + to_base64(tree.root())
    for extensions, codes in (((right,), set()), (lines or (right, right), {"second_root_differs"})):
        note = sign_note(checkpoint_text(Checkpoint(signer.name, stored.size, stored.root, extensions)), signer)
        tamper(path, f"UPDATE seal_checkpoints SET note = ? WHERE size = {stored.size}", values=[note])
        report, _ = audited(path, logs=[known, signer.verifier()])
        assert {one.code for one in report.findings} == codes


def test_a_witness_that_is_named_must_have_cosigned(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    witness = Signer.from_seed("witness.example", bytes(32), WITNESS).vkey
    shell = story.Shell(path, capsys)
    answer = shell("audit", "verify", "--witness", witness, "--json")
    assert (answer.code, [one["check"] for one in answer.document["findings"]]) == (1, ["witnesses"])
    assert shell("audit", "verify", "--witness", witness, "--need-witnesses", "0", "--json").code == 0


def test_a_key_of_the_other_kind_is_a_wrong_use(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = story.Shell(path, capsys)
    witness = Signer.from_seed("witness.example", bytes(32), WITNESS).vkey
    log = Signer.from_seed("nuanlin/xianghe", bytes(32)).vkey
    assert shell("audit", "verify", "--key", witness).code == 2
    assert shell("audit", "verify", "--witness", log).code == 2


# ---- rows that nobody ever wrote ---------------------------------------------------------------------------------------

FAR = 2**63 - 1
CROOKED = {
    "a head far away": (f"UPDATE ledgers SET head = {FAR}", ("order", "missing")),
    "an event far away": (f"UPDATE events SET position = {FAR} WHERE position = 30", ("order", "missing")),
    "seals far away": (f"UPDATE followers SET position = {FAR} WHERE name = 'seals'", ("tiles", "seal_broken")),
    "an event before the first": (
        "INSERT INTO events SELECT ledger, -3, recorded_at, type, tags, data FROM events WHERE position = 5",
        ("order", "before_first"),
    ),
    "an index row at no position": (
        "INSERT INTO event_tags VALUES ('xianghe', 'mem_li', -3)", ("tag_index", "index_differs")
    ),
    "a tag as bytes": (
        "UPDATE event_tags SET tag = CAST(tag AS BLOB) WHERE position = 5", ("tag_index", "tag_missing")
    ),
    "data as text": ("UPDATE events SET data = CAST(data AS TEXT) WHERE position = 5", ("schema", "wrong_kind")),
    "tags as bytes": ("UPDATE events SET tags = CAST(tags AS BLOB) WHERE position = 5", ("schema", "wrong_kind")),
    "a type that is no UTF-8": (
        "UPDATE events SET type = CAST(x'ff' AS TEXT) WHERE position = 5", ("schema", "wrong_kind")
    ),
    "a time that is a word": ("UPDATE events SET recorded_at = 'x' WHERE position = 5", ("schema", "wrong_kind")),
    "a tile that is a word": ("UPDATE seal_tiles SET hashes = 'x'", ("schema", "wrong_kind")),
    "a root that is a word": ("UPDATE seal_checkpoints SET root = 'x'", ("schema", "wrong_kind")),
    "a cosignature in bytes": (
        "INSERT INTO seal_cosignatures SELECT ledger, size, 'w', x'ff', 1 FROM seal_checkpoints",
        ("schema", "wrong_kind"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CROOKED)
def test_a_crooked_row_is_named_and_ends_no_audit(path: Path, what: str) -> None:
    statement, expected = CROOKED[what]
    tamper(path, statement)
    assert expected in {(one.check, one.code) for one in audited(path)[0].findings}


ABSURD: dict[str, tuple[Fact, int]] = {
    "an overflow to nowhere": (HoursGiven(giver=LI, receiver=WANG, minutes=9, overflow=5, overflow_to="x"), LATER),
    "a moment outside the calendar": (HoursGiven(giver=LI, receiver=WANG, minutes=1), 2**62),
    "a rule that is no number": (
        PolicySet(name="hours.overdraft_minutes", value="much", from_day=date(2025, 1, 1)), LATER
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ABSURD)
def test_an_absurd_fact_is_named_and_ends_no_audit(path: Path, what: str) -> None:
    fact, moment = ABSURD[what]
    at = write(path, fact, by=LI, at=moment, books=False)
    write(path, HoursGiven(giver=LI, receiver=WANG, minutes=1), by=LI, at=max(moment, LATER), books=False)
    assert ("rules", "rule_broken", at) in found(audited(path)[0])


def test_a_row_of_the_books_that_stands_twice(path: Path) -> None:
    tamper(
        path,
        "CREATE TABLE twice AS SELECT * FROM postings",
        "INSERT INTO twice SELECT * FROM postings WHERE position = (SELECT max(position) FROM postings)",
        "DROP TABLE postings",
        "ALTER TABLE twice RENAME TO postings",
    )
    with open_store(path) as store:
        compared = differences(store.database, store.codec.decode, LEDGER)
    assert {(one.table, one.kind) for one in compared.differences} == {("postings", "extra")}


ACCOUNTS = ", ".join(column.name for column in accounts.c)


def test_a_number_that_became_a_fraction(path: Path) -> None:
    """1 and 1.0 are equal, and not the same."""
    tamper(
        path,
        "CREATE TABLE others AS SELECT * FROM accounts",
        "CREATE TABLE fractions AS SELECT * FROM accounts WHERE 0",
        "ALTER TABLE fractions DROP COLUMN balance",
        "ALTER TABLE fractions ADD COLUMN balance REAL",
        "DROP TABLE accounts",
        "ALTER TABLE fractions RENAME TO accounts",
        f"INSERT INTO accounts ({ACCOUNTS}) SELECT {ACCOUNTS} FROM others",
    )
    with open_store(path) as store:
        compared = differences(store.database, store.codec.decode, LEDGER)
    assert {(one.table, one.kind, one.column) for one in compared.differences} == {("accounts", "changed", "balance")}


def test_an_honest_ledger_is_honest_on_either_database(store_url: str, tmp_path: Path) -> None:
    clock = story.Clock(story.NOON)
    settings = Settings(
        database_url=store_url, ledger=LEDGER, seal_sm3=True, seal_key_file=tmp_path / "seal.key",
        vault_url=str(tmp_path / "vault.db"), vault_key_file=tmp_path / "vault.key",
    )  # fmt: skip
    with Store.open(settings, clock=clock) as store:
        story.act(store, CLERK, OpenLedger(name="祥和社区"), *story.people(), *story.deeds())
        clock.at += MICROS_PER_DAY
        story.act(store, LI, GiveHours(giver=LI, receiver=WANG, minutes=1))
        store.sealer.catch_up(LEDGER, force_checkpoint=True)
        story.act(store, LI, GiveHours(giver=LI, receiver=WANG, minutes=1))
        trust = Trust([store.seals.verifier(LEDGER)], pinned=True)
        report, _ = audit(store.database, store.codec, LEDGER, trust)
        assert report.findings == []
        store.catch_up(LEDGER)
        assert differences(store.database, store.codec.decode, LEDGER).differences == []

"""Receipts: they hold without us, for the record they are about and no other, and strange ones are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.store import Store
from ledger.clock import MICROS_PER_SECOND
from ledger.errors import NotFound, Refused
from ledger.seal.leaf import leaf_of
from ledger.seal.merkle import leaf_hash, prove_inclusion, root_of
from ledger.seal.notes import WITNESS, Checkpoint, Signer, checkpoint_text, sign_note, to_base64
from ledger.seal.receipts import check_receipt, read_receipt, receipt_text
from tests.house.stores import LEDGER, open_ledger, store_at
from tests.ledger.seal.sealed import Clock, add_events, head_of

LOG = Signer.from_seed("nuanlin/fangxing", bytes(32))
RECORDS = [leaf_of(number + 1, "hours.given@1", "mem_wang", b'{"salt":"%d"}' % number) for number in range(20)]
HASHES = [leaf_hash(one) for one in RECORDS]


def receipt_for(index: int, size: int = 20) -> str:
    """A receipt made by hand."""
    note = sign_note(checkpoint_text(Checkpoint(LOG.name, size, root_of(HASHES[:size]))), LOG)
    return receipt_text(index, prove_inclusion(index, HASHES[:size]), note)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


# ---- the format -----------------------------------------------------------------------------------------------------


def test_a_receipt_is_these_lines() -> None:
    note = sign_note(checkpoint_text(Checkpoint(LOG.name, 3, root_of(HASHES[:3]))), LOG)
    assert receipt_for(1, 3) == (
        f"c2sp.org/tlog-proof@v1\nindex 1\n{to_base64(HASHES[0])}\n{to_base64(HASHES[2])}\n\n{note}"
    )


def test_the_receipt_of_a_ledgers_only_record_has_no_hashes() -> None:
    assert read_receipt(receipt_for(0, 1)).proof == ()
    assert check_receipt(receipt_for(0, 1), RECORDS[0], [LOG.verifier()]).leaf.position == 1


def test_extra_data_are_passed_over() -> None:
    text = receipt_for(4).replace("\nindex", "\nextra QQ==\nindex")
    assert check_receipt(text, RECORDS[4], [LOG.verifier()]).leaf.data == b'{"salt":"4"}'


@given(st.integers(1, 20), st.data())
def test_every_receipt_holds_and_says_what_it_is_about(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proven = check_receipt(receipt_for(index, size).encode(), RECORDS[index], [LOG.verifier()])
    assert (proven.leaf.position, proven.checkpoint.size, proven.cosigned) == (index + 1, size, {})


@given(st.integers(0, 19), st.integers(0, 19))
def test_a_receipt_holds_for_no_other_record(index: int, other: int) -> None:
    if index != other:
        with pytest.raises(Refused) as refused:
            check_receipt(receipt_for(index), RECORDS[other], [LOG.verifier()])
        assert code_of(refused) == "bad_proof"


@given(st.data())
def test_a_receipt_that_was_touched_is_refused(data: st.DataObject) -> None:
    text = receipt_for(13).encode()
    at, bit = data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(0, 7))
    with pytest.raises(Refused) as refused:
        check_receipt(text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :], RECORDS[13], [LOG.verifier()])
    assert code_of(refused) in ("bad_receipt", "bad_note", "bad_signature", "bad_proof")


@given(st.integers(0, 600))
def test_a_receipt_that_was_cut_is_refused(length: int) -> None:
    text = receipt_for(13)
    with pytest.raises(Refused):
        check_receipt(text[: min(length, len(text) - 1)], RECORDS[13], [LOG.verifier()])


def test_a_record_that_was_touched_does_not_belong_to_the_receipt() -> None:
    with pytest.raises(Refused) as refused:
        check_receipt(receipt_for(3), RECORDS[3] + b" ", [LOG.verifier()])
    assert code_of(refused) == "bad_proof"


def test_a_record_under_another_position_is_refused() -> None:
    # Given a leaf at index 0 that says it is position 2: no journal of ours ever holds one.
    leaf = leaf_of(2, "hours.given@1", "", b"")
    note = sign_note(checkpoint_text(Checkpoint(LOG.name, 1, leaf_hash(leaf))), LOG)
    with pytest.raises(Refused) as refused:
        check_receipt(receipt_text(0, [], note), leaf, [LOG.verifier()])
    assert (code_of(refused), refused.value.details["reason"]) == ("bad_proof", "index")


def test_a_log_speaks_only_for_itself() -> None:
    # Given the checkpoint of another origin, signed with the key of ours, then it is not believed.
    note = sign_note(checkpoint_text(Checkpoint("nuanlin/lvyun", 20, root_of(HASHES))), LOG)
    with pytest.raises(Refused) as refused:
        check_receipt(receipt_text(3, prove_inclusion(3, HASHES), note), RECORDS[3], [LOG.verifier()])
    assert code_of(refused) == "bad_signature"


HASH = to_base64(HASHES[0])
NOTE = receipt_for(0, 1).partition("\n\n")[2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "form"),
        ("c2sp.org/tlog-proof@v1", "form"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}", "form"),
        (f" c2sp.org/tlog-proof@v1\nindex 0\n\n{NOTE}", "form"),
        (f"c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n{NOTE}", "form"),
        (f"c2sp.org/tlog-proof@v1\n\n{NOTE}", "form"),
        (f"c2sp.org/tlog-proof@v1\n{HASH}\n\n{NOTE}", "form"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\nextra QQ==\n\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v1\nextra QQ\nindex 0\n\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v1\nindex -1\n\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v1\nindex 00\n\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v1\nindex  0\n\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v1\nindex {'9' * 5000}\n\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{HASH[:-1]}\n\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{HASH} \n\n{NOTE}", "base64"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{HASH[:-4]}\n\n{NOTE}", "hashes"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{(HASH + chr(10)) * 64}\n{NOTE}", "hashes"),
        (f"c2sp.org/tlog-proof@v1\nindex 0\n{(HASH + chr(10)) * 5000}\n{NOTE}", "size"),
        (b"c2sp.org/tlog-proof@v1\nindex 0\n\n\xff", "utf8"),
        ("\ud800", "utf8"),
    ],
)
def test_what_is_no_receipt_is_refused_with_its_reason(text: str | bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        check_receipt(text, RECORDS[0], [LOG.verifier()])
    assert (code_of(refused), refused.value.details["reason"]) == ("bad_receipt", reason)


# ---- the ledger's receipts ------------------------------------------------------------------------------------------

EYES = Signer.from_seed("witness.example", bytes(range(32)), WITNESS)


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with store_at(store_url, tmp_path, Clock()) as opened:
        open_ledger(opened)
        add_events(opened, 300)
        yield opened


def cosign(store: Store, size: int, seconds: int) -> None:
    found = store.seals.at_size(LEDGER, size)
    assert found is not None
    text = found.signed.rpartition("\n\n")[0] + "\n"
    assert (
        store.seals.cosign(LEDGER, size, EYES.line(text, seconds=seconds), EYES.verifier())
        == seconds * MICROS_PER_SECOND
    )


def test_every_record_of_a_ledger_has_a_receipt_that_holds(store: Store) -> None:
    store.sealer.catch_up(force_checkpoint=True)
    for position in (1, 2, 255, 256, 257, head_of(store)):
        receipt, record = store.seals.receipt(LEDGER, position), store.seals.record(LEDGER, position)
        assert check_receipt(receipt, record, [store.seals.verifier(LEDGER)]).leaf.position == position


def test_a_record_that_is_not_sealed_yet_has_none(store: Store) -> None:
    with pytest.raises(NotFound) as missing:
        store.seals.receipt(LEDGER, 1)
    assert missing.value.code == "not_sealed_yet"
    store.sealer.catch_up(force_checkpoint=True)
    add_events(store, 1)
    with pytest.raises(NotFound) as missing:
        store.seals.receipt(LEDGER, head_of(store))
    assert missing.value.code == "not_sealed_yet"


@pytest.mark.parametrize("position", [0, -1, 10**6, 2**62])
def test_a_position_that_does_not_exist_has_none(store: Store, position: int) -> None:
    store.sealer.catch_up(force_checkpoint=True)
    for ask in (store.seals.receipt, store.seals.record):
        with pytest.raises(NotFound) as missing:
            ask(LEDGER, position)
        assert missing.value.code == "no_such_position"


def test_a_receipt_speaks_of_the_last_checkpoint_that_was_cosigned_where_it_covers_the_record(store: Store) -> None:
    sizes: list[int] = []
    for _ in range(3):
        add_events(store, 10)
        store.sealer.catch_up(force_checkpoint=True)
        sizes.append(head_of(store))
    cosign(store, sizes[1], 1_700_000_000)

    old = check_receipt(
        store.seals.receipt(LEDGER, 5), store.seals.record(LEDGER, 5), [store.seals.verifier(LEDGER), EYES.verifier()]
    )
    new = read_receipt(store.seals.receipt(LEDGER, sizes[2]))

    assert (old.checkpoint.size, old.cosigned) == (sizes[1], {"witness.example": 1_700_000_000})
    assert f"\n{sizes[2]}\n" in new.note


def test_a_cosignature_is_kept_once_it_is_checked_and_a_later_one_replaces_it(store: Store) -> None:
    store.sealer.catch_up(force_checkpoint=True)
    size = head_of(store)
    cosign(store, size, 1_700_000_000)
    cosign(store, size, 1_700_000_100)
    found = store.seals.latest(LEDGER)
    assert found is not None
    assert [(one.witness, one.at) for one in found.cosignatures] == [
        ("witness.example", 1_700_000_100 * MICROS_PER_SECOND)
    ]
    assert found.note == found.signed + found.cosignatures[0].line

    for line, witness in (
        (EYES.line("another\n", seconds=1), EYES.verifier()),
        (EYES.line("another\n", seconds=1), LOG.verifier()),
        (LOG.line("another\n"), EYES.verifier()),
    ):
        with pytest.raises(Refused) as refused:
            store.seals.cosign(LEDGER, size, line, witness)
        assert code_of(refused) == "bad_signature"
    with pytest.raises(NotFound):
        store.seals.cosign(LEDGER, size + 1, EYES.line("another\n", seconds=1), EYES.verifier())


def test_proofs_are_given_only_for_what_is_sealed(store: Store) -> None:
    store.sealer.catch_up(force_checkpoint=True)
    size = head_of(store)
    assert store.seals.consistency_proof(LEDGER, 0, size) == store.seals.consistency_proof(LEDGER, size, size) == []
    with pytest.raises(Refused):
        store.seals.consistency_proof(LEDGER, 5, 4)
    with pytest.raises(Refused):
        store.seals.consistency_proof(LEDGER, -1, 4)
    for ask in (
        lambda: store.seals.consistency_proof(LEDGER, 5, size + 1),
        lambda: store.seals.inclusion_proof(LEDGER, size, size),
        lambda: store.seals.inclusion_proof(LEDGER, 0, size + 1),
        lambda: store.seals.root_at(LEDGER, size + 1),
        lambda: store.seals.root_at("nowhere", 0),
    ):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(NotFound):
        store.seals.tile(LEDGER, 0, 1, 256)

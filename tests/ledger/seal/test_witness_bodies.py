"""What may arrive at a witness: bodies as the specification has them, and everything else, told apart at the first byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ledger.errors import NuanlinError, Refused
from ledger.seal.merkle import leaf_hash
from ledger.seal.notes import to_base64
from ledger.seal.submission import (
    LARGEST_BODY,
    MOST_HASHES,
    is_submission,
    proof_text,
    read_proof,
    read_submission,
    submission_text,
)
from tests.ledger.seal.logs import Log

HASH = to_base64(leaf_hash(b"a"))
NOTE = Log().grow_to(3).note()


@given(some.integers(0, 2**63 - 1), some.lists(some.binary(min_size=32, max_size=32), max_size=MOST_HASHES))
def test_what_is_written_is_read_back(old_size: int, proof: list[bytes]) -> None:
    read = read_submission(submission_text(old_size, proof, NOTE).encode())

    assert read == (old_size, tuple(proof), NOTE.encode())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "form"),
        ("old 0\n", "form"),
        (f"old 0\n{HASH}\n", "form"),
        (f"{HASH}\n\n{NOTE}", "old_size"),
        (f"\n\n{NOTE}", "hash"),
        (f"old 00\n\n{NOTE}", "old_size"),
        (f"old 01\n\n{NOTE}", "old_size"),
        (f"old -1\n\n{NOTE}", "old_size"),
        (f"old +1\n\n{NOTE}", "old_size"),
        (f"old  1\n\n{NOTE}", "old_size"),
        (f"old 1 \n\n{NOTE}", "old_size"),
        (f"old \n\n{NOTE}", "old_size"),
        (f"old 1_0\n\n{NOTE}", "old_size"),
        (f"old ٣\n\n{NOTE}", "ascii"),
        (f"old 9223372036854775808\n\n{NOTE}", "old_size"),
        (f"old {'9' * 5000}\n\n{NOTE}", "old_size"),
        (f"Old 1\n\n{NOTE}", "base64"),
        (f"old 1\r\n{HASH}\r\n\n{NOTE}", "old_size"),
        (f"old 1\n{HASH} \n\n{NOTE}", "base64"),
        (f"old 1\n{HASH[:-1]}\n\n{NOTE}", "base64"),
        (f"old 1\n{HASH[:-2]}B=\n\n{NOTE}", "base64"),
        (f"old 1\n{HASH.replace('=', '')}\n\n{NOTE}", "base64"),
        (f"old 1\n{to_base64(b'x' * 31)}\n\n{NOTE}", "hash"),
        (f"old 1\n{to_base64(b'x' * 33)}\n\n{NOTE}", "hash"),
        (f"old 1\n{to_base64(b'')}x\n\n{NOTE}", "base64"),
        ("old 1\n" + f"{HASH}\n" * (MOST_HASHES + 1) + f"\n{NOTE}", "proof_length"),
        ("old 1\n\n" + "x" * LARGEST_BODY, "size"),
    ],
)
def test_anything_else_is_refused_with_its_reason(body: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_submission(body.encode())

    assert (caught.value.code, caught.value.details["reason"]) == ("bad_submission", reason)


@given(some.binary(max_size=300))
def test_no_bytes_at_all_do_more_than_be_refused(content: bytes) -> None:
    for body in (content, b"old 0\n" + content, b"old 0\n\n" + content):
        try:
            read_submission(body)
        except NuanlinError as error:
            assert error.code == "bad_submission"


def test_a_proof_travels_alone_or_at_the_head_of_a_submission() -> None:
    proof = [leaf_hash(b"a"), leaf_hash(b"b")]

    assert read_proof(proof_text(proof).encode()) == tuple(proof)
    assert read_proof(submission_text(7, proof, NOTE).encode()) == tuple(proof)
    # As `nuanlin seal proof` prints it: sizes and roots, an empty line, the hashes.
    roots = f"7 {HASH}\n20 {HASH}\n\n"
    assert read_proof((roots + proof_text(proof)).encode()) == tuple(proof)
    assert read_proof(f"{roots}\n".encode()) == ()
    assert read_proof(b"old 7\n") == read_proof(b"") == ()
    assert is_submission(submission_text(7, proof, NOTE).encode())
    assert not is_submission(NOTE.encode())

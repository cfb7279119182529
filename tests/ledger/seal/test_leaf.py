"""The leaf: its exact bytes for ever, and no two events with the same ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Refused
from ledger.seal.leaf import Leaf, leaf_of, read_leaf, whole_number
from ledger.seal.merkle import leaf_hash

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def test_version_one_is_these_bytes() -> None:
    leaf = leaf_of(7, "hours.given@1", "mem_wang\nmem_li", b'{"at":1}')
    assert leaf == b'nuanlin/leaf/1\n7\nhours.given@1\n15\nmem_wang\nmem_li\n{"at":1}'
    assert leaf_hash(leaf).hex() == "93381f21a3847e6e5784bc9c7d8e33faed1f11b471b7385549d124a69021e177"


def test_the_length_of_tags_is_counted_in_bytes() -> None:
    assert leaf_of(1, "a@1", "王", b"") == "nuanlin/leaf/1\n1\na@1\n3\n王\n".encode()


@given(st.integers(1, 2**63 - 1), st.from_regex(r"[a-z_.]+@[0-9]+", fullmatch=True), TEXTS, st.binary())
def test_a_leaf_reads_back_as_what_it_was_made_of(position: int, kind: str, tags: str, data: bytes) -> None:
    assert read_leaf(leaf_of(position, kind, tags, data)) == Leaf(position, kind, tags, data)


@given(st.tuples(TEXTS, st.binary()), st.tuples(TEXTS, st.binary()))
def test_two_events_never_have_the_same_leaf(one: tuple[str, bytes], other: tuple[str, bytes]) -> None:
    leaves = [leaf_of(1, "a@1", tags, data) for tags, data in (one, other)]
    assert (leaves[0] == leaves[1]) == (one == other)


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"nuanlin/leaf/1",
        b"nuanlin/leaf/2\n1\na@1\n0\n\n",
        b"nuanlin/leaf/1\n0\na@1\n0\n\n",
        b"nuanlin/leaf/1\n01\na@1\n0\n\n",
        b"nuanlin/leaf/1\n+1\na@1\n0\n\n",
        b"nuanlin/leaf/1\n1\na@1\n1\n\n",
        b"nuanlin/leaf/1\n1\na@1\n-1\n\n",
        b"nuanlin/leaf/1\n1\na@1\n99999999999999999999\n\n",
        b"nuanlin/leaf/1\n1\na@1\n2\n\xff\xff\n",
        b"nuanlin/leaf/1\n1\n\xff\n0\n\n",
        b"nuanlin/leaf/1\n" + b"9" * 5_000 + b"\na@1\n0\n\n",
        b"nuanlin/leaf/1\n1\na@1\n0\n\n" + bytes(16 * 1024 * 1024),
    ],
)
def test_what_is_no_leaf_is_refused(leaf: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_leaf(leaf)
    assert refused.value.code == "bad_leaf"


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "01", " 1", "1 ", "1\n", "\u0661", "1e3", "9223372036854775808", "9" * 20]
)
def test_a_number_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        whole_number(text)


def test_the_largest_number_is_that_of_eight_signed_bytes() -> None:
    assert [whole_number(one) for one in ("0", "7", "9223372036854775807")] == [0, 7, 2**63 - 1]

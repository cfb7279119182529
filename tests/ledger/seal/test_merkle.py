"""The tree: known vectors, two other implementations, and laws for any size; a proof that was touched is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from ledger.errors import Refused
from ledger.seal.merkle import (
    EMPTY_ROOT,
    HASHINGS,
    SM3,
    Frontier,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
)
from tests.ledger.seal import reference

ENTRIES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The eight leaves that the tests of Certificate Transparency share among languages; so are roots and proofs below."""
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [
    (0, 1, []),
    (0, 8, [A, B, C]),
    (5, 8, [D, E, ROOTS[3]]),
    (2, 3, [ROOTS[1]]),
    (1, 5, [ROOTS[0], B, D]),
]
CONSISTENCY = [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[3]]), (2, 5, [B, D])]

LEAVES = [leaf_hash(one) for one in ENTRIES]


def hexed(proof: list[bytes]) -> list[str]:
    return [one.hex() for one in proof]


def hashes_of(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


def entries_of(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([]) == EMPTY_ROOT == Frontier().root()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_well_known_tree_has_its_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_the_well_known_tree_has_its_inclusion_proofs(index: int, size: int, proof: list[str]) -> None:
    assert hexed(prove_inclusion(index, LEAVES[:size])) == proof
    check_inclusion(index, size, LEAVES[index], list(map(bytes.fromhex, proof)), bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCY)
def test_the_well_known_tree_has_its_consistency_proofs(old: int, new: int, proof: list[str]) -> None:
    assert hexed(prove_consistency(old, LEAVES[:new])) == proof
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in (old, new)]
    check_consistency(old, roots[0], new, roots[1], list(map(bytes.fromhex, proof)))


def test_sm3_gives_its_standards_example() -> None:
    # GB/T 32905-2016, appendix A.1.
    assert SM3.digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert SM3.empty == HASHINGS["sm3"].digest(b"")


def test_every_root_and_proof_is_that_of_another_implementation() -> None:
    other = InmemoryTree(algorithm="sha256")
    for size in range(1, 70):
        other.append_entry(b"%d" % (size - 1))
        assert other.get_root(size) == root_of(hashes_of(size))
    for index in range(69):
        # Theirs begins with the leaf itself, and counts from one.
        theirs = other.prove_inclusion(index + 1, 69).serialize()["path"]
        assert theirs[1:] == hexed(prove_inclusion(index, hashes_of(69)))


@given(st.integers(0, 300), st.data())
def test_proofs_are_those_of_the_standard_word_for_word_and_hold(size: int, data: st.DataObject) -> None:
    entries, leaves = entries_of(size), hashes_of(size)
    root = root_of(leaves)
    assert root == reference.mth(entries)
    old = data.draw(st.integers(0, size))
    consistency = prove_consistency(old, leaves)
    assert consistency == reference.proof(old, entries)
    check_consistency(old, root_of(leaves[:old]), size, root, consistency)
    if size:
        index = data.draw(st.integers(0, size - 1))
        inclusion = prove_inclusion(index, leaves)
        assert inclusion == reference.path(index, entries)
        check_inclusion(index, size, leaves[index], inclusion, root)


@given(st.integers(0, 600), st.lists(st.integers(0, 300), max_size=6))
def test_a_frontier_is_the_same_however_the_leaves_come(first: int, pieces: list[int]) -> None:
    leaves = hashes_of(first + sum(pieces))
    frontier = Frontier()
    for leaf in leaves[:first]:
        frontier.append(leaf)
    at = first
    for piece in pieces:
        frontier.extend(leaves[at : at + piece])
        at += piece
    assert (frontier.size, frontier.root()) == (len(leaves), reference.mth(entries_of(len(leaves))))
    assert Frontier(frontier.size, frontier.peaks).root() == frontier.root()


@given(st.integers(0, 100))
def test_an_sm3_tree_is_the_same_tree_by_another_hash(size: int) -> None:
    def sm3(data: bytes) -> bytes:
        digest = hashes.Hash(hashes.SM3())
        digest.update(data)
        return digest.finalize()

    entries = entries_of(size)
    assert root_of([SM3.leaf(one) for one in entries], SM3) == reference.mth(entries, sm3)


# ---- what is refused ----------------------------------------------------------------------------------------------


def damaged(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    """The proof with one bit turned, one hash left out, doubled, moved or added."""
    kind = data.draw(st.sampled_from(["bit", "cut", "more", "short", "swap"] if len(proof) > 1 else ["more"]))
    at = data.draw(st.integers(0, max(len(proof) - 1, 0)))
    changed = list(proof)
    if kind == "bit":
        bit = data.draw(st.integers(0, 255))
        changed[at] = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
    elif kind == "cut":
        del changed[at]
    elif kind == "short":
        changed[at] = changed[at][:-1]
    elif kind == "swap":
        changed[at], changed[at - 1] = changed[at - 1], changed[at]
    else:
        changed.insert(at, data.draw(st.sampled_from([bytes(32), *proof])))
    return changed


@given(st.integers(2, 300), st.data())
def test_a_proof_that_was_touched_is_refused(size: int, data: st.DataObject) -> None:
    leaves = hashes_of(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    root, old_root = root_of(leaves), root_of(leaves[:old])
    with pytest.raises(Refused) as refused:
        check_inclusion(index, size, leaves[index], damaged(prove_inclusion(index, leaves), data), root)
    assert refused.value.code == "bad_proof"
    with pytest.raises(Refused) as refused:
        check_consistency(old, old_root, size, root, damaged(prove_consistency(old, leaves), data))
    assert refused.value.code == "bad_proof"


@given(st.integers(2, 300), st.data())
def test_a_proof_does_not_hold_for_another_leaf_index_or_root(size: int, data: st.DataObject) -> None:
    leaves = hashes_of(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    other = data.draw(st.integers(-1, size).filter(lambda one: one != index))
    root, proof, more = root_of(leaves), prove_inclusion(index, leaves), prove_consistency(old, leaves)
    wrongs: list[Callable[[], None]] = [
        lambda: check_inclusion(other, size, leaves[index], proof, root),
        lambda: check_inclusion(index, size, leaf_hash(b"other"), proof, root),
        lambda: check_inclusion(index, size, leaves[index], proof, leaf_hash(b"other")),
        lambda: check_consistency(old, leaf_hash(b"other"), size, root, more),
        lambda: check_consistency(old, root_of(leaves[:old]), size, leaf_hash(b"other"), more),
        lambda: check_consistency(old, root, size, root_of(leaves[:old]), more),
        lambda: check_consistency(size, root, old, root_of(leaves[:old]), more),
    ]
    for wrong in wrongs:
        with pytest.raises(Refused) as refused:
            wrong()
        assert refused.value.code == "bad_proof"


def test_a_proof_from_a_tree_to_itself_or_from_the_empty_tree_is_empty() -> None:
    root = root_of(LEAVES)
    check_consistency(8, root, 8, root, [])
    check_consistency(0, EMPTY_ROOT, 8, root, [])
    for old, old_root, proof in ((8, root, [root]), (8, EMPTY_ROOT, []), (0, EMPTY_ROOT, [root]), (0, root, [])):
        with pytest.raises(Refused):
            check_consistency(old, old_root, 8, root, proof)


def test_a_node_does_not_pass_for_a_leaf() -> None:
    # Given a tree of two leaves, when its root's two children are offered as one leaf, then the proof does not hold.
    left, right = LEAVES[:2]
    root = node_hash(left, right)
    with pytest.raises(Refused):
        check_inclusion(0, 1, leaf_hash(left + right), [], root)


def test_a_proof_as_long_as_an_attacker_likes_ends_at_once() -> None:
    with pytest.raises(Refused):
        check_inclusion(0, 8, LEAVES[0], [bytes(32)] * 100_000, root_of(LEAVES))
    with pytest.raises(Refused):
        check_consistency(3, root_of(LEAVES[:3]), 8, root_of(LEAVES), [bytes(32)] * 100_000)

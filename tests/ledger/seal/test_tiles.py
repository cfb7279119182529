"""Tiles: the paths and widths of the specification, and from them every root and proof of the tree at any size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import NotFound, Unusable
from ledger.journal.rows import replace_rows
from ledger.journal.sql import Database
from ledger.journal.tables import metadata
from ledger.seal.merkle import SHA256, leaf_hash, prove_consistency, prove_inclusion, root_of
from ledger.seal.tables import seal_tiles
from ledger.seal.tiles import WIDTH, Edge, Tile, Tiles, read_tile_path, tile_path, tiles_of

SIZE = 70_000
LEAVES = [leaf_hash(b"%d" % number) for number in range(SIZE)]
SIZES = st.one_of(st.integers(0, 1_100), st.integers(0, SIZE), st.sampled_from([255, 256, 257, 65_535, 65_536, 65_537]))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the tiles of 70,000 leaves, written in pieces of odd sizes."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('tiles') / 'tiles.db'}")
    metadata.create_all(database.engine, tables=[seal_tiles])
    edge, at = Edge(0, {}), 0
    for piece in (1, 254, 1, 1, 700, 43, 64_000, 4_000, SIZE):
        edge, changed = edge.extended(LEAVES[at : at + piece])
        at = edge.size
        with database.writing() as cursor:
            rows = [("x", "sha256", *place, raw) for place, raw in sorted(changed.items())]
            replace_rows(database, cursor, seal_tiles, rows)
    assert (at, edge.root()) == (SIZE, root_of(LEAVES))
    yield database
    database.close()


def test_the_specifications_tree_of_70_000_has_its_tiles(tree: Database) -> None:
    assert tiles_of(SIZE) == [((0, 273), 112), ((1, 1), 17), ((2, 0), 1)]
    with tree.reading() as cursor:
        cursor.execute("SELECT level, number, LENGTH(hashes) FROM seal_tiles ORDER BY level, number")
        rows = cursor.fetchall()
    full = [(0, number, WIDTH * 32) for number in range(273)]
    assert rows == [*full, (0, 273, 112 * 32), (1, 0, WIDTH * 32), (1, 1, 17 * 32), (2, 0, 32)]


def test_a_full_tile_at_the_edge_leaves_a_tile_of_one_above() -> None:
    edge, changed = Edge(0, {}).extended(LEAVES[:256])
    assert sorted(changed) == [(0, 0), (1, 0)]
    assert changed[1, 0] == edge.root() == root_of(LEAVES[:256])


@given(st.data())
def test_every_root_and_proof_is_that_of_the_whole_tree(tree: Database, data: st.DataObject) -> None:
    size = data.draw(SIZES)
    old = data.draw(st.integers(0, size))
    with tree.reading() as cursor:
        tiles = Tiles(tree, "x", cursor)
        assert tiles.root_at(size) == root_of(LEAVES[:size])
        assert tiles.consistency_proof(old, size) == prove_consistency(old, LEAVES[:size])
        assert Edge.at(size, tiles).root() == root_of(LEAVES[:size])
        if size:
            index = data.draw(st.integers(0, size - 1))
            assert tiles.inclusion_proof(index, size) == prove_inclusion(index, LEAVES[:size])
            assert tiles.leaf_hashes(index, min(index + 600, size)) == LEAVES[index : min(index + 600, size)]


@given(st.lists(st.integers(0, 600), max_size=8))
def test_an_edge_is_the_same_however_it_grew(pieces: list[int]) -> None:
    written: dict[Tile, bytes] = {}
    edge, at = Edge(0, {}), 0
    for piece in pieces:
        edge, changed = edge.extended(LEAVES[at : at + piece])
        at += piece
        written |= changed
    at_once, whole = Edge(0, {}).extended(LEAVES[:at])
    assert (edge.size, edge.root(), written) == (at_once.size, at_once.root(), whole)


def test_a_tile_that_has_lost_hashes_is_said_to_be_broken(tree: Database) -> None:
    with tree.reading() as cursor:
        tiles = Tiles(tree, "x", cursor, SHA256, fresh={(0, 1): bytes(32)})
        with pytest.raises(Unusable) as unusable:
            tiles.root_at(400)
    assert (unusable.value.code, unusable.value.details["position"]) == ("seal_broken", 257)


def test_a_tile_that_is_not_there_is_said_to_be_broken(tree: Database) -> None:
    with tree.reading() as cursor, pytest.raises(Unusable):
        Tiles(tree, "y", cursor).root_at(1)


# ---- paths --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (0, "000"),
        (67, "067"),
        (999, "999"),
        (1_000, "x001/000"),
        (1_234_067, "x001/x234/067"),
        (10**9, "x001/x000/x000/000"),
    ],
)
def test_a_number_is_written_as_the_specification_writes_it(number: int, path: str) -> None:
    assert tile_path(number) == path
    assert read_tile_path("0", path) == ((0, number), 256)
    assert read_tile_path("7", f"{path}.p/255") == ((7, number), 255)


def test_the_path_as_the_router_gives_it() -> None:
    assert read_tile_path("2", "x001/x234/067.p/8") == ((2, 1_234_067), 8)


@pytest.mark.parametrize(
    ("level", "path"),
    [
        ("8", "000"), ("-1", "000"), ("00", "000"), ("64", "000"), ("", "000"), ("x", "000"), ("9" * 30, "000"),
        ("0", ""), ("0", "0"), ("0", "00"), ("0", "0000"), ("0", "x000/000"), ("0", "001/000"), ("0", "x001"),
        ("0", "x001/x000"), ("0", "000.p/0"), ("0", "000.p/256"), ("0", "000.p/01"), ("0", "000.p/"), ("0", "000.p/-1"),
        ("0", "000/"), ("0", "/000"), ("0", "..."), ("0", "x999/" * 2_000 + "999"), ("0", "\u0660\u0660\u0660"),
        ("0", "entries/000"),
    ],
)  # fmt: skip
def test_what_is_no_tiles_path_is_not_found(level: str, path: str) -> None:
    with pytest.raises(NotFound) as missing:
        read_tile_path(level, path)
    assert missing.value.code == "no_such_tile"

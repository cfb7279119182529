"""verify.py was written on its own: here it is held against the house, fact by fact. A difference is a mistake of one of them."""

from __future__ import annotations

import ast
import csv
import io
import json
import sys
import types
import typing
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.audit import verify
from api.audit.claims import Claims
from api.exports import beancount, hledger
from ledger.accounts import _POSTINGS as POSTED
from ledger.accounts import postings
from ledger.base import FACTS, NAME_OF, Fact
from ledger.seal.merkle import check_consistency, prove_consistency, prove_inclusion, root_of
from projections.boards.measures import MEASURES
from tests.audit.told import VERIFIER
from tests.ledger.journal.test_golden import GOLDEN
from tests.projections.shelf import CODEC, LEDGER, Shelf
from tests.projections.teller import ENVELOPE, STEPS, long_story, recorded, story_of

TAGGED_LATER = {("fund.grant_proposed@1", "payee"), ("party.team_formed@1", "unit")}
"""Tags that facts got after they were first stored: older events are right without them, so that none is asked for."""

STORIES = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 7), st.integers(0, 7), st.integers(1, 500)), max_size=120
)


def plain(happened: Fact) -> dict[str, Any]:
    """A fact as it stands in stored bytes."""
    return dict(json.loads(CODEC.encode(ENVELOPE, happened)[1])["fact"])


def kinds_of(annotation: Any) -> set[type]:
    """The Python types that a field's values have in JSON."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return set().union(*(kinds_of(one) for one in typing.get_args(annotation)))
    return {list} if origin is tuple else {str} if annotation is date else {annotation}


def test_it_imports_nothing_but_the_standard_library_and_cryptography() -> None:
    tree = ast.parse(VERIFIER.read_text("utf-8"), feature_version=(3, 10))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names) == {"cryptography"}


@pytest.mark.parametrize("name", sorted(FACTS))
def test_it_knows_every_type_of_fact_with_its_fields_and_tags(name: str) -> None:
    kind, shape = FACTS[name], verify.SHAPES[name]
    fields = msgspec.structs.fields(kind)
    assert {field.name: kinds_of(field.type) for field in fields} == {
        field: set(types) for field, types in shape.types.items()
    }
    assert set(shape.tags) == set(kind.TAGS) - {tag for owner, tag in TAGGED_LATER if owner == name}
    assert set(shape.days) == {field.name for field in fields if "date" in str(field.type)}


def test_it_knows_no_type_of_fact_that_is_not_there() -> None:
    assert set(verify.SHAPES) == set(FACTS)


def test_it_takes_the_golden_bytes_for_what_they_are() -> None:
    for line in GOLDEN.read_text("utf-8").splitlines():
        name, _, data = line.partition("\t")
        envelope = verify.plain_json(data.encode())
        verify.check_fact(name, envelope["fact"])
        fact = {**envelope["fact"], "overflow": 0} if "overflow" in envelope["fact"] else envelope["fact"]
        if "difference" not in fact:
            happened = msgspec.convert(fact, FACTS[name])
            assert verify.postings_of(name, fact) == postings(happened)


def test_its_postings_of_every_type_are_those_of_the_house() -> None:
    posting = set()
    for happened in long_story():
        name = NAME_OF[type(happened)]
        rows = verify.postings_of(name, plain(happened))
        assert sorted(rows) == sorted(postings(happened)), name
        posting |= {name} if rows else set()
    assert posting == {NAME_OF[kind] for kind in POSTED}


@pytest.mark.parametrize("overflow", [0, 20, 60])
@pytest.mark.parametrize("name", ["hours.session_verified@1", "hours.given@1", "hours.redeemed@1"])
def test_minutes_that_overflow_are_posted_alike(name: str, overflow: int) -> None:
    kind = FACTS[name]
    blank: dict[str, Any] = {
        field.name: {int: 60, date: "2026-03-08"}.get(typing.cast("type", field.type), "mem_x")
        for field in msgspec.structs.fields(kind)
    }
    fact = {**blank, "overflow": overflow, "overflow_to": "honour", "giver": "mem_g", "provider": "mem_p"}
    fact = {field: value for field, value in fact.items() if field in blank}
    assert verify.postings_of(name, fact) == postings(msgspec.convert(fact, kind))


def replayed(facts: list[Fact]) -> tuple[verify.Books, verify.Boards]:
    """The accounts and scores that verify.py comes to."""
    books, boards = verify.Books(), verify.Boards()
    for event in recorded(facts, LEDGER):
        name, fact = NAME_OF[type(event.fact)], plain(event.fact)
        verify.check_fact(name, fact)
        boards.marks.learn(name, fact)
        books.post(event.position, verify.postings_of(name, fact))
        boards.score(event.position, *verify.scores_of(name, fact, boards.marks, event.recorded_at))
    return books, boards


def tables(shelf: Shelf, position: int) -> tuple[list[list[str]], list[list[str]]]:
    """Balances and rankings as the bundle claims them at a position, without their headings."""
    texts = io.StringIO(), io.StringIO()
    with shelf.database.reading() as cursor:
        claims = Claims(shelf.database, cursor, LEDGER, position)
        claims.write_balances(texts[0])
        claims.write_rankings(texts[1])
    balances, rankings = (list(csv.reader(text.getvalue().splitlines()))[1:] for text in texts)
    return balances, rankings


def expected(facts: list[Fact]) -> tuple[list[list[str]], list[list[str]]]:
    """The same by verify.py."""
    books, boards = replayed(facts)
    balances = [[*key, *map(str, entry)] for key, entry in books.accounts.items()]
    return sorted(balances), sorted(list(row) for row, _ in boards.rankings())


def test_its_balances_and_rankings_are_those_of_the_house_at_every_position_asked_for(shelf: Shelf) -> None:
    facts = long_story(600)
    shelf.tell(facts)
    for position in (1, 20, len(facts) // 2, len(facts) - 1, len(facts)):
        balances, rankings = tables(shelf, position)
        assert (sorted(balances), sorted(rankings)) == expected(facts[:position]), position


@given(choices=STORIES)
def test_whatever_happens_both_come_to_the_same(
    choices: list[tuple[int, int, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from tests.projections.shelf import shelf_at

    facts = story_of(choices)
    with shelf_at(f"sqlite:///{tmp_path_factory.mktemp('story') / 'x.db'}") as shelf:
        shelf.tell(facts)
        balances, rankings = tables(shelf, len(facts))
    assert (sorted(balances), sorted(rankings)) == expected(facts)


def test_it_knows_every_measure_and_its_unit() -> None:
    assert {measure.name: measure.unit for measure in MEASURES.values()} == verify.UNITS


ACCOUNTS = st.lists(st.text(min_size=0, max_size=12), min_size=1, max_size=3).map(":".join) | st.sampled_from(
    [
        "hours:issued",
        "hours:redeemed",
        "hours:pool",
        "spent:fund_x:meals:大米 (50%)",
        "donor:mem_x",
        "x",
        "X:x",
        "pledge:a:_b",
    ]
)


@given(
    account=ACCOUNTS, unit=st.sampled_from(["fen", "minutes", "projects"]) | st.text(max_size=8), amount=st.integers()
)
def test_accounts_and_amounts_are_written_alike_for_other_programs(account: str, unit: str, amount: int) -> None:
    books = verify.Books()
    books.accounts[account, unit] = [amount, 1, 7]
    asserted = f"{hledger.quantity(0, unit)} = {hledger.quantity(amount, unit)}"
    expected_hledger = (hledger.account_name(account), asserted)
    assert verify.hledger_assertions(books) == {expected_hledger: 7}
    assert verify.beancount_name(account) == beancount.account_name(account)


def test_only_what_stands_below_balances_is_an_assertion() -> None:
    text = b"""2026-01-01 (1) partner.contributed@1
    giver:x  -5 "pcs.a = b"

2026-01-02 balances
    giver:x  0 "pcs.a = b" = -5 "pcs.a = b"
"""
    asserted = list(verify.asserted_in_hledger(iter(text.splitlines())))
    assert asserted == [("giver:x", '0 "pcs.a = b" = -5 "pcs.a = b"')]


@given(size=st.integers(1, 70), data=st.data())
def test_its_tree_is_that_of_the_house(size: int, data: st.DataObject) -> None:
    leaves = [verify.leaf_hash(n, "x", "", bytes([n])) for n in range(1, size + 1)]
    tree = verify.Tree()
    for leaf in leaves:
        tree.add(leaf)
    root = tree.root()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert root == root_of(leaves)
    assert verify.root_by_inclusion(index, size, leaves[index], prove_inclusion(index, leaves)) == root
    if old < size:
        proof = prove_consistency(old, leaves)
        check_consistency(old, root_of(leaves[:old]), size, root, proof)
        assert verify.roots_by_consistency(old, root_of(leaves[:old]), size, proof) == (root_of(leaves[:old]), root)
        with pytest.raises(verify.Malformed):
            verify.roots_by_consistency(old, root_of(leaves[:old]), size, [*proof, root])

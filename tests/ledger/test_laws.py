"""What holds for every fact that anybody can think of, and for every sequence of them."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ledger.rules
from ledger.accounts import postings
from ledger.base import NAME_OF, Fact, State, fold, tags_of
from ledger.errors import UnknownFact
from ledger.hours.facts import SessionCorrected, SessionVerified
from ledger.partners.facts import PartnerContributed
from ledger.policy.facts import PolicySet
from ledger.registry import FACTS
from ledger.services.facts import ServiceSettled
from tests.ledger.given import survives_snapshot

IDS = st.sampled_from(["mem_a", "mem_b", "team_a", "unit_a", "req_a", "ses_a", "fund_a", "rsv_a", "offer_a", "policy"])
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2025, 1, 3))
COUNTS = st.integers(1, 10**6)


def values_of(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type; texts are ids out of a small cast, so that facts meet under the same tags."""
    plain = {str: IDS, int: COUNTS, bool: st.booleans(), dt.date: DAYS, type(None): st.none()}
    if annotation in plain:
        return plain[annotation]
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values_of(part) for part in parts])
    assert origin is tuple, f"no values for {annotation}"
    if parts[-1] is Ellipsis:
        return st.lists(values_of(parts[0]), max_size=3).map(tuple)
    return st.tuples(*map(values_of, parts))


def _banked(kind: type[Any], fields: dict[str, Any], draw: st.DrawFn) -> None:
    """What overflows is part of the minutes, and goes somewhere."""
    overflow = draw(st.integers(0, fields.get("banked_minutes", fields["minutes"])))
    fields["overflow"] = overflow
    fields["overflow_to"] = draw(st.sampled_from(["pool", "honour"])) if overflow else ""
    if kind is SessionVerified:
        fields["credited"] = fields["minutes"] - overflow


@st.composite
def facts_of(draw: st.DrawFn, kind: type[Fact]) -> Fact:
    """A fact of that type with any plausible fields."""
    hints = typing.get_type_hints(kind)
    fields = {name: draw(values_of(hints[name])) for name in kind.__struct_fields__}
    if kind is ServiceSettled:
        fields["minutes"] += fields["banked_minutes"]
    if "overflow" in fields:
        _banked(kind, fields, draw)
    if kind is SessionCorrected:
        fields["difference"] = fields["corrected_minutes"] - fields["original_minutes"]
    if kind is PartnerContributed:
        fields["kind"] = draw(st.sampled_from(["goods", "venue", "hours", "project"]))
    if kind is PolicySet:
        fields["value"] = 7
    return kind(**fields)


KINDS = sorted(FACTS)
ANY_FACT = st.sampled_from(KINDS).flatmap(lambda name: facts_of(FACTS[name]))


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_the_postings_of_a_fact_sum_to_zero_in_every_unit(name: str, data: st.DataObject) -> None:
    happened = data.draw(facts_of(FACTS[name]))
    sums: dict[str, int] = defaultdict(int)
    for account, unit, amount in postings(happened):
        assert account
        assert type(amount) is int
        assert amount != 0
        sums[unit] += amount
    assert not any(sums.values())


def states() -> list[type[State]]:
    """Every kind of state that decisions use."""
    assert ledger.rules.RULES
    found, waiting = [], [State]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("ledger."):
                found.append(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


@pytest.mark.parametrize("kind", states(), ids=lambda kind: kind.__name__)
@settings(max_examples=40)
@given(story=st.lists(ANY_FACT, max_size=25))
def test_no_state_ever_refuses_a_fact(kind: type[State], story: list[Fact]) -> None:
    by_tag: dict[str, list[Fact]] = defaultdict(list)
    for happened in story:
        for tag in tags_of(happened):
            by_tag[tag].append(happened)
    for tag, tagged in by_tag.items():
        state = kind(tag=tag)
        for happened in tagged:
            state = fold(state, happened)
        assert state.tag == tag
        assert survives_snapshot(state)


@given(happened=ANY_FACT)
def test_tags_are_written_once_and_never_empty(happened: Fact) -> None:
    tags = tags_of(happened)
    assert len(tags) == len(set(tags))
    assert all(tags)


def test_every_fact_has_a_tag_that_somebody_reads() -> None:
    assert [name for name, kind in FACTS.items() if not kind.TAGS and kind.more_tags is Fact.more_tags] == []


def test_an_unknown_fact_is_an_error_and_never_skipped() -> None:
    class Strange(Fact, frozen=True, kw_only=True):
        """Nobody registered it."""

    assert Strange not in NAME_OF
    with pytest.raises(UnknownFact, match="unknown_fact"):
        fold(State(tag="x"), Strange())
    with pytest.raises(UnknownFact, match="unknown_fact"):
        postings(Strange())


def test_a_state_that_names_its_concerns_is_moved_by_no_other_fact() -> None:
    from ledger.parties.state import Standing

    assert Standing.CONCERNS
    for name, kind in sorted(FACTS.items()):
        happened = _golden_fact(name)
        if kind not in Standing.CONCERNS:
            assert Standing(tag="mem_wang").evolve(happened) == Standing(tag="mem_wang")


def _golden_fact(name: str) -> Fact:
    from tests.ledger.journal.test_golden import _example

    return _example(FACTS[name])

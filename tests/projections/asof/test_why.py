"""Every figure opens, and its entries over all pages add up exactly to what was shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from ledger.base import Fact
from ledger.errors import NotFound, Refused
from ledger.policy.facts import PolicySet
from projections.asof.figures import Entry, Why
from projections.asof.past import Past
from projections.asof.why import FAMILIES, family_of, why
from projections.books import queries
from tests.projections.asof.shown import figures
from tests.projections.asof.test_laws import CHOICES
from tests.projections.asof.told import past, write
from tests.projections.shelf import Shelf
from tests.projections.teller import long_story, story_of

STARS = PolicySet(name="honours.star_hours", value=(1, 5, 20), from_day=date(1990, 1, 1))
_names = iter(range(10**9))


def whole(at: Past, figure: str, limit: int) -> tuple[Why, list[Entry]]:
    """The first page and the entries of all pages."""
    first = page = why(at, figure, limit=limit)
    entries = list(page.entries)
    while page.next is not None:
        page = why(at, figure, after=page.next, limit=limit)
        assert page.value == first.value
        entries += page.entries
    return first, entries


def check(at: Past, figure: str, value: int, limit: int = 4) -> None:
    """That a figure opens to entries which add up to its value."""
    told, entries = whole(at, figure, limit)
    assert told.value == value, figure
    assert sum(one.amount for one in entries) == value, figure
    assert all(one.amount for one in entries), figure
    assert all(one.figure or one.position for one in entries), figure
    assert all((one.position or 0) <= at.position for one in entries), figure
    positions = [one.position for one in entries if one.position is not None]
    assert positions == sorted(positions) or figure.startswith(("stats.requests", "member:")), figure


def tell(shelf: Shelf, facts: list[Fact], ledger: str, stops: set[int]) -> dict[int, dict[str, int]]:
    """Write a story and note every figure at some positions."""
    noted: dict[int, dict[str, int]] = {}
    start = 0
    for stop in sorted({*stops, len(facts)}):
        write(shelf, facts[start:stop], ledger, after=start)
        noted[stop] = figures(shelf.database, ledger)
        start = stop
    return noted


def test_every_figure_of_a_long_story_opens_now_and_as_of_earlier(shelf: Shelf) -> None:
    facts = [*long_story(60)[:1], STARS, *long_story(600)[1:]]
    noted = tell(shelf, facts, "l", {90, 250})

    seen = set()
    for position, shown in noted.items():
        at = past(shelf.database, "l", position)
        for figure, value in shown.items():
            check(at, figure, value)
            seen.add(family_of(figure)[0])
    # Integrity fades from day to day: its figures are opened where days go by (tests/api/test_resources.py).
    assert seen == set(FAMILIES) - {"integrity"}


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=CHOICES)
def test_every_figure_of_any_story_opens(shelf: Shelf, choices: list[tuple[int, int, int, int]]) -> None:
    story = story_of(choices)
    facts = [story[0], STARS, *story[1:]]
    ledger = f"l{next(_names)}"
    for position, shown in tell(shelf, facts, ledger, {len(facts) - 9}).items():
        at = past(shelf.database, ledger, position)
        for figure, value in shown.items():
            check(at, figure, value, limit=2)


def test_a_figure_made_of_figures_opens_all_the_way_down_to_positions(shelf: Shelf) -> None:
    facts = [*long_story(60)[:1], STARS, *long_story(600)[1:]]
    write(shelf, facts, "l")
    at = past(shelf.database, "l", len(facts))

    def positions(figure: str, depth: int = 0) -> set[int]:
        assert depth < 6, figure
        found: set[int] = set()
        for one in whole(at, figure, 500)[1]:
            found |= {one.position} if one.position is not None else positions(str(one.figure), depth + 1)
        return found

    for figure in ("stats.income", "stats.expense", "stats.minutes.spendable", "fund:nuanxing:balance"):
        assert len(positions(figure)) > 3, figure
        for one in whole(at, figure, 500)[1]:
            assert abs(why(at, str(one.figure)).value) == abs(one.amount), one.figure


def test_pages_join_although_others_write_between_them(shelf: Shelf) -> None:
    facts = long_story(300)
    write(shelf, facts[:-20], "l")
    at = past(shelf.database, "l", len(facts) - 20)
    first = why(at, "stats.requests.published", limit=1)

    write(shelf, facts[-20:], "l", after=len(facts) - 20)
    now = past(shelf.database, "l", len(facts))
    page, entries = first, list(first.entries)
    while page.next is not None:
        page = why(now, "stats.requests.published", after=page.next, limit=1)
        entries += page.entries

    assert page.as_of.position == at.position
    assert sum(one.amount for one in entries) == first.value


def test_an_entry_tells_the_moment_and_the_type_of_its_event(shelf: Shelf) -> None:
    facts = long_story(400)
    write(shelf, facts, "l")
    at = past(shelf.database, "l", len(facts))

    entry = why(at, "stats.minutes.earned").entries[0]

    assert entry.type == "hours.session_verified@1"
    assert entry.at == at.point.at - (len(facts) - (entry.position or 0)) * 60_000_000


@pytest.mark.parametrize(
    "figure",
    [
        "", "stats", "stats.", "stats.kindness", "stats.requests.lost", "stats.minutes.lost", "stats.members.x", "nothing",
        "nothing:at:all", "balance:", "balance:hours:mem_nobody:minutes", "balance:minutes", "fund:nuanxing",
        "fund:nothing:income", "fund:nuanxing:meals:kindness", "fund:nuanxing:nothing:income", "fund:nuanxing:kindness",
        "spending:nuanxing:meals:nothing", "payments:nuanxing:meals:", "ranking:kindness:all:mem_wang", "ranking:all",
        "ranking:volunteer_minutes:2026-13:mem_wang", "rank:volunteer_minutes:all:mem_nobody", "member:mem_nobody:usable",
        "member:mem_wang:kindness", "request:req_nobody:score", "request:1:score", "request:99999:score",
        "team:team_nobody:members", "team:team_north:kindness", "intake:pt_nobody:requests", "unit:unit_lvyun:kindness",
    ],
)  # fmt: skip
def test_what_is_no_figure_is_refused_in_the_same_words(shelf: Shelf, figure: str) -> None:
    write(shelf, long_story(60), "l")
    with pytest.raises(NotFound) as refused:
        why(past(shelf.database, "l", 50), figure)
    assert refused.value.code == "no_such_figure"


@pytest.mark.parametrize("cursor", ["", "x", "5", "5.", ".5", "5.x", "-1.2", "5." + "9" * 30])
def test_a_cursor_that_is_none_is_refused(shelf: Shelf, cursor: str) -> None:
    write(shelf, long_story(60), "l")
    with pytest.raises(Refused) as refused:
        why(past(shelf.database, "l", 50), "stats.members", after=cursor)
    assert refused.value.code == "bad_cursor"


def test_a_request_may_be_named_by_the_number_that_people_see(shelf: Shelf) -> None:
    facts = long_story(300)
    write(shelf, facts, "l")
    at = past(shelf.database, "l", len(facts))
    shown = {name: value for name, value in figures(shelf.database, "l").items() if name.startswith("request:")}
    rows = queries.list_requests(shelf.database, "l", kind="need", limit=1000).rows

    assert rows
    for row in rows:
        assert why(at, f"request:{row['number']}:promised").value == shown[f"request:{row['request_id']}:promised"]


def test_a_figure_of_a_day_before_it_began_does_not_exist(shelf: Shelf) -> None:
    facts = long_story(300)
    write(shelf, facts, "l")
    for figure in (
        "fund:nuanxing:income",
        "member:mem_wang:usable",
        "unit:unit_bank:plaques",
        "team:team_north:members",
    ):
        with pytest.raises(NotFound):
            why(past(shelf.database, "l", 2), figure)
    assert why(past(shelf.database, "l", 0), "stats.members").entries == []

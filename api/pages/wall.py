"""The honour wall: who gave most, by measure and period, and for every row the events that made it."""

from __future__ import annotations

from datetime import date

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.happenings import titles_of
from api.pages.member import stars_of
from api.pages.naming import labels, walled
from api.store import Store
from ledger.errors import NotFound
from ledger.ids import PERSON, prefix_of
from ledger.units import FEN, MINUTES, VENUE_MINUTES
from projections.boards import queries as boards
from projections.boards.measures import ALL, VOLUNTEER_MINUTES, measure_of
from projections.books import queries as books

_ROWS, _PODIUM, _PLAQUES, _WHY = 30, 3, 12, 50

GROUPS: dict[str, tuple[str, ...]] = {
    "member": (VOLUNTEER_MINUTES, "member_requests", "member_hours_donated", "member_donations"),
    "team": ("team_minutes", "team_requests"),
    "unit": (
        "unit_requests", "unit_minutes", "unit_donations", "unit_hours", "unit_venue_minutes", "unit_projects", "unit_calls",
    ),
    "place": ("place_minutes", "place_requests"),
    "kind": ("kind_requests",),
}  # fmt: skip
"""Who is ranked, and by what; the first measure of each is shown first. Goods are measures of their own, by item."""


class Row(msgspec.Struct, frozen=True):
    """One row of a ranking. `stars` is 0 where none are shown; `open` says whether who looks may read what made it; `line` is
    where it stands on its page, hidden ones counted."""

    rank: int
    subject: str
    name: str
    value: str
    positions: int
    stars: int
    open: bool
    line: int


def shown_value(visit: Visit, unit: str, value: int) -> str:
    """A value with its unit in words."""
    if unit in (MINUTES, VENUE_MINUTES):
        return visit.hours(value)
    if unit == FEN:
        return visit.yuan(value)
    return visit.t(f"unit.{unit.partition('.')[0]}", count=f"{value:,}")


def measure_name(visit: Visit, measure: str) -> str:
    """What a measure is called."""
    family, _, item = measure.partition(":")
    return visit.t(f"measure.{family}", item=item)


def period_name(visit: Visit, period: str) -> str:
    """What a period is called: a month, a quarter, a year, or all time."""
    if period == ALL:
        return visit.t("wall.all_time")
    year, _, rest = period.partition("-")
    if not rest:
        return visit.t("wall.year", year=year)
    if rest.startswith("Q"):
        return visit.t("wall.quarter", year=year, quarter=rest[1:])
    return visit.t("wall.month", year=year, month=int(rest))


def _periods(visit: Visit, measure: str) -> list[tuple[str, str]]:
    """All time and this month, quarter and year first; then every other period that has scores, newest first."""
    today: date = visit.today
    first = [ALL, f"{today.year:04}", f"{today.year:04}-Q{(today.month + 2) // 3}", f"{today.year:04}-{today.month:02}"]
    used = sorted(boards.periods_in_use(visit.store.database, visit.ledger, measure), reverse=True)
    return [(one, period_name(visit, one)) for one in dict.fromkeys([*first, *used])]


def rows_of(visit: Visit, ranking: boards.Ranking, *, hall: bool = False) -> list[Row]:
    """The rows with names; who wishes to be on no wall is left out, and the ranks of the others stay as they are.

    Who is masked has no number either: public lists could otherwise be joined. In a `hall` everybody looks, so that even
    who is signed in there appears as others see them.
    """
    subjects = [row.subject for row in ranking.rows]
    people = books.members_by_id(visit.store.database, visit.ledger, [s for s in subjects if prefix_of(s) == PERSON])
    hidden = {one for one, row in people.items() if row["wall_hidden"]}
    kinds = measure_of(ranking.measure).subjects == "kind"
    agreed = walled(people.values())
    own = "" if hall else visit.caller.actor
    names = {} if kinds else labels(visit, subjects, clear={*agreed, own})
    found: list[Row] = []
    for line, row in enumerate(ranking.rows):
        if row.subject in hidden:
            continue
        member = people.get(row.subject)
        starred = member is not None and ranking.measure == VOLUNTEER_MINUTES
        stars = stars_of(visit, member["earned_minutes"]).level if member and starred else 0
        name = visit.t(f"party.{row.subject}") if kinds else names[row.subject]
        public = member is None or row.subject in agreed or visit.reads_affairs_of(row.subject)
        value = shown_value(visit, row.unit, row.value)
        found.append(Row(row.rank, row.subject, name, value, row.positions, stars, public, line))
    return found


def add_wall(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/wall` and `/{ledger}/wall/why`."""

    @pages.get("/{ledger}/wall")
    def wall(
        request: Request, ledger: str, measure: str = VOLUNTEER_MINUTES, period: str = ALL, after: str | None = None,
        plaques_after: str | None = None,
    ) -> Response:  # fmt: skip
        visit = Visit(store, request, ledger)
        ranking = boards.rankings(store.database, ledger, measure, period, limit=_ROWS, after=after)
        group = measure_of(measure).subjects
        used = boards.measures_in_use(store.database, ledger)
        offered = [one for one in GROUPS[group] if one in used or one == measure]
        offered += [one for one in used if group == "unit" and one.startswith("unit_goods:")]
        rows = rows_of(visit, ranking)
        hung = books.plaques(store.database, ledger, after=plaques_after, limit=_PLAQUES)
        plaques = hung.rows
        works = books.requests_by_id(store.database, ledger, [row["request_id"] for row in plaques])
        podium = _PODIUM if after is None else 0
        return visit.page(
            "wall.html",
            tab="wall",
            ranking=ranking,
            measure=measure,
            measure_name=measure_name(visit, measure),
            period_name=period_name(visit, period),
            group=group,
            groups=[(name, visit.t(f"wall.by_{name}"), measures[0]) for name, measures in GROUPS.items()],
            measures=[(one, measure_name(visit, one)) for one in offered],
            periods=_periods(visit, measure),
            podium=rows[:podium],
            rows=rows[podium:],
            plaques=plaques,
            more_plaques=hung.next,
            units=books.names_of(store.database, ledger, [row["unit"] for row in plaques]),
            works=titles_of(visit, works.values()),
        )

    @pages.get("/{ledger}/wall/why")
    def why(
        request: Request, ledger: str, measure: str, subject: str = "", period: str = ALL, after: str | None = None,
        page: str | None = None, row: int = -1,
    ) -> Response:  # fmt: skip
        visit = Visit(store, request, ledger)
        if not subject:
            return _masked(visit, measure, period, page, row)
        name = _named(visit, measure, subject)
        told = boards.explain(store.database, ledger, measure, period, subject, after=after, limit=_WHY)
        own = boards.rank_of(store.database, ledger, measure, period, subject)
        unit = measure_of(measure).unit
        return visit.page(
            "why.html",
            tab="wall",
            name=name,
            told=told,
            own=own,
            reasons=_reasons(visit, measure, period, own) if own else [],
            value=shown_value(visit, unit, told.value),
            measure_name=measure_name(visit, measure),
            period_name=period_name(visit, period),
            amounts=[shown_value(visit, unit, one.amount) for one in told.entries],
        )


def _reasons(visit: Visit, measure: str, period: str, own: boards.Ranked) -> list[str]:
    """Why a row has its place, in sentences: who has more, how much is lacking, who has as much, and since when."""
    at = boards.around(visit.store.database, visit.ledger, measure, period, own.value)
    told = [visit.t("hall.why.first")]
    if at.next_value is not None:
        told = [visit.t("hall.why.above", count=f"{own.rank - 1:,}", rank=own.rank)]
        told.append(visit.t("hall.why.gap", more=shown_value(visit, own.unit, at.next_value - own.value)))
    others = at.equal - 1
    told.append(visit.t("hall.why.ties", count=f"{others:,}") if others else visit.t("hall.why.no_ties"))
    return [*told, visit.t("hall.why.reached", at=visit.instant(own.reached_at))]


def _masked(visit: Visit, measure: str, period: str, page: str | None, row: int) -> Response:
    """Why somebody unnamed has their place: found by where the row stands, so that nobody's id is in the address.

    Raises NotFound `no_such_member` where no row stands there, or none that the wall shows.
    """
    ranking = boards.rankings(visit.store.database, visit.ledger, measure, period, limit=_ROWS, after=page)
    found = dict(enumerate(ranking.rows)).get(row)
    shown = {one.subject: one for one in rows_of(visit, ranking)}
    if found is None or found.subject not in shown:
        raise NotFound("no_such_member", member=str(row))
    one = shown[found.subject]
    return visit.page(
        "hall_why.html", tab="wall", row=one, measure=measure, period=period,
        reasons=_reasons(visit, measure, period, found),
        measure_name=measure_name(visit, measure), period_name=period_name(visit, period),
    )  # fmt: skip


def _named(visit: Visit, measure: str, subject: str) -> str:
    """Whose row it is; what made the row of a person who did not agree to be named is for them alone (404)."""
    if measure_of(measure).subjects == "kind":
        return visit.known(f"party.{subject}", subject)
    row = books.member(visit.store.database, visit.ledger, subject)
    if prefix_of(subject) == PERSON:
        allowed = row is not None and (bool(walled([row])) or visit.reads_affairs_of(subject))
        if not allowed:
            raise NotFound("no_such_member", member=subject)
    return labels(visit, [subject], clear=True)[subject]

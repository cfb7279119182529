"""The boards of a hall's screen: what each of them shows, as far as everybody in the hall may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from markupsafe import Markup

from api.pages.common import Visit
from api.pages.happenings import Happening, latest, titles_of
from api.pages.naming import walled
from api.pages.rendering import big
from api.pages.wall import Row, measure_name, rows_of
from api.reading import ON_THE_BOARD
from ledger.ids import PERSON, prefix_of
from projections.boards import queries as boards
from projections.boards.measures import ALL, MEMBER_REQUESTS, TEAM_MINUTES, UNIT_GOODS, VOLUNTEER_MINUTES
from projections.books import queries as books
from projections.books.engines.shifts_tables import shifts
from projections.books.queries_latest import latest_granted, latest_sessions, newest_hanging
from projections.reading import Cells, many

PERIODS = ("all", "year", "quarter", "month")
"""What a screen may be set to; it moves on with the calendar by itself."""

_ROWS, _HIDDEN_AT_MOST, _COLUMN, _PLAQUES, _DEEDS = 9, 9, 5, 6, 6
_READ_FOR_DEEDS = 12
_UNIT_HOURS = ("unit_minutes", "unit_hours")


class Place(msgspec.Struct, frozen=True):
    """One row: its rank, name, value in its own unit, stars (0 for none), and what was done, in words ("" for nothing)."""

    rank: int
    name: str
    value: Markup
    stars: int
    deed: str


class Column(msgspec.Struct, frozen=True):
    """A ranking in one unit, beside others that it is never added to."""

    title: str
    rows: list[Place]


class Hung(msgspec.Struct, frozen=True):
    """A plaque that hangs: whose, which tier, what for, until when."""

    unit: str
    tier: str
    work: str
    until: str


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the screen. One of the lists is filled, by `shape`: ranks, columns, plaques or deeds."""

    name: str
    shape: str
    subtitle: str
    ranks: list[Place] = []
    columns: list[Column] = []
    plaques: list[Hung] = []
    deeds: list[tuple[Happening, str]] = []


def period_of(visit: Visit, wanted: str) -> str:
    """The boards' name of a relative period: `month` is this month, `all` all time."""
    today = visit.today
    named = {
        "year": f"{today.year:04}", "quarter": f"{today.year:04}-Q{(today.month + 2) // 3}",
        "month": f"{today.year:04}-{today.month:02}",
    }  # fmt: skip
    return named.get(wanted, ALL)


def _ranked(visit: Visit, measure: str, period: str, count: int) -> list[Row]:
    """The first rows as the hall may see them; a few more are read, since some may be on no wall."""
    found = boards.rankings(
        visit.store.database, visit.ledger, measure, period_of(visit, period), limit=count + _HIDDEN_AT_MOST
    )
    return rows_of(visit, found, hall=True)[:count]


def _places(rows: Iterable[Row], deeds: dict[str, str]) -> list[Place]:
    return [Place(row.rank, row.name, big(row.value), row.stars, deeds.get(row.subject, "")) for row in rows]


def _named(visit: Visit, rows: list[Row]) -> list[str]:
    """Whose deeds are told: organisations, and people who agreed to be named. What a masked person did could give them away."""
    people = [row.subject for row in rows if prefix_of(row.subject) == PERSON]
    agreed = walled(books.members_by_id(visit.store.database, visit.ledger, people).values())
    return [row.subject for row in rows if prefix_of(row.subject) != PERSON or row.subject in agreed]


def _served(visit: Visit, volunteers: list[str]) -> dict[str, str]:
    """Where and at what somebody served last: the shift's name and the place, which anybody may read. What was written into
    the record itself is not for everybody, as it may speak of who was helped."""
    store, ledger = visit.store, visit.ledger
    found = latest_sessions(store.database, ledger, volunteers)
    planned = {one["activity_id"] for one in found.values() if one["activity_id"]}
    names = {row["shift_id"]: row["name"] for row in many(store.database, shifts, ledger, "shift_id", planned)}
    places = books.names_of(store.database, ledger, {one["place"] for one in found.values() if one["place"]})
    told: dict[str, str] = {}
    for volunteer, session in found.items():
        parts = [names.get(session["activity_id"] or "", ""), places.get(session["place"] or "", "")]
        what = visit.t("hall.between").join(part for part in parts if part)
        on = visit.t("hall.served_on", day=visit.day(session["day"]))
        told[volunteer] = visit.t("hall.served", what=what) if what else on
    return told


def _granted(visit: Visit, claimants: list[str]) -> dict[str, str]:
    """The last wish that somebody granted, by its title on the board."""
    found = latest_granted(visit.store.database, visit.ledger, claimants)
    public = {one: row for one, row in found.items() if row["status"] in ON_THE_BOARD}
    titles = titles_of(visit, public.values())
    return {one: visit.t("hall.granted", title=titles[row["request_id"]]) for one, row in public.items()}


def _ranks(
    name: str, measure: str, deeds: Callable[[Visit, list[str]], dict[str, str]]
) -> Callable[[Visit, str, str], Board]:
    def build(visit: Visit, period: str, shown_period: str) -> Board:
        rows = _ranked(visit, measure, period, _ROWS)
        subtitle = visit.t("hall.by", measure=measure_name(visit, measure), period=shown_period)
        return Board(
            name=name, shape="ranks", subtitle=subtitle, ranks=_places(rows, deeds(visit, _named(visit, rows)))
        )

    return build


def _units(visit: Visit, period: str, shown_period: str) -> Board:
    """Units by requests, by hours and by goods: three lists, since their units are not to be added."""
    used = boards.measures_in_use(visit.store.database, visit.ledger)
    columns = [_column(visit, "unit_requests", period)]
    hours = next((one for one in _UNIT_HOURS if one in used), _UNIT_HOURS[0])
    columns.append(_column(visit, hours, period))
    goods: list[Place] = []
    for measure in [one for one in used if one.startswith(f"{UNIT_GOODS}:")][:_COLUMN]:
        item = measure.partition(":")[2]
        goods += _places(_ranked(visit, measure, period, 1), {})
        goods = [*goods[:-1], msgspec.structs.replace(goods[-1], deed=item)] if goods and not goods[-1].deed else goods
    columns.append(Column(visit.t("hall.goods"), goods))
    return Board(name="units", shape="columns", subtitle=visit.t("hall.units_by", period=shown_period), columns=columns)


def _column(visit: Visit, measure: str, period: str) -> Column:
    return Column(measure_name(visit, measure), _places(_ranked(visit, measure, period, _COLUMN), {}))


def _plaques(visit: Visit, _period: str, _shown: str) -> Board:
    rows = newest_hanging(visit.store.database, visit.ledger, visit.today.isoformat(), _PLAQUES)
    return Board(name="plaques", shape="plaques", subtitle=visit.t("hall.plaques_by"), plaques=hung(visit, rows))


def hung(visit: Visit, rows: list[Cells]) -> list[Hung]:
    """Plaques in words."""
    units = books.names_of(visit.store.database, visit.ledger, [row["unit"] for row in rows])
    works = books.requests_by_id(visit.store.database, visit.ledger, [row["request_id"] for row in rows])
    titles = titles_of(visit, works.values())
    return [
        Hung(units.get(row["unit"], ""), row["tier"], titles.get(row["request_id"], ""), visit.day(row["until_day"]))
        for row in rows
    ]


def _deeds(visit: Visit, _period: str, _shown: str) -> Board:
    lines = latest(visit, _READ_FOR_DEEDS, wall=True)[:_DEEDS]
    shown = [(one, visit.day_at(one.at)) for one in lines]
    return Board(name="deeds", shape="deeds", subtitle=visit.t("hall.deeds_by"), deeds=shown)


BOARDS: dict[str, Callable[[Visit, str, str], Board]] = {
    "volunteers": _ranks("volunteers", VOLUNTEER_MINUTES, _served),
    "wishes": _ranks("wishes", MEMBER_REQUESTS, _granted),
    "teams": _ranks("teams", TEAM_MINUTES, _granted),
    "units": _units,
    "plaques": _plaques,
    "deeds": _deeds,
}
"""By name, in the order in which a screen turns: (visit, relative period, its name in words) → the board."""

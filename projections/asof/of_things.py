"""Figures of one thing (a request, a receipt, a session …): its events replayed, and what each changed in a column."""

from __future__ import annotations

import msgspec
from sqlalchemy import Table

from ledger.clock import day_of
from ledger.journal.tables import metadata
from ledger.policy.state import Policy
from ledger.units import FEN, MINUTES, pieces_of
from projections.asof.figures import Entry, Opened, Question, made_of
from projections.asof.of_accounts import member_minutes
from projections.asof.past import Past, events_of
from projections.asof.scratch import Scratch, replayed
from projections.asof.things import request_id_of
from projections.books import engines, queries, tables
from projections.books.engines.resources_tables import MEASURED_BACK
from projections.books.more_tables import claims
from projections.columns import UNIT
from projections.reading import Cells, Filter, one
from projections.reading import listed as rows_of

_PIECES = "pcs"
_SERVICE = frozenset(
    {
        "party.member_registered",
        "hours.session_verified",
        "hours.session_corrected",
        "conduct.session_voided",
        "conduct.session_restored",
    }
)
_WAITING = ("recorded", "endorsed")
_BLOCK = 256


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of thing: the sheet of its row, the figures in it (name: column, unit), and which events touch them."""

    sheet: str
    figures: dict[str, tuple[str, str]]
    stems: frozenset[str] = frozenset()
    under: str = ""
    """The column whose value is the tag of its events, where that is not its own id."""


def _same(unit: str, *names: str) -> dict[str, tuple[str, str]]:
    return {name: (name, unit) for name in names}


_GROUND_FLOOR: dict[str, Thing] = {
    "request": Thing(
        sheet="requests",
        figures={
            **_same(FEN, "value_fen"), **_same(_PIECES, "quantity", "promised", "delivered"),
            **_same("times", "priority", "reopened"), **_same("score", "score"),
        },
    ),
    "claim": Thing(sheet="claims", figures=_same("times", "reopened")),
    "offer": Thing(sheet="offers", figures=_same(_PIECES, "quantity", "free", "promised", "delivered")),
    "unit": Thing(sheet="units", figures={**_same("agreements", "agreements"), **_same("plaques", "plaques")}),
    "callout": Thing(sheet="callouts", figures={**_same("answers", "answers"), **_same("people", "people")}),
    "receipt": Thing(sheet="receipts", figures=_same(FEN, "amount_fen", "refunded_fen")),
    "grant": Thing(sheet="grants", figures=_same(FEN, "amount_fen", "returned_fen")),
    "pledge": Thing(sheet="pledges", figures=_same(FEN, "amount_fen", "open_fen")),
    "session": Thing(sheet="sessions", figures=_same(MINUTES, "minutes", "corrected_minutes", "overflow")),
    "correction": Thing(sheet="corrections", figures=_same(MINUTES, "minutes", "original_minutes", "difference")),
    "reservation": Thing(sheet="reservations", figures=_same(MINUTES, "minutes")),
    "certificate": Thing(sheet="certificates", figures={**_same(MINUTES, "minutes"), **_same("sessions", "sessions")}),
    "member": Thing(
        sheet="members",
        figures={"lifetime": ("earned_minutes", MINUTES), "sessions": ("sessions", "sessions")},
        stems=_SERVICE,
    ),
}  # fmt: skip
"""Things of the ground floor."""


def thing_of(table: Table) -> str:
    """What figures of an engine's rows begin with: the id column without `_id`, or the table's name where that is taken."""
    kind = [column.name for column in table.primary_key.columns][1].removesuffix("_id")
    return table.name if kind in _GROUND_FLOOR else kind


def _things_of_engines() -> dict[str, Thing]:
    """Rows of the engines' tables whose columns declare a unit, by the id column's name without `_id`."""
    found: dict[str, Thing] = {}
    for table in engines.TABLES:
        figures = {column.name: (column.name, column.info[UNIT]) for column in table.columns if column.info.get(UNIT)}
        keys = [column.name for column in table.primary_key.columns][1:]
        if figures and len(keys) == 1:
            found[thing_of(table)] = Thing(sheet=table.name, figures=figures, under=table.info.get("under", ""))
    return found


THINGS = {**_things_of_engines(), **_GROUND_FLOOR}
"""Every kind of thing whose figures open."""
MEMBER_FIGURES = ("usable", "held", "lifetime", "sessions", "waiting", "stars")


def thing(asked: Question) -> Opened:
    """`<kind>:<id>:<figure>`: what each event of the thing changed. One look-up per event of the thing."""
    kind = asked.name.partition(":")[0]
    identifier, _, name = asked.rest.rpartition(":")
    known = THINGS[kind]
    if name not in known.figures:
        raise asked.missing()
    column, unit = known.figures[name]
    key = request_id_of(asked.past, identifier) if kind == "request" else identifier
    tag = None if key is None else _tag(asked.past, kind, key)
    if key is None or tag is None:
        raise asked.missing()
    scratch = Scratch(asked.past, known.sheet)
    entries, before = [], 0
    for event in events_of(asked.past, [tag], stems=known.stems):
        scratch.apply(event)
        row = scratch.row(known.sheet, key)
        after = int(row[column] or 0) if row else 0
        if after != before:
            entries.append(Entry(position=event.position, amount=after - before))
        before = after
    row = scratch.row(known.sheet, key)
    if row is None:
        raise asked.missing()
    return made_of(entries, _unit_of(row, unit))


def _unit_of(row: Cells, unit: str) -> str:
    """The unit of a figure; goods are counted in their item, resources in their own measure of it."""
    if unit == MEASURED_BACK:
        return f"{row['back_measure'] or _PIECES}.{row['back_item'] or ''}"
    if unit != _PIECES or "item" not in row:
        return unit
    return f"{row['measure']}.{row['item']}" if "measure" in row else pieces_of(row["item"] or "")


def member(asked: Question) -> Opened:
    """`member:<id>:<figure>`: usable and held minutes by postings, lifetime and sessions by the verified service,
    waiting by the sessions that nobody had verified, stars by the entries that reached each threshold."""
    member_id, _, name = asked.rest.rpartition(":")
    row = queries.member(asked.past.database, asked.past.ledger, member_id)
    if row is None or row["registered"] > asked.past.position:
        raise asked.missing()
    if name in ("usable", "held"):
        return member_minutes(asked, member_id, name)
    if name == "waiting":
        waiting = waiting_as_of(asked.past, member_id)
        return made_of([Entry(position=row["number"], amount=row["minutes"]) for row in waiting], MINUTES)
    if name == "stars":
        return _stars(asked, member_id)
    return thing(asked)


def _tag(past: Past, kind: str, key: str) -> str | None:
    """The tag under which a thing's events are found: its own id, for claims the request, for corrections the session."""
    if kind == "claim":
        row = one(past.database, claims, past.ledger, claim_id=key)
        return row["request_id"] if row else None
    if kind == "correction":
        row = one(past.database, tables.corrections, past.ledger, correction_id=key)
        return row["session_id"] if row else None
    known = THINGS[kind]
    if known.under:
        table = metadata.tables[known.sheet]
        row = one(past.database, table, past.ledger, **{[column.name for column in table.primary_key][1]: key})
        return row[known.under] if row else None
    return key


def waiting_as_of(past: Past, member_id: str) -> list[Cells]:
    """A member's sessions that waited for a verifier, oldest first. One look-up per event of the sessions touched since,
    one pass over the others."""
    where: dict[str, Filter] = {"volunteer": member_id}
    order, most = (("number", False),), 10**9
    page = rows_of(past.database, tables.sessions, past.ledger, where=where, order=order, after=None, limit=most)
    known = [row for row in page.rows if row["number"] <= past.position]
    moved = [row["session_id"] for row in known if row["version"] > past.position]
    then: dict[str, Cells] = {row["session_id"]: row for row in known}
    for start in range(0, len(moved), _BLOCK):
        part = moved[start : start + _BLOCK]
        scratch = replayed(past, events_of(past, part), "sessions")
        then.update({row["session_id"]: row for row in scratch.rows("sessions")})
    return [row for row in then.values() if row["status"] in _WAITING]


def _stars(asked: Question, member_id: str) -> Opened:
    """One star per threshold that the lifetime record stands above; each entry is the service that reached it last."""
    past = asked.past
    record = thing(Question(past, f"member:{member_id}:lifetime", f"{member_id}:lifetime", asked.today))
    entries, _ = record.turn(None, 10**9)
    steps = thresholds(asked)
    reached: dict[int, int] = {}
    total = 0
    for entry in entries:
        before, total = total, total + entry.amount
        for step in steps:
            if before < step * 60 <= total:
                reached[step] = entry.position or 0
    stars = [reached[step] for step in steps if step * 60 <= total]
    return made_of([Entry(position=position, amount=1) for position in stars], "stars")


def thresholds(asked: Question) -> list[int]:
    """The hours of each star by the rules known by then and in force on the day; one look-up per rule ever set.

    None before the rule was first set: nobody had a star then.
    """
    past = asked.past
    rules = Policy(tag="policy")
    for event in events_of(past, ["policy"]):
        rules = rules.evolve(event.fact)
    day = asked.today
    if day is None:
        day = day_of(past.point.at, queries.zone_of(past.database, past.ledger))
    if "honours.star_hours" not in rules.values:
        return []
    value = rules.value("honours.star_hours", day)
    return sorted(int(step) for step in value) if isinstance(value, tuple | list) else []

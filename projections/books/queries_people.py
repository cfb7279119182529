"""Members, teams, units, places, roles and the service record. People's names are in the vault: rows carry `words`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from ledger.clock import DEFAULT_ZONE
from ledger.ids import PERSON, TEAM, UNIT, prefix_of
from ledger.journal.sql import Database
from projections.books import tables
from projections.books.queries_accounts import totals
from projections.reading import Cells, Filter, Page, listed, many, one

_SHORT = re.compile(r"[Vv]([0-9]{1,18})")
_PLACE = "place"
_OLDEST, _NEWEST = (("number", False),), (("number", True),)


def ledger_info(database: Database, ledger: str) -> Cells | None:
    """name, zone, operator of a ledger; None before it was opened."""
    return one(database, tables.ledger_info, ledger)


def zone_of(database: Database, ledger: str) -> str:
    """The zone of the community's days; the usual one for a ledger that was not opened yet."""
    info = ledger_info(database, ledger)
    return str(info["zone"]) if info else DEFAULT_ZONE


def member(database: Database, ledger: str, member_id: str) -> Cells | None:
    """One member's row, if registered; columns of `tables.members`."""
    return one(database, tables.members, ledger, member_id=member_id)


def find_member(database: Database, ledger: str, text: str) -> Cells | None:
    """A member by id (`mem_…`), by the community's own number, or by the short number that people see (`V123`)."""
    text = text.strip()
    found = member(database, ledger, text) if prefix_of(text) == PERSON else None
    if found is None and text:
        found = one(database, tables.members, ledger, number=text)
    short = _SHORT.fullmatch(text)
    if found is None and short:
        found = one(database, tables.members, ledger, registered=int(short[1]))
    return found


def short_number(row: Cells) -> str:
    """What people see of a member: `V` and the position of registration."""
    return f"V{row['registered']}"


def members(
    database: Database,
    ledger: str,
    *,
    place: Filter = None,
    team: Filter = None,
    unit: Filter = None,
    party_member: bool | None = None,
    departed: bool | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Members in the order of registration. Raises Refused `bad_cursor`."""
    where: dict[str, Filter] = {
        "place": place, "team": team, "unit": unit, "party_member": _flag(party_member), "departed": _flag(departed),
    }  # fmt: skip
    order = (("registered", False),)
    return listed(database, tables.members, ledger, where=where, order=order, after=after, limit=limit)


def members_by_id(database: Database, ledger: str, ids: Iterable[str]) -> dict[str, Cells]:
    """The rows of some members by id, for a page that shows many; unknown ids are left out."""
    return {row["member_id"]: row for row in many(database, tables.members, ledger, "member_id", ids)}


def team(database: Database, ledger: str, team_id: str) -> Cells | None:
    """One team's row, if formed."""
    return one(database, tables.teams, ledger, team_id=team_id)


def teams(
    database: Database, ledger: str, *, unit: Filter = None, place: Filter = None, kind: Filter = None,
    after: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """Teams in the order of forming."""
    where = {"unit": unit, "place": place, "kind": kind}
    return listed(database, tables.teams, ledger, where=where, order=_OLDEST, after=after, limit=limit)


def unit(database: Database, ledger: str, unit_id: str) -> Cells | None:
    """One unit's row, if registered."""
    return one(database, tables.units, ledger, unit_id=unit_id)


def units(
    database: Database, ledger: str, *, kind: Filter = None, place: Filter = None, code: str | None = None,
    name: str | None = None, after: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """Units in the order of registration; `name` and `code` are exact."""
    where = {"kind": kind, "place": place, "code": code, "name": name}
    return listed(database, tables.units, ledger, where=where, order=_OLDEST, after=after, limit=limit)


def places(database: Database, ledger: str) -> list[Cells]:
    """All places in the order in which they were added: parents before children. A ledger has few thousand."""
    where: dict[str, Filter] = {}
    return listed(database, tables.places, ledger, where=where, order=_OLDEST, after=None, limit=1_000_000).rows


def places_below(rows: Iterable[Cells], place_id: str) -> list[str]:
    """A place and everything below it, out of the rows of `places`."""
    below = {place_id}
    for row in rows:
        if row["parent"] in below:
            below.add(row["place_id"])
    return sorted(below)


def names_of(database: Database, ledger: str, ids: Iterable[str]) -> dict[str, str]:
    """The public names of units, teams and places by id. People and unknown ids are left out."""
    sources = {UNIT: (tables.units, "unit_id"), TEAM: (tables.teams, "team_id"), _PLACE: (tables.places, "place_id")}
    by_prefix: dict[str, set[str]] = {}
    for identifier in ids:
        by_prefix.setdefault(prefix_of(identifier), set()).add(identifier)
    names: dict[str, str] = {}
    for prefix, wanted in by_prefix.items():
        if prefix in sources:
            table, column = sources[prefix]
            names.update((row[column], row["name"]) for row in many(database, table, ledger, column, wanted))
    return names


def roles_of(database: Database, ledger: str, holder: str) -> list[Cells]:
    """The roles that somebody holds now."""
    return [row for row in many(database, tables.roles, ledger, "holder", [holder]) if row["active"]]


def proxies_of(database: Database, ledger: str, principal: str) -> list[str]:
    """Who may act for a member now."""
    rows = many(database, tables.proxies, ledger, "principal", [principal])
    return sorted(row["proxy"] for row in rows if row["active"])


def erasures(
    database: Database, ledger: str, *, status: Filter = None, after: str | None = None, limit: int = 50
) -> Page:
    """What was asked to be erased (`asked`) and what is (`erased`), newest first."""
    return listed(database, tables.erasures, ledger, where={"status": status}, order=_NEWEST, after=after, limit=limit)


def erasure(database: Database, ledger: str, subject: str) -> Cells | None:
    """Whether the words about a subject were erased or asked to be; None for neither."""
    return one(database, tables.erasures, ledger, subject=subject)


def intake_points(database: Database, ledger: str, *, after: str | None = None, limit: int = 500) -> Page:
    """Points at which requests come in, with how many came in at each (`requests`)."""
    return listed(database, tables.intake_points, ledger, where={}, order=_OLDEST, after=after, limit=limit)


def channels(database: Database, ledger: str) -> dict[str, int]:
    """How many requests came in over each channel."""
    prefix = "channel:"
    return {
        name.removeprefix(prefix): count for name, count in totals(database, ledger).items() if name.startswith(prefix)
    }


def policies(database: Database, ledger: str, day: date) -> dict[str, Any]:
    """Every rule's value in force on a day; the latest fact wins among those that had begun by then."""
    in_force: dict[str, tuple[int, Any]] = {}
    order = (("position", False),)
    for row in listed(database, tables.policies, ledger, where={}, order=order, after=None, limit=1_000_000).rows:
        if row["from_day"] <= day.isoformat():
            in_force[row["name"]] = (row["position"], msgspec.json.decode(row["value"]))
    return {name: value for name, (_, value) in sorted(in_force.items())}


def session(database: Database, ledger: str, session_id: str) -> Cells | None:
    """One session's row, if recorded."""
    return one(database, tables.sessions, ledger, session_id=session_id)


def sessions_of(
    database: Database, ledger: str, volunteer: str, *, status: Filter = None, after: str | None = None, limit: int = 50
) -> Page:
    """A volunteer's sessions, newest entry first."""
    where: dict[str, Filter] = {"volunteer": volunteer, "status": status}
    return listed(database, tables.sessions, ledger, where=where, order=_NEWEST, after=after, limit=limit)


def sessions_by_status(
    database: Database, ledger: str, status: Filter, *, after: str | None = None, limit: int = 50
) -> Page:
    """Everybody's sessions in one state (or several), oldest entry first."""
    where = {"status": status}
    return listed(database, tables.sessions, ledger, where=where, order=_OLDEST, after=after, limit=limit)


def sessions_waiting(database: Database, ledger: str, *, after: str | None = None, limit: int = 50) -> Page:
    """Sessions that wait for a verifier, oldest entry first."""
    return sessions_by_status(database, ledger, ("recorded", "endorsed"), after=after, limit=limit)


def corrections_of(database: Database, ledger: str, session_id: str) -> list[Cells]:
    """The corrections asked for of a session, in order."""
    where: dict[str, Filter] = {"session_id": session_id}
    return listed(database, tables.corrections, ledger, where=where, order=_OLDEST, after=None, limit=1000).rows


def corrections_by_status(
    database: Database, ledger: str, status: Filter, *, volunteer: Filter = None, after: str | None = None,
    limit: int = 50,
) -> Page:  # fmt: skip
    """Corrections in one state, of one volunteer or of all, oldest first."""
    where = {"status": status, "volunteer": volunteer}
    return listed(database, tables.corrections, ledger, where=where, order=_OLDEST, after=after, limit=limit)


def corrections_waiting(database: Database, ledger: str, *, after: str | None = None, limit: int = 50) -> Page:
    """Corrections that wait for a decision, oldest first."""
    return corrections_by_status(database, ledger, "asked", after=after, limit=limit)


def reservations_of(
    database: Database, ledger: str, member_id: str, *, status: Filter = None, after: str | None = None, limit: int = 50
) -> Page:
    """A member's reservations, newest first."""
    where: dict[str, Filter] = {"member": member_id, "status": status}
    return listed(database, tables.reservations, ledger, where=where, order=_NEWEST, after=after, limit=limit)


def reservation(database: Database, ledger: str, reservation_id: str) -> Cells | None:
    """One reservation's row, if made."""
    return one(database, tables.reservations, ledger, reservation_id=reservation_id)


def certificate(database: Database, ledger: str, certificate_id: str) -> Cells | None:
    """One certificate's row, if issued."""
    return one(database, tables.certificates, ledger, certificate_id=certificate_id)


def certificates_of(database: Database, ledger: str, member_id: str) -> list[Cells]:
    """A member's certificates, newest first."""
    where: dict[str, Filter] = {"member": member_id}
    return listed(database, tables.certificates, ledger, where=where, order=_NEWEST, after=None, limit=1000).rows


def _flag(wanted: bool | None) -> int | None:
    return None if wanted is None else int(wanted)

"""Figures of the whole community, and counts: each entry is one of what is counted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select

from ledger.accounts import HONOUR, ISSUED, POOL
from ledger.units import FEN, MINUTES
from projections.asof.figures import Entry, Opened, Question, made_of
from projections.asof.of_accounts import fund, opened_account
from projections.asof.past import Past, events_of
from projections.asof.scratch import replayed
from projections.asof.things import requests_as_of
from projections.asof.totals import (
    balances_then,
    common_accounts,
    members_there,
    partners_then,
    request_rows,
    reservations_open,
    stats_as_of,
)
from projections.boards.queries import followed_to
from projections.books import queries
from projections.books.more_tables import requests
from projections.books.queries import LATER_STATES, REQUEST_STATES
from projections.books.tables import intake_points, members, teams
from projections.reading import Cells, cursor_of, fetch, numbers_of, one
from projections.reading import listed as rows_of

OPEN_STATES = ("published", "claimed", "fulfilled")
"""Requests under way: on the board, in somebody's hands, or waiting to be confirmed."""
MINUTES_FIGURES = ("earned", "spendable", "held", "pool", "honour")
_REQUEST = ("requests", "claims", "matches")
_BLOCK = 256


def stats(asked: Question) -> Opened:
    """`stats.<figure>`: what the first page of a community shows. What each costs is that of `stats_as_of`."""
    past = asked.past
    family, _, name = asked.rest.partition(".")
    if family == "requests":
        return _requests(asked, name)
    if family == "minutes":
        return _minutes(asked, name)
    if family == "channels" and name:
        rows = [row for row in request_rows(past) if row["channel"] == name]
        return made_of([Entry(position=row["number"], amount=1) for row in rows], "requests")
    if name or family not in _PLAIN:
        raise asked.missing()
    return _PLAIN[family](asked)


def _events(asked: Question) -> Opened:
    """Every event counts 1. Nothing is looked up."""
    head = asked.past.position

    def turn(after: str | None, limit: int) -> tuple[list[Entry], str | None]:
        first = 0 if after is None else numbers_of(after, 1)[0]
        last = min(first + limit, head)
        page = [Entry(position=position, amount=1) for position in range(first + 1, last + 1)]
        return page, cursor_of(last) if last < head else None

    return Opened(head, "events", turn)


def _members(asked: Question) -> Opened:
    return made_of([Entry(position=position, amount=1) for position, _ in members_there(asked.past)], "members")


def _partners(asked: Question) -> Opened:
    found = partners_then(asked.past)
    ordered = sorted(found.items(), key=lambda pair: pair[1])
    entries = [Entry(position=position, figure=f"unit:{unit}:agreements", amount=1) for unit, position in ordered]
    return made_of(entries, "units")


def _followed(asked: Question) -> Opened:
    """How far the boards had come at that position: every event that they counted."""
    position = min(asked.past.position, followed_to(asked.past.database, asked.past.ledger))
    return _events(asked._replace(past=asked.past._replace(position=position)))


def _all_funds(asked: Question) -> Opened:
    """Income or expense of all funds together."""
    entries = []
    for row in queries.funds(asked.past.database, asked.past.ledger):
        if row.fund["number"] <= asked.past.position:
            figure = f"fund:{row.fund['slug']}:{asked.rest}"
            value = fund(asked._replace(name=figure, rest=figure.partition(":")[2])).value
            entries += [Entry(figure=figure, amount=value)] if value else []
    return made_of(entries, FEN)


_PLAIN = {
    "events": _events,
    "position": _events,
    "followed": _followed,
    "members": _members,
    "partners": _partners,
    "income": _all_funds,
    "expense": _all_funds,
}


def _requests(asked: Question, state: str) -> Opened:
    """Requests in a state: the position that brought each there. One pass over requests, and one look-up per event of
    those in that state (and of those touched since)."""
    states = OPEN_STATES if state == "open" else (state,)
    if not set(states) <= {*REQUEST_STATES, *LATER_STATES}:
        raise asked.missing()
    past = asked.past
    there = [row for row in requests_as_of(past, request_rows(past)).values() if row["status"] in states]
    there.sort(key=lambda row: int(row["number"]))

    def turn(after: str | None, limit: int) -> tuple[list[Entry], str | None]:
        start = 0 if after is None else numbers_of(after, 1)[0]
        page = there[start : start + limit]
        arrived = _arrived(past, page)
        entries = [Entry(position=arrived[row["request_id"]], amount=1) for row in page]
        return entries, cursor_of(start + limit) if len(there) > start + limit else None

    return Opened(len(there), "requests", turn)


def _arrived(past: Past, rows: list[Cells]) -> dict[str, int]:
    """The position at which each request last came to the state in which it was."""
    found: dict[str, int] = {}
    ids = [row["request_id"] for row in rows]
    for start in range(0, len(ids), _BLOCK):
        part = set(ids[start : start + _BLOCK])
        scratch = replayed(past, (), *_REQUEST)
        states: dict[str, str] = {}
        for event in events_of(past, part):
            scratch.apply(event)
            fact = event.fact
            for request_id in part & {getattr(fact, "request_id", ""), *getattr(fact, "agenda", ())}:
                row = scratch.row("requests", request_id)
                if row is not None and row["status"] != states.get(request_id):
                    states[request_id], found[request_id] = row["status"], event.position
    return found


def _minutes(asked: Question, name: str) -> Opened:
    """Minutes of the community. Earned, pool and honour are accounts; held are reservations that were open; usable ones
    are what is left of the earned, since all accounts of minutes sum to zero: no member's account is opened for it."""
    past = asked.past
    if name == "earned":
        return opened_account(past, ISSUED, MINUTES, sign=-1)
    if name in ("pool", "honour"):
        return opened_account(past, POOL if name == "pool" else HONOUR, MINUTES)
    kept = [Entry(position=row["number"], amount=row["minutes"]) for row in reservations_open(past)]
    if name == "held":
        return made_of(kept, MINUTES)
    if name != "spendable":
        raise asked.missing()
    common = common_accounts(past)
    spent = balances_then(past, [(account, MINUTES) for account in common])
    parts = [("stats.minutes.earned", -spent.get((ISSUED, MINUTES), 0))]
    parts += [("stats.minutes.held", -sum(one.amount for one in kept))]
    parts += [(f"stats.minutes.{one}", -spent.get((account, MINUTES), 0)) for one, account in _KEPT]
    others = [account for account in common if account not in (ISSUED, POOL, HONOUR)]
    parts += [(f"balance:{account}:{MINUTES}", -spent.get((account, MINUTES), 0)) for account in others]
    entries = [Entry(figure=figure, amount=amount) for figure, amount in parts if amount]
    return Opened(stats_as_of(past).minutes.spendable, MINUTES, made_of(entries, MINUTES).turn)


_KEPT = (("pool", POOL), ("honour", HONOUR))


def intake(asked: Question) -> Opened:
    """`intake:<point>:requests`: the requests that came in there. One look-up per request."""
    point, _, name = asked.rest.rpartition(":")
    past = asked.past
    row = one(past.database, intake_points, past.ledger, point_id=point)
    if row is None or name != "requests" or row["number"] > past.position:
        raise asked.missing()

    def build() -> Select[Any]:
        c = requests.c
        here = (c.ledger == bindparam("l"), c.point == bindparam("t"), c.number <= bindparam("p"))
        return select(c.number).where(*here, c.number > bindparam("n")).order_by(c.number)

    with past.database.reading() as cursor:
        values = {"l": past.ledger, "t": point, "p": past.position, "n": row["number"]}
        numbers = fetch(past.database, cursor, "asof.point", build, **values)
    return made_of([Entry(position=int(number), amount=1) for (number,) in numbers], "requests")


def team(asked: Question) -> Opened:
    """`team:<id>:members`: the position that brought each member there. One pass over members, one look-up per event of
    those who are or were touched since."""
    identifier, _, name = asked.rest.rpartition(":")
    past = asked.past
    row = one(past.database, teams, past.ledger, team_id=identifier)
    if row is None or name != "members" or row["number"] > past.position:
        raise asked.missing()
    order, most = (("registered", False),), 10**9
    page = rows_of(past.database, members, past.ledger, where={}, order=order, after=None, limit=most)
    rows = [
        one_row for one_row in page.rows
        if one_row["registered"] <= past.position
        and (one_row["version"] > past.position or (one_row["team"] == identifier and not one_row["departed"]))
    ]  # fmt: skip
    entries = []
    for start in range(0, len(rows), _BLOCK):
        part = [one_row["member_id"] for one_row in rows[start : start + _BLOCK]]
        scratch = replayed(past, (), "members")
        since: dict[str, int] = {}
        for event in events_of(past, part, stems=_BELONGING):
            scratch.apply(event)
            since[str(getattr(event.fact, "member_id", ""))] = event.position
        for member_id in part:
            then = scratch.row("members", member_id)
            if then is not None and then["team"] == identifier and not then["departed"]:
                entries.append(Entry(position=since[member_id], amount=1))
    return made_of(sorted(entries, key=lambda entry: entry.position or 0), "members")


_BELONGING = frozenset({"party.member_registered", "party.member_left", "party.team_joined", "party.team_left"})

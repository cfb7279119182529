"""Shifts as the pages show them: which come soon, where, how many places are left, and where somebody stands in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, and_, bindparam, or_, select

from api.pages.common import Visit
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE, moment
from ledger.policy.state import policy_of
from ledger.shifts.state import Shift
from projections.books import queries as books
from projections.books.engines.shifts_tables import shifts, signups
from projections.reading import Cells, Page, cells, cursor_of, fetch, listed, many, numbers_of, one

ROWS = 20
_PLACES_MOST = 256
_OPEN = ("booked", "waiting", "in")
_SHOWN_SIGNUPS = 10


class Standing(msgspec.Struct, frozen=True):
    """Where somebody stands in a shift. `status` as in the table of sign-ups; `place` in the queue, 0 if not waiting."""

    status: str
    place: int = 0
    session_id: str = ""
    barrier: str = ""
    in_at: int = 0
    out_at: int = 0


def minutes_rule(visit: Visit, name: str) -> int:
    """A rule about shifts that is in force today, in minutes."""
    return policy_of(visit.view).number(f"shifts.{name}_minutes", visit.today)


def runs_now(visit: Visit, row: Cells) -> bool:
    """Whether people may check in or out at a shift at this moment."""
    from_at = row["start_at"] - minutes_rule(visit, "early") * MICROS_PER_MINUTE
    until_at = row["end_at"] + minutes_rule(visit, "late") * MICROS_PER_MINUTE
    return bool(row["status"] == "open" and from_at <= visit.now_at < until_at)


def hours_of_day(visit: Visit, row: Cells) -> str:
    """`14:00–16:00` in the community's zone."""
    return visit.span(row["start_at"], row["end_at"])


def day_in_words(visit: Visit, row: Cells) -> str:
    """The day on which a shift begins, with the day of the week."""
    when = moment(row["start_at"], visit.zone)
    name = visit.t(f"volunteer.weekday.{when.weekday()}")
    return visit.t("volunteer.shift.day", day=visit.day(when.date()), weekday=name)


def _coming(count: int, behind: bool) -> Select[Any]:
    c = shifts.c
    wanted = [c.ledger == bindparam("l"), c.status == bindparam("s"), c.start_at > bindparam("since")]
    wanted.append(c.end_at > bindparam("now"))
    if count:
        wanted.append(c.place.in_([bindparam(f"p{i}") for i in range(count)]))
    if behind:
        later = and_(c.start_at == bindparam("a0"), c.number > bindparam("a1"))
        wanted.append(or_(c.start_at > bindparam("b0"), later))
    return select(shifts).where(*wanted).order_by(c.start_at, c.number).limit(bindparam("n"))


def coming(visit: Visit, places: Sequence[str] | None, *, after: str | None = None, limit: int = ROWS) -> Page:
    """Open shifts that are not over, the soonest first; with `places` only those. Raises Refused `bad_cursor`."""
    given: dict[str, Any] = {}
    count = 0
    if places is not None:
        kept = list(places)[:_PLACES_MOST]
        if not kept:
            return Page([], None)
        # Few lengths, few statements.
        count = next(size for size in (1, 4, 16, 64, _PLACES_MOST) if size >= len(kept))
        padded = [*kept, *[kept[-1]] * (count - len(kept))]
        given = {f"p{i}": place for i, place in enumerate(padded)}
    if after is not None:
        start, number = numbers_of(after, 2)
        given |= {"a0": start, "b0": start, "a1": number}
    database = visit.store.database
    with database.reading() as cursor:
        rows = fetch(
            database, cursor, ("volunteer.coming", count, after is not None),
            lambda: _coming(count, after is not None), l=visit.ledger, s="open", now=visit.now_at,
            since=visit.now_at - MICROS_PER_DAY, n=limit + 1, **given,
        )  # fmt: skip
    page = [cells(shifts, row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(page, cursor_of(page[-1]["start_at"], page[-1]["number"]) if more else None)


def near(visit: Visit, place: str) -> list[str]:
    """A place, what is above it, and everything below the place next above it: one's own stairwell and the neighbours'."""
    rows = books.places(visit.store.database, visit.ledger)
    above: dict[str, str | None] = {row["place_id"]: row["parent"] for row in rows}
    if place not in above:
        return []
    chain: list[str] = []
    up: str | None = place
    while up is not None and up not in chain:
        chain.append(up)
        up = above.get(up)
    around = books.places_below(rows, above[place] or place)
    return list(dict.fromkeys([*chain, *around]))


def shift_row(visit: Visit, shift_id: str) -> Cells | None:
    """One shift's row, if there is such a shift."""
    return one(visit.store.database, shifts, visit.ledger, shift_id=shift_id)


def signups_of(visit: Visit, member: str, *, after: str | None = None) -> Page:
    """A member's sign-ups, newest first."""
    where = {"member": member}
    return listed(
        visit.store.database, signups, visit.ledger, where=where, order=(("number", True),), after=after,
        limit=_SHOWN_SIGNUPS,
    )  # fmt: skip


def expected(visit: Visit, member: str) -> list[tuple[Cells, Standing]]:
    """Shifts at which a member is expected or waits for a place, the soonest first."""
    page = listed(
        visit.store.database, signups, visit.ledger, where={"member": member, "status": _OPEN},
        order=(("number", True),), after=None, limit=ROWS,
    )  # fmt: skip
    return sorted(_with_shifts(visit, page.rows), key=lambda pair: pair[0]["start_at"])


def past_signups(visit: Visit, member: str, *, after: str | None) -> tuple[list[tuple[Cells, Standing]], str | None]:
    """What became of earlier sign-ups, newest first, and where the rest begins."""
    page = signups_of(visit, member, after=after)
    return _with_shifts(visit, [row for row in page.rows if row["status"] not in _OPEN]), page.next


def standings(visit: Visit, member: str, shift_ids: Sequence[str]) -> dict[str, Standing]:
    """Where a member stands in some shifts, by shift; none for those they did not sign up for."""
    if not member or not shift_ids:
        return {}
    page = listed(
        visit.store.database, signups, visit.ledger, where={"shift_id": list(shift_ids), "member": member},
        order=(("number", False),), after=None, limit=ROWS * 4,
    )  # fmt: skip
    # Who withdrew may have come back: only what was not ended counts.
    return {row["shift_id"]: standing_of(visit, row) for row in page.rows if row["status"] != "ended"}


def standing_of(visit: Visit, signup: Cells) -> Standing:
    """Where a sign-up stands; its place in the queue is counted from the ledger's own state."""
    place = 0
    if signup["status"] == "waiting":
        queue = [one_id for one_id, _ in visit.view.state(Shift, signup["shift_id"]).waiting()]
        place = queue.index(signup["signup_id"]) + 1 if signup["signup_id"] in queue else 0
    return Standing(
        signup["status"], place, signup["session_id"] or "", signup["barrier"] or "", signup["in_at"] or 0,
        signup["out_at"] or 0,
    )  # fmt: skip


def _with_shifts(visit: Visit, rows: list[Cells]) -> list[tuple[Cells, Standing]]:
    found = many(visit.store.database, shifts, visit.ledger, "shift_id", [row["shift_id"] for row in rows])
    by_id = {row["shift_id"]: row for row in found}
    return [(by_id[row["shift_id"]], standing_of(visit, row)) for row in rows if row["shift_id"] in by_id]

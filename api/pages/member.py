"""A member's own page: what they may use, what is held, awaited and earned for life, and every movement with its reason."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import msgspec
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages.charts import Bar, columns
from api.pages.common import Visit
from api.pages.lines import Line, lines_of, shift_names
from api.pages.links import figure_link, looker_of, past_of, sentence
from api.pages.naming import labels
from api.pages.own import may_forget, may_take
from api.pages.signin.cards import may_make_cards
from api.pages.volunteer import calendar
from api.pages.volunteer.ways import ways_of
from api.people import People
from api.store import Store
from ledger.accounts import usable
from ledger.clock import day_of
from ledger.errors import NotFound
from ledger.parties.state import acts_for
from ledger.policy.state import policy_of
from projections.asof.figures import Question
from projections.asof.of_things import thresholds, waiting_as_of
from projections.asof.past import Past
from projections.asof.rankings import explain_as_of
from projections.asof.why import why
from projections.boards.measures import VOLUNTEER_MINUTES
from projections.boards.tables import scores
from projections.books import queries as books
from projections.reading import Cells, one

_LINES = 20
_WAITING_MOST = 1_000
_MONTHS = 12


class Day(msgspec.Struct, frozen=True):
    """The movements of one day, newest first, with the balance at its end."""

    day: date
    balance: int
    lines: list[Line]


class Month(msgspec.Struct, frozen=True):
    """Verified minutes of one month of service."""

    name: str
    minutes: int


class Stars(msgspec.Struct, frozen=True):
    """The star level of a lifetime record; `next_minutes` are missing to the next star, 0 at the highest."""

    level: int
    most: int
    next_minutes: int


def stars_of(visit: Visit, earned_minutes: int, past: Past | None = None) -> Stars:
    """Stars by lifetime hours, never by what is left to spend (policy `honours.star_hours`, as it stood then)."""
    if past is not None:
        hours = thresholds(Question(past, "", "", None))
    else:
        steps = policy_of(visit.view).value("honours.star_hours", visit.today)
        hours = sorted(int(step) for step in steps) if isinstance(steps, tuple | list) else []
    level = sum(1 for step in hours if earned_minutes >= step * 60)
    missing = hours[level] * 60 - earned_minutes if level < len(hours) else 0
    return Stars(level, len(hours), missing)


def _months(visit: Visit, member: str, past: Past | None) -> list[Month]:
    """The last twelve months, this one last: one index look-up each; as of then, one per entry of the year."""
    found: list[Month] = []
    # Before the first entry there is no moment to count back from.
    today = visit.today if past is None or not past.position else day_of(past.point.at, visit.zone)
    year, month = today.year, today.month
    for back in range(_MONTHS - 1, -1, -1):
        index = year * 12 + month - 1 - back
        period = f"{index // 12:04}-{index % 12 + 1:02}"
        if past is not None:
            told = explain_as_of(past, VOLUNTEER_MINUTES, period, member, limit=0)
            found.append(Month(period, told.value))
            continue
        row = one(visit.store.database, scores, visit.ledger, measure=VOLUNTEER_MINUTES, subject=member, period=period)
        found.append(Month(period, row["value"] if row else 0))
    return found


def _chart(visit: Visit, months: list[Month]) -> list[Bar]:
    shown = [visit.t("member.chart_hours", hours=f"{one.minutes // 60}") if one.minutes else "" for one in months]
    names = [str(int(one.name[-2:])) for one in months]
    return columns([one.minutes for one in months], names, shown)


def _days(visit: Visit, lines: list[Line]) -> list[Day]:
    grouped = groupby(lines, key=lambda line: day_of(line.recorded_at, visit.zone))
    return [Day(day, kept[0].balance, kept) for day, group in grouped if (kept := list(group))]


def _waiting(visit: Visit, member: str, past: Past | None) -> tuple[list[Cells], int]:
    """Sessions that nobody verified yet (or had by then), and their minutes."""
    if past is not None:
        rows = waiting_as_of(past, member)
        return rows, sum(row["minutes"] for row in rows)
    status = ("recorded", "endorsed")
    page = books.sessions_of(visit.store.database, visit.ledger, member, status=status, limit=_WAITING_MOST)
    return page.rows, sum(row["minutes"] for row in page.rows)


def _split(visit: Visit, member: str, months: list[Month], past: Past | None) -> str:
    """How many of the year's hours were scanned and how many stated by others; "" for the past and for none."""
    if past is not None:
        return ""
    ways = ways_of(visit, member, f"{months[0].name}-01")
    if not any(ways.values()):
        return ""
    shown = {origin: visit.hours(minutes) for origin, minutes in ways.items()}
    return visit.t("volunteer.year_split_imported" if ways["imported"] else "volunteer.year_split", **shown)


def _lifetime(past: Past, row: Cells) -> int:
    """Minutes of verified service by then; 0 for somebody who had not joined."""
    return why(past, f"member:{row['member_id']}:lifetime", limit=1).value if row["registered"] <= past.position else 0


def _balance(visit: Visit, member: str, day: Day) -> Markup:
    """The balance at a day's end, which opens as of its last movement."""
    shown = figure_link(visit, f"member:{member}:usable", visit.hours(day.balance), at=day.lines[0].position)
    return sentence(visit, "member.balance", {"hours": shown})


class Duty(msgspec.Struct, frozen=True):
    """The shift that comes next: its row, where, when, and whether people check in or out there now."""

    row: Cells
    place: str
    when: str
    mine: calendar.Standing
    now: bool


def _duty(visit: Visit, member: str) -> Duty | None:
    """Where the member is expected next; None where nowhere."""
    ahead = [pair for pair in calendar.expected(visit, member) if pair[0]["status"] == "open"]
    if not ahead:
        return None
    row, mine = next((pair for pair in ahead if calendar.runs_now(visit, pair[0])), ahead[0])
    when = f"{calendar.day_in_words(visit, row)} {calendar.hours_of_day(visit, row)}"
    return Duty(row, labels(visit, [row["place"]])[row["place"]], when, mine, calendar.runs_now(visit, row))


def add_member(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/me` and `/{ledger}/members/{member}`: for the member, proxies, workers, auditors, administrators."""

    @pages.get("/{ledger}/members/{member}")
    def statement(request: Request, ledger: str, member: str, after: str | None = None, at: str = "") -> Response:
        visit = Visit(store, request, ledger)
        if not visit.reads_affairs_of(member):
            # Whether somebody is a member is nobody else's business: refused as if they were not.
            raise NotFound("no_such_member", member=member)
        row = books.member(store.database, ledger, member)
        if row is None:
            raise NotFound("no_such_member", member=member)
        past = past_of(visit, at)
        position = None if past is None else past.position
        page = books.statement(store.database, ledger, usable(member), after=after, limit=_LINES, position=position)
        hours = books.hours_of(store.database, ledger, member, position=position)
        waiting, waiting_minutes = _waiting(visit, member, past)
        if past is not None:
            looker_of(visit).need_boards(past)
        months = _months(visit, member, past)
        lifetime = row["earned_minutes"] if past is None else _lifetime(past, row)
        words = People(store, ledger).words(one["words"] for one in waiting[:_LINES])
        shifts = shift_names(visit, waiting[:_LINES])
        return visit.page(
            "member.html",
            tab="me",
            member=row,
            name=labels(visit, [member], clear=True)[member],
            own=visit.caller.actor == member,
            number=books.short_number(row),
            hours=hours,
            waiting=waiting[:_LINES],
            waiting_count=len(waiting),
            waiting_minutes=waiting_minutes,
            waiting_names={
                one["session_id"]: words.get(one["words"], {}).get("activity", "") or shifts.get(one["activity_id"], "")
                for one in waiting
            },
            stars=stars_of(visit, lifetime, past),
            lifetime=lifetime,
            at=position,
            point=None if past is None else past.point,
            balance_of=lambda day: _balance(visit, member, day),
            months=months,
            split=_split(visit, member, months, past),
            duty=_duty(visit, member) if past is None and after is None else None,
            acts=past is None and acts_for(visit.view, visit.caller.actor, member),
            bars=_chart(visit, months),
            days=_days(visit, lines_of(visit, member, page.lines)),
            entries=page.entries,
            more=page.next,
            further=after is not None,
            takes=may_take(visit, member),
            makes_cards=may_make_cards(visit, member) and not row["departed"],
            forgets=may_forget(visit, member) and not row["erased"],
        )

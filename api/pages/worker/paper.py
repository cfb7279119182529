"""Entering a paper list: which shift, who stands for it, and rows typed as they stand on the sheet.

Nothing is written before every row is known to be right: rows are first decided in rehearsal, what is wrong is told at its
row, and what was typed stays. Rows that cannot be right may be left out by a press that says so.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from api import formats
from api.finding import find_members
from api.imports.folding import CellError
from api.imports.times import parse_time
from api.pages.common import Visit, redirect
from api.pages.naming import labels
from api.pages.worker.desk import WORKER, holds_somewhere
from api.problems import status_of
from api.signin.grave import need_proof
from api.store import Store
from ledger.application import Actor, Order, Outcome
from ledger.clock import start_of_day
from ledger.errors import NotFound, NuanlinError, Refused
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import Standing
from ledger.rehearsal import Rehearsal
from ledger.shifts.commands import PaperRow, RecordPaperList
from ledger.shifts.facts import PaperRowEntered
from projections.books import queries as books
from projections.books.engines.shifts_tables import paper_lists, shifts, signups
from projections.reading import Cells, listed, one

_SHIFTS, _BLANK, _MOST = 30, 8, 200
_DAY_MINUTES = 24 * 60
_ROW = re.compile(r"(?:who|from|to)-(\d{1,3})")


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it was typed; `member` is whom that names, `wrong` why it cannot be entered, "" for neither."""

    number: int
    who: str = ""
    start: str = ""
    end: str = ""
    member: str = ""
    name: str = ""
    wrong: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.who or self.start or self.end)


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as it was typed, with what was found wrong about it as a whole."""

    guarantor: str
    rows: list[Typed]
    trouble: str = ""
    guarantor_wrong: str = ""

    @property
    def wrong(self) -> list[Typed]:
        """Rows that cannot be entered as they stand."""
        return [row for row in self.rows if row.wrong]


def may_enter(visit: Visit, shift: Cells) -> bool:
    """A worker, or whoever is in charge of the shift and has not left."""
    if not visit.caller.signed_in:
        return False
    own = shift["in_charge"] == visit.caller.actor and not visit.view.state(Standing, visit.caller.actor).left
    return own or visit.caller.holds(WORKER, shift["shift_id"])


def _shift(visit: Visit, shift_id: str) -> Cells:
    row = one(visit.store.database, shifts, visit.ledger, shift_id=shift_id)
    if row is None or not may_enter(visit, row):
        raise NotFound("no_such_page")
    return row


def when_of(visit: Visit, row: Cells) -> str:
    """The day and the times of a shift."""
    times = visit.span(row["start_at"], row["end_at"])
    return f"{visit.day(row['day'])} {times}"


def shifts_page(visit: Visit, day: str) -> Response:
    """The shifts of the latest days (or of one), to choose whose sheet is entered."""
    chosen = day or visit.today.isoformat()
    rows: list[Cells] = []
    for status in ("closed", "open"):
        rows += listed(
            visit.store.database, shifts, visit.ledger, where={"status": status}, order=(("start_at", True),),
            after=f"{visit.now_at + 1 if not day else _end_of(visit, chosen)}", limit=_SHIFTS,
        ).rows  # fmt: skip
    if day:
        rows = [row for row in rows if row["day"] == day]
    rows.sort(key=lambda row: -int(row["start_at"]))
    names = labels(visit, [row["place"] for row in rows])
    shown = [
        (visit.url(f"paper-lists/{row['shift_id']}"), row["name"], when_of(visit, row), names.get(row["place"], ""),
         row["recorded"])
        for row in rows[:_SHIFTS]
    ]  # fmt: skip
    return visit.page("worker_paper_shifts.html", tab="work", shifts=shown, day=day)


def _end_of(visit: Visit, day: str) -> int:
    try:
        return start_of_day(date.fromisoformat(day) + timedelta(days=1), visit.zone)
    except (ValueError, OverflowError):
        raise Refused("desk_bad_day", field="day") from None


def _minute(typed: str) -> int:
    """Minutes since midnight of a time as people write it; raises Refused `desk_bad_time`."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    try:
        clock = parse_time(text)
    except CellError:
        raise Refused("desk_bad_time") from None
    return clock.hour * 60 + clock.minute


def _signed_up(visit: Visit, shift_id: str) -> frozenset[str]:
    """Who signed up for a shift: whoever is in charge of it may know them."""
    page = listed(
        visit.store.database, signups, visit.ledger, where={"shift_id": shift_id}, order=(("number", False),),
        after=None, limit=_MOST,
    )  # fmt: skip
    return frozenset(row["member"] for row in page.rows)


def _member(visit: Visit, typed: str, field: str, known: frozenset[str]) -> str:
    """Whom somebody means: by number anybody; by name or telephone those `known` at the shift, or whose names who looks
    may read. Of others it is not told whether there is such a person."""
    row = books.find_member(visit.store.database, visit.ledger, typed.strip())
    if row is not None:
        return str(row["member_id"])
    found = [
        one
        for one in find_members(visit.store, visit.ledger, typed.strip())
        if one in known or visit.caller.sees_name_of(one)
    ]
    if not found:
        raise Refused("form_no_member" if visit.caller.sees_names else "form_number_only", field=field)
    if len(found) > 1:
        raise Refused("form_several_members", field=field, count=len(found))
    return found[0]


def _read(visit: Visit, typed: Typed, known: frozenset[str]) -> tuple[Typed, PaperRow | None]:
    """A typed row and the row of the command, None where something about it cannot be read."""
    if typed.blank:
        return typed, None
    try:
        if not typed.who:
            raise Refused("paper_no_name")
        member = _member(visit, typed.who, "who", known)
        start, end = _minute(typed.start), _minute(typed.end)
    except NuanlinError as problem:
        return msgspec.structs.replace(typed, wrong=formats.error(problem, visit.lang)), None
    # A shift over midnight is written as it is read: from ten in the evening to one.
    end += _DAY_MINUTES if end < start else 0
    return msgspec.structs.replace(typed, member=member), PaperRow(member=member, from_minute=start, to_minute=end)


def typed_rows(said: dict[str, str]) -> list[Typed]:
    """The rows of a form, in order; what was left blank stays where it was."""
    numbers = sorted({int(found[1]) for name in said if (found := _ROW.fullmatch(name))})[:_MOST]
    return [
        Typed(
            number=number, who=said.get(f"who-{number}", "").strip(), start=said.get(f"from-{number}", "").strip(),
            end=said.get(f"to-{number}", "").strip(),
        )
        for number in numbers
    ]  # fmt: skip


def _rehearse(visit: Visit, order: Order) -> Outcome | NuanlinError:
    """What the ledger would say, with nothing written."""
    actor = Actor(visit.caller.actor)
    return Rehearsal(visit.store.application, visit.ledger, actor).execute_many([order])[0]


def _judged(visit: Visit, command: RecordPaperList, rows: list[Typed]) -> tuple[list[Typed], str]:
    """The rows with what the ledger would say of each, and what it says of the whole."""
    answer = _rehearse(visit, Order(command))
    if isinstance(answer, NuanlinError):
        return rows, formats.error(answer, visit.lang)
    told = {fact.row: fact.barrier for fact in answer.facts if isinstance(fact, PaperRowEntered) and fact.barrier}
    return [
        msgspec.structs.replace(row, wrong=formats.error(Refused(told[number]), visit.lang)) if number in told else row
        for number, row in enumerate(rows, 1)
    ], ""


def _named(visit: Visit, rows: list[Typed]) -> list[Typed]:
    names = labels(visit, [row.member for row in rows], clear=visit.caller.sees_names, numbered=True)
    return [msgspec.structs.replace(row, name=names.get(row.member, "")) for row in rows]


def sheet_page(visit: Visit, shift: Cells, sheet: Sheet, *, status: int = 200, blanks: int = _BLANK) -> Response:
    """The sheet to be filled in, with what is wrong at its rows, and some blank rows below."""
    last = max((row.number for row in sheet.rows), default=0)
    blank = [Typed(number=last + one) for one in range(1, blanks + 1)] if last < _MOST else []
    names = labels(visit, [shift["place"], shift["in_charge"]], clear=visit.caller.sees_names)
    return visit.page(
        "worker_paper.html", status, tab="work",
        shift=shift, when=when_of(visit, shift), names=names, sheet=sheet,
        rows=[*_named(visit, sheet.rows), *blank], key=visit.new_key(),
        action=visit.url(f"paper-lists/{shift['shift_id']}"),
    )  # fmt: skip


def _checked(visit: Visit, shift_id: str, sheet: Sheet) -> tuple[Sheet, str, tuple[PaperRow, ...]]:
    """The sheet with whatever is wrong about what was typed; who stands for it; the rows that can be read."""
    standing, wrong = "", ""
    known = _signed_up(visit, shift_id)
    try:
        standing = _member(visit, sheet.guarantor, "guarantor", known) if sheet.guarantor else ""
        wrong = "" if sheet.guarantor else visit.t("worker.paper.no_guarantor")
    except NuanlinError as problem:
        wrong = formats.error(problem, visit.lang)
    read = [_read(visit, row, known) for row in sheet.rows]
    trouble = "" if sheet.rows else visit.t("worker.paper.no_rows")
    told = msgspec.structs.replace(sheet, rows=[row for row, _ in read], guarantor_wrong=wrong, trouble=trouble)
    return told, standing, tuple(entry for _, entry in read if entry is not None)


def enter(visit: Visit, shift: Cells, said: dict[str, str]) -> Response:
    """Check a sheet, and write it if nothing is wrong, or if rows that are wrong are to be left out."""
    rows = [row for row in typed_rows(said) if not row.blank]
    sheet = Sheet(guarantor=said.get("guarantor", "").strip(), rows=rows)
    if said.get("to") == "more":
        return sheet_page(visit, shift, sheet, blanks=_BLANK * 2)
    sheet, standing, entries = _checked(visit, shift["shift_id"], sheet)
    if not standing or not entries:
        return sheet_page(visit, shift, sheet, status=422)
    command = RecordPaperList(shift_id=shift["shift_id"], guarantor=standing, rows=entries, whole=True)
    own_key = f"web:{visit.caller.actor}:{said.get('key', '')[:100]}"
    if sheet.wrong or isinstance(_rehearse(visit, Order(command, own_key)), NuanlinError):
        loose = msgspec.structs.replace(command, whole=False)
        readable = [row for row in sheet.rows if not row.wrong]
        judged, trouble = _judged(visit, loose, readable)
        by_number = {row.number: row for row in judged}
        shown = [by_number.get(row.number, row) for row in sheet.rows]
        sheet = msgspec.structs.replace(sheet, rows=shown, trouble=trouble)
        entries = tuple(entry for row, entry in zip(judged, entries, strict=True) if not row.wrong)
        if trouble or not entries or said.get("to") != "without":
            return sheet_page(visit, shift, sheet, status=422)
        command = msgspec.structs.replace(command, rows=entries)
    try:
        need_proof(command, visit.caller)
        visit.store.application.execute(visit.ledger, command, actor=Actor(visit.caller.actor), key=own_key)
    except NuanlinError as problem:
        told = msgspec.structs.replace(sheet, trouble=formats.error(problem, visit.lang))
        return sheet_page(visit, shift, told, status=status_of(problem))
    return redirect(visit.url(f"paper-lists/{shift['shift_id']}/done", taken=len(entries), left=len(sheet.wrong)))


def _expected(visit: Visit, shift: Cells) -> list[Typed]:
    """Everybody who had a place, with the shift's times, so that only what differs is typed."""
    page = listed(
        visit.store.database, signups, visit.ledger, where={"shift_id": shift["shift_id"], "status": ("booked", "absent")},
        order=(("number", False),), after=None, limit=_MOST,
    )  # fmt: skip
    members = [row["member"] for row in page.rows if prefix_of(row["member"]) == PERSON]
    known = books.members_by_id(visit.store.database, visit.ledger, members)
    start, end = (visit.clock(shift[name]) for name in ("start_at", "end_at"))
    return [
        Typed(number=number, who=books.short_number(known[one]), start=start, end=end, member=one)
        for number, one in enumerate(members, 1)
    ]


def add_paper(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/paper-lists`, `/{ledger}/paper-lists/{shift_id}` and what came of it."""

    def visited(request: Request, ledger: str) -> tuple[Visit, Response | None]:
        visit = Visit(store, request, ledger)
        if visit.caller.signed_in:
            return visit, None
        return visit, visit.sign_in_first()

    @pages.get("/{ledger}/paper-lists")
    def choose(request: Request, ledger: str, day: str = "") -> Response:
        visit, elsewhere = visited(request, ledger)
        if elsewhere is None and not holds_somewhere(visit, WORKER):
            raise NotFound("no_such_page")
        return elsewhere or shifts_page(visit, day)

    @pages.get("/{ledger}/paper-lists/{shift_id}")
    def fill_in(request: Request, ledger: str, shift_id: str, expected: str = "") -> Response:
        visit, elsewhere = visited(request, ledger)
        if elsewhere is not None:
            return elsewhere
        shift = _shift(visit, shift_id)
        rows = _expected(visit, shift) if expected else []
        return sheet_page(visit, shift, Sheet(guarantor="", rows=rows))

    @pages.post("/{ledger}/paper-lists/{shift_id}")
    def send(request: Request, ledger: str, shift_id: str, data: FormData = Depends(sheet_data)) -> Response:
        visit, elsewhere = visited(request, ledger)
        if elsewhere is not None:
            return elsewhere
        said = {name: str(data[name])[:100] for name in data}
        visit.check_form(said.get("csrf", ""))
        return enter(visit, _shift(visit, shift_id), said)

    @pages.get("/{ledger}/paper-lists/{shift_id}/done")
    def done(request: Request, ledger: str, shift_id: str, taken: int = 0, left: int = 0) -> Response:
        visit, elsewhere = visited(request, ledger)
        if elsewhere is not None:
            return elsewhere
        shift = _shift(visit, shift_id)
        lists = listed(
            visit.store.database, paper_lists, visit.ledger, where={"shift_id": shift_id}, order=(("number", True),),
            after=None, limit=1,
        ).rows  # fmt: skip
        return visit.page(
            "worker_paper_done.html", tab="work", shift=shift, when=when_of(visit, shift), taken=taken, left=left,
            number=lists[0]["number"] if lists else 0,
        )  # fmt: skip


async def sheet_data(request: Request) -> FormData:
    """The form as it came: three boxes a row."""
    return await request.form(max_files=0, max_fields=3 * _MOST + 20)

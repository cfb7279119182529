"""What a community worker enters by a form: a member, an hour of service for somebody, who answers for a place."""

from __future__ import annotations

from typing import Any

from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Done, Field, Form
from api.pages.naming import labels
from api.pages.worker.desk import OFFICE, WORKER, holds_somewhere
from api.routes.writes import Written
from ledger.hours.commands import DepositSession
from ledger.parties.commands import RegisterMember
from ledger.places.commands import AppointResponsible
from ledger.shifts.commands import ScheduleShift
from projections.books import queries as books

_TEAMS = 200


def _places(visit: Visit, _answers: Answers) -> Choices:
    """Where somebody may live or serve: every place, and of those only what who looks serves."""
    rows = books.places(visit.store.database, visit.ledger)
    whole = visit.caller.holds(OFFICE)
    return [(row["place_id"], row["name"]) for row in rows if whole or visit.caller.holds(OFFICE, row["place_id"])]


def _teams(visit: Visit, _answers: Answers) -> Choices:
    return [(row["team_id"], row["name"]) for row in books.teams(visit.store.database, visit.ledger, limit=_TEAMS).rows]


def _office(visit: Visit) -> bool:
    return holds_somewhere(visit, OFFICE)


def _to_person(visit: Visit, written: Written, _answers: Answers) -> str:
    return visit.url(f"people/{written.ids['member_id']}", done="registered")


def _to_sheet(visit: Visit, done: Done) -> tuple[str, str]:
    return visit.url(f"paper-lists/{done.value('shift_id')}"), "worker.shift.to_sheet"


def _to_place(visit: Visit, done: Done) -> tuple[str, str]:
    return visit.url(f"tree/{done.value('place_id')}"), "worker.appoint.to_place"


def _place(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    place = answers.get("place_id", "")
    names = labels(visit, [place])
    return [(visit.t("board.place"), names[place])] if place in names else []


REGISTER = Form(
    name="register", command=RegisterMember, title="worker.register.title", lead="worker.register.lead", tab="work",
    may=_office, done=_to_person, said="worker.person.registered", back=lambda visit, _answers: visit.url("people"),
    blame={"number_taken": "number", "bad_number": "number", "number_is_phone": "number", "number_is_id_card": "number"},
    fields=(
        Field(name="words.name", label="worker.register.name", most=40),
        Field(name="words.phone", label="worker.register.phone", kind="phone", required=False, most=20),
        Field(name="words.address", label="worker.register.address", required=False, most=100),
        Field(name="place", label="worker.register.place", kind="choice", choices=_places, required=False, step=2),
        Field(name="team", label="worker.register.team", kind="choice", choices=_teams, required=False, step=2),
        Field(
            name="number", label="worker.register.number", hint="worker.register.number_hint", required=False, step=2,
            most=32,
        ),
        Field(
            name="guardian", label="worker.register.guardian", hint="worker.register.guardian_hint", kind="member",
            required=False, step=2,
        ),
    ),
)  # fmt: skip

DEPOSIT = Form(
    name="deposit", command=DepositSession, title="worker.deposit.title", lead="worker.deposit.lead", tab="work",
    next="worker.deposit.next", again="worker.deposit.again", may=lambda visit: holds_somewhere(visit, WORKER),
    back=lambda visit, _answers: visit.url("work"),
    blame={
        "daily_cap_exceeded": "minutes", "sessions_overlap": "day", "implausible_date": "day",
        "late_without_guarantor": "guarantor", "guarantor_is_volunteer": "guarantor",
    },
    fields=(
        Field(name="volunteer", label="worker.deposit.volunteer", kind="member", hint="worker.deposit.who_hint"),
        Field(name="words.activity", label="worker.deposit.activity", most=80),
        Field(name="day", label="worker.deposit.day", kind="day", prefill=lambda visit, _answers: visit.today.isoformat()),
        Field(name="minutes", label="worker.deposit.minutes", kind="minutes"),
        Field(name="place", label="worker.deposit.place", kind="choice", choices=_places, required=False, step=2),
        Field(name="words.content", label="worker.deposit.content", kind="long", required=False, step=2, most=500),
        Field(
            name="guarantor", label="worker.deposit.guarantor", hint="worker.deposit.guarantor_hint", kind="member",
            required=False, step=2,
        ),
    ),
)  # fmt: skip

APPOINT = Form(
    name="appoint", command=AppointResponsible, title="worker.appoint.title", lead="worker.appoint.lead", tab="work",
    may=_office, about=_place, onward=_to_place,
    back=lambda visit, answers: visit.url(f"tree/{answers['place_id']}" if answers.get("place_id") else "tree"),
    fields=(
        Field(name="place_id", label="board.place", kind="hidden"),
        Field(name="member_id", label="worker.appoint.who", kind="member", hint="worker.deposit.who_hint"),
        Field(name="office", label="worker.appoint.office", hint="worker.appoint.office_hint", most=20),
    ),
)  # fmt: skip

SHIFT = Form(
    name="shift", command=ScheduleShift, title="worker.shift.title", lead="worker.shift.lead", tab="work",
    may=lambda visit: holds_somewhere(visit, WORKER), onward=_to_sheet, back=lambda visit, _answers: visit.url("paper-lists"),
    blame={"end_before_start": "end_at", "not_whole_minutes": "end_at", "implausible_date": "start_at"},
    fields=(
        Field(name="name", label="worker.shift.name", most=60),
        Field(name="place", label="worker.deposit.place", kind="choice", choices=_places),
        Field(name="in_charge", label="worker.shift.in_charge", kind="member", hint="worker.deposit.who_hint"),
        Field(name="start_at", label="worker.shift.start", kind="moment", step=2),
        Field(name="end_at", label="worker.shift.end", kind="moment", step=2),
        Field(name="capacity", label="worker.shift.capacity", kind="number", step=2),
    ),
)  # fmt: skip

FORMS: tuple[Form, ...] = (REGISTER, DEPOSIT, APPOINT, SHIFT)

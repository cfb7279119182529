"""The forms that ask for something: a wish, a service to be done, a problem; three small steps each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Field, Form
from api.pages.menu import is_member
from api.pages.naming import labels
from api.pages.resident.acting import whom
from api.pages.resident.form_parts import Rows, for_whom, hidden
from api.people import People
from api.routes.writes import Written
from ledger.parties.state import Standing
from ledger.partners.commands import OrderFromMenu
from ledger.places.state import IntakePoint, Place
from ledger.requests import commands as do
from projections.books import queries as books
from projections.books.engines.partners_tables import menu
from projections.reading import one

_TITLE, _DETAIL, _MOST_PLACES = 60, 1_000, 200


def _requester(visit: Visit, answers: Answers) -> str:
    """For whom it is asked: whom the form carries, else for whom somebody acts now."""
    return answers.get("requester") or whom(visit)


def _places(visit: Visit, answers: Answers) -> Choices:
    """The places that somebody's home lies in, the nearest first; without a home the courtyards and larger places."""
    home = _home(visit, answers)
    if not home:
        rows = books.places(visit.store.database, visit.ledger)
        return [(row["place_id"], row["name"]) for row in rows if row["kind"] != "building"][:_MOST_PLACES]
    chain: list[str] = []
    at: str | None = home
    while at is not None and at not in chain:
        chain.append(at)
        at = visit.view.state(Place, at).parent
    names = labels(visit, chain)
    return [(one_place, names[one_place]) for one_place in chain]


def _home(visit: Visit, answers: Answers) -> str:
    """Where somebody lives, if who looks may know it; "" where not, or where it is not known."""
    member = _requester(visit, answers)
    return (visit.view.state(Standing, member).place or "") if visit.reads_affairs_of(member) else ""


def _phone(visit: Visit, answers: Answers) -> str:
    """The telephone number that somebody gave when they registered, if who looks may know it."""
    member = _requester(visit, answers)
    if not visit.reads_affairs_of(member):
        return ""
    rows = books.members_by_id(visit.store.database, visit.ledger, [member])
    commitments = [row["words"] for row in rows.values() if row["words"]]
    documents = People(visit.store, visit.ledger).words(commitments)
    return next((str(document.get("phone", "")) for document in documents.values()), "")


def _posted(kind: str) -> Any:
    def given(visit: Visit, answers: Answers) -> Mapping[str, Any]:
        point = answers.get("point", "")
        # A request keeps its origin: by the poster somebody came, else by these pages.
        channel = visit.view.state(IntakePoint, point).channel if point else ""
        found: dict[str, Any] = {"kind": kind, "channel": channel or "online"}
        return found if answers.get("requester") else {**found, "requester": whom(visit)}

    return given


def _to_confirmation(visit: Visit, written: Written, _answers: Answers) -> str:
    return visit.url(f"asked/{written.ids['request_id']}")


def _to_ask(visit: Visit, _answers: Answers) -> str:
    return visit.url("ask")


def _reached(step: int) -> tuple[Field, Field]:
    """How to reach the one who asks."""
    return (
        Field(
            name="words.phone", kind="phone", label="resident.field.phone", hint="resident.field.phone_hint", step=step,
            prefill=_phone, autocomplete="tel", most=30,
        ),
        Field(
            name="words.address", label="resident.field.address", hint="resident.field.address_hint", step=step,
            required=False, autocomplete="street-address",
        ),
    )  # fmt: skip


def _ask(kind: str, *more: Field) -> Form:
    """A form that posts a request in three small steps: what, where, and how to reach whom."""
    say = f"resident.{kind}"
    return Form(
        name=kind,
        command=do.PostRequest,
        title=f"{say}_title",
        lead=f"{say}_lead",
        send="resident.post",
        tab="ask",
        may=is_member,
        fields=(
            hidden("requester", required=False),
            hidden("point", required=False),
            Field(name="words.title", label=f"{say}_what", hint=f"{say}_what_hint", most=_TITLE),
            Field(
                name="words.detail", kind="long", label="resident.field.detail", hint=f"{say}_detail_hint",
                required=False, most=_DETAIL,
            ),
            Field(
                name="place", kind="choice", label=f"{say}_where", step=2, required=False, choices=_places, prefill=_home
            ),
            *more,
            *_reached(step=3),
        ),
        given=_posted(kind),
        about=lambda visit, answers: for_whom(visit, _requester(visit, answers)),
        blame={"over_ceiling": "value_fen"},
        done=_to_confirmation,
        said="resident.asked",
        back=_to_ask,
    )  # fmt: skip


_VALUE = Field(
    name="value_fen",
    kind="yuan",
    label="resident.field.value",
    hint="resident.field.value_hint",
    step=2,
    required=False,
)


def _on_the_menu(visit: Visit, answers: Answers) -> Rows:
    """Which service, and whose; nothing where there is no such service on the menu."""
    row = one(visit.store.database, menu, visit.ledger, menu_id=answers.get("menu_id", ""))
    if row is None or row["status"] != "admitted":
        return []
    unit = labels(visit, [row["unit"]])[row["unit"]]
    return [
        *for_whom(visit, _requester(visit, answers)),
        (visit.t("resident.menu_which"), row["name"]),
        (visit.t("request.claimant"), unit),
    ]


def _ordered(visit: Visit, answers: Answers) -> Mapping[str, Any]:
    """The order bears the service's name, and is for whom the form began, else for whom somebody acts now."""
    row = one(visit.store.database, menu, visit.ledger, menu_id=answers.get("menu_id", ""))
    named = {"words.title": "" if row is None else row["name"]}
    return named if answers.get("requester") else {**named, "requester": whom(visit)}


_FROM_THE_MENU = Form(
    name="order-menu",
    command=OrderFromMenu,
    title="resident.menu_title",
    lead="resident.menu_lead",
    send="resident.post",
    tab="ask",
    may=is_member,
    fields=(
        hidden("menu_id"),
        hidden("requester", required=False),
        Field(
            name="words.detail", kind="long", label="resident.field.detail", hint="resident.order_detail_hint",
            required=False, most=_DETAIL,
        ),
        *_reached(step=2),
    ),
    given=_ordered,
    about=_on_the_menu,
    done=_to_confirmation,
    said="resident.asked",
    back=lambda visit, _answers: visit.url("menu"),
)  # fmt: skip

ASKING: tuple[Form, ...] = (_ask("wish", _VALUE), _ask("order"), _ask("issue"), _FROM_THE_MENU)

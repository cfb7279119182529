"""What a unit says by a form: answers to calls, goods and services on offer, work handed back or found impossible."""

from __future__ import annotations

from typing import Any, get_args

from api.pages.board import may_see
from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Field, Form
from api.pages.happenings import titles_of
from api.pages.menu import is_member, speaks_for_a_unit
from api.pages.naming import labels
from api.pages.partner.board import units_of
from api.routes.writes import Written
from ledger.parties.state import works_for
from ledger.partners import commands as do
from ledger.requests.commands import ContactRequester, DeclareUnmet, ReleaseClaim, ReleaseReason
from projections.books import queries as books
from projections.books.engines.partners_tables import drills, menu
from projections.reading import Cells, one

BARRIERS = (
    "over_ceiling", "no_parts", "parts_too_expensive", "worn_out", "no_equipment", "cannot_open", "no_information",
    "shared_ownership", "stated",
)  # fmt: skip


def _units(visit: Visit, _answers: Answers) -> Choices:
    """The units for which who looks speaks."""
    units = units_of(visit)
    names = labels(visit, units)
    return [(one, names[one]) for one in units]


def _first_unit(visit: Visit, _answers: Answers) -> str:
    return next(iter(units_of(visit)), "")


_UNIT = Field(name="unit", kind="choice", label="partner.field.unit", choices=_units, prefill=_first_unit)


def _home(visit: Visit, answers: Answers) -> str:
    """The page of the unit that is spoken for."""
    unit = answers.get("unit", "")
    own = units_of(visit)
    return visit.url(f"units/{unit if unit in own else next(iter(own), '')}") if own else visit.url()


def _call(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    """What is called for, above the answer."""
    callout_id = answers.get("callout_id", "")
    row = books.callout(visit.store.database, visit.ledger, callout_id)
    row = row or one(visit.store.database, drills, visit.ledger, callout_id=callout_id)
    if row is None:
        return []
    place = labels(visit, [row["place"]]).get(row["place"] or "", "")
    told = [
        (visit.t("partner.call.level"), visit.t(f"partner.level.{row['level']}")),
        (visit.t("board.place"), place),
        (visit.t("partner.call.at"), visit.instant(row["called_at"])),
    ]
    return [pair for pair in told if pair[1]]


def _request(visit: Visit, answers: Answers) -> Cells | None:
    """The claimed request that a form is about, where who looks has it to do."""
    row = books.request(visit.store.database, visit.ledger, answers.get("request_id", ""))
    if row is None or not row["claimant"] or not may_see(visit, row):
        return None
    return row if works_for(visit.view, visit.caller.actor, row["claimant"]) else None


def _about_request(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    row = _request(visit, answers)
    if row is None:
        return []
    told = [(visit.t("request.number"), visit.t("board.number", number=row["number"]))]
    told.append((visit.t("partner.field.work"), titles_of(visit, [row])[row["request_id"]]))
    if row["until_at"]:
        told.append((visit.t("request.lease"), visit.deadline(row["until_at"])))
    return told


def _claimant(visit: Visit, answers: Answers) -> dict[str, Any]:
    row = _request(visit, answers)
    return {"claimant": visit.caller.actor if row is None else row["claimant"]}


def _to_request(visit: Visit, answers: Answers) -> str:
    return visit.url(f"requests/{answers['request_id']}") if answers.get("request_id") else visit.url("board")


def _back_at_request(done: str) -> Any:
    def go(visit: Visit, _written: Written, answers: Answers) -> str:
        return visit.url(f"requests/{answers['request_id']}", done=done)

    return go


def _service(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    row = one(visit.store.database, menu, visit.ledger, menu_id=answers.get("menu_id", ""))
    return [] if row is None else [(visit.t("partner.field.service"), row["name"])]


def _offer(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    row = books.offer(visit.store.database, visit.ledger, answers.get("offer_id", ""))
    if row is None:
        return []
    free = visit.t("unit.pcs", count=f"{row['free']:,}")
    return [(visit.t("partner.field.item"), row["item"]), (visit.t("partner.offer.free"), free)]


def _barriers(visit: Visit, _answers: Answers) -> Choices:
    return [(one_of, visit.t(f"barrier.{one_of}")) for one_of in BARRIERS]


def _reasons(visit: Visit, _answers: Answers) -> Choices:
    return [(reason, visit.t(f"partner.reason.{reason}")) for reason in get_args(ReleaseReason)]


_REQUEST = Field(name="request_id", kind="hidden", label="partner.field.work")

FORMS: tuple[Form, ...] = (
    Form(
        name="answer-call", command=do.AnswerCall, title="partner.call.answer", tab="unit",
        fields=(
            Field(name="callout_id", kind="hidden", label="partner.call.answer"), _UNIT,
            Field(name="people", kind="number", label="partner.field.people", hint="partner.hint.people", most=6),
        ),
        may=speaks_for_a_unit, about=_call, blame={"level_not_signed": "unit", "already_answered": "unit"},
        next="partner.call.next", back=_home,
    ),
    Form(
        name="offer-goods", command=do.OfferGoods, title="partner.offer.make", lead="partner.offer.lead", tab="unit",
        fields=(
            _UNIT, Field(name="item", label="partner.field.item", hint="partner.hint.item", most=60),
            Field(name="quantity", kind="number", label="partner.field.quantity", most=9),
            Field(
                name="words.remark", kind="long", label="partner.field.remark", hint="partner.hint.offer",
                required=False, most=500,
            ),
        ),
        may=speaks_for_a_unit, blame={"absurd_quantity": "quantity", "not_positive": "quantity", "bad_item": "item"},
        next="partner.offer.after", back=_home,
    ),
    Form(
        name="withdraw-offer", command=do.WithdrawOffer, title="partner.offer.withdraw", tab="unit",
        fields=(Field(name="offer_id", kind="hidden", label="partner.field.item"),),
        may=speaks_for_a_unit, about=_offer, next="partner.offer.withdrawn", back=_home,
    ),
    Form(
        name="offer-service", command=do.OfferOnMenu, title="partner.menu.make", lead="partner.menu.lead", tab="unit",
        fields=(
            _UNIT, Field(name="name", label="partner.field.service", hint="partner.hint.service", most=60),
            Field(name="category", label="board.category", required=False, most=30),
            Field(
                name="at_once", kind="number", label="partner.field.at_once", hint="partner.hint.at_once", most=4,
                prefill=lambda _visit, _answers: "1",
            ),
        ),
        may=speaks_for_a_unit, next="partner.menu.after", back=_home,
    ),
    Form(
        name="withdraw-service", command=do.WithdrawFromMenu, title="partner.menu.withdraw", tab="unit",
        fields=(Field(name="menu_id", kind="hidden", label="partner.field.service"),),
        may=speaks_for_a_unit, about=_service, given=lambda _visit, _answers: {"reason": "by_partner"},
        next="partner.menu.withdrawn", back=_home,
    ),
    Form(
        name="say-contacted", command=ContactRequester, title="partner.contact.title", lead="partner.contact.lead",
        tab="board",
        fields=(
            _REQUEST,
            Field(name="words.remark", kind="long", label="partner.field.remark", required=False, most=500),
        ),
        may=is_member, given=_claimant, about=_about_request, check=False, back=_to_request,
        done=_back_at_request("contacted"), said="partner.contact.done",
    ),
    Form(
        name="hand-back", command=ReleaseClaim, title="partner.hand_back.title", lead="partner.hand_back.lead",
        tab="board", fields=(_REQUEST, Field(name="reason", kind="choice", label="partner.field.why", choices=_reasons)),
        may=is_member, given=_claimant, about=_about_request, check=False,
        send="partner.hand_back.send", back=_to_request, done=_back_at_request("released"), said="request.released",
    ),
    Form(
        name="cannot-do", command=DeclareUnmet, title="partner.cannot.title", lead="partner.cannot.lead", tab="board",
        fields=(_REQUEST, Field(name="barrier", kind="choice", label="partner.field.barrier", choices=_barriers)),
        may=is_member, about=_about_request, send="partner.cannot.send", back=_to_request,
        done=_back_at_request("unmet"), said="partner.cannot.said",
    ),
)  # fmt: skip

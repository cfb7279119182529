"""A fund's service items and a community's declared services: the list with its history, and the forms that change it."""

from __future__ import annotations

import re
from typing import Any, get_args

from starlette.responses import Response

from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Done, Field, Form
from api.pages.forms.reading import value_of
from api.pages.fund.names import is_case, item_name
from api.pages.menu import administers
from api.pages.naming import labels
from api.texts import text
from ledger.errors import NotFound, Refused
from ledger.funds.commands import GENERAL, EndFundItem, NameFundItem
from ledger.services.commands import Charge, DeclareService
from projections.books import more_tables as more
from projections.books import queries as books
from projections.books.engines.funds_tables import fund_item_changes
from projections.reading import Cells, listed, one

_ROWS, _UNITS = 30, 500
_NEWEST = (("number", True),)
_NUMBERED = re.compile(r"item-([0-9]{1,6})")


def own_items(items: list[Cells]) -> list[Cells]:
    """The items that a fund was given by name: not what is unrestricted, and no help cases."""
    return [row for row in items if row["item"] != GENERAL and not is_case(row)]


def items_page(visit: Visit, slug: str) -> Response:
    """One fund's service items with what is in them, and what became of them. Raises NotFound `no_such_fund`."""
    account = books.fund_account(visit.store.database, visit.ledger, slug)
    if account is None or account.fund["slug"] != slug:
        raise NotFound("no_such_fund", fund=slug)
    page = listed(
        visit.store.database, fund_item_changes, visit.ledger, where={"fund": account.fund["fund"]}, order=_NEWEST,
        after=None, limit=_ROWS,
    )  # fmt: skip
    who = labels(visit, [row["changed_by"] for row in page.rows], clear=True)
    history = [
        (visit.t(f"admin.items.was_{row['status']}", name=row["name"]), visit.day(row["day"]), who[row["changed_by"]], row)
        for row in page.rows
    ]  # fmt: skip
    items = own_items(account.items)
    return visit.page(
        "admin_items.html", tab="admin", fund=account.fund,
        open=[row for row in items if not row["ended_on"]], ended=[row for row in items if row["ended_on"]],
        history=history, more=page.next is not None,
    )  # fmt: skip


def _fund(visit: Visit, answers: Answers) -> Cells | None:
    key = answers.get("fund", "")
    return one(visit.store.database, more.funds, visit.ledger, fund=key) if key else None


def _item(visit: Visit, answers: Answers) -> Cells | None:
    keys = {name: answers.get(name, "") for name in ("fund", "item")}
    return one(visit.store.database, more.fund_items, visit.ledger, **keys) if all(keys.values()) else None


def _about_fund(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    fund = _fund(visit, answers)
    return [] if fund is None else [(visit.t("fund.fund"), fund["name"])]


def _about_item(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    row, about = _item(visit, answers), _about_fund(visit, answers)
    if row is None or not about:
        return about
    left = row["available_fen"] + row["committed_fen"]
    return [
        *about,
        (visit.t("admin.items.item"), item_name(visit, row)),
        (visit.t("admin.items.left"), visit.yuan(left)),
    ]


def _next_code(visit: Visit, answers: Answers) -> dict[str, Any]:
    """The code that the next item of a fund gets: nobody types one."""
    account = books.fund_account(visit.store.database, visit.ledger, answers.get("fund", ""))
    codes = [str(row["item"]) for row in account.items] if account else []
    numbers = [int(found[1]) for found in map(_NUMBERED.fullmatch, codes) if found]
    return {"item": f"item-{max(numbers, default=0) + 1}"}


def _to_items(visit: Visit, done: Done) -> tuple[str, str]:
    return visit.url(f"admin/lists/{done.value('fund').removeprefix('fund_')}"), "admin.items.to_items"


def _back_to_items(visit: Visit, answers: Answers) -> str:
    slug = answers.get("fund", "").removeprefix("fund_")
    return visit.url(f"admin/lists/{slug}" if slug else "admin/lists")


# ---- services ---------------------------------------------------------------------------------------------------------


def _charges(visit: Visit, _answers: Answers) -> Choices:
    return [(charge, text(visit.lang, f"sampling.value.charge_{charge}")) for charge in get_args(Charge)]


def _units(visit: Visit, _answers: Answers) -> Choices:
    rows = books.units(visit.store.database, visit.ledger, limit=_UNITS).rows
    return [(row["unit_id"], row["name"]) for row in rows if row["name"] and not row["erased"]]


def _places(visit: Visit, _answers: Answers) -> Choices:
    return [(row["place_id"], row["name"]) for row in books.places(visit.store.database, visit.ledger)]


_UNIT = Field(
    name="unit", label="admin.items.by_unit", kind="choice", choices=_units, required=False, aside=True
)  # fmt: skip
_MEMBER = Field(
    name="person", label="admin.items.by_member", hint="admin.items.by_member_hint", kind="member", required=False,
    aside=True,
)  # fmt: skip


def _provider(visit: Visit, answers: Answers) -> dict[str, Any]:
    """Who offers it: a unit, or a member. Raises Refused `form_empty`, `form_one_provider`."""
    unit, member = value_of(visit, _UNIT, answers), value_of(visit, _MEMBER, answers)
    if unit and member:
        raise Refused("form_one_provider", field="person")
    if not unit and not member:
        raise Refused("form_empty", field="unit")
    return {"provider": unit or member}


_NAME = Field(name="name", label="admin.field.name", most=80)


def _hidden(name: str) -> Field:
    return Field(name=name, label="admin.items.item", kind="hidden")


ITEM_FORMS: tuple[Form, ...] = (
    Form(
        name="add-item", command=NameFundItem, title="admin.form.add_item", lead="admin.items.add_lead", tab="admin",
        may=administers, fields=(_hidden("fund"), _NAME), given=_next_code, about=_about_fund, onward=_to_items,
        back=_back_to_items, blame={"item_name_taken": "name", "item_named_so": "name", "bad_name": "name"},
    ),
    Form(
        name="rename-item", command=NameFundItem, title="admin.form.rename_item", lead="admin.items.rename_lead",
        tab="admin", may=administers, fields=(_hidden("fund"), _hidden("item"), _NAME), about=_about_item,
        onward=_to_items, back=_back_to_items,
        blame={"item_name_taken": "name", "item_named_so": "name", "bad_name": "name"},
    ),
    Form(
        name="end-item", command=EndFundItem, title="admin.form.end_item", lead="admin.items.end_lead", tab="admin",
        may=administers, fields=(_hidden("fund"), _hidden("item")), about=_about_item, onward=_to_items,
        back=_back_to_items, send="admin.items.end",
    ),
    Form(
        name="declare-service", command=DeclareService, title="admin.form.declare_service",
        lead="admin.items.declare_lead", tab="admin", may=administers, given=_provider,
        back=lambda visit, _answers: visit.url("admin/lists"), blame={"free_has_no_price": "price_fen"},
        fields=(
            _UNIT, _MEMBER, Field(name="name", label="admin.field.name", most=60, step=2),
            Field(name="charge", label="admin.items.charge", kind="choice", choices=_charges, step=2),
            Field(name="minutes", label="admin.items.takes", kind="minutes", step=2),
            Field(name="price_fen", label="admin.items.price", hint="admin.items.price_hint", kind="yuan",
                  required=False, step=2),
            Field(name="place", label="board.place", kind="choice", choices=_places, required=False, step=2),
        ),
    ),
)  # fmt: skip

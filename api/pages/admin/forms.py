"""What an administrator does by a form: places, collection points, who answers, appointments, services, need groups."""

from __future__ import annotations

from typing import Any, get_args

from api.pages.admin.items import ITEM_FORMS
from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Done, Field, Figures, Form
from api.pages.menu import administers
from api.pages.naming import labels
from api.texts import text
from ledger.parties.commands import GrantRole, RevokeRole, RoleName
from ledger.places.commands import (
    AddPlace,
    Channel,
    ClassifyPlace,
    CloseIntakePoint,
    CountHouseholds,
    EndResponsible,
    OpenIntakePoint,
    PlaceKind,
)
from ledger.services.commands import OpenNeedGroup, WithdrawService
from projections.books import queries as books
from projections.books import tables
from projections.books.engines.requests_tables import duties
from projections.books.engines.services_tables import services
from projections.reading import one

_MOST = 500
_REASONS = ("resigned", "replaced", "moved_away", "term_over", "neglect")


def _kinds(visit: Visit, _answers: Answers) -> Choices:
    return [(kind, visit.t(f"worker.tree.kind.{kind}")) for kind in get_args(PlaceKind)]


def places(visit: Visit, _answers: Answers) -> Choices:
    """Every place."""
    return [(row["place_id"], row["name"]) for row in books.places(visit.store.database, visit.ledger)]


def _channels(visit: Visit, _answers: Answers) -> Choices:
    return [(one, visit.t(f"admin.channel.{one}")) for one in get_args(Channel)]


def _roles(visit: Visit, _answers: Answers) -> Choices:
    return [(role, visit.t(f"role.{role}")) for role in get_args(RoleName)]


def fund_names(visit: Visit) -> dict[str, str]:
    """The names of all funds by id."""
    return {one.fund["fund"]: one.fund["name"] for one in books.funds(visit.store.database, visit.ledger)}


def _scopes(visit: Visit, answers: Answers) -> Choices:
    """For what the role may be held: units, teams or funds where it is for one of them, else places."""
    database, ledger = visit.store.database, visit.ledger
    match answers.get("role"):
        case "representative":
            return [(row["unit_id"], row["name"]) for row in books.units(database, ledger, limit=_MOST).rows]
        case "team_leader":
            return [(row["team_id"], row["name"]) for row in books.teams(database, ledger, limit=_MOST).rows]
        case "committee_member" | "treasurer" | "host_charity":
            return [*fund_names(visit).items(), *places(visit, answers)]
    return places(visit, answers)


def _reasons(visit: Visit, _answers: Answers) -> Choices:
    return [(reason, text(visit.lang, f"sampling.value.reason_{reason}")) for reason in _REASONS]


def _appointment(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    holder, role, scope = (answers.get(name, "") for name in ("holder", "role", "scope"))
    names = labels(visit, [one for one in (holder, scope) if one], clear=True) | fund_names(visit)
    known = visit.known(f"role.{role}", "")
    rows = [(visit.t("admin.roles.who"), names.get(holder, "")), (visit.t("admin.roles.what"), known)]
    return [*rows, (visit.t("admin.roles.where"), names.get(scope, "") if scope else visit.t("admin.roles.whole"))]


def _about_point(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    found = one(visit.store.database, tables.intake_points, visit.ledger, point_id=answers.get("point_id", ""))
    return [] if found is None else [(visit.t("admin.places.point"), found["label"])]


def _about_duty(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    found = one(visit.store.database, duties, visit.ledger, duty_id=answers.get("duty_id", ""))
    if found is None:
        return []
    names = labels(visit, [found["member_id"], found["place_id"]], clear=True)
    return [(names[found["place_id"]], f"{found['office']} {names[found['member_id']]}")]


def _about_service(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    found = one(visit.store.database, services, visit.ledger, service_id=answers.get("service_id", ""))
    if found is None:
        return []
    return [(visit.t("admin.lists.service"), found["name"])]


def _provider(visit: Visit, answers: Answers) -> dict[str, Any]:
    found = one(visit.store.database, services, visit.ledger, service_id=answers.get("service_id", ""))
    return {} if found is None else {"provider": found["provider"]}


def _where(visit: Visit, done: Done) -> Figures:
    """For what a role is held."""
    scope = done.value("scope")
    names = labels(visit, [scope], clear=True) | fund_names(visit)
    return {"where": names.get(scope, "") if scope else visit.t("admin.roles.whole")}


def _form(name: str, to: str, fields: tuple[Field, ...], **more: Any) -> Form:
    """A form of administration: its words stand at `pages.admin.form.<name>`, it leads back to the page `admin/<to>`."""
    words = name.replace("-", "_")
    return Form(
        name=name, title=f"admin.form.{words}", fields=fields, may=administers, tab="admin",
        back=lambda visit, _answers: visit.url(f"admin/{to}"), **more,
    )  # fmt: skip


_PLACE = Field(name="place_id", label="board.place", kind="choice", choices=places)
_NAME = Field(name="name", label="admin.field.name", most=60)

FORMS: tuple[Form, ...] = (
    _form("add-place", "places", (
        _NAME,
        Field(name="kind", label="admin.field.kind", kind="choice", choices=_kinds),
        Field(name="parent", label="admin.field.parent", hint="admin.field.parent_hint", kind="choice", choices=places,
              required=False),
    ), command=AddPlace),
    _form("count-households", "places", (
        _PLACE, Field(name="households", label="admin.field.households", kind="number"),
    ), command=CountHouseholds),
    _form("classify-place", "places", (
        _PLACE, Field(name="label", label="admin.field.class", hint="admin.field.class_hint", most=40),
    ), command=ClassifyPlace),
    _form("open-point", "places", (
        Field(name="label", label="admin.field.label", hint="admin.field.label_hint", most=60),
        Field(name="channel", label="admin.field.channel", kind="choice", choices=_channels),
        Field(name="place", label="board.place", kind="choice", choices=places, required=False),
    ), command=OpenIntakePoint),
    _form("close-point", "places", (
        Field(name="point_id", label="admin.places.point", kind="hidden"),
    ), command=CloseIntakePoint, about=_about_point, send="admin.places.close"),
    _form("end-duty", "places", (
        Field(name="duty_id", label="admin.places.duty", kind="hidden"),
        Field(name="reason", label="admin.field.reason", kind="choice", choices=_reasons),
    ), command=EndResponsible, about=_about_duty),
    _form("grant-role", "roles", (
        Field(name="holder", label="admin.roles.who", hint="worker.deposit.who_hint", kind="member"),
        Field(name="role", label="admin.roles.what", kind="choice", choices=_roles),
        Field(name="scope", label="admin.roles.where", hint="admin.roles.where_hint", kind="choice", choices=_scopes,
              required=False, step=2),
    ), command=GrantRole, figures=_where, lead="admin.roles.grant_lead", blame={
        "scope_missing": "scope", "bad_scope": "scope", "role_held": "role", "grant_to_oneself": "holder",
        "no_such_member": "holder", "member_left": "holder",
    }),
    _form("revoke-role", "roles", (
        Field(name="holder", label="admin.roles.who", kind="hidden"),
        Field(name="role", label="admin.roles.what", kind="hidden"),
        Field(name="scope", label="admin.roles.where", kind="hidden", required=False),
    ), command=RevokeRole, figures=_where, about=_appointment, send="admin.roles.end"),
    _form("open-group", "lists", (_NAME,), command=OpenNeedGroup),
    _form("take-down-service", "lists", (
        Field(name="service_id", label="admin.lists.service", kind="hidden"),
    ), command=WithdrawService, about=_about_service, given=_provider, send="admin.lists.withdraw"),
    *ITEM_FORMS,
)  # fmt: skip

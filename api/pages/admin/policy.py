"""Rules: what each is, since when and by which entry; what another value would have changed; and setting it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import asking, formats
from api.audit import jobs
from api.audit.results import TRIAL
from api.pages.admin.may import administering
from api.pages.admin.rules_in_words import (
    BUILT_IN,
    WORDS,
    as_typed,
    in_words,
    may_be_none,
    parsed,
    told,
    unit_of,
)
from api.pages.auditor.may import Work, work_of
from api.pages.common import Visit, redirect
from api.problems import status_of
from api.routes.preview import PolicyPreview, PreviewQuery, previewed, stretch
from api.store import Store
from api.texts import known, text
from ledger.errors import NotFound, NuanlinError, Refused
from ledger.policy.facts import PolicyValue
from ledger.policy.state import SINCE_EVER, policy_of
from projections.books import tables
from projections.reading import listed, many

_TEXT = Annotated[str, Form()]
_MANY = 100_000
_SHOWN = 30
_LONGEST = 2_000
AT_ONCE = 300
"""Entries up to which a page tries a rule itself: some tenths of a second. More are looked at aside."""
_BLANK = re.compile(r"\{\w+\}")


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a value would have changed: the figures, one line a kind, and the first entries by number."""

    first: str
    last: str
    looked: int
    unclear: int
    whole: bool
    refused: int
    other: int
    kinds: list[tuple[str, str, int]]
    positions: list[int]


def groups() -> dict[str, list[str]]:
    """The rules by the first part of their names, in the order in which they are declared."""
    found: dict[str, list[str]] = {}
    for name in BUILT_IN:
        found.setdefault(name.partition(".")[0], []).append(name)
    return found


def _positions(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], int]:
    return {(row["name"], row["from_day"], row["value"]): int(row["position"]) for row in rows}


def _all(visit: Visit) -> Response:
    rows = listed(
        visit.store.database, tables.policies, visit.ledger, where={}, order=(("position", False),), after=None,
        limit=_MANY,
    ).rows  # fmt: skip
    positions = _positions(rows)
    shown = [
        (visit.t(f"admin.group.{group}"), group, [told(visit, name, positions) for name in names])
        for group, names in groups().items()
    ]
    return visit.page("admin_policy.html", tab="admin", groups=shown)


def _what(visit: Visit, code: str, field: str) -> str:
    """Why a decision would have been another: the sentence of the refusal without its figures, or what would differ."""
    if code:
        return _BLANK.sub("…", text(visit.lang, f"errors.{code}"))
    key = f"sampling.field.{field}"
    return visit.t("admin.try.other", field=text(visit.lang, key) if known(visit.lang, key) else field)


def _query(name: str, value: PolicyValue) -> PreviewQuery:
    return PreviewQuery(name=name, value=msgspec.json.encode(value).decode())


def _trial(visit: Visit, query: PreviewQuery) -> jobs.Trial | None:
    """What is to be tried aside, by a process of its own; None where so few decisions are looked at once."""
    first, last, after, upto = stretch(visit.store, visit.ledger, query)
    if upto - after <= AT_ONCE:
        return None
    return jobs.Trial(name=query.name, value=query.value, first=first, last=last, upto=upto)


def _tried_aside(visit: Visit, trial: jobs.Trial, *, begin: bool) -> PolicyPreview | Work:
    """What was found, or how far it is; `begin` sends somebody to look where nobody has. Raises TooMany `audit_busy`."""
    folder = jobs.folder_of(visit.store, visit.ledger, "trial", trial.key)
    state = jobs.state_of(folder)
    file = jobs.result_of(folder, TRIAL)
    if state is not None and state.status == "done" and file is not None:
        return msgspec.json.decode(file.read_bytes(), type=PolicyPreview)
    if begin and (state is None or state.status != "running"):
        jobs.begin(visit.store, visit.ledger, "trial", trial=trial)
        state = jobs.state_of(folder)
    return work_of(visit, state)


def _effect(visit: Visit, found: PolicyPreview) -> Effect:
    refused = sum(one.decisions for one in found.kinds if one.code)
    kinds = [
        (text(visit.lang, f"api.commands.{one.command}"), _what(visit, one.code, one.field), one.decisions)
        for one in found.kinds
    ]
    return Effect(
        first=visit.day(found.from_day), last=visit.day(found.until_day), looked=found.looked, unclear=found.unclear,
        whole=found.whole, refused=refused, other=sum(one.decisions for one in found.kinds) - refused, kinds=kinds,
        positions=[one.position for one in found.changed[:_SHOWN]],
    )  # fmt: skip


def looked_at(visit: Visit, name: str, value: PolicyValue, *, begin: bool = False) -> Effect | Work:
    """What the value would have changed in the last quarter, or how far the search is; nothing is written."""
    query = _query(name, value)
    trial = _trial(visit, query)
    found = previewed(visit.store, visit.ledger, query) if trial is None else _tried_aside(visit, trial, begin=begin)
    return _effect(visit, found) if isinstance(found, PolicyPreview) else found


def _one(
    visit: Visit, name: str, problem: NuanlinError | None = None, *, typed: str | None = None, day: str = "",
    effect: Effect | None = None, work: Work | None = None,
) -> Response:  # fmt: skip
    if name not in BUILT_IN:
        raise NotFound("no_such_page")
    now = policy_of(visit.view).value(name, visit.today)
    rows = many(visit.store.database, tables.policies, visit.ledger, "name", [name])
    history = [
        (
            "" if row["from_day"] == SINCE_EVER.isoformat() else visit.day(row["from_day"]),
            in_words(visit, name, msgspec.json.decode(row["value"], type=PolicyValue)),
            int(row["position"]),
        )
        for row in sorted(rows, key=lambda row: -int(row["position"]))[:_SHOWN]
    ]  # fmt: skip
    box = as_typed(name, now) if typed is None else typed
    tried = None if effect is None else in_words(visit, name, parsed(name, box))
    unit = unit_of(name)
    return visit.page(
        "admin_rule.html", 200 if problem is None else status_of(problem), tab="admin",
        rule=told(visit, name, _positions(rows)), history=history, box=box, day=day or visit.today.isoformat(),
        kind=unit, choices=_choices(visit, name), hint=visit.t(f"admin.hint.{unit}"), may_be_none=may_be_none(name),
        key=visit.new_key(), effect=effect, tried=tried, work=work, done=visit.request.query_params.get("done", ""),
        sentence="" if problem is None else formats.error(problem, visit.lang),
    )  # fmt: skip


def _being_tried(visit: Visit, name: str, typed: str, day: str) -> Response:
    """The page that waits for what a trial finds, and then shows it; it begins none."""
    if name not in BUILT_IN:
        raise NotFound("no_such_page")
    try:
        found = looked_at(visit, name, parsed(name, typed))
    except NuanlinError as problem:
        return _one(visit, name, problem, typed=typed, day=day)
    if isinstance(found, Effect):
        return _one(visit, name, typed=typed, day=day, effect=found)
    return _one(visit, name, typed=typed, day=day, work=found)


def _choices(visit: Visit, name: str) -> list[tuple[str, str]]:
    """What can be chosen, where it is not typed."""
    if unit_of(name) == "switch":
        return [("0", visit.t("admin.value.off")), ("1", visit.t("admin.value.on"))]
    return [(word, visit.t(f"admin.value.{word}")) for word in WORDS.get(name, ())]


def _set(visit: Visit, name: str, value: PolicyValue, day: str, key: str) -> Response:
    fields: dict[str, Any] = {"name": name, "value": value}
    if day:
        try:
            fields["from_day"] = date.fromisoformat(day).isoformat()
        except ValueError:
            raise Refused("form_bad_day") from None
    asking.do(visit.store, visit.ledger, "set_policy", fields, visit.caller, key=f"web-{key[:100]}")
    return redirect(visit.url(f"admin/policy/{name}", done="set"))


def add_policy(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/admin/policy` and `/{ledger}/admin/policy/{name}`: to be tried, then to be set."""

    @pages.get("/{ledger}/admin/policy")
    def rules(request: Request, ledger: str) -> Response:
        return _all(administering(store, request, ledger))

    @pages.get("/{ledger}/admin/policy/{name}")
    def rule(request: Request, ledger: str, name: str) -> Response:
        visit = administering(store, request, ledger)
        asked = request.query_params
        return (
            _being_tried(visit, name, asked["try"][:_LONGEST], asked.get("day", "")[:10])
            if "try" in asked
            else _one(visit, name)
        )

    @pages.post("/{ledger}/admin/policy/{name}")
    def change(
        request: Request, ledger: str, name: str, csrf: _TEXT = "", key: _TEXT = "", value: _TEXT = "", day: _TEXT = "",
        to: _TEXT = "try", tried: _TEXT = "",
    ) -> Response:  # fmt: skip
        visit = administering(store, request, ledger)
        visit.check_form(csrf)
        if name not in BUILT_IN:
            raise NotFound("no_such_page")
        typed = value[:_LONGEST]
        try:
            wanted = parsed(name, typed)
            if to == "set" and tried == typed:
                return _set(visit, name, wanted, day, key or visit.new_key())
            found = looked_at(visit, name, wanted, begin=True)
            if isinstance(found, Work):
                return redirect(visit.url(f"admin/policy/{name}", **{"try": typed, "day": day[:10]}))
            return _one(visit, name, typed=typed, day=day[:10], effect=found)
        except NuanlinError as problem:
            return _one(visit, name, problem, typed=typed, day=day[:10])

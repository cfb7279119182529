"""The way of a form: its small pages, the look at the answers, the sending, the confirmation."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from api import asking, formats
from api.pages.common import Visit, redirect
from api.pages.forms.all import BY_NAME
from api.pages.forms.form import Answers, Choices, Field, Form
from api.pages.forms.reading import in_words, joined, offered, put, value_of
from api.problems import status_of
from api.store import Store
from ledger.errors import NotFound, NotSignedIn, NuanlinError

_RADIOS = 6
"""So many choices stand side by side; more are a list."""
_MOST = 20_000
"""The most characters of an answer that is looked at."""


class Trouble(msgspec.Struct, frozen=True):
    """What is wrong, in words, and with which question: None where it is none of them."""

    words: str
    field: Field | None


class Question(msgspec.Struct, frozen=True):
    """One question as the page shows it."""

    field: Field
    label: str
    hint: str
    values: dict[str, str]
    choices: Choices
    radios: bool
    trouble: str


class Showing:
    """One look at one form: whose, with which answers, under which key."""

    def __init__(self, visit: Visit, form: Form, said: dict[str, str], key: str) -> None:
        self.visit, self.form, self.key = visit, form, key
        self.answers: Answers = {name: said[name] for name in form.inputs if said.get(name)}

    # ---- what is wrong ------------------------------------------------------------------------------------------------

    def troubles(self, fields: tuple[Field, ...]) -> list[Trouble]:
        """What is wrong with these answers before anything is sent."""
        found: list[Trouble] = []
        for field in fields:
            try:
                value_of(self.visit, field, self.answers)
            except NuanlinError as problem:
                found.append(Trouble(formats.error(problem, self.visit.lang), field))
        return found

    def refusal(self, problem: NuanlinError) -> Trouble:
        """A refusal of the command, at the question that it is about."""
        name = self.form.blame.get(problem.code) or str(problem.details.get("field", ""))
        name = name.removeprefix("$").lstrip(".")
        field = next((one for one in self.form.fields if one.name == name and one.kind != "hidden"), None)
        return Trouble(formats.error(problem, self.visit.lang), field)

    # ---- what is shown --------------------------------------------------------------------------------------------------

    def _page(self, template: str, status: int, **values: Any) -> Response:
        visit, form = self.visit, self.form
        frame = {
            "form": form,
            "tab": form.tab,
            "title": visit.t(form.title),
            "lead": visit.t(form.lead) if form.lead else "",
            "about": form.about(visit, self.answers),
            "key": self.key,
            "leave": visit.url() if form.back is None else form.back(visit, self.answers),
            "switching": visit.url(f"do/{form.name}", lang="en" if visit.lang == "zh" else "zh"),
        }
        return visit.page(template, status, **{**frame, **values})

    def _question(self, field: Field, troubles: list[Trouble]) -> Question:
        visit = self.visit
        values = {name: self.answers.get(name, "") for name in field.inputs}
        if field.prefill is not None and not any(values.values()):
            values[field.inputs[0]] = field.prefill(visit, self.answers)
        choices = offered(visit, field, self.answers)
        trouble = next((one.words for one in troubles if one.field is field), "")
        hint = visit.t(field.hint) if field.hint else ""
        return Question(field, visit.t(field.label), hint, values, choices, len(choices) <= _RADIOS, trouble)

    def step(self, number: int, troubles: list[Trouble] | None = None, status: int = 200) -> Response:
        """One of the small pages, with all other answers carried along."""
        wrong = troubles or []
        here = [field for field in self.form.fields if field.step == number and field.kind != "hidden"]
        shown = {name for field in here for name in field.inputs}
        return self._page(
            "form.html",
            status,
            step=number,
            questions=[self._question(field, wrong) for field in here],
            carried={name: said for name, said in self.answers.items() if name not in shown},
            troubles=wrong,
            last=number == self.form.steps,
        )

    def look(self, troubles: list[Trouble] | None = None, status: int = 200) -> Response:
        """The look at the answers before they are sent."""
        rows = [
            (field, self.visit.t(field.label), said)
            for field in self.form.fields
            if field.kind != "hidden" and (said := in_words(self.visit, field, self.answers))
        ]
        return self._page("form_check.html", status, rows=rows, carried=self.answers, troubles=troubles or [])

    def wrong(self, troubles: list[Trouble], status: int = 422) -> Response:
        """The page on which the first wrong answer can be put right."""
        field = next((one.field for one in troubles if one.field is not None), None)
        if field is None and self.form.check:
            return self.look(troubles, status)
        return self.step(self.form.steps if field is None else field.step, troubles, status)

    # ---- what is done ---------------------------------------------------------------------------------------------------

    def send(self) -> Response:
        """Give the command, once per key; then where the form leads, or what was wrong."""
        visit, form = self.visit, self.form
        fields: dict[str, Any] = {}
        for field in form.fields:
            value = value_of(visit, field, self.answers)
            if value is not None and not field.aside:
                put(fields, field.name, value)
        try:
            for name, value in form.given(visit, self.answers).items():
                put(fields, name, value)
            done = asking.do(
                visit.store, visit.ledger, form.command.NAME, fields, visit.caller, key=f"web-{self.key[:100]}"
            )
        except NuanlinError as problem:
            return self.wrong([self.refusal(problem)], status_of(problem))
        on = None if form.done is None else form.done(visit, done, self.answers)
        return redirect(on or visit.url(f"do/{form.name}/done", position=done.position))


def form_named(visit: Visit, name: str) -> Form:
    """A form that is for who looks. Raises NotSignedIn `sign_in_first`, NotFound `no_such_page`."""
    form = BY_NAME.get(name)
    if form is None:
        raise NotFound("no_such_page")
    if not visit.caller.signed_in:
        raise NotSignedIn("sign_in_first")
    if not form.may(visit):
        raise NotFound("no_such_page")
    return form


def _texts(data: FormData) -> dict[str, str]:
    """What was sent, as texts; boxes that share a name as one text."""
    return {name: joined(str(one)[:_MOST] for one in data.getlist(name)) for name in data}


def _moved(showing: Showing, to: str, step: int) -> Response:
    """Where a button of the form leads."""
    form = showing.form
    if to.startswith("step-") and to[5:].isascii() and to[5:].isdecimal():
        return showing.step(min(max(int(to[5:]), 1), form.steps))
    if to == "stay":
        return (
            showing.look()
            if step > form.steps and not showing.troubles(form.fields)
            else showing.step(min(step, form.steps))
        )
    until = form.fields if to == "send" else tuple(field for field in form.fields if field.step <= step)
    if troubles := showing.troubles(until):
        return showing.wrong(troubles)
    if to == "send":
        return showing.send()
    if step < form.steps:
        return showing.step(step + 1)
    return showing.look() if form.check else showing.send()


async def form_data(request: Request) -> FormData:
    """The form as it came."""
    return await request.form(max_files=0, max_fields=200)


def add_forms(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/do/{name}` and its confirmation."""

    @pages.get("/{ledger}/do/{name}")
    def begin(request: Request, ledger: str, name: str) -> Response:
        visit = Visit(store, request, ledger)
        try:
            form = form_named(visit, name)
        except NotSignedIn:
            return visit.sign_in_first()
        return Showing(visit, form, dict(request.query_params), visit.new_key()).step(1)

    @pages.post("/{ledger}/do/{name}")
    def go(request: Request, ledger: str, name: str, data: FormData = Depends(form_data)) -> Response:
        visit = Visit(store, request, ledger)
        said = _texts(data)
        visit.check_form(said.get("csrf", ""))
        showing = Showing(visit, form_named(visit, name), said, said.get("key", "") or visit.new_key())
        step = said.get("step", "1")
        at = int(step) if step.isascii() and step.isdecimal() and len(step) < 3 else 1
        return _moved(showing, said.get("to", "next"), max(at, 1))

    @pages.get("/{ledger}/do/{name}/done")
    def done(request: Request, ledger: str, name: str, position: str = "") -> Response:
        visit = Visit(store, request, ledger)
        form = form_named(visit, name)
        number = f"{int(position):,}" if position.isascii() and position.isdecimal() and len(position) < 16 else ""
        return visit.page(
            "form_done.html", tab=form.tab, title=visit.t(form.title), number=number,
            next=visit.t(form.next) if form.next else "",
            leave=visit.url() if form.back is None else form.back(visit, {}),
        )  # fmt: skip

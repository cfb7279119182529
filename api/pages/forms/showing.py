"""The pages of a form: one step, the look at the answers, and the same with what is wrong."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from api import formats
from api.pages.common import Visit
from api.pages.forms.drafts import Wrong
from api.pages.forms.form import Answers, Choices, Field, Form
from api.pages.forms.reading import lines_of, offered, shown_rows, value_of
from api.problems import status_of
from ledger.errors import NuanlinError

_RADIOS = 6
"""So many choices stand side by side; more are a list."""


class Trouble(msgspec.Struct, frozen=True):
    """What is wrong, in words, and at which input: the name of the question or of a cell of its rows, "" for none; the
    summary says of which question it speaks."""

    words: str
    name: str
    anchor: str
    summary: str


class Question(msgspec.Struct, frozen=True):
    """One question as the page shows it; of `rows` each row's questions."""

    field: Field
    label: str
    hint: str
    values: dict[str, str]
    choices: Choices
    radios: bool
    trouble: str
    rows: list[list[Question]]


class Showing:
    """One look at one form: whose, with which answers, under which key; `began` are the parameters it began with."""

    def __init__(self, visit: Visit, form: Form, said: dict[str, str], key: str, began: dict[str, str]) -> None:
        self.visit, self.form, self.key, self.began = visit, form, key, began
        self.answers: Answers = {name: said[name] for name in form.inputs if said.get(name)}
        self.resumed, self.gone = False, False

    def address(self, **more: object) -> str:
        """Where the form is, with the parameters it began with."""
        return self.visit.url(f"do/{self.form.name}", **{**self.began, **more})

    # ---- what is wrong ------------------------------------------------------------------------------------------------

    def wrongs(self, fields: tuple[Field, ...]) -> list[Wrong]:
        """What is wrong with these answers before anything is sent."""
        found: list[Wrong] = []
        for field in fields:
            try:
                value_of(self.visit, field, self.answers)
            except NuanlinError as problem:
                found.append(Wrong(problem.code, problem.details, str(problem.details["field"])))
        return found

    def refusal(self, problem: NuanlinError) -> Wrong:
        """A refusal of the command, at the question that it is about."""
        name = self.form.blame.get(problem.code) or str(problem.details.get("field", ""))
        name = name.removeprefix("$").replace("[", ".").replace("]", "").lstrip(".")
        return Wrong(problem.code, problem.details, name if self._asked(name) is not None else "")

    def _asked(self, name: str) -> tuple[Field, str, str] | None:
        """The question that people see of this name, the id of its input, and what it is called."""
        for field in self.form.fields:
            label = self.visit.t(field.label)
            if field.kind == "hidden":
                continue
            if field.name == name:
                return field, field.anchor, label
            if field.kind == "rows" and name.startswith(f"{field.name}."):
                cells = ((number, cell) for number in range(field.rows) for cell in field.row(number))
                row, cell = next(((n + 1, cell) for n, cell in cells if cell.name == name), (1, field.row(0)[0]))
                return field, cell.anchor, f"{label} {row} · {self.visit.t(cell.label)}"
        return None

    def step_of(self, wrong: tuple[Wrong, ...]) -> int:
        """The step on which the first wrong answer can be put right; behind the last one is the look at the answers."""
        for one in wrong:
            if asked := self._asked(one.name):
                return asked[0].step
        return self.form.steps + 1 if self.form.check else self.form.steps

    def _troubles(self, wrong: tuple[Wrong, ...]) -> list[Trouble]:
        found = []
        for one in wrong:
            asked = self._asked(one.name)
            problem = NuanlinError(one.code, **one.details)
            said = formats.error(problem, self.visit.lang)
            if asked is None:
                found.append(Trouble(said, "", "", said))
            else:
                summary = self.visit.t("forms.at", label=asked[2], said=said)
                found.append(Trouble(said, one.name, asked[1], summary))
        return found

    # ---- what is shown ------------------------------------------------------------------------------------------------

    def _page(self, template: str, status: int, step: int, **values: Any) -> Response:
        visit, form = self.visit, self.form
        frame = {
            "form": form,
            "tab": form.tab,
            "title": visit.t(form.title),
            "lead": visit.t(form.lead) if form.lead else "",
            "about": form.about(visit, self.answers),
            "key": self.key,
            "step": step,
            "action": self.address(),
            "leave": visit.url() if form.back is None else form.back(visit, self.answers),
            "switching": self.address(lang="en" if visit.lang == "zh" else "zh"),
            "gone": self.gone,
            "afresh": self.address(afresh="1") if self.resumed else "",
        }
        return visit.page(template, status, **{**frame, **values})

    def _question(self, field: Field, troubles: list[Trouble]) -> Question:
        visit = self.visit
        values = {name: self.answers.get(name, "") for name in field.inputs if field.kind != "rows"}
        if field.prefill is not None and not any(values.values()):
            values[field.inputs[0]] = field.prefill(visit, self.answers)
        choices = offered(visit, field, self.answers)
        trouble = next((one.words for one in troubles if one.name == field.name), "")
        hint = visit.t(field.hint) if field.hint else ""
        rows = [
            [self._question(cell, troubles) for cell in field.row(number)]
            for number in range(shown_rows(field, self.answers) if field.kind == "rows" else 0)
        ]
        return Question(field, visit.t(field.label), hint, values, choices, len(choices) <= _RADIOS, trouble, rows)

    def step(self, number: int, wrong: tuple[Wrong, ...] = (), status: int = 200) -> Response:
        """One of the small pages, with all other answers carried along."""
        troubles = self._troubles(wrong)
        here = [field for field in self.form.fields if field.step == number and field.kind != "hidden"]
        shown = {name for field in here for name in field.inputs}
        questions = [self._question(field, troubles) for field in here]
        carried = {name: said for name, said in self.answers.items() if name not in shown}
        carried |= {one.field.counter: str(len(one.rows)) for one in questions if one.field.kind == "rows"}
        last = number == self.form.steps
        return self._page(
            "form.html", status, number, questions=questions, carried=carried, troubles=troubles, last=last
        )

    def look(self, wrong: tuple[Wrong, ...] = (), status: int = 200) -> Response:
        """The look at the answers before they are sent."""
        rows = [
            (field, self.visit.t(field.label), said)
            for field in self.form.fields
            if field.kind != "hidden" and (said := lines_of(self.visit, field, self.answers))
        ]
        troubles, step = self._troubles(wrong), self.form.steps + 1
        return self._page("form_check.html", status, step, rows=rows, carried=self.answers, troubles=troubles)

    def at(self, step: int, wrong: tuple[Wrong, ...] = (), status: int = 200) -> Response:
        """A step, or behind the last one the look at the answers, where they can be read."""
        if step > self.form.steps and self.form.check:
            missing = tuple(self.wrongs(self.form.fields))
            if not missing:
                return self.look(wrong, status)
            return self.step(self.step_of(missing), missing, 422)
        return self.step(min(max(step, 1), self.form.steps), wrong, status)

    def status_of(self, problem: NuanlinError) -> int:
        """Under which status a refusal is told."""
        return status_of(problem)

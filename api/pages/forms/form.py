"""What a form is made of: declared data, no code of its own but what it asks of a visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from api.pages.common import Visit
from api.routes.writes import Written
from ledger.base import Command, Fact

F = TypeVar("F", bound=Fact)

Answers = Mapping[str, str]
"""What somebody typed so far, as texts by the names of the inputs."""
Choices = list[tuple[str, str]]
"""What can be chosen: value and label."""

Kind = Literal[
    "text",
    "long",
    "day",
    "moment",
    "minutes",
    "yuan",
    "number",
    "choice",
    "several",
    "member",
    "yes",
    "phone",
    "rows",
    "hidden",
]
"""What is asked for. `minutes` are two boxes, hours and minutes; `yuan` becomes fen; `moment` is a day and a time in the
community's zone; `member` is a short number, for staff also a phone number or a name; `several` are ticked boxes; `rows`
are the same few questions as often as somebody has something to say, each time a row."""


def _nothing(_visit: Visit, _answers: Answers) -> dict[str, Any]:
    return {}


def _no_rows(_visit: Visit, _answers: Answers) -> list[tuple[str, Any]]:
    return []


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `name` is the command's field, `words.title` one inside a field; `label` and `hint` are keys below
    `pages.`; `step` says on which of the small pages it stands."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    step: int = 1
    required: bool = True
    choices: Callable[[Visit, Answers], Choices] | None = None
    prefill: Callable[[Visit, Answers], str] | None = None
    most: int = 200
    """The most characters that the box takes."""
    autocomplete: str = "off"
    """What the browser may fill in, as HTML names it."""

    aside: bool = False
    """No field of the command: `given` makes something of the answer."""

    columns: tuple[Field, ...] = ()
    """What a row of `rows` asks for: fields by the names inside the row; one without a name is the whole row."""
    needed: int = 1
    """So many rows must be filled in; so many stand there from the first. What is left empty does not count."""
    rows: int = 30
    """So many rows there can be."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs it is shown as."""
        if self.kind == "rows":
            cells = (name for row in range(self.rows) for cell in self.row(row) for name in cell.inputs)
            return (self.counter, *cells)
        return (f"{self.name}.hours", f"{self.name}.minutes") if self.kind == "minutes" else (self.name,)

    @property
    def counter(self) -> str:
        """The name of the input that says how many rows are shown."""
        return f"{self.name}.rows"

    def row(self, number: int) -> tuple[Field, ...]:
        """The questions of one row, from 0."""
        return tuple(
            msgspec.structs.replace(column, name=".".join(filter(None, (self.name, str(number), column.name))))
            for column in self.columns
        )

    @property
    def anchor(self) -> str:
        """The id of its first input, to which the summary of errors leads."""
        first = self.row(0)[0].inputs if self.kind == "rows" else self.inputs
        return "f-" + first[0].replace(".", "-").replace("_", "-")


class Done(msgspec.Struct, frozen=True):
    """What a form has led to: the facts that who looks has just made, the last one's position, and the books after them."""

    facts: tuple[Fact, ...]
    position: int

    def fact(self, kind: type[F]) -> F | None:
        """The first fact of a kind."""
        return next((one for one in self.facts if isinstance(one, kind)), None)

    def value(self, name: str) -> str:
        """The first text that one of the facts holds under this name, "" for none."""
        found = (getattr(one, name, None) for one in self.facts)
        return next((said for said in found if isinstance(said, str)), "")


Figures = Mapping[str, str]
"""What stands in a sentence: figures and names as people read them, by the names in the braces."""


def _no_figures(_visit: Visit, _done: Done) -> Figures | None:
    return {}


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One form. `title`, `lead`, `send` and `next` are keys below `pages.`; `name` is the last part of its address.

    `may` says who it is for: others find no such page. `given` are the command's fields that nobody types. `about`
    stands above the questions. `blame` says which question an error belongs to where the error does not name it itself.

    When it was sent, the confirmation says in one sentence what was done: the key `said`, `said.<name>` unless given, with
    what the fact says (see `telling`) and more `figures` where it needs them (None where the facts are not this form's).
    Then `next`: what happens now; and a way onward: `onward`, else `back`. A form with `done` leads to a page that says all
    this itself: `said` is then the key of what that page says.
    """

    name: str
    command: type[Command]
    title: str
    fields: tuple[Field, ...]
    may: Callable[[Visit], bool]
    lead: str = ""
    send: str = "forms.send"
    next: str = ""
    tab: str = ""
    given: Callable[[Visit, Answers], Mapping[str, Any]] = _nothing
    about: Callable[[Visit, Answers], list[tuple[str, Any]]] = _no_rows
    blame: Mapping[str, str] = {}
    check: bool = True
    said: str = ""
    figures: Callable[[Visit, Done], Figures | None] = _no_figures
    onward: Callable[[Visit, Done], tuple[str, str] | None] | None = None
    """Where to go on to, and the key of what stands on the button; None for `back`."""
    again: str = ""
    """The key of a link that begins the same form anew, for who fills it in many times a day."""
    done: Callable[[Visit, Written, Answers], str | None] | None = None
    back: Callable[[Visit, Answers], str] | None = None
    """Where "leave it" goes; the home page unless said otherwise."""

    @property
    def sentence(self) -> str:
        """The key of the sentence that says what was done."""
        return self.said or f"said.{self.name.replace('-', '_')}"

    @property
    def after(self) -> str:
        """The key of what happens next: `next`, `after.<name>` unless given."""
        return self.next or f"after.{self.name.replace('-', '_')}"

    @property
    def steps(self) -> int:
        """How many small pages there are."""
        return max((field.step for field in self.fields), default=1)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of all inputs."""
        return tuple(name for field in self.fields for name in field.inputs)

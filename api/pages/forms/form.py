"""What a form is made of: declared data, no code of its own but what it asks of a visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from api.pages.common import Visit
from api.routes.writes import Written
from ledger.base import Command

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
    "hidden",
]
"""What is asked for. `minutes` are two boxes, hours and minutes; `yuan` becomes fen; `moment` is a day and a time in the
community's zone; `member` is a short number, for staff also a phone number or a name; `several` are ticked boxes."""


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

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs it is shown as."""
        return (f"{self.name}.hours", f"{self.name}.minutes") if self.kind == "minutes" else (self.name,)

    @property
    def anchor(self) -> str:
        """The id of its first input, to which the summary of errors leads."""
        return "f-" + self.inputs[0].replace(".", "-").replace("_", "-")


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One form. `title`, `lead`, `send` and `next` are keys below `pages.`; `name` is the last part of its address.

    `may` says who it is for: others find no such page. `given` are the command's fields that nobody types. `about` stands
    above the questions. `blame` says which question an error belongs to where the error does not name it itself. `done`
    gives the address to go on to; None, or no `done`, is the confirmation with its number and what happens next.
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
    done: Callable[[Visit, Written, Answers], str | None] | None = None
    back: Callable[[Visit, Answers], str] | None = None
    """Where "leave it" goes; the home page unless said otherwise."""

    @property
    def steps(self) -> int:
        """How many small pages there are."""
        return max((field.step for field in self.fields), default=1)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of all inputs."""
        return tuple(name for field in self.fields for name in field.inputs)

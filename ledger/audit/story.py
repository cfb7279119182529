"""A story is what one command led to: its facts, next to each other, with their envelope; and how a command is told from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from ledger.base import Command, Fact, View
from ledger.journal.recorded import Envelope


class Story(NamedTuple):
    """The facts of one command, which stand next to each other, and the envelope they share (but for the salt)."""

    position: int
    """Of the first fact."""
    envelope: Envelope
    facts: tuple[Fact, ...]

    @property
    def sealed(self) -> str:
        """The commitment to the command's words, "" where it had none."""
        return next((words for one in self.facts if (words := getattr(one, "words", ""))), "")

    def first(self, kind: type[Fact]) -> Any:
        """The first fact of a type, None where there is none."""
        return next((one for one in self.facts if type(one) is kind), None)


Tell = Callable[[View, Story, Any], Iterable[Command]]
"""(view of the past, story, the fact that leads) → the commands that may have led to it."""

Leads = tuple[tuple[type[Command], type[Fact]], ...]
"""Commands with the facts that tell most of them."""
Special = dict[tuple[type[Command], type[Fact]], Tell]
"""Commands whose facts do not say it all by name, and how they are told."""


def by_name(command: type[Command], lead: type[Fact]) -> Tell:
    """The command whose fields have the values of the fact's fields of the same names; words are left out."""
    in_fact = {field.name for field in msgspec.structs.fields(lead)}
    names = [field.name for field in msgspec.structs.fields(command) if field.name in in_fact and field.name != "words"]
    wordless: dict[str, Any] = (
        {"words": None} if any(field.name == "words" for field in msgspec.structs.fields(command)) else {}
    )

    def tell(_view: View, _story: Story, fact: Any) -> Iterable[Command]:
        return (command(**{name: getattr(fact, name) for name in names}, **wordless),)

    return tell

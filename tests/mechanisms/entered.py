"""What comes in long lists is entered at once, as an import does it; the story itself goes by the street's two ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.base import Command
from tests.mechanisms.street import LEDGER, Street


def entered(street: Street, commands: Sequence[Command], *, by: str = OPERATOR) -> list[Any]:
    """The first fact of each command; every one of them must be accepted."""
    answers = street.store.application.execute_many(LEDGER, [Order(one) for one in commands], actor=Actor(by))
    accepted = [one for one in answers if isinstance(one, Outcome)]
    assert len(accepted) == len(commands), [one for one in answers if not isinstance(one, Outcome)][:1]
    return [one.facts[0] for one in accepted]

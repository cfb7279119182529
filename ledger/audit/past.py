"""States as of a point that moves through the journal: what decisions are shown when they are asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from sqlalchemy import bindparam, select

from ledger.base import Fact, S, State, fold
from ledger.errors import UnknownFact
from ledger.journal.codec import Codec
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import event_tags, events

Earlier = Callable[[str, int], Iterable[Fact]]
"""(tag, position) → the facts of a tag before a position, in order."""

_CACHED_TAGS = 30_000


class Past:
    """A view (`ledger.base.View`) of the journal before `position`. Feed it every fact, in order, with its tags.

    What is asked for is folded from the tag's earlier facts and then kept up to date; of many tags the oldest are let go.
    """

    def __init__(self, earlier: Earlier) -> None:
        self._earlier = earlier
        self.position = 1
        """Of the next fact: states are as of the one before it."""
        self.by_tag: dict[str, dict[type[State], State]] = {}
        """States that any fact of their tag may change."""
        self._choosy: dict[str, dict[type[State], State]] = {}
        """States that name the types of facts that concern them: most facts pass them by."""
        self._concerning: set[type[Fact]] = set()

    def state(self, kind: type[S], tag: str) -> S:
        """See `ledger.base.View`."""
        shelf = self.by_tag if kind.CONCERNS is None else self._choosy
        self._concerning.update(kind.CONCERNS or ())
        kinds = shelf.get(tag)
        if kinds is None:
            if len(shelf) > _CACHED_TAGS:
                for old in list(shelf)[: _CACHED_TAGS // 4]:
                    del shelf[old]
            kinds = shelf[tag] = {}
        found = kinds.get(kind)
        if found is None:
            found = kind(tag=tag)
            for happened in self._earlier(tag, self.position):
                found = fold(found, happened)
            kinds[kind] = found
        return cast(S, found)

    def add(self, happened: Fact, tags: Sequence[str]) -> None:
        """One more fact."""
        for tag in tags:
            kinds = self.by_tag.get(tag)
            if kinds is not None:
                for kind, state in kinds.items():
                    kinds[kind] = fold(state, happened)
            if type(happened) in self._concerning:
                kinds = self._choosy.get(tag)
                if kinds is not None:
                    for kind, state in kinds.items():
                        kinds[kind] = fold(state, happened)


def earlier_in(database: Database, cursor: Cursor, codec: Codec, ledger: str) -> Earlier:
    """The facts of a tag as the index of tags finds them; facts that cannot be read are left out (they are found elsewhere).

    Whether that index is right is a check of its own (`tag_index`).
    """
    same = (events.c.ledger == event_tags.c.ledger) & (events.c.position == event_tags.c.position)
    statement = database.prepare(
        "audit.earlier",
        select(events.c.type, events.c.data)
        .select_from(event_tags.join(events, same))
        .where(
            event_tags.c.ledger == bindparam("l"),
            event_tags.c.tag == bindparam("t"),
            event_tags.c.position < bindparam("p"),
        )
        .order_by(event_tags.c.position),
    )

    def earlier(tag: str, position: int) -> Iterable[Fact]:
        cursor.execute(statement.text, (ledger, tag, position))
        facts: list[Fact] = []
        for name, data in cursor.fetchall():
            try:
                facts.append(codec.fact(name, bytes(data)))
            except (ValueError, UnknownFact):
                continue
        return facts

    return earlier

"""What a rule would have changed: the decisions of a period asked again as of their moments, under another value of it.

Every command of the period is told again from its facts and decided twice on the same past: under the rules of its day, and
with the one rule replaced. It comes to the same, or to other facts, or is refused. Each decision is looked at by itself, on
what had really happened before it; and what was refused at the time left no fact, so that a looser rule can only show that
nothing speaks against it. The journal is read and not written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from msgspec.structs import replace
from sqlalchemy import Select, bindparam, select

from ledger.audit.judging import ABSURD, command_behind, decided_again, first_difference
from ledger.audit.past import Past, earlier_in
from ledger.audit.story import Story
from ledger.base import Fact, S, View
from ledger.errors import NuanlinError, Refused, UnknownFact
from ledger.journal.codec import Codec, split_tags
from ledger.journal.recorded import Envelope
from ledger.journal.sql import Database, Row
from ledger.journal.tables import events
from ledger.places.state import Opening
from ledger.policy.decisions import CHECKS
from ledger.policy.facts import PolicySet, PolicyValue
from ledger.policy.state import SINCE_EVER, Policy

_CHUNK = 512


class Changed(NamedTuple):
    """A decision that would have been another."""

    position: int
    """Of its first fact."""
    at: int
    """Microseconds UTC."""
    command: str
    code: str
    """The refusal it would have met; "" where it would have come to other facts."""
    field: str
    """The first field that would have been filled otherwise; "" for a refusal."""


class Preview(NamedTuple):
    """What a period would have been under another rule."""

    looked: int
    """Decisions asked again."""
    unclear: int
    """Those that no command leads to any more: the audit names them."""
    changed: list[Changed]
    by_kind: dict[tuple[str, str], int]
    """How many by command and by code or field."""
    upto: int
    """The position at which it stopped: the period's end, or the most decisions that were to be looked at."""


class _Under:
    """A view of the past in which one rule has always had another value."""

    def __init__(self, view: View, name: str, value: PolicyValue) -> None:
        self._view, self._name, self._value = view, name, value

    def state(self, kind: type[S], tag: str) -> S:
        """See `ledger.base.View`."""
        found = self._view.state(kind, tag)
        if isinstance(found, Policy):
            values = {**found.values, self._name: ((SINCE_EVER, self._value),)}
            return cast(S, replace(found, values=values))
        return found


def preview(
    database: Database,
    codec: Codec,
    ledger: str,
    name: str,
    value: PolicyValue,
    *,
    after: int,
    upto: int,
    most: int,
) -> Preview:
    """The decisions at the positions `after` + 1 to `upto`, at most `most` of them, under another value of a rule.

    Raises Refused `no_such_policy` and `bad_policy_value`.
    """
    if name not in CHECKS:
        raise Refused("no_such_policy", name=name)
    if not CHECKS[name](value):
        raise Refused("bad_policy_value", name=name)
    looked = unclear = 0
    changed: list[Changed] = []
    last = after
    with database.reading() as cursor, database.reading() as other:
        past = Past(earlier_in(database, other, codec, ledger))
        past.position = after + 1
        under = _Under(past, name, value)
        cursor.execute(database.prepare("preview.rows", _rows()).text, (ledger, after, upto))
        for story, tags in _stories(codec, iter(lambda: cursor.fetchmany(_CHUNK), [])):
            if looked >= most:
                break
            past.position = story.position
            opened = past.state(Opening, "ledger").opened
            if opened is not None and not any(isinstance(one, PolicySet) for one in story.facts):
                looked += 1
                found = _compared(past, under, story, opened.zone)
                if isinstance(found, Changed):
                    changed.append(found)
                unclear += found == "unclear"
            for happened, its_tags in zip(story.facts, tags, strict=True):
                past.add(happened, its_tags)
            last = story.position + len(story.facts) - 1
    kinds = Counter((one.command, one.code or one.field) for one in changed)
    return Preview(looked, unclear, changed, dict(sorted(kinds.items())), last)


def _compared(past: View, under: View, story: Story, zone: str) -> Changed | str:
    """`same`, `unclear`, or what would have changed."""
    try:
        command = command_behind(past, story, zone)
    except ABSURD:
        return "unclear"
    if command is None:
        return "unclear"
    code = field = ""
    try:
        _, _, facts = decided_again(under, story, command, zone)
    except NuanlinError as refusal:
        code = refusal.code
    else:
        if tuple(facts) == story.facts:
            return "same"
        field = first_difference(facts, story.facts)
    return Changed(story.position, story.envelope.at, command.NAME, code, field)


def _stories(codec: Codec, chunks: Iterator[list[Row]]) -> Iterator[tuple[Story, list[tuple[str, ...]]]]:
    """The commands' facts, next to each other and under one key; events that cannot be read are left to the audit."""
    facts: list[Fact] = []
    tags: list[tuple[str, ...]] = []
    first, envelope = 0, cast("Envelope | None", None)
    for rows in chunks:
        for position, name, told, data in rows:
            try:
                now, fact = codec.decode(name, bytes(data))
            except (ValueError, UnknownFact):
                continue
            if envelope is not None and envelope.key != now.key:
                yield Story(first, envelope, tuple(facts)), tags
                facts, tags = [], []
            if not facts:
                first, envelope = int(position), now
            facts.append(fact)
            tags.append(split_tags(told))
    if envelope is not None and facts:
        yield Story(first, envelope, tuple(facts)), tags


def _rows() -> Select[Any]:
    c = events.c
    return (
        select(c.position, c.type, c.tags, c.data)
        .where(c.ledger == bindparam("l"), c.position > bindparam("a"), c.position <= bindparam("u"))
        .order_by(c.position)
    )

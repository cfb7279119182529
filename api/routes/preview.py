"""What another value of a rule would have changed in a period that is over."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from api.routes.asked import Asked
from api.routes.reads import Read
from api.store import Store
from api.wire import Day, Instant, Text, instant
from ledger.audit.preview import preview
from ledger.clock import day_of, start_of_day
from ledger.errors import Refused
from ledger.policy.facts import PolicyValue
from projections.asof.past import past_at
from projections.books import queries

_MOST = 20_000
_SHOWN = 500


class PreviewQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rule, the value to try (as JSON: 5, null, "pool", [100, 300]), and the days; without them the last quarter."""

    name: Text
    value: Annotated[str, Meta(max_length=2_000)]
    from_day: Day | None = None
    until_day: Day | None = None


class PreviewedDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that would have been another: refused under `code`, or with another value in `field` of its fact."""

    position: int
    at: Instant
    command: str
    code: str
    field: str


class PreviewedKind(msgspec.Struct, frozen=True, kw_only=True):
    """How many decisions of one command would have changed in the same way."""

    command: str
    code: str
    field: str
    decisions: int


class PolicyPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What would have been different. `looked` decisions were asked again, of `unclear` ones no command is known; `whole`
    says whether the period was looked at to its end; of `changed` the first 500 are listed."""

    name: str
    from_day: str
    until_day: str
    looked: int
    unclear: int
    whole: bool
    kinds: list[PreviewedKind]
    changed: list[PreviewedDecision]


def policy_preview(asked: Asked, query: PreviewQuery) -> PolicyPreview:
    """What would have been different under another value of a rule, decision by decision; nothing is written.

    Each decision is looked at by itself on what had really happened before it; what was refused at the time left no fact
    and is not among them.
    """
    return previewed(asked.store, asked.ledger, query)


def stretch(store: Store, ledger: str, query: PreviewQuery) -> tuple[date, date, int, int]:
    """First and last day, and the positions they lie between: behind the first number, up to the second.

    Raises Refused `bad_days`.
    """
    database, zone = store.database, queries.zone_of(store.database, ledger)
    first, last = _period(query, day_of(store.clock(), zone))
    after = past_at(database, store.codec.decode, ledger, at=start_of_day(first, zone) - 1).position
    upto = past_at(database, store.codec.decode, ledger, at=start_of_day(last + timedelta(days=1), zone) - 1).position
    return first, last, after, upto


def previewed(store: Store, ledger: str, query: PreviewQuery) -> PolicyPreview:
    """See `policy_preview`; some seconds where many decisions were made in these days."""
    first, last, after, upto = stretch(store, ledger, query)
    found = preview(
        store.database, store.codec, ledger, query.name, _value(query.value), after=after, upto=upto, most=_MOST
    )
    kinds = [
        PreviewedKind(command=one.command, code=one.code, field=one.field, decisions=found.by_kind[key])
        for key, one in {(one.command, one.code or one.field): one for one in found.changed}.items()
    ]
    return PolicyPreview(
        name=query.name,
        from_day=first.isoformat(),
        until_day=last.isoformat(),
        looked=found.looked,
        unclear=found.unclear,
        whole=found.upto >= upto,
        kinds=sorted(kinds, key=lambda one: (-one.decisions, one.command, one.code, one.field)),
        changed=[
            PreviewedDecision(
                position=one.position, at=instant(one.at), command=one.command, code=one.code, field=one.field
            )
            for one in found.changed[:_SHOWN]
        ],
    )


def _period(query: PreviewQuery, today: date) -> tuple[date, date]:
    """The days asked for; the last whole quarter where none are. Raises Refused `bad_days`."""
    if query.from_day is None and query.until_day is None:
        this_quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
        last = this_quarter - timedelta(days=1)
        return date(last.year, (last.month - 1) // 3 * 3 + 1, 1), last
    last = query.until_day or today
    first = query.from_day or last
    if first > last or first.year < 1990 or last.year > 9000:
        raise Refused("bad_days", field="?from_day")
    return first, last


def _value(text: str) -> PolicyValue:
    """The value as JSON, or a plain word. Raises Refused `bad_policy_value`."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    try:
        return msgspec.convert(value, PolicyValue)  # type: ignore[no-any-return]  # a union is a type to msgspec
    except msgspec.ValidationError:
        raise Refused("bad_policy_value", name="?value") from None


READS = (Read("/policy/preview", policy_preview, "policy", PreviewQuery),)

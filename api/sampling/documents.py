"""Samples and hints as one JSON document each: raw figures for programs, and the same in words."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from api.cli.when import iso
from api.sampling.telling import Teller
from api.sampling.wording import Words
from ledger.audit.findings import CHECKS
from ledger.audit.hints import Hint
from ledger.audit.sampling import Sample
from ledger.audit.stories import Line, Story, Told
from ledger.base import NAME_OF


class KnownRoot(NamedTuple):
    """The checkpoint whose root a seed is: how many events it covers, and when it was signed (microseconds UTC)."""

    size: int
    at: int


def sample_document(sample: Sample, told: Told, teller: Teller, root: KnownRoot | None) -> dict[str, Any]:
    """The whole sample with the story of each item."""
    plan = sample.plan
    stories = {story.event.position: story for story in told.stories}
    return {
        "ledger": sample.ledger,
        "seed": plan.seed,
        "checkpoint": None if root is None else {"size": root.size, "at": iso(root.at)},
        "size": plan.size,
        "first": plan.first,
        "upto": plan.upto,
        "unit": plan.unit,
        "types": sorted(plan.types),
        "population": sum(one.count for one in sample.strata),
        "people": {one: _party(one, teller) for one in sorted(told.known) if teller.number(one) is not None},
        "strata": [msgspec.to_builtins(one) for one in sample.strata],
        "items": [
            {**msgspec.to_builtins(one), **_story(stories[one.position], teller)}
            for one in sample.chosen
            if one.position in stories
        ],
    }


def _story(story: Story, teller: Teller) -> dict[str, Any]:
    own = next(line for line in story.lines if line.because == "itself")
    return {
        **_line(own, teller),
        "posted": [{"account": account, "unit": unit, "amount": amount} for account, unit, amount in story.posted],
        "story": [_line(line, teller) for line in story.lines],
    }


def _line(line: Line, teller: Teller) -> dict[str, Any]:
    event, envelope = line.event, line.event.envelope
    return {
        "position": event.position,
        "because": line.because,
        "later": line.later,
        "type": NAME_OF[type(event.fact)],
        "what": teller.what(event.fact),
        "by": _party(envelope.by, teller),
        "role": envelope.role,
        "behalf": None if envelope.behalf is None else _party(envelope.behalf, teller),
        "decided_at": iso(envelope.at),
        "recorded_at": iso(event.recorded_at),
        "fact": msgspec.to_builtins(event.fact),
        "words": teller.state_of_words(event.fact),
    }


def _party(identifier: str, teller: Teller) -> dict[str, Any]:
    found: dict[str, Any] = {"id": identifier, "short": teller.number(identifier)}
    name = teller.masked_name(identifier)
    return found if name is None else {**found, "name": name}


def findings_document(
    ledger: str, hints: list[Hint], names: list[str], first: int, upto: int, words: Words
) -> dict[str, Any]:
    """All hints, and how many each of the checks run has; `position` is the first of `positions`."""
    return {
        "ledger": ledger,
        "first": first,
        "upto": upto,
        "checks": {name: sum(one.check == name for one in hints) for name in CHECKS if name in names},
        "findings": [
            {
                "position": one.positions[0],
                "positions": list(one.positions),
                "count": one.count,
                "check": one.check,
                "what": words.what(one),
                "figures": {name: msgspec.to_builtins(value) for name, value in one.figures.items()},
            }
            for one in hints
        ],
    }

"""What an auditor's longer work comes to, as it is kept in files and shown by the pages."""

from __future__ import annotations

import msgspec

from api.sampling.sheets import Sheet, StratumRow
from projections.boards.measures import UNIT_REQUESTS, VOLUNTEER_MINUTES

COUNTED, FINDINGS, BUNDLE = "counted.bin", "findings.json", "bundle"
SAMPLE, SHEETS = "sample.{lang}.{ending}", "sheets.{lang}.json"
TRIAL = "trial.json"

HEADS = {VOLUNTEER_MINUTES: 5, UNIT_REQUESTS: 5}
"""The rankings whose first places are counted for every moment, and how many of them."""


class Found(msgspec.Struct, frozen=True, array_like=True):
    """One hint: what was found, by language; the positions named; how many there are."""

    what: dict[str, str]
    positions: list[int]
    count: int


class Check(msgspec.Struct, frozen=True, array_like=True):
    """One standing check with the options of this run and what it found."""

    name: str
    options: list[tuple[str, str]]
    hints: list[Found]


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What the standing checks found in everything up to a position, and when they looked (microseconds UTC)."""

    position: int
    at: int
    checks: list[Check]


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A sample in the words of one language. `covers`: the size of the checkpoint whose root is the seed, 0 for none."""

    seed: str
    first: int
    upto: int
    at: int
    covers: int
    warning: str
    population: int
    strata: list[StratumRow]
    sheets: list[Sheet]


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that was made: up to where, its root, the key it is signed with, its bytes, and when it was made."""

    position: int
    root: str
    vkey: str
    warnings: tuple[str, ...]
    bytes: int
    at: int

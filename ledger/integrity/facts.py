"""Facts of integrity (诚信). Promises kept and broken are no facts of their own: they are read off what happened."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("integrity.contested@1")
class RecordContested(Fact, frozen=True, kw_only=True):
    """A party says that a broken promise in its record is none; until somebody decided it does not count.

    The entry is named by what the promise was (`promise`) and what it was about: a claim, a deal, a shift …
    """

    TAGS: ClassVar[tuple[str, ...]] = ("contest_id", "party")
    contest_id: str
    party: str
    promise: str
    about: str
    reason: str
    contested_by: str
    day: date
    words: str = ""


@fact("integrity.upheld@1")
class RecordUpheld(Fact, frozen=True, kw_only=True):
    """Somebody else looked: the entry stands and counts again."""

    TAGS: ClassVar[tuple[str, ...]] = ("contest_id", "party")
    contest_id: str
    party: str
    promise: str
    about: str
    judged_by: str
    day: date
    words: str = ""


@fact("integrity.struck@1")
class RecordStruck(Fact, frozen=True, kw_only=True):
    """Somebody else looked: the entry counts no more. It stays in the list, shown as struck."""

    TAGS: ClassVar[tuple[str, ...]] = ("contest_id", "party")
    contest_id: str
    party: str
    promise: str
    about: str
    judged_by: str
    day: date
    words: str = ""

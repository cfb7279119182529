"""Commands of integrity."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker
from ledger.integrity.promises import PromiseKind


class ContestNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What somebody has to say about an entry; never in the journal."""

    note: str


class ContestRecord(Command, frozen=True, kw_only=True):
    """Say that a broken promise in one's record is none (异议)."""

    NAME: ClassVar[str] = "contest_record"
    GENERATED: ClassVar[tuple[str, ...]] = ("contest_id",)
    SUBJECT: ClassVar[str] = "party"
    contest_id: str = field(default_factory=maker("cont"))
    party: str
    promise: PromiseKind
    about: str
    reason: Literal["misrecorded", "done_in_time", "not_mine", "beyond_control"]
    words: ContestNote | None = None


class UpholdRecord(Command, frozen=True, kw_only=True):
    """Decide that a contested entry stands."""

    NAME: ClassVar[str] = "uphold_record"
    SUBJECT: ClassVar[str] = "party"
    contest_id: str
    party: str
    words: ContestNote | None = None


class StrikeRecord(Command, frozen=True, kw_only=True):
    """Decide that a contested entry counts no more."""

    NAME: ClassVar[str] = "strike_record"
    SUBJECT: ClassVar[str] = "party"
    contest_id: str
    party: str
    words: ContestNote | None = None

"""Commands of conduct."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker

BlacklistReason = Literal["fraud", "promise_broken", "rectification_failed", "misconduct", "unpaid_debt"]
LiftReason = Literal["appeal_upheld", "amends_made", "mistake"]
ExitReason = Literal["by_partner", "by_community", "unit_closed", "rectification_failed", "misconduct"]


class ConductNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What happened, in free text; never in the journal."""

    remark: str


class BlacklistParty(Command, frozen=True, kw_only=True):
    """Put a member, team or unit on the blacklist (黑名单): what it holds goes back, and it takes on nothing new."""

    NAME: ClassVar[str] = "blacklist_party"
    GENERATED: ClassVar[tuple[str, ...]] = ("blacklisting_id",)
    SUBJECT: ClassVar[str] = "party"
    blacklisting_id: str = field(default_factory=maker("bar"))
    party: str
    reason: BlacklistReason
    ground: str | None = None
    until_day: date | None = None
    words: ConductNote | None = None


class LiftBlacklist(Command, frozen=True, kw_only=True):
    """Take a party off the blacklist before its term; by another person than who put it there."""

    NAME: ClassVar[str] = "lift_blacklist"
    blacklisting_id: str
    party: str
    reason: LiftReason


class ExitPartner(Command, frozen=True, kw_only=True):
    """End a unit's partnership (退出): agreements, pairings and menu end, what it holds goes back."""

    NAME: ClassVar[str] = "exit_partner"
    GENERATED: ClassVar[tuple[str, ...]] = ("exit_id",)
    exit_id: str = field(default_factory=maker("exit"))
    unit: str
    reason: ExitReason


class VoidSession(Command, frozen=True, kw_only=True):
    """Reverse a verified session that was fraud, whatever was spent meanwhile; by another person than who verified it."""

    NAME: ClassVar[str] = "void_session"
    GENERATED: ClassVar[tuple[str, ...]] = ("sanction_id",)
    SUBJECT: ClassVar[str] = "volunteer"
    sanction_id: str = field(default_factory=maker("sanc"))
    session_id: str
    volunteer: str
    reason: Literal["not_held", "not_present", "inflated", "duplicate", "colluded"]
    words: ConductNote | None = None


class SuspendMember(Command, frozen=True, kw_only=True):
    """Let a member enter no session of their own and take on nothing new, up to and including a day."""

    NAME: ClassVar[str] = "suspend_member"
    GENERATED: ClassVar[tuple[str, ...]] = ("sanction_id",)
    SUBJECT: ClassVar[str] = "member"
    sanction_id: str = field(default_factory=maker("sanc"))
    member: str
    reason: Literal["fraud", "no_shows", "misconduct"]
    until_day: date
    words: ConductNote | None = None


class LiftSuspension(Command, frozen=True, kw_only=True):
    """End a suspension before its day."""

    NAME: ClassVar[str] = "lift_suspension"
    sanction_id: str
    reason: Literal["amends_made", "mistake"]


class LodgeAppeal(Command, frozen=True, kw_only=True):
    """Ask that somebody else look at a sanction again, within policy's days."""

    NAME: ClassVar[str] = "lodge_appeal"
    GENERATED: ClassVar[tuple[str, ...]] = ("appeal_id",)
    SUBJECT: ClassVar[str] = "member"
    appeal_id: str = field(default_factory=maker("appl"))
    sanction_id: str
    member: str
    words: ConductNote | None = None


class DecideAppeal(Command, frozen=True, kw_only=True):
    """Grant an appeal, which undoes the sanction, or dismiss it; by another person than who took the sanction."""

    NAME: ClassVar[str] = "decide_appeal"
    appeal_id: str
    granted: bool


class PublishSanction(Command, frozen=True, kw_only=True):
    """Make a sanction public once nothing can be said against it any more; the member's name stays masked."""

    NAME: ClassVar[str] = "publish_sanction"
    sanction_id: str

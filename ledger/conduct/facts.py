"""Facts of conduct: who may take on nothing new, since when and why. Published; what is said about a person is not."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact
from ledger.hours.facts import day_tag


@fact("conduct.party_blacklisted@1")
class PartyBlacklisted(Fact, frozen=True, kw_only=True):
    """A member, team or unit takes on nothing more, up to and including `until_day` or until it is lifted (M20)."""

    TAGS: ClassVar[tuple[str, ...]] = ("blacklisting_id", "party")
    blacklisting_id: str
    party: str
    reason: str
    ground: str | None = None
    """The id of what it rests on: a request, session, agreement, rectification; None where the words alone say it."""
    until_day: date | None = None
    listed_by: str
    day: date
    words: str = ""


@fact("conduct.blacklist_lifted@1")
class BlacklistLifted(Fact, frozen=True, kw_only=True):
    """Another person took the party off the blacklist before its term, and says why."""

    TAGS: ClassVar[tuple[str, ...]] = ("blacklisting_id", "party")
    blacklisting_id: str
    party: str
    reason: str
    lifted_by: str
    day: date


@fact("conduct.partner_exited@1")
class PartnerExited(Fact, frozen=True, kw_only=True):
    """A unit left the partnership, or was made to (退出); it takes on nothing until it signs an agreement again (M20)."""

    TAGS: ClassVar[tuple[str, ...]] = ("exit_id", "unit")
    exit_id: str
    unit: str
    reason: str
    exited_by: str
    day: date


def _days_of(happened: SessionVoided | SessionRestored) -> tuple[str, ...]:
    """The volunteer's days, whose record changes, and the pool where its minutes move."""
    days = (day_tag(happened.volunteer, happened.day), day_tag(happened.volunteer, happened.last_day))
    pool = ("pool",) if happened.overflow and happened.overflow_to == "pool" else ()
    return tuple(dict.fromkeys((*days, *pool)))


@fact("conduct.session_voided@1")
class SessionVoided(Fact, frozen=True, kw_only=True):
    """A verified session was fraud: a reasoned reversal, whatever was spent meanwhile. The record itself stays."""

    TAGS: ClassVar[tuple[str, ...]] = ("sanction_id", "session_id", "volunteer")
    sanction_id: str
    session_id: str
    volunteer: str
    day: date
    last_day: date
    minutes: int
    overflow: int = 0
    overflow_to: str = ""
    reason: str
    voided_by: str
    voided_on: date
    place: str | None = None
    team: str | None = None
    unit: str | None = None
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """See `_days_of`."""
        return _days_of(self)


@fact("conduct.session_restored@1")
class SessionRestored(Fact, frozen=True, kw_only=True):
    """An appeal was granted: the session counts again, with the minutes it had."""

    TAGS: ClassVar[tuple[str, ...]] = ("sanction_id", "session_id", "volunteer")
    sanction_id: str
    session_id: str
    volunteer: str
    day: date
    last_day: date
    start_at: int | None = None
    end_at: int | None = None
    minutes: int
    overflow: int = 0
    overflow_to: str = ""
    place: str | None = None
    team: str | None = None
    unit: str | None = None

    def more_tags(self) -> tuple[str, ...]:
        """See `_days_of`."""
        return _days_of(self)


@fact("conduct.member_suspended@1")
class MemberSuspended(Fact, frozen=True, kw_only=True):
    """A member enters no session of their own and takes on nothing new, up to and including a day."""

    TAGS: ClassVar[tuple[str, ...]] = ("sanction_id", "member")
    sanction_id: str
    member: str
    reason: str
    until_day: date
    suspended_by: str
    day: date
    words: str = ""


@fact("conduct.suspension_lifted@1")
class SuspensionLifted(Fact, frozen=True, kw_only=True):
    """The suspension ended before its day."""

    TAGS: ClassVar[tuple[str, ...]] = ("sanction_id", "member")
    sanction_id: str
    member: str
    reason: str
    lifted_by: str


@fact("conduct.appeal_lodged@1")
class AppealLodged(Fact, frozen=True, kw_only=True):
    """Whom a sanction concerns asks somebody else to look at it again."""

    TAGS: ClassVar[tuple[str, ...]] = ("appeal_id", "sanction_id", "member")
    appeal_id: str
    sanction_id: str
    member: str
    lodged_by: str
    day: date
    words: str = ""


@fact("conduct.appeal_decided@1")
class AppealDecided(Fact, frozen=True, kw_only=True):
    """Another person granted the appeal, which undoes the sanction in the same story, or dismissed it."""

    TAGS: ClassVar[tuple[str, ...]] = ("appeal_id", "sanction_id", "member")
    appeal_id: str
    sanction_id: str
    member: str
    granted: bool
    decided_by: str
    day: date


@fact("conduct.sanction_published@1")
class SanctionPublished(Fact, frozen=True, kw_only=True):
    """Anybody may read of it, with the member's name masked."""

    TAGS: ClassVar[tuple[str, ...]] = ("sanction_id", "member")
    sanction_id: str
    member: str
    published_by: str
    day: date

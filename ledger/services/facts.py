"""Facts of services (无偿 / 低偿 / 有偿) and of those who are helped first: need groups and opening grants (M1, M12)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact
from ledger.hours.facts import day_tag


@fact("service.declared@1")
class ServiceDeclared(Fact, frozen=True, kw_only=True):
    """A party offers a service to be reserved; `charge` says whether it is free, low-cost or paid.

    `minutes`: how long it takes · `price_fen`: what the resident pays to the provider, outside of this ledger.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("service_id", "provider")
    service_id: str
    provider: str
    name: str
    charge: str
    minutes: int
    price_fen: int = 0
    place: str | None = None
    declared_by: str
    day: date


@fact("service.withdrawn@1")
class ServiceWithdrawn(Fact, frozen=True, kw_only=True):
    """Nobody reserves it any more; what is reserved is still done."""

    TAGS: ClassVar[tuple[str, ...]] = ("service_id", "provider")
    service_id: str
    provider: str
    withdrawn_by: str


@fact("service.reserved@1")
class ServiceReserved(Fact, frozen=True, kw_only=True):
    """A member reserves a service; the minutes it costs them are set aside (none for a paid one, which nobody banks)."""

    TAGS: ClassVar[tuple[str, ...]] = ("reservation_id", "service_id", "member")
    reservation_id: str
    service_id: str
    member: str
    provider: str
    charge: str
    minutes: int
    price_fen: int
    until_at: int
    words: str = ""


@fact("service.performed@1")
class ServicePerformed(Fact, frozen=True, kw_only=True):
    """The provider says that it was done, by whom and when: time for which no session of service is recorded besides."""

    TAGS: ClassVar[tuple[str, ...]] = ("reservation_id", "performer")
    reservation_id: str
    service_id: str
    member: str
    performer: str | None = None
    start_at: int
    end_at: int
    day: date
    performed_by: str

    def more_tags(self) -> tuple[str, ...]:
        """Read where the performer's sessions of that day are recorded."""
        return (day_tag(self.performer, self.day),) if self.performer else ()


@fact("service.contested@1")
class PerformanceContested(Fact, frozen=True, kw_only=True):
    """The member says that it was not done; the reservation is as before."""

    TAGS: ClassVar[tuple[str, ...]] = ("reservation_id", "performer")
    reservation_id: str
    member: str
    performer: str | None = None
    day: date
    contested_by: str
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """The performer's time is free again."""
        return (day_tag(self.performer, self.day),) if self.performer else ()


@fact("service.settled@1")
class ServiceSettled(Fact, frozen=True, kw_only=True):
    """Done and confirmed, or not contested until the deadline (`silent`). `banked_minutes` go to the performer."""

    TAGS: ClassVar[tuple[str, ...]] = ("reservation_id", "member", "performer")
    reservation_id: str
    service_id: str
    member: str
    performer: str | None = None
    charge: str
    minutes: int
    banked_minutes: int
    overflow: int = 0
    overflow_to: str = ""
    silent: bool = False
    settled_by: str

    def more_tags(self) -> tuple[str, ...]:
        """What reaches the pool is read by those who draw from it."""
        return ("pool",) if self.overflow and self.overflow_to == "pool" else ()


@fact("service.cancelled@1")
class ServiceCancelled(Fact, frozen=True, kw_only=True):
    """The reservation ended without a service (`cause`: cancelled or expired); the minutes are usable again."""

    TAGS: ClassVar[tuple[str, ...]] = ("reservation_id", "member")
    reservation_id: str
    service_id: str
    member: str
    minutes: int
    cause: str
    cancelled_by: str


@fact("service.need_group_opened@1")
class NeedGroupOpened(Fact, frozen=True, kw_only=True):
    """A group whom the community helps first, such as those over eighty who live alone."""

    TAGS: ClassVar[tuple[str, ...]] = ("group_id",)
    group_id: str
    name: str
    opened_by: str


@fact("service.need_asked@1")
class NeedAsked(Fact, frozen=True, kw_only=True):
    """Somebody asks that a member be taken into a need group."""

    TAGS: ClassVar[tuple[str, ...]] = ("need_id", "group_id", "member")
    need_id: str
    group_id: str
    member: str
    asked_by: str
    words: str = ""


@fact("service.need_admitted@1")
class NeedAdmitted(Fact, frozen=True, kw_only=True):
    """Another person agreed: the member is in the group."""

    TAGS: ClassVar[tuple[str, ...]] = ("need_id", "group_id", "member")
    need_id: str
    group_id: str
    member: str
    admitted_by: str


@fact("service.need_ended@1")
class NeedEnded(Fact, frozen=True, kw_only=True):
    """The member is not, or not any more, in the group."""

    TAGS: ClassVar[tuple[str, ...]] = ("need_id", "group_id", "member")
    need_id: str
    group_id: str
    member: str
    reason: str
    ended_by: str


@fact("service.source_opened@1")
class SourceOpened(Fact, frozen=True, kw_only=True):
    """Minutes for opening grants, from a named source and for one need group: the only hours nobody served for."""

    TAGS: ClassVar[tuple[str, ...]] = ("source_id", "group_id")
    source_id: str
    group_id: str
    name: str
    minutes: int
    most_minutes: int
    opened_by: str
    day: date


@fact("service.opening_granted@1")
class OpeningGranted(Fact, frozen=True, kw_only=True):
    """A member of the group begins with minutes of the source, once."""

    TAGS: ClassVar[tuple[str, ...]] = ("opening_id", "source_id", "receiver")
    opening_id: str
    source_id: str
    receiver: str
    minutes: int
    granted_by: str

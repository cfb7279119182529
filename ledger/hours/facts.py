"""Facts of the time bank. Minutes are whole; `day` is the community's day of the service, never the day of entry."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


def day_tag(volunteer: str, day: date) -> str:
    """The tag under which one volunteer's sessions of one day are found: overlap and daily cap read no more."""
    return f"day_{volunteer}_{day.isoformat()}"


@fact("hours.session_recorded@1")
class SessionRecorded(Fact, frozen=True, kw_only=True):
    """Somebody gave time; not yet verified. `words` commits to activity, content and remarks."""

    TAGS: ClassVar[tuple[str, ...]] = ("session_id", "volunteer", "activity_id")
    session_id: str
    volunteer: str
    activity_id: str | None = None
    day: date
    last_day: date
    start_at: int | None = None
    end_at: int | None = None
    minutes: int
    origin: str
    place: str | None = None
    team: str | None = None
    unit: str | None = None
    organiser: str | None = None
    in_charge: str | None = None
    late: bool = False
    guarantor: str | None = None
    recorder: str
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """Every day the session touches (a night watch touches two)."""
        if self.last_day == self.day:
            return (day_tag(self.volunteer, self.day),)
        return (day_tag(self.volunteer, self.day), day_tag(self.volunteer, self.last_day))


@fact("hours.session_endorsed@1")
class SessionEndorsed(Fact, frozen=True, kw_only=True):
    """A first verifier agreed where policy asks for two."""

    TAGS: ClassVar[tuple[str, ...]] = ("session_id",)
    session_id: str
    verifier: str


@fact("hours.session_verified@1")
class SessionVerified(Fact, frozen=True, kw_only=True):
    """The session counts: `credited` minutes are banked, `overflow` goes where policy says (`pool` or `honour`)."""

    TAGS: ClassVar[tuple[str, ...]] = ("session_id", "volunteer")
    session_id: str
    volunteer: str
    day: date
    minutes: int
    credited: int
    overflow: int = 0
    overflow_to: str = ""
    origin: str
    verifier: str
    place: str | None = None
    team: str | None = None
    unit: str | None = None

    def more_tags(self) -> tuple[str, ...]:
        """What reaches the pool is read by those who draw from it."""
        return ("pool",) if self.overflow and self.overflow_to == "pool" else ()


@fact("hours.session_rejected@1")
class SessionRejected(Fact, frozen=True, kw_only=True):
    """The session does not count; its time of day is free again."""

    TAGS: ClassVar[tuple[str, ...]] = ("session_id", "volunteer")
    session_id: str
    volunteer: str
    day: date
    last_day: date
    reason: str
    verifier: str

    def more_tags(self) -> tuple[str, ...]:
        """The days that become free."""
        return tuple(dict.fromkeys((day_tag(self.volunteer, self.day), day_tag(self.volunteer, self.last_day))))


@fact("hours.correction_requested@1")
class CorrectionRequested(Fact, frozen=True, kw_only=True):
    """The volunteer says what the record should be (令67 §13)."""

    TAGS: ClassVar[tuple[str, ...]] = ("session_id", "volunteer")
    correction_id: str
    session_id: str
    volunteer: str
    minutes: int
    requested_by: str
    words: str = ""


@fact("hours.correction_refused@1")
class CorrectionRefused(Fact, frozen=True, kw_only=True):
    """The organisation that recorded it stands by its record."""

    TAGS: ClassVar[tuple[str, ...]] = ("session_id", "volunteer")
    correction_id: str
    session_id: str
    volunteer: str
    reason: str
    checker: str


@fact("hours.session_corrected@1")
class SessionCorrected(Fact, frozen=True, kw_only=True):
    """原记 / 更正 / 净额: a new linked entry; the old one stays. `difference` may be negative."""

    TAGS: ClassVar[tuple[str, ...]] = ("session_id", "volunteer")
    correction_id: str
    session_id: str
    volunteer: str
    day: date
    last_day: date
    original_minutes: int
    corrected_minutes: int
    difference: int
    checker: str
    place: str | None = None
    team: str | None = None
    unit: str | None = None

    def more_tags(self) -> tuple[str, ...]:
        """The day's total moves too."""
        return tuple(dict.fromkeys((day_tag(self.volunteer, self.day), day_tag(self.volunteer, self.last_day))))


@fact("hours.given@1")
class HoursGiven(Fact, frozen=True, kw_only=True):
    """A gift of time between two members; what the receiver's storage cap cannot hold overflows."""

    TAGS: ClassVar[tuple[str, ...]] = ("giver", "receiver")
    giver: str
    receiver: str
    minutes: int
    overflow: int = 0
    overflow_to: str = ""
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """What reaches the pool is read by those who draw from it."""
        return ("pool",) if self.overflow and self.overflow_to == "pool" else ()


@fact("hours.donated@1")
class HoursDonated(Fact, frozen=True, kw_only=True):
    """A member gives time to the pool."""

    TAGS: ClassVar[tuple[str, ...]] = ("giver",)
    giver: str
    minutes: int
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """Read by those who draw from the pool."""
        return ("pool",)


@fact("hours.pool_granted@1")
class PoolGranted(Fact, frozen=True, kw_only=True):
    """The pool gives time to a member in need."""

    TAGS: ClassVar[tuple[str, ...]] = ("receiver",)
    receiver: str
    minutes: int
    granted_by: str
    words: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """The pool shrinks."""
        return ("pool",)


@fact("hours.reserved@1")
class HoursReserved(Fact, frozen=True, kw_only=True):
    """Minutes set aside for a service until it is done, cancelled, or the deadline passes."""

    TAGS: ClassVar[tuple[str, ...]] = ("reservation_id", "member")
    reservation_id: str
    member: str
    minutes: int
    provider: str | None = None
    request_id: str | None = None
    until_at: int
    words: str = ""


@fact("hours.redeemed@1")
class HoursRedeemed(Fact, frozen=True, kw_only=True):
    """The service was given: the reserved minutes go to the provider, or leave circulation where none is named."""

    TAGS: ClassVar[tuple[str, ...]] = ("reservation_id", "member", "provider")
    reservation_id: str
    member: str
    provider: str | None = None
    minutes: int
    overflow: int = 0
    overflow_to: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """What reaches the pool is read by those who draw from it."""
        return ("pool",) if self.overflow and self.overflow_to == "pool" else ()


@fact("hours.released@1")
class HoursReleased(Fact, frozen=True, kw_only=True):
    """The reservation ended without a service (`cause`: cancelled or expired); the minutes are usable again."""

    TAGS: ClassVar[tuple[str, ...]] = ("reservation_id", "member")
    reservation_id: str
    member: str
    minutes: int
    cause: str


@fact("hours.lapsed@1")
class HoursLapsed(Fact, frozen=True, kw_only=True):
    """Minutes older than policy's expiry lapse, first in first out."""

    TAGS: ClassVar[tuple[str, ...]] = ("member",)
    member: str
    minutes: int
    earned_before: date


@fact("hours.certificate_issued@1")
class CertificateIssued(Fact, frozen=True, kw_only=True):
    """志愿服务记录证明: states the lifetime record as of now; verifiable by number (law 令67 §14–17)."""

    TAGS: ClassVar[tuple[str, ...]] = ("certificate_id", "member")
    certificate_id: str
    member: str
    minutes: int
    sessions: int
    first_day: date
    last_day: date
    issued_by: str


@fact("hours.kin_proposed@1")
class KinProposed(Fact, frozen=True, kw_only=True):
    """A member says that another is kin; it counts once the other says so too. `relation`: what the other is to them."""

    TAGS: ClassVar[tuple[str, ...]] = ("kin_id", "member")
    kin_id: str
    member: str
    kin: str
    relation: str
    proposed_by: str


@fact("hours.kin_registered@1")
class KinRegistered(Fact, frozen=True, kw_only=True):
    """Both consent: where policy limits gifts to kin, these two may give to each other."""

    TAGS: ClassVar[tuple[str, ...]] = ("kin_id", "member", "kin")
    kin_id: str
    member: str
    kin: str
    relation: str
    confirmed_by: str


@fact("hours.kin_ended@1")
class KinEnded(Fact, frozen=True, kw_only=True):
    """One of the two, or a worker, took the word back."""

    TAGS: ClassVar[tuple[str, ...]] = ("kin_id", "member", "kin")
    kin_id: str
    member: str
    kin: str
    ended_by: str


@fact("hours.donation_only_begun@1")
class DonationOnlyBegun(Fact, frozen=True, kw_only=True):
    """From now on the member's hours go to the pool or nowhere: they are neither given, redeemed nor sent away."""

    TAGS: ClassVar[tuple[str, ...]] = ("member",)
    member: str
    reason: str
    begun_by: str


@fact("hours.donation_only_ended@1")
class DonationOnlyEnded(Fact, frozen=True, kw_only=True):
    """The member's hours are for any use again."""

    TAGS: ClassVar[tuple[str, ...]] = ("member",)
    member: str
    ended_by: str


@fact("hours.guardian_consented@1")
class GuardianConsented(Fact, frozen=True, kw_only=True):
    """The guardian of a minor agrees that the minor's service is recorded, up to and including a day (PIPL §31)."""

    TAGS: ClassVar[tuple[str, ...]] = ("member",)
    member: str
    guardian: str
    until_day: date


@fact("hours.guardian_withdrew@1")
class GuardianWithdrew(Fact, frozen=True, kw_only=True):
    """The guardian takes the consent back: what is booked stays, nothing is added."""

    TAGS: ClassVar[tuple[str, ...]] = ("member",)
    member: str
    guardian: str

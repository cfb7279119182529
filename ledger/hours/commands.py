"""Commands of the time bank."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker

Origin = Literal["scanned", "attested", "imported"]


class SessionWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was done, in words; never in the journal."""

    activity: str
    content: str = ""
    organiser: str = ""
    in_charge: str = ""
    remark: str = ""


class Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A remark in free text; never in the journal."""

    remark: str


class _Session(Command, frozen=True, kw_only=True):
    SUBJECT: ClassVar[str] = "volunteer"
    GENERATED: ClassVar[tuple[str, ...]] = ("session_id",)
    session_id: str = field(default_factory=maker("ses"))
    volunteer: str
    day: date
    start_at: int | None = None
    end_at: int | None = None
    minutes: int | None = None
    activity_id: str | None = None
    origin: Origin = "attested"
    place: str | None = None
    organiser: str | None = None
    in_charge: str | None = None
    guarantor: str | None = None
    words: SessionWords | None = None


class RecordSession(_Session, frozen=True, kw_only=True):
    """Record that a volunteer gave time; somebody else verifies it later.

    `minutes`, or `start_at` and `end_at` (microseconds UTC), or both if they agree. Entry later than policy's working
    days needs a guarantor (补录).
    """

    NAME: ClassVar[str] = "record_session"


class DepositSession(_Session, frozen=True, kw_only=True):
    """Record and verify at once, by a community worker from a list that was checked (存入)."""

    NAME: ClassVar[str] = "deposit_session"


class VerifySession(Command, frozen=True, kw_only=True):
    """Confirm a recorded session; never one's own, never one of an activity one took part in."""

    NAME: ClassVar[str] = "verify_session"
    session_id: str


class RejectSession(Command, frozen=True, kw_only=True):
    """Say that a recorded session does not count."""

    NAME: ClassVar[str] = "reject_session"
    session_id: str
    reason: Literal["not_held", "not_present", "wrong_person", "wrong_time", "duplicate", "not_voluntary"]


class RequestCorrection(Command, frozen=True, kw_only=True):
    """Ask that a verified session be put right (令67 §13)."""

    NAME: ClassVar[str] = "request_correction"
    GENERATED: ClassVar[tuple[str, ...]] = ("correction_id",)
    SUBJECT: ClassVar[str] = "volunteer"
    correction_id: str = field(default_factory=maker("cor"))
    session_id: str
    volunteer: str
    minutes: int
    words: Note | None = None


class ApproveCorrection(Command, frozen=True, kw_only=True):
    """Grant what was asked: a new linked entry."""

    NAME: ClassVar[str] = "approve_correction"
    session_id: str
    correction_id: str


class RefuseCorrection(Command, frozen=True, kw_only=True):
    """Stand by the record."""

    NAME: ClassVar[str] = "refuse_correction"
    session_id: str
    correction_id: str
    reason: Literal["record_is_right", "no_evidence", "too_late"]


class GiveHours(Command, frozen=True, kw_only=True):
    """Give banked minutes to another member."""

    NAME: ClassVar[str] = "give_hours"
    SUBJECT: ClassVar[str] = "giver"
    giver: str
    receiver: str
    minutes: int
    words: Note | None = None


class DonateHours(Command, frozen=True, kw_only=True):
    """Give banked minutes to the pool."""

    NAME: ClassVar[str] = "donate_hours"
    SUBJECT: ClassVar[str] = "giver"
    giver: str
    minutes: int
    words: Note | None = None


class GrantFromPool(Command, frozen=True, kw_only=True):
    """Give minutes of the pool to a member in need."""

    NAME: ClassVar[str] = "grant_from_pool"
    SUBJECT: ClassVar[str] = "receiver"
    receiver: str
    minutes: int
    words: Note | None = None


class ReserveHours(Command, frozen=True, kw_only=True):
    """Set minutes aside for a service."""

    NAME: ClassVar[str] = "reserve_hours"
    GENERATED: ClassVar[tuple[str, ...]] = ("reservation_id",)
    SUBJECT: ClassVar[str] = "member"
    reservation_id: str = field(default_factory=maker("rsv"))
    member: str
    minutes: int
    provider: str | None = None
    request_id: str | None = None
    words: Note | None = None


class SettleReservation(Command, frozen=True, kw_only=True):
    """Confirm that the service was given."""

    NAME: ClassVar[str] = "settle_reservation"
    reservation_id: str


class ReleaseReservation(Command, frozen=True, kw_only=True):
    """Cancel the reservation; the minutes are usable again."""

    NAME: ClassVar[str] = "release_reservation"
    reservation_id: str


class ExpireReservation(Command, frozen=True, kw_only=True):
    """Release a reservation whose deadline has passed; given by the follower that watches deadlines."""

    NAME: ClassVar[str] = "expire_reservation"
    reservation_id: str


class LapseHours(Command, frozen=True, kw_only=True):
    """Let minutes lapse that are older than policy's expiry, if it has one."""

    NAME: ClassVar[str] = "lapse_hours"
    member: str


class IssueCertificate(Command, frozen=True, kw_only=True):
    """State a member's service record under a number that anybody can verify."""

    NAME: ClassVar[str] = "issue_certificate"
    GENERATED: ClassVar[tuple[str, ...]] = ("certificate_id",)
    certificate_id: str = field(default_factory=maker("cert"))
    member: str


class ProposeKin(Command, frozen=True, kw_only=True):
    """Say that another member is kin; it counts once they say so too. `relation`: what the other is to the member."""

    NAME: ClassVar[str] = "propose_kin"
    GENERATED: ClassVar[tuple[str, ...]] = ("kin_id",)
    kin_id: str = field(default_factory=maker("kin"))
    member: str
    kin: str
    relation: Literal["spouse", "parent", "child", "sibling", "grandparent", "grandchild", "other"]


class RegisterKin(Command, frozen=True, kw_only=True):
    """Agree to be kin: by the other of the two, or by a worker who saw the papers, never by who proposed it."""

    NAME: ClassVar[str] = "register_kin"
    kin_id: str
    kin: str


class EndKin(Command, frozen=True, kw_only=True):
    """Take it back: either of the two, or a worker."""

    NAME: ClassVar[str] = "end_kin"
    kin_id: str
    member: str


class BeginDonationOnly(Command, frozen=True, kw_only=True):
    """Let a member's hours go to the pool or nowhere, by their own wish or as a rule of their group."""

    NAME: ClassVar[str] = "begin_donation_only"
    member: str
    reason: Literal["own_wish", "group_rule"] = "own_wish"


class EndDonationOnly(Command, frozen=True, kw_only=True):
    """Let a member's hours be for any use again."""

    NAME: ClassVar[str] = "end_donation_only"
    member: str


class ConsentAsGuardian(Command, frozen=True, kw_only=True):
    """Agree that a minor's service is recorded, up to and including a day."""

    NAME: ClassVar[str] = "consent_as_guardian"
    member: str
    until_day: date


class WithdrawConsent(Command, frozen=True, kw_only=True):
    """Take a guardian's consent back."""

    NAME: ClassVar[str] = "withdraw_consent"
    member: str

"""What decisions about hours need to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.accounts import POOL, held, postings, usable
from ledger.base import Fact, State
from ledger.conduct import facts as conduct
from ledger.crossings import facts as crossing
from ledger.hours import facts
from ledger.services import facts as service


class Account(State, frozen=True, kw_only=True):
    """A member's minutes (tag: the member's id)."""

    LONG: ClassVar[bool] = True
    usable: int = 0
    held: int = 0
    earned: int = 0
    """Lifetime verified minutes, corrections included; spending never lowers it."""
    spent: int = 0
    """All that ever left: gifts, donations, redemptions and lapses."""
    sessions: int = 0
    first_day: date | None = None
    last_day: date | None = None
    earned_by_month: Mapping[tuple[int, int], int] = msgspec.field(default_factory=dict)
    """Banked minutes per (year, month) of service, for first-in-first-out lapsing."""

    def evolve(self, happened: Fact) -> Self:
        """Books the fact's postings on this account, and follows the lifetime record."""
        mine, reserved = usable(self.tag), held(self.tag)
        now_usable, now_held = self.usable, self.held
        for account, _unit, amount in postings(happened):
            if account == mine:
                now_usable += amount
            elif account == reserved:
                now_held += amount
        state = self
        match happened:
            case facts.SessionVerified() if happened.volunteer == self.tag:
                state = self._earned(happened.day, happened.minutes, happened.credited, 1)
            case facts.SessionCorrected() if happened.volunteer == self.tag:
                state = self._earned(happened.day, happened.difference, happened.difference, 0)
            case facts.HoursGiven() if happened.giver == self.tag:
                state = replace(self, spent=self.spent + happened.minutes)
            case facts.HoursDonated() | facts.HoursLapsed():
                state = replace(self, spent=self.spent + happened.minutes)
            case facts.HoursRedeemed() | service.ServiceSettled() if happened.member == self.tag:
                state = replace(self, spent=self.spent + happened.minutes)
            case crossing.HoursSent() if happened.giver == self.tag:
                state = replace(self, spent=self.spent + happened.minutes)
            case crossing.HoursReturned():
                state = replace(self, spent=self.spent - happened.minutes)
            case conduct.SessionVoided():
                state = self._earned(happened.day, -happened.minutes, happened.overflow - happened.minutes, -1)
            case conduct.SessionRestored():
                state = self._earned(happened.day, happened.minutes, happened.minutes - happened.overflow, 1)
        if now_usable != self.usable or now_held != self.held:
            state = replace(state, usable=now_usable, held=now_held)
        return state

    def _earned(self, day: date, minutes: int, banked: int, sessions: int) -> Self:
        month = (day.year, day.month)
        return replace(
            self,
            earned=self.earned + minutes,
            sessions=self.sessions + sessions,
            first_day=min(self.first_day or day, day),
            last_day=max(self.last_day or day, day),
            earned_by_month={**self.earned_by_month, month: self.earned_by_month.get(month, 0) + banked},
        )


class DayLog(State, frozen=True, kw_only=True):
    """One volunteer's sessions that touch one day (tag `day_<volunteer>_<day>`)."""

    sessions: Mapping[str, tuple[int | None, int | None, int]] = msgspec.field(default_factory=dict)
    """session id → (start, end, minutes counted on this day)"""

    def evolve(self, happened: Fact) -> Self:
        """Follows recording, rejection and correction."""
        match happened:
            case facts.SessionRecorded():
                counted = happened.minutes if self.tag == facts.day_tag(happened.volunteer, happened.day) else 0
                entry = (happened.start_at, happened.end_at, counted)
                return replace(self, sessions={**self.sessions, happened.session_id: entry})
            case facts.SessionRejected():
                return replace(self, sessions={k: v for k, v in self.sessions.items() if k != happened.session_id})
            case facts.SessionCorrected() if happened.session_id in self.sessions:
                start_at, end_at, counted = self.sessions[happened.session_id]
                if self.tag == facts.day_tag(happened.volunteer, happened.day):
                    counted = happened.corrected_minutes
                return replace(self, sessions={**self.sessions, happened.session_id: (start_at, end_at, counted)})
            case conduct.SessionVoided():
                return replace(self, sessions={k: v for k, v in self.sessions.items() if k != happened.session_id})
            case conduct.SessionRestored():
                counted = happened.minutes if self.tag == facts.day_tag(happened.volunteer, happened.day) else 0
                restored = (happened.start_at, happened.end_at, counted)
                return replace(self, sessions={**self.sessions, happened.session_id: restored})
            case service.ServicePerformed():
                done = (happened.start_at, happened.end_at, 0)
                return replace(self, sessions={**self.sessions, happened.reservation_id: done})
            case service.PerformanceContested():
                return replace(self, sessions={k: v for k, v in self.sessions.items() if k != happened.reservation_id})
        return self

    def minutes(self) -> int:
        """Minutes given on this day."""
        return sum(entry[2] for entry in self.sessions.values())


class Session(State, frozen=True, kw_only=True):
    """One session (tag: its id)."""

    status: str = ""
    """"" · recorded · endorsed · verified · rejected · voided"""
    record: facts.SessionRecorded | None = None
    minutes: int = 0
    endorsers: tuple[str, ...] = ()
    verifier: str = ""
    overflow: int = 0
    overflow_to: str = ""
    correction: facts.CorrectionRequested | None = None

    def evolve(self, happened: Fact) -> Self:
        """Follows the session's life."""
        match happened:
            case facts.SessionRecorded() if happened.session_id == self.tag:
                return replace(self, status="recorded", record=happened, minutes=happened.minutes)
            case facts.SessionEndorsed():
                return replace(self, status="endorsed", endorsers=(*self.endorsers, happened.verifier))
            case facts.SessionVerified():
                return replace(
                    self,
                    status="verified",
                    verifier=happened.verifier,
                    overflow=happened.overflow,
                    overflow_to=happened.overflow_to,
                )
            case facts.SessionRejected():
                return replace(self, status="rejected")
            case conduct.SessionVoided():
                return replace(self, status="voided", correction=None)
            case conduct.SessionRestored():
                return replace(self, status="verified")
            case facts.CorrectionRequested():
                return replace(self, correction=happened)
            case facts.CorrectionRefused():
                return replace(self, correction=None)
            case facts.SessionCorrected():
                return replace(self, correction=None, minutes=happened.corrected_minutes)
        return self


class Activity(State, frozen=True, kw_only=True):
    """Who took part in an activity (tag: its id)."""

    volunteers: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Adds who recorded a session of it."""
        if isinstance(happened, facts.SessionRecorded):
            return replace(self, volunteers=self.volunteers | {happened.volunteer})
        return self


class Pool(State, frozen=True, kw_only=True):
    """The common pool (tag `pool`)."""

    LONG: ClassVar[bool] = True
    minutes: int = 0

    def evolve(self, happened: Fact) -> Self:
        """Books the fact's postings on the pool."""
        moved = sum(amount for account, _unit, amount in postings(happened) if account == POOL)
        return replace(self, minutes=self.minutes + moved) if moved else self


class Reservation(State, frozen=True, kw_only=True):
    """One reservation (tag: its id)."""

    status: str = ""
    """"" · open · redeemed · released"""
    made: facts.HoursReserved | None = None

    def evolve(self, happened: Fact) -> Self:
        """Follows the reservation's life."""
        match happened:
            case facts.HoursReserved():
                return replace(self, status="open", made=happened)
            case facts.HoursRedeemed():
                return replace(self, status="redeemed")
            case facts.HoursReleased():
                return replace(self, status="released")
        return self


class ReservationsHeld(State, frozen=True, kw_only=True):
    """The reservations a member has open (tag: the member's id)."""

    LONG: ClassVar[bool] = True
    open: Mapping[str, int] = msgspec.field(default_factory=dict)
    """reservation id → minutes"""

    def evolve(self, happened: Fact) -> Self:
        """Follows reserving until the service was given or not; as the provider a member holds nothing."""
        match happened:
            case facts.HoursReserved() if happened.member == self.tag:
                return replace(self, open={**self.open, happened.reservation_id: happened.minutes})
            case facts.HoursRedeemed() | facts.HoursReleased() if happened.member == self.tag:
                return replace(self, open={k: v for k, v in self.open.items() if k != happened.reservation_id})
        return self


class Terms(State, frozen=True, kw_only=True):
    """On what terms a member banks hours (tag: the member's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {
            facts.DonationOnlyBegun,
            facts.DonationOnlyEnded,
            facts.GuardianConsented,
            facts.GuardianWithdrew,
            facts.KinRegistered,
            facts.KinEnded,
        }
    )
    donation_only: bool = False
    consented_until: date | None = None
    """The last day on which a guardian's consent holds."""
    kin: Mapping[str, str] = msgspec.field(default_factory=dict)
    """kin's member id → id of the tie"""

    def evolve(self, happened: Fact) -> Self:
        """Follows the member's own terms, a guardian's consent, and kin."""
        match happened:
            case facts.DonationOnlyBegun():
                return replace(self, donation_only=True)
            case facts.DonationOnlyEnded():
                return replace(self, donation_only=False)
            case facts.GuardianConsented():
                return replace(self, consented_until=happened.until_day)
            case facts.GuardianWithdrew():
                return replace(self, consented_until=None)
            case facts.KinRegistered():
                other = happened.kin if happened.member == self.tag else happened.member
                return replace(self, kin={**self.kin, other: happened.kin_id})
            case facts.KinEnded():
                return replace(self, kin={who: tie for who, tie in self.kin.items() if tie != happened.kin_id})
        return self


class KinTie(State, frozen=True, kw_only=True):
    """What two members say of each other (tag: the tie's id)."""

    status: str = ""
    """"" · proposed · registered · ended"""
    proposed: facts.KinProposed | None = None

    def evolve(self, happened: Fact) -> Self:
        """Follows the tie's life."""
        match happened:
            case facts.KinProposed():
                return replace(self, status="proposed", proposed=happened)
            case facts.KinRegistered():
                return replace(self, status="registered")
            case facts.KinEnded():
                return replace(self, status="ended")
        return self

"""What decisions about conduct need to know, and the one question every other area asks: may this party take on more?"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.conduct import facts
from ledger.errors import Refused
from ledger.ids import TEAM, prefix_of
from ledger.parties.state import Standing
from ledger.partners.facts import AgreementSigned


class Conduct(State, frozen=True, kw_only=True):
    """What keeps a member, team or unit from taking on anything new (tag: the party's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {
            facts.PartyBlacklisted,
            facts.BlacklistLifted,
            facts.PartnerExited,
            facts.MemberSuspended,
            facts.SuspensionLifted,
            AgreementSigned,
        }
    )
    blacklisted: facts.PartyBlacklisted | None = None
    """The blacklisting not lifted so far; its term may be over."""
    exited: facts.PartnerExited | None = None
    """The exit, until an agreement is signed again."""
    suspensions: tuple[facts.MemberSuspended, ...] = ()
    """Every suspension that was not lifted; terms may be over. A later one takes nothing from an earlier."""

    def evolve(self, happened: Fact) -> Self:
        """Follows blacklisting, its lifting, exit and return."""
        match happened:
            case facts.PartyBlacklisted():
                return replace(self, blacklisted=happened)
            case facts.BlacklistLifted():
                return replace(self, blacklisted=None)
            case facts.PartnerExited():
                return replace(self, exited=happened)
            case AgreementSigned():
                return replace(self, exited=None)
            case facts.MemberSuspended():
                return replace(self, suspensions=(*self.suspensions, happened))
            case facts.SuspensionLifted():
                standing = tuple(one for one in self.suspensions if one.sanction_id != happened.sanction_id)
                return replace(self, suspensions=standing)
        return self

    def blacklisted_on(self, day: date) -> facts.PartyBlacklisted | None:
        """The blacklisting that holds that day; its first and last day count."""
        held = self.blacklisted
        if held is None or day < held.day or (held.until_day is not None and held.until_day < day):
            return None
        return held

    def exited_on(self, day: date) -> facts.PartnerExited | None:
        """The exit that holds that day."""
        return None if self.exited is None or day < self.exited.day else self.exited

    @property
    def suspended(self) -> facts.MemberSuspended | None:
        """Of the suspensions that were not lifted the one that ends last."""
        return max(self.suspensions, key=lambda one: one.until_day, default=None)

    def suspended_on(self, day: date) -> facts.MemberSuspended | None:
        """The suspension that holds that day, of several the one that ends last; its last day counts."""
        held = self.suspended
        return None if held is None or held.until_day < day else held


class Known(State, frozen=True, kw_only=True):
    """Whether an id names a blacklisting or an exit (tag: its id)."""

    known: bool = False

    def evolve(self, happened: Fact) -> Self:
        """An id is used once."""
        begun = isinstance(happened, facts.PartyBlacklisted | facts.PartnerExited)
        return replace(self, known=True) if begun else self


def conduct_of(view: View, party: str) -> Conduct:
    """What keeps that party from taking on anything new."""
    return view.state(Conduct, party)


def check_not_barred(view: View, party: str, today: date) -> None:
    """Refuse a party that is blacklisted or suspended today, and a team whose unit is.

    Raises Refused (`blacklisted`, `suspended`). The refusal says why and until when; "" means until it is lifted. A unit
    that exited passes: it may come back.
    """
    for one in _answerable(view, party):
        held = conduct_of(view, one).blacklisted_on(today)
        if held is not None:
            until = "" if held.until_day is None else held.until_day.isoformat()
            raise Refused("blacklisted", party=one, reason=held.reason, until_day=until)
        suspended = conduct_of(view, one).suspended_on(today)
        if suspended is not None:
            until = suspended.until_day.isoformat()
            raise Refused("suspended", party=one, reason=suspended.reason, until_day=until)


def check_may_act(view: View, party: str, today: date) -> None:
    """Refuse whoever may take on nothing new; raises Refused as `check_not_barred` does, and `partner_exited`.

    For everything that begins something: a claim, an offer, a match, a contribution, an answer to a call, self-entry.
    What was begun may be ended.
    """
    check_not_barred(view, party, today)
    for one in _answerable(view, party):
        exited = conduct_of(view, one).exited_on(today)
        if exited is not None:
            raise Refused("partner_exited", party=one, reason=exited.reason, day=exited.day.isoformat())


def may_act(view: View, party: str, today: date) -> bool:
    """Whether `check_may_act` would let the party pass."""
    try:
        check_may_act(view, party, today)
    except Refused:
        return False
    return True


def _answerable(view: View, party: str) -> tuple[str, ...]:
    """The party itself, and for a team the unit it belongs to: else a unit would go on under its team's name."""
    unit = view.state(Standing, party).unit if prefix_of(party) == TEAM else None
    return (party,) if unit is None else (party, unit)


class Sanction(State, frozen=True, kw_only=True):
    """One sanction against fraud, a voided session or a suspension (tag: its id)."""

    status: str = ""
    """"" · standing · undone"""
    voided: facts.SessionVoided | None = None
    suspended: facts.MemberSuspended | None = None
    appeal: facts.AppealLodged | None = None
    """The appeal that waits to be decided."""
    appealed: bool = False
    published: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows the sanction, the appeal, and publication."""
        match happened:
            case facts.SessionVoided():
                return replace(self, status="standing", voided=happened)
            case facts.MemberSuspended():
                return replace(self, status="standing", suspended=happened)
            case facts.SessionRestored() | facts.SuspensionLifted():
                return replace(self, status="undone")
            case facts.AppealLodged():
                return replace(self, appeal=happened, appealed=True)
            case facts.AppealDecided():
                return replace(self, appeal=None)
            case facts.SanctionPublished():
                return replace(self, published=True)
        return self

    @property
    def member(self) -> str:
        """Whom it concerns."""
        return self.voided.volunteer if self.voided else self.suspended.member if self.suspended else ""

    @property
    def judge(self) -> str:
        """Who took it."""
        return self.voided.voided_by if self.voided else self.suspended.suspended_by if self.suspended else ""

    @property
    def day(self) -> date | None:
        """When it was taken."""
        return self.voided.voided_on if self.voided else self.suspended.day if self.suspended else None


class Appeal(State, frozen=True, kw_only=True):
    """One appeal (tag: its id)."""

    lodged: facts.AppealLodged | None = None
    decided: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Lodged once, decided once."""
        match happened:
            case facts.AppealLodged():
                return replace(self, lodged=happened)
            case facts.AppealDecided():
                return replace(self, decided=True)
        return self

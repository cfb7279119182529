"""Who is who, and who may act for whom."""

from __future__ import annotations

from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import NotFound, Refused
from ledger.ids import PERSON, TEAM, UNIT, prefix_of
from ledger.parties import facts

STANDING_FACTS: frozenset[type[Fact]] = frozenset(
    {
        facts.MemberRegistered,
        facts.TeamFormed,
        facts.UnitRegistered,
        facts.MemberLeft,
        facts.TeamJoined,
        facts.TeamLeft,
        facts.ProxyRegistered,
        facts.ProxyEnded,
        facts.PublicationAgreed,
        facts.PublicationWithdrawn,
        facts.PersonalDataErased,
    }
)
"""A member's tag is mostly hours and claims; standing is none of those."""


class Standing(State, frozen=True, kw_only=True):
    """A member's, team's or unit's place in the community (tag: its id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = STANDING_FACTS
    kind: str = ""
    """`mem`, `team`, `unit`; "" while not registered."""
    left: bool = False
    place: str | None = None
    team: str | None = None
    unit: str | None = None
    number: str = ""
    guardian: str | None = None
    proxies: frozenset[str] = frozenset()
    agreed: frozenset[str] = frozenset()
    """Where the person agreed to be named: `wall`, `donor`."""
    hidden: frozenset[str] = frozenset()
    """Where the person does not even want a masked row."""
    erased: bool = False
    """The words about them are destroyed, and none are taken in any more."""

    def evolve(self, happened: Fact) -> Self:
        """Follows registrations, teams, proxies, consents and leaving."""
        match happened:
            case facts.MemberRegistered():
                return replace(
                    self,
                    kind=PERSON,
                    place=happened.place,
                    team=happened.team,
                    unit=happened.unit,
                    number=happened.number,
                    guardian=happened.guardian,
                )
            case facts.TeamFormed() if happened.team_id == self.tag:
                return replace(self, kind=TEAM, place=happened.place, unit=happened.unit)
            case facts.UnitRegistered():
                return replace(self, kind=UNIT, place=happened.place)
            case facts.MemberLeft():
                return replace(self, left=True)
            case facts.TeamJoined():
                return replace(self, team=happened.team, unit=happened.unit)
            case facts.TeamLeft():
                return replace(self, team=None, unit=None)
            case facts.ProxyRegistered() if happened.principal == self.tag:
                return replace(self, proxies=self.proxies | {happened.proxy})
            case facts.ProxyEnded() if happened.principal == self.tag:
                return replace(self, proxies=self.proxies - {happened.proxy})
            case facts.PublicationAgreed():
                return replace(self, agreed=self.agreed | {happened.where}, hidden=self.hidden - {happened.where})
            case facts.PublicationWithdrawn():
                hidden = self.hidden | {happened.where} if happened.hidden else self.hidden
                return replace(self, agreed=self.agreed - {happened.where}, hidden=hidden)
            case facts.PersonalDataErased():
                return replace(self, erased=True)
        return self


class TeamsOf(State, frozen=True, kw_only=True):
    """The teams that were formed as a unit's (tag: the unit's id); not those stored before they carried that tag."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.TeamFormed})
    teams: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """A team stays the unit's."""
        if isinstance(happened, facts.TeamFormed) and happened.unit == self.tag:
            return replace(self, teams=self.teams | {happened.team_id})
        return self


class Roles(State, frozen=True, kw_only=True):
    """The roles somebody holds and whom they may act for (tag `role_<holder>`)."""

    LONG: ClassVar[bool] = True
    held: frozenset[tuple[str, str]] = frozenset()
    principals: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Follows appointments and proxies."""
        match happened:
            case facts.RoleGranted():
                return replace(self, held=self.held | {(happened.role, happened.scope)})
            case facts.RoleRevoked():
                return replace(self, held=self.held - {(happened.role, happened.scope)})
            case facts.ProxyRegistered():
                return replace(self, principals=self.principals | {happened.principal})
            case facts.ProxyEnded():
                return replace(self, principals=self.principals - {happened.principal})
        return self

    def has(self, role: str) -> bool:
        """Whether the role is held, be it for everything or within some scope."""
        return any(held == role for held, _scope in self.held)


class Erasure(State, frozen=True, kw_only=True):
    """Whether the words about a subject are destroyed, or one of two keepers asked for it (tag: the subject's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.ErasureAsked, facts.PersonalDataErased})
    asked: facts.ErasureAsked | None = None
    erased: bool = False

    def evolve(self, happened: Fact) -> Self:
        """What is destroyed stays destroyed."""
        match happened:
            case facts.ErasureAsked():
                return replace(self, asked=happened)
            case facts.PersonalDataErased():
                return replace(self, erased=True)
        return self


class NumberTaken(State, frozen=True, kw_only=True):
    """Whether a member's number is in use (tag `num_<number>`)."""

    member_id: str = ""

    def evolve(self, happened: Fact) -> Self:
        """A number is taken once and stays taken."""
        return replace(self, member_id=happened.member_id) if isinstance(happened, facts.MemberRegistered) else self


def roles_of(view: View, holder: str) -> Roles:
    """The roles of an actor."""
    return view.state(Roles, f"role_{holder}")


def represents(view: View, actor: str, party_id: str) -> bool:
    """Whether the actor speaks for that team or unit: its leader or representative."""
    held = roles_of(view, actor).held
    return ("team_leader", party_id) in held or ("representative", party_id) in held


def acts_for(view: View, actor: str, party_id: str) -> bool:
    """Whether a party's affairs are the actor's own: as that member, its proxy, or whoever speaks for it."""
    return actor == party_id or party_id in roles_of(view, actor).principals or represents(view, actor, party_id)


def works_for(view: View, actor: str, party_id: str) -> bool:
    """Whether the actor may take and hand in work in a party's name: as above, or as a member of that team."""
    if acts_for(view, actor, party_id):
        return True
    return prefix_of(party_id) == TEAM and view.state(Standing, actor).team == party_id


def need_member(view: View, member_id: str) -> Standing:
    """The standing of a member who is here; raises NotFound `no_such_member`, Refused `member_left`."""
    standing = view.state(Standing, member_id)
    if standing.kind != PERSON:
        raise NotFound("no_such_member", member=member_id)
    if standing.left:
        raise Refused("member_left", member=member_id)
    return standing


def need_party(view: View, party_id: str) -> Standing:
    """The standing of a member, team or unit; raises NotFound (`no_such_member`, `no_such_team`, `no_such_unit`)."""
    kind = prefix_of(party_id)
    if kind == PERSON:
        return need_member(view, party_id)
    standing = view.state(Standing, party_id)
    if standing.kind not in (TEAM, UNIT) or standing.kind != kind:
        raise NotFound("no_such_team" if kind == TEAM else "no_such_unit", party=party_id)
    return standing


def check_words(view: View, subject: str) -> None:
    """Nothing is written any more about whom the ledger has forgotten; raises Refused `words_erased`."""
    if prefix_of(subject) in (PERSON, TEAM, UNIT) and view.state(Standing, subject).erased:
        raise Refused("words_erased", subject=subject)

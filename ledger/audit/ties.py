"""Who is tied to whom, as the journal knows it: kin by guardianship, proxies, units, teams and who speaks for them."""

from __future__ import annotations

from collections import defaultdict

from ledger.base import Fact
from ledger.parties import facts

TIE_FACTS: tuple[type[Fact], ...] = (
    facts.MemberRegistered, facts.TeamFormed, facts.TeamJoined, facts.TeamLeft, facts.RoleGranted, facts.RoleRevoked,
    facts.ProxyRegistered, facts.ProxyEnded,
)  # fmt: skip

_SPEAKS = ("representative", "team_leader")


class Ties:
    """The ties in force after the facts seen so far. Kin by blood is nowhere in the journal, so it is not known here."""

    def __init__(self) -> None:
        self._unit: dict[str, str | None] = {}
        self._team: dict[str, str | None] = {}
        self._unit_of_team: dict[str, str | None] = {}
        self._persons: dict[str, set[str]] = defaultdict(set)
        """Guardian and ward, proxy and principal, both ways."""
        self._speakers: dict[str, set[str]] = defaultdict(set)
        self._speaks_for: dict[str, set[str]] = defaultdict(set)

    def see(self, fact: Fact) -> None:
        """Take one fact in; others than `TIE_FACTS` change nothing."""
        match fact:
            case facts.MemberRegistered():
                self._unit[fact.member_id], self._team[fact.member_id] = fact.unit, fact.team
                if fact.guardian:
                    self._tie(fact.member_id, fact.guardian)
            case facts.TeamFormed():
                self._unit_of_team[fact.team_id] = fact.unit
            case facts.TeamJoined():
                self._unit[fact.member_id], self._team[fact.member_id] = fact.unit, fact.team
            case facts.TeamLeft():
                self._unit[fact.member_id] = self._team[fact.member_id] = None
            case facts.RoleGranted() if fact.role in _SPEAKS and fact.scope:
                self._speakers[fact.scope].add(fact.holder)
                self._speaks_for[fact.holder].add(fact.scope)
            case facts.RoleRevoked() if fact.role in _SPEAKS and fact.scope:
                self._speakers[fact.scope].discard(fact.holder)
                self._speaks_for[fact.holder].discard(fact.scope)
            case facts.ProxyRegistered():
                self._tie(fact.principal, fact.proxy)
            case facts.ProxyEnded():
                self._persons[fact.principal].discard(fact.proxy)
                self._persons[fact.proxy].discard(fact.principal)

    def _tie(self, one: str, other: str) -> None:
        self._persons[one].add(other)
        self._persons[other].add(one)

    def groups_of(self, party: str) -> set[str]:
        """Units and teams a party belongs to or speaks for; of a team, its unit."""
        team = self._team.get(party)
        found = {self._unit.get(party), team, self._unit_of_team.get(party), self._unit_of_team.get(team or "")}
        return {one for one in found if one} | self._speaks_for.get(party, set())

    def near(self, party: str) -> set[str]:
        """The party itself, its guardian, wards, proxies and principals, and who speaks for it."""
        return {party} | self._persons.get(party, set()) | self._speakers.get(party, set())

    def link(self, one: str, other: str) -> str:
        """By whom two parties are tied: one of them, or the unit or team they share; "" where they are not.

        Where there are several ties, a personal one comes before a shared group, then by name.
        """
        if other in self.near(one) or one in self.near(other):
            return other
        mine, theirs = self.groups_of(one), self.groups_of(other)
        shared = (mine | {one}) & (theirs | {other})
        return min(shared, default="")

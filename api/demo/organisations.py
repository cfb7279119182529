"""8 departments with 16 branches, 80 partner units of all kinds, and the volunteers' own teams."""

from __future__ import annotations

from typing import NamedTuple

from api.demo.data import PartnersList, load, person_name, phone_number
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.parties.commands import ContactWords, FormTeam, PartyKind, RegisterUnit
from ledger.parties.facts import TeamFormed, UnitRegistered

_BRANCHES_EACH = 2


class Group(NamedTuple):
    """A team or unit: `key` names a team in the lists."""

    id: str
    name: str
    kind: str
    key: str = ""


class Organisations(NamedTuple):
    """Branch i belongs to department i % 8. Partner units come kind by kind as in `partners.toml`; 绿云物业 is the first."""

    departments: list[Group]
    branches: list[Group]
    partners: list[Group]
    teams: list[Group]

    @property
    def spoken_for(self) -> list[Group]:
        """Every second partner unit: those whose representative is a member."""
        return self.partners[::2]

    def of_kind(self, *kinds: str) -> list[Group]:
        """The partner units of these kinds, in order."""
        return [unit for unit in self.partners if unit.kind in kinds]


def register(run: Run, administrator: str, places: Places) -> Organisations:
    """Register the units and form the teams."""
    texts = load("partners", PartnersList)
    departments = _units(run, administrator, "department", [("public_institution", name) for name in texts.departments])
    branches: list[Keyed] = [
        (
            f"team:branch:{i}",
            FormTeam(
                kind="party_organisation", unit=departments[i % len(departments)].id,
                name=texts.branch.format(
                    department=departments[i % len(departments)].name, number=i // len(departments) + 1
                ),
            ),
        )
        for i in range(_BRANCHES_EACH * len(departments))
    ]  # fmt: skip
    teams: list[Keyed] = [
        (f"team:{team.key}", FormTeam(name=team.name, place=places.communities[i % len(places.communities)].id))
        for i, team in enumerate(texts.teams)
    ]
    partners = [(kind, name) for kind, names in texts.units.items() for name in names]
    return Organisations(
        departments,
        _formed(run, administrator, branches),
        _units(run, administrator, "partner", partners, places),
        [
            group._replace(key=team.key)
            for group, team in zip(_formed(run, administrator, teams), texts.teams, strict=True)
        ],
    )


def _units(
    run: Run, administrator: str, key: str, wanted: list[tuple[PartyKind, str]], places: Places | None = None
) -> list[Group]:
    """Units with somebody to talk to, whose name is as invented as all others."""
    numbered_from = 700 if places else 800
    commands: list[Keyed] = [
        (
            f"unit:{key}:{i}",
            RegisterUnit(
                kind=kind, name=name, place=places.communities[i % len(places.communities)].id if places else None,
                words=ContactWords(name=person_name(numbered_from + i), phone=phone_number(numbered_from + i)),
            ),
        )
        for i, (kind, name) in enumerate(wanted)
    ]  # fmt: skip
    found = [made(answer, UnitRegistered) for answer in run.many(administrator, commands)]
    return [Group(fact.unit_id, fact.name, fact.kind) for fact in found]


def _formed(run: Run, administrator: str, commands: list[Keyed]) -> list[Group]:
    found = [made(answer, TeamFormed) for answer in run.many(administrator, commands)]
    return [Group(fact.team_id, fact.name, fact.kind) for fact in found]

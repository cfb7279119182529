"""Everybody in the demo: staff, 409 party members who report in, volunteers, old residents, and who speaks for units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from api.demo.data import Neighbour, PeopleList, draw, load, person_name, phone_number
from api.demo.organisations import Organisations
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.application import OPERATOR
from ledger.parties.commands import (
    AgreeToPublication,
    GrantRole,
    PersonWords,
    RegisterMember,
    RegisterProxy,
)
from ledger.parties.facts import MemberRegistered

PARTY_MEMBERS, VOLUNTEERS, ELDERS = 409, 120, 80
_JOINED_DAYS_AGO = 400


@dataclass(frozen=True)
class Staff:
    """Who works for the community and its fund; ids by the keys of `people.toml`."""

    ids: dict[str, str]
    committee: list[str]

    def __getitem__(self, key: str) -> str:
        """The id of one of them."""
        return self.ids[key]


class People(NamedTuple):
    """Member ids of everybody else."""

    neighbours: dict[str, str]
    party: list[str]
    """Party member i belongs to branch i % 16 and reports in at community i % 15."""
    volunteers: list[str]
    """Volunteer i belongs to team i % 10; the first ten lead their team."""
    elders: list[str]
    representatives: list[str]
    """Representative i speaks for unit i of `Organisations.spoken_for`; the first is 刘经理."""


def appoint_staff(run: Run) -> Staff:
    """Register the staff by the operator, and give them their roles."""
    staff = load("people", PeopleList).staff
    registered = run.many(
        OPERATOR,
        [
            (f"member:staff:{one.key}", RegisterMember(number=number_of(one.key), joined_on=run.ago(_JOINED_DAYS_AGO),
             words=PersonWords(name=one.name, phone=phone_number(900 + i))))
            for i, one in enumerate(staff)
        ],
    )  # fmt: skip
    ids = {one.key: made(answer, MemberRegistered).member_id for one, answer in zip(staff, registered, strict=True)}
    roles: list[Keyed] = [
        (f"role:{one.key}", GrantRole(holder=ids[one.key], role=one.role)) for one in staff if one.role is not None
    ]
    run.many(OPERATOR, roles)
    return Staff(ids, [ids[one.key] for one in staff if one.committee])


def number_of(key: str) -> str:
    """The number of a person of the fixed cast, by which their sign-in is found again."""
    return f"DEMO-{key.upper()}"


def register(run: Run, staff: Staff, places: Places, groups: Organisations) -> People:
    """Register everybody else by a community worker; leaders, representatives, proxies and consents."""
    worker, administrator = staff["zhao"], staff["jiang"]
    neighbours = _neighbours(run, worker, places, groups)
    joined = run.ago(_JOINED_DAYS_AGO)
    party = _crowd(
        run, worker, "party", 0,
        [
            RegisterMember(
                number=f"DY{i + 1:03d}", place=places.communities[i % len(places.communities)].id,
                team=groups.branches[i % len(groups.branches)].id, party_member=True, joined_on=joined,
            )
            for i in range(PARTY_MEMBERS)
        ],
    )  # fmt: skip
    volunteers = _crowd(
        run, worker, "volunteer", 410,
        [
            RegisterMember(
                number=f"ZY{i + 1:03d}", place=places.courtyards[i % len(places.courtyards)].id,
                team=groups.teams[i % len(groups.teams)].id, joined_on=joined,
            )
            for i in range(VOLUNTEERS)
        ],
    )  # fmt: skip
    elders = _crowd(
        run, worker, "elder", 540,
        [
            RegisterMember(number=f"JM{i + 1:03d}", place=places.buildings[i * 9 % len(places.buildings)].id, joined_on=joined)
            for i in range(ELDERS)
        ],
        living_in=places,
    )  # fmt: skip
    speakers = _crowd(
        run,
        worker,
        "representative",
        620,
        [RegisterMember(unit=unit.id, joined_on=joined) for unit in groups.spoken_for[1:]],
    )
    people = People(neighbours, party, volunteers, elders, [neighbours["liu"], *speakers])
    _appoint(run, administrator, groups, people)
    _consent(run, worker, people)
    return people


def _neighbours(run: Run, worker: str, places: Places, groups: Organisations) -> dict[str, str]:
    teams = {team.key: team.id for team in groups.teams}
    units = {unit.name: unit.id for unit in groups.partners}
    ids: dict[str, str] = {}

    def entered(i: int, one: Neighbour) -> RegisterMember:
        return RegisterMember(
            number=number_of(one.key), place=places.buildings[i].id, team=teams.get(one.team), unit=units.get(one.unit),
            guardian=ids.get(one.guardian), joined_on=run.ago(_JOINED_DAYS_AGO),
            words=PersonWords(name=one.name, phone=phone_number(950 + i), address=_address(places, i)),
        )  # fmt: skip

    for i, one in enumerate(load("people", PeopleList).neighbours):
        answer = run.one(worker, f"member:neighbour:{one.key}", entered(i, one))
        ids[one.key] = made(answer, MemberRegistered).member_id
    run.one(worker, "proxy:li", RegisterProxy(principal=ids["li"], proxy=ids["granddaughter"]))
    return ids


def _address(places: Places, building: int) -> str:
    return load("people", PeopleList).address.format(
        place=places.buildings[building].name,
        unit=draw("unit", building) % 4 + 1,
        door=101 + draw("door", building) % 5 * 100,
    )


def _crowd(
    run: Run, worker: str, kind: str, numbered_from: int, bare: list[RegisterMember], living_in: Places | None = None
) -> list[str]:
    """Register many, each under an invented name of their own; `living_in` gives them addresses."""
    commands: list[Keyed] = []
    for i, one in enumerate(bare):
        number = numbered_from + i
        address = _address(living_in, i * 9 % len(living_in.buildings)) if living_in else ""
        words = PersonWords(name=person_name(number), phone=phone_number(number), address=address)
        commands.append((f"member:{kind}:{i}", replace(one, words=words)))
    return [made(answer, MemberRegistered).member_id for answer in run.many(worker, commands)]


def _appoint(run: Run, administrator: str, groups: Organisations, people: People) -> None:
    """The first of a branch and of a team leads it; representatives speak for their units."""
    leaders = [(branch.id, people.party[i]) for i, branch in enumerate(groups.branches)]
    leaders += [(team.id, leader_of(people, i, team.key)) for i, team in enumerate(groups.teams)]
    roles: list[Keyed] = [
        (f"leader:{i}", GrantRole(holder=holder, role="team_leader", scope=team))
        for i, (team, holder) in enumerate(leaders)
    ]
    roles += [
        (f"representative:{i}", GrantRole(holder=holder, role="representative", scope=unit.id))
        for i, (holder, unit) in enumerate(zip(people.representatives, groups.spoken_for, strict=True))
    ]
    run.many(administrator, roles)


def leader_of(people: People, team: int, key: str) -> str:
    """Who leads a team of volunteers: 李师傅 the repairs, elsewhere its first volunteer."""
    return people.neighbours["master"] if key == "repairs" else people.volunteers[team]


def _consent(run: Run, worker: str, people: People) -> None:
    """Two in three of the active agree to be named on the honour wall (PIPL §25: nobody is without their consent)."""
    active = [people.neighbours["wang"], people.neighbours["master"], *people.volunteers, *people.party[:160]]
    agreed: list[Keyed] = [
        (f"wall:{i}", AgreeToPublication(member_id=member, where="wall"))
        for i, member in enumerate(active)
        if i < 2 or draw("wall", i) % 3
    ]
    run.many(worker, agreed)

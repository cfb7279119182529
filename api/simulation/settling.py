"""The first day: ledger, places, people, units, teams and the fund."""

from __future__ import annotations

from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.funds.commands import OpenFund, ServiceItem
from ledger.ids import new_id
from ledger.parties.commands import FormTeam, GrantRole, RegisterMember, RegisterUnit, RoleName
from ledger.places.commands import AddPlace, OpenLedger

_KINDS = (
    "property_service", "social_organisation", "enterprise", "public_institution", "party_organisation",
    "resident_body", "volunteer_organisation",
)  # fmt: skip
_ITEMS = tuple(f"item{number:02}" for number in range(1, 13))
"""The "12" of 12+1; the general item is always there."""
PEOPLE_PER_BUILDING, PEOPLE_PER_TEAM, PEOPLE_PER_UNIT = 60, 400, 400
COMMUNITIES, COMMITTEE = 5, 7


def settle(street: Street) -> None:
    """Everything a street has before anything happens on it."""
    street.do(OpenLedger(name=street.naming.name("street", 0, "Simulated street")), by=OPERATOR)
    _places(street)
    street.people = [_member(street) for _ in range(street.size)]
    street.do_all(
        [RegisterMember(member_id=one, place=street.home[one], words=street.naming.person()) for one in street.people]
    )
    street.workers = _staff(street, 6, "community_worker")
    street.treasurers = _staff(street, 2, "treasurer")
    street.committee = _staff(street, COMMITTEE, "committee_member")
    street.supervisor = _staff(street, 1, "auditor")[0]
    _organisations(street)
    street.items = _ITEMS
    street.do(
        OpenFund(
            slug=street.fund, name=street.naming.name("fund", 0, "Nuanxing"),
            purpose=street.naming.name("purpose", 0, "Help in need"), host_charity=street.charity,
            committee=tuple(street.committee), supervisor=street.supervisor,
            items=tuple(
                ServiceItem(code=code, name=street.naming.name("item", n, code)) for n, code in enumerate(_ITEMS)
            ),
        ),
        by=OPERATOR,
    )  # fmt: skip


def _places(street: Street) -> None:
    street.street = _place(street, "street", street.naming.name("street", 0, "Street"), None)
    street.communities = [
        _place(street, "community", street.naming.name("community", n, f"Community {n}"), street.street)
        for n in range(COMMUNITIES)
    ]
    buildings = max(2, street.size // PEOPLE_PER_BUILDING)
    courtyards = max(2, buildings // 8)
    street.courtyards = [
        _place(
            street,
            "courtyard",
            street.naming.name("courtyard", n, f"Courtyard {n}"),
            street.communities[n % COMMUNITIES],
        )
        for n in range(courtyards)
    ]
    street.buildings = [
        _place(
            street, "building", street.naming.name("building", n, f"Building {n}"), street.courtyards[n % courtyards]
        )
        for n in range(buildings)
    ]


def _place(street: Street, kind: str, name: str, parent: str | None) -> str:
    place_id = new_id("place")
    street.do(AddPlace(place_id=place_id, kind=kind, name=name, parent=parent), by=OPERATOR)  # type: ignore[arg-type]  # one of the kinds above
    return place_id


def _member(street: Street) -> str:
    member = new_id("mem")
    street.home[member] = street.one_of(street.buildings)
    return member


def _staff(street: Street, count: int, role: RoleName) -> list[str]:
    found = [new_id("mem") for _ in range(count)]
    street.do_all([RegisterMember(member_id=one, words=street.naming.person()) for one in found])
    street.do_all([GrantRole(holder=one, role=role) for one in found])
    return found


def _organisations(street: Street) -> None:
    for number in range(max(7, street.size // PEOPLE_PER_UNIT)):
        unit, speaker = new_id("unit"), new_id("mem")
        kind = _KINDS[number % len(_KINDS)]
        name = street.naming.name("unit", number, f"Unit {number}")
        street.do(RegisterUnit(unit_id=unit, kind=kind, name=name), by=OPERATOR)  # type: ignore[arg-type]  # one of the kinds above
        street.do(
            RegisterMember(member_id=speaker, unit=unit, words=street.naming.person(), party_member=number % 2 == 0),
            by=OPERATOR,
        )
        street.do(GrantRole(holder=speaker, role="representative", scope=unit), by=OPERATOR)
        street.units.append(unit)
        street.speakers[unit] = speaker
    street.charity = street.units[1]
    for number in range(max(2, street.size // PEOPLE_PER_TEAM)):
        team, leader = new_id("team"), new_id("mem")
        street.do(FormTeam(team_id=team, name=street.naming.name("team", number, f"Team {number}")), by=OPERATOR)
        street.do(RegisterMember(member_id=leader, team=team, words=street.naming.person()), by=OPERATOR)
        street.do(GrantRole(holder=leader, role="team_leader", scope=team), by=OPERATOR)
        street.teams.append(team)
        street.leaders[team] = leader

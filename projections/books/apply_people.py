"""Rows of ledgers, places, rules, members, teams and units."""

from __future__ import annotations

import msgspec

from ledger.journal.recorded import Recorded
from ledger.parties import facts as party
from ledger.places import facts as place
from ledger.policy import facts as policy
from projections.books.desk import Desk, on

_to_json = msgspec.json.Encoder().encode


@on(place.LedgerOpened)
def _ledger_opened(desk: Desk, e: Recorded, f: place.LedgerOpened) -> None:
    desk.ledger_info.add(name=f.name, zone=f.zone, operator=f.operator, version=e.position)


@on(place.PlaceAdded)
def _place_added(desk: Desk, e: Recorded, f: place.PlaceAdded) -> None:
    desk.places.add(place_id=f.place_id, number=e.position, kind=f.kind, name=f.name, parent=f.parent)


@on(place.IntakePointOpened)
def _intake_point_opened(desk: Desk, e: Recorded, f: place.IntakePointOpened) -> None:
    desk.intake_points.add(
        point_id=f.point_id, number=e.position, channel=f.channel, label=f.label, place=f.place, open=1,
        version=e.position,
    )  # fmt: skip


@on(place.IntakePointClosed, intake_points="point_id")
def _intake_point_closed(desk: Desk, e: Recorded, f: place.IntakePointClosed) -> None:
    desk.intake_points.edit(f.point_id).update(open=0, version=e.position)


@on(policy.PolicySet)
def _policy_set(desk: Desk, e: Recorded, f: policy.PolicySet) -> None:
    desk.policies.add(
        name=f.name, position=e.position, from_day=f.from_day.isoformat(), value=_to_json(f.value).decode()
    )


@on(party.MemberRegistered, begins="member_id", teams="team")
def _member_registered(desk: Desk, e: Recorded, f: party.MemberRegistered) -> None:
    desk.members.add(
        member_id=f.member_id, registered=e.position, number=f.number, place=f.place, team=f.team, unit=f.unit,
        party_member=int(f.party_member), guardian=f.guardian, joined_on=f.joined_on.isoformat(), words=f.words,
        version=e.position,
    )  # fmt: skip
    desk.tally("members", 1)
    _count_in_team(desk, f.team, 1)


@on(party.DetailsCorrected, members="member_id")
def _details_corrected(desk: Desk, e: Recorded, f: party.DetailsCorrected) -> None:
    desk.members.edit(f.member_id).update(words=f.words, version=e.position)


@on(party.MemberLeft, members="member_id")
def _member_left(desk: Desk, e: Recorded, f: party.MemberLeft) -> None:
    member = desk.members.edit(f.member_id)
    member.update(departed=1, version=e.position)
    desk.tally("members", -1)
    _count_in_team(desk, member["team"], -1)


@on(party.TeamFormed)
def _team_formed(desk: Desk, e: Recorded, f: party.TeamFormed) -> None:
    desk.teams.add(
        team_id=f.team_id, number=e.position, kind=f.kind, name=f.name, unit=f.unit, place=f.place, version=e.position
    )
    desk.tally("teams", 1)


@on(party.TeamJoined, members="member_id", teams="team")
def _team_joined(desk: Desk, e: Recorded, f: party.TeamJoined) -> None:
    member = desk.members.edit(f.member_id)
    _count_in_team(desk, member["team"], -1)
    member.update(team=f.team, unit=f.unit, version=e.position)
    _count_in_team(desk, f.team, 1)


@on(party.TeamLeft, members="member_id", teams="team")
def _team_left(desk: Desk, e: Recorded, f: party.TeamLeft) -> None:
    member = desk.members.edit(f.member_id)
    _count_in_team(desk, member["team"], -1)
    member.update(team=None, unit=None, version=e.position)


def _count_in_team(desk: Desk, team: str | None, by: int) -> None:
    """Keep the size of a team. A member may name a team that was formed elsewhere: there is nothing to count then."""
    row = desk.teams.find(team) if team else None
    if row is not None:
        row["members"] += by


@on(party.UnitRegistered)
def _unit_registered(desk: Desk, e: Recorded, f: party.UnitRegistered) -> None:
    desk.units.add(
        unit_id=f.unit_id, number=e.position, kind=f.kind, name=f.name, code=f.code, place=f.place, words=f.words,
        version=e.position,
    )  # fmt: skip
    desk.tally("units", 1)


@on(party.ContactChanged, units="unit_id")
def _contact_changed(desk: Desk, e: Recorded, f: party.ContactChanged) -> None:
    desk.units.edit(f.unit_id).update(words=f.words, version=e.position)


@on(party.RoleGranted, roles="holder")
def _role_granted(desk: Desk, e: Recorded, f: party.RoleGranted) -> None:
    row = desk.roles.find((f.holder, f.role, f.scope))
    if row is None:
        row = desk.roles.add(holder=f.holder, role=f.role, scope=f.scope)
    row.update(active=1, granted_by=f.granted_by, revoked_by=None, version=e.position)


@on(party.RoleRevoked, roles="holder")
def _role_revoked(desk: Desk, e: Recorded, f: party.RoleRevoked) -> None:
    row = desk.roles.edit((f.holder, f.role, f.scope))
    row.update(active=0, revoked_by=f.revoked_by, version=e.position)


@on(party.ProxyRegistered, proxies="principal")
def _proxy_registered(desk: Desk, e: Recorded, f: party.ProxyRegistered) -> None:
    row = desk.proxies.find((f.principal, f.proxy))
    if row is None:
        row = desk.proxies.add(principal=f.principal, proxy=f.proxy)
    row.update(active=1, version=e.position)


@on(party.ProxyEnded, proxies="principal")
def _proxy_ended(desk: Desk, e: Recorded, f: party.ProxyEnded) -> None:
    desk.proxies.edit((f.principal, f.proxy)).update(active=0, version=e.position)


@on(party.PublicationAgreed, members="member_id")
def _publication_agreed(desk: Desk, e: Recorded, f: party.PublicationAgreed) -> None:
    named, hidden = _consent(f.where)
    desk.members.edit(f.member_id).update({named: 1, hidden: 0, "version": e.position})


@on(party.PublicationWithdrawn, members="member_id")
def _publication_withdrawn(desk: Desk, e: Recorded, f: party.PublicationWithdrawn) -> None:
    named, hidden = _consent(f.where)
    desk.members.edit(f.member_id).update({named: 0, hidden: int(f.hidden), "version": e.position})


@on(party.ErasureAsked)
def _erasure_asked(desk: Desk, e: Recorded, f: party.ErasureAsked) -> None:
    desk.erasures.add(
        subject=f.subject, number=e.position, status="asked", cause=f.cause, asked_by=f.asked_by, version=e.position
    )


@on(party.PersonalDataErased, erasures="subject", members="subject", units="subject")
def _personal_data_erased(desk: Desk, e: Recorded, f: party.PersonalDataErased) -> None:
    row = desk.erasures.find(f.subject)
    if row is None:
        row = desk.erasures.add(subject=f.subject, number=e.position, asked_by=f.asked_by)
    row.update(status="erased", cause=f.cause, erased=e.position, version=e.position)
    for sheet in (desk.members, desk.units):
        # Whoever is neither has no row there: a team, or one request, receipt, grant or call-out.
        party_row = sheet.find(f.subject)
        if party_row is not None:
            party_row.update(erased=1, version=e.position)


def _consent(where: str) -> tuple[str, str]:
    """The columns of a member's consent; KeyError for a place of publication that the books do not know."""
    return {"wall": ("wall_named", "wall_hidden"), "donor": ("donor_named", "donor_hidden")}[where]

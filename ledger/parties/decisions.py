"""Decisions about members, teams and units; appointments, proxies and consents are in `rights`, details in `correcting`."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name, holds_personal_number, valid_unit_code
from ledger.errors import Conflict, Refused
from ledger.ids import PERSON, TEAM, UNIT
from ledger.parties import commands as do
from ledger.parties import facts
from ledger.parties.correcting import CORRECTING_RULES
from ledger.parties.erasure import ERASURE_RULES
from ledger.parties.rights import RIGHTS_RULES
from ledger.parties.state import NumberTaken, Standing, need_member, need_party
from ledger.partners.reporting import report_of_who_left
from ledger.places.state import need_place
from ledger.policy.state import SINCE_EVER
from ledger.telling_numbers import valid_id_number

ORGANISATION_LETTERS = 100
"""The longest name of a team or unit; registered names of firms have up to some eighty letters (choice)."""
_NUMBER = re.compile(r"[\w.-]{1,32}")
_PHONE = re.compile(r"(?:00)?(?:86)?1[3-9][0-9]{9}")
_SEPARATORS = re.compile(r"[_.-]")


def _check_new(view: View, party_id: str, prefix: str, code: str) -> str:
    """An id of that kind which nobody has yet; raises Refused `bad_id`, Conflict `code`."""
    if view.state(Standing, check_id(party_id, prefix)).kind:
        raise Conflict(code, party=party_id)
    return party_id


def check_number(view: View, number: str) -> str:
    """A member's number in plain digits and letters, free to be taken; "" where the member has none.

    A number is shown in public, so that it may be neither an ID card number nor a mobile phone number (PIPL). Raises
    Refused (`bad_number`, `number_is_id_card`, `number_is_phone`), Conflict `number_taken`.
    """
    plain = unicodedata.normalize("NFKC", number).strip()
    if not plain:
        return ""
    if not _NUMBER.fullmatch(plain):
        raise Refused("bad_number")
    bare = _SEPARATORS.sub("", plain)
    if valid_id_number(bare):
        raise Refused("number_is_id_card")
    if _PHONE.fullmatch(bare):
        raise Refused("number_is_phone")
    if holds_personal_number(plain):
        raise Refused("personal_number_in_public", field="number")
    if view.state(NumberTaken, f"num_{plain}").member_id:
        raise Conflict("number_taken", number=plain)
    return plain


def _joined_on(stated: date | None, scene: Scene) -> date:
    day = stated or scene.today
    if not SINCE_EVER <= day <= scene.today:
        raise Refused("implausible_date", day=day.isoformat())
    return day


def register_member(view: View, c: do.RegisterMember, scene: Scene) -> list[Fact]:
    """See `RegisterMember`; a guardian acts as the minor's proxy from the first day (PIPL §31)."""
    member_id = _check_new(view, c.member_id, PERSON, "member_exists")
    number = check_number(view, c.number)
    if c.place is not None:
        need_place(view, c.place)
    unit = c.unit
    if unit is not None:
        _need(view, unit, UNIT)
    if c.team is not None:
        unit = unit or _need(view, c.team, TEAM).unit
    registered = facts.MemberRegistered(
        member_id=member_id,
        number=number,
        place=c.place,
        team=c.team,
        unit=unit,
        party_member=c.party_member,
        guardian=c.guardian,
        joined_on=_joined_on(c.joined_on, scene),
        words=scene.sealed,
    )
    if c.guardian is None:
        return [registered]
    need_member(view, c.guardian)
    return [registered, facts.ProxyRegistered(principal=member_id, proxy=c.guardian)]


def _need(view: View, party_id: str, prefix: str) -> Standing:
    """The standing of a team or unit, by an id of that kind."""
    return need_party(view, check_id(party_id, prefix))


def leave_community(view: View, c: do.LeaveCommunity, scene: Scene) -> list[Fact]:
    """See `LeaveCommunity`."""
    need_member(view, c.member_id)
    return [facts.MemberLeft(member_id=c.member_id), *report_of_who_left(view, c.member_id, scene)]


def form_team(view: View, c: do.FormTeam, _scene: Scene) -> list[Fact]:
    """See `FormTeam`."""
    team_id = _check_new(view, c.team_id, TEAM, "team_exists")
    if c.unit is not None:
        _need(view, c.unit, UNIT)
    if c.place is not None:
        need_place(view, c.place)
    name = check_name(c.name, ORGANISATION_LETTERS)
    return [facts.TeamFormed(team_id=team_id, kind=c.kind, name=name, unit=c.unit, place=c.place)]


def join_team(view: View, c: do.JoinTeam, _scene: Scene) -> list[Fact]:
    """See `JoinTeam`; whoever is in another team leaves it by this.

    A member without a team keeps the unit they came with where the team has none: an employee who joins the
    neighbourhood's team still counts for the employer (双报到).
    """
    member = need_member(view, c.member_id)
    team = _need(view, c.team, TEAM)
    if member.team == c.team:
        raise Conflict("already_in_team", team=c.team)
    if member.team is None:
        return [facts.TeamJoined(member_id=c.member_id, team=c.team, unit=team.unit or member.unit)]
    left = facts.TeamLeft(member_id=c.member_id, team=member.team)
    return [left, facts.TeamJoined(member_id=c.member_id, team=c.team, unit=team.unit)]


def leave_team(view: View, c: do.LeaveTeam, _scene: Scene) -> list[Fact]:
    """See `LeaveTeam`."""
    team = need_member(view, c.member_id).team
    if team is None:
        raise Conflict("in_no_team", member=c.member_id)
    return [facts.TeamLeft(member_id=c.member_id, team=team)]


def register_unit(view: View, c: do.RegisterUnit, scene: Scene) -> list[Fact]:
    """See `RegisterUnit`; the code may be missing, since not every body has one, but not be wrong."""
    unit_id = _check_new(view, c.unit_id, UNIT, "unit_exists")
    code = unicodedata.normalize("NFKC", c.code).strip().upper()
    if code and not valid_unit_code(code):
        raise Refused("bad_unit_code")
    if c.place is not None:
        need_place(view, c.place)
    return [
        facts.UnitRegistered(
            unit_id=unit_id,
            kind=c.kind,
            name=check_name(c.name, ORGANISATION_LETTERS),
            code=code,
            place=c.place,
            words=scene.sealed,
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.RegisterMember: register_member,
    do.LeaveCommunity: leave_community,
    do.FormTeam: form_team,
    # Whoever is in a team may claim for it: nobody lets themselves in.
    do.JoinTeam: join_team,
    do.LeaveTeam: leave_team,
    do.RegisterUnit: register_unit,
    **RIGHTS_RULES,
    **ERASURE_RULES,
    **CORRECTING_RULES,
}

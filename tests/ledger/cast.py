"""Who acts in the stories, and the facts that brought them there."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact
from ledger.parties.facts import MemberLeft, MemberRegistered, ProxyRegistered, RoleGranted, TeamFormed, UnitRegistered
from ledger.places.facts import PlaceAdded

LONG_AGO = date(2025, 9, 1)

WANG, LI, ZHAO, SUN = "mem_wang", "mem_li", "mem_zhao", "mem_sun"
"""王阿姨, 李师傅, and two neighbours."""
CHEN, HE = "mem_chen", "mem_he"
"""Two community workers."""
LVYUN, BAKERY = "unit_lvyun", "unit_bakery"
"""绿云物业 and a partner of the neighbourhood."""
AIXIN = "team_aixin"
"""爱心队, a team of 绿云物业."""
OPERATOR = "svc_operator"
YARD, HOUSE = "place_yard", "place_house7"


def registered(
    member_id: str, *, place: str | None = None, team: str | None = None, unit: str | None = None
) -> MemberRegistered:
    """A person who joined."""
    return MemberRegistered(member_id=member_id, place=place, team=team, unit=unit, joined_on=LONG_AGO)


def granted(holder: str, role: str, scope: str = "") -> RoleGranted:
    """Somebody who was appointed."""
    return RoleGranted(holder=holder, role=role, scope=scope, granted_by=OPERATOR)


def proxy(principal: str, by: str) -> ProxyRegistered:
    """Somebody who may act for another."""
    return ProxyRegistered(principal=principal, proxy=by)


def left(member_id: str) -> MemberLeft:
    """A person who left."""
    return MemberLeft(member_id=member_id)


UNITS: tuple[Fact, ...] = (
    UnitRegistered(unit_id=LVYUN, kind="property_service", name="绿云物业"),
    UnitRegistered(unit_id=BAKERY, kind="enterprise", name="麦香面包房"),
    TeamFormed(team_id=AIXIN, kind="volunteer_organisation", name="爱心队", unit=LVYUN),
)
PLACES: tuple[Fact, ...] = (
    PlaceAdded(place_id=YARD, kind="courtyard", name="祥云院"),
    PlaceAdded(place_id=HOUSE, kind="building", name="7号楼", parent=YARD),
)
PEOPLE: tuple[Fact, ...] = (
    *PLACES,
    *UNITS,
    registered(WANG, place=HOUSE),
    registered(LI),
    registered(ZHAO, team=AIXIN, unit=LVYUN),
    registered(SUN),
    registered(CHEN),
    registered(HE),
    granted(CHEN, "community_worker"),
    granted(HE, "community_worker"),
    granted(OPERATOR, "community_worker"),
)
"""Everybody but 绿云物业's people in charge, whom the stories appoint."""

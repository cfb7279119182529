"""Reads of members, their minutes and reservations, of teams and units."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from api.paging import Paged, closed
from api.people import mask_phone
from api.reading import READING
from api.routes.asked import Asked
from api.routes.hours import StatementPage, statement_page
from api.routes.names import DayText, Documents, Who, whos, words_of
from api.routes.past import PagedThen
from api.routes.reads import Read, pick
from api.wire import Instant, Text
from ledger.accounts import usable
from ledger.errors import NotFound
from ledger.units import MINUTES
from projections.books import queries
from projections.reading import Cells


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member with contacts, balance and lifetime record. Names and phones are masked unless one may see them."""

    member_id: str
    short_number: str
    number: str
    name: str
    phone: str
    address: str
    place: str | None
    team: str | None
    unit: str | None
    party_member: bool
    guardian: str | None
    joined_on: DayText | None
    departed: bool
    erased: bool
    earned_minutes: int
    sessions: int
    first_day: DayText | None
    last_day: DayText | None
    wall_named: bool
    donor_named: bool


class MemberWhole(Member, frozen=True, kw_only=True):
    """A member, with minutes that can be spent, minutes reserved, proxies and roles."""

    spendable_minutes: int
    held_minutes: int
    proxies: list[str]
    roles: list[str]


M = TypeVar("M", bound=Member)


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """A page of members."""

    members: list[Member]
    next: str | None


class MembersQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which members: by place, team, unit; `departed` for those who left."""

    place: Text | None = None
    team: Text | None = None
    unit: Text | None = None
    departed: bool | None = None


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """Minutes set aside for a service. `status`: open, redeemed, released (`cause`: cancelled or expired)."""

    reservation_id: str
    member: str
    provider: str | None
    request_id: str | None
    minutes: int
    status: str
    cause: str | None
    until_at: Instant


class Reservations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of reservations, newest first."""

    reservations: list[Reservation]
    next: str | None


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """A service team."""

    team_id: str
    kind: str
    name: str
    unit: str | None
    place: str | None
    members: int


class Teams(msgspec.Struct, frozen=True, kw_only=True):
    """A page of teams."""

    teams: list[Team]
    next: str | None


class PartiesQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which teams or units: by kind of party and place."""

    kind: Text | None = None
    place: Text | None = None


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit; `agreements` and `plaques` count those that nobody ended or revoked."""

    unit_id: str
    kind: str
    name: str
    code: str
    place: str | None
    agreements: int
    plaques: int


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """The person to talk to at a unit; only for who may see names."""

    name: str
    phone: str
    address: str


class UnitWhole(Unit, frozen=True, kw_only=True):
    """A unit with its contact, where one may see it."""

    contact: Contact | None


class Units(msgspec.Struct, frozen=True, kw_only=True):
    """A page of units."""

    units: list[Unit]
    next: str | None


def _member(asked: Asked, kind: type[M], row: Cells, who: Who | None, said: Documents, **more: object) -> M:
    words = said.get(row["words"], {})
    clear = asked.caller.sees_name_of(row["member_id"]) or asked.is_own(row["member_id"])
    phone = str(words.get("phone", ""))
    return pick(
        kind, row,
        short_number=queries.short_number(row),
        name=who.name if who else "",
        phone=phone if clear else mask_phone(phone),
        address=str(words.get("address", "")) if clear else "",
        **more,
    )  # fmt: skip


def members(asked: Asked, query: MembersQuery) -> Members:
    """Members in the order of registration."""
    page = queries.members(
        asked.store.database, asked.ledger, place=query.place, team=query.team, unit=query.unit,
        departed=query.departed, after=query.after, limit=query.limit,
    )  # fmt: skip
    known, said = (
        whos(asked, [row["member_id"] for row in page.rows]),
        words_of(asked, [row["words"] for row in page.rows]),
    )
    rows = [_member(asked, Member, row, known[row["member_id"]], said) for row in page.rows]
    return Members(members=rows, next=closed(page.next))


def need_member(asked: Asked, name: str, member_id: str) -> Cells:
    """The row of a member whose affairs the caller may read; raises NotFound `no_such_member` in every other case."""
    missing = NotFound("no_such_member", member=member_id)
    asked.need_own(member_id, READING[name].roles, missing)
    row = queries.member(asked.store.database, asked.ledger, member_id)
    if row is None:
        raise missing
    return row


def member(asked: Asked, _query: msgspec.Struct) -> MemberWhole:
    """One member, for themselves and for those who serve or check them."""
    row = need_member(asked, "member", asked.path["member_id"])
    database, ledger, member_id = asked.store.database, asked.ledger, row["member_id"]
    hours = queries.hours_of(database, ledger, member_id)
    return _member(
        asked, MemberWhole, row, whos(asked, [member_id])[member_id], words_of(asked, [row["words"]]),
        spendable_minutes=hours.spendable, held_minutes=hours.held,
        proxies=queries.proxies_of(database, ledger, member_id),
        roles=sorted({role["role"] for role in queries.roles_of(database, ledger, member_id)}),
    )  # fmt: skip


def member_statement(asked: Asked, query: PagedThen) -> StatementPage:
    """A member's minutes: every entry with the running balance, newest first; also as of then."""
    need_member(asked, "member_statement", asked.path["member_id"])
    return statement_page(asked, usable(asked.path["member_id"]), MINUTES, query)


def reservations(asked: Asked, query: Paged) -> Reservations:
    """A member's reservations, newest first."""
    need_member(asked, "reservations", asked.path["member_id"])
    page = queries.reservations_of(
        asked.store.database, asked.ledger, asked.path["member_id"], after=query.after, limit=query.limit
    )
    return Reservations(reservations=[pick(Reservation, row) for row in page.rows], next=closed(page.next))


def teams(asked: Asked, query: PartiesQuery) -> Teams:
    """Service teams in the order of forming."""
    page = queries.teams(
        asked.store.database, asked.ledger, kind=query.kind, place=query.place, after=query.after, limit=query.limit
    )
    return Teams(teams=[pick(Team, row) for row in page.rows], next=closed(page.next))


def units(asked: Asked, query: PartiesQuery) -> Units:
    """Units in the order of registration."""
    page = queries.units(
        asked.store.database, asked.ledger, kind=query.kind, place=query.place, after=query.after, limit=query.limit
    )
    return Units(units=[pick(Unit, row) for row in page.rows], next=closed(page.next))


def unit(asked: Asked, _query: msgspec.Struct) -> UnitWhole:
    """One unit."""
    row = queries.unit(asked.store.database, asked.ledger, asked.path["unit_id"])
    if row is None:
        raise NotFound("no_such_unit", party=asked.path["unit_id"])
    contact = None
    if asked.caller.sees_name_of(row["unit_id"]) or asked.is_own(row["unit_id"]):
        words = words_of(asked, [row["words"]]).get(row["words"], {})
        contact = Contact(
            name=words.get("name", ""), phone=words.get("phone", ""), address=words.get("address", "")
        )  # fmt: skip
    return pick(UnitWhole, row, contact=contact)


READS = (
    Read("/members", members, "members", MembersQuery),
    Read("/members/{member_id}", member, "members", watched="member_id"),
    Read("/members/{member_id}/statement", member_statement, "hours", PagedThen),
    Read("/members/{member_id}/reservations", reservations, "hours", Paged),
    Read("/teams", teams, "parties", PartiesQuery),
    Read("/units", units, "parties", PartiesQuery),
    Read("/units/{unit_id}", unit, "parties"),
)

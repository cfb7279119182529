"""The demo's lists (`*.toml`) as typed structs, and choices among them that come out the same in every run.

Choices are drawn from a digest of what is chosen for, so that one more choice somewhere moves none of the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from math import gcd
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ledger.parties.commands import PartyKind, RoleName
from ledger.partners.commands import Level

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)
_STRIDE = 1_009
"""Steps through all pairs of surname and given name: prime, so that no pair comes twice."""


class Staff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who works for the community or its fund."""

    key: str
    name: str
    role: RoleName | None = None
    committee: bool = False
    signs_in: bool = False


class Neighbour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who lives or works in the community; `shown_as` is what they are among the demo's sign-ins."""

    key: str
    name: str
    team: str = ""
    unit: str = ""
    guardian: str = ""
    shown_as: str = ""


class PeopleList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`people.toml`."""

    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    phone: str
    address: str
    staff: tuple[Staff, ...]
    neighbours: tuple[Neighbour, ...]


class PlacesList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`places.toml`."""

    ledger: str
    street: str
    communities: tuple[str, ...]
    community: str
    grid: str
    courtyard: str
    building: str
    street_points: tuple[str, ...]
    code: str
    visit: str
    meeting: str
    survey: str


class TeamEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A team of volunteers."""

    key: str
    name: str


class Goods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Goods that units give: pieces at a time, and the value of one in yuan where there is a fair one."""

    item: str
    pieces: int
    value_yuan: int = 0


class CallEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call-out."""

    level: Level
    text: str


class NeedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A need for goods: pieces wanted, offered and promised, and whether those arrived."""

    item: str
    quantity: int
    offered: int = 0
    promised: int = 0
    delivered: bool = False


class ListingTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is put up for partner units to take."""

    titles: tuple[str, ...]


class PartnersList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`partners.toml`."""

    departments: tuple[str, ...]
    branch: str
    teams: tuple[TeamEntry, ...]
    units: dict[PartyKind, tuple[str, ...]]
    goods: tuple[Goods, ...]
    calls: tuple[CallEntry, ...]
    needs: tuple[NeedEntry, ...]
    texts: dict[str, str]
    listings: ListingTexts


class ItemEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A service item with the sums of its four donors in yuan."""

    code: str
    name: str
    yuan: tuple[int, ...]


class FundList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fund.toml`."""

    name: str
    purpose: str
    host_charity: str
    pledge_message: str
    payees: tuple[str, ...]
    purpose_of_grant: str
    items: tuple[ItemEntry, ...]


class ActivityEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a team does, from when (hour, minute) and how long (minutes); without a team it is what branches do."""

    name: str
    contents: tuple[str, ...]
    begins: tuple[int, int]
    minutes: tuple[int, ...]
    team: str = ""


class HoursList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`hours.toml`."""

    late_remark: str
    correction: str
    more: str
    gift: str
    donation: str
    grant: str
    service: str
    activities: tuple[ActivityEntry, ...]


class CategoryEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Micro-wishes of a category with their cost in yuan (0: only time)."""

    name: str
    titles: tuple[str, ...]
    yuan: tuple[int, ...]


class OrderTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What residents order (下单)."""

    category: str
    titles: tuple[str, ...]


class WishesList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`wishes.toml`."""

    done: str
    thanks: str
    low: str
    low_but: str
    again: str
    barriers: tuple[str, ...]
    order_done: str
    categories: tuple[CategoryEntry, ...]
    orders: OrderTexts


class CriterionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What judges or panelists look at, and the most points for it."""

    name: str
    points: int


class VentureEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A proposal: its milestones with their sums in yuan."""

    title: str
    stages: tuple[str, ...]
    yuan: tuple[int, ...]


class ShiftEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shift: from the day so many days after today (before it, where negative), from when, how long."""

    name: str
    day: int
    begins: tuple[int, int]
    minutes: int
    capacity: int
    signed_up: int = 0


class LifeList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`life.toml`: `say` in the vault alone, `call` in the journal for everybody to read."""

    say: dict[str, str]
    call: dict[str, str]
    ventures: tuple[VentureEntry, ...]
    judged: tuple[CriterionEntry, ...]
    appraised: tuple[CriterionEntry, ...]
    shifts: tuple[ShiftEntry, ...]
    issues: tuple[str, ...]
    services: tuple[str, ...]
    menu: tuple[str, ...]


def life() -> LifeList:
    """The list of what fills the days."""
    return load("life", LifeList)


@cache
def _decoded(name: str, kind: Any) -> Any:
    return msgspec.toml.decode(Path(__file__).with_name(f"{name}.toml").read_bytes(), type=kind)


def load(name: str, kind: type[S]) -> S:
    """The list of that name as that struct."""
    found: S = _decoded(name, kind)
    return found


def draw(*what: object) -> int:
    """A number below 2⁶⁴ that depends on nothing but what it is drawn for."""
    return int.from_bytes(hashlib.blake2b("/".join(map(str, what)).encode(), digest_size=8).digest())


def choose(options: Sequence[T], *what: object) -> T:
    """One of the options."""
    return options[draw(*what) % len(options)]


def person_name(number: int) -> str:
    """A name nobody else in the demo has."""
    people = load("people", PeopleList)
    pairs = len(people.surnames) * len(people.given_names)
    assert gcd(_STRIDE, pairs) == 1
    place = number * _STRIDE % pairs
    return people.surnames[place % len(people.surnames)] + people.given_names[place // len(people.surnames)]


def phone_number(number: int) -> str:
    """An eleven-digit number that was never given to anybody."""
    return load("people", PeopleList).phone.format(number=number)

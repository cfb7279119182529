"""Whom and what a sheet speaks of: names and numbers to ids, and commands for those the ledger does not know yet.

What is found is remembered for the file. A newcomer gets an id at once and a command that waits in `pending`; the
runner sends it ahead of the rows that speak of the newcomer, in the same batch.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from api.store import Store
from ledger.application import Order
from ledger.base import Command, Fact
from ledger.errors import Refused
from ledger.funds.commands import GENERAL, OpenFund, ServiceItem
from ledger.ids import PERSON, prefix_of
from ledger.parties.commands import FormTeam, PersonWords, RegisterMember, RegisterUnit
from ledger.places.commands import AddPlace, PlaceKind
from projections.books import queries_funds, queries_people
from projections.reading import Page

ORGANISATIONAL = ("team", "unit", "place", "fund", "item")
"""What a sheet may bring along unless its map says otherwise: everything but people."""
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,31}")
_CODE = re.compile(r"[a-z0-9-]{1,32}")
_SEATS = 5


def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=4).hexdigest()


def _alike(text: str) -> str:
    """Names and numbers as the vault compares them."""
    return "".join(text.split()).casefold()


def fund_slug(name: str) -> str:
    """The short name of a fund that a sheet calls by this name."""
    return name if _SLUG.fullmatch(name) else f"fund-{_short(name)}"


def item_code(name: str) -> str:
    """The code of a service item that a sheet calls by this name."""
    return name if _CODE.fullmatch(name) else f"item-{_short(name)}"


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Words by which sheets tell ways of paying and units from persons."""
    return tomllib.loads((Path(__file__).parent / "cast.toml").read_text("utf-8"))


class Cast:
    """The people, organisations, places and funds of one ledger, as one file sees them."""

    def __init__(self, store: Store, ledger: str, create: tuple[str, ...], *, empty_register: bool) -> None:
        self._store, self._ledger = store, ledger
        self._create = frozenset(create or ORGANISATIONAL) | ({"member"} if empty_register else frozenset())
        self.pending: list[Order] = []
        self._learnt: list[tuple[dict[Any, Any], Any]] = []
        self._numbers: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._parents: dict[str, str | None] = {}
        database = store.database
        self._units = _by_name(lambda after: queries_people.units(database, ledger, after=after), "unit_id")
        self._teams = _by_name(lambda after: queries_people.teams(database, ledger, after=after), "team_id")
        self._places: dict[str, list[tuple[str, str]]] = {}
        for row in queries_people.places(database, ledger):
            self._places.setdefault(str(row["name"]), []).append((str(row["place_id"]), str(row["kind"])))
        self._funds: dict[str, str] = {}
        self._items: dict[str, dict[str, str]] = {}
        for fund in queries_funds.funds(database, ledger):
            codes = {str(row[name]): str(row["item"]) for row in fund.items for name in ("name", "item")}
            self._know_fund(str(fund.fund["slug"]), str(fund.fund["name"]), codes)

    # ---- people --------------------------------------------------------------------------------------------------

    def member_by_number(self, number: str, *, name: str = "", phone: str = "") -> str:
        """The member with this number. Raises Refused `no_such_member` where there is none and none may be made."""
        found = self._numbers.get(number)
        if found is None:
            row = queries_people.find_member(self._store.database, self._ledger, number)
            if row is not None and row["number"] == number:
                found = str(row["member_id"])
            else:
                found = self._new_member(number=number, name=name, phone=phone)
            self._learn(self._numbers, number, found)
        return found

    def member_by_name(self, name: str, *, phone: str = "") -> str:
        """The one member of this name, or of this name and phone number.

        Raises Refused: `ambiguous_name` where several have it, `no_such_member` where nobody has and none may be made.
        """
        known = self._names.get((_alike(name), _alike(phone)))
        if known is not None:
            return known
        found = self._members_with("name", name)
        if phone and (by_phone := self._members_with("phone", phone)):
            found &= by_phone
        elif phone and found:
            found = {one for one in found if self._has_phone(one, "")}
        if len(found) > 1:
            raise Refused("ambiguous_name")
        member = found.pop() if found else self._new_member(name=name, phone=phone)
        self._learn(self._names, (_alike(name), _alike(phone)), member)
        return member

    def is_registered(self, name: str, phone: str) -> bool:
        """Whether somebody of this very name and phone number (or of this name, both without one) is a member already."""
        if (_alike(name), _alike(phone)) in self._names:
            return True
        found = self._members_with("name", name)
        if phone:
            found &= self._members_with("phone", phone)
        return any(self._has_phone(one, phone) for one in found)

    def person(self, text: str) -> str:
        """A member named by number or by name, whichever the sheet wrote."""
        if text in self._numbers or queries_people.find_member(self._store.database, self._ledger, text) is not None:
            return self.member_by_number(text)
        if re.fullmatch(r"[\w.-]*\d[\w.-]*", text, re.ASCII):
            return self.member_by_number(text)
        return self.member_by_name(text)

    def knows(self, text: str) -> bool:
        """Whether this is a member's number or the name of exactly one member."""
        try:
            self.person(text)
        except Refused:
            return False
        return True

    def sounds_like_a_unit(self, name: str) -> bool:
        """Whether a name ends like those of companies, offices and associations do."""
        return name.casefold().endswith(tuple(vocabulary()["unit_endings"]))

    def learn_member(self, member: str, *, number: str = "", name: str = "", phone: str = "") -> None:
        """Remember a member that a row of this very file registers."""
        if number:
            self._numbers[number] = member
        if name:
            self._names[(_alike(name), _alike(phone))] = member

    def _members_with(self, field: str, value: str) -> set[str]:
        """The members who are registered under this name or phone number.

        The vault alone finds more: those whose requests give a neighbour's name or number, and, after a crash between
        words and facts, those who never joined.
        """
        found = [one for one in self._store.vault.find(self._ledger, field, value) if prefix_of(one) == PERSON]
        return {one for one in found if _alike(self._words_of(one).get(field, "")) == _alike(value)}

    def _words_of(self, member: str) -> dict[str, Any]:
        row = queries_people.member(self._store.database, self._ledger, member)
        words = self._store.vault.read(self._ledger, [str(row["words"])]) if row is not None else {}
        return next(iter(words.values()), {})

    def _has_phone(self, member: str, phone: str) -> bool:
        return _alike(self._words_of(member).get("phone", "")) == _alike(phone)

    def _new_member(self, *, number: str = "", name: str = "", phone: str = "") -> str:
        if "member" not in self._create:
            raise Refused("no_such_member", member=number or "")
        words = PersonWords(name=name, phone=phone) if name else None
        made = RegisterMember(number=number, words=words)
        self._send(made, f"member:{number or name + '/' + phone}")
        return made.member_id

    # ---- organisations and places --------------------------------------------------------------------------------

    def unit(self, name: str) -> str:
        """The unit of this name. Raises Refused `no_such_unit`."""
        found = self._units.get(name)
        if found is None:
            if "unit" not in self._create:
                raise Refused("no_such_unit")
            made = RegisterUnit(kind="enterprise", name=name)
            self._send(made, f"unit:{name}")
            found = made.unit_id
            self._learn(self._units, name, found)
        return found

    def known_unit(self, name: str) -> str | None:
        """The unit of this name, if there is one."""
        return self._units.get(name)

    def known_team(self, name: str) -> str | None:
        """The team of this name, if there is one."""
        return self._teams.get(name)

    def team(self, name: str, *, unit: str | None = None) -> str:
        """The team of this name, formed for the unit if it is new. Raises Refused `no_such_team`."""
        found = self._teams.get(name)
        if found is None:
            if "team" not in self._create:
                raise Refused("no_such_team")
            made = FormTeam(name=name, unit=unit)
            self._send(made, f"team:{name}")
            found = made.team_id
            self._learn(self._teams, name, found)
        return found

    def place(self, name: str, *, community: str | None = None) -> str:
        """The place of this name, made as a courtyard of its community. Raises Refused `no_such_place`, `ambiguous_place`."""
        parent = self.place(community) if community and community != name else None
        found = self._places.get(name, [])
        if len(found) > 1:
            raise Refused("ambiguous_place")
        if found:
            return found[0][0]
        if "place" not in self._create:
            raise Refused("no_such_place")
        kind: PlaceKind = "courtyard" if parent else "community"
        made = AddPlace(kind=kind, name=name, parent=parent)
        self._send(made, f"place:{community or ''}/{name}")
        self._learn(self._places, name, [(made.place_id, kind)])
        return made.place_id

    def known_place(self, name: str) -> str | None:
        """The place of this name, if it is one of the tree."""
        found = self._places.get(name, [])
        return found[0][0] if len(found) == 1 else None

    # ---- funds ---------------------------------------------------------------------------------------------------

    def fund(self, name: str | None, items: set[str]) -> str:
        """The fund of this name, or the only one. Raises Refused `fund_missing`, `no_such_fund`.

        A fund that the sheet brings along has the service items the sheet names, and a committee of numbered seats
        without names: people are appointed before it spends anew.
        """
        if name is None:
            if len(set(self._funds.values())) == 1:
                return next(iter(self._funds.values()))
            if self._funds:
                raise Refused("fund_missing")
            name = GENERAL
        found = self._funds.get(name)
        if found is not None:
            return found
        if "fund" not in self._create:
            raise Refused("no_such_fund")
        slug = fund_slug(name)
        seats = [self._seat(slug, number) for number in range(1, _SEATS + 3)]
        codes = {one: item_code(one) for one in sorted(items) if one != GENERAL}
        opened = OpenFund(
            slug=slug, name=name, purpose=name, host_charity=name, committee=tuple(seats[:_SEATS]),
            supervisor=seats[_SEATS], items=tuple(ServiceItem(code=code, name=one) for one, code in codes.items()),
        )  # fmt: skip
        self._send(opened, f"fund:{name}")
        self._know_fund(slug, name, codes)
        return slug

    def assumed_fund(self) -> str | None:
        """The fund that rows without one are for, by the name people know it by; None where several leave it open."""
        slugs = set(self._funds.values())
        if not slugs:
            return GENERAL
        if len(slugs) > 1:
            return None
        return next((name for name in self._funds if name not in slugs), slugs.pop())

    def item(self, fund: str, name: str | None) -> str:
        """The code of a fund's service item; unrestricted where none is named. Raises Refused `no_such_item`."""
        if not name or name == GENERAL:
            return GENERAL
        found = self._items.get(fund, {}).get(name)
        if found is None:
            raise Refused("no_such_item", fund=fund, item=name)
        return found

    def _know_fund(self, slug: str, name: str, items: dict[str, str]) -> None:
        self._learn(self._funds, slug, slug)
        self._learn(self._funds, name, slug)
        self._learn(self._items, slug, {**items, GENERAL: GENERAL})

    def _seat(self, slug: str, number: int) -> str:
        """A member that stands for a seat of a fund's board: `<fund>-1` … ; the last one pays."""
        wanted = f"{slug}-{number}"
        row = queries_people.find_member(self._store.database, self._ledger, wanted)
        if row is not None:
            return str(row["member_id"])
        made = RegisterMember(number=wanted)
        self._send(made, f"member:{wanted}")
        self._learn(self._numbers, wanted, made.member_id)
        return made.member_id

    def _send(self, command: RegisterMember | RegisterUnit | FormTeam | AddPlace | OpenFund, key: str) -> None:
        self.pending.append(Order(command, f"import:cast:{key}", body=key.encode()))

    def _learn(self, known: dict[Any, Any], name: Any, value: Any) -> None:
        known[name] = value
        self._learnt.append((known, name))

    def take_pending(self) -> list[Order]:
        """The commands for newcomers since the last call."""
        taken, self.pending = self.pending, []
        self._learnt.clear()
        return taken

    def drop_pending(self) -> None:
        """Forget the newcomers since then: the row that named them is refused, and later rows bring them along anew."""
        for known, name in self._learnt:
            known.pop(name, None)
        self._learnt.clear()
        self.pending.clear()

    def set_right(self, command: Command, facts: Sequence[Fact]) -> None:
        """A newcomer was there already under another id (brought by another import), or, without facts, could not be made."""
        made = getattr(command, command.GENERATED[0] if command.GENERATED else "slug")
        real = getattr(facts[0], command.GENERATED[0], made) if facts and command.GENERATED else made
        named: tuple[dict[Any, str], ...] = (self._numbers, self._names, self._units, self._teams, self._funds)
        for known in named:
            for name in [name for name, value in known.items() if value == made]:
                if facts:
                    known[name] = real
                else:
                    del known[name]
        for name in [name for name, those in self._places.items() if any(place == made for place, _ in those)]:
            others = [one for one in self._places[name] if one[0] != made]
            self._places[name] = others + [
                (real, kind) for place, kind in self._places[name] if facts and place == made
            ]


def _by_name(read: Callable[[str | None], Page], key: Literal["unit_id", "team_id"]) -> dict[str, str]:
    found: dict[str, str] = {}
    after: str | None = None
    while True:
        page = read(after)
        for row in page.rows:
            found.setdefault(str(row["name"]), str(row[key]))
        if page.next is None:
            return found
        after = page.next

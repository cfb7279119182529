"""Facts in plain words: who, on whose behalf, when, every field with its name, whether the words are still there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from api import formats
from api.people import People
from api.sampling.names import field_name
from api.store import Store
from api.texts import known, text
from ledger.actors import OPERATOR
from ledger.base import NAME_OF, Fact
from ledger.errors import Unusable
from ledger.funds.commands import ANONYMOUS, GENERAL
from ledger.funds.facts import FundOpened
from ledger.ids import looks_like_id
from ledger.journal.recorded import Recorded
from ledger.parties.facts import MemberRegistered
from ledger.units import FEN, MINUTES, VENUE_MINUTES, pieces_of
from projections.books.queries import members_by_id

_COMMITMENT_LETTERS = 10
_MINUTE_FIELDS = frozenset({"minutes", "credited", "overflow", "difference"})
_COUNTED_IN_MINUTES = frozenset({"venue", "hours"})
"""Kinds of contributions whose quantity is minutes."""
_UNSAID = frozenset({"session_id", "claim_id", "correction_id", "match_id", "contribution_id"})
"""Ids that only tie facts together; the position says as much to a reader."""


class Field(NamedTuple):
    """One field of a fact, as people read it."""

    name: str
    label: str
    value: str


class Teller:
    """Puts facts of one ledger into words of one language.

    `known`: by id, the event that introduced it. `named`: masked names beside the numbers of people.
    """

    def __init__(
        self, store: Store, ledger: str, lang: str, zone: str, known: Mapping[str, Recorded], *, named: bool = False
    ) -> None:
        self._store, self._ledger, self.lang, self.zone, self._known = store, ledger, lang, zone, known
        self._states: dict[str, str] = {}
        self._names: dict[str, str] = {}
        if named:
            people = [one for one, event in known.items() if isinstance(event.fact, MemberRegistered)]
            rows = members_by_id(store.database, ledger, people)
            self._names = People(store, ledger).names({one: str(row["words"]) for one, row in rows.items()})

    def say(self, key: str, /, **figures: object) -> str:
        """A text of the room `sampling`."""
        return text(self.lang, f"sampling.{key}", **figures)

    # ---- parties -----------------------------------------------------------------------------------------------------

    def number(self, identifier: str) -> str | None:
        """The short number of a person (`V12`), None for anything else."""
        event = self._known.get(identifier)
        return f"V{event.position}" if event is not None and isinstance(event.fact, MemberRegistered) else None

    def who(self, identifier: str) -> str:
        """A person by number, and masked name where names were asked for; everything else by its public name."""
        number = self.number(identifier)
        if number is not None:
            name = self._names.get(identifier)
            return f"{number}\u00a0{name}" if name else number
        if identifier == OPERATOR:
            return text(self.lang, "pages.somebody.operator")
        if identifier == ANONYMOUS:
            return text(self.lang, "pages.fund.anonymous")
        event = self._known.get(identifier)
        name = getattr(event.fact, "name", "") or getattr(event.fact, "label", "") if event is not None else ""
        return str(name or identifier)

    def masked_name(self, identifier: str) -> str | None:
        """The masked name alone, where names were asked for and there is one."""
        return self._names.get(identifier)

    def item(self, slug: str, code: str) -> str:
        """The name of a fund's service item."""
        event = self._known.get(slug)
        if code == GENERAL:
            return text(self.lang, "pages.fund.general")
        items = dict(event.fact.items) if event is not None and isinstance(event.fact, FundOpened) else {}
        return items.get(code) or code

    def account(self, name: str) -> str:
        """An account with people by number and others by name, its parts as they are."""
        return ":".join(self.who(part) if looks_like_id(part) else part for part in name.split(":"))

    # ---- figures -----------------------------------------------------------------------------------------------------

    def amount(self, amount: int, unit: str) -> str:
        """An amount with its unit."""
        if unit == FEN:
            return formats.yuan(amount, self.lang)
        if unit in (MINUTES, VENUE_MINUTES):
            return formats.hours(amount, self.lang)
        name = unit.removeprefix(pieces_of(""))
        shown = text(self.lang, f"cli.unit.{name}") if known(self.lang, f"cli.unit.{name}") else name
        return f"{amount:,} {shown}"

    def instant(self, at: int) -> str:
        """A moment on the community's clock, to the minute."""
        return formats.instant(at, self.lang, self.zone)

    def what(self, fact: Fact) -> str:
        """What a type of fact is called by people."""
        return type_in_words(self.lang, NAME_OF[type(fact)])

    # ---- an event ----------------------------------------------------------------------------------------------------

    def actor(self, event: Recorded) -> str:
        """Who acted, in which role, and for whom."""
        envelope = event.envelope
        told = self.who(envelope.by)
        if envelope.role:
            told = self.say("line.role", who=told, role=self.role(envelope.role))
        if envelope.behalf:
            told = " ".join((told, self.say("line.behalf", whom=self.who(envelope.behalf))))
        return told

    def role(self, role: str) -> str:
        """A role by its name."""
        return text(self.lang, f"pages.role.{role}") if known(self.lang, f"pages.role.{role}") else role

    def fields(self, fact: Fact) -> list[Field]:
        """Every field that says something, in the fact's own order; what only ties facts together is left out."""
        found: list[Field] = []
        for field in msgspec.structs.fields(type(fact)):
            value = getattr(fact, field.name)
            if value is None or value in ("", (), False) or field.name in _UNSAID:
                continue
            if field.name == "last_day" and value == getattr(fact, "day", None):
                continue
            found.append(Field(field.name, self.label(field.name), self._value(fact, field.name, value)))
        return found

    def label(self, name: str) -> str:
        """What a field is called."""
        return field_name(self.lang, name)

    def _value(self, fact: Fact, name: str, value: Any) -> str:
        if name == "words":
            return self._words(str(value))
        if value is True:
            return self.say("line.yes")
        if isinstance(value, date):
            return formats.day(value, self.lang)
        if isinstance(value, tuple):
            return self.say("line.list_mark").join(self._value(fact, "", one) for one in value)
        if isinstance(value, int):
            counted_in_minutes = name == "quantity" and getattr(fact, "kind", "") in _COUNTED_IN_MINUTES
            return self._figure("minutes" if counted_in_minutes else name, value)
        word = str(value)
        if name == "item" and (slug := getattr(fact, "fund", None)):
            return self.item(str(slug), word)
        for key in (f"sampling.value.{name}_{word}", *(f"pages.{table}.{word}" for table in _TABLES.get(name, ()))):
            if known(self.lang, key):
                return text(self.lang, key)
        return self.who(word)

    def _figure(self, name: str, value: int) -> str:
        if name.endswith("_at"):
            return self.instant(value)
        if name.endswith("_fen"):
            return formats.yuan(value, self.lang)
        if name in _MINUTE_FIELDS or name.endswith("_minutes"):
            return formats.hours(value, self.lang)
        return f"{value:,}"

    # ---- words in the vault ------------------------------------------------------------------------------------------

    def look_up_words(self, events: Iterable[Recorded]) -> None:
        """Ask the vault which words it still holds and can open; what is read is thrown away."""
        wanted = [words for one in events if isinstance(words := getattr(one.fact, "words", ""), str) and words]
        self._states.update(self._store.vault.state_of(self._ledger, wanted))
        kept = [one for one in wanted if self._states[one] == "kept"]
        if self._opens(kept):
            return
        # One damaged document must not hide the others.
        for one in kept:
            if not self._opens([one]):
                self._states[one] = "damaged"

    def _opens(self, commitments: list[str]) -> bool:
        try:
            self._store.vault.read(self._ledger, commitments)
        except Unusable as error:
            if error.code != "vault_damaged":
                raise
            return False
        return True

    def state_of_words(self, fact: Fact) -> str | None:
        """`kept`, `erased`, `unknown` (lost, or never kept) or `damaged`; None where the fact has no words."""
        commitment = getattr(fact, "words", "")
        return self._states.get(commitment, "unknown") if commitment else None

    def _words(self, commitment: str) -> str:
        state = self._states.get(commitment, "unknown")
        return self.say(f"line.words_{state}", commitment=commitment[:_COMMITMENT_LETTERS])


_TABLES: dict[str, tuple[str, ...]] = {
    "origin": ("origin",),
    "channel": ("channel",),
    "method": ("method",),
    "category": ("category",),
    "tier": ("tier",),
    "kind": ("kind", "party"),
    "role": ("role",),
    "reason": ("reason", "declined"),
    "barrier": ("barrier",),
}
"""Where the pages' own words for a field's values stand."""


def type_in_words(lang: str, type_name: str) -> str:
    """What people call a stored type of facts: `hours.given@1` is a gift of hours."""
    name = type_name.partition("@")[0].replace(".", "_")
    key = f"sampling.fact.{name}" if known(lang, f"sampling.fact.{name}") else f"cli.fact.{name}"
    return text(lang, key)

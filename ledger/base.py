"""The few ideas every area shares: facts with fixed names, commands, states that evolve, and the scene of a decision.

`decide(view, command, scene) -> facts` raises a domain error or returns facts; `state.evolve(fact) -> state` never refuses.
Both are without I/O, clock or randomness: time, actor and the vault's commitment come in the `Scene`, states come
from the `View`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, Protocol, Self, TypeVar

import msgspec

from ledger.errors import UnknownFact

_F = TypeVar("_F", bound="Fact")
S = TypeVar("S", bound="State")


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One thing that happened, as immutable plain data. People appear as random ids, texts as commitments (`words`)."""

    TAGS: ClassVar[tuple[str, ...]] = ()
    """Names of the fields whose values are this fact's tags (None and "" are left out)."""

    LATER_TAGS: ClassVar[tuple[str, ...]] = ()
    """Those of `TAGS` that joined when events of this type were stored already: the oldest ones lack them."""

    def more_tags(self) -> tuple[str, ...]:
        """Tags that are computed rather than stored, such as a member's day."""
        return ()


FACTS: dict[str, type[Fact]] = {}
NAME_OF: dict[type[Fact], str] = {}


def fact(name: str) -> Callable[[type[_F]], type[_F]]:
    """Register a fact under its stored type name, `area.what_happened@version`; the name never changes again."""

    def register(kind: type[_F]) -> type[_F]:
        if name in FACTS:
            raise UnknownFact("fact_registered_twice", type=name)
        FACTS[name] = kind
        NAME_OF[kind] = name
        return kind

    return register


def tags_of(happened: Fact) -> tuple[str, ...]:
    """Every tag of a fact, without repetition, in a fixed order."""
    found: dict[str, None] = {}
    for field in happened.TAGS:
        value = getattr(happened, field)
        if isinstance(value, tuple):
            found.update(dict.fromkeys(value))
        elif value:
            found[value] = None
    for tag in happened.more_tags():
        found[tag] = None
    return tuple(found)


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something an actor asks for, in the imperative. `words`, where a command has them, is personal and goes to the vault."""

    NAME: ClassVar[str] = ""
    """The fixed name used by API and logs, such as `give_hours`."""
    GENERATED: ClassVar[tuple[str, ...]] = ()
    """Fields made by us and not by the caller (fresh ids): they do not count when two bodies are compared."""
    SUBJECT: ClassVar[str] = ""
    """The field that names whose personal data the words are; the key that encrypts them belongs to that subject."""

    def words_about(self) -> str:
        """The id of whom the words are about: they are destroyed with that subject's other words."""
        return str(getattr(self, self.SUBJECT))

    def checked(self, _blind: Callable[[str, bytes], str], _now_at: int) -> Self:
        """The command with what only a holder of the vault's key can tell of it: which minute's code was shown.

        Asked before each decision (`_blind`: purpose and text to a keyed digest), so that decisions stay pure and are
        replayed without keys. Most commands have nothing of the kind.
        """
        return self


class State(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a decision needs to know about one tag, folded from the facts that carry the tag.

    Facts and states are trees of plain values: the search for cycles has nothing to find in them (`gc=False`).
    """

    LONG: ClassVar[bool] = False
    """Whether a tag may gather so many facts that its state is worth a snapshot."""

    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = None
    """The only types of facts that change this state, where naming them spares `evolve` the rest; None for any."""

    tag: str

    def evolve(self, happened: Fact) -> Self:
        """The state after one more fact. Facts that do not concern it leave it as it is; it never judges."""
        return self


class View(Protocol):
    """Gives the state of a tag as of the journal; what was looked at becomes the condition of the append."""

    def state(self, kind: type[S], tag: str) -> S:
        """The state of that kind for the tag; the empty one where nothing happened yet."""
        ...


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of one decision."""

    now_at: int
    """Microseconds since the epoch, UTC."""
    today: date
    """The community's calendar day."""
    zone: str
    actor: str
    """Who acts: a member (`mem_…`) or a service (`svc_…`)."""
    role: str
    """The role that gave the right to act, as the envelope records it; "" for one's own affairs."""
    behalf: str | None = None
    """On whose behalf, where the actor is a proxy or a worker at the counter."""
    sealed: str = ""
    """The vault's commitment to the command's words; "" when there were none."""


Decide = Callable[[View, Any, Scene], list[Fact]]


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """Who may give a command: holders of `roles`, and those to whom one of the fields named in `own` belongs.

    A field belongs to its member, to the member's registered proxy, to the representative of a unit and to the leader
    of a team. `anybody` lets every registered member act. The fields named in `at` say where it happens, for roles held
    for one place.
    """

    roles: frozenset[str] = frozenset()
    own: tuple[str, ...] = ()
    anybody: bool = False
    at: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """How one command is decided, and by whom it may be given."""

    decide: Decide
    right: Right


def fold(state: S, happened: Fact) -> S:
    """`evolve` behind the guard that no fact of an unknown type is ever skipped."""
    kind = type(happened)
    concerns = state.CONCERNS
    if concerns is not None and kind in concerns:
        return state.evolve(happened)
    if kind not in NAME_OF:
        raise UnknownFact("unknown_fact", type=kind.__name__)
    return state if concerns is not None else state.evolve(happened)

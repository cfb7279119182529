"""given these facts, when somebody asks for this, then these facts follow, or it is refused under this code.

    given(registered(WANG), rule("requests.lease_days", 3)).when(ClaimRequest(…), actor=WANG).then(RequestClaimed(…))

No store and no clock: states are folded from the facts given, by their tags. The rules in force are the defaults.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import msgspec

from ledger.accounts import postings
from ledger.audit.retelling import commands_of
from ledger.audit.story import Story
from ledger.base import Command, Fact, Rule, S, Scene, State, fold, tags_of
from ledger.clock import DEFAULT_ZONE, at_time, day_of
from ledger.errors import NuanlinError
from ledger.journal.recorded import Envelope
from ledger.policy.facts import PolicySet, PolicyValue
from ledger.policy.state import DEFAULTS, SINCE_EVER
from ledger.rules import RULES

TODAY = date(2026, 5, 20)
"""A Wednesday."""
NOW = at_time(TODAY, 10, 0)

RULES_IN_FORCE: tuple[Fact, ...] = tuple(
    PolicySet(name=name, value=value, from_day=SINCE_EVER) for name, value in DEFAULTS.items()
)


def rule(name: str, value: PolicyValue, from_day: date = SINCE_EVER) -> Fact:
    """Another value for a rule than the default."""
    return PolicySet(name=name, value=value, from_day=from_day)


class Folded:
    """A view of facts in memory; `looked_at` are the tags that were read."""

    def __init__(self, *facts: Fact) -> None:
        self._by_tag: dict[str, list[Fact]] = defaultdict(list)
        self.looked_at: set[str] = set()
        self.add(*RULES_IN_FORCE, *facts)

    def add(self, *facts: Fact) -> None:
        """Lets more happen."""
        for happened in facts:
            for tag in tags_of(happened):
                self._by_tag[tag].append(happened)

    def state(self, kind: type[S], tag: str) -> S:
        """See `ledger.base.View`."""
        self.looked_at.add(tag)
        return folded(kind, tag, *self._by_tag.get(tag, ()))


def folded(kind: type[S], tag: str, *facts: Fact) -> S:
    """The state that these facts of one tag come to."""
    state = kind(tag=tag)
    for happened in facts:
        state = fold(state, happened)
    return state


def rule_of(command: type[Command]) -> Rule:
    """How a command is decided, and by whom it may be given."""
    return RULES[command]


def check_laws(facts: list[Fact]) -> None:
    """What holds for every fact: its postings sum to zero per unit, none posts nothing, and it survives storage."""
    for happened in facts:
        sums: dict[str, int] = defaultdict(int)
        for _account, unit, amount in postings(happened):
            assert type(amount) is int
            assert amount != 0, f"{happened} posts nothing"
            sums[unit] += amount
        assert not any(sums.values()), f"{happened} is out of balance: {dict(sums)}"
        assert msgspec.json.decode(msgspec.json.encode(happened), type=type(happened)) == happened


def check_retelling(view: Folded, facts: list[Fact], scene: Scene) -> None:
    """An auditor who has only the facts finds a command that leads to exactly these."""
    envelope = Envelope(
        at=scene.now_at, by=scene.actor, role=scene.role, behalf=scene.behalf, key="", body="", salt=b""
    )
    story = Story(1, envelope, tuple(facts))
    told: list[object] = []
    for command in commands_of(view, story):
        try:
            again = rule_of(type(command)).decide(view, command, msgspec.structs.replace(scene, sealed=story.sealed))
        except NuanlinError as refusal:
            told.append(refusal)
            continue
        if again == facts:
            return
        told.append(again)
    raise AssertionError(f"no command leads to {facts}, but: {told}")


class Outcome:
    """What a command came to."""

    def __init__(self, view: Folded, facts: list[Fact] | None, error: NuanlinError | None) -> None:
        self.view, self._facts, self.error = view, facts, error

    @property
    def facts(self) -> list[Fact]:
        """The facts that followed; fails the test where it was refused."""
        assert self._facts is not None, f"refused: {self.error}"
        return self._facts

    @property
    def fact(self) -> Fact:
        """The one fact that followed."""
        assert len(self.facts) == 1, self.facts
        return self.facts[0]

    def then(self, *expected: Fact) -> Outcome:
        """Exactly these facts follow, in this order."""
        assert self.facts == list(expected)
        return self

    def refused(self, code: str, kind: type[NuanlinError] = NuanlinError, /, **details: object) -> Outcome:
        """It was refused under this code, by an error of that kind, with at least these figures."""
        assert self.error is not None, f"not refused: {self._facts}"
        assert self.error.code == code, f"refused as {self.error}"
        assert isinstance(self.error, kind), f"refused by a {type(self.error).__name__}"
        assert {name: self.error.details.get(name) for name in details} == details
        return self

    def looking_at(self, *tags: str) -> Outcome:
        """The decision read these tags, so that a fact which another writes there in between makes it decide again."""
        assert set(tags) <= self.view.looked_at, f"read only {sorted(self.view.looked_at)}"
        return self

    def state(self, kind: type[S], tag: str) -> S:
        """The state of a tag after the facts that followed, which may be none."""
        after = self.view.state(kind, tag)
        for happened in self._facts or ():
            if tag in tags_of(happened):
                after = fold(after, happened)
        return after


class Given:
    """A past, ready to be asked something."""

    def __init__(self, facts: tuple[Fact, ...]) -> None:
        self._past = facts

    def when(
        self,
        command: Command,
        *,
        actor: str = "mem_wang",
        role: str = "",
        now_at: int = NOW,
        sealed: str = "",
        behalf: str | None = None,
    ) -> Outcome:
        """Decides the command at that moment, in the community's time zone."""
        view = Folded(*self._past)
        today = day_of(now_at, DEFAULT_ZONE)
        scene = Scene(
            now_at=now_at, today=today, zone=DEFAULT_ZONE, actor=actor, role=role, behalf=behalf, sealed=sealed
        )
        try:
            facts = rule_of(type(command)).decide(view, command, scene)
        except NuanlinError as error:
            return Outcome(view, None, error)
        assert facts, "a decision gives facts or refuses"
        check_laws(facts)
        check_retelling(view, facts, scene)
        return Outcome(view, facts, None)

    def state(self, kind: type[S], tag: str) -> S:
        """The state of a tag after the facts given."""
        return Folded(*self._past).state(kind, tag)


def given(*facts: Fact) -> Given:
    """These facts happened, in this order, after the default rules came into force."""
    return Given(facts)


def survives_snapshot(state: State) -> bool:
    """Whether a state that is put away as a snapshot comes back the same."""
    return bool(msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=type(state)) == state)

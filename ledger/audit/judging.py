"""Whether a story was legal when it was made: the right to act, and the decision itself, asked again as of then."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from ledger.actors import OPERATOR, Actor
from ledger.audit.report import Finding
from ledger.audit.retelling import commands_of
from ledger.audit.story import Story
from ledger.base import Command, Fact, Scene, View
from ledger.clock import DEFAULT_ZONE, day_of
from ledger.errors import NuanlinError
from ledger.places.commands import OpenLedger
from ledger.places.facts import LedgerOpened
from ledger.places.state import Opening
from ledger.policy.decisions import CHECKS
from ledger.policy.facts import PolicySet
from ledger.policy.state import SINCE_EVER
from ledger.rights import authorise
from ledger.rules import RULES

RULES_CHECK = "rules"
ABSURD = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What facts that no command of ours ever wrote may make of code that need not foresee them."""


def judge(view: View, story: Story) -> Finding | None:
    """None where some command of that actor, at that moment, would have had exactly these facts as its answer.

    `view` gives states as of just before the story. The finding `rule_broken` names each command that might have been
    meant and what stands in its way: the code of its refusal; `differs:` and the first field that the decision would
    have filled otherwise; `role:` and the role that it would have been given in. `no_command` where none might.
    """
    opened = view.state(Opening, "ledger").opened
    if opened is None:
        return _judge_opening(story)
    tried: list[str] = []
    for command in commands_of(view, story):
        objection = _objection(view, story, command, opened.zone)
        if objection is None:
            return None
        tried.append(f"{command.NAME} ({objection})")
    if not tried:
        return _finding(story, "no_command", types=", ".join(type(one).__name__ for one in story.facts))
    return _finding(story, "rule_broken", tried="; ".join(tried))


def decided_again(view: View, story: Story, command: Command, zone: str) -> tuple[str, str | None, list[Fact]]:
    """What a command comes to at the story's moment, given by its actor: role, on whose behalf, facts.

    Raises what the decision refuses it with, and one of `ABSURD` for what no command of ours ever wrote.
    """
    envelope, rule = story.envelope, RULES[type(command)]
    _check_fields(command)
    role, behalf = authorise(view, rule.right, command, Actor(envelope.by, envelope.behalf))
    scene = Scene(
        now_at=envelope.at,
        today=day_of(envelope.at, zone),
        zone=zone,
        actor=envelope.by,
        role=role,
        behalf=behalf,
        sealed=story.sealed,
    )
    return role, behalf, rule.decide(view, command, scene)


def _objection(view: View, story: Story, command: Command, zone: str) -> str | None:
    envelope = story.envelope
    try:
        role, behalf, facts = decided_again(view, story, command, zone)
    except NuanlinError as refusal:
        return refusal.code
    except ABSURD as error:
        return type(error).__name__
    if (role, behalf) != (envelope.role, envelope.behalf):
        return f"role:{role or 'own'}"
    if tuple(facts) != story.facts:
        return f"differs:{first_difference(facts, story.facts)}"
    return None


def command_behind(view: View, story: Story, zone: str) -> Command | None:
    """The command that leads to exactly this story, None where none does."""
    return next((one for one in commands_of(view, story) if _objection(view, story, one, zone) is None), None)


def _check_fields(command: Command) -> None:
    """Told from facts, a command may hold what no caller could have given it: a reason that is none of the list."""
    for name, kind in _kinds_of(type(command)):
        msgspec.convert(msgspec.to_builtins(getattr(command, name)), kind)


@cache
def _kinds_of(command: type[Command]) -> tuple[tuple[str, Any], ...]:
    """The fields of a command with their types; not its words, which stay in the vault."""
    return tuple((one.name, one.type) for one in msgspec.structs.fields(command) if one.name != "words")


def _judge_opening(story: Story) -> Finding | None:
    """A ledger opens by the operator's own hand, with rules in force since ever and the operator's roles.

    Which rules there were, and their defaults, is that day's program's affair: each has to be one that may stand.
    """
    first = story.facts[0]
    if not isinstance(first, LedgerOpened):
        return _finding(story, "not_opened")
    rules = [one for one in story.facts[1:] if isinstance(one, PolicySet)]
    others = [one for one in story.facts[1:] if not isinstance(one, PolicySet)]
    for one in rules:
        if one.from_day != SINCE_EVER or (one.name in CHECKS and not CHECKS[one.name](one.value)):
            return _finding(story, "rule_broken", tried=f"{OpenLedger.NAME} (differs:{one.name})")
    opening = OpenLedger(name=first.name, zone=first.zone, operator=first.operator)
    if story.envelope.by != OPERATOR or story.envelope.role != "operator":
        return _finding(story, "rule_broken", tried=f"{OpenLedger.NAME} (only_the_operator_opens)")
    scene = Scene(
        now_at=story.envelope.at,
        today=day_of(story.envelope.at, DEFAULT_ZONE),
        zone=first.zone,
        actor=story.envelope.by,
        role=story.envelope.role,
    )
    try:
        decided = RULES[OpenLedger].decide(_Nothing(), opening, scene)
    except NuanlinError as refusal:
        return _finding(story, "rule_broken", tried=f"{OpenLedger.NAME} ({refusal.code})")
    if [one for one in decided if not isinstance(one, PolicySet)] != [first, *others]:
        return _finding(story, "rule_broken", tried=f"{OpenLedger.NAME} (differs:roles)")
    return None


class _Nothing:
    """The view of a journal before its first event."""

    def state(self, kind: Any, tag: str) -> Any:
        """Every state is empty."""
        return kind(tag=tag)


def first_difference(decided: Sequence[Fact], stored: tuple[Fact, ...]) -> str:
    """The first field in which two stories differ."""
    for ours, theirs in zip(decided, stored, strict=False):
        if type(ours) is not type(theirs):
            return type(theirs).__name__
        for name in ours.__struct_fields__:
            if getattr(ours, name) != getattr(theirs, name):
                return f"{type(theirs).__name__}.{name}"
    return f"{len(stored)} facts, not {len(decided)}"


def _finding(story: Story, code: str, **figures: object) -> Finding:
    return Finding(story.position, RULES_CHECK, code, figures)

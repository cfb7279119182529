"""Commands under way: what stays the same over their tries, and what each came to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

import msgspec

from ledger.actors import Actor
from ledger.base import Command, Fact
from ledger.errors import Conflict, NotFound, NuanlinError, Unusable
from ledger.journal.recorded import Envelope
from ledger.journal.sql import driver_errors
from ledger.rules import RULES
from ledger.vault import SealedWords, Vault

_encode = msgspec.json.Encoder(order="sorted").encode
_FINAL = frozenset({"key_reused", "version_moved"})
"""Conflicts that stay: the key has had its answer, or the caller has to look again."""

Recalled = Literal["new", "same", "changed"]
"""Whether a key is new to the journal, stands there for the same body, or for another."""


class Outcome(msgspec.Struct, frozen=True):
    """What a command came to: the position of its last fact, its facts, and whether it is the answer to a repeated key."""

    position: int
    facts: tuple[Fact, ...]
    repeated: bool = False


class Order(msgspec.Struct, frozen=True):
    """A command with its idempotency key, for `execute_many`."""

    command: Command
    key: str | None = None
    body: bytes | None = None
    """What a repetition is compared by instead of the command, where the caller knows better: a sheet's row."""


class Job:
    """One command under way: what stays the same over its tries."""

    __slots__ = (
        "actor", "body", "command", "failure", "fixed_key", "kept", "key", "outcome", "rule", "sealed", "unmoved",
    )  # fmt: skip

    def __init__(self, vault: Vault, ledger: str, order: Order, actor: Actor) -> None:
        command = order.command
        rule = RULES.get(type(command))
        if rule is None:
            raise NotFound("no_such_command", command=type(command).__name__)
        self.command, self.rule, self.actor = command, rule, actor
        self.fixed_key = order.key is not None
        if order.key is not None:
            body = _body_of(command) if order.body is None else order.body
            self.key, self.body = blinded(vault, ledger, order.key, body)
        else:
            self.key, self.body = vault.blind(ledger, "key", os.urandom(16)), ""
        self.sealed: SealedWords | None = None
        self.kept = False
        self.outcome: Outcome | NuanlinError | None = None
        self.failure: Exception | None = None
        self.unmoved: tuple[str, int] | None = None

    @property
    def settled(self) -> bool:
        """Whether no further try can change the answer."""
        answer = self.outcome
        return isinstance(answer, Outcome) or (isinstance(answer, Conflict) and answer.code in _FINAL)

    @property
    def key_tag(self) -> str:
        """Commands are recognised by a tag, so that no further table is written."""
        return tag_of_key(self.key)


def blinded(vault: Vault, ledger: str, key: str, body: bytes) -> tuple[str, str]:
    """A caller's key and what it stands for, as the journal keeps them."""
    return vault.blind(ledger, "key", key.encode()), vault.blind(ledger, "body", body)


def tag_of_key(blind_key: str) -> str:
    """The tag of the facts that a command under this key came to."""
    return f"key_{blind_key}"


def _body_of(command: Command) -> bytes:
    """What two commands must share to be the same: all fields but the ids we made ourselves."""
    if command.GENERATED:
        command = msgspec.structs.replace(command, **dict.fromkeys(command.GENERATED, ""))
    return command.NAME.encode() + b"\n" + _encode(command)


def told_plainly(error: Exception) -> Exception:
    """A driver's error as Unusable `store_failed`: whether it was stored is unknown, and a retry under the key is safe."""
    if isinstance(error, driver_errors()):
        plain = Unusable("store_failed")
        plain.__cause__ = error
        return plain
    return error


def first_of_each_key(jobs: Sequence[Job]) -> dict[str, Job]:
    """The first job of each key, in the order they came."""
    first: dict[str, Job] = {}
    for job in jobs:
        first.setdefault(job.key, job)
    return first


def answer_of(job: Job, first: Job) -> Outcome | NuanlinError:
    """What a job of a batch came to; a key that came twice in it is answered like one that came before."""
    outcome = first.outcome or Conflict("too_busy")
    if job is first or isinstance(outcome, NuanlinError):
        return outcome
    if job.body != first.body:
        return Conflict("key_reused")
    return Outcome(outcome.position, outcome.facts, repeated=True)


class Envelopes:
    """Makes the envelopes of one command's facts: alike but for the salt."""

    __slots__ = ("_fields", "last")

    def __init__(self, at: int, by: str, role: str, behalf: str | None, key: str, body: str) -> None:
        self._fields = (at, by, role, behalf, key, body)
        self.last: Envelope | None = None

    def __call__(self) -> Envelope:
        at, by, role, behalf, key, body = self._fields
        self.last = Envelope(at=at, by=by, role=role, behalf=behalf, key=key, body=body, salt=os.urandom(16))
        return self.last

"""What is grave enough to ask, of who is signed in at a browser, that they show again that it is them: the one table of it.

Asked where they last showed it more than a quarter of an hour ago: whoever finds a browser open gets to none of this. Staff show
their second factor, others a fresh code to their phone. Programs are not asked, by HTTP or behind a session that began with
their token: they have nothing else to show, and a token ends whatever began with it. Nor are the demo's people.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from api.security import Caller
from api.signin.strength import WEAK_WAYS
from ledger.base import Command
from ledger.clock import MICROS_PER_MINUTE
from ledger.funds.commands import ApproveGrant, PayGrant, RefundDonation
from ledger.parties.commands import CorrectDetails, ErasePersonalData, GrantRole, RevokeRole
from ledger.policy.commands import SetPolicy

MINUTES = 15
"""So long one proof counts (choice)."""
HIGH_ROLES = frozenset({"administrator", "treasurer"})
ASKED = WEAK_WAYS | {"password"}
"""The ways of signing in whose sessions are asked."""


def _always(_command: Any) -> bool:
    return True


def _high(command: Any) -> bool:
    return command.role in HIGH_ROLES


def _phone(command: Any) -> bool:
    """A new phone number comes with its proof, and lets its holder in."""
    return bool(command.proof)


COMMANDS: dict[type[Command], Callable[[Any], bool]] = {
    GrantRole: _high,
    RevokeRole: _high,
    ErasePersonalData: _always,
    SetPolicy: _always,
    ApproveGrant: _always,
    PayGrant: _always,
    RefundDonation: _always,
    CorrectDetails: _phone,
}
"""The grave commands, and which of them are: all, or where the role is high."""

Act = Literal["make_token", "end_token", "give_link", "end_sign_in", "take_data", "password", "recovery", "phone"]
"""The grave acts that are no commands: a program's token, somebody's way in, another person's data out of the vault, one's own
password, recovery codes and phone."""
KEPT = frozenset({"make_token", "end_token", "give_link", "end_sign_in", "phone"})
"""Whose answers are kept while the proof is asked for. A password that was typed is kept in no page."""


class ProofNeeded(Exception):
    """Somebody has to show again that it is them; the pages ask, and go on with what was sent where it may be kept."""

    def __init__(self, *, keep: bool = True) -> None:
        super().__init__("proof_needed")
        self.keep = keep


def lately(via: str, proved_at: int, now_at: int) -> bool:
    """Whether nothing more has to be shown in a session that began `via` some way."""
    return via not in ASKED or now_at - proved_at < MINUTES * MICROS_PER_MINUTE


def is_grave(command: Command) -> bool:
    """Whether this command is one of them."""
    return COMMANDS.get(type(command), _never)(command)


def _never(_command: Any) -> bool:
    return False


def need_proof(command: Command, caller: Caller) -> None:
    """Raises ProofNeeded for a grave command of who has shown nothing lately."""
    if not caller.proved and is_grave(command):
        raise ProofNeeded

"""Commands of hours between two ledgers."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, field

from ledger.actors import OPERATOR
from ledger.base import Command
from ledger.hours.commands import Note
from ledger.ids import maker


class AgreeCrossing(Command, frozen=True, kw_only=True):
    """Let hours cross to and from another ledger; said again, it replaces what was agreed.

    `peer` and `here` are the names the two ledgers have for each other (`peer_…`); `vkey` the public key of the other's
    seals, without which the courier is taken at their word.
    """

    NAME: ClassVar[str] = "agree_crossing"
    peer: str
    here: str
    vkey: str = ""
    courier: str = OPERATOR
    limit_minutes: int | None = None


class EndCrossing(Command, frozen=True, kw_only=True):
    """Send no more hours there."""

    NAME: ClassVar[str] = "end_crossing"
    peer: str


class SendHours(Command, frozen=True, kw_only=True):
    """Send banked minutes to a member of another ledger."""

    NAME: ClassVar[str] = "send_hours"
    GENERATED: ClassVar[tuple[str, ...]] = ("transfer_id",)
    SUBJECT: ClassVar[str] = "giver"
    transfer_id: str = field(default_factory=maker("cross"))
    peer: str
    giver: str
    receiver: str
    minutes: int
    words: Note | None = None


MOST_LETTERS = 131_072
"""Of a proof or record in base64: twice and more of what the largest receipt needs."""
_Base64 = Annotated[str, Meta(max_length=MOST_LETTERS, extra_json_schema={"contentEncoding": "base64"})]


class _Carried(Command, frozen=True, kw_only=True):
    transfer_id: str
    peer: str
    proof: _Base64 = ""
    record: _Base64 = ""


class ReceiveHours(_Carried, frozen=True, kw_only=True):
    """Hand over what another ledger sent: it arrives, or is turned away for good."""

    NAME: ClassVar[str] = "receive_hours"
    receiver: str
    minutes: int


class ConfirmArrival(_Carried, frozen=True, kw_only=True):
    """Bring the news that what was sent arrived."""

    NAME: ClassVar[str] = "confirm_arrival"


class ReturnHours(_Carried, frozen=True, kw_only=True):
    """Bring home what was turned away."""

    NAME: ClassVar[str] = "return_hours"
    reason: str

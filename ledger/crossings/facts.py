"""Facts of hours between two ledgers: sent here, and answered there exactly once (design §1.4).

A transfer is one id in two journals. The sender's ledger books it out to `crossing:<peer>`; the receiver's ledger books
it in from its own `crossing:<peer>`, or turns it away; then the sender's ledger is told, and what was turned away comes
home. What the two accounts hold together is what is on its way.

`proof` and `record`: where the two ledgers hold each other's keys, the receipt (c2sp.org/tlog-proof) of the other side's
fact and the record itself, each in base64, so that an auditor of one ledger sees without the other that it was answered rightly.
"""

from __future__ import annotations

from typing import ClassVar

from ledger.base import Fact, fact


@fact("crossing.agreed@1")
class CrossingAgreed(Fact, frozen=True, kw_only=True):
    """Hours may cross to and from another ledger.

    `peer`: our name for it · `here`: its name for us · `vkey`: the public key of its seals, "" where the courier's word is
    enough · `courier`: who alone carries · `limit_minutes`: how much more may come than went, None for any.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("peer",)
    peer: str
    here: str
    vkey: str = ""
    courier: str
    limit_minutes: int | None = None
    agreed_by: str


@fact("crossing.ended@1")
class CrossingEnded(Fact, frozen=True, kw_only=True):
    """No more hours are sent; what is on its way is still answered."""

    TAGS: ClassVar[tuple[str, ...]] = ("peer",)
    peer: str
    ended_by: str


@fact("crossing.hours_sent@1")
class HoursSent(Fact, frozen=True, kw_only=True):
    """A member's minutes leave for a member of another ledger; they are on their way until that ledger answers."""

    TAGS: ClassVar[tuple[str, ...]] = ("transfer_id", "peer", "giver", "courier")
    transfer_id: str
    peer: str
    giver: str
    receiver: str
    minutes: int
    courier: str
    words: str = ""


@fact("crossing.hours_arrived@1")
class HoursArrived(Fact, frozen=True, kw_only=True):
    """Minutes that another ledger sent are banked here; what the receiver's storage cap cannot hold overflows."""

    TAGS: ClassVar[tuple[str, ...]] = ("transfer_id", "peer", "receiver")
    transfer_id: str
    peer: str
    receiver: str
    minutes: int
    overflow: int = 0
    overflow_to: str = ""
    carried_by: str
    proof: str = ""
    record: str = ""

    def more_tags(self) -> tuple[str, ...]:
        """What reaches the pool is read by those who draw from it."""
        return ("pool",) if self.overflow and self.overflow_to == "pool" else ()


@fact("crossing.hours_turned_away@1")
class HoursTurnedAway(Fact, frozen=True, kw_only=True):
    """Minutes that another ledger sent are not taken, for good: they may go home, and never arrive."""

    TAGS: ClassVar[tuple[str, ...]] = ("transfer_id", "peer")
    transfer_id: str
    peer: str
    receiver: str
    minutes: int
    reason: str
    carried_by: str
    proof: str = ""
    record: str = ""


@fact("crossing.arrival_confirmed@1")
class ArrivalConfirmed(Fact, frozen=True, kw_only=True):
    """The sender's ledger knows that the minutes arrived."""

    TAGS: ClassVar[tuple[str, ...]] = ("transfer_id", "peer", "giver")
    transfer_id: str
    peer: str
    giver: str
    carried_by: str
    proof: str = ""
    record: str = ""


@fact("crossing.hours_returned@1")
class HoursReturned(Fact, frozen=True, kw_only=True):
    """The minutes were turned away over there and are the giver's again, whole."""

    TAGS: ClassVar[tuple[str, ...]] = ("transfer_id", "peer", "giver")
    transfer_id: str
    peer: str
    giver: str
    minutes: int
    reason: str
    carried_by: str
    proof: str = ""
    record: str = ""

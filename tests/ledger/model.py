"""A plain-Python model of the ledger: dicts and ifs, no events. The oracle for random commands against the real store.

It knows the rules in its own words: each method says the code with which the ledger must refuse, or None and moves
its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

DAILY_CAP = 480
OPEN_CLAIMS = 3
ITEMS = ("general", "meals")


@dataclass
class Purse:
    """A member's minutes."""

    usable: int = 0
    held: int = 0
    earned: int = 0
    days: dict[int, int] = field(default_factory=dict)
    claims: int = 0


@dataclass
class Wish:
    """A micro-wish."""

    requester: int
    status: str = "posted"
    claimant: int | None = None


class Model:
    """Members are numbered; so are wishes, reservations, receipts and grants."""

    def __init__(self, members: int) -> None:
        self.purses = [Purse() for _ in range(members)]
        self.pool = 0
        self.wishes: list[Wish] = []
        self.reservations: list[tuple[int, int, str]] = []
        self.items = dict.fromkeys(ITEMS, 0)
        self.committed = dict.fromkeys(ITEMS, 0)
        self.spent = dict.fromkeys(ITEMS, 0)
        self.receipts: list[tuple[str, int]] = []
        self.grants: list[tuple[str, int, int, str]] = []

    # ---- hours

    def deposit(self, who: int, day: int, minutes: int) -> str | None:
        """A checked session on one of the last days."""
        if minutes <= 0:
            return "not_positive"
        if minutes > 1440:
            return "absurd_amount"
        purse = self.purses[who]
        if purse.days.get(day, 0) + minutes > DAILY_CAP:
            return "daily_cap_exceeded"
        purse.days[day] = purse.days.get(day, 0) + minutes
        purse.usable += minutes
        purse.earned += minutes
        return None

    def _take(self, who: int, minutes: int) -> str | None:
        if minutes <= 0:
            return "not_positive"
        if minutes > self.purses[who].usable:
            return "insufficient_hours"
        self.purses[who].usable -= minutes
        return None

    def give(self, giver: int, receiver: int, minutes: int) -> str | None:
        """A gift."""
        if giver == receiver:
            return "gift_to_oneself"
        refused = self._take(giver, minutes)
        if refused is None:
            self.purses[receiver].usable += minutes
        return refused

    def donate(self, giver: int, minutes: int) -> str | None:
        """Into the pool."""
        refused = self._take(giver, minutes)
        if refused is None:
            self.pool += minutes
        return refused

    def grant_from_pool(self, receiver: int, minutes: int) -> str | None:
        """Out of the pool."""
        if minutes <= 0:
            return "not_positive"
        if minutes > self.pool:
            return "insufficient_pool"
        self.pool -= minutes
        self.purses[receiver].usable += minutes
        return None

    def reserve(self, member: int, minutes: int) -> str | None:
        """Set aside."""
        refused = self._take(member, minutes)
        if refused is None:
            self.purses[member].held += minutes
            self.reservations.append((member, minutes, "open"))
        return refused

    def end_reservation(self, number: int, how: str) -> str | None:
        """Settle or release."""
        member, minutes, status = self.reservations[number]
        if status != "open":
            return "reservation_settled"
        self.purses[member].held -= minutes
        if how == "release":
            self.purses[member].usable += minutes
        self.reservations[number] = (member, minutes, how)
        return None

    # ---- wishes

    def claim(self, number: int, who: int) -> str | None:
        """Take a wish from the board."""
        wish = self.wishes[number]
        if wish.requester == who:
            return "own_request"
        if wish.status == "claimed":
            return "already_claimed"
        if wish.status != "published":
            return "not_on_the_board"
        if self.purses[who].claims >= OPEN_CLAIMS:
            return "too_many_claims"
        wish.status, wish.claimant = "claimed", who
        self.purses[who].claims += 1
        return None

    def let_go(self, number: int, who: int, status: str) -> str | None:
        """Release (back to `published`) or fulfil (`fulfilled`)."""
        wish = self.wishes[number]
        if wish.status != "claimed":
            return "not_claimed"
        if wish.claimant != who:
            return "not_the_claimant"
        wish.status = status
        self.purses[who].claims -= 1
        return None

    def close(self, number: int, score: int) -> str | None:
        """Closed with satisfaction; a low score gives it back to whoever did it."""
        wish = self.wishes[number]
        if wish.status != "fulfilled" or wish.claimant is None:
            return "not_fulfilled"
        if not 1 <= score <= 5:
            return "bad_score"
        if score < 3:
            wish.status = "claimed"
            self.purses[wish.claimant].claims += 1
        else:
            wish.status = "closed"
        return None

    # ---- the fund

    def receive(self, item: str, amount: int) -> str | None:
        """Money in."""
        if amount <= 0:
            return "not_positive"
        self.items[item] += amount
        self.receipts.append((item, amount))
        return None

    def approve(self, number: int) -> str | None:
        """The committee agrees."""
        item, amount, returned, status = self.grants[number]
        if status != "proposed":
            return "settled"
        if self.items[item] < amount:
            return "insufficient_fund"
        self.items[item] -= amount
        self.committed[item] += amount
        self.grants[number] = (item, amount, returned, "approved")
        return None

    def pay(self, number: int) -> str | None:
        """The treasurer pays."""
        item, amount, returned, status = self.grants[number]
        if status != "approved":
            return "settled"
        self.committed[item] -= amount
        self.spent[item] += amount
        self.grants[number] = (item, amount, returned, "paid")
        return None

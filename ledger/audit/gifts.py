"""The rule of the commonest fact, judged at a glance: a gift of hours by its giver.

Half a million gifts have to be judged in seconds. This is `give_hours` with its right to act, for the plainest case only:
the giver gives in person, no storage cap is in force, gifts are not for kin alone, and both are members on no terms of
their own (minors, donation-only). It says yes or does not know; whatever it does
not know goes the long way (`judging`). A test lays both side by side over whatever hypothesis can think of.
"""

from __future__ import annotations

from datetime import timedelta

from ledger.audit.judging import ABSURD
from ledger.audit.past import Past
from ledger.base import Fact
from ledger.clock import day_of, start_of_day
from ledger.errors import Unusable
from ledger.hours.facts import DonationOnlyBegun, HoursGiven
from ledger.journal.recorded import Envelope
from ledger.parties.facts import MemberLeft, MemberRegistered
from ledger.places.state import Opening
from ledger.policy.facts import PolicySet
from ledger.policy.state import Policy
from ledger.units import MAX_MINUTES


class Gifts:
    """What the glance needs: who is here, and the day's policy."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._here: set[str] = set()
        self._from_at = self._until_at = 0
        self._overdraft = -1

    def follow(self, happened: Fact) -> None:
        """Learn from a fact of another type."""
        match happened:
            case MemberRegistered(guardian=None):
                self._here.add(happened.member_id)
            case MemberLeft():
                self._here.discard(happened.member_id)
            case DonationOnlyBegun():
                self._here.discard(happened.member)
            case PolicySet():
                self._until_at = self._from_at = 0

    def surely_legal(self, envelope: Envelope, fact: HoursGiven, usable: int) -> bool:
        """Whether this gift is legal for certain, before it is booked; `usable`: the giver's minutes."""
        at, giver, minutes = envelope.at, fact.giver, fact.minutes
        if not self._from_at <= at < self._until_at:
            self._begin_day(at)
        return (
            self._overdraft >= 0
            and envelope.by == giver
            and envelope.role == ""
            and envelope.behalf is None
            and fact.receiver != giver
            and giver in self._here
            and fact.receiver in self._here
            and 0 < minutes <= MAX_MINUTES
            and usable + self._overdraft >= minutes
            and fact.overflow == 0
            and fact.overflow_to == ""
        )

    def _begin_day(self, at: int) -> None:
        """The rules in force on the community's day of that moment; no glance is worth anything where a cap is."""
        opened = self._past.state(Opening, "ledger").opened
        self._overdraft = -1
        if opened is None:
            return
        policy = self._past.state(Policy, "policy")
        try:
            today = day_of(at, opened.zone)
            from_at = start_of_day(today, opened.zone)
            until_at = start_of_day(today + timedelta(days=1), opened.zone)
            anybody = policy.text("hours.gifts_to", today) == "anybody"
            if anybody and policy.number_or_none("hours.storage_cap_minutes", today) is None:
                value = policy.value("hours.overdraft_minutes", today)
                self._overdraft = value if type(value) is int else -1
        except (Unusable, *ABSURD):
            self._overdraft = -1
            return
        self._from_at, self._until_at = from_at, until_at

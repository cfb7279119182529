"""Whether somebody may do something just now, and if not, why not in one sentence: the ledger is asked and writes nothing."""

from __future__ import annotations

from api import formats
from api.pages.common import Visit
from ledger.application import Actor, Order, Outcome
from ledger.base import Command
from ledger.rehearsal import Rehearsal

COMMITTEE = frozenset({"committee_member"})
TREASURER = frozenset({"treasurer"})
MONEY = frozenset({"committee_member", "treasurer", "host_charity", "community_worker", "auditor", "administrator"})
"""Who reads grants that are not paid yet, with names."""


def why_not(visit: Visit, command: Command) -> str:
    """Why the ledger would refuse this now, in words; "" where it would not."""
    rehearsal = Rehearsal(visit.store.application, visit.ledger, Actor(visit.caller.actor))
    (answer,) = rehearsal.execute_many([Order(command)])
    return "" if isinstance(answer, Outcome) else formats.error(answer, visit.lang)

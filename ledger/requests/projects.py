"""How a request of kind project is moved on: by what meetings, votes and the project itself say of it (五事)."""

from __future__ import annotations

from ledger.base import Fact
from ledger.meetings.facts import MeetingHeld, VoteClosed
from ledger.projects.facts import ProjectAbandoned, ProjectCompleted, ProjectConcluded, ProjectPlanned

_UNDER_WAY = frozenset({"posted", "deliberated", "decided", "executed"})


def moved_on(status: str, happened: Fact) -> str:
    """The status of a project's request after a fact of these areas; the same one where that moves nothing.

    提 posted → 议 deliberated (at a meeting) → 定 decided (voted for, or planned) → 干 executed → 评 closed. A vote
    against it declines it, one without quorum leaves it to be voted on again; the books follow by the same function.
    """
    if status not in _UNDER_WAY:
        return status
    match happened:
        case MeetingHeld() if status == "posted":
            return "deliberated"
        case VoteClosed(outcome="passed") | ProjectPlanned() if status in ("posted", "deliberated"):
            return "decided"
        case VoteClosed(outcome="rejected") if status in ("posted", "deliberated"):
            return "declined"
        case ProjectCompleted():
            return "executed"
        case ProjectConcluded(outcome="satisfied"):
            return "closed"
        case ProjectConcluded():
            return "decided"
        case ProjectAbandoned():
            return "unmet"
    return status

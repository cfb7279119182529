"""The kinds of request as data: which stages each passes, who moves it on, by when, and what happens when that is late.

A stage bears the name of the request's status while it stands there, so that all kinds share one lifecycle and one
board; what people call it (提出 / 受理 / 交办 …) is a word of the kind. Decisions ask the kind, never its name.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from ledger.ids import PERSON, TEAM, UNIT

Mover = Literal["reviewer", "claimant", "requester", "goods", "meeting", "vote", "project"]
"""Who moves a request on: a worker who reviews, whoever takes or holds it, the one who asked, goods that arrive, a
meeting that deliberates, a vote that decides, the project that is carried out."""
Late = Literal["mark", "roll", "escalate"]
"""What lateness does: it is marked; the request stays another round with priority; it goes up the tree of places."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Where a request may stand, and what moves it on from there."""

    name: str
    """The request's status meanwhile."""
    mover: Mover
    days_rule: str = ""
    """The policy that says within how many days; "" or a policy of None: no deadline."""
    warn_rule: str = ""
    """The policy that says how many days before the deadline somebody is warned; "" or None: nobody."""
    late: Late = "mark"
    evidence_rule: str = ""
    """The policy that says how many pieces of evidence are needed to leave the stage; "": none."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of request."""

    name: str
    stages: tuple[Stage, ...]
    """In order; ends (closed, declined, unmet, withdrawn) are no stages."""
    claimants: frozenset[str] = frozenset()
    """Prefixes of who may take it; empty where nobody can."""
    not_claimed: str = ""
    """The code under which a claim is refused where nobody can take it."""
    agreement: bool = False
    """Whether who takes it must have signed an agreement."""
    from_workers: bool = False
    """Whether it is the community's own: a worker posts it, and any worker may accept the work."""
    ceiling_rule: str = ""
    """The policy for the most it may be worth (fen)."""
    pieces: bool = False
    """Whether it asks for pieces of an item."""

    def stage(self, status: str) -> Stage | None:
        """The stage of that name; None for an end, or a status this kind never has."""
        return next((one for one in self.stages if one.name == status), None)

    @property
    def escalates(self) -> bool:
        """Whether it goes up the tree of places, by time or by hand."""
        return any(one.late == "escalate" for one in self.stages)

    @property
    def noticed(self) -> bool:
        """Whether it may stand in public notice (公示) before it is published."""
        return self.stage("noticed") is not None

    @property
    def by_meetings(self) -> bool:
        """Whether a meeting and a vote take it on, instead of a reviewer."""
        return self.stages[0].mover == "meeting"

    @property
    def of_the_community(self) -> bool:
        """Whether it is no more the affair of the one who asked, who may leave without taking it back."""
        return self.from_workers or self.by_meetings


_ANYBODY = frozenset({PERSON, TEAM, UNIT})
_WARN = "requests.warn_days"
_POSTED = Stage(name="posted", mover="reviewer", days_rule="requests.review_days", warn_rule=_WARN)
_NOTICED = Stage(name="noticed", mover="reviewer")
_PUBLISHED = Stage(name="published", mover="claimant", days_rule="requests.board_days", warn_rule=_WARN, late="roll")
_CLAIMED = Stage(
    name="claimed",
    mover="claimant",
    days_rule="requests.lease_days",
    warn_rule=_WARN,
    evidence_rule="requests.evidence",
)
_FULFILLED = Stage(name="fulfilled", mover="requester", days_rule="requests.confirm_days", warn_rule=_WARN)
_WARN_ISSUE = "requests.issue_warn_days"
_WARN_PROJECT = "requests.project_warn_days"

WISH = Kind(
    name="wish",
    stages=(_POSTED, _NOTICED, _PUBLISHED, _CLAIMED, _FULFILLED),
    claimants=_ANYBODY,
    ceiling_rule="requests.wish_ceiling_fen",
)
ORDER = Kind(name="order", stages=(_POSTED, _PUBLISHED, _CLAIMED, _FULFILLED), claimants=_ANYBODY)
NEED = Kind(
    name="need",
    stages=(
        _POSTED,
        Stage(name="published", mover="goods", days_rule="requests.board_days", warn_rule=_WARN, late="roll"),
        _FULFILLED,
    ),
    not_claimed="needs_are_matched",
    pieces=True,
)
LISTING = Kind(
    name="listing",
    stages=(_POSTED, _NOTICED, _PUBLISHED, _CLAIMED, _FULFILLED),
    claimants=frozenset({UNIT}),
    agreement=True,
    from_workers=True,
)
ISSUE = Kind(
    name="issue",
    stages=(
        Stage(
            name="posted",
            mover="reviewer",
            days_rule="requests.issue_review_days",
            warn_rule=_WARN_ISSUE,
            late="escalate",
        ),
        Stage(
            name="published",
            mover="claimant",
            days_rule="requests.issue_assign_days",
            warn_rule=_WARN_ISSUE,
            late="escalate",
        ),
        Stage(
            name="claimed",
            mover="claimant",
            days_rule="requests.issue_days",
            warn_rule=_WARN_ISSUE,
            late="escalate",
            evidence_rule="requests.issue_evidence",
        ),
        Stage(name="fulfilled", mover="requester", days_rule="requests.issue_confirm_days", warn_rule=_WARN_ISSUE),
    ),
    claimants=_ANYBODY,
)
"""问题: raised, accepted, assigned or claimed, handled, closed; review, assignment and handling together are 7 days."""
PROJECT = Kind(
    name="project",
    stages=(
        Stage(name="posted", mover="meeting", days_rule="requests.project_deliberate_days", warn_rule=_WARN_PROJECT),
        Stage(name="deliberated", mover="vote", days_rule="requests.project_decide_days", warn_rule=_WARN_PROJECT),
        Stage(name="decided", mover="project", days_rule="requests.project_execute_days", warn_rule=_WARN_PROJECT),
        Stage(name="executed", mover="requester", days_rule="requests.project_appraise_days", warn_rule=_WARN_PROJECT),
    ),
    not_claimed="projects_are_voted_on",
)
"""民主协商五事制: 提 (posted) → 议 (deliberated) → 定 (decided) → 干 (executed) → 评 (closed, by its appraisal)."""

KINDS: dict[str, Kind] = {one.name: one for one in (WISH, ORDER, NEED, LISTING, ISSUE, PROJECT)}

CONTACT: Final = "contact"
"""What a claimant owes besides the work: to contact the one who asked, within `requests.contact_days` of the claim."""


_UNHEARD_OF = Kind(name="", stages=(_POSTED,))


def kind_of(name: str) -> Kind:
    """The kind of a posted request; nobody can do anything with one that is none of ours, and states do not judge it."""
    return KINDS.get(name, _UNHEARD_OF)

"""Facts of appraisals: panels, sheets, published results, and what has to be put right by when."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("appraisal.panel_appointed@1")
class PanelAppointed(Fact, frozen=True, kw_only=True):
    """Named parties with weights who appraise by the same criteria each month, each quarter or once (M20: 4 + 5).

    `seats`: (party, weight). `criteria`: (code, name, most points).
    """

    TAGS: ClassVar[tuple[str, ...]] = ("panel_id",)
    panel_id: str
    name: str
    rhythm: str
    seats: tuple[tuple[str, int], ...]
    criteria: tuple[tuple[str, str, int], ...]
    appointed_by: str


@fact("appraisal.panel_dissolved@1")
class PanelDissolved(Fact, frozen=True, kw_only=True):
    """The panel opens no further appraisal; those under way go on."""

    TAGS: ClassVar[tuple[str, ...]] = ("panel_id",)
    panel_id: str
    dissolved_by: str
    day: date


@fact("appraisal.opened@1")
class AppraisalOpened(Fact, frozen=True, kw_only=True):
    """A panel appraises a unit, team, project or place for a period; sheets are taken up to and including `until_day`.

    `seats` are the panel's, less those who would judge their own. `period`: 2026-05, 2026-Q2, or 2026 for once.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("appraisal_id", "subject")
    appraisal_id: str
    panel_id: str
    subject: str
    rhythm: str
    period: str
    seats: tuple[tuple[str, int], ...]
    criteria: tuple[tuple[str, str, int], ...]
    until_day: date
    opened_by: str
    day: date


@fact("appraisal.scored@1")
class AppraisalScored(Fact, frozen=True, kw_only=True):
    """A panelist handed in their sheet. `marks`: (criterion, points); `points` of `most` is their sum."""

    TAGS: ClassVar[tuple[str, ...]] = ("appraisal_id", "sheet_id", "panelist")
    sheet_id: str
    appraisal_id: str
    panelist: str
    weight: int
    marks: tuple[tuple[str, int], ...]
    points: int
    most: int
    scored_by: str
    day: date
    words: str = ""


@fact("appraisal.closed@1")
class AppraisalClosed(Fact, frozen=True, kw_only=True):
    """The weighted result, published: hundredths of a point on a scale of 100, and the grade policy gives it."""

    TAGS: ClassVar[tuple[str, ...]] = ("appraisal_id", "subject")
    appraisal_id: str
    subject: str
    result_hundredths: int
    grade: str
    sheets: int
    weight_heard: int
    weight_all: int
    closed_by: str
    day: date


@fact("appraisal.cancelled@1")
class AppraisalCancelled(Fact, frozen=True, kw_only=True):
    """There is no result: too little weight was heard in time, or the appraisal should not have been."""

    TAGS: ClassVar[tuple[str, ...]] = ("appraisal_id", "subject")
    appraisal_id: str
    subject: str
    reason: str
    cancelled_by: str
    day: date


@fact("rectification.ordered@1")
class RectificationOrdered(Fact, frozen=True, kw_only=True):
    """A unit or team has to put something right up to and including `due_day` (限期整改)."""

    TAGS: ClassVar[tuple[str, ...]] = ("rectification_id", "party", "appraisal_id")
    rectification_id: str
    party: str
    matter: str
    appraisal_id: str | None = None
    due_day: date
    ordered_by: str
    day: date
    words: str = ""


@fact("rectification.reported@1")
class RectificationReported(Fact, frozen=True, kw_only=True):
    """The party says it is put right; `evidence` is the SHA-256 of what shows it, "" where words alone do."""

    TAGS: ClassVar[tuple[str, ...]] = ("rectification_id", "party")
    rectification_id: str
    party: str
    evidence: str = ""
    reported_by: str
    day: date
    words: str = ""


@fact("rectification.accepted@1")
class RectificationAccepted(Fact, frozen=True, kw_only=True):
    """Somebody else looked and found it put right."""

    TAGS: ClassVar[tuple[str, ...]] = ("rectification_id", "party")
    rectification_id: str
    party: str
    accepted_by: str
    day: date


@fact("rectification.failed@1")
class RectificationFailed(Fact, frozen=True, kw_only=True):
    """Not reported in time, or reported and found insufficient.

    `failures` counts the party's since it was last blacklisted for them, this one included.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("rectification_id", "party")
    rectification_id: str
    party: str
    cause: str
    failures: int
    failed_by: str
    day: date

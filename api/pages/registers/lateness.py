"""How far off a day is, and how late what should be done by now is; in words, since colour alone says nothing."""

from __future__ import annotations

from datetime import date

from api.pages.common import Visit

SOON_DAYS = 7
"""So many days ahead something counts as near (choice)."""


def lateness(visit: Visit, day: date) -> tuple[str, str]:
    """How far off a day is, in words, and the tone to say it in: `stop` where it has passed, `wait` where it is near."""
    left = (day - visit.today).days
    if left < 0:
        return visit.t("due.late", days=-left), "stop"
    if left == 0:
        return visit.t("due.today"), "wait"
    return visit.t("due.left", days=left), "wait" if left <= SOON_DAYS else "calm"

"""Progress to the next plaque, in words: which tier hangs, which is next, and what is still missing for it."""

from __future__ import annotations

import msgspec

from api.pages.common import Visit
from ledger.honours.commands import TIERS
from ledger.honours.state import ListingsDone
from ledger.partners.agreements import Agreements
from ledger.policy.state import policy_of
from projections.reading import Cells


class Progress(msgspec.Struct, frozen=True):
    """`held`: the tier that hangs today, "" for none · `coming`: the next one, "" at the highest · `missing`: accepted
    listings that it still takes · `sentences`: what is to be done for it."""

    held: str
    coming: str
    accepted: int
    needed: int
    missing: int
    sentences: list[str]


def hanging(visit: Visit, plaques: list[Cells]) -> list[Cells]:
    """The plaques that hang today."""
    today = visit.today.isoformat()
    return [row for row in plaques if row["revoked_day"] is None and row["until_day"] >= today]


def progress_of(visit: Visit, unit: str, plaques: list[Cells]) -> Progress:
    """Where a unit stands by the policy of today (`honours.tier_listings`: accepted listings for bronze, silver, gold)."""
    asked = policy_of(visit.view).value("honours.tier_listings", visit.today)
    steps = [int(one) for one in asked] if isinstance(asked, tuple | list) else [1] * len(TIERS)
    accepted = visit.view.state(ListingsDone, unit).accepted
    held = max((TIERS.index(row["tier"]) for row in hanging(visit, plaques)), default=-1)
    if held + 1 >= len(TIERS):
        return Progress(TIERS[held], "", accepted, steps[-1], 0, [visit.t("partner.plaque.highest")])
    coming, needed = TIERS[held + 1], steps[held + 1]
    missing, name = max(0, needed - accepted), visit.t(f"tier.{TIERS[held + 1]}")
    sentences = []
    if not visit.view.state(Agreements, unit).valid_on(visit.today):
        sentences.append(visit.t("partner.plaque.sign"))
    if missing:
        sentences.append(visit.t("partner.plaque.missing", count=missing, tier=name))
    else:
        sentences.append(visit.t("partner.plaque.enough", tier=name))
    return Progress(TIERS[held] if held >= 0 else "", coming, accepted, needed, missing, sentences)

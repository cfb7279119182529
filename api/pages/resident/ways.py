"""What the one who asked, or their proxy, can still do about a request."""

from __future__ import annotations

from datetime import date, timedelta

from api.pages.common import Visit
from ledger.policy.state import policy_of
from projections.reading import Cells

_TO_WITHDRAW = frozenset({"posted", "noticed", "published", "claimed", "deliberated"})


def ways_of(visit: Visit, row: Cells) -> list[tuple[str, str]]:
    """Words and address of what can be done: taken back before it is done, asked for again for a while after it is closed."""
    requester = row["requester"]
    own = visit.caller.signed_in and requester in (visit.caller.actor, *visit.caller.roles.principals)
    if not own or row["record"]:
        return []
    about = {"request_id": row["request_id"]}
    if row["status"] in _TO_WITHDRAW:
        return [(visit.t("request.withdraw"), visit.url("do/withdraw", **about))]
    if row["status"] == "closed" and row["closed_day"]:
        days = policy_of(visit.view).number("requests.reopen_days", visit.today)
        if visit.today <= date.fromisoformat(row["closed_day"]) + timedelta(days=days):
            return [(visit.t("request.reopen"), visit.url("do/reopen", **about))]
    return []

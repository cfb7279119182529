"""What waits at the desk of these stories, and how a button of the queue is pressed without a browser."""

from __future__ import annotations

import re
from datetime import timedelta

from httpx2 import Response
from starlette.testclient import TestClient

from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE, day_of, start_of_day
from ledger.hours import commands as hours
from ledger.shifts.commands import ScheduleShift
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community

ZONE = "Asia/Shanghai"


def recorded(community: Community, activity: str, *, who: str = "wang", days_ago: int = 20, minutes: int = 60) -> str:
    """A session that waits for a verifier; gives its id."""
    day = day_of(community.clock()) - timedelta(days=days_ago)
    command = hours.RecordSession(
        volunteer=community.ids[who], minutes=minutes, day=day, guarantor=community.ids["qian"],
        words=hours.SessionWords(activity=activity),
    )  # fmt: skip
    community.do(who, command)
    return command.session_id


def session_status(community: Community, session_id: str) -> str:
    """Where a session stands in the books."""
    row = books.session(community.store.database, LEDGER, session_id)
    assert row is not None
    return str(row["status"])


def press(client: TestClient, source: str, key: str, action: str, *, htmx: bool = False, **said: str) -> Response:
    """Send what a button of the queue sends."""
    page = client.get(f"/{LEDGER}/work").text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    secrets = {"csrf": found[1] if found else "", "key": f"{source}-{key}-{action}-{sorted(said.items())}"[-60:]}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(f"/{LEDGER}/work/{source}/{key}/{action}", data={**secrets, **said}, headers=headers)


def past_shift(community: Community, name: str, *, days_ago: int = 2, in_charge: str = "qian") -> str:
    """A shift from nine to eleven on a day of its own that is over, for a paper list; gives its id."""
    community.clock.moved += 1
    day = day_of(community.clock()) - timedelta(days=days_ago)
    nine = start_of_day(day, ZONE) + 9 * 60 * MICROS_PER_MINUTE
    command = ScheduleShift(
        name=name, place=community.ids["yard"], in_charge=community.ids[in_charge], start_at=nine,
        end_at=nine + MICROS_PER_DAY // 12, capacity=5,
    )  # fmt: skip
    community.do("zhao", command)
    return command.shift_id

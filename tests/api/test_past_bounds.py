"""Looking at the past is bounded for anybody, and free for the community's own people."""

from __future__ import annotations

import pytest

from api.asof import bounds
from tests.api.house import House, code_of, said
from tests.house.stores import LEDGER

DIFF = "/diff?from=1&to={head}"
RANKS = "/diff/ranking?from=1&to={head}&measure=volunteer_minutes"


@pytest.fixture
def large(house: House, monkeypatch: pytest.MonkeyPatch) -> int:
    """A community too large for the bound; gives its last position."""
    for number in range(4):
        house.member(f"邻居{number}")
    monkeypatch.setattr(bounds, "LARGE", 3)
    return int(said(house.staff("auditor").get("/stats"))["position"])


def test_moments_far_apart_are_compared_for_the_communitys_own_people_alone(house: House, large: int) -> None:
    for path in (DIFF, RANKS):
        refused = house.anybody.get(path.format(head=large))
        assert (refused.status_code, code_of(refused)) == (422, "span_too_long")
        assert house.staff("auditor").get(path.format(head=large)).status_code == 200
    assert house.anybody.get(f"/diff?from={large - 2}&to={large}").status_code == 200


def test_few_strangers_at_a_time_look_at_the_past_and_none_waits(house: House, large: int) -> None:
    for _ in range(bounds._AT_ONCE):
        bounds._looking.acquire()
    try:
        for path in (f"/stats?position={large - 1}", "/why/stats.members", f"/diff?from={large - 2}&to={large}"):
            busy = house.anybody.get(path)
            assert (busy.status_code, code_of(busy)) == (429, "past_busy"), path
            assert house.staff("auditor").get(path).status_code == 200, path
        assert house.anybody.get("/stats").status_code == 200
    finally:
        for _ in range(bounds._AT_ONCE):
            bounds._looking.release()
    assert house.anybody.get(f"/stats?position={large - 1}").status_code == 200


def test_who_moved_in_a_ranking_comes_in_pages(house: House) -> None:
    people = [house.member(f"志愿者{number}") for number in range(3)]
    for number, person in enumerate(people):
        house.bank(person, 60 * (number + 1))
    house.store.catch_up(LEDGER)

    first = said(house.staff("auditor").get("/diff/ranking?from=1&to=2026-12-31&measure=volunteer_minutes&limit=2"))
    rest = said(
        house.staff("auditor").get(
            f"/diff/ranking?from=1&to=2026-12-31&measure=volunteer_minutes&limit=2&cursor={first['next']}"
        )
    )

    assert [len(first["moves"]), len(rest["moves"])] == [2, 1]
    assert rest["next"] is None
    assert {row["subject"]["id"] for row in first["moves"] + rest["moves"]} == set(people)
    assert (
        code_of(house.staff("auditor").get("/diff/ranking?from=1&to=2&measure=volunteer_minutes&cursor=x"))
        == "bad_cursor"
    )

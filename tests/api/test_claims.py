"""The main job over HTTP: one wish, many hands, and the clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

from api.app import create_app
from api.deadlines import Deadlines
from tests.api.house import House, code_of, said
from tests.house.stores import LEDGER, open_ledger, store_at


def test_a_wish_goes_from_the_board_to_its_end(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    wish = house.wish(wang)
    requester, performer = house.caller(wang), house.caller(li)
    assert [row["request_id"] for row in said(house.anybody.get("/requests?board=true"))["requests"]] == [wish]

    said(performer.post(f"/requests/{wish}/claim", {"claimant": li}))
    said(performer.post(f"/requests/{wish}/fulfil", {"claimant": li, "words": {"remark": "换了灯管"}}))
    said(requester.post(f"/requests/{wish}/close", {"requester": wang, "score": 5}))

    seen = said(house.anybody.get(f"/requests/{wish}"))
    assert (seen["status"], seen["score"]) == ("closed", 5)
    assert [step["type"] for step in seen["history"]] == [
        "request.posted@1", "request.published@1", "request.claimed@1", "request.fulfilled@1", "request.closed@1",
    ]  # fmt: skip


def test_of_eight_who_claim_at_once_one_wins(house: House) -> None:
    wish = house.wish(house.member("王阿姨"))
    hands = [house.caller(house.member(f"志愿者{number}")) for number in range(8)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: one.post(f"/requests/{wish}/claim", {"claimant": one.actor}), hands))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert {code_of(answer) for answer in answers if answer.status_code == 409} == {"already_claimed"}
    winner = next(one.actor for one, answer in zip(hands, answers, strict=True) if answer.status_code == 201)
    assert said(house.worker.get(f"/requests/{wish}"))["claimant"]["id"] == winner


def test_nobody_claims_in_anothers_name(house: House) -> None:
    wish = house.wish(house.member("王阿姨"))
    li, zhao = house.member("李师傅"), house.member("赵奶奶")

    answer = house.caller(li).post(f"/requests/{wish}/claim", {"claimant": zhao})

    assert (answer.status_code, code_of(answer)) == (403, "cannot_act_for")


def test_a_lease_lapses_after_seven_days_by_the_servers_clock(sqlite_path: Path, tmp_path: Path) -> None:
    # The application is imported and built before time is frozen: decoders made inside would break.
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as store:
        open_ledger(store)
        house = House(store, create_app(store))
        wang, li, zhao = (house.member(name) for name in ("王阿姨", "李师傅", "赵奶奶"))
        wish, first, second = house.wish(wang), house.caller(li), house.caller(zhao)
        claimed_at = datetime.now(UTC) + timedelta(hours=1)
        with freeze_time(claimed_at):
            said(first.post(f"/requests/{wish}/claim", {"claimant": li}))
            until_at = datetime.fromisoformat(said(first.get(f"/requests/{wish}"))["until_at"])
        assert until_at - claimed_at == timedelta(days=7)

        with freeze_time(until_at - timedelta(seconds=1)):
            assert code_of(second.post(f"/requests/{wish}/claim", {"claimant": zhao})) == "already_claimed"
            assert code_of(house.worker.post(f"/requests/{wish}/lapse")) == "not_yet_due"
        with freeze_time(until_at):
            assert code_of(first.post(f"/requests/{wish}/fulfil", {"claimant": li})) == "claim_expired"
            assert Deadlines(store).enter(LEDGER) == 1
            board = said(house.anybody.get("/requests?board=true"))["requests"]
            said(second.post(f"/requests/{wish}/claim", {"claimant": zhao}))

    assert [(row["request_id"], row["priority"]) for row in board] == [(wish, 1)]

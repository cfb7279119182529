"""A write can be sent again without being done again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.api.house import House, code_of, said


def test_the_same_key_and_body_give_the_first_answer_again(house: House) -> None:
    body = {"number": "0027", "words": {"name": "王阿姨"}}
    first = house.worker.post("/members", body, key="once")

    again = house.worker.post("/members", body, key="once")

    assert again.status_code == first.status_code == 201
    assert said(again) == {**said(first), "repeated": True}
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert said(house.anybody.get("/stats"))["members"] == 1


def test_a_key_with_another_body_is_a_conflict(house: House) -> None:
    said(house.worker.post("/members", {"words": {"name": "王阿姨"}}, key="once"))

    other = house.worker.post("/members", {"words": {"name": "李师傅"}}, key="once")

    assert (other.status_code, code_of(other)) == (409, "key_reused")
    assert said(house.anybody.get("/stats"))["members"] == 1


def test_two_callers_may_use_one_key(house: House) -> None:
    second = house.staff("community_worker")

    answers = [caller.post("/members", {"words": {"name": "王阿姨"}}, key="1") for caller in (house.worker, second)]

    assert [said(answer)["repeated"] for answer in answers] == [False, False]
    assert said(house.anybody.get("/stats"))["members"] == 2


def test_a_key_pressed_eight_times_at_once_writes_once(house: House) -> None:
    body = {"words": {"name": "王阿姨"}}

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: house.worker.post("/members", body, key="pressed"), range(8)))

    assert len({said(answer)["ids"]["member_id"] for answer in answers}) == 1
    assert sum(not said(answer)["repeated"] for answer in answers) == 1
    assert said(house.anybody.get("/stats"))["members"] == 1


def test_a_write_without_a_key_is_refused(house: House) -> None:
    answer = house.worker.http.post("/api/v1/fangxing/members", json={})

    assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_missing")


def test_a_key_that_is_no_key_is_refused(house: House) -> None:
    answers = [house.worker.post("/members", {}, key=key) for key in ("two words", "x" * 201)]

    assert [code_of(answer) for answer in answers] == ["bad_idempotency_key"] * 2


def test_what_was_refused_may_be_sent_again_under_its_key(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    gift = {"giver": wang, "receiver": li, "minutes": 90}
    assert code_of(house.worker.post("/transfers", gift, key="gift")) == "insufficient_hours"
    house.bank(wang)

    answer = house.worker.post("/transfers", gift, key="gift")

    assert said(answer)["events"][0]["type"] == "hours.given@1"


def test_an_answer_names_the_position_of_its_last_event(house: House) -> None:
    wang = house.member("王阿姨")

    answer = house.worker.post("/deposits", {"volunteer": wang, "day": "2026-03-08", "minutes": 60})

    told = said(answer)
    assert [event["type"] for event in told["events"]] == ["hours.session_recorded@1", "hours.session_verified@1"]
    assert [event["position"] for event in told["events"]] == [told["position"] - 1, told["position"]]
    assert answer.headers["nuanlin-position"] == str(told["position"])

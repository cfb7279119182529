"""ETag, If-Match, If-None-Match: nobody overwrites what they have not seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.house import House, code_of, said


def test_an_edit_of_what_one_has_seen_goes_through(house: House) -> None:
    wish = house.wish(house.member("王阿姨"), publish=False)
    seen = house.worker.get(f"/requests/{wish}").headers["etag"]

    answer = house.worker.post(f"/requests/{wish}/publish", If_Match=seen)

    assert answer.status_code == 200
    assert answer.headers["etag"] == house.worker.get(f"/requests/{wish}").headers["etag"] != seen


def test_an_edit_of_what_has_moved_on_is_412_and_changes_nothing(house: House) -> None:
    wish = house.wish(house.member("王阿姨"))
    li = house.member("李师傅")
    seen = house.worker.get(f"/requests/{wish}").headers["etag"]
    said(house.caller(li).post(f"/requests/{wish}/claim", {"claimant": li}))

    answer = house.worker.post(f"/requests/{wish}/release", {"claimant": li}, If_Match=seen)

    assert (answer.status_code, code_of(answer)) == (412, "version_moved")
    assert said(house.worker.get(f"/requests/{wish}"))["status"] == "claimed"


def test_a_version_from_the_future_is_none(house: House) -> None:
    wish = house.wish(house.member("王阿姨"), publish=False)

    answer = house.worker.post(f"/requests/{wish}/publish", If_Match='"p999999"')

    assert (answer.status_code, code_of(answer)) == (412, "version_moved")
    assert said(house.worker.get(f"/requests/{wish}"))["status"] == "posted"


def test_a_repeated_key_gets_its_first_answer_although_the_version_moved(house: House) -> None:
    wish = house.wish(house.member("王阿姨"), publish=False)
    seen = house.worker.get(f"/requests/{wish}").headers["etag"]
    first = said(house.worker.post(f"/requests/{wish}/publish", key="once", If_Match=seen))

    again = house.worker.post(f"/requests/{wish}/publish", key="once", If_Match=seen)

    assert said(again) == {**first, "repeated": True}


def test_of_eight_edits_of_one_version_one_wins(house: House) -> None:
    wang = house.member("王阿姨")
    teams = [said(house.worker.post("/teams", {"name": f"{n}号队"}))["ids"]["team_id"] for n in range(8)]
    seen = house.worker.get(f"/members/{wang}").headers["etag"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda team: house.worker.post(f"/members/{wang}/team", {"team": team}, If_Match=seen), teams)
        )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


@pytest.mark.parametrize("record", ["members", "sessions", "agreements", "requests"])
def test_what_has_not_changed_is_304(house: House, record: str) -> None:
    wang = house.member("王阿姨")
    paths = {
        "members": lambda: f"/members/{wang}",
        "sessions": lambda: f"/sessions/{_session(house, wang)}",
        "agreements": lambda: f"/agreements/{_agreement(house)}",
        "requests": lambda: f"/requests/{house.wish(wang)}",
    }
    path = paths[record]()
    first = house.worker.get(path)

    again = house.worker.get(path, If_None_Match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert house.worker.get(path, If_None_Match='"p1"').status_code == 200


def test_a_304_is_only_for_who_may_read_it(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    etag = house.worker.get(f"/members/{wang}").headers["etag"]

    assert house.caller(li).get(f"/members/{wang}", If_None_Match=etag).status_code == 404


@pytest.mark.parametrize("header", ["p12", '"12"', 'W/"p12"', '"p12", "p13"', '"p-1"', '"p00"'])
def test_an_if_match_that_is_no_etag_of_ours_is_400(house: House, header: str) -> None:
    wish = house.wish(house.member("王阿姨"), publish=False)

    assert code_of(house.worker.post(f"/requests/{wish}/publish", If_Match=header)) == "bad_if_match"


def test_a_star_is_any_version(house: House) -> None:
    wish = house.wish(house.member("王阿姨"), publish=False)

    assert house.worker.post(f"/requests/{wish}/publish", If_Match="*").status_code == 200


def _session(house: House, volunteer: str) -> str:
    body = {"volunteer": volunteer, "day": "2026-03-08", "minutes": 60}
    return str(said(house.worker.post("/deposits", body))["ids"]["session_id"])


def _agreement(house: House) -> str:
    unit = said(house.worker.post("/units", {"kind": "enterprise", "name": "绿云物业"}))["ids"]["unit_id"]
    body = {"unit": unit, "tier": "street", "from_day": "2026-01-01", "until_day": "2026-12-31"}
    return str(said(house.worker.post("/agreements", body))["ids"]["agreement_id"])

"""The class of a request is in the journal before anybody reviewed it: residents choose, workers name."""

from __future__ import annotations

import pytest

from tests.api.house import House, code_of, said

WISH = {"kind": "wish", "words": {"title": "想请人帮忙"}}


@pytest.mark.parametrize("category", ["李四家暴", "138.1234.5678"])
def test_a_neighbour_names_no_class_of_their_own(house: House, category: str) -> None:
    wang = house.member("王阿姨")

    answer = house.caller(wang).post("/requests", {**WISH, "requester": wang, "category": category})

    assert (answer.status_code, code_of(answer)) == (422, "category_not_in_use")
    assert said(house.caller(wang).get(f"/requests?requester={wang}"))["requests"] == []


def test_a_neighbour_chooses_a_class_that_a_worker_named(house: House) -> None:
    wang = house.member("王阿姨")
    asked = {**WISH, "requester": wang, "category": "生活服务"}
    named = said(house.worker.post("/requests", asked))["ids"]["request_id"]
    assert code_of(house.caller(wang).post("/requests", asked)) == "category_not_in_use"

    said(house.worker.post(f"/requests/{named}/publish", {}))

    assert said(house.caller(wang).post("/requests", asked))["ids"]["request_id"]

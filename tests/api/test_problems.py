"""Every refusal is a problem (RFC 9457), in the caller's language."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.api.house import BASE, Caller, House, code_of, said
from tests.house.serving import serving


def test_a_refusal_says_its_figures_in_the_callers_language(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    house.bank(wang, 60)
    gift = {"giver": wang, "receiver": li, "minutes": 90}
    chinese, english = house.caller(wang, lang="zh-CN,zh;q=0.9"), house.caller(wang, lang="en-GB")

    told = {caller.post("/transfers", gift).json()["detail"]: caller for caller in (chinese, english)}

    assert list(told) == [
        "时长不足：可用 1 小时，需要 1 小时 30 分。",
        "Not enough hours: 1 h usable, 1 h 30 min asked for.",
    ]


def test_a_problem_has_all_the_parts_of_the_standard(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")

    answer = house.worker.post("/transfers", {"giver": wang, "receiver": li, "minutes": 90})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "en"
    assert answer.json() == {
        "type": "urn:nuanlin:problem:insufficient_hours",
        "title": "Refused",
        "status": 422,
        "code": "insufficient_hours",
        "detail": "Not enough hours: 0 h usable, 1 h 30 min asked for.",
        "figures": {"usable": 0, "asked": 90},
        "errors": [],
    }


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ('"minutes": 1.005', "not_a_whole_number", "minutes"),
        ('"minutes": 1000000000000000000', "number_out_of_range", "minutes"),
        ('"minutes": "90"', "bad_type", "minutes"),
        ('"minutes": true', "bad_type", "minutes"),
        ('"minutes": 0', "not_positive", "minutes"),
        ('"minutes": -5', "not_positive", "minutes"),
        ('"minuten": 5', "field_unknown", "minuten"),
        ('"start_at": "2026-03-08T25:00:00+08:00"', "bad_instant", "start_at"),
        ('"start_at": "2026-03-08T09:00:00"', "bad_instant", "start_at"),
        ('"start_at": 1772931600000000', "bad_type", "start_at"),
        ('"origin": "dreamt"', "not_one_of", "origin"),
        ('"words": {"content": "x"}', "field_missing", "words.activity"),
        ('"words": {"activity": "a\\u202eb"}', "bad_characters", "words.activity"),
        ('"words": {"activity": "a\\u0000b"}', "bad_characters", "words.activity"),
        ('"place": "place_1\\nplace_2"', "bad_characters", "place"),
    ],
)
def test_a_bad_field_is_named_with_the_reason(house: House, body: str, code: str, field: str) -> None:
    wang = house.member("王阿姨")

    answer = house.worker.post_raw("/sessions", f'{{"volunteer": "{wang}", "day": "2026-03-08", {body}}}'.encode())

    assert answer.status_code == 422
    assert code_of(answer) == code
    assert answer.json()["errors"][0]["field"] == field
    assert said(house.worker.get(f"/sessions?volunteer={wang}"))["sessions"] == []


def test_a_missing_field_is_named(house: House) -> None:
    answer = house.worker.post("/sessions", {"day": "2026-03-08"})

    assert (code_of(answer), answer.json()["errors"][0]["field"]) == ("field_missing", "volunteer")


@pytest.mark.parametrize("body", [b"{", b'{"minutes": NaN}', b"\xff", b'{"giver": "\\ud800"}'])
def test_what_is_no_json_is_400(house: House, body: bytes) -> None:
    answer = house.worker.post_raw("/transfers", body)

    assert (answer.status_code, code_of(answer)) == (400, "malformed_json")


def test_a_form_is_no_json(house: House) -> None:
    answer = house.worker.http.post(BASE + "/transfers", data={"minutes": "1"}, headers={"Idempotency-Key": "1"})

    assert (answer.status_code, code_of(answer)) == (415, "not_json")


def test_a_page_that_is_not_there_is_404_in_chinese_too(house: House) -> None:
    answer = Caller(house.app, lang="zh").get("/nowhere")

    assert (answer.status_code, code_of(answer)) == (404, "no_such_page")
    assert answer.json()["title"] == "没有找到"


def test_a_wrong_method_names_all_that_are_right(house: House) -> None:
    answer = house.worker.http.delete(BASE + "/members")

    assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, POST"


def test_a_ledger_that_is_not_there_is_404(house: House) -> None:
    answer = house.anybody.http.get("/api/v1/nowhere/stats")

    assert (answer.status_code, code_of(answer)) == (404, "no_such_ledger")


def test_a_body_beyond_a_mebibyte_is_413_before_it_is_read(house: House) -> None:
    answer = house.worker.post_raw("/members", b" " * (1024 * 1024 + 1))

    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


def test_the_body_of_a_stranger_is_not_waited_for(house: House) -> None:
    with serving(house.app) as address:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
        connection.putrequest("POST", f"{BASE}/requests")
        connection.putheader("Content-Length", "100000")
        connection.endheaders(b"{")
        assert connection.getresponse().status == 401
        connection.close()


def test_a_body_that_hides_its_length_is_413_too(house: House) -> None:
    pieces = (b" " * 65536 for _ in range(17))
    headers = {"Idempotency-Key": "1", "Content-Type": "application/json"}

    answer = house.worker.http.post(BASE + "/members", content=pieces, headers=headers)

    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


def test_a_defect_is_500_without_its_inner_life(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(house.store.application, "execute", broken)

    answer = house.worker.post("/members", {"words": {"name": "王阿姨"}})

    assert (answer.status_code, code_of(answer)) == (500, "internal")
    assert "secret" not in answer.text

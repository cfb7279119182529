"""The postings as a file over the API: for auditors, as of any position, the same as from the command line."""

from __future__ import annotations

from datetime import date

import pytest

from api.exports.csv_text import csv_pieces
from api.exports.journal_lines import extracted
from api.exports.tables import Wanted, rows
from tests.api.house import House, code_of, said
from tests.house.stores import LEDGER


def csv_of(house: House, wanted: Wanted, position: int | None = None) -> bytes:
    """The CSV that the command line would write."""
    with extracted(house.store.database, house.store.codec, LEDGER, position=position) as extract:
        return "".join(csv_pieces(wanted.columns, rows(extract, wanted))).encode()


@pytest.fixture
def told(house: House) -> int:
    """王阿姨 banked an hour and gave 李师傅 20 minutes: the position before the gift."""
    wang, li = house.member("王阿姨"), house.member("李师傅")
    house.bank(wang, 60)
    gift = {"giver": wang, "receiver": li, "minutes": 20}
    return int(said(house.caller(wang).post("/transfers", gift))["position"]) - 1


def test_an_auditor_gets_the_postings_as_a_file(house: House, told: int) -> None:
    answer = house.staff("auditor").get("/export/postings.csv")

    position = int(answer.headers["nuanlin-position"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = f"nuanlin-{LEDGER}-{position}-postings.csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.content == csv_of(house, Wanted(), position)
    assert answer.content.count(b"\r\n") == 1 + 4
    assert b"hours.given@1" in answer.content


def test_it_is_for_those_who_read_the_journal(house: House, told: int) -> None:
    assert house.anybody.get("/export/postings.csv").status_code == 401
    for caller in (house.caller(house.member("赵奶奶")), house.staff("treasurer"), house.staff("community_worker")):
        assert code_of(caller.get("/export/postings.csv")) == "not_for_your_roles"
    assert house.staff("administrator").get("/export/postings.csv").status_code == 200


def test_it_can_be_of_a_position_an_account_and_days(house: House, told: int) -> None:
    auditor = house.staff("auditor")
    then = auditor.get(f"/export/postings.csv?position={told}")
    assert (then.headers["nuanlin-position"], then.content) == (str(told), csv_of(house, Wanted(), told))
    assert b"hours.given@1" not in then.content
    first = auditor.get("/export/postings.csv?at=1970-01-01T00:00:00Z")
    assert (first.headers["nuanlin-position"], first.content.count(b"\r\n")) == ("0", 1)

    one = auditor.get("/export/postings.csv?account=hours:issued").content
    assert one == csv_of(house, Wanted(account="hours:issued"))
    assert one.count(b"\r\n") == 1 + 1
    none = auditor.get("/export/postings.csv?to_day=1999-12-31").content
    assert none == csv_of(house, Wanted(last_day=date(1999, 12, 31)))
    assert none.count(b"\r\n") == 1


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("position=1&at=2026-03-08T00:00:00Z", 422, "position_or_time"),
        ("position=999999", 404, "no_such_position"),
        ("position=-1", 422, "number_out_of_range"),
        ("from_day=2026-03-08&to_day=2026-03-07", 422, "bad_value"),
        ("what=events", 422, "field_unknown"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_sent(house: House, query: str, status: int, code: str) -> None:
    answer = house.staff("auditor").get(f"/export/postings.csv?{query}")
    assert (answer.status_code, code_of(answer)) == (status, code)

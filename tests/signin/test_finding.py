"""Who is meant by a number, a phone number or a name; and who is not, though the phone was once written somewhere."""

from __future__ import annotations

import pytest

from api.finding import find_by_phone, find_members, plain_phone
from ledger.application import OPERATOR
from ledger.parties.commands import ErasePersonalData, PersonWords, RegisterMember
from ledger.requests.commands import PostRequest, RequestWords
from projections.books import queries as books
from tests.signin.house import LEDGER, House


@pytest.mark.parametrize(
    "typed",
    ["13811110001", " 138 1111 0001 ", "138-1111-0001", "+86 138 1111 0001", "8613811110001", "１３８１１１１０００１"],
)
def test_a_phone_number_is_understood_as_people_write_it(typed: str) -> None:
    assert plain_phone(typed) == "13811110001"


@pytest.mark.parametrize("typed", ["", "12345", "王阿姨", "138111100011234567", "1381111000x", "138,1111,0001"])
def test_what_is_no_phone_number_is_none(typed: str) -> None:
    assert plain_phone(typed) == ""


def test_a_member_is_found_by_short_number_phone_and_exact_name(house: House) -> None:
    wang = house.ids["wang"]
    row = books.member(house.store.database, LEDGER, wang)
    assert row is not None
    short = books.short_number(row)

    for typed in (short, short.lower(), f" {short} ", "13811110001", "+8613811110001", "王阿姨", wang):
        assert find_members(house.store, LEDGER, typed) == [wang], typed


def test_a_member_is_found_by_the_communitys_own_number(house: House) -> None:
    command = RegisterMember(number="A-017", words=PersonWords(name="孙大爷"))
    house.do(OPERATOR, command)

    assert find_members(house.store, LEDGER, "A-017") == [command.member_id]


def test_a_phone_that_two_share_finds_both_however_the_register_spells_it(house: House) -> None:
    assert find_by_phone(house.store, LEDGER, "13811110002") == [house.ids["li"], house.ids["nai"]]


@pytest.mark.parametrize("typed", ["", "   ", "V999999", "王", "王阿", "13900000000", "mem_nobody", "' OR 1=1"])
def test_nobody_is_found_by_half_a_name_or_a_strange_number(house: House, typed: str) -> None:
    assert find_members(house.store, LEDGER, typed) == []


def test_a_phone_left_with_a_request_finds_nobody(house: House) -> None:
    words = RequestWords(title="想修水管", phone="13899990000")
    house.do(house.ids["wang"], PostRequest(kind="wish", requester=house.ids["wang"], words=words))

    assert find_members(house.store, LEDGER, "13899990000") == []


def test_who_was_erased_is_found_no_more(house: House) -> None:
    house.do(house.ids["wang"], ErasePersonalData(subject=house.ids["wang"]))
    house.store.catch_up(LEDGER)

    assert find_members(house.store, LEDGER, "13811110001") == []
    assert find_members(house.store, LEDGER, "王阿姨") == []

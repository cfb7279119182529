"""Texts that have a shape of their own."""

from __future__ import annotations

import pytest

from ledger.checks import check_id, check_name, valid_unit_code
from ledger.errors import Refused
from ledger.telling_numbers import valid_id_number

VALID_ID = "11010519491231002X"
VALID_CODE = "91350100M000100Y43"


@pytest.mark.parametrize("text", [VALID_ID, VALID_ID.lower()])
def test_an_id_card_number_has_a_check_digit(text: str) -> None:
    assert valid_id_number(text)


@pytest.mark.parametrize("last", "0123456789")
def test_another_check_digit_is_wrong(last: str) -> None:
    assert not valid_id_number(VALID_ID[:-1] + last)


def id_number(first_seventeen: str) -> str:
    """An ID card number with the check digit by the weights of GB 11643."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, weights, strict=True))
    return first_seventeen + "10X98765432"[total % 11]


@pytest.mark.parametrize("born", ["19491231", "20000229", "20240101"])
def test_whatever_the_standards_weights_give_is_valid(born: str) -> None:
    assert valid_id_number(id_number(f"410105{born}123"))


@pytest.mark.parametrize("born", ["19490231", "20010229", "19491301", "19490100", "00000101"])
def test_the_birth_date_exists(born: str) -> None:
    assert not valid_id_number(id_number(f"410105{born}123"))


@pytest.mark.parametrize(
    "text", ["", "110105", VALID_ID[:-1], VALID_ID + "0", "1101051949123100２X", "A1010519491231002X"]
)
def test_an_id_card_number_has_17_plain_digits_and_one_more(text: str) -> None:
    assert not valid_id_number(text)


def test_a_unit_code_has_a_check_letter() -> None:
    assert valid_unit_code(VALID_CODE)


@pytest.mark.parametrize("last", "0124567")
def test_another_check_letter_is_wrong(last: str) -> None:
    assert not valid_unit_code(VALID_CODE[:-1] + last)


def unit_code(first_seventeen: str) -> str:
    """A unit code with the check letter by the weights of GB 32100."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(first_seventeen))
    return first_seventeen + letters[(31 - total % 31) % 31]


@pytest.mark.parametrize("first", ["91410100MA3X0LTE5", "5241010057102345X", "A1410100MA3X0LTE5", "1Y410100MA3X0LTE5"])
def test_whatever_the_standards_weights_give_is_a_code(first: str) -> None:
    assert valid_unit_code(unit_code(first))


@pytest.mark.parametrize(
    "text", ["", VALID_CODE[:-1], VALID_CODE + "3", VALID_CODE.lower(), "9135010OM000100Y43", "I1350100M000100Y43"]
)
def test_a_unit_code_has_18_letters_of_its_alphabet(text: str) -> None:
    assert not valid_unit_code(text)


@pytest.mark.parametrize("first", ["91A50100MA3X0LTE5", "9135010AMA3X0LTE5"])
def test_the_region_of_a_unit_code_is_digits(first: str) -> None:
    assert not valid_unit_code(unit_code(first))


@pytest.mark.parametrize("name", ["祥云院", "7号楼", "A", "x" * 60, "No. 7 & 8"])
def test_a_name_is_1_to_60_visible_characters(name: str) -> None:
    assert check_name(name) == name


def test_blanks_around_a_name_do_not_belong_to_it() -> None:
    assert check_name("  祥云院 ") == "祥云院"


@pytest.mark.parametrize(
    "name", ["", "  ", "x" * 61, "a\nb", "a\u202eb", "a\u200bb", "a\x00b", "a\u2028b", "a\ud800b", "a\ue000b"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(Refused, match="bad_name"):
        check_name(name)


def test_a_name_may_have_another_length_and_is_named_in_the_refusal() -> None:
    assert check_name("x" * 61, 61)
    with pytest.raises(Refused) as caught:
        check_name("", 5, field="label")
    assert caught.value.details == {"field": "label", "most": 5}


@pytest.mark.parametrize("identifier", ["mem_1", "mem_01k9zz", "mem_a-b.c"])
def test_an_id_has_its_prefix(identifier: str) -> None:
    assert check_id(identifier, "mem") == identifier


@pytest.mark.parametrize("identifier", ["", "mem", "mem_", "req_1", "mem_A", "mem_a b", "pool", "memx_1", "mem_1\n"])
def test_another_text_is_no_id(identifier: str) -> None:
    with pytest.raises(Refused, match="bad_id"):
        check_id(identifier, "mem")


@pytest.mark.parametrize("name", ["绿云苑 13800001234", "11010519491231002X 号楼"])
def test_a_phone_or_id_number_has_no_place_in_a_public_name(name: str) -> None:
    with pytest.raises(Refused, match="personal_number_in_public"):
        check_name(name)

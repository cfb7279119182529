"""Numbers of people in what is written: hidden however they are spelled; days, amounts and counts stay readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.checks import check_name
from ledger.errors import Refused
from ledger.telling_numbers import masked
from tests.ledger.test_checks import id_number

GAPS = st.text(alphabet=" .-_/·、，,:：()（）|*#+~\u3000\uff0d\u2014", max_size=3)
UNSEEN = st.text(alphabet="\u200b\u200d\u2060\ufeff\ufe0f\u20e3", max_size=3)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
CARDS = st.builds(
    lambda home, day, last: id_number(f"{home:06}{day:%Y%m%d}{last:03}"),
    st.integers(110000, 659999), st.dates().filter(lambda day: day.year >= 1900), st.integers(0, 999),
)  # fmt: skip
ZEROS = st.sampled_from("0０٠𝟎۰")


@st.composite
def spelled(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number, and how somebody might write it."""
    number = draw(numbers)
    zero = ord(draw(ZEROS))
    digits = [chr(zero + int(one)) if one.isdigit() else one for one in number]
    parts = [digits[0]]
    for digit in digits[1:]:
        before, gap, after = draw(UNSEEN), draw(GAPS), draw(UNSEEN)
        parts.append(before + gap + after + digit)
    return number, "".join(parts)


def digits_in(text: str) -> str:
    return "".join(str(unicodedata.digit(one)) for one in text if one.isdigit())


@given(spelled(MOBILES), st.sampled_from(("", "电话", "张老师：", "🏠")), st.sampled_from(("", "找我", "。谢谢")))
def test_of_a_mobile_number_the_first_three_and_last_four_digits_are_shown(
    written: tuple[str, str], before: str, after: str
) -> None:
    number, text = written

    assert digits_in(masked(before + text + after)) == number[:3] + number[-4:]


@given(spelled(CARDS))
def test_of_an_id_card_number_nothing_is_shown(written: tuple[str, str]) -> None:
    assert masked(f"身份证{written[1]}，谢谢") == "身份证***，谢谢"


@pytest.mark.parametrize(
    "text",
    [
        "0532-85551234", "053285551234", "8555 1234", "8555123",
        "(0532)8555-1234", "0532 - 8555 - 1234", "400-800-1234",
        "370202194501011234", "37020219450101123x", "6222 0212 3456 7890 123", "三8555１２３４",
    ],
)  # fmt: skip
def test_landlines_cards_and_accounts_are_hidden(text: str) -> None:
    assert digits_in(masked(f"请打{text}找王阿姨")) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1381 2345 678", "138****5678"), ("138.1234.5678", "138****5678"), ("138  1234  5678", "138****5678"),
        ("+86 138 1234 5678", "+138****5678"), ("138、1234、5678", "138****5678"),
        ("2026-11-23 13812345678", "2026-11-23 138****5678"), ("14:00 13812345678", "14:00 138****5678"),
        ("13812345678 2026.11.23", "138****5678 2026.11.23"),
        ("13812345678/13912345678", "138****5678/139****5678"), ("3 13812345678", "***"),
    ],
)  # fmt: skip
def test_a_mobile_number_is_found_beside_others(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月23日", "2026-11-23", "2026.11.23", "2026/11/23",
        "2026-11-23 14:00-16:30", "2026.11.23-2026.12.1",
        "20261123", "11.23-11.25", "2026.11.23-25", "8:30-11:00，14:00-16:30",
        "1,000,000", "12000.00元", "￥12000.00", "1500000元",
        "1500000 元", "1、2、3、5、6、7、8号楼", "3-2-1201", "3号楼2单元1201",
        "100 人，20 组", "第 123456 号", "138 123", "", "王阿姨",
    ],
)  # fmt: skip
def test_days_amounts_and_counts_stay_readable(text: str) -> None:
    assert masked(f"约{text}到") == f"约{text}到"


@given(st.text(max_size=60))
def test_a_text_without_seven_digits_stays_as_it_is(text: str) -> None:
    if len([one for one in unicodedata.normalize("NFKC", text) if one.isdigit()]) < 7:
        assert masked(text) == text


@pytest.mark.parametrize(
    "name", ["138.1234.5678 家政", "1381 2345 678", "138_1234_5678", "2-13812345678", "370202/19491231/0022"]
)
def test_a_public_name_holds_no_mobile_or_card_however_it_is_spelled(name: str) -> None:
    number = id_number("37020219491231002")
    with pytest.raises(Refused, match="personal_number_in_public"):
        check_name(name.replace("370202/19491231/0022", f"{number[:6]}/{number[6:14]}/{number[14:]}"))


@pytest.mark.parametrize(
    "name", ["便民热线 0532-85551234", "12345 热线", "2026-11-23 义诊", "8:30-11:00、13:30-16:30 义诊"]
)
def test_what_was_a_name_before_remains_one(name: str) -> None:
    assert check_name(name) == name

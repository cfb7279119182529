"""Numbers that belong to a person, found in what people write, however they spell them.

A telephone number is typed with blanks, dots, slashes, in groups of four, with an unseen sign in its middle where it was
pasted. So texts are looked at as plain digits: compatibility forms folded (NFKC), digits of any script, signs that take no
room left out. `masked` hides whatever may be such a number; `holds_mobile_or_card` finds the two kinds that no public name
may hold. Days, times, amounts and enumerations stay readable.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from stdnum.cn import ric

_DIGITS = frozenset("0123456789")
_LEAST = 7
"""Digits: the shortest number of a landline (choice)."""
_GAP = r"[\W_]{0,3}"
_DIGIT = "[\\d\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2468\u24ea]"
_MAYBE = re.compile(rf"{_DIGIT}(?:[\W_]*{_DIGIT}){{{_LEAST - 1}}}")
"""What is worth a closer look: most titles have no such thing."""
_RUN = re.compile(rf"[0-9](?:{_GAP}[0-9])*(?:{_GAP}[Xx](?![A-Za-z]))?")
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cc"})
_MOBILE = re.compile(r"(?:(?:00)?86)?(1[3-9][0-9]{9})")
_MOBILES = re.compile(rf"(?:{_MOBILE.pattern})+")
_NEAR = r"[\W_]{0,2}"
_MOBILE_WITHIN = re.compile(
    rf"(?<![0-9])(?:(?:0{_NEAR}0{_NEAR})?8{_NEAR}6{_NEAR})?1{_NEAR}[3-9](?:{_NEAR}[0-9]){{9}}(?![0-9])"
)
_CARD_WITHIN = re.compile(rf"(?<![0-9])(?=([0-9](?:{_NEAR}[0-9]){{16}}{_NEAR}[0-9Xx])(?![0-9]))")
_DAY = r"(?:19|20)[0-9]{2} ?(?:(?:- ?[01]?[0-9] ?-)|(?:/ ?[01]?[0-9] ?/)|(?:\. ?[01]?[0-9] ?\.)) ?[0-3]?[0-9]"
_SHORT_DAY = r"(?<![0-9])(?:1[0-2]|0?[1-9])[./](?:3[01]|[12][0-9]|0?[1-9])"
_TIME = r"(?<![0-9])(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?"
_WHEN = re.compile(rf"(?:{_DAY}|{_TIME}|{_SHORT_DAY})(?![0-9])")
_AFTER_WHEN = re.compile(r"[^0-9]*(?:[-~] ?[0-3]?[0-9][^0-9]*)?")
_FIRST_WHEN = re.compile(rf"(?:{_DAY}|{_TIME})(?=[^0-9:./-])")
_LAST_WHEN = re.compile(rf"(?<=[^0-9:./-])(?:{_DAY}|{_TIME})$")
_COMPACT_DAY = re.compile(r"20[0-9]{6}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?")
_COUNTED = re.compile("[0-9]{1,2}(?:[,\u3001] ?[0-9]{1,2})+")
_AMOUNT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_OF_MONEY = re.compile(rf"\s?[{_WORDS['money']}]")


def masked(text: str) -> str:
    """The text with every number in it that may be a telephone's, an ID card's or an account's hidden.

    Of a mobile number the first three and last four digits stay; of any other number of seven digits and more nothing.
    """
    if _MAYBE.search(text) is None:
        return text
    plain, places = _plain(text)
    parts: list[str] = []
    shown = 0
    for start, end in _hidden(plain):
        first, last = places[start], places[end - 1] + 1
        parts += (text[shown:first], _hint(plain[start:end]))
        shown = last
    return "".join((*parts, text[shown:]))


def holds_mobile_or_card(text: str) -> bool:
    """Whether a mobile number or a valid ID card number stands somewhere in the text, however it is spelled."""
    if _MAYBE.search(text) is None:
        return False
    plain, _places = _plain(text)
    found = (one[0] for one in _MOBILE_WITHIN.finditer(plain))
    return any(_MOBILE.fullmatch(_digits(one)) for one in found) or any(
        valid_id_number(_digits(one[1])) for one in _CARD_WITHIN.finditer(plain)
    )


def valid_id_number(text: str) -> bool:
    """Whether this is an ID card number: 17 digits and a check digit, with a birth date that exists (GB 11643).

    python-stdnum knows the check digit; its own validation would also want the place of birth to be in its list, which
    is older than some districts.
    """
    number = text.upper()
    if len(number) != 18 or not _DIGITS.issuperset(number[:17]) or number[17] != ric.calc_check_digit(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text as plain letters and digits, and for each of them its place in the text."""
    if text.isascii():
        return text, range(len(text))
    letters = [_letter(one) for one in text]
    return "".join(letters), [place for place, said in enumerate(letters) for _ in said]


@lru_cache(maxsize=8192)
def _letter(letter: str) -> str:
    if letter.isdigit():
        return str(unicodedata.digit(letter))
    if letter.isascii():
        return letter
    return "" if unicodedata.category(letter) in _UNSEEN else unicodedata.normalize("NFKC", letter)


def _spans(plain: str) -> list[tuple[int, int]]:
    """Where digits stand with at most three signs that are no letters between them; an X only at the end of a card's."""
    found = []
    for run in _RUN.finditer(plain):
        start, end = run.span()
        if plain[end - 1] in "Xx" and len(_digits(run[0])) != 18:
            end = start + max(place for place, one in enumerate(run[0]) if one in _DIGITS) + 1
        found.append((start, end))
    return found


def _digits(run: str) -> str:
    return "".join(one for one in run if one in _DIGITS or one in "Xx")


def _hidden(plain: str) -> list[tuple[int, int]]:
    """What is to be hidden, as places from and to."""
    return [one for start, end in _spans(plain) for one in _hidden_in(plain, start, end)]


def _hidden_in(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    run = plain[start:end]
    digits = _digits(run)
    if len(digits) < _LEAST:
        return []
    if _MOBILE.fullmatch(digits) or valid_id_number(digits):
        return [(start, end)]
    if _is_ordinary(run, plain[max(0, start - 1) : start], plain[end : end + 2]):
        return []
    # A day or a time before or after a number is no part of it.
    rest = None
    if (when := _FIRST_WHEN.match(run)) is not None:
        rest = _RUN.search(plain, start + when.end(), end)
    elif (when := _LAST_WHEN.search(run)) is not None:
        rest = _RUN.search(plain, start, start + when.start())
    if rest is not None:
        return _hidden_in(plain, *rest.span())
    return _each_mobile(run, start, digits) if _MOBILES.fullmatch(digits) else [(start, end)]


def _each_mobile(run: str, start: int, digits: str) -> list[tuple[int, int]]:
    """Mobile numbers one after the other, each by itself."""
    places = [start + place for place, one in enumerate(run) if one in _DIGITS]
    return [(places[one.start()], places[one.end() - 1] + 1) for one in _MOBILE.finditer(digits)]


def _is_ordinary(run: str, before: str, after: str) -> bool:
    """Days and times, an amount of money, a number in groups of three, or numbers that are counted up."""
    if _COMPACT_DAY.fullmatch(run) and _is_day(run):
        return True
    if _GROUPED.fullmatch(run):
        return True
    if _AMOUNT.fullmatch(run) and (before in ("\u00a5", "$") or _OF_MONEY.match(after)):
        return True
    if _COUNTED.fullmatch(run):
        return all(one < other for one, other in pairwise(int(one) for one in re.findall("[0-9]+", run)))
    rest = _WHEN.sub("", run)
    return rest != run and _AFTER_WHEN.fullmatch(rest) is not None


def _is_day(run: str) -> bool:
    try:
        date(int(run[:4]), int(run[4:6]), int(run[6:]))
    except ValueError:
        return False
    return True


def _hint(run: str) -> str:
    found = _MOBILE.fullmatch(_digits(run))
    if found is None:
        return "***"
    return f"{found[1][:3]}****{found[1][-4:]}"

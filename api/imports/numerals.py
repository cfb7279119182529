"""Small whole numbers in digits or in Chinese words, as they stand before an hour or a minute."""

from __future__ import annotations

import re
from typing import Final

from api.imports.words import one_of, table

_DIGIT: Final[dict[str, int]] = table("numerals")
_TEN: Final = next(word for word, value in _DIGIT.items() if value == 10)

NUMERAL: Final = rf"(?:\d{{1,4}}|{one_of(_DIGIT)}{{1,3}})"
"""A part of a pattern; hand what it matched to `numeral`."""

_WORDED: Final = re.compile(rf"(?P<tens>{one_of(_DIGIT)})?{_TEN}(?P<ones>{one_of(_DIGIT)})?")
NONSENSE: Final = 10_000
"""What a run of number words that is no number counts as: more than any hour or minute, so that it is refused there."""


def numeral(text: str) -> int:
    """The number: "15", fifteen in words (ten-five), two in either of its words; `NONSENSE` if words make no number."""
    if text.isdigit():
        return int(text)
    if len(text) == 1:
        return _DIGIT[text]
    found = _WORDED.fullmatch(text)
    tens, ones = (
        (_DIGIT[found["tens"]] if found["tens"] else 1, _DIGIT[found["ones"] or ""] if found["ones"] else 0)
        if found
        else (0, 0)
    )
    if found is None or not 1 <= tens <= 9 or not 0 <= ones <= 9 or (found["ones"] and ones == 0):
        return _leading_zero(text)
    return 10 * tens + ones


def _leading_zero(text: str) -> int:
    # "oh five" minutes past.
    if len(text) == 2 and _DIGIT[text[0]] == 0 and _DIGIT[text[1]] < 10:
        return _DIGIT[text[1]]
    return NONSENSE

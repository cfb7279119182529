"""Texts that have a shape of their own: names that anybody may read, ids, ID card numbers, unit codes."""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import uscc

from ledger.errors import Refused
from ledger.ids import looks_like_id, prefix_of
from ledger.telling_numbers import holds_mobile_or_card

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE_LETTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that a name has no use for: control and bidi characters, surrogates, unassigned, line ends."""
_DIGITS = frozenset("0123456789")


def check_name(text: str, most: int = 60, *, field: str = "name") -> str:
    """The text without blanks around it: 1 to `most` characters, none of them invisible; raises Refused `bad_name`.

    What has no place in the journal is refused as `personal_number_in_public` (PIPL): names are read by everybody.
    """
    name = text.strip()
    if not 1 <= len(name) <= most or any(unicodedata.category(letter) in _UNSEEN for letter in name):
        raise Refused("bad_name", field=field, most=most)
    if holds_personal_number(name):
        raise Refused("personal_number_in_public", field=field)
    return name


def check_code(text: str, *, field: str) -> str:
    """A reason as a word of a vocabulary, `no_parts`, never as a sentence: sentences are personal and belong in the
    vault. 1 to 40 small letters, digits and underscores; raises Refused `bad_name`."""
    if _CODE.fullmatch(text) is None:
        raise Refused("bad_name", field=field, most=40)
    return text


def holds_personal_number(text: str) -> bool:
    """Whether a mobile phone number or a valid ID card number stands somewhere in the text, however it is spelled.

    A landline may stand in a name: hotlines are public. So does what was written as a name before remain one, but for
    those two.
    """
    return holds_mobile_or_card(text)


def check_id(identifier: str, prefix: str) -> str:
    """An id of that prefix; raises Refused `bad_id`. A made-up id could otherwise wear the tag of something else."""
    if not looks_like_id(identifier) or prefix_of(identifier) != prefix:
        raise Refused("bad_id", expected=prefix)
    return identifier


def valid_unit_code(text: str) -> bool:
    """Whether this is a unified social credit code: 18 letters and digits with a right check letter (GB 32100).

    python-stdnum knows the check letter; its own validation wants two digits first, where the standard allows letters.
    """
    if len(text) != 18 or not _CODE_LETTERS.issuperset(text) or not _DIGITS.issuperset(text[2:8]):
        return False
    return bool(text[17] == uscc.calc_check_digit(text))

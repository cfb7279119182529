"""What names, categories and days of funds look like."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from ledger.errors import Refused
from ledger.policy.state import SINCE_EVER

PREFIX = "fund_"
NAME_LETTERS, PURPOSE_LETTERS, CATEGORY_LETTERS = 80, 500, 60

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,31}")
_ITEM = re.compile(r"[a-z0-9-]{1,32}")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control characters, marks that turn the direction of writing, halves of characters, breaks of lines (Unicode)."""


def fund_id(text: str) -> str:
    """The id of a fund, `fund_nuanxing`, from that or from its short name `nuanxing`."""
    return text if text.startswith(PREFIX) else PREFIX + text


def check_fund_id(identifier: str) -> str:
    """An id whose short name has 2 to 32 small letters, digits and hyphens; raises Refused `bad_fund_name`."""
    if not _SLUG.fullmatch(identifier.removeprefix(PREFIX)):
        raise Refused("bad_fund_name", fund=identifier.removeprefix(PREFIX))
    return identifier


def check_item_code(code: str) -> str:
    """1 to 32 small letters, digits and hyphens; raises Refused `bad_item`."""
    if not _ITEM.fullmatch(code):
        raise Refused("bad_item", item=code)
    return code


def check_public(text: str, most: int, field: str) -> str:
    """A public name or text of 1 to `most` letters without unseen characters; raises Refused `bad_public_text`."""
    if not _readable(text, most):
        raise Refused("bad_public_text", field=field, most=most)
    return text


def check_category(category: str) -> str:
    """What money was spent on, 1 to 60 letters; no colon, since it is part of an account; raises `bad_category`."""
    if not _readable(category, CATEGORY_LETTERS) or ":" in category:
        raise Refused("bad_category", most=CATEGORY_LETTERS)
    return category


def _readable(text: str, most: int) -> bool:
    if not 0 < len(text) <= most or text != text.strip():
        return False
    return not any(unicodedata.category(letter) in _UNSEEN for letter in text)


def plausible_day(day: date | None, today: date) -> date:
    """The stated day, today where none is stated; raises Refused `implausible_date` before 1990 and in the future."""
    stated = day or today
    if stated < SINCE_EVER or stated > today:
        raise Refused("implausible_date", day=stated.isoformat())
    return stated

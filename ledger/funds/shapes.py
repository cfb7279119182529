"""What names, categories and days of funds look like."""

from __future__ import annotations

import re

from ledger.checks import check_name
from ledger.errors import Refused
from ledger.funds.commands import MANAGEMENT_FEE

PREFIX = "fund_"
CASE = "case-"
"""How the item of a help case begins; the rest is the rest of the case's id. A fund's own items may begin so too."""
NAME_LETTERS, PURPOSE_LETTERS, CATEGORY_LETTERS = 80, 500, 60

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,31}")
_ITEM = re.compile(r"[a-z0-9-]{1,32}")


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


def case_item(case_id: str) -> str:
    """The item under which money for a help case is kept; raises Refused `bad_item` where the id is none of ours."""
    return check_item_code(CASE + case_id.removeprefix("case_"))


def case_of(item: str) -> str | None:
    """The help case whose item this may be; None for what is none for sure."""
    return "case_" + item.removeprefix(CASE) if item.startswith(CASE) else None


def check_category(category: str) -> str:
    """What money was spent on, 1 to 60 letters; raises Refused `bad_name`, `bad_category`.

    It is part of an account's name, where a colon parts, and where two blanks end the name for other programs. However
    the management fee is spelled, it is the one that has a ceiling.
    """
    plain = check_name(category, CATEGORY_LETTERS, field="category")
    if ":" in plain or "  " in plain:
        raise Refused("bad_category")
    spelled = plain.casefold().replace(" ", "_").replace("-", "_")
    return MANAGEMENT_FEE if spelled == MANAGEMENT_FEE else plain

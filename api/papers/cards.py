"""Members' cards: one in the size of a bank card, or ten on a sheet of A4 to be cut."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from api.papers import qr
from api.papers.paper import Paper, words_of

_PER_SHEET = 10


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on one card: whose it is, the number that people know, and the address behind its code.

    `address` is whole (`https://…`); it may be a secret, which then stands in the code alone and in no letters.
    """

    name: str
    number: str
    address: str
    note: str = ""


def cards(given: Sequence[Card], *, community: str, lang: str = "zh", sheet: bool = True, made_at: int = 0) -> Paper:
    """Cards as one paper: ten on each sheet of A4 with marks to cut along, or (`sheet=False`) a page of 85.6 x 54 mm each."""
    shown = [
        {"name": one.name, "number": one.number, "note": one.note, "host": urlsplit(one.address).netloc,
         "code": qr.svg(one.address, light=None)}
        for one in given
    ]  # fmt: skip
    sheets = (
        [shown[at : at + _PER_SHEET] for at in range(0, len(shown), _PER_SHEET)] if sheet else [[one] for one in shown]
    )
    values = {
        "community": community,
        "words": words_of("shared", lang) | words_of("cards", lang),
        "sheets": sheets,
        "cut": sheet,
    }
    return Paper(template="cards", values=values, lang=lang, made_at=made_at, name="cards")

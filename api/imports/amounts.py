"""Parsers of money and of counted things: exact decimals in, whole fen and whole numbers out."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from api.imports.folding import Cell, CellError, as_decimal, squeezed
from api.imports.words import any_of, one_of, table, words

ABSURD_FEN: Final = 10**15
"""Ten thousand milliard yuan: more than any community has, and a sign of a slip (choice)."""
ABSURD_QUANTITY: Final = 1_000_000
"""The most of one thing in one row, unless a map says otherwise (choice)."""

_TIMES: Final[dict[str, int]] = table("money", "times")
_FEN_IN: Final = {"yuan": 100, "wan": 1_000_000, "fen": 1}
_FIGURE: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:e[+-]?\d{1,4})?|\.\d+"
_PREFIX: Final = any_of("money", "prefix")
_YUAN: Final = any_of("money", "yuan")
_ROUND: Final = any_of("money", "round")
_MONEY: Final = re.compile(
    rf"(?P<minus>[-−])?(?P<prefix>{_PREFIX}+)?:?(?P<minus2>[-−])?\+?(?P<figure>{_FIGURE})"
    rf"(?P<times>{one_of(sorted(_TIMES, key=len, reverse=True))})?(?P<yuan>{_YUAN})?{_ROUND}?",
    re.ASCII,
)
_SPOKEN: Final = re.compile(
    rf"(?:{_PREFIX})?(?P<yuan>\d{{1,15}}){_YUAN}(?P<jiao>\d){any_of('money', 'jiao')}{_ROUND}?"
    rf"(?:(?P<fen>\d){any_of('money', 'fen')}{_ROUND}?)?",
    re.ASCII,
)
_LONGEST: Final = 60
_COUNT: Final = re.compile(rf"(?P<figure>[-−+]?(?:{_FIGURE}))(?P<single>{any_of('count', 'single')})?", re.ASCII)
_PACKS: Final = re.compile(rf"(?:{_FIGURE}){any_of('count', 'packs')}", re.ASCII)


def parse_fen(cell: Cell, unit: str | None = None, *, negative: bool = False) -> int:
    """Money in whole fen. `unit` is the column's (yuan, wan or fen; none is yuan), a unit in the cell goes before it.

    `negative` lets money that came back through. Raises `not_a_number`, `fraction_of_fen`, `not_positive`,
    `absurd_amount`, `other_currency`, `vague_amount`.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        fen = _in_fen(as_decimal(cell), _FEN_IN[unit or "yuan"])
    elif isinstance(cell, str):
        fen = _read_fen(squeezed(cell), _FEN_IN[unit or "yuan"])
    else:
        raise CellError("not_a_number")
    if fen == 0 or (fen < 0 and not negative):
        raise CellError("not_positive")
    return fen


def _read_fen(text: str, column_unit: int) -> int:
    if len(text) > _LONGEST:
        raise CellError("not_a_number")
    text, sign = (text[1:-1], -1) if text.startswith("(") and text.endswith(")") else (text, 1)
    if spoken := _SPOKEN.fullmatch(text):
        return sign * _in_fen(Decimal(f"{spoken['yuan']}.{spoken['jiao']}{spoken['fen'] or '0'}"), _FEN_IN["yuan"])
    found = _MONEY.fullmatch(text)
    if found is None or (found["minus"] and found["minus2"]):
        raise CellError(_why_no_money(text))
    figure = Decimal(found["figure"].replace(",", ""))
    if found["minus"] or found["minus2"]:
        sign = -sign
    unit = _FEN_IN["yuan"] * _TIMES.get(found["times"] or "", 1) if found["times"] or found["yuan"] else column_unit
    return sign * _in_fen(figure, unit)


def _why_no_money(text: str) -> str:
    if any(word in text for word in words("money", "foreign")):
        return "other_currency"
    if any(char.isdigit() for char in text) and any(word in text for word in words("money", "vague")):
        return "vague_amount"
    return "not_a_number"


def _in_fen(figure: Decimal, unit: int) -> int:
    # The size is judged before anything is multiplied out: 1e9999 must cost nothing.
    if figure and figure.adjusted() > 20:
        raise CellError("absurd_amount")
    if figure and figure.adjusted() < -20:
        raise CellError("fraction_of_fen")
    # As a ratio of whole numbers: a product of decimals would be rounded to 28 places without a word.
    numerator, denominator = figure.as_integer_ratio()
    if abs(numerator) * unit >= ABSURD_FEN * denominator:
        raise CellError("absurd_amount")
    fen, left = divmod(numerator * unit, denominator)
    if left:
        raise CellError("fraction_of_fen")
    return fen


def parse_count(cell: Cell, limit: int = ABSURD_QUANTITY) -> int:
    """How many single things: 20, "20.0", "1,500" and "20" with a word that counts single things.

    Raises `not_a_number`, `counted_in_packs`, `not_whole`, `not_positive`, `absurd_quantity` above `limit`.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        figure = as_decimal(cell)
    elif isinstance(cell, str):
        figure = _read_count(squeezed(cell))
    else:
        raise CellError("not_a_number")
    if figure <= 0:
        raise CellError("not_positive")
    if figure.adjusted() > 20 or figure > limit:
        raise CellError("absurd_quantity")
    if figure.adjusted() < 0 or figure != figure.to_integral_value():
        raise CellError("not_whole")
    return int(figure)


def _read_count(text: str) -> Decimal:
    found = _COUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise CellError("counted_in_packs" if _PACKS.fullmatch(text) else "not_a_number")
    return Decimal(found["figure"].replace(",", "").replace("−", "-"))

"""Amounts, units and moments as people read them in the columns of a table."""

from __future__ import annotations

from api.cli.frame import Frame


def quantity(amount: int, unit: str) -> str:
    """An amount as people read it in a column: yuan for fen, else whole numbers in groups."""
    from api.formats import decimal_yuan
    from ledger.units import FEN

    return decimal_yuan(amount) if unit == FEN else f"{amount:,}"


def unit_name(frame: Frame, unit: str) -> str:
    """What a column's figures count, in words; an item by its own name."""
    from api.texts import known
    from ledger.units import pieces_of

    return frame.say(f"unit.{unit}") if known(frame.lang, f"cli.unit.{unit}") else unit.removeprefix(pieces_of(""))


def instant(at_micros: int, lang: str, zone: str) -> str:
    """A moment on the community's clock, to the minute."""
    from api import formats

    return formats.instant(at_micros, lang, zone)

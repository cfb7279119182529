"""Whole units and their bounds: minutes, fen, item counts. Never floats, never mixed."""

from __future__ import annotations

from ledger.errors import Refused

MINUTES, FEN, VENUE_MINUTES = "minutes", "fen", "venue_minutes"
DAY_MINUTES = 24 * 60
MAX_FEN = 10**13
"""A hundred billion yuan: beyond it an amount is a slip of the pen (choice)."""
MAX_MINUTES = 100 * 365 * DAY_MINUTES
"""A century: beyond it a number of minutes is a slip of the pen (choice)."""


def pieces_of(item: str) -> str:
    """The unit in which an item is counted: every item is a unit of its own."""
    return f"pcs.{item}"


def check_minutes(minutes: int, most: int = MAX_MINUTES) -> int:
    """Positive whole minutes up to `most`; raises Refused."""
    return _positive(minutes, most, "minutes")


def check_fen(amount_fen: int) -> int:
    """Positive whole fen up to `MAX_FEN`; raises Refused."""
    return _positive(amount_fen, MAX_FEN, "amount_fen")


def check_quantity(quantity: int, most: int) -> int:
    """A positive count up to `most`; raises Refused (`absurd_quantity` beyond it)."""
    if quantity > most:
        raise Refused("absurd_quantity", quantity=quantity, most=most)
    return _positive(quantity, most, "quantity")


def _positive(value: int, most: int, field: str) -> int:
    if value <= 0:
        raise Refused("not_positive", field=field, value=value)
    if value > most:
        raise Refused("absurd_amount", field=field, value=value, most=most)
    return value

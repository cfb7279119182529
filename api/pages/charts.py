"""Small charts as plain numbers for SVG: drawn by templates, always beside a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

WIDTH, HEIGHT, TOP, BOTTOM = 372, 200, 26, 26


class Bar(msgspec.Struct, frozen=True):
    """One column: place and size in the chart's units, its label below and its value above."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    label: str
    value: str


def columns(values: Sequence[int], labels: Sequence[str], shown: Sequence[str]) -> list[Bar]:
    """Columns of equal width whose heights stand to each other as the values do; what is not 0 is never invisible."""
    most = max((abs(value) for value in values), default=0)
    room, step = HEIGHT - TOP - BOTTOM, WIDTH // max(1, len(values))
    bars: list[Bar] = []
    for index, (value, label, text) in enumerate(zip(values, labels, shown, strict=True)):
        height = max(3, room * max(0, value) // most) if value > 0 else 0
        left = index * step
        bars.append(
            Bar(left + step // 6, HEIGHT - BOTTOM - height, step - step // 3, height, left + step // 2, label, text)
        )
    return bars


def share(part: int, most: int, width: int = 1000) -> int:
    """How far a bar of `width` units reaches; what is not 0 is never invisible."""
    return max(6, width * part // most) if part > 0 and most > 0 else 0

"""The picture of where money flows: bars in two or three columns with bands between them, as whole numbers for SVG.

Each picture is drawn twice, for a phone and for a desk, since letters in a picture that shrinks cannot be read; a table
beside it says the same. A bar is as high as its money, and a band as thick as its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

_BAR = 14
_LABEL = 24
"""Room for a bar's label above it."""
_APART = 40
"""The most between two bars of a column that has room to spare."""
_MONEY = 260
"""How high the money of the fullest column is, in the picture's units."""
_SIZES = {"phone": 340, "desk": 1000}
_LETTERS = {"phone": 9, "desk": 24}


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A bar: its key, label, column (0 is left), and tone (`got`, `rest`, `out`, `wait`, `left`)."""

    key: str
    label: str
    column: int
    tone: str


class Band(msgspec.Struct, frozen=True):
    """Money from one bar to another, in fen; what is not above 0 is not drawn."""

    source: str
    target: str
    amount_fen: int


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A bar as it is drawn, with its label and where that stands."""

    x: int
    y: int
    height: int
    tone: str
    label: str
    label_x: int
    label_y: int
    anchor: str


class Drawn(msgspec.Struct, frozen=True):
    """One drawing: the width and height of its box, its bars, and its bands as (path, tone)."""

    kind: str
    width: int
    height: int
    bars: list[Bar]
    bands: list[tuple[str, str]]


def _short(label: str, letters: int) -> str:
    """A label that fits; Latin letters are half as wide as Chinese ones."""
    wide = 0
    for at, letter in enumerate(label):
        wide += 2 if ord(letter) > 0x2E80 else 1
        if wide > letters * 2:
            return label[: max(1, at - 1)].rstrip() + "…"
    return label


def _totals(nodes: Sequence[Node], bands: Sequence[Band]) -> dict[str, int]:
    """What goes through each bar: the larger of what enters and what leaves."""
    found: dict[str, int] = {}
    for node in nodes:
        enters = sum(one.amount_fen for one in bands if one.target == node.key)
        leaves = sum(one.amount_fen for one in bands if one.source == node.key)
        found[node.key] = max(enters, leaves)
    return found


def _path(x1: int, y1: int, x2: int, y2: int, first: int, second: int) -> str:
    """A band from the right side of one bar to the left side of another, with how thick it is at either end."""
    middle = (x1 + x2) // 2
    return (
        f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}V{y2 + second}"
        f"C{middle} {y2 + second} {middle} {y1 + first} {x1} {y1 + first}Z"
    )


def draw(nodes: Sequence[Node], bands: Sequence[Band], *, money: int = _MONEY) -> list[Drawn]:
    """The picture for a phone and for a desk; nothing where no money flows. `money` is how high the fullest column is."""
    flowing = [one for one in bands if one.amount_fen > 0]
    through = _totals(nodes, flowing)
    shown = [node for node in nodes if through[node.key]]
    return [_drawn(kind, shown, flowing, through, money) for kind in _SIZES] if flowing else []


def _drawn(kind: str, nodes: Sequence[Node], bands: Sequence[Band], through: dict[str, int], money: int) -> Drawn:
    width, columns = _SIZES[kind], max(node.column for node in nodes)
    fullest = max(sum(through[one.key] for one in nodes if one.column == column) for column in range(columns + 1))
    heights = {node.key: max(3, money * through[node.key] // fullest) for node in nodes}
    tall = [sum(_LABEL + heights[one.key] for one in nodes if one.column == at) for at in range(columns + 1)]
    bottom = max(tall)
    places: dict[str, tuple[int, int, int]] = {}
    bars: list[Bar] = []
    for column in range(columns + 1):
        here = [one for one in nodes if one.column == column]
        # A column with room to spare stands in the middle, its bars apart.
        apart = min(_APART, (bottom - tall[column]) // max(1, len(here)))
        y = (bottom - tall[column] - apart * (len(here) - 1)) // 2
        # The middle column stands nearer to the left: what enters it is one bar, what leaves it crosses.
        x = 0 if column == 0 else width - _BAR if column == columns else width * 36 // 100
        for node in here:
            places[node.key] = (x, y + _LABEL, heights[node.key])
            last = column == columns
            bars.append(
                Bar(
                    x=x, y=y + _LABEL, height=heights[node.key], tone=node.tone,
                    label=_short(node.label, _LETTERS[kind]), label_x=x + _BAR if last else x, label_y=y + _LABEL - 7,
                    anchor="end" if last else "start",
                )
            )  # fmt: skip
            y += _LABEL + heights[node.key] + apart
    return Drawn(kind, width, bottom + 2, bars, _paths(nodes, bands, places, through))


def _paths(
    nodes: Sequence[Node], bands: Sequence[Band], places: dict[str, tuple[int, int, int]], through: dict[str, int]
) -> list[tuple[str, str]]:
    """Bands leave and enter their bars from the top down, in the order of the bars at the other end."""
    order = {node.key: rank for rank, node in enumerate(nodes)}
    tones = {node.key: node.tone for node in nodes}
    left: dict[str, int] = dict.fromkeys(order, 0)
    entered: dict[str, int] = dict.fromkeys(order, 0)
    starts: dict[tuple[str, str], tuple[int, int]] = {}
    for one in sorted(bands, key=lambda band: (order[band.source], order[band.target])):
        starts[one.source, one.target] = _side(places, through, left, one.source, one.amount_fen)
    found: list[tuple[str, str]] = []
    for one in sorted(bands, key=lambda band: (order[band.target], order[band.source])):
        y1, first = starts[one.source, one.target]
        y2, second = _side(places, through, entered, one.target, one.amount_fen)
        x1, x2 = places[one.source][0] + _BAR, places[one.target][0]
        found.append((_path(x1, y1, x2, y2, first, second), tones[one.target]))
    return found


def _side(
    places: dict[str, tuple[int, int, int]], through: dict[str, int], used: dict[str, int], key: str, amount_fen: int
) -> tuple[int, int]:
    """Where on a bar's side a band begins, and how thick it is there; at least one unit, so that all are seen."""
    _x, y, height = places[key]
    begin = y + height * used[key] // through[key]
    used[key] += amount_fen
    return begin, max(1, y + height * used[key] // through[key] - begin)

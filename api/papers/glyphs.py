"""Which characters the fonts on paper can draw: read from the fonts' own tables, since a missing glyph warns nobody.

The two families, Noto Sans SC and Noto Serif SC, hold the characters of GB 18030's first planes. Names with rarer ones
(many stand in Unicode's supplementary planes) are told to whoever prints, and left open on paper to be written by hand.
"""

from __future__ import annotations

from functools import lru_cache
from struct import unpack_from
from typing import Any

import pylopdf_fonts_zh_cn

FONTS = (pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path())
HAND = "\u25a1"
"""An empty square: here somebody writes by hand."""


def missing(value: Any) -> list[str]:
    """The characters of a text, or of all texts in nested lists and mappings, that a font lacks; each once, in order.

    Variation selectors count as characters: a rare form of a name is told too, never drawn as the common one.
    """
    drawn = covered()
    return [one for one in dict.fromkeys(_letters(value)) if ord(one) not in drawn and not one.isspace()]


def left_open(value: Any) -> Any:
    """The same with an empty square in the place of each missing character."""
    lacking = {ord(one): HAND for one in missing(value)}
    return _replaced(value, lacking) if lacking else value


def named(characters: list[str]) -> str:
    """How missing characters are told where they cannot be drawn either: `U+20BB7, U+30EDE`."""
    return ", ".join(f"U+{ord(one):04X}" for one in characters)


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points that every family has; read once, a few milliseconds."""
    serif, sans = (_covered_by(path.read_bytes()) for path in FONTS)
    return serif & sans


def _letters(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(_letters(one) for one in value.values())
    return "".join(_letters(one) for one in value) if isinstance(value, list | tuple) else ""


def _replaced(value: Any, lacking: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(lacking)
    if isinstance(value, dict):
        return {name: _replaced(one, lacking) for name, one in value.items()}
    return [_replaced(one, lacking) for one in value] if isinstance(value, list | tuple) else value


def _covered_by(font: bytes) -> frozenset[int]:
    """OpenType's `cmap`: the segmented coverage (format 12) for the whole of Unicode."""
    tables = {font[at : at + 4]: unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * _word(font, 4), 16)}
    start = tables[b"cmap"]
    for at in range(start + 4, start + 4 + 8 * _word(font, start + 2), 8):
        platform, encoding, offset = unpack_from(">HHI", font, at)
        if (platform, encoding) == (3, 10):
            return _segments(font, start + offset)
    return frozenset()


def _segments(font: bytes, at: int) -> frozenset[int]:
    found: set[int] = set()
    for number in range(unpack_from(">I", font, at + 12)[0]):
        first, last, _ = unpack_from(">III", font, at + 16 + 12 * number)
        found.update(range(first, last + 1))
    return frozenset(found)


def _word(font: bytes, at: int) -> int:
    return int(unpack_from(">H", font, at)[0])

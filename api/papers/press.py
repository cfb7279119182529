"""The press: values into a template, out comes a PDF or a picture. Nothing is known here of ledgers.

Templates are typst files beside this module; they get their values as JSON and no other file, no network and no clock, so
that the same values give the same bytes. PDFs are PDF/A-2a (ISO 19005-2: fonts embedded, text and structure kept, to be read
in thirty years) and PDF/UA-1 (ISO 14289-1: a screen reader reads them).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from api.papers.glyphs import FONTS, left_open, missing, named
from ledger.clock import MICROS_PER_SECOND
from ledger.errors import Refused

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS: tuple[Literal["a-2a", "ua-1"], ...] = ("a-2a", "ua-1")
_FIRST_DAY_SECONDS = 946_684_800
"""2000-01-01, for papers that name no moment: a fixed one, so that their bytes stay the same."""


def pdf(
    template: str, values: Mapping[str, Any], *, lang: str = "zh", made_at: int = 0, by_hand: bool = False
) -> bytes:
    """A paper as PDF/A-2a.

    `template`: the name of a file in `templates` without its ending · `values`: texts, whole numbers, booleans, lists and
    mappings of these · `made_at`: the moment that stands in the file (microseconds UTC), the same for the same paper ·
    `by_hand`: leave characters that the fonts lack open (an empty square) instead of refusing.

    Thread-safe; a few milliseconds of one core, most of them without Python's lock. Raises Refused `glyphs_missing`.
    """
    given = _checked(values, lang, by_hand=by_hand)
    with _lock:
        made = _compiler().compile(
            TEMPLATES / f"{template}.typ", format="pdf", sys_inputs=given, pdf_standards=list(STANDARDS),
            timestamp=made_at // MICROS_PER_SECOND or _FIRST_DAY_SECONDS,
        )  # fmt: skip
    return _one(made)


def png(
    template: str, values: Mapping[str, Any], *, lang: str = "zh", dots_per_inch: int = 144, by_hand: bool = False
) -> bytes:
    """The first page of a paper as a picture; see `pdf`."""
    given = _checked(values, lang, by_hand=by_hand)
    with _lock:
        made = _compiler().compile(TEMPLATES / f"{template}.typ", format="png", sys_inputs=given, ppi=dots_per_inch)
    return _one(made)


_lock = Lock()


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One compiler, kept warm: fonts are read once. What it sees of the disk is the templates' folder."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS[0].parent])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts)


def _checked(values: Mapping[str, Any], lang: str, *, by_hand: bool) -> dict[str, str]:
    """What the template is given; raises Refused `glyphs_missing`."""
    lacking = missing(dict(values))
    if lacking and not by_hand:
        raise Refused("glyphs_missing", characters="".join(lacking), points=named(lacking))
    given = {**left_open(dict(values)), "lang": lang, "open_points": named(lacking)}
    return {"values": json.dumps(given, ensure_ascii=False)}


def _one(made: bytes | list[bytes] | None) -> bytes:
    if isinstance(made, list):
        return made[0]
    assert made is not None, "typst writes to memory where no file is named"
    return made

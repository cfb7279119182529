"""Papers: certificates, plaques, cards, posters, statements and reports as PDF/A and as pictures, and the numbers by which
anybody checks them.

`pdf` and `png` print a template; `qr.svg` draws a code; `missing` tells which characters of a name the fonts lack.
"""

from __future__ import annotations

from api.papers import qr
from api.papers.cards import Card, cards
from api.papers.glyphs import missing
from api.papers.paper import Paper
from api.papers.posters import Poster, poster
from api.papers.press import pdf, png

__all__ = ["Card", "Paper", "Poster", "cards", "missing", "pdf", "png", "poster", "qr"]

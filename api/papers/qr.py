"""QR codes as SVG: for papers, and for pages that show one (their address, never inline: the pages' CSP stays strict)."""

from __future__ import annotations

import io

import segno

QUIET_MODULES = 4
"""The white margin that ISO/IEC 18004 §6.3.8 asks for: without it telephones do not find the code."""


def svg(text: str, *, light: str | None = "#fff") -> str:
    """The QR code of a text as an SVG document with its quiet zone, as large as its frame; black on `light` (None: on nothing).

    Error correction is at least M (15 % may be dirty or torn), more where it costs no further module. Raises
    segno.DataOverflowError for more than a code can hold (2,331 bytes).
    """
    written = io.BytesIO()
    code = segno.make_qr(text, error="m", boost_error=True)
    code.save(written, kind="svg", border=QUIET_MODULES, xmldecl=False, omitsize=True, light=light, svgclass=None,
              lineclass=None, nl=False)  # fmt: skip
    return written.getvalue().decode("utf-8")

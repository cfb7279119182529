"""What ISO 19005-2 (PDF/A-2a) asks of a file, as far as it can be read off the file itself without a validator."""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FORBIDDEN = (b"/Encrypt", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/LZWDecode")


def objects_of(pdf: bytes) -> bytes:
    """The file with all its compressed streams laid open."""
    found = [pdf]
    for match in _STREAM.finditer(pdf):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(found)


def faults_of(pdf: bytes) -> list[str]:
    """What is missing or forbidden; empty for a file that may go into an archive."""
    told = objects_of(pdf)
    faults = [f"forbidden: {name.decode()}" for name in _FORBIDDEN if name in told]
    needed = {
        "XMP says part 2": rb"<pdfaid:part>2</pdfaid:part>",
        "XMP says conformance A": rb"<pdfaid:conformance>A</pdfaid:conformance>",
        "XMP says PDF/UA-1": rb"<pdfuaid:part>1</pdfuaid:part>",
        "an output intent": rb"/S\s*/GTS_PDFA1",
        "a colour profile in it": rb"/DestOutputProfile\s+\d+ 0 R",
        "a language": rb"/Lang\s*\(",
        "a tree of structure": rb"/StructTreeRoot",
        "marked content": rb"/Marked true",
        "a file identifier": rb"/ID\s*\[",
    }
    faults += [f"missing: {what}" for what, pattern in needed.items() if not re.search(pattern, told)]
    fonts = len(re.findall(rb"/Type\s*/FontDescriptor", told))
    embedded = len(re.findall(rb"/FontFile[23]?\s+\d+ 0 R", told))
    if not fonts or fonts != embedded:
        faults.append(f"fonts: {fonts}, embedded: {embedded}")
    if len(re.findall(rb"/Subtype\s*/Type0", told)) != len(re.findall(rb"/ToUnicode\s+\d+ 0 R", told)):
        faults.append("a font whose letters cannot be copied out")
    return faults


def pages_of(pdf: bytes) -> int:
    """How many pages the file has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", objects_of(pdf)))

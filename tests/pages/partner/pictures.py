"""Photos as phones make them, with everything that phones write beside the picture."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms, PngImagePlugin

LATITUDE_OF_A_HOME = b"31 deg 19 min"
SECRETS = (b"GPS", b"PhoneMaker", b"taken at home", b"http://ns.adobe.com", b"Exif", LATITUDE_OF_A_HOME, b"ICC_PROFILE")
_ORIENTATION, _MAKE, _GPS = 0x0112, 0x010F, 0x8825
TURNED_RIGHT = 6


def plain(width: int = 320, height: int = 200, colour: str = "#cc3300") -> Image.Image:
    """A picture whose left upper corner is white, so that one sees how it is turned."""
    made = Image.new("RGB", (width, height), colour)
    made.paste("white", (0, 0, width // 4, height // 4))
    return made


def from_a_phone(width: int = 320, height: int = 200, *, kind: str = "JPEG", colour: str = "#cc3300") -> bytes:
    """A photo taken upright, stored lying, with place, maker, comment, an XMP packet and a colour profile."""
    exif = Image.Exif()
    exif[_ORIENTATION] = TURNED_RIGHT
    exif[_MAKE] = "PhoneMaker"
    place = exif.get_ifd(_GPS)
    place[1], place[2], place[3], place[4] = "N", (31.0, 19.0, 5.0), "E", (120.0, 37.0, 4.0)
    place[29] = LATITUDE_OF_A_HOME.decode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, object] = {"icc_profile": profile, "exif": exif}
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_text("Comment", "taken at home")
        told.add_itxt("XML:com.adobe.xmp", "http://ns.adobe.com/xap/1.0/")
        more["pnginfo"] = told
    else:
        more["xmp"] = b"http://ns.adobe.com/xap/1.0/"
    if kind == "JPEG":
        more["comment"] = b"taken at home"
    out = BytesIO()
    plain(width, height, colour).save(out, kind, **more)
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large: a bomb if anybody believed it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def part(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 100)) + part(b"IEND", b"")

"""Photos as they come in: bounded, decoded to be sure of what they are, and written anew so that nothing else is left.

What is kept is a picture of ours: upright, in plain colours, at most 1,600 pixels long, with none of what a camera or a
program puts beside it (where and when, by which device, comments, an earlier state as a small picture). A file is judged by
decoding it and never by its name. `Photos` of `ledger.vault_photos` keeps what comes out of here.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

from PIL import Image, ImageCms, ImageOps
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from api.limits import MAX_PHOTOS_BYTES
from ledger.errors import NuanlinError, Refused, TooMany
from ledger.vault_photos import Photo

MIB = 1024 * 1024
MOST_PHOTOS = 3
"""In one form (choice)."""
MOST_PHOTO_BYTES = 12 * MIB
"""Of one file (choice): what phones of today write, and some."""
MOST_FORM_BYTES = MAX_PHOTOS_BYTES
"""Of one form (choice); `api.limits` refuses more before anything is read."""
_MOST_PIXELS = {"JPEG": 52_000_000, "MPO": 52_000_000, "PNG": 12_000_000, "WEBP": 12_000_000}
"""Before decoding (choice). What is packed without loss can be a bomb of a few kilobytes, hence less."""
_MOST_UNPACKED_WHOLE = 24_000_000
"""Pixels of a progressive or four-coloured JPEG: these are held whole and cannot be unpacked at a half (choice)."""
_LONG, _SMALL = 1600, 240
_QUALITY, _SMALL_QUALITY = 80, 68
_AT_ONCE, _UNDER_WAY, _OF_ONE, _PATIENCE_SECONDS = 4, 16, 2, 120
"""So many forms have their photos unpacked at a time; so many are read or wait for that, and so many of one sender; so long
one may take to be read (choice). A form that comes drop by drop is in the way of its sender alone."""

_slots = asyncio.Semaphore(_AT_ONCE)
_senders: Counter[str] = Counter()
_decoding = threading.Lock()
"""One picture is unpacked at a time: the largest takes some hundred megabytes."""


class _InMemory(MultiPartParser):
    """Files stay in memory: a photo of somebody's kitchen is not written to a disk in clear."""

    spool_max_size = MOST_FORM_BYTES


@asynccontextmanager
async def form_with_photos(request: Request, sender: str) -> AsyncIterator[FormData]:
    """A form that may bring photos, from `sender`; its files are closed at the end. What is done with them belongs inside.

    Raises Refused (`photo_too_many`, `photo_form_broken`, `photo_too_slow`), TooMany `photo_busy` while others of the same
    sender, or very many of all, are on their way.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refused("photo_form_broken")
    if _senders[sender] >= _OF_ONE or _senders.total() >= _UNDER_WAY:
        raise TooMany("photo_busy")
    _senders[sender] += 1
    try:
        form = await _read(request)
        try:
            async with _slots:
                yield form
        finally:
            await form.close()
    finally:
        _senders[sender] -= 1
        if not _senders[sender]:
            del _senders[sender]


async def _read(request: Request) -> FormData:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await _InMemory(request.headers, request.stream(), max_files=MOST_PHOTOS + 1, max_fields=20).parse()
    except TimeoutError:
        raise Refused("photo_too_slow", seconds=_PATIENCE_SECONDS) from None
    except MultiPartException as problem:
        code = "photo_too_many" if "Too many files" in problem.message else "photo_form_broken"
        raise Refused(code, most=MOST_PHOTOS) from None


def taken_in(upload: bytes) -> Photo:
    """A photo as we keep it, from a file as it came; the same file always gives the same bytes.

    Raises Refused (`photo_too_large`, `photo_unreadable`, `photo_too_many_pixels`).
    """
    if len(upload) > MOST_PHOTO_BYTES:
        raise Refused("photo_too_large", most=MOST_PHOTO_BYTES // MIB)
    with _decoding:
        try:
            shown = _decoded(upload)
            body, small = _written(shown, _LONG, _QUALITY), _written(shown, _SMALL, _SMALL_QUALITY)
        except NuanlinError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refused("photo_too_many_pixels", most=max(_MOST_PIXELS.values()) // 1_000_000) from None
        except Exception:  # noqa: BLE001  # whatever a decoder stumbles over, it is no photo we can show
            raise Refused("photo_unreadable") from None
    return Photo(body, small, hashlib.sha256(body).hexdigest())


def _decoded(upload: bytes) -> Image.Image:
    """The picture, upright, in plain colours, not much larger than it is kept."""
    with Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as opened:
        width, height = opened.size
        most = _MOST_PIXELS[str(opened.format)]
        if "progressive" in opened.info or opened.mode == "CMYK":
            most = min(most, _MOST_UNPACKED_WHOLE)
        if width * height > most:
            raise Refused("photo_too_many_pixels", most=most // 1_000_000)
        # JPEG can be unpacked at a half, a quarter or an eighth: less memory, and quicker.
        opened.draft("RGB", (_LONG, _LONG))
        opened.load()
        profile = opened.info.get("icc_profile")
        upright = _upright(opened)
    upright.thumbnail((_LONG, _LONG), Image.Resampling.LANCZOS)
    return _in_plain_colours(upright, profile)


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera noted; a note that cannot be read turns nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, OverflowError):
        return picture.copy()


def _in_plain_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB as every screen takes it, on white where it was transparent; a new picture that carries nothing along."""
    if picture.mode not in ("RGB", "L", "CMYK"):
        whole = picture.convert("RGBA")
        picture = Image.new("RGB", whole.size, "white")
        picture.paste(whole, mask=whole.getchannel("A"))
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = turned or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            picture = picture.convert("RGB")
    clean = Image.new("RGB", picture.size)
    clean.paste(picture.convert("RGB"))
    return clean


def _written(picture: Image.Image, longest: int, quality: int) -> bytes:
    sized = picture.copy()
    sized.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    out = BytesIO()
    sized.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()

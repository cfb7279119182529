"""Photos as they come in: decoded, upright, smaller, without a word beside the picture; whatever else is refused."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from api import photos
from api.photos import taken_in
from ledger.errors import Refused
from tests.pages.partner.pictures import SECRETS, claiming, from_a_phone, plain


def opened(body: bytes) -> Image.Image:
    return Image.open(BytesIO(body))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_a_phone_writes_beside_the_picture_is_left(kind: str) -> None:
    upload = from_a_phone(kind=kind)
    assert any(secret in upload for secret in SECRETS), "the upload tells nothing, so the test would show nothing"

    kept = taken_in(upload)

    for body in (kept.body, kept.small):
        assert [secret for secret in SECRETS if secret in body] == []
        assert opened(body).getexif() == {}
        assert set(opened(body).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_every_phone_secret_is_in_the_upload_that_is_cleaned() -> None:
    upload = from_a_phone()

    assert [secret for secret in SECRETS if secret not in upload and secret != b"GPS"] == []


def test_a_photo_that_was_stored_lying_stands_upright() -> None:
    kept = opened(taken_in(from_a_phone(320, 200)).body)

    assert kept.size == (200, 320)
    # Turned to the right, the white corner is at the right above.
    corners = kept.convert("L").crop((190, 10, 191, 11)).tobytes() + kept.convert("L").crop((10, 10, 11, 11)).tobytes()
    assert corners[0] > 240
    assert corners[1] < 200


def test_a_large_photo_becomes_small_and_smaller() -> None:
    out = BytesIO()
    plain(4000, 3000).save(out, "JPEG")

    kept = taken_in(out.getvalue())

    assert opened(kept.body).size == (1600, 1200)
    assert opened(kept.small).size == (240, 180)
    assert len(kept.small) < 20_000


def test_what_is_kept_is_what_the_digest_says_and_always_the_same() -> None:
    upload = from_a_phone()

    kept = taken_in(upload)

    assert kept.sha256 == hashlib.sha256(kept.body).hexdigest()
    assert taken_in(upload) == kept


def test_what_was_transparent_is_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")

    assert opened(taken_in(out.getvalue()).body).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "I;16"])
def test_pictures_of_other_colours_are_taken_too(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (40, 30)).save(out, "JPEG" if mode in ("L", "CMYK") else "PNG")

    assert opened(taken_in(out.getvalue()).body).mode == "RGB"


@pytest.mark.parametrize(
    "upload",
    [
        b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40, b"%PDF-1.7", from_a_phone()[:2000], b"\xff\xd8\xff" + b"\0" * 500,
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_by_decoding_it(upload: bytes) -> None:
    with pytest.raises(Refused, match="photo_unreadable"):
        taken_in(upload)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP"])
def test_other_kinds_of_pictures_are_refused_whatever_they_are_called(kind: str) -> None:
    out = BytesIO()
    plain().save(out, kind)

    with pytest.raises(Refused, match="photo_unreadable"):
        taken_in(out.getvalue())


@pytest.mark.parametrize("side", [4_100, 9_000, 12_000, 60_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    bomb = claiming(side, side)
    assert len(bomb) < 200

    with pytest.raises(Refused, match="photo_too_many_pixels"):
        taken_in(bomb)


@pytest.mark.parametrize(
    ("mode", "kind", "more"),
    [("L", "JPEG", {"progressive": True}), ("CMYK", "JPEG", {}), ("L", "PNG", {}), ("RGB", "WEBP", {"quality": 1})],
)
def test_what_is_unpacked_whole_may_have_fewer_pixels(mode: str, kind: str, more: dict[str, object]) -> None:
    side = 4_950 if kind == "JPEG" else 3_550  # a little more than 24, and than 12 megapixels
    out = BytesIO()
    Image.new(mode, (side, side)).save(out, kind, **more)

    with pytest.raises(Refused, match="photo_too_many_pixels"):
        taken_in(out.getvalue())


def test_what_phones_write_may_have_more_pixels() -> None:
    out = BytesIO()
    Image.new("L", (5_000, 5_000)).save(out, "JPEG")

    assert taken_in(out.getvalue()).body


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST_PHOTO_BYTES", 500)

    with pytest.raises(Refused, match="photo_too_large"):
        taken_in(from_a_phone())

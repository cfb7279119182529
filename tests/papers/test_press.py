"""What comes out of the press: files for an archive, the same bytes every time, and no letter lost on the way."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typst
from PIL import Image, ImageChops

from api.papers import glyphs, qr
from api.papers.paper import Paper
from ledger.errors import Refused
from tests.papers.archival import faults_of, objects_of, pages_of
from tests.papers.samples import a_certificate, a_plaque, a_poster, a_report, a_statement, all_of, some_cards

GOLDEN = Path(__file__).parent / "golden" / "certificate.png"
DOTS = 40
RARE = "𠮷"
MANY = 1 << 10
"""Of the grey steps of a picture: how far it may be from the golden one, all dots together."""


def difference(first: bytes, second: bytes) -> int:
    """How far two pictures are apart: grey steps beyond a little noise, over all dots; sizes must be the same."""
    one, other = (Image.open(io.BytesIO(made)).convert("L") for made in (first, second))
    assert one.size == other.size
    counted = ImageChops.difference(one, other).histogram()
    return sum(step * count for step, count in enumerate(counted) if step > 8)


# ---- archives ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_paper_may_go_into_an_archive(lang: str) -> None:
    for paper in all_of(lang):
        assert (paper.template, faults_of(paper.pdf())) == (paper.template, [])


def test_a_file_that_may_not_is_noticed(tmp_path: Path) -> None:
    source = tmp_path / "plain.typ"
    source.write_text('#set text(font: "Noto Sans SC")\n证书', encoding="utf-8")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[glyphs.FONTS[0].parent])
    plain = typst.Compiler(root=tmp_path, font_paths=fonts).compile(source, format="pdf", timestamp=1)
    assert isinstance(plain, bytes)
    assert "missing: an output intent" in faults_of(plain)
    assert "missing: XMP says part 2" in faults_of(plain)
    assert faults_of(a_certificate().pdf().replace(b"/FontFile3 ", b"/FontFoil3 ")) != []


def test_the_same_paper_has_the_same_bytes_on_any_day() -> None:
    first, second = a_certificate(), a_certificate()
    assert first.pdf() == second.pdf()
    assert first.png(dots_per_inch=DOTS) == second.png(dots_per_inch=DOTS)
    assert first.pdf() != a_certificate("李师傅").pdf()


def test_people_at_once_get_their_own_papers() -> None:
    names = [f"王阿姨{n}" for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        at_once = list(pool.map(lambda name: a_certificate(name).pdf(), names))
    assert at_once == [a_certificate(name).pdf() for name in names]
    assert len(set(at_once)) == len(names)


# ---- pictures ----------------------------------------------------------------------------------------------------------


def test_the_certificate_looks_as_it_did() -> None:
    assert difference(a_certificate().png(dots_per_inch=DOTS), GOLDEN.read_bytes()) <= MANY


@pytest.mark.parametrize("changed", ["name", "stars", "bar"])
def test_a_certificate_that_looks_otherwise_is_noticed(changed: str) -> None:
    paper = a_certificate("王阿娘" if changed == "name" else "王阿姨")
    if changed == "stars":
        paper.values["stars"] = 3
    if changed == "bar":
        paper.values["kinds"][1]["bar"] = 1000
    assert difference(paper.png(dots_per_inch=DOTS), GOLDEN.read_bytes()) > MANY


def test_the_golden_picture_is_small() -> None:
    assert GOLDEN.stat().st_size < 60_000


# ---- rare characters ---------------------------------------------------------------------------------------------------


def test_a_character_that_the_fonts_lack_is_told_and_nothing_is_printed() -> None:
    paper = a_certificate(f"王{RARE}")
    for make in (paper.pdf, paper.png):
        with pytest.raises(Refused) as refusal:
            make()
        assert refusal.value.code == "glyphs_missing"
        assert refusal.value.details["characters"] == RARE
    assert paper.missing == [RARE] and paper.missing_points == "U+20BB7"


def test_left_open_the_paper_has_a_square_to_write_in_and_says_which_character_belongs_there() -> None:
    paper = a_certificate(f"王{RARE}")
    made = paper.pdf(by_hand=True)
    assert faults_of(made) == []
    assert paper.png(by_hand=True, dots_per_inch=DOTS) != a_certificate("王").png(dots_per_inch=DOTS)
    assert glyphs.left_open({"name": [f"王{RARE}"]}) == {"name": ["王□"]}


@pytest.mark.parametrize("name", ["欧阳䶮", "古丽娜尔·买买提", "㛃㼆", "Zoë O'Neill", "朴志英"])
def test_names_that_are_seldom_but_known_are_printed_whole(name: str) -> None:
    assert a_certificate(name).missing == []
    assert faults_of(a_certificate(name).pdf()) == []


@pytest.mark.parametrize("told", ["葛\U000e0101", "王\u200d姨", "한글", "王\u0007"])
def test_nothing_is_dropped_in_silence(told: str) -> None:
    assert a_certificate(told).missing


def test_what_the_tables_say_is_what_the_press_can_draw() -> None:
    # The press itself refuses under PDF/A what its fonts cannot draw: a second net, which must never be needed.
    drawn = "".join(chr(one) for one in sorted(glyphs.covered()) if 0x4E00 <= one < 0x4E00 + 400)
    assert faults_of(a_certificate(drawn[:200]).pdf()) == []
    assert ord(RARE) not in glyphs.covered()


# ---- sheets and sizes --------------------------------------------------------------------------------------------------


def test_ten_cards_go_on_a_sheet_and_one_on_a_card() -> None:
    assert [pages_of(some_cards(count).pdf()) for count in (1, 10, 11, 21)] == [1, 1, 2, 3]
    assert pages_of(some_cards(3, sheet=False).pdf()) == 3


def test_a_plaque_for_the_printer_has_bleed_around_what_is_cut() -> None:
    told = objects_of(a_plaque().pdf())
    boxes = {
        name: [float(one) for one in values.split()]
        for name, values in re.findall(rb"/(MediaBox|TrimBox)\s*\[([^\]]+)\]", told)
    }
    millimetre = 72 / 25.4
    left, bottom, right, top = boxes[b"TrimBox"]
    assert round((right - left) / millimetre) == 600 and round((top - bottom) / millimetre) == 400
    assert left >= 3 * millimetre and boxes[b"MediaBox"][2] - right >= 3 * millimetre
    assert b"TrimBox" not in objects_of(a_plaque(marks=False).pdf())


@pytest.mark.parametrize("tier", ["bronze", "silver", "gold"])
def test_every_tier_has_its_plate(tier: str) -> None:
    assert faults_of(a_plaque(tier=tier).pdf()) == []


def test_long_lists_go_on_over_more_pages() -> None:
    assert pages_of(a_statement(rows=3).pdf()) == 1 < pages_of(a_statement(rows=60).pdf())
    assert pages_of(a_report(items=2).pdf()) == 1 < pages_of(a_report(items=60).pdf())


def test_a_large_poster_is_twice_the_small_one() -> None:
    def width(paper: Paper) -> int:
        return Image.open(io.BytesIO(paper.png(dots_per_inch=DOTS))).width

    assert round(width(a_poster(size="a3")) * 1000 / width(a_poster())) in range(1405, 1424)


# ---- codes -------------------------------------------------------------------------------------------------------------


def test_a_code_has_its_quiet_zone_and_scales_with_its_frame() -> None:
    drawn = qr.svg("https://nuanlin.example/xiangyun/board")
    assert drawn.startswith("<svg") and 'viewBox="0 0 ' in drawn and " width=" not in drawn.partition(">")[0]
    assert "style=" not in drawn and "<script" not in drawn
    assert 'fill="#fff"' in drawn and "#fff" not in qr.svg("x", light=None)

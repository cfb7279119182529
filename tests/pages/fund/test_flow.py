"""The picture of flows: bars as high as their money, bands that fill them, labels that fit."""

from __future__ import annotations

import re

from api.pages.fund.flow import Band, Drawn, Node, draw

NODES = [
    Node(key="in", label="捐款", column=0, tone="got"),
    Node(key="meals", label="助餐", column=1, tone="got"),
    Node(key="baths", label="助浴", column=1, tone="got"),
    Node(key="out", label="支出", column=2, tone="out"),
    Node(key="left", label="结余", column=2, tone="left"),
]
BANDS = [Band("in", "meals", 300), Band("in", "baths", 100), Band("meals", "out", 300), Band("baths", "left", 100)]


def ends(drawn: Drawn) -> list[tuple[int, int]]:
    """How thick every band is at its beginning and at its end."""
    found = []
    for path, _tone in drawn.bands:
        match = re.fullmatch(r"M\d+ (\d+)C\d+ \d+ \d+ (\d+) \d+ \d+V(\d+)C\d+ \d+ \d+ (\d+) \d+ (\d+)Z", path)
        assert match is not None, path
        top_left, top_right, low_right, _, low_left = map(int, match.groups())
        found.append((low_left - top_left, low_right - top_right))
    return found


def test_a_bar_is_as_high_as_its_money() -> None:
    for drawn in draw(NODES, BANDS):
        heights = {bar.label: bar.height for bar in drawn.bars}
        assert heights["助餐"] == 3 * heights["助浴"]
        assert heights["捐款"] == heights["助餐"] + heights["助浴"]


def test_bands_fill_the_bars_at_both_ends() -> None:
    for drawn in draw(NODES, BANDS):
        heights = {bar.label: bar.height for bar in drawn.bars}
        into_items, out_of_items = ends(drawn)[:2], ends(drawn)[2:]
        assert sum(first for first, _ in into_items) == heights["捐款"]
        assert [second for _, second in into_items] == [heights["助餐"], heights["助浴"]]
        assert [first for first, _ in out_of_items] == [heights["助餐"], heights["助浴"]]


def test_everything_stands_inside_the_picture() -> None:
    for drawn in draw(NODES, BANDS):
        for bar in drawn.bars:
            assert bar.x >= 0
            assert bar.x + 14 <= drawn.width
            assert bar.label_y > 0
            assert bar.y + bar.height <= drawn.height


def test_what_nobody_moved_is_not_drawn() -> None:
    assert draw(NODES, [Band("in", "meals", 0)]) == []
    only = draw(NODES, [Band("in", "meals", 5), Band("meals", "out", 5)])
    assert {bar.label for bar in only[0].bars} == {"捐款", "助餐", "支出"}


def test_the_smallest_gift_is_still_seen() -> None:
    (phone, _desk) = draw(
        NODES, [*BANDS[:1], Band("in", "baths", 100_000_000), Band("baths", "left", 100_000_000), BANDS[2]]
    )

    assert min(bar.height for bar in phone.bars) >= 3
    assert min(min(thick) for thick in ends(phone)) >= 1


def test_a_long_name_is_shortened_on_a_phone_alone() -> None:
    nodes = [*NODES[:1], Node(key="meals", label="困难老人三餐上门配送服务", column=1, tone="got"), *NODES[3:]]
    phone, desk = draw(nodes, [Band("in", "meals", 5), Band("meals", "out", 5)])

    assert [bar.label for bar in phone.bars][1].endswith("…")
    assert "困难老人三餐上门配送服务" in [bar.label for bar in desk.bars]

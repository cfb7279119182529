"""The documentation: every page is in the index, and every link to a file of the tree leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.means import ROOT, named

PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "README.zh-CN.md"])


def links(page: Path) -> list[str]:
    """The files of the tree that a page links to or shows, without anchors."""
    targets = re.findall(r"\]\(([^)\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    return [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert [target for target in links(page) if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target).resolve() for target in links(index)}
    assert [named(page) for page in PAGES if page != index and page not in listed] == []


def test_every_target_of_make_is_in_the_readme() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [target for target in targets if f"make {target}" not in told and target not in {"help", "clean"}] == []

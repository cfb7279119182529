"""How the sweeps look at a page: what axe finds, what is too small to press, what is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.house.browser import tab
from tests.pages.catalogue import PAGES
from tests.pages.catalogue.seen import Seen
from tests.pages.world import World

LOOKED_AT = tuple(seen for seen in PAGES if seen.status == 200 and seen.name != "own-data")
_CONTRAST: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}

SMALL = """() => {
  const typed = 'input:not([type=hidden]):not([type=radio]):not([type=checkbox])';
  const pressed = `a[href], button, select, summary, textarea, ${typed}, label:has([type=radio], [type=checkbox])`;
  // A link whose ::after covers its whole card is as large as the card.
  const covering = one => getComputedStyle(one, '::after').position === 'absolute';
  const box = one => (covering(one) ? one.closest('.stat') || one : one).getBoundingClientRect();
  const shown = one => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden'
    && box(one).right > 0 && box(one).bottom > 0;
  const inText = one => one.tagName === 'A' && getComputedStyle(one).display === 'inline';
  return [...document.querySelectorAll(pressed)]
    .filter(one => shown(one) && !inText(one) && !one.closest('.hide, .skip'))
    .filter(one => box(one).height < 47.5 || box(one).width < 47.5).map(one => one.outerHTML.slice(0, 110));
}"""
"""What is pressed and smaller than 48 points; links inside running text are text (WCAG 2.5.8, inline)."""

WIDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


def violations(page: Page, *, contrast: bool = False) -> list[str]:
    """What axe finds: rule, and where; `contrast` asks for the colours alone."""
    found = Axe().run(page, options=_CONTRAST if contrast else None).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found]


@contextmanager
def signed_in(browser: Browser, address: str, world: World, who: str, **how: Any) -> Iterator[Page]:
    """A page of somebody who is signed in; "" is nobody."""
    with tab(browser, **how) as page:
        if who:
            answer = page.context.request.post(
                f"{address}/sign-in", form={"token": world.tokens[who], "ledger": world.ledger}
            )
            assert answer.ok, answer.status
        yield page


def by_visitor(pages: Iterable[Seen] = LOOKED_AT) -> dict[str, list[Seen]]:
    """The pages by who looks, so that everybody signs in once."""
    found: dict[str, list[Seen]] = {}
    for seen in pages:
        found.setdefault(seen.who, []).append(seen)
    return found


def in_language(address: str, lang: str) -> str:
    """An address with its language."""
    before, mark, anchor = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}lang={lang}{mark}{anchor}"

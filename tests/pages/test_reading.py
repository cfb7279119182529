"""What holds for every page: both languages, no barrier that axe finds, little weight, nothing from elsewhere, any zoom."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient

from api.pages.assets import asset_url, assets
from tests.pages.cast import LEDGER, Community

PUBLIC = (
    "",
    "board",
    "board?status=closed",
    "funds",
    "funds/nuanxing",
    "wall",
    "wall?measure=unit_requests",
    "nowhere",
)
PRESSED = "button, select, summary, input:not([type=hidden]):not([type=radio]), .btn, .tabs a, .tools a, .picks a, .ways label"
FIRST_VISIT_BYTES, LATER_VISIT_BYTES = 60 * 1024, 15 * 1024

Enter = Callable[[Page, str], None]
pytestmark = pytest.mark.usefixtures("community")


def pages_of(community: Community) -> list[str]:
    """Addresses of every kind of page, those that need signing in among them."""
    ids = community.ids
    return [
        *(f"/{LEDGER}/{path}" for path in PUBLIC),
        f"/{LEDGER}/requests/{ids['done']}",
        f"/{LEDGER}/requests/{ids['lamp']}",
        f"/{LEDGER}/members/{ids['wang']}",
        f"/{LEDGER}/wall/why?measure=volunteer_minutes&subject={ids['wang']}",
        f"/sign-in?ledger={LEDGER}",
        f"/{LEDGER}/why?figure=stats.minutes.earned",
        f"/{LEDGER}/why?figure=fund:nuanxing:income&at={community.head()}",
        f"/{LEDGER}/why?figure=member:{ids['wang']}:lifetime",
        f"/{LEDGER}/event/{community.deposited()}",
        f"/{LEDGER}/event/1",
        f"/{LEDGER}/members/{ids['wang']}?at={community.deposited()}",
        f"/{LEDGER}/funds/nuanxing?at={community.head()}",
    ]


def violations(page: Page) -> list[str]:
    """What axe finds: rule, and where."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found]


class Parts(HTMLParser):
    """Collects what a strict policy forbids, and every address a page loads or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.addresses: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note inline styles, handlers and scripts, and addresses."""
        given = dict(attrs)
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []
        self.addresses += [str(given[name]) for name in ("href", "src", "action") if given.get(name)]


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_barrier(
    page: Page, community: Community, address: str, enter: Enter, lang: str, theme: str
) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    enter(page, "wang")
    found = {}
    for path in pages_of(community):
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={lang}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found[path] = violations(page)

    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.browser
def test_axe_notices_a_barrier_that_is_put_in(page: Page, address: str) -> None:
    page.goto(f"{address}/{LEDGER}/board")
    page.evaluate("document.querySelector('label[for=kind]').remove(); document.body.style.color = '#ddd'")

    found = violations(page)

    assert any(one.startswith("select-name") for one in found)


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_off_at_four_times_the_size(
    page: Page, community: Community, address: str, enter: Enter, lang: str
) -> None:
    # 1280 by 1024 at 400 % is 320 by 256 of what CSS counts as points.
    page.set_viewport_size({"width": 320, "height": 256})
    enter(page, "wang")
    wide = {}
    for path in pages_of(community):
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={lang}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide[path] = over

    assert wide == {}


@pytest.mark.browser
def test_what_is_pressed_is_at_least_48_points_high(
    phone: Page, community: Community, address: str, enter: Enter
) -> None:
    enter(phone, "wang")
    small = {}
    for path in pages_of(community):
        phone.goto(address + path)
        found = phone.evaluate(
            """pressed => [...document.querySelectorAll(pressed)].filter(one => one.getBoundingClientRect().width > 0
            && one.getBoundingClientRect().height < 47.5).map(one => one.outerHTML.slice(0, 80))""",
            PRESSED,
        )
        if found:
            small[path] = found

    assert small == {}
    assert phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 18


@pytest.mark.browser
def test_a_first_visit_and_a_later_one_weigh_little(
    browser: Browser, community: Community, address: str, enter: Enter
) -> None:
    # A page of its own: one whose requests are watched by the test's fixture keeps nothing in the browser's cache.
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    received: list[int] = []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.goto(f"{address}/{LEDGER}/", wait_until="networkidle")
    first = sum(received)
    enter(page, "wang")
    page.wait_for_load_state("networkidle")
    later = {}
    for path in pages_of(community):
        received.clear()
        page.goto(address + path, wait_until="networkidle")
        later[path] = sum(received)
    context.close()

    assert 5_000 < first <= FIRST_VISIT_BYTES
    assert {path: size for path, size in later.items() if size > LATER_VISIT_BYTES} == {}


@pytest.mark.browser
def test_the_switch_of_language_is_in_sight_and_is_remembered(phone: Page, address: str) -> None:
    phone.goto(f"{address}/{LEDGER}/board?kind=wish")
    assert phone.locator("html").get_attribute("lang") == "zh-CN"
    switch = phone.get_by_role("link", name="English")
    assert switch.bounding_box() is not None

    switch.click()

    assert phone.locator("html").get_attribute("lang") == "en"
    assert phone.locator("#kind").input_value() == "wish"
    phone.goto(f"{address}/{LEDGER}/wall")
    assert phone.get_by_role("heading", level=1).inner_text() == "Honour wall"
    phone.get_by_role("link", name="中文").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "光荣榜"


def test_pages_hold_nothing_inline_and_lead_nowhere_else(
    signed_in: Callable[[str], TestClient], community: Community
) -> None:
    client = signed_in("wang")
    for path in pages_of(community):
        answer = client.get(path)
        parts = Parts()
        parts.feed(answer.text)
        assert parts.inline == [], path
        assert [one for one in parts.addresses if not one.startswith(("/", "#")) or one.startswith("//")] == [], path
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_of_the_pages_is_in_the_locale_files(
    signed_in: Callable[[str], TestClient], community: Community, lang: str
) -> None:
    client = signed_in("wang")
    for path in pages_of(community):
        shown = client.get(path + ("&" if "?" in path else "?") + f"lang={lang}").text
        # A key that has no text is shown as it is; a figure that was not given keeps its braces.
        assert (
            re.findall(r"(?:pages|words|errors)\.[a-z_]+(?:\.[a-z_]+)?|\{[a-z_]+\}", shown.partition("<body>")[2]) == []
        ), path


def test_every_page_in_english_is_english(client: TestClient) -> None:
    # Names and texts of the cast are Chinese; the frame around them is not.
    shown = client.get(f"/{LEDGER}/nowhere?lang=en").text.partition("<main")[2].partition("</main>")[0]

    assert "Page not found" in shown
    assert re.findall("[\u4e00-\u9fff]", shown) == []


def test_static_files_are_asked_for_once_and_changed_ones_anew(client: TestClient) -> None:
    kept = client.get(asset_url("app.css"))
    other = client.get(asset_url("app.css").replace("app.", "app.0"))

    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["content-encoding"] == "gzip"
    assert kept.headers["content-type"].startswith("text/css")
    assert other.status_code == 404


def test_every_icon_that_a_page_uses_is_drawn(signed_in: Callable[[str], TestClient], community: Community) -> None:
    drawn = set(re.findall(r'symbol id="([a-z-]+)"', assets()["icons.svg"].body.decode()))
    client = signed_in("wang")
    used = {name for path in pages_of(community) for name in re.findall(r"\.svg#([a-z-]+)", client.get(path).text)}

    assert used
    assert used - drawn == set()

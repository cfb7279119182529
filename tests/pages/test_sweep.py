"""What holds for every page of every face: nothing is forgotten, no barrier, no raw word, any zoom, little weight."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser
from starlette.routing import Match

from api.pages.forms.all import BY_NAME
from api.pages.routes import page_router
from tests.house.serving import serving
from tests.pages.catalogue import PAGES
from tests.pages.sweep import LOOKED_AT, SMALL, WIDE, by_visitor, in_language, signed_in, violations
from tests.pages.test_reading import FIRST_VISIT_BYTES, LATER_VISIT_BYTES, Parts
from tests.pages.world import World

RAW = re.compile(
    r"(?:pages|words|errors|sampling|asof|privacy|api|papers)\.[a-z_]+\.[a-z_.]+|\{[a-z_]+\}|Undefined|None</"
)


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """Where a real server shows the street."""
    with serving(world.app) as found:
        yield found


def page_routes(world: World) -> list[APIRoute]:
    """Every page that is asked for by GET."""
    routes = page_router(world.store).routes
    return [route for route in routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())]


def route_of(world: World, address: str) -> str:
    """The route that an address belongs to, as its path template."""
    scope = {"type": "http", "method": "GET", "path": address.partition("?")[0], "root_path": "", "headers": []}
    return next((route.path for route in page_routes(world) if route.matches(scope)[0] is Match.FULL), "")


def test_no_page_is_missing_from_the_catalogue(world: World) -> None:
    listed = {route_of(world, seen.address(world)) for seen in PAGES}

    assert sorted({route.path for route in page_routes(world)} - listed) == []
    forms = {seen.address(world).partition("/do/")[2].partition("?")[0] for seen in PAGES}
    assert sorted(BY_NAME.keys() - forms) == []
    names = [seen.name for seen in PAGES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_page_answers_as_it_says(world: World) -> None:
    found = {}
    for who, pages in by_visitor(PAGES).items():
        client = world.client(who)
        for seen in pages:
            status = client.get(seen.address(world)).status_code
            if status != seen.status:
                found[seen.name] = status
    assert found == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_shows_a_raw_word_or_holds_anything_inline(world: World, lang: str) -> None:
    raw: dict[str, list[str]] = {}
    for who, pages in by_visitor().items():
        client = world.client(who, lang)
        for seen in pages:
            answer = client.get(seen.address(world))
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            parts = Parts()
            parts.feed(answer.text)
            foreign = [one for one in parts.addresses if not one.startswith(("/", "#")) or one.startswith("//")]
            found = RAW.findall(answer.text.partition("<body")[2]) + parts.inline + foreign
            if found:
                raw[seen.name] = found[:5]
    assert raw == {}


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_no_barrier_in_either_theme(browser: Browser, address: str, world: World, lang: str) -> None:
    found: dict[str, list[str]] = {}
    for who, pages in by_visitor().items():
        with signed_in(browser, address, world, who) as page:
            for seen in pages:
                page.emulate_media(color_scheme="light")
                page.goto(address + in_language(seen.address(world), lang))
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                wrong = violations(page)
                # A theme changes colours and nothing else.
                page.emulate_media(color_scheme="dark")
                wrong += violations(page, contrast=True)
                if wrong:
                    found[seen.name] = wrong
    assert found == {}


@pytest.mark.browser
def test_axe_notices_a_barrier_in_either_theme(browser: Browser, address: str, world: World) -> None:
    with signed_in(browser, address, world, "") as page:
        page.goto(f"{address}/{world.ledger}/board")
        page.evaluate("document.querySelector('label[for=kind]').remove()")
        assert any(one.startswith("select-name") for one in violations(page))
        page.evaluate(
            "const sheet = new CSSStyleSheet();"
            "sheet.replaceSync('@media (prefers-color-scheme: dark) { main { color: #2a2a2a } }');"
            "document.adoptedStyleSheets = [sheet]"
        )
        assert violations(page, contrast=True) == []
        page.emulate_media(color_scheme="dark")
        assert any(one.startswith("color-contrast") for one in violations(page, contrast=True))


@pytest.mark.browser
def test_everything_is_there_at_four_times_the_size(browser: Browser, address: str, world: World) -> None:
    wide: dict[str, int] = {}
    for who, pages in by_visitor().items():
        # 1280 by 1024 at 400 % is 320 by 256 of what CSS counts as points.
        with signed_in(browser, address, world, who, width=320, height=256) as page:
            for seen in pages:
                for lang in ("zh", "en"):
                    page.goto(address + in_language(seen.address(world), lang))
                    if (over := page.evaluate(WIDE)) > 0:
                        wide[f"{seen.name} {lang}"] = over
    assert wide == {}


@pytest.mark.browser
def test_what_is_pressed_is_large_and_text_is_not_small(browser: Browser, address: str, world: World) -> None:
    small: dict[str, list[str]] = {}
    for who, pages in by_visitor().items():
        with signed_in(browser, address, world, who, width=360, height=740) as page:
            for seen in pages:
                page.goto(address + seen.address(world))
                if page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") < 18:
                    small[f"{seen.name}: text"] = []
                if found := page.evaluate(SMALL):
                    small[seen.name] = found[:4]
    assert small == {}


@pytest.mark.browser
def test_a_button_that_is_too_small_is_noticed(browser: Browser, address: str, world: World) -> None:
    with signed_in(browser, address, world, "", width=360, height=740) as page:
        page.goto(f"{address}/{world.ledger}/board")
        page.evaluate("document.querySelector('.filters .btn').className = ''")
        assert page.evaluate(SMALL)


@pytest.mark.browser
def test_no_visit_weighs_much(browser: Browser, address: str, world: World) -> None:
    heavy: dict[str, int] = {}
    for who, pages in by_visitor().items():
        for seen in pages:
            # A context of its own has an empty cache; one whose requests a fixture watches would keep nothing.
            context = browser.new_context(locale="zh-CN")
            if who:
                form: dict[str, str | float | bool] = {"token": world.tokens[who], "ledger": world.ledger}
                assert context.request.post(f"{address}/sign-in", form=form).ok
            page = context.new_page()
            received: list[int] = []
            client = context.new_cdp_session(page)
            client.send("Network.enable")
            client.on(
                "Network.loadingFinished", lambda event, into=received: into.append(int(event["encodedDataLength"]))
            )
            for most in (FIRST_VISIT_BYTES, LATER_VISIT_BYTES):
                received.clear()
                page.goto(address + seen.address(world), wait_until="load")
                page.wait_for_timeout(50)
                if sum(received) > most:
                    heavy[f"{seen.name}, at most {most}"] = sum(received)
            context.close()
    assert heavy == {}


def test_there_is_something_to_look_at() -> None:
    assert len(LOOKED_AT) > 20

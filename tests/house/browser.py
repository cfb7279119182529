"""Chromium as the tests drive it: Debian's own, offline but for 127.0.0.1, in Chinese and in the community's zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = {"127.0.0.1", "localhost"}


@contextmanager
def chromium(executable: Path) -> Iterator[Browser]:
    """Give a headless Chromium; closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: Browser, *, javascript: bool = True, width: int = 1280, height: int = 800) -> Iterator[Page]:
    """Give an empty page with cookies of its own.

    :raises AssertionError: at the end, when the pages shown asked another machine for something, or a script failed.
    """
    foreign: list[str] = []
    failures: list[str] = []

    def only_here(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in {"http", "https"} and address.hostname not in HERE:
            foreign.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    context = browser.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        java_script_enabled=javascript,
        viewport={"width": width, "height": height},
    )
    try:
        context.route("**/*", only_here)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        yield page
    finally:
        context.close()
    assert not foreign, f"pages must work without the internet, but asked for {foreign}"
    assert not failures, f"scripts failed: {failures}"

"""The means the other tests rely on: real stores, a real browser, and a verdict when one is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.house import means

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def test_a_store_is_a_real_one_and_empty(store_url: str) -> None:
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("create table seen (n integer)"))
        connection.execute(text("insert into seen values (1)"))
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from seen")).scalar_one() == 1
    engine.dispose()


def test_a_database_is_gone_after_its_test_and_another_one_is_new(fresh_database_url: str, postgres_url: str) -> None:
    plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        names = [
            row[0] for row in connection.execute("select datname from pg_database where datname like 'nuanlin_test_%'")
        ]
    assert make_url(fresh_database_url).database in names


def test_postgresql_takes_the_connections_of_many_writers(fresh_database_url: str) -> None:
    plain = make_url(fresh_database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        assert int(connection.execute("show max_connections").fetchall()[0][0]) >= 100
        assert connection.execute("show server_encoding").fetchall() == [("UTF8",)]


@pytest.mark.browser
def test_the_browser_reads_and_draws_chinese(page: Page) -> None:
    page.set_content("<p id=p>暖邻</p>")
    page.evaluate("document.querySelector('#p').append(' ' + navigator.language)")
    assert page.inner_text("#p") == "暖邻 zh-CN"


def show(browser: Browser, html: str) -> None:
    """Open a tab, show this and close it again: where `tab` gives its verdict."""
    from tests.house.browser import tab

    with tab(browser) as page:
        page.set_content(html, wait_until="domcontentloaded")
        page.wait_for_timeout(100)


@pytest.mark.browser
def test_a_page_that_asks_another_machine_fails_its_test(browser: Browser) -> None:
    with pytest.raises(AssertionError, match=r"https://example\.org/font"):
        show(browser, "<link rel=stylesheet href='https://example.org/font.css'>")


@pytest.mark.browser
def test_a_page_whose_script_fails_fails_its_test(browser: Browser) -> None:
    with pytest.raises(AssertionError, match="the kettle is cold"):
        show(browser, "<script>throw new Error('the kettle is cold')</script>")


def test_a_missing_program_fails_with_ci_and_skips_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="has to be"):
        means.program("no-such-program")
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        means.program("no-such-program")

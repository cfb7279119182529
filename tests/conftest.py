"""What every test may ask for: stores of both kinds, a browser, hledger, the shared data; and how hypothesis searches.

With CI=true a missing PostgreSQL, Chromium or hledger is a failure. Elsewhere the tests that need it are skipped.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.house import means, postgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# No deadlines: a shared machine is slow at times, and speed has benchmarks of its own. In CI the examples are the
# same in every run, so that a red run is red again; a developer's runs and `make long` keep looking further.
settings.register_profile("quick", max_examples=60, stateful_step_count=30, deadline=None, derandomize=means.in_ci())
settings.register_profile("long", max_examples=3000, stateful_step_count=80, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The top of the source tree."""
    return means.ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real input beside the source tree. No machine can install it, so that its absence always skips."""
    folder = means.ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared data is not beside the source tree")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for the whole run (a superuser's URL): DATABASE_URL, or one of our own."""
    if given := os.environ.get("DATABASE_URL"):
        yield make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    with postgres.running() as url:
        yield url


@pytest.fixture
def fresh_database_url(postgres_url: str) -> Iterator[str]:
    """A new, empty database on that server, dropped after the test whoever is still connected."""
    name = f"nuanlin_test_{uuid.uuid4().hex[:12]}"
    server = make_url(postgres_url)
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    """Where a new SQLite file may be made; it does not exist yet."""
    return tmp_path / "nuanlin.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The SQLAlchemy URL of an empty store: each test that asks runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_path')}"
    return str(request.getfixturevalue("fresh_database_url"))


@pytest.fixture(scope="session")
def hledger_path() -> Path:
    """The program hledger, the oracle for exported accounts."""
    return means.program("hledger")


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Debian's Chromium."""
    return means.program("chromium", "chromium-browser", "google-chrome")


# Not for the whole run: while Playwright is up there is an event loop in this thread, and asyncio.run() refuses.
@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """A headless Chromium, one per test module."""
    from tests.house.browser import chromium

    with chromium(chromium_path) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with cookies of its own; the test fails if it asked another machine for anything or a script failed."""
    from tests.house.browser import tab

    with tab(browser) as opened:
        yield opened


@pytest.fixture
def page_without_scripts(browser: Browser) -> Iterator[Page]:
    """The same with JavaScript off."""
    from tests.house.browser import tab

    with tab(browser, javascript=False) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page as narrow as a small phone, 360 by 740 points."""
    from tests.house.browser import tab

    with tab(browser, width=360, height=740) as opened:
        yield opened

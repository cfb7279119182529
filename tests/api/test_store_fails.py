"""A database that fails is 503 with the time to come back, in plain words; what was to be written is told nowhere."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from api.app import create_app
from tests.api.house import Caller, House, code_of
from tests.house.stores import LEDGER, open_ledger, store_at

WRITTEN = "INSERT INTO words VALUES ('王阿姨')"
SAID_BY_A_DRIVER = [
    sqlite3.OperationalError(WRITTEN),
    psycopg.OperationalError(WRITTEN),
    OperationalError(WRITTEN, ("王阿姨",), sqlite3.OperationalError("disk I/O error")),
]


def is_store_failed(answer: Response) -> bool:
    """Whether this is the problem of a store that failed, with when to come back."""
    return (answer.status_code, code_of(answer), answer.headers["retry-after"]) == (503, "store_failed", "1")


@pytest.mark.parametrize("error", SAID_BY_A_DRIVER, ids=["sqlite", "psycopg", "sqlalchemy"])
def test_a_drivers_words_reach_neither_the_caller_nor_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(house.store.application, "execute", failing)

    with capture_logs() as logged:
        answer = house.worker.post("/members", {"words": {"name": "王阿姨"}})

    assert is_store_failed(answer)
    assert [line["event"] for line in logged] == ["store_failed"]
    assert [line["error"] for line in logged] == ["OperationalError"]
    for told in (answer.text, str(logged), caplog.text):
        assert "王阿姨" not in told
        assert "INSERT" not in told


def test_a_read_of_a_broken_file_is_503(house: House) -> None:
    with house.store.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE ledgers"))

    answer = house.worker.get("/stats")

    assert is_store_failed(answer)
    assert "ledgers" not in answer.json()["detail"]


def test_a_page_over_a_broken_file_says_so_without_asking_it_again(house: House) -> None:
    with house.store.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE ledgers"))

    answer = TestClient(house.app, base_url="http://127.0.0.1", raise_server_exceptions=False).get(f"/{LEDGER}/")

    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "no such table" not in answer.text


def test_a_lost_connection_to_postgresql_is_503(fresh_database_url: str, postgres_url: str, tmp_path: Path) -> None:
    server = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    name = make_url(fresh_database_url).database
    with store_at(fresh_database_url, tmp_path) as store:
        open_ledger(store)
        caller = Caller(create_app(store))
        assert caller.get("/stats").status_code == 200

        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        assert is_store_failed(caller.get("/stats"))

        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert caller.get("/stats").status_code == 200

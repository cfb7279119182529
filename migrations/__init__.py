"""Alembic's histories: one for the main database, one for the vault; the same files for SQLite and PostgreSQL."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from ledger.journal.plans import teach
from ledger.journal.sql import Database

HERE = Path(__file__).parent


def _config(history: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE / history).replace("%", "%%"))
    return config


def upgrade(database: Database) -> None:
    """Bring the main database to the newest tables; does nothing where it is."""
    _upgrade(database, "main")
    teach(database)


def upgrade_vault(database: Database) -> None:
    """Bring the vault's database to the newest tables."""
    _upgrade(database, "vault")


def _upgrade(database: Database, history: str) -> None:
    config = _config(history)
    with database.engine.begin() as connection:
        if database.is_sqlite:
            # One process at a time: the second waits and then finds the work done.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(7020301)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")


def revisions(database: Database, history: str = "main") -> tuple[str, str]:
    """Which tables a database has, and the newest that this version knows: two names of the same history."""
    with database.reading() as cursor:
        cursor.execute("SELECT version_num FROM alembic_version")
        row = cursor.fetchone()
    return str(row[0]) if row else "", _newest(history)


@lru_cache(maxsize=2)
def _newest(history: str) -> str:
    return ScriptDirectory.from_config(_config(history)).get_current_head() or ""


def vault_in_use(database: Database) -> bool:
    """Whether a vault's key was ever set: then a missing key file is an error, not a new beginning."""
    with database.reading() as cursor:
        cursor.execute("SELECT COUNT(*) FROM vault_meta")
        row = cursor.fetchone()
        return bool(row and row[0])


def vault_beside(url: URL) -> URL:
    """Where the vault of a database is by default: a file beside it, or `<name>_vault` on the same server (made if missing)."""
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            return make_url("sqlite://")
        path = Path(url.database)
        return url.set(database=str(path.with_name(f"{path.stem}.vault{path.suffix}")))
    vault = url.set(database=f"{url.database}_vault")
    engine = create_engine(vault)
    try:
        engine.connect().close()
    except OperationalError:
        _create_database(url, str(vault.database))
    finally:
        engine.dispose()
    return vault


def _create_database(url: URL, name: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            quoted = engine.dialect.identifier_preparer.quote(name)
            connection.execute(text(f"CREATE DATABASE {quoted}"))
    finally:
        engine.dispose()

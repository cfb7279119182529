"""Tables by Alembic: what the history makes is what the code reads, on both databases, and twice is once."""

from __future__ import annotations

import threading

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import migrations
from ledger.journal.sql import Database
from ledger.journal.tables import metadata
from ledger.vault import metadata as vault_metadata


def test_a_migrated_store_has_exactly_the_tables_of_the_code(store_url: str) -> None:
    database = Database(store_url)

    migrations.upgrade(database)
    migrations.upgrade(database)

    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_a_migrated_vault_has_exactly_the_tables_of_the_code(store_url: str) -> None:
    database = Database(store_url)

    migrations.upgrade_vault(database)

    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), vault_metadata) == []
    database.close()


def test_two_processes_that_open_a_new_store_at_once_both_find_it_ready(store_url: str) -> None:
    databases = [Database(store_url) for _ in range(4)]
    failures: list[BaseException] = []

    def open_one(database: Database) -> None:
        try:
            migrations.upgrade(database)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_one, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    for database in databases:
        database.close()

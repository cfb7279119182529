"""Alembic's entry for the main database; the connection comes from `migrations.upgrade`."""

from __future__ import annotations

from alembic import context

import ledger.journal.sign_in_tables
import ledger.seal.tables
import projections.boards.tables
import projections.books.engines
import projections.books.tables
from ledger.journal.tables import metadata

TABLES_COME_FROM = (
    ledger.journal.sign_in_tables,
    ledger.seal.tables,
    projections.boards.tables,
    projections.books.engines,
    projections.books.tables,
)

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False
)
context.run_migrations()

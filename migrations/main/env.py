"""Alembic's entry for the main database; the connection comes from `migrations.upgrade`."""

from __future__ import annotations

from alembic import context

import projections.boards.tables
import projections.books.tables
from ledger.journal.tables import metadata

assert projections.boards.tables and projections.books.tables  # imported for their tables

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False
)
context.run_migrations()

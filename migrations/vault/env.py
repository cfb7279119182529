"""Alembic's entry for the vault's database; the connection comes from `migrations.upgrade_vault`."""

from __future__ import annotations

from alembic import context

from ledger.vault import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False
)
context.run_migrations()

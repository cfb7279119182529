"""Erasures: commitments that open no more, and when documents were kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; documents from before count as kept long ago."""
    op.create_table(
        "vault_erased",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "commitment"),
    )
    op.add_column("vault_documents", sa.Column("kept_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("vault_documents_by_time", "vault_documents", ["ledger", "kept_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("vault_documents_by_time", table_name="vault_documents")
    with op.batch_alter_table("vault_documents") as batch:
        batch.drop_column("kept_at")
    op.drop_table("vault_erased")

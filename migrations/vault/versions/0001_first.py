"""The vault."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "vault_documents",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "commitment"),
    )
    op.create_index(op.f("ix_vault_documents_subject"), "vault_documents", ["subject"], unique=False)
    op.create_table(
        "vault_lookups",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("blind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "blind", "subject"),
    )
    op.create_table(
        "vault_meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "vault_subjects",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "subject"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("vault_subjects")
    op.drop_table("vault_meta")
    op.drop_table("vault_lookups")
    op.drop_index(op.f("ix_vault_documents_subject"), table_name="vault_documents")
    op.drop_table("vault_documents")

"""Erasures: what was asked for and what is gone; members and units that are marked as erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the marks; nobody was erased before there was a way to."""
    op.create_table(
        "erasures",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "subject"),
        sqlite_with_rowid=False,
    )
    op.create_index("erasures_by_status", "erasures", ["ledger", "status", "number"], unique=False)
    for table in ("members", "units"):
        op.add_column(table, sa.Column("erased", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop them."""
    for table in ("units", "members"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("erased")
    op.drop_index("erasures_by_status", table_name="erasures")
    op.drop_table("erasures")

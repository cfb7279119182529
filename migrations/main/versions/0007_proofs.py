"""Tries at signing in, counted where every process sees them; and when a session last proved whose it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of counts; sessions from before have proved nothing lately."""
    op.create_table(
        "sign_in_tries",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("tries", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("ledger", "digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("sign_in_tries_by_time", "sign_in_tries", ["ledger", "until_at"], unique=False)
    op.add_column("web_sessions", sa.Column("proved_at", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("web_sessions") as batch:
        batch.drop_column("proved_at")
    op.drop_index("sign_in_tries_by_time", table_name="sign_in_tries")
    op.drop_table("sign_in_tries")

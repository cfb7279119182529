"""Photos: what shows work as done, encrypted like words under the keys of those whose they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "vault_photos",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "about", "sha256"),
    )
    op.create_index("vault_photos_by_subject", "vault_photos", ["ledger", "subject"], unique=False)
    op.create_index("vault_photos_by_second", "vault_photos", ["ledger", "second"], unique=False)
    op.create_index("vault_photos_by_time", "vault_photos", ["ledger", "kept_at"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("vault_photos")

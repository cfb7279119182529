"""Tables of the engines."""

from __future__ import annotations

from alembic import op

from projections.books import engines

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is declared."""
    for table in engines.TABLES:
        table.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Drop it."""
    for table in reversed(engines.TABLES):
        table.drop(op.get_bind(), checkfirst=True)

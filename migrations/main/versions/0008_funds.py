"""Refunds that wait for a second person, and what became of a fund's service items since its opening."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _maybe(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text()) for name in names]


def _number(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables and the column."""
    op.create_table(
        "refunds",
        *_text("ledger", "receipt_id"),
        *_number("number"),
        *_text("fund", "donor", "item"),
        *_number("amount_fen"),
        *_text("reason", "status", "asked_by"),
        *_number("asked_at"),
        *_maybe("decided_by", "decided_on", "why_not"),
        *_number("version"),
        sa.PrimaryKeyConstraint("ledger", "receipt_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("refunds_by_status", "refunds", ["ledger", "status", "number"])
    op.create_index("refunds_by_donor", "refunds", ["ledger", "donor", "number"])
    op.create_table(
        "fund_item_changes",
        *_text("ledger", "change_id"),
        *_number("number"),
        *_text("fund", "item", "name", "status", "changed_by", "day"),
        *_number("version"),
        sa.PrimaryKeyConstraint("ledger", "change_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("fund_item_changes_by_fund", "fund_item_changes", ["ledger", "fund", "number"])
    op.add_column("fund_items", sa.Column("ended_on", sa.Text()))


def downgrade() -> None:
    """Drop them again."""
    op.drop_column("fund_items", "ended_on")
    op.drop_table("fund_item_changes")
    op.drop_table("refunds")

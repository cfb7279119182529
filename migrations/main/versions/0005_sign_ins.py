"""Signing in: codes, cards, passwords with second factors, links, known browsers; what a session was begun at."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = {
    "sign_in_codes": "digest! account phone answer digits# tries# created_at# expires_at# proved_at#? used_at#?",
    "sign_in_cards": "digest! actor issued_by created_at# expires_at# used_at#? revoked_at#? revoked_by?",
    "sign_in_passwords": "actor! hash totp step# missed# missed_at# created_at# changed_at#",
    "sign_in_recovery": "actor! digest! used_at#?",
    "sign_in_links": "digest! actor issued_by created_at# expires_at# used_at#? pending",
    "sign_in_tickets": "digest! actor tries# created_at# expires_at# used_at#?",
    "sign_in_devices": "digest! actor! account seen_at#",
    "sign_in_happenings": "actor! happening_id! at# what done_by agent",
}
"""Columns behind `ledger`. Nothing behind a name: text · # whole number · ! part of the key · ? may be missing."""

_INDEXES = {
    "sign_in_codes_by_account": ("sign_in_codes", "account created_at"),
    "sign_in_codes_by_time": ("sign_in_codes", "created_at"),
    "sign_in_cards_by_actor": ("sign_in_cards", "actor created_at"),
    "sign_in_links_by_actor": ("sign_in_links", "actor"),
    "sign_in_tickets_by_actor": ("sign_in_tickets", "actor"),
    "sign_in_tickets_by_time": ("sign_in_tickets", "created_at"),
    "sign_in_devices_by_actor": ("sign_in_devices", "actor"),
    "tokens_by_actor": ("tokens", "actor"),
}
"""Table and columns of each index, behind `ledger`."""


def _column(spelled: str) -> sa.Column[Any]:
    kind: Any = sa.BigInteger() if "#" in spelled else sa.Text()
    return sa.Column(spelled.rstrip("#!?"), kind, nullable="?" in spelled, autoincrement=False)


def upgrade() -> None:
    """Make the tables and their indexes; sessions from before were begun at a browser nobody noted."""
    for name, spelled in _TABLES.items():
        columns = spelled.split()
        keys = [one.rstrip("#!") for one in columns if "!" in one]
        op.create_table(
            name,
            sa.Column("ledger", sa.Text(), nullable=False),
            *map(_column, columns),
            sa.PrimaryKeyConstraint("ledger", *keys),
            sqlite_with_rowid=False,
        )
    for name, (table, columns_of_it) in _INDEXES.items():
        op.create_index(name, table, ["ledger", *columns_of_it.split()], unique=False)
    op.add_column("web_sessions", sa.Column("agent", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("web_sessions") as batch:
        batch.drop_column("agent")
    for name, (table, _) in reversed(_INDEXES.items()):
        op.drop_index(name, table_name=table)
    for name in reversed(_TABLES):
        op.drop_table(name)

"""Who is signed in at which browser: opaque server-side sessions, so that signing out anywhere is final."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from ledger.journal.tables import metadata

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("proof", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("web_sessions_by_actor", "ledger", "actor", "created_at"),
    sqlite_with_rowid=False,
)
"""One row per sign-in. `digest` is SHA-256 of the cookie's secret, so that a copy of the table signs nobody in.

`via`: token · demo. `proof` is the digest of the API token that was shown, "" where none was: a session ends with its token.
"""

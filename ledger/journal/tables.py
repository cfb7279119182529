"""The journal's tables. Every table is keyed by `ledger`: it is the shard key (design §1.4)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

metadata = MetaData()
"""Tables of the main database: journal here, books and boards in `projections`. The vault has a database of its own."""

ledgers = Table(
    "ledgers",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("head", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)
"""One row per ledger: counter and append lock in one."""

events = Table(
    "events",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("events_by_time", "ledger", "recorded_at"),
    sqlite_with_rowid=False,
)
"""The journal itself. `tags` is the exact list in order, one a line; `data` the exact bytes that seals cover."""

event_tags = Table(
    "event_tags",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which events carry a tag, in order."""

followers = Table(
    "followers",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""How far each follower has read."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
"""Folded states of long tags: a cache that can be dropped at any time."""

tokens = Table(
    "tokens",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index("tokens_by_actor", "ledger", "actor"),
)
"""API tokens by digest; what a token may do is what its actor's role facts say."""

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
    Column("agent", Text, nullable=False, server_default=""),
    Column("proved_at", BigInteger, nullable=False, server_default="0"),
    Index("web_sessions_by_actor", "ledger", "actor", "created_at"),
    sqlite_with_rowid=False,
)
"""One row per sign-in. `digest` is SHA-256 of the cookie's secret, so that a copy of the table signs nobody in.

`via`: token · demo · code · card · password · begin (good for nothing but setting a password). `proof` is the digest of the
API token or card that was shown, "" where none was: a session ends with it. `agent`: the browser, in few words under the
veil. `proved_at`: when it last showed whose it is.
"""

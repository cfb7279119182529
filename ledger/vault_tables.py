"""The vault's tables, in a database of its own."""

from __future__ import annotations

from sqlalchemy import BigInteger, BindParameter, Column, Index, LargeBinary, MetaData, Table, Text, bindparam, select

from ledger.journal.sql import Database

metadata = MetaData()
"""Tables of the vault's own database."""

meta = Table(
    "vault_meta", metadata, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False)
)
"""`epoch`: what every transaction looks at, see `Vault`. `blind_key`: the wrapped key of look-ups and command keys.
`erased_upto:<ledger>`, `swept_upto:<ledger>`: how far erasures and sweeps came. `scrub`: freed pages wait to be cut off."""

subjects = Table(
    "vault_subjects",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
"""Each subject's data key, wrapped by the master key; empty where the subject was erased, so that it gets no other."""

documents = Table(
    "vault_documents",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("commitment", Text, primary_key=True),
    Column("subject", Text, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    Index("vault_documents_by_time", "ledger", "kept_at"),
)
"""Encrypted documents by what commits to them; `kept_at` (microseconds UTC) is when they were written."""

lookups = Table(
    "vault_lookups",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("blind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
)
"""Blind index: who has this name or phone number, by a keyed digest of it."""

erased = Table(
    "vault_erased", metadata, Column("ledger", Text, primary_key=True), Column("commitment", Text, primary_key=True)
)
"""Commitments whose documents were destroyed: they open no more, and say so instead of looking lost."""

photos = Table(
    "vault_photos",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("second", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("small", LargeBinary, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    Index("vault_photos_by_subject", "ledger", "subject"),
    Index("vault_photos_by_second", "ledger", "second"),
    Index("vault_photos_by_time", "ledger", "kept_at"),
)
"""Encrypted photos by what they show (`about`: the id of a request or an order to put something right) and the digest of
their bytes, which stands in the journal. They belong to `subject` and, where not "", as much to `second`: either one's
erasure destroys them. `small` is the same photo to look at in a list."""


def rows_with(database: Database, table: Table, column: str, size: int) -> str:
    """The text that reads a ledger's rows with one of so many values in a column."""
    key = ("vault.some", table.name, column, size)
    ready = database.prepared(key)
    if ready is None:
        names: list[BindParameter[str]] = [bindparam(f"v{i}") for i in range(size)]
        ready = database.prepare(key, select(table).where(table.c.ledger == bindparam("l"), table.c[column].in_(names)))
    return ready.text

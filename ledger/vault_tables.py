"""The vault's tables, in a database of its own."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

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

"""Tables of the seals, in the main database: hashes, checkpoints and cosignatures. Keys are never in a database.

What stands here proves nothing by itself: whoever can write the journal can write these too. Proofs come from the
signature on a checkpoint, and from checkpoints that others keep.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from ledger.journal.tables import metadata

seal_tiles = Table(
    "seal_tiles",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("hash", Text, primary_key=True),
    Column("level", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)
"""One row per tile (c2sp.org/tlog-tiles): up to 256 hashes of 32 bytes. Only the last of each level is ever rewritten.

`hash`: the hash function's name. With row ids on SQLite, since such long rows would fill the pages of an index.
"""

seal_checkpoints = Table(
    "seal_checkpoints",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Every checkpoint that was signed, as the log signed it; never rewritten. `at`: when, microseconds UTC."""

seal_cosignatures = Table(
    "seal_cosignatures",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("witness", Text, primary_key=True),
    Column("line", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""What witnesses signed of a checkpoint: the signature line, and the time in it, microseconds UTC."""

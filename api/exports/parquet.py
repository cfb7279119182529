"""Rows as Parquet, for programs that count: typed columns, exact numbers, texts out of few stored once.

Amounts are int64, shown amounts decimals, instants timestamps with microseconds in UTC, days dates. The schema's metadata
says what the file is: `nuanlin.ledger`, `nuanlin.position`, `nuanlin.columns`, `nuanlin.root` and so on. Needs pyarrow,
which is an extra.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from api.exports.about import About
from api.exports.tables import Column, Kind, Row
from ledger.errors import Unusable

INSTALL = 'pip install "nuanlin[parquet]"'
_GROUP = 50_000
"""Rows that are put together and compressed as one group: what is held in memory at once."""

_DIGITS = 21
"""An int64 as yuan: 19 digits and two decimals of zeros."""


def write_parquet(file: IO[bytes], about: About, batches: Iterable[list[Row]]) -> int:
    """Write the file; gives the number of rows. Raises Unusable `extra_missing` where pyarrow is not installed."""
    pa, parquet = _libraries()
    columns = about.wanted.columns
    kinds = _kinds(pa)
    metadata = {f"nuanlin.{name}": value for name, value in about.facts().items()}
    schema = pa.schema([(column.name, kinds[column.kind]) for column in columns], metadata=metadata)
    count = 0
    waiting: list[Row] = []
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in batches:
            waiting += batch
            if len(waiting) >= _GROUP:
                writer.write_table(_table(pa, schema, columns, waiting))
                count += len(waiting)
                waiting = []
        # An empty table, too, is a file with its columns.
        writer.write_table(_table(pa, schema, columns, waiting))
    return count + len(waiting)


def _table(pa: Any, schema: Any, columns: tuple[Column, ...], waiting: list[Row]) -> Any:
    values = zip(*waiting, strict=True) if waiting else [()] * len(columns)
    arrays = [_array(pa, kind, list(cells)) for kind, cells in zip(schema.types, values, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(pa: Any, kind: Any, cells: list[Any]) -> Any:
    if pa.types.is_dictionary(kind):
        return pa.array(cells, pa.string()).dictionary_encode()
    return pa.array(cells, kind)


def _kinds(pa: Any) -> dict[Kind, Any]:
    return {
        "whole": pa.int64(),
        "shown": pa.decimal128(_DIGITS, 2),
        "instant": pa.timestamp("us", tz="UTC"),
        "day": pa.date32(),
        "word": pa.dictionary(pa.int32(), pa.string()),
        "text": pa.string(),
    }


def _libraries() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise Unusable("extra_missing", extra="parquet", install=INSTALL) from None
    return pa, parquet

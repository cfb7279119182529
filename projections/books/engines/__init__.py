"""The books of each engine: its tables, and what each of its facts writes.

A table's id column is its key after the ledger; what changes a row carries the row's id as a tag. The name of a figure is
`<thing>:<id>:<column>`, where the thing is the id column's name without `_id`.
"""

from __future__ import annotations

from sqlalchemy import Table

from projections.books.engines import appraisals, funds, meetings, partners, requests, resources, services, shifts

MODULES = (requests, meetings, resources, funds, partners, appraisals, shifts, services)

TABLES: tuple[Table, ...] = tuple(
    {found.name: found for module in MODULES for found in vars(module).values() if isinstance(found, Table)}.values()
)
"""Every table of the engines."""

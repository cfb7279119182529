"""A street with names speaks one language: whoever looks at it in Chinese meets no label that was left in English."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import String, select

from api.simulation.life import live
from api.store import Store
from ledger.journal.tables import metadata
from tests.house.stores import LEDGER, settings_for

CALLED = ("name", "title", "purpose", "label", "back_item")
"""Columns that hold what somebody called a thing."""
CODES = ("followers", "policies", "tallies", "place_profiles")
"""Tables whose names and labels are codes, which the locale files translate."""
LETTERS = re.compile(r"[A-Za-z]{2,}")


def test_a_street_with_names_leaves_no_label_in_english(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'street.db'}", tmp_path)
    live(settings, LEDGER, people=60, days=70, seed=7, rules=False, named=True)

    left = []
    with Store.open(settings) as store, store.database.engine.connect() as connection:
        for table in metadata.tables.values():
            if table.name in CODES or "ledger" not in table.c:
                continue
            for column in table.c:
                if column.name in CALLED and isinstance(column.type, String):
                    values = connection.execute(select(column).where(table.c.ledger == LEDGER).distinct()).scalars()
                    left += [(table.name, one) for one in values if one and LETTERS.search(one)]

    assert left == []

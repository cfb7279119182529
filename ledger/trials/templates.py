"""The ready-made checklists of `templates.toml`: data that a community adopts as it is, or puts its own in its place."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def ready_made() -> dict[str, tuple[tuple[str, str], ...]]:
    """Kind of pilot → (code, name) of each item, in order."""
    told = tomllib.loads(Path(__file__).with_name("templates.toml").read_text(encoding="utf-8"))
    return {kind: tuple((code, str(name)) for code, name in items.items()) for kind, items in told.items()}

"""Commands that fill a ledger: `demo` with an invented community, `import` with a community's own sheets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.frame import Frame
from api.cli.output import note, print_json, print_table, progress_bar, say

if TYPE_CHECKING:
    from api.store import Store


def demo(frame: Frame) -> None:
    """Fill the ledger with the invented community and say how to sign in; run again, it only completes what is missing."""
    with frame.store() as store:
        from api import demo as community
        from api.cli.giving import open_if_new

        open_if_new(store, frame.ledger)
        with progress_bar(frame.say("said.filling", ledger=frame.ledger)) as progress:
            community.fill(store, frame.ledger, progress)


def import_file(frame: Frame) -> None:
    """."""


def print_sign_ins(frame: Frame, store: Store) -> None:
    """."""

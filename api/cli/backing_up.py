"""`nuanlin backup`: a copy of journal and vault that can be put back, looked at before it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.frame import Frame
from api.cli.output import print_json, say, visible


def backup(
    frame: Frame,
    to: Annotated[Path, typer.Option("--to", help="cli.option.backup_to", metavar="FOLDER")],
) -> None:
    """Copy the store while it is in use, open the copy and compare it; the keys stay where they are."""
    with frame.store() as store:
        import msgspec

        from api.backups import back_up
        from api.store import vault_of

        made = back_up(store, to)
        _, vault_key = vault_of(frame.settings)
        keys = [vault_key.name, store.keys.file]
    if frame.as_json:
        print_json({**msgspec.to_builtins(made), "keys": keys})
        return
    say(visible(frame.say("said.backed_up", folder=made.folder, size=f"{made.size_bytes:,}")))
    for one in made.ledgers:
        say(frame.say("said.backed_up_ledger", ledger=one.ledger, head=f"{one.head:,}", sealed=f"{one.sealed:,}"))
    say(frame.say("said.backup_keys", keys=", ".join(keys)))

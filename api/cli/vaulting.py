"""`nuanlin vault …`: what is in the vault, words that never came to an entry, another master key."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.frame import Frame
from api.cli.output import print_json, say
from api.texts import text


def vault_status(frame: Frame) -> None:
    """How many texts and people the vault holds of every ledger, and how far erasures and sweeps came."""
    with frame.store() as store:
        from api.cli.when import iso

        rows: list[dict[str, Any]] = []
        for ledger in store.application.ledgers():
            swept_at = store.sweeper.swept_at(ledger)
            rows.append(
                {
                    "ledger": ledger,
                    **store.sweeper.counts(ledger),
                    "erased_upto": store.application.eraser.upto(ledger),
                    "swept_upto": iso(swept_at) if swept_at > 0 else None,
                }
            )
    if frame.as_json:
        print_json(rows)
        return
    for row in rows:
        say(text(frame.lang, "privacy.said.vault", **{**row, "swept_upto": row["swept_upto"] or "–"}))


def vault_sweep(frame: Frame) -> None:
    """Drop texts older than a day that never became part of an entry; the server does so by itself."""
    with frame.store() as store:
        count = sum(store.sweeper.sweep(ledger, store.clock()) for ledger in store.application.ledgers())
    if frame.as_json:
        print_json({"swept": count})
    else:
        say(text(frame.lang, "privacy.said.swept", count=f"{count:,}"))


def vault_rekey(
    frame: Frame,
    new_key: Annotated[Path, typer.Option("--new-key", help="privacy.option.new_key", metavar="FILE")],
) -> None:
    """Change the master key. Interrupted, it is begun again by the same command; servers have to be started anew."""
    from api.store import vault_of
    from ledger.errors import Unusable
    from ledger.journal.sql import Database
    from ledger.vault_keys import load_master_key, rekey

    url, key_file = vault_of(frame.settings)
    try:
        with frame.store():
            pass  # The tables are those of this version now.
    except Unusable as error:
        # Interrupted between vault and file, the vault has the new key already: what follows finds out.
        if error.code != "vault_key_wrong":
            raise
    old, new = load_master_key(key_file, create=False), load_master_key(new_key, create=True)
    database = Database(url.render_as_string(hide_password=False))
    try:
        count = rekey(database, old, new)
    finally:
        database.close()
    kept = _put_in_place(key_file, new_key, same=old == new)
    if frame.as_json:
        print_json({"subjects": count, "key_file": str(key_file), "old_key_file": str(kept)})
    else:
        say(text(frame.lang, "privacy.said.rekeyed", count=f"{count:,}", file=key_file, old=kept))


def _put_in_place(key_file: Path, new_key: Path, *, same: bool) -> Path:
    """Let the new key take the place of the old one, which is put beside it; gives where the old one is."""
    from ledger.vault_keys import load_master_key, write_master_key

    kept = key_file.with_name(f"{key_file.name}.old")
    if same or key_file.resolve() == new_key.resolve():
        return kept
    number = 1
    while kept.exists():
        number += 1
        kept = key_file.with_name(f"{key_file.name}.old{number}")
    os.link(key_file, kept)
    fresh = key_file.with_name(f"{key_file.name}.new")
    fresh.unlink(missing_ok=True)
    write_master_key(fresh, load_master_key(new_key, create=False))
    fresh.replace(key_file)
    return kept

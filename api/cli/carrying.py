"""`nuanlin carry`: take hours to another ledger and bring its answers back, as the courier whom both agreed on."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.failures import FAILED, Misused, Stop
from api.cli.frame import Frame
from api.cli.output import print_json, say
from api.cli.serving import stop

if TYPE_CHECKING:
    from api.crossing import Carried, Side
    from api.store import Store

_LONGEST_SECONDS = 86_400


def carry(
    frame: Frame,
    peer: Annotated[str, typer.Argument(help="cli.option.carry_peer", metavar="PEER", show_default=False)],
    to_ledger: Annotated[str | None, typer.Option("--to-ledger", help="cli.option.to_ledger", metavar="SLUG")] = None,
    to_db: Annotated[str | None, typer.Option("--to-db", help="cli.option.to_db", metavar="PATH|URL")] = None,
    url: Annotated[str | None, typer.Option("--url", help="cli.option.to_url", metavar="URL")] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token", envvar="NUANLIN_PEER_TOKEN", help="cli.option.to_token", metavar="TOKEN", show_envvar=False
        ),
    ] = None,
    every_seconds: Annotated[
        int | None, typer.Option("--every", help="cli.option.carry_every", min=1, max=_LONGEST_SECONDS, metavar="N")
    ] = None,
) -> None:
    """Carry hours both ways between this ledger and another, once, or again and again until stopped."""
    if (url is None) == (to_ledger is None) or (url is not None and (token is None or to_db is not None)):
        raise Misused("carry_where")
    if every_seconds is not None:
        signal.signal(signal.SIGTERM, stop)
    from api.crossing import LocalSide, carry_both_ways
    from api.outgoing import Unreachable
    from ledger.application import OPERATOR

    with frame.store() as store, _away(frame, store, to_ledger, to_db, url, token) as away:
        home = LocalSide(store, frame.ledger, OPERATOR)
        while True:
            refused = False
            try:
                there, back = carry_both_ways(home, away, peer)
                _tell(frame, there, back)
                refused = bool(there.refused or back.refused)
            except Unreachable as gone:
                if every_seconds is None:
                    raise Stop("peer_unreachable", reason=gone.reason) from gone
            if every_seconds is None:
                break
            time.sleep(every_seconds)
    if refused:
        raise typer.Exit(FAILED)


@contextmanager
def _away(
    frame: Frame, store: Store, ledger: str | None, db: str | None, url: str | None, token: str | None
) -> Iterator[Side]:
    """The other ledger: behind an address, in another database, or in this one."""
    from api.crossing import LocalSide
    from api.crossing_http import HttpSide
    from api.store import Store as OtherStore
    from ledger.application import OPERATOR

    if url is not None:
        yield HttpSide(url, token or "")
    elif db is None:
        yield LocalSide(store, ledger or "", OPERATOR)
    else:
        # Keys and vault of another database stand beside it, not where the environment says for this one.
        beside = {"database_url": db, "vault_url": None, "vault_key_file": None, "seal_key_file": None}
        with OtherStore.open(frame.settings.model_copy(update=beside), clock=store.clock) as other:
            yield LocalSide(other, ledger or "", OPERATOR)


def _tell(frame: Frame, there: Carried, back: Carried) -> None:
    if frame.as_json:
        print_json({"out": there._asdict(), "in": back._asdict()})
        return
    for name, one in (("carried_out", there), ("carried_in", back)):
        say(frame.say(f"said.{name}", **one._asdict()))

"""`nuanlin sign-in-link`: a one-time link that sets a password and a second factor, for whoever runs the machine to give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.failures import Stop
from api.cli.frame import Frame
from api.cli.output import print_json, say

if TYPE_CHECKING:
    from api.store import Store

Who = Annotated[str, typer.Argument(help="cli.option.staff", metavar="WHO", show_default=False)]
Address = Annotated[str, typer.Option("--address", help="cli.option.address", metavar="URL")]


def sign_in_link(frame: Frame, who: Who = "", address: Address = "http://127.0.0.1:8000") -> None:
    """A link for a member of the staff, or without one for the first administrator."""
    with frame.store() as store:
        from api.cli.who import member_named
        from api.signin.links import FIRST, HOURS, create, somebody_administers
        from ledger.application import OPERATOR
        from ledger.errors import NotFound

        if frame.ledger not in store.application.ledgers():
            raise NotFound("no_such_ledger", ledger=frame.ledger)
        if not who and somebody_administers(store, frame.ledger):
            raise Stop("already_administered")
        member = member_named(store, frame.ledger, who)["member_id"] if who else FIRST
        link = link_at(address, frame.ledger, create(store, frame.ledger, member, by=OPERATOR))
    if frame.as_json:
        print_json({"link": link, "hours": HOURS})
    else:
        say(frame.say("said.sign_in_link", link=link, hours=HOURS))


def link_at(address: str, ledger: str, secret: str) -> str:
    """Where the page of a link is."""
    return f"{address.rstrip('/')}/{ledger}/begin/{secret}"


def first_links(store: Store, address: str) -> dict[str, str]:
    """A fresh link for each ledger that has been opened and that no administrator can sign in to, by ledger."""
    from api.signin.links import FIRST, create, somebody_administers
    from ledger.application import OPERATOR

    return {
        ledger: link_at(address, ledger, create(store, ledger, FIRST, by=OPERATOR))
        for ledger in store.application.ledgers()
        if not somebody_administers(store, ledger)
    }

"""What one may not know exists is not there: a refusal that would tell is answered as the read of that thing is (404)."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from api.routes.asked import Asked
from api.routes.reads import Read
from ledger.application import Actor
from ledger.base import Command
from ledger.errors import NotFound, NotYours
from ledger.ids import prefix_of
from ledger.places.state import answers_for
from ledger.requests.state import Request
from ledger.rights import authorise
from ledger.rights_table import RIGHTS

PRIVATE = {
    "req": "request", "deal": "deal", "sanc": "sanction", "change": "restriction_change", "home": "household",
    "kin": "kin_tie", "need": "need_entry",
}  # fmt: skip
"""Things that not everybody may know of and that commands for any member name, with the read that shows them."""


def concealed(asked: Asked, command: Command) -> NotFound | None:
    """What to answer instead of a refusal, where a command names something that its giver may not know of; else None.

    Who may not give such a command at all is told that, whatever exists.
    """
    view, actor = asked.store.application.view(asked.ledger), asked.caller.actor
    with suppress(NotYours):
        authorise(view, RIGHTS[command.NAME], command, Actor(actor))
        for name in command.__struct_fields__:
            named = getattr(command, name)
            if name in command.GENERATED or not isinstance(named, str) or prefix_of(named) not in PRIVATE:
                continue
            at = view.state(Request, named).at
            if at is not None and answers_for(view, actor, at):
                continue  # whoever answers for the place decides about what is not on the board yet
            read = _read(PRIVATE[prefix_of(named)])
            parameter = read.path.rpartition("{")[2].removesuffix("}")
            try:
                read.handle(msgspec.structs.replace(asked, path={parameter: named}), read.query())
            except NotFound as absent:
                return absent
    return None


def _read(name: str) -> Read:
    from api.endpoints import READS  # which are made of this package

    return next(read for read in READS if read.name == name)

"""What residents may call the class of their request: a word in use, since it is in the journal before anybody reviews it."""

from __future__ import annotations

from api.reading import ON_THE_BOARD
from api.routes.asked import Asked
from ledger.base import Command
from ledger.errors import Refused
from ledger.requests.commands import PostRequest
from projections.books.queries_requests import list_requests

_NAMERS = frozenset({"community_worker", "administrator"})


def check_category(asked: Asked, command: Command) -> None:
    """Whoever works for the place names classes; others choose among those of reviewed requests.

    Raises Refused `category_not_in_use`. The ledger itself takes what it always took: old facts stay what they were.
    """
    if not isinstance(command, PostRequest) or not (category := command.category.strip()):
        return
    if asked.caller.holds(_NAMERS, command.place, command.requester):
        return
    used = list_requests(asked.store.database, asked.ledger, status=ON_THE_BOARD, category=category, limit=1)
    if not used.rows:
        raise Refused("category_not_in_use", field="category")

"""What a request asks for: its value, and for a need the item and the pieces."""

from __future__ import annotations

from datetime import date

from ledger.base import View
from ledger.errors import Refused
from ledger.partners.guards import check_item
from ledger.policy.state import policy_of
from ledger.requests import commands as do
from ledger.requests.kinds import kind_of
from ledger.units import check_fen, check_quantity


def check_wanted(view: View, c: do.PostRequest | do.RecordPastRequest, today: date) -> str | None:
    """The item's name, if one is wanted; raises Refused.

    `over_ceiling`: a micro-wish is worth at most policy's ceiling. `item_missing`, `quantity_missing`: a need says what
    and how many. `absurd_quantity`: more pieces than policy's limit, a slip of the pen.
    """
    policy, kind = policy_of(view), kind_of(c.kind)
    if c.value_fen is not None:
        value_fen = check_fen(c.value_fen)
        ceiling_fen = policy.number(kind.ceiling_rule, today) if kind.ceiling_rule else value_fen
        if value_fen > ceiling_fen:
            raise Refused("over_ceiling", value_fen=value_fen, ceiling_fen=ceiling_fen)
    if kind.pieces and not c.item:
        raise Refused("item_missing")
    if kind.pieces and c.quantity is None:
        raise Refused("quantity_missing")
    if c.quantity is not None:
        check_quantity(c.quantity, policy.number("requests.quantity_limit", today))
    return check_item(c.item) if c.item else None

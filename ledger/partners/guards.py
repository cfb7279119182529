"""What several decisions about partner units check."""

from __future__ import annotations

import re
from datetime import date

from ledger.base import Scene, View
from ledger.checks import holds_personal_number
from ledger.errors import NotFound, NotYours, Refused
from ledger.ids import UNIT
from ledger.parties.state import Standing, represents
from ledger.places.state import need_place
from ledger.policy.state import policy_of
from ledger.units import check_quantity

_ITEM = re.compile(r"[\w.-]{1,40}")


def need_unit(view: View, unit_id: str) -> Standing:
    """The standing of a registered unit; raises NotFound `no_such_unit`."""
    standing = view.state(Standing, unit_id)
    if standing.kind != UNIT:
        raise NotFound("no_such_unit", unit=unit_id)
    return standing


def not_for_own_unit(view: View, scene: Scene, unit_id: str) -> None:
    """Nobody signs with, or accepts gifts of, a unit they represent; raises NotYours `self_verification`."""
    if represents(view, scene.actor, unit_id):
        raise NotYours("self_verification", unit=unit_id)


def check_item(item: str) -> str:
    """1 to 40 letters, digits, dots, hyphens and underscores, of any script; raises Refused `bad_item`."""
    if not _ITEM.fullmatch(item):
        raise Refused("bad_item", item=item)
    if holds_personal_number(item):
        raise Refused("personal_number_in_public", field="item")
    return item


def check_pieces(view: View, quantity: int, today: date) -> int:
    """A count of pieces, projects or people within policy; raises Refused (`not_positive`, `absurd_quantity`)."""
    return check_quantity(quantity, policy_of(view).number("partners.quantity_limit", today))


def place_known(view: View, place_id: str | None) -> None:
    """A place, where one is stated, is in the tree; raises NotFound `no_such_place`."""
    if place_id is not None:
        need_place(view, place_id)

"""A unit's plaque: ready for the printer (trim box, bleed and marks), and as a picture."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from api.papers.codes import Statement
from api.papers.ordered import Ordered
from api.papers.paper import Paper
from api.texts import text
from ledger.errors import NotFound
from projections.asof.past import events_of
from projections.asof.scratch import replayed
from projections.books import queries as books
from projections.reading import Cells

State = Literal["hangs", "expired", "revoked"]


class Hung(msgspec.Struct, frozen=True, kw_only=True):
    """A plaque as it stood: its row in the books, its renewals oldest first, the unit's name, and whether it hangs on the
    order's day."""

    row: Cells
    renewals: list[Cells]
    unit: str
    state: State


def hung(order: Ordered, plaque_id: str) -> Hung:
    """A plaque as of the order's entry, told from its own facts. Raises NotFound `no_such_plaque`."""
    scratch = replayed(order.past, events_of(order.past, [plaque_id]), "plaques", "plaque_renewals")
    row = scratch.row("plaques", plaque_id)
    if row is None:
        raise NotFound("no_such_plaque", plaque=plaque_id)
    unit = books.names_of(order.store.database, order.ledger, [row["unit"]]).get(row["unit"], "")
    over = date.fromisoformat(row["until_day"]) < order.today
    state: State = "revoked" if row["revoked_day"] else "expired" if over else "hangs"
    return Hung(row=row, renewals=scratch.rows("plaque_renewals"), unit=unit, state=state)


def plaque(order: Ordered, plaque_id: str, *, marks: bool = True) -> Paper:
    """The plaque, 600 x 400 mm when cut (what such plaques measure in practice).

    `marks` adds 3 mm of bleed and marks to cut along, for the printer; without them it is the plaque alone, for a screen.
    Raises NotFound `no_such_plaque`.
    """
    found = hung(order, plaque_id)
    row = found.row
    stated = Statement(
        kind="plaque", subject=row["number"], position=order.past.position, day=order.today,
        from_day=date.fromisoformat(row["day"]), until_day=date.fromisoformat(row["until_day"]),
    )  # fmt: skip
    tier = text(order.lang, f"pages.tier.{row['tier']}")
    values = {
        "unit": found.unit, "tier": row["tier"], "tier_name": tier, "marks": marks,
        "term": order.t("plaque.term", first=order.day(row["day"]), last=order.day(row["until_day"])),
    }  # fmt: skip
    return order.paper("plaque", stated, values)


def told_of_plaque(order: Ordered, plaque_id: str) -> list[tuple[str, str]]:
    """What a plaque says, as of the order's entry: label and value."""
    found = hung(order, plaque_id)
    return [
        (order.t("plaque.told.unit"), found.unit),
        (order.t("plaque.told.tier"), text(order.lang, f"pages.tier.{found.row['tier']}")),
        (order.t("plaque.told.from"), order.day(found.row["day"])),
        (order.t("plaque.told.until"), order.day(found.row["until_day"])),
    ]

"""What a page calls somebody: people by the vault, masked where they did not agree; organisations and places by the books."""

from __future__ import annotations

from collections.abc import Iterable

from api.pages.common import Visit
from api.people import People, erased_name
from ledger.application import OPERATOR
from ledger.ids import PERSON, SERVICE, prefix_of
from projections.books import queries as books
from projections.reading import Cells


def labels(
    visit: Visit, ids: Iterable[str | None], *, clear: Iterable[str | None] | bool = (), numbered: bool = False
) -> dict[str, str]:
    """A label for every id that is not None; people are masked unless in `clear` (or it is True).

    `numbered` puts the short number behind a masked name, so that people find themselves. Who has no name (any more)
    appears by number alone, and whose data were deleted as that.
    """
    wanted = {one for one in ids if one}
    database, ledger = visit.store.database, visit.ledger
    found = books.names_of(database, ledger, wanted)
    members = books.members_by_id(database, ledger, [one for one in wanted if prefix_of(one) == PERSON])
    shown = clear if isinstance(clear, bool) else {one for one in clear if one}
    names = People(visit.store, ledger).names({one: row["words"] for one, row in members.items()}, clear=shown)
    for one, row in members.items():
        number = books.short_number(row)
        name = names.get(one)
        if row["erased"]:
            found[one] = f"{erased_name(visit.lang)} {number}" if numbered else erased_name(visit.lang)
            continue
        in_clear = shown is True or (isinstance(shown, set) and one in shown)
        found[one] = number if name is None else name if in_clear or not numbered else f"{name} {number}"
    for one in wanted - found.keys():
        found[one] = visit.t("somebody.operator" if one == OPERATOR else _unknown(one))
    return found


def _unknown(one: str) -> str:
    return "somebody.service" if prefix_of(one) == SERVICE else "somebody.unknown"


def walled(rows: Iterable[Cells]) -> set[str]:
    """Of these members, those who agreed to be named on the wall."""
    return {row["member_id"] for row in rows if row["wall_named"] and not row["wall_hidden"]}

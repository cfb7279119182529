"""Names beside ids in answers: organisations' are public, people's are masked unless the caller may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from api.people import mask_name
from api.routes.asked import Asked
from ledger.ids import PERSON, prefix_of
from projections.books import queries
from projections.reading import Cells

DayText = Annotated[str, Meta(extra_json_schema={"format": "date"})]


class Who(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member, team, unit or service. `id` is null where the caller may not know who it is; `name` may be masked.

    `erased`, there only where it is true: the person's data were deleted, there is no name any more.
    """

    id: str | None
    name: str
    number: str
    erased: bool = False


def whos(
    asked: Asked, ids: Iterable[str | None], *, consent: str = "", hide: bool = False
) -> dict[str | None, Who | None]:
    """Everybody in a list of ids, looked up at once; None stays None.

    A person is named in full for who sees names, for themselves, and where they agreed to be named (`consent`: `wall` or
    `donor`). With `hide`, who is not named in full has no id either, so that public lists cannot be joined.
    """
    wanted = {one for one in ids if one}
    people = [one for one in wanted if prefix_of(one) == PERSON]
    rows = queries.members_by_id(asked.store.database, asked.ledger, people)
    named = queries.names_of(asked.store.database, asked.ledger, wanted)
    real = asked.people.names({one: row["words"] for one, row in rows.items()}, clear=True)
    found: dict[str | None, Who | None] = {None: None, "": None}
    for one in wanted:
        row = rows.get(one)
        if row is None:
            found[one] = Who(id=one, name=named.get(one, ""), number="")
            continue
        clear = _is_clear(asked, one, row, consent)
        name = real.get(one, "")
        shown = clear or not hide
        found[one] = Who(
            id=one if shown else None,
            name=name if clear else mask_name(name),
            number=queries.short_number(row) if shown else "",
            erased=bool(row["erased"]),
        )
    return found


def _is_clear(asked: Asked, member: str, row: Cells, consent: str) -> bool:
    if asked.caller.sees_name_of(member) or asked.is_own(member):
        return True
    return bool(consent) and bool(row[f"{consent}_named"])


Documents = dict[str, dict[str, Any]]
"""Words by their commitments."""


def words_of(asked: Asked, commitments: Iterable[str]) -> Documents:
    """The documents behind commitments; what was erased is not in the answer."""
    return asked.people.words([one for one in commitments if one])

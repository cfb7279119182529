"""Why a number is what it is: every figure has a name, and every name opens to the positions behind it."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.errors import Refused
from projections.asof import of_accounts, of_counts, of_integrity, of_rankings, of_things
from projections.asof.figures import Entry, Family, Question, Why
from projections.asof.past import Past, events_at, past_at

FAMILIES: dict[str, Family] = {
    "stats": of_counts.stats,
    "balance": of_accounts.balance,
    "entries": of_accounts.entries,
    "fund": of_accounts.fund,
    "spending": of_accounts.spending,
    "payments": of_accounts.payments,
    "ranking": of_rankings.value,
    "records": of_rankings.records,
    "rank": of_rankings.rank,
    "intake": of_counts.intake,
    "team": of_counts.team,
    **dict.fromkeys(of_things.THINGS, of_things.thing),
    "member": of_things.member,
    "integrity": of_integrity.integrity,
}
"""Who opens the figures whose names begin so."""


def family_of(figure: str) -> tuple[str, str]:
    """The family of a figure's name and the rest of it: `stats.members` and `fund:nuanxing:income`."""
    head, _, rest = figure.partition("." if figure.startswith("stats.") else ":")
    return head, rest


def why(past: Past, figure: str, *, after: str | None = None, limit: int = 50, today: date | None = None) -> Why:
    """What a figure is made of as of a position: a page of entries that over all pages add up exactly to its value.

    A cursor remembers the position of the first page, so that pages join while others write. `today` is the
    community's day, by which the thresholds of stars are chosen; without it that of the position. What it costs is
    said by the function that opens the family (`FAMILIES`), and one look-up per entry shown.

    Raises NotFound `no_such_figure`, Refused `bad_cursor`.
    """
    family, rest = family_of(figure)
    inner = None
    if after is not None:
        first, _, inner = after.partition(".")
        if not (first.isascii() and first.isdecimal() and len(first) < 19 and inner):
            raise Refused("bad_cursor", cursor=after)
        past = past_at(past.database, past.decode, past.ledger, position=int(first))
    asked = Question(past, figure, rest, today)
    opens = FAMILIES.get(family)
    if opens is None or not rest:
        raise asked.missing()
    opened = opens(asked)
    entries, following = opened.turn(inner, limit)
    return Why(
        figure=figure,
        value=opened.value,
        unit=opened.unit,
        as_of=past.point,
        entries=_dated(past, entries),
        next=None if following is None else f"{past.position}.{following}",
    )


def _dated(past: Past, entries: list[Entry]) -> list[Entry]:
    """The entries with moment and type of their events. One look-up per entry."""
    known = events_at(past, [one.position for one in entries if one.position is not None])
    dated: list[Entry] = []
    for one in entries:
        at, name = known.get(one.position or 0, (None, None))
        dated.append(msgspec.structs.replace(one, at=at, type=name))
    return dated

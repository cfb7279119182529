"""What there is to look at beside an event: its words out of the vault, the photos, and the page of the thing itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from api.pages.common import Visit
from api.pages.links import looker_of
from api.people import People, mask_numbers
from api.sampling.names import field_name
from ledger.base import NAME_OF, Fact
from ledger.errors import Unusable
from ledger.parties.facts import DetailsCorrected, MemberRegistered
from projections.asof.past import event_at
from projections.books import queries as books

_WHO = (MemberRegistered, DetailsCorrected)
_UNSHOWN = frozenset({"phone", "id_number", "address"})
"""What identifies somebody is not what is checked; whoever needs it opens the member's own page."""


class Document(msgspec.Struct, frozen=True):
    """Words (label and text), photos (address and mark), and where the thing itself is ("" nowhere)."""

    words: list[tuple[str, str]]
    photos: list[tuple[str, str]]
    home: str


def documents_of(visit: Visit, positions: Iterable[int]) -> dict[int, Document]:
    """By position, what there is to look at. One look-up per event, one question to the vault."""
    past = looker_of(visit).past()
    events = {one: event for one in positions if (event := event_at(past, one)) is not None}
    # Who somebody is stands on their own page; names are beside the entry already.
    told = {one: event.fact for one, event in events.items() if not isinstance(event.fact, _WHO)}
    committed = {one: str(words) for one, fact in told.items() if (words := getattr(fact, "words", ""))}
    try:
        found = People(visit.store, visit.ledger).words(set(committed.values()))
    except Unusable:
        found = {}  # one damaged document: each is marked in the story itself
    return {
        one: Document(_words(visit, found.get(committed.get(one, ""), {})), _photos(visit, fact), _home(visit, fact))
        for one, fact in told.items()
    }


def _words(visit: Visit, document: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (field_name(visit.lang, name), mask_numbers(str(value)))
        for name, value in document.items()
        if name not in _UNSHOWN and isinstance(value, str | int) and value not in ("", None)
    ]


def _photos(visit: Visit, fact: Fact) -> list[tuple[str, str]]:
    sha256, about = getattr(fact, "sha256", None), getattr(fact, "request_id", None)
    if not sha256 or not about or sha256 not in visit.store.photos.kept(visit.ledger, about):
        return []
    return [(visit.url(f"photos/{about}/{sha256}"), str(sha256)[:8])]


def _home(visit: Visit, fact: Fact) -> str:
    """The page of what an event is about."""
    about = getattr(fact, "request_id", None)
    if about:
        return visit.url(f"requests/{about}")
    grant_id = getattr(fact, "grant_id", None)
    if grant_id and NAME_OF[type(fact)].startswith("fund."):
        row = books.grant(visit.store.database, visit.ledger, grant_id)
        return visit.url(f"funds/{row['fund'].removeprefix('fund_')}/grants/{row['number']}") if row else ""
    for name in ("volunteer", "giver", "member", "member_id"):
        who = getattr(fact, name, None)
        if isinstance(who, str) and who.startswith("mem_"):
            return visit.url(f"members/{who}")
    return ""

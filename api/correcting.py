"""Somebody's details as they stand, for whoever is about to put them right; and who else has the same phone."""

from __future__ import annotations

from typing import Any

import msgspec

from api.finding import find_by_phone
from api.signin import happenings
from api.store import Store
from ledger.parties.correcting import Details


class Held(msgspec.Struct, frozen=True):
    """What commits to somebody's details now, and what they say; both empty where there are none (any more)."""

    words: str
    told: dict[str, Any]

    def say(self, field: str) -> str:
        """One of them as text."""
        return str(self.told.get(field, ""))


def held_of(store: Store, ledger: str, subject: str) -> Held:
    """The details of a member or a unit."""
    words = store.application.view(ledger).state(Details, subject).words
    return Held(words, store.vault.read(ledger, [words]).get(words, {}))


def others_with(store: Store, ledger: str, phone: str, but: str) -> list[str]:
    """The other members who have this phone now: a family may share one."""
    return [one for one in find_by_phone(store, ledger, phone) if one != but]


def note(store: Store, ledger: str, member: str, *, by: str) -> None:
    """Let a member see, where they are signed in, that somebody corrected their details."""
    with store.database.writing() as cursor:
        happenings.note(store, cursor, ledger, member, "details_corrected", by=by)

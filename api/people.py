"""Names for ids: from the vault for people (masked unless they may be shown), from the books for organisations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.store import Store
from api.texts import text
from ledger.telling_numbers import masked


def mask_name(name: str) -> str:
    """`张*`: the first character alone; `C*` for a name in letters."""
    return f"{name[:1]}*" if name else ""


def mask_phone(phone: str) -> str:
    """`138****1234`; of anything else as many stars as it has letters."""
    return hidden if "****" in (hidden := masked(phone)) else "*" * len(phone)


def mask_numbers(text: str) -> str:
    """Free text with every number in it masked that may be somebody's (`ledger.telling_numbers`)."""
    return masked(text)


def erased_name(lang: str) -> str:
    """What stands in place of a name that was deleted."""
    return text(lang, "privacy.name.erased")


class People:
    """Looks names up for one request or one page; asks the vault once per call."""

    def __init__(self, store: Store, ledger: str) -> None:
        self._store, self._ledger = store, ledger

    def words(self, commitments: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The documents behind commitments; what was erased is not in the answer."""
        return self._store.vault.read(self._ledger, commitments)

    def names(self, committed: dict[str, str], *, clear: bool | set[str] = False) -> dict[str, str]:
        """Names by member id for {member id: commitment}; masked except for `clear` (all, or these ids).

        A member whose words were erased, or who never gave a name, is not in the answer.
        """
        found = self.words(committed.values())
        names: dict[str, str] = {}
        for member, commitment in committed.items():
            name = str(found.get(commitment, {}).get("name", ""))
            if name:
                shown = clear if isinstance(clear, bool) else member in clear
                names[member] = name if shown else mask_name(name)
        return names

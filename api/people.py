"""Names for ids: from the vault for people (masked unless they may be shown), from the books for organisations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from api.store import Store
from api.texts import text

_GAP = r"[\s\-\u2010-\u2015\uff0d]?"
_PHONE = re.compile(rf"(?<!\d)((?:(?:00)?86{_GAP})?[1１][3-9３-９]\d){_GAP}\d{{4}}{_GAP}(\d{{4}})(?!\d)")
"""A mobile number however it is spelled: with the country's 86, with blanks or hyphens, in wide digits."""


def mask_name(name: str) -> str:
    """`张*`: the first character alone; `C*` for a name in letters."""
    return f"{name[:1]}*" if name else ""


def mask_phone(phone: str) -> str:
    """`138****1234`."""
    return _PHONE.sub(r"\1****\2", phone) if _PHONE.search(phone) else ("*" * len(phone))


def mask_numbers(text: str) -> str:
    """Free text with every mobile phone number in it masked."""
    return _PHONE.sub(r"\1****\2", text)


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

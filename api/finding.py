"""Finding people by what others call them: a number, a phone number, an exact name. Only look-ups by key, never a scan."""

from __future__ import annotations

import re
import unicodedata

from api.store import Store
from ledger.ids import PERSON, prefix_of
from projections.books import queries as books

MOST = 30
"""A page's worth: who shares a name or a phone number with more people than that is found by number."""
_LONGEST = 80
_PHONE = re.compile(r"\d{6,15}")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def plain_phone(text: str) -> str:
    """A phone number as digits alone, without the country's 86; "" for what is none (6 to 15 digits are one)."""
    typed = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    digits = re.sub(r"[\s().\-\u2010-\u2015]", "", typed)
    for country in ("+86", "0086", "86"):
        if _MOBILE.fullmatch(digits.removeprefix(country)):
            return digits.removeprefix(country)
    return digits if _PHONE.fullmatch(digits) and digits.isascii() else ""


def find_members(store: Store, ledger: str, text: str) -> list[str]:
    """Ids of the members whom somebody means by a short number (`V12`), a number of the community's own, a phone number
    or an exact name: in the order of registration, at most `MOST`.

    The first of these that fits counts. By phone and name only the register as it stands now counts: a number that
    somebody had before, or left with a request for a neighbour, finds nobody.
    """
    typed = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    if not typed:
        return []
    row = books.find_member(store.database, ledger, typed)
    if row is not None:
        return [str(row["member_id"])]
    return find_by_phone(store, ledger, typed) or _registered(store, ledger, "name", [typed])


def find_by_phone(store: Store, ledger: str, text: str) -> list[str]:
    """Ids of the members whose phone number in the register is this one now, as `find_members`; several may share one."""
    phone = plain_phone(text)
    if not phone:
        return []
    return _registered(store, ledger, "phone", spellings(phone))


def spellings(phone: str) -> list[str]:
    """How a register may have spelled a plain phone number; blanks never count."""
    if not _MOBILE.fullmatch(phone):
        return [phone]
    parts = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    return [phone, parts, f"+86{phone}", f"86{phone}", f"+86-{parts}", f"+86{parts}"]


def _registered(store: Store, ledger: str, field: str, values: list[str]) -> list[str]:
    """Members with one of these values in the words they were registered, or last changed, with."""
    subjects = {one for value in values for one in store.vault.find(ledger, field, value) if prefix_of(one) == PERSON}
    rows = books.members_by_id(store.database, ledger, subjects)
    words = store.vault.read(ledger, [str(row["words"]) for row in rows.values() if row["words"]])
    wanted = {store.vault.lookup_of(ledger, field, value) for value in values}
    found = [
        row
        for row in rows.values()
        if (told := str(words.get(str(row["words"]), {}).get(field, "")))
        and store.vault.lookup_of(ledger, field, told) in wanted
    ]
    return [str(row["member_id"]) for row in sorted(found, key=lambda row: int(row["registered"]))[:MOST]]

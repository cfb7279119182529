"""Who or what a person at the command line means: members by id, own number or V-number; accounts by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from api.cli.failures import Stop
from ledger.accounts import usable
from ledger.errors import NotFound
from ledger.ids import PERSON, prefix_of
from projections.books import queries
from projections.books.tables import accounts
from projections.reading import many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.store import Store


class Account(NamedTuple):
    """An account, the units it has postings in, and the row of the member whose usable minutes it holds, if any."""

    name: str
    units: list[str]
    member: dict[str, Any] | None


def member_named(store: Store, ledger: str, who: str) -> dict[str, Any]:
    """The row of the member with that id, that number of the community's own, that V-number, or that name, tried in
    this order; a name only where exactly one member has it.

    Raises Stop `no_such_member` or `ambiguous_name`.
    """
    found = queries.find_member(store.database, ledger, who)
    if found is not None:
        return found
    rows = queries.members_by_id(store.database, ledger, store.vault.find(ledger, "name", who.strip())).values()
    if not rows:
        raise Stop("no_such_member", who=who)
    if len(rows) > 1:
        raise Stop("ambiguous_name", who=who, numbers=", ".join(sorted(map(queries.short_number, rows))))
    return next(iter(rows))


def account_named(store: Store, ledger: str, who: str) -> Account:
    """The account of that name, or else the account of usable minutes of that member.

    Raises NotFound `no_such_account` for a name of accounts (with a colon) that has none, else as `member_named`.
    """
    name = who.strip()
    if ":" in name:
        units = _units_of(store, ledger, name)
        if not units:
            raise NotFound("no_such_account", account=name)
        return Account(name, units, None)
    member = member_named(store, ledger, who)
    account = usable(member["member_id"])
    return Account(account, _units_of(store, ledger, account), member)


def person(store: Store, ledger: str, member: dict[str, Any], *, position: int | None = None) -> dict[str, Any]:
    """What a statement says of a member's row: id, the two numbers, the name as the public may read it, held minutes."""
    member_id = member["member_id"]
    return {
        "id": member_id,
        "number": member["number"],
        "short": queries.short_number(member),
        "name": shown_names(store, ledger, [member_id]).get(member_id, ""),
        "held": queries.hours_of(store.database, ledger, member_id, position=position).held,
    }


def called(store: Store, ledger: str, member: dict[str, Any]) -> str:
    """Name, as the public may read it, and V-number of a member's row."""
    name = shown_names(store, ledger, [member["member_id"]]).get(member["member_id"], "")
    return f"{name} {queries.short_number(member)}".strip()


def handles(store: Store, ledger: str, ids: Iterable[str]) -> dict[str, str]:
    """How to name each of these at the command line in few letters: members by V-number, all others by their id."""
    wanted = set(ids)
    rows = queries.members_by_id(store.database, ledger, [one for one in wanted if prefix_of(one) == PERSON])
    return {one: queries.short_number(rows[one]) if one in rows else one for one in wanted}


def shown_names(store: Store, ledger: str, subjects: Iterable[str], *, lang: str = "") -> dict[str, str]:
    """Names by id as the public may read them: people masked unless they agreed to stand on the wall, and not at all
    where they wish to be hidden; organisations and places in full. With `lang` a word says whose data were deleted."""
    from api.people import People, erased_name

    ids = list(subjects)
    names = queries.names_of(store.database, ledger, ids)
    people = queries.members_by_id(store.database, ledger, [one for one in ids if prefix_of(one) == PERSON])
    committed = {one: row["words"] for one, row in people.items() if not row["wall_hidden"]}
    named = {one for one, row in people.items() if row["wall_named"]}
    names.update(People(store, ledger).names(committed, clear=named))
    if lang:
        names.update({one: erased_name(lang) for one, row in people.items() if row["erased"]})
    return names


def _units_of(store: Store, ledger: str, account: str) -> list[str]:
    return sorted(row["unit"] for row in many(store.database, accounts, ledger, "account", [account]))

"""What funds' pages call things: donors as far as they agreed to be named, service items, categories of spending."""

from __future__ import annotations

from collections.abc import Iterable

from api.pages.common import Visit
from api.pages.naming import labels
from api.people import People, mask_name, mask_numbers
from ledger.errors import NotFound
from ledger.funds.commands import ANONYMOUS, GENERAL
from ledger.funds.shapes import CASE
from ledger.ids import UNIT, prefix_of
from projections.books import queries as books
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, many

_DIGITS = 15


def number_in(text: str) -> int:
    """A number out of an address; raises NotFound `no_such_page` for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise NotFound("no_such_page")
    return int(text)


def is_case(row: Cells) -> bool:
    """Whether a service item is that of a help case: a fund's own items have a name, even where their code begins so."""
    return str(row["item"]).startswith(CASE) and not row["name"]


def item_name(visit: Visit, row: Cells | None) -> str:
    """What a service item is called; help cases share one name, since whom they help is not public."""
    if row is None:
        return ""
    if is_case(row):
        return visit.t("fund.case_item")
    return row["name"] or (visit.t("fund.general") if row["item"] == GENERAL else row["item"])


class Items:
    """The service items of a fund by code."""

    def __init__(self, visit: Visit, rows: Iterable[Cells]) -> None:
        self._visit, self._rows = visit, {row["item"]: row for row in rows}

    def name(self, code: str) -> str:
        """What an item is called; one that has no row yet by its code."""
        visit = self._visit
        return item_name(visit, self._rows.get(code) or {"item": code, "name": ""})

    def rank(self, code: str) -> tuple[int, int]:
        """Where an item stands: a fund's own in their order, then help cases, what is unrestricted last."""
        row = self._rows.get(code)
        if row is None or code == GENERAL:
            return (2, 0)
        return (1, 0) if is_case(row) else (0, int(row["rank"]))


def items_of(visit: Visit, fund: str) -> Items:
    """The service items of a fund, by its id."""
    account = books.fund_account(visit.store.database, visit.ledger, fund)
    return Items(visit, account.items if account is not None else ())


def category_name(visit: Visit, category: str) -> str:
    """A category of spending in words where it is one of ours, else as it was entered."""
    return visit.known(f"category.{category}", category)


def _donor_name(visit: Visit, row: Cells, names: dict[str, str], hidden: set[str], told: str) -> str:
    """Who gave, only where they agreed to be named on this receipt (慈善法 §82); `hidden` wish no trace of theirs."""
    open_to_all = row["named"] and not row["anonymous"]
    if row["anonymous"] or row["donor"] in hidden or (row["donor"] == ANONYMOUS and not told):
        return visit.t("fund.anonymous")
    if row["donor"] == ANONYMOUS:
        return told if open_to_all else mask_name(told)
    if prefix_of(row["donor"]) == UNIT:
        return names[row["donor"]] if open_to_all else visit.t("fund.unnamed_unit")
    return names[row["donor"]]


def donor_names(visit: Visit, rows: list[Cells]) -> dict[str, str]:
    """Donors by receipt id, as everybody may read them: a person agrees twice, to be named at all and on this receipt."""
    words = People(visit.store, visit.ledger).words(row["words"] for row in rows)
    donors = [row["donor"] for row in rows if row["donor"] != ANONYMOUS]
    people = books.members_by_id(visit.store.database, visit.ledger, donors)
    hidden = {one for one, member in people.items() if member["donor_hidden"]}
    named = labels(visit, donors, clear=[one for one, member in people.items() if member["donor_named"]])
    masked = labels(visit, donors)
    found: dict[str, str] = {}
    for row in rows:
        names = named if row["named"] and not row["anonymous"] else masked
        told = str(words.get(row["words"], {}).get("name", ""))
        found[row["receipt_id"]] = _donor_name(visit, row, names, hidden, told)
    return found


def known_donors(visit: Visit, rows: list[Cells]) -> dict[str, str]:
    """Donors by id in full, for who handles the money; who gave no name is said to be anonymous."""
    found = labels(visit, [row["donor"] for row in rows if row["donor"] != ANONYMOUS], clear=True)
    return {ANONYMOUS: visit.t("fund.anonymous"), **found}


def purposes(visit: Visit, rows: list[Cells]) -> dict[str, str]:
    """What grants are for, by grant id: the stage of a proposal, or in their proposers' words with phone numbers masked;
    else their category."""
    words = People(visit.store, visit.ledger).words(row["words"] for row in rows)
    found = {row["grant_id"]: mask_numbers(str(words.get(row["words"], {}).get("purpose", ""))) for row in rows}
    silent = [grant_id for grant_id, told in found.items() if not told]
    found |= _stages(visit, silent) if silent else {}
    return {row["grant_id"]: found[row["grant_id"]] or category_name(visit, row["category"]) for row in rows}


def _stages(visit: Visit, grant_ids: list[str]) -> dict[str, str]:
    """Proposal and stage, for those of these grants that are paid by stages."""
    database, ledger = visit.store.database, visit.ledger
    stages = many(database, tables.milestones, ledger, "grant_id", grant_ids)
    asked = {row["proposal_id"] for row in stages}
    titles = {
        row["proposal_id"]: row["title"] for row in many(database, tables.proposals, ledger, "proposal_id", asked)
    }
    return {row["grant_id"]: f"{titles[row['proposal_id']]} · {row['name']}" for row in stages}


def payees(visit: Visit, rows: list[Cells], *, clear: bool = False) -> dict[str, str]:
    """Who is paid, by grant id: organisations by name, people masked unless `clear`; "" where nobody was named."""
    words = People(visit.store, visit.ledger).words(row["words"] for row in rows)
    names = labels(visit, [row["payee"] for row in rows], clear=clear)
    found: dict[str, str] = {}
    for row in rows:
        told = str(words.get(row["words"], {}).get("payee", ""))
        found[row["grant_id"]] = names.get(row["payee"] or "", "") or (told if clear else mask_name(told))
    return found

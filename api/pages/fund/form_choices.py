"""What the forms about money offer, and what stands above their questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices
from api.pages.fund.may import MONEY
from api.pages.fund.names import Items, donor_names, item_name, items_of, known_donors, payees, purposes
from api.texts import text
from ledger.parties.state import acts_for
from projections.books import more_tables as more
from projections.books import queries as books
from projections.books.engines import funds_tables as tables
from projections.books.queries_funds import fund_id
from projections.reading import Cells, one

Rows = list[tuple[str, Any]]
_UNITS = 500
"""So many units are offered by name; of more, people give the number."""


def funds(visit: Visit, _answers: Answers) -> Choices:
    """Every fund."""
    return [(row.fund["fund"], row.fund["name"]) for row in books.funds(visit.store.database, visit.ledger)]


def only_fund(visit: Visit, answers: Answers) -> str:
    """The fund, where there is one only."""
    found = funds(visit, answers)
    return found[0][0] if len(found) == 1 else ""


def _takes_in(row: Cells) -> bool:
    """Whether money can be given for an item: it is none of a help case, and was not ended."""
    return not str(row["item"]).startswith("case-") and not row["ended_on"]


def items(visit: Visit, answers: Answers) -> Choices:
    """The service items of the fund that was chosen, what is unrestricted first; help cases by their title for who
    decides about money."""
    account = books.fund_account(visit.store.database, visit.ledger, answers.get("fund", ""))
    if account is None:
        return []
    found = [(row["item"], item_name(visit, row)) for row in account.items if _takes_in(row)]
    case_id = "case_" + answers["item"].removeprefix("case-") if answers.get("item", "").startswith("case-") else ""
    case = one(visit.store.database, tables.help_cases, visit.ledger, case_id=case_id) if case_id else None
    if case is not None and case["fund"] == account.fund["fund"] and case["status"] == "open":
        found.append((case["item"], visit.t("fund.case_number", number=f"{case['number']:,}")))
    return found


def categories(visit: Visit, _answers: Answers) -> Choices:
    """The usual categories of spending."""
    return [(name, visit.t(f"category.{name}")) for name in ("aid", "service", "material", "venture", "management_fee")]


def units(visit: Visit, _answers: Answers) -> Choices:
    """Units by name."""
    rows = books.units(visit.store.database, visit.ledger, limit=_UNITS).rows
    return [(row["unit_id"], row["name"]) for row in rows if row["name"] and not row["erased"]]


def reasons(*names: str) -> Callable[[Visit, Answers], Choices]:
    """Reasons in words, in this order."""

    def offered(visit: Visit, _answers: Answers) -> Choices:
        return [(name, reason(visit, name)) for name in names]

    return offered


def reason(visit: Visit, name: str) -> str:
    """A reason in words."""
    return visit.known(f"reason.{name}", text(visit.lang, f"sampling.value.reason_{name}"))


def outcomes(visit: Visit, _answers: Answers) -> Choices:
    """How help cases end."""
    names = ("helped", "not_needed", "moved_away", "died")
    return [(name, text(visit.lang, f"sampling.value.outcome_{name}")) for name in names]


def methods(visit: Visit, _answers: Answers) -> Choices:
    """How money comes."""
    return [(name, visit.t(f"method.{name}")) for name in ("transfer", "cash", "online")]


# ---- what stands above ------------------------------------------------------------------------------------------------


def row_of(visit: Visit, table: Any, field: str, answers: Answers) -> Cells | None:
    """The row whose id came with the address."""
    key = answers.get(field, "")
    return one(visit.store.database, table, visit.ledger, **{field: key}) if key else None


def fund_name(visit: Visit, fund: str) -> str:
    """A fund's name."""
    row = one(visit.store.database, more.funds, visit.ledger, fund=fund_id(fund))
    return str(row["name"]) if row else ""


def _may_know(visit: Visit, donor: str) -> bool:
    """Whether a donor's affairs are open to who looks: their own, or by role."""
    return visit.caller.holds(MONEY) or acts_for(visit.view, visit.caller.actor, donor)


def _items(visit: Visit, row: Cells) -> Items:
    return items_of(visit, row["fund"])


def about_fund(visit: Visit, answers: Answers) -> Rows:
    """Which fund."""
    name = fund_name(visit, answers.get("fund", ""))
    return [(visit.t("fund.fund"), name)] if name else []


def about_receipt(visit: Visit, answers: Answers) -> Rows:
    """Which donation: its number, donor, fund, item and amount."""
    row = row_of(visit, more.receipts, "receipt_id", answers)
    if row is None:
        return []
    who = donor_names(visit, [row])[row["receipt_id"]]
    if visit.caller.roles.has("treasurer"):
        who = known_donors(visit, [row])[row["donor"]]
    t = visit.t
    return [
        (t("fund.receipt_number"), t("line.number_of", position=f"{row['number']:,}")), (t("fund.donor"), who),
        (t("fund.fund"), fund_name(visit, row["fund"])), (t("fund.restricted_to"), _items(visit, row).name(row["item"])),
        (t("fund.amount"), visit.yuan(row["amount_fen"])),
    ]  # fmt: skip


def about_grant(visit: Visit, answers: Answers) -> Rows:
    """Which grant: what for, out of which item, for whom, how much."""
    row = row_of(visit, more.grants, "grant_id", answers)
    if row is None or not visit.caller.holds(MONEY):
        return []
    t = visit.t
    found: Rows = [
        (t("fund.purpose"), purposes(visit, [row])[row["grant_id"]]), (t("fund.fund"), fund_name(visit, row["fund"])),
        (t("fund.for_item"), _items(visit, row).name(row["item"])), (t("fund.amount"), visit.yuan(row["amount_fen"])),
    ]  # fmt: skip
    who = payees(visit, [row], clear=True)[row["grant_id"]]
    return [*found, (t("fund.payee"), who)] if who else found


def about_pledge(visit: Visit, answers: Answers) -> Rows:
    """Which promise."""
    row = row_of(visit, more.pledges, "pledge_id", answers)
    if row is None or not _may_know(visit, row["donor"]):
        return []
    t = visit.t
    return [
        (t("fund.fund"), fund_name(visit, row["fund"])), (t("fund.restricted_to"), _items(visit, row).name(row["item"])),
        (t("fund.open_amount"), visit.yuan(row["open_fen"])),
    ]  # fmt: skip


def about_change(visit: Visit, answers: Answers) -> Rows:
    """What a donor is asked to agree to."""
    row = row_of(visit, tables.restriction_changes, "change_id", answers)
    if row is None or not _may_know(visit, row["donor"]):
        return []
    t, known = visit.t, _items(visit, row)
    return [
        (t("fund.fund"), fund_name(visit, row["fund"])), (t("fund.amount"), visit.yuan(row["amount_fen"])),
        (t("fund.change_from"), known.name(row["item"])), (t("fund.change_to"), known.name(row["to_item"])),
        (t("fund.reason"), reason(visit, row["reason"])),
    ]  # fmt: skip


def about_call(visit: Visit, answers: Answers) -> Rows:
    """Which call."""
    row = row_of(visit, tables.calls_for_proposals, "call_id", answers)
    if row is None:
        return []
    return [
        (visit.t("fund.call"), row["title"]), (visit.t("fund.most_each"), visit.yuan(row["most_fen"])),
        (visit.t("fund.until_day"), visit.day(row["until_day"])),
    ]  # fmt: skip


def about_proposal(visit: Visit, answers: Answers) -> Rows:
    """Which proposal."""
    row = row_of(visit, tables.proposals, "proposal_id", answers)
    if row is None:
        return []
    return [(visit.t("fund.proposal"), row["title"]), (visit.t("fund.asked"), visit.yuan(row["asked_fen"]))]


def about_case(visit: Visit, answers: Answers) -> Rows:
    """Which help case."""
    row = row_of(visit, tables.help_cases, "case_id", answers)
    return [] if row is None else [(visit.t("fund.case_title"), row["title"])]


def about_disclosure(visit: Visit, answers: Answers) -> Rows:
    """Which disclosure."""
    row = row_of(visit, tables.disclosures, "disclosure_id", answers)
    if row is None:
        return []
    period = visit.t("fund.period", from_day=visit.day(row["from_day"]), until_day=visit.day(row["until_day"]))
    return [(visit.t("fund.fund"), fund_name(visit, row["fund"])), (visit.t("fund.report"), period)]

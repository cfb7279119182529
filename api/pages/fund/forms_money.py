"""Forms about money as it comes and goes: donors promise and agree, the treasurer receives, pays, gives back, and tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.formats import decimal_yuan
from api.pages.common import Visit
from api.pages.forms.form import Answers, Done, Field, Figures, Form
from api.pages.forms.reading import value_of
from api.pages.fund import form_choices as offer
from api.pages.fund.may import TREASURER
from api.pages.fund.mine import parties_of
from api.pages.fund.refunds import about_refund, state_of_refund
from ledger.disclosures.commands import CorrectDisclosure, PublishDisclosure
from ledger.errors import NotFound, Refused
from ledger.funds import commands as do
from ledger.funds.facts import PaymentReturned
from projections.books import more_tables as more
from projections.books.engines import funds_tables as tables
from projections.books.queries_funds import fund_id
from projections.reading import one

_TELLERS = TREASURER | {"host_charity"}


def holds(roles: frozenset[str]) -> Callable[[Visit], bool]:
    """Whether who looks holds one of these roles."""
    return lambda visit: visit.caller.holds(roles)


def gives(visit: Visit) -> bool:
    """Whether who looks can give money: every member, for themselves or for whom they speak."""
    return bool(parties_of(visit))


def _mine(visit: Visit, _answers: Answers) -> str:
    return visit.url("my-donations")


def _treasury(visit: Visit, _answers: Answers) -> str:
    return visit.url("treasury")


def slug_of(fund: str) -> str:
    """A fund's short name."""
    return fund_id(fund).removeprefix("fund_")


def hidden(name: str, label: str = "fund.fund") -> Field:
    """An id that comes with the address."""
    return Field(name=name, label=label, kind="hidden")


AMOUNT = Field(name="amount_fen", label="fund.field.amount", kind="yuan", hint="fund.hint.amount")
FUND = Field(name="fund", label="fund.fund", kind="choice", choices=offer.funds, prefill=offer.only_fund)
ITEM = Field(name="item", label="fund.restricted_to", kind="choice", choices=offer.items, hint="fund.hint.item", step=2)


def _reason(*names: str) -> Field:
    return Field(name="reason", label="fund.reason", kind="choice", choices=offer.reasons(*names))


# ---- donors -----------------------------------------------------------------------------------------------------------

_PLEDGE = Form(
    name="pledge", command=do.PledgeDonation, title="fund.form.pledge", lead="fund.form.pledge_lead", tab="fund",
    next="fund.form.pledge_next", may=gives, back=_mine,
    fields=(
        FUND, AMOUNT, ITEM,
        Field(
            name="donor", label="fund.field.as_whom", kind="choice", step=2, choices=lambda visit, _a: parties_of(visit),
            prefill=lambda visit, _a: visit.caller.actor,
        ),
        Field(name="words.message", label="fund.field.message", kind="long", required=False, step=2),
    ),
)  # fmt: skip

_WITHDRAW = Form(
    name="withdraw-pledge", command=do.WithdrawPledge, title="fund.form.withdraw", tab="fund", may=gives, back=_mine,
    fields=(hidden("pledge_id"),), about=offer.about_pledge, check=False, next="fund.form.withdraw_next",
)  # fmt: skip

_AGREE = Form(
    name="agree-change", command=do.AgreeRestrictionChange, title="fund.form.agree", lead="fund.form.agree_lead",
    tab="fund", may=gives, back=_mine, fields=(hidden("change_id"),), about=offer.about_change, check=False,
    next="fund.form.agree_next",
)  # fmt: skip


# ---- the treasurer: money in ------------------------------------------------------------------------------------------

_MEMBER = Field(
    name="donor_member", label="fund.field.donor_member", hint="fund.hint.donor_member", kind="member", required=False,
    step=2, aside=True,
)  # fmt: skip
_UNIT = Field(
    name="donor_unit",
    label="fund.field.donor_unit",
    kind="choice",
    required=False,
    step=2,
    choices=offer.units,
    aside=True,
)
_DAY = Field(name="day", label="fund.field.day", kind="day", prefill=lambda visit, _a: visit.today.isoformat())
_HOW = (
    Field(name="method", label="fund.method", kind="choice", choices=offer.methods),
    _DAY,
    Field(name="named", label="fund.field.named", hint="fund.hint.named", kind="yes", required=False, step=3),
    Field(name="anonymous", label="fund.field.anonymous", kind="yes", required=False, step=3),
    Field(name="receipt_waived", label="fund.field.waived", kind="yes", required=False, step=3),
)


def _donor(visit: Visit, answers: Answers) -> Mapping[str, Any]:
    """Who gave: a member or a unit, or nobody known; raises Refused `two_donors` for both."""
    found = [
        one_donor for one_donor in (value_of(visit, _MEMBER, answers), value_of(visit, _UNIT, answers)) if one_donor
    ]
    if len(found) > 1:
        raise Refused("two_donors", field="donor_unit")
    return {"donor": found[0]} if found else {}


def _to_receipt(visit: Visit, done: Done) -> tuple[str, str] | None:
    row = one(visit.store.database, more.receipts, visit.ledger, receipt_id=done.value("receipt_id"))
    if row is None:
        return None
    return visit.url(f"funds/{slug_of(row['fund'])}/donations/{row['number']}"), "fund.form.to_receipt"


_RECEIVE = Form(
    name="receive", command=do.ReceiveDonation, title="fund.form.receive", lead="fund.form.receive_lead", tab="treasury",
    may=holds(_TELLERS), back=_treasury, given=_donor, onward=_to_receipt, blame={"donor_has_interest": "item"},
    fields=(
        FUND, AMOUNT, *_HOW[:2], ITEM, _MEMBER, _UNIT,
        Field(name="words.name", label="fund.field.donor_name", hint="fund.hint.donor_name", required=False, step=2),
        *_HOW[2:],
    ),
)  # fmt: skip


def _pledged(visit: Visit, answers: Answers) -> Mapping[str, Any]:
    """Fund, donor and item of the promise that this money meets; raises NotFound `no_such_pledge`."""
    row = offer.row_of(visit, more.pledges, "pledge_id", answers)
    if row is None:
        raise NotFound("no_such_pledge", pledge=answers.get("pledge_id", ""))
    return {"fund": row["fund"], "donor": row["donor"], "item": row["item"]}


def _open_of(visit: Visit, answers: Answers) -> str:
    row = offer.row_of(visit, more.pledges, "pledge_id", answers)
    return "" if row is None else decimal_yuan(row["open_fen"])


_RECEIVE_PLEDGE = Form(
    name="receive-pledge", command=do.ReceiveDonation, title="fund.form.receive_pledge", tab="treasury",
    may=holds(_TELLERS), back=_treasury, given=_pledged, about=offer.about_pledge, onward=_to_receipt,
    fields=(
        hidden("pledge_id"),
        Field(name="amount_fen", label="fund.field.amount", hint="fund.hint.amount", kind="yuan", prefill=_open_of),
        *_HOW[:2],
        *(Field(name=f.name, label=f.label, hint=f.hint, kind="yes", required=False, step=2) for f in _HOW[2:]),
    ),
)  # fmt: skip


# ---- the treasurer: money out, and back -------------------------------------------------------------------------------


def _to_payment(visit: Visit, done: Done) -> tuple[str, str] | None:
    row = one(visit.store.database, more.grants, visit.ledger, grant_id=done.value("grant_id"))
    if row is None or row["paid"] is None:
        return None
    return visit.url(f"funds/{slug_of(row['fund'])}/payments/{row['paid']}"), "fund.form.to_payment"


def _returned(visit: Visit, done: Done) -> Figures:
    """How much came back: the grant's own amount has the other name."""
    fact = done.fact(PaymentReturned)
    return {"returned": visit.yuan(fact.amount_fen if fact is not None else 0)}


_PAY = Form(
    name="pay", command=do.PayGrant, title="fund.form.pay", lead="fund.form.pay_lead", tab="treasury",
    may=holds(TREASURER), back=_treasury, about=offer.about_grant, onward=_to_payment,
    fields=(hidden("grant_id"), _DAY), send="fund.form.pay_send",
)  # fmt: skip

_RETURN = Form(
    name="return-payment", command=do.ReturnPayment, title="fund.form.return_payment", tab="treasury",
    may=holds(TREASURER), back=_treasury, about=offer.about_grant, onward=_to_payment, figures=_returned,
    blame={"more_than_paid": "amount_fen"},
    fields=(hidden("grant_id"), AMOUNT, _reason("overpaid", "not_used", "bank_returned", "mistake"), _DAY),
)  # fmt: skip

_REFUND = Form(
    name="refund", command=do.RefundDonation, title="fund.form.refund", lead="fund.form.refund_lead", tab="treasury",
    may=holds(TREASURER), back=_treasury, about=offer.about_receipt, next="fund.form.refund_next",
    blame={"more_than_received": "amount_fen", "insufficient_fund": "amount_fen"},
    fields=(
        hidden("receipt_id"), AMOUNT,
        _reason("paid_twice", "wrong_fund", "purpose_impossible", "donor_ineligible", "bank_returned"),
    ),
)  # fmt: skip


def _waiting(visit: Visit, answers: Answers) -> dict[str, Any]:
    """The refund as it was asked for: whoever confirms it confirms that amount and that reason."""
    row = state_of_refund(visit, answers.get("receipt_id", ""))
    if row is None or row["status"] != "asked":
        return {"amount_fen": 0, "reason": "paid_twice"}
    return {"amount_fen": row["amount_fen"], "reason": row["reason"]}


def _about_refund(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    return [*offer.about_receipt(visit, answers), *about_refund(visit, answers)]


_AGREE_REFUND = Form(
    name="agree-refund", command=do.RefundDonation, title="fund.form.agree_refund", lead="fund.form.agree_refund_lead",
    tab="treasury", may=holds(TREASURER), back=_treasury, about=_about_refund, given=_waiting,
    next="fund.form.agree_refund_next", fields=(hidden("receipt_id"),), send="fund.form.agree_refund_send",
)  # fmt: skip

_DECLINE_REFUND = Form(
    name="decline-refund", command=do.DeclineRefund, title="fund.form.decline_refund",
    lead="fund.form.decline_refund_lead", tab="treasury", may=holds(TREASURER), back=_treasury, about=_about_refund,
    next="fund.form.decline_refund_next",
    fields=(hidden("receipt_id"), _reason("no_ground", "already_spent", "donor_withdrew", "mistake")),
)  # fmt: skip


def _items_of_receipt(visit: Visit, answers: Answers) -> list[tuple[str, str]]:
    row = offer.row_of(visit, more.receipts, "receipt_id", answers)
    if row is None:
        return []
    return [one_item for one_item in offer.items(visit, {"fund": row["fund"]}) if one_item[0] != row["item"]]


_CHANGE = Form(
    name="change-use", command=do.AskRestrictionChange, title="fund.form.change", lead="fund.form.change_lead",
    tab="treasury", may=holds(TREASURER | {"committee_member", "host_charity"}), back=_treasury,
    about=offer.about_receipt, next="fund.form.change_next", blame={"more_than_received": "amount_fen"},
    fields=(
        hidden("receipt_id"), AMOUNT,
        Field(name="to_item", label="fund.change_to", kind="choice", choices=_items_of_receipt),
        _reason("purpose_met", "purpose_impossible", "more_urgent"),
    ),
)  # fmt: skip


# ---- telling ----------------------------------------------------------------------------------------------------------


def _to_report(visit: Visit, done: Done) -> tuple[str, str] | None:
    row = one(visit.store.database, tables.disclosures, visit.ledger, disclosure_id=done.value("disclosure_id"))
    if row is None:
        return None
    return visit.url(f"funds/{slug_of(row['fund'])}/reports/{row['number']}"), "fund.form.to_report"


def _reports(visit: Visit, answers: Answers) -> str:
    fund = answers.get("fund", "")
    return visit.url(f"funds/{slug_of(fund)}/reports") if fund else _treasury(visit, answers)


_DISCLOSE = Form(
    name="disclose", command=PublishDisclosure, title="fund.form.disclose", lead="fund.form.disclose_lead",
    tab="treasury", may=holds(_TELLERS), back=_reports, about=offer.about_fund, onward=_to_report,
    fields=(
        hidden("fund"),
        Field(name="until_day", label="fund.field.until_day", hint="fund.hint.until_day", kind="day", required=False),
    ),
)  # fmt: skip

_CORRECT = Form(
    name="correct-disclosure", command=CorrectDisclosure, title="fund.form.correct", lead="fund.form.correct_lead",
    tab="treasury", may=holds(_TELLERS), back=_treasury, about=offer.about_disclosure, onward=_to_report,
    fields=(hidden("disclosure_id"), _reason("late_entry", "entry_mistake")),
)  # fmt: skip

FORMS_MONEY = (
    _PLEDGE, _WITHDRAW, _AGREE, _RECEIVE, _RECEIVE_PLEDGE, _PAY, _RETURN, _REFUND, _AGREE_REFUND, _DECLINE_REFUND, _CHANGE,
    _DISCLOSE, _CORRECT,
)  # fmt: skip

"""Forms of those who decide about money: grants, help cases, calls for proposals; and of those who answer calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages.common import Visit
from api.pages.forms.form import Answers, Done, Field, Form
from api.pages.forms.reading import filled, value_of
from api.pages.fund import form_choices as offer
from api.pages.fund.calls import OPENS
from api.pages.fund.forms_money import AMOUNT, FUND, ITEM, gives, hidden, holds, slug_of
from api.pages.fund.may import COMMITTEE, TREASURER
from api.pages.fund.mine import parties_of
from ledger.disclosures.commands import DeclareEmergency
from ledger.funds import commands as do
from ledger.proposals import commands as call
from projections.books import more_tables as more
from projections.books.engines import funds_tables as tables
from projections.reading import one

_PROPOSERS = COMMITTEE | {"community_worker", "host_charity"}
_LEAST_SCORES = 3
"""So many judges are asked for at least (choice)."""


def _committee(visit: Visit, _answers: Answers) -> str:
    return visit.url("committee")


def _to_grant(visit: Visit, done: Done) -> tuple[str, str] | None:
    row = one(visit.store.database, more.grants, visit.ledger, grant_id=done.value("grant_id"))
    if row is None:
        return None
    return visit.url(f"funds/{slug_of(row['fund'])}/grants/{row['number']}"), "fund.form.to_grant"


# ---- grants -----------------------------------------------------------------------------------------------------------

_PAYEE_MEMBER = Field(
    name="payee_member", label="fund.field.payee_member", hint="fund.hint.payee", kind="member", required=False, step=2,
    aside=True,
)  # fmt: skip
_PAYEE_UNIT = Field(
    name="payee_unit",
    label="fund.field.payee_unit",
    kind="choice",
    required=False,
    step=2,
    choices=offer.units,
    aside=True,
)


def _payee(visit: Visit, answers: Answers) -> Mapping[str, Any]:
    """Who is paid, a member before a unit; nobody where neither was given."""
    payee = value_of(visit, _PAYEE_MEMBER, answers) or value_of(visit, _PAYEE_UNIT, answers)
    return {"payee": payee} if payee else {}


_PROPOSE = Form(
    name="propose-grant", command=do.ProposeGrant, title="fund.form.propose", lead="fund.form.propose_lead",
    tab="committee", may=holds(_PROPOSERS), back=_committee, given=_payee, onward=_to_grant,
    fields=(
        FUND, AMOUNT, Field(name="words.purpose", label="fund.purpose", hint="fund.hint.purpose", kind="long"),
        ITEM, Field(name="category", label="fund.category", kind="choice", choices=offer.categories, step=2),
        _PAYEE_MEMBER, _PAYEE_UNIT,
        Field(name="words.payee", label="fund.field.payee_name", hint="fund.hint.payee_name", required=False, step=2),
    ),
)  # fmt: skip

_APPROVE = Form(
    name="approve", command=do.ApproveGrant, title="fund.form.approve", tab="committee", may=holds(COMMITTEE),
    back=_committee, about=offer.about_grant, onward=_to_grant, fields=(hidden("grant_id"),), check=False,
    send="fund.act.approve", lead="fund.form.approve_lead",
)  # fmt: skip

_DECLINE = Form(
    name="decline", command=do.DeclineGrant, title="fund.form.decline", tab="committee", may=holds(COMMITTEE),
    back=_committee, about=offer.about_grant, onward=_to_grant,
    fields=(
        hidden("grant_id"),
        Field(
            name="reason", label="fund.reason", kind="choice",
            choices=offer.reasons("not_in_purpose", "too_much", "no_evidence", "duplicate"),
        ),
    ),
)  # fmt: skip

_CANCEL = Form(
    name="cancel-grant", command=do.CancelGrant, title="fund.form.cancel", tab="committee",
    may=holds(COMMITTEE | TREASURER), back=_committee, about=offer.about_grant, onward=_to_grant,
    fields=(
        hidden("grant_id"),
        Field(
            name="reason", label="fund.reason", kind="choice",
            choices=offer.reasons("not_needed", "payee_gone", "mistake"),
        ),
    ),
)  # fmt: skip

_ACCEPT = Form(
    name="accept", command=call.AcceptMilestone, title="fund.form.accept", lead="fund.form.accept_lead", tab="committee",
    may=lambda visit: visit.caller.signed_in, back=_committee, about=offer.about_grant, onward=_to_grant,
    fields=(hidden("grant_id"),), check=False, send="fund.act.accept",
)  # fmt: skip


# ---- help cases and emergencies -----------------------------------------------------------------------------------------

_BENEFICIARY = Field(name="beneficiary", label="fund.case_who", hint="fund.hint.beneficiary", kind="member")

_OPEN_CASE = Form(
    name="open-case", command=do.OpenHelpCase, title="fund.form.open_case", lead="fund.form.open_case_lead",
    tab="committee", may=holds(_PROPOSERS), back=_committee, next="fund.form.open_case_next",
    fields=(
        FUND, _BENEFICIARY,
        Field(name="title", label="fund.case_title", hint="fund.hint.case_title", step=2),
        Field(name="need_fen", label="fund.case_need", kind="yuan", hint="fund.hint.amount", step=2),
        Field(name="words.situation", label="fund.case_situation", kind="long", required=False, step=2),
    ),
)  # fmt: skip


def _items_of_case(visit: Visit, answers: Answers) -> list[tuple[str, str]]:
    row = offer.row_of(visit, tables.help_cases, "case_id", answers)
    return [] if row is None else offer.items(visit, {"fund": row["fund"]})


_CLOSE_CASE = Form(
    name="close-case", command=do.CloseHelpCase, title="fund.form.close_case", lead="fund.form.close_case_lead",
    tab="committee", may=holds(COMMITTEE), back=_committee, about=offer.about_case,
    fields=(
        hidden("case_id"),
        Field(name="outcome", label="fund.field.outcome", kind="choice", choices=offer.outcomes),
        Field(name="to_item", label="fund.field.remainder_to", kind="choice", choices=_items_of_case),
    ),
)  # fmt: skip

_EMERGENCY = Form(
    name="emergency", command=DeclareEmergency, title="fund.form.emergency", lead="fund.form.emergency_lead",
    tab="committee", may=holds(COMMITTEE | {"administrator", "host_charity"}), back=_committee,
    fields=(FUND, Field(name="until_day", label="fund.until_day", kind="day")),
)  # fmt: skip


# ---- calls ------------------------------------------------------------------------------------------------------------


def _call(_visit: Visit, answers: Answers) -> Mapping[str, Any]:
    """A proposal counts once three judges have scored it, or all where there are fewer."""
    return {"least_scores": min(_LEAST_SCORES, len(filled(_JUDGES, answers)))}


_JUDGES = Field(
    name="judges", label="fund.field.judges", hint="fund.hint.judges", kind="rows", step=4, needed=_LEAST_SCORES,
    columns=(Field(name="", label="fund.field.judge", kind="member"),),
)  # fmt: skip
_CRITERIA = Field(
    name="criteria", label="fund.field.criteria", hint="fund.hint.criteria", kind="rows", step=3,
    columns=(
        Field(name="name", label="fund.field.criterion", most=80),
        Field(name="most_points", label="fund.field.most_points", kind="number", most=4),
    ),
)  # fmt: skip


def _to_call(visit: Visit, done: Done) -> tuple[str, str] | None:
    row = one(visit.store.database, tables.calls_for_proposals, visit.ledger, call_id=done.value("call_id"))
    return None if row is None else (visit.url(f"calls/{row['number']}"), "fund.form.to_call")


_OPEN_CALL = Form(
    name="open-call", command=call.OpenCall, title="fund.form.open_call", lead="fund.form.open_call_lead", tab="calls",
    may=holds(OPENS), back=lambda visit, _a: visit.url("calls"), given=_call, onward=_to_call,
    blame={
        "more_than_budget": "most_fen", "call_over": "until_day", "judge_repeats": "judges",
        "bad_call_criteria": "criteria",
    },
    fields=(
        FUND, Field(name="title", label="fund.field.call_title", most=80),
        Field(name="until_day", label="fund.until_day", kind="day"),
        ITEM, Field(name="category", label="fund.category", kind="choice", choices=offer.categories, step=2),
        Field(name="budget_fen", label="fund.budget", kind="yuan", hint="fund.hint.amount", step=2),
        Field(name="most_fen", label="fund.most_each", kind="yuan", step=2),
        Field(
            name="pass_percent", label="fund.field.pass_percent", kind="number", step=3, prefill=lambda _v, _a: "60", most=3
        ),
        _CRITERIA, _JUDGES,
    ),
)  # fmt: skip

_MILESTONES = Field(
    name="milestones", label="fund.field.stages", hint="fund.hint.stages", kind="rows", step=2,
    columns=(
        Field(name="name", label="fund.field.stage", most=80),
        Field(name="amount_fen", label="fund.field.stage_amount", kind="yuan"),
        Field(name="due_day", label="fund.field.stage_day", kind="day"),
    ),
)  # fmt: skip


def _to_proposal(visit: Visit, done: Done) -> tuple[str, str] | None:
    row = one(visit.store.database, tables.proposals, visit.ledger, proposal_id=done.value("proposal_id"))
    return None if row is None else (visit.url(f"proposals/{row['number']}"), "fund.form.to_proposal")


_SUBMIT = Form(
    name="submit-proposal", command=call.SubmitProposal, title="fund.form.submit", lead="fund.form.submit_lead",
    tab="calls", may=gives, back=lambda visit, _a: visit.url("calls"), about=offer.about_call,
    onward=_to_proposal, blame={"bad_milestones": "milestones", "more_than_budget": "milestones"},
    fields=(
        hidden("call_id"),
        Field(
            name="applicant", label="fund.field.applicant", kind="choice", choices=lambda visit, _a: parties_of(visit)
        ),
        Field(name="title", label="fund.field.proposal_title", most=80),
        Field(name="words.text", label="fund.field.plan", hint="fund.hint.plan", kind="long", most=4_000),
        _MILESTONES,
    ),
)  # fmt: skip

_AWARD = Form(
    name="award", command=call.AwardProposal, title="fund.form.award", lead="fund.form.award_lead", tab="calls",
    may=holds(COMMITTEE), back=_committee, about=offer.about_proposal, fields=(hidden("proposal_id"),), check=False,
    send="fund.act.award", next="fund.form.award_next",
)  # fmt: skip

FORMS_DECIDING = (
    _PROPOSE, _APPROVE, _DECLINE, _CANCEL, _ACCEPT, _OPEN_CASE, _CLOSE_CASE, _EMERGENCY, _OPEN_CALL, _SUBMIT, _AWARD,
)  # fmt: skip

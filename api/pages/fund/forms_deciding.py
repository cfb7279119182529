"""Forms of those who decide about money: grants, help cases, calls for proposals; and of those who answer calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages.common import Visit
from api.pages.forms.form import Answers, Field, Form
from api.pages.forms.reading import value_of
from api.pages.fund import form_choices as offer
from api.pages.fund.calls import OPENS
from api.pages.fund.forms_money import AMOUNT, FUND, ITEM, gives, hidden, holds, slug_of
from api.pages.fund.may import COMMITTEE, TREASURER
from api.pages.fund.mine import parties_of
from api.routes.writes import Written
from ledger.disclosures.commands import DeclareEmergency
from ledger.funds import commands as do
from ledger.proposals import commands as call
from projections.books import more_tables as more
from projections.books.engines import funds_tables as tables
from projections.reading import one

_PROPOSERS = COMMITTEE | {"community_worker", "host_charity"}
_STAGES, _CRITERIA, _JUDGES = 4, 4, 7
"""So many are asked for on the pages; a command takes more."""


def _committee(visit: Visit, _answers: Answers) -> str:
    return visit.url("committee")


def _to_grant(visit: Visit, done: Written, answers: Answers) -> str | None:
    key = done.ids.get("grant_id", "") or answers.get("grant_id", "")
    row = one(visit.store.database, more.grants, visit.ledger, grant_id=key) if key else None
    return None if row is None else visit.url(f"funds/{slug_of(row['fund'])}/grants/{row['number']}", done="yes")


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
    tab="committee", may=holds(_PROPOSERS), back=_committee, given=_payee, done=_to_grant,
    fields=(
        FUND, AMOUNT, Field(name="words.purpose", label="fund.purpose", hint="fund.hint.purpose", kind="long"),
        ITEM, Field(name="category", label="fund.category", kind="choice", choices=offer.categories, step=2),
        _PAYEE_MEMBER, _PAYEE_UNIT,
        Field(name="words.payee", label="fund.field.payee_name", hint="fund.hint.payee_name", required=False, step=2),
    ),
)  # fmt: skip

_APPROVE = Form(
    name="approve", command=do.ApproveGrant, title="fund.form.approve", tab="committee", may=holds(COMMITTEE),
    back=_committee, about=offer.about_grant, done=_to_grant, fields=(hidden("grant_id"),), check=False,
    send="fund.act.approve", lead="fund.form.approve_lead",
)  # fmt: skip

_DECLINE = Form(
    name="decline", command=do.DeclineGrant, title="fund.form.decline", tab="committee", may=holds(COMMITTEE),
    back=_committee, about=offer.about_grant, done=_to_grant,
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
    may=holds(COMMITTEE | TREASURER), back=_committee, about=offer.about_grant, done=_to_grant,
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
    may=lambda visit: visit.caller.signed_in, back=_committee, about=offer.about_grant, done=_to_grant,
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

_CRITERION = tuple(
    (
        Field(name=f"criterion{n}", label=f"fund.field.criterion{n}", step=3, required=n == 1, most=80, aside=True),
        Field(
            name=f"criterion{n}_most", label=f"fund.field.most{n}", kind="number", step=3, required=n == 1, aside=True
        ),
    )
    for n in range(1, _CRITERIA + 1)
)
_JUDGE = tuple(
    Field(name=f"judge{n}", label=f"fund.field.judge{n}", kind="member", step=4, required=n <= 3, aside=True)
    for n in range(1, _JUDGES + 1)
)


def _call(visit: Visit, answers: Answers) -> Mapping[str, Any]:
    """Judges and criteria as the command takes them; raises Refused `form_empty` where half of a criterion is missing."""
    criteria = [
        {"name": value_of(visit, name, answers), "most_points": value_of(visit, most, answers)}
        for name, most in _CRITERION
        if offer.both_or_none(answers, (name.name, most.name))
    ]
    judges = [who for field in _JUDGE if (who := value_of(visit, field, answers))]
    return {"criteria": criteria, "judges": judges, "least_scores": min(3, len(judges))}


def _to_call(visit: Visit, done: Written, _answers: Answers) -> str | None:
    return visit.url(f"calls/{done.position}", done="yes")


_OPEN_CALL = Form(
    name="open-call", command=call.OpenCall, title="fund.form.open_call", lead="fund.form.open_call_lead", tab="calls",
    may=holds(OPENS), back=lambda visit, _a: visit.url("calls"), given=_call, done=_to_call,
    blame={
        "more_than_budget": "most_fen", "call_over": "until_day", "judge_repeats": "judge1",
        "bad_call_criteria": "criterion1",
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
        *(field for pair in _CRITERION for field in pair), *_JUDGE,
    ),
)  # fmt: skip

_STAGE = tuple(
    (
        Field(
            name=f"stage{n}", label=f"fund.field.stage{n}", hint="fund.hint.stage" if n == 1 else "", step=1 + n,
            required=n == 1, most=80, aside=True,
        ),
        Field(
            name=f"stage{n}_fen", label="fund.field.stage_amount", kind="yuan", step=1 + n, required=n == 1, aside=True
        ),
        Field(name=f"stage{n}_day", label="fund.field.stage_day", kind="day", step=1 + n, required=n == 1, aside=True),
    )
    for n in range(1, _STAGES + 1)
)  # fmt: skip


def _proposed(visit: Visit, answers: Answers) -> Mapping[str, Any]:
    """Stages as the command takes them; raises Refused `form_empty` where part of one is missing."""
    stages = [
        {
            "name": value_of(visit, name, answers), "amount_fen": value_of(visit, fen, answers),
            "due_day": value_of(visit, day, answers),
        }
        for name, fen, day in _STAGE
        if offer.both_or_none(answers, (name.name, fen.name, day.name))
    ]  # fmt: skip
    return {"milestones": stages}


def _to_proposal(visit: Visit, done: Written, _answers: Answers) -> str | None:
    return visit.url(f"proposals/{done.position}", done="yes")


_SUBMIT = Form(
    name="submit-proposal", command=call.SubmitProposal, title="fund.form.submit", lead="fund.form.submit_lead",
    tab="calls", may=gives, back=lambda visit, _a: visit.url("calls"), about=offer.about_call, given=_proposed,
    done=_to_proposal, blame={"bad_milestones": "stage1_day", "more_than_budget": "stage1_fen"},
    fields=(
        hidden("call_id"),
        Field(
            name="applicant", label="fund.field.applicant", kind="choice", choices=lambda visit, _a: parties_of(visit)
        ),
        Field(name="title", label="fund.field.proposal_title", most=80),
        Field(name="words.text", label="fund.field.plan", hint="fund.hint.plan", kind="long", most=4_000),
        *(field for stage in _STAGE for field in stage),
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

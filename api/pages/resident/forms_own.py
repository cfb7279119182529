"""The forms about what one asked for: confirmed with a score, taken back, reopened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Field, Form
from api.pages.happenings import titles_of
from api.pages.menu import is_member
from api.pages.resident.form_parts import NOTE, Rows, for_whom, hidden
from api.routes.writes import Written
from ledger.policy.state import policy_of
from ledger.requests import commands as do
from projections.books import queries as books


def _request(visit: Visit, answers: Answers) -> Rows:
    """Which request a form is about: its number and title, where who looks may know of it."""
    row = books.request(visit.store.database, visit.ledger, answers.get("request_id", ""))
    if row is None or not row["requester"] or not visit.reads_affairs_of(row["requester"]):
        return []
    title = titles_of(visit, [row])[row["request_id"]]
    told = (visit.t("board.number", number=row["number"]), title)
    return [*for_whom(visit, row["requester"]), (visit.t("resident.about"), " ".join(told))]


def _asked_by(visit: Visit, answers: Answers) -> Mapping[str, Any]:
    row = books.request(visit.store.database, visit.ledger, answers.get("request_id", ""))
    return {"requester": "" if row is None else row["requester"] or ""}


def _to_request(done: str) -> Callable[[Visit, Written, Answers], str | None]:
    def to(visit: Visit, _written: Written, answers: Answers) -> str | None:
        return visit.url(f"requests/{answers['request_id']}", done=done)

    return to


def _back_to_request(visit: Visit, answers: Answers) -> str:
    request_id = answers.get("request_id", "")
    return visit.url(f"requests/{request_id}" if request_id else "my-requests")


def _scores(visit: Visit, _answers: Answers) -> Choices:
    return [(str(score), visit.t(f"resident.score_{score}")) for score in range(5, 0, -1)]


def _low(visit: Visit) -> int:
    return policy_of(visit.view).number("requests.reopen_below", visit.today)


def _score_about(visit: Visit, answers: Answers) -> Rows:
    return [*_request(visit, answers), (visit.t("resident.rule"), visit.t("resident.low_rule", score=_low(visit)))]


def _score_given(visit: Visit, answers: Answers) -> Mapping[str, Any]:
    score = answers.get("score", "")
    return {**_asked_by(visit, answers), "score": int(score) if score.isdecimal() and score.isascii() else 0}


_REMARK = Field(
    name="words.remark", kind="long", label="resident.field.remark", hint="resident.field.remark_hint", step=2,
    required=False, most=NOTE,
)  # fmt: skip

_CONFIRM = Form(
    name="confirm",
    command=do.CloseRequest,
    title="resident.confirm_title",
    send="resident.confirm_send",
    tab="ask",
    may=is_member,
    fields=(
        hidden("request_id"),
        Field(name="score", kind="choice", label="resident.field.score", choices=_scores),
        _REMARK,
        Field(name="explained", kind="yes", label="resident.field.explained", step=2, required=False),
    ),
    given=_score_given,
    about=_score_about,
    blame={"bad_score": "score", "explanation_missing": "words.remark"},
    done=_to_request("closed"),
    said="request.closed",
    back=_back_to_request,
)

_WITHDRAW = Form(
    name="withdraw",
    command=do.WithdrawRequest,
    title="resident.withdraw_title",
    lead="resident.withdraw_lead",
    send="resident.withdraw_send",
    tab="ask",
    may=is_member,
    fields=(hidden("request_id"),),
    given=_asked_by,
    about=_request,
    check=False,
    done=_to_request("withdrawn"),
    said="request.withdrawn",
    back=_back_to_request,
)

_REOPEN = Form(
    name="reopen",
    command=do.ReopenRequest,
    title="resident.reopen_title",
    lead="resident.reopen_lead",
    send="resident.reopen_send",
    tab="ask",
    may=is_member,
    fields=(
        hidden("request_id"),
        Field(name="words.remark", kind="long", label="resident.field.wrong", most=NOTE),
    ),
    given=_asked_by,
    about=_request,
    done=_to_request("reopened"),
    said="request.reopened",
    back=_back_to_request,
)

OWN: tuple[Form, ...] = (_CONFIRM, _WITHDRAW, _REOPEN)

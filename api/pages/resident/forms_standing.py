"""The forms about oneself among the others: a proxy named or ended, a broken promise contested."""

from __future__ import annotations

from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Field, Form
from api.pages.menu import is_member
from api.pages.naming import labels
from api.pages.resident.form_parts import NOTE, Rows, hidden
from api.texts import text
from ledger.ids import PERSON, prefix_of
from ledger.integrity.commands import ContestRecord
from ledger.parties.commands import EndProxy, RegisterProxy
from ledger.parties.state import Standing


def _pair(visit: Visit, answers: Answers) -> Rows:
    """Whose proxy ends, for either of the two."""
    pair = [answers.get(name, "") for name in ("principal", "proxy")]
    if visit.caller.actor not in pair or any(prefix_of(who) != PERSON for who in pair):
        return []
    if pair[1] not in visit.view.state(Standing, pair[0]).proxies:
        return []
    names = labels(visit, pair, clear=pair)
    return [(visit.t("resident.principal"), names[pair[0]]), (visit.t("resident.proxy"), names[pair[1]])]


def _to_proxies(visit: Visit, _answers: Answers) -> str:
    return visit.url("proxies")


_PROXY_ADD = Form(
    name="proxy-add",
    command=RegisterProxy,
    title="resident.proxy_add_title",
    lead="resident.proxy_add_lead",
    send="resident.proxy_add_send",
    tab="ask",
    may=is_member,
    fields=(
        Field(name="proxy", kind="member", label="resident.field.proxy", hint="resident.field.proxy_hint", most=20),
    ),
    given=lambda visit, _answers: {"principal": visit.caller.actor},
    blame={"proxy_of_oneself": "proxy", "proxy_exists": "proxy", "no_such_member": "proxy", "member_left": "proxy"},
    back=_to_proxies,
)

_PROXY_END = Form(
    name="proxy-end",
    command=EndProxy,
    title="resident.proxy_end_title",
    lead="resident.proxy_end_lead",
    send="resident.proxy_end_send",
    tab="ask",
    may=is_member,
    fields=(hidden("principal"), hidden("proxy")),
    about=_pair,
    check=False,
    back=_to_proxies,
)


def _reasons(visit: Visit, _answers: Answers) -> Choices:
    return [
        (reason, text(visit.lang, f"sampling.value.reason_{reason}"))
        for reason in ("misrecorded", "done_in_time", "not_mine", "beyond_control")
    ]


def _promise(visit: Visit, answers: Answers) -> Rows:
    told = text(visit.lang, f"sampling.value.promise_{answers.get('promise', '')}")
    return [(visit.t("integrity.contest_what"), told)] if not told.startswith("sampling.") else []


_CONTEST = Form(
    name="contest",
    command=ContestRecord,
    title="integrity.contest_title",
    lead="integrity.contest_lead",
    next="integrity.contest_next",
    tab="records",
    may=lambda visit: visit.caller.signed_in,
    fields=(
        hidden("party"),
        hidden("promise"),
        hidden("about"),
        Field(name="reason", kind="choice", label="integrity.contest_reason", choices=_reasons),
        Field(
            name="words.note", kind="long", label="integrity.contest_note", hint="integrity.contest_note_hint",
            required=False, most=NOTE,
        ),
    ),
    about=_promise,
    back=lambda visit, answers: visit.url(f"integrity/{answers['party']}" if answers.get("party") else "records"),
)  # fmt: skip

STANDING: tuple[Form, ...] = (_PROXY_ADD, _PROXY_END, _CONTEST)

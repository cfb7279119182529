"""The way of a form: its small pages, the look at the answers, the sending, the confirmation.

Whatever is posted is answered by leading on (303) to a page that is asked for: so Back and Reload show a page and send
nothing, with any browser, with or without scripts. What was typed waits in a draft meanwhile; see `drafts`.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from api import asking
from api.pages.common import Visit, redirect
from api.pages.forms.all import BY_NAME
from api.pages.forms.confirming import confirmation, happened
from api.pages.forms.drafts import Draft, Drafts, Wrong
from api.pages.forms.form import Form
from api.pages.forms.posted import form_data
from api.pages.forms.reading import joined, put, shown_rows, value_of
from api.pages.forms.showing import Showing
from api.store import Store
from api.texts import known
from ledger.errors import NotFound, NotSignedIn, NuanlinError

_MOST = 20_000
"""The most characters of an answer that is looked at."""
_OURS = frozenset({"draft", "step", "lang", "afresh"})
"""Parameters of a form's address that are ours, not what it began with."""


def form_named(visit: Visit, name: str) -> Form:
    """A form that is for who looks. Raises NotSignedIn `sign_in_first`, NotFound `no_such_page`."""
    form = BY_NAME.get(name)
    if form is None:
        raise NotFound("no_such_page")
    if not visit.caller.signed_in:
        raise NotSignedIn("sign_in_first")
    if not form.may(visit):
        raise NotFound("no_such_page")
    return form


def _texts(data: FormData) -> dict[str, str]:
    """What was sent, as texts; boxes that share a name as one text."""
    return {name: joined(_readable(str(one))[:_MOST] for one in data.getlist(name)) for name in data}


def _readable(said: str) -> str:
    """Without what no page can show again."""
    return said.encode("utf-8", "replace").decode()


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 1


def _began(visit: Visit) -> dict[str, str]:
    return {name: said for name, said in visit.request.query_params.items() if name not in _OURS}


class Going:
    """One posting of a form: what was typed, and where it leads."""

    def __init__(self, drafts: Drafts, showing: Showing) -> None:
        self.drafts, self.showing = drafts, showing

    def _keep(self, **more: Any) -> None:
        visit, showing = self.showing.visit, self.showing
        if visit.session is not None:
            draft = Draft(form=showing.form.name, began=showing.address(), answers=dict(showing.answers), **more)
            self.drafts.keep(visit.session.secret, showing.key, draft, visit.now_at)

    def _to(self, step: int, mark: str = "") -> Response:
        showing = self.showing
        lang = showing.visit.request.query_params.get("lang")
        return redirect(showing.address(draft=showing.key, step=step, lang=lang) + mark)

    def wrong(self, wrong: tuple[Wrong, ...], status: int = 422) -> Response:
        """To the page on which the first wrong answer can be put right."""
        self._keep(wrong=wrong, status=status)
        return self._to(self.showing.step_of(wrong))

    def go(self, to: str, step: int) -> Response:
        """Where a button of the form leads."""
        showing, form = self.showing, self.showing.form
        if to != "send" and self._sent():
            return self._to(1)
        if to.startswith("step-"):
            return self._on(_number(to[5:]))
        if to == "stay":
            return self._on(step)
        if to.startswith("more-"):
            return self._more(to[5:], step)
        until = form.fields if to == "send" else tuple(field for field in form.fields if field.step <= step)
        if wrong := showing.wrongs(until):
            return self.wrong(tuple(wrong))
        if to == "send" or (step >= form.steps and not form.check):
            return self.send()
        return self._on(step + 1)

    def _sent(self) -> bool:
        """Whether this was sent before, say from another tab."""
        visit, showing = self.showing.visit, self.showing
        secret = visit.session.secret if visit.session else ""
        draft = self.drafts.find(secret, showing.key, showing.form.name, visit.now_at)
        return draft is not None and bool(draft.sent)

    def _on(self, step: int) -> Response:
        self._keep()
        return self._to(min(max(step, 1), self.showing.form.steps + 1))

    def _more(self, name: str, step: int) -> Response:
        """The same step with one row more; nothing is judged, nothing is sent."""
        showing = self.showing
        field = next((one for one in showing.form.fields if one.kind == "rows" and one.name == name), None)
        if field is None:
            return self._on(step)
        rows = min(shown_rows(field, showing.answers) + 1, field.rows)
        showing.answers = {**showing.answers, field.counter: str(rows)}
        self._keep()
        return self._to(step, f"#{field.row(rows - 1)[0].anchor}")

    def send(self) -> Response:
        """Give the command, once per key; then where the form leads, or what was wrong."""
        showing, visit, form = self.showing, self.showing.visit, self.showing.form
        fields: dict[str, Any] = {}
        for field in form.fields:
            value = value_of(visit, field, showing.answers)
            if value is not None and not field.aside:
                put(fields, field.name, value)
        try:
            for name, value in form.given(visit, showing.answers).items():
                put(fields, name, value)
            done = asking.do(
                visit.store, visit.ledger, form.command.NAME, fields, visit.caller, key=f"web-{showing.key[:100]}"
            )
        except NuanlinError as problem:
            return self.wrong((showing.refusal(problem),), showing.status_of(problem))
        on = None if form.done is None else form.done(visit, done, showing.answers)
        if on is None:
            on = visit.url(f"do/{form.name}/done", position=done.position, facts=len(done.events))
        showing.answers = {}
        self._keep(sent=on)
        return redirect(on)


def _shown(visit: Visit, form: Form, drafts: Drafts) -> Response:
    """A page of a form: of the draft that the address names, of one begun here before, or the first one, empty."""
    query, began, secret = visit.request.query_params, _began(visit), visit.session.secret if visit.session else ""
    key = query.get("draft", "")
    draft = drafts.find(secret, key, form.name, visit.now_at) if key else None
    if draft is not None and draft.sent:
        return visit.page("form_sent.html", tab=form.tab, title=visit.t(form.title), leads=draft.sent,
                          again=Showing(visit, form, {}, "", began).address())  # fmt: skip
    if draft is not None:
        showing = Showing(visit, form, dict(draft.answers), key, began)
        step = _number(query.get("step", "1"))
        told = bool(draft.wrong) and showing.step_of(draft.wrong) == step
        return showing.at(step, draft.wrong, draft.status) if told else showing.at(step)
    showing = Showing(visit, form, began, visit.new_key(), began)
    before = None if query.get("afresh") else drafts.begun(secret, form.name, showing.address(), visit.now_at)
    if before is not None:
        key, draft = before
        showing = Showing(visit, form, dict(draft.answers), key, began)
        showing.resumed = True
    showing.gone = bool(key) and before is None
    return showing.step(1)


def add_forms(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/do/{name}` and its confirmation."""
    drafts = Drafts()

    @pages.get("/{ledger}/do/{name}")
    def begin(request: Request, ledger: str, name: str) -> Response:
        visit = Visit(store, request, ledger)
        try:
            form = form_named(visit, name)
        except NotSignedIn:
            return visit.sign_in_first()
        return _shown(visit, form, drafts)

    @pages.post("/{ledger}/do/{name}")
    def go(request: Request, ledger: str, name: str, data: FormData = Depends(form_data)) -> Response:
        visit = Visit(store, request, ledger)
        said = _texts(data)
        visit.check_form(said.get("csrf", ""))
        form = form_named(visit, name)
        key = said.get("key", "")[:100] or visit.new_key()
        going = Going(drafts, Showing(visit, form, said, key, _began(visit)))
        return going.go(said.get("to", "next"), _number(said.get("step", "1")))

    @pages.get("/{ledger}/do/{name}/done")
    def done(request: Request, ledger: str, name: str, position: str = "", facts: str = "1") -> Response:
        visit = Visit(store, request, ledger)
        try:
            form = form_named(visit, name)
        except NotSignedIn:
            return visit.sign_in_first()
        if form.done is not None and not known(visit.lang, f"pages.{form.after}"):
            raise NotFound("no_such_page")  # it leads to a page of its own
        return confirmation(visit, form, happened(visit, position, _number(facts)))

"""Tokens of programs, and the key that seals: what is shown, made and ended."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Form
from sqlalchemy import bindparam, func, select
from starlette.requests import Request
from starlette.responses import Response

from api import asking, formats, tokens
from api.pages.admin.may import administering
from api.pages.common import Visit, redirect
from api.pages.naming import labels
from api.problems import status_of
from api.store import Store
from ledger.errors import NuanlinError, Refused
from ledger.ids import SERVICE, new_id
from ledger.journal.tables import web_sessions
from ledger.parties.state import roles_of

_TEXT = Annotated[str, Form()]
_ROWS = 30
_LETTERS = 4
ROLES = ("community_worker", "treasurer", "auditor")
"""What a program may be (choice): none administers, votes or speaks for anybody."""
DAYS = (30, 90, 365, 1_095)
"""How long a token may be good (choice): no program's for ever."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A token as the page shows it; days in words, "" for none. `state`: good, over or ended."""

    number: str
    label: str
    holder: str
    roles: str
    created: str
    expires: str
    begun: str
    state: str


def _begun(visit: Visit) -> dict[str, int]:
    """When each token last began a visit at a browser, by its number (microseconds)."""
    c, database = web_sessions.c, visit.store.database
    ask = database.prepare(
        "admin.token_sessions",
        select(c.proof, func.max(c.created_at))
        .where(c.ledger == bindparam("l"), c.via == bindparam("v"))
        .group_by(c.proof),
    )
    with database.reading() as cursor:
        cursor.execute(ask.text, (visit.ledger, "token"))
        return {str(proof)[: tokens.SHOWN_LETTERS]: int(at) for proof, at in cursor.fetchall()}


def _page(visit: Visit, problem: NuanlinError | None = None, *, typed: str = "", after: int = 0) -> Response:
    listed = tokens.listed(visit.store, visit.ledger)[::-1]
    here = listed[after : after + _ROWS]
    names = labels(visit, [one.actor for one in here], clear=True)
    begun = _begun(visit)

    def state(one: tokens.Token) -> str:
        if one.revoked_at is not None:
            return "ended"
        return "over" if one.expires_at is not None and one.expires_at <= visit.now_at else "good"

    rows = [
        Shown(
            number=one.number, label="" if one.label == one.actor else one.label, holder=names[one.actor],
            roles=visit.t("records.mark").join(
                dict.fromkeys(visit.t(f"role.{role}") for role, _ in sorted(roles_of(visit.view, one.actor).held))
            ),
            created=visit.day_at(one.created_at), expires="" if one.expires_at is None else visit.day_at(one.expires_at),
            begun=visit.instant(begun[one.number]) if one.number in begun else "", state=state(one),
        )
        for one in here
    ]  # fmt: skip
    return visit.page(
        "admin_tokens.html", 200 if problem is None else status_of(problem), tab="admin", rows=rows, typed=typed,
        roles=ROLES, days=DAYS, sentence="" if problem is None else formats.error(problem, visit.lang),
        done=visit.request.query_params.get("done", ""),
        next=after + _ROWS if after + _ROWS < len(listed) else 0,
    )  # fmt: skip


def _made(visit: Visit, label: str, role: str, days: str) -> str:
    """The secret of a new token for a program; whoever is signed in appoints it, as the journal says."""
    if not label.strip():
        raise Refused("form_empty")
    if days not in map(str, DAYS) or role not in ("", *ROLES):
        raise Refused("form_choose")
    holder = new_id(SERVICE)
    secret, _ = tokens.create(visit.store, visit.ledger, actor=holder, label=label, days=int(days))
    if role:
        asking.do(visit.store, visit.ledger, "grant_role", {"holder": holder, "role": role}, visit.caller)
    return secret


def seal_values(visit: Visit) -> dict[str, Any]:
    """The public key in words: its name, itself, and a fingerprint that can be read aloud."""
    vkey = visit.store.seals.vkey(visit.ledger)
    digest = hashlib.sha256(vkey.encode()).hexdigest()[:32].upper()
    fingerprint = " ".join(digest[at : at + _LETTERS] for at in range(0, len(digest), _LETTERS))
    last = visit.store.seals.latest(visit.ledger)
    return {
        "vkey": vkey, "origin": visit.store.seals.origin(visit.ledger), "fingerprint": fingerprint,
        "file": visit.store.keys.file, "last": last, "last_at": "" if last is None else visit.instant(last.at),
    }  # fmt: skip


def add_keys(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/admin/tokens`, `…/tokens/end` and `/{ledger}/admin/seal-key`."""

    @pages.get("/{ledger}/admin/tokens")
    def listed(request: Request, ledger: str, after: str = "") -> Response:
        visit = administering(store, request, ledger)
        return _page(visit, after=int(after) if after.isascii() and after.isdecimal() and len(after) < 9 else 0)

    @pages.post("/{ledger}/admin/tokens")
    def create(
        request: Request, ledger: str, csrf: _TEXT = "", label: _TEXT = "", role: _TEXT = "", days: _TEXT = ""
    ) -> Response:
        visit = administering(store, request, ledger)
        visit.check_form(csrf)
        visit.need_proof("make_token")
        try:
            secret = _made(visit, label, role, days)
        except NuanlinError as problem:
            return _page(visit, problem, typed=label[:80])
        return visit.page("admin_token_made.html", tab="admin", secret=secret, label=label)

    @pages.post("/{ledger}/admin/tokens/end")
    def end(request: Request, ledger: str, csrf: _TEXT = "", number: _TEXT = "") -> Response:
        visit = administering(store, request, ledger)
        visit.check_form(csrf)
        visit.need_proof("end_token")
        try:
            tokens.revoke(store, ledger, number)
        except NuanlinError as problem:
            return _page(visit, problem)
        return redirect(visit.url("admin/tokens", done="ended"))

    @pages.get("/{ledger}/admin/seal-key")
    def seal_key(request: Request, ledger: str) -> Response:
        visit = administering(store, request, ledger)
        return visit.page("admin_seal_key.html", tab="admin", **seal_values(visit))

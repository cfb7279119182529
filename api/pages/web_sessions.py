"""Signing in at a browser: begins, finds and ends opaque server-side sessions (table `web_sessions` of the journal)."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec
from sqlalchemy import bindparam, insert, select, update

from api.store import Store
from ledger.clock import MICROS_PER_DAY
from ledger.journal.tables import tokens, web_sessions

COOKIE = "nuanlin_session"
DAYS = 14
"""A browser stays signed in for so many days (choice)."""

_c = web_sessions.c


class WebSession(msgspec.Struct, frozen=True):
    """Who is signed in, where, and how; `secret` is the cookie's, `via` is token or demo."""

    ledger: str
    actor: str
    via: str
    secret: str

    @property
    def csrf(self) -> str:
        """What every form of this session carries and no other site can know."""
        return hmac.digest(self.secret.encode(), b"nuanlin csrf", "sha256").hex()[:40]

    @property
    def cookie(self) -> str:
        """The cookie's value."""
        return f"{self.ledger}.{self.secret}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(store: Store, ledger: str, actor: str, *, via: str, proof: str = "") -> WebSession:
    """Sign somebody in who has shown who they are; always under a fresh secret."""
    secret = secrets.token_urlsafe(32)
    now_at = store.clock()
    put = store.database.prepare("web_session.put", insert(web_sessions))
    row = (ledger, _digest(secret), actor, via, proof, now_at, now_at + DAYS * MICROS_PER_DAY, None)
    with store.database.writing() as cursor:
        cursor.execute(put.text, row)
    return WebSession(ledger, actor, via, secret)


def find(store: Store, cookie: str) -> WebSession | None:
    """The session of a cookie; None if there is none, it ended, or the token it began with was revoked or ran out."""
    ledger, _, secret = cookie.rpartition(".")
    if not ledger or not secret or len(cookie) > 200:
        return None
    joined = web_sessions.outerjoin(tokens, (tokens.c.ledger == _c.ledger) & (tokens.c.digest == _c.proof))
    ask = store.database.prepare(
        "web_session.one",
        select(_c.actor, _c.via, _c.expires_at, _c.proof, tokens.c.digest, tokens.c.expires_at, tokens.c.revoked_at)
        .select_from(joined)
        .where(_c.ledger == bindparam("l"), _c.digest == bindparam("d"), _c.revoked_at.is_(None)),
    )
    with store.database.reading() as cursor:
        cursor.execute(ask.text, (ledger, _digest(secret)))
        row = cursor.fetchone()
    if row is None:
        return None
    actor, via, expires_at, proof, token, token_expires_at, token_revoked_at = row
    now_at = store.clock()
    if expires_at <= now_at or (proof and token is None) or token_revoked_at is not None:
        return None
    if token_expires_at is not None and token_expires_at <= now_at:
        return None
    return WebSession(ledger, str(actor), str(via), secret)


def end(store: Store, session: WebSession) -> None:
    """Sign out; a copy of the cookie is worth nothing from now on."""
    done = store.database.prepare(
        "web_session.end",
        update(web_sessions)
        .where(_c.ledger == bindparam("l"), _c.digest == bindparam("d"))
        .values(revoked_at=bindparam("r")),
    )
    values = {"l": session.ledger, "d": _digest(session.secret), "r": store.clock()}
    with store.database.writing() as cursor:
        cursor.execute(done.text, tuple(values[name] for name in done.names))

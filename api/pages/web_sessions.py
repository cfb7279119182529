"""Signing in at a browser: begins, finds and ends opaque server-side sessions (table `web_sessions` of the journal)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

import msgspec
from sqlalchemy import bindparam, select

from api.signin import links
from api.signin.links import BEGIN_MINUTES
from api.signin.rows import change, drop, found, found_by, put
from api.signin.strength import BEGIN
from api.store import Store
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE
from ledger.errors import NotFound
from ledger.journal.sql import Cursor
from ledger.journal.tables import tokens, web_sessions
from projections.reading import Cells

COOKIE = "nuanlin_session"
DAYS = 14
"""A browser stays signed in for so many days (choice)."""
STAFF_HOURS = 12
"""Who signs in by password does so each working day (choice)."""
KEPT_DAYS = 30
"""So long a session that is over is still there to be seen in one's own data (choice)."""
NUMBER_LETTERS = 12
BY_TOKEN = frozenset({"token", "demo"})

_c = web_sessions.c


class WebSession(msgspec.Struct, frozen=True):
    """Who is signed in, where, and how; `secret` is the cookie's, `via` is token, demo, code, card, password or begin.

    `proved_at`: when they last showed that it is them (microseconds); 0 for a session from before this was noted.
    """

    ledger: str
    actor: str
    via: str
    secret: str
    proved_at: int = 0

    @property
    def csrf(self) -> str:
        """What every form of this session carries and no other site can know."""
        return hmac.digest(self.secret.encode(), b"nuanlin csrf", "sha256").hex()[:40]

    @property
    def cookie(self) -> str:
        """The cookie's value."""
        return f"{self.ledger}.{self.secret}"

    @property
    def number(self) -> str:
        """What it is listed as."""
        return _digest(self.secret)[:NUMBER_LETTERS]

    @property
    def lasts_seconds(self) -> int:
        """How long it counts from its beginning."""
        if self.via == BEGIN:
            return BEGIN_MINUTES * 60
        return STAFF_HOURS * 3600 if self.via == "password" else DAYS * 24 * 3600


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that is signed in, as its owner sees it: `number` ends it, `agent` is the browser in two words."""

    number: str
    via: str
    agent: str
    created_at: int
    expires_at: int


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(
    store: Store, ledger: str, actor: str, *, via: str, proof: str = "", agent: str = "",
    claim: Callable[[Cursor], None] | None = None,
) -> WebSession:  # fmt: skip
    """Sign somebody in who has shown who they are; always under a fresh secret.

    One that began by `BEGIN` opens the page where a password is set, and nothing else (`api.signin.links`).

    `claim` uses up, in the same transaction, what they have shown; whatever it raises leaves nothing behind.
    """
    now_at = store.clock()
    session = WebSession(ledger, actor, via, secrets.token_urlsafe(32), now_at)
    digest = _digest(session.secret)
    # Minutes hold a whole number of seconds, so that nothing is lost.
    until_at = now_at + session.lasts_seconds // 60 * MICROS_PER_MINUTE
    with store.database.writing() as cursor:
        if claim is not None:
            claim(cursor)
        old_at = now_at - KEPT_DAYS * MICROS_PER_DAY
        drop(store.database, cursor, web_sessions, {"ledger": ledger, "actor": actor}, before=("expires_at", old_at))
        if via == BEGIN:
            links.begin(store, cursor, ledger, actor, session.secret)
        put(
            store.database, cursor, web_sessions, ledger=ledger, digest=digest, actor=actor, via=via, proof=proof,
            created_at=now_at, proved_at=now_at, expires_at=until_at, agent=store.vault.veil.hide(agent, digest) if agent else "",
        )  # fmt: skip
    return session


def find(store: Store, cookie: str) -> WebSession | None:
    """The session of a cookie; None if there is none, it ended, or the token it began with was revoked or ran out."""
    ledger, _, secret = cookie.rpartition(".")
    if not ledger or not secret or len(cookie) > 200:
        return None
    joined = web_sessions.outerjoin(tokens, (tokens.c.ledger == _c.ledger) & (tokens.c.digest == _c.proof))
    ask = store.database.prepare(
        "web_session.one",
        select(
            _c.actor,
            _c.via,
            _c.expires_at,
            _c.proof,
            _c.proved_at,
            tokens.c.digest,
            tokens.c.expires_at,
            tokens.c.revoked_at,
        )
        .select_from(joined)
        .where(_c.ledger == bindparam("l"), _c.digest == bindparam("d"), _c.revoked_at.is_(None)),
    )
    with store.database.reading() as cursor:
        cursor.execute(ask.text, (ledger, _digest(secret)))
        row = cursor.fetchone()
    if row is None:
        return None
    actor, via, expires_at, proof, proved_at, token, token_expires_at, token_revoked_at = row
    now_at = store.clock()
    if expires_at <= now_at or (proof and via in BY_TOKEN and token is None) or token_revoked_at is not None:
        return None
    if token_expires_at is not None and token_expires_at <= now_at:
        return None
    return WebSession(ledger, str(actor), str(via), secret, int(proved_at))


def prove(store: Store, cursor: Cursor, session: WebSession) -> None:
    """Note that its owner has just shown again that it is them."""
    where = {"ledger": session.ledger, "digest": _digest(session.secret)}
    change(store.database, cursor, web_sessions, where, unset=("revoked_at",), proved_at=store.clock())


def end(store: Store, session: WebSession) -> None:
    """Sign out; a copy of the cookie is worth nothing from now on."""
    where = {"ledger": session.ledger, "digest": _digest(session.secret)}
    with store.database.writing() as cursor:
        change(store.database, cursor, web_sessions, where, unset=("revoked_at",), revoked_at=store.clock())


def listed(store: Store, ledger: str, actor: str) -> list[Listed]:
    """Where somebody is signed in now, the latest first."""
    over = {row["digest"] for row in found(store, tokens, ledger, actor=actor) if _is_over(store, row)}
    rows = [
        row
        for row in found(store, web_sessions, ledger, actor=actor)
        if not _is_over(store, row) and not (row["via"] in BY_TOKEN and row["proof"] in over)
    ]
    show = store.vault.veil.show
    return [
        Listed(
            number=row["digest"][:NUMBER_LETTERS], via=row["via"],
            agent=show(row["agent"], row["digest"]) if row["agent"] else "", created_at=row["created_at"],
            expires_at=row["expires_at"],
        )
        for row in sorted(rows, key=lambda row: -int(row["created_at"]))
    ]  # fmt: skip


def end_one(store: Store, ledger: str, actor: str, number: str) -> None:
    """End one of somebody's sessions by its number; raises NotFound `no_such_browser`."""
    with store.database.writing() as cursor:
        rows = found_by(store.database, cursor, web_sessions, ledger, actor=actor)
        digests = [row["digest"] for row in rows if row["digest"][:NUMBER_LETTERS] == number]
        if len(digests) != 1:
            raise NotFound("no_such_browser")
        where = {"ledger": ledger, "digest": digests[0]}
        change(store.database, cursor, web_sessions, where, unset=("revoked_at",), revoked_at=store.clock())


def end_all(store: Store, cursor: Cursor, ledger: str, actor: str, *, but: WebSession | None = None) -> int:
    """End somebody's sessions, `but` this one; gives how many there were."""
    kept = _digest(but.secret) if but is not None else ""
    count = 0
    for row in found_by(store.database, cursor, web_sessions, ledger, actor=actor):
        if row["digest"] != kept and not _is_over(store, row):
            where = {"ledger": ledger, "digest": row["digest"]}
            count += change(
                store.database, cursor, web_sessions, where, unset=("revoked_at",), revoked_at=store.clock()
            )
    return count


def _is_over(store: Store, row: Cells) -> bool:
    expires_at = row["expires_at"]
    return row["revoked_at"] is not None or (expires_at is not None and expires_at <= store.clock())

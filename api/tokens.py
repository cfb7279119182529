"""Bearer tokens of the API: `nl_` and 43 letters of which only the SHA-256 is stored.

A token says who somebody is. What they may do is what the role facts of the ledger say.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, insert, select, update

from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.checks import check_name
from ledger.clock import MICROS_PER_DAY
from ledger.errors import NotFound, NotSignedIn, Refused
from ledger.ids import PERSON, SERVICE, looks_like_id, new_id, prefix_of
from ledger.journal.sql import Row
from ledger.journal.tables import tokens
from ledger.parties.commands import GrantRole, RoleName
from ledger.parties.state import need_member, roles_of
from ledger.places.state import Opening

PREFIX = "nl_"
SHOWN_LETTERS = 12
_LONGEST_DAYS = 3_660


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token as it may be listed: `number` is the beginning of its digest, enough to revoke it. Instants are microseconds."""

    number: str
    actor: str
    label: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None


def digest_of(secret: str) -> str:
    """What is stored of a token. A token has 256 random bits, so that a plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create(
    store: Store,
    ledger: str,
    *,
    actor: str | None = None,
    label: str = "",
    roles: Sequence[RoleName] = (),
    days: int | None = None,
) -> tuple[str, str]:
    """A new token for a member, or for a service actor (a new one where `actor` is None): (secret, actor).

    `roles` it does not hold yet are granted as facts by the operator; `days` until it expires (default: never).
    Raises NotFound (`no_such_ledger`, `no_such_member`), Refused (`bad_name`, `bad_token_days`, `no_such_actor`).
    """
    view = store.application.view(ledger)
    holder = actor or new_id(SERVICE)
    opened = view.state(Opening, "ledger").opened is not None
    if not opened and holder != OPERATOR:
        raise NotFound("no_such_ledger", ledger=ledger)
    if prefix_of(holder) == PERSON:
        need_member(view, holder)
    elif prefix_of(holder) != SERVICE or not looks_like_id(holder):
        raise Refused("no_such_actor", actor=holder)
    if days is not None and not 1 <= days <= _LONGEST_DAYS:
        raise Refused("bad_token_days", most=_LONGEST_DAYS)
    shown = check_name(label or holder, 80, field="label")
    held = roles_of(view, holder)
    for role in roles:
        if not held.has(role):
            store.application.execute(ledger, GrantRole(holder=holder, role=role), actor=Actor(OPERATOR))
    secret = PREFIX + secrets.token_urlsafe(32)
    now_at = store.clock()
    expires_at = now_at + days * MICROS_PER_DAY if days is not None else None
    put = store.database.prepare("token.put", insert(tokens))
    with store.database.writing() as cursor:
        digest = digest_of(secret)
        # Whose phone it is says something about a person, too.
        cursor.execute(
            put.text, (ledger, digest, holder, store.vault.veil.hide(shown, digest), now_at, expires_at, None)
        )
    return secret, holder


def listed(store: Store, ledger: str) -> list[Token]:
    """All tokens of a ledger, oldest first; never the secrets."""
    return [_token(store, row) for row in _rows(store, ledger)]


def revoke(store: Store, ledger: str, number: str) -> Token:
    """End a token, named by its number or by its secret; raises NotFound `no_such_token`. Ending twice changes nothing."""
    wanted = digest_of(number)[:SHOWN_LETTERS] if number.startswith(PREFIX) else number
    digests = [str(row[1]) for row in _rows(store, ledger) if str(row[1])[:SHOWN_LETTERS] == wanted]
    if len(digests) != 1:
        raise NotFound("no_such_token")
    end = store.database.prepare(
        "token.revoke",
        update(tokens)
        .where(tokens.c.ledger == bindparam("l"), tokens.c.digest == bindparam("d"), tokens.c.revoked_at.is_(None))
        .values(revoked_at=bindparam("r")),
    )
    values = {"l": ledger, "d": digests[0], "r": store.clock()}
    with store.database.writing() as cursor:
        cursor.execute(end.text, tuple(values[name] for name in end.names))
    return next(one for one in listed(store, ledger) if one.number == wanted)


def _rows(store: Store, ledger: str) -> list[Row]:
    ask = store.database.prepare(
        "token.all",
        select(tokens).where(tokens.c.ledger == bindparam("l")).order_by(tokens.c.created_at, tokens.c.digest),
    )
    with store.database.reading() as cursor:
        cursor.execute(ask.text, (ledger,))
        return cursor.fetchall()


def verify(store: Store, ledger: str, secret: str) -> str:
    """The actor behind a token; raises NotSignedIn `bad_token`, without saying which of unknown, ended and run out."""
    ask = store.database.prepare(
        "token.one",
        select(tokens).where(tokens.c.ledger == bindparam("l"), tokens.c.digest == bindparam("d")),
    )
    with store.database.reading() as cursor:
        cursor.execute(ask.text, (ledger, digest_of(secret)))
        row = cursor.fetchone()
    if row is None:
        raise NotSignedIn("bad_token")
    token = _token(store, row)
    if token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= store.clock()):
        raise NotSignedIn("bad_token")
    return token.actor


def _token(store: Store, row: Row) -> Token:
    _ledger, digest, actor, label, created_at, expires_at, revoked_at = row
    return Token(
        number=str(digest)[:SHOWN_LETTERS], actor=actor, label=store.vault.veil.show(label, digest), created_at=int(created_at),
        expires_at=expires_at, revoked_at=revoked_at,
    )  # fmt: skip

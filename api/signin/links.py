"""One-time links that set a password and a second factor: for the first administrator, and for staff from then on.

Who was given an office and has no password yet needs nobody's help: a code to their phone begins a link of their own, which
is never an address but a session good for nothing else (choice: else whoever gives an office shuts a member out of their own
affairs). A printed card begins none: another's hand has made it, and a copy of it would become the office.
"""

from __future__ import annotations

import msgspec

from api import tokens
from api.finding import find_by_phone, plain_phone
from api.people import People
from api.signin import happenings, passwords, second
from api.signin.rows import change, digest_of, found, new_secret, put
from api.signin.strength import is_staff, lacks_only_password
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import View
from ledger.checks import check_name
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import NotFound, NotSignedIn, NotYours, Refused
from ledger.journal.sign_in_tables import sign_in_links
from ledger.journal.sql import Cursor
from ledger.parties.commands import GrantRole, PersonWords, RegisterMember
from ledger.parties.state import Standing, need_member, roles_of
from projections.books import queries as books
from projections.books import tables
from projections.reading import many

HOURS = 24
BEGIN_MINUTES = 20
"""So long somebody may take to set their password after the code to their phone (choice)."""
FIRST = ""
"""The actor of the first administrator's link, who is nobody yet."""


class Pending(msgspec.Struct, frozen=True):
    """What was entered on a link's page while the second factor waits to be proved."""

    name: str
    phone: str
    hashed: str
    totp: str


class Link(msgspec.Struct, frozen=True):
    """A link that still counts: for whom, what was entered already, and whether they began it themselves."""

    digest: str
    actor: str
    pending: Pending | None
    own: bool = False


def create(store: Store, ledger: str, actor: str, *, by: str) -> str:
    """A link for a member of the staff, or for the first administrator (`FIRST`); earlier ones end. Gives its secret.

    Raises NotFound `no_such_member`, Refused (`member_left`, `link_for_staff`), NotYours `link_for_oneself`.
    """
    if actor != FIRST:
        view = store.application.view(ledger)
        need_member(view, actor)
        if actor == by:
            raise NotYours("link_for_oneself")
        if not is_staff(view, actor):
            raise Refused("link_for_staff")
    secret, now_at = new_secret(), store.clock()
    with store.database.writing() as cursor:
        change(
            store.database,
            cursor,
            sign_in_links,
            {"ledger": ledger, "actor": actor},
            unset=("used_at",),
            used_at=now_at,
        )
        put(
            store.database, cursor, sign_in_links, ledger=ledger, digest=digest_of(secret), actor=actor, issued_by=by,
            created_at=now_at, expires_at=now_at + HOURS * 60 * MICROS_PER_MINUTE, pending="",
        )  # fmt: skip
        if actor != FIRST:
            happenings.note(store, cursor, ledger, actor, "link_issued", by=by)
    return secret


def may_begin(store: Store, ledger: str, view: View, actor: str) -> bool:
    """Whether a code to the phone lets somebody set a password: who holds an office and has none yet."""
    return lacks_only_password(view, actor) and not passwords.has_password(store, ledger, actor)


def begin(store: Store, cursor: Cursor, ledger: str, actor: str, secret: str) -> None:
    """A link of somebody's own, behind the secret of their session. Links that others gave them stay."""
    now_at = store.clock()
    put(
        store.database, cursor, sign_in_links, ledger=ledger, digest=digest_of(secret), actor=actor, issued_by=actor,
        created_at=now_at, expires_at=now_at + BEGIN_MINUTES * MICROS_PER_MINUTE, pending="",
    )  # fmt: skip


def look(store: Store, ledger: str, secret: str, *, own: bool = False) -> Link:
    """The link behind a secret, or behind a session's where it is one's `own`; raises NotFound `bad_link` where it is
    unknown, used, over, or nobody needs it any more."""
    rows = found(store, sign_in_links, ledger, digest=digest_of(secret)) if len(secret) <= 100 else []
    for row in rows:
        if row["used_at"] is not None or row["expires_at"] <= store.clock():
            continue
        if own != (row["issued_by"] == row["actor"]):
            continue
        if own and not may_begin(store, ledger, store.application.view(ledger), row["actor"]):
            continue
        if row["actor"] == FIRST and somebody_administers(store, ledger):
            continue
        kept = store.vault.veil.show(row["pending"], row["digest"]) if row["pending"] else ""
        return Link(row["digest"], row["actor"], msgspec.json.decode(kept, type=Pending) if kept else None, own)
    raise NotFound("bad_link")


def enter(store: Store, ledger: str, link: Link, *, password: str, name: str = "", phone: str = "") -> Pending:
    """Keep what was entered, with a fresh second factor to be proved.

    Raises Refused (`password_short`, `password_long`, `password_simple`, `bad_name`, `phone_unreadable`).
    """
    if link.actor == FIRST:
        name = check_name(name, 80, field="name")
    phone, typed = plain_phone(phone), phone
    if typed.strip() and not phone:
        raise Refused("phone_unreadable", field="phone")
    pending = Pending(name, phone, passwords.hash_of(password, name, phone), second.new_totp())
    hidden = store.vault.veil.hide(msgspec.json.encode(pending).decode(), link.digest)
    with store.database.writing() as cursor:
        where = {"ledger": ledger, "digest": link.digest}
        if not change(store.database, cursor, sign_in_links, where, unset=("used_at",), pending=hidden):
            raise NotFound("bad_link")
    return pending


def complete(store: Store, ledger: str, link: Link, typed: str) -> tuple[str, list[str]]:
    """Set password and second factor once the authenticator's code proves that it works: (actor, recovery codes).

    A first administrator is registered (unless the register has this name with this phone) and appointed by the
    operator. Raises NotSignedIn `bad_second`, NotFound `bad_link` for who comes second: by a link of one's own also for
    who has a password by now.
    """
    pending = link.pending
    step = second.step_of(pending.totp, typed, store.clock()) if pending else 0
    if pending is None or not step:
        raise NotSignedIn("bad_second")
    with store.database.writing() as cursor:
        where = {"ledger": ledger, "digest": link.digest}
        if not change(
            store.database, cursor, sign_in_links, where, unset=("used_at",), used_at=store.clock(), pending=""
        ):
            raise NotFound("bad_link")
    actor = link.actor or _first_administrator(store, ledger, pending)
    with store.database.writing() as cursor:
        if link.own and not passwords.claim(store, cursor, ledger, actor, hashed=pending.hashed):
            raise NotFound("bad_link")
        passwords.set_up(store, cursor, ledger, actor, hashed=pending.hashed, totp=pending.totp, step=step)
        take_back(store, cursor, ledger, actor)
        return actor, second.new_recovery(store, cursor, ledger, actor)


def take_back(store: Store, cursor: Cursor, ledger: str, actor: str) -> None:
    """End the links that wait for somebody."""
    where = {"ledger": ledger, "actor": actor}
    change(store.database, cursor, sign_in_links, where, unset=("used_at",), used_at=store.clock(), pending="")


def somebody_administers(store: Store, ledger: str) -> bool:
    """Whether an administrator of the whole community can sign in, by password or by a token that counts."""
    rows = many(store.database, tables.roles, ledger, "role", ["administrator"])
    view = store.application.view(ledger)
    held = {row["holder"] for row in rows if row["active"] and not row["scope"]} | {OPERATOR}
    holders = {one for one in held if not view.state(Standing, one).left}
    if any(passwords.has_password(store, ledger, holder) for holder in holders):
        return True
    now_at = store.clock()
    return any(
        token.actor in holders and token.revoked_at is None and (token.expires_at is None or token.expires_at > now_at)
        for token in tokens.listed(store, ledger)
    )


def _first_administrator(store: Store, ledger: str, pending: Pending) -> str:
    operator = Actor(OPERATOR)
    actor = _registered(store, ledger, pending)
    if not actor:
        words = PersonWords(name=pending.name, phone=pending.phone)
        command = RegisterMember(words=words)
        store.application.execute(ledger, command, actor=operator)
        actor = command.member_id
    if not roles_of(store.application.view(ledger), actor).has("administrator"):
        store.application.execute(ledger, GrantRole(holder=actor, role="administrator"), actor=operator)
    return actor


def _registered(store: Store, ledger: str, pending: Pending) -> str:
    """The one member of the register who has this name and this phone; "" without one."""
    ids = find_by_phone(store, ledger, pending.phone)
    rows = books.members_by_id(store.database, ledger, ids)
    here = {one: row["words"] for one, row in rows.items() if not row["departed"]}
    names = People(store, ledger).names(here, clear=True)
    same = [one for one in ids if names.get(one) == pending.name]
    return same[0] if len(same) == 1 else ""

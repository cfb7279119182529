"""Passwords of staff, by argon2id, never without a second factor; and the browsers that have passed only the first.

A password is checked in the same time whether or not there is such an account. Nobody's account is ever shut: wrong
passwords count at the place they come from, and the second factor's misses only hold up strange browsers.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, literal_column, update

from api.finding import find_members
from api.signin import happenings, second
from api.signin.rows import change, digest_of, drop, found, found_by, new_secret, put
from api.store import Store
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE
from ledger.errors import NotSignedIn, Refused
from ledger.journal.rows import insert_missing
from ledger.journal.sign_in_tables import sign_in_passwords, sign_in_tickets
from ledger.journal.sql import Cursor

LEAST_LETTERS = 12
"""A Chinese character counts for two: six of them are harder to guess than twelve letters."""
MOST_LETTERS = 200
TRIES = 5
TICKET_MINUTES = 10
MISSES_A_DAY = 30
"""So many wrong second factors behind the right password, and strange browsers need a recovery code for the day."""
_LEAST_DIFFERENT = 5
_COMMON = (
    "password",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx",
    "administrator",
    "admin",
    "woaini",
    "iloveyou",
    "nuanlin",
)
_AT_ONCE = BoundedSemaphore(2)
"""Each check takes 19 MiB and 40 ms of a processor: many at once would take the server from everybody else."""


@cache
def _hasher() -> PasswordHasher:
    """OWASP's second choice for argon2id."""
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobodys() -> str:
    """The hash of a password that nobody has, checked where there is no account."""
    return _hasher().hash(new_secret())


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def hash_of(password: str, *names: str) -> str:
    """What is stored of a new password; `names` are what others call its owner by.

    Raises Refused (`password_short`, `password_long`, `password_simple`).
    """
    plain = _plain(password)
    if _weight(plain) < LEAST_LETTERS:
        raise Refused("password_short", field="password", least=LEAST_LETTERS)
    if len(plain) > MOST_LETTERS:
        raise Refused("password_long", field="password", most=MOST_LETTERS)
    if _is_simple(plain.casefold(), names):
        raise Refused("password_simple", field="password")
    with _AT_ONCE:
        return _hasher().hash(plain)


def _weight(plain: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in plain)


def _is_simple(plain: str, names: Iterable[str]) -> bool:
    """Few letters over and over, a run of neighbours, or little beside a name and what everybody takes first."""
    steps = Counter(ord(after) - ord(before) for before, after in pairwise(plain))
    rest = plain
    for name in (*_COMMON, *(one.casefold() for one in names if len(one) > 1)):
        rest = rest.replace(name, "")
    runs = max(steps.values()) * 3 > len(plain) * 2
    return len(set(plain)) < _LEAST_DIFFERENT or runs or _weight(rest) < LEAST_LETTERS // 2


def matches(stored: str, password: str) -> bool:
    """Whether this is the password behind a hash; "" is nobody's, and takes as long."""
    if len(password) > MOST_LETTERS:
        password = ""
    with _AT_ONCE:
        try:
            _hasher().verify(stored or _nobodys(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)


def account_named(store: Store, ledger: str, typed: str) -> str:
    """The staff member meant by a number or a phone number; "" for nobody, or more than one."""
    having = [one for one in find_members(store, ledger, typed) if has_password(store, ledger, one)]
    return having[0] if len(having) == 1 else ""


def has_password(store: Store, ledger: str, actor: str) -> bool:
    """Whether somebody can sign in by password."""
    return bool(found(store, sign_in_passwords, ledger, actor=actor))


def check(store: Store, ledger: str, actor: str, password: str) -> None:
    """Raises NotSignedIn `bad_password` where this is not the password of `actor` ("" is nobody)."""
    row = next(iter(found(store, sign_in_passwords, ledger, actor=actor)), None) if actor else None
    if not matches(row["hash"] if row else "", password):
        raise NotSignedIn("bad_password")


def begin(store: Store, ledger: str, actor: str) -> str:
    """The ticket of a browser at which the password was right."""
    ticket, now_at = new_secret(), store.clock()
    with store.database.writing() as cursor:
        drop(
            store.database, cursor, sign_in_tickets, {"ledger": ledger}, before=("created_at", now_at - MICROS_PER_DAY)
        )
        put(
            store.database, cursor, sign_in_tickets, ledger=ledger, digest=digest_of(ticket), actor=actor, tries=0,
            created_at=now_at, expires_at=now_at + TICKET_MINUTES * MICROS_PER_MINUTE,
        )  # fmt: skip
    return ticket


def waiting(store: Store, ledger: str, ticket: str) -> str:
    """Whose second factor a browser still owes; raises NotSignedIn `ticket_over`."""
    row = next(iter(found(store, sign_in_tickets, ledger, digest=digest_of(ticket))), None) if ticket else None
    if row is None or row["used_at"] is not None or row["expires_at"] <= store.clock():
        raise NotSignedIn("ticket_over")
    return str(row["actor"])


def finish(store: Store, ledger: str, ticket: str, typed: str, *, known: bool) -> str:
    """Take the second factor (or a recovery code) of a ticket and use both up; gives the actor.

    `known`: at a browser known for this account. Raises NotSignedIn (`ticket_over`, `bad_second`, `second_held_up`).
    """
    actor = waiting(store, ledger, ticket)
    with store.database.writing() as cursor:
        if not _take_try(store, cursor, ledger, ticket):
            raise NotSignedIn("ticket_over")
    if second.looks_like_recovery(typed):
        passed = second.use_recovery(store, ledger, actor, typed)
    else:
        if not known and _held_up(store, ledger, actor):
            raise NotSignedIn("second_held_up")
        passed = second.use_code(store, ledger, actor, typed)
        if not passed and not known:
            _note_miss(store, ledger, actor)
    if not passed:
        raise NotSignedIn("bad_second")
    return actor


def use_ticket(store: Store, cursor: Cursor, ledger: str, ticket: str) -> None:
    """Use a ticket up, in the transaction that begins the session; raises NotSignedIn `ticket_over`."""
    where = {"ledger": ledger, "digest": digest_of(ticket)}
    if not change(store.database, cursor, sign_in_tickets, where, unset=("used_at",), used_at=store.clock()):
        raise NotSignedIn("ticket_over")


def claim(store: Store, cursor: Cursor, ledger: str, actor: str, *, hashed: str) -> bool:
    """Whether somebody without a password gets this one: not who was given one meanwhile, and one of two at once."""
    row = {"ledger": ledger, "actor": actor, "hash": hashed, "totp": ""}
    blank = tuple(row.get(column.name, 0) for column in sign_in_passwords.columns)
    insert_missing(store.database, cursor, sign_in_passwords, [blank])
    (there,) = found_by(store.database, cursor, sign_in_passwords, ledger, actor=actor)
    return str(there["hash"]) == hashed


def set_up(store: Store, cursor: Cursor, ledger: str, actor: str, *, hashed: str, totp: str, step: int) -> None:
    """Give somebody a password (as `hash_of` made it) and a second factor, in place of what they had."""
    now_at, mine = store.clock(), {"ledger": ledger, "actor": actor}
    drop(store.database, cursor, sign_in_passwords, mine)
    put(
        store.database, cursor, sign_in_passwords, **mine, hash=hashed, totp=store.vault.veil.hide(totp, actor), step=step,
        missed=0, missed_at=0, created_at=now_at, changed_at=now_at,
    )  # fmt: skip
    happenings.note(store, cursor, ledger, actor, "password_set")


def change_password(store: Store, cursor: Cursor, ledger: str, actor: str, hashed: str) -> None:
    """Put a new hash in place; whoever calls ends the other sessions in the same transaction."""
    mine = {"ledger": ledger, "actor": actor}
    change(store.database, cursor, sign_in_passwords, mine, hash=hashed, changed_at=store.clock())
    forget_tickets(store, cursor, ledger, actor)
    happenings.note(store, cursor, ledger, actor, "password_changed")


def forget_tickets(store: Store, cursor: Cursor, ledger: str, actor: str) -> None:
    """A browser that has only passed the first step has to take it again."""
    drop(store.database, cursor, sign_in_tickets, {"ledger": ledger, "actor": actor})


def _take_try(store: Store, cursor: Cursor, ledger: str, ticket: str) -> bool:
    c = sign_in_tickets.c
    ready = store.database.prepare(
        "sign_in.ticket_try",
        update(sign_in_tickets)
        .where(
            c.ledger == bindparam("l"), c.digest == bindparam("d"), c.tries < bindparam("m"), c.used_at.is_(None)
        )
        .values(tries=c.tries + literal_column("1")),
    )  # fmt: skip
    values = {"l": ledger, "d": digest_of(ticket), "m": TRIES}
    cursor.execute(ready.text, tuple(values[name] for name in ready.names))
    return cursor.rowcount == 1


def _held_up(store: Store, ledger: str, actor: str) -> bool:
    row = next(iter(found(store, sign_in_passwords, ledger, actor=actor)), None)
    return row is not None and row["missed"] >= MISSES_A_DAY and store.clock() - row["missed_at"] < MICROS_PER_DAY


def _note_miss(store: Store, ledger: str, actor: str) -> None:
    """Count a wrong second factor, and begin anew after a day; only who knows the password comes this far."""
    c, now_at = sign_in_passwords.c, store.clock()
    mine = (c.ledger == bindparam("l")) & (c.actor == bindparam("a"))
    anew = store.database.prepare(
        "sign_in.missed_anew",
        update(sign_in_passwords)
        .where(mine, c.missed_at <= bindparam("b"))
        .values(missed=literal_column("1"), missed_at=bindparam("n")),
    )
    more = store.database.prepare(
        "sign_in.missed", update(sign_in_passwords).where(mine).values(missed=c.missed + literal_column("1"))
    )
    values = {"l": ledger, "a": actor, "b": now_at - MICROS_PER_DAY, "n": now_at}
    with store.database.writing() as cursor:
        cursor.execute(anew.text, tuple(values[name] for name in anew.names))
        if cursor.rowcount == 0:
            cursor.execute(more.text, tuple(values[name] for name in more.names))
        happenings.note(store, cursor, ledger, actor, "second_missed")

"""One-time codes to a phone. A code belongs to the browser that asked for it (its ticket): five tries, ten minutes, once.

A stranger who asks for codes to somebody's phone, or tries some, spends nothing of theirs: there is no count per phone
that shuts anybody out. Codes to a phone that is asked for often grow longer instead, so that guessing stays hopeless.
"""

from __future__ import annotations

import hmac
import secrets

import msgspec
from sqlalchemy import bindparam, func, literal_column, select, update

from api.finding import find_by_phone, plain_phone
from api.signin.links import may_begin
from api.signin.rows import change, digest_of, drop, found, new_secret, put
from api.signin.strength import signs_in_weakly
from api.store import Store
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE
from ledger.errors import NotSignedIn, Refused
from ledger.journal.sign_in_tables import sign_in_codes
from ledger.journal.sql import Cursor

MINUTES = 10
TRIES = 5
_DIGITS = ((20, 10), (5, 8), (0, 6))
"""From so many codes to one phone within a day on, a code has so many digits (choice): five guesses at each of the first
five come to 25 in a million a day, and all further ones to nothing."""
_c = sign_in_codes.c


class Asked(msgspec.Struct, frozen=True):
    """The ticket for the browser, and the code for the phone."""

    ticket: str
    phone: str
    code: str


class Proved(msgspec.Struct, frozen=True):
    """Whose phone it is: the members who may sign in by it, those who hold an office and may set their first password,
    and whether there are others who sign in as staff."""

    phone: str
    account: str
    members: list[str]
    beginners: list[str]
    staff: bool

    @property
    def all(self) -> list[str]:
        """Everybody whom the code lets go on."""
        return [*self.members, *self.beginners]


def account_of(store: Store, ledger: str, phone: str) -> str:
    """A phone number as it may stand in the main database."""
    return store.vault.blind(ledger, "sign_in_phone", phone.encode())


def ask(store: Store, ledger: str, typed: str) -> Asked:
    """A code for a phone, be it anybody's: what is done here is the same for a number nobody has.

    Raises Refused `phone_unreadable` for what is no phone number at all.
    """
    phone = plain_phone(typed)
    if not phone:
        raise Refused("phone_unreadable", field="phone")
    account, ticket, now_at = account_of(store, ledger, phone), new_secret(), store.clock()
    digest = digest_of(ticket)
    with store.database.writing() as cursor:
        digits = _digits(store, cursor, ledger, account, now_at - MICROS_PER_DAY)
        code = f"{secrets.randbelow(10**digits):0{digits}d}"
        drop(store.database, cursor, sign_in_codes, {"ledger": ledger}, before=("created_at", now_at - MICROS_PER_DAY))
        put(
            store.database, cursor, sign_in_codes, ledger=ledger, digest=digest, account=account,
            phone=store.vault.veil.hide(phone, digest), answer=_answer(store, ledger, ticket, code), digits=digits, tries=0,
            created_at=now_at, expires_at=now_at + MINUTES * MICROS_PER_MINUTE,
        )  # fmt: skip
    return Asked(ticket, phone, code)


def phone_of(store: Store, ledger: str, ticket: str) -> str:
    """The phone that a ticket's code went to; "" for a ticket that is unknown, used or over."""
    row = next(iter(found(store, sign_in_codes, ledger, digest=digest_of(ticket))), None) if ticket else None
    if row is None or row["used_at"] is not None or row["expires_at"] <= store.clock():
        return ""
    return store.vault.veil.show(row["phone"], row["digest"])


def _tried(store: Store, ledger: str, ticket: str, code: str) -> dict[str, str]:
    """The row of a ticket whose code this is; raises NotSignedIn `code_over` or `code_wrong`."""
    now_at, digest = store.clock(), digest_of(ticket)
    with store.database.writing() as cursor:
        if not _take_try(store, cursor, ledger, digest, now_at):
            raise NotSignedIn("code_over")
    row = found(store, sign_in_codes, ledger, digest=digest)[0]
    typed = "".join(letter for letter in code[:40] if letter.isdecimal())
    if not hmac.compare_digest(row["answer"], _answer(store, ledger, ticket, str(int(typed or 0)).zfill(len(typed)))):
        raise NotSignedIn("code_wrong", left=TRIES - int(row["tries"]))
    return row


def in_hand(store: Store, ledger: str, ticket: str, code: str) -> str:
    """The phone that this ticket's code went to, be it anybody's or nobody's; the ticket is used up by it.

    Raises NotSignedIn `code_over` or `code_wrong`.
    """
    row, now_at = _tried(store, ledger, ticket, code), store.clock()
    with store.database.writing() as cursor:
        where = {"ledger": ledger, "digest": row["digest"]}
        unset = ("proved_at", "used_at")
        if not change(store.database, cursor, sign_in_codes, where, unset=unset, proved_at=now_at, used_at=now_at):
            raise NotSignedIn("code_over")
    return store.vault.veil.show(row["phone"], row["digest"])


def answer(store: Store, ledger: str, ticket: str, code: str) -> Proved:
    """Whose phone it is, if this is the ticket's code; from then on `redeem` lets one of them in, once.

    Raises NotSignedIn `code_over` (too old, tried too often, used) or `code_wrong`.
    """
    row = _tried(store, ledger, ticket, code)
    proved = _proved(store, ledger, row)
    if not proved.all and not proved.staff:
        # A code that was sent to nobody was guessed.
        raise NotSignedIn("code_wrong", left=TRIES - int(row["tries"]))
    with store.database.writing() as cursor:
        where, now_at = {"ledger": ledger, "digest": row["digest"]}, store.clock()
        if not change(store.database, cursor, sign_in_codes, where, unset=("proved_at", "used_at"), proved_at=now_at):
            raise NotSignedIn("code_over")
    return proved


def proved(store: Store, ledger: str, ticket: str) -> Proved:
    """Whose phone a ticket proved that was answered rightly and not yet used; raises NotSignedIn `code_over`."""
    row = next(iter(found(store, sign_in_codes, ledger, digest=digest_of(ticket))), None) if ticket else None
    if row is None or row["proved_at"] is None or row["used_at"] is not None or row["expires_at"] <= store.clock():
        raise NotSignedIn("code_over")
    return _proved(store, ledger, row)


def redeem(store: Store, cursor: Cursor, ledger: str, ticket: str) -> None:
    """Use a ticket up, in the transaction that begins the session; raises NotSignedIn `code_over` for who comes second."""
    where = {"ledger": ledger, "digest": digest_of(ticket)}
    if not change(store.database, cursor, sign_in_codes, where, unset=("used_at",), used_at=store.clock()):
        raise NotSignedIn("code_over")


def _proved(store: Store, ledger: str, row: dict[str, str]) -> Proved:
    phone = store.vault.veil.show(row["phone"], row["digest"])
    view = store.application.view(ledger)
    known = find_by_phone(store, ledger, phone)
    members = [one for one in known if signs_in_weakly(view, one)]
    beginners = [one for one in known if may_begin(store, ledger, view, one)]
    return Proved(phone, str(row["account"]), members, beginners, len(members) + len(beginners) < len(known))


def reaches(store: Store, ledger: str, actor: str) -> bool:
    """Whether a code to their phone is of use to somebody."""
    view = store.application.view(ledger)
    return signs_in_weakly(view, actor) or may_begin(store, ledger, view, actor)


def _answer(store: Store, ledger: str, ticket: str, code: str) -> str:
    return store.vault.blind(ledger, "sign_in_code", f"{ticket}:{code}".encode())


def _digits(store: Store, cursor: Cursor, ledger: str, account: str, since_at: int) -> int:
    ready = store.database.prepare(
        "sign_in.codes_of_a_day",
        select(func.count()).select_from(sign_in_codes).where(
            _c.ledger == bindparam("l"), _c.account == bindparam("a"), _c.created_at >= bindparam("s")
        ),
    )  # fmt: skip
    cursor.execute(ready.text, (ledger, account, since_at))
    row = cursor.fetchone()
    count = int(row[0]) if row else 0
    return next(digits for least, digits in _DIGITS if count >= least)


def _take_try(store: Store, cursor: Cursor, ledger: str, digest: str, now_at: int) -> bool:
    ready = store.database.prepare(
        "sign_in.code_try",
        update(sign_in_codes)
        .where(
            _c.ledger == bindparam("l"), _c.digest == bindparam("d"), _c.tries < bindparam("m"),
            _c.expires_at > bindparam("n"), _c.used_at.is_(None), _c.proved_at.is_(None),
        )
        .values(tries=_c.tries + literal_column("1")),
    )  # fmt: skip
    values = {"l": ledger, "d": digest, "m": TRIES, "n": now_at}
    cursor.execute(ready.text, tuple(values[name] for name in ready.names))
    return cursor.rowcount == 1

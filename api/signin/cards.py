"""Printed cards: a QR code with a secret, for who has no phone of their own or no wish to type. One counts at a time.

Whoever holds the card is let in, so that it opens no staff's account, is ended by one press of its owner or of a
community worker, and tells its owner when it was last used.
"""

from __future__ import annotations

import msgspec

from api.signin import happenings
from api.signin.rows import change, digest_of, found, found_by, new_secret, put
from api.signin.strength import lacks_only_password, signs_in_weakly
from api.store import Store
from ledger.clock import MICROS_PER_DAY
from ledger.errors import NotFound, NotSignedIn, NotYours, Refused
from ledger.journal.sign_in_tables import sign_in_cards
from ledger.journal.sql import Cursor
from ledger.journal.tables import web_sessions
from ledger.parties.state import need_member

DAYS = 730
"""A card counts for two years (choice)."""
NUMBER_LETTERS = 12


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A card as it may be listed: `number` ends it, `used_at` is when it last let somebody in. Instants are microseconds."""

    number: str
    actor: str
    issued_by: str
    created_at: int
    expires_at: int
    used_at: int | None
    revoked_at: int | None


class Issued(msgspec.Struct, frozen=True):
    """A new card: its secret, which is nowhere else, and until when it counts."""

    secret: str
    expires_at: int


def issue(store: Store, ledger: str, member: str, *, by: str) -> Issued:
    """A card for a member, by another's hand; their earlier ones end.

    Raises NotFound `no_such_member`, Refused (`member_left`, `card_for_staff`), NotYours `card_for_oneself`.
    """
    view = store.application.view(ledger)
    need_member(view, member)
    if member == by:
        raise NotYours("card_for_oneself")
    if not signs_in_weakly(view, member):
        raise Refused("card_for_staff")
    secret, now_at = new_secret(), store.clock()
    expires_at = now_at + DAYS * MICROS_PER_DAY
    with store.database.writing() as cursor:
        _end(store, cursor, ledger, {"actor": member}, by)
        put(
            store.database, cursor, sign_in_cards, ledger=ledger, digest=digest_of(secret), actor=member, issued_by=by,
            created_at=now_at, expires_at=expires_at,
        )  # fmt: skip
        happenings.note(store, cursor, ledger, member, "card_issued", by=by)
    return Issued(secret, expires_at)


def holder_of(store: Store, ledger: str, secret: str) -> str:
    """Whose card this is; raises NotSignedIn `bad_card`, without saying which of unknown, ended and run out, and
    `card_of_staff` where its owner holds an office now: a card sets no password either (see `api.signin.links`)."""
    rows = found(store, sign_in_cards, ledger, digest=digest_of(secret)) if len(secret) <= 100 else []
    view = store.application.view(ledger)
    for row in rows:
        if row["revoked_at"] is None and row["expires_at"] > store.clock():
            if signs_in_weakly(view, row["actor"]):
                return str(row["actor"])
            if lacks_only_password(view, row["actor"]):
                raise NotSignedIn("card_of_staff")
    raise NotSignedIn("bad_card")


def use(store: Store, cursor: Cursor, ledger: str, secret: str) -> None:
    """Note that a card is used, in the transaction that begins the session; raises NotSignedIn `bad_card` where it was
    ended in the meantime."""
    where = {"ledger": ledger, "digest": digest_of(secret)}
    if not change(store.database, cursor, sign_in_cards, where, unset=("revoked_at",), used_at=store.clock()):
        raise NotSignedIn("bad_card")


def listed(store: Store, ledger: str, member: str) -> list[Card]:
    """A member's cards, newest first; never their secrets."""
    rows = found(store, sign_in_cards, ledger, actor=member)
    cards = [
        Card(
            number=row["digest"][:NUMBER_LETTERS], actor=row["actor"], issued_by=row["issued_by"],
            created_at=row["created_at"], expires_at=row["expires_at"], used_at=row["used_at"],
            revoked_at=row["revoked_at"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(cards, key=lambda card: -card.created_at)


def revoke(store: Store, ledger: str, member: str, number: str, *, by: str) -> None:
    """End one of a member's cards, and every session that began with it; raises NotFound `no_such_card`."""
    with store.database.writing() as cursor:
        mine = found_by(store.database, cursor, sign_in_cards, ledger, actor=member)
        digests = [row["digest"] for row in mine if row["digest"][:NUMBER_LETTERS] == number]
        if len(digests) != 1:
            raise NotFound("no_such_card")
        if _end(store, cursor, ledger, {"actor": member, "digest": digests[0]}, by):
            happenings.note(store, cursor, ledger, member, "card_revoked", by=by)


def _end(store: Store, cursor: Cursor, ledger: str, where: dict[str, str], by: str) -> int:
    """End cards, then the sessions that began with them: who is signing in meanwhile is either refused or ended here."""
    now_at, these = store.clock(), {"ledger": ledger, **where}
    database = store.database
    count = change(database, cursor, sign_in_cards, these, unset=("revoked_at",), revoked_at=now_at, revoked_by=by)
    for row in found_by(database, cursor, sign_in_cards, ledger, **where):
        begun = {"ledger": ledger, "actor": row["actor"], "via": "card", "proof": row["digest"]}
        change(database, cursor, web_sessions, begun, unset=("revoked_at",), revoked_at=now_at)
    return count

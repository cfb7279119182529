"""Tables of signing in, in the main database. No secret stands in them: digests, argon2 hashes, and texts under the veil.

Who holds a card or a password is no fact of the ledger: it may be taken back and forgotten. Every table that speaks of a
person has the column `actor`, and is emptied of them when they are erased (`ledger.erasing`).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from ledger.journal.tables import metadata, tokens, web_sessions

sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("digits", BigInteger, nullable=False),
    Column("tries", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("proved_at", BigInteger),
    Column("used_at", BigInteger),
    Index("sign_in_codes_by_account", "ledger", "account", "created_at"),
    Index("sign_in_codes_by_time", "ledger", "created_at"),
    sqlite_with_rowid=False,
)
"""One row per code that was asked for. `digest` is that of the ticket in the browser that asked, so that nobody spends
another's tries; `account` is the blind phone number, `phone` the number under the veil, `answer` the code under the vault's
blind key."""

sign_in_cards = Table(
    "sign_in_cards",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("revoked_by", Text),
    Index("sign_in_cards_by_actor", "ledger", "actor", "created_at"),
    sqlite_with_rowid=False,
)
"""Printed cards; `digest` is SHA-256 of the secret in the QR code, which is nowhere but on the paper. `used_at`: last."""

sign_in_passwords = Table(
    "sign_in_passwords",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("totp", Text, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("missed", BigInteger, nullable=False),
    Column("missed_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Staff: argon2id of the password, the second factor's secret under the veil, and the last of its steps that was used.

`missed` counts wrong second factors behind a right password from unknown browsers since `missed_at`.
"""

sign_in_recovery = Table(
    "sign_in_recovery",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("used_at", BigInteger),
    sqlite_with_rowid=False,
)
"""Recovery codes, blinded: each stands in for the second factor once."""

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("pending", Text, nullable=False),
    Index("sign_in_links_by_actor", "ledger", "actor"),
    sqlite_with_rowid=False,
)
"""One-time links that set password and second factor. `actor` is "" for the first administrator, who is nobody yet.

`pending`: what was entered before the second factor was proved, under the veil.
"""

sign_in_tickets = Table(
    "sign_in_tickets",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("tries", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Index("sign_in_tickets_by_actor", "ledger", "actor"),
    Index("sign_in_tickets_by_time", "ledger", "created_at"),
    sqlite_with_rowid=False,
)
"""Browsers at which a password was right and the second factor is still awaited."""

sign_in_devices = Table(
    "sign_in_devices",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("sign_in_devices_by_actor", "ledger", "actor"),
    sqlite_with_rowid=False,
)
"""Browsers at which somebody signed in before. A known one signs nobody in: it is only not held up by strangers' tries."""

sign_in_happenings = Table(
    "sign_in_happenings",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("happening_id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("agent", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What happened around somebody's signing in, for its owner to see; the latest only. `done_by`: who, `agent`: at what."""

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("tries", Text, nullable=False),
    Column("until_at", BigInteger, nullable=False),
    Index("sign_in_tries_by_time", "ledger", "until_at"),
    sqlite_with_rowid=False,
)
"""How often something was tried. `digest` is the blinded address, account at an address, or browser that tries are counted
for; `tries` the instants of those that still count (microseconds, blanks between); from `until_at` on the row says nothing."""

SIGN_INS_OF_AN_ACTOR = (
    tokens, web_sessions, sign_in_cards, sign_in_passwords, sign_in_recovery, sign_in_links, sign_in_tickets,
    sign_in_devices, sign_in_happenings,
)  # fmt: skip
"""Everything by which, or about how, an actor signs in: what goes with a person who is erased."""

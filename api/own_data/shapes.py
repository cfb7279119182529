"""The document of one's own data, as JSON has it. Minutes and fen are whole numbers, moments RFC 3339 in UTC."""

from __future__ import annotations

from typing import Any

import msgspec

from api.wire import Instant


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an account: what moved and the balance after it, in the account's unit."""

    position: int
    at: Instant
    type: str
    amount: int
    balance: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account with every movement, oldest first: usable and reserved minutes, money given, money promised."""

    account: str
    unit: str
    balance: int
    movements: list[Movement]


class SignIns(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens by label, browsers that were signed in and cards: when they began, end or ended; and what `happened` lately,
    at what kind of browser. No secret is in it."""

    tokens: list[dict[str, Any]]
    browsers: list[dict[str, Any]]
    cards: list[dict[str, Any]]
    happened: list[dict[str, Any]]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What was written about the person, with what proves it: HMAC-SHA256 over the bytes of `exact` under `opening`, in
    base64 for addresses without padding, is `commitment`, which stands in the sealed event at `position`.

    `state`: kept · corrected (by a later entry) · erased; of these two the commitment alone is left. `exact` and `opening`
    are standard base64.
    """

    commitment: str
    state: str
    position: int | None
    kept_at: Instant | None
    document: dict[str, Any] | None
    exact: str
    opening: str


class PhotoKept(msgspec.Struct, frozen=True, kw_only=True):
    """A photo of the person's home or work, of what it was taken (`about`, the id of a request) and the SHA-256 by which the
    journal names it; `jpeg` is standard base64."""

    about: str
    sha256: str
    kept_at: Instant
    jpeg: str


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the journal that is about the person; other people appear in `fact` by their short numbers."""

    position: int
    recorded_at: Instant
    decided_at: Instant
    type: str
    by: str
    role: str
    behalf: str | None
    fact: dict[str, Any]


class OwnData(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a ledger holds about one member, as of `position`."""

    format: str
    ledger: str
    community: str
    position: int
    at: Instant
    member: dict[str, Any]
    proxies: list[str]
    acts_for: list[str]
    roles: list[dict[str, Any]]
    accounts: list[Account]
    sessions: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    reservations: list[dict[str, Any]]
    certificates: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    pledges: list[dict[str, Any]]
    donations: list[dict[str, Any]]
    grants: list[dict[str, Any]]
    sign_ins: SignIns
    words: list[Words]
    photos: list[PhotoKept]
    events: list[Event]

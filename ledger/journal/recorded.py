"""What the journal hands out: facts with their envelope and position."""

from __future__ import annotations

import msgspec

from ledger.base import Fact


class Envelope(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is stored beside every fact, from the first day on (no later migration can add it).

    `at`: when it was decided, microseconds UTC · `by`: the actor · `role`: the role that gave the right, "" for one's
    own affairs · `behalf`: on whose behalf · `key`: the blinded command key · `body`: a keyed digest of the command,
    to tell a repeated key from a reused one · `salt`: 128 random bits, so that neighbours' leaf hashes reveal nothing.
    """

    at: int
    by: str
    role: str
    behalf: str | None
    key: str
    body: str
    salt: bytes


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """One event of one ledger. `recorded_at` never runs backwards along positions: it is the running maximum of
    `envelope.at`, so that "as of a moment" is always a clean prefix of the journal."""

    ledger: str
    position: int
    recorded_at: int
    envelope: Envelope
    fact: Fact
    tags: tuple[str, ...]

"""The code of a shift, which changes every 60 seconds: who shows it was there in that minute.

code = letters(keyed digest of ledger, shift and minute). The key is the vault's blind key, so that no shift needs a
secret of its own to be kept, and the code of a coming minute cannot be told from those before. A code proves a place and
a time as a token proves a person: whoever holds the vault's key checks it before the decision, and what was checked goes
on (`step`). The journal holds no code, and a replay judges what followed from the step, not the code (docs/decisions.md).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable

from ledger.clock import MICROS_PER_SECOND
from ledger.errors import Refused

Blind = Callable[[str, bytes], str]
"""(purpose, text) → a digest under the vault's key and for one ledger (`Vault.blind`)."""

STEP_SECONDS = 60
TOLERANCE_STEPS = 1
"""The code before and the one to come are taken too: it takes a while to type one, and clocks differ."""
_REMEMBERED_STEPS = 30
"""How far back a code is recognised, so that who is late hears so and not that it never was one."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_LENGTH = 8
"""40 bits: nobody comes upon one of three valid codes by trying, so that no count of failures has to be kept."""


def step_of(now_at: int) -> int:
    """The minute since the epoch in which this instant (microseconds UTC) lies."""
    return now_at // (STEP_SECONDS * MICROS_PER_SECOND)


def ends_at(step: int) -> int:
    """The instant (microseconds UTC) at which the code of that minute is replaced by the next."""
    return (step + 1) * STEP_SECONDS * MICROS_PER_SECOND


def code_of(blind: Blind, shift_id: str, step: int) -> str:
    """The code of a shift in that minute: two groups of four letters and digits, `7KQM-2X4P`."""
    digest = base64.urlsafe_b64decode(blind("shift.code", f"{shift_id}\n{step}".encode()) + "==")
    number = int.from_bytes(digest[:5])
    letters = "".join(_LETTERS[number >> 5 * place & 31] for place in range(_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def step_shown(blind: Blind, shift_id: str, code: str, now_at: int) -> int:
    """The minute whose code this is, of the last half an hour and the next minute; raises Refused `wrong_code`.

    Whether that minute still counts is for the decision to say.
    """
    given = _plain(code)
    now = step_of(now_at)
    for step in range(now + TOLERANCE_STEPS, now - _REMEMBERED_STEPS - 1, -1):
        if hmac.compare_digest(_plain(code_of(blind, shift_id, step)).encode(), given.encode()):
            return step
    raise Refused("wrong_code", shift=shift_id)


def _plain(code: str) -> str:
    """As it was meant: small letters, gaps, and O, I, L for the digits they look like."""
    return code.upper().translate(_MEANT)

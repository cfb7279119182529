"""The second factor of staff: six digits of a clock that phone and server share (RFC 6238), and recovery codes."""

from __future__ import annotations

import hmac
import secrets

import pyotp
from sqlalchemy import bindparam, update

from api.signin.rows import change, drop, found, put
from api.store import Store
from ledger.clock import MICROS_PER_SECOND
from ledger.journal.sign_in_tables import sign_in_passwords, sign_in_recovery
from ledger.journal.sql import Cursor

SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_LONG, _PART = 12, 4
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})


def new_totp() -> str:
    """A fresh secret for an authenticator: 160 bits in base 32."""
    return pyotp.random_base32()


def address_of(totp: str, *, name: str, community: str) -> str:
    """What an authenticator reads from the QR code (`otpauth://…`)."""
    return pyotp.TOTP(totp).provisioning_uri(name=name, issuer_name=community)


def step_of(totp: str, typed: str, at_micros: int, *, after: int = 0) -> int:
    """The step that a code stands for, of this one, the one before and the next; 0 for a wrong one.

    Steps up to `after` were used before and count no more.
    """
    code = "".join(str(int(letter)) for letter in typed[:40] if letter.isdecimal())
    now = at_micros // MICROS_PER_SECOND // SECONDS
    clock = pyotp.TOTP(totp)
    fitting = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(clock.generate_otp(step), code)]
    return next((step for step in fitting if step > after), 0)


def use_code(store: Store, ledger: str, actor: str, typed: str) -> bool:
    """Take a code of somebody's authenticator; each counts once, also for two who come in the same moment."""
    row = next(iter(found(store, sign_in_passwords, ledger, actor=actor)), None)
    if row is None:
        return False
    step = step_of(store.vault.veil.show(row["totp"], actor), typed, store.clock(), after=row["step"])
    if not step:
        return False
    c = sign_in_passwords.c
    ready = store.database.prepare(
        "sign_in.step",
        update(sign_in_passwords)
        .where(c.ledger == bindparam("l"), c.actor == bindparam("a"), c.step < bindparam("s"))
        .values(step=bindparam("n")),
    )
    values = {"l": ledger, "a": actor, "s": step, "n": step}
    with store.database.writing() as cursor:
        cursor.execute(ready.text, tuple(values[name] for name in ready.names))
        return cursor.rowcount == 1


# ---- recovery codes ----------------------------------------------------------------------------------------------------


def new_recovery(store: Store, cursor: Cursor, ledger: str, actor: str) -> list[str]:
    """Ten fresh codes of 60 bits as they are written down (`k7d2-…`), in place of those before."""
    drop(store.database, cursor, sign_in_recovery, {"ledger": ledger, "actor": actor})
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LONG)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        put(
            store.database,
            cursor,
            sign_in_recovery,
            ledger=ledger,
            actor=actor,
            digest=_blind(store, ledger, actor, code),
        )
    return ["-".join(code[start : start + _PART] for start in range(0, _LONG, _PART)) for code in codes]


def looks_like_recovery(typed: str) -> bool:
    """Whether this is meant as a recovery code: an authenticator's has six digits."""
    return len(_recovery(typed)) == _LONG


def use_recovery(store: Store, ledger: str, actor: str, typed: str) -> bool:
    """Take a recovery code, once."""
    where = {"ledger": ledger, "actor": actor, "digest": _blind(store, ledger, actor, _recovery(typed))}
    with store.database.writing() as cursor:
        return bool(change(store.database, cursor, sign_in_recovery, where, unset=("used_at",), used_at=store.clock()))


def recovery_left(store: Store, ledger: str, actor: str) -> int:
    """How many codes somebody has left."""
    return sum(row["used_at"] is None for row in found(store, sign_in_recovery, ledger, actor=actor))


def _recovery(typed: str) -> str:
    return "".join(letter for letter in typed[:60].casefold() if letter.isalnum()).translate(_ALIKE)


def _blind(store: Store, ledger: str, actor: str, code: str) -> str:
    return store.vault.blind(ledger, "sign_in_recovery", f"{actor}:{code}".encode())

"""The demo's sign-ins: one person of the fixed cast for each role, with a token that stays the same from run to run.

Only a digest of a token is stored in the database, so the demo keeps its own in a file beside it, readable by its owner
alone. Tokens are random like all others: nothing about them can be guessed from this program.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec

from api import tokens
from api.demo.data import PeopleList, load
from api.demo.people import number_of
from api.store import Store
from ledger.errors import NotSignedIn, Unusable
from ledger.parties.state import NumberTaken, Standing

_ORDER = (
    "volunteer", "resident", "representative", "community_worker", "committee_member", "treasurer", "auditor",
    "administrator",
)  # fmt: skip


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the demo to sign in as: `name` in clear, since nobody of the cast exists; `role` is one of `_ORDER`."""

    name: str
    role: str
    member_id: str
    token: str


def sign_ins(store: Store, ledger: str = "fangxing") -> list[SignIn]:
    """The demo's persons with working tokens, which are made where there are none. Who left is not among them.

    Empty for a ledger without a demo.

    Raises Unusable `demo_file_unusable` where the file of tokens cannot be read or written.
    """
    file = token_file(store)
    kept = _read(file)
    view = store.application.view(ledger)
    found: list[SignIn] = []
    for name, role, key in _persons():
        member_id = view.state(NumberTaken, f"num_{number_of(key)}").member_id
        if not member_id or view.state(Standing, member_id).left:
            continue
        secret = kept.get(member_id, "")
        if not _works(store, ledger, secret, member_id):
            secret, _actor = tokens.create(store, ledger, actor=member_id, label=f"demo {role}")
            kept[member_id] = secret
            _write(file, kept)
        found.append(SignIn(name=name, role=role, member_id=member_id, token=secret))
    return found


def token_file(store: Store) -> Path:
    """`<database>.demo` beside an SQLite file; `nuanlin.demo` in the working folder for a database server."""
    url = store.database.url
    if store.database.is_sqlite and url.database and url.database != ":memory:":
        return Path(url.database).with_suffix(".demo")
    return Path("nuanlin.demo")


def _persons() -> list[tuple[str, str, str]]:
    """(name, role, key) of those who sign in, in the order of `_ORDER`."""
    people = load("people", PeopleList)
    persons = [(one.name, str(one.role), one.key) for one in people.staff if one.signs_in]
    persons += [(one.name, one.shown_as, one.key) for one in people.neighbours if one.shown_as]
    return sorted(persons, key=lambda person: _ORDER.index(person[1]))


def _works(store: Store, ledger: str, secret: str, member_id: str) -> bool:
    if not secret:
        return False
    try:
        return tokens.verify(store, ledger, secret) == member_id
    except NotSignedIn:
        # Ended by somebody who tried that out, or of a database that is gone.
        return False


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError) as error:
        raise Unusable("demo_file_unusable", file=file.name) from error


def _write(file: Path, kept: dict[str, str]) -> None:
    """Whole or not at all, and for its owner's eyes only, as temporary files are made."""
    try:
        handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        with os.fdopen(handle, "wb") as opened:
            opened.write(msgspec.json.encode(kept))
        Path(fresh).replace(file)
    except OSError as error:
        raise Unusable("demo_file_unusable", file=file.name) from error

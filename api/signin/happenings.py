"""What happened around somebody's signing in, kept for its owner: the last fifty, at what kind of browser, by whose hand."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, select

from api.signin.rows import drop, put
from api.store import Store
from ledger.ids import new_id
from ledger.journal.sign_in_tables import sign_in_happenings
from ledger.journal.sql import Cursor

KEPT = 50
_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("AlipayClient", "Alipay"), ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "Mi"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_MACHINES = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


class Happening(msgspec.Struct, frozen=True):
    """`what` happened `at` (microseconds UTC), done by somebody (an id), at a browser ("" where none was noted)."""

    at: int
    what: str
    by: str
    agent: str


def agent_of(user_agent: str) -> str:
    """A browser in two words, `Chrome · Android`, from what it says of itself; "" where it says nothing known."""
    told = [next((name for mark, name in marks if mark in user_agent[:400]), "") for marks in (_BROWSERS, _MACHINES)]
    return " · ".join(one for one in told if one)


def note(store: Store, cursor: Cursor, ledger: str, actor: str, what: str, *, by: str = "", agent: str = "") -> None:
    """Write down what happened, in the transaction in which it does; `by` is the actor themselves where not given."""
    key = new_id("hap")
    hidden = store.vault.veil.hide(agent, key) if agent else ""
    put(
        store.database, cursor, sign_in_happenings, ledger=ledger, actor=actor, happening_id=key, at=store.clock(),
        what=what, done_by=by or actor, agent=hidden,
    )  # fmt: skip
    ids = [str(row[0]) for row in _rows(store, cursor, ledger, actor)]
    for one in ids[KEPT:]:
        drop(store.database, cursor, sign_in_happenings, {"ledger": ledger, "actor": actor, "happening_id": one})


def latest(store: Store, ledger: str, actor: str, most: int = 20) -> list[Happening]:
    """The newest first."""
    with store.database.reading() as cursor:
        rows = _rows(store, cursor, ledger, actor)[:most]
    show = store.vault.veil.show
    return [
        Happening(int(at), str(what), str(by), show(agent, key) if agent else "") for key, at, what, by, agent in rows
    ]


def _rows(store: Store, cursor: Cursor, ledger: str, actor: str) -> list[tuple[str, int, str, str, str]]:
    c = sign_in_happenings.c
    ready = store.database.prepare(
        "sign_in.happenings",
        select(c.happening_id, c.at, c.what, c.done_by, c.agent)
        .where(c.ledger == bindparam("l"), c.actor == bindparam("a"))
        .order_by(c.happening_id.desc()),
    )
    cursor.execute(ready.text, (ledger, actor))
    return [(str(row[0]), int(row[1]), str(row[2]), str(row[3]), str(row[4])) for row in cursor.fetchall()]

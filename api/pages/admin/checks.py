"""Whether the house is in order: each thing looked at, with a state, a sentence and its figures.

The limits are choices: what follows the journal keeps up within seconds, a seal is due after ten of them, a backup is made
every day.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import bindparam, func, select

import migrations
from api.backups import last_backup, note_of
from api.openapi import VERSION
from api.pages.common import Visit
from api.witnessing import last_cosigned, witnesses_of
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE
from ledger.errors import NuanlinError
from ledger.journal.tables import web_sessions
from projections.books.queries import rebuilding

State = Literal["good", "wait", "bad"]
GOOD: State = "good"
WAIT: State = "wait"
BAD: State = "bad"

_LAG_WAIT, _LAG_BAD = 1_000, 50_000
_SEAL_WAIT_MINUTES, _SEAL_BAD_MINUTES = 10, 24 * 60
_BACKUP_WAIT_DAYS, _BACKUP_BAD_DAYS = 2, 7
_DISK_WAIT_PERCENT, _DISK_BAD_PERCENT = 15, 5
_SWEEP_DAYS = 3
_GIB = 1 << 30


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. `name` is its key below `pages.admin.check`; `pairs` are label and figure."""

    name: str
    state: State
    said: str
    pairs: list[tuple[str, str]] = []


def checks(visit: Visit) -> list[Check]:
    """Everything, in the order in which it is shown."""
    looks: tuple[Callable[[Visit], Check], ...] = (
        _followers, _seal, _witnesses, _backup, _disk, _vault, _tables, _sessions,
    )  # fmt: skip
    return [look(visit) for look in looks]


def _check(visit: Visit, name: str, state: State, case: str, *pairs: tuple[str, str], **figures: object) -> Check:
    """The sentence stands at `pages.admin.check.<name>.<case>`, the labels at `pages.admin.figure.<label>`."""
    said = visit.t(f"admin.check.{name}.{case}", **figures)
    shown = [(visit.t(f"admin.figure.{label}"), value) for label, value in pairs]
    return Check(name=name, state=state, said=said, pairs=shown)


def _number(value: int) -> str:
    return f"{value:,}"


def _worse(value: int, wait: int, bad: int) -> State:
    return BAD if value >= bad else WAIT if value >= wait else GOOD


def ago(visit: Visit, at_micros: int) -> str:
    """How long ago something was, in words."""
    minutes = max(0, visit.now_at - at_micros) // MICROS_PER_MINUTE
    if minutes >= 2 * 24 * 60:
        return visit.t("admin.ago.days", count=minutes // (24 * 60))
    if minutes >= 120:
        return visit.t("admin.ago.hours", count=minutes // 60)
    return visit.t("admin.ago.minutes", count=minutes)


def _followers(visit: Visit) -> Check:
    head = visit.as_of.position
    under_way = rebuilding(visit.store.database, visit.ledger)
    lag = visit.store.board_follower.behind().get(visit.ledger, 0)
    state = _worse(lag, _LAG_WAIT, _LAG_BAD) if under_way is None else WAIT
    case = "rebuilding" if under_way is not None else "good" if lag == 0 else "behind"
    pairs = [("head", _number(head)), ("books", _number(head if under_way is None else under_way))]
    return _check(visit, "followers", state, case, *pairs, ("boards", _number(head - lag)), lag=_number(lag))


def _seal(visit: Visit) -> Check:
    store, head = visit.store, visit.as_of.position
    last = store.seals.latest(visit.ledger)
    if last is None:
        return _check(visit, "seal", BAD if head else GOOD, "never", ("unsealed", _number(head)))
    open_events = head - last.size
    if open_events < 0:
        return _check(visit, "seal", BAD, "went_back", ("sealed", _number(last.size)), ("head", _number(head)))
    waiting_minutes = (visit.now_at - max(last.at, 0)) // MICROS_PER_MINUTE if open_events else 0
    state = _worse(waiting_minutes, _SEAL_WAIT_MINUTES, _SEAL_BAD_MINUTES)
    pairs = [("sealed", _number(last.size)), ("unsealed", _number(open_events)), ("seal_age", ago(visit, last.at))]
    return _check(visit, "seal", state, "good" if state == GOOD else "late", *pairs, count=_number(open_events))


def _witnesses(visit: Visit) -> Check:
    store = visit.store
    try:
        known = () if store.settings is None else witnesses_of(store.settings)
    except NuanlinError:
        return _check(visit, "witnesses", BAD, "unreadable")
    if not known:
        return _check(visit, "witnesses", WAIT, "none")
    last = store.seals.latest(visit.ledger)
    size = 0 if last is None else last.size
    signed = {one.name: last_cosigned(store, visit.ledger, one.name) for one in known}
    behind = sum(at < size for at in signed.values())
    state = GOOD if not behind else WAIT if behind < len(signed) else BAD
    said = _check(visit, "witnesses", state, "behind" if behind else "good", behind=behind, count=len(signed))
    pairs = [(name, visit.t("admin.signed_upto", position=_number(at))) for name, at in signed.items()]
    return msgspec.structs.replace(said, pairs=pairs)


def _backup(visit: Visit) -> Check:
    if note_of(visit.store) is None:
        return _check(visit, "backup", WAIT, "postgresql")
    last = last_backup(visit.store)
    if last is None:
        return _check(visit, "backup", BAD, "never")
    days = (visit.now_at - last.at) // MICROS_PER_DAY
    state = _worse(days, _BACKUP_WAIT_DAYS, _BACKUP_BAD_DAYS)
    here = next((one for one in last.ledgers if one.ledger == visit.ledger), None)
    case = "good" if state == GOOD else "old"
    if not Path(last.folder).exists():
        state, case = WAIT if state == GOOD else state, "elsewhere"
    pairs = [("backup_at", visit.instant(last.at)), ("backup_size", _size(last.size_bytes))]
    if here is not None:
        pairs.append(("backup_head", _number(here.head)))
    return _check(visit, "backup", state, case, *pairs, ago=ago(visit, last.at))


def _size(size_bytes: int) -> str:
    tenths = size_bytes * 10 // _GIB
    return f"{tenths // 10:,}.{tenths % 10} GB" if tenths else f"{-(-size_bytes // (1 << 20)):,} MB"


def _disk(visit: Visit) -> Check:
    database = visit.store.database
    if not database.is_sqlite or not database.url.database:
        return _check(visit, "disk", GOOD, "postgresql")
    file = Path(database.url.database)
    space = shutil.disk_usage(file.parent)
    percent = space.free * 100 // space.total
    state = BAD if percent < _DISK_BAD_PERCENT else WAIT if percent < _DISK_WAIT_PERCENT else GOOD
    pairs = [("free", _size(space.free)), ("database", _size(file.stat().st_size))]
    return _check(visit, "disk", state, "good" if state == GOOD else "low", *pairs, percent=percent)


def _vault(visit: Visit) -> Check:
    swept_at = visit.store.sweeper.swept_at(visit.ledger)
    if not swept_at:
        return _check(visit, "vault", WAIT, "never")
    late = visit.now_at - swept_at > _SWEEP_DAYS * MICROS_PER_DAY
    erased = visit.store.application.eraser.upto(visit.ledger)
    pairs = [("swept", visit.instant(swept_at))] + ([("erased", _number(erased))] if erased else [])
    return _check(visit, "vault", WAIT if late else GOOD, "late" if late else "good", *pairs)


def _tables(visit: Visit) -> Check:
    here, newest = migrations.revisions(visit.store.database)
    there, last = migrations.revisions(visit.store.vault.database, "vault")
    same = (here, there) == (newest, last)
    kind = "SQLite" if visit.store.database.is_sqlite else "PostgreSQL"
    pairs = [("version", VERSION), ("kind", kind), ("tables", here), ("vault_tables", there)]
    return _check(visit, "tables", GOOD if same else BAD, "good" if same else "other", *pairs)


def _sessions(visit: Visit) -> Check:
    c, database = web_sessions.c, visit.store.database
    ask = database.prepare(
        "admin.sessions",
        select(c.via, func.count())
        .where(c.ledger == bindparam("l"), c.expires_at > bindparam("n"), c.revoked_at.is_(None))
        .group_by(c.via),
    )
    with database.reading() as cursor:
        cursor.execute(ask.text, (visit.ledger, visit.now_at))
        counted = {str(via): int(count) for via, count in cursor.fetchall()}
    pairs = [(f"via_{via}", _number(count)) for via, count in sorted(counted.items())]
    return _check(visit, "sessions", GOOD, "good", *pairs, count=_number(sum(counted.values())))

"""What comes due of requests: public notices that are over, deadlines that are near or have passed.

Read from the books along the requests under way; those of the past are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from api.store import Store
from ledger.base import Command
from ledger.clock import day_of, start_of_day
from ledger.policy.state import policy_of
from ledger.requests.commands import MarkOverdue, PublishRequest, WarnRequest
from ledger.requests.kinds import CONTACT, KINDS
from projections.books import queries
from projections.books.engines.requests_tables import progress
from projections.books.more_tables import claims, requests
from projections.reading import fetch

_AT_ONCE = 200
_LOOKED_AT = 2_000
_STAGES = sorted({stage.name for kind in KINDS.values() for stage in kind.stages} - {"noticed", "claimed"})
_WARN_RULES = sorted({stage.warn_rule for kind in KINDS.values() for stage in kind.stages if stage.warn_rule})


class _Today(NamedTuple):
    """The community's day, and how many days ahead each rule wants warnings."""

    day: date
    days: Mapping[str, int | None]

    @property
    def furthest(self) -> date:
        """The last day that any rule wants a warning of."""
        return self.day + timedelta(days=max((one for one in self.days.values() if one is not None), default=0))

    def is_near(self, kind: str, stage: str, until: str) -> bool:
        """Whether a deadline is so near that somebody is to be warned."""
        declared = KINDS[kind].stage(stage)
        days = None if declared is None else self.days.get(declared.warn_rule)
        return days is not None and until <= (self.day + timedelta(days=days)).isoformat()


def deadlines(store: Store, ledger: str, now_at: int) -> list[Command]:
    """The commands that enter what is due, at most a few hundred; what is left waits for the next look."""
    zone = queries.zone_of(store.database, ledger)
    day = day_of(now_at, zone)
    policy = policy_of(store.application.view(ledger))
    today = _Today(day, {rule: policy.number_or_none(rule, day) for rule in _WARN_RULES})
    with store.database.reading() as cursor:

        def ask(name: str, build: Callable[[], Select[Any]], **values: Any) -> list[Any]:
            known = {"l": ledger, "n": _LOOKED_AT, "no": 0, **values}
            return fetch(store.database, cursor, f"due.{name}", build, **known)

        found = [
            *(PublishRequest(request_id=row[0]) for row in ask("notices", _notices, s="noticed", d=day.isoformat())),
            *(
                MarkOverdue(request_id=row[0], stage=CONTACT)
                for row in ask("contacts", _contacts, s="claimed", d=day.isoformat())
            ),
            *(
                command
                for stage in _STAGES
                for row in ask("stages", _stages, s=stage, d=today.furthest.isoformat())
                for command in _of(today, *row)
            ),
        ]
        if any(days is not None for days in today.days.values()):
            until_at = start_of_day(today.furthest + timedelta(days=1), zone)
            for request_id, kind, lease_at, stage, warned in ask("leases", _leases, s="open", a=now_at, u=until_at):
                until = day_of(lease_at - 1, zone).isoformat()
                if (stage, warned) != ("claimed", until) and today.is_near(kind, "claimed", until):
                    found.append(WarnRequest(request_id=request_id, stage="claimed"))
    return found[:_AT_ONCE]


def _of(
    today: _Today, request_id: str, kind: str, stage: Any, until: str, warned_stage: str, warned_until: str | None
) -> Iterator[Command]:
    """A deadline that passed is marked; one that is near is warned of, once."""
    if until < today.day.isoformat():
        yield MarkOverdue(request_id=request_id, stage=stage)
    elif (warned_stage, warned_until) != (stage, until) and today.is_near(kind, stage, until):
        yield WarnRequest(request_id=request_id, stage=stage)


_P, _R, _C = progress.c, requests.c, claims.c
_WATCHED = requests.join(progress, (_P.ledger == _R.ledger) & (_P.request_id == _R.request_id))
_THERE = (_R.ledger == bindparam("l"), _R.status == bindparam("s"))


def _notices() -> Select[Any]:
    over = select(_R.request_id).select_from(_WATCHED).where(*_THERE, _P.notice_until_day < bindparam("d"))
    return over.order_by(_R.number).limit(bindparam("n"))


def _contacts() -> Select[Any]:
    passed = (_P.contact_until_day < bindparam("d"), _P.contacted_day.is_(None), _P.contact_overdue == bindparam("no"))
    return select(_R.request_id).select_from(_WATCHED).where(*_THERE, *passed).order_by(_R.number).limit(bindparam("n"))


def _stages() -> Select[Any]:
    near = (_P.stage == _R.status, _P.overdue == bindparam("no"), _P.until_day <= bindparam("d"))
    shown = (_R.request_id, _R.kind, _P.stage, _P.until_day, _P.warned_stage, _P.warned_until_day)
    return select(*shown).select_from(_WATCHED).where(*_THERE, *near).order_by(_P.until_day).limit(bindparam("n"))


def _leases() -> Select[Any]:
    """Claims whose lease runs out by then and has not yet, with the kind of request and what was warned of last."""
    asked = claims.join(requests, (_R.ledger == _C.ledger) & (_R.request_id == _C.request_id))
    known = asked.outerjoin(progress, (_P.ledger == _C.ledger) & (_P.request_id == _C.request_id))
    open_now = (_C.ledger == bindparam("l"), _C.status == bindparam("s"))
    near = (_C.until_at > bindparam("a"), _C.until_at <= bindparam("u"))
    shown = (_R.request_id, _R.kind, _C.until_at, _P.warned_stage, _P.warned_until_day)
    return select(*shown).select_from(known).where(*open_now, *near).order_by(_C.until_at).limit(bindparam("n"))

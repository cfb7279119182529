"""What a member did in some days, as of an entry of the ledger: told from the facts themselves, never from a board that
may still be following."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import msgspec

from api.people import People
from api.store import Store
from ledger.conduct.facts import SessionRestored, SessionVoided
from ledger.hours.facts import SessionCorrected, SessionRecorded, SessionVerified
from projections.asof.figures import Question
from projections.asof.of_things import thresholds
from projections.asof.past import Past, events_of

_STEMS = frozenset({
    "hours.session_recorded", "hours.session_verified", "hours.session_corrected", "conduct.session_voided",
    "conduct.session_restored",
})  # fmt: skip


class Kind(msgspec.Struct, frozen=True):
    """One kind of service, as the sheets call it ("" where they do not), with its verified minutes and times."""

    name: str
    minutes: int
    times: int


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """Verified service of some days: `minutes` with corrections; `times` sessions that count; `days` on which; `kinds`, the
    longest first; the part that was `scanned` in and out, in minutes; `stars` of the lifetime record, of `most_stars`."""

    minutes: int
    times: int
    days: int
    kinds: list[Kind]
    scanned: int
    stars: int
    most_stars: int
    first_day: date | None
    last_day: date | None


class Session(msgspec.Struct):
    """A session with the minutes that count; `words` commits to what was done."""

    day: date
    minutes: int
    words: str
    origin: str


def service_of(store: Store, past: Past, member: str, from_day: date | None, until_day: date | None) -> Service:
    """The member's service of these days, both included; None is open.

    Costs one look-up per entry of the member's service and one read of the vault.
    """
    sessions = sessions_of(past, member)
    lifetime = sum(one.minutes for one in sessions.values())
    within = [
        one for one in sessions.values()
        if one.minutes > 0 and (from_day is None or one.day >= from_day) and (until_day is None or one.day <= until_day)
    ]  # fmt: skip
    steps = thresholds(Question(past, "", "", None))
    days = sorted({one.day for one in within})
    return Service(
        minutes=sum(one.minutes for one in within),
        times=len(within),
        days=len(days),
        kinds=_kinds(store, past.ledger, within),
        scanned=sum(one.minutes for one in within if one.origin == "scanned"),
        stars=sum(1 for step in steps if lifetime >= step * 60),
        most_stars=len(steps),
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
    )


def sessions_of(past: Past, member: str) -> dict[str, Session]:
    """Each session of the member with the minutes that count by then: none before it was verified, none once voided."""
    found: dict[str, Session] = {}
    for event in events_of(past, [member], stems=_STEMS):
        match event.fact:
            case SessionRecorded() as f if f.volunteer == member:
                found[f.session_id] = Session(f.day, 0, f.words, f.origin)
            case SessionVerified() as f if f.volunteer == member:
                found.setdefault(f.session_id, Session(f.day, 0, "", f.origin)).minutes += f.minutes
            case SessionCorrected() as f if f.volunteer == member:
                found[f.session_id].minutes += f.difference
            case SessionVoided() as f if f.volunteer == member:
                found[f.session_id].minutes -= f.minutes
            case SessionRestored() as f if f.volunteer == member:
                found[f.session_id].minutes += f.minutes
    return found


def _kinds(store: Store, ledger: str, sessions: list[Session]) -> list[Kind]:
    words = People(store, ledger).words({one.words for one in sessions if one.words})
    minutes: dict[str, int] = defaultdict(int)
    times: dict[str, int] = defaultdict(int)
    for one in sessions:
        name = str(words.get(one.words, {}).get("activity", "")).strip()
        minutes[name] += one.minutes
        times[name] += 1
    ranked = sorted(minutes, key=lambda name: (not name, -minutes[name], name))
    return [Kind(name, minutes[name], times[name]) for name in ranked]

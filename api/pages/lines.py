"""The lines of a member's statement in words: what it was, who was there, who verified it, and where it stands in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from api.pages.common import Visit
from api.pages.links import entry_link
from api.pages.naming import labels
from api.people import People
from ledger.base import Fact
from ledger.clock import moment
from ledger.hours import facts as hours
from ledger.ids import PERSON, prefix_of
from projections.books import tables
from projections.books.queries import StatementLine
from projections.reading import Cells, many


class Line(msgspec.Struct, frozen=True):
    """One movement of usable minutes. `pairs` are what it opens to: label and text. `corrected` marks a mended record."""

    position: int
    recorded_at: int
    amount: int
    balance: int
    icon: str
    tone: str
    what: str
    who: str
    pairs: list[tuple[str, str]]
    corrected: bool = False


_KINDS: dict[type[Fact], tuple[str, str, str]] = {
    hours.SessionVerified: ("clock", "in", "session"),
    hours.SessionCorrected: ("pen", "calm", "correction"),
    hours.HoursGiven: ("gift", "", "gift_out"),
    hours.HoursDonated: ("heart", "", "donated"),
    hours.PoolGranted: ("heart", "in", "pool"),
    hours.HoursReserved: ("wait", "wait", "reserved"),
    hours.HoursReleased: ("undo", "calm", "released"),
    hours.HoursRedeemed: ("check", "in", "redeemed"),
    hours.HoursLapsed: ("wait", "stop", "lapsed"),
}
"""Icon, tone and key of every fact that moves a member's usable minutes."""


class _Known(msgspec.Struct, frozen=True):
    """What the lines of a page need from books and vault."""

    sessions: dict[str, Cells]
    words: dict[str, dict[str, Any]]
    names: dict[str, str]


def lines_of(visit: Visit, member: str, lines: Sequence[StatementLine]) -> list[Line]:
    """The lines of one page, in their order."""
    told = [(line, visit.store.codec.fact(line.type, line.data)) for line in lines]
    known = _look_up(visit, member, [fact for _, fact in told])
    return [_line(visit, member, line, fact, known) for line, fact in told]


def _look_up(visit: Visit, member: str, facts: list[Fact]) -> _Known:
    asked = [one for fact in facts if isinstance(one := getattr(fact, "session_id", None), str)]
    rows = many(visit.store.database, tables.sessions, visit.ledger, "session_id", asked)
    sessions = {row["session_id"]: row for row in rows}
    said = [one for fact in facts if isinstance(one := getattr(fact, "words", None), str)]
    words = People(visit.store, visit.ledger).words([*(row["words"] for row in rows), *said])
    # Who stood for a record by office is named to the person it is about; who gave or got hours is a neighbour: masked.
    officials: list[str | None] = [
        row[role] for row in rows for role in ("verifier", "recorder", "in_charge", "guarantor", "endorser")
    ]
    officials += [getattr(fact, role, None) for fact in facts for role in ("checker", "granted_by")]
    neighbours = ("giver", "receiver", "provider", "member")
    other: list[str | None] = [getattr(fact, role, None) for fact in facts for role in neighbours]
    other += [row[where] for row in rows for where in ("place", "team", "unit", "organiser")]
    clear = True if visit.caller.sees_names else {*officials, member}
    return _Known(sessions, words, labels(visit, [*officials, *other], clear=clear, numbered=True))


def _line(visit: Visit, member: str, line: StatementLine, fact: Fact, known: _Known) -> Line:
    icon, tone, key = _KINDS[type(fact)]
    if isinstance(fact, hours.HoursGiven) and fact.receiver == member:
        tone, key = "in", "gift_in"
    row = known.sessions.get(getattr(fact, "session_id", ""))
    what = visit.t(f"line.{key}")
    who = _who(visit, fact, key, known)
    corrected = False
    if row is not None:
        words = known.words.get(row["words"], {})
        activity = str(words.get("activity", "")) or visit.t("line.session")
        what = activity if isinstance(fact, hours.SessionVerified) else visit.t("line.correction_of", what=activity)
        corrected = isinstance(fact, hours.SessionVerified) and row["corrected_minutes"] not in (None, row["minutes"])
    pairs = _pairs(visit, fact, row, known)
    pairs.append((visit.t("line.number"), entry_link(visit, line.position)))
    pairs.append((visit.t("line.booked"), visit.instant(line.recorded_at)))
    return Line(
        line.position, line.recorded_at, line.amount, line.balance, icon, tone, what, who,
        [pair for pair in pairs if pair[1]], corrected,
    )  # fmt: skip


def _who(visit: Visit, fact: Fact, key: str, known: _Known) -> str:
    """The line below: with whom, and by whom it was verified."""
    match fact:
        case hours.SessionVerified():
            place = known.names.get(fact.place or "", "")
            verified = visit.t("line.verified_by", who=known.names.get(fact.verifier, ""))
            return " · ".join(part for part in (visit.day(fact.day), place, verified) if part)
        case hours.SessionCorrected():
            return " · ".join((visit.day(fact.day), visit.t("line.checked_by", who=known.names.get(fact.checker, ""))))
        case hours.HoursGiven():
            other = fact.giver if key == "gift_in" else fact.receiver
            return visit.t(f"line.{key}_who", who=known.names[other])
        case hours.HoursRedeemed():
            return visit.t("line.redeemed_who", who=known.names[fact.member])
        case hours.HoursReserved() if fact.provider:
            return visit.t("line.reserved_who", who=known.names[fact.provider])
        case hours.HoursReleased():
            return visit.t(f"line.released_{fact.cause}")
    return ""


def _pairs(visit: Visit, fact: Fact, row: Cells | None, known: _Known) -> list[tuple[str, str]]:
    """What a line opens to; pairs without a text are left out by the caller."""
    t, names = visit.t, known.names
    if row is not None and isinstance(fact, hours.SessionVerified | hours.SessionCorrected):
        return [*_mended(visit, fact, row), *_session(visit, row, known)]
    match fact:
        case hours.HoursGiven():
            remark = str(known.words.get(fact.words, {}).get("remark", ""))
            return [
                (t("line.from"), names[fact.giver]),
                (t("line.to"), names[fact.receiver]),
                (t("line.remark"), remark),
            ]
        case hours.HoursDonated() | hours.HoursReserved() | hours.PoolGranted():
            remark = str(known.words.get(fact.words, {}).get("remark", ""))
            granted = names.get(getattr(fact, "granted_by", ""), "")
            until = visit.instant(fact.until_at) if isinstance(fact, hours.HoursReserved) else ""
            return [(t("line.granted_by"), granted), (t("line.until"), until), (t("line.remark"), remark)]
        case hours.HoursLapsed():
            return [(t("line.earned_before"), visit.day(fact.earned_before))]
    return []


def _mended(visit: Visit, fact: hours.SessionVerified | hours.SessionCorrected, row: Cells) -> list[tuple[str, str]]:
    """Original, correction and net of a record that was put right (the law wants all three to be seen)."""
    if isinstance(fact, hours.SessionCorrected):
        first, now, net = fact.original_minutes, fact.corrected_minutes, fact.difference
    elif row["corrected_minutes"] is not None and row["corrected_minutes"] != row["minutes"]:
        first, now, net = row["minutes"], row["corrected_minutes"], row["corrected_minutes"] - row["minutes"]
    else:
        return []
    sign = "+" if net > 0 else ""
    return [
        (visit.t("line.original"), visit.hours(first)),
        (visit.t("line.corrected"), visit.hours(now)),
        (visit.t("line.net"), sign + visit.hours(net)),
    ]


def _session(visit: Visit, row: Cells, known: _Known) -> list[tuple[str, str]]:
    t, names = visit.t, known.names
    words = known.words.get(row["words"], {})
    when = visit.day(row["day"])
    if row["start_at"] and row["end_at"]:
        when += f" {moment(row['start_at'], visit.zone):%H:%M}–{moment(row['end_at'], visit.zone):%H:%M}"
    in_charge = names.get(row["in_charge"] or "", "") or str(words.get("in_charge", ""))
    organiser = names.get(row["organiser"] or "", "") or str(words.get("organiser", ""))
    if prefix_of(row["organiser"] or "") == PERSON:
        organiser = names[row["organiser"]]
    return [
        (t("line.day"), when),
        (t("line.place"), names.get(row["place"] or "", "")),
        (t("line.content"), str(words.get("content", ""))),
        (t("line.organiser"), organiser),
        (t("line.in_charge"), in_charge),
        (t("line.counts_for"), names.get(row["team"] or row["unit"] or "", "")),
        (t("line.verifier"), names.get(row["verifier"] or "", "")),
        (t("line.origin"), t(f"origin.{row['origin']}")),
        (t("line.late"), t("line.late_by", who=names.get(row["guarantor"] or "", "")) if row["late"] else ""),
        (t("line.overflow"), visit.hours(row["overflow"]) if row["overflow"] else ""),
    ]

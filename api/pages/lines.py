"""The lines of a member's statement in words: what it was, who was there, who verified it, and where it stands in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from api.pages.common import Visit
from api.pages.links import entry_link, receipt_link
from api.pages.naming import labels
from api.people import People
from api.reading import JOURNAL
from api.texts import known as is_text
from api.texts import text
from ledger.base import Fact
from ledger.conduct import facts as conduct
from ledger.crossings import facts as crossing
from ledger.hours import facts as hours
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import acts_for
from ledger.services import facts as service
from projections.books import tables
from projections.books.engines.services_tables import hour_sources, services
from projections.books.engines.shifts_tables import shifts
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
    origin: str = ""
    """How the hours were counted, of a session: scanned · attested · imported."""
    session_id: str = ""


_KINDS: dict[type[Fact], tuple[str, str, str]] = {
    hours.SessionVerified: ("clock", "in", "line.session"),
    hours.SessionCorrected: ("pen", "calm", "line.correction"),
    hours.HoursGiven: ("gift", "", "line.gift_out"),
    hours.HoursDonated: ("heart", "", "line.donated"),
    hours.PoolGranted: ("heart", "in", "line.pool"),
    hours.HoursReserved: ("wait", "wait", "line.reserved"),
    hours.HoursReleased: ("undo", "calm", "line.released"),
    hours.HoursRedeemed: ("check", "in", "line.redeemed"),
    hours.HoursLapsed: ("wait", "stop", "line.lapsed"),
    service.ServiceReserved: ("wait", "wait", "volunteer.line.service_reserved"),
    service.ServiceCancelled: ("undo", "calm", "volunteer.line.service_cancelled"),
    service.ServiceSettled: ("check", "in", "volunteer.line.service_given"),
    service.OpeningGranted: ("heart", "in", "volunteer.line.opening"),
    crossing.HoursSent: ("next", "", "volunteer.line.sent"),
    crossing.HoursArrived: ("gift", "in", "volunteer.line.arrived"),
    crossing.HoursReturned: ("undo", "calm", "volunteer.line.returned"),
    conduct.SessionVoided: ("alert", "stop", "volunteer.line.voided"),
    conduct.SessionRestored: ("check", "in", "volunteer.line.restored"),
}
"""Icon, tone and key of every fact that moves a member's usable minutes."""


class _Known(msgspec.Struct, frozen=True):
    """What the lines of a page need from books and vault."""

    sessions: dict[str, Cells]
    words: dict[str, dict[str, Any]]
    names: dict[str, str]
    things: dict[str, str]
    """Names of services and of sources of opening grants."""


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
    officials += [getattr(fact, role, None) for fact in facts for role in ("checker", "granted_by", "voided_by")]
    neighbours = ("giver", "receiver", "provider", "member", "performer")
    other: list[str | None] = [getattr(fact, role, None) for fact in facts for role in neighbours]
    other += [row[where] for row in rows for where in ("place", "team", "unit", "organiser")]
    clear = True if visit.caller.sees_names else {*officials, member}
    things = _things(visit, facts) | shift_names(visit, rows)
    return _Known(sessions, words, labels(visit, [*officials, *other], clear=clear, numbered=True), things)


def shift_names(visit: Visit, sessions: Sequence[Cells]) -> dict[str, str]:
    """What the shifts are called of which these sessions came, by the shift's id: one look-up."""
    asked = [row["activity_id"] for row in sessions if row["activity_id"]]
    if not asked:
        return {}
    rows = many(visit.store.database, shifts, visit.ledger, "shift_id", asked)
    return {row["shift_id"]: row["name"] for row in rows}


def _things(visit: Visit, facts: list[Fact]) -> dict[str, str]:
    """What services and sources are called, by id: one look-up each."""
    found: dict[str, str] = {}
    for table, column in ((services, "service_id"), (hour_sources, "source_id")):
        asked = [one for fact in facts if isinstance(one := getattr(fact, column, None), str)]
        if asked:
            rows = many(visit.store.database, table, visit.ledger, column, asked)
            found.update({row[column]: row["name"] for row in rows})
    return found


def _line(visit: Visit, member: str, line: StatementLine, fact: Fact, known: _Known) -> Line:
    icon, tone, key = _KINDS[type(fact)]
    if isinstance(fact, hours.HoursGiven) and fact.receiver == member:
        tone, key = "in", "line.gift_in"
    row = known.sessions.get(getattr(fact, "session_id", ""))
    what = visit.t(key)
    who = _who(visit, fact, key, known)
    corrected = False
    if row is not None:
        words = known.words.get(row["words"], {})
        shift = known.things.get(row["activity_id"] or "", "")
        activity = str(words.get("activity", "")) or shift or visit.t("line.session")
        what = _of_session(visit, fact, activity)
        corrected = isinstance(fact, hours.SessionVerified) and row["corrected_minutes"] not in (None, row["minutes"])
    pairs = _pairs(visit, fact, row, known)
    pairs.append((visit.t("line.number"), entry_link(visit, line.position)))
    pairs.append((visit.t("line.booked"), visit.instant(line.recorded_at)))
    if visit.caller.holds(JOURNAL) or acts_for(visit.view, visit.caller.actor, member):
        pairs.append((visit.t("volunteer.receipt.short"), receipt_link(visit, line.position)))
    return Line(
        line.position, line.recorded_at, line.amount, line.balance, icon, tone, what, who,
        [pair for pair in pairs if pair[1]], corrected,
        origin=row["origin"] if row is not None and isinstance(fact, hours.SessionVerified) else "",
        session_id=row["session_id"] if row is not None and isinstance(fact, hours.SessionVerified) else "",
    )  # fmt: skip


def _of_session(visit: Visit, fact: Fact, activity: str) -> str:
    """The title of a line about a session."""
    if isinstance(fact, hours.SessionVerified):
        return activity
    if isinstance(fact, hours.SessionCorrected):
        return visit.t("line.correction_of", what=activity)
    return visit.t(_KINDS[type(fact)][2] + "_of", what=activity)


def _reason(visit: Visit, reason: str) -> str:
    """A reason in words."""
    key = f"sampling.value.reason_{reason}"
    return text(visit.lang, key) if is_text(visit.lang, key) else ""


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
            return visit.t(f"{key}_who", who=known.names[other])
        case hours.HoursRedeemed():
            return visit.t("line.redeemed_who", who=known.names[fact.member])
        case hours.HoursReserved() if fact.provider:
            return visit.t("line.reserved_who", who=known.names[fact.provider])
        case hours.HoursReleased():
            return visit.t(f"line.released_{fact.cause}")
    return _more_who(visit, fact, known)


def _more_who(visit: Visit, fact: Fact, known: _Known) -> str:
    """The line below, of services, of hours between ledgers and of sanctions."""
    t = visit.t
    match fact:
        case service.ServiceReserved():
            by = t("line.reserved_who", who=known.names[fact.provider])
            return " · ".join(part for part in (known.things.get(fact.service_id, ""), by) if part)
        case service.ServiceCancelled():
            return " · ".join((known.things.get(fact.service_id, ""), t(f"line.released_{fact.cause}")))
        case service.ServiceSettled():
            for_whom = t("line.redeemed_who", who=known.names[fact.member])
            return " · ".join((known.things.get(fact.service_id, ""), for_whom))
        case service.OpeningGranted():
            return known.things.get(fact.source_id, "")
        case crossing.HoursSent() | crossing.HoursArrived() | crossing.HoursReturned():
            return t("volunteer.line.peer", peer=fact.peer)
        case conduct.SessionVoided():
            return _reason(visit, fact.reason)
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
            until = visit.deadline(fact.until_at) if isinstance(fact, hours.HoursReserved) else ""
            return [(t("line.granted_by"), granted), (t("line.until"), until), (t("line.remark"), remark)]
        case service.ServiceReserved():
            return [
                (t("volunteer.line.service"), known.things.get(fact.service_id, "")),
                (t("volunteer.line.provider"), names[fact.provider]),
                (t("line.until"), visit.deadline(fact.until_at)),
            ]
        case service.ServiceSettled():
            return [
                (t("volunteer.line.service"), known.things.get(fact.service_id, "")),
                (t("line.overflow"), visit.hours(fact.overflow) if fact.overflow else ""),
                (t("line.state"), t("volunteer.line.silent") if fact.silent else ""),
            ]
        case service.OpeningGranted():
            return [(t("line.granted_by"), names.get(fact.granted_by, ""))]
        case conduct.SessionVoided():
            decided = t("volunteer.line.decided_by")
            return [(t("line.day"), visit.day(fact.day)), (decided, names.get(fact.voided_by, ""))]
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
        when += f" {visit.span(row['start_at'], row['end_at'])}"
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

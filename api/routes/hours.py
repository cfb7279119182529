"""Reads of sessions, accounts and balances, and the certificates that anybody can verify."""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec

from api.paging import Paged, closed
from api.reading import PUBLIC_ACCOUNTS, READING, owner_of
from api.routes.asked import Asked
from api.routes.names import DayText, Documents, Who, whos, words_of
from api.routes.past import PagedThen, past_of
from api.routes.reads import Read, pick
from api.wire import Instant, Text, instant
from ledger.errors import NotFound, NotYours
from ledger.units import MINUTES
from projections.books import queries
from projections.reading import Cells


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of an account: amount and balance after it, in the account's unit, and the event it comes from."""

    position: int
    line: int
    at: Instant
    type: str
    amount: int
    balance: int


class StatementPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of an account, newest first. `unit`: minutes, fen, or pieces of an item (`pcs.rice`)."""

    account: str
    unit: str
    balance: int
    entries: int
    lines: list[Line]
    next: str | None


class StatementQuery(PagedThen, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which unit; as of a position or a moment."""

    unit: Text = MINUTES


class AccountBalance(msgspec.Struct, frozen=True, kw_only=True):
    """What an account holds of a unit."""

    account: str
    unit: str
    balance: int


class BalancesPage(msgspec.Struct, frozen=True, kw_only=True):
    """Balances as of a position, which was recorded at `at`."""

    position: int
    at: Instant | None
    balances: list[AccountBalance]
    next: str | None


class BalancesQuery(PagedThen, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of one account or of all; as of a position or a moment."""

    account: Text | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded session. `status`: recorded, endorsed, verified, rejected; `corrected_minutes` as they stand now."""

    session_id: str
    volunteer: Who | None
    day: DayText
    last_day: DayText
    start_at: Instant | None
    end_at: Instant | None
    minutes: int
    corrected_minutes: int | None
    status: str
    origin: str
    place: str | None
    team: str | None
    unit: str | None
    activity_id: str | None
    late: bool
    guarantor: str | None
    recorder: str
    verifier: str | None
    reason: str | None
    activity: str
    content: str


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A correction: what the record should say, and what came of it. `status`: requested, approved, refused."""

    correction_id: str
    status: str
    minutes: int
    original_minutes: int | None
    difference: int | None
    reason: str | None


class SessionWhole(Session, frozen=True, kw_only=True):
    """A session with the corrections that were asked for."""

    corrections: list[Correction]


class CorrectionOf(Correction, frozen=True, kw_only=True):
    """A correction with the session that it is about."""

    session_id: str
    volunteer: Who | None
    requested_by: str


class Corrections(msgspec.Struct, frozen=True, kw_only=True):
    """A page of corrections, oldest first."""

    corrections: list[CorrectionOf]
    next: str | None


class CorrectionsQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In one state (those that wait, unless said otherwise), of everybody or of one volunteer; oldest first."""

    status: Literal["requested", "approved", "refused"] = "requested"
    volunteer: Text | None = None


S = TypeVar("S", bound=Session)
C = TypeVar("C", bound=Correction)
_ASKED = "asked"
"""What the books call a correction that the API, like its command, calls requested."""


class Sessions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of sessions."""

    sessions: list[Session]
    next: str | None


class SessionsQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of one volunteer, newest first; without one oldest first: in one state, or all that wait for a verifier."""

    volunteer: Text | None = None
    status: Literal["recorded", "endorsed", "verified", "rejected"] | None = None


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """That a certificate of this number was issued, and what it says; the member's name is masked (令67 §14–17)."""

    certificate_id: str
    name: str
    minutes: int
    sessions: int
    first_day: DayText
    last_day: DayText
    issued_at: Instant


def statement_page(asked: Asked, account: str, unit: str, query: PagedThen) -> StatementPage:
    """A page of an account's entries, now or as of then."""
    past = past_of(asked, query)
    found = queries.statement(
        asked.store.database, asked.ledger, account, unit, after=query.after, limit=query.limit,
        position=None if past is None else past.position,
    )  # fmt: skip
    lines = [
        Line(
            position=one.position, line=one.line, at=instant(one.recorded_at), type=one.type, amount=one.amount,
            balance=one.balance,
        )
        for one in found.lines
    ]  # fmt: skip
    return StatementPage(
        account=found.account, unit=found.unit, balance=found.balance, entries=found.entries, lines=lines,
        next=closed(found.next),
    )  # fmt: skip


def account_statement(asked: Asked, query: StatementQuery) -> StatementPage:
    """An account's entries with the running balance. Funds' accounts are public, a member's are their own."""
    account = asked.path["account"]
    if not account.startswith(PUBLIC_ACCOUNTS):
        missing = NotFound("no_such_account", account=account)
        asked.need_own(owner_of(account), READING["account_statement"].roles, missing)
    return statement_page(asked, account, query.unit, query)


def balances(asked: Asked, query: BalancesQuery) -> BalancesPage:
    """Balances of one account or of all, now, as of a position, or as of a moment."""
    owner = owner_of(query.account or "")
    if not asked.caller.holds(READING["balances"].roles, owner) and not asked.is_own(owner):
        raise NotYours("not_for_your_roles", roles=", ".join(sorted(READING["balances"].roles)))
    database, ledger, past = asked.store.database, asked.ledger, past_of(asked, query)
    point = queries.as_of(database, ledger) if past is None else past.point
    rows = queries.balances(database, ledger, position=None if past is None else past.position)
    if query.account is not None:
        rows = [row for row in rows if row.account == query.account]
    after = tuple((query.after or "").rpartition(" ")[::2])
    rows = [row for row in rows if (row.account, row.unit) > after]
    page, more = rows[: query.limit], len(rows) > query.limit
    return BalancesPage(
        position=point.position,
        at=instant(point.at) if point.position else None,
        balances=[AccountBalance(account=row.account, unit=row.unit, balance=row.balance) for row in page],
        next=closed(f"{page[-1].account} {page[-1].unit}") if more else None,
    )


def _session(kind: type[S], row: Cells, who: Who | None, said: Documents, **more: object) -> S:
    words = said.get(row["words"], {})
    return pick(kind, row, volunteer=who, activity=words.get("activity", ""), content=words.get("content", ""), **more)


def sessions(asked: Asked, query: SessionsQuery) -> Sessions:
    """A volunteer's sessions; or everybody's in one state, or those that wait for a verifier."""
    database, ledger, roles = asked.store.database, asked.ledger, READING["sessions"].roles
    after, limit = query.after, query.limit
    if query.volunteer is not None:
        asked.need_own(query.volunteer, roles, NotFound("no_such_member", member=query.volunteer))
        page = queries.sessions_of(database, ledger, query.volunteer, status=query.status, after=after, limit=limit)
    else:
        asked.need_roles(roles)
        if query.status is None:
            page = queries.sessions_waiting(database, ledger, after=after, limit=limit)
        else:
            page = queries.sessions_by_status(database, ledger, query.status, after=after, limit=limit)
    known, said = (
        whos(asked, [row["volunteer"] for row in page.rows]),
        words_of(asked, [row["words"] for row in page.rows]),
    )
    rows = [_session(Session, row, known[row["volunteer"]], said) for row in page.rows]
    return Sessions(sessions=rows, next=closed(page.next))


def session(asked: Asked, _query: msgspec.Struct) -> SessionWhole:
    """One session, with the corrections that were asked for."""
    missing = NotFound("no_such_session", session=asked.path["session_id"])
    row = queries.session(asked.store.database, asked.ledger, asked.path["session_id"])
    if row is None:
        raise missing
    asked.need_own(row["volunteer"], READING["session"].roles, missing, about=row["session_id"])
    corrections = queries.corrections_of(asked.store.database, asked.ledger, row["session_id"])
    return _session(
        SessionWhole, row, whos(asked, [row["volunteer"]])[row["volunteer"]], words_of(asked, [row["words"]]),
        corrections=[_correction(Correction, one) for one in corrections],
    )  # fmt: skip


def _correction(kind: type[C], row: Cells, **more: object) -> C:
    status = "requested" if row["status"] == _ASKED else row["status"]
    return pick(kind, row, status=status, **more)


def corrections(asked: Asked, query: CorrectionsQuery) -> Corrections:
    """Corrections that wait for a decision, or that were approved or refused."""
    roles = READING["corrections"].roles
    if query.volunteer is not None:
        asked.need_own(query.volunteer, roles, NotFound("no_such_member", member=query.volunteer))
    else:
        asked.need_roles(roles)
    page = queries.corrections_by_status(
        asked.store.database, asked.ledger, _ASKED if query.status == "requested" else query.status,
        volunteer=query.volunteer, after=query.after, limit=query.limit,
    )  # fmt: skip
    known = whos(asked, [row["volunteer"] for row in page.rows])
    rows = [_correction(CorrectionOf, row, volunteer=known[row["volunteer"]]) for row in page.rows]
    return Corrections(corrections=rows, next=closed(page.next))


def certificate(asked: Asked, _query: msgspec.Struct) -> Certificate:
    """Verify a certificate by its number, without signing in."""
    row = queries.certificate(asked.store.database, asked.ledger, asked.path["certificate_id"])
    if row is None:
        raise NotFound("no_such_certificate", certificate=asked.path["certificate_id"])
    who = whos(asked, [row["member"]], hide=True)[row["member"]]
    return pick(Certificate, row, name=who.name if who else "")


READS = (
    Read("/accounts/{account}/statement", account_statement, "hours", StatementQuery),
    Read("/balances", balances, "hours", BalancesQuery),
    Read("/sessions", sessions, "hours", SessionsQuery),
    Read("/sessions/{session_id}", session, "hours", watched="session_id"),
    Read("/corrections", corrections, "hours", CorrectionsQuery),
    Read("/certificates/{certificate_id}", certificate, "hours"),
)

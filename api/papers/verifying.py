"""Whether a paper is genuine, what stood on it, and what the ledger says of the same today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import msgspec

from api.papers.certificate import name_of, told_of_certificate
from api.papers.codes import PaperKind, Statement, statement_of
from api.papers.disclosure import told_of_disclosure
from api.papers.ordered import Ordered
from api.papers.plaque import hung, told_of_plaque
from api.papers.service import sessions_of
from api.papers.unit_year import told_of_unit
from api.people import mask_name
from ledger.base import Fact
from ledger.clock import day_of
from ledger.disclosures.facts import DisclosurePublished
from ledger.errors import NotFound
from ledger.honours.facts import PlaqueAwarded
from ledger.ids import prefix_of
from ledger.parties.facts import MemberRegistered, UnitRegistered
from projections.asof.past import event_at
from projections.books import queries as books

Told = list[tuple[str, str]]
_F = TypeVar("_F", bound=Fact)
_ISSUED = "cert"


class Change(msgspec.Struct, frozen=True):
    """A figure that the ledger tells differently today; "" where it did not, or does not any more, stand at all."""

    label: str
    printed: str
    now: str


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A genuine paper.

    `about`: whose or what it is, as on the paper; "" once that person's data were deleted (`erased`), and then neither
    `printed` nor `changes` tell anything · `state`: of a plaque `hangs`, `expired` or `revoked`, else "" · `reason`:
    of a revocation · `since`: its day, or a plaque's last day.
    """

    stated: Statement
    about: str
    printed: Told
    changes: list[Change]
    erased: bool = False
    state: str = ""
    reason: str = ""
    since: str = ""


def verified(order: Ordered, number: str) -> Verified:
    """What is to be said of a number, to anybody: the number itself is on the paper alone, whoever has it has the paper.

    The id of a certificate that was issued as a fact (`cert_…`) is told in the same way, with the name masked: such ids stand
    in other places too. Raises NotFound `no_such_paper` for a number that this ledger never gave.
    """
    issued = number.strip().lower() if prefix_of(number.strip().lower()) == _ISSUED else ""
    stated = _issued(order, issued) if issued else statement_of(order.store.vault, order.ledger, number)
    if stated is None or stated.position > order.past.position:
        raise NotFound("no_such_paper", number=number)
    then = msgspec.structs.replace(order, past=order.past._replace(position=stated.position), today=stated.day)
    found = _READ[stated.kind](order, then, stated)
    if not issued or found.erased:
        return found
    masked = [(label, mask_name(value) if value == found.about else value) for label, value in found.printed]
    return msgspec.structs.replace(found, about=mask_name(found.about), printed=masked)


def changes_between(printed: Told, now: Told) -> list[Change]:
    """The labels whose values differ, in the order of the paper, new ones last."""
    today, before = dict(now), dict(printed)
    labels = list(dict.fromkeys([*before, *today]))
    return [Change(one, before.get(one, ""), today.get(one, "")) for one in labels if before.get(one) != today.get(one)]


def _certificate(order: Ordered, then: Ordered, stated: Statement) -> Verified:
    member = _subject(order, stated, MemberRegistered).member_id
    row = books.member(order.store.database, order.ledger, member)
    name = "" if row is None or row["erased"] else name_of(order, row)
    if row is None or not name:
        return Verified(stated=stated, about="", printed=[], changes=[], erased=True)
    printed = told_of_certificate(then, stated, member)
    # Most papers are checked while nothing has changed: then the second half of the work is spared.
    same = sessions_of(then.past, member) == sessions_of(order.past, member)
    changes = [] if same else changes_between(printed, told_of_certificate(order, stated, member))
    whose = [(order.t("certificate.told.name"), name), (order.t("certificate.told.number"), books.short_number(row))]
    return Verified(stated=stated, about=name, printed=whose + printed, changes=changes)


def _plaque(order: Ordered, then: Ordered, stated: Statement) -> Verified:
    plaque_id = _subject(order, stated, PlaqueAwarded).plaque_id
    found = hung(order, plaque_id)
    printed = told_of_plaque(then, plaque_id)
    return Verified(
        stated=stated, about=found.unit, printed=printed, changes=changes_between(printed, told_of_plaque(order, plaque_id)),
        state=found.state, since=found.row["revoked_day"] or found.row["until_day"],
        reason=order.t(f"plaque.reason.{found.row['reason']}") if found.row["revoked_day"] else "",
    )  # fmt: skip


def _unit_year(order: Ordered, then: Ordered, stated: Statement) -> Verified:
    fact = _subject(order, stated, UnitRegistered)
    printed = told_of_unit(then, fact.unit_id, stated.from_day.year)
    changes = changes_between(printed, told_of_unit(order, fact.unit_id, stated.from_day.year))
    return Verified(stated=stated, about=fact.name, printed=printed, changes=changes)


def _disclosure(order: Ordered, then: Ordered, stated: Statement) -> Verified:
    fact = _subject(order, stated, DisclosurePublished)
    account = books.fund_account(order.store.database, order.ledger, fact.fund)
    printed = told_of_disclosure(then, fact.disclosure_id)
    changes = changes_between(printed, told_of_disclosure(order, fact.disclosure_id))
    about = fact.fund if account is None else str(account.fund["name"])
    return Verified(stated=stated, about=about, printed=printed, changes=changes)


_READ: dict[PaperKind, Callable[[Ordered, Ordered, Statement], Verified]] = {
    "certificate": _certificate, "plaque": _plaque, "unit_year": _unit_year, "disclosure": _disclosure,
}  # fmt: skip


def _issued(order: Ordered, certificate_id: str) -> Statement | None:
    """What a certificate that is a fact of the ledger states: the whole record as of then."""
    row = books.certificate(order.store.database, order.ledger, certificate_id)
    member = None if row is None else books.member(order.store.database, order.ledger, row["member"])
    if row is None or member is None:
        return None
    return Statement(
        kind="certificate", subject=member["registered"], position=row["number"],
        day=day_of(row["issued_at"], order.zone), from_day=date.fromisoformat(row["first_day"]),
        until_day=date.fromisoformat(row["last_day"]),
    )  # fmt: skip


def _subject(order: Ordered, stated: Statement, kind: type[_F]) -> _F:
    event = event_at(order.past, stated.subject)
    if event is None or not isinstance(event.fact, kind):
        raise NotFound("no_such_paper")
    return event.fact

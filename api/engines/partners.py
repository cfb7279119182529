"""How the engine `partners` is reached: pairing, dual report, menu, drills, feedback, plaques, blacklist and exit."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from api.paging import Paged, closed
from api.reading import READ_ALL, Reads
from api.routes.asked import Asked
from api.routes.commands import Write
from api.routes.journal import zone_of
from api.routes.names import DayText, Who, whos
from api.routes.reads import Read, pick
from api.shelves import Shelf
from api.store import Store
from ledger.base import Command
from ledger.clock import day_of
from ledger.conduct import commands as conduct
from ledger.honours import commands as honour
from ledger.ids import TEAM, UNIT
from ledger.partners import commands as partner
from projections.books.engines import partners as books
from projections.books.more_tables import call_answers as call_answer_rows
from projections.reading import listed

_PAIRING, _MENU, _UNIT = "/pairings/{pairing_id}", "/menu/{menu_id}", "/units/{unit}"

WRITES: tuple[Write, ...] = (
    Write("/pairings", partner.PairUnit, "partners", location=_PAIRING),
    Write(_PAIRING + "/end", partner.EndPairing, "partners", "pairing_id"),
    Write("/dual-reports", partner.ReportIn, "partners", location="/dual-reports/{report_id}"),
    Write("/members/{member_id}/report/end", partner.EndReport, "partners", "member_id"),
    Write("/menu", partner.OfferOnMenu, "partners", location=_MENU),
    Write(_MENU + "/admit", partner.AdmitToMenu, "partners", "menu_id"),
    Write(_MENU + "/withdraw", partner.WithdrawFromMenu, "partners", "menu_id"),
    Write(_MENU + "/orders", partner.OrderFromMenu, "partners", location="/requests/{request_id}"),
    Write("/drills", partner.CallDrill, "partners", location="/drills/{callout_id}"),
    Write(_UNIT + "/feedback", partner.SendFeedback, "partners", location="/feedback-sheets/{feedback_id}"),
    Write("/plaques/{plaque_id}/renew", honour.RenewPlaque, "honours", "plaque_id"),
    Write("/blacklistings", conduct.BlacklistParty, "conduct", location="/blacklistings/{blacklisting_id}"),
    Write("/blacklistings/{blacklisting_id}/lift", conduct.LiftBlacklist, "conduct", "blacklisting_id"),
    Write(_UNIT + "/exit", conduct.ExitPartner, "conduct", location="/exits/{exit_id}"),
)

_PUBLIC = Reads(public=True)
_NEWEST = (("number", True),)

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        name="pairings", one="pairing", table=books.pairings, tag="partners", reads=_PUBLIC,
        about="Which units are paired with which places.", parties=("unit",), filters=("unit", "place", "status"),
        hidden=("paired_by",),
    ),
    Shelf(
        name="unit_ties", one="unit_tie", table=books.unit_ties, tag="partners", reads=_PUBLIC,
        about="How many places each unit is paired with, and how many of its party members report in.",
        missing="no_such_unit",
    ),
    Shelf(
        name="place_ties", one="place_tie", table=books.place_ties, tag="partners", reads=_PUBLIC,
        about="How many units each place is paired with, and how many party members report there.",
        missing="no_such_place",
    ),
    Shelf(
        name="dual_reports", one="dual_report", table=books.dual_reports, tag="partners",
        reads=Reads(roles=READ_ALL, own="the member, and who speaks for the unit"), own=("member", "unit"),
        about="Which party members report in, from which unit and branch, and where.",
        parties=("member", "unit", "branch", "taken_by"),
        filters=("member", "unit", "branch", "place", "status"),
    ),
    Shelf(
        name="menu", one="menu_service", table=books.menu, tag="partners", reads=_PUBLIC,
        about="The services that units offer to residents.", parties=("unit",),
        filters=("unit", "category", "place", "status"), hidden=("offered_by", "admitted_by"),
        missing="not_on_the_menu",
    ),
    Shelf(
        name="menu_orders", one="menu_order", table=books.menu_orders, tag="partners",
        reads=Reads(roles=READ_ALL, own="who ordered, and who speaks for the unit"), own=("requester", "unit"),
        about="Which requests were ordered from which service.", parties=("unit", "requester"),
        filters=("menu_id", "unit", "requester"), missing="no_such_request",
    ),
    Shelf(
        name="drills", one="drill", table=books.drills, tag="partners",
        reads=Reads(roles=READ_ALL | {"representative"}), about="Drills, with how many answered.",
        parties=("called_by", "ended_by"), filters=("level",), hidden=("words",), order=_NEWEST,
        missing="no_such_call",
    ),
    Shelf(
        name="feedback_sheets", one="feedback_sheet", table=books.feedback_sheets, tag="partners",
        reads=Reads(roles=READ_ALL, own="who speaks for the unit"), own=("unit",),
        about="What units were told of their members' service, quarter by quarter.", parties=("unit", "sent_by"),
        filters=("unit",), order=_NEWEST,
    ),
    Shelf(
        name="plaque_renewals", one="plaque_renewal", table=books.plaque_renewals, tag="honours", reads=_PUBLIC,
        about="By which newly accepted work plaques hang on.", parties=("unit",), filters=("plaque_id", "unit"),
        hidden=("renewed_by",), missing="no_such_plaque",
    ),
    Shelf(
        name="blacklistings", one="blacklisting", table=books.blacklistings, tag="conduct",
        reads=Reads(roles=READ_ALL, own="the party"), own=("party",),
        about="Every blacklisting of a member, team or unit, lifted ones among them.",
        parties=("party", "listed_by", "lifted_by"), words=("words",), filters=("party", "kind", "status"),
        order=_NEWEST,
    ),
    Shelf(
        name="exits", one="partner_exit", table=books.exits, tag="conduct", reads=_PUBLIC,
        about="Units that left the partnership, and why.", parties=("unit",), filters=("unit",),
        hidden=("exited_by",), order=_NEWEST, missing="no_such_exit",
    ),
)  # fmt: skip


# ---- what a shelf is not enough for --------------------------------------------------------------------------------


class BlacklistEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A unit or team that is on the blacklist today; `until_day` is null where it holds until it is lifted."""

    blacklisting_id: str
    party: Who | None
    reason: str
    day: DayText
    until_day: DayText | None


class Blacklist(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the blacklist, newest first."""

    blacklist: list[BlacklistEntry]
    next: str | None


def blacklist(asked: Asked, query: Paged) -> Blacklist:
    """Units and teams that are on the blacklist today, and why. Persons are not published."""
    today = day_of(asked.store.clock(), zone_of(asked)).isoformat()
    page = listed(
        asked.store.database, books.blacklistings, asked.ledger, where={"kind": (UNIT, TEAM), "status": "listed"},
        order=_NEWEST, after=query.after, limit=query.limit,
    )  # fmt: skip
    rows = [row for row in page.rows if row["until_day"] is None or row["until_day"] >= today]
    known = whos(asked, [row["party"] for row in rows])
    entries = [pick(BlacklistEntry, row, party=known[row["party"]]) for row in rows]
    return Blacklist(blacklist=entries, next=closed(page.next))


class CallAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who answered a call-out or a drill, with how many people, and how many minutes after the call."""

    number: int
    unit: Who | None
    level: str
    people: int
    response_minutes: int
    day: DayText


class CallAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """A page of answers in their order."""

    call_answers: list[CallAnswer]
    next: str | None


def call_answers(asked: Asked, query: Paged) -> CallAnswers:
    """Who answered a call-out, or a drill, and when."""
    page = None
    for table in (call_answer_rows, books.drill_answers):
        page = listed(
            asked.store.database, table, asked.ledger, where={"callout_id": asked.path["callout_id"]},
            order=(("number", False),), after=query.after, limit=query.limit,
        )  # fmt: skip
        if page.rows:
            break
    rows = [] if page is None else page.rows
    known = whos(asked, [row["unit"] for row in rows])
    answers = [pick(CallAnswer, row, unit=known[row["unit"]]) for row in rows]
    return CallAnswers(call_answers=answers, next=None if page is None else closed(page.next))


READS: tuple[Read, ...] = (
    Read("/blacklist", blacklist, "conduct", Paged, reads=_PUBLIC),
    Read(
        "/call-outs/{callout_id}/answers", call_answers, "partners", Paged,
        reads=Reads(roles=READ_ALL | {"representative"}),
    ),
)  # fmt: skip

FIGURES: dict[str, dict[str, str]] = {
    "CallAnswer": {"people": "event {number}", "response_minutes": "event {number}"},
}
"""An answer is one entry: it says both."""

DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = ()

"""How the engine `services` is reached: hours between ledgers, services, need groups, kin and terms, sanctions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from api.reading import READ_ALL, Reads
from api.routes.commands import Write
from api.routes.reads import Read
from api.shelves import Shelf
from api.store import Store
from ledger.base import Command
from ledger.conduct import commands as conduct
from ledger.crossings import commands as crossing
from ledger.hours import commands as hours
from ledger.services import commands as service
from projections.books.engines import services_tables as t
from projections.reading import fetch

_PEER, _CROSSING = "/peers/{peer}", "/crossings/{transfer_id}"
_SERVICE, _RESERVED = "/services/{service_id}", "/service-reservations/{reservation_id}"
_NEED, _SANCTION = "/need-entries/{need_id}", "/sanctions/{sanction_id}"
_KIN, _TERMS = "/kin-ties/{kin_id}", "/hour-terms/{member}"

WRITES: tuple[Write, ...] = (
    Write(_PEER, crossing.AgreeCrossing, "crossings", location=_PEER),
    Write(_PEER + "/end", crossing.EndCrossing, "crossings", "peer"),
    Write("/crossings", crossing.SendHours, "crossings", location=_CROSSING),
    Write(_CROSSING + "/receive", crossing.ReceiveHours, "crossings"),
    Write(_CROSSING + "/confirm", crossing.ConfirmArrival, "crossings", "transfer_id"),
    Write(_CROSSING + "/return", crossing.ReturnHours, "crossings", "transfer_id"),
    Write("/services", service.DeclareService, "services", location=_SERVICE),
    Write(_SERVICE + "/withdraw", service.WithdrawService, "services", "service_id"),
    Write(_SERVICE + "/reserve", service.ReserveService, "services", location=_RESERVED),
    Write(_RESERVED + "/perform", service.PerformService, "services", "reservation_id"),
    Write(_RESERVED + "/confirm", service.ConfirmService, "services", "reservation_id"),
    Write(_RESERVED + "/contest", service.ContestService, "services", "reservation_id"),
    Write(_RESERVED + "/cancel", service.CancelService, "services", "reservation_id"),
    Write(_RESERVED + "/expire", service.ExpireService, "services", "reservation_id"),
    Write("/need-groups", service.OpenNeedGroup, "services", location="/need-groups/{group_id}"),
    Write("/need-groups/{group_id}/entries", service.AskForNeed, "services", location=_NEED),
    Write(_NEED + "/admit", service.AdmitNeed, "services", "need_id"),
    Write(_NEED + "/end", service.EndNeed, "services", "need_id"),
    Write("/hour-sources", service.OpenSource, "services", location="/hour-sources/{source_id}"),
    Write("/hour-sources/{source_id}/grants", service.GrantOpening, "services", "source_id"),
    Write("/kin-ties", hours.ProposeKin, "hours", location=_KIN),
    Write(_KIN + "/register", hours.RegisterKin, "hours", "kin_id"),
    Write(_KIN + "/end", hours.EndKin, "hours", "kin_id"),
    Write(_TERMS + "/donation-only", hours.BeginDonationOnly, "hours"),
    Write(_TERMS + "/donation-only/end", hours.EndDonationOnly, "hours"),
    Write(_TERMS + "/consent", hours.ConsentAsGuardian, "hours"),
    Write(_TERMS + "/consent/withdraw", hours.WithdrawConsent, "hours"),
    Write("/sessions/{session_id}/void", conduct.VoidSession, "conduct", "session_id", location=_SANCTION),
    Write("/members/{member}/suspensions", conduct.SuspendMember, "conduct", location=_SANCTION),
    Write(_SANCTION + "/lift", conduct.LiftSuspension, "conduct", "sanction_id"),
    Write(_SANCTION + "/appeals", conduct.LodgeAppeal, "conduct", "sanction_id", location="/appeals/{appeal_id}"),
    Write(_SANCTION + "/publish", conduct.PublishSanction, "conduct", "sanction_id"),
    Write("/appeals/{appeal_id}/decide", conduct.DecideAppeal, "conduct", "appeal_id"),
)

_PUBLIC = Reads(public=True)

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        name="peers", one="peer", table=t.peers, tag="crossings", reads=_PUBLIC,
        about="Other ledgers to which hours may cross, and what was agreed with them.",
    ),
    Shelf(
        name="crossings", one="crossing", table=t.crossings, tag="crossings",
        reads=Reads(roles=READ_ALL, own="the giver; the receiver"),
        about="Hours that were sent to other ledgers or came from them, and what became of them.",
        own=("giver", "receiver"), words=("words",), filters=("giver", "receiver", "peer", "direction", "status"),
    ),
    Shelf(
        name="services", one="service", table=t.services, tag="services", reads=_PUBLIC,
        about="Services that are offered: free, low-cost or paid.",
        parties=("provider",), filters=("provider", "charge", "status", "place"), hidden=("declared_by",),
    ),
    Shelf(
        name="service_reservations", one="service_reservation", table=t.service_reservations, tag="services",
        reads=Reads(roles=READ_ALL, own="the member; the provider; who performed it"),
        about="Reservations of services, from being made to being settled or cancelled.",
        own=("member", "provider", "performer"), parties=("member", "provider", "performer"), words=("words",),
        filters=("member", "provider", "performer", "service_id", "status"), hidden=("closed",),
        missing="no_such_reservation",
    ),
    Shelf(
        name="need_groups", one="need_group", table=t.need_groups, tag="services", reads=_PUBLIC,
        about="Groups whom the community helps first, and how many people are in them.", hidden=("opened_by",),
        missing="no_such_group",
    ),
    Shelf(
        name="need_entries", one="need_entry", table=t.need_entries, tag="services",
        reads=Reads(roles=READ_ALL | {"committee_member"}, own="the member"),
        about="Who is in which need group, and who waits for an answer.",
        own=("member",), parties=("member", "asked_by", "admitted_by", "ended_by"), words=("words",),
        filters=("member", "group_id", "status"), missing="no_such_need",
    ),
    Shelf(
        name="hour_sources", one="hour_source", table=t.hour_sources, tag="services", reads=_PUBLIC,
        about="Sources of opening grants: what was put into each, and what is left.", hidden=("opened_by",),
        filters=("group_id",), missing="no_such_source",
    ),
    Shelf(
        name="opening_grants", one="opening_grant", table=t.opening_grants, tag="services",
        reads=Reads(roles=READ_ALL, own="the receiver"), about="Opening grants, each with its source.",
        own=("receiver",), parties=("receiver", "granted_by"), filters=("receiver", "source_id"),
    ),
    Shelf(
        name="kin_ties", one="kin_tie", table=t.kin_ties, tag="hours",
        reads=Reads(roles=READ_ALL, own="either of the two"),
        about="Who said to be kin of whom, and whether both agreed.",
        own=("member", "kin"), parties=("member", "kin", "proposed_by", "confirmed_by", "ended_by"),
        filters=("member", "kin", "status"), missing="no_such_kin",
    ),
    Shelf(
        name="hour_terms", one="hour_term", table=t.hour_terms, tag="hours",
        reads=Reads(roles=READ_ALL, own="the member; the guardian"),
        about="Members on terms of their own: hours only for the pool, a guardian's consent.",
        own=("terms_of", "guardian"), parties=("guardian",), filters=("terms_of", "guardian"),
        missing="no_such_member",
    ),
    Shelf(
        name="sanctions", one="sanction", table=t.sanctions, tag="conduct",
        reads=Reads(roles=READ_ALL | {"committee_member"}, own="the member"),
        about="Sanctions against fraud: voided sessions and suspensions, with their appeals.",
        own=("member",), parties=("member", "judge"), words=("words",), filters=("member", "kind", "status", "appeal"),
    ),
    Shelf(
        name="published_sanctions", one="published_sanction", table=t.published_sanctions, tag="conduct", reads=_PUBLIC,
        about="Sanctions that are public, each under its own id, with the member masked.", parties=("member",),
        filters=("kind", "status"), missing="no_such_sanction",
    ),
    Shelf(
        name="appeals", one="appeal", table=t.appeals, tag="conduct",
        reads=Reads(roles=READ_ALL | {"committee_member"}, own="the member"),
        about="Appeals against sanctions.", own=("member",), parties=("member", "lodged_by", "decided_by"),
        words=("words",), filters=("member", "sanction_id", "status"),
    ),
)  # fmt: skip

READS: tuple[Read, ...] = ()

FIGURES: dict[str, dict[str, str]] = {"PublishedSanction": {"minutes": "event {number}"}}
"""What was taken back stands in the entry that made it public."""

_AT_ONCE = 200


def services_due(store: Store, ledger: str, now_at: int) -> list[Command]:
    """Reservations of services past their deadline, the longest overdue first."""
    with store.database.reading() as cursor:
        rows = fetch(
            store.database,
            cursor,
            "services.due",
            _overdue,
            l=ledger,
            s="reserved",
            p="performed",
            at=now_at,
            n=_AT_ONCE,
        )
    return [service.ExpireService(reservation_id=str(row[0])) for row in rows]


def _overdue() -> Select[Any]:
    c = t.service_reservations.c
    due = (
        c.ledger == bindparam("l"),
        or_(c.status == bindparam("s"), c.status == bindparam("p")),
        c.until_at <= bindparam("at"),
    )
    return select(c.reservation_id).where(*due).order_by(c.until_at).limit(bindparam("n"))


DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = (services_due,)

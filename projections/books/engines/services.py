"""Books of the engine `services`: hours between ledgers, services, need groups and openings; sanctions are beside."""

from __future__ import annotations

from ledger.crossings import facts as crossing
from ledger.hours import facts as hours
from ledger.journal.recorded import Recorded
from ledger.services import facts as service
from projections.books.desk import Desk, on
from projections.books.engines import services_sanctions
from projections.books.engines.services_tables import (
    appeals,
    crossings,
    hour_sources,
    hour_terms,
    kin_ties,
    need_entries,
    need_groups,
    opening_grants,
    peers,
    published_sanctions,
    sanctions,
    service_reservations,
    services,
)

__all__ = [
    "appeals",
    "crossings",
    "hour_sources",
    "hour_terms",
    "kin_ties",
    "need_entries",
    "need_groups",
    "opening_grants",
    "peers",
    "published_sanctions",
    "sanctions",
    "service_reservations",
    "services",
    "services_sanctions",
]  # fmt: skip


# ---- hours between two ledgers ---------------------------------------------------------------------------------------


@on(crossing.CrossingAgreed, peers="peer")
def _agreed(desk: Desk, e: Recorded, f: crossing.CrossingAgreed) -> None:
    known = {
        "here": f.here, "vkey": f.vkey, "courier": f.courier, "limit_minutes": f.limit_minutes, "status": "open",
        "agreed_by": f.agreed_by, "version": e.position,
    }  # fmt: skip
    row = desk.sheet(peers).find(f.peer)
    if row is None:
        desk.sheet(peers).add(peer=f.peer, number=e.position, **known)
    else:
        row.update(known)


@on(crossing.CrossingEnded, peers="peer")
def _ended(desk: Desk, e: Recorded, f: crossing.CrossingEnded) -> None:
    desk.sheet(peers).edit(f.peer).update(status="ended", version=e.position)


@on(crossing.HoursSent, begins="transfer_id")
def _sent(desk: Desk, e: Recorded, f: crossing.HoursSent) -> None:
    desk.sheet(crossings).add(
        transfer_id=f.transfer_id, number=e.position, peer=f.peer, direction="out", giver=f.giver, receiver=f.receiver,
        minutes=f.minutes, status="sent", words=f.words, version=e.position,
    )  # fmt: skip


@on(crossing.HoursArrived, begins="transfer_id")
def _arrived(desk: Desk, e: Recorded, f: crossing.HoursArrived) -> None:
    desk.sheet(crossings).add(
        transfer_id=f.transfer_id, number=e.position, peer=f.peer, direction="in", receiver=f.receiver,
        minutes=f.minutes, overflow=f.overflow, status="arrived", carried_by=f.carried_by, proven=int(bool(f.proof)),
        version=e.position,
    )  # fmt: skip


@on(crossing.HoursTurnedAway, begins="transfer_id")
def _turned_away(desk: Desk, e: Recorded, f: crossing.HoursTurnedAway) -> None:
    desk.sheet(crossings).add(
        transfer_id=f.transfer_id, number=e.position, peer=f.peer, direction="in", receiver=f.receiver,
        minutes=f.minutes, status="turned_away", reason=f.reason, carried_by=f.carried_by, proven=int(bool(f.proof)),
        version=e.position,
    )  # fmt: skip


@on(crossing.ArrivalConfirmed, crossings="transfer_id")
def _confirmed(desk: Desk, e: Recorded, f: crossing.ArrivalConfirmed) -> None:
    desk.sheet(crossings).edit(f.transfer_id).update(
        status="arrived", carried_by=f.carried_by, proven=int(bool(f.proof)), version=e.position
    )


@on(crossing.HoursReturned, crossings="transfer_id")
def _returned(desk: Desk, e: Recorded, f: crossing.HoursReturned) -> None:
    desk.sheet(crossings).edit(f.transfer_id).update(
        status="returned", reason=f.reason, carried_by=f.carried_by, proven=int(bool(f.proof)), version=e.position
    )


# ---- services ----------------------------------------------------------------------------------------------------------


@on(service.ServiceDeclared, begins="service_id")
def _declared(desk: Desk, e: Recorded, f: service.ServiceDeclared) -> None:
    desk.sheet(services).add(
        service_id=f.service_id, number=e.position, provider=f.provider, name=f.name, charge=f.charge,
        minutes=f.minutes, price_fen=f.price_fen, place=f.place, status="offered", declared_by=f.declared_by,
        day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


@on(service.ServiceWithdrawn, services="service_id")
def _withdrawn(desk: Desk, e: Recorded, f: service.ServiceWithdrawn) -> None:
    desk.sheet(services).edit(f.service_id).update(status="withdrawn", version=e.position)


@on(service.ServiceReserved, begins="reservation_id", services="service_id")
def _reserved(desk: Desk, e: Recorded, f: service.ServiceReserved) -> None:
    desk.sheet(service_reservations).add(
        reservation_id=f.reservation_id, number=e.position, service_id=f.service_id, member=f.member,
        provider=f.provider, charge=f.charge, minutes=f.minutes, price_fen=f.price_fen, status="reserved",
        until_at=f.until_at, words=f.words, version=e.position,
    )  # fmt: skip
    row = desk.sheet(services).edit(f.service_id)
    row["reserved"] += 1
    row["version"] = e.position


@on(service.ServicePerformed, service_reservations="reservation_id")
def _performed(desk: Desk, e: Recorded, f: service.ServicePerformed) -> None:
    desk.sheet(service_reservations).edit(f.reservation_id).update(
        status="performed", performer=f.performer, day=f.day.isoformat(), version=e.position
    )


@on(service.PerformanceContested, service_reservations="reservation_id")
def _contested(desk: Desk, e: Recorded, f: service.PerformanceContested) -> None:
    desk.sheet(service_reservations).edit(f.reservation_id).update(
        status="reserved", performer=None, day=None, version=e.position
    )


@on(service.ServiceSettled, service_reservations="reservation_id")
def _settled(desk: Desk, e: Recorded, f: service.ServiceSettled) -> None:
    desk.sheet(service_reservations).edit(f.reservation_id).update(
        status="settled", performer=f.performer, banked_minutes=f.banked_minutes, silent=int(f.silent),
        closed=e.position, version=e.position,
    )  # fmt: skip


@on(service.ServiceCancelled, service_reservations="reservation_id")
def _cancelled(desk: Desk, e: Recorded, f: service.ServiceCancelled) -> None:
    desk.sheet(service_reservations).edit(f.reservation_id).update(
        status="cancelled", cause=f.cause, closed=e.position, version=e.position
    )


# ---- need groups and openings ------------------------------------------------------------------------------------------


@on(service.NeedGroupOpened, begins="group_id")
def _group_opened(desk: Desk, e: Recorded, f: service.NeedGroupOpened) -> None:
    desk.sheet(need_groups).add(
        group_id=f.group_id, number=e.position, name=f.name, opened_by=f.opened_by, version=e.position
    )


@on(service.NeedAsked, begins="need_id")
def _need_asked(desk: Desk, e: Recorded, f: service.NeedAsked) -> None:
    desk.sheet(need_entries).add(
        need_id=f.need_id, number=e.position, group_id=f.group_id, member=f.member, status="asked",
        asked_by=f.asked_by, words=f.words, version=e.position,
    )  # fmt: skip


@on(service.NeedAdmitted, need_entries="need_id", need_groups="group_id")
def _need_admitted(desk: Desk, e: Recorded, f: service.NeedAdmitted) -> None:
    desk.sheet(need_entries).edit(f.need_id).update(status="admitted", admitted_by=f.admitted_by, version=e.position)
    group = desk.sheet(need_groups).edit(f.group_id)
    group["people"] += 1
    group["version"] = e.position


@on(service.NeedEnded, need_entries="need_id", need_groups="group_id")
def _need_ended(desk: Desk, e: Recorded, f: service.NeedEnded) -> None:
    row = desk.sheet(need_entries).edit(f.need_id)
    if row["status"] == "admitted":
        group = desk.sheet(need_groups).edit(f.group_id)
        group["people"] -= 1
        group["version"] = e.position
    row.update(status="ended", reason=f.reason, ended_by=f.ended_by, version=e.position)


@on(service.SourceOpened, begins="source_id")
def _source_opened(desk: Desk, e: Recorded, f: service.SourceOpened) -> None:
    desk.sheet(hour_sources).add(
        source_id=f.source_id, number=e.position, group_id=f.group_id, name=f.name, minutes=f.minutes,
        left_minutes=f.minutes, most_minutes=f.most_minutes, opened_by=f.opened_by, day=f.day.isoformat(),
        version=e.position,
    )  # fmt: skip


@on(service.OpeningGranted, hour_sources="source_id")
def _opening_granted(desk: Desk, e: Recorded, f: service.OpeningGranted) -> None:
    desk.sheet(opening_grants).add(
        opening_id=f.opening_id, number=e.position, source_id=f.source_id, receiver=f.receiver, minutes=f.minutes,
        granted_by=f.granted_by, version=e.position,
    )  # fmt: skip
    source = desk.sheet(hour_sources).edit(f.source_id)
    source["left_minutes"] -= f.minutes
    source["grants"] += 1
    source["version"] = e.position


# ---- kin and terms -----------------------------------------------------------------------------------------------------


@on(hours.KinProposed, begins="kin_id")
def _kin_proposed(desk: Desk, e: Recorded, f: hours.KinProposed) -> None:
    desk.sheet(kin_ties).add(
        kin_id=f.kin_id, number=e.position, member=f.member, kin=f.kin, relation=f.relation, status="proposed",
        proposed_by=f.proposed_by, version=e.position,
    )  # fmt: skip


@on(hours.KinRegistered, kin_ties="kin_id")
def _kin_registered(desk: Desk, e: Recorded, f: hours.KinRegistered) -> None:
    desk.sheet(kin_ties).edit(f.kin_id).update(status="registered", confirmed_by=f.confirmed_by, version=e.position)


@on(hours.KinEnded, kin_ties="kin_id")
def _kin_ended(desk: Desk, e: Recorded, f: hours.KinEnded) -> None:
    desk.sheet(kin_ties).edit(f.kin_id).update(status="ended", ended_by=f.ended_by, version=e.position)


def _terms(desk: Desk, member: str, position: int, **known: object) -> None:
    """Follow what a member's terms are now; the row begins with the first of them."""
    row = desk.sheet(hour_terms).find(member)
    if row is None:
        row = desk.sheet(hour_terms).add(terms_of=member, number=position)
    row.update(known, version=position)


@on(hours.DonationOnlyBegun, hour_terms="member")
def _donation_only(desk: Desk, e: Recorded, f: hours.DonationOnlyBegun) -> None:
    _terms(desk, f.member, e.position, donation_only=1, reason=f.reason)


@on(hours.DonationOnlyEnded, hour_terms="member")
def _any_use(desk: Desk, e: Recorded, f: hours.DonationOnlyEnded) -> None:
    _terms(desk, f.member, e.position, donation_only=0, reason=None)


@on(hours.GuardianConsented, hour_terms="member")
def _consented(desk: Desk, e: Recorded, f: hours.GuardianConsented) -> None:
    _terms(desk, f.member, e.position, guardian=f.guardian, consented_until_day=f.until_day.isoformat())


@on(hours.GuardianWithdrew, hour_terms="member")
def _withdrew(desk: Desk, e: Recorded, f: hours.GuardianWithdrew) -> None:
    _terms(desk, f.member, e.position, guardian=f.guardian, consented_until_day=None)

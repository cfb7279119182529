"""Stories of the engine `services`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ledger.conduct import facts as conduct
from ledger.crossings import facts as crossing
from ledger.hours import facts as hours
from ledger.services import facts as service
from tests.projections.cast import MEMBERS, UNITS

if TYPE_CHECKING:
    from tests.projections.teller import Teller

Step = Callable[["Teller", int, int, int], None]
PEERS = ("peer_xianghe", "peer_dunhua")
COURIER = "svc_courier"


def _member(a: int) -> str:
    return MEMBERS[a % len(MEMBERS)]


def _taken(teller: Teller, name: str, a: int) -> Any:
    """One of a list, which leaves it; None where it is empty."""
    rows = teller.kept[f"services.{name}"]
    return rows.pop(a % len(rows)) if rows else None


def _keep(teller: Teller, name: str, row: Any) -> None:
    teller.kept[f"services.{name}"].append(row)


# ---- hours between ledgers -------------------------------------------------------------------------------------------


def agree(t: Teller, a: int, b: int, n: int) -> None:
    peer = PEERS[a % 2]
    t.tell(
        crossing.CrossingAgreed(
            peer=peer, here="peer_fangxing", vkey="k" * (b % 2), courier=COURIER,
            limit_minutes=n if b % 3 else None, agreed_by=_member(n),
        )
    )  # fmt: skip
    if peer not in t.kept["services.peers"]:
        _keep(t, "peers", peer)


def end(t: Teller, a: int, b: int, n: int) -> None:
    peers = t.kept["services.peers"]
    if peers:
        t.tell(crossing.CrossingEnded(peer=peers[a % len(peers)], ended_by=_member(b)))


def send(t: Teller, a: int, b: int, n: int) -> None:
    f = crossing.HoursSent(
        transfer_id=t.fresh("cross"), peer=PEERS[b % 2], giver=_member(a), receiver="mem_abroad", minutes=n % 90 + 1,
        courier=COURIER,
    )  # fmt: skip
    _keep(t, "sent", f)
    t.tell(f)


def settle_crossing(t: Teller, a: int, b: int, n: int) -> None:
    sent = _taken(t, "sent", a)
    if sent is None:
        return
    known = {"transfer_id": sent.transfer_id, "peer": sent.peer, "giver": sent.giver, "carried_by": COURIER}
    if b % 2:
        t.tell(crossing.ArrivalConfirmed(**known, proof="p", record="r"))
    else:
        t.tell(crossing.HoursReturned(**known, minutes=sent.minutes, reason="member_left"))


def receive(t: Teller, a: int, b: int, n: int) -> None:
    minutes = n % 60 + 1
    known: dict[str, Any] = {
        "transfer_id": t.fresh("cross"), "peer": PEERS[b % 2], "minutes": minutes, "carried_by": COURIER, "proof": "p",
    }  # fmt: skip
    if b % 4 == 3:
        t.tell(crossing.HoursTurnedAway(**known, receiver="mem_gone", reason="no_such_member"))
        return
    over = minutes // 2 if b % 4 == 1 else 0
    where = ("pool", "honour")[a % 2] if over else ""
    t.tell(crossing.HoursArrived(**known, receiver=_member(a), overflow=over, overflow_to=where))


# ---- services --------------------------------------------------------------------------------------------------------


def declare(t: Teller, a: int, b: int, n: int) -> None:
    charge = ("free", "low_cost", "paid")[b % 3]
    f = service.ServiceDeclared(
        service_id=t.fresh("srv"), provider=UNITS[a % len(UNITS)], name="haircut", charge=charge, minutes=n % 50 + 10,
        price_fen=0 if charge == "free" else 500, declared_by=_member(b), day=t.day(n),
    )  # fmt: skip
    _keep(t, "services", f)
    t.tell(f)


def withdraw(t: Teller, a: int, b: int, n: int) -> None:
    declared = _taken(t, "services", a) if n % 5 == 0 else None
    if declared is not None:
        t.tell(
            service.ServiceWithdrawn(
                service_id=declared.service_id, provider=declared.provider, withdrawn_by=_member(b)
            )
        )


def reserve(t: Teller, a: int, b: int, n: int) -> None:
    declared = t.kept["services.services"]
    if not declared:
        return
    d = declared[a % len(declared)]
    f = service.ServiceReserved(
        reservation_id=t.fresh("rsv"), service_id=d.service_id, member=_member(b), provider=d.provider, charge=d.charge,
        minutes=0 if d.charge == "paid" else d.minutes, price_fen=d.price_fen, until_at=1_800_000_000_000_000 + n,
    )  # fmt: skip
    _keep(t, "reserved", f)
    t.tell(f)


def perform(t: Teller, a: int, b: int, n: int) -> None:
    made = _taken(t, "reserved", a)
    if made is None:
        return
    f = service.ServicePerformed(
        reservation_id=made.reservation_id, service_id=made.service_id, member=made.member,
        performer=_member(b) if b % 3 else None, start_at=n, end_at=n + 60_000_000, day=t.day(n), performed_by=_member(a),
    )  # fmt: skip
    _keep(t, "performed", (made, f))
    t.tell(f)


def conclude(t: Teller, a: int, b: int, n: int) -> None:
    """Contested, settled by word or by silence."""
    found = _taken(t, "performed", a)
    if found is None:
        return
    made, done = found
    if b % 4 == 0:
        _keep(t, "reserved", made)
        t.tell(
            service.PerformanceContested(
                reservation_id=made.reservation_id, member=made.member, performer=done.performer, day=done.day,
                contested_by=made.member,
            )
        )  # fmt: skip
        return
    share = made.minutes if done.performer else 0
    over = share // 3 if b % 4 == 1 else 0
    t.tell(
        service.ServiceSettled(
            reservation_id=made.reservation_id, service_id=made.service_id, member=made.member,
            performer=done.performer, charge=made.charge, minutes=made.minutes, banked_minutes=share, overflow=over,
            overflow_to="pool" if over else "", silent=bool(n % 2), settled_by=made.member,
        )
    )  # fmt: skip


def cancel(t: Teller, a: int, b: int, n: int) -> None:
    made = _taken(t, "reserved", a) if n % 3 == 0 else None
    if made is not None:
        t.tell(
            service.ServiceCancelled(
                reservation_id=made.reservation_id, service_id=made.service_id, member=made.member,
                minutes=made.minutes, cause=("cancelled", "expired")[b % 2], cancelled_by=made.member,
            )
        )  # fmt: skip


# ---- need groups and openings ----------------------------------------------------------------------------------------


def group(t: Teller, a: int, b: int, n: int) -> None:
    f = service.NeedGroupOpened(group_id=t.fresh("grp"), name="over eighty", opened_by=_member(a))
    source = service.SourceOpened(
        source_id=t.fresh("src"), group_id=f.group_id, name="street", minutes=10_000, most_minutes=600,
        opened_by=_member(b), day=t.day(n),
    )  # fmt: skip
    _keep(t, "groups", f.group_id)
    _keep(t, "sources", source)
    t.tell(f)
    t.tell(source)


def need(t: Teller, a: int, b: int, n: int) -> None:
    groups = t.kept["services.groups"]
    if groups:
        f = service.NeedAsked(
            need_id=t.fresh("need"), group_id=groups[a % len(groups)], member=_member(b), asked_by=_member(n)
        )
        _keep(t, "asked", f)
        t.tell(f)


def answer_need(t: Teller, a: int, b: int, n: int) -> None:
    asked = _taken(t, "asked", a)
    if asked is None:
        return
    known = {"need_id": asked.need_id, "group_id": asked.group_id, "member": asked.member}
    if b % 3:
        _keep(t, "admitted", asked)
        t.tell(service.NeedAdmitted(**known, admitted_by=_member(n)))
    else:
        t.tell(service.NeedEnded(**known, reason="not_in_need", ended_by=_member(n)))


def end_need(t: Teller, a: int, b: int, n: int) -> None:
    admitted = _taken(t, "admitted", a) if n % 2 else None
    if admitted is not None:
        t.tell(
            service.NeedEnded(
                need_id=admitted.need_id, group_id=admitted.group_id, member=admitted.member, reason="left",
                ended_by=_member(b),
            )
        )  # fmt: skip


def open_account(t: Teller, a: int, b: int, n: int) -> None:
    sources = t.kept["services.sources"]
    if sources:
        t.tell(
            service.OpeningGranted(
                opening_id=t.fresh("open"), source_id=sources[a % len(sources)].source_id, receiver=_member(b),
                minutes=n % 60 + 1, granted_by=_member(n),
            )
        )  # fmt: skip


# ---- kin and terms ---------------------------------------------------------------------------------------------------


def kin(t: Teller, a: int, b: int, n: int) -> None:
    f = hours.KinProposed(
        kin_id=t.fresh("kin"), member=_member(a), kin=_member(a + 1), relation="sibling", proposed_by=_member(a)
    )
    _keep(t, "kin", f)
    t.tell(f)


def answer_kin(t: Teller, a: int, b: int, n: int) -> None:
    tie = _taken(t, "kin", a)
    if tie is None:
        return
    if b % 2:
        _keep(t, "tied", tie)
        t.tell(
            hours.KinRegistered(
                kin_id=tie.kin_id, member=tie.member, kin=tie.kin, relation=tie.relation, confirmed_by=tie.kin
            )
        )
    else:
        t.tell(hours.KinEnded(kin_id=tie.kin_id, member=tie.member, kin=tie.kin, ended_by=tie.member))


def end_kin(t: Teller, a: int, b: int, n: int) -> None:
    tie = _taken(t, "tied", a) if n % 2 else None
    if tie is not None:
        t.tell(hours.KinEnded(kin_id=tie.kin_id, member=tie.member, kin=tie.kin, ended_by=tie.kin))


def terms(t: Teller, a: int, b: int, n: int) -> None:
    who = _member(a)
    t.tell(
        (
            hours.DonationOnlyBegun(member=who, reason="own_wish", begun_by=who),
            hours.DonationOnlyEnded(member=who, ended_by=who),
            hours.GuardianConsented(member=who, guardian=_member(a + 1), until_day=t.day(n)),
            hours.GuardianWithdrew(member=who, guardian=_member(a + 1)),
        )[b % 4]
    )


# ---- sanctions -------------------------------------------------------------------------------------------------------


def void(t: Teller, a: int, b: int, n: int) -> None:
    if not t.verified or n % 3:
        return
    verified, minutes = t.verified.pop(a % len(t.verified))
    if any(asked[1].session_id == verified.session_id for asked in t.asked):
        t.verified.append((verified, minutes))
        return
    over = min(verified.overflow, minutes)
    f = conduct.SessionVoided(
        sanction_id=t.fresh("sanc"), session_id=verified.session_id, volunteer=verified.volunteer, day=verified.day,
        last_day=verified.day, minutes=minutes, overflow=over, overflow_to=verified.overflow_to if over else "",
        reason="inflated", voided_by=_member(b), voided_on=t.day(n), place=verified.place, team=verified.team,
        unit=verified.unit,
    )  # fmt: skip
    if minutes:
        _keep(t, "sanctions", f)
        t.tell(f)


def suspend(t: Teller, a: int, b: int, n: int) -> None:
    f = conduct.MemberSuspended(
        sanction_id=t.fresh("sanc"), member=_member(a), reason="fraud", until_day=t.day(n) + timedelta(days=30),
        suspended_by=_member(b), day=t.day(n),
    )  # fmt: skip
    _keep(t, "sanctions", f)
    t.tell(f)


def _whom(sanction: conduct.SessionVoided | conduct.MemberSuspended) -> str:
    return sanction.volunteer if isinstance(sanction, conduct.SessionVoided) else sanction.member


def appeal(t: Teller, a: int, b: int, n: int) -> None:
    sanction = _taken(t, "sanctions", a)
    if sanction is None:
        return
    who = _whom(sanction)
    lodged = conduct.AppealLodged(
        appeal_id=t.fresh("appl"), sanction_id=sanction.sanction_id, member=who, lodged_by=who, day=t.day(n)
    )
    t.tell(lodged)
    t.tell(
        conduct.AppealDecided(
            appeal_id=lodged.appeal_id, sanction_id=sanction.sanction_id, member=who, granted=bool(b % 2),
            decided_by=_member(n), day=t.day(n),
        )
    )  # fmt: skip
    if b % 2:
        _undo(t, sanction, n)
    else:
        _keep(t, "final", sanction)


def _undo(t: Teller, sanction: conduct.SessionVoided | conduct.MemberSuspended, n: int) -> None:
    if isinstance(sanction, conduct.MemberSuspended):
        t.tell(
            conduct.SuspensionLifted(
                sanction_id=sanction.sanction_id, member=sanction.member, reason="mistake", lifted_by=_member(n)
            )
        )
        return
    s = sanction
    t.tell(
        conduct.SessionRestored(
            sanction_id=s.sanction_id, session_id=s.session_id, volunteer=s.volunteer, day=s.day, last_day=s.last_day,
            minutes=s.minutes, overflow=s.overflow, overflow_to=s.overflow_to, place=s.place, team=s.team, unit=s.unit,
        )
    )  # fmt: skip


def publish(t: Teller, a: int, b: int, n: int) -> None:
    sanction = _taken(t, "final", a)
    if sanction is None:
        return
    t.tell(
        conduct.SanctionPublished(
            sanction_id=sanction.sanction_id, member=_whom(sanction), published_by=_member(b), day=t.day(n)
        )
    )
    if isinstance(sanction, conduct.MemberSuspended) and n % 2:
        _undo(t, sanction, n)


STEPS: tuple[Step, ...] = (
    agree, end, send, send, settle_crossing, receive, declare, withdraw, reserve, reserve, perform, conclude, cancel,
    group, need, need, answer_need, end_need, open_account, kin, answer_kin, end_kin, terms, void, suspend, appeal,
    publish,
)  # fmt: skip

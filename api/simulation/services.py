"""Services for hours, neighbours in need, kin, fraud and its appeal."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.clock import MICROS_PER_MINUTE, at_time
from ledger.conduct.commands import DecideAppeal, LodgeAppeal, PublishSanction, SuspendMember, VoidSession
from ledger.hours.commands import DepositSession, ProposeKin, RegisterKin
from ledger.ids import new_id
from ledger.services.commands import (
    AdmitNeed,
    AskForNeed,
    Charge,
    ConfirmService,
    ContestService,
    DeclareService,
    GrantOpening,
    OpenNeedGroup,
    OpenSource,
    PerformService,
    ReserveService,
)

_KINDS: tuple[tuple[Charge, int], ...] = (("free", 0), ("low_cost", 500), ("paid", 8_000))
_BY_CHANCE = (
    "member_left", "not_a_member", "suspended", "blacklisted", "partner_exited", "insufficient_hours", "own_service",
    "sessions_overlap", "donation_only", "already_in_group", "storage_cap_reached", "kin_exists", "appeal_too_late",
    "sanction_undone", "second_person_needed", "opening_granted", "source_is_empty", "session_not_verified",
    "gift_beyond_kin", "self_verification", "daily_cap_exceeded", "not_allowed",
)  # fmt: skip
"""What may have become of a neighbour since yesterday."""


class Services:
    """Every day a few of each, and now and then somebody who cheats."""

    def __init__(self) -> None:
        self.offered: list[tuple[str, str, str]] = []
        """(service, unit, charge)"""
        self.reserved: deque[tuple[str, str, str]] = deque()
        self.group = self.source = ""
        self.appealable: deque[tuple[str, str, str]] = deque()
        """(sanction, member, judge)"""

    def begin(self, street: Street) -> None:
        """Services of the units, and a need group with its source of hours."""
        for number, unit in enumerate(street.units[:6]):
            charge, price_fen = _KINDS[number % 3]
            declared = DeclareService(
                service_id=new_id("srv"), provider=unit, name=street.naming.name("service", number, f"Service {number}"),
                charge=charge, minutes=40,
                price_fen=price_fen,
            )  # fmt: skip
            street.do(declared, by=street.speakers[unit])
            self.offered.append((declared.service_id, unit, charge))
        self.group, self.source = new_id("grp"), new_id("src")
        street.do(
            OpenNeedGroup(group_id=self.group, name=street.naming.name("need_group", 0, "Over eighty and alone")),
            by=street.workers[1],
        )
        source = OpenSource(
            source_id=self.source,
            group_id=self.group,
            name=street.naming.name("source", 0, "The street"),
            minutes=10**6,
            most_minutes=300,
        )
        street.do(source, by=OPERATOR)

    def day(self, street: Street, today: date) -> None:
        """Reserve, perform, confirm; help, and find out."""
        for _ in range(street.share(0.5)):
            self._reserve(street)
        for _ in range(len(self.reserved) // 2):
            self._perform(street, today)
        for _ in range(street.share(0.1)):
            self._help(street)
        if street.every(5):
            self._kin(street)
        if street.every(20):
            self._find_out(street, today)
        if street.every(15):
            self._publish(street)

    def _reserve(self, street: Street) -> None:
        member = street.one_of(street.people)
        service_id, unit, _ = street.one_of(self.offered)
        reserve = ReserveService(reservation_id=new_id("rsv"), service_id=service_id, member=member)
        if street.attempt(reserve, by=member, unless=_BY_CHANCE):
            self.reserved.append((reserve.reservation_id, member, unit))

    def _perform(self, street: Street, today: date) -> None:
        """Nine of ten are confirmed, the others contested once; some leave it to the deadline."""
        reservation_id, member, unit = self.reserved.popleft()
        start_at = at_time(today, 3 + street.rng.randrange(3), 0)
        perform = PerformService(
            reservation_id=reservation_id, start_at=start_at, end_at=start_at + 40 * MICROS_PER_MINUTE
        )
        unless = (*_BY_CHANCE, "reservation_settled", "reservation_expired", "cannot_act_for")
        if not street.attempt(perform, by=street.speakers[unit], unless=unless):
            return
        confirm = ConfirmService(reservation_id=reservation_id)
        other = street.one_of(street.people)
        if other not in (member, street.speakers[unit]) and street.chance(0.05):
            street.attempt(confirm, by=other, unless=("not_your_reservation", "not_a_member", "self_verification"))
        if street.chance(0.9):
            street.attempt(confirm, by=member, unless=_BY_CHANCE)
        elif street.chance(0.5):
            street.attempt(ContestService(reservation_id=reservation_id, member=member), by=member, unless=_BY_CHANCE)

    def _help(self, street: Street) -> None:
        """Taken into the group by two hands, and begun with hours of the source."""
        member, asker, other = street.one_of(street.people), street.workers[1], street.workers[2]
        ask = AskForNeed(need_id=new_id("need"), group_id=self.group, member=member)
        if not street.attempt(ask, by=asker, unless=_BY_CHANCE):
            return
        street.refused(AdmitNeed(need_id=ask.need_id), "second_person_needed", by=asker)
        if street.attempt(AdmitNeed(need_id=ask.need_id), by=other, unless=_BY_CHANCE):
            grant = GrantOpening(opening_id=new_id("open"), source_id=self.source, receiver=member, minutes=300)
            street.attempt(grant, by=other, unless=_BY_CHANCE)

    def _kin(self, street: Street) -> None:
        member, kin = street.two_of(street.people)
        propose = ProposeKin(kin_id=new_id("kin"), member=member, kin=kin, relation="sibling")
        if street.attempt(propose, by=member, unless=_BY_CHANCE):
            street.attempt(RegisterKin(kin_id=propose.kin_id, kin=kin), by=kin, unless=_BY_CHANCE)

    def _find_out(self, street: Street, today: date) -> None:
        """A session that never was: voided by another than who verified it, suspended, sometimes appealed with success."""
        member, verifier, judge, third = street.one_of(street.people), *street.workers[:3]
        day = today - timedelta(days=2)
        deposit = DepositSession(session_id=new_id("ses"), volunteer=member, day=day, minutes=60)
        if not street.attempt(deposit, by=verifier, unless=(*_BY_CHANCE, "guardian_consent_missing")):
            return
        void = VoidSession(
            sanction_id=new_id("sanc"), session_id=deposit.session_id, volunteer=member, reason="not_held"
        )
        street.refused(void, "verifier_voids", by=verifier)
        if not street.attempt(void, by=judge, unless=_BY_CHANCE):
            return
        suspend = SuspendMember(
            sanction_id=new_id("sanc"), member=member, reason="fraud", until_day=today + timedelta(days=30)
        )
        street.attempt(suspend, by=judge, unless=_BY_CHANCE)
        if street.chance(0.5):
            appeal = LodgeAppeal(appeal_id=new_id("appl"), sanction_id=void.sanction_id, member=member)
            if street.attempt(appeal, by=member, unless=_BY_CHANCE):
                decide = DecideAppeal(appeal_id=appeal.appeal_id, granted=street.chance(0.5))
                street.refused(decide, "second_person_needed", by=judge)
                street.attempt(decide, by=third, unless=_BY_CHANCE)
        self.appealable.append((void.sanction_id, member, judge))

    def _publish(self, street: Street) -> None:
        if len(self.appealable) > 2:
            sanction_id, _, judge = self.appealable.popleft()
            unless = (*_BY_CHANCE, "appeal_still_possible", "appeal_pending")
            street.attempt(PublishSanction(sanction_id=sanction_id), by=judge, unless=unless)

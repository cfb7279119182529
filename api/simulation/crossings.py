"""Hours that cross to the next community and back, sealed on both sides, with forged ones among them."""

from __future__ import annotations

from datetime import date, timedelta

from api.crossing import LocalSide, carry_both_ways
from api.simulation.street import Astray, Street
from ledger.accounts import crossing_to
from ledger.application import OPERATOR, Actor, Order
from ledger.crossings.commands import AgreeCrossing, ReceiveHours, SendHours
from ledger.hours.commands import DepositSession
from ledger.ids import new_id
from ledger.parties.commands import RegisterMember
from ledger.places.commands import OpenLedger
from ledger.units import MINUTES
from projections.books.queries import balance_of

THERE, PEER_THERE, PEER_HERE = "xianghe", "peer_xianghe", "peer_fangxing"
"""The next community, and what the two call each other."""
_NEIGHBOURS = 20
_BY_CHANCE = (
    "member_left", "not_a_member", "insufficient_hours", "donation_only", "minor_needs_guardian",
)  # fmt: skip
"""What may have become of a neighbour since yesterday."""


class Crossings:
    """A few hours a day in either direction, and the courier once a week."""

    def __init__(self) -> None:
        self.abroad: list[str] = []

    def begin(self, street: Street) -> None:
        """The next community opens its ledger, and the two agree."""
        self._open_the_next(street)

    def _open_the_next(self, street: Street) -> None:
        """Each ledger holds the other's key."""
        there = street.store.application
        vkey = street.store.seals.vkey
        there.execute(THERE, OpenLedger(name="Xianghe"), actor=Actor(OPERATOR))
        members = [RegisterMember(member_id=new_id("mem")) for _ in range(_NEIGHBOURS)]
        there.execute_many(THERE, [Order(one) for one in members], actor=Actor(OPERATOR))
        self.abroad = [one.member_id for one in members]
        agreed = AgreeCrossing(peer=PEER_HERE, here=PEER_THERE, vkey=vkey(street.ledger))
        there.execute(THERE, agreed, actor=Actor(OPERATOR))
        street.do(AgreeCrossing(peer=PEER_THERE, here=PEER_HERE, vkey=vkey(THERE)), by=OPERATOR)

    def day(self, street: Street, today: date) -> None:
        """Send; once a week carry."""
        for _ in range(street.share(0.2)):
            self._send(street, today)
        if street.every(7):
            self._carry(street)

    def _send(self, street: Street, today: date) -> None:
        """Out to a neighbour of the next community, in from one of theirs, and now and then to somebody unknown."""
        member = street.one_of(street.people)
        receiver = "mem_unknown" if street.chance(0.1) else street.one_of(self.abroad)
        send = SendHours(
            transfer_id=new_id("cross"), peer=PEER_THERE, giver=member, receiver=receiver, minutes=street.rng.randint(1, 60)
        )  # fmt: skip
        street.attempt(send, by=member, unless=_BY_CHANCE)
        forged = ReceiveHours(transfer_id=new_id("cross"), peer=PEER_THERE, receiver=member, minutes=600)
        if street.chance(0.2):
            street.refused(forged, "proof_missing", by=OPERATOR)
            street.refused(forged, "not_the_courier", by=street.workers[1])
        giver, there = street.one_of(self.abroad), street.store.application
        deposit = DepositSession(session_id=new_id("ses"), volunteer=giver, day=today - timedelta(days=1), minutes=30)
        back = SendHours(
            transfer_id=new_id("cross"), peer=PEER_HERE, giver=giver, receiver=street.one_of(street.people), minutes=20
        )
        there.execute_many(THERE, [Order(deposit), Order(back)], actor=Actor(OPERATOR))

    def _carry(self, street: Street) -> None:
        """Both are sealed before and in between; what both crossing accounts hold is on its way, never less than nothing."""
        store = street.store
        sides = [LocalSide(store, ledger, OPERATOR) for ledger in (street.ledger, THERE)]
        for _ in range(2):
            for ledger in (street.ledger, THERE):
                store.sealer.catch_up(ledger, force_checkpoint=True)
            carry_both_ways(sides[0], sides[1], PEER_THERE)
        held = [
            balance_of(store.database, ledger, crossing_to(peer), MINUTES)
            for ledger, peer in ((street.ledger, PEER_THERE), (THERE, PEER_HERE))
        ]
        if sum(held) < 0:
            raise Astray(f"{street.today}: more hours arrived than were sent: {held}")

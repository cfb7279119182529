"""Partner units that are blacklisted for a while, or leave and come back, and try all the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.conduct.commands import BlacklistParty, ExitPartner, LiftBlacklist
from ledger.ids import new_id
from ledger.partners.commands import OfferGoods

if TYPE_CHECKING:
    from api.simulation.partners import Partners

_BARRED_DAYS, _AWAY_DAYS = 40, 30


class Barring:
    """At most one unit on the blacklist, and at most one outside."""

    def __init__(self) -> None:
        self.barred: tuple[str, str, date] | None = None
        """(blacklisting, unit, when it is lifted)"""
        self.out: tuple[str, date] | None = None
        """(unit that left, when it signs again)"""

    def away(self) -> dict[str, str]:
        """Units that take on nothing, with the code under which they are refused."""
        barred = {} if self.barred is None else {self.barred[1]: "blacklisted"}
        return barred if self.out is None else {**barred, self.out[0]: "partner_exited"}

    def day(self, street: Street, partners: Partners, today: date) -> None:
        """What ends comes first, so that the same unit may be next."""
        if self.barred is not None and today >= self.barred[2]:
            bar, unit, _ = self.barred
            street.do(LiftBlacklist(blacklisting_id=bar, party=unit, reason="amends_made"), by=OPERATOR)
            self.barred = None
        if self.out is not None and today >= self.out[1]:
            unit, self.out = self.out[0], None
            partners.tie(street, unit, today)
        if street.every(120, 60) and self.barred is None:
            self._blacklist(street, partners, today)
        if street.every(150, 100) and self.out is None:
            self._leave(street, partners, today)

    def _blacklist(self, street: Street, partners: Partners, today: date) -> None:
        worker, unit, bar = street.one_of(street.workers), street.one_of(partners.free()), new_id("bar")
        street.do(BlacklistParty(blacklisting_id=bar, party=unit, reason="promise_broken"), by=worker)
        lift = LiftBlacklist(blacklisting_id=bar, party=unit, reason="mistake")
        street.refused(lift, "own_blacklisting", by=worker)
        gift = OfferGoods(unit=unit, item="rice", quantity=5)
        street.refused(gift, "blacklisted", by=partners.speaks[unit])
        self.barred = (bar, unit, today + timedelta(days=_BARRED_DAYS))

    def _leave(self, street: Street, partners: Partners, today: date) -> None:
        unit = street.one_of(partners.free())
        speaker = partners.speaks[unit]
        judged = ExitPartner(unit=unit, reason="misconduct")
        street.refused(judged, "reason_not_yours_to_state", by=speaker)
        street.do(ExitPartner(unit=unit, reason="by_partner"), by=speaker)
        street.refused(OfferGoods(unit=unit, item="rice", quantity=5), "partner_exited", by=speaker)
        street.refused(judged, "already_exited", by=street.one_of(street.workers))
        self.out = (unit, today + timedelta(days=_AWAY_DAYS))

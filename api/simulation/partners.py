"""Partner units: agreements, pairing, dual report, the menu, listings and plaques, calls and drills, feedback."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from api.simulation.appraisals import register_unit
from api.simulation.barring import Barring
from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.honours.commands import AwardPlaque, RenewPlaque
from ledger.ids import new_id
from ledger.parties.commands import RegisterMember
from ledger.partners import commands as do
from ledger.policy.commands import SetPolicy
from ledger.requests.commands import (
    ClaimRequest,
    CloseRequest,
    FulfilRequest,
    PostRequest,
    PublishRequest,
    RequestWords,
)

_UNITS = 5
_TERM_DAYS = 360
_BARRED = ("blacklisted", "partner_exited", "menu_withdrawn", "menu_full", "own_request", "member_left", "suspended")
_GONE = ("not_claimed", "not_the_claimant", "claim_expired", "evidence_missing", "not_fulfilled", "not_a_member")
"""What may have become of an order meanwhile: its unit barred, its requester gone."""


class Partners:
    """A handful of units of its own, so that what becomes of them disturbs nobody else's story."""

    def __init__(self) -> None:
        self.units: list[str] = []
        self.speaks: dict[str, str] = {}
        self.until: dict[str, date] = {}
        """unit → when its agreement runs out"""
        self.menu: dict[str, str] = {}
        """unit → its service on the menu"""
        self.orders: deque[tuple[str, str, str]] = deque()
        """(request, requester, unit)"""
        self.plaques: dict[str, str] = {}
        self.barring = Barring()

    def begin(self, street: Street) -> None:
        """Units, and party members who report in."""
        street.do(SetPolicy(name="honours.tier_listings", value=(1, 3, 9)), by=OPERATOR)
        called = [street.naming.name("partner", n, f"Partner {n}") for n in range(_UNITS)]
        self.units = [register_unit(street, self.speaks, name, "enterprise") for name in called]
        for unit in self.units:
            self.tie(street, unit, street.today)
        members = [new_id("mem") for _ in range(max(_UNITS, street.size // 50))]
        street.do_all([RegisterMember(member_id=one, party_member=True) for one in members])
        for number, one in enumerate(members):
            place = street.communities[number % len(street.communities)]
            street.do(do.ReportIn(member_id=one, unit=self.units[number % _UNITS], place=place), by=one)
        again = do.ReportIn(member_id=members[0], unit=self.units[0], place=street.communities[0])
        street.refused(again, "already_reported", by=members[0])

    def tie(self, street: Street, unit: str, today: date) -> None:
        """Sign, pair, and put a service on the menu."""
        worker, reviewer = street.two_of(street.workers)
        self._sign(street, unit, today, worker)
        street.do(do.PairUnit(unit=unit, place=street.one_of(street.communities)), by=worker)
        self.menu[unit] = new_id("menu")
        name = street.naming.name("menu", self.units.index(unit), "Repairs")
        street.do(do.OfferOnMenu(menu_id=self.menu[unit], unit=unit, name=name, at_once=3), by=self.speaks[unit])
        street.do(do.AdmitToMenu(menu_id=self.menu[unit]), by=reviewer)

    def _sign(self, street: Street, unit: str, today: date, worker: str) -> None:
        self.until[unit] = today + timedelta(days=_TERM_DAYS)
        sign = do.SignAgreement(
            unit=unit, tier="street", level="urgent", from_day=today, until_day=self.until[unit] - timedelta(days=1)
        )
        street.do(sign, by=worker)

    def free(self) -> list[str]:
        """The units that are neither barred nor gone."""
        return [unit for unit in self.units if unit not in self.barring.away()]

    def day(self, street: Street, today: date) -> None:
        """A day's deeds."""
        worker, other = street.two_of(street.workers)
        for unit in self.free():
            if today >= self.until[unit]:
                self._sign(street, unit, today, worker)
        self._order(street)
        self.barring.day(street, self, today)
        if street.every(25):
            self._listing(street, worker, other)
        if street.every(40, 7):
            self._call(street, worker)
        if today.day == 1 and today.month % 3 == 1:
            self._feedback(street, today, worker)

    def _order(self, street: Street) -> None:
        for _ in range(street.share(0.1)):
            who, unit = street.one_of(street.people), street.one_of(self.units)
            order = do.OrderFromMenu(
                menu_id=self.menu[unit],
                requester=who,
                words=RequestWords(title=street.naming.said("order", "A repair")),
            )
            done = street.attempt(order, by=who, unless=(*_BARRED, "not_a_member"))
            if done is not None:
                self.orders.append((done.facts[0].request_id, who, unit))  # type: ignore[attr-defined]  # an order
        for _ in range(min(len(self.orders), street.share(0.1) + 1)):
            request, who, unit = self.orders.popleft()
            speaker = self.speaks[unit]
            if street.attempt(FulfilRequest(request_id=request, claimant=unit), by=speaker, unless=_GONE) is not None:
                score = street.rng.choice((5, 4, 3))
                street.attempt(CloseRequest(request_id=request, requester=who, score=score), by=who, unless=_GONE)

    def _listing(self, street: Street, worker: str, other: str) -> None:
        """Posted, taken, done, accepted, and honoured by a plaque or its renewal."""
        listing, unit = new_id("req"), street.one_of(self.free())
        words = RequestWords(title=street.naming.said("listing", "A flower bed"))
        street.do(PostRequest(request_id=listing, kind="listing", requester=worker, words=words), by=worker)
        if street.attempt(PublishRequest(request_id=listing), by=other, unless=("notice_running",)) is None:
            return
        claim, speaker = ClaimRequest(request_id=listing, claimant=unit), self.speaks[unit]
        for away, code in self.barring.away().items():
            street.refused(ClaimRequest(request_id=listing, claimant=away), code, by=self.speaks[away])
        if street.attempt(claim, by=speaker, unless=("integrity_too_low",)) is None:
            return
        award = AwardPlaque(plaque_id=new_id("plq"), unit=unit, request_id=listing)
        street.refused(award, "work_not_accepted", by=other)
        if street.attempt(FulfilRequest(request_id=listing, claimant=unit), by=speaker, unless=_GONE) is None:
            return
        street.do(CloseRequest(request_id=listing, requester=worker, score=5), by=worker)
        hanging = self.plaques.get(unit)
        if hanging is None:
            street.refused(AwardPlaque(unit=unit, request_id=listing, tier="gold"), "tier_not_reached", by=other)
            street.do(award, by=other)
            self.plaques[unit] = award.plaque_id
        else:
            street.do(RenewPlaque(plaque_id=hanging, request_id=listing, tier="bronze"), by=other)

    def _call(self, street: Street, worker: str) -> None:
        call, drill = new_id("call"), street.chance(0.5)
        kind = do.CallDrill if drill else do.CallOut
        street.do(kind(callout_id=call, level="urgent"), by=worker)
        for unit in self.free():
            street.pass_minutes(street.rng.randrange(1, 20))
            answer = do.AnswerCall(callout_id=call, unit=unit, people=street.rng.randrange(1, 9))
            street.do(answer, by=self.speaks[unit])
            street.refused(answer, "already_answered", by=self.speaks[unit])
        street.do(do.EndCall(callout_id=call), by=worker)

    def _feedback(self, street: Street, today: date, worker: str) -> None:
        over = today - timedelta(days=1)
        year, quarter = over.year, (over.month + 2) // 3
        for unit in self.units:
            sheet = do.SendFeedback(unit=unit, year=year, quarter=quarter)
            if street.attempt(sheet, by=worker, unless=("feedback_unchanged",)) is not None:
                again = do.SendFeedback(unit=unit, year=year, quarter=quarter)
                street.refused(again, "feedback_unchanged", by=worker)
        early = do.SendFeedback(unit=self.units[0], year=today.year, quarter=(today.month + 2) // 3)
        street.refused(early, "quarter_not_over", by=worker)

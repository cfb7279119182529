"""What units could give, and the needs it fits: deals that are kept, kept in part or broken, barter, and contests."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from api.simulation.street import Street
from ledger.ids import new_id
from ledger.integrity.commands import ContestRecord, StrikeRecord, UpholdRecord
from ledger.requests.commands import CloseRequest, PostRequest, PublishRequest, RequestWords
from ledger.resources import commands as ask

_ITEMS = ("desk", "blanket", "lamp", "wheelchair")
_BARRED = ("blacklisted", "suspended", "partner_exited", "member_left")
_GONE = ("deal_not_agreed", "deal_not_open", "more_than_offered", "more_than_wanted", "not_on_the_board")
_UNSAID = (*_BARRED, *_GONE, "not_a_member", "speaks_for_both_sides")
_DUE_DAYS = 20


class Resources:
    """Goods for needs every few days; now and then land for parking spaces."""

    def __init__(self) -> None:
        self.owned: dict[str, tuple[str, str, int]] = {}
        """resource → (unit, item, how much is free)"""
        self.needs: deque[tuple[str, str, str, int]] = deque()
        """(need, requester, item, pieces still wanted)"""
        self.running: deque[tuple[str, str, str, str, int]] = deque()
        """(deal, owner's unit, partner, need or "", pieces)"""
        self.failed: deque[tuple[str, str]] = deque()
        """(deal, unit that failed it)"""

    def begin(self, street: Street) -> None:
        """Every item stands on the list once."""
        for item in self._things(street):
            self._list(street, street.one_of(street.units), item, 200)

    def day(self, street: Street, today: date) -> None:
        """A day's deeds."""
        for _ in range(street.share(0.3)):
            self._list(
                street, street.one_of(street.units), street.one_of(self._things(street)), street.rng.randrange(5, 60)
            )
        for _ in range(street.share(0.8)):
            self._need(street)
        for _ in range(min(len(self.needs), street.share(0.8))):
            self._match(street, today)
        if street.every(60, offset=7):
            self._barter(street, today)
        for _ in range(min(len(self.running), street.share(0.8))):
            self._end(street)
        if street.every(9):
            self._contest(street)
        if street.every(11):
            self._cheat(street)

    def _things(self, street: Street) -> list[str]:
        return [street.naming.name("thing", number, code) for number, code in enumerate(_ITEMS)]

    def _list(self, street: Street, unit: str, item: str, quantity: int, measure: ask.Measure = "pcs") -> str | None:
        resource = new_id("res")
        listing = ask.ListResource(
            resource_id=resource, owner=unit, kind="goods" if measure == "pcs" else "land", item=item,
            measure=measure, quantity=quantity, place=street.one_of(street.courtyards),
        )  # fmt: skip
        if street.attempt(listing, by=street.speakers[unit], unless=_BARRED) is None:
            return None
        self.owned[resource] = (unit, item, quantity)
        return resource

    def _need(self, street: Street) -> None:
        who, need, item = street.one_of(street.people), new_id("req"), street.one_of(self._things(street))
        pieces = street.rng.randrange(1, 6)
        asked = PostRequest(
            request_id=need, kind="need", requester=who, item=item, quantity=pieces, place=street.home[who],
            words=RequestWords(title=street.naming.said("need", "Some things")),
        )  # fmt: skip
        if street.attempt(asked, by=who, unless=_BARRED) is not None:
            street.do(PublishRequest(request_id=need), by=street.workers[0])
            self.needs.append((need, who, item, pieces))

    def _match(self, street: Street, today: date) -> None:
        need, who, item, wanting = self.needs.popleft()
        having = [one for one, (_, listed, free) in self.owned.items() if listed == item and free > 0]
        if not having:
            self.needs.append((need, who, item, wanting))
            return
        resource = street.one_of(having)
        unit, _, free = self.owned[resource]
        quantity, deal = min(wanting, free), new_id("deal")
        proposal = ask.ProposeDeal(
            deal_id=deal, resource_id=resource, request_id=need, quantity=quantity,
            due_day=today + timedelta(days=_DUE_DAYS),
        )  # fmt: skip
        if street.attempt(proposal, by=street.workers[0], unless=(*_BARRED, *_GONE)) is None:
            return
        if street.chance(0.1):
            street.do(ask.DeclineDeal(deal_id=deal, reason="not_suitable"), by=street.workers[0])
            return
        sides: tuple[tuple[ask.Side, str], ...] = (("owner", street.speakers[unit]), ("partner", who))
        said = (street.attempt(ask.AcceptDeal(deal_id=deal, side=one), by=who, unless=_UNSAID) for one, who in sides)
        if any(answer is None for answer in said):
            return
        self.owned[resource] = (unit, item, free - quantity)
        self.running.append((deal, unit, who, need, quantity))
        if wanting > quantity:
            self.needs.append((need, who, item, wanting - quantity))

    def _barter(self, street: Street, today: date) -> None:
        owner, partner = street.two_of(street.units)
        land, deal = self._list(street, owner, street.naming.name("ground", 0, "land"), 6, "mu"), new_id("deal")
        if land is None:
            return
        self.owned.pop(land)
        terms = ask.ProposeDeal(
            deal_id=deal, resource_id=land, quantity=6, partner=partner,
            back_item=street.naming.name("ground", 1, "parking_space"), back_quantity=100,
            due_day=today + timedelta(days=_DUE_DAYS),
        )  # fmt: skip
        proposer, other = street.speakers[owner], street.speakers[partner]
        said = ((terms, proposer), (ask.AcceptDeal(deal_id=deal, side="partner"), other))
        if any(street.attempt(one, by=who, unless=_UNSAID) is None for one, who in said):
            return
        street.do(ask.DeliverDeal(deal_id=deal, leg="out", quantity=6), by=other)
        built = street.one_of((100, 100, 70))
        street.refused(ask.DeliverDeal(deal_id=deal, leg="back", quantity=built), "self_verification", by=other)
        street.do(ask.DeliverDeal(deal_id=deal, leg="back", quantity=built), by=proposer)

    def _end(self, street: Street) -> None:
        """Mostly it arrives; sometimes the owner says that it cannot; sometimes nothing happens until the due day."""
        deal, unit, who, need, quantity = self.running.popleft()
        if street.chance(0.15):
            return
        if street.chance(0.1):
            failing = ask.FailDeal(deal_id=deal, side="owner", reason="cannot_deliver")
            if street.attempt(failing, by=street.speakers[unit], unless=_GONE) is not None:
                self.failed.append((deal, unit))
            return
        arrived = ask.DeliverDeal(deal_id=deal, leg="out", quantity=quantity)
        if street.attempt(arrived, by=street.workers[0], unless=_GONE) is None:
            return
        closing = CloseRequest(request_id=need, requester=who, score=5)
        street.attempt(closing, by=who, unless=("not_fulfilled", "not_a_member"))

    def _contest(self, street: Street) -> None:
        if self.failed:
            deal, unit = self.failed.popleft()
            contest = new_id("cont")
            told = ContestRecord(contest_id=contest, party=unit, promise="deal", about=deal, reason="beyond_control")
            street.do(told, by=street.speakers[unit])
            street.refused(StrikeRecord(contest_id=contest, party=unit), "not_allowed", by=street.speakers[unit])
            decide = street.one_of((UpholdRecord, StrikeRecord))
            street.do(decide(contest_id=contest, party=unit), by=street.workers[0])

    def _cheat(self, street: Street) -> None:
        """More than there is; that it arrived, in the giver's own word, is tried with every barter."""
        resource = street.one_of(list(self.owned))
        speaker = street.speakers[self.owned[resource][0]]
        more = ask.ProposeDeal(
            resource_id=resource, quantity=900_000, partner=street.units[0], back_item="x", back_quantity=1
        )
        street.refused(more, "more_than_offered", by=speaker)

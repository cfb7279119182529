"""The ground floor of every day: hours given and spent, wishes asked and met, money in and out, and who tries to cheat."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.funds.commands import ApproveGrant, PayGrant, ProposeGrant, ReceiveDonation
from ledger.hours.commands import (
    ApproveCorrection,
    DepositSession,
    DonateHours,
    GiveHours,
    GrantFromPool,
    RecordSession,
    RequestCorrection,
    ReserveHours,
    SessionWords,
    SettleReservation,
    VerifySession,
)
from ledger.ids import new_id
from ledger.requests.commands import (
    ClaimRequest,
    CloseRequest,
    FulfilRequest,
    PostRequest,
    PublishRequest,
    RequestWords,
)

_BY_CHANCE = (
    "daily_cap_exceeded", "insufficient_hours", "insufficient_pool", "member_left", "own_request", "too_many_claims",
    "grant_to_oneself", "storage_cap_reached", "sessions_overlap", "suspended", "blacklisted",
)  # fmt: skip
"""What two neighbours' choices may collide in."""


class Everyday:
    """Sessions, gifts, wishes and donations."""

    def __init__(self) -> None:
        self.wishes: deque[tuple[str, str]] = deque()
        """(request, requester) on the board"""
        self.taken: deque[tuple[str, str, str]] = deque()
        """(request, requester, claimant)"""
        self.verified: deque[tuple[str, str, int]] = deque(maxlen=500)

    def begin(self, street: Street) -> None:
        """Nothing has to be there."""

    def day(self, street: Street, today: date) -> None:
        """A day's deeds."""
        self._serve(street, today)
        self._spend(street)
        self._wish(street)
        self._meet(street)
        if street.every(3):
            self._money(street)
        if street.every(7):
            self._cheat(street, today)

    def _serve(self, street: Street, today: date) -> None:
        worker = street.one_of(street.workers)
        for _ in range(street.share(4)):
            who, minutes = street.one_of(street.people), street.rng.choice((30, 45, 60, 90, 120, 180))
            activity = street.naming.said("activity", "")
            words = SessionWords(activity=activity) if activity else None
            done = street.attempt(
                DepositSession(volunteer=who, day=today, minutes=minutes, words=words), by=worker, unless=_BY_CHANCE
            )
            if done is not None:
                self.verified.append((done.facts[0].session_id, who, minutes))  # type: ignore[attr-defined]  # a session
        for _ in range(street.share(1)):
            who, session = street.one_of(street.people), new_id("ses")
            day = today - timedelta(days=street.rng.randrange(3))
            told = RecordSession(session_id=session, volunteer=who, day=day, minutes=60)
            if street.attempt(told, by=who, unless=_BY_CHANCE) is not None:
                street.attempt(VerifySession(session_id=session), by=worker, unless=_BY_CHANCE)
        if self.verified and street.chance(0.2):
            self._correct(street, worker)

    def _correct(self, street: Street, worker: str) -> None:
        session, who, minutes = self.verified.popleft()
        correction, wanted = new_id("cor"), max(0, minutes + street.rng.choice((-15, 15, 30)))
        asked = RequestCorrection(correction_id=correction, session_id=session, volunteer=who, minutes=wanted)
        if street.attempt(asked, by=who, unless=("member_left",)) is not None:
            answer = ApproveCorrection(session_id=session, correction_id=correction)
            street.attempt(answer, by=worker, unless=_BY_CHANCE)

    def _spend(self, street: Street) -> None:
        for _ in range(street.share(2)):
            giver, receiver = street.two_of(street.people)
            gift = GiveHours(giver=giver, receiver=receiver, minutes=street.rng.choice((15, 30, 60)))
            street.attempt(gift, by=giver, unless=_BY_CHANCE)
        for _ in range(street.share(0.3)):
            who = street.one_of(street.people)
            street.attempt(DonateHours(giver=who, minutes=30), by=who, unless=_BY_CHANCE)
        for _ in range(street.share(0.2)):
            grant = GrantFromPool(receiver=street.one_of(street.people), minutes=30)
            street.attempt(grant, by=street.workers[0], unless=(*_BY_CHANCE, "pool_kept_for_need_groups"))
        for _ in range(street.share(0.3)):
            who, provider = street.two_of(street.people)
            reservation = new_id("rsv")
            put = ReserveHours(reservation_id=reservation, member=who, minutes=30, provider=provider)
            if street.attempt(put, by=who, unless=_BY_CHANCE) is not None and street.chance(0.8):
                street.do(SettleReservation(reservation_id=reservation), by=who)

    def _wish(self, street: Street) -> None:
        worker = street.one_of(street.workers)
        for _ in range(street.share(0.5)):
            who, wish = street.one_of(street.people), new_id("req")
            kind = "wish" if street.chance(0.6) else "order"
            asked = PostRequest(
                request_id=wish, kind=kind, requester=who, place=street.home[who],  # type: ignore[arg-type]  # one of two kinds
                category=street.naming.said("category", street.one_of(("repair", "visit", "errand", "study"))),
                words=RequestWords(title=street.naming.said("wish", "A small thing")),
            )  # fmt: skip
            if street.attempt(asked, by=who, unless=_BY_CHANCE) is not None:
                street.do(PublishRequest(request_id=wish), by=worker)
                self.wishes.append((wish, who))

    def _meet(self, street: Street) -> None:
        for _ in range(min(len(self.wishes), street.share(0.5))):
            wish, requester = self.wishes.popleft()
            claimant = street.one_of(street.people)
            claim = ClaimRequest(request_id=wish, claimant=claimant)
            taken = street.attempt(claim, by=claimant, unless=(*_BY_CHANCE, "not_on_the_board", "integrity_too_low"))
            if taken is None:
                self.wishes.append((wish, requester))
                continue
            self.taken.append((wish, requester, claimant))
        for _ in range(min(len(self.taken), street.share(0.45))):
            wish, requester, claimant = self.taken.popleft()
            done = FulfilRequest(request_id=wish, claimant=claimant)
            if street.attempt(done, by=claimant, unless=("claim_expired", "not_claimed", "not_the_claimant")) is None:
                continue
            score = street.rng.choice((5, 5, 5, 4, 4, 3, 1))
            street.do(CloseRequest(request_id=wish, requester=requester, score=score), by=requester)

    def _money(self, street: Street) -> None:
        treasurer, payer = street.treasurers
        for _ in range(1 + street.share(0.05)):
            donor = street.one_of(street.units) if street.chance(0.5) else street.one_of(street.people)
            gift = ReceiveDonation(
                fund=street.fund, donor=donor, item=street.one_of((*street.items, "general")),
                amount_fen=street.rng.randrange(1_000, 500_000),
            )  # fmt: skip
            street.attempt(gift, by=treasurer, unless=("member_left",))
        grant = new_id("grant")
        first, second = street.two_of(street.committee)
        item = street.one_of(street.items)
        asked = ProposeGrant(
            grant_id=grant, fund=street.fund, item=item, category="aid", amount_fen=street.rng.randrange(500, 60_000)
        )
        street.do(asked, by=first)
        if street.attempt(ApproveGrant(grant_id=grant), by=second, unless=("insufficient_fund",)) is not None:
            street.do(PayGrant(grant_id=grant), by=payer)

    def _cheat(self, street: Street, today: date) -> None:
        """Every one of these has been tried somewhere; none may go through."""
        worker, other = street.two_of(street.workers)
        who, neighbour = street.two_of(street.people)
        own = DepositSession(volunteer=worker, day=today, minutes=60)
        street.refused(own, "self_verification", by=worker)
        street.refused(DepositSession(volunteer=who, day=today, minutes=60), "not_allowed", by=neighbour)
        future = DepositSession(volunteer=other, day=today + timedelta(days=1), minutes=60)
        street.refused(future, "implausible_date", by=worker)
        street.refused(GiveHours(giver=who, receiver=neighbour, minutes=-30), "not_positive", by=who)
        street.refused(GiveHours(giver=who, receiver=neighbour, minutes=30), "not_allowed", by=neighbour)
        street.refused(GrantFromPool(receiver=worker, minutes=1), "grant_to_oneself", by=worker)
        grant = new_id("grant")
        proposer = street.one_of(street.committee)
        asked = ProposeGrant(grant_id=grant, fund=street.fund, item="general", amount_fen=100)
        street.do(asked, by=proposer)
        street.refused(ApproveGrant(grant_id=grant), "proposer_is_approver", by=proposer)
        street.refused(ReceiveDonation(fund=street.fund, amount_fen=0), "not_positive", by=street.treasurers[0])
        unknown = PublishRequest(request_id=new_id("req"))
        street.refused(unknown, "no_such_request", by=OPERATOR)

"""Issues on the tree of places: raised, accepted, assigned, shown, closed; late ones go up, and some try to get round that."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.ids import new_id
from ledger.places.commands import AppointResponsible, ClassifyPlace, CountHouseholds, EndResponsible, OpenIntakePoints
from ledger.policy.commands import SetPolicy
from ledger.requests.commands import (
    AddEvidence,
    AssignRequest,
    ClaimRequest,
    CloseRequest,
    ContactRequester,
    EscalateRequest,
    FulfilRequest,
    MarkOverdue,
    PostRequest,
    PublishRequest,
    RequestWords,
)

_RULES = {"requests.contact_days": 3, "requests.board_days": 45, "requests.warn_days": 1}
_OVER = (
    "claim_expired", "not_claimed", "not_the_claimant", "request_reviewed", "not_on_the_board", "already_claimed",
    "request_settled", "member_left",
)  # fmt: skip
"""What may have happened meanwhile: somebody was quicker, or time ran out."""
_TURNED_AWAY = (
    *_OVER,
    "own_request",
    "too_many_claims",
    "blacklisted",
    "suspended",
    "partner_exited",
    "integrity_too_low",
)


class Issues:
    """The tree of places at work."""

    def __init__(self) -> None:
        self.raised: deque[tuple[str, str]] = deque()
        """(request, requester)"""
        self.held: deque[tuple[str, str, str]] = deque()
        """(request, requester, owner)"""
        self.duties: dict[str, tuple[str, str]] = {}
        """place → (duty, who)"""
        self.files = 0

    def begin(self, street: Street) -> None:
        """Somebody answers for each tier, households are counted, codes are hung up, and the rules are set."""
        for name, value in _RULES.items():
            street.do(SetPolicy(name=name, value=value), by=OPERATOR)
        for place in (street.street, *street.communities, *street.courtyards):
            self._appoint(street, place)
        for yard in street.courtyards:
            street.do(CountHouseholds(place_id=yard, households=street.rng.randrange(100, 900)), by=OPERATOR)
            label = street.one_of(("family", "elderly", "mixed"))
            street.do(ClassifyPlace(place_id=yard, label=label), by=OPERATOR)
        series = OpenIntakePoints(
            channel="qr", label=street.naming.name("gate", 0, "Gate"), count=20, place=street.courtyards[0]
        )
        street.do(series, by=OPERATOR)

    def day(self, street: Street, today: date) -> None:
        """A day's issues."""
        self._raise(street)
        self._hand_out(street, today)
        self._settle(street)
        if street.every(30):
            self._change(street)
        if street.every(7, offset=2):
            self._cheat(street, today)

    def _appoint(self, street: Street, place: str) -> None:
        duty, who = new_id("duty"), street.one_of(street.people)
        head = AppointResponsible(
            duty_id=duty, place_id=place, member_id=who, office=street.naming.said("office", "Head")
        )
        again = ("already_responsible", "member_left", "blacklisted", "suspended")
        if street.attempt(head, by=OPERATOR, unless=again) is not None:
            self.duties[place] = duty, who

    def _raise(self, street: Street) -> None:
        for _ in range(street.share(0.3)):
            who, issue = street.one_of(street.people), new_id("req")
            asked = PostRequest(
                request_id=issue,
                kind="issue",
                requester=who,
                place=street.home[who],
                words=RequestWords(title=street.naming.said("issue", "A lamp")),
            )
            if street.attempt(asked, by=who, unless=_TURNED_AWAY) is not None:
                self.raised.append((issue, who))

    def _hand_out(self, street: Street, today: date) -> None:
        """Most are accepted and assigned in time; what nobody looks at goes up by itself."""
        worker = street.one_of(street.workers)
        for _ in range(min(len(self.raised), street.share(0.28))):
            issue, requester = self.raised.popleft()
            street.attempt(PublishRequest(request_id=issue), by=worker, unless=(*_OVER, "own_request"))
            if street.chance(0.2):
                up = EscalateRequest(request_id=issue, reason="beyond_means")
                street.attempt(up, by=worker, unless=(*_OVER, "at_the_top"))
            owner = street.one_of(street.people)
            take = ClaimRequest(request_id=issue, claimant=owner)
            if street.chance(0.5):
                due = today + timedelta(days=street.rng.randrange(1, 9))
                done = street.attempt(
                    AssignRequest(request_id=issue, owner=owner, due_day=due), by=worker, unless=_TURNED_AWAY
                )
            else:
                done = street.attempt(take, by=owner, unless=_TURNED_AWAY)
            if done is not None:
                self.held.append((issue, requester, owner))
                if street.chance(0.7):
                    street.do(ContactRequester(request_id=issue, claimant=owner), by=owner)

    def _settle(self, street: Street) -> None:
        for _ in range(min(len(self.held), street.share(0.6))):
            issue, requester, owner = self.held.popleft()
            work = FulfilRequest(request_id=issue, claimant=owner)
            self.files += 1
            shown = AddEvidence(request_id=issue, party=owner, sha256=f"{self.files:064x}")
            if street.attempt(shown, by=owner, unless=(*_OVER, "not_in_charge", "not_a_member")) is None:
                continue
            if street.attempt(work, by=owner, unless=(*_OVER, "evidence_missing", "not_a_member")) is not None:
                score = street.rng.choice((5, 5, 4, 4, 3, 2))
                closing = CloseRequest(request_id=issue, requester=requester, score=score)
                street.attempt(closing, by=requester, unless=("self_verification", "not_a_member"))

    def _change(self, street: Street) -> None:
        """Heads are replaced, and households counted again."""
        place = street.one_of(list(self.duties))
        street.do(EndResponsible(duty_id=self.duties.pop(place)[0], reason="replaced"), by=OPERATOR)
        self._appoint(street, place)
        count = CountHouseholds(place_id=street.one_of(street.courtyards), households=street.rng.randrange(100, 900))
        street.attempt(count, by=OPERATOR, unless=("same_count",))

    def _cheat(self, street: Street, today: date) -> None:
        """None of these may go through."""
        worker, other = street.two_of(street.workers)
        who, issue = street.one_of(street.people), new_id("req")
        words = RequestWords(title=street.naming.said("issue", "A step"))
        ask = PostRequest(request_id=issue, kind="issue", requester=who, place=street.street, words=words)
        heads = {member for _, member in self.duties.values()}
        if who in heads or street.attempt(ask, by=who, unless=_TURNED_AWAY) is None:
            return
        street.refused(MarkOverdue(request_id=issue, stage="posted"), "not_yet_due", by=worker)
        street.refused(EscalateRequest(request_id=issue, reason="urgent"), "at_the_top", by=worker)
        street.refused(EscalateRequest(request_id=issue, reason="urgent"), "not_in_charge", by=who)
        street.do(PublishRequest(request_id=issue), by=worker)
        own = AssignRequest(request_id=issue, owner=who, due_day=today)
        street.refused(own, "own_request", by=worker)
        late = AssignRequest(request_id=issue, owner=other, due_day=today - timedelta(days=1))
        street.refused(late, "bad_due_day", by=worker)
        street.refused(AddEvidence(request_id=issue, party=who, sha256="no digest"), "bad_digest", by=who)
        office = AppointResponsible(
            place_id=street.street, member_id=worker, office=street.naming.said("office", "Head")
        )
        street.refused(office, "appoints_oneself", by=worker)
        street.do(AssignRequest(request_id=issue, owner=other, due_day=today), by=worker)
        street.refused(FulfilRequest(request_id=issue, claimant=other), "evidence_missing", by=other)

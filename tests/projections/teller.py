"""Tells stories: consistent facts of every type, chosen by whoever calls, as the journal would hand them out."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from ledger.base import Fact
from ledger.clock import at_time
from ledger.funds import facts as fund
from ledger.honours import facts as honour
from ledger.hours import facts as hours
from ledger.journal.recorded import Envelope, Recorded
from ledger.parties import facts as party
from ledger.partners import facts as partner
from ledger.places import facts as place
from ledger.policy import facts as policy
from ledger.requests import facts as request
from tests.projections import told
from tests.projections.cast import FIRST_DAY, FUND, ITEMS, MEMBERS, PLACES, TEAMS, UNITS, WORKER

ENVELOPE = Envelope(at=0, by=WORKER, role="community_worker", behalf=None, key="", body="", salt=bytes(16))


def recorded(facts: list[Fact], ledger: str, *, after: int = 0) -> list[Recorded]:
    """Facts as events of a ledger, a minute apart."""
    start = at_time(FIRST_DAY, 8, 0)
    return [
        Recorded(ledger, position, start + position * 60_000_000, ENVELOPE, one, ())
        for position, one in enumerate(facts, start=after + 1)
    ]


class Teller:
    """Keeps in mind what it told, so that every fact goes on with something that began."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._count = 0
        self.recorded: list[hours.SessionRecorded] = []
        self.verified: list[tuple[hours.SessionVerified, int]] = []
        self.asked: list[tuple[hours.CorrectionRequested, hours.SessionVerified, int]] = []
        self.reserved: list[hours.HoursReserved] = []
        self.posted: list[request.RequestPosted] = []
        self.open: list[request.RequestPosted] = []
        self.claimed: list[tuple[request.RequestPosted, request.RequestClaimed]] = []
        self.done: list[tuple[request.RequestPosted, request.RequestClaimed]] = []
        self.closed: list[tuple[request.RequestPosted, request.RequestClaimed, request.RequestClosed]] = []
        self.receipts: list[fund.DonationReceived] = []
        self.pledges: list[fund.DonationPledged] = []
        self.proposed: list[fund.GrantProposed] = []
        self.approved: list[fund.GrantProposed] = []
        self.paid: list[fund.GrantProposed] = []
        self.needs: list[request.RequestPosted] = []
        self.offers: list[partner.GoodsOffered] = []
        self.matched: list[partner.OfferMatched] = []
        self.calls: list[partner.CalledOut] = []
        self.agreements: list[partner.AgreementSigned] = []
        self.plaques: list[honour.PlaqueAwarded] = []
        self.kept: dict[str, list[Any]] = defaultdict(list)
        """What the steps of the engines remember."""

    def tell(self, happened: Fact) -> None:
        """Add a fact to the story."""
        self.facts.append(happened)

    def fresh(self, prefix: str) -> str:
        """A new id."""
        self._count += 1
        return f"{prefix}_{self._count:05}"

    def day(self, n: int) -> date:
        """Some day over four months, so that months, quarters and a year's end are crossed."""
        return FIRST_DAY + timedelta(days=n % 120)

    def beginning(self) -> None:
        """What every story starts with: the ledger, places, rules, units, teams, members, a fund."""
        self.tell(place.LedgerOpened(name="Fangxing", zone="Asia/Shanghai", operator="svc_operator"))
        for above, place_id in zip((None, *PLACES), PLACES, strict=False):
            self.tell(place.PlaceAdded(place_id=place_id, kind="courtyard", name=place_id[6:], parent=above))
        self.tell(policy.PolicySet(name="hours.verifiers", value=1, from_day=FIRST_DAY))
        self.tell(place.IntakePointOpened(point_id="pt_gate", channel="qr", label="gate", place=PLACES[2]))
        for unit in UNITS:
            self.tell(party.UnitRegistered(unit_id=unit, kind="enterprise", name=unit[5:], place=PLACES[1]))
        for team in TEAMS:
            self.tell(party.TeamFormed(team_id=team, kind="volunteer_organisation", name=team[5:], unit=UNITS[0]))
        for number, member in enumerate(MEMBERS):
            self.tell(
                party.MemberRegistered(
                    member_id=member, number=f"N{number}", joined_on=FIRST_DAY, place=PLACES[number % 3],
                    team=TEAMS[0] if number < 3 else None, unit=UNITS[0] if number < 3 else None, words="c",
                )
            )  # fmt: skip
        named = (("meals", "Meals"), ("repair", "Repairs"))
        self.tell(
            fund.FundOpened(
                fund=FUND, name="Nuanxing", purpose="p", host_charity="h", committee=MEMBERS[:5], supervisor=MEMBERS[5],
                items=named, opened_on=FIRST_DAY,
            )
        )  # fmt: skip

    # ---- hours ---------------------------------------------------------------------------------------------------

    def record(self, a: int, b: int, n: int) -> None:
        who = MEMBERS[a % 6]
        f = hours.SessionRecorded(
            session_id=self.fresh("ses"), volunteer=who, day=self.day(n), last_day=self.day(n), minutes=n % 480 + 1,
            origin="attested", place=PLACES[b % 3], team=TEAMS[b % 2] if a % 2 else None,
            unit=UNITS[b % 3] if a % 2 else None, recorder=WORKER,
        )  # fmt: skip
        self.recorded.append(f)
        self.tell(f)

    def endorse(self, a: int, b: int, n: int) -> None:
        if self.recorded:
            self.tell(
                hours.SessionEndorsed(session_id=self.recorded[a % len(self.recorded)].session_id, verifier=WORKER)
            )

    def verify(self, a: int, b: int, n: int) -> None:
        if not self.recorded:
            return
        r = self.recorded.pop(a % len(self.recorded))
        over = r.minutes // 3 if b == 0 else 0
        f = hours.SessionVerified(
            session_id=r.session_id, volunteer=r.volunteer, day=r.day, minutes=r.minutes, credited=r.minutes - over,
            overflow=over, overflow_to=("pool", "honour")[n % 2] if over else "", origin=r.origin, verifier=WORKER,
            place=r.place, team=r.team, unit=r.unit,
        )  # fmt: skip
        self.verified.append((f, f.minutes))
        self.tell(f)

    def reject(self, a: int, b: int, n: int) -> None:
        if self.recorded:
            r = self.recorded.pop(a % len(self.recorded))
            self.tell(
                hours.SessionRejected(
                    session_id=r.session_id, volunteer=r.volunteer, day=r.day, last_day=r.last_day, reason="not_held",
                    verifier=WORKER,
                )
            )  # fmt: skip

    def ask_correction(self, a: int, b: int, n: int) -> None:
        if self.verified:
            session, minutes = self.verified.pop(a % len(self.verified))
            f = hours.CorrectionRequested(
                correction_id=self.fresh("cor"), session_id=session.session_id, volunteer=session.volunteer,
                minutes=n % 480, requested_by=session.volunteer,
            )  # fmt: skip
            self.asked.append((f, session, minutes))
            self.tell(f)

    def correct(self, a: int, b: int, n: int) -> None:
        if not self.asked:
            return
        asked, session, minutes = self.asked.pop(a % len(self.asked))
        if b == 0:
            self.tell(
                hours.CorrectionRefused(
                    correction_id=asked.correction_id, session_id=asked.session_id, volunteer=asked.volunteer,
                    reason="no_evidence", checker=WORKER,
                )
            )  # fmt: skip
            return
        self.tell(
            hours.SessionCorrected(
                correction_id=asked.correction_id, session_id=asked.session_id, volunteer=asked.volunteer,
                day=session.day, last_day=session.day, original_minutes=minutes, corrected_minutes=asked.minutes,
                difference=asked.minutes - minutes, checker=WORKER, place=session.place, team=session.team,
                unit=session.unit,
            )
        )  # fmt: skip
        self.verified.append((session, asked.minutes))

    def give(self, a: int, b: int, n: int) -> None:
        if a % 6 != b % 6:
            self.tell(hours.HoursGiven(giver=MEMBERS[a % 6], receiver=MEMBERS[b % 6], minutes=n))

    def pool(self, a: int, b: int, n: int) -> None:
        if b % 2:
            self.tell(hours.HoursDonated(giver=MEMBERS[a % 6], minutes=n))
        else:
            self.tell(hours.PoolGranted(receiver=MEMBERS[a % 6], minutes=n, granted_by=WORKER))

    def lapse(self, a: int, b: int, n: int) -> None:
        self.tell(hours.HoursLapsed(member=MEMBERS[a % 6], minutes=n, earned_before=FIRST_DAY))

    def reserve(self, a: int, b: int, n: int) -> None:
        f = hours.HoursReserved(
            reservation_id=self.fresh("rsv"), member=MEMBERS[a % 6], minutes=n, until_at=n,
            provider=MEMBERS[b % 6] if b % 6 != a % 6 else None,
        )  # fmt: skip
        self.reserved.append(f)
        self.tell(f)

    def redeem(self, a: int, b: int, n: int) -> None:
        if not self.reserved:
            return
        r = self.reserved.pop(a % len(self.reserved))
        if b % 2:
            self.tell(
                hours.HoursRedeemed(
                    reservation_id=r.reservation_id, member=r.member, provider=r.provider, minutes=r.minutes
                )
            )
        else:
            self.tell(
                hours.HoursReleased(
                    reservation_id=r.reservation_id, member=r.member, minutes=r.minutes, cause="cancelled"
                )
            )

    def certify(self, a: int, b: int, n: int) -> None:
        self.tell(
            hours.CertificateIssued(
                certificate_id=self.fresh("cert"), member=MEMBERS[a % 6], minutes=n, sessions=1, first_day=FIRST_DAY,
                last_day=self.day(n), issued_by=WORKER,
            )
        )  # fmt: skip

    # ---- requests ------------------------------------------------------------------------------------------------

    def post(self, a: int, b: int, n: int) -> None:
        need = b % 4 == 3
        f = request.RequestPosted(
            request_id=self.fresh("req"), kind="need" if need else ("wish", "order", "listing")[b % 3],
            requester=MEMBERS[a % 6], place=PLACES[b % 3], item="mask" if need else None, quantity=n if need else None,
            channel="qr" if a % 2 else "online", point="pt_gate" if a % 2 else None, day=self.day(n), words="w",
        )  # fmt: skip
        self.posted.append(f)
        self.tell(f)

    def review(self, a: int, b: int, n: int) -> None:
        if not self.posted:
            return
        p = self.posted.pop(a % len(self.posted))
        if n % 7 == 0:
            self.tell(request.RequestDeclined(request_id=p.request_id, reviewer=WORKER, reason="not_ours"))
            return
        self.tell(request.RequestPublished(request_id=p.request_id, reviewer=WORKER, day=self.day(n)))
        (self.needs if p.kind == "need" else self.open).append(p)

    def claim(self, a: int, b: int, n: int) -> None:
        if not self.open:
            return
        p = self.open.pop(a % len(self.open))
        claimant = (MEMBERS[b % 6], TEAMS[b % 2], UNITS[b % 3])[n % 3]
        f = request.RequestClaimed(
            request_id=p.request_id, claim_id=self.fresh("claim"), claimant=claimant,
            unit=UNITS[0] if claimant in TEAMS else None, claimed_by=MEMBERS[b % 6], until_at=n, day=self.day(n),
        )  # fmt: skip
        self.claimed.append((p, f))
        self.tell(f)

    def let_go(self, a: int, b: int, n: int) -> None:
        if not self.claimed:
            return
        p, c = self.claimed.pop(a % len(self.claimed))
        if b % 4 == 0:
            self.tell(
                request.ClaimReleased(
                    request_id=p.request_id, claim_id=c.claim_id, claimant=c.claimant, day=self.day(n)
                )
            )
            if a % 2 == 0:
                self.tell(
                    request.ReleaseExplained(
                        request_id=p.request_id,
                        claim_id=c.claim_id,
                        claimant=c.claimant,
                        reason="no_time",
                        day=self.day(n),
                    )
                )
        elif b % 4 == 1:
            self.tell(
                request.ClaimLapsed(
                    request_id=p.request_id, claim_id=c.claim_id, claimant=c.claimant, until_at=c.until_at
                )
            )
        elif b % 4 == 2:
            self.tell(
                request.RequestUnmet(
                    request_id=p.request_id, claim_id=c.claim_id, claimant=c.claimant, requester=p.requester,
                    barrier="end_of_life", day=self.day(n),
                )
            )  # fmt: skip
            return
        else:
            self.tell(request.RequestWithdrawn(request_id=p.request_id, claimant=c.claimant, requester=p.requester))
            return
        self.open.append(p)

    def fulfil(self, a: int, b: int, n: int) -> None:
        if self.claimed:
            p, c = self.claimed.pop(a % len(self.claimed))
            self.done.append((p, c))
            self.tell(
                request.RequestFulfilled(
                    request_id=p.request_id, claim_id=c.claim_id, claimant=c.claimant, day=self.day(n), words="d"
                )
            )

    def close(self, a: int, b: int, n: int) -> None:
        if not self.done:
            return
        p, c = self.done.pop(a % len(self.done))
        f = request.RequestClosed(
            request_id=p.request_id, kind=p.kind, claim_id=c.claim_id, claimant=c.claimant, unit=c.unit,
            requester=p.requester, place=p.place, score=n % 5 + 1, closed_by=p.requester or "", day=self.day(n),
        )  # fmt: skip
        self.closed.append((p, c, f))
        self.tell(f)

    def reopen(self, a: int, b: int, n: int) -> None:
        if not self.closed:
            return
        p, c, closing = self.closed.pop(a % len(self.closed))
        self.claimed.append((p, c))
        self.tell(
            request.RequestReopened(
                request_id=p.request_id, kind=p.kind, claim_id=c.claim_id, claimant=c.claimant, unit=c.unit,
                requester=p.requester, place=p.place, score=1, was_closed=True, closed_on=closing.day, until_at=n,
            )
        )  # fmt: skip

    # ---- money ---------------------------------------------------------------------------------------------------

    def pledge(self, a: int, b: int, n: int) -> None:
        f = fund.DonationPledged(
            pledge_id=self.fresh("pledge"), fund=FUND, donor=UNITS[a % 3], item=ITEMS[b % 3], amount_fen=n * 100,
            day=self.day(n),
        )  # fmt: skip
        self.pledges.append(f)
        self.tell(f)

    def unpledge(self, a: int, b: int, n: int) -> None:
        if self.pledges:
            p = self.pledges.pop(a % len(self.pledges))
            self.tell(
                fund.PledgeWithdrawn(
                    pledge_id=p.pledge_id, fund=FUND, donor=p.donor, item=p.item, amount_fen=p.amount_fen
                )
            )

    def receive(self, a: int, b: int, n: int) -> None:
        pledge = self.pledges.pop(a % len(self.pledges)) if self.pledges and n % 2 else None
        donor = pledge.donor if pledge else (*UNITS, *MEMBERS, "anonymous")[(a + b) % 10]
        f = fund.DonationReceived(
            receipt_id=self.fresh("rcpt"), fund=FUND, donor=donor, item=pledge.item if pledge else ITEMS[b % 3],
            amount_fen=pledge.amount_fen if pledge else n * 100, method="transfer", handler=WORKER, day=self.day(n),
            anonymous=b == 0, named=b != 0, pledge_id=pledge.pledge_id if pledge else None,
            pledge_met_fen=pledge.amount_fen if pledge else 0,
        )  # fmt: skip
        self.receipts.append(f)
        self.tell(f)

    def refund(self, a: int, b: int, n: int) -> None:
        if self.receipts:
            r = self.receipts.pop(a % len(self.receipts))
            self.tell(
                fund.DonationRefunded(
                    receipt_id=r.receipt_id, fund=FUND, donor=r.donor, item=r.item, amount_fen=max(1, r.amount_fen // 2),
                    reason="paid_twice", refunded_by=WORKER, day=self.day(n + 40),
                )
            )  # fmt: skip

    def propose(self, a: int, b: int, n: int) -> None:
        f = fund.GrantProposed(
            grant_id=self.fresh("grant"), fund=FUND, item=ITEMS[b % 3], category=("aid", "food")[a % 2],
            amount_fen=n * 100, proposer=MEMBERS[0], day=self.day(n),
        )  # fmt: skip
        self.proposed.append(f)
        self.tell(f)

    def decide(self, a: int, b: int, n: int) -> None:
        if not self.proposed:
            return
        p = self.proposed.pop(a % len(self.proposed))
        if b == 0:
            self.tell(fund.GrantDeclined(grant_id=p.grant_id, fund=FUND, reason="too_much", approver=MEMBERS[1]))
            return
        self.approved.append(p)
        self.tell(
            fund.GrantApproved(
                grant_id=p.grant_id, fund=FUND, item=p.item, amount_fen=p.amount_fen, approver=MEMBERS[1]
            )
        )

    def pay(self, a: int, b: int, n: int) -> None:
        if not self.approved:
            return
        p = self.approved.pop(a % len(self.approved))
        if b == 0:
            self.tell(
                fund.GrantCancelled(
                    grant_id=p.grant_id, fund=FUND, item=p.item, amount_fen=p.amount_fen, reason="not_needed",
                    cancelled_by=MEMBERS[1],
                )
            )  # fmt: skip
            return
        self.paid.append(p)
        self.tell(
            fund.GrantPaid(
                grant_id=p.grant_id, fund=FUND, item=p.item, category=p.category, amount_fen=p.amount_fen,
                payer=MEMBERS[2], day=self.day(n),
            )
        )  # fmt: skip

    def give_back(self, a: int, b: int, n: int) -> None:
        if self.paid:
            p = self.paid.pop(a % len(self.paid))
            self.tell(
                fund.PaymentReturned(
                    grant_id=p.grant_id, fund=FUND, item=p.item, category=p.category,
                    amount_fen=p.amount_fen // (1 + b % 2), reason="overpaid", handler=MEMBERS[2], day=self.day(n),
                )
            )  # fmt: skip

    # ---- partners ------------------------------------------------------------------------------------------------

    def sign(self, a: int, b: int, n: int) -> None:
        f = partner.AgreementSigned(
            agreement_id=self.fresh("agr"), unit=UNITS[a % 3], tier="street", level="routine", from_day=self.day(n),
            until_day=self.day(n) + timedelta(days=365),
        )  # fmt: skip
        self.agreements.append(f)
        self.tell(f)

    def end_agreement(self, a: int, b: int, n: int) -> None:
        if self.agreements:
            s = self.agreements.pop(a % len(self.agreements))
            self.tell(
                partner.AgreementEnded(agreement_id=s.agreement_id, unit=s.unit, reason="by_partner", day=self.day(n))
            )

    def contribute(self, a: int, b: int, n: int) -> None:
        kind = ("goods", "venue", "hours", "project")[b % 4]
        self.tell(
            partner.PartnerContributed(
                contribution_id=self.fresh("con"), unit=UNITS[a % 3], kind=kind, item="mask" if kind == "goods" else "",
                quantity=n, day=self.day(n), accepted_by=WORKER,
            )
        )  # fmt: skip

    def offer(self, a: int, b: int, n: int) -> None:
        f = partner.GoodsOffered(
            offer_id=self.fresh("offer"), unit=UNITS[a % 3], item="mask", quantity=n, day=self.day(n)
        )
        self.offers.append(f)
        self.tell(f)

    def match(self, a: int, b: int, n: int) -> None:
        if not self.offers or not self.needs:
            return
        o, need = self.offers[a % len(self.offers)], self.needs[b % len(self.needs)]
        f = partner.OfferMatched(
            match_id=self.fresh("match"), offer_id=o.offer_id, request_id=need.request_id, unit=o.unit, item="mask",
            quantity=max(1, min(n, o.quantity, need.quantity or 1)),
        )  # fmt: skip
        self.matched.append(f)
        self.tell(f)

    def deliver(self, a: int, b: int, n: int) -> None:
        if not self.matched:
            return
        m = self.matched.pop(a % len(self.matched))
        kind = partner.MatchCancelled if b % 3 == 0 else None
        if kind is not None:
            self.tell(
                kind(
                    match_id=m.match_id, offer_id=m.offer_id, request_id=m.request_id, unit=m.unit, item=m.item,
                    quantity=m.quantity,
                )
            )  # fmt: skip
            return
        self.tell(
            partner.MatchDelivered(
                match_id=m.match_id, offer_id=m.offer_id, request_id=m.request_id, unit=m.unit, item=m.item,
                quantity=m.quantity, day=self.day(n),
            )
        )  # fmt: skip

    def take_back(self, a: int, b: int, n: int) -> None:
        if self.offers:
            o = self.offers.pop(a % len(self.offers))
            self.tell(partner.OfferWithdrawn(offer_id=o.offer_id, unit=o.unit, item=o.item, quantity=1))

    def call(self, a: int, b: int, n: int) -> None:
        f = partner.CalledOut(callout_id=self.fresh("call"), level="urgent", called_at=n, called_by=WORKER)
        self.calls.append(f)
        self.tell(f)

    def answer(self, a: int, b: int, n: int) -> None:
        if not self.calls:
            return
        c = self.calls[a % len(self.calls)]
        if b == 0:
            self.calls.remove(c)
            self.tell(partner.CallEnded(callout_id=c.callout_id, ended_by=WORKER))
            return
        self.tell(
            partner.CallAnswered(
                callout_id=c.callout_id, unit=UNITS[b % 3], level=c.level, people=n, response_minutes=n,
                answered_by=MEMBERS[0], day=self.day(n),
            )
        )  # fmt: skip

    def award(self, a: int, b: int, n: int) -> None:
        f = honour.PlaqueAwarded(
            plaque_id=self.fresh("plq"), unit=UNITS[a % 3], tier="bronze", request_id="req_x", awarded_by=WORKER,
            day=self.day(n), until_day=self.day(n) + timedelta(days=700),
        )  # fmt: skip
        self.plaques.append(f)
        self.tell(f)

    def revoke(self, a: int, b: int, n: int) -> None:
        if self.plaques:
            p = self.plaques.pop(a % len(self.plaques))
            self.tell(
                honour.PlaqueRevoked(
                    plaque_id=p.plaque_id, unit=p.unit, reason="misconduct", revoked_by=WORKER, day=self.day(n)
                )
            )

    # ---- people --------------------------------------------------------------------------------------------------

    def move(self, a: int, b: int, n: int) -> None:
        who = MEMBERS[a % 6]
        if b % 2:
            self.tell(party.TeamJoined(member_id=who, team=TEAMS[n % 2], unit=UNITS[0]))
        else:
            self.tell(party.TeamLeft(member_id=who, team=TEAMS[n % 2]))

    def appoint(self, a: int, b: int, n: int) -> None:
        role = ("treasurer", "auditor")[b % 2]
        self.tell(party.RoleGranted(holder=MEMBERS[a % 6], role=role, granted_by=WORKER))
        if n % 3 == 0:
            self.tell(party.RoleRevoked(holder=MEMBERS[a % 6], role=role, revoked_by=WORKER))

    def stand_in(self, a: int, b: int, n: int) -> None:
        self.tell(party.ProxyRegistered(principal=MEMBERS[a % 6], proxy=MEMBERS[b % 6]))
        if n % 3 == 0:
            self.tell(party.ProxyEnded(principal=MEMBERS[a % 6], proxy=MEMBERS[b % 6]))

    def consent(self, a: int, b: int, n: int) -> None:
        where = ("wall", "donor")[b % 2]
        if n % 3:
            self.tell(party.PublicationAgreed(member_id=MEMBERS[a % 6], where=where))
        else:
            self.tell(party.PublicationWithdrawn(member_id=MEMBERS[a % 6], where=where, hidden=n % 2 == 0))

    def join_and_leave(self, a: int, b: int, n: int) -> None:
        member = self.fresh("mem")
        self.tell(party.MemberRegistered(member_id=member, joined_on=FIRST_DAY, team=TEAMS[a % 2]))
        if b % 2:
            self.tell(party.MemberLeft(member_id=member))

    def forget(self, a: int, b: int, n: int) -> None:
        """A member, a unit or a receipt; after one keeper asked, or at once."""
        member, unit = self.fresh("mem"), self.fresh("unit")
        self.tell(party.MemberRegistered(member_id=member, joined_on=FIRST_DAY, team=TEAMS[a % 2], words="c"))
        self.tell(party.UnitRegistered(unit_id=unit, kind="enterprise", name="gone", words="c"))
        subject = (member, unit, self.fresh("rcpt"))[n % 3]
        if b % 2:
            self.tell(party.ErasureAsked(subject=subject, cause="retention_over", asked_by=WORKER))
        if a % 3:
            if subject == member:
                self.tell(party.MemberLeft(member_id=member))
            self.tell(party.PersonalDataErased(subject=subject, cause="own_wish", asked_by=MEMBERS[a % 6]))

    def put_right(self, a: int, b: int, n: int) -> None:
        """A member's details, or a unit's contact, once or twice."""
        member, unit = self.fresh("mem"), self.fresh("unit")
        self.tell(party.MemberRegistered(member_id=member, joined_on=FIRST_DAY, words="c1"))
        self.tell(party.UnitRegistered(unit_id=unit, kind="enterprise", name="moved"))
        self.tell(party.DetailsCorrected(member_id=member, before="c1", proof=("paper", "code")[a % 2], words="c2"))
        if b % 2:
            self.tell(party.DetailsCorrected(member_id=member, before="c2", proof="", words="c3"))
        self.tell(party.ContactChanged(unit_id=unit, before="", words="c4"))

    def rule(self, a: int, b: int, n: int) -> None:
        self.tell(policy.PolicySet(name=f"rule.{a % 3}", value=n, from_day=self.day(n)))

    def close_point(self, a: int, b: int, n: int) -> None:
        point = self.fresh("pt")
        self.tell(place.IntakePointOpened(point_id=point, channel="survey", label="s"))
        self.tell(place.IntakePointClosed(point_id=point))


_T = Teller
_GROUND_FLOOR: tuple[Callable[[Teller, int, int, int], None], ...] = (
    _T.record, _T.endorse, _T.verify, _T.reject, _T.ask_correction, _T.correct, _T.give, _T.pool, _T.lapse, _T.reserve,
    _T.redeem, _T.certify, _T.post, _T.review, _T.claim, _T.let_go, _T.fulfil, _T.close, _T.reopen, _T.pledge,
    _T.unpledge, _T.receive, _T.refund, _T.propose, _T.decide, _T.pay, _T.give_back, _T.sign, _T.end_agreement,
    _T.contribute, _T.offer, _T.match, _T.deliver, _T.take_back, _T.call, _T.answer, _T.award, _T.revoke, _T.move,
    _T.appoint, _T.stand_in, _T.consent, _T.join_and_leave, _T.rule, _T.close_point, _T.forget, _T.put_right,
)  # fmt: skip
STEPS = (*_GROUND_FLOOR, *told.STEPS)
"""Everything a story can go on with. A step that has nothing to go on with tells nothing."""


def long_story(steps: int = 1500, seed: int = 11) -> list[Fact]:
    """A fixed story with about so many steps of the ground floor, and those of the engines among them; the usual length
    holds every type of fact."""
    dice = random.Random(seed)
    teller = Teller()
    teller.beginning()
    for _ in range(steps * len(STEPS) // len(_GROUND_FLOOR)):
        dice.choice(STEPS)(teller, dice.randrange(8), dice.randrange(8), dice.randrange(1, 500))
    return teller.facts


def story_of(choices: list[tuple[int, int, int, int]]) -> list[Fact]:
    """The story that these choices (step, a, b, n) tell."""
    teller = Teller()
    teller.beginning()
    for step, a, b, n in choices:
        STEPS[step % len(STEPS)](teller, a, b, n)
    return teller.facts

"""Random stories of hours and requests, decided one command after the other, against books kept by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ledger.accounts import postings
from ledger.base import Command, Fact, Scene, tags_of
from ledger.clock import DEFAULT_ZONE, MICROS_PER_DAY, day_of
from ledger.errors import NuanlinError
from ledger.hours import commands as hours
from ledger.hours import facts as hour_facts
from ledger.hours.state import Account, DayLog, Pool, Reservation, Session
from ledger.requests import commands as requests
from ledger.requests.state import ClaimsHeld, Request
from tests.ledger.cast import AIXIN, CHEN, HE, LI, LVYUN, PEOPLE, SUN, WANG, ZHAO, granted
from tests.ledger.given import NOW, Folded, check_laws, rule_of, survives_snapshot
from tests.ledger.given import rule as policy

MEMBERS = (WANG, LI, ZHAO, SUN)
PARTIES = (*MEMBERS, AIXIN, LVYUN)
SPEAKS_FOR = {AIXIN: ZHAO, LVYUN: SUN}

members = st.sampled_from(MEMBERS)
parties = st.sampled_from(PARTIES)
actors = st.sampled_from((*MEMBERS, CHEN, HE))
minutes = st.sampled_from((60, 30, 1, 90, 240, 480, 481, 0, -1))
numbers = st.integers(0, 6)
"""Scores, right ones and wrong ones; and which of the things there are, the newest first."""


class Story(RuleBasedStateMachine):
    """A neighbourhood in which anybody tries anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.now_at = NOW
        self.view = Folded()
        self.told: list[Fact] = []
        self.made: dict[str, list[str]] = defaultdict(list)
        self.accounts: dict[str, int] = defaultdict(int)
        self.struck = False

    @initialize(cap=st.sampled_from((None, 200)), verifiers=st.sampled_from((1, 2)))
    def opened(self, cap: int | None, verifiers: int) -> None:
        """Everybody is there and has banked an hour and a half; two requests are on the board."""
        rules = (policy("hours.storage_cap_minutes", cap), policy("hours.expiry_months", 1))
        self.view.add(*PEOPLE, *rules, granted(SUN, "representative", LVYUN))
        for member in MEMBERS:
            self.served(member, 90, 1)
        self.posted(WANG)
        self.posted(LI)
        self.view.add(policy("hours.verifiers", verifiers))

    def ask(self, command: Command, actor: str) -> bool:
        """Whether it was allowed. A refusal changes nothing; any other error fails the test."""
        role = "community_worker" if actor in (CHEN, HE) else ""
        today = day_of(self.now_at, DEFAULT_ZONE)
        scene = Scene(now_at=self.now_at, today=today, zone=DEFAULT_ZONE, actor=actor, role=role, sealed="c1")
        try:
            facts = rule_of(type(command)).decide(self.view, command, scene)
        except NuanlinError:
            return False
        check_laws(facts)
        self.view.add(*facts)
        self.told += facts
        for happened in facts:
            self.struck |= isinstance(happened, hour_facts.SessionCorrected) and happened.difference < 0
            for account, _unit, amount in postings(happened):
                self.accounts[account] += amount
        return True

    def new(self, prefix: str) -> str:
        """A fresh id."""
        self.made[prefix].append(f"{prefix}_{len(self.made[prefix])}")
        return self.made[prefix][-1]

    def some(self, prefix: str, which: int) -> str:
        """One of the ids that were made, the newest first; or one that never was."""
        made = self.made[prefix]
        return made[-1 - which % len(made)] if made else f"{prefix}_none"

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now_at += days * MICROS_PER_DAY

    def served(self, volunteer: str, length: int, back: int) -> None:
        """A community worker enters a checked list."""
        day = day_of(self.now_at, DEFAULT_ZONE) - timedelta(days=back)
        deposit = hours.DepositSession(session_id=self.new("ses"), volunteer=volunteer, day=day, minutes=length)
        self.ask(deposit, CHEN)

    @rule(volunteer=members, length=minutes, back=st.integers(0, 20))
    def deposited(self, volunteer: str, length: int, back: int) -> None:
        self.served(volunteer, length, back)

    @rule(requester=members)
    def asked(self, requester: str) -> None:
        self.posted(requester)

    @rule(volunteer=members, length=minutes, judge=actors, reject=st.booleans())
    def recorded(self, volunteer: str, length: int, judge: str, reject: bool) -> None:
        session = self.new("ses")
        day = day_of(self.now_at, DEFAULT_ZONE)
        self.ask(hours.RecordSession(session_id=session, volunteer=volunteer, day=day, minutes=length), volunteer)
        refuse = hours.RejectSession(session_id=session, reason="not_held")
        self.ask(refuse if reject else hours.VerifySession(session_id=session), judge)

    @rule(which=numbers, judge=actors)
    def verified(self, which: int, judge: str) -> None:
        self.ask(hours.VerifySession(session_id=self.some("ses", which)), judge)

    @rule(which=numbers, length=minutes, judge=actors)
    def corrected(self, which: int, length: int, judge: str) -> None:
        session, correction = self.some("ses", which), self.new("cor")
        record = self.view.state(Session, session).record
        volunteer = WANG if record is None else record.volunteer
        ask = hours.RequestCorrection(correction_id=correction, session_id=session, volunteer=volunteer, minutes=length)
        if self.ask(ask, volunteer):
            self.ask(hours.ApproveCorrection(session_id=session, correction_id=correction), judge)

    @rule(giver=members, receiver=members, length=minutes)
    def gave(self, giver: str, receiver: str, length: int) -> None:
        self.ask(hours.GiveHours(giver=giver, receiver=receiver, minutes=length), giver)

    @rule(giver=members, length=minutes)
    def donated(self, giver: str, length: int) -> None:
        self.ask(hours.DonateHours(giver=giver, minutes=length), giver)

    @rule(receiver=members, length=minutes, actor=actors)
    def granted(self, receiver: str, length: int, actor: str) -> None:
        self.ask(hours.GrantFromPool(receiver=receiver, minutes=length), actor)

    @rule(member=members, provider=st.one_of(st.none(), members), length=minutes)
    def reserved(self, member: str, provider: str | None, length: int) -> None:
        reservation = self.new("rsv")
        self.ask(
            hours.ReserveHours(reservation_id=reservation, member=member, provider=provider, minutes=length), member
        )

    @rule(which=numbers, actor=actors, end=st.sampled_from(("settle", "release", "expire")))
    def ended(self, which: int, actor: str, end: str) -> None:
        reservation = self.some("rsv", which)
        made = self.view.state(Reservation, reservation).made
        ends: dict[str, Command] = {
            "settle": hours.SettleReservation(reservation_id=reservation),
            "release": hours.ReleaseReservation(reservation_id=reservation),
            "expire": hours.ExpireReservation(reservation_id=reservation),
        }
        if self.ask(ends[end], actor) and end != "expire":
            assert made is not None
            assert actor in (made.member, CHEN, HE)

    @rule(member=members)
    def lapsed(self, member: str) -> None:
        self.ask(hours.LapseHours(member=member), CHEN)

    def posted(self, requester: str) -> None:
        """Somebody asks for something, and it is put on the board."""
        request = self.new("req")
        words = requests.RequestWords(title="换一盏灯")
        self.ask(requests.PostRequest(request_id=request, kind="wish", requester=requester, words=words), requester)
        self.ask(requests.PublishRequest(request_id=request), CHEN)

    @rule(which=numbers, claimant=parties)
    def claimed(self, which: int, claimant: str) -> None:
        request = self.some("req", which)
        claim = requests.ClaimRequest(claim_id=self.new("claim"), request_id=request, claimant=claimant)
        was = self.view.state(Request, request)
        if self.ask(claim, SPEAKS_FOR.get(claimant, claimant)):
            assert was.status == "published" or self.now_at >= was.until_at

    @rule(
        which=numbers,
        stranger=st.booleans(),
        actor=actors,
        end=st.sampled_from(("fulfil", "release", "lapse", "unmet")),
    )
    def worked(self, which: int, stranger: bool, actor: str, end: str) -> None:
        request = self.some("req", which)
        was = self.view.state(Request, request)
        claimant = WANG if was.claim is None else was.claim.claimant
        commands: dict[str, Command] = {
            "fulfil": requests.FulfilRequest(request_id=request, claimant=claimant),
            "release": requests.ReleaseClaim(request_id=request, claimant=claimant),
            "lapse": requests.LapseClaim(request_id=request),
            "unmet": requests.DeclareUnmet(request_id=request, barrier="no_parts"),
        }
        holder = SPEAKS_FOR.get(claimant, claimant)
        if self.ask(commands[end], actor if stranger else holder) and end == "fulfil":
            assert self.now_at < was.until_at
            assert actor == holder or not stranger

    @rule(which=numbers, stranger=st.booleans(), actor=actors, score=numbers, explained=st.booleans())
    def judged(self, which: int, stranger: bool, actor: str, score: int, explained: bool) -> None:
        request = self.some("req", which)
        was = self.view.state(Request, request)
        requester = was.requester or WANG
        by = actor if stranger else requester
        close = requests.CloseRequest(request_id=request, requester=requester, score=score, explained=explained)
        if self.ask(close, by):
            assert was.claim is not None
            assert by == requester != was.claim.claimed_by
            now = self.view.state(Request, request)
            assert now.status == ("closed" if score >= 3 or explained else "claimed")

    @rule(which=numbers, claimant=parties, score=numbers, explained=st.booleans())
    def done(self, which: int, claimant: str, score: int, explained: bool) -> None:
        """The usual way: claimed, done, judged."""
        request = self.some("req", which)
        requester = self.view.state(Request, request).requester or WANG
        holder = SPEAKS_FOR.get(claimant, claimant)
        claim = requests.ClaimRequest(claim_id=self.new("claim"), request_id=request, claimant=claimant)
        if self.ask(claim, holder):
            assert self.ask(requests.FulfilRequest(request_id=request, claimant=claimant), holder)
            close = requests.CloseRequest(request_id=request, requester=requester, score=score, explained=explained)
            assert self.ask(close, requester) is (1 <= score <= 5)

    @rule(which=numbers, take_back=st.booleans())
    def thought_again(self, which: int, take_back: bool) -> None:
        request = self.some("req", which)
        requester = self.view.state(Request, request).requester or WANG
        kind = requests.WithdrawRequest if take_back else requests.ReopenRequest
        self.ask(kind(request_id=request, requester=requester), requester)

    # ---- what always holds -----------------------------------------------------------------------------------------

    @invariant()
    def the_books_by_hand_agree(self) -> None:
        for member in MEMBERS:
            account = self.view.state(Account, member)
            assert account.usable == self.accounts[f"hours:{member}"]
            assert account.held == self.accounts[f"hours:{member}:held"]
            assert account.earned == sum(earned_by(happened, member) for happened in self.told)
        assert self.view.state(Pool, "pool").minutes == self.accounts["hours:pool"]
        assert sum(self.accounts.values()) == 0

    @invariant()
    def nobody_overdraws(self) -> None:
        assert self.accounts["hours:pool"] >= 0
        for member in MEMBERS:
            assert self.accounts[f"hours:{member}:held"] >= 0
            if not self.struck:
                assert self.accounts[f"hours:{member}"] >= 0

    @invariant()
    def what_is_held_is_reserved(self) -> None:
        held: dict[str, int] = defaultdict(int)
        for one in self.made["rsv"]:
            reservation = self.view.state(Reservation, one)
            if reservation.status == "open" and reservation.made is not None:
                held[reservation.made.member] += reservation.made.minutes
        assert all(held[member] == self.accounts[f"hours:{member}:held"] for member in MEMBERS)

    @invariant()
    def no_day_holds_more_than_its_cap(self) -> None:
        recorded = [happened for happened in self.told if isinstance(happened, hour_facts.SessionRecorded)]
        days = {(happened.volunteer, happened.day) for happened in recorded}
        for volunteer, day in days:
            assert self.view.state(DayLog, hour_facts.day_tag(volunteer, day)).minutes() <= 480

    @invariant()
    def who_holds_a_request_is_who_it_is_held_by(self) -> None:
        expected: dict[str, dict[str, int]] = defaultdict(dict)
        for one in self.made["req"]:
            request = self.view.state(Request, one)
            if request.status == "claimed" and request.claim is not None:
                expected[request.claim.claimant][one] = request.until_at
        for party in PARTIES:
            assert self.view.state(ClaimsHeld, party).leases == expected[party]

    def teardown(self) -> None:
        """Every state of the story survives being put away."""
        for tag in {tag for happened in self.told for tag in tags_of(happened)}:
            for kind in (Account, Request, ClaimsHeld):
                assert survives_snapshot(self.view.state(kind, tag))


def earned_by(happened: Fact, member: str) -> int:
    """The lifetime minutes that a fact adds for a member, by its own words."""
    if isinstance(happened, hour_facts.SessionVerified) and happened.volunteer == member:
        return happened.minutes
    if isinstance(happened, hour_facts.SessionCorrected) and happened.volunteer == member:
        return happened.corrected_minutes - happened.original_minutes
    return 0


TestStory = Story.TestCase

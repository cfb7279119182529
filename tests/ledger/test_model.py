"""Random commands against the real store, with the plain model as oracle: same refusals, same numbers, whatever the order."""

from __future__ import annotations

import itertools
import tempfile
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from api.store import Store
from ledger.accounts import POOL, committed, fund_item, held, usable
from ledger.application import Actor
from ledger.base import Command
from ledger.errors import Conflict, NuanlinError
from ledger.funds.commands import ApproveGrant, OpenFund, PayGrant, ProposeGrant, ReceiveDonation, ServiceItem
from ledger.hours import commands as hours
from ledger.hours.state import Account
from ledger.parties.commands import GrantRole
from ledger.requests import commands as requests
from ledger.units import MINUTES
from projections.books.queries_accounts import balances
from projections.rebuild import compare
from tests.house.stores import AT_THE_DESK, add_members, open_ledger
from tests.house.stores import settings_for as store_settings
from tests.ledger.model import ITEMS, Model, Wish

MEMBERS = 4
COMMITTEE = 5
FUND = "fund_nuanxing"

_folder = tempfile.TemporaryDirectory()
_store: list[Store] = []
_numbers = itertools.count(1)


def _shared_store() -> Store:
    """One store for all examples: each example has a ledger of its own in it."""
    if not _store:
        folder = Path(_folder.name)
        _store.append(Store.open(store_settings(f"sqlite:///{folder / 'n.db'}", folder)))
    return _store[0]


who = st.integers(0, MEMBERS - 1)
some_minutes = st.one_of(st.integers(-1, 500), st.sampled_from([0, 480, 481, 10**18]))
some_fen = st.one_of(st.integers(-1, 5_000), st.just(0))


class Street(RuleBasedStateMachine):
    """A street's life."""

    def __init__(self) -> None:
        super().__init__()
        self.store = _shared_store()
        self.ledger = f"street-{next(_numbers)}"
        open_ledger(self.store, self.ledger)
        people = add_members(self.store, MEMBERS + COMMITTEE + 2, self.ledger, minutes=0)
        self.members, self.staff = people[:MEMBERS], people[MEMBERS:]
        self.model = Model(MEMBERS)
        self.ids: dict[str, list[str]] = defaultdict(list)
        self.desk = AT_THE_DESK
        for one in self.staff:
            for role in ("committee_member", "treasurer"):
                self._do(GrantRole(holder=one, role=role), self.desk)
        items = tuple(ServiceItem(code=code, name=code) for code in ITEMS[1:])
        opening = OpenFund(
            slug="nuanxing", name="暖兴", purpose="助困", host_charity="安和", committee=tuple(self.staff[:COMMITTEE]),
            supervisor=self.staff[-1], items=items,
        )  # fmt: skip
        self._do(opening, self.desk)

    def _do(self, command: Command, actor: Actor) -> Any:
        return self.store.application.execute(self.ledger, command, actor=actor)

    def _expect(self, refused: str | None, command: Command, actor: Actor) -> Any:
        """The store must answer as the model did."""
        try:
            outcome = self._do(command, actor)
        except NuanlinError as error:
            assert refused is not None, f"the model allows what the ledger refuses: {error}"
            assert error.code == refused or (refused == "settled" and isinstance(error, Conflict)), (error, refused)
            return None
        assert refused is None, f"the ledger allows what the model refuses: {refused}"
        return outcome

    def _me(self, number: int) -> Actor:
        return Actor(self.members[number])

    # ---- hours

    @rule(volunteer=who, ago=st.integers(1, 3), minutes=some_minutes)
    def deposit(self, volunteer: int, ago: int, minutes: int) -> None:
        """A checked session."""
        day = date.today() - timedelta(days=ago)
        command = hours.DepositSession(volunteer=self.members[volunteer], day=day, minutes=minutes)
        self._expect(self.model.deposit(volunteer, ago, minutes), command, self.desk)

    @rule(giver=who, receiver=who, minutes=some_minutes)
    def give(self, giver: int, receiver: int, minutes: int) -> None:
        """A gift."""
        command = hours.GiveHours(giver=self.members[giver], receiver=self.members[receiver], minutes=minutes)
        refused = (
            "absurd_amount" if minutes == 10**18 and giver != receiver else self.model.give(giver, receiver, minutes)
        )
        self._expect(refused, command, self._me(giver))

    @rule(giver=who, minutes=st.integers(0, 300))
    def donate(self, giver: int, minutes: int) -> None:
        """Into the pool."""
        command = hours.DonateHours(giver=self.members[giver], minutes=minutes)
        self._expect(self.model.donate(giver, minutes), command, self._me(giver))

    @rule(receiver=who, minutes=st.integers(0, 300))
    def grant_from_pool(self, receiver: int, minutes: int) -> None:
        """Out of the pool."""
        command = hours.GrantFromPool(receiver=self.members[receiver], minutes=minutes)
        self._expect(self.model.grant_from_pool(receiver, minutes), command, self.desk)

    @rule(member=who, minutes=st.integers(0, 300))
    def reserve(self, member: int, minutes: int) -> None:
        """Set aside."""
        command = hours.ReserveHours(member=self.members[member], minutes=minutes)
        if self._expect(self.model.reserve(member, minutes), command, self._me(member)):
            self.ids["reservation"].append(command.reservation_id)

    @precondition(lambda self: self.ids["reservation"])
    @rule(pick=st.integers(0, 99), how=st.sampled_from(["settle", "release"]))
    def end_reservation(self, pick: int, how: str) -> None:
        """Settle or release."""
        number = pick % len(self.ids["reservation"])
        kind = hours.SettleReservation if how == "settle" else hours.ReleaseReservation
        member = self.model.reservations[number][0]
        command = kind(reservation_id=self.ids["reservation"][number])
        self._expect(self.model.end_reservation(number, how), command, self._me(member))

    # ---- wishes

    @rule(requester=who, publish=st.booleans())
    def wish(self, requester: int, publish: bool) -> None:
        """Post a wish, perhaps review it."""
        words = requests.RequestWords(title="修一盏灯")
        command = requests.PostRequest(kind="wish", requester=self.members[requester], words=words)
        self._do(command, self._me(requester))
        if publish:
            self._do(requests.PublishRequest(request_id=command.request_id), self.desk)
        self.ids["wish"].append(command.request_id)
        self.model.wishes.append(Wish(requester, "published" if publish else "posted"))

    @precondition(lambda self: self.ids["wish"])
    @rule(pick=st.integers(0, 99), claimant=who)
    def claim(self, pick: int, claimant: int) -> None:
        """Take it from the board."""
        number = pick % len(self.ids["wish"])
        command = requests.ClaimRequest(request_id=self.ids["wish"][number], claimant=self.members[claimant])
        self._expect(self.model.claim(number, claimant), command, self._me(claimant))

    @precondition(lambda self: self.ids["wish"])
    @rule(pick=st.integers(0, 99), claimant=who, done=st.booleans())
    def let_go(self, pick: int, claimant: int, done: bool) -> None:
        """Fulfil it or hand it back."""
        number = pick % len(self.ids["wish"])
        kind = requests.FulfilRequest if done else requests.ReleaseClaim
        command = kind(request_id=self.ids["wish"][number], claimant=self.members[claimant])
        refused = self.model.let_go(number, claimant, "fulfilled" if done else "published")
        self._expect(refused, command, self._me(claimant))

    @precondition(lambda self: self.ids["wish"])
    @rule(pick=st.integers(0, 99), score=st.integers(0, 6))
    def close(self, pick: int, score: int) -> None:
        """The requester confirms, or does not."""
        number = pick % len(self.ids["wish"])
        requester = self.model.wishes[number].requester
        command = requests.CloseRequest(
            request_id=self.ids["wish"][number], requester=self.members[requester], score=score
        )
        self._expect(self.model.close(number, score), command, self._me(requester))

    # ---- the fund

    @rule(item=st.sampled_from(ITEMS), amount=some_fen)
    def receive(self, item: str, amount: int) -> None:
        """A donation."""
        self._expect(
            self.model.receive(item, amount), ReceiveDonation(fund=FUND, item=item, amount_fen=amount), self.desk
        )

    @rule(item=st.sampled_from(ITEMS), amount=st.integers(1, 4_000))
    def propose(self, item: str, amount: int) -> None:
        """A grant is proposed by the first of the staff."""
        command = ProposeGrant(fund=FUND, item=item, amount_fen=amount)
        self._do(command, Actor(self.staff[0]))
        self.ids["grant"].append(command.grant_id)
        self.model.grants.append((item, amount, 0, "proposed"))

    @precondition(lambda self: self.ids["grant"])
    @rule(pick=st.integers(0, 99), by=st.integers(0, 2))
    def approve(self, pick: int, by: int) -> None:
        """Anybody of the committee but the proposer."""
        number = pick % len(self.ids["grant"])
        settled = self.model.grants[number][3] != "proposed"
        refused = "proposer_is_approver" if by == 0 and not settled else self.model.approve(number)
        self._expect(refused, ApproveGrant(grant_id=self.ids["grant"][number]), Actor(self.staff[1 if settled else by]))

    @precondition(lambda self: self.ids["grant"])
    @rule(pick=st.integers(0, 99))
    def pay(self, pick: int) -> None:
        """A treasurer who did neither."""
        number = pick % len(self.ids["grant"])
        self._expect(self.model.pay(number), PayGrant(grant_id=self.ids["grant"][number]), Actor(self.staff[4]))

    # ---- what must always hold

    @invariant()
    def balances_are_the_model_s(self) -> None:
        """Books and states say what the model says, and every unit sums to zero."""
        rows = balances(self.store.database, self.ledger)
        found = {row.account: row.balance for row in rows}
        sums: defaultdict[str, int] = defaultdict(int)
        for row in rows:
            sums[row.unit] += row.balance
        assert set(sums.values()) <= {0}
        for number, purse in enumerate(self.model.purses):
            member = self.members[number]
            assert found.get(usable(member), 0) == purse.usable
            assert found.get(held(member), 0) == purse.held
        assert found.get(POOL, 0) == self.model.pool
        for item in ITEMS:
            assert found.get(fund_item(FUND, item), 0) == self.model.items[item]
            assert found.get(committed(FUND, item), 0) == self.model.committed[item]
        assert all(row.unit == MINUTES for row in rows if row.account.startswith("hours:"))

    def teardown(self) -> None:
        """States folded from nothing and projections rebuilt from nothing equal the live ones."""
        live = self.store.application.view(self.ledger)
        cold = self._cold_view()
        for member in self.members:
            one, other = live.state(Account, member), cold.state(Account, member)
            assert msgspec.structs.asdict(one) == msgspec.structs.asdict(other)
        self.store.catch_up(self.ledger)
        assert compare(self.store.database, self.store.codec.decode, self.ledger) == []

    def _cold_view(self) -> Any:
        from ledger.application import Application

        return Application(self.store.database, self.store.vault).view(self.ledger)


TestStreet = Street.TestCase
TestStreet.settings = settings(settings.get_profile(settings.get_current_profile_name()), max_examples=25)

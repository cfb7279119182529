"""Every yuan is followed from the donation to what it paid for, and back: first in, first out, within each restriction."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.accounts import fund_item, postings
from ledger.base import Fact
from ledger.funds import facts as fund
from ledger.journal.sql import Database
from projections.asof.past import Past
from projections.asof.scratch import Scratch
from projections.asof.why import why
from tests.projections.asof.told import past, write
from tests.projections.shelf import CODEC, LEDGER, Shelf
from tests.projections.teller import recorded

DAY = date(2026, 3, 2)
FUND = "fund_nuanxing"
ITEMS = ("meals", "clinic", "case-fire1")


def received(receipt: str, amount_fen: int, item: str = "meals") -> Fact:
    return fund.DonationReceived(
        receipt_id=receipt, fund=FUND, donor="unit_lvyun", item=item, amount_fen=amount_fen, method="transfer",
        handler="mem_zhao", day=DAY,
    )  # fmt: skip


def paid(grant: str, amount_fen: int, item: str = "meals") -> list[Fact]:
    return [
        fund.GrantProposed(
            grant_id=grant, fund=FUND, item=item, category="aid", amount_fen=amount_fen, proposer="mem_wang", day=DAY
        ),
        fund.GrantApproved(grant_id=grant, fund=FUND, item=item, amount_fen=amount_fen, approver="mem_li"),
        fund.GrantPaid(
            grant_id=grant, fund=FUND, item=item, category="aid", amount_fen=amount_fen, payer="mem_zhao", day=DAY
        ),
    ]


def returned(grant: str, amount_fen: int, item: str = "meals") -> Fact:
    return fund.PaymentReturned(
        grant_id=grant, fund=FUND, item=item, category="aid", amount_fen=amount_fen, reason="overpaid",
        handler="mem_zhao", day=DAY,
    )  # fmt: skip


def refunded(receipt: str, amount_fen: int, item: str = "meals") -> Fact:
    return fund.DonationRefunded(
        receipt_id=receipt, fund=FUND, donor="unit_lvyun", item=item, amount_fen=amount_fen, reason="paid_twice",
        refunded_by="mem_zhao", day=DAY,
    )  # fmt: skip


def changed(number: int, receipt: str, item: str, to_item: str, amount_fen: int) -> list[Fact]:
    change = f"change_{number}"
    return [
        fund.RestrictionChangeAsked(
            change_id=change, receipt_id=receipt, fund=FUND, donor="unit_lvyun", item=item, to_item=to_item,
            amount_fen=amount_fen, reason="more_urgent", asked_by="mem_zhao", day=DAY,
        ),
        fund.RestrictionChanged(
            change_id=change, receipt_id=receipt, fund=FUND, donor="unit_lvyun", item=item, to_item=to_item,
            amount_fen=amount_fen, agreed_by="mem_liu", day=DAY,
        ),
    ]  # fmt: skip


OPENED: list[Fact] = [
    fund.FundOpened(
        fund=FUND, name="n", purpose="p", host_charity="h", committee=("mem_wang",), supervisor="mem_sun",
        items=(("meals", "m"), ("clinic", "c")), opened_on=DAY,
    ),
    fund.HelpCaseOpened(
        case_id="case_fire1", fund=FUND, item=ITEMS[2], title="t", beneficiary="mem_liu", need_fen=1,
        opened_by="mem_zhao", day=DAY,
    ),
]  # fmt: skip


def closed(remainder_fen: int) -> Fact:
    return fund.HelpCaseClosed(
        case_id="case_fire1", fund=FUND, item=ITEMS[2], to_item="meals", remainder_fen=remainder_fen, outcome="helped",
        closed_by="mem_li", day=DAY,
    )  # fmt: skip


class Traced:
    """The lots and allocations that a story leaves."""

    def __init__(self, nowhere: Past, facts: list[Fact]) -> None:
        scratch = Scratch(nowhere, "lots", "allocations")
        for event in recorded([*OPENED, *facts], LEDGER):
            scratch.apply(event)
        self.lots = scratch.rows("lots")
        self.parts = [row for row in scratch.rows("allocations") if row["amount_fen"]]

    def sources(self, grant: str) -> dict[str, int]:
        """What a payment took out of which receipt."""
        return dict(Counter(**self._sum("receipt_id", grant_id=grant)))

    def uses(self, receipt: str) -> dict[str, int]:
        """What a receipt paid for."""
        return self._sum("grant_id", receipt_id=receipt)

    def left(self, item: str) -> dict[str, int]:
        """What waits under an item, by receipt."""
        found: Counter[str] = Counter()
        for lot in self.lots:
            if lot["item"] == item and lot["left_fen"]:
                found[lot["receipt_id"]] += lot["left_fen"]
        return dict(found)

    def _sum(self, by: str, **where: str) -> dict[str, int]:
        found: Counter[str] = Counter()
        for row in self.parts:
            if all(row[name] == value for name, value in where.items()):
                found[row[by]] += row["amount_fen"]
        return dict(found)


NOWHERE = Past(Database("sqlite:///never-opened.db"), CODEC.decode, LEDGER, 0)
"""A scratch writes into memory only: this store is never connected to."""


def traced(facts: list[Fact]) -> Traced:
    """What a story leaves."""
    return Traced(NOWHERE, facts)


def test_what_came_first_is_spent_first() -> None:
    told = traced([received("rcpt_1", 100), received("rcpt_2", 100), *paid("grant_1", 130)])
    assert told.sources("grant_1") == {"rcpt_1": 100, "rcpt_2": 30}
    assert told.uses("rcpt_2") == {"grant_1": 30}
    assert told.left("meals") == {"rcpt_2": 70}


def test_each_restriction_has_a_queue_of_its_own() -> None:
    told = traced([received("rcpt_1", 100, "clinic"), received("rcpt_2", 100), *paid("grant_1", 50)])
    assert told.sources("grant_1") == {"rcpt_2": 50}


def test_what_comes_back_waits_at_the_end_as_money_of_the_same_donor() -> None:
    told = traced(
        [
            received("rcpt_1", 100), received("rcpt_2", 100), *paid("grant_1", 130), returned("grant_1", 50),
            *paid("grant_2", 80),
        ]
    )  # fmt: skip
    assert told.sources("grant_1") == {"rcpt_1": 80}
    assert told.sources("grant_2") == {"rcpt_2": 80}
    assert told.left("meals") == {"rcpt_2": 20, "rcpt_1": 20}


def test_a_donor_who_gets_money_back_that_was_spent_is_replaced_by_the_next() -> None:
    told = traced(
        [received("rcpt_1", 100), received("rcpt_2", 100), *paid("grant_1", 90), refunded("rcpt_1", 60)]
    )  # fmt: skip
    assert told.sources("grant_1") == {"rcpt_1": 40, "rcpt_2": 50}
    assert told.left("meals") == {"rcpt_2": 50}


def test_a_refund_of_the_past_takes_what_is_in_front() -> None:
    told = traced([received("rcpt_1", 100), refunded("rcpt_old", 30)])
    assert told.uses("rcpt_1") == {"rcpt_old": 30}


def test_a_return_of_the_past_is_its_own_source() -> None:
    told = traced([returned("grant_old", 30), *paid("grant_1", 30)])
    assert told.sources("grant_1") == {"grant_old": 30}


def test_money_with_another_purpose_waits_there() -> None:
    told = traced(
        [received("rcpt_1", 100), *changed(1, "rcpt_1", "meals", "clinic", 40), *paid("grant_1", 40, "clinic")]
    )
    assert told.sources("grant_1") == {"rcpt_1": 40}
    assert told.left("meals") == {"rcpt_1": 60}


def test_what_is_left_of_a_case_goes_on_as_money_of_its_donors() -> None:
    told = traced(
        [
            received("rcpt_1", 100, ITEMS[2]), received("rcpt_2", 50, ITEMS[2]), *paid("grant_1", 70, ITEMS[2]),
            closed(80), *paid("grant_2", 60),
        ]
    )  # fmt: skip
    assert told.sources("grant_2") == {"rcpt_1": 30, "rcpt_2": 30}
    assert told.left(ITEMS[2]) == {}


STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 1), st.integers(1, 500)), max_size=40)


def legal_story(steps: list[tuple[int, int, int, int]]) -> list[Fact]:
    """Only what the decisions would have let happen: nothing is paid, given back or moved beyond what is there."""
    story: list[Fact] = []
    free: Counter[str] = Counter()
    mine: dict[str, list[int | str]] = {}
    spent: dict[str, tuple[str, int]] = {}
    for number, (kind, which, at, amount) in enumerate(steps):
        item = ITEMS[at]
        if kind == 0:
            mine[f"rcpt_{number}"] = [item, amount]
            free[item] += amount
            story.append(received(f"rcpt_{number}", amount, item))
            continue
        if kind == 1 and (out := min(amount, free[item])):
            spent[f"grant_{number}"] = (item, out)
            free[item] -= out
            story += paid(f"grant_{number}", out, item)
        if kind == 2 and spent:
            grant = sorted(spent)[which % len(spent)]
            item, most = spent.pop(grant)
            came = min(amount, most)
            free[item] += came
            story.append(returned(grant, came, item))
        if kind in (3, 4) and mine:
            receipt = sorted(mine)[which % len(mine)]
            item, most = str(mine[receipt][0]), int(mine[receipt][1])
            gone = min(amount, most, free[item])
            if not gone:
                continue
            mine[receipt][1] = most - gone
            free[item] -= gone
            if kind == 3:
                story.append(refunded(receipt, gone, item))
            else:
                other = ITEMS[1 - ITEMS.index(item)]
                free[other] += gone
                story += changed(number, receipt, item, other, gone)
        if kind == 5 and (old := min(amount, free[item])):
            free[item] -= old
            story.append(refunded(f"rcpt_old{number}", old, item))
    return story


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_every_yuan_is_somewhere_and_nowhere_twice(steps: list[tuple[int, int, int, int]]) -> None:
    story = legal_story(steps)
    told = traced(story)
    came = {f.receipt_id: f.amount_fen for f in story if isinstance(f, fund.DonationReceived)}
    back = Counter[str]()
    went: Counter[str] = Counter()
    for f in story:
        if isinstance(f, fund.DonationRefunded):
            (back if f.receipt_id in came else went)[f.receipt_id] += f.amount_fen
        elif isinstance(f, fund.GrantPaid | fund.PaymentReturned):
            went[f.grant_id] += f.amount_fen if isinstance(f, fund.GrantPaid) else -f.amount_fen
    for receipt, amount_fen in came.items():
        waits = sum(told.left(item).get(receipt, 0) for item in ITEMS)
        assert sum(told.uses(receipt).values()) + waits == amount_fen - back[receipt]
    for grant, amount_fen in went.items():
        assert sum(told.sources(grant).values()) == amount_fen
    balances: Counter[str] = Counter()
    for f in story:
        for account, _unit, amount in postings(f):
            balances[account] += amount
    for item in ITEMS:
        kept = balances[fund_item(FUND, item)] + balances[fund_item(FUND, item) + ":committed"]
        assert sum(told.left(item).values()) == kept


def test_lots_and_allocations_open_to_the_events_that_changed_them(shelf: Shelf) -> None:
    story = [
        *OPENED,
        received("rcpt_1", 100),
        received("rcpt_2", 100),
        *paid("grant_1", 130),
        refunded("rcpt_1", 20),
        returned("grant_1", 30),
    ]
    write(shelf, story, LEDGER)
    then = past(shelf.database, LEDGER, len(story))

    part = why(then, "allocation:grant_1.1:amount_fen")
    assert [(one.position, one.amount) for one in part.entries] == [(7, 100), (8, -20)]
    assert why(then, "lot:rcpt_2.1:left_fen").value == 50

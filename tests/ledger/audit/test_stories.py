"""The whole story of an entry: every position of its chain, from a real store; and reading in pages of any size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.store import Store
from ledger.application import OPERATOR
from ledger.audit.findings import CHECKS, findings_of
from ledger.audit.sampling import Plan, draw, population
from ledger.audit.stories import Story, Told, stories_of
from ledger.audit.stream import head_of, position_at, raw_events, zone_of
from ledger.base import NAME_OF
from ledger.clock import MICROS_PER_DAY
from ledger.errors import Refused
from ledger.funds.commands import PledgeDonation, ReceiveDonation, RefundDonation
from ledger.hours.commands import ApproveCorrection, GiveHours, RecordSession, RequestCorrection, VerifySession
from ledger.parties.commands import GrantRole
from ledger.partners.commands import DeliverMatch, MatchOffer, OfferGoods
from ledger.requests.commands import CloseRequest, FulfilRequest, PostRequest, PublishRequest, RequestWords
from tests.cli import story
from tests.cli.story import DAY, LEDGER, LI, LVYUN, WANG, WISH, act

CHEN = story.COMMITTEE[0]
PLEDGE, RECEIPT = "pledge_spring", "rcpt_spring"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The story of the command line, and a process of each kind gone through to its end."""
    path = tmp_path_factory.mktemp("stories") / "community.db"
    clock = story.fill(path)
    story.claim_and_reserve(path, clock)
    with story.opened(path, clock) as opened:
        tell(opened)
        yield opened


def tell(store: Store) -> None:
    """A pledge kept and partly refunded, a session corrected, a wish closed, an offer matched twice."""
    act(
        store,
        OPERATOR,
        GrantRole(holder=CHEN, role="community_worker"),
        PledgeDonation(pledge_id=PLEDGE, fund="nuanxing", donor=LVYUN, amount_fen=60_000),
        ReceiveDonation(receipt_id=RECEIPT, fund="nuanxing", donor=LVYUN, amount_fen=50_000, pledge_id=PLEDGE),
        RefundDonation(receipt_id=RECEIPT, amount_fen=10_000, reason="paid_twice"),
        RecordSession(session_id="ses_tea", volunteer=WANG, day=DAY - timedelta(days=3), minutes=60),
    )
    act(store, CHEN, VerifySession(session_id="ses_tea"))
    ask = RequestCorrection(correction_id="cor_tea", session_id="ses_tea", volunteer=WANG, minutes=75)
    act(store, WANG, ask, GiveHours(giver=WANG, receiver=LI, minutes=15))
    act(store, CHEN, ApproveCorrection(session_id="ses_tea", correction_id="cor_tea"))
    act(store, LI, FulfilRequest(request_id=WISH, claimant=LI))
    act(store, WANG, CloseRequest(request_id=WISH, requester=WANG, score=5))
    rice = RequestWords(title="大米")
    needs = [
        PostRequest(request_id=f"req_rice{i}", kind="need", requester=WANG, item="rice", quantity=5, words=rice)
        for i in (1, 2)
    ]
    act(store, OPERATOR, *needs, *(PublishRequest(request_id=one.request_id) for one in needs))
    act(store, OPERATOR, OfferGoods(offer_id="offer_rice", unit=LVYUN, item="rice", quantity=9))
    for i in (1, 2):
        match = MatchOffer(match_id=f"match_{i}", offer_id="offer_rice", request_id=f"req_rice{i}", quantity=2)
        act(store, OPERATOR, match, DeliverMatch(offer_id="offer_rice", match_id=f"match_{i}"))


def told(store: Store, *positions: int, upto: int = 10**6) -> Told:
    with store.database.reading() as cursor:
        return stories_of(store.database, cursor, store.codec, LEDGER, positions, upto=upto)


def named(store: Store, type_name: str, **fields: object) -> int:
    """The last position of a type of facts with these values."""
    with store.database.reading() as cursor:
        rows = list(raw_events(store.database, cursor, LEDGER, upto=10**6, types=[type_name]))
    facts = [(row.position, store.codec.fact(row.type, row.data)) for row in rows]
    return max(at for at, fact in facts if all(getattr(fact, name) == value for name, value in fields.items()))


def types(one: Story) -> list[str]:
    return [NAME_OF[type(line.event.fact)].partition("@")[0] for line in one.lines]


CHAINS: dict[str, tuple[str, dict[str, object], list[str]]] = {
    "session": (
        "hours.session_corrected@1",
        {},
        ["hours.session_recorded", "hours.session_verified", "hours.correction_requested", "hours.session_corrected"],
    ),
    "donation": (
        "fund.donation_received@1",
        {"receipt_id": RECEIPT},
        ["fund.pledged", "fund.donation_received", "fund.donation_refunded"],
    ),
    "grant": ("fund.grant_paid@1", {}, ["fund.grant_proposed", "fund.grant_approved", "fund.grant_paid"]),
    "match": (
        "partner.offer_matched@1",
        {"match_id": "match_2"},
        ["request.posted", "request.published", "partner.goods_offered", "partner.offer_matched", "partner.match_delivered"],
    ),
    "request": (
        "request.closed@1",
        {"request_id": WISH},
        ["request.posted", "request.published", "request.claimed", "request.fulfilled", "request.closed"],
    ),
    "deposit": (
        "hours.session_verified@1",
        {"volunteer": LI},
        ["hours.session_recorded", "hours.session_verified"],
    ),
    "gift": ("hours.given@1", {}, ["hours.given"]),
    "reservation": ("hours.reserved@1", {}, ["hours.reserved"]),
}  # fmt: skip


@pytest.mark.parametrize("chain", CHAINS)
def test_a_story_holds_every_position_of_its_chain_in_order(store: Store, chain: str) -> None:
    type_name, fields, expected = CHAINS[chain]
    position = named(store, type_name, **fields)
    [found] = told(store, position).stories
    assert types(found) == expected
    positions = [line.event.position for line in found.lines]
    assert positions == sorted(set(positions))
    assert [line.event.position for line in found.lines if line.because == "itself"] == [position]
    assert found.event.position == position


def test_facts_of_one_command_are_marked_and_what_came_later_too(store: Store) -> None:
    verified = named(store, "hours.session_verified@1", volunteer=LI)
    [deposit] = told(store, verified).stories
    assert [line.because for line in deposit.lines] == ["command", "itself"]
    received = named(store, "fund.donation_received@1", receipt_id=RECEIPT)
    [donation] = told(store, received, upto=received).stories
    assert [line.later for line in donation.lines] == [False, False, True]


def test_everybody_in_a_story_is_introduced_by_the_event_that_brought_them(store: Store) -> None:
    found = told(store, named(store, "partner.offer_matched@1", match_id="match_1"))
    assert {WANG, LVYUN} <= found.known.keys()
    assert found.known[WANG].position == named(store, "party.member_registered@1", member_id=WANG)
    assert found.zone == "Asia/Shanghai"


def test_positions_that_are_not_there_have_no_story(store: Store) -> None:
    assert told(store, 10**9).stories == []


@pytest.mark.parametrize("chunk", [1, 7, 10_000])
def test_neither_samples_nor_findings_depend_on_the_size_of_pages(store: Store, chunk: int) -> None:
    with store.database.reading() as cursor:
        given = (store.database, cursor, store.codec, LEDGER)
        head = head_of(store.database, cursor, LEDGER)
        plan = Plan(seed="x", size=9, upto=head)
        assert draw(population(*given, plan, chunk=chunk), LEDGER, plan) == draw(population(*given, plan), LEDGER, plan)
        options = {"back_dated": {"days": 1, "entries": 1}, "quick_claims": {"claims": 1}}
        found = findings_of(*given, upto=head, options=options, chunk=chunk)
        assert found == findings_of(*given, upto=head, options=options)
        assert {one.check for one in found} == {"back_dated", "quick_claims"}


def test_a_sample_of_a_checkpoint_stays_the_same_whatever_comes_later(store: Store) -> None:
    with store.database.reading() as cursor:
        given = (store.database, cursor, store.codec, LEDGER)
        half = head_of(store.database, cursor, LEDGER) // 2
        plan = Plan(seed="x", size=5, upto=half)
        drawn = draw(population(*given, plan), LEDGER, plan)
    act(store, WANG, GiveHours(giver=WANG, receiver=LI, minutes=1))
    with store.database.reading() as cursor:
        given = (store.database, cursor, store.codec, LEDGER)
        assert draw(population(*given, plan), LEDGER, plan) == drawn
        assert all(one.position <= half for one in drawn.chosen)


def test_a_population_can_be_narrowed_to_types_a_unit_and_a_period(store: Store) -> None:
    def inside(**changes: object) -> list[int]:
        plan = Plan(**{"seed": "x", "size": 5, "upto": 10**6, **changes})  # type: ignore[arg-type]  # any of its fields
        with store.database.reading() as cursor:
            return [one.position for one in population(store.database, cursor, store.codec, LEDGER, plan)]

    money, gifts = inside(unit="fen"), inside(types=frozenset({"hours.given"}))
    assert named(store, "fund.grant_paid@1") in money
    assert not set(money) & set(gifts)
    assert named(store, "hours.given@1") in gifts
    assert inside(first=money[2], upto=money[4], unit="fen") == money[2:5]
    assert inside(unit="pcs.rice") == [
        named(store, "partner.goods_offered@1"),
        *(at for i in (1, 2) for at in (named(store, "partner.offer_matched@1", match_id=f"match_{i}"),
                                        named(store, "partner.match_delivered@1", match_id=f"match_{i}"))),
    ]  # fmt: skip


def test_moments_become_positions(store: Store) -> None:
    with store.database.reading() as cursor:
        given = (store.database, cursor)
        head = head_of(*given, LEDGER)
        assert position_at(*given, LEDGER, story.NOON - 1) == 0
        assert position_at(*given, LEDGER, story.NOON + 9 * MICROS_PER_DAY) == head
        assert 0 < position_at(*given, LEDGER, story.NOON) < head
        assert zone_of(*given, store.codec, "nowhere") == "Asia/Shanghai"
        assert head_of(*given, "nowhere") == 0


def test_a_check_that_does_not_exist_is_refused(store: Store) -> None:
    with store.database.reading() as cursor, pytest.raises(Refused, match="no_such_check"):
        findings_of(store.database, cursor, store.codec, LEDGER, upto=1, names=["gossip"])
    with store.database.reading() as cursor, pytest.raises(Refused, match="no_such_check"):
        findings_of(store.database, cursor, store.codec, LEDGER, upto=1, options={"gossip": {"days": 1}})


def test_checks_that_see_nothing_of_a_ledger_say_nothing(store: Store, tmp_path: Path) -> None:
    with store.database.reading() as cursor:
        assert findings_of(store.database, cursor, store.codec, "nowhere", upto=100) == []
    assert len(CHECKS) == 19

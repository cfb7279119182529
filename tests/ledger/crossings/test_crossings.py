"""Hours leave one ledger and come to another: sent once, answered once, settled once, proven by the other's seal."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.accounts import POOL, crossing_to, postings, usable
from ledger.base import Fact
from ledger.crossings import facts
from ledger.crossings.commands import (
    AgreeCrossing,
    ConfirmArrival,
    EndCrossing,
    ReceiveHours,
    ReturnHours,
    SendHours,
)
from ledger.crossings.state import Peer, Transfer
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.facts import DonationOnlyBegun
from ledger.hours.state import Account, Pool
from ledger.seal.notes import from_base64, to_base64
from tests.ledger.cast import CHEN, LI, PEOPLE, SUN, WANG, left
from tests.ledger.crossings.told import (
    ABROAD,
    ANOTHER,
    COURIER,
    ENDED,
    HERE,
    PARCEL,
    SIGNER,
    THERE,
    agreed,
    arrived,
    sealed,
    sent,
    sent_there,
    turned_away,
)
from tests.ledger.given import Outcome, given, rule
from tests.ledger.hours.told import earned

AGREE = AgreeCrossing(peer=THERE, here=HERE, courier=COURIER)
SEND = SendHours(transfer_id=PARCEL, peer=THERE, giver=WANG, receiver=ABROAD, minutes=30)
RECEIVE = ReceiveHours(transfer_id=PARCEL, peer=THERE, receiver=LI, minutes=30)
CONFIRM = ConfirmArrival(transfer_id=PARCEL, peer=THERE)
RETURN = ReturnHours(transfer_id=PARCEL, peer=THERE, reason="no_such_member")
SEALED = agreed(vkey=SIGNER.vkey)


def ask(command: Any, *before: Fact, actor: str = WANG, role: str = "") -> Outcome:
    """王阿姨 has banked an hour, and somebody asks for something."""
    return given(*PEOPLE, earned(WANG, 60), *before).when(command, actor=actor, role=role)


def carry(command: Any, *before: Fact, by: str = COURIER) -> Outcome:
    """The courier comes with something."""
    return ask(command, *before, actor=by, role="community_worker")


# ---- agreeing --------------------------------------------------------------------------------------------------------


def test_two_ledgers_agree_on_names_key_courier_and_limit() -> None:
    command = replace(AGREE, vkey=SIGNER.vkey, limit_minutes=600)
    outcome = ask(command, actor=CHEN, role="administrator").then(
        facts.CrossingAgreed(
            peer=THERE, here=HERE, vkey=SIGNER.vkey, courier=COURIER, limit_minutes=600, agreed_by=CHEN
        )
    )
    assert outcome.state(Peer, THERE).agreed == outcome.fact


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"peer": "xianghe"}, "bad_id"),
        ({"here": "mem_wang"}, "bad_id"),
        ({"courier": "svc_"}, "bad_id"),
        ({"courier": "mem_nobody"}, "no_such_member"),
        ({"vkey": "nonsense"}, "bad_key"),
        ({"limit_minutes": -1}, "absurd_amount"),
    ],
)
def test_what_is_agreed_makes_sense(change: dict[str, Any], code: str) -> None:
    ask(replace(AGREE, **change), actor=CHEN, role="administrator").refused(code)


def test_a_later_agreement_replaces_an_earlier_one_and_reopens_what_was_ended() -> None:
    outcome = ask(replace(AGREE, courier=SUN), agreed(), ENDED, actor=CHEN, role="administrator")
    state = outcome.state(Peer, THERE)
    assert state.agreed is not None
    assert (state.agreed.courier, state.ended) == (SUN, False)


def test_after_the_end_nothing_is_sent() -> None:
    ask(EndCrossing(peer=THERE), agreed(), actor=CHEN, role="administrator").then(ENDED)
    ask(EndCrossing(peer=THERE), agreed(), ENDED, actor=CHEN).refused("crossing_ended", Conflict)
    ask(EndCrossing(peer=THERE), actor=CHEN).refused("no_such_peer", NotFound)
    ask(SEND, agreed(), ENDED).refused("crossing_ended", Refused)


# ---- sending ---------------------------------------------------------------------------------------------------------


def test_hours_sent_are_on_their_way() -> None:
    outcome = ask(SEND, agreed()).then(sent())
    assert postings(outcome.fact) == [(usable(WANG), "minutes", -30), (crossing_to(THERE), "minutes", 30)]
    account = outcome.state(Account, WANG)
    assert (account.usable, account.earned, account.spent) == (30, 60, 30)


def test_nobody_sends_more_than_they_have() -> None:
    ask(replace(SEND, minutes=61), agreed()).refused("insufficient_hours", Refused)
    ask(replace(SEND, minutes=0), agreed()).refused("not_positive")


@pytest.mark.parametrize(
    ("command", "before", "code", "kind"),
    [
        (SEND, (), "no_such_peer", NotFound),
        (SEND, (agreed(), sent()), "transfer_exists", Conflict),
        (SEND, (agreed(), arrived()), "transfer_exists", Conflict),
        (SEND, (agreed(), left(WANG)), "member_left", Refused),
        (SEND, (agreed(), DonationOnlyBegun(member=WANG, reason="own_wish", begun_by=WANG)), "donation_only", Refused),
        (replace(SEND, transfer_id="pool"), (agreed(),), "bad_id", Refused),
        (replace(SEND, receiver="pool"), (agreed(),), "bad_id", Refused),
    ],
)
def test_who_may_not_send(command: SendHours, before: tuple[Fact, ...], code: str, kind: Any) -> None:
    ask(command, *before).refused(code, kind)


# ---- receiving -------------------------------------------------------------------------------------------------------


def test_hours_arrive_in_the_receivers_account() -> None:
    outcome = carry(RECEIVE, agreed()).then(arrived())
    assert postings(outcome.fact) == [(crossing_to(THERE), "minutes", -30), (usable(LI), "minutes", 30)]
    account = outcome.state(Account, LI)
    assert (account.usable, account.earned, account.spent) == (30, 0, 0)


def test_what_the_receivers_cap_cannot_hold_overflows_to_the_pool() -> None:
    outcome = carry(RECEIVE, agreed(), rule("hours.storage_cap_minutes", 20))
    assert (POOL, "minutes", 10) in postings(outcome.fact)
    assert outcome.state(Pool, "pool").minutes == 10


@pytest.mark.parametrize("before", [arrived(), turned_away()])
def test_a_transfer_is_answered_once(before: Fact) -> None:
    carry(RECEIVE, agreed(), before).refused("transfer_settled", Conflict)


@pytest.mark.parametrize(
    ("change", "before", "reason"),
    [
        ({"receiver": "mem_nobody"}, (agreed(),), "no_such_member"),
        ({}, (agreed(), left(LI)), "member_left"),
        ({}, (agreed(), ENDED), "crossing_ended"),
        ({}, (agreed(limit_minutes=29),), "limit_reached"),
    ],
)
def test_what_cannot_arrive_is_turned_away_for_good(
    change: dict[str, Any], before: tuple[Fact, ...], reason: str
) -> None:
    command = replace(RECEIVE, **change)
    outcome = carry(command, *before)
    assert outcome.fact == replace(turned_away(reason=reason), receiver=command.receiver)
    assert postings(outcome.fact) == []
    carry(command, *before, outcome.fact).refused("transfer_settled")


def test_what_went_there_makes_room_under_the_limit() -> None:
    limited = agreed(limit_minutes=10)
    gone = sent(20, transfer_id="cross_0")
    assert isinstance(carry(RECEIVE, limited, gone).fact, facts.HoursArrived)
    back = facts.HoursReturned(
        transfer_id="cross_0", peer=THERE, giver=WANG, minutes=20, reason="member_left", carried_by=COURIER
    )
    assert isinstance(carry(RECEIVE, limited, gone, back).fact, facts.HoursTurnedAway)


@pytest.mark.parametrize("command", [RECEIVE, CONFIRM, RETURN])
def test_only_the_courier_that_was_agreed_carries(command: Any) -> None:
    carry(command, agreed(), sent(), by=CHEN).refused("not_the_courier", NotYours)
    carry(command, sent()).refused("no_such_peer", NotFound)


# ---- settling --------------------------------------------------------------------------------------------------------


def test_the_sender_learns_that_it_arrived() -> None:
    outcome = carry(CONFIRM, agreed(), sent()).then(
        facts.ArrivalConfirmed(transfer_id=PARCEL, peer=THERE, giver=WANG, carried_by=COURIER)
    )
    assert postings(outcome.fact) == []
    assert outcome.state(Transfer, PARCEL).settled == "arrived"


def test_what_was_turned_away_comes_home_whole() -> None:
    outcome = carry(RETURN, agreed(), sent(), rule("hours.storage_cap_minutes", 1))
    assert postings(outcome.fact) == [(crossing_to(THERE), "minutes", -30), (usable(WANG), "minutes", 30)]
    assert (outcome.state(Account, WANG).usable, outcome.state(Account, WANG).spent) == (60, 0)


def test_it_comes_home_also_to_who_left_meanwhile_and_after_the_end() -> None:
    assert carry(RETURN, agreed(), sent(), left(WANG), ENDED).facts
    carry(replace(RETURN, reason="whatever"), agreed(), sent()).refused("bad_name")


@pytest.mark.parametrize("command", [CONFIRM, RETURN])
def test_a_transfer_is_settled_once(command: Any) -> None:
    for first in (CONFIRM, RETURN):
        done = carry(first, agreed(), sent()).fact
        carry(command, agreed(), sent(), done).refused("transfer_settled", Conflict)


@pytest.mark.parametrize("command", [CONFIRM, RETURN])
def test_what_was_never_sent_there_is_not_settled(command: Any) -> None:
    carry(command, agreed()).refused("no_such_transfer", NotFound)
    carry(command, agreed(), arrived()).refused("no_such_transfer")
    elsewhere = replace(agreed(), peer="peer_dunhua")
    carry(replace(command, peer="peer_dunhua"), elsewhere, agreed(), sent()).refused("no_such_transfer")


# ---- proofs ----------------------------------------------------------------------------------------------------------

ANSWER_THERE = arrived(peer=HERE, receiver=ABROAD)


@pytest.mark.parametrize(
    ("command", "right"),
    [
        (RECEIVE, sealed(sent_there())),
        (CONFIRM, sealed(ANSWER_THERE)),
        (RETURN, sealed(turned_away(peer=HERE))),
    ],
    ids=["receive", "confirm", "return"],
)
class TestProofs:
    """Where the other's key was agreed, its seal is asked for and kept."""

    def test_a_right_proof_is_kept_with_the_answer(self, command: Any, right: dict[str, str]) -> None:
        fact: Any = carry(replace(command, **right), SEALED, sent()).fact
        assert (fact.proof, fact.record) == (right["proof"], right["record"])

    def test_none_is_not_enough(self, command: Any, right: dict[str, str]) -> None:
        carry(command, SEALED, sent()).refused("proof_missing", Refused)
        carry(replace(command, proof=right["proof"]), SEALED, sent()).refused("proof_missing")

    def test_none_is_taken_where_nobody_can_check_it(self, command: Any, right: dict[str, str]) -> None:
        carry(replace(command, **right), agreed(), sent()).refused("proof_without_key", Refused)

    def test_another_key_proves_nothing(self, command: Any, right: dict[str, str]) -> None:
        carry(replace(command, **right), agreed(vkey=ANOTHER.vkey), sent()).refused("bad_signature")

    def test_a_proof_of_something_else_proves_nothing(self, command: Any, right: dict[str, str]) -> None:
        carry(replace(command, **sealed(ENDED)), SEALED, sent()).refused("proof_of_another", field="type")

    def test_a_record_that_was_changed_proves_nothing(self, command: Any, right: dict[str, str]) -> None:
        record = from_base64(right["record"]).replace(b'"by"', b'"bY"')
        changed = {**right, "record": to_base64(record)}
        carry(replace(command, **changed), SEALED, sent()).refused("bad_proof")

    def test_what_is_no_base64_proves_nothing(self, command: Any, right: dict[str, str]) -> None:
        changed = {**right, "record": right["record"] + "*"}
        carry(replace(command, **changed), SEALED, sent()).refused("bad_receipt", reason="base64")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (replace(sent_there(), transfer_id="cross_2"), "transfer_id"),
        (replace(sent_there(), peer="peer_dunhua"), "peer"),
        (sent_there(receiver=SUN), "receiver"),
        (sent_there(31), "minutes"),
    ],
)
def test_a_proof_says_what_the_courier_says(told: Fact, field: str) -> None:
    carry(replace(RECEIVE, **sealed(told)), SEALED).refused("proof_of_another", field=field)


def test_a_refusal_for_another_reason_is_not_that_refusal() -> None:
    told = sealed(turned_away(peer=HERE, reason="member_left"))
    carry(replace(RETURN, **told), SEALED, sent()).refused("proof_of_another", field="reason")

"""What one ledger sent comes to the other exactly once, or comes home, wherever the courier stops on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.crossing import Agreement, Answered, Carried, Evidence, Parcel, Side, carry, carry_both_ways
from ledger.base import Command
from ledger.crossings import facts
from ledger.crossings.commands import EndCrossing
from ledger.errors import NotFound
from ledger.seal.notes import from_base64
from tests.crossing.two import PEER_AWAY, Town, facts_of, on_the_way, two_towns
from tests.house.stores import AT_THE_DESK


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[tuple[Town, Town]]:
    """方兴 and 祥和, each in a database of its own, who take the courier's word."""
    home, away = f"sqlite:///{tmp_path / 'home.db'}", f"sqlite:///{tmp_path / 'away.db'}"
    with two_towns(home, away, tmp_path) as both:
        both[0].agree(both[1], proof=False)
        both[1].agree(both[0], proof=False)
        yield both
        for town in both:
            town.check()


def test_hours_leave_one_ledger_and_come_to_the_other(towns: tuple[Town, Town]) -> None:
    home, away = towns
    home.send(away.members[0], 30)
    assert (on_the_way(home, away), home.minutes()[f"hours:{home.members[0]}"]) == (30, 450)

    assert carry(home.side, away.side, PEER_AWAY) == Carried(1, 0, 0, 0)

    assert (home.crossed(), away.crossed(), on_the_way(home, away)) == (30, -30, 0)
    assert away.minutes()[f"hours:{away.members[0]}"] == 510


def test_a_second_round_finds_nothing_to_do(towns: tuple[Town, Town]) -> None:
    home, away = towns
    home.send(away.members[0])
    carry(home.side, away.side, PEER_AWAY)
    before = [len(facts_of(town)) for town in towns]

    assert carry(home.side, away.side, PEER_AWAY).settled == 0
    assert [len(facts_of(town)) for town in towns] == before


def test_both_ways_in_one_round(towns: tuple[Town, Town]) -> None:
    home, away = towns
    home.send(away.members[0], 30)
    away.send(home.members[1], 50)

    there, back = carry_both_ways(home.side, away.side, PEER_AWAY)

    assert (there.arrived, back.arrived) == (1, 1)
    assert (home.crossed(), away.crossed()) == (-20, 20)


def test_what_nobody_can_receive_comes_home(towns: tuple[Town, Town]) -> None:
    home, away = towns
    home.send("mem_nobody", 30)

    assert carry(home.side, away.side, PEER_AWAY).returned == 1

    assert (home.crossed(), away.crossed()) == (0, 0)
    assert home.minutes()[f"hours:{home.members[0]}"] == 480
    assert [one.reason for one in facts_of(home) if isinstance(one, facts.HoursReturned)] == ["no_such_member"]


def test_what_was_sent_before_the_end_still_comes_to_an_end(towns: tuple[Town, Town]) -> None:
    home, away = towns
    home.send(away.members[0])
    for town in towns:
        town.store.application.execute(town.ledger, EndCrossing(peer=town.peer), actor=AT_THE_DESK)

    assert carry(home.side, away.side, PEER_AWAY).returned == 1
    assert on_the_way(home, away) == 0


def test_without_an_agreement_nothing_is_carried(towns: tuple[Town, Town]) -> None:
    home, away = towns
    with pytest.raises(NotFound, match="no_such_peer"):
        carry(home.side, away.side, "peer_dunhua")


# ---- with seals --------------------------------------------------------------------------------------------------------


def test_where_keys_were_agreed_both_wait_for_the_others_seal(towns: tuple[Town, Town]) -> None:
    home, away = towns
    home.agree(away, proof=True)
    away.agree(home, proof=True)
    home.send(away.members[0])

    assert carry(home.side, away.side, PEER_AWAY) == Carried(0, 0, 1, 0)
    assert on_the_way(home, away) == 30
    home.seal()
    assert carry(home.side, away.side, PEER_AWAY) == Carried(0, 0, 1, 0)
    assert on_the_way(home, away) == 0
    away.seal()
    assert carry(home.side, away.side, PEER_AWAY) == Carried(1, 0, 0, 0)

    arrived = next(one for one in facts_of(away) if isinstance(one, facts.HoursArrived))
    confirmed = next(one for one in facts_of(home) if isinstance(one, facts.ArrivalConfirmed))
    assert b"crossing.hours_sent@1" in from_base64(arrived.record)
    assert b"crossing.hours_arrived@1" in from_base64(confirmed.record)


def test_one_that_is_refused_does_not_hold_up_the_others(towns: tuple[Town, Town]) -> None:
    home, away = towns
    home.agree(away, proof=False)
    home.send(away.members[0])
    home.send(away.members[1])
    poor = _Stumbling(away.side, {0: "refuse"})

    assert carry(home.side, poor, PEER_AWAY) == Carried(1, 0, 0, 1)
    assert carry(home.side, away.side, PEER_AWAY) == Carried(1, 0, 0, 0)


# ---- stopped anywhere --------------------------------------------------------------------------------------------------


class _Stopped(Exception):
    """The courier died here."""


class _Stumbling:
    """A side at which the courier dies before or after some of the commands."""

    def __init__(self, side: Side, stumbles: dict[int, str]) -> None:
        self._side, self._stumbles, self._given = side, stumbles, 0

    def agreement(self, peer: str) -> Agreement:
        return self._side.agreement(peer)

    def waiting(self, peer: str) -> list[Parcel]:
        return list(self._side.waiting(peer))

    def answered(self, transfer_id: str) -> Answered | None:
        return self._side.answered(transfer_id)

    def evidence(self, position: int) -> Evidence | None:
        return self._side.evidence(position)

    def give(self, command: Command) -> None:
        when = self._stumbles.pop(self._given, "")
        self._given += 1
        if when == "refuse":
            raise NotFound("no_such_peer")
        if when == "before":
            raise _Stopped
        self._side.give(command)
        if when == "after":
            raise _Stopped


STEPS = st.dictionaries(st.integers(0, 12), st.sampled_from(["before", "after"]), max_size=6)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sends=st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 9)), min_size=1, max_size=5),
    there=STEPS,
    here=STEPS,
)
def test_wherever_the_courier_dies_each_transfer_ends_once_and_no_minute_is_lost(
    towns: tuple[Town, Town], sends: list[tuple[bool, bool, int]], there: dict[int, str], here: dict[int, str]
) -> None:
    home, away = towns
    before = _all_minutes(home, away)
    for outward, known, minutes in sends:
        one, other = (home, away) if outward else (away, home)
        one.send(other.members[0] if known else "mem_nobody", minutes)
    lame_home, lame_away = _Stumbling(home.side, here), _Stumbling(away.side, there)

    while here or there:
        try:
            carry_both_ways(lame_home, lame_away, PEER_AWAY)
            break
        except _Stopped:
            assert on_the_way(home, away) >= 0
        assert _all_minutes(home, away) == before
    carry_both_ways(home.side, away.side, PEER_AWAY)

    assert on_the_way(home, away) == 0
    for one, other in ((home, away), (away, home)):
        sent = [fact.transfer_id for fact in facts_of(one) if isinstance(fact, facts.HoursSent)]
        arrived = [fact.transfer_id for fact in facts_of(other) if isinstance(fact, facts.HoursArrived)]
        home_again = [fact.transfer_id for fact in facts_of(one) if isinstance(fact, facts.HoursReturned)]
        assert sorted(sent) == sorted(arrived + home_again)


def _all_minutes(home: Town, away: Town) -> int:
    """What people of both ledgers have, and what is between them: no crossing changes it."""
    people = [
        balance
        for town in (home, away)
        for account, balance in town.minutes().items()
        if account.startswith(("hours:mem_", "hours:pool"))
    ]
    return sum(people) + on_the_way(home, away)


def test_two_couriers_at_once_carry_each_transfer_once(towns: tuple[Town, Town]) -> None:
    home, away = towns
    sent = [home.send(away.members[turn % 2], 1, giver=turn % 2) for turn in range(12)]
    failures: list[BaseException] = []

    def run() -> None:
        try:
            carry(home.side, away.side, PEER_AWAY)
        except BaseException as error:  # told by the test itself
            failures.append(error)

    couriers = [Thread(target=run) for _ in range(4)]
    for one in couriers:
        one.start()
    for one in couriers:
        one.join()

    assert failures == []
    arrived = [fact.transfer_id for fact in facts_of(away) if isinstance(fact, facts.HoursArrived)]
    confirmed = [fact.transfer_id for fact in facts_of(home) if isinstance(fact, facts.ArrivalConfirmed)]
    assert sorted(sent) == sorted(arrived) == sorted(confirmed)
    assert on_the_way(home, away) == 0

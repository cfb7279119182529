"""The code of a shift: made from the vault's key, checked before the decision, and nowhere in the journal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from api.store import Store
from ledger.application import Actor, Outcome
from ledger.clock import MICROS_PER_MINUTE, at_time
from ledger.errors import NotYours, NuanlinError, Refused
from ledger.places.commands import AddPlace
from ledger.places.facts import PlaceAdded
from ledger.rehearsal import Rehearsal
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.codes import code_of, ends_at, step_of, step_shown
from ledger.shifts.state import Shift
from tests.house.stores import AT_THE_DESK, LEDGER, add_members, open_ledger, store_at
from tests.ledger.given import NOW, TODAY

STEPS = st.integers(0, 2**40)


def keyed(purpose: str, text: bytes) -> str:
    """Stands in for the vault's digest; here anybody could make it."""
    import base64
    import hashlib

    digest = hashlib.blake2b(text, key=purpose.encode(), digest_size=16).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@drawn(step=STEPS, shift=st.sampled_from(("shift_1", "shift_2")))
def test_a_code_is_two_groups_of_four_and_found_again_however_it_is_typed(step: int, shift: str) -> None:
    code = code_of(keyed, shift, step)
    assert [len(part) for part in code.split("-")] == [4, 4]
    now_at = step * MICROS_PER_MINUTE + 17
    typed = (code, code.lower(), code.replace("-", " "), code.replace("0", "O").replace("1", "l"))
    assert {step_shown(keyed, shift, one, now_at) for one in typed} == {step}


@drawn(step=STEPS)
def test_every_minute_and_every_shift_has_a_code_of_its_own(step: int) -> None:
    codes = {code_of(keyed, shift, step + more) for shift in ("shift_1", "shift_2") for more in range(5)}
    assert len(codes) == 10


@drawn(step=st.integers(100, 2**40), off=st.integers(-40, 40))
def test_a_code_is_recognised_half_an_hour_back_and_a_minute_ahead(step: int, off: int) -> None:
    code, now_at = code_of(keyed, "shift_1", step + off), step * MICROS_PER_MINUTE
    if -30 <= off <= 1:
        assert step_shown(keyed, "shift_1", code, now_at) == step + off
    else:
        with pytest.raises(Refused, match="wrong_code"):
            step_shown(keyed, "shift_1", code, now_at)


@pytest.mark.parametrize("code", ["", "ABCD", "签到码签到码签到", "ABCD-EFGH-", "0" * 4_000])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(Refused, match="wrong_code"):
        step_shown(keyed, "shift_1", code, NOW)


def test_a_code_holds_for_its_minute() -> None:
    assert ends_at(step_of(NOW)) - NOW == MICROS_PER_MINUTE
    assert step_of(ends_at(step_of(NOW)) - 1) == step_of(NOW)
    assert step_of(ends_at(step_of(NOW))) == step_of(NOW) + 1


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self.now_at = at_time(TODAY, 13, 50)

    def __call__(self) -> int:
        return self.now_at


class Watch:
    """A store with one watch from two to four, and members who signed up for it."""

    def __init__(self, store: Store, hands: Hands, people: int, capacity: int) -> None:
        self.store, self.hands = store, hands
        self.members = add_members(store, people, minutes=0)
        self.head, *self.others = self.members
        added = self.give(AddPlace(kind="courtyard", name="祥云院")).facts[0]
        assert isinstance(added, PlaceAdded)
        single = do.ScheduleShift(
            name="值守", place=added.place_id, in_charge=self.head, start_at=at_time(TODAY, 14, 0),
            end_at=at_time(TODAY, 16, 0), capacity=capacity,
        )  # fmt: skip
        self.give(single)
        self.shift_id = single.shift_id

    def give(self, command: object, by: str | None = None) -> Outcome:
        """Somebody gives a command."""
        actor = AT_THE_DESK if by is None else Actor(by)
        return self.store.application.execute(LEDGER, command, actor=actor)  # type: ignore[arg-type]  # any command

    def code(self) -> str:
        """What is on the screen now."""
        return code_of(partial(self.store.vault.blind, LEDGER), self.shift_id, step_of(self.hands()))

    def shift(self) -> Shift:
        """How the shift stands."""
        return self.store.application.view(LEDGER).state(Shift, self.shift_id)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def store(store_url: str, tmp_path: Path, hands: Hands) -> Iterator[Store]:
    with store_at(store_url, tmp_path, clock=hands) as opened:
        open_ledger(opened)
        yield opened


def test_the_application_checks_the_code_and_the_journal_holds_only_the_minute(store: Store, hands: Hands) -> None:
    watch = Watch(store, hands, 2, 5)
    (wang,) = watch.others
    watch.give(do.SignUp(shift_id=watch.shift_id, member=wang), wang)
    code = watch.code()

    came = watch.give(do.CheckIn(shift_id=watch.shift_id, member=wang, code=code), wang).facts[0]

    assert isinstance(came, facts.CheckedIn)
    assert came.step == step_of(hands())
    with store.database.reading() as cursor:
        cursor.execute("SELECT data FROM events")
        stored = b"\n".join(bytes(row[0]) for row in cursor.fetchall())
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored


def test_nobody_comes_in_by_naming_the_minute_instead_of_its_code(store: Store, hands: Hands) -> None:
    watch = Watch(store, hands, 2, 5)
    (wang,) = watch.others
    watch.give(do.SignUp(shift_id=watch.shift_id, member=wang), wang)
    bare = do.CheckIn(shift_id=watch.shift_id, member=wang, step=step_of(hands()))
    with pytest.raises(Refused, match="wrong_code"):
        watch.give(bare, wang)
    rehearsed = Rehearsal(store.application, LEDGER, Actor(wang))
    from ledger.application import Order

    (answer,) = rehearsed.execute_many([Order(bare)])
    assert isinstance(answer, Refused)


def test_a_stranger_is_not_told_whether_a_code_is_right(store: Store, hands: Hands) -> None:
    watch = Watch(store, hands, 3, 5)
    wang, li = watch.others
    watch.give(do.SignUp(shift_id=watch.shift_id, member=wang), wang)
    with pytest.raises(NotYours, match="not_allowed"):
        watch.give(do.CheckIn(shift_id=watch.shift_id, member=wang, code="ABCD-EFGH"), li)


def test_the_same_code_serves_many_but_nobody_twice(store: Store, hands: Hands) -> None:
    watch = Watch(store, hands, 3, 5)
    for member in watch.others:
        watch.give(do.SignUp(shift_id=watch.shift_id, member=member), member)
    code = watch.code()
    for member in watch.others:
        watch.give(do.CheckIn(shift_id=watch.shift_id, member=member, code=code), member)
    with pytest.raises(NuanlinError, match="code_used"):
        watch.give(do.CheckOut(shift_id=watch.shift_id, member=watch.others[0], code=code), watch.others[0])
    hands.now_at += MICROS_PER_MINUTE
    watch.give(do.CheckOut(shift_id=watch.shift_id, member=watch.others[0], code=watch.code()), watch.others[0])
    assert [seat.status for seat in watch.shift().seats.values()] == ["out", "in"]


def test_twelve_who_press_at_once_get_three_places_and_nine_wait(store: Store, hands: Hands) -> None:
    watch = Watch(store, hands, 13, 3)
    failures: list[BaseException] = []

    def press(member: str) -> None:
        try:
            watch.give(do.SignUp(shift_id=watch.shift_id, member=member), member)
        except BaseException as error:  # told to the test
            failures.append(error)

    threads = [threading.Thread(target=press, args=(member,)) for member in watch.others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert (watch.shift().taken(), len(watch.shift().waiting())) == (3, 9)


def test_one_code_pressed_many_times_at_once_checks_in_once(store: Store, hands: Hands) -> None:
    watch = Watch(store, hands, 2, 3)
    (wang,) = watch.others
    watch.give(do.SignUp(shift_id=watch.shift_id, member=wang), wang)
    code, codes = watch.code(), list[str]()

    def press() -> None:
        try:
            watch.give(do.CheckIn(shift_id=watch.shift_id, member=wang, code=code), wang)
        except NuanlinError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == ["already_checked_in"] * 7

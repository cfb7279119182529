"""Whatever order people come, go, forget and are entered in: nobody is counted twice, nor for a minute they were not there."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given as drawn
from hypothesis import strategies as st

from ledger.base import Scene
from ledger.clock import DEFAULT_ZONE, MICROS_PER_MINUTE, MICROS_PER_SECOND
from ledger.errors import NuanlinError
from ledger.hours.facts import SessionRecorded, SessionVerified
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.codes import step_of
from ledger.shifts.decisions import RULES
from ledger.shifts.state import Shift
from tests.ledger.cast import CHEN, LI, PEOPLE, SUN, WANG, ZHAO
from tests.ledger.given import TODAY, Folded
from tests.ledger.shifts.told import SHIFT, at, scheduled, signed

NAMES = (WANG, ZHAO, SUN)
DEEDS = ("in", "out", "in", "out", "sign_up", "withdraw", "close", "attest", "confirm", "paper")


def command_of(deed: str, member: str, number: int, now_at: int, slip: int) -> Any:
    """What is asked for; `slip` makes codes and times now and then wrong."""
    step = step_of(now_at) + slip
    return {
        "sign_up": do.SignUp(signup_id=f"sgn_{number}", shift_id=SHIFT, member=member),
        "withdraw": do.WithdrawSignup(shift_id=SHIFT, member=member),
        "in": do.CheckIn(shift_id=SHIFT, member=member, step=step),
        "out": do.CheckOut(session_id=f"ses_{number}", shift_id=SHIFT, member=member, step=step),
        "close": do.CloseShift(shift_id=SHIFT),
        "attest": do.AttestCheckOut(
            session_id=f"ses_{number}", shift_id=SHIFT, member=member, out_at=now_at + slip * MICROS_PER_MINUTE
        ),
        "confirm": do.ConfirmShift(shift_id=SHIFT),
        "paper": do.RecordPaperList(
            list_id=f"list_{number}", shift_id=SHIFT, guarantor=LI,
            rows=(do.PaperRow(member=member, from_minute=14 * 60 + slip, to_minute=15 * 60),),
        ),
    }[deed]  # fmt: skip


@drawn(
    story=st.lists(
        st.tuples(
            st.sampled_from(DEEDS), st.sampled_from(NAMES), st.integers(0, 900), st.sampled_from((0, 0, 0, 0, 1, -1, 2))
        ),
        min_size=15,
        max_size=40,
    )
)
def test_one_session_each_from_coming_to_going(story: list[tuple[str, str, int, int]]) -> None:
    view = Folded(*PEOPLE, scheduled(capacity=2), signed(), signed("sgn_zhao", ZHAO))
    now_at = at(13, 40)
    told: list[Any] = []
    for number, (deed, member, seconds, slip) in enumerate(story):
        now_at += seconds * MICROS_PER_SECOND
        actor, role = (CHEN, "community_worker") if deed in ("close", "attest", "confirm", "paper") else (member, "")
        scene = Scene(now_at=now_at, today=TODAY, zone=DEFAULT_ZONE, actor=actor, role=role)
        try:
            happened = RULES[type(command := command_of(deed, member, number, now_at, slip))](view, command, scene)
        except NuanlinError:
            continue
        view.add(*happened)
        told += happened

    sessions = [one for one in told if isinstance(one, SessionRecorded)]
    assert max(Counter(one.volunteer for one in sessions).values(), default=0) <= 1
    came = {one.member: one for one in told if isinstance(one, facts.CheckedIn)}
    gone = {one.session_id: one.checked_at for one in told if isinstance(one, facts.CheckedOut)}
    for one in sessions:
        assert one.minutes > 0
        if one.origin == "scanned":
            start, end = came[one.volunteer].checked_at, gone[one.session_id]
            assert one.minutes == end // MICROS_PER_MINUTE - start // MICROS_PER_MINUTE
    verified = [one.session_id for one in told if isinstance(one, SessionVerified)]
    assert len(verified) == len(set(verified))
    steps = [(one.member, one.step) for one in told if isinstance(one, facts.CheckedIn | facts.CheckedOut)]
    assert len(steps) == len(set(steps)), "a code counted twice for one person"
    on_paper = sum(1 for one in told if isinstance(one, facts.PaperRowEntered) and one.session_id)
    assert view.state(Shift, SHIFT).taken() <= 2 + on_paper, (
        "who waited may have served all the same, as the paper shows"
    )

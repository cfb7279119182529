"""Decisions about calls at a response level (平时 / 急时 / 战时, M14): call-outs, and drills, which are answered alike."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import MICROS_PER_MINUTE
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, Refused
from ledger.partners import commands as do
from ledger.partners import facts
from ledger.partners.agreements import Agreements
from ledger.partners.commands import LEVELS
from ledger.partners.guards import check_pieces, need_unit, place_known
from ledger.partners.state import CallState, need_open_call


def _check_new(view: View, c: do.CallOut | do.CallDrill) -> None:
    place_known(view, c.place)
    if view.state(CallState, check_id(c.callout_id, "call")).begun is not None:
        raise Conflict("call_exists", call=c.callout_id)


def call_out(view: View, c: do.CallOut, scene: Scene) -> list[Fact]:
    """See `CallOut`."""
    _check_new(view, c)
    return [
        facts.CalledOut(
            callout_id=c.callout_id,
            level=c.level,
            place=c.place,
            called_at=scene.now_at,
            called_by=scene.actor,
            words=scene.sealed,
        )
    ]


def call_drill(view: View, c: do.CallDrill, scene: Scene) -> list[Fact]:
    """See `CallDrill`."""
    _check_new(view, c)
    return [
        facts.DrillCalled(
            callout_id=c.callout_id,
            level=c.level,
            place=c.place,
            called_at=scene.now_at,
            called_by=scene.actor,
            words=scene.sealed,
        )
    ]


def answer_call(view: View, c: do.AnswerCall, scene: Scene) -> list[Fact]:
    """See `AnswerCall`; a unit answers once, at a level it signed for or a lower one. What is answered to a drill is
    practice and no call-out."""
    need_unit(view, c.unit)
    check_may_act(view, c.unit, scene.today)
    call, called = need_open_call(view, c.callout_id)
    needed = LEVELS.index(called.level)
    if all(LEVELS.index(signed.level) < needed for signed in view.state(Agreements, c.unit).valid_on(scene.today)):
        raise Refused("level_not_signed", level=called.level)
    if c.unit in call.answered:
        raise Conflict("already_answered", unit=c.unit)
    check_pieces(view, c.people, scene.today)
    answered = facts.CallAnswered if call.drilled is None else facts.DrillAnswered
    return [
        answered(
            callout_id=c.callout_id,
            unit=c.unit,
            level=called.level,
            people=c.people,
            response_minutes=max(0, scene.now_at - called.called_at) // MICROS_PER_MINUTE,
            answered_by=scene.actor,
            day=scene.today,
        )
    ]


def end_call(view: View, c: do.EndCall, scene: Scene) -> list[Fact]:
    """See `EndCall`."""
    call, _ = need_open_call(view, c.callout_id)
    ended = facts.CallEnded if call.drilled is None else facts.DrillEnded
    return [ended(callout_id=c.callout_id, ended_by=scene.actor)]


CALL_RULES: dict[type[Command], Decide] = {
    do.CallOut: call_out,
    do.CallDrill: call_drill,
    do.AnswerCall: answer_call,
    do.EndCall: end_call,
}

"""Decisions about partner units: agreements, contributions, call-outs (M14); goods on offer are in `goods`."""

from __future__ import annotations

from datetime import date

from ledger.base import Command, Fact, Right, Rule, Scene, View
from ledger.checks import check_id
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.partners import commands as do
from ledger.partners import facts
from ledger.partners.agreements import Agreements
from ledger.partners.commands import LEVELS
from ledger.partners.goods import GOODS_RULES
from ledger.partners.guards import check_item, check_pieces, need_unit, not_for_own_unit, place_known, plausible_day
from ledger.partners.state import Agreement, CallState, need_open_call
from ledger.policy.state import SINCE_EVER
from ledger.units import check_fen, check_minutes

TERM_YEARS = 10
"""The longest term of an agreement, and how far ahead it may begin (choice)."""

_WORKER = frozenset({"community_worker"})
_OFFICE = frozenset({"community_worker", "administrator"})


def _years_before(day: date) -> tuple[int, int, int]:
    """The day `TERM_YEARS` earlier, comparable also where the calendar has no such day."""
    return day.year - TERM_YEARS, day.month, day.day


def _check_term(c: do.SignAgreement, today: date) -> None:
    begins = (c.from_day.year, c.from_day.month, c.from_day.day)
    if c.from_day < SINCE_EVER or _years_before(c.from_day) > (today.year, today.month, today.day):
        raise Refused("implausible_date", day=c.from_day.isoformat())
    if c.until_day <= c.from_day or _years_before(c.until_day) > begins:
        raise Refused("bad_term", from_day=c.from_day.isoformat(), until_day=c.until_day.isoformat(), years=TERM_YEARS)


def sign_agreement(view: View, c: do.SignAgreement, scene: Scene) -> list[Fact]:
    """See `SignAgreement`; first and last day of the term count, and nobody signs for both sides."""
    need_unit(view, c.unit)
    not_for_own_unit(view, scene, c.unit)
    _check_term(c, scene.today)
    place_known(view, c.place)
    if view.state(Agreement, check_id(c.agreement_id, "agr")).signed is not None:
        raise Conflict("agreement_exists", agreement=c.agreement_id)
    for other in view.state(Agreements, c.unit).signed.values():
        same = (other.tier, other.place) == (c.tier, c.place)
        if same and other.from_day <= c.until_day and c.from_day <= other.until_day:
            raise Refused("agreement_overlaps", agreement=other.agreement_id)
    return [
        facts.AgreementSigned(
            agreement_id=c.agreement_id,
            unit=c.unit,
            tier=c.tier,
            place=c.place,
            level=c.level,
            from_day=c.from_day,
            until_day=c.until_day,
        )
    ]


def end_agreement(view: View, c: do.EndAgreement, scene: Scene) -> list[Fact]:
    """See `EndAgreement`; the unit's own people can only say that the unit ends it."""
    agreement = view.state(Agreement, c.agreement_id)
    if agreement.signed is None or agreement.signed.unit != c.unit:
        raise NotFound("no_such_agreement", agreement=c.agreement_id)
    if agreement.ended or agreement.signed.until_day < scene.today:
        raise Conflict("agreement_ended", agreement=c.agreement_id)
    if scene.role not in _OFFICE and c.reason != "by_partner":
        raise NotYours("reason_not_yours_to_state", reason=c.reason)
    return [facts.AgreementEnded(agreement_id=c.agreement_id, unit=c.unit, reason=c.reason, day=scene.today)]


def record_contribution(view: View, c: do.RecordContribution, scene: Scene) -> list[Fact]:
    """See `RecordContribution`; accepted by somebody who does not represent the giver."""
    need_unit(view, c.unit)
    not_for_own_unit(view, scene, c.unit)
    if c.kind == "goods" and not c.item:
        raise Refused("item_missing")
    if c.item:
        check_item(c.item)
    if c.kind in ("venue", "hours"):
        check_minutes(c.quantity)
    else:
        check_pieces(view, c.quantity, scene.today)
    if c.value_fen is not None:
        check_fen(c.value_fen)
    place_known(view, c.place)
    return [
        facts.PartnerContributed(
            contribution_id=check_id(c.contribution_id, "con"),
            unit=c.unit,
            kind=c.kind,
            item=c.item,
            quantity=c.quantity,
            value_fen=c.value_fen,
            place=c.place,
            day=plausible_day(c.day, scene.today),
            accepted_by=scene.actor,
            words=scene.sealed,
        )
    ]


def call_out(view: View, c: do.CallOut, scene: Scene) -> list[Fact]:
    """See `CallOut`."""
    place_known(view, c.place)
    if view.state(CallState, check_id(c.callout_id, "call")).called is not None:
        raise Conflict("call_exists", call=c.callout_id)
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


def answer_call(view: View, c: do.AnswerCall, scene: Scene) -> list[Fact]:
    """See `AnswerCall`; a unit answers once, at a level it signed for or a lower one."""
    need_unit(view, c.unit)
    call, called = need_open_call(view, c.callout_id)
    needed = LEVELS.index(called.level)
    if all(LEVELS.index(signed.level) < needed for signed in view.state(Agreements, c.unit).valid_on(scene.today)):
        raise Refused("level_not_signed", level=called.level)
    if c.unit in call.answered:
        raise Conflict("already_answered", unit=c.unit)
    check_pieces(view, c.people, scene.today)
    return [
        facts.CallAnswered(
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
    need_open_call(view, c.callout_id)
    return [facts.CallEnded(callout_id=c.callout_id, ended_by=scene.actor)]


RULES: dict[type[Command], Rule] = {
    do.SignAgreement: Rule(decide=sign_agreement, right=Right(roles=_OFFICE)),
    do.EndAgreement: Rule(decide=end_agreement, right=Right(roles=_OFFICE, own=("unit",))),
    do.RecordContribution: Rule(decide=record_contribution, right=Right(roles=_WORKER)),
    do.CallOut: Rule(decide=call_out, right=Right(roles=_OFFICE)),
    do.AnswerCall: Rule(decide=answer_call, right=Right(roles=_WORKER, own=("unit",))),
    do.EndCall: Rule(decide=end_call, right=Right(roles=_OFFICE)),
    **GOODS_RULES,
}

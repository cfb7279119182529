"""Decisions about partner units: agreements and contributions (M14). Goods on offer, calls, pairing, dual report, the menu
and the quarter's sheet have modules of their own beside."""

from __future__ import annotations

from datetime import date

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.conduct.state import check_may_act, check_not_barred
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.partners import commands as do
from ledger.partners import facts
from ledger.partners.agreements import Agreements
from ledger.partners.calls import CALL_RULES
from ledger.partners.feedback import FEEDBACK_RULES
from ledger.partners.goods import GOODS_RULES
from ledger.partners.guards import check_item, check_pieces, need_unit, not_for_own_unit, place_known
from ledger.partners.menu import MENU_RULES
from ledger.partners.pairing import PAIRING_RULES
from ledger.partners.reporting import REPORTING_RULES
from ledger.partners.state import Agreement
from ledger.policy.state import SINCE_EVER, plausible_day
from ledger.units import check_fen, check_minutes

TERM_YEARS = 10
"""The longest term of an agreement, and how far ahead it may begin (choice)."""

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
    """See `SignAgreement`; first and last day of the term count, and nobody signs for both sides.

    A unit that left the partnership comes back by signing again; one that is on the blacklist does not.
    """
    need_unit(view, c.unit)
    not_for_own_unit(view, scene, c.unit)
    check_not_barred(view, c.unit, scene.today)
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
    """See `RecordContribution`; accepted by somebody who does not represent the giver.

    What a unit gave before it was blacklisted or left can still be booked, on the day of the gift.
    """
    need_unit(view, c.unit)
    not_for_own_unit(view, scene, c.unit)
    day = plausible_day(c.day, scene.today)
    check_may_act(view, c.unit, day)
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
            day=day,
            accepted_by=scene.actor,
            words=scene.sealed,
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.SignAgreement: sign_agreement,
    do.EndAgreement: end_agreement,
    do.RecordContribution: record_contribution,
    **CALL_RULES,
    **FEEDBACK_RULES,
    **GOODS_RULES,
    **MENU_RULES,
    **PAIRING_RULES,
    **REPORTING_RULES,
}

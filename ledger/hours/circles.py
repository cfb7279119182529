"""On what terms a member banks and gives hours: kin, donation-only, guardians of minors (domain.md §2)."""

from __future__ import annotations

from datetime import date

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours import commands as do
from ledger.hours import facts
from ledger.hours.state import KinTie, Terms
from ledger.parties.state import Standing, acts_for, need_member
from ledger.policy.state import policy_of

_MOST_YEARS = 14


def guardian_of(view: View, member_id: str) -> str | None:
    """The guardian of a minor; None for others, and once the guardian is no proxy any more."""
    standing = view.state(Standing, member_id)
    return standing.guardian if standing.guardian in standing.proxies else None


def check_guarded(view: View, member_id: str, scene: Scene) -> None:
    """A minor spends through a guardian; raises NotYours `minor_needs_guardian`."""
    if scene.actor == member_id and guardian_of(view, member_id) is not None:
        raise NotYours("minor_needs_guardian", member=member_id)


def check_consented(view: View, member_id: str, day: date, scene: Scene) -> None:
    """Where policy asks for it a minor's service is recorded with a guardian's consent (PIPL §31).

    Raises Refused `guardian_consent_missing`.
    """
    if policy_of(view).number("privacy.guardian_consent", scene.today) and guardian_of(view, member_id) is not None:
        until_day = view.state(Terms, member_id).consented_until
        if until_day is None or until_day < day:
            raise Refused("guardian_consent_missing", member=member_id)


def check_gift_to(view: View, giver: str, receiver: str, scene: Scene) -> None:
    """Where policy limits gifts to kin, the receiver is kin; raises Refused `gift_beyond_kin`."""
    if policy_of(view).text("hours.gifts_to", scene.today) == "kin" and receiver not in view.state(Terms, giver).kin:
        raise Refused("gift_beyond_kin", receiver=receiver)


# ---- kin -------------------------------------------------------------------------------------------------------------


def propose_kin(view: View, c: do.ProposeKin, scene: Scene) -> list[Fact]:
    """See `ProposeKin`."""
    check_id(c.kin_id, "kin")
    if view.state(KinTie, c.kin_id).status:
        raise Conflict("kin_exists", kin=c.kin_id)
    need_member(view, c.member)
    need_member(view, c.kin)
    if c.member == c.kin:
        raise Refused("kin_of_oneself")
    if c.kin in view.state(Terms, c.member).kin:
        raise Conflict("kin_exists", kin=c.kin)
    return [
        facts.KinProposed(kin_id=c.kin_id, member=c.member, kin=c.kin, relation=c.relation, proposed_by=scene.actor)
    ]


def _tie(view: View, kin_id: str) -> tuple[str, facts.KinProposed]:
    tie = view.state(KinTie, kin_id)
    if tie.proposed is None:
        raise NotFound("no_such_kin", kin=kin_id)
    return tie.status, tie.proposed


def register_kin(view: View, c: do.RegisterKin, scene: Scene) -> list[Fact]:
    """See `RegisterKin`; one hand never says both words."""
    status, proposed = _tie(view, c.kin_id)
    if proposed.kin != c.kin:
        raise NotFound("no_such_kin", kin=c.kin_id)
    if status != "proposed":
        raise Conflict("kin_settled", kin=c.kin_id, status=status)
    if scene.actor == proposed.proposed_by:
        raise NotYours("second_person_needed")
    need_member(view, proposed.member)
    need_member(view, c.kin)
    if c.kin in view.state(Terms, proposed.member).kin:
        raise Conflict("kin_exists", kin=c.kin)
    return [
        facts.KinRegistered(
            kin_id=c.kin_id,
            member=proposed.member,
            kin=proposed.kin,
            relation=proposed.relation,
            confirmed_by=scene.actor,
        )
    ]


def end_kin(view: View, c: do.EndKin, scene: Scene) -> list[Fact]:
    """See `EndKin`; also of what was only proposed, and of somebody who left."""
    status, proposed = _tie(view, c.kin_id)
    if c.member not in (proposed.member, proposed.kin):
        raise NotFound("no_such_kin", kin=c.kin_id)
    if status == "ended":
        raise Conflict("kin_settled", kin=c.kin_id, status=status)
    return [facts.KinEnded(kin_id=c.kin_id, member=proposed.member, kin=proposed.kin, ended_by=scene.actor)]


# ---- donation-only -----------------------------------------------------------------------------------------------------


def begin_donation_only(view: View, c: do.BeginDonationOnly, scene: Scene) -> list[Fact]:
    """See `BeginDonationOnly`."""
    need_member(view, c.member)
    if view.state(Terms, c.member).donation_only:
        raise Conflict("donation_only_already", member=c.member)
    return [facts.DonationOnlyBegun(member=c.member, reason=c.reason, begun_by=scene.actor)]


def end_donation_only(view: View, c: do.EndDonationOnly, scene: Scene) -> list[Fact]:
    """See `EndDonationOnly`."""
    need_member(view, c.member)
    if not view.state(Terms, c.member).donation_only:
        raise Conflict("not_donation_only", member=c.member)
    return [facts.DonationOnlyEnded(member=c.member, ended_by=scene.actor)]


# ---- guardians ---------------------------------------------------------------------------------------------------------


def _guardian(view: View, member_id: str, scene: Scene) -> str:
    """The guardian, who alone speaks; raises Refused `no_guardian`, NotYours `only_the_guardian`."""
    need_member(view, member_id)
    guardian = guardian_of(view, member_id)
    if guardian is None:
        raise Refused("no_guardian", member=member_id)
    if not acts_for(view, scene.actor, guardian):
        raise NotYours("only_the_guardian", member=member_id)
    return guardian


def consent_as_guardian(view: View, c: do.ConsentAsGuardian, scene: Scene) -> list[Fact]:
    """See `ConsentAsGuardian`; whoever is fourteen decides for themselves, so that no consent is for longer."""
    guardian = _guardian(view, c.member, scene)
    if not scene.today <= c.until_day <= scene.today.replace(year=scene.today.year + _MOST_YEARS, day=1):
        raise Refused("implausible_date", day=c.until_day.isoformat())
    return [facts.GuardianConsented(member=c.member, guardian=guardian, until_day=c.until_day)]


def withdraw_consent(view: View, c: do.WithdrawConsent, scene: Scene) -> list[Fact]:
    """See `WithdrawConsent`."""
    guardian = _guardian(view, c.member, scene)
    if view.state(Terms, c.member).consented_until is None:
        raise Conflict("no_consent_given", member=c.member)
    return [facts.GuardianWithdrew(member=c.member, guardian=guardian)]


CIRCLE_RULES: dict[type[Command], Decide] = {
    do.ProposeKin: propose_kin,
    do.RegisterKin: register_kin,
    do.EndKin: end_kin,
    do.BeginDonationOnly: begin_donation_only,
    do.EndDonationOnly: end_donation_only,
    do.ConsentAsGuardian: consent_as_guardian,
    do.WithdrawConsent: withdraw_consent,
}

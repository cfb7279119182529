"""Decisions of the time bank (domain.md §2, Hours): lapse and certificates here, the rest in the modules beside."""

from __future__ import annotations

from datetime import timedelta

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.errors import Refused
from ledger.hours import commands as do
from ledger.hours import facts
from ledger.hours.checking import (
    approve_correction,
    refuse_correction,
    reject_session,
    request_correction,
    verify_session,
)
from ledger.hours.circles import CIRCLE_RULES
from ledger.hours.records import deposit_session, record_session
from ledger.hours.spending import (
    donate_hours,
    expire_reservation,
    give_hours,
    grant_from_pool,
    release_reservation,
    reserve_hours,
    settle_reservation,
)
from ledger.hours.state import Account
from ledger.parties.state import need_member
from ledger.policy.state import policy_of


def lapse_hours(view: View, c: do.LapseHours, scene: Scene) -> list[Fact]:
    """See `LapseHours`; what was spent is taken from the oldest minutes first."""
    need_member(view, c.member)
    months = policy_of(view).number_or_none("hours.expiry_months", scene.today)
    if months is None:
        raise Refused("hours_do_not_lapse")
    first_of_month = scene.today.replace(day=1)
    for _ in range(months):
        first_of_month = (first_of_month - timedelta(days=1)).replace(day=1)
    account = view.state(Account, c.member)
    cutoff = (first_of_month.year, first_of_month.month)
    old = sum(minutes for month, minutes in account.earned_by_month.items() if month < cutoff)
    due = min(old - account.spent, account.usable)
    if due <= 0:
        raise Refused("nothing_to_lapse")
    return [facts.HoursLapsed(member=c.member, minutes=due, earned_before=first_of_month)]


def issue_certificate(view: View, c: do.IssueCertificate, scene: Scene) -> list[Fact]:
    """See `IssueCertificate`."""
    check_id(c.certificate_id, "cert")
    need_member(view, c.member)
    account = view.state(Account, c.member)
    if account.first_day is None or account.last_day is None or account.earned <= 0:
        raise Refused("no_service_to_certify")
    return [
        facts.CertificateIssued(
            certificate_id=c.certificate_id,
            member=c.member,
            minutes=account.earned,
            sessions=account.sessions,
            first_day=account.first_day,
            last_day=account.last_day,
            issued_by=scene.actor,
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.RecordSession: record_session,
    do.DepositSession: deposit_session,
    do.VerifySession: verify_session,
    do.RejectSession: reject_session,
    do.RequestCorrection: request_correction,
    do.ApproveCorrection: approve_correction,
    do.RefuseCorrection: refuse_correction,
    do.GiveHours: give_hours,
    do.DonateHours: donate_hours,
    do.GrantFromPool: grant_from_pool,
    do.ReserveHours: reserve_hours,
    do.SettleReservation: settle_reservation,
    do.ReleaseReservation: release_reservation,
    do.ExpireReservation: expire_reservation,
    do.LapseHours: lapse_hours,
    do.IssueCertificate: issue_certificate,
    **CIRCLE_RULES,
}

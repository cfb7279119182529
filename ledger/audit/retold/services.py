"""How the commands of the engine `services` are told again from their facts."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.audit.story import Leads, Special, Story
from ledger.base import Command, View
from ledger.conduct import commands as ask_conduct
from ledger.conduct import facts as conduct
from ledger.crossings import commands as ask_crossing
from ledger.crossings import facts as crossing
from ledger.hours import commands as ask_hours
from ledger.hours import facts as hours
from ledger.services import commands as ask_service
from ledger.services import facts as service

LEADS: Leads = (
    (ask_crossing.AgreeCrossing, crossing.CrossingAgreed),
    (ask_crossing.EndCrossing, crossing.CrossingEnded),
    (ask_crossing.SendHours, crossing.HoursSent),
    (ask_crossing.ReceiveHours, crossing.HoursArrived),
    (ask_crossing.ReceiveHours, crossing.HoursTurnedAway),
    (ask_crossing.ConfirmArrival, crossing.ArrivalConfirmed),
    (ask_crossing.ReturnHours, crossing.HoursReturned),
    (ask_service.DeclareService, service.ServiceDeclared),
    (ask_service.WithdrawService, service.ServiceWithdrawn),
    (ask_service.ReserveService, service.ServiceReserved),
    (ask_service.PerformService, service.ServicePerformed),
    (ask_service.ConfirmService, service.ServiceSettled),
    (ask_service.ExpireService, service.ServiceSettled),
    (ask_service.ContestService, service.PerformanceContested),
    (ask_service.CancelService, service.ServiceCancelled),
    (ask_service.ExpireService, service.ServiceCancelled),
    (ask_service.OpenNeedGroup, service.NeedGroupOpened),
    (ask_service.AskForNeed, service.NeedAsked),
    (ask_service.AdmitNeed, service.NeedAdmitted),
    (ask_service.EndNeed, service.NeedEnded),
    (ask_service.OpenSource, service.SourceOpened),
    (ask_service.GrantOpening, service.OpeningGranted),
    (ask_hours.ProposeKin, hours.KinProposed),
    (ask_hours.RegisterKin, hours.KinRegistered),
    (ask_hours.EndKin, hours.KinEnded),
    (ask_hours.BeginDonationOnly, hours.DonationOnlyBegun),
    (ask_hours.EndDonationOnly, hours.DonationOnlyEnded),
    (ask_hours.ConsentAsGuardian, hours.GuardianConsented),
    (ask_hours.WithdrawConsent, hours.GuardianWithdrew),
    (ask_conduct.VoidSession, conduct.SessionVoided),
    (ask_conduct.SuspendMember, conduct.MemberSuspended),
    (ask_conduct.LiftSuspension, conduct.SuspensionLifted),
    (ask_conduct.LodgeAppeal, conduct.AppealLodged),
    (ask_conduct.DecideAppeal, conduct.AppealDecided),
    (ask_conduct.PublishSanction, conduct.SanctionPublished),
)


def _kin_ended(_view: View, _story: Story, lead: hours.KinEnded) -> Iterable[Command]:
    """Either of the two may have ended it."""
    for member in (lead.member, lead.kin):
        yield ask_hours.EndKin(kin_id=lead.kin_id, member=member)


SPECIAL: Special = {(ask_hours.EndKin, hours.KinEnded): _kin_ended}

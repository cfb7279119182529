"""How the commands of the engine `partners` are told again from their facts."""

from __future__ import annotations

from ledger.audit.story import Leads, Special
from ledger.conduct import commands as ask_conduct
from ledger.conduct import facts as conduct
from ledger.honours import commands as ask_honour
from ledger.honours import facts as honour
from ledger.partners import commands as ask
from ledger.partners import facts

LEADS: Leads = (
    (ask.PairUnit, facts.UnitPaired),
    (ask.EndPairing, facts.PairingEnded),
    (ask.ReportIn, facts.DualReported),
    (ask.EndReport, facts.DualReportEnded),
    (ask.OfferOnMenu, facts.MenuOffered),
    (ask.AdmitToMenu, facts.MenuAdmitted),
    (ask.WithdrawFromMenu, facts.MenuWithdrawn),
    (ask.OrderFromMenu, facts.MenuOrdered),
    (ask.CallDrill, facts.DrillCalled),
    (ask.AnswerCall, facts.DrillAnswered),
    (ask.EndCall, facts.DrillEnded),
    (ask.SendFeedback, facts.FeedbackSent),
    (ask_honour.RenewPlaque, honour.PlaqueRenewed),
    (ask_conduct.BlacklistParty, conduct.PartyBlacklisted),
    (ask_conduct.LiftBlacklist, conduct.BlacklistLifted),
    (ask_conduct.ExitPartner, conduct.PartnerExited),
)

SPECIAL: Special = {}

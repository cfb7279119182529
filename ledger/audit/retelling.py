"""Commands told again from the facts they led to.

The journal holds facts and no commands. A story (the facts of one command, with their envelope) was legal if there is
a command which, given by that actor at that moment, would have been answered with exactly these facts. For nearly all
commands the fields are those of one of the facts, by name; the others are in `_SPECIAL`. Words are not needed: no
decision reads them, only whether there were any, which the commitment says also after they were erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ledger.audit import retold
from ledger.audit.story import Leads, Special, Story, Tell, by_name
from ledger.base import Command, Fact, View
from ledger.funds import commands as ask_fund
from ledger.funds import facts as fund
from ledger.funds.state import FundState
from ledger.honours import commands as ask_honour
from ledger.honours import facts as honour
from ledger.hours import commands as ask_hours
from ledger.hours import facts as hours
from ledger.parties import commands as ask_party
from ledger.parties import facts as party
from ledger.parties.state import Standing
from ledger.partners import commands as ask_partner
from ledger.partners import facts as partner
from ledger.places import commands as ask_place
from ledger.places import facts as place
from ledger.policy import commands as ask_policy
from ledger.policy import facts as policy
from ledger.requests import commands as ask_request
from ledger.requests import facts as request

LEADS: Leads = (
    (ask_fund.OpenFund, fund.FundOpened),
    (ask_fund.PledgeDonation, fund.DonationPledged),
    (ask_fund.WithdrawPledge, fund.PledgeWithdrawn),
    (ask_fund.ReceiveDonation, fund.DonationReceived),
    (ask_fund.RefundDonation, fund.DonationRefunded),
    (ask_fund.RecordPastRefund, fund.DonationRefunded),
    (ask_fund.ProposeGrant, fund.GrantProposed),
    (ask_fund.ApproveGrant, fund.GrantApproved),
    (ask_fund.DeclineGrant, fund.GrantDeclined),
    (ask_fund.CancelGrant, fund.GrantCancelled),
    (ask_fund.PayGrant, fund.GrantPaid),
    (ask_fund.ReturnPayment, fund.PaymentReturned),
    (ask_fund.RecordPastSpending, fund.GrantProposed),
    (ask_fund.RecordPastSpending, fund.PaymentReturned),
    (ask_honour.AwardPlaque, honour.PlaqueAwarded),
    (ask_honour.RevokePlaque, honour.PlaqueRevoked),
    (ask_hours.RecordSession, hours.SessionRecorded),
    (ask_hours.DepositSession, hours.SessionRecorded),
    (ask_hours.VerifySession, hours.SessionVerified),
    (ask_hours.VerifySession, hours.SessionEndorsed),
    (ask_hours.RejectSession, hours.SessionRejected),
    (ask_hours.RequestCorrection, hours.CorrectionRequested),
    (ask_hours.ApproveCorrection, hours.SessionCorrected),
    (ask_hours.RefuseCorrection, hours.CorrectionRefused),
    (ask_hours.GiveHours, hours.HoursGiven),
    (ask_hours.DonateHours, hours.HoursDonated),
    (ask_hours.GrantFromPool, hours.PoolGranted),
    (ask_hours.ReserveHours, hours.HoursReserved),
    (ask_hours.SettleReservation, hours.HoursRedeemed),
    (ask_hours.ReleaseReservation, hours.HoursReleased),
    (ask_hours.ExpireReservation, hours.HoursReleased),
    (ask_hours.LapseHours, hours.HoursLapsed),
    (ask_hours.IssueCertificate, hours.CertificateIssued),
    (ask_party.RegisterMember, party.MemberRegistered),
    (ask_party.LeaveCommunity, party.MemberLeft),
    (ask_party.FormTeam, party.TeamFormed),
    (ask_party.JoinTeam, party.TeamJoined),
    (ask_party.LeaveTeam, party.TeamLeft),
    (ask_party.RegisterUnit, party.UnitRegistered),
    (ask_party.GrantRole, party.RoleGranted),
    (ask_party.RevokeRole, party.RoleRevoked),
    (ask_party.RegisterProxy, party.ProxyRegistered),
    (ask_party.EndProxy, party.ProxyEnded),
    (ask_party.AgreeToPublication, party.PublicationAgreed),
    (ask_party.WithdrawPublication, party.PublicationWithdrawn),
    (ask_party.CorrectDetails, party.DetailsCorrected),
    (ask_party.ChangeContact, party.ContactChanged),
    (ask_party.ErasePersonalData, party.PersonalDataErased),
    (ask_party.ErasePersonalData, party.ErasureAsked),
    (ask_partner.SignAgreement, partner.AgreementSigned),
    (ask_partner.EndAgreement, partner.AgreementEnded),
    (ask_partner.RecordContribution, partner.PartnerContributed),
    (ask_partner.CallOut, partner.CalledOut),
    (ask_partner.AnswerCall, partner.CallAnswered),
    (ask_partner.EndCall, partner.CallEnded),
    (ask_partner.OfferGoods, partner.GoodsOffered),
    (ask_partner.MatchOffer, partner.OfferMatched),
    (ask_partner.DeliverMatch, partner.MatchDelivered),
    (ask_partner.CancelMatch, partner.MatchCancelled),
    (ask_partner.WithdrawOffer, partner.OfferWithdrawn),
    (ask_place.OpenLedger, place.LedgerOpened),
    (ask_place.AddPlace, place.PlaceAdded),
    (ask_place.OpenIntakePoint, place.IntakePointOpened),
    (ask_place.CloseIntakePoint, place.IntakePointClosed),
    (ask_policy.SetPolicy, policy.PolicySet),
    (ask_request.PostRequest, request.RequestPosted),
    (ask_request.PublishRequest, request.RequestPublished),
    (ask_request.DeclineRequest, request.RequestDeclined),
    (ask_request.ClaimRequest, request.RequestClaimed),
    (ask_request.ReleaseClaim, request.ClaimReleased),
    (ask_request.LapseClaim, request.ClaimLapsed),
    (ask_request.FulfilRequest, request.RequestFulfilled),
    (ask_request.CloseRequest, request.RequestClosed),
    (ask_request.CloseRequest, request.RequestReopened),
    (ask_request.ReopenRequest, request.RequestReopened),
    (ask_request.DeclareUnmet, request.RequestUnmet),
    (ask_request.WithdrawRequest, request.RequestWithdrawn),
    (ask_request.RecordPastRequest, request.RequestPosted),
    *retold.LEADS,
)
"""Every command with the facts that tell most of it. A command may lead to several; a fact may come of several."""


def commands_of(view: View, story: Story) -> Iterator[Command]:
    """The commands that may have led to a story, likeliest first; the decision itself says which of them did."""
    told: set[type[Command]] = set()
    for lead in story.facts:
        for command in _BY_LEAD.get(type(lead), ()):
            if command not in told:
                told.add(command)
                yield from _TELL[command, type(lead)](view, story, lead)


# ---- commands whose facts do not say it all by name -----------------------------------------------------------------


def _opened_fund(_view: View, _story: Story, lead: fund.FundOpened) -> Iterable[Command]:
    items = tuple(ask_fund.ServiceItem(code=code, name=name) for code, name in lead.items)
    yield ask_fund.OpenFund(
        slug=lead.fund,
        name=lead.name,
        purpose=lead.purpose,
        host_charity=lead.host_charity,
        committee=lead.committee,
        supervisor=lead.supervisor,
        items=items,
    )


def _unless_self(story: Story, stated: str | None) -> str | None:
    """Whom a command named, where the actor stands for nobody: then the fact shows the actor, who may be a service."""
    return None if stated == story.envelope.by else stated


_plain_receipt = by_name(ask_fund.ReceiveDonation, fund.DonationReceived)


def _received(view: View, story: Story, lead: fund.DonationReceived) -> Iterable[Command]:
    for command in _plain_receipt(view, story, lead):
        yield msgspec.structs.replace(command, handler=_unless_self(story, lead.handler))


def _past_spending(_view: View, story: Story, lead: fund.GrantProposed) -> Iterable[Command]:
    approved, paid = story.first(fund.GrantApproved), story.first(fund.GrantPaid)
    if approved is not None and paid is not None:
        yield ask_fund.RecordPastSpending(
            grant_id=lead.grant_id,
            fund=lead.fund,
            item=lead.item,
            category=lead.category,
            amount_fen=lead.amount_fen,
            day=lead.day,
            proposer=lead.proposer,
            approver=approved.approver,
            payer=paid.payer,
        )


_plain_deposit = by_name(ask_hours.DepositSession, hours.SessionRecorded)


def _deposited(view: View, story: Story, lead: hours.SessionRecorded) -> Iterable[Command]:
    for command in _plain_deposit(view, story, lead):
        # A late entry without another guarantor is guaranteed by whoever enters it.
        guarantor = _unless_self(story, lead.guarantor) if lead.late else lead.guarantor
        yield msgspec.structs.replace(command, guarantor=guarantor)


def _reopened(_view: View, _story: Story, lead: request.RequestReopened) -> Iterable[Command]:
    if not lead.was_closed and lead.requester is not None and lead.score is not None:
        yield ask_request.CloseRequest(request_id=lead.request_id, requester=lead.requester, score=lead.score)


def _handed_back(_view: View, story: Story, lead: request.ClaimReleased) -> Iterable[Command]:
    """The reason is told by a fact of its own, where there is one."""
    explained = story.first(request.ReleaseExplained)
    reason: Any = None if explained is None else explained.reason
    yield ask_request.ReleaseClaim(request_id=lead.request_id, claimant=lead.claimant, reason=reason)


_ENDINGS = {
    request.ClaimReleased: "released",
    request.RequestClosed: "fulfilled",
    request.RequestUnmet: "unmet",
}


def _past_request(_view: View, story: Story, lead: request.RequestPosted) -> Iterable[Command]:
    """The outcome is how far the story goes; a day of its own at its end is stated, for the command falls back on `day`."""
    claimed, last = story.first(request.RequestClaimed), story.facts[-1]
    outcome: Any = _ENDINGS.get(type(last))
    closed_on = getattr(last, "day", None) if outcome else None
    if outcome is None:
        outcome = "claimed" if claimed is not None else "open" if len(story.facts) > 1 else "posted"
    known: dict[str, Any] = {} if claimed is None else {"claim_id": claimed.claim_id, "claimant": claimed.claimant}
    yield ask_request.RecordPastRequest(
        request_id=lead.request_id,
        kind=lead.kind,  # type: ignore[arg-type]  # what the fact says is judged by the decision
        requester=lead.requester,
        place=lead.place,
        category=lead.category,
        value_fen=lead.value_fen,
        item=lead.item,
        quantity=lead.quantity,
        day=lead.day,
        closed_on=closed_on,
        outcome=outcome,
        score=getattr(last, "score", None),
        barrier=getattr(last, "barrier", ""),
        **known,
    )


def _past_return(view: View, _story: Story, lead: fund.PaymentReturned) -> Iterable[Command]:
    """A return of the past names its handler alone. It is legal if two others could have been the other pairs of eyes."""
    opened = view.state(FundState, lead.fund).opened
    if opened is None:
        return
    others = [one for one in opened.committee if one != lead.handler and not view.state(Standing, one).left]
    if len(others) > 1:
        yield ask_fund.RecordPastSpending(
            grant_id=lead.grant_id,
            fund=lead.fund,
            item=lead.item,
            category=lead.category,
            amount_fen=lead.amount_fen,
            day=lead.day,
            proposer=others[1],
            approver=others[0],
            payer=lead.handler,
            returned=True,
        )


_SPECIAL: Special = {
    (ask_fund.OpenFund, fund.FundOpened): _opened_fund,
    (ask_fund.ReceiveDonation, fund.DonationReceived): _received,
    (ask_fund.RecordPastSpending, fund.GrantProposed): _past_spending,
    (ask_fund.RecordPastSpending, fund.PaymentReturned): _past_return,
    (ask_hours.DepositSession, hours.SessionRecorded): _deposited,
    (ask_request.CloseRequest, request.RequestReopened): _reopened,
    (ask_request.ReleaseClaim, request.ClaimReleased): _handed_back,
    (ask_request.RecordPastRequest, request.RequestPosted): _past_request,
    **retold.SPECIAL,
}


_TELL: dict[tuple[type[Command], type[Fact]], Tell] = {pair: _SPECIAL.get(pair) or by_name(*pair) for pair in LEADS}
_BY_LEAD: dict[type[Fact], tuple[type[Command], ...]] = {
    lead: tuple(command for command, led in LEADS if led is lead) for _, lead in LEADS
}

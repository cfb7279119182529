"""Every write of the API: one row per command of the ledger. A test says that none is missing.

A write is always a POST to a path below `/api/v1/{ledger}`. A parameter of the path is the command's field of that name;
the other fields, less the ids that we make, are the JSON body. Who may do it is decided in `application.execute` alone.
"""

from __future__ import annotations

import msgspec

from ledger.base import Command
from ledger.funds import commands as fund
from ledger.honours import commands as honour
from ledger.hours import commands as hours
from ledger.parties import commands as party
from ledger.partners import commands as partner
from ledger.places import commands as place
from ledger.policy import commands as policy
from ledger.requests import commands as request


class Write(msgspec.Struct, frozen=True):
    """One command over HTTP.

    `watched`: the path parameter whose record If-Match speaks of. `location`: where the new record can be read, with
    the names of the ids we made. `hidden`: fields that a caller over HTTP does not state.
    """

    path: str
    command: type[Command]
    tag: str
    watched: str = ""
    location: str = ""
    hidden: tuple[str, ...] = ()


_MEMBER, _SESSION, _REQUEST = "/members/{member_id}", "/sessions/{session_id}", "/requests/{request_id}"
_CORRECTION = _SESSION + "/corrections/{correction_id}"
_RESERVATION, _FUND, _GRANT = "/reservations/{reservation_id}", "/funds/{fund}", "/grants/{grant_id}"
_OFFER = "/offers/{offer_id}"

WRITES: tuple[Write, ...] = (
    Write("/opening", place.OpenLedger, "places", hidden=("operator",)),
    Write("/places", place.AddPlace, "places"),
    Write("/intake-points", place.OpenIntakePoint, "places"),
    Write("/intake-points/{point_id}/close", place.CloseIntakePoint, "places"),
    Write("/policy", policy.SetPolicy, "policy"),
    Write("/members", party.RegisterMember, "members", location=_MEMBER),
    Write(_MEMBER + "/leave", party.LeaveCommunity, "members", "member_id"),
    Write(_MEMBER + "/team", party.JoinTeam, "members", "member_id"),
    Write(_MEMBER + "/team/leave", party.LeaveTeam, "members", "member_id"),
    Write(_MEMBER + "/publication", party.AgreeToPublication, "members", "member_id"),
    Write(_MEMBER + "/publication/withdraw", party.WithdrawPublication, "members", "member_id"),
    Write("/members/{principal}/proxies", party.RegisterProxy, "members", "principal"),
    Write("/members/{principal}/proxies/{proxy}/end", party.EndProxy, "members", "principal"),
    Write("/members/{member}/certificates", hours.IssueCertificate, "hours", location="/certificates/{certificate_id}"),
    Write("/members/{member}/lapse-hours", hours.LapseHours, "hours"),
    Write(_MEMBER + "/details", party.CorrectDetails, "members", "member_id", hidden=("mark",)),
    Write("/units/{unit_id}/contact", party.ChangeContact, "parties", "unit_id"),
    Write("/subjects/{subject}/erase", party.ErasePersonalData, "members", "subject"),
    Write("/teams", party.FormTeam, "parties"),
    Write("/units", party.RegisterUnit, "parties", location="/units/{unit_id}"),
    Write("/roles", party.GrantRole, "parties"),
    Write("/roles/revoke", party.RevokeRole, "parties"),
    Write("/sessions", hours.RecordSession, "hours", location=_SESSION),
    Write("/deposits", hours.DepositSession, "hours", location=_SESSION),
    Write(_SESSION + "/verify", hours.VerifySession, "hours", "session_id"),
    Write(_SESSION + "/reject", hours.RejectSession, "hours", "session_id"),
    Write(_SESSION + "/corrections", hours.RequestCorrection, "hours", "session_id"),
    Write(_CORRECTION + "/approve", hours.ApproveCorrection, "hours", "session_id"),
    Write(_CORRECTION + "/refuse", hours.RefuseCorrection, "hours", "session_id"),
    Write("/transfers", hours.GiveHours, "hours"),
    Write("/pool/donations", hours.DonateHours, "hours"),
    Write("/pool/grants", hours.GrantFromPool, "hours"),
    Write("/reservations", hours.ReserveHours, "hours"),
    Write(_RESERVATION + "/settle", hours.SettleReservation, "hours"),
    Write(_RESERVATION + "/release", hours.ReleaseReservation, "hours"),
    Write(_RESERVATION + "/expire", hours.ExpireReservation, "hours"),
    Write("/requests", request.PostRequest, "requests", location=_REQUEST),
    Write("/past-requests", request.RecordPastRequest, "requests", location=_REQUEST),
    Write(_REQUEST + "/publish", request.PublishRequest, "requests", "request_id"),
    Write(_REQUEST + "/decline", request.DeclineRequest, "requests", "request_id"),
    Write(_REQUEST + "/claim", request.ClaimRequest, "requests", "request_id"),
    Write(_REQUEST + "/release", request.ReleaseClaim, "requests", "request_id"),
    Write(_REQUEST + "/lapse", request.LapseClaim, "requests", "request_id"),
    Write(_REQUEST + "/fulfil", request.FulfilRequest, "requests", "request_id"),
    Write(_REQUEST + "/close", request.CloseRequest, "requests", "request_id"),
    Write(_REQUEST + "/reopen", request.ReopenRequest, "requests", "request_id"),
    Write(_REQUEST + "/unmet", request.DeclareUnmet, "requests", "request_id"),
    Write(_REQUEST + "/withdraw", request.WithdrawRequest, "requests", "request_id"),
    Write("/funds", fund.OpenFund, "funds"),
    Write(_FUND + "/pledges", fund.PledgeDonation, "funds"),
    Write(_FUND + "/donations", fund.ReceiveDonation, "funds"),
    Write(_FUND + "/grants", fund.ProposeGrant, "funds"),
    Write(_FUND + "/past-refunds", fund.RecordPastRefund, "funds"),
    Write(_FUND + "/past-spendings", fund.RecordPastSpending, "funds"),
    Write("/pledges/{pledge_id}/withdraw", fund.WithdrawPledge, "funds"),
    Write("/donations/{receipt_id}/refund", fund.RefundDonation, "funds"),
    Write(_GRANT + "/approve", fund.ApproveGrant, "funds"),
    Write(_GRANT + "/decline", fund.DeclineGrant, "funds"),
    Write(_GRANT + "/cancel", fund.CancelGrant, "funds"),
    Write(_GRANT + "/pay", fund.PayGrant, "funds"),
    Write(_GRANT + "/returns", fund.ReturnPayment, "funds"),
    Write("/agreements", partner.SignAgreement, "partners"),
    Write("/agreements/{agreement_id}/end", partner.EndAgreement, "partners", "agreement_id"),
    Write("/contributions", partner.RecordContribution, "partners"),
    Write("/offers", partner.OfferGoods, "partners"),
    Write(_OFFER + "/withdraw", partner.WithdrawOffer, "partners"),
    Write(_OFFER + "/matches", partner.MatchOffer, "partners"),
    Write(_OFFER + "/matches/{match_id}/deliver", partner.DeliverMatch, "partners"),
    Write(_OFFER + "/matches/{match_id}/cancel", partner.CancelMatch, "partners"),
    Write("/call-outs", partner.CallOut, "partners"),
    Write("/call-outs/{callout_id}/answers", partner.AnswerCall, "partners"),
    Write("/call-outs/{callout_id}/end", partner.EndCall, "partners"),
    Write("/plaques", honour.AwardPlaque, "honours"),
    Write("/plaques/{plaque_id}/revoke", honour.RevokePlaque, "honours"),
)

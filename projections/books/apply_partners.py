"""Rows of partner units: agreements, contributions, goods on offer and on their way, call-outs, plaques."""

from __future__ import annotations

from ledger.honours import facts as honour
from ledger.journal.recorded import Recorded
from ledger.partners import facts as partner
from projections.books.apply_requests import move_to
from projections.books.desk import Desk, on


@on(partner.AgreementSigned, units="unit")
def _signed(desk: Desk, e: Recorded, f: partner.AgreementSigned) -> None:
    desk.agreements.add(
        agreement_id=f.agreement_id, number=e.position, unit=f.unit, tier=f.tier, place=f.place, level=f.level,
        from_day=f.from_day.isoformat(), until_day=f.until_day.isoformat(), status="signed", version=e.position,
    )  # fmt: skip
    unit = desk.units.edit(f.unit)
    unit["agreements"] += 1
    unit["version"] = e.position
    desk.tally("partners", 1 if unit["agreements"] == 1 else 0)


@on(partner.AgreementEnded, units="unit", agreements="agreement_id")
def _ended(desk: Desk, e: Recorded, f: partner.AgreementEnded) -> None:
    desk.agreements.edit(f.agreement_id).update(
        status="ended", reason=f.reason, ended_day=f.day.isoformat(), version=e.position
    )
    unit = desk.units.edit(f.unit)
    unit["agreements"] -= 1
    unit["version"] = e.position
    desk.tally("partners", -1 if unit["agreements"] == 0 else 0)


@on(partner.PartnerContributed)
def _contributed(desk: Desk, e: Recorded, f: partner.PartnerContributed) -> None:
    desk.contributions.add(
        contribution_id=f.contribution_id, number=e.position, unit=f.unit, kind=f.kind, item=f.item,
        quantity=f.quantity, value_fen=f.value_fen, place=f.place, day=f.day.isoformat(), accepted_by=f.accepted_by,
        words=f.words,
    )  # fmt: skip


@on(partner.GoodsOffered, begins="offer_id")
def _offered(desk: Desk, e: Recorded, f: partner.GoodsOffered) -> None:
    desk.offers.add(
        offer_id=f.offer_id, number=e.position, unit=f.unit, item=f.item, quantity=f.quantity, free=f.quantity,
        day=f.day.isoformat(), place=f.place, words=f.words, version=e.position,
    )  # fmt: skip


@on(partner.OfferMatched, begins="match_id", offers="offer_id", requests="request_id")
def _matched(desk: Desk, e: Recorded, f: partner.OfferMatched) -> None:
    desk.matches.add(
        match_id=f.match_id, number=e.position, offer_id=f.offer_id, request_id=f.request_id, unit=f.unit,
        item=f.item, quantity=f.quantity, status="promised", version=e.position,
    )  # fmt: skip
    _promise(desk, f.offer_id, f.request_id, f.quantity, f.quantity, e.position)


@on(partner.MatchCancelled, offers="offer_id", requests="request_id", matches="match_id")
def _cancelled(desk: Desk, e: Recorded, f: partner.MatchCancelled) -> None:
    desk.matches.edit(f.match_id).update(status="cancelled", version=e.position)
    _promise(desk, f.offer_id, f.request_id, -f.quantity, -f.quantity, e.position)


@on(partner.MatchDelivered, offers="offer_id", requests="request_id", matches="match_id")
def _delivered(desk: Desk, e: Recorded, f: partner.MatchDelivered) -> None:
    desk.matches.edit(f.match_id).update(status="delivered", place=f.place, day=f.day.isoformat(), version=e.position)
    _promise(desk, f.offer_id, f.request_id, -f.quantity, 0, e.position)
    desk.offers.edit(f.offer_id)["delivered"] += f.quantity
    request = desk.requests.edit(f.request_id)
    request["delivered"] += f.quantity
    if request["status"] == "published" and request["delivered"] >= (request["quantity"] or 0):
        # What has wholly arrived is fulfilled; the requester has yet to confirm.
        move_to(desk, request, "fulfilled", e.position)


def _promise(desk: Desk, offer_id: str, request_id: str, promised: int, taken: int, position: int) -> None:
    offer, request = desk.offers.edit(offer_id), desk.requests.edit(request_id)
    offer["free"] -= taken
    for row in (offer, request):
        row["promised"] += promised
        row["version"] = position


@on(partner.OfferWithdrawn, offers="offer_id")
def _withdrawn(desk: Desk, e: Recorded, f: partner.OfferWithdrawn) -> None:
    offer = desk.offers.edit(f.offer_id)
    offer.update(withdrawn=1, free=offer["free"] - f.quantity, version=e.position)


@on(partner.CalledOut)
def _called_out(desk: Desk, e: Recorded, f: partner.CalledOut) -> None:
    desk.callouts.add(
        callout_id=f.callout_id, number=e.position, level=f.level, place=f.place, called_at=f.called_at,
        called_by=f.called_by, words=f.words, version=e.position,
    )  # fmt: skip


@on(partner.CallAnswered, callouts="callout_id")
def _answered(desk: Desk, e: Recorded, f: partner.CallAnswered) -> None:
    desk.call_answers.add(
        callout_id=f.callout_id, number=e.position, unit=f.unit, level=f.level, people=f.people,
        response_minutes=f.response_minutes, answered_by=f.answered_by, day=f.day.isoformat(),
    )  # fmt: skip
    call = desk.callouts.edit(f.callout_id)
    call["answers"] += 1
    call["people"] += f.people
    call["version"] = e.position


@on(partner.CallEnded, callouts="callout_id")
def _call_ended(desk: Desk, e: Recorded, f: partner.CallEnded) -> None:
    desk.callouts.edit(f.callout_id).update(ended_by=f.ended_by, version=e.position)


@on(honour.PlaqueAwarded, units="unit")
def _awarded(desk: Desk, e: Recorded, f: honour.PlaqueAwarded) -> None:
    desk.plaques.add(
        plaque_id=f.plaque_id, number=e.position, unit=f.unit, tier=f.tier, request_id=f.request_id,
        awarded_by=f.awarded_by, day=f.day.isoformat(), until_day=f.until_day.isoformat(), version=e.position,
    )  # fmt: skip
    unit = desk.units.edit(f.unit)
    unit["plaques"] += 1
    unit["version"] = e.position


@on(honour.PlaqueRevoked, plaques="plaque_id", units="unit")
def _revoked(desk: Desk, e: Recorded, f: honour.PlaqueRevoked) -> None:
    desk.plaques.edit(f.plaque_id).update(
        revoked_day=f.day.isoformat(), revoked_by=f.revoked_by, reason=f.reason, version=e.position
    )
    unit = desk.units.edit(f.unit)
    unit["plaques"] -= 1
    unit["version"] = e.position

"""A fact's fields as its sentence needs them: people and places by name, figures with their units, things by title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.pages.common import Visit
from api.pages.happenings import titles_of
from api.pages.naming import labels
from api.pages.opening import words_of
from ledger.base import Command, Fact
from ledger.disclosures import commands as do_tell
from ledger.disclosures import facts as tell
from ledger.funds import commands as do_fund
from ledger.funds import facts as fund
from ledger.funds.commands import ANONYMOUS
from ledger.hours import commands as do_hours
from ledger.hours import facts as hours
from ledger.ids import PERSON, looks_like_id, prefix_of
from ledger.integrity.commands import ContestRecord
from ledger.integrity.facts import RecordContested
from ledger.parties import commands as do_party
from ledger.parties import facts as party
from ledger.partners import commands as do_partner
from ledger.partners import facts as partner
from ledger.places import commands as do_place
from ledger.places import facts as place
from ledger.proposals import commands as do_call
from ledger.proposals import facts as call
from ledger.services import commands as do_service
from ledger.services import facts as service
from ledger.shifts import commands as do_shift
from ledger.shifts import facts as shift
from projections.books import more_tables as more
from projections.books import queries as books
from projections.books import tables
from projections.books.engines import funds_tables as funds
from projections.books.engines import partners_tables as partners
from projections.books.engines.services_tables import service_reservations, services
from projections.books.engines.shifts_tables import shifts
from projections.reading import Cells, one

ABOUT: Mapping[type[Command], type[Fact]] = {
    do_place.AddPlace: place.PlaceAdded,
    do_place.CountHouseholds: place.HouseholdsCounted,
    do_place.ClassifyPlace: place.PlaceClassified,
    do_place.OpenIntakePoint: place.IntakePointOpened,
    do_place.CloseIntakePoint: place.IntakePointClosed,
    do_place.AppointResponsible: place.ResponsibleAppointed,
    do_place.EndResponsible: place.ResponsibleEnded,
    do_party.GrantRole: party.RoleGranted,
    do_party.RevokeRole: party.RoleRevoked,
    do_party.RegisterMember: party.MemberRegistered,
    do_party.RegisterProxy: party.ProxyRegistered,
    do_party.EndProxy: party.ProxyEnded,
    do_party.AgreeToPublication: party.PublicationAgreed,
    do_party.WithdrawPublication: party.PublicationWithdrawn,
    do_fund.NameFundItem: fund.ItemNamed,
    do_fund.EndFundItem: fund.ItemEnded,
    do_service.DeclareService: service.ServiceDeclared,
    do_service.OpenNeedGroup: service.NeedGroupOpened,
    do_service.WithdrawService: service.ServiceWithdrawn,
    do_service.ReserveService: service.ServiceReserved,
    do_service.CancelService: service.ServiceCancelled,
    do_service.ConfirmService: service.ServiceSettled,
    do_service.ContestService: service.PerformanceContested,
    do_hours.GiveHours: hours.HoursGiven,
    do_hours.DonateHours: hours.HoursDonated,
    do_hours.ReleaseReservation: hours.HoursReleased,
    do_hours.SettleReservation: hours.HoursRedeemed,
    do_hours.ProposeKin: hours.KinProposed,
    do_hours.RegisterKin: hours.KinRegistered,
    do_hours.EndKin: hours.KinEnded,
    do_hours.RequestCorrection: hours.CorrectionRequested,
    do_hours.DepositSession: hours.SessionVerified,
    do_shift.ConfirmShift: shift.ShiftConfirmed,
    do_shift.AttestCheckOut: shift.CheckOutAttested,
    do_shift.ScheduleShift: shift.ShiftScheduled,
    ContestRecord: RecordContested,
    do_fund.PledgeDonation: fund.DonationPledged,
    do_fund.WithdrawPledge: fund.PledgeWithdrawn,
    do_fund.AgreeRestrictionChange: fund.RestrictionChanged,
    do_fund.ReceiveDonation: fund.DonationReceived,
    do_fund.PayGrant: fund.GrantPaid,
    do_fund.ReturnPayment: fund.PaymentReturned,
    do_fund.RefundDonation: fund.DonationRefunded,
    do_fund.DeclineRefund: fund.RefundDeclined,
    do_fund.AskRestrictionChange: fund.RestrictionChangeAsked,
    do_fund.ProposeGrant: fund.GrantProposed,
    do_fund.ApproveGrant: fund.GrantApproved,
    do_fund.DeclineGrant: fund.GrantDeclined,
    do_fund.CancelGrant: fund.GrantCancelled,
    do_fund.OpenHelpCase: fund.HelpCaseOpened,
    do_fund.CloseHelpCase: fund.HelpCaseClosed,
    do_tell.PublishDisclosure: tell.DisclosurePublished,
    do_tell.CorrectDisclosure: tell.DisclosureCorrected,
    do_tell.DeclareEmergency: tell.EmergencyDeclared,
    do_call.AcceptMilestone: call.MilestoneAccepted,
    do_call.OpenCall: call.CallOpened,
    do_call.SubmitProposal: call.ProposalSubmitted,
    do_call.AwardProposal: call.ProposalAwarded,
    do_partner.AnswerCall: partner.CallAnswered,
    do_partner.OfferGoods: partner.GoodsOffered,
    do_partner.WithdrawOffer: partner.OfferWithdrawn,
    do_partner.OfferOnMenu: partner.MenuOffered,
    do_partner.WithdrawFromMenu: partner.MenuWithdrawn,
}
"""By the command of a form: the fact that its sentence is about."""

OTHERWISE: Mapping[str, tuple[type[Fact], str]] = {
    "refund": (fund.RefundAsked, "_asked"),
    "deposit": (hours.SessionRecorded, "_recorded"),
}
"""By the name of a form: where a second person must agree first, this fact, and how the sentence's key ends then."""

_SPENDERS = ("giver", "member", "volunteer")
"""Whose hours a fact about hours moves."""


def told(visit: Visit, fact: Fact) -> dict[str, str]:
    """Every field that says something, by its name, and by the name of the thing what its id leads to."""
    ids = [value for name in fact.__struct_fields__ for value in _texts(getattr(fact, name)) if looks_like_id(value)]
    own = [visit.caller.actor]
    names = labels(visit, ids, clear=True if visit.caller.sees_names else own, numbered=True)
    names[visit.caller.actor] = visit.t("forms.you")
    words = words_of(visit, ids)
    found = {field.name: field.value for field in words.fields(fact) if field.name != "words"}
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if isinstance(value, str) and value in names and not value.startswith("fund_"):
            found[name] = names[value]
        elif value == 0 and type(value) is int:
            found[name] = _nothing(visit, name)
        elif value in (None, ANONYMOUS) and name == "donor":
            found[name] = visit.t("fund.anonymous")
        elif name == "to_item":
            found[name] = words.item(getattr(fact, "fund", ""), str(value))
    for name, (thing, _) in THINGS.items():
        key = getattr(fact, name, None)
        if isinstance(key, str) and key:
            found |= {inner: said for inner, said in thing(visit, key).items() if inner not in found}
    return found | _left(visit, fact)


def _nothing(visit: Visit, name: str) -> str:
    """A zero with its unit."""
    return visit.yuan(0) if name.endswith("_fen") else visit.hours(0) if "minutes" in name else "0"


def _texts(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str)]


def _left(visit: Visit, fact: Fact) -> dict[str, str]:
    """What whose hours these were can use now, where who looks may know it."""
    member = next((value for name in _SPENDERS if isinstance(value := getattr(fact, name, None), str)), "")
    if prefix_of(member) != PERSON or not visit.reads_affairs_of(member):
        return {}
    found = books.hours_of(visit.store.database, visit.ledger, member)
    return {"left": visit.hours(found.spendable), "held": visit.hours(found.held)}


def _row(visit: Visit, table: Any, **key: str) -> Cells | None:
    return one(visit.store.database, table, visit.ledger, **key)


def _request(visit: Visit, key: str) -> dict[str, str]:
    row = books.request(visit.store.database, visit.ledger, key)
    if row is None:
        return {}
    return {"request": titles_of(visit, [row])[key], "number": visit.t("board.number", number=row["number"])}


def _shift(visit: Visit, key: str) -> dict[str, str]:
    row = _row(visit, shifts, shift_id=key)
    return {} if row is None else {"shift": row["name"], "shift_day": visit.day(row["day"])}


def _service(visit: Visit, key: str) -> dict[str, str]:
    row = _row(visit, services, service_id=key)
    if row is None:
        return {}
    return {"service": row["name"], "provider": labels(visit, [row["provider"]])[row["provider"]]}


def _reservation(visit: Visit, key: str) -> dict[str, str]:
    row = _row(visit, service_reservations, reservation_id=key)
    if row is not None:
        return _service(visit, row["service_id"]) | {"minutes": visit.hours(row["minutes"])}
    plain = books.reservation(visit.store.database, visit.ledger, key)
    return {} if plain is None else {"minutes": visit.hours(plain["minutes"])}


def _session(visit: Visit, key: str) -> dict[str, str]:
    row = books.session(visit.store.database, visit.ledger, key)
    if row is None:
        return {}
    minutes = row["minutes"] if row["corrected_minutes"] is None else row["corrected_minutes"]
    return {"day": visit.day(row["day"]), "recorded": visit.hours(minutes)}


def _offer(visit: Visit, key: str) -> dict[str, str]:
    row = books.offer(visit.store.database, visit.ledger, key)
    return {} if row is None else {"item": row["item"]}


def _menu(visit: Visit, key: str) -> dict[str, str]:
    row = _row(visit, partners.menu, menu_id=key)
    return {} if row is None else {"name": row["name"]}


def _receipt(visit: Visit, key: str) -> dict[str, str]:
    row = books.receipt(visit.store.database, visit.ledger, key)
    return {} if row is None else {"receipt": f"{row['number']:,}"}


def _pledge(visit: Visit, key: str) -> dict[str, str]:
    row = books.pledge(visit.store.database, visit.ledger, key)
    return {} if row is None else {"open": visit.yuan(row["open_fen"])}


def _grant(visit: Visit, key: str) -> dict[str, str]:
    row = books.grant(visit.store.database, visit.ledger, key)
    if row is None:
        return {}
    account = _row(visit, more.funds, fund=row["fund"])
    name = str(account["name"]) if account else ""
    return {"grant": f"{row['number']:,}", "fund": name, "amount_fen": visit.yuan(row["amount_fen"])}


def _case(visit: Visit, key: str) -> dict[str, str]:
    row = _row(visit, funds.help_cases, case_id=key)
    return {} if row is None else {"title": row["title"]}


def _proposal(visit: Visit, key: str) -> dict[str, str]:
    row = _row(visit, funds.proposals, proposal_id=key)
    return {} if row is None else {"title": row["title"]}


def _point(visit: Visit, key: str) -> dict[str, str]:
    row = _row(visit, tables.intake_points, point_id=key)
    return {} if row is None else {"label": row["label"]}


def _disclosure(visit: Visit, key: str) -> dict[str, str]:
    row = _row(visit, funds.disclosures, disclosure_id=key)
    return {} if row is None else {"report": f"{row['number']:,}"}


THINGS: Mapping[str, tuple[Callable[[Visit, str], dict[str, str]], tuple[str, ...]]] = {
    "request_id": (_request, ("request", "number")),
    "shift_id": (_shift, ("shift", "shift_day")),
    "service_id": (_service, ("service", "provider")),
    "reservation_id": (_reservation, ("service", "provider", "minutes")),
    "session_id": (_session, ("day", "recorded")),
    "offer_id": (_offer, ("item",)),
    "menu_id": (_menu, ("name",)),
    "receipt_id": (_receipt, ("receipt",)),
    "pledge_id": (_pledge, ("open",)),
    "grant_id": (_grant, ("grant", "fund", "amount_fen")),
    "case_id": (_case, ("title",)),
    "proposal_id": (_proposal, ("title",)),
    "point_id": (_point, ("label",)),
    "disclosure_id": (_disclosure, ("report",)),
}
"""By the name of an id: what tells of the thing, and under which names."""

"""From a row's values to the one command that enters it. Who and what is named comes from the `Cast`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import Any

from api.imports.cast import Cast, vocabulary
from ledger.base import Command
from ledger.clock import at_time
from ledger.errors import Refused
from ledger.funds.commands import (
    ANONYMOUS,
    GENERAL,
    DonationWords,
    GrantWords,
    ReceiveDonation,
    RecordPastRefund,
    RecordPastSpending,
)
from ledger.hours.commands import DepositSession, SessionWords
from ledger.parties.commands import PersonWords, RegisterMember
from ledger.partners.commands import OfferGoods, PartnerNote, RecordContribution
from ledger.requests.commands import RecordPastRequest, RequestWords

Values = dict[str, Any]

TAKEN_WHERE_UNSAID: dict[str, dict[str, str]] = {
    "donations": {"item": GENERAL, "method": "transfer"},
    "spendings": {"item": GENERAL, "category": "aid"},
}
"""What rows of a kind mean that leave a field empty, besides the defaults of `kinds.toml`; the fund is the cast's (choice)."""


class Translator:
    """Makes commands of one file's rows. `items` are all service items that the file names, by fund name."""

    def __init__(self, cast: Cast, zone: str, items: dict[str | None, set[str]]) -> None:
        self._cast, self._zone, self._items = cast, zone, items
        self._by_kind: dict[str, Callable[[Values], Command]] = {
            "members": self._member,
            "hours": self._hours,
            "requests": self._request,
            "donations": self._donation,
            "spendings": self._spending,
            "contributions": self._contribution,
        }

    def command(self, kind: str, values: Values) -> Command:
        """The command for a row. Raises Refused where the row speaks of somebody or something unknown."""
        return self._by_kind[kind](values)

    def _unit(self, v: Values) -> str | None:
        with _about("unit"):
            return self._cast.unit(v["unit"]) if v.get("unit") else None

    def _person(self, v: Values, field: str) -> str:
        with _about(field):
            return self._cast.person(v[field])

    def _place(self, v: Values) -> str | None:
        name, community = v.get("place"), v.get("community")
        return self._cast.place(name, community=community) if name else None

    def _member(self, v: Values) -> RegisterMember:
        nameless = not (v.get("number") or v.get("ref"))
        if nameless and self._cast.is_registered(v["name"], v.get("phone", "")):
            raise Refused("already_registered", field="name")
        unit, team = self._unit(v), None
        if v.get("team"):
            with _about("team"):
                team = self._cast.team(v["team"], unit=unit)
        words = PersonWords(
            name=v["name"], phone=v.get("phone", ""), id_number=v.get("id_number", ""), address=v.get("address", "")
        )
        made = RegisterMember(
            number=v.get("number", ""),
            place=self._place(v),
            team=team,
            unit=unit if team is None else None,
            party_member=bool(v.get("party_member", False)),
            joined_on=v.get("joined_on"),
            words=words,
        )
        self._cast.learn_member(made.member_id, number=made.number, name=words.name, phone=words.phone)
        return made

    def _hours(self, v: Values) -> DepositSession:
        if "number" in v:
            with _about("number"):
                volunteer = self._cast.member_by_number(v["number"], name=v.get("name", ""), phone=v.get("phone", ""))
        else:
            with _about("name"):
                volunteer = self._cast.member_by_name(v["name"], phone=v.get("phone", ""))
        verifier = v.get("verifier")
        if verifier is not None and verifier in (v.get("name"), v.get("number")):
            raise Refused("self_verification")
        day: date = v["date"]
        start_at = end_at = None
        if "start" in v and "end" in v:
            start_at = self._instant(day, v["start"])
            end_at = self._instant(v.get("end_date", day), v["end"])
        guarantor = self._person(v, "guarantor") if v.get("guarantor") else None
        words = SessionWords(
            activity=v["activity"], content=v.get("content", ""), organiser=v.get("organiser", ""),
            in_charge=v.get("in_charge", ""), remark=v.get("note", ""),
        )  # fmt: skip
        return DepositSession(
            volunteer=volunteer, day=day, start_at=start_at, end_at=end_at, minutes=v["minutes"], origin="imported",
            place=self._known_place(v), guarantor=guarantor, words=words,
        )  # fmt: skip

    def _known_place(self, v: Values) -> str | None:
        """Where an activity was: a place of the tree if it is one; a hall or a park need not be."""
        try:
            return self._cast.known_place(v["place"]) if v.get("place") else None
        except Refused:
            return None

    def _instant(self, day: date, at: time) -> int:
        return at_time(day, at.hour, at.minute, self._zone)

    def _request(self, v: Values) -> RecordPastRequest:
        requester = self._requester(v)
        outcome = v.get("outcome", "open")
        barrier, told = _barrier(v.get("barrier", "")) if outcome == "unmet" else ("", "")
        detail = "\n".join(part for part in (v.get("detail", ""), told) if part)
        words = RequestWords(
            title=v["title"], detail=detail, name=v.get("requester", ""), phone=v.get("phone", ""),
            address=v.get("address", ""),
        )  # fmt: skip
        claimant = None if outcome in ("open", "posted") else self._claimant(v)
        return RecordPastRequest(
            kind=v.get("kind", "wish"),
            requester=requester,
            place=self._place(v),
            category=v.get("category", ""),
            value_fen=v.get("value_fen"),
            item=_goods_item(v["item"]) if v.get("item") else None,
            quantity=v.get("quantity"),
            day=v["date"],
            closed_on=v.get("closed_on") if outcome in ("released", "fulfilled", "unmet") else None,
            outcome=outcome,
            claimant=claimant,
            score=v.get("score") if outcome == "fulfilled" else None,
            barrier=barrier,
            words=words,
        )

    def _requester(self, v: Values) -> str | None:
        """The member who asked; None where the sheet names nobody the ledger knows (the name stays in the vault)."""
        if v.get("requester_number"):
            number, name = v["requester_number"], v.get("requester", "")
            with _about("requester_number"):
                return self._cast.member_by_number(number, name=name, phone=v.get("phone", ""))
        if not v.get("requester"):
            return None
        try:
            with _about("requester"):
                return self._cast.member_by_name(v["requester"], phone=v.get("phone", ""))
        except Refused as refusal:
            if refusal.code == "no_such_member":
                return None
            raise

    def _claimant(self, v: Values) -> str | None:
        name, kind = v.get("claimant"), v.get("claimant_kind")
        if not name:
            return None
        unit = self._unit(v) if kind != "unit" else None
        with _about("claimant"):
            if kind == "unit":
                return self._cast.unit(name)
            if kind == "team" or (kind is None and unit is not None):
                return self._cast.team(name, unit=unit)
            if kind == "member":
                return self._cast.person(name)
            return self._cast.known_unit(name) or self._cast.known_team(name) or self._cast.person(name)

    def _donation(self, v: Values) -> ReceiveDonation | RecordPastRefund:
        fund = self._cast.fund(v.get("fund"), self._items.get(v.get("fund"), set()))
        with _about("donor"):
            donor, name = self._donor(v)
        if v["amount_fen"] < 0:
            item = self._cast.item(fund, v.get("item"))
            return RecordPastRefund(fund=fund, donor=donor, item=item, amount_fen=-v["amount_fen"], day=v["date"])
        handler = self._cast.person(v["handler"]) if v.get("handler") and self._cast.knows(v["handler"]) else None
        message = " ".join(part for part in (v.get("purpose", ""), v.get("note", "")) if part)
        words = DonationWords(name=name, message=message) if name or message else None
        return ReceiveDonation(
            fund=fund, donor=donor, item=self._cast.item(fund, v.get("item")), amount_fen=v["amount_fen"],
            method=_method(v.get("method", "")), handler=handler, day=v["date"], anonymous=bool(v.get("anonymous", False)),
            named=bool(v.get("named", False)) and not v.get("anonymous", False), words=words,
        )  # fmt: skip

    def _donor(self, v: Values) -> tuple[str, str]:
        """The donor's id, and the name to keep in the vault where the donor is nobody the ledger knows."""
        name, kind = v.get("donor", ""), v.get("donor_kind")
        if not name:
            return ANONYMOUS, ""
        is_unit = self._cast.known_unit(name) is not None or self._cast.sounds_like_a_unit(name)
        if kind == "unit" or (kind is None and is_unit):
            return self._cast.unit(name), ""
        try:
            return self._cast.member_by_name(name), ""
        except Refused as refusal:
            if refusal.code != "no_such_member":
                raise
        return ANONYMOUS, name

    def _spending(self, v: Values) -> RecordPastSpending:
        fund = self._cast.fund(v.get("fund"), self._items.get(v.get("fund"), set()))
        proposer, approver, payer = (self._person(v, name) for name in ("proposer", "approver", "payer"))
        category = v.get("category", TAKEN_WHERE_UNSAID["spendings"]["category"])
        purpose = " ".join(part for part in (v.get("purpose", ""), v.get("note", "")) if part)
        words = GrantWords(payee=v.get("payee", ""), purpose=purpose) if v.get("payee") or purpose else None
        return RecordPastSpending(
            fund=fund, item=self._cast.item(fund, v.get("item")), category=category.replace(":", "/"),
            amount_fen=abs(v["amount_fen"]), day=v["date"], proposer=proposer, approver=approver, payer=payer,
            returned=v["amount_fen"] < 0, words=words,
        )  # fmt: skip

    def _contribution(self, v: Values) -> OfferGoods | RecordContribution:
        unit, kind = self._cast.unit(v["unit"]), v["kind"]
        words = PartnerNote(remark=v["note"]) if v.get("note") else None
        if v.get("offer") and kind == "goods":
            return OfferGoods(
                unit=unit, item=_goods_item(v["item"]), quantity=v.get("quantity", 0), day=v["date"],
                place=self._known_place(v), words=words,
            )  # fmt: skip
        quantity = (
            v.get("minutes", 0) if kind in ("venue", "hours") else v.get("quantity", 1 if kind == "project" else 0)
        )
        return RecordContribution(
            unit=unit, kind=kind, item=_goods_item(v["item"]) if kind == "goods" else "", quantity=quantity,
            value_fen=v.get("value_fen"), place=self._known_place(v), day=v["date"], words=words,
        )  # fmt: skip


@contextmanager
def _about(field: str) -> Iterator[None]:
    """What is refused meanwhile is refused for this field: its column is where a person should look."""
    try:
        yield
    except Refused as refusal:
        refusal.details["field"] = field
        raise


def _barrier(text: str) -> tuple[str, str]:
    """A barrier as a word for the journal, and what was written where that is a sentence: it goes to the vault."""
    if not text or re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text):
        return text, ""
    return "stated", text


def _goods_item(text: str) -> str:
    """An item's name as the unit its pieces are counted in: white space and brackets become hyphens."""
    return "-".join("".join(sign if sign.isalnum() or sign in "._-" else " " for sign in text).split())[:40]


def _method(text: str) -> Any:
    unsaid = TAKEN_WHERE_UNSAID["donations"]["method"]
    return vocabulary()["method"].get(text, text if text in ("transfer", "cash", "online") else unsaid)

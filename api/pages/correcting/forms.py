"""Details put right by a form: one's own name and address, a member's by who serves them, the contact of a unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api import correcting
from api.correcting import Held, held_of
from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Done, Field, Figures, Form
from api.pages.menu import is_member
from api.pages.naming import labels
from api.pages.volunteer.giving import member_of
from api.pages.worker.desk import OFFICE, holds_somewhere
from api.routes.writes import Written
from ledger.errors import Refused
from ledger.parties.commands import ChangeContact, CorrectDetails
from ledger.parties.facts import ContactChanged, DetailsCorrected
from ledger.parties.state import acts_for
from ledger.telling_numbers import valid_id_number

_NOBODY = Held("", {})
_PROOFS = ("paper", "document")


def _member(answers: Answers) -> str:
    return answers.get("member_id", "")


def _own(visit: Visit, answers: Answers) -> tuple[str, Held]:
    """Who looks, or whose affairs are theirs; nothing of anybody else."""
    member = _member(answers) or member_of(visit)
    mine = acts_for(visit.view, visit.caller.actor, member)
    return member, held_of(visit.store, visit.ledger, member) if mine else _NOBODY


def _served(visit: Visit, answers: Answers) -> tuple[str, Held]:
    """A member whom who looks serves; nothing of anybody else."""
    member = _member(answers)
    serves = bool(member) and visit.caller.holds(OFFICE, member)
    return member, held_of(visit.store, visit.ledger, member) if serves else _NOBODY


def _unit(visit: Visit, answers: Answers) -> tuple[str, Held]:
    """A unit that who looks speaks for, or serves."""
    unit = answers.get("unit_id", "")
    may = bool(unit) and (acts_for(visit.view, visit.caller.actor, unit) or visit.caller.holds(OFFICE, unit))
    return unit, held_of(visit.store, visit.ledger, unit) if may else _NOBODY


_Whose = Callable[[Visit, Answers], tuple[str, Held]]


def _before(whose: _Whose, field: str) -> Callable[[Visit, Answers], str]:
    return lambda visit, answers: whose(visit, answers)[1].say(field)


def _own_given(visit: Visit, answers: Answers) -> dict[str, Any]:
    """Phone and ID number stay as they are."""
    member, held = _own(visit, answers)
    return {"member_id": member, "words.phone": held.say("phone"), "words.id_number": held.say("id_number")}


def _served_given(visit: Visit, answers: Answers) -> dict[str, Any]:
    """An ID number that was typed, else the one that was there; raises Refused `bad_id_number`."""
    typed = answers.get("id_number", "").strip().upper()
    if typed and not valid_id_number(typed):
        raise Refused("bad_id_number", field="id_number")
    return {"words.id_number": typed or _served(visit, answers)[1].say("id_number")}


def _about_served(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    """Whose details they are; and, once a phone is typed, who else has it."""
    member, held = _served(visit, answers)
    if not held.words and not visit.caller.holds(OFFICE, member):
        return []
    rows = [(visit.t("correcting.whose"), labels(visit, [member], clear=True, numbered=True)[member])]
    phone = answers.get("words.phone", "")
    others = correcting.others_with(visit.store, visit.ledger, phone, member) if phone else []
    if others:
        names = labels(visit, others, clear=[one for one in others if visit.caller.holds(OFFICE, one)], numbered=True)
        told = visit.t("records.mark").join(names[one] for one in others)
        rows.append((visit.t("correcting.shared"), visit.t("correcting.shared_with", names=told)))
    return rows


def _about_unit(visit: Visit, answers: Answers) -> list[tuple[str, Any]]:
    unit = answers.get("unit_id", "")
    return [(visit.t("correcting.unit"), labels(visit, [unit])[unit])] if unit else []


def _proofs(visit: Visit, _answers: Answers) -> Choices:
    return [(one, visit.t(f"correcting.proof_{one}")) for one in _PROOFS]


def _to_person(visit: Visit, _written: Written, answers: Answers) -> str:
    member = _member(answers)
    correcting.note(visit.store, visit.ledger, member, by=visit.caller.actor)
    return visit.url(f"people/{member}", done="corrected")


def _home(visit: Visit, answers: Answers) -> str:
    member = _member(answers) or member_of(visit)
    return visit.url(f"members/{member}") if member else visit.url()


def _person(visit: Visit, answers: Answers) -> str:
    member = _member(answers)
    return visit.url(f"people/{member}") if member else visit.url("people")


def _unit_home(visit: Visit, answers: Answers) -> str:
    unit = answers.get("unit_id", "")
    return visit.url(f"units/{unit}") if unit else visit.url("units")


def _name_now(visit: Visit, done: Done) -> Figures | None:
    """What the name is now, for the sentence that says so."""
    fact = done.fact(DetailsCorrected)
    return None if fact is None else {"name": labels(visit, [fact.member_id], clear=True)[fact.member_id]}


def _unit_now(visit: Visit, done: Done) -> Figures | None:
    fact = done.fact(ContactChanged)
    return None if fact is None else {"unit": labels(visit, [fact.unit_id])[fact.unit_id]}


def _onward(visit: Visit, done: Done) -> tuple[str, str] | None:
    """Back to the page on which the details stand."""
    if (fact := done.fact(DetailsCorrected)) is not None:
        return visit.url(f"members/{fact.member_id}"), "forms.go_on"
    unit = done.fact(ContactChanged)
    return None if unit is None else (visit.url(f"units/{unit.unit_id}"), "forms.go_on")


_MEMBER = Field(name="member_id", kind="hidden", label="correcting.whose", required=False)
_SEEN = Field(name="seen", kind="hidden", label="correcting.seen", required=False)

FORMS: tuple[Form, ...] = (
    Form(
        name="my-details", command=CorrectDetails, title="correcting.own.title", lead="correcting.own.lead", tab="me",
        may=is_member, given=_own_given, back=_home, said="correcting.own.said", figures=_name_now, onward=_onward,
        next="correcting.own.next",
        fields=(
            _MEMBER, _SEEN,
            Field(name="words.name", label="correcting.name", prefill=_before(_own, "name"), most=40, autocomplete="name"),
            Field(
                name="words.address", label="correcting.address", prefill=_before(_own, "address"), most=100,
                required=False, autocomplete="street-address",
            ),
        ),
    ),
    Form(
        name="correct-details", command=CorrectDetails, title="correcting.title", lead="correcting.lead", tab="work",
        may=lambda visit: holds_somewhere(visit, OFFICE), given=_served_given, about=_about_served, back=_person,
        done=_to_person, said="correcting.done_next",
        fields=(
            Field(name="member_id", kind="hidden", label="correcting.whose"), _SEEN,
            Field(name="words.name", label="correcting.name", prefill=_before(_served, "name"), most=40),
            Field(
                name="words.phone", label="correcting.phone", kind="phone", prefill=_before(_served, "phone"), most=20,
                required=False, hint="correcting.phone_hint",
            ),
            Field(
                name="words.address", label="correcting.address", prefill=_before(_served, "address"), most=100,
                required=False,
            ),
            Field(
                name="id_number", label="correcting.id_number", hint="correcting.id_number_hint", aside=True, most=18,
                required=False,
            ),
            Field(name="proof", label="correcting.proof", hint="correcting.proof_hint", kind="choice", choices=_proofs),
        ),
    ),
    Form(
        name="unit-contact", command=ChangeContact, title="correcting.contact.title", lead="correcting.contact.lead",
        tab="unit", may=is_member, about=_about_unit, back=_unit_home, said="correcting.contact.said",
        figures=_unit_now, onward=_onward, next="correcting.contact.next",
        fields=(
            Field(name="unit_id", kind="hidden", label="correcting.unit"), _SEEN,
            Field(name="words.name", label="correcting.name", prefill=_before(_unit, "name"), most=40),
            Field(
                name="words.phone", label="correcting.phone", kind="phone", prefill=_before(_unit, "phone"), most=20,
                required=False,
            ),
            Field(
                name="words.address", label="correcting.address", prefill=_before(_unit, "address"), most=100,
                required=False,
            ),
        ),
    ),
)  # fmt: skip

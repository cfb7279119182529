"""The forms of volunteers: giving hours, kin, services, the pool, corrections, the wall; and signing for a shift."""

from __future__ import annotations

from typing import Any

from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Done, Field, Figures, Form
from api.pages.menu import is_member
from api.pages.naming import labels
from api.pages.volunteer import calendar
from api.pages.volunteer.giving import member_of
from api.pages.volunteer.using import cost_of, kin_rows, reservation_row, service_row
from api.people import People
from api.texts import text
from ledger.hours import commands as hours
from ledger.hours.facts import SessionEndorsed, SessionVerified
from ledger.parties import commands as party
from ledger.parties import facts as party_facts
from ledger.services import commands as service
from ledger.shifts import commands as shift
from projections.books import queries as books

Rows = list[tuple[str, Any]]
_RELATIONS = ("spouse", "parent", "child", "sibling", "grandparent", "grandchild", "other")


def value(visit: Visit, name: str) -> str:
    """A value of an enumeration in words."""
    return text(visit.lang, f"sampling.value.{name}")


def _whose(visit: Visit, answers: Answers, name: str) -> str:
    """For whom this is: who looks, or a principal who came with the address. The ledger decides whether that may be."""
    return answers.get(name) or member_of(visit)


def _usable(visit: Visit, member: str) -> Rows:
    """Whose hours, where they are not one's own, and how many can be used; nothing of people whose affairs are not open."""
    if not visit.reads_affairs_of(member):
        return []
    rows: Rows = []
    if member != visit.caller.actor:
        rows.append((visit.t("volunteer.form.for"), labels(visit, [member], clear=True)[member]))
    found = books.hours_of(visit.store.database, visit.ledger, member)
    return [*rows, (visit.t("member.usable"), visit.hours(found.spendable))]


def _use(visit: Visit, answers: Answers) -> str:
    """Back to what hours are for."""
    member = answers.get("giver") or answers.get("member") or member_of(visit)
    return visit.url(f"members/{member}/use")


def _home(visit: Visit, answers: Answers) -> str:
    member = answers.get("volunteer") or answers.get("member_id") or member_of(visit)
    return visit.url(f"members/{member}")


def _kin_home(visit: Visit, answers: Answers) -> str:
    return visit.url(f"members/{answers.get('member') or member_of(visit)}/kin")


def _shift_home(visit: Visit, answers: Answers) -> str:
    return visit.url(f"shifts/{answers['shift_id']}") if answers.get("shift_id") else visit.url("shifts")


_GIVER = Field(name="giver", kind="hidden", label="volunteer.form.for", required=False)
_MEMBER = Field(name="member", kind="hidden", label="volunteer.form.for", required=False)
_AMOUNT = Field(name="minutes", kind="minutes", label="volunteer.form.minutes", hint="volunteer.form.minutes_hint")
_REMARK = Field(
    name="words.remark", kind="long", label="volunteer.form.remark", hint="volunteer.form.remark_hint", required=False
)
_SPENDING = {
    "insufficient_hours": "minutes", "gift_to_oneself": "receiver", "gift_beyond_kin": "receiver",
    "grant_to_oneself": "receiver", "member_left": "receiver", "no_such_member": "receiver",
    "minutes_out_of_range": "minutes",
}  # fmt: skip


def _kin_choices(visit: Visit, answers: Answers) -> Choices:
    """Registered kin of the giver: relation, and masked name with number."""
    member = _whose(visit, answers, "giver")
    if not visit.reads_affairs_of(member):
        return []
    rows = [row for row in kin_rows(visit, member) if row["status"] == "registered"]
    other = [(row["kin"], value(visit, f"relation_{row['relation']}")) if row["member"] == member
             else (row["member"], visit.t("volunteer.kin.relative")) for row in rows]  # fmt: skip
    names = labels(visit, [one for one, _ in other], clear=visit.caller.sees_names, numbered=True)
    return [(one, f"{relation} · {names[one]}") for one, relation in other]


def _service(visit: Visit, answers: Answers) -> Rows:
    """What is reserved, of whom, and what it costs."""
    row = service_row(visit, answers.get("service_id", ""))
    if row is None:
        return []
    shown: Rows = [
        (visit.t("volunteer.line.service"), row["name"]),
        (visit.t("volunteer.line.provider"), labels(visit, [row["provider"]])[row["provider"]]),
        (visit.t("volunteer.use.charge"), value(visit, f"charge_{row['charge']}")),
    ]
    if cost := cost_of(visit, row):
        shown.append((visit.t("volunteer.use.costs"), visit.hours(cost)))
    if row["price_fen"]:
        shown.append((visit.t("volunteer.use.price"), visit.yuan(row["price_fen"])))
    return [*shown, *_usable(visit, _whose(visit, answers, "member"))]


def _reservation(visit: Visit, answers: Answers) -> Rows:
    """A reservation of a service, or of plain hours."""
    reservation_id = answers.get("reservation_id", "")
    row = reservation_row(visit, reservation_id)
    if row is not None:
        named = service_row(visit, row["service_id"])
        shown: Rows = [(visit.t("volunteer.line.service"), named["name"] if named else "")]
    else:
        row = books.reservation(visit.store.database, visit.ledger, reservation_id)
        if row is None or not visit.reads_affairs_of(row["member"]):
            return []
        shown = []
    if row["provider"]:
        shown.append((visit.t("volunteer.line.provider"), labels(visit, [row["provider"]])[row["provider"]]))
    return [*shown, (visit.t("member.held"), visit.hours(row["minutes"])),
            (visit.t("line.until"), visit.deadline(row["until_at"]))]  # fmt: skip


def _session(visit: Visit, answers: Answers) -> Rows:
    """The record that is to be put right."""
    row = books.session(visit.store.database, visit.ledger, answers.get("session_id", ""))
    if row is None or not visit.reads_affairs_of(row["volunteer"]):
        return []
    words = People(visit.store, visit.ledger).words([row["words"]]).get(row["words"], {})
    now = row["minutes"] if row["corrected_minutes"] is None else row["corrected_minutes"]
    return [
        (visit.t("volunteer.form.activity"), str(words.get("activity", "")) or visit.t("line.session")),
        (visit.t("line.day"), visit.day(row["day"])),
        (visit.t("volunteer.form.recorded"), visit.hours(now)),
    ]


def _tie(visit: Visit, answers: Answers) -> Rows:
    """Who would be kin of whom."""
    member = member_of(visit)
    row = next((row for row in kin_rows(visit, answers.get("kin") or member)
                if row["kin_id"] == answers.get("kin_id")), None)  # fmt: skip
    if row is None or not visit.reads_affairs_of(answers.get("kin") or member):
        return []
    names = labels(visit, [row["member"]], clear=visit.caller.sees_names, numbered=True)
    said = visit.t("volunteer.kin.says", who=names[row["member"]], relation=value(visit, f"relation_{row['relation']}"))
    return [(visit.t("volunteer.kin.proposal"), said)]


def _shift(visit: Visit, answers: Answers) -> Rows:
    row = calendar.shift_row(visit, answers.get("shift_id", ""))
    if row is None:
        return []
    when = f"{visit.day(row['day'])} {calendar.hours_of_day(visit, row)}"
    return [(visit.t("volunteer.shift.one"), row["name"]), (visit.t("line.day"), when)]


def _attested(visit: Visit, answers: Answers) -> Rows:
    member = answers.get("member", "")
    row = calendar.shift_row(visit, answers.get("shift_id", ""))
    if row is None or not (visit.caller.sees_names or row["in_charge"] == visit.caller.actor):
        return []
    names = labels(visit, [member], clear=visit.caller.sees_names, numbered=True)
    return [*_shift(visit, answers), (visit.t("volunteer.shift.who"), names.get(member, ""))]


def _named(visit: Visit, answers: Answers) -> Rows:
    """How the wall shows somebody now."""
    member = _whose(visit, answers, "member_id")
    row = books.member(visit.store.database, visit.ledger, member) if visit.reads_affairs_of(member) else None
    if row is None:
        return []
    state = "hidden" if row["wall_hidden"] else "named" if row["wall_named"] else "masked"
    return [(visit.t("volunteer.wall.now"), visit.t(f"volunteer.wall.{state}"))]


def _how_shown(visit: Visit, done: Done) -> Figures:
    """How the wall shows somebody from now on."""
    fact = done.fact(party_facts.PublicationWithdrawn)
    return {"how": visit.t(f"volunteer.wall.{'hidden' if fact is not None and fact.hidden else 'masked'}")}


def _signed(visit: Visit, done: Done) -> Figures:
    """For how many people somebody signed, and for how much."""
    found = [one for one in done.facts if isinstance(one, SessionVerified | SessionEndorsed)]
    rows = [books.session(visit.store.database, visit.ledger, one.session_id) for one in found]
    return {"people": f"{len(found):,}", "total": visit.hours(sum(row["minutes"] for row in rows if row is not None))}


def _to_account(visit: Visit, done: Done) -> tuple[str, str] | None:
    member = done.value("giver") or done.value("member")
    return (visit.url(f"members/{member}"), "volunteer.form.to_account") if member else None


FORMS: tuple[Form, ...] = (
    Form(
        name="give", command=hours.GiveHours, title="volunteer.give.title", lead="volunteer.give.lead", tab="me",
        next="volunteer.give.next", onward=_to_account, may=is_member, blame=_SPENDING, back=_use,
        about=lambda visit, answers: _usable(visit, _whose(visit, answers, "giver")),
        given=lambda visit, answers: {"giver": _whose(visit, answers, "giver")},
        fields=(
            _GIVER,
            Field(name="receiver", kind="member", label="volunteer.give.receiver", hint="volunteer.give.receiver_hint"),
            _AMOUNT, _REMARK,
        ),
    ),
    Form(
        name="give-kin", command=hours.GiveHours, title="volunteer.give.kin_title", lead="volunteer.give.kin_lead",
        tab="me", next="volunteer.give.next", onward=_to_account, may=is_member, blame=_SPENDING, back=_use,
        about=lambda visit, answers: _usable(visit, _whose(visit, answers, "giver")),
        given=lambda visit, answers: {"giver": _whose(visit, answers, "giver")},
        fields=(
            _GIVER,
            Field(name="receiver", kind="choice", label="volunteer.give.kin_receiver", choices=_kin_choices),
            _AMOUNT, _REMARK,
        ),
    ),
    Form(
        name="donate-hours", command=hours.DonateHours, title="volunteer.donate.title", lead="volunteer.donate.lead",
        tab="me", next="volunteer.donate.next", onward=_to_account, may=is_member, blame=_SPENDING, back=_use,
        about=lambda visit, answers: _usable(visit, _whose(visit, answers, "giver")),
        given=lambda visit, answers: {"giver": _whose(visit, answers, "giver")},
        fields=(_GIVER, _AMOUNT, _REMARK),
    ),
    Form(
        name="redeem", command=service.ReserveService, title="volunteer.redeem.title", lead="volunteer.redeem.lead",
        tab="me", next="volunteer.redeem.next", may=is_member, send="volunteer.redeem.send", back=_use, about=_service,
        given=lambda visit, answers: {"member": _whose(visit, answers, "member")},
        fields=(
            Field(name="service_id", kind="hidden", label="volunteer.line.service"), _MEMBER,
            Field(name="words.remark", kind="long", label="volunteer.redeem.remark", hint="volunteer.redeem.remark_hint",
                  required=False),
        ),
    ),
    Form(
        name="cancel-service", command=service.CancelService, title="volunteer.redeem.cancel", tab="me", check=False,
        next="volunteer.redeem.cancel_next", may=is_member, send="volunteer.redeem.cancel_send", back=_use,
        about=_reservation,
        fields=(Field(name="reservation_id", kind="hidden", label="volunteer.line.service"),),
    ),
    Form(
        name="confirm-service", command=service.ConfirmService, title="volunteer.redeem.confirm", tab="me", check=False,
        next="volunteer.redeem.confirm_next", may=is_member, send="volunteer.redeem.confirm_send", back=_use,
        about=_reservation,
        fields=(Field(name="reservation_id", kind="hidden", label="volunteer.line.service"),),
    ),
    Form(
        name="contest-service", command=service.ContestService, title="volunteer.redeem.contest", tab="me",
        next="volunteer.redeem.contest_next", may=is_member, back=_use, about=_reservation,
        given=lambda visit, answers: {"member": _whose(visit, answers, "member")},
        fields=(Field(name="reservation_id", kind="hidden", label="volunteer.line.service"), _MEMBER, _REMARK),
    ),
    Form(
        name="release-hours", command=hours.ReleaseReservation, title="volunteer.redeem.release", tab="me", check=False,
        next="volunteer.redeem.cancel_next", may=is_member, send="volunteer.redeem.cancel_send", back=_use,
        about=_reservation,
        fields=(Field(name="reservation_id", kind="hidden", label="volunteer.line.service"),),
    ),
    Form(
        name="settle-hours", command=hours.SettleReservation, title="volunteer.redeem.confirm", tab="me", check=False,
        next="volunteer.redeem.confirm_next", may=is_member, send="volunteer.redeem.confirm_send", back=_use,
        about=_reservation,
        fields=(Field(name="reservation_id", kind="hidden", label="volunteer.line.service"),),
    ),
    Form(
        name="kin", command=hours.ProposeKin, title="volunteer.kin.propose", lead="volunteer.kin.propose_lead",
        tab="me", next="volunteer.kin.propose_next", may=is_member, back=_kin_home,
        blame={"kin_exists": "kin", "kin_of_oneself": "kin", "no_such_member": "kin", "member_left": "kin"},
        given=lambda visit, answers: {"member": _whose(visit, answers, "member")},
        fields=(
            _MEMBER,
            Field(name="kin", kind="member", label="volunteer.kin.who", hint="volunteer.give.receiver_hint"),
            Field(name="relation", kind="choice", label="volunteer.kin.relation", hint="volunteer.kin.relation_hint",
                  choices=lambda visit, _: [(one, value(visit, f"relation_{one}")) for one in _RELATIONS]),
        ),
    ),
    Form(
        name="kin-agree", command=hours.RegisterKin, title="volunteer.kin.agree", tab="me", check=False,
        next="volunteer.kin.agree_next", may=is_member, send="volunteer.kin.agree_send", back=_kin_home, about=_tie,
        given=lambda visit, answers: {"kin": _whose(visit, answers, "kin")},
        fields=(Field(name="kin_id", kind="hidden", label="volunteer.kin.who"),
                Field(name="kin", kind="hidden", label="volunteer.form.for", required=False)),
    ),
    Form(
        name="kin-end", command=hours.EndKin, title="volunteer.kin.end", lead="volunteer.kin.end_lead", tab="me",
        check=False, next="volunteer.kin.end_next", may=is_member, send="volunteer.kin.end_send", back=_kin_home,
        given=lambda visit, answers: {"member": _whose(visit, answers, "member")},
        fields=(Field(name="kin_id", kind="hidden", label="volunteer.kin.who"), _MEMBER),
    ),
    Form(
        name="correction", command=hours.RequestCorrection, title="volunteer.correct.title",
        lead="volunteer.correct.lead", tab="me", next="volunteer.correct.next", may=is_member, back=_home,
        about=_session, given=lambda visit, answers: {"volunteer": _whose(visit, answers, "volunteer")},
        fields=(
            Field(name="session_id", kind="hidden", label="line.session"),
            Field(name="volunteer", kind="hidden", label="volunteer.form.for", required=False),
            Field(name="minutes", kind="minutes", label="volunteer.correct.minutes", hint="volunteer.correct.minutes_hint"),
            Field(name="words.remark", kind="long", label="volunteer.correct.why", hint="volunteer.correct.why_hint"),
        ),
    ),
    Form(
        name="wall-yes", command=party.AgreeToPublication, title="volunteer.wall.agree", lead="volunteer.wall.agree_lead",
        tab="me", check=False, next="volunteer.wall.agree_next", may=is_member, send="volunteer.wall.agree_send",
        back=_home, about=_named,
        given=lambda visit, answers: {"member_id": _whose(visit, answers, "member_id"), "where": "wall"},
        fields=(Field(name="member_id", kind="hidden", label="volunteer.form.for", required=False),),
    ),
    Form(
        name="wall-no", command=party.WithdrawPublication, title="volunteer.wall.leave", lead="volunteer.wall.leave_lead",
        tab="me", check=False, next="volunteer.wall.leave_next", may=is_member, back=_home, about=_named,
        given=lambda visit, answers: {
            "member_id": _whose(visit, answers, "member_id"), "where": "wall", "hidden": answers.get("hidden") == "1",
        },
        fields=(
            Field(name="member_id", kind="hidden", label="volunteer.form.for", required=False),
            Field(name="hidden", kind="choice", label="volunteer.wall.how", choices=lambda visit, _: [
                ("0", visit.t("volunteer.wall.masked")), ("1", visit.t("volunteer.wall.hidden"))]),
        ),
        figures=_how_shown,
    ),
    Form(
        name="sign-shift", command=shift.ConfirmShift, title="volunteer.shift.confirm",
        lead="volunteer.shift.confirm_lead", tab="shifts", check=False, next="volunteer.shift.confirm_next",
        may=is_member, send="volunteer.shift.confirm_send", back=_shift_home, about=_shift, figures=_signed,
        fields=(Field(name="shift_id", kind="hidden", label="volunteer.shift.one"),),
    ),
    Form(
        name="attest-check-out", command=shift.AttestCheckOut, title="volunteer.shift.attest",
        lead="volunteer.shift.attest_lead", tab="shifts", next="volunteer.shift.attest_next", may=is_member,
        back=_shift_home, about=_attested, blame={"implausible_check_out": "out_at"},
        fields=(
            Field(name="shift_id", kind="hidden", label="volunteer.shift.one"),
            Field(name="member", kind="hidden", label="volunteer.shift.who"),
            Field(name="out_at", kind="moment", label="volunteer.shift.out_at"),
        ),
    ),
)  # fmt: skip

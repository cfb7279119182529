"""How the commands of the engine `shifts` are told again from their facts."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.audit.story import Leads, Special, Story
from ledger.base import Command, View
from ledger.shifts import commands as do
from ledger.shifts import facts

LEADS: Leads = (
    (do.PlanRota, facts.RotaPlanned),
    (do.EndRota, facts.RotaEnded),
    (do.ScheduleShift, facts.ShiftScheduled),
    (do.ScheduleFromRota, facts.ShiftScheduled),
    (do.CancelShift, facts.ShiftCancelled),
    (do.SignUp, facts.SignedUp),
    (do.WithdrawSignup, facts.SignupEnded),
    (do.CheckIn, facts.CheckedIn),
    (do.CheckOut, facts.CheckedOut),
    (do.CloseShift, facts.ShiftClosed),
    (do.AttestCheckOut, facts.CheckOutAttested),
    (do.ConfirmShift, facts.ShiftConfirmed),
    (do.RecordPaperList, facts.PaperListEntered),
)


def _by_itself(_view: View, _story: Story, lead: facts.ShiftScheduled) -> Iterable[Command]:
    if lead.rota_id is None:
        yield do.ScheduleShift(
            shift_id=lead.shift_id,
            name=lead.name,
            place=lead.place,
            team=lead.team,
            organiser=lead.organiser,
            in_charge=lead.in_charge,
            start_at=lead.start_at,
            end_at=lead.end_at,
            capacity=lead.capacity,
            pooled=lead.pooled,
        )


def _of_rota(_view: View, _story: Story, lead: facts.ShiftScheduled) -> Iterable[Command]:
    if lead.rota_id is not None:
        yield do.ScheduleFromRota(shift_id=lead.shift_id, rota_id=lead.rota_id, day=lead.day)


def _checked_out(_view: View, _story: Story, lead: facts.CheckedOut) -> Iterable[Command]:
    # Any id will do in place of that of a session that did not come to be.
    session_id = lead.session_id or f"ses_{lead.signup_id}"
    yield do.CheckOut(session_id=session_id, shift_id=lead.shift_id, member=lead.member, step=lead.step)


def _paper_list(_view: View, story: Story, lead: facts.PaperListEntered) -> Iterable[Command]:
    rows = tuple(
        do.PaperRow(member=one.member, from_minute=one.from_minute, to_minute=one.to_minute)
        for one in story.facts
        if isinstance(one, facts.PaperRowEntered)
    )
    yield do.RecordPaperList(
        list_id=lead.list_id, shift_id=lead.shift_id, guarantor=lead.guarantor, rows=rows, whole=lead.whole
    )


SPECIAL: Special = {
    (do.ScheduleShift, facts.ShiftScheduled): _by_itself,
    (do.ScheduleFromRota, facts.ShiftScheduled): _of_rota,
    (do.CheckOut, facts.CheckedOut): _checked_out,
    (do.RecordPaperList, facts.PaperListEntered): _paper_list,
}

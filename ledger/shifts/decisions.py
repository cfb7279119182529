"""Every decision about shifts with who may ask for it."""

from __future__ import annotations

from ledger.base import Command, Decide
from ledger.shifts import commands as do
from ledger.shifts.attendance import attest_check_out, check_in, check_out, confirm_shift, record_paper_list
from ledger.shifts.calendar import cancel_shift, end_rota, plan_rota, schedule_from_rota, schedule_shift
from ledger.shifts.signups import close_shift, sign_up, withdraw_signup

RULES: dict[type[Command], Decide] = {
    do.PlanRota: plan_rota,
    do.EndRota: end_rota,
    do.ScheduleShift: schedule_shift,
    do.ScheduleFromRota: schedule_from_rota,
    do.CancelShift: cancel_shift,
    do.SignUp: sign_up,
    do.WithdrawSignup: withdraw_signup,
    do.CheckIn: check_in,
    do.CheckOut: check_out,
    do.CloseShift: close_shift,
    do.AttestCheckOut: attest_check_out,
    do.ConfirmShift: confirm_shift,
    do.RecordPaperList: record_paper_list,
}

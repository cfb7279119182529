"""Every decision about shifts with who may ask for it."""

from __future__ import annotations

from ledger.base import Command, Right, Rule
from ledger.shifts import commands as do
from ledger.shifts.attendance import attest_check_out, check_in, check_out, confirm_shift, record_paper_list
from ledger.shifts.calendar import cancel_shift, end_rota, plan_rota, schedule_from_rota, schedule_shift
from ledger.shifts.signups import close_shift, sign_up, withdraw_signup

_WORKER = frozenset({"community_worker"})
_SYSTEM = frozenset({"community_worker", "administrator"})
_IN_CHARGE = Right(roles=_WORKER, anybody=True)
"""A worker, or whoever the shift names as in charge: the decision looks."""
_OWN = Right(roles=_WORKER, own=("member",))

RULES: dict[type[Command], Rule] = {
    do.PlanRota: Rule(decide=plan_rota, right=Right(roles=_WORKER)),
    do.EndRota: Rule(decide=end_rota, right=Right(roles=_WORKER)),
    do.ScheduleShift: Rule(decide=schedule_shift, right=Right(roles=_WORKER)),
    do.ScheduleFromRota: Rule(decide=schedule_from_rota, right=Right(roles=_SYSTEM)),
    do.CancelShift: Rule(decide=cancel_shift, right=_IN_CHARGE),
    do.SignUp: Rule(decide=sign_up, right=_OWN),
    do.WithdrawSignup: Rule(decide=withdraw_signup, right=_OWN),
    do.CheckIn: Rule(decide=check_in, right=_OWN),
    do.CheckOut: Rule(decide=check_out, right=_OWN),
    do.CloseShift: Rule(decide=close_shift, right=Right(roles=_SYSTEM)),
    do.AttestCheckOut: Rule(decide=attest_check_out, right=_IN_CHARGE),
    do.ConfirmShift: Rule(decide=confirm_shift, right=_IN_CHARGE),
    do.RecordPaperList: Rule(decide=record_paper_list, right=_IN_CHARGE),
}

"""The pages about money: funds for everybody, donors' own, committee's and treasurer's desks, calls for proposals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.clock import day_of
from ledger.funds import commands as fund
from ledger.proposals import commands as call
from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World

Path = Callable[["World"], str]
_FUND = "fund_nuanxing"


def prepare(world: World) -> None:
    """Money that the volunteer gave, a promise, something to agree to, grants that wait, and a call that they judge."""
    committee = world.rows("funds", fund=_FUND)[0]["committee"].split("\n")
    world.people["seat"] = committee[0]
    today = day_of(world.store.clock())
    gift = fund.ReceiveDonation(fund=_FUND, donor=world.people["volunteer"], amount_fen=188_00, named=True)
    world.do("treasurer", gift)
    world.do("volunteer", fund.PledgeDonation(fund=_FUND, donor=world.people["volunteer"], amount_fen=66_00))
    item = world.rows("fund_items", 20, fund=_FUND)
    other = next(row["item"] for row in item if row["item"] != fund.GENERAL and row["name"])
    change = fund.AskRestrictionChange(
        receipt_id=gift.receipt_id, to_item=other, amount_fen=10_00, reason="more_urgent"
    )
    world.do("treasurer", change)
    waits = fund.ProposeGrant(fund=_FUND, amount_fen=5_00, words=fund.GrantWords(purpose="冬衣两件", payee="孙奶奶"))
    ready = fund.ProposeGrant(fund=_FUND, amount_fen=6_00, words=fund.GrantWords(purpose="药箱一个"))
    for grant in (waits, ready):
        world.do("worker", grant)
    world.do("seat", fund.ApproveGrant(grant_id=ready.grant_id))
    opened = call.OpenCall(
        fund=_FUND, category="venture", title="邻里微创投", budget_fen=900_00, most_fen=500_00,
        until_day=today, judges=(world.people["volunteer"], committee[1], committee[2]),
        criteria=(call.Criterion(name="需求", most_points=40), call.Criterion(name="方案", most_points=60)), least_scores=1,
    )  # fmt: skip
    world.do("worker", opened)
    stages = (call.Milestone(name="开张", amount_fen=200_00, due_day=today + timedelta(days=9)),)
    asked = call.SubmitProposal(
        call_id=opened.call_id, applicant=world.people["unit"], title="老人食堂", milestones=stages
    )
    world.do("representative", asked)
    world.people.update(
        gift=gift.receipt_id, change=change.change_id, waits=waits.grant_id, ready=ready.grant_id, call=opened.call_id,
        proposal=asked.proposal_id,
    )  # fmt: skip
    # The street reaches every stage at once: who may still report one is looked at in `tests.pages.fund`.
    stage = world.rows("milestones")[0]
    world.people["stage"] = stage["grant_id"]
    world.people["applicant"] = world.rows("roles", role="representative", scope=stage["applicant"])[0]["holder"]
    world.people["told"] = world.first("disclosures")
    case = fund.OpenHelpCase(fund=_FUND, title="大病救助", beneficiary=world.people["parent"], need_fen=5_000_00)
    world.do("worker", case)
    world.people["case"] = case.case_id
    pledge = fund.PledgeDonation(fund=_FUND, donor=world.people["unit"], amount_fen=500_00)
    world.do("representative", pledge)
    world.people["pledge"] = pledge.pledge_id


def _number(table: str, key: str, who: str, path: str) -> Path:
    """A path with the number of what `prepare` made."""
    return lambda world: path.format(world.rows(table, 1, **{key: world.people[who]})[0]["number"])


def _paid(world: World) -> str:
    row = next(row for row in world.rows("grants", 400, status="paid") if row["paid"] is not None)
    return f"funds/{row['fund'].removeprefix('fund_')}/payments/{row['paid']}"


def _report(ending: str = "") -> Path:
    def path(world: World) -> str:
        row = max(world.rows("disclosures", 50), key=lambda one: one["corrections"])
        return f"funds/{row['fund'].removeprefix('fund_')}/reports/{row['number']}{ending}"

    return path


def _stage(ending: str = "") -> Path:
    """A proposal that was awarded."""

    def path(world: World) -> str:
        stage = world.rows("milestones", grant_id=world.people["stage"])[0]
        row = world.rows("proposals", proposal_id=stage["proposal_id"])[0]
        return f"proposals/{row['number']}{ending}"

    return path


_DONATION = _number("receipts", "receipt_id", "gift", "funds/nuanxing/donations/{}")
_GRANT = _number("grants", "grant_id", "waits", "funds/nuanxing/grants/{}")
_READY = _number("grants", "grant_id", "ready", "funds/nuanxing/grants/{}")
_CALL = _number("calls_for_proposals", "call_id", "call", "calls/{}")
_PROPOSAL = _number("proposals", "proposal_id", "proposal", "proposals/{}")
_SCORE = _number("proposals", "proposal_id", "proposal", "proposals/{}/score")

PAGES = (
    Seen("fund-cases-in-it", "funds/lezhi"),
    Seen("fund-donation", _DONATION),
    Seen("fund-donation-treasurer", _DONATION, "treasurer"),
    Seen("fund-payment", _paid),
    Seen("fund-payment-treasurer", _paid, "treasurer"),
    Seen("fund-find", "funds/nuanxing/donations"),
    Seen("fund-find-nothing", "funds/nuanxing/donations?number=987654", status=404),
    Seen("fund-cases", "funds/lezhi/cases"),
    Seen("fund-reports", "funds/lezhi/reports"),
    Seen("fund-reports-treasurer", "funds/nuanxing/reports", "treasurer"),
    Seen("fund-report", _report()),
    Seen("fund-report-table", "funds/lezhi/reports/987654/report.xlsx", status=404),
    Seen("fund-report-paper", "funds/lezhi/reports/987654/report.pdf", status=404),
    Seen("my-donations", "my-donations", "volunteer"),
    Seen("my-donations-unit", "my-donations?party={unit}", "representative"),
    Seen("my-donations-nobody", "my-donations", status=303),
    Seen("calls", "calls"),
    Seen("calls-judge", "calls", "volunteer"),
    Seen("call", _CALL, "volunteer"),
    Seen("proposal", _PROPOSAL, "volunteer"),
    Seen("proposal-awarded", _stage()),
    Seen("proposal-applicant", _stage(), "applicant"),
    Seen("stage-report-others", _stage("/photos?grant_id={stage}"), "volunteer", status=404),
    Seen("stage-photo", "stage-photos/{stage}/" + "0" * 64, "applicant", status=404),
    Seen("proposal-committee", _PROPOSAL, "seat"),
    Seen("score", _SCORE, "volunteer"),
    Seen("score-others", _SCORE, "resident", status=403),
    Seen("committee", "committee", "seat"),
    Seen("committee-others", "committee", "resident", status=403),
    Seen("treasury", "treasury", "treasurer"),
    Seen("treasury-others", "treasury", "resident", status=403),
    Seen("grant", _GRANT, "seat"),
    Seen("grant-worker", _GRANT, "worker"),
    Seen("grant-ready", _READY, "treasurer"),
    Seen("grant-others", _GRANT, "resident", status=404),
    Seen("do-pledge", "do/pledge?fund=fund_nuanxing", "volunteer"),
    Seen("do-agree-change", "do/agree-change?change_id={change}", "volunteer"),
    Seen("do-receive", "do/receive", "treasurer"),
    Seen("do-refund", "do/refund?receipt_id={gift}", "treasurer"),
    Seen("do-agree-refund", "do/agree-refund?receipt_id={gift}", "treasurer"),
    Seen("do-decline-refund", "do/decline-refund?receipt_id={gift}", "treasurer"),
    Seen("do-pay", "do/pay?grant_id={ready}", "treasurer"),
    Seen("do-disclose", "do/disclose?fund=fund_nuanxing", "treasurer"),
    Seen("do-propose-grant", "do/propose-grant", "seat"),
    Seen("do-approve", "do/approve?grant_id={waits}", "seat"),
    Seen("do-open-call", "do/open-call", "seat"),
    Seen("do-withdraw-pledge", "do/withdraw-pledge?pledge_id={pledge}", "representative"),
    Seen("do-receive-pledge", "do/receive-pledge?pledge_id={pledge}", "treasurer"),
    Seen("do-return-payment", "do/return-payment?grant_id={ready}", "treasurer"),
    Seen("do-change-use", "do/change-use?receipt_id={gift}", "treasurer"),
    Seen("do-correct-disclosure", "do/correct-disclosure?disclosure_id={told}", "treasurer"),
    Seen("do-decline", "do/decline?grant_id={waits}", "seat"),
    Seen("do-cancel-grant", "do/cancel-grant?grant_id={ready}", "seat"),
    Seen("do-accept", "do/accept?grant_id={stage}", "seat"),
    Seen("do-open-case", "do/open-case", "seat"),
    Seen("do-close-case", "do/close-case?case_id={case}", "seat"),
    Seen("do-emergency", "do/emergency", "seat"),
    Seen("do-award", "do/award?proposal_id={proposal}", "seat"),
    Seen("do-submit-proposal", "do/submit-proposal?call_id={call}", "representative"),
)
"""Files (`report.xlsx`, `report.pdf`, photos of stages) are no pages to be looked at: `tests.pages.fund` opens them."""

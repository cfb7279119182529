"""Stories of the engine `funds`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.disclosures import facts as told
from ledger.funds import facts as fund
from ledger.proposals import facts as proposal
from tests.projections.cast import FIRST_DAY, FUND, ITEMS, MEMBERS, UNITS, WORKER

if TYPE_CHECKING:
    from tests.projections.teller import Teller

_CHANGES, _CASES, _CALLS, _REFUNDS = "funds.changes", "funds.cases", "funds.calls", "funds.refunds"
_PROPOSALS, _AGREED, _REPORTED, _TOLD = "funds.proposals", "funds.agreed", "funds.reported", "funds.told"


def ask_for_change(teller: Teller, a: int, b: int, n: int) -> None:
    """A donor is asked, and a treasurer asks for a refund."""
    if not teller.receipts:
        return
    r = teller.receipts[a % len(teller.receipts)]
    refund = fund.RefundAsked(receipt_id=r.receipt_id, amount_fen=n, reason="paid_twice", asked_by=WORKER)
    teller.kept[_REFUNDS].append(refund)
    teller.tell(refund)
    asked = fund.RestrictionChangeAsked(
        change_id=teller.fresh("change"), receipt_id=r.receipt_id, fund=FUND, donor=r.donor, item=r.item,
        to_item=next(item for item in ITEMS if item != r.item), amount_fen=max(1, r.amount_fen // 3),
        reason="more_urgent", asked_by=WORKER, day=teller.day(n),
    )  # fmt: skip
    teller.kept[_CHANGES].append(asked)
    teller.tell(asked)


def agree_to_change(teller: Teller, a: int, b: int, n: int) -> None:
    """The donor agrees."""
    if teller.kept[_REFUNDS] and a % 3 == 0:
        r = teller.kept[_REFUNDS].pop()
        teller.tell(
            fund.RefundDeclined(
                receipt_id=r.receipt_id, amount_fen=r.amount_fen, reason="no_ground", declined_by=WORKER,
                day=teller.day(n),
            )
        )  # fmt: skip
    if teller.kept[_CHANGES]:
        c: fund.RestrictionChangeAsked = teller.kept[_CHANGES].pop(a % len(teller.kept[_CHANGES]))
        teller.tell(
            fund.RestrictionChanged(
                change_id=c.change_id, receipt_id=c.receipt_id, fund=FUND, donor=c.donor, item=c.item,
                to_item=c.to_item, amount_fen=c.amount_fen, agreed_by=MEMBERS[a % 6], day=teller.day(n),
            )
        )  # fmt: skip


def open_case(teller: Teller, a: int, b: int, n: int) -> None:
    """A case, and what somebody gives for it."""
    case_id = teller.fresh("case")
    opened = fund.HelpCaseOpened(
        case_id=case_id, fund=FUND, item="case-" + case_id.removeprefix("case_"), title="after a fire",
        beneficiary=MEMBERS[a % 6], need_fen=n * 100, opened_by=WORKER, day=teller.day(n), words="c",
    )  # fmt: skip
    teller.tell(opened)
    given = fund.DonationReceived(
        receipt_id=teller.fresh("rcpt"), fund=FUND, donor=UNITS[b % 3], item=opened.item, amount_fen=n * 10,
        method="transfer", handler=WORKER, day=teller.day(n),
    )  # fmt: skip
    teller.tell(given)
    teller.kept[_CASES].append((opened, given))


def close_case(teller: Teller, a: int, b: int, n: int) -> None:
    """What is left goes on; now and then nothing is."""
    if teller.kept[_CASES]:
        opened, given = teller.kept[_CASES].pop(a % len(teller.kept[_CASES]))
        left = given.amount_fen
        if b % 2:
            teller.tell(
                fund.DonationRefunded(
                    receipt_id=given.receipt_id, fund=FUND, donor=given.donor, item=given.item, amount_fen=left,
                    reason="purpose_impossible", refunded_by=WORKER, day=teller.day(n),
                )
            )  # fmt: skip
            left = 0
        teller.tell(
            fund.HelpCaseClosed(
                case_id=opened.case_id, fund=FUND, item=opened.item, to_item="general", remainder_fen=left,
                outcome="helped", closed_by=MEMBERS[1], day=teller.day(n),
            )
        )  # fmt: skip


def call(teller: Teller, a: int, b: int, n: int) -> None:
    """A call that somebody answers."""
    opened = proposal.CallOpened(
        call_id=teller.fresh("cfp"), fund=FUND, item=ITEMS[b % 3], category="venture", title="t", budget_fen=n * 1_000,
        most_fen=n * 500, until_day=teller.day(n), judges=MEMBERS[:3], criteria=(("need", 40), ("plan", 60)),
        least_scores=2, pass_percent=60, opened_by=WORKER, day=FIRST_DAY,
    )  # fmt: skip
    teller.tell(opened)
    teller.kept[_CALLS].append(opened)


def submit(teller: Teller, a: int, b: int, n: int) -> None:
    """A proposal, and what the judges think of it."""
    if not teller.kept[_CALLS]:
        return
    opened: proposal.CallOpened = teller.kept[_CALLS][a % len(teller.kept[_CALLS])]
    submitted = proposal.ProposalSubmitted(
        proposal_id=teller.fresh("prop"), call_id=opened.call_id, applicant=UNITS[b % 3], title="t",
        asked_fen=n * 3, milestones=(("begin", n, teller.day(n).isoformat()), ("end", n * 2, teller.day(n + 9).isoformat())),
        submitted_by=MEMBERS[4], day=FIRST_DAY, words="c",
    )  # fmt: skip
    teller.tell(submitted)
    for judge in MEMBERS[: a % 4]:
        teller.tell(
            proposal.ProposalScored(
                proposal_id=submitted.proposal_id, judge=judge, points=(a, b), total=a + b, day=teller.day(n)
            )
        )
    teller.kept[_PROPOSALS].append((opened, submitted))


def award(teller: Teller, a: int, b: int, n: int) -> None:
    """The grants of an awarded proposal may be paid like all others."""
    if not teller.kept[_PROPOSALS]:
        return
    opened, submitted = teller.kept[_PROPOSALS].pop(a % len(teller.kept[_PROPOSALS]))
    teller.tell(
        proposal.ProposalAwarded(
            proposal_id=submitted.proposal_id, call_id=opened.call_id, fund=FUND, applicant=submitted.applicant,
            amount_fen=submitted.asked_fen, scores=3, points=n, approver=MEMBERS[1], day=teller.day(n),
        )
    )  # fmt: skip
    for rank, (name, amount_fen, due_day) in enumerate(submitted.milestones, start=1):
        grant = fund.GrantProposed(
            grant_id=teller.fresh("grant"), fund=FUND, item=opened.item, category=opened.category,
            amount_fen=amount_fen, payee=submitted.applicant, proposer=MEMBERS[4], day=teller.day(n),
        )  # fmt: skip
        agreed = proposal.MilestoneAgreed(
            grant_id=grant.grant_id, proposal_id=submitted.proposal_id, applicant=submitted.applicant, rank=rank,
            name=name, amount_fen=amount_fen, due_day=date.fromisoformat(due_day),
        )  # fmt: skip
        approved = fund.GrantApproved(
            grant_id=grant.grant_id, fund=FUND, item=grant.item, amount_fen=amount_fen, approver=MEMBERS[1]
        )
        teller.tell(grant)
        teller.tell(approved)
        teller.tell(agreed)
        teller.approved.append(grant)
        teller.kept[_AGREED].append(agreed)


def report(teller: Teller, a: int, b: int, n: int) -> None:
    """A milestone is reported, then accepted."""
    if b % 2 and teller.kept[_REPORTED]:
        agreed, day = teller.kept[_REPORTED].pop(a % len(teller.kept[_REPORTED]))
        teller.tell(
            proposal.MilestoneAccepted(
                grant_id=agreed.grant_id, proposal_id=agreed.proposal_id, applicant=agreed.applicant, reported_on=day,
                due_day=agreed.due_day, accepted_by=MEMBERS[2], day=day + timedelta(days=1),
            )
        )  # fmt: skip
    elif teller.kept[_AGREED]:
        agreed = teller.kept[_AGREED].pop(a % len(teller.kept[_AGREED]))
        teller.tell(
            proposal.MilestoneReported(
                grant_id=agreed.grant_id, proposal_id=agreed.proposal_id, evidence=("a" * 64,),
                reported_by=MEMBERS[4], day=teller.day(n), words="c",
            )
        )  # fmt: skip
        teller.kept[_REPORTED].append((agreed, teller.day(n)))


def disclose(teller: Teller, a: int, b: int, n: int) -> None:
    """A disclosure, or the correction of one; now and then of another fund's emergency and end."""
    if b % 3 == 0 and teller.kept[_TOLD]:
        before: told.DisclosurePublished = teller.kept[_TOLD][a % len(teller.kept[_TOLD])]
        teller.tell(
            told.DisclosureCorrected(
                disclosure_id=before.disclosure_id, fund=FUND, from_day=before.from_day, until_day=before.until_day,
                opening_fen=before.opening_fen, received_fen=n, refunded_fen=0, spent_fen=0, returned_fen=0, fee_fen=0,
                closing_fen=before.opening_fen + n, donations=1, payments=0,
                items=(("meals", before.opening_fen, n, 0, 0, 0, 0, before.opening_fen + n), ("x", 0, 0, 0, 0, 0, 0, 0)),
                reason="late_entry", corrected_by=WORKER, day=teller.day(n),
            )
        )  # fmt: skip
        return
    published = told.DisclosurePublished(
        disclosure_id=teller.fresh("disc"), fund=FUND, kind=("periodic", "emergency")[a % 2], from_day=teller.day(n),
        until_day=teller.day(n + 9), opening_fen=a, received_fen=n, refunded_fen=1, spent_fen=2, returned_fen=1,
        fee_fen=1, closing_fen=a + n - 2, donations=1, payments=1,
        items=(("meals", a, n, 1, 0, 2, 1, a + n - 2),), published_by=WORKER, day=teller.day(n + 10),
    )  # fmt: skip
    teller.tell(published)
    teller.kept[_TOLD].append(published)


def end_or_hurry(teller: Teller, a: int, b: int, n: int) -> None:
    """An emergency of the fund; another fund that ends."""
    teller.tell(told.EmergencyDeclared(fund=FUND, until_day=teller.day(n + 30), declared_by=WORKER, day=teller.day(n)))
    if b % 4 == 0:
        other = teller.fresh("fund")
        teller.tell(
            fund.FundOpened(
                fund=other, name="Lezhi", purpose="p", host_charity="h", committee=MEMBERS[:5], supervisor=MEMBERS[5],
                items=(), opened_on=FIRST_DAY,
            )
        )  # fmt: skip
        teller.tell(fund.FundClosed(fund=other, reason="purpose_met", closed_by=WORKER, day=teller.day(n)))


def name_or_end(teller: Teller, a: int, b: int, n: int) -> None:
    """A service item that came later gets a name, another one, and ends."""
    item = f"late-{b % 3}"
    teller.tell(fund.ItemNamed(fund=FUND, item=item, name=f"later {n}", named_by=WORKER, day=teller.day(n)))
    if a % 2:
        teller.tell(fund.ItemEnded(fund=FUND, item=item, ended_by=WORKER, day=teller.day(n)))


STEPS: tuple[Callable[[Teller, int, int, int], None], ...] = (
    ask_for_change, agree_to_change, open_case, close_case, call, submit, award, report, disclose, end_or_hurry,
    name_or_end,
)  # fmt: skip

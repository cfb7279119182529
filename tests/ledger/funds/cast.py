"""Who acts in the stories of funds, and where those stories begin."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from ledger.base import Fact
from ledger.funds import facts
from ledger.parties.facts import MemberRegistered, RoleGranted, UnitRegistered

FUND = "fund_nuanxing"
LONG_AGO = date(2025, 9, 1)

# The committee of five, and its supervisor.
WANG, LI, ZHAO, QIAN, SUN, SUPERVISOR = "mem_wang", "mem_li", "mem_zhao", "mem_qian", "mem_sun", "mem_supervisor"
COMMITTEE = (WANG, LI, ZHAO, QIAN, SUN)
WORKER, TREASURER, DONOR, NEIGHBOUR, GONE = "mem_worker", "mem_treasurer", "mem_donor", "mem_neighbour", "mem_gone"
LVYUN, CHARITY = "unit_lvyun", "unit_charity"

PEOPLE: tuple[Fact, ...] = (
    *(
        MemberRegistered(member_id=member, joined_on=LONG_AGO)
        for member in (*COMMITTEE, SUPERVISOR, WORKER, TREASURER, DONOR, NEIGHBOUR)
    ),
    UnitRegistered(unit_id=LVYUN, kind="property_service", name="绿云物业"),
    UnitRegistered(unit_id=CHARITY, kind="social_organisation", name="方兴慈善会"),
    RoleGranted(holder=LI, role="representative", scope=LVYUN, granted_by=WORKER),
    RoleGranted(holder=TREASURER, role="treasurer", granted_by=WORKER),
)

OPENED = facts.FundOpened(
    fund=FUND, name="暖兴", purpose="方兴社区救急济困", host_charity=CHARITY, committee=COMMITTEE,
    supervisor=SUPERVISOR, items=(("meals", "助餐"), ("clinic", "义诊")), opened_on=LONG_AGO,
)  # fmt: skip
OPEN: tuple[Fact, ...] = (*PEOPLE, OPENED)
OTHER_FUND = replace(OPENED, fund="fund_lezhi", name="乐治方兴")


def pledged(amount_fen: int, *, item: str = "meals", donor: str = DONOR, pledge_id: str = "pledge_1") -> Fact:
    """A promise of the past."""
    return facts.DonationPledged(
        pledge_id=pledge_id, fund=FUND, donor=donor, item=item, amount_fen=amount_fen, day=LONG_AGO
    )


def received(
    amount_fen: int, *, item: str = "meals", donor: str = DONOR, receipt_id: str = "rcpt_1",
    pledge_id: str | None = None, pledge_met_fen: int = 0,
) -> Fact:  # fmt: skip
    """Money that came in before the story."""
    return facts.DonationReceived(
        receipt_id=receipt_id, fund=FUND, donor=donor, item=item, amount_fen=amount_fen, method="transfer",
        handler=TREASURER, day=LONG_AGO, pledge_id=pledge_id, pledge_met_fen=pledge_met_fen,
    )  # fmt: skip


def refunded(amount_fen: int, *, item: str = "meals") -> Fact:
    """Money that went back to its donor before the story."""
    return facts.DonationRefunded(
        receipt_id="rcpt_1", fund=FUND, donor=DONOR, item=item, amount_fen=amount_fen, reason="paid_twice",
        refunded_by=TREASURER, day=LONG_AGO,
    )  # fmt: skip


def proposed(
    amount_fen: int = 300_00, *, item: str = "meals", proposer: str = WORKER, payee: str | None = None,
    grant_id: str = "grant_1",
) -> Fact:  # fmt: skip
    """A proposal of before the story."""
    return facts.GrantProposed(
        grant_id=grant_id, fund=FUND, item=item, category="aid", amount_fen=amount_fen, payee=payee,
        proposer=proposer, day=LONG_AGO,
    )  # fmt: skip


def approved(amount_fen: int = 300_00, *, item: str = "meals", approver: str = WANG, grant_id: str = "grant_1") -> Fact:
    """An approval of before the story."""
    return facts.GrantApproved(grant_id=grant_id, fund=FUND, item=item, amount_fen=amount_fen, approver=approver)


def paid(amount_fen: int = 300_00, *, item: str = "meals", grant_id: str = "grant_1") -> Fact:
    """A payment of before the story."""
    return facts.GrantPaid(
        grant_id=grant_id, fund=FUND, item=item, category="aid", amount_fen=amount_fen, payer=TREASURER, day=LONG_AGO
    )


def returned(amount_fen: int, *, item: str = "meals", grant_id: str = "grant_1") -> Fact:
    """Paid money that came back before the story."""
    return facts.PaymentReturned(
        grant_id=grant_id, fund=FUND, item=item, category="aid", amount_fen=amount_fen, reason="overpaid",
        handler=TREASURER, day=LONG_AGO,
    )  # fmt: skip


def declined() -> Fact:
    """A refusal of before the story."""
    return facts.GrantDeclined(grant_id="grant_1", fund=FUND, reason="too_much", approver=WANG)


def cancelled(amount_fen: int = 300_00) -> Fact:
    """A cancellation of before the story."""
    return facts.GrantCancelled(
        grant_id="grant_1", fund=FUND, item="meals", amount_fen=amount_fen, reason="not_needed", cancelled_by=WANG
    )

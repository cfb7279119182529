"""Funds as stories need them: opened with a committee, and paid out past three pairs of eyes."""

from __future__ import annotations

from tests.mechanisms.street import Street


def open_fund(street: Street, slug: str, name: str, charity: str, items: tuple[str, ...] = ()) -> list[str]:
    """A fund with its committee of five, who are given back; a sixth person supervises it."""
    committee = [street.worker(f"委员{number}", roles=("committee_member",)) for number in "一二三四五"]
    street.do(
        "open_fund", by=street.operator, slug=slug, name=name, purpose="方兴社区救急济困", host_charity=charity,
        committee=committee, supervisor=street.person("卫监事"), items=[{"code": one, "name": one} for one in items],
    )  # fmt: skip
    return committee


def pay(street: Street, hands: tuple[str, str, str], amount_fen: int, **grant: str) -> str:
    """Money leaves past three pairs of eyes; gives the grant."""
    proposer, approver, payer = hands
    grant_id = street.do("propose_grant", by=proposer, fund="fund_nuanxing", amount_fen=amount_fen, **grant).ids[
        "grant_id"
    ]
    street.do("approve_grant", by=approver, grant_id=grant_id)
    street.do("pay_grant", by=payer, grant_id=grant_id)
    return grant_id

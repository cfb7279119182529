"""Who may read what: the one table of reading rights. (Who may write what is decided in `ledger.application` alone.)

`public`: anybody, without a token; people are masked. `roles`: who reads it all, with names. `own`: whose affairs it is,
in words; that person, their proxy, and who speaks for a unit or team. What somebody may not read because it is not
theirs is answered as if it did not exist (404): that somebody is a member is nobody else's business.
"""

from __future__ import annotations

import msgspec

READ_ALL = frozenset({"community_worker", "auditor", "administrator"})
"""Who serves the members, who checks, who appoints."""
MONEY = READ_ALL | {"treasurer", "committee_member", "host_charity"}
JOURNAL = frozenset({"auditor", "administrator"})


class Reads(msgspec.Struct, frozen=True):
    """Who may read one thing."""

    public: bool = False
    roles: frozenset[str] = frozenset()
    own: str = ""


_PUBLIC = Reads(public=True)

READING: dict[str, Reads] = {
    "stats": _PUBLIC,
    "diff": _PUBLIC,
    "diff_accounts": Reads(roles=MONEY),
    "diff_requests": Reads(roles=READ_ALL),
    "diff_ranking": _PUBLIC,
    "why_figure": Reads(public=True, roles=READ_ALL | MONEY, own="figures that are not public: as the thing itself"),
    "event": Reads(
        public=True, roles=JOURNAL, own="whom it concerns; others see position, day, type and public amounts"
    ),
    "policy": _PUBLIC,
    "policy_preview": Reads(roles=READ_ALL),
    "places": _PUBLIC,
    "intake_points": _PUBLIC,
    "units": _PUBLIC,
    "unit": _PUBLIC,
    "teams": _PUBLIC,
    "agreements": _PUBLIC,
    "agreement": _PUBLIC,
    "offers": _PUBLIC,
    "plaques": _PUBLIC,
    "rankings": _PUBLIC,
    "ranking_explained": Reads(public=True, roles=READ_ALL, own="a person who did not agree to be named"),
    "certificate": _PUBLIC,
    "funds": _PUBLIC,
    "fund": _PUBLIC,
    "receipts": _PUBLIC,
    "payments": _PUBLIC,
    "requests": Reads(public=True, roles=READ_ALL, own="what was never on the board: the requester, the claimant"),
    "request": Reads(public=True, roles=READ_ALL, own="what was never on the board: the requester, the claimant"),
    "claims": Reads(roles=READ_ALL, own="the claimant"),
    "members": Reads(roles=READ_ALL),
    "member": Reads(roles=READ_ALL, own="the member"),
    "member_data": Reads(roles=frozenset({"administrator"}), own="the member"),
    "erasures": Reads(roles=READ_ALL),
    "member_statement": Reads(roles=READ_ALL, own="the member"),
    "reservations": Reads(roles=READ_ALL, own="the member"),
    "sessions": Reads(roles=READ_ALL, own="the volunteer"),
    "session": Reads(roles=READ_ALL, own="the volunteer"),
    "corrections": Reads(roles=READ_ALL, own="the volunteer"),
    "balances": Reads(roles=MONEY, own="the member whose account it is"),
    "account_statement": Reads(public=True, roles=MONEY, own="all but funds' accounts: the member whose account it is"),
    "pledges": Reads(roles=MONEY),
    "grants": Reads(roles=MONEY),
    "call_outs": Reads(roles=READ_ALL | {"representative"}),
    "events": Reads(roles=JOURNAL),
    "checkpoint": _PUBLIC,
    "checkpoints": _PUBLIC,
    "consistency": _PUBLIC,
    "tile": _PUBLIC,
    "record_receipt": Reads(roles=JOURNAL, own="whom the record is about, and who acted"),
    "export_postings": Reads(roles=JOURNAL),
}
"""By the name of the operation. `public` with `own`: part of it is public, the rest is for those named."""

PUBLIC_ACCOUNTS = (
    "fund:", "spent:", "hours:pool", "hours:issued", "hours:honour", "hours:redeemed", "hours:lapsed",
    "hours:endowed", "hours:source:", "crossing:", "households:", "census",
)  # fmt: skip
"""Accounts of the community and of its funds: no person stands behind them."""


def owner_of(account: str) -> str:
    """The party behind an account such as `hours:mem_…:held` or `giver:unit_…`; "" where there is none."""
    return account.split(":")[1] if ":" in account else ""


ON_THE_BOARD = ("published", "claimed", "fulfilled", "closed", "unmet", "noticed", "deliberated", "decided", "executed")
"""States of a request that was reviewed and published, or that is in public notice or deliberated on: these are public,
with people masked."""

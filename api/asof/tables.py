"""Every figure that the API, the pages and the command line show, and the name under which it opens (`why`).

In a pattern `{field}` is a field of the same answer or of one that holds it, `{subject_id}` the id of a party in the field
`subject`, `{key}` the name under which an answer stands in a table, `{name}` that of a plain number; `@{position}` means
as of that position. `event {position}` opens with `/events/{position}`. A test walks the answers and opens each.
"""

from __future__ import annotations

_ITEM = "fund:{slug}:{item}:"
_MEMBER = "member:{member_id}:"
_RANKED = "{measure}:{period}:{subject_id}"
_REQUEST = "request:{request_id}:"
_SESSION, _CORRECTION = "session:{session_id}:", "correction:{correction_id}:"

_MEMBERS = {"earned_minutes": _MEMBER + "lifetime", "sessions": _MEMBER + "sessions"}
_REQUESTS = {
    name: _REQUEST + name
    for name in ("value_fen", "quantity", "promised", "delivered", "priority", "reopened", "score")
}
_FUNDS = {
    "received_fen": "fund:{slug}:income", "spent_fen": "fund:{slug}:expense", "balance_fen": "fund:{slug}:balance",
    "available_fen": "fund:{slug}:available", "committed_fen": "fund:{slug}:committed",
    "pledged_fen": "fund:{slug}:pledged",
}  # fmt: skip
_UNITS = {"agreements": "unit:{unit_id}:agreements", "plaques": "unit:{unit_id}:plaques"}
_CORRECTIONS = {name: _CORRECTION + name for name in ("minutes", "original_minutes", "difference")}
_SESSIONS = {name: _SESSION + name for name in ("minutes", "corrected_minutes")}
_POSTED = {"amount": "event {position}"}

API: dict[str, dict[str, str]] = {
    "Stats": {
        "position": "stats.position", "events": "stats.events", "members": "stats.members",
        "partners": "stats.partners", "requests": "stats.requests.{name}",
    },
    "Minutes": {name: f"stats.minutes.{name}" for name in ("earned", "spendable", "held", "pool", "honour")},
    "FundTotals": {
        "received_fen": "fund:{key}:income", "spent_fen": "fund:{key}:expense", "balance_fen": "fund:{key}:balance",
        "restricted": "fund:{key}:{name}:balance",
    },
    "PolicyPreview": {"looked": "the period's decisions", "unclear": "the audit names them"},
    "PreviewedKind": {"decisions": "the decisions listed"},
    "IntakePoint": {"requests": "intake:{point_id}:requests"},
    "IntakePoints": {"channels": "stats.channels.{name}"},
    "Member": _MEMBERS,
    "MemberWhole": {**_MEMBERS, "spendable_minutes": _MEMBER + "usable", "held_minutes": _MEMBER + "held"},
    "StatementPage": {"balance": "balance:{account}:{unit}", "entries": "entries:{account}:{unit}"},
    "Line": {**_POSTED, "balance": "balance:{account}:{unit}@{position}"},
    "Account": {"balance": "balance:{account}:{unit}"},
    "Movement": {**_POSTED, "balance": "balance:{account}:{unit}@{position}"},
    "AccountBalance": {"balance": "balance:{account}:{unit}"},
    "Reservation": {"minutes": "reservation:{reservation_id}:minutes"},
    "Team": {"members": "team:{team_id}:members"},
    "Unit": _UNITS,
    "UnitWhole": _UNITS,
    "Session": _SESSIONS,
    "SessionWhole": _SESSIONS,
    "Correction": _CORRECTIONS,
    "CorrectionOf": _CORRECTIONS,
    "Certificate": {name: f"certificate:{{certificate_id}}:{name}" for name in ("minutes", "sessions")},
    "Request": _REQUESTS,
    "RequestWhole": _REQUESTS,
    "Claim": {"reopened": "claim:{claim_id}:reopened"},
    "Fund": _FUNDS,
    "FundWhole": _FUNDS,
    "FundItem": {
        f"{name}_fen": _ITEM + name
        for name in ("pledged", "received", "refunded", "available", "committed", "spent", "returned", "moved")
    },
    "Spending": {
        "spent_fen": "spending:{slug}:{item}:{category}", "payments": "payments:{slug}:{item}:{category}",
    },
    "Receipt": {name: f"receipt:{{receipt_id}}:{name}" for name in ("amount_fen", "refunded_fen")},
    "Payment": {name: f"grant:{{grant_id}}:{name}" for name in ("amount_fen", "returned_fen")},
    "Grant": {name: f"grant:{{grant_id}}:{name}" for name in ("amount_fen", "returned_fen")},
    "Pledge": {name: f"pledge:{{pledge_id}}:{name}" for name in ("amount_fen", "open_fen")},
    "Offer": {name: f"offer:{{offer_id}}:{name}" for name in ("quantity", "free", "promised", "delivered")},
    "CallOut": {name: f"callout:{{callout_id}}:{name}" for name in ("answers", "people")},
    "RankingPage": {"position": "stats.followed"},
    "RankedRow": {"rank": "rank:" + _RANKED, "value": "ranking:" + _RANKED, "positions": "records:" + _RANKED},
    "ExplanationPage": {"value": "ranking:{measure}:{period}:{subject}"},
    "Made": _POSTED,
    "WhyPage": {"value": "{figure}"},
    "EntryOf": {"amount": "{figure} or event {position}"},
    "MovedFigure": {"amount": "{figure} at this event"},
    "FigureMove": {"before": "{figure}@{from}", "after": "{figure}@{to}"},
    "AccountMove": {"before": "{figure}@{from}", "after": "{figure}@{to}", "change": "{figure} between the two"},
    "RankMove": {
        "rank_before": f"rank:{_RANKED}@{{from}}", "rank_after": f"rank:{_RANKED}@{{to}}",
        "before": f"ranking:{_RANKED}@{{from}}", "after": f"ranking:{_RANKED}@{{to}}",
    },
    "TypeCount": {"events": "event {first} to event {last}"},
    "Difference": {"events": "stats.events@{to} less stats.events@{from}"},
}  # fmt: skip
"""By the type of an answer and its field."""

PLACES: frozenset[str] = frozenset(
    {
        "position",
        "number",
        "line",
        "head",
        "next",
        "first",
        "last",
        "size",
        "old_size",
        "new_size",
        "values",
        "erased",
        "year",
        "quarter",
        "revision",
        "limit_minutes",
        "most_minutes",
        "at_once",
    }
)
"""Whole numbers in answers that say where something stands, or what a rule is: there is nothing behind them to open."""

COMMANDS: dict[str, dict[str, str]] = {
    "stats": {
        "members": "stats.members", "partners": "stats.partners", "events": "stats.events",
        "position": "stats.position", "requests.*": "stats.requests.{name}", "minutes.*": "stats.minutes.{name}",
        "funds.*.received_fen": "fund:{name}:income", "funds.*.spent_fen": "fund:{name}:expense",
        "funds.*.balance_fen": "fund:{name}:balance", "funds.*.restricted.*": "fund:{name}:{inner}:balance",
    },
    "members": {"usable": "member:{id}:usable", "lifetime": "member:{id}:lifetime"},
    "balances": {"balance": "balance:{account}:{unit}"},
    "statement": {
        "balance": "balance:{account}:{unit}", "entries": "entries:{account}:{unit}", "held": "member:{id}:held",
        "amount": "event {position}", "balance after": "balance:{account}:{unit}@{position}",
    },
    "rankings": {
        "rank": "rank:{measure}:{period}:{subject}", "value": "ranking:{measure}:{period}:{subject}",
        "positions": "records:{measure}:{period}:{subject}",
    },
    "request": {name: f"request:{{request_id}}:{name}" for name in _REQUESTS},
    "fund": {
        **{name: pattern.replace("{slug}", "{fund}") for name, pattern in _FUNDS.items()},
        "items.*": "fund:{fund}:{item}:{name}", "spent_fen": "spending:{fund}:{item}:{category}",
    },
    "diff": {"before": "{figure}@{from}", "after": "{figure}@{to}"},
    "why": {"value": "{figure}", "amount": "{figure} or event {position}"},
    "event": {"moved": "{figure} at this event"},
}  # fmt: skip
"""By the command and the column or key of its answer."""

PAGES: dict[str, tuple[str, ...]] = {
    "home": (
        "stats.minutes.earned", "stats.minutes.spendable", "stats.minutes.pool", "stats.members", "stats.requests.closed",
        "stats.requests.open", "stats.partners", "stats.income", "stats.expense", "stats.events", "fund:{slug}:income",
        "fund:{slug}:expense", "fund:{slug}:balance", "event {position}",
    ),
    "board": ("stats.requests.published", "stats.requests.closed"),
    "request": (
        "request:{request_id}:value_fen", "request:{request_id}:quantity", "request:{request_id}:promised",
        "request:{request_id}:delivered", "event {position}",
    ),
    "member": (
        "member:{member_id}:usable", "member:{member_id}:held", "member:{member_id}:waiting",
        "member:{member_id}:lifetime", "member:{member_id}:stars", "member:{member_id}:usable@{position}",
        "ranking:volunteer_minutes:{month}:{member_id}", "event {position}",
    ),
    "funds": ("fund:{slug}:income", "fund:{slug}:expense", "fund:{slug}:balance"),
    "fund": (
        "fund:{slug}:income", "fund:{slug}:expense", "fund:{slug}:balance", "fund:{slug}:committed",
        "fund:{slug}:pledged", "fund:{slug}:{item}:income", "fund:{slug}:{item}:expense", "fund:{slug}:{item}:balance",
        "receipt:{receipt_id}:refunded_fen", "grant:{grant_id}:returned_fen", "event {position}",
    ),
    "wall": ("ranking:{measure}:{period}:{subject}", "event {position}"),
    "wall/why": ("ranking:{measure}:{period}:{subject}", "event {position}"),
}  # fmt: skip
"""By the page; a test opens every one that the pages show, and looks for figures that lead nowhere."""

"""Tables of requests and claims, funds, partners and honours. How columns are written: see `tables`."""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import flag, key, maybe, maybe_number, number, number_key, table, text

requests = table(
    "requests",
    key("request_id"),
    number("number"),
    text("kind"),
    text("status"),
    maybe("requester"),
    maybe("proxy"),
    maybe("place"),
    text("category"),
    maybe_number("value_fen"),
    maybe("item"),
    maybe_number("quantity"),
    number("promised"),
    number("delivered"),
    text("channel"),
    maybe("point"),
    flag("record"),
    maybe("claimant"),
    maybe("claim_unit"),
    maybe("claim_id"),
    maybe_number("until_at"),
    number("priority"),
    number("reopened"),
    maybe_number("score"),
    flag("explained"),
    maybe("barrier"),
    maybe("reason"),
    maybe("reviewer"),
    text("posted_day"),
    maybe("published_day"),
    maybe("closed_day"),
    text("words"),
    text("done_words"),
    text("closing_words"),
    number("version"),
    Index("requests_by_requester", "ledger", "requester", "number"),
    Index("requests_by_claimant", "ledger", "claimant", "number"),
    Index("requests_by_point", "ledger", "point", "number"),
)
"""`status`: posted · published · declined · claimed · fulfilled · closed · unmet · withdrawn.

`promised` pieces are on their way, `delivered` ones arrived. `priority` counts how often a claim lapsed: who was let
down more often stands higher on the board. `record` marks what was entered from a book of the past (补录). `reason`: why it
was declined, or why whoever held it last handed it back.
"""

Index("requests_by_newest", requests.c.ledger, requests.c.status, requests.c.number)
Index("requests_by_status", requests.c.ledger, requests.c.status, requests.c.priority.desc(), requests.c.number)
Index(
    "requests_by_kind",
    requests.c.ledger,
    requests.c.status,
    requests.c.kind,
    requests.c.priority.desc(),
    requests.c.number,
)

claims = table(
    "claims",
    key("claim_id"),
    number("number"),
    text("request_id"),
    text("claimant"),
    maybe("unit"),
    text("claimed_by"),
    text("status"),
    number("until_at"),
    text("day"),
    number("reopened"),
    number("version"),
    Index("claims_by_claimant", "ledger", "claimant", "status", "number"),
    Index("claims_by_request", "ledger", "request_id", "number"),
    Index("claims_by_lease", "ledger", "status", "until_at"),
)
"""`status`: open · released · lapsed · fulfilled · closed · unmet · withdrawn. A reopened claim is open again."""

funds = table(
    "funds",
    key("fund"),
    number("number"),
    text("name"),
    text("purpose"),
    text("host_charity"),
    text("committee"),
    text("supervisor"),
    text("opened_on"),
    number("version"),
)
"""`fund` is the id in facts and accounts, `fund_<slug>`. `committee` is one member a line."""

fund_items = table(
    "fund_items",
    key("fund"),
    key("item"),
    number("rank"),
    text("name"),
    number("pledged_fen"),
    number("received_fen"),
    number("refunded_fen"),
    number("available_fen"),
    number("committed_fen"),
    number("spent_fen"),
    number("returned_fen"),
    number("version"),
    maybe("ended_on"),
)
"""received − refunded − spent + returned, and what was moved between items, = available + committed. `pledged_fen` is
promised and in no balance. `ended_on`: the day from which it takes in no more money."""

pledges = table(
    "pledges",
    key("pledge_id"),
    number("number"),
    text("fund"),
    text("donor"),
    text("item"),
    number("amount_fen"),
    number("open_fen"),
    text("status"),
    text("day"),
    text("words"),
    number("version"),
    Index("pledges_by_fund", "ledger", "fund", "number"),
    Index("pledges_by_donor", "ledger", "donor", "number"),
    Index("pledges_by_status", "ledger", "status", "number"),
)
"""`status`: open · met · withdrawn."""

receipts = table(
    "receipts",
    key("receipt_id"),
    number("number"),
    text("fund"),
    text("donor"),
    text("item"),
    number("amount_fen"),
    number("refunded_fen"),
    text("method"),
    text("handler"),
    text("day"),
    flag("anonymous"),
    flag("named"),
    flag("receipt_waived"),
    maybe("pledge_id"),
    maybe("reason"),
    text("words"),
    number("version"),
    Index("receipts_by_fund", "ledger", "fund", "number"),
    Index("receipts_by_donor", "ledger", "donor", "number"),
)
"""`reason` is that of the last refund."""

grants = table(
    "grants",
    key("grant_id"),
    number("number"),
    text("fund"),
    text("item"),
    text("category"),
    number("amount_fen"),
    number("returned_fen"),
    text("status"),
    maybe("payee"),
    text("proposer"),
    maybe("approver"),
    maybe("payer"),
    maybe("reason"),
    text("proposed_day"),
    maybe("paid_day"),
    maybe_number("paid"),
    text("words"),
    number("version"),
    Index("grants_by_fund", "ledger", "fund", "number"),
    Index("grants_paid", "ledger", "fund", "paid"),
    Index("grants_by_status", "ledger", "status", "number"),
)
"""`status`: proposed · approved · declined · cancelled · paid · returned. `paid` is the position of the payment."""

agreements = table(
    "agreements",
    key("agreement_id"),
    number("number"),
    text("unit"),
    text("tier"),
    maybe("place"),
    text("level"),
    text("from_day"),
    text("until_day"),
    text("status"),
    maybe("reason"),
    maybe("ended_day"),
    number("version"),
    Index("agreements_by_unit", "ledger", "unit", "number"),
)
"""`status`: signed · ended. Whether a signed one has run out is a question of the day on which one asks."""

contributions = table(
    "contributions",
    key("contribution_id"),
    number("number"),
    text("unit"),
    text("kind"),
    text("item"),
    number("quantity"),
    maybe_number("value_fen"),
    maybe("place"),
    text("day"),
    text("accepted_by"),
    text("words"),
    Index("contributions_by_unit", "ledger", "unit", "number"),
)

offers = table(
    "offers",
    key("offer_id"),
    number("number"),
    text("unit"),
    text("item"),
    number("quantity"),
    number("free"),
    number("promised"),
    number("delivered"),
    flag("withdrawn"),
    text("day"),
    maybe("place"),
    text("words"),
    number("version"),
    Index("offers_by_unit", "ledger", "unit", "number"),
    Index("offers_by_item", "ledger", "item", "number"),
)
"""`free` + `promised` + `delivered` + what was withdrawn = `quantity`."""

matches = table(
    "matches",
    key("match_id"),
    number("number"),
    text("offer_id"),
    text("request_id"),
    text("unit"),
    text("item"),
    number("quantity"),
    text("status"),
    maybe("place"),
    maybe("day"),
    number("version"),
    Index("matches_by_offer", "ledger", "offer_id", "number"),
    Index("matches_by_request", "ledger", "request_id", "number"),
)
"""`status`: promised · delivered · cancelled."""

callouts = table(
    "callouts",
    key("callout_id"),
    number("number"),
    text("level"),
    maybe("place"),
    number("called_at"),
    text("called_by"),
    maybe("ended_by"),
    number("answers"),
    number("people"),
    text("words"),
    number("version"),
)

call_answers = table(
    "call_answers",
    key("callout_id"),
    number_key("number"),
    text("unit"),
    text("level"),
    number("people"),
    number("response_minutes"),
    text("answered_by"),
    text("day"),
    Index("call_answers_by_unit", "ledger", "unit", "number"),
)

plaques = table(
    "plaques",
    key("plaque_id"),
    number("number"),
    text("unit"),
    text("tier"),
    text("request_id"),
    text("awarded_by"),
    text("day"),
    text("until_day"),
    maybe("revoked_day"),
    maybe("revoked_by"),
    maybe("reason"),
    number("version"),
    Index("plaques_by_unit", "ledger", "unit", "number"),
)
"""Revoked ones stay, with the reason: revocation is as public as the award."""

"""The journal, its followers, the books and the boards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "accounts",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "account", "unit"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agreements",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Text(), nullable=False),
        sa.Column("until_day", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended_day", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "agreement_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("agreements_by_unit", "agreements", ["ledger", "unit", "number"], unique=False)
    op.create_table(
        "board_marks",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "subject"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "call_answers",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("callout_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("response_minutes", sa.BigInteger(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "callout_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("call_answers_by_unit", "call_answers", ["ledger", "unit", "number"], unique=False)
    op.create_table(
        "callouts",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("callout_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("called_by", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("answers", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "callout_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "certificates",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("certificate_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "certificate_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("certificates_by_member", "certificates", ["ledger", "member", "number"], unique=False)
    op.create_table(
        "claims",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("claimant", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("reopened", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "claim_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("claims_by_claimant", "claims", ["ledger", "claimant", "status", "number"], unique=False)
    op.create_index("claims_by_lease", "claims", ["ledger", "status", "until_at"], unique=False)
    op.create_index("claims_by_request", "claims", ["ledger", "request_id", "number"], unique=False)
    op.create_table(
        "contributions",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("contribution_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "contribution_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("contributions_by_unit", "contributions", ["ledger", "unit", "number"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("correction_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("original_minutes", sa.BigInteger(), nullable=True),
        sa.Column("difference", sa.BigInteger(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("checker", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "correction_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("corrections_by_session", "corrections", ["ledger", "session_id"], unique=False)
    op.create_index("corrections_by_status", "corrections", ["ledger", "status", "number"], unique=False)
    op.create_table(
        "event_tags",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("ledger", "tag", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index("events_by_time", "events", ["ledger", "recorded_at"], unique=False)
    op.create_table(
        "followers",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "name"),
    )
    op.create_table(
        "fund_items",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pledged_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("available_fen", sa.BigInteger(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("spent_fen", sa.BigInteger(), nullable=False),
        sa.Column("returned_fen", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "fund", "item"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "funds",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("host_charity", sa.Text(), nullable=False),
        sa.Column("committee", sa.Text(), nullable=False),
        sa.Column("supervisor", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "fund"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "grants",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("returned_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("payee", sa.Text(), nullable=True),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=True),
        sa.Column("payer", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposed_day", sa.Text(), nullable=False),
        sa.Column("paid_day", sa.Text(), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "grant_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("grants_by_fund", "grants", ["ledger", "fund", "number"], unique=False)
    op.create_index("grants_by_status", "grants", ["ledger", "status", "number"], unique=False)
    op.create_index("grants_paid", "grants", ["ledger", "fund", "paid"], unique=False)
    op.create_table(
        "intake_points",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("point_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "point_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_info",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledgers",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger"),
    )
    op.create_table(
        "matches",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("match_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "match_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("matches_by_offer", "matches", ["ledger", "offer_id", "number"], unique=False)
    op.create_index("matches_by_request", "matches", ["ledger", "request_id", "number"], unique=False)
    op.create_table(
        "members",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("registered", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("party_member", sa.Integer(), nullable=False),
        sa.Column("guardian", sa.Text(), nullable=True),
        sa.Column("joined_on", sa.Text(), nullable=True),
        sa.Column("departed", sa.Integer(), nullable=False),
        sa.Column("earned_minutes", sa.BigInteger(), nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=True),
        sa.Column("last_day", sa.Text(), nullable=True),
        sa.Column("wall_named", sa.Integer(), nullable=False),
        sa.Column("wall_hidden", sa.Integer(), nullable=False),
        sa.Column("donor_named", sa.Integer(), nullable=False),
        sa.Column("donor_hidden", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "member_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("members_by_number", "members", ["ledger", "number"], unique=False)
    op.create_index("members_by_short_number", "members", ["ledger", "registered"], unique=False)
    op.create_table(
        "offers",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("free", sa.BigInteger(), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "offer_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("offers_by_item", "offers", ["ledger", "item", "number"], unique=False)
    op.create_index("offers_by_unit", "offers", ["ledger", "unit", "number"], unique=False)
    op.create_table(
        "places",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("ledger", "place_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "plaques",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("plaque_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("awarded_by", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("until_day", sa.Text(), nullable=False),
        sa.Column("revoked_day", sa.Text(), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "plaque_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("plaques_by_unit", "plaques", ["ledger", "unit", "number"], unique=False)
    op.create_table(
        "pledges",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("pledge_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("donor", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("open_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "pledge_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("pledges_by_donor", "pledges", ["ledger", "donor", "number"], unique=False)
    op.create_index("pledges_by_fund", "pledges", ["ledger", "fund", "number"], unique=False)
    op.create_table(
        "policies",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_day", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "name", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "postings",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "number", "position", "line"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "proxies",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("proxy", sa.Text(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "principal", "proxy"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receipts",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("receipt_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("donor", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Integer(), nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.Column("receipt_waived", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "receipt_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("receipts_by_donor", "receipts", ["ledger", "donor", "number"], unique=False)
    op.create_index("receipts_by_fund", "receipts", ["ledger", "fund", "number"], unique=False)
    op.create_table(
        "requests",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=True),
        sa.Column("proxy", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("point", sa.Text(), nullable=True),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("claimant", sa.Text(), nullable=True),
        sa.Column("claim_unit", sa.Text(), nullable=True),
        sa.Column("claim_id", sa.Text(), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("reopened", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("explained", sa.Integer(), nullable=False),
        sa.Column("barrier", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=True),
        sa.Column("posted_day", sa.Text(), nullable=False),
        sa.Column("published_day", sa.Text(), nullable=True),
        sa.Column("closed_day", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done_words", sa.Text(), nullable=False),
        sa.Column("closing_words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "request_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("requests_by_claimant", "requests", ["ledger", "claimant", "number"], unique=False)
    op.create_index("requests_by_point", "requests", ["ledger", "point", "number"], unique=False)
    op.create_index("requests_by_requester", "requests", ["ledger", "requester", "number"], unique=False)
    op.create_index(
        "requests_by_status",
        "requests",
        ["ledger", "status", sa.literal_column("priority DESC"), "number"],
        unique=False,
    )
    op.create_table(
        "reservations",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("reservation_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "reservation_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("reservations_by_member", "reservations", ["ledger", "member", "number"], unique=False)
    op.create_index("reservations_by_status", "reservations", ["ledger", "status", "until_at"], unique=False)
    op.create_table(
        "roles",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "holder", "role", "scope"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "score_entries",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("series", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "series", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scores",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("series", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("reached_position", sa.BigInteger(), nullable=False),
        sa.Column("reached_at", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "measure", "subject", "period"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "scores_by_rank",
        "scores",
        ["ledger", "measure", "period", sa.literal_column("value DESC"), "reached_position", "subject"],
        unique=False,
    )
    op.create_table(
        "sessions",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("activity_id", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=True),
        sa.Column("end_at", sa.BigInteger(), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("corrected_minutes", sa.BigInteger(), nullable=True),
        sa.Column("overflow", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("organiser", sa.Text(), nullable=True),
        sa.Column("in_charge", sa.Text(), nullable=True),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("guarantor", sa.Text(), nullable=True),
        sa.Column("recorder", sa.Text(), nullable=False),
        sa.Column("endorser", sa.Text(), nullable=True),
        sa.Column("verifier", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("verified", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "session_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("sessions_by_volunteer", "sessions", ["ledger", "volunteer", "number"], unique=False)
    op.create_index(
        "sessions_waiting",
        "sessions",
        ["ledger", "number"],
        unique=False,
        sqlite_where=sa.text("status IN ('recorded', 'endorsed')"),
        postgresql_where=sa.text("status IN ('recorded', 'endorsed')"),
    )
    op.create_table(
        "snapshots",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "tag", "kind"),
    )
    op.create_table(
        "tallies",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "teams",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "team_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tokens",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("ledger", "digest"),
    )
    op.create_table(
        "units",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("agreements", sa.BigInteger(), nullable=False),
        sa.Column("plaques", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "unit_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "web_sessions",
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("ledger", "digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("web_sessions_by_actor", "web_sessions", ["ledger", "actor", "created_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("web_sessions_by_actor", table_name="web_sessions")
    op.drop_table("web_sessions")
    op.drop_table("units")
    op.drop_table("tokens")
    op.drop_table("teams")
    op.drop_table("tallies")
    op.drop_table("snapshots")
    op.drop_index(
        "sessions_waiting",
        table_name="sessions",
        sqlite_where=sa.text("status IN ('recorded', 'endorsed')"),
        postgresql_where=sa.text("status IN ('recorded', 'endorsed')"),
    )
    op.drop_index("sessions_by_volunteer", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("scores_by_rank", table_name="scores")
    op.drop_table("scores")
    op.drop_table("score_entries")
    op.drop_table("roles")
    op.drop_index("reservations_by_status", table_name="reservations")
    op.drop_index("reservations_by_member", table_name="reservations")
    op.drop_table("reservations")
    op.drop_index("requests_by_status", table_name="requests")
    op.drop_index("requests_by_requester", table_name="requests")
    op.drop_index("requests_by_point", table_name="requests")
    op.drop_index("requests_by_claimant", table_name="requests")
    op.drop_table("requests")
    op.drop_index("receipts_by_fund", table_name="receipts")
    op.drop_index("receipts_by_donor", table_name="receipts")
    op.drop_table("receipts")
    op.drop_table("proxies")
    op.drop_table("postings")
    op.drop_table("policies")
    op.drop_index("pledges_by_fund", table_name="pledges")
    op.drop_index("pledges_by_donor", table_name="pledges")
    op.drop_table("pledges")
    op.drop_index("plaques_by_unit", table_name="plaques")
    op.drop_table("plaques")
    op.drop_table("places")
    op.drop_index("offers_by_unit", table_name="offers")
    op.drop_index("offers_by_item", table_name="offers")
    op.drop_table("offers")
    op.drop_index("members_by_short_number", table_name="members")
    op.drop_index("members_by_number", table_name="members")
    op.drop_table("members")
    op.drop_index("matches_by_request", table_name="matches")
    op.drop_index("matches_by_offer", table_name="matches")
    op.drop_table("matches")
    op.drop_table("ledgers")
    op.drop_table("ledger_info")
    op.drop_table("intake_points")
    op.drop_index("grants_paid", table_name="grants")
    op.drop_index("grants_by_status", table_name="grants")
    op.drop_index("grants_by_fund", table_name="grants")
    op.drop_table("grants")
    op.drop_table("funds")
    op.drop_table("fund_items")
    op.drop_table("followers")
    op.drop_index("events_by_time", table_name="events")
    op.drop_table("events")
    op.drop_table("event_tags")
    op.drop_index("corrections_by_status", table_name="corrections")
    op.drop_index("corrections_by_session", table_name="corrections")
    op.drop_table("corrections")
    op.drop_index("contributions_by_unit", table_name="contributions")
    op.drop_table("contributions")
    op.drop_index("claims_by_request", table_name="claims")
    op.drop_index("claims_by_lease", table_name="claims")
    op.drop_index("claims_by_claimant", table_name="claims")
    op.drop_table("claims")
    op.drop_index("certificates_by_member", table_name="certificates")
    op.drop_table("certificates")
    op.drop_table("callouts")
    op.drop_index("call_answers_by_unit", table_name="call_answers")
    op.drop_table("call_answers")
    op.drop_table("board_marks")
    op.drop_index("agreements_by_unit", table_name="agreements")
    op.drop_table("agreements")
    op.drop_table("accounts")

"""Tables of the engine `services`: hours between ledgers, services and their reservations, need groups and opening
grants, kin and terms, sanctions against fraud. See `projections.books.tables` for what columns mean everywhere."""

from __future__ import annotations

from sqlalchemy import Index

from ledger.units import MINUTES
from projections.columns import flag, key, maybe, maybe_number, number, table, text

peers = table(
    "peers",
    key("peer"),
    number("number"),
    text("here"),
    text("vkey"),
    text("courier"),
    maybe_number("limit_minutes"),
    text("status"),
    text("agreed_by"),
    number("version"),
)
"""Other ledgers to which hours may cross. `status`: open · ended."""

crossings = table(
    "crossings",
    key("transfer_id"),
    number("number"),
    text("peer"),
    text("direction"),
    maybe("giver"),
    text("receiver"),
    number("minutes", unit=MINUTES),
    number("overflow", unit=MINUTES),
    text("status"),
    maybe("reason"),
    maybe("carried_by"),
    flag("proven"),
    text("words"),
    number("version"),
    Index("crossings_by_peer", "ledger", "peer", "status", "number"),
    Index("crossings_by_giver", "ledger", "giver", "number"),
    Index("crossings_by_receiver", "ledger", "receiver", "number"),
)
"""`direction`: out · in. `status`: sent, on its way · arrived · returned · turned_away. `proven`: by the other's seal."""

services = table(
    "services",
    key("service_id"),
    number("number"),
    text("provider"),
    text("name"),
    text("charge"),
    number("minutes", unit=MINUTES),
    number("price_fen", unit="fen"),
    maybe("place"),
    text("status"),
    text("declared_by"),
    text("day"),
    number("reserved", unit="reservations"),
    number("version"),
)
"""`charge`: free · low_cost · paid. `status`: offered · withdrawn. `reserved` counts every reservation ever made."""

service_reservations = table(
    "service_reservations",
    key("reservation_id"),
    number("number"),
    text("service_id"),
    text("member"),
    text("provider"),
    maybe("performer"),
    text("charge"),
    number("minutes", unit=MINUTES),
    number("banked_minutes", unit=MINUTES),
    number("price_fen", unit="fen"),
    maybe("day"),
    text("status"),
    maybe("cause"),
    flag("silent"),
    number("until_at"),
    maybe_number("closed"),
    text("words"),
    number("version"),
    Index("service_reservations_due", "ledger", "status", "until_at"),
    Index("service_reservations_by_member", "ledger", "member", "number"),
    Index("service_reservations_by_provider", "ledger", "provider", "number"),
    Index("service_reservations_by_performer", "ledger", "performer", "number"),
)
"""`status`: reserved · performed · settled · cancelled, the last two at position `closed`; until then `minutes` are held."""

need_groups = table("need_groups", key("group_id"), number("number"), text("name"), number("people", unit="people"),
    text("opened_by"), number("version"))  # fmt: skip

need_entries = table(
    "need_entries",
    key("need_id"),
    number("number"),
    text("group_id"),
    text("member"),
    text("status"),
    text("asked_by"),
    maybe("admitted_by"),
    maybe("ended_by"),
    maybe("reason"),
    text("words"),
    number("version"),
    Index("need_entries_by_member", "ledger", "member", "number"),
    Index("need_entries_by_status", "ledger", "status", "number"),
)
"""`status`: asked · admitted · ended."""

hour_sources = table(
    "hour_sources",
    key("source_id"),
    number("number"),
    text("group_id"),
    text("name"),
    number("minutes", unit=MINUTES),
    number("left_minutes", unit=MINUTES),
    number("most_minutes"),
    number("grants", unit="grants"),
    text("opened_by"),
    text("day"),
    number("version"),
)

opening_grants = table(
    "opening_grants",
    key("opening_id"),
    number("number"),
    text("source_id"),
    text("receiver"),
    number("minutes", unit=MINUTES),
    text("granted_by"),
    number("version"),
)

kin_ties = table(
    "kin_ties",
    key("kin_id"),
    number("number"),
    text("member"),
    text("kin"),
    text("relation"),
    text("status"),
    text("proposed_by"),
    maybe("confirmed_by"),
    maybe("ended_by"),
    number("version"),
    Index("kin_ties_by_member", "ledger", "member", "number"),
    Index("kin_ties_by_kin", "ledger", "kin", "number"),
)
"""`status`: proposed · registered · ended."""

hour_terms = table(
    "hour_terms",
    key("terms_of"),
    number("number"),
    flag("donation_only"),
    maybe("reason"),
    maybe("guardian"),
    maybe("consented_until_day"),
    number("version"),
)
"""A member's own terms: hours only for the pool; until when a guardian consents."""

sanctions = table(
    "sanctions",
    key("sanction_id"),
    number("number"),
    text("kind"),
    text("member"),
    maybe("session_id"),
    number("minutes", unit=MINUTES),
    text("reason"),
    maybe("until_day"),
    text("judge"),
    text("day"),
    text("status"),
    text("appeal"),
    flag("published"),
    text("words"),
    number("version"),
    Index("sanctions_by_member", "ledger", "member", "number"),
)
"""`kind`: voided · suspended. `status`: standing · undone. `appeal`: "" · lodged · granted · dismissed."""

published_sanctions = table(
    "published_sanctions",
    key("published_id"),
    number("number"),
    text("kind"),
    text("member"),
    number("minutes"),
    text("reason"),
    maybe("until_day"),
    text("day"),
    text("status"),
    number("version"),
)
"""What anybody may read of a sanction, under the sanction's id."""

appeals = table(
    "appeals",
    key("appeal_id"),
    number("number"),
    text("sanction_id"),
    text("member"),
    text("lodged_by"),
    maybe("decided_by"),
    text("status"),
    text("day"),
    text("words"),
    number("version"),
    Index("appeals_by_status", "ledger", "status", "number"),
    Index("appeals_by_member", "ledger", "member", "number"),
)
"""`status`: lodged · granted · dismissed."""

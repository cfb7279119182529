"""Indexes for the pages: one's own among what the engines keep, and what waits for somebody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INDEXES = {
    "appeals_by_member": ("appeals", "member number"),
    "appraisal_sheets_by_panelist": ("appraisal_sheets", "panelist number"),
    "approvals_by_applicant": ("approvals", "applicant number"),
    "approvals_by_waiting_for": ("approvals", "waiting_for number"),
    "crossings_by_giver": ("crossings", "giver number"),
    "crossings_by_receiver": ("crossings", "receiver number"),
    "evidence_by_party": ("evidence", "party number"),
    "help_cases_by_status": ("help_cases", "status number"),
    "kin_ties_by_kin": ("kin_ties", "kin number"),
    "menu_orders_by_requester": ("menu_orders", "requester number"),
    "menu_orders_by_unit": ("menu_orders", "unit number"),
    "milestones_by_applicant": ("milestones", "applicant number"),
    "need_entries_by_status": ("need_entries", "status number"),
    "paper_lists_by_entered_by": ("paper_lists", "entered_by number"),
    "paper_lists_by_guarantor": ("paper_lists", "guarantor number"),
    "paper_rows_by_entered_by": ("paper_rows", "entered_by number"),
    "pledges_by_status": ("pledges", "status number"),
    "requests_by_kind": ("requests", "status kind priority- number"),
    "requests_by_newest": ("requests", "status number"),
    "service_reservations_by_member": ("service_reservations", "member number"),
    "service_reservations_by_performer": ("service_reservations", "performer number"),
    "service_reservations_by_provider": ("service_reservations", "provider number"),
}
"""Table and columns of each index, behind `ledger`; - behind a name: from the last to the first."""


def upgrade() -> None:
    """Make the indexes."""
    for name, (table, columns) in _INDEXES.items():
        parts = [sa.text(f"{one[:-1]} DESC") if one.endswith("-") else sa.text(one) for one in columns.split()]
        op.create_index(name, table, [sa.text("ledger"), *parts])


def downgrade() -> None:
    """Drop them again."""
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table_name=table)

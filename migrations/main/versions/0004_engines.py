"""Tables of the engines, spelled out as they were made here: later changes are migrations of their own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = {
    "allocations": "allocation_id! number# lot_id receipt_id grant_id fund item amount_fen# before? version#",
    "appeals": "appeal_id! number# sanction_id member lodged_by decided_by? status day words version#",
    "appraisal_sheets": "sheet_id! number# appraisal_id panelist weight# marks total# most# scored_by day words version#",
    "appraisals": "appraisal_id! number# panel_id subject rhythm period seats criteria seat_count# sheets#"
    " weight_heard# weight_all# result_hundredths#? grade? rectifications# status reason? until_day"
    " opened_by day closed_day? version#",
    "approvals": "approval_id! number# subject applicant matter levels level_count# approved# waiting_for? decided"
    " status reason? applied_by day settled_day? words version#",
    "assignments": "claim_id! number# request_id owner due_day meeting_id? assigned_by day version#",
    "blacklistings": "blacklisting_id! number# party kind reason ground? until_day? listed_by day status lifted_by?"
    " lifted_day? lift_reason? words version#",
    "calls_for_proposals": "call_id! number# fund item category title budget_fen# most_fen# awarded_fen# proposals# judges"
    " criteria least_scores# pass_percent# opened_by day until_day version#",
    "contests": "contest_id! number# party promise about reason status contested_by judged_by? day judged_day?"
    " words judged_words version#",
    "crossings": "transfer_id! number# peer direction giver? receiver minutes# overflow# status reason?"
    " carried_by? proven^ words version#",
    "deals": "deal_id! number# resource_id request_id? owner partner item measure quantity# delivered#"
    " back_item? back_measure? back_quantity# back_delivered# accepted status reason? broken_by"
    " project? proposed_by day due_day ended_day? version#",
    "disclosure_duties": "fund! told_until? final^ closed_on? emergency_from? emergency_until? version#",
    "disclosure_items": "disclosed_id! number# disclosure_id item opening_fen# received_fen# refunded_fen# moved_fen#"
    " spent_fen# returned_fen# closing_fen# version#",
    "disclosures": "disclosure_id! number# fund kind from_day until_day opening_fen# received_fen# refunded_fen#"
    " spent_fen# returned_fen# fee_fen# closing_fen# donations# payments# published_by day"
    " corrections# reason? corrected_by? corrected_on? version#",
    "drill_answers": "callout_id! number#! unit level people# response_minutes# answered_by day",
    "drills": "callout_id! number# level place? called_at# called_by ended_by? answers# people# words version#",
    "dual_reports": "report_id! number# member unit branch? place taken_by day status reason? ended_day? version#",
    "duties": "duty_id! number# place_id member_id office appointed_by day active^ ended_day? reason? version#",
    "evidence": "evidence_id! number# request_id claim_id? party stage sha256 added_by day words version#",
    "exits": "exit_id! number# unit reason exited_by day version#",
    "feedback_sheets": "feedback_id! number# unit year# quarter# revision# members# active_members# minutes#"
    " member_requests# branch_requests# unit_requests# contributions# calls_answered# people_sent#"
    " sent_by day version#",
    "help_cases": "case_id! number# fund item title beneficiary need_fen# status opened_by day outcome? to_item?"
    " remainder_fen# closed_by? closed_on? words version#",
    "hour_sources": "source_id! number# group_id name minutes# left_minutes# most_minutes# grants# opened_by day"
    " version#",
    "hour_terms": "terms_of! number# donation_only^ reason? guardian? consented_until_day? version#",
    "households": "household_id! number# place residents known# registered_at# status reason? words version#",
    "kin_ties": "kin_id! number# member kin relation status proposed_by confirmed_by? ended_by? version#",
    "lot_counts": "counted_id! parts# version#",
    "lot_queues": "queue_id! first_lot? last_lot? version#",
    "lots": "lot_id! number# receipt_id fund item amount_fen# left_fen# following? allocated? version#",
    "meeting_totals": "meeting_total_id! number# kind meetings# occasions# attended# opinions# raised# version#",
    "meetings": "meeting_id! number# kind place day occasions# attended# opinions# chair agenda raised# assigned#"
    " votes# recorded_by corrected_by? words version#",
    "menu": "menu_id! number# unit name category place? at_once# orders# offered_by admitted_by? day status"
    " reason? version#",
    "menu_orders": "request_id! number# menu_id unit requester place? day version#",
    "milestones": "grant_id! number# proposal_id applicant name amount_fen# status due_day evidence? reported_by?"
    " reported_on? accepted_by? accepted_on? words version#",
    "need_entries": "need_id! number# group_id member status asked_by admitted_by? ended_by? reason? words version#",
    "need_groups": "group_id! number# name people# opened_by version#",
    "opening_grants": "opening_id! number# source_id receiver minutes# granted_by version#",
    "pairings": "pairing_id! number# unit place paired_by day status reason? ended_day? version#",
    "panels": "panel_id! number# name rhythm seats criteria seat_count# status appointed_by dissolved_day? version#",
    "paper_lists": "list_id! number# shift_id guarantor whole^ rows# taken# refused# entered_by version#",
    "paper_rows": "row_id! number# list_id shift_id line# member from_time to_time signup_id? session_id? barrier"
    " entered_by version#",
    "peers": "peer! number# here vkey courier limit_minutes#? status agreed_by version#",
    "place_profiles": "place_id! number# kind label households# counted_day? version#",
    "place_ties": "tied_place! number# paired# reported# version#",
    "plaque_renewals": "request_id! number# plaque_id unit tier renewed_by day until_day version#",
    "project_measures": "project_measure_id! number# project_id name owner due_day status overdue# returned# reason?"
    " reported_by? reported_day? accepted_by? accepted_day? in_time^ planned_by words version#",
    "project_quotas": "quota_id! number# year community? projects# budget_fen# version#",
    "project_sessions": "project_session_id! number# project_id occasions# person_visits# organiser? recorded_by day"
    " status reason? voided_by? version#",
    "projects": "project_id! number# request_id? name place community? aspect sponsor? budget_fen# year fund?"
    " status round# measures# accepted# overdue# occasions# person_visits# households# points# reason?"
    " planned_by day completed_day? ended_day? version#",
    "proposals": "proposal_id! number# call_id applicant title asked_fen# scores# points# status submitted_by"
    " approver? day awarded_on? words version#",
    "published_sanctions": "published_id! number# kind member minutes# reason until_day? day status version#",
    "raised_requests": "request_id! number# meeting_id raised_by version#",
    "rectifications": "rectification_id! number# party matter appraisal_id? due_day status ordered_by day evidence"
    " reported_by? reported_day? judged_by? judged_day? cause? failures#? words report_words version#",
    "request_progress": "request_id! number# stage until_day? overdue^ contact_until_day? contacted_day? contact_overdue^"
    " warned_stage warned_until_day? notice_until_day? at_place? responsible? warnings# late#"
    " escalations# rounds# evidence# version#",
    "resources": "resource_id! number# owner kind item measure quantity# free# promised# delivered# category"
    " place? from_day until_day? status day version#",
    "restriction_changes": "change_id! number# receipt_id fund donor item to_item amount_fen# reason status asked_by day"
    " agreed_by? agreed_on? version#",
    "rotas": "rota_id! number# name place team? organiser? in_charge weekdays start_time minutes# capacity#"
    " from_day until_day? on_holidays^ pooled^ status reason? shifts# last_day? version#",
    "sanctions": "sanction_id! number# kind member session_id? minutes# reason until_day? judge day status appeal"
    " published^ words version#",
    "service_reservations": "reservation_id! number# service_id member provider performer? charge minutes# banked_minutes#"
    " price_fen# day? status cause? silent^ until_at# closed#? words version#",
    "services": "service_id! number# provider name charge minutes# price_fen# place? status declared_by day"
    " reserved# version#",
    "shifts": "shift_id! number# rota_id? name place team? organiser? in_charge day start_at# end_at# capacity#"
    " pooled^ status reason? booked# queued# came# absent# recorded# confirmations# version#",
    "signups": "signup_id! number# shift_id member in_charge status cause? start_at# end_at# in_at#? out_at#?"
    " session_id? barrier? version#",
    "standards": "standard_id! number# kind name months# items# checklist adopted_by day version#",
    "trials": "trial_id! number# standard_id kind place unit? begins_on ends_on items# met# ticked extensions#"
    " status opened_by day ended_by? ended_day? version#",
    "unit_ties": "unit! number# paired# reported# version#",
    "votes": "vote_id! number# request_id meeting_id? place rule electorate# quorum# majority over^ turnout#"
    " votes_for# votes_against# abstained# status until_at# opened_by closed_by? closed_day? version#",
}
"""Columns behind `ledger`. Nothing behind a name: text · # whole number · ^ yes or no · ! part of the key · ? may be missing."""

_INDEXES = {
    "allocations_by_grant": ("allocations", "grant_id number"),
    "allocations_by_receipt": ("allocations", "receipt_id number"),
    "appeals_by_status": ("appeals", "status number"),
    "appraisal_sheets_by_appraisal": ("appraisal_sheets", "appraisal_id number"),
    "appraisals_by_status": ("appraisals", "status until_day"),
    "appraisals_by_subject": ("appraisals", "subject number"),
    "approvals_by_subject": ("approvals", "subject number"),
    "approvals_by_waiting": ("approvals", "status waiting_for number"),
    "assignments_by_meeting": ("assignments", "meeting_id number"),
    "assignments_by_owner": ("assignments", "owner number"),
    "assignments_by_request": ("assignments", "request_id number"),
    "blacklistings_by_party": ("blacklistings", "party number"),
    "blacklistings_by_status": ("blacklistings", "status number"),
    "calls_for_proposals_by_fund": ("calls_for_proposals", "fund number"),
    "contests_by_party": ("contests", "party number"),
    "contests_by_status": ("contests", "status number"),
    "crossings_by_peer": ("crossings", "peer status number"),
    "deals_by_owner": ("deals", "owner number"),
    "deals_by_partner": ("deals", "partner number"),
    "deals_by_project": ("deals", "project number"),
    "deals_by_request": ("deals", "request_id number"),
    "deals_by_resource": ("deals", "resource_id number"),
    "deals_by_status": ("deals", "status due_day number"),
    "disclosure_items_by_disclosure": ("disclosure_items", "disclosure_id number"),
    "disclosures_by_fund": ("disclosures", "fund number"),
    "dual_reports_by_member": ("dual_reports", "member number"),
    "dual_reports_by_place": ("dual_reports", "place number"),
    "dual_reports_by_unit": ("dual_reports", "unit number"),
    "duties_by_member": ("duties", "member_id number"),
    "duties_by_place": ("duties", "place_id number"),
    "evidence_by_request": ("evidence", "request_id number"),
    "exits_by_unit": ("exits", "unit number"),
    "feedback_sheets_by_unit": ("feedback_sheets", "unit number"),
    "help_cases_by_beneficiary": ("help_cases", "beneficiary number"),
    "help_cases_by_fund": ("help_cases", "fund number"),
    "households_by_place": ("households", "place number"),
    "kin_ties_by_member": ("kin_ties", "member number"),
    "lots_by_receipt": ("lots", "receipt_id number"),
    "meetings_by_kind": ("meetings", "kind number"),
    "meetings_by_place": ("meetings", "place number"),
    "menu_by_status": ("menu", "status number"),
    "menu_by_unit": ("menu", "unit number"),
    "menu_orders_by_menu": ("menu_orders", "menu_id number"),
    "milestones_by_proposal": ("milestones", "proposal_id number"),
    "milestones_by_status": ("milestones", "status due_day number"),
    "need_entries_by_member": ("need_entries", "member number"),
    "pairings_by_place": ("pairings", "place number"),
    "pairings_by_unit": ("pairings", "unit number"),
    "paper_lists_by_shift": ("paper_lists", "shift_id number"),
    "paper_rows_by_list": ("paper_rows", "list_id number"),
    "paper_rows_by_member": ("paper_rows", "member number"),
    "place_profiles_by_kind": ("place_profiles", "kind number"),
    "place_profiles_by_label": ("place_profiles", "label number"),
    "plaque_renewals_by_plaque": ("plaque_renewals", "plaque_id number"),
    "project_measures_by_due_day": ("project_measures", "status due_day"),
    "project_measures_by_owner": ("project_measures", "owner number"),
    "project_measures_by_project": ("project_measures", "project_id number"),
    "project_quotas_by_year": ("project_quotas", "year number"),
    "project_sessions_by_project": ("project_sessions", "project_id number"),
    "projects_by_community": ("projects", "community number"),
    "projects_by_sponsor": ("projects", "sponsor number"),
    "projects_by_year": ("projects", "year number"),
    "proposals_by_applicant": ("proposals", "applicant number"),
    "proposals_by_call": ("proposals", "call_id points number"),
    "raised_requests_by_meeting": ("raised_requests", "meeting_id number"),
    "rectifications_by_party": ("rectifications", "party number"),
    "rectifications_by_status": ("rectifications", "status due_day"),
    "request_progress_by_responsible": ("request_progress", "responsible number"),
    "resources_by_item": ("resources", "status item number"),
    "resources_by_owner": ("resources", "owner number"),
    "restriction_changes_by_donor": ("restriction_changes", "donor number"),
    "restriction_changes_by_fund": ("restriction_changes", "fund status number"),
    "rotas_by_place": ("rotas", "place number"),
    "rotas_by_status": ("rotas", "status number"),
    "sanctions_by_member": ("sanctions", "member number"),
    "service_reservations_due": ("service_reservations", "status until_at"),
    "shifts_by_end": ("shifts", "status end_at"),
    "shifts_by_place": ("shifts", "place start_at"),
    "shifts_by_rota": ("shifts", "rota_id start_at"),
    "shifts_by_time": ("shifts", "status start_at"),
    "signups_by_charge": ("signups", "in_charge number"),
    "signups_by_member": ("signups", "member number"),
    "signups_by_shift": ("signups", "shift_id number"),
    "signups_by_status": ("signups", "status end_at"),
    "trials_by_place": ("trials", "place number"),
    "trials_by_status": ("trials", "status ends_on"),
    "votes_by_request": ("votes", "request_id number"),
    "votes_by_status": ("votes", "status until_at"),
}
"""Table and columns of each index, behind `ledger`."""


def _column(spelled: str) -> sa.Column[Any]:
    name = spelled.rstrip("#^!?")
    kind: Any = sa.BigInteger() if "#" in spelled else sa.Integer() if "^" in spelled else sa.Text()
    return sa.Column(name, kind, nullable="?" in spelled, autoincrement=False)


def upgrade() -> None:
    """Make the tables and their indexes."""
    for name, spelled in _TABLES.items():
        columns = spelled.split()
        keys = [one.rstrip("#^!") for one in columns if "!" in one]
        op.create_table(
            name,
            sa.Column("ledger", sa.Text(), nullable=False),
            *map(_column, columns),
            sa.PrimaryKeyConstraint("ledger", *keys),
            sqlite_with_rowid=False,
        )
    for name, (table, columns_of_it) in _INDEXES.items():
        op.create_index(name, table, ["ledger", *columns_of_it.split()], unique=False)


def downgrade() -> None:
    """Drop them."""
    for name, (table, _) in reversed(_INDEXES.items()):
        op.drop_index(name, table_name=table)
    for name in reversed(_TABLES):
        op.drop_table(name)

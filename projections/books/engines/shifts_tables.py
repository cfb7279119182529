"""Tables of rotas, shifts, sign-ups and paper lists. How columns are written: see `projections.columns`."""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import flag, key, maybe, maybe_number, number, table, text

rotas = table(
    "rotas",
    key("rota_id"),
    number("number"),
    text("name"),
    text("place"),
    maybe("team"),
    maybe("organiser"),
    text("in_charge"),
    text("weekdays"),
    text("start_time"),
    number("minutes", unit="minutes"),
    number("capacity", unit="people"),
    text("from_day"),
    maybe("until_day"),
    flag("on_holidays"),
    flag("pooled"),
    text("status"),
    maybe("reason"),
    number("shifts", unit="shifts"),
    maybe("last_day"),
    number("version"),
    Index("rotas_by_status", "ledger", "status", "number"),
    Index("rotas_by_place", "ledger", "place", "number"),
)
"""`status`: running · ended. `weekdays`: one digit a line, 0 is Monday. `start_time`: `14:00`.
`last_day`: the latest in the calendar."""

shifts = table(
    "shifts",
    key("shift_id"),
    number("number"),
    maybe("rota_id"),
    text("name"),
    text("place"),
    maybe("team"),
    maybe("organiser"),
    text("in_charge"),
    text("day"),
    number("start_at"),
    number("end_at"),
    number("capacity", unit="people"),
    flag("pooled"),
    text("status"),
    maybe("reason"),
    number("booked", unit="people"),
    number("queued", unit="people"),
    number("came", unit="people"),
    number("absent", unit="people"),
    number("recorded", unit="sessions"),
    number("confirmations", unit="signatures"),
    number("version"),
    Index("shifts_by_time", "ledger", "status", "start_at"),
    Index("shifts_by_end", "ledger", "status", "end_at"),
    Index("shifts_by_place", "ledger", "place", "start_at"),
    Index("shifts_by_rota", "ledger", "rota_id", "start_at"),
)
"""`status`: open · cancelled · closed. `booked`: all who had a place; `queued`: who waits for one; `came`: who
checked in or is on a paper list; `recorded`: sessions."""

signups = table(
    "signups",
    key("signup_id"),
    number("number"),
    text("shift_id"),
    text("member"),
    text("in_charge"),
    text("status"),
    maybe("cause"),
    number("start_at"),
    number("end_at"),
    maybe_number("in_at"),
    maybe_number("out_at"),
    maybe("session_id"),
    maybe("barrier"),
    number("version"),
    Index("signups_by_shift", "ledger", "shift_id", "number"),
    Index("signups_by_member", "ledger", "member", "number"),
    Index("signups_by_charge", "ledger", "in_charge", "number"),
    Index("signups_by_status", "ledger", "status", "end_at"),
)
"""`status`: waiting · booked · in · out · ended · absent · no_check_out. `cause` of the end; `barrier`: why no session."""

paper_lists = table(
    "paper_lists",
    key("list_id"),
    number("number"),
    text("shift_id"),
    text("guarantor"),
    flag("whole"),
    number("rows", unit="rows"),
    number("taken", unit="sessions"),
    number("refused", unit="rows"),
    text("entered_by"),
    number("version"),
    Index("paper_lists_by_shift", "ledger", "shift_id", "number"),
    Index("paper_lists_by_guarantor", "ledger", "guarantor", "number"),
    Index("paper_lists_by_entered_by", "ledger", "entered_by", "number"),
)

paper_rows = table(
    "paper_rows",
    key("row_id"),
    number("number"),
    text("list_id"),
    text("shift_id"),
    number("line"),
    text("member"),
    text("from_time"),
    text("to_time"),
    maybe("signup_id"),
    maybe("session_id"),
    text("barrier"),
    text("entered_by"),
    number("version"),
    Index("paper_rows_by_list", "ledger", "list_id", "number"),
    Index("paper_rows_by_member", "ledger", "member", "number"),
    Index("paper_rows_by_entered_by", "ledger", "entered_by", "number"),
)
"""`line`: its number on the list. Times as on paper, `14:30`; `barrier`: why a row became no session, "" where it did."""

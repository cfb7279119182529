"""Tables of the books: accounts and postings, people, hours, places. Requests, funds and partners are in `more_tables`.

Every table is keyed by `ledger` and carries in `version`, where people edit, the last position that touched the row:
it is the ETag. `number` is the position at which the thing began: short, unique in the ledger, what people see.
Days are ISO texts of the community's calendar, `…_at` are microseconds UTC, flags are 0 or 1, `words…` commitments.
"""

from __future__ import annotations

from sqlalchemy import Index

from projections.columns import flag, key, maybe, maybe_number, number, number_key, table, text

accounts = table(
    "accounts",
    key("account"),
    key("unit"),
    number("number"),
    number("balance"),
    number("entries"),
    number("last_position"),
)
"""Balances. `number` counts accounts in the order of their first posting; postings carry it instead of the name."""

postings = table(
    "postings",
    number_key("number"),
    number_key("position"),
    number_key("line"),
    number("amount"),
    number("balance"),
)
"""Every posting with the balance after it, clustered by account and position: a balance as of a position is one seek.

`number` is the account's. The moment and type of a posting are those of its event; they are not stored twice.
"""

tallies = table("tallies", key("name"), number("value"))
"""Totals that pages show, kept instead of counted: `members`, `partners`, `request:<status>`, `minutes:held` …"""

ledger_info = table("ledger_info", key("name"), text("zone"), text("operator"), number("version"))

members = table(
    "members",
    key("member_id"),
    number("registered"),
    text("number"),
    maybe("place"),
    maybe("team"),
    maybe("unit"),
    flag("party_member"),
    maybe("guardian"),
    maybe("joined_on"),
    flag("departed"),
    number("earned_minutes"),
    number("sessions"),
    maybe("first_day"),
    maybe("last_day"),
    flag("wall_named"),
    flag("wall_hidden"),
    flag("donor_named"),
    flag("donor_hidden"),
    text("words"),
    number("version"),
    flag("erased"),
    Index("members_by_short_number", "ledger", "registered"),
    Index("members_by_number", "ledger", "number"),
)
"""`registered` is the position of registration, which people see as V123. `number` is the community's own.

`earned_minutes` and `sessions` are the lifetime record: verified service with its corrections, never spendings.
`erased`: the words about this member are destroyed; hours stay, without a name.
"""

teams = table(
    "teams",
    key("team_id"),
    number("number"),
    text("kind"),
    text("name"),
    maybe("unit"),
    maybe("place"),
    number("members"),
    number("version"),
)

units = table(
    "units",
    key("unit_id"),
    number("number"),
    text("kind"),
    text("name"),
    text("code"),
    maybe("place"),
    number("agreements"),
    number("plaques"),
    text("words"),
    number("version"),
    flag("erased"),
)
"""`agreements` and `plaques` count those that nobody ended or revoked."""

roles = table(
    "roles",
    key("holder"),
    key("role"),
    key("scope"),
    flag("active"),
    text("granted_by"),
    maybe("revoked_by"),
    number("version"),
)

erasures = table(
    "erasures",
    key("subject"),
    number("number"),
    text("status"),
    text("cause"),
    text("asked_by"),
    maybe_number("erased"),
    number("version"),
    Index("erasures_by_status", "ledger", "status", "number"),
)
"""`status`: asked (one of two keepers did) · erased (at position `erased`)."""

proxies = table("proxies", key("principal"), key("proxy"), flag("active"), number("version"))

places = table("places", key("place_id"), number("number"), text("kind"), text("name"), maybe("parent"))

intake_points = table(
    "intake_points",
    key("point_id"),
    number("number"),
    text("channel"),
    text("label"),
    maybe("place"),
    flag("open"),
    number("requests"),
    number("version"),
)

policies = table("policies", key("name"), number_key("position"), text("from_day"), text("value"))
"""Every value a rule ever had, as JSON."""

sessions = table(
    "sessions",
    key("session_id"),
    number("number"),
    text("volunteer"),
    maybe("activity_id"),
    text("day"),
    text("last_day"),
    maybe_number("start_at"),
    maybe_number("end_at"),
    number("minutes"),
    maybe_number("corrected_minutes"),
    number("overflow"),
    text("status"),
    text("origin"),
    maybe("place"),
    maybe("team"),
    maybe("unit"),
    maybe("organiser"),
    maybe("in_charge"),
    flag("late"),
    maybe("guarantor"),
    text("recorder"),
    maybe("endorser"),
    maybe("verifier"),
    maybe("reason"),
    maybe_number("verified"),
    text("words"),
    number("version"),
    Index("sessions_by_volunteer", "ledger", "volunteer", "number"),
)
"""`status`: recorded · endorsed · verified · rejected. `minutes` as recorded, `corrected_minutes` as they stand now."""

Index(
    "sessions_waiting",
    sessions.c.ledger,
    sessions.c.number,
    sqlite_where=sessions.c.status.in_(("recorded", "endorsed")),
    postgresql_where=sessions.c.status.in_(("recorded", "endorsed")),
)

corrections = table(
    "corrections",
    key("correction_id"),
    number("number"),
    text("session_id"),
    text("volunteer"),
    text("status"),
    number("minutes"),
    maybe_number("original_minutes"),
    maybe_number("difference"),
    text("requested_by"),
    maybe("checker"),
    maybe("reason"),
    text("words"),
    number("version"),
    Index("corrections_by_session", "ledger", "session_id"),
    Index("corrections_by_status", "ledger", "status", "number"),
)
"""`status`: asked · approved · refused. `minutes` is what the record should say."""

reservations = table(
    "reservations",
    key("reservation_id"),
    number("number"),
    text("member"),
    maybe("provider"),
    maybe("request_id"),
    number("minutes"),
    text("status"),
    maybe("cause"),
    number("until_at"),
    text("words"),
    number("version"),
    Index("reservations_by_member", "ledger", "member", "number"),
    Index("reservations_by_status", "ledger", "status", "until_at"),
)
"""`status`: open · redeemed · released (`cause`: cancelled or expired)."""

certificates = table(
    "certificates",
    key("certificate_id"),
    number("number"),
    text("member"),
    number("minutes"),
    number("sessions"),
    text("first_day"),
    text("last_day"),
    text("issued_by"),
    number("issued_at"),
    Index("certificates_by_member", "ledger", "member", "number"),
)

"""Who and what the stories of the projections' tests are about."""

from __future__ import annotations

from datetime import date

MEMBERS = tuple(f"mem_{name}" for name in ("wang", "li", "zhao", "sun", "chen", "liu"))
UNITS = ("unit_lvyun", "unit_bank", "unit_school")
TEAMS = ("team_north", "team_south")
PLACES = ("place_street", "place_fangxing", "place_no7")
FUND = "fund_nuanxing"
ITEMS = ("meals", "repair", "general")
FIRST_DAY = date(2025, 11, 28)
WORKER = "mem_worker"

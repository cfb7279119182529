"""M1 志愿服务互助银行: 祥和社区's 29 courtyards each keep a weekly watch, and six units' teams fill it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ledger.shifts.commands import PlanRota
from tests.mechanisms.entered import entered
from tests.mechanisms.street import FIRST_DAY, Street

SATURDAY = FIRST_DAY + timedelta(days=5)
COURTYARDS, UNITS = 29, 6


def test_the_watches_of_twenty_nine_courtyards(street: Street) -> None:
    worker, head = street.worker(), street.person("院长")
    community = street.place("community", "祥和社区")
    every_saturday: dict[str, Any] = {"in_charge": head, "start_minute": 9 * 60, "minutes": 120, "capacity": UNITS - 1}
    plan = {**every_saturday, "weekdays": [5], "from_day": str(FIRST_DAY)}
    yards = [street.place("courtyard", f"{number}号院", community) for number in range(1, COURTYARDS)]
    alike = [
        PlanRota(name="平安值守", place=yard, weekdays=(5,), from_day=FIRST_DAY, **every_saturday) for yard in yards
    ]
    entered(street, alike, by=worker)
    yard = street.place("courtyard", f"{COURTYARDS}号院", community)
    rota = street.do("plan_rota", by=worker, name=f"{COURTYARDS}号院值守", place=yard, **plan).ids["rota_id"]
    assert len(street.see("rotas", status="running")["rotas"]) == COURTYARDS
    street.do("end_rota", by=worker, rota_id=rota, reason="too_few_people")
    street.refused("end_rota", "rota_ended", by=worker, rota_id=rota, reason="done")
    street.follow()
    found = street.see("shifts", day=str(SATURDAY), limit=50)["shifts"]
    assert len(found) == COURTYARDS - 1
    shift, other = (str(one["shift_id"]) for one in found[:2])

    # A volunteer of each unit's team wants to come; there is one place fewer.
    volunteers = []
    for number in range(UNITS):
        unit = street.unit(f"共建单位{number + 1}", kind="enterprise")
        kind = "volunteer_organisation"
        team = street.do("form_team", by=worker, kind=kind, name=f"服务队{number + 1}", unit=unit).ids["team_id"]
        volunteers.append(street.person(f"志愿者{number + 1}", team=team, unit=unit))
        street.do("sign_up", by=volunteers[-1], shift_id=shift, member=volunteers[-1])
    first, *others, last = volunteers
    street.refused("sign_up", "signed_up_elsewhere", by=first, shift_id=other, member=first)
    assert [street.figure(f"shift:{shift}:{one}") for one in ("booked", "queued")] == [5, 1]

    # Who leaves the community holds no place: the follower gives it to whoever waited.
    street.do("leave_community", by=worker, member_id=first)
    street.follow()
    assert street.see("signups", by=last, member=last)["signups"][0]["status"] == "booked"
    gone = street.see("signups", shift_id=shift, status="ended")["signups"]
    assert [one["cause"] for one in gone] == ["left"]

    # Rain in one courtyard: whoever is in charge calls it off, and nobody can sign up there any more.
    street.refused("cancel_shift", "shift_not_yours", by=last, shift_id=other, reason="weather")
    street.do("cancel_shift", by=head, shift_id=other, reason="weather")
    street.refused("sign_up", "shift_cancelled", by=head, shift_id=other, member=head)

    street.at(SATURDAY, 9)
    code = street.see("shift_code", by=head, shift_id=shift)["code"]
    for member in (*others, last):
        street.do("check_in", by=member, shift_id=shift, member=member, code=code)
    street.at(SATURDAY, 11)
    code = street.see("shift_code", by=head, shift_id=shift)["code"]
    for member in (*others, last):
        street.do("check_out", by=member, shift_id=shift, member=member, code=code)
    street.do("confirm_shift", by=head, shift_id=shift)
    assert street.figure("stats.minutes.earned") == 5 * 120
    assert street.figure(f"member:{last}:usable") == 120
    teams = street.see("rankings", measure="team_minutes", period="2026-03")["rows"]
    assert [row["value"] for row in teams] == [120] * 5

"""M12 无偿/低偿/有偿 (002): every service says which it is, and a paid one never earns volunteer hours."""

from __future__ import annotations

from datetime import timedelta

from ledger.clock import DEFAULT_ZONE, at_time, moment
from tests.mechanisms.street import FIRST_DAY, Street

NEXT_DAY = FIRST_DAY + timedelta(days=1)


def _deposit(street: Street, worker: str, member: str, minutes: int) -> None:
    street.do("deposit_session", by=worker, volunteer=member, day=FIRST_DAY.isoformat(), minutes=minutes)


def _span(hour: int, minutes: int) -> dict[str, str]:
    """So many minutes of the next day from an hour on, as instants."""
    start = moment(at_time(NEXT_DAY, hour, 0), DEFAULT_ZONE)
    return {"start_at": start.isoformat(), "end_at": (start + timedelta(minutes=minutes)).isoformat()}


def test_a_free_a_low_cost_and_a_paid_service(street: Street) -> None:
    """无偿 is paid in hours which the performer banks, 低偿 half in hours, 有偿 in money alone, outside of the ledger."""
    worker, wang = street.worker(), street.person("王阿姨")
    unit = street.unit("绿云物业")
    speaker, li = street.speaker(unit), street.person("李师傅", unit=unit)
    _deposit(street, worker, wang, 120)
    declared = {
        charge: street.do(
            "declare_service", by=speaker, provider=unit, name=name, charge=charge, minutes=45, price_fen=price
        ).ids["service_id"]
        for charge, name, price in (("free", "陪诊", 0), ("low_cost", "理发", 500), ("paid", "修水管", 8_000))
    }
    street.refused(
        "declare_service", "free_has_no_price", by=speaker, provider=unit, name="陪诊", charge="free", minutes=30,
        price_fen=100,
    )  # fmt: skip
    reserved = {
        charge: street.do("reserve_service", by=wang, service_id=service_id, member=wang).ids["reservation_id"]
        for charge, service_id in declared.items()
    }
    assert (street.figure(f"member:{wang}:usable"), street.figure(f"member:{wang}:held")) == (52, 68)
    street.refused("confirm_service", "reservation_settled", by=wang, reservation_id=reserved["free"])

    street.at(NEXT_DAY, 18)
    for hour, reservation_id in zip((8, 10, 14), reserved.values(), strict=True):
        street.do("perform_service", by=speaker, reservation_id=reservation_id, performer=li, **_span(hour, 45))
    street.refused("confirm_service", "not_your_reservation", by=speaker, reservation_id=reserved["free"])
    for reservation_id in reserved.values():
        street.do("confirm_service", by=wang, reservation_id=reservation_id)

    assert street.figure(f"member:{li}:usable") == 45 + 23
    assert (street.figure(f"member:{wang}:usable"), street.figure(f"member:{wang}:held")) == (52, 0)
    rows = street.see("service_reservations", by=worker, member=wang)["service_reservations"]
    assert {row["charge"]: row["banked_minutes"] for row in rows} == {"free": 45, "low_cost": 23, "paid": 0}
    assert {row["charge"] for row in street.see("services")["services"]} == {"free", "low_cost", "paid"}


def test_time_that_was_paid_for_is_in_no_session_of_service(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    li = street.person("李师傅")
    service = street.do(
        "declare_service", by=li, provider=li, name="修水管", charge="paid", minutes=60, price_fen=8_000
    ).ids["service_id"]
    street.refused("reserve_service", "own_service", by=li, service_id=service, member=li)
    reservation = street.do("reserve_service", by=wang, service_id=service, member=wang).ids["reservation_id"]
    street.at(NEXT_DAY, 18)
    street.do("perform_service", by=li, reservation_id=reservation, **_span(10, 60))

    span = _span(10, 30)
    street.refused("record_session", "sessions_overlap", by=li, volunteer=li, day=NEXT_DAY.isoformat(), **span)
    street.refused("deposit_session", "sessions_overlap", by=worker, volunteer=li, day=NEXT_DAY.isoformat(), **span)
    street.do("contest_service", by=wang, reservation_id=reservation, member=wang, words={"remark": "没有来"})
    street.do("deposit_session", by=worker, volunteer=li, day=NEXT_DAY.isoformat(), **span)
    street.refused("perform_service", "sessions_overlap", by=li, reservation_id=reservation, **_span(10, 60))
    assert street.figure(f"member:{li}:usable") == 30


def test_a_reservation_ends_by_a_word_by_silence_or_at_its_deadline(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    _deposit(street, worker, wang, 120)
    service = street.do("declare_service", by=li, provider=li, name="陪诊", charge="free", minutes=30).ids["service_id"]
    reserve = [
        street.do("reserve_service", by=wang, service_id=service, member=wang).ids["reservation_id"] for _ in range(3)
    ]
    street.refused("cancel_service", "not_your_reservation", by=street.person("孙大爷"), reservation_id=reserve[0])
    street.do("cancel_service", by=wang, reservation_id=reserve[0])
    street.at(NEXT_DAY, 18)
    street.do("perform_service", by=li, reservation_id=reserve[1], **_span(10, 30))
    street.refused("expire_service", "not_yet_due", by=worker, reservation_id=reserve[1])
    street.do("withdraw_service", by=li, service_id=service, provider=li)
    street.refused("reserve_service", "service_withdrawn", by=wang, service_id=service, member=wang)

    street.at(FIRST_DAY + timedelta(days=31))
    assert street.follow() == 2

    rows = street.see("service_reservations", by=wang, member=wang)["service_reservations"]
    assert [(row["status"], row["cause"], row["silent"]) for row in rows] == [
        ("cancelled", "cancelled", False),
        ("settled", None, True),
        ("cancelled", "expired", False),
    ]
    assert (street.figure(f"member:{wang}:usable"), street.figure(f"member:{li}:usable")) == (90, 30)

"""The volunteers' pages: shifts, the code of the place, hours, receipts, certificates, and every form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ledger.application import OPERATOR
from ledger.clock import MICROS_PER_MINUTE, system_clock
from ledger.hours import commands as hours
from ledger.services import commands as service
from ledger.shifts import commands as shift
from ledger.shifts.codes import code_of, step_of
from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World

_HOUR = 60 * MICROS_PER_MINUTE


def prepare(world: World) -> None:
    """A shift that runs now, one that is full, services, a reservation, and kin who agreed and who have not yet."""
    people = world.people
    place = world.rows("members", member_id=people["volunteer"])[0]["place"] or world.first("places")
    now_at = system_clock() // MICROS_PER_MINUTE * MICROS_PER_MINUTE
    for name, begins_at, capacity in (
        ("running", now_at - 10 * MICROS_PER_MINUTE, 3),
        ("full", now_at + 26 * _HOUR, 1),
    ):
        command = shift.ScheduleShift(
            name="四点半课堂看护" if name == "running" else "楼道夜间巡查", place=place, in_charge=people["resident"],
            start_at=begins_at, end_at=begins_at + 2 * _HOUR, capacity=capacity,
        )  # fmt: skip
        world.do(OPERATOR, command)
        people[f"shift_{name}"] = command.shift_id
    people["shift_place"] = place
    for who in ("parent", "volunteer"):
        world.do(who, shift.SignUp(shift_id=people["shift_full"], member=people[who]))
    offered = service.DeclareService(provider=people["resident"], name="修理小家电", charge="free", minutes=30)
    world.do("resident", offered)
    reserved = service.ReserveService(service_id=offered.service_id, member=people["volunteer"])
    world.do("volunteer", reserved)
    people["service"], people["reservation"] = offered.service_id, reserved.reservation_id
    agreed = hours.ProposeKin(member=people["volunteer"], kin=people["parent"], relation="parent")
    world.do("volunteer", agreed)
    world.do("parent", hours.RegisterKin(kin_id=agreed.kin_id, kin=people["parent"]))
    asked = hours.ProposeKin(member=people["resident"], kin=people["volunteer"], relation="sibling")
    world.do("resident", asked)
    people["kin_asked"], people["kin_agreed"] = asked.kin_id, agreed.kin_id
    held = hours.ReserveHours(member=people["volunteer"], minutes=10, provider=people["resident"])
    world.do("volunteer", held)
    people["held"] = held.reservation_id


def _code(world: World) -> str:
    shift_id = world.people["shift_running"]
    return code_of(partial(world.store.vault.blind, world.ledger), shift_id, step_of(system_clock()))


def _session(world: World) -> str:
    rows = world.rows("sessions", volunteer=world.people["volunteer"], status="verified")
    return str(rows[0]["session_id"])


def _verified(world: World) -> int:
    rows = world.rows("sessions", volunteer=world.people["volunteer"], status="verified")
    return int(rows[0]["verified"])


PAGES = (
    Seen("shifts", "shifts", "volunteer"),
    Seen("shifts-all", "shifts?where=all"),
    Seen("shifts-mine", "shifts/mine", "volunteer"),
    Seen("shifts-mine-nobody", "shifts/mine", status=303),
    Seen("shift", "shifts/{shift_running}", "volunteer"),
    Seen("shift-waiting", "shifts/{shift_full}", "volunteer"),
    Seen("shift-in-charge", "shifts/{shift_full}", "resident"),
    Seen("shift-nobody", "shifts/{shift_running}"),
    Seen("here", "shifts/{shift_running}/here", "volunteer"),
    Seen("here-code", lambda world: f"shifts/{world.people['shift_running']}/here?code={_code(world)}", "volunteer"),
    Seen("here-wrong", "shifts/{shift_running}/here?code=AAAA-AAAA", "volunteer"),
    Seen("here-nobody", "shifts/{shift_running}/here"),
    Seen("here-early", "shifts/{shift_full}/here", "parent"),
    Seen("screen", "shifts/{shift_running}/screen", "resident"),
    Seen("screen-early", "shifts/{shift_full}/screen", "worker"),
    Seen("screen-others", "shifts/{shift_running}/screen", "volunteer", status=404),
    Seen("place-here", "places/{shift_place}/here?all=1"),
    Seen("use", "members/{volunteer}/use", "volunteer"),
    Seen("use-for-parent", "members/{parent}/use", "resident"),
    Seen("kin", "members/{volunteer}/kin", "volunteer"),
    Seen("receipt", lambda world: f"receipts/{_verified(world)}", "volunteer"),
    Seen("receipt-proof", "receipts/1/proof", "volunteer", status=404),
    Seen("receipt-record", "receipts/1/record", "volunteer", status=404),
    Seen("certificate", "members/{volunteer}/certificate", "volunteer"),
    Seen("certificate-own", "members/{volunteer}/certificate?period=own&from=2020-01-01&until=2019-01-01", "volunteer"),
    Seen("certificate-file", "members/{volunteer}/certificate.docx", "volunteer", status=404),
    Seen("give", "do/give", "volunteer"),
    Seen("give-kin", "do/give-kin", "volunteer"),
    Seen("donate-hours", "do/donate-hours", "volunteer"),
    Seen("redeem", "do/redeem?service_id={service}", "volunteer"),
    Seen("cancel-service", "do/cancel-service?reservation_id={reservation}", "volunteer"),
    Seen("confirm-service", "do/confirm-service?reservation_id={reservation}", "volunteer"),
    Seen("contest-service", "do/contest-service?reservation_id={reservation}", "volunteer"),
    Seen("release-hours", "do/release-hours?reservation_id={held}", "volunteer"),
    Seen("settle-hours", "do/settle-hours?reservation_id={held}", "volunteer"),
    Seen("kin-propose", "do/kin", "volunteer"),
    Seen("kin-agree", "do/kin-agree?kin_id={kin_asked}", "volunteer"),
    Seen("kin-end", "do/kin-end?kin_id={kin_agreed}", "volunteer"),
    Seen("correction", lambda world: f"do/correction?session_id={_session(world)}", "volunteer"),
    Seen("my-details", "do/my-details?member_id={volunteer}", "volunteer"),
    Seen("new-phone", "members/{volunteer}/phone", "volunteer"),
    Seen("new-phone-of-another", "members/{volunteer}/phone", "worker", status=404),
    Seen("wall-yes", "do/wall-yes", "resident"),
    Seen("wall-no", "do/wall-no", "volunteer"),
    Seen("sign-shift", "do/sign-shift?shift_id={shift_running}", "resident"),
    Seen("attest", "do/attest-check-out?shift_id={shift_running}&member={volunteer}", "resident"),
)

"""What becomes of banked hours: gifts between members, the common pool, reservations for a service, certificates."""

from __future__ import annotations

from api.demo.data import HoursList, draw, load
from api.demo.hours import Doer
from api.demo.people import People, Staff
from api.demo.run import Run, made
from ledger.hours.commands import (
    DonateHours,
    GiveHours,
    GrantFromPool,
    IssueCertificate,
    Note,
    ReleaseReservation,
    ReserveHours,
    SettleReservation,
)
from ledger.hours.facts import HoursReserved

GIFTS, DONATIONS, GRANTS, RESERVATIONS, CERTIFICATES = 30, 12, 6, 10, 8
_GIVERS = 15
_SETTLED, _RELEASED = 5, 2


def fill(run: Run, staff: Staff, people: People, doers: list[Doer]) -> None:
    """Give, donate, grant, reserve, redeem, certify: each by whose hours they are."""
    texts = load("hours", HoursList)
    givers = [doer.member for doer in doers[:_GIVERS]]
    receivers = [people.neighbours["li"], *people.elders]
    for i in range(GIFTS):
        giver = givers[i % len(givers)]
        gift = GiveHours(
            giver=giver, receiver=receivers[i], minutes=60 + 15 * (draw("gift", i) % 5), words=Note(remark=texts.gift)
        )
        run.one(giver, f"gift:{i}", gift)
    for i in range(DONATIONS):
        giver = givers[i]
        donation = DonateHours(
            giver=giver, minutes=60 + 30 * (draw("donation", i) % 4), words=Note(remark=texts.donation)
        )
        run.one(giver, f"pool:{i}", donation)
    grants = [
        (f"pool:grant:{i}", GrantFromPool(receiver=people.elders[-1 - i], minutes=90, words=Note(remark=texts.grant)))
        for i in range(GRANTS)
    ]
    run.many(staff["zhou"], grants)
    for i in range(RESERVATIONS):
        _reserve(run, i, receivers[i], people)
    for i in range(CERTIFICATES):
        run.one(givers[i], f"certificate:{i}", IssueCertificate(member=givers[i]))


def _reserve(run: Run, number: int, member: str, people: People) -> None:
    """The first waits for 李奶奶 to confirm it; then some are confirmed and some called off."""
    provider = people.neighbours["wang"] if number == 0 else people.volunteers[20 + number]
    words = Note(remark=load("hours", HoursList).service)
    reserving = ReserveHours(member=member, minutes=60, provider=provider, words=words)
    reservation_id = made(run.one(member, f"reservation:{number}", reserving), HoursReserved).reservation_id
    if 1 <= number <= _SETTLED:
        run.one(member, f"reservation:{number}:settle", SettleReservation(reservation_id=reservation_id))
    elif _SETTLED < number <= _SETTLED + _RELEASED:
        run.one(member, f"reservation:{number}:release", ReleaseReservation(reservation_id=reservation_id))

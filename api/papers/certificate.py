"""The certificate of volunteer service: the hours of some days by kind of service, with the stars of a lifetime (law 令67
§14 to 17: free, with time, content and the unit that recorded it, and open to be checked by anybody)."""

from __future__ import annotations

from datetime import date

from api.papers.codes import DAY_ZERO, Statement
from api.papers.ordered import Ordered, marked, parts_of
from api.papers.paper import Paper
from api.papers.service import Kind, Service, service_of
from api.people import People
from ledger.errors import NotFound, Refused
from projections.books import queries as books
from projections.reading import Cells

_KINDS = 5
_BAR = 1000


def certificate(order: Ordered, member: str, from_day: date | None = None, until_day: date | None = None) -> Paper:
    """A member's certificate of some days, both included; None is the first or the last day of service. No day
    after today, none before 2000.

    Raises NotFound `no_such_member` (also for somebody whose data were deleted), Refused `no_service_to_certify`,
    `no_name_to_print`.
    """
    row = books.member(order.store.database, order.ledger, member)
    if row is None or row["erased"] or row["registered"] > order.past.position:
        raise NotFound("no_such_member", member=member)
    name = name_of(order, row)
    if not name:
        raise Refused("no_name_to_print", member=member)
    from_day = None if from_day is None else max(from_day, DAY_ZERO)
    until_day = None if until_day is None else min(until_day, order.today)
    done = service_of(order.store, order.past, member, from_day, until_day)
    if done.first_day is None or done.last_day is None:
        raise Refused("no_service_to_certify")
    stated = Statement(
        kind="certificate", subject=row["registered"], position=order.past.position, day=order.today,
        from_day=from_day or done.first_day, until_day=until_day or done.last_day,
    )  # fmt: skip
    return order.paper("certificate", stated, _values(order, row, name, stated, done))


def name_of(order: Ordered, row: Cells) -> str:
    """The whole name, from the vault; "" where there is none (any more)."""
    return People(order.store, order.ledger).names({"it": row["words"]}, clear=True).get("it", "")


def told_of_certificate(order: Ordered, stated: Statement, member: str) -> list[tuple[str, str]]:
    """What a certificate says of the service, as of the order's entry: label and value."""
    done = service_of(order.store, order.past, member, stated.from_day, stated.until_day)
    shown = [
        (order.t("certificate.told.hours"), order.hours(done.minutes)),
        (order.t("certificate.told.times"), order.t("certificate.times", count=done.times)),
        (order.t("certificate.told.days"), order.t("certificate.days", count=done.days)),
        (order.t("certificate.told.stars"), order.t("certificate.stars", level=done.stars)),
    ]
    return shown + [
        (one.name or order.t("certificate.unnamed"), order.hours(one.minutes)) for one in _shortened(order, done)
    ]


def _shortened(order: Ordered, done: Service) -> list[Kind]:
    """The longest kinds, and all others together: what the paper has room for."""
    if len(done.kinds) <= _KINDS:
        return done.kinds
    rest = done.kinds[_KINDS - 1 :]
    others = Kind(order.t("certificate.others"), sum(one.minutes for one in rest), sum(one.times for one in rest))
    return [*done.kinds[: _KINDS - 1], others]


def _values(order: Ordered, row: Cells, name: str, stated: Statement, done: Service) -> dict[str, object]:
    kinds = _shortened(order, done)
    most = max((one.minutes for one in kinds), default=0) or 1
    sentence = order.t(
        "certificate.sentence", name=marked("n", name), number=books.short_number(row), first=order.day(stated.from_day),
        last=order.day(stated.until_day), community=order.community, hours=marked("h", order.hours(done.minutes)),
    )  # fmt: skip
    return {
        "sentence": parts_of(sentence),
        "kinds": [
            {"name": one.name or order.t("certificate.unnamed"), "hours": order.hours(one.minutes),
             "times": order.t("certificate.times", count=one.times), "bar": one.minutes * _BAR // most}
            for one in kinds
        ],
        "figures": [
            [order.t("certificate.told.times"), order.t("certificate.times", count=done.times)],
            [order.t("certificate.told.days"), order.t("certificate.days", count=done.days)],
            *([[order.t("certificate.told.scanned"), order.hours(done.scanned)]] if done.scanned else []),
        ],
        "stars": done.stars,
        "most_stars": done.most_stars,
    }  # fmt: skip

"""M2 一领四单: residents place an order, the community accepts it, any of five kinds of party performs it, the resident
alone closes it, and it is reopened where they are not satisfied."""

from __future__ import annotations

from typing import get_args

from ledger.parties.commands import PartyKind
from tests.mechanisms.street import FIRST_DAY, Street

FIVE = ("party_organisation", "resident_body", "property_service", "social_organisation", "volunteer_organisation")


def _order(street: Street, resident: str, title: str) -> str:
    done = street.do("post_request", by=resident, kind="order", requester=resident, words={"title": title})
    return done.ids["request_id"]


def test_an_order_is_placed_accepted_performed_and_closed_by_the_resident_alone(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    assert set(FIVE) <= set(get_args(PartyKind))
    order = _order(street, wang, "下水道堵了")
    street.refused("publish_request", "not_allowed", by=wang, request_id=order)
    street.do("publish_request", by=worker, request_id=order)

    lvyun = street.unit("绿云物业")
    li = street.speaker(lvyun)
    street.do("claim_request", by=li, request_id=order, claimant=lvyun)
    street.do("fulfil_request", by=li, request_id=order, claimant=lvyun)
    street.refused("close_request", "not_the_requester", by=worker, request_id=order, requester=wang, score=5)
    street.do("close_request", by=wang, request_id=order, requester=wang, score=2)
    assert street.see("request", request_id=order)["status"] == "claimed"
    assert street.figure(f"request:{order}:reopened") == 1

    street.do("fulfil_request", by=li, request_id=order, claimant=lvyun)
    street.do("close_request", by=wang, request_id=order, requester=wang, score=5)
    assert street.see("request", request_id=order)["status"] == "closed"
    assert street.figure(f"request:{order}:score") == 5


def test_any_of_the_five_kinds_of_party_performs_orders(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    for kind in FIVE:
        order = _order(street, wang, "换灯泡")
        street.do("publish_request", by=worker, request_id=order)
        unit = street.unit(f"单位 {kind}", kind=kind)  # type: ignore[arg-type]  # one of the five
        speaker = street.speaker(unit)
        street.do("claim_request", by=speaker, request_id=order, claimant=unit)
        street.do("fulfil_request", by=speaker, request_id=order, claimant=unit)
        street.do("close_request", by=wang, request_id=order, requester=wang, score=4)
    assert street.figure("stats.requests.closed") == 5


def test_an_order_waits_no_longer_than_policy_allows(street: Street) -> None:
    chief, worker, wang = street.operator, street.worker(), street.person("王阿姨")
    street.do("set_policy", by=chief, name="requests.review_days", value=2)
    order = _order(street, wang, "修门")
    street.at(FIRST_DAY.replace(day=6))
    street.follow()
    assert street.figure(f"request_progress:{order}:late") == 1
    watched = street.see("watched_request", by=worker, request_id=order)
    assert (watched["stage"], watched["until_day"], watched["overdue"]) == ("posted", "2026-03-04", True)

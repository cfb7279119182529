"""M10 需求库 + 资源库 → 项目清单, 三方联动: a list of needs, a list of resources, what fits, and the projects that come of it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from tests.mechanisms.street import FIRST_DAY, Street


class Cast(NamedTuple):
    """The residents' side, the units' side, and the community between them."""

    worker: str
    wang: str
    property_unit: str
    li: str
    school: str
    teacher: str
    near: str
    far: str


def _cast(street: Street) -> Cast:
    top = street.place("street", "大理街道")
    near = street.place("courtyard", "绿云苑", top)
    far = street.place("courtyard", "祥云院", top)
    unit, school = street.unit("绿云物业"), street.unit("方兴小学", kind="enterprise")
    return Cast(
        worker=street.worker(), wang=street.person("王阿姨", place=near), property_unit=unit,
        li=street.speaker(unit, "李师傅"), school=school, teacher=street.speaker(school, "周老师"), near=near, far=far,
    )  # fmt: skip


def _need(street: Street, cast: Cast, item: str, quantity: int) -> str:
    asked = {"kind": "need", "requester": cast.wang, "item": item, "quantity": quantity, "place": cast.near}
    need = street.do("post_request", by=cast.wang, words={"title": f"需要{item}"}, **asked).ids["request_id"]
    street.do("publish_request", by=cast.worker, request_id=need)
    return need


def _resource(street: Street, cast: Cast, owner: str, by: str, quantity: int, place: str) -> str:
    fields = {"owner": owner, "kind": "goods", "item": "课桌", "quantity": quantity, "place": place}
    return street.do("list_resource", by=by, **fields).ids["resource_id"]


def _deal(street: Street, cast: Cast, resource: str, need: str, quantity: int, owner_by: str) -> str:
    named = {"resource_id": resource, "request_id": need, "quantity": quantity}
    deal = street.do("propose_deal", by=cast.worker, **named).ids["deal_id"]
    street.refused("accept_deal", "cannot_act_for", by=cast.worker, deal_id=deal, side="owner")
    street.do("accept_deal", by=owner_by, deal_id=deal, side="owner")
    street.do("accept_deal", by=cast.wang, deal_id=deal, side="partner")
    return deal


def test_needs_and_resources_are_matched_as_suggested_and_become_a_project(street: Street) -> None:
    cast = _cast(street)
    need = _need(street, cast, "课桌", 30)
    far = _resource(street, cast, cast.school, cast.teacher, 100, cast.far)
    near = _resource(street, cast, cast.property_unit, cast.li, 20, cast.near)
    street.refused("list_resource", "not_allowed", by=cast.li, owner=cast.school, kind="goods", item="课桌", quantity=1)

    told = street.see("suggestions", request_id=need)["suggestions"]
    assert [(one["resource_id"], one["quantity"], one["steps"]) for one in told] == [(near, 20, 0), (far, 10, 2)]
    assert told == street.see("suggestions", request_id=need)["suggestions"], "the same lists, the same answer"

    deals = [
        _deal(street, cast, one["resource_id"], need, one["quantity"], by)
        for one, by in zip(told, (cast.li, cast.teacher), strict=True)
    ]
    assert street.see("suggestions", request_id=need)["suggestions"] == []
    assert street.figure(f"request:{need}:promised") == 30
    assert street.figure(f"resource:{far}:free") == 90
    street.refused("propose_deal", "more_than_wanted", by=cast.worker, resource_id=far, request_id=need, quantity=1)

    words = {"title": "四点半课堂"}
    project = street.do(
        "post_request", by=cast.worker, kind="project", requester=cast.worker, place=cast.near, words=words
    ).ids["request_id"]
    for deal in deals:
        street.do("make_project_of_deal", by=cast.worker, deal_id=deal, project=project)
    street.refused("make_project_of_deal", "deal_has_project", by=cast.worker, deal_id=deals[0], project=project)
    assert len(street.see("deals", by=cast.worker, project=project)["deals"]) == 2

    street.refused("deliver_deal", "self_verification", by=cast.li, deal_id=deals[0], leg="out", quantity=20)
    street.do("deliver_deal", by=cast.wang, deal_id=deals[0], leg="out", quantity=12)
    street.do("deliver_deal", by=cast.wang, deal_id=deals[0], leg="out", quantity=8)
    street.refused("deliver_deal", "deal_not_agreed", by=cast.wang, deal_id=deals[0], leg="out", quantity=1)
    street.do("deliver_deal", by=cast.worker, deal_id=deals[1], leg="out", quantity=10)
    assert street.see("request", by=cast.wang, request_id=need)["status"] == "fulfilled"
    street.do("close_request", by=cast.wang, request_id=need, requester=cast.wang, score=5)
    assert street.figure(f"deal:{deals[0]}:delivered") == 20
    assert street.figure(f"balance:received:{cast.wang}:pcs.课桌") == 30


def test_what_is_not_delivered_by_the_due_day_is_free_again_and_a_broken_promise(street: Street) -> None:
    cast = _cast(street)
    need = _need(street, cast, "课桌", 30)
    desks = _resource(street, cast, cast.property_unit, cast.li, 40, cast.near)
    deal = _deal(street, cast, desks, need, 30, cast.li)
    street.do("deliver_deal", by=cast.wang, deal_id=deal, leg="out", quantity=5)
    street.refused("default_deal", "not_yet_due", by=cast.worker, deal_id=deal)
    street.at(FIRST_DAY + timedelta(days=30), 23)
    street.follow()
    assert street.see("deal", by=cast.wang, deal_id=deal)["status"] == "agreed"

    street.at(FIRST_DAY + timedelta(days=31), 1)
    street.follow()
    ended = street.see("deal", by=cast.wang, deal_id=deal)
    assert (ended["status"], ended["reason"], ended["broken_by"]) == ("failed", "overdue", [cast.property_unit])
    assert street.figure(f"resource:{desks}:free") == 35
    assert street.figure(f"request:{need}:promised") == 0
    record = street.see("integrity", by=cast.li, party=cast.property_unit)
    assert [(one["promise"], one["outcome"]) for one in record["entries"]] == [("deal", "broken")]
    told = street.see("suggestions", request_id=need)["suggestions"]
    assert [(one["resource_id"], one["quantity"]) for one in told] == [(desks, 25)]


def test_one_side_says_no_and_a_resource_is_taken_back(street: Street) -> None:
    cast = _cast(street)
    need = _need(street, cast, "课桌", 30)
    desks = _resource(street, cast, cast.property_unit, cast.li, 40, cast.near)
    first = street.do("propose_deal", by=cast.li, resource_id=desks, request_id=need, quantity=30).ids["deal_id"]
    street.refused("accept_deal", "side_accepted", by=cast.li, deal_id=first, side="owner")
    street.do("decline_deal", by=cast.wang, deal_id=first, reason="not_suitable")
    street.refused("accept_deal", "deal_not_open", by=cast.wang, deal_id=first, side="partner")
    second = _deal(street, cast, desks, need, 30, cast.li)
    street.do("withdraw_resource", by=cast.li, resource_id=desks)
    street.refused("propose_deal", "resource_withdrawn", by=cast.li, resource_id=desks, request_id=need, quantity=1)
    street.refused("fail_deal", "reason_not_yours_to_state", by=cast.li, deal_id=second, reason="by_agreement")
    street.do("fail_deal", by=cast.li, deal_id=second, side="owner", reason="cannot_deliver")
    street.hidden("deal", "no_such_deal", by=cast.teacher, deal_id=second)

"""Resources, suggestions, deals and records of integrity over HTTP: who may see what."""

from __future__ import annotations

from datetime import date

from tests.api.house import Caller, House, code_of, said


def _unit(house: House, name: str, speaker: str) -> tuple[str, Caller]:
    unit = str(said(house.worker.post("/units", {"kind": "enterprise", "name": name}))["ids"]["unit_id"])
    member = house.member(speaker)
    said(house.worker.post("/roles", {"holder": member, "role": "representative", "scope": unit}))
    return unit, house.caller(member)


def _listed(speaking: Caller, owner: str, quantity: int = 20) -> str:
    body = {"owner": owner, "kind": "goods", "item": "desk", "quantity": quantity}
    return str(said(speaking.post("/resources", body))["ids"]["resource_id"])


def _need(house: House, requester: str, quantity: int) -> str:
    body = {"kind": "need", "requester": requester, "item": "desk", "quantity": quantity, "words": {"title": "课桌"}}
    need = str(said(house.caller(requester).post("/requests", body))["ids"]["request_id"])
    said(house.worker.post(f"/requests/{need}/publish"))
    return need


def test_what_fits_is_public_and_people_are_masked(house: House) -> None:
    unit, speaking = _unit(house, "绿云物业", "李师傅")
    neighbour = house.member("赵奶奶")
    resources = [_listed(speaking, unit), _listed(house.caller(neighbour), neighbour, 5)]
    need = _need(house, house.member("王阿姨"), 25)

    told = said(house.anybody.get("/suggestions"))["suggestions"]

    assert [(one["resource_id"], one["request_id"], one["quantity"]) for one in told] == [
        (resources[0], need, 20), (resources[1], need, 5),
    ]  # fmt: skip
    assert [one["owner"]["name"] for one in told] == ["绿云物业", "赵*"]
    only = said(house.anybody.get(f"/suggestions?resource_id={resources[1]}"))["suggestions"]
    assert [one["quantity"] for one in only] == [5]
    assert said(house.anybody.get("/suggestions?request_id=req_nothing"))["suggestions"] == []
    row = said(house.anybody.get(f"/resources/{resources[1]}"))
    assert (row["owner"]["name"], row["free"]) == ("赵*", 5)


def test_what_a_barred_unit_or_somebody_who_left_offered_is_not_suggested(house: House) -> None:
    barred, speaking = _unit(house, "绿云物业", "李师傅")
    other, also = _unit(house, "麦香面包房", "何师傅")
    gone = house.member("赵奶奶")
    _listed(speaking, barred)
    _listed(house.caller(gone), gone)
    left = _listed(also, other)
    _need(house, house.member("王阿姨"), 50)
    assert len(said(house.anybody.get("/suggestions"))["suggestions"]) == 3

    said(house.worker.post("/blacklistings", {"party": barred, "reason": "fraud"}))
    said(house.worker.post(f"/members/{gone}/leave"))

    assert [one["resource_id"] for one in said(house.anybody.get("/suggestions"))["suggestions"]] == [left]


def test_a_deal_is_seen_by_its_sides_and_by_who_reads_all(house: House) -> None:
    unit, speaking = _unit(house, "绿云物业", "李师傅")
    wang = house.member("王阿姨")
    resource, need = _listed(speaking, unit), _need(house, wang, 10)
    terms = {"resource_id": resource, "request_id": need, "quantity": 10}
    deal = said(speaking.post("/deals", terms))["ids"]["deal_id"]

    for caller in (speaking, house.caller(wang), house.staff("auditor")):
        assert said(caller.get(f"/deals/{deal}"))["accepted"] == ["owner"]
        assert said(caller.get(f"/why/deal:{deal}:quantity"))["unit"] == "pcs.desk"
    stranger = house.caller(house.member("孙叔叔"))
    assert code_of(stranger.get(f"/deals/{deal}")) == "no_such_deal"
    assert code_of(stranger.get(f"/why/deal:{deal}:quantity")) == "no_such_figure"
    assert code_of(stranger.get("/deals")) == "not_for_your_roles"
    assert [one["deal_id"] for one in said(speaking.get(f"/deals?owner={unit}"))["deals"]] == [deal]


def test_a_record_is_seen_by_its_party_and_by_who_reads_all(house: House) -> None:
    unit, speaking = _unit(house, "绿云物业", "李师傅")
    wang = house.member("王阿姨")
    resource, need = _listed(speaking, unit), _need(house, wang, 10)
    terms = {"resource_id": resource, "request_id": need, "quantity": 10}
    deal = said(speaking.post("/deals", terms))["ids"]["deal_id"]
    said(house.caller(wang).post(f"/deals/{deal}/accept", {"side": "partner"}, key="yes"))
    said(speaking.post(f"/deals/{deal}/fail", {"side": "owner", "reason": "cannot_deliver"}))

    for caller in (speaking, house.staff("auditor"), house.worker):
        record = said(caller.get(f"/parties/{unit}/integrity"))
        assert (record["party"]["name"], record["kept"], record["broken"]) == ("绿云物业", 0, 1)
        assert [one["about"] for one in record["entries"]] == [deal]
        assert said(caller.get(f"/why/integrity:{unit}:broken_weight"))["value"] == 1_000
    stranger = house.caller(wang)
    assert code_of(stranger.get(f"/parties/{unit}/integrity")) == "no_such_subject"
    assert code_of(stranger.get(f"/why/integrity:{unit}:broken")) == "no_such_figure"
    assert code_of(house.worker.get("/parties/unit_nobody/integrity")) == "no_such_subject"
    assert code_of(house.worker.get(f"/why/integrity:{unit}:deal:deal_nothing")) == "no_such_figure"
    assert house.anybody.get(f"/parties/{unit}/integrity").status_code == 401

    failed = said(speaking.get(f"/parties/{unit}/integrity"))["entries"][0]["position"]
    for position, value in ((failed - 1, 0), (failed, 1)):
        assert said(speaking.get(f"/why/integrity:{unit}:broken?position={position}"))["value"] == value

    told = {"party": unit, "promise": "deal", "about": deal, "reason": "beyond_control", "words": {"note": "仓库进水"}}
    contest = said(speaking.post("/contests", told))["ids"]["contest_id"]
    assert said(speaking.get(f"/contests/{contest}"))["words"] == {"note": "仓库进水"}
    assert said(house.staff("auditor").get(f"/contests/{contest}"))["words"] == {"note": "仓库进水"}
    assert code_of(stranger.get(f"/contests/{contest}")) == "no_such_contest"
    assert said(speaking.get(f"/parties/{unit}/integrity"))["broken"] == 0


def test_a_long_record_is_turned_page_by_page(house: House) -> None:
    unit, speaking = _unit(house, "绿云物业", "李师傅")
    until = date.today().replace(year=date.today().year + 1, day=1)
    signed = {"unit": unit, "tier": "street", "from_day": str(date.today()), "until_day": str(until)}
    said(house.worker.post("/agreements", signed))
    for _ in range(3):
        call = said(house.worker.post("/call-outs", {"level": "routine"}))["ids"]["callout_id"]
        said(speaking.post(f"/call-outs/{call}/answers", {"unit": unit}))
    first = said(speaking.get(f"/parties/{unit}/integrity?limit=2"))
    second = said(speaking.get(f"/parties/{unit}/integrity?limit=2&cursor={first['next']}"))
    assert (first["kept"], second["kept"], second["next"]) == (3, 3, None)
    positions = [one["position"] for one in (*first["entries"], *second["entries"])]
    assert positions == sorted(positions, reverse=True)
    assert len(positions) == 3

"""Deletion over HTTP: who may, what others see afterwards, what waits for a second keeper."""

from __future__ import annotations

import pytest

from ledger.parties.commands import RegisterProxy
from ledger.policy.commands import SetPolicy
from tests.api.house import House, code_of, said
from tests.house.stores import LEDGER


def forget(house: House, member: str, *, cause: str = "retention_over") -> None:
    """A keeper forgets somebody."""
    said(house.worker.post(f"/subjects/{member}/erase", {"cause": cause}))


def test_a_member_has_their_own_data_deleted_and_is_signed_out_by_it(house: House) -> None:
    wang = house.caller(house.member("王阿姨"))
    house.bank(wang.actor)

    answer = said(wang.post(f"/subjects/{wang.actor}/erase"))

    assert [one["type"] for one in answer["events"]] == ["party.member_left@1", "party.personal_data_erased@1"]
    assert code_of(wang.get(f"/members/{wang.actor}")) == "bad_token"
    row = said(house.worker.get(f"/members/{wang.actor}"))
    assert (row["name"], row["phone"], row["erased"], row["departed"]) == ("", "", True, True)
    assert (row["earned_minutes"], row["spendable_minutes"]) == (480, 480)


def test_the_wall_the_board_and_lists_name_nobody_who_was_forgotten(house: House) -> None:
    wang = house.member("王阿姨")
    house.bank(wang)
    request = house.wish(wang, "送药", name="王阿姨")
    said(house.worker.post(f"/members/{wang}/publication", {"where": "wall"}))
    house.store.catch_up(LEDGER)
    assert said(house.anybody.get("/rankings?measure=volunteer_minutes"))["rows"][0]["subject"]["name"] == "王阿姨"

    forget(house, wang)

    ranked = said(house.anybody.get("/rankings?measure=volunteer_minutes"))["rows"][0]
    assert "王" not in str(ranked)
    assert ranked["value"] == 480
    assert said(house.anybody.get("/requests?board=true"))["requests"] == []
    gone = said(house.worker.get(f"/requests/{request}"))
    assert (gone["title"], gone["name"], gone["status"]) == ("", "", "withdrawn")
    assert gone["requester"]["erased"] is True
    assert [one["erased"] for one in said(house.worker.get("/members"))["members"]] == [True]


def test_a_proxy_may_and_a_neighbour_and_a_treasurer_may_not(house: House) -> None:
    wang, li = house.member("王阿姨"), house.caller(house.member("李师傅"))
    assert code_of(li.post(f"/subjects/{wang}/erase")) == "not_allowed"
    assert code_of(house.staff("treasurer").post(f"/subjects/{wang}/erase")) == "not_allowed"
    assert code_of(house.anybody.post(f"/subjects/{wang}/erase")) == "token_missing"
    assert code_of(house.worker.post("/subjects/mem_nobody/erase")) == "no_such_subject"

    house.operate(RegisterProxy(principal=wang, proxy=li.actor))

    assert code_of(li.post(f"/subjects/{wang}/erase", {"cause": "deceased"})) == "reason_not_yours_to_state"
    assert said(li.post(f"/subjects/{wang}/erase"))["events"][-1]["type"] == "party.personal_data_erased@1"


def test_where_policy_wants_two_keepers_a_deletion_waits_for_the_second(house: House) -> None:
    wang = house.member("王阿姨")
    house.operate(SetPolicy(name="privacy.erasers", value=2))

    forget(house, wang)

    (waiting,) = said(house.worker.get("/erasures?status=asked"))["erasures"]
    assert (waiting["subject"], waiting["cause"], waiting["asked_by"]) == (wang, "retention_over", house.worker.actor)
    assert said(house.worker.get(f"/members/{wang}"))["name"] == "王阿姨"
    assert code_of(house.worker.post(f"/subjects/{wang}/erase")) == "second_keeper_needed"
    second = house.staff("community_worker")
    said(second.post(f"/subjects/{wang}/erase", {"cause": "retention_over"}))
    (done,) = said(second.get("/erasures"))["erasures"]
    assert (done["status"], done["asked_by"], said(second.get(f"/members/{wang}"))["name"]) == (
        "erased", house.worker.actor, "",
    )  # fmt: skip
    assert code_of(house.staff("treasurer").get("/erasures")) == "not_for_your_roles"


def test_the_journal_says_what_became_of_the_words(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    forget(house, wang)

    events = said(house.staff("auditor").get("/events?limit=1000"))["events"]

    told = {one["fact"]["member_id"]: one["words"] for one in events if one["type"] == "party.member_registered@1"}
    assert told == {wang: "erased", li: "kept"}
    assert {one["words"] for one in events if not one["fact"].get("words")} == {None}


def test_the_contact_of_a_unit_is_forgotten_and_the_unit_goes_on(house: House) -> None:
    body = {"kind": "enterprise", "name": "绿云物业", "words": {"name": "李师傅", "phone": "13900005678"}}
    unit = said(house.worker.post("/units", body))["ids"]["unit_id"]
    assert said(house.worker.get(f"/units/{unit}"))["contact"]["name"] == "李师傅"

    forget(house, unit, cause="own_wish")

    assert said(house.worker.get(f"/units/{unit}"))["contact"] == {"name": "", "phone": "", "address": ""}
    gift = {"unit": unit, "kind": "venue", "quantity": 60}
    said(house.worker.post("/contributions", gift))
    assert code_of(house.worker.post("/contributions", {**gift, "words": {"remark": "李师傅送来的"}})) == "words_erased"


@pytest.mark.parametrize("cause", ["", "because", None])
def test_a_cause_is_one_of_those_the_law_knows(house: House, cause: object) -> None:
    answer = house.worker.post(f"/subjects/{house.member('王阿姨')}/erase", {"cause": cause})
    assert answer.status_code == 422, answer.text

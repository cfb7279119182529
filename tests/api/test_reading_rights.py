"""Who may read what, row by row of the table of reading rights."""

from __future__ import annotations

import pytest

from api.endpoints import READS
from api.reading import READING
from tests.api.house import Caller, House, code_of, said


def test_every_read_has_its_row_and_every_row_its_read() -> None:
    assert sorted(READING) == sorted(read.name for read in READS if read.reads is None)
    assert len({read.name for read in READS}) == len(READS)


def test_the_board_shows_anybody_the_wish_and_nobody_the_person(house: House) -> None:
    wang = house.member("王阿姨")
    house.wish(wang, "送药，电话13812345678", name="王阿姨", phone="13812345678", address="绿云苑3号楼")

    text = house.anybody.get("/requests?board=true").text
    row = said(house.anybody.get("/requests?board=true"))["requests"][0]

    assert row["title"] == "送药，电话138****5678"
    assert (row["name"], row["phone"], row["address"]) == ("", "", "")
    assert row["requester"] == {"id": None, "name": "王*", "number": ""}
    assert "王阿姨" not in text
    assert wang not in text


def test_who_serves_and_who_asked_see_the_contact(house: House) -> None:
    wang = house.member("王阿姨")
    wish = house.wish(wang, "送药", phone="13812345678")

    for caller in (house.worker, house.caller(wang)):
        assert said(caller.get(f"/requests/{wish}"))["phone"] == "13812345678"


def test_who_holds_a_wish_sees_the_contact_until_they_hand_it_back(house: House) -> None:
    wish = house.wish(house.member("王阿姨"), "送药", phone="13812345678")
    li = house.member("李师傅")
    caller = house.caller(li)
    said(caller.post(f"/requests/{wish}/claim", {"claimant": li}))
    assert said(caller.get(f"/requests/{wish}"))["phone"] == "13812345678"

    said(caller.post(f"/requests/{wish}/release", {"claimant": li}))

    assert said(caller.get(f"/requests/{wish}"))["phone"] == ""


def test_a_wish_that_was_never_published_does_not_exist_for_others(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    wish = house.wish(wang, publish=False)

    for caller in (house.anybody, house.caller(li)):
        answer = caller.get(f"/requests/{wish}")
        assert (answer.status_code, code_of(answer)) == (404, "no_such_request")
        assert said(caller.get("/requests"))["requests"] == []
        assert said(caller.get("/requests?status=posted"))["requests"] == []
    assert said(house.caller(wang).get(f"/requests/{wish}"))["status"] == "posted"
    assert len(said(house.caller(wang).get(f"/requests?requester={wang}"))["requests"]) == 1


def test_nobody_lists_what_another_member_asked_for(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    house.wish(wang)

    assert said(house.caller(li).get(f"/requests?requester={wang}"))["requests"] == []


@pytest.mark.parametrize("path", ["", "/statement", "/reservations"])
def test_a_members_affairs_are_their_own(house: House, path: str) -> None:
    wang = house.member("王阿姨")

    assert house.caller(wang).get(f"/members/{wang}{path}").status_code == 200
    assert house.worker.get(f"/members/{wang}{path}").status_code == 200
    assert house.staff("auditor").get(f"/members/{wang}{path}").status_code == 200
    assert house.anybody.get(f"/members/{wang}{path}").status_code == 401


@pytest.mark.parametrize("path", ["", "/statement", "/reservations"])
def test_another_member_is_told_what_somebody_unknown_would_be(house: House, path: str) -> None:
    wang, li = house.member("王阿姨"), house.caller(house.member("李师傅"))

    there, nowhere = li.get(f"/members/{wang}{path}"), li.get(f"/members/mem_nobody{path}")

    assert there.status_code == nowhere.status_code == 404
    assert there.text.replace(wang, "mem_nobody") == nowhere.text


def test_a_proxy_reads_for_their_principal(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    house.bank(wang, 60)
    said(house.worker.post(f"/members/{wang}/proxies", {"proxy": li}))

    assert said(house.caller(li).get(f"/members/{wang}/statement"))["balance"] == 60


def test_the_lists_of_people_are_for_who_serves_them(house: House) -> None:
    caller = house.caller(house.member("李师傅"))

    for path in ("/members", "/balances", "/sessions", "/events", "/call-outs"):
        assert house.anybody.get(path).status_code == 401, path
        assert caller.get(path).status_code == 403, path


def test_the_journal_is_for_auditors_and_administrators(house: House) -> None:
    assert house.staff("community_worker").get("/events").status_code == 403
    assert house.staff("treasurer").get("/events").status_code == 403
    assert house.staff("auditor").get("/events").status_code == 200


def test_a_ranking_names_who_agreed_masks_who_did_not_and_leaves_out_who_asked_for_that(house: House) -> None:
    agreed, silent, hidden = (house.member(name) for name in ("王阿姨", "李师傅", "赵奶奶"))
    for member, minutes in ((agreed, 300), (hidden, 200), (silent, 100)):
        house.bank(member, minutes)
    said(house.worker.post(f"/members/{agreed}/publication", {"where": "wall"}))
    said(house.worker.post(f"/members/{hidden}/publication", {"where": "wall"}))
    left = said(house.worker.post(f"/members/{hidden}/publication/withdraw", {"where": "wall", "hidden": True}))

    path = f"/rankings?measure=volunteer_minutes&min_position={left['position']}"
    rows = said(house.anybody.get(path))["rows"]

    assert [(row["rank"], row["subject"]["name"], row["subject"]["id"]) for row in rows] == [
        (1, "王阿姨", agreed),
        (3, "李*", None),
    ]
    assert [row["subject"]["name"] for row in said(house.worker.get(path))["rows"]] == ["王阿姨", "赵奶奶", "李师傅"]


def test_what_made_a_row_is_open_for_who_agreed_and_for_oneself(house: House) -> None:
    agreed, silent = house.member("王阿姨"), house.member("李师傅")
    for member in (agreed, silent):
        house.bank(member, 60)
    last = said(house.worker.post(f"/members/{agreed}/publication", {"where": "wall"}))["position"]

    def explain(caller: Caller, subject: str) -> int:
        path = f"/rankings/explain?measure=volunteer_minutes&subject={subject}&min_position={last}"
        return int(caller.get(path).status_code)

    assert explain(house.anybody, agreed) == 200
    assert explain(house.anybody, silent) == 404
    assert explain(house.caller(silent), silent) == 200
    assert explain(house.worker, silent) == 200


def test_a_certificate_is_verified_by_anybody_and_shows_a_masked_name(house: House) -> None:
    wang = house.member("王阿姨")
    house.bank(wang, 60)
    made = house.caller(wang).post(f"/members/{wang}/certificates")

    shown = said(house.anybody.http.get(made.headers["location"]))

    assert (shown["name"], shown["minutes"], shown["sessions"]) == ("王*", 60, 1)


def test_donors_are_named_who_agreed_and_who_is_not_anonymous(house: House) -> None:
    donor = said(house.worker.post("/units", {"kind": "enterprise", "name": "绿云物业"}))["ids"]["unit_id"]
    committee = [house.member(f"委员{number}") for number in range(5)]
    body = {
        "slug": "nuanxing", "name": "暖兴", "purpose": "帮助困难家庭", "host_charity": "绿云慈善会",
        "committee": committee, "supervisor": donor, "items": [{"code": "meals", "name": "爱心餐"}],
    }  # fmt: skip
    said(house.worker.post("/funds", body))
    treasurer = house.staff("treasurer")
    for more in ({"named": True}, {"anonymous": True}, {}):
        gift = {"donor": donor, "amount_fen": 50_000, "item": "meals", **more}
        said(treasurer.post("/funds/nuanxing/donations", gift))

    rows = said(house.anybody.get("/funds/nuanxing/donations"))["receipts"]

    assert [row["donor"] and row["donor"]["name"] for row in rows] == [None, None, "绿云物业"]
    account = said(house.anybody.get("/funds/nuanxing"))
    assert (account["received_fen"], account["balance_fen"]) == (150_000, 150_000)
    assert {item["item"]: item["available_fen"] for item in account["items"]} == {"general": 0, "meals": 150_000}
    assert house.anybody.get("/funds/nuanxing/pledges").status_code == 401


def test_a_members_account_is_private_and_a_funds_is_not(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    house.bank(wang, 60)

    assert house.anybody.get("/accounts/hours:pool/statement").status_code == 200
    for caller in (house.anybody, house.caller(li)):
        assert caller.get(f"/accounts/hours:{wang}/statement").status_code == 404
        assert caller.get(f"/accounts/hours:{wang}:held/statement").status_code == 404
    assert said(house.caller(wang).get(f"/accounts/hours:{wang}/statement"))["balance"] == 60
    assert house.caller(li).get(f"/balances?account=hours:{wang}").status_code == 403
    own = said(house.caller(wang).get(f"/balances?account=hours:{wang}"))["balances"]
    assert own == [{"account": f"hours:{wang}", "unit": "minutes", "balance": 60}]

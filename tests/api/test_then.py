"""Answers as of an earlier moment, what lies between two, why a figure is what it is; and who may know."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.funds.commands import OpenFund, ServiceItem
from tests.api.house import YESTERDAY, Caller, House, code_of, said


def head(house: House) -> int:
    """The journal's last position."""
    return int(said(house.anybody.get("/stats"))["position"])


def with_fund(house: House) -> None:
    """A fund with two service items, and money for one of them."""
    committee = tuple(house.member(f"委员{number}") for number in range(5))
    charity = said(house.worker.post("/units", {"kind": "social_organisation", "name": "方兴慈善会"}))["ids"]["unit_id"]
    items = (ServiceItem(code="meals", name="助餐"), ServiceItem(code="repair", name="维修"))
    house.operate(
        OpenFund(
            slug="nuanxing", name="暖兴", purpose="救急", host_charity=charity, committee=committee,
            supervisor=house.member("卫审计"), items=items,
        )
    )  # fmt: skip
    money = house.staff("treasurer")
    for fen in (500_00, 120_50):
        said(money.post("/funds/fund_nuanxing/donations", {"amount_fen": fen, "item": "meals"}))


def entries(caller: Caller, figure: str, more: str = "") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A figure and the entries of all its pages."""
    first = page = said(caller.get(f"/why/{figure}?limit=2{more}"))
    found = list(page["entries"])
    while page["next"]:
        page = said(caller.get(f"/why/{figure}?limit=2&cursor={page['next']}"))
        found += page["entries"]
    return first, found


def test_a_statement_as_of_then_knows_nothing_later(house: House) -> None:
    wang = house.member("王阿姨")
    house.bank(wang, 120)
    then = head(house)
    caller = house.caller(wang)
    before = said(caller.get(f"/members/{wang}/statement"))
    moment = said(house.staff("auditor").get("/balances"))["at"]
    house.bank(wang, 30)

    assert said(caller.get(f"/members/{wang}/statement?position={then}")) == before
    assert said(caller.get(f"/accounts/hours:{wang}/statement?position={then}")) == before
    assert said(caller.get(f"/members/{wang}/statement?at={moment}"))["balance"] in (120, 150)
    assert said(caller.get(f"/members/{wang}/statement"))["balance"] == 150


def test_a_request_as_of_then_has_its_state_and_story_of_then(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    wish = house.wish(wang, "送药")
    then = head(house)
    before = said(house.anybody.get(f"/requests/{wish}"))
    said(house.caller(li).post(f"/requests/{wish}/claim", {"claimant": li}))

    assert said(house.anybody.get(f"/requests/{wish}?position={then}")) == before
    assert said(house.anybody.get(f"/requests/{wish}"))["status"] == "claimed"


def test_what_was_taken_back_stays_hidden_in_the_past_too(house: House) -> None:
    wang = house.member("王阿姨")
    wish = house.wish(wang, "送药")
    then = head(house)
    said(house.caller(wang).post(f"/requests/{wish}/withdraw", {"requester": wang}))

    assert code_of(house.anybody.get(f"/requests/{wish}?position={then}")) == "no_such_request"
    assert said(house.caller(wang).get(f"/requests/{wish}?position={then}"))["status"] == "published"


def test_who_held_a_wish_once_does_not_see_the_contact_by_asking_for_then(house: House) -> None:
    wish = house.wish(house.member("王阿姨"), "送药", phone="13812345678")
    li = house.member("李师傅")
    caller = house.caller(li)
    said(caller.post(f"/requests/{wish}/claim", {"claimant": li}))
    then = head(house)
    assert said(caller.get(f"/requests/{wish}?position={then}"))["phone"] == "13812345678"
    said(caller.post(f"/requests/{wish}/release", {"claimant": li}))

    assert said(caller.get(f"/requests/{wish}?position={then}"))["phone"] == ""
    assert code_of(house.anybody.get(f"/requests/{wish}?position=1")) == "no_such_request"


def test_funds_totals_and_rankings_are_answered_as_of_then(house: House) -> None:
    with_fund(house)
    wang = house.member("王阿姨")
    house.bank(wang, 60)
    then = head(house)
    asked = ("/funds/nuanxing", "/stats", f"/rankings?measure=volunteer_minutes&min_position={then}")
    before = [said(house.worker.get(path)) for path in asked]
    house.bank(wang, 90)
    said(house.staff("treasurer").post("/funds/fund_nuanxing/donations", {"amount_fen": 1_00}))
    last = head(house)

    assert said(house.worker.get(f"/funds/nuanxing?position={then}")) == before[0]
    assert said(house.worker.get(f"/stats?position={then}")) == before[1]
    path = f"/rankings?measure=volunteer_minutes&position={then}"
    assert said(house.worker.get(path))["rows"] == before[2]["rows"]
    explained = f"/rankings/explain?measure=volunteer_minutes&subject={wang}"
    assert said(house.worker.get(f"{explained}&position={then}"))["value"] == 60
    assert said(house.worker.get(f"{explained}&min_position={last}"))["value"] == 150
    assert code_of(house.worker.get("/funds/nuanxing?position=1")) == "no_such_fund"


@pytest.mark.parametrize("path", ["/stats", "/why/stats.members", "/balances"])
def test_a_position_and_a_moment_together_are_refused(house: House, path: str) -> None:
    answer = house.worker.get(f"{path}?position=1&at=2026-01-01T00:00:00Z")
    assert code_of(answer) == "position_or_time"
    assert code_of(house.worker.get(f"{path}?position=99999")) == "no_such_position"


def test_every_entry_of_a_public_figure_is_shown_to_anybody_and_adds_up(house: House) -> None:
    with_fund(house)
    wang = house.member("王阿姨")
    house.bank(wang, 60)
    for figure in ("stats.members", "stats.minutes.earned", "fund:nuanxing:meals:received", "fund:nuanxing:balance"):
        told, found = entries(house.anybody, figure)
        assert told["value"] == sum(one["amount"] for one in found), figure
        assert found, figure
    told, found = entries(house.anybody, "fund:nuanxing:meals:received")
    assert [one["amount"] for one in found] == [500_00, 120_50]
    assert {(one["type"], one["opens"]) for one in found} == {("fund.donation_received@1", True)}
    assert wang not in house.anybody.get("/why/stats.minutes.earned").text


def test_a_strangers_question_about_another_members_figures_is_answered_like_one_about_nobody(house: House) -> None:
    wang, li = house.member("王阿姨"), house.caller(house.member("李师傅"))
    house.bank(wang, 60)
    last = head(house)
    figures = [
        f"balance:hours:{wang}:minutes", f"balance:hours:{wang}:held:minutes", f"member:{wang}:usable",
        f"member:{wang}:lifetime", f"member:{wang}:stars", f"member:{wang}:waiting",
        f"ranking:volunteer_minutes:all:{wang}", f"records:volunteer_minutes:all:{wang}",
        f"rank:volunteer_minutes:all:{wang}",
    ]  # fmt: skip
    for caller in (house.anybody, li):
        for figure in figures:
            for more in ("", f"?position={last}"):
                there = caller.get(f"/why/{figure}{more}")
                nowhere = caller.get(f"/why/{figure.replace(wang, 'mem_nobody')}{more}")
                assert (there.status_code, code_of(there)) == (404, "no_such_figure")
                assert there.text.replace(wang, "mem_nobody") == nowhere.text
    for figure in figures:
        if ":held:" in figure:  # nothing was ever held: there is no such account yet, for them neither
            continue
        assert said(house.caller(wang).get(f"/why/{figure}"))["value"] in (0, 1, 60), figure
        assert house.staff("auditor").get(f"/why/{figure}").status_code == 200


def test_what_belongs_to_one_person_opens_to_them_and_to_who_serves_them(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    wish = house.wish(wang, "送药", publish=False)
    record = said(house.worker.post("/sessions", {"volunteer": wang, "minutes": 30, "day": str(YESTERDAY)}))
    session = record["ids"]["session_id"]
    for figure in (f"request:{wish}:reopened", f"session:{session}:minutes"):
        assert house.caller(wang).get(f"/why/{figure}").status_code == 200, figure
        assert house.worker.get(f"/why/{figure}").status_code == 200, figure
        assert code_of(house.caller(li).get(f"/why/{figure}")) == "no_such_figure", figure
        assert code_of(house.anybody.get(f"/why/{figure}")) == "no_such_figure", figure


def test_a_rank_does_not_name_those_above_who_did_not_agree(house: House) -> None:
    agreed, silent = house.member("王阿姨"), house.member("李师傅")
    house.bank(silent, 90)
    house.bank(agreed, 60)
    said(house.worker.post(f"/members/{agreed}/publication", {"where": "wall"}))

    answer = house.anybody.get(f"/why/rank:volunteer_minutes:all:{agreed}")

    assert said(answer)["value"] == 2
    assert [one["figure"] for one in said(answer)["entries"]] == [None, f"ranking:volunteer_minutes:all:{agreed}"]
    assert silent not in answer.text


def test_an_event_opens_whole_to_auditors_to_whom_it_concerns_and_in_outline_to_others(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    house.bank(wang, 60)
    position = head(house)
    auditor = said(house.staff("auditor").get(f"/events/{position}"))
    own = said(house.caller(wang).get(f"/events/{position}"))
    outline = said(house.caller(li).get(f"/events/{position}"))

    assert (auditor["sight"], auditor["fact"]["volunteer"], auditor["role"]) == ("whole", wang, "community_worker")
    assert {one["figure"]: one["amount"] for one in auditor["moved"]} == {
        "stats.minutes.earned": 60,
        f"balance:hours:{wang}:minutes": 60,
    }
    assert (own["sight"], own["fact"]["volunteer"], own["tags"]) == ("own", wang, [])
    assert (outline["sight"], outline["fact"], outline["by"], outline["recorded_at"]) == ("outline", None, None, None)
    assert [one["figure"] for one in outline["moved"]] == ["stats.minutes.earned"]
    assert outline == said(house.anybody.get(f"/events/{position}"))
    assert wang not in str(outline)


def test_a_gift_between_two_members_is_nobody_elses_business(house: House) -> None:
    wang, li, zhao = (house.member(name) for name in ("王阿姨", "李师傅", "赵奶奶"))
    house.bank(wang, 60)
    said(house.caller(wang).post("/transfers", {"giver": wang, "receiver": li, "minutes": 10}))
    position = head(house)
    given = said(house.caller(li).get(f"/events/{position}"))

    assert (given["fact"]["receiver"], given["fact"]["giver"]) == (li, None)
    assert [one["figure"] for one in given["moved"]] == [f"balance:hours:{li}:minutes"]
    for caller in (house.caller(zhao), house.anybody):
        there, nowhere = caller.get(f"/events/{position}"), caller.get("/events/99999")
        assert there.status_code == nowhere.status_code == 404
        assert there.text.replace(str(position), "99999") == nowhere.text


def test_the_story_of_a_request_leads_from_one_event_to_the_others(house: House) -> None:
    wang = house.member("王阿姨")
    wish = house.wish(wang)
    position = head(house)

    opened = said(house.caller(wang).get(f"/events/{position}"))

    assert (opened["type"], opened["fact"]["request_id"]) == ("request.published@1", wish)
    assert [one["type"] for one in opened["related"]] == ["request.posted@1"]


def test_what_lies_between_two_moments(house: House) -> None:
    with_fund(house)
    wang = house.member("王阿姨")
    first = head(house)
    house.bank(wang, 60)
    wish = house.wish(wang)
    said(house.staff("treasurer").post("/funds/fund_nuanxing/donations", {"amount_fen": 1_00, "item": "meals"}))
    last = head(house)
    span = f"from={first}&to={last}"

    found = said(house.anybody.get(f"/diff?{span}"))
    assert (found["from"]["position"], found["to"]["position"], found["events"]) == (first, last, last - first)
    assert {one["type"]: one["events"] for one in found["types"]}["hours.session_verified@1"] == 1
    assert found["after"]["minutes"]["earned"] - found["before"]["minutes"]["earned"] == 60
    assert {one["figure"]: one["after"] - one["before"] for one in found["funds"]} == {
        "fund:nuanxing:meals:received": 1_00,
        "fund:nuanxing:meals:available": 1_00,
    }
    auditor = house.staff("auditor")
    accounts, cursor = [], ""
    while True:
        page = said(auditor.get(f"/diff/accounts?{span}&limit=1{cursor}"))
        accounts += page["accounts"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert {one["account"]: one["change"] for one in accounts}[f"hours:{wang}"] == 60
    assert all(said(auditor.get(f"/why/{one['figure']}"))["value"] == one["after"] for one in accounts)
    requests = said(auditor.get(f"/diff/requests?{span}"))["requests"]
    assert [(one["request_id"], one["before"], one["after"]) for one in requests] == [(wish, None, "published")]
    moves = said(house.anybody.get(f"/diff/ranking?{span}&measure=volunteer_minutes"))["moves"]
    assert [(one["subject"]["name"], one["rank_before"], one["rank_after"]) for one in moves] == [("王*", None, 1)]
    assert wang not in str(moves)


def test_accounts_and_requests_of_a_difference_are_for_offices(house: House) -> None:
    caller = house.caller(house.member("李师傅"))
    for path in ("/diff/accounts?from=0&to=1", "/diff/requests?from=0&to=1"):
        assert house.anybody.get(path).status_code == 401
        assert caller.get(path).status_code == 403


@pytest.mark.parametrize(
    ("query", "code"),
    [("from=5&to=1", "moments_reversed"), ("from=yesterday&to=1", "bad_moment"), ("from=1&to=99999", "no_such_position"),
     ("from=1", "field_missing"), ("from=2026-13-01&to=1", "bad_moment")],
)  # fmt: skip
def test_moments_that_are_none_are_refused(house: House, query: str, code: str) -> None:
    for number in range(5):
        house.member(f"王阿姨{number}")
    assert code_of(house.anybody.get(f"/diff?{query}")) == code


def test_a_day_is_meant_to_its_end(house: House) -> None:
    house.member("王阿姨")
    assert said(house.anybody.get("/diff?from=2020-01-01&to=2099-12-31"))["events"] == head(house)
